//! The shell: what a script finds when it starts, and how the process ends.

use std::io::{Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{At, Machine, Run, RunEnd, Then, What};
use tclring_vm::value::Value;

use crate::cmd;
use crate::cmd::support::set_global;
use crate::host::native::from_native;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let args: Vec<Vec<u8>> = std::env::args_os().map(|arg| from_native(&arg.into_vec())).collect();
    let mut machine = Machine::new();
    let main = machine.main;
    machine.wall_clock = Some(crate::host::clock::real_us);
    cmd::register(&mut machine, main);
    let script = args.get(1).map(|path| Value::text_of(path));
    let rest: Vec<Value> = args.iter().skip(2).map(|arg| Value::text_of(arg)).collect();
    let zero = script.clone().unwrap_or_else(|| Value::text_of(args.first().map_or(b"tclring", Vec::as_slice)));
    set_global(&mut machine, main, "argc", Value::int(rest.len() as i64));
    set_global(&mut machine, main, "argv", Value::list(rest));
    set_global(&mut machine, main, "argv0", zero);
    set_global(&mut machine, main, "tcl_interactive", Value::int(0));
    let end = match script {
        Some(path) => {
            let words = vec![Value::from("source"), path];
            machine.run_behind_barrier(Run { what: What::Words(words), at: At::Global, then: Then::Pass })
        }
        None => {
            let mut text = Vec::new();
            // A standard input that cannot be read is as good as an empty one.
            let _ = std::io::stdin().read_to_end(&mut text);
            machine.run_script(Value::text_value(text), true)
        }
    };
    finish(end)
}

fn finish(end: RunEnd) -> ExitCode {
    match end {
        RunEnd::Done(Ok(_)) => ExitCode::SUCCESS,
        RunEnd::Done(Err(error)) => {
            report(error);
            ExitCode::from(1)
        }
        RunEnd::Exit(status) => ExitCode::from(status as u8),
        RunEnd::OutOfFuel | RunEnd::Blocked(_) => ExitCode::from(1),
    }
}

fn report(mut error: Exception) {
    let text = [error.trace().as_slice(), b"\n"].concat();
    // Without a standard error channel there is nowhere to complain.
    let _ = std::io::stderr().write_all(&text);
}
