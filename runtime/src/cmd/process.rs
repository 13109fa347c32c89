//! The process: `exit`, `pwd`, `cd`, `pid`.

use tclring_vm::cmd::options::integer;
use tclring_vm::interp::{Args, CommandRow, Machine, Outcome, Step};
use tclring_vm::value::Value;

use super::support::{file_name, host_exception};
use crate::host::fs;
use crate::host::path::Homes;
use crate::host::user::{SystemHomes, process_number};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "exit",
        usage: "?returnCode?",
        min: 0,
        max: 1,
        safe: false,
        help: "Ends the process.",
        run: exit,
    },
    CommandRow {
        name: "pwd",
        usage: "",
        min: 0,
        max: 0,
        safe: false,
        help: "Answers the working directory.",
        run: pwd,
    },
    CommandRow {
        name: "cd",
        usage: "?dirName?",
        min: 0,
        max: 1,
        safe: false,
        help: "Changes the working directory.",
        run: cd,
    },
];

fn exit(machine: &mut Machine, args: Args) -> Outcome {
    let status = match args.get(1) {
        Some(word) => integer(word, machine.mode())?,
        None => 0,
    };
    // The system takes the low bits.
    Ok(Step::Exit(status as i32))
}

fn pwd(_machine: &mut Machine, _args: Args) -> Outcome {
    let path = fs::current_directory().map_err(host_exception)?;
    Ok(Step::Done(Value::text_value(path)))
}

fn cd(machine: &mut Machine, args: Args) -> Outcome {
    let path = match args.get(1) {
        Some(word) => word.clone(),
        None => Value::text_value(SystemHomes.home(None).map_err(host_exception)?),
    };
    let name = file_name(machine, &path)?;
    fs::change_directory(&name).map_err(host_exception)?;
    Ok(Step::EMPTY)
}

/// The number of this process, for `pid`.
pub fn own_number() -> Value {
    Value::int(i64::from(process_number()))
}
