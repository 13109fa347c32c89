//! The script library that comes with the program, and reading parts of it when they are needed.

use std::rc::Rc;

use tclring_compiler::Mode;
use tclring_compiler::source::Span;
use tclring_compiler::syntax::command::{Word, WordBody, parse_script};
use tclring_vm::cmd::proc::make_proc;
use tclring_vm::interp::command::CommandKind;
use tclring_vm::interp::{Args, At, CommandRow, InterpId, Machine, Outcome, Step, What};
use tclring_vm::value::Value;

use super::package;

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

/// What every interpreter has from the start.
const START: &str = include_str!("../../library/init.tcl");

/// A part of the library: its text and the commands that it defines, as they are called by whoever needs them.
struct Part {
    text: &'static str,
    commands: &'static [&'static str],
}

const PARTS: &[Part] = &[
    Part {
        text: include_str!("../../library/auto.tcl"),
        commands: &[
            "::auto_mkindex_parser::childhook",
            "::auto_mkindex_parser::command",
            "::auto_mkindex_parser::commandInit",
            "::auto_mkindex_parser::fullname",
            "::auto_mkindex_parser::hook",
            "::auto_mkindex_parser::indexEntry",
            "::auto_mkindex_parser::mkindex",
            "auto_mkindex",
            "auto_mkindex_old",
            "auto_reset",
            "tcl_findLibrary",
        ],
    },
    Part {
        text: include_str!("../../library/files.tcl"),
        commands: &["foreachLine", "readFile", "writeFile"],
    },
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
    let Some(part) =
        PARTS.iter().find(|part| part.commands.iter().any(|command| command.as_bytes() == &*name))
    else {
        return Ok(Step::Done(Value::bool(false)));
    };
    Ok(Step::run(What::Sourced(Value::from(part.text)), At::Global, |_, outcome| {
        outcome?;
        Ok(Step::Done(Value::bool(true)))
    }))
}

/// Defines the start of the library in an interpreter.
pub fn start(machine: &mut Machine, interp: InterpId) {
    define(machine, interp, START);
}

/// Defines a part of the library in an interpreter. Nothing runs: the text only has procedures, namespaces and
/// the handler of unknown packages, all of them in literal words.
///
/// # Panics
/// When the text has anything else, which a test would have shown.
pub fn define(machine: &mut Machine, interp: InterpId, text: &str) {
    let global = machine.interp(interp).global;
    let text = text.as_bytes();
    let script = parse_script(text, Span::new(0, text.len()), Mode::Tcl90, 0);
    for command in &script.commands {
        let words: Vec<Value> = command.words.iter().filter_map(literal).collect();
        match words.as_slice() {
            [_, name, params, body] if *words[0].text() == *b"proc" => {
                let procedure = make_proc(params, body).expect("the library's parameters are well-formed");
                let place =
                    machine.place_for(&name.text(), global).expect("the library makes its namespaces first");
                machine.create_command(place.0, place.1, CommandKind::Proc(Rc::new(procedure)));
            }
            [_, _, name, _] if *words[0].text() == *b"namespace" => {
                machine.make_namespace(&name.text(), global);
            }
            [_, _, handler] => package::set_unknown(machine, interp, handler.clone()),
            _ => unreachable!("the library's parts that are only defined have no other commands"),
        }
    }
}

/// Defines what Tcl 8.6 has and 9.0 has no more.
pub fn add_old(machine: &mut Machine, interp: InterpId) {
    define(machine, interp, include_str!("../../library/old.tcl"));
    let global = machine.interp(interp).global;
    if let Some(id) = machine.find_command(b"string", global)
        && let CommandKind::Ensemble(ensemble) = &machine.command(id).kind
    {
        ensemble.borrow_mut().unknown = Value::from("::tcl::OldSubcommand");
    }
}

/// The directory of the library's files, as an interpreter's `tcl_library` says.
pub fn directory(machine: &mut Machine, interp: InterpId) -> Vec<u8> {
    let global = machine.interp(interp).global;
    let cell = machine.namespace_cell(global, &Value::from("tcl_library"), false);
    cell.map(|cell| cell.get())
        .filter(|value| !value.is_unset())
        .map(|value| value.to_text())
        .unwrap_or_default()
}

/// The text of a word without substitutions.
fn literal(word: &Word) -> Option<Value> {
    match &word.body {
        WordBody::Literal { text, .. } => Some(Value::cacheable(text.clone())),
        WordBody::Parts(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_defines_procedures() {
        let mut machine = Machine::new();
        let main = machine.main;
        package::set_up(&mut machine, main);
        start(&mut machine, main);
        let global = machine.global();
        for name in ["auto_load", "::tcl::Pkg::source", "auto_execok"] {
            assert!(machine.find_command(name.as_bytes(), global).is_some(), "{name}");
        }
    }
}
