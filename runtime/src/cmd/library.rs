//! The script library that comes with the program, and reading parts of it when they are needed.

use tclring_vm::interp::{Args, At, CommandRow, InterpId, Machine, Outcome, RunEnd, Step, What};
use tclring_vm::value::Value;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "tcl::unsupported::library",
        usage: "command",
        min: 1,
        max: 1,
        safe: true,
        help: "Reads the part of the script library that defines a command; 0 if there is none.",
        run: library,
    },
    CommandRow {
        name: "tcl::unsupported::issafe",
        usage: "",
        min: 0,
        max: 0,
        safe: true,
        help: "Tests whether the running interpreter is safe, whatever became of `interp`.",
        run: |machine, _| {
            let interp = machine.current();
            Ok(Step::Done(Value::bool(machine.interp(interp).safe)))
        },
    },
];

/// What every interpreter runs at the start.
const START: &str = include_str!("../../library/init.tcl");

/// A part of the library: its text and the commands that it defines, as they are called by whoever needs them.
struct Part {
    text: &'static str,
    commands: &'static [&'static str],
}

const PARTS: &[Part] = &[
    Part {
        text: include_str!("../../library/auto.tcl"),
        commands: &["auto_mkindex", "auto_mkindex_old", "auto_reset", "tcl_findLibrary"],
    },
    Part { text: include_str!("../../library/files.tcl"), commands: &["foreachLine", "readFile", "writeFile"] },
    Part { text: include_str!("../../library/history.tcl"), commands: &["::tcl::history", "history"] },
    Part {
        text: include_str!("../../library/package.tcl"),
        commands: &["::pkg::create", "::tcl::Pkg::Create", "pkg_mkIndex", "tclPkgSetup", "tclPkgUnknown"],
    },
    Part { text: include_str!("../../library/parray.tcl"), commands: &["parray"] },
    Part {
        text: include_str!("../../library/tm.tcl"),
        commands: &[
            "::tcl::tm::Defaults",
            "::tcl::tm::UnknownHandler",
            "::tcl::tm::add",
            "::tcl::tm::list",
            "::tcl::tm::path",
            "::tcl::tm::remove",
            "::tcl::tm::roots",
        ],
    },
    Part {
        text: include_str!("../../library/word.tcl"),
        commands: &[
            "::tcl::UpdateWordBreakREs",
            "tcl_endOfWord",
            "tcl_startOfNextWord",
            "tcl_startOfPreviousWord",
            "tcl_wordBreakAfter",
            "tcl_wordBreakBefore",
        ],
    },
];

fn library(_machine: &mut Machine, args: Args) -> Outcome {
    let name = args[1].text();
    let Some(part) = PARTS.iter().find(|part| part.commands.iter().any(|command| command.as_bytes() == &*name)) else {
        return Ok(Step::Done(Value::bool(false)));
    };
    Ok(Step::run(What::Sourced(Value::from(part.text)), At::Global, |_, outcome| {
        outcome?;
        Ok(Step::Done(Value::bool(true)))
    }))
}

/// Runs the start of the library in an interpreter.
///
/// # Panics
/// If that fails, which no script can bring about: nothing else has run.
pub fn start(machine: &mut Machine, interp: InterpId) {
    let run = tclring_vm::interp::Run {
        what: What::Sourced(Value::from(START)),
        at: At::Interp(interp),
        then: tclring_vm::interp::Then::Pass,
    };
    match machine.run_behind_barrier(run) {
        RunEnd::Done(Ok(_)) => {}
        RunEnd::Done(Err(exception)) => panic!("the library starts: {}", exception.result.to_display()),
        _ => panic!("the library's start neither waits nor ends the process"),
    }
}
