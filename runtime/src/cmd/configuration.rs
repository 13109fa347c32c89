//! `tcl::pkgconfig`: how the language was configured.

use tclring_vm::error;
use tclring_vm::interp::{Args, CommandRow, Machine, Outcome, Step};
use tclring_vm::value::Value;

use super::support::index_of;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "tcl::pkgconfig",
    usage: "subcommand ?arg?",
    min: 1,
    max: 2,
    safe: true,
    help: "Tells how the language was configured.",
    run: configuration,
}];

/// The settings, in the reference's order. The directories are those of an installation below `/usr`.
const SETTINGS: &[(&str, &str)] = &[
    ("debug", "0"),
    ("threaded", "1"),
    ("profiled", "0"),
    ("64bit", if cfg!(target_pointer_width = "64") { "1" } else { "0" }),
    ("optimized", "1"),
    ("mem_debug", "0"),
    ("compile_debug", "0"),
    ("compile_stats", "0"),
    ("libdir,runtime", "/usr/lib"),
    ("bindir,runtime", "/usr/bin"),
    ("scriptdir,runtime", "/usr/lib/tcl9.0"),
    ("includedir,runtime", "/usr/include"),
    ("docdir,runtime", "/usr/share/man"),
    ("libdir,install", "/usr/lib"),
    ("bindir,install", "/usr/bin"),
    ("scriptdir,install", "/usr/lib/tcl9.0"),
    ("includedir,install", "/usr/include"),
    ("docdir,install", "/usr/share/man"),
];

fn configuration(machine: &mut Machine, args: Args) -> Outcome {
    match index_of(&args[1], &["get", "list"], "subcommand", false)? {
        0 => {
            let Some(key) = args.get(2) else { return Err(machine.wrong_args(&args, 2, "key")) };
            let found = SETTINGS.iter().find(|(name, _)| name.as_bytes() == &*key.text());
            found
                .map(|(_, value)| Step::Done(Value::from(*value)))
                .ok_or_else(|| error!("key not known"; "TCL", "LOOKUP", "CONFIG", key.text()))
        }
        _ if args.len() > 2 => Err(machine.wrong_args(&args, 2, "")),
        _ => Ok(Step::Done(Value::list(SETTINGS.iter().map(|(name, _)| Value::from(*name)).collect()))),
    }
}
