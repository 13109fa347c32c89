//! The shell: reads its arguments, runs a script or a session, and ends with its status.

mod arguments;
mod editor;
mod listing;
mod session;

use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use tclring_compiler::Mode;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::pending;
use tclring_vm::interp::step::{At, Run, Then, What};
use tclring_vm::value::{Value, forget};

use crate::cmd::package;
use crate::cmd::source::source_first_file;
use crate::event::pump::drive;
use crate::event::reactor::reactor;
use crate::host::native::from_native;
use crate::host::{env, terminal};
use crate::world::{End, World};
use arguments::{Command, Script, Strain, parse_mode};

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    crate::host::sys::keep_memory();
    let mut args = std::env::args_os().map(|arg| from_native(&arg.into_vec()));
    let program = args.next().unwrap_or_default();
    match Command::parse(args).and_then(|command| start(&program, command)) {
        Ok(status) => status,
        Err(message) => complain(&message),
    }
}

/// Makes a world as the arguments say and runs what they name.
fn start(program: &[u8], mut command: Command) -> Result<ExitCode, String> {
    let setting = |name: &[u8]| env::get(name).map(|value| String::from_utf8_lossy(&value).into_owned());
    let driver = command.driver.take().or_else(|| setting(b"TCLRING_IO"));
    let mut world = World::new(driver.as_deref()).map_err(|error| error.to_string())?;
    let mode = match (command.mode, setting(b"TCLRING_COMPAT")) {
        (Some(mode), _) => Some(mode),
        (None, Some(version)) => Some(parse_mode(version.as_bytes())?),
        (None, None) if program.ends_with(b"tclsh8.6") => Some(Mode::Tcl86),
        (None, None) => None,
    };
    let main = world.machine.main;
    if let Some(mode) = mode {
        package::select_mode(&mut world.machine, main, mode);
    }
    if command.strict_version {
        package::keep_mode(&mut world.machine, main);
    }
    strain(&mut world, &command.strain)?;
    Ok(match std::mem::take(&mut command.script) {
        Script::Print(text) => {
            world.print(text.as_bytes());
            ExitCode::SUCCESS
        }
        Script::Listing(path) => listing::print(&mut world, path.as_deref())?,
        script => run(&mut world, script, program, &command),
    })
}

/// Makes the machine go odd ways.
fn strain(world: &mut World, strain: &Strain) -> Result<(), String> {
    world.machine.lowering = !strain.no_lowering;
    world.machine.peephole = !strain.no_peephole;
    if let Some(seed) = strain.drop_caches
        && !forget::begin(seed)
    {
        return Err("this program was built without the feature \"strain\"".to_owned());
    }
    if strain.fuel_slice.is_some() {
        world.machine.fuel = strain.fuel_slice;
        reactor(&mut world.machine).fuel_slice = strain.fuel_slice;
    }
    if strain.fuel_slice.is_some() || strain.drop_caches.is_some() {
        // Every call and every backward jump is looked at.
        world.machine.set_pending(pending::COUNT);
    }
    Ok(())
}

/// Runs a script, or a session without one, and then `exit`, which scripts may have replaced.
fn run(world: &mut World, script: Script, program: &[u8], command: &Command) -> ExitCode {
    let is_session = script == Script::StandardInput;
    let zero = match &script {
        Script::File(path) => path,
        _ => program,
    };
    let interactive = is_session && terminal::is_terminal(rustix::stdio::stdin());
    let rest: Vec<Value> = command.rest.iter().map(|arg| Value::text_of(arg)).collect();
    world.set_global("argc", Value::int(rest.len() as i64));
    world.set_global("argv", Value::list(rest));
    world.set_global("argv0", Value::text_of(zero));
    world.set_global("tcl_interactive", Value::int(i64::from(interactive)));
    if is_session {
        session::link_interactive(world);
    }
    let end = match script {
        Script::File(path) => {
            let encoding =
                command.encoding.as_ref().map_or(Value::from("utf-8"), |name| Value::text_of(name));
            let path = Value::text_value(path);
            finish(world, session::first(move |machine| source_first_file(machine, &path, &encoding)))
        }
        Script::Text(text) => finish(world, global(What::Sourced(Value::text_value(text)))),
        _ => {
            source_personal_file(world);
            match session::run(world, interactive) {
                Some(status) => End::Exit(status),
                None => End::Done(Ok(Value::EMPTY)),
            }
        }
    };
    let status = match end {
        End::Done(Ok(_)) => leave(world, 0),
        End::Done(Err(error)) => {
            report(world, error);
            leave(world, 1)
        }
        End::Exit(status) => status,
    };
    world.flush_all();
    // The system takes the low eight bits.
    ExitCode::from(status as u8)
}

fn finish(world: &mut World, run: Run) -> End {
    let end = world.machine.run_behind_barrier(run);
    drive(&mut world.machine, end)
}

fn global(what: What) -> Run {
    Run { what, at: At::Global, then: Then::Pass }
}

/// Ends as the script's `exit` does, and with `status` if that comes back.
fn leave(world: &mut World, status: i32) -> i32 {
    match finish(world, global(What::Words(vec![Value::from("exit"), Value::int(i64::from(status))]))) {
        End::Exit(status) => status,
        End::Done(_) => status,
    }
}

/// Runs the file that `tcl_rcFileName` names, if there is one.
fn source_personal_file(world: &mut World) {
    let script = "if {[info exists tcl_rcFileName] && [file readable [file tildeexpand $tcl_rcFileName]]} {
        source [file tildeexpand $tcl_rcFileName]
    }";
    if let End::Done(Err(error)) = finish(world, global(What::Script(Value::from(script)))) {
        let message = [error.result.to_text().as_slice(), b"\n"].concat();
        world.report(&message);
    }
}

/// Writes an exception that ends the program to the standard error.
fn report(world: &mut World, mut error: Exception) {
    world.machine.publish_error(&mut error);
    let trace = [error.trace().as_slice(), b"\n"].concat();
    world.report(&trace);
}

fn complain(message: &str) -> ExitCode {
    use std::io::Write;
    // Without a standard error channel there is nowhere to complain.
    let _ = writeln!(std::io::stderr(), "tclring: {message}");
    ExitCode::from(1)
}
