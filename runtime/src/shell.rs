//! The shell: reads a script and runs it, and ends with its status.

use std::io::Read;
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use tclring_vm::value::Value;

use crate::host::native::from_native;
use crate::world::{End, World};

const HELP: &str = "usage: tclring ?options? ?script? ?args?
  -c SCRIPT        run SCRIPT, not a file
  --io DRIVER      use uring or epoll (also by TCLRING_IO)
  --version        show the version
  --help           show this

Without a script the standard input is run.
";

/// What the arguments ask for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Command {
    driver: Option<String>,
    script: Script,
    rest: Vec<Vec<u8>>,
}

/// Where the script is.
#[derive(Debug, Default, PartialEq, Eq)]
enum Script {
    #[default]
    StandardInput,
    Text(Vec<u8>),
    File(Vec<u8>),
    /// There is none: this is to be printed.
    Print(String),
}

impl Command {
    /// Reads the arguments, the program's name left out.
    fn parse(args: impl IntoIterator<Item = Vec<u8>>) -> Result<Command, String> {
        let mut command = Command::default();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            let mut value = |what: &str| args.next().ok_or_else(|| format!("no {what} given"));
            match arg.as_slice() {
                b"-c" => {
                    command.script = Script::Text(value("script")?);
                    break;
                }
                b"--io" => command.driver = Some(String::from_utf8_lossy(&value("driver")?).into_owned()),
                b"--version" => {
                    let text = format!("tclring {} (Tcl 9.0.4)\n", env!("CARGO_PKG_VERSION"));
                    command.script = Script::Print(text);
                    break;
                }
                b"--help" => {
                    command.script = Script::Print(HELP.to_owned());
                    break;
                }
                b"--" => {
                    if let Some(path) = args.next() {
                        command.script = Script::File(path);
                    }
                    break;
                }
                option if option.starts_with(b"--") => {
                    return Err(format!("unknown option {}", String::from_utf8_lossy(option)));
                }
                b"-" => break,
                _ => {
                    command.script = Script::File(arg);
                    break;
                }
            }
        }
        command.rest = args.collect();
        Ok(command)
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let mut args = std::env::args_os().map(|arg| from_native(&arg.into_vec()));
    let program = args.next().unwrap_or_default();
    let command = match Command::parse(args) {
        Ok(command) => command,
        Err(message) => return complain(&message),
    };
    let driver = command.driver.clone().or_else(|| {
        crate::host::env::get(b"TCLRING_IO").map(|name| String::from_utf8_lossy(&name).into_owned())
    });
    let mut world = match World::new(driver.as_deref()) {
        Ok(world) => world,
        Err(error) => return complain(&error.to_string()),
    };
    if let Script::Print(text) = &command.script {
        world.print(text.as_bytes());
        return ExitCode::SUCCESS;
    }
    let zero = match &command.script {
        Script::File(path) => path.clone(),
        _ => program,
    };
    let rest: Vec<Value> = command.rest.iter().map(|arg| Value::text_of(arg)).collect();
    world.set_global("argc", Value::int(rest.len() as i64));
    world.set_global("argv", Value::list(rest));
    world.set_global("argv0", Value::text_value(zero));
    world.set_global("tcl_interactive", Value::int(0));
    let end = match command.script {
        Script::File(path) => world.source(&path),
        Script::Text(text) => world.run(Value::text_value(text), true),
        Script::StandardInput | Script::Print(_) => {
            let mut text = Vec::new();
            // A standard input that cannot be read is as good as an empty one.
            let _ = std::io::stdin().read_to_end(&mut text);
            world.run(Value::text_value(text), true)
        }
    };
    let status = match end {
        End::Done(Ok(_)) => 0,
        End::Done(Err(mut error)) => {
            let trace = [error.trace().as_slice(), b"\n"].concat();
            world.report(&trace);
            1
        }
        // The system takes the low eight bits.
        End::Exit(status) => status as u8,
    };
    world.flush_all();
    ExitCode::from(status)
}

fn complain(message: &str) -> ExitCode {
    use std::io::Write;
    // Without a standard error channel there is nowhere to complain.
    let _ = writeln!(std::io::stderr(), "tclring: {message}");
    ExitCode::from(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(args: &[&str], expected: Result<(Option<&str>, Script, &[&str]), &str>) {
        let parsed = Command::parse(args.iter().map(|arg| arg.as_bytes().to_vec()));
        let expected = expected.map(|(driver, script, rest)| Command {
            driver: driver.map(str::to_owned),
            script,
            rest: rest.iter().map(|arg| arg.as_bytes().to_vec()).collect(),
        });
        assert_eq!(parsed, expected.map_err(str::to_owned), "{args:?}");
    }

    #[test]
    fn arguments() {
        check(&[], Ok((None, Script::StandardInput, &[])));
        check(&["a.tcl", "--io", "x"], Ok((None, Script::File(b"a.tcl".to_vec()), &["--io", "x"])));
        check(
            &["--io", "epoll", "-c", "exit", "1"],
            Ok((Some("epoll"), Script::Text(b"exit".to_vec()), &["1"])),
        );
        check(&["--io"], Err("no driver given"));
        check(&["--nosuch"], Err("unknown option --nosuch"));
        check(&["--", "--odd"], Ok((None, Script::File(b"--odd".to_vec()), &[])));
    }
}
