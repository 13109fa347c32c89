//! The shell: reads a script file, runs it and ends with its status.

use std::io::{Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::process::ExitCode;

use tclring_vm::interp::{Machine, RunEnd};
use tclring_vm::value::Value;

use crate::cmd;
use crate::host::native::from_native;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let args: Vec<Vec<u8>> = std::env::args_os().map(|arg| from_native(&arg.into_vec())).collect();
    let mut machine = Machine::new();
    let main = machine.main;
    machine.wall_clock = Some(crate::host::clock::real_us);
    cmd::register(&mut machine, main);
    let script = args.get(1).cloned();
    let rest: Vec<Value> = args.iter().skip(2).map(|arg| Value::text_of(arg)).collect();
    let zero = script.clone().or_else(|| args.first().cloned()).unwrap_or_default();
    set_global(&mut machine, "argc", Value::int(rest.len() as i64));
    set_global(&mut machine, "argv", Value::list(rest));
    set_global(&mut machine, "argv0", Value::text_value(zero));
    let mut text = Vec::new();
    let read = match &script {
        Some(path) => std::fs::File::open(std::ffi::OsStr::from_bytes(path)).and_then(|mut f| f.read_to_end(&mut text)),
        None => std::io::stdin().read_to_end(&mut text),
    };
    if let Err(error) = read {
        report(format!("couldn't read file: {error}").as_bytes());
        return ExitCode::from(1);
    }
    match machine.run_script(Value::text_value(text), true) {
        RunEnd::Done(Ok(_)) => ExitCode::SUCCESS,
        RunEnd::Done(Err(mut error)) => {
            report(error.trace());
            ExitCode::from(1)
        }
        RunEnd::Exit(status) => ExitCode::from(status as u8),
        RunEnd::OutOfFuel | RunEnd::Blocked(_) => ExitCode::from(1),
    }
}

fn report(text: &[u8]) {
    // Without a standard error channel there is nowhere to complain.
    let _ = std::io::stderr().write_all(&[text, b"\n"].concat());
}

fn set_global(machine: &mut Machine, name: &str, value: Value) {
    let global = machine.global();
    if let Some(cell) = machine.namespace_cell(global, &Value::from(name), true) {
        cell.set(value);
    }
}
