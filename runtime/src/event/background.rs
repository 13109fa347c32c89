//! Failures in the background: collected, and told to the interpreter's handler when there is nothing else to do.

use std::collections::VecDeque;

use tclring_compiler::Mode;
use tclring_vm::cmd::options::integer;
use tclring_vm::interp::command::CommandId;
use tclring_vm::interp::exception::{BREAK, CONTINUE, ERROR, Exception};
use tclring_vm::interp::step::{At, Run, Then, What};
use tclring_vm::interp::{Args, CommandRow, InterpId, Machine, Outcome, Step};
use tclring_vm::value::{Dict, Value};
use tclring_vm::{error, text};

use super::pump::Call;
use super::reactor::reactor;
use super::timers::Idle;

/// The handler of failures unless another is set.
pub const DEFAULT_HANDLER: &str = "::tcl::Bgerror";

/// A failure: the message and the return options.
pub struct Failure {
    message: Value,
    options: Value,
}

/// The failures of one interpreter that its handler has not been told of.
#[derive(Default)]
pub struct Failures {
    list: VecDeque<Failure>,
    is_scheduled: bool,
}

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "tcl::Bgerror",
    usage: "msg options",
    min: 2,
    max: 2,
    safe: true,
    help: "Handles errors in the background: calls bgerror, or prints the error's trace.",
    run: default_handler,
}];

/// Notes that a script in the background has ended badly.
#[expect(clippy::boxed_local, reason = "an exception is a box, and this is where it ends")]
pub fn note(machine: &mut Machine, interp: InterpId, exception: Exception) {
    let mut options = exception.options();
    if exception.code != ERROR
        && let Some(info) = &exception.error_info
    {
        options.insert(&Value::from("-errorinfo"), Value::text_of(info));
    }
    let failure = Failure { message: exception.result.clone(), options: Value::dict(options) };
    let reactor = reactor(machine);
    let failures = &mut reactor.interp(interp).failures;
    failures.list.push_back(failure);
    if !failures.is_scheduled {
        failures.is_scheduled = true;
        reactor.timers.add_idle(Idle::Failures(interp));
    }
}

/// Tells an interpreter's handler of its failures, one by one.
pub struct Report {
    interp: InterpId,
}

impl Report {
    /// The report of an interpreter's failures.
    pub fn new(interp: InterpId) -> Report {
        Report { interp }
    }

    /// The invocation of the handler for the next failure.
    pub fn next(&mut self, machine: &mut Machine) -> Option<Call> {
        machine.interps.get(self.interp)?;
        let state = reactor(machine).interp(self.interp);
        let Some(failure) = state.failures.list.pop_front() else {
            state.failures.is_scheduled = false;
            return None;
        };
        let handler = machine.interp(self.interp).background_error.clone();
        let handler = handler.unwrap_or_else(|| Value::from(DEFAULT_HANDLER));
        let mut words = handler.to_list().map(|list| list.items().to_vec()).unwrap_or_default();
        words.push(failure.message);
        words.push(failure.options);
        Some(Call::words(self.interp, words))
    }

    /// Takes in how the handler has ended.
    pub fn finished(&mut self, machine: &mut Machine, outcome: Result<Value, Exception>) {
        let Err(mut exception) = outcome else { return };
        match exception.code {
            BREAK => reactor(machine).interp(self.interp).failures.list.clear(),
            ERROR => {
                let trace = text!["error in background error handler:\n", exception.trace().as_slice(), "\n"];
                reactor(machine).write_stderr(&trace);
            }
            _ => {}
        }
    }
}

/// The hidden `bgerror` of a safe interpreter, for when it has no other that works.
fn hidden_handler(machine: &Machine) -> Option<CommandId> {
    let interp = machine.interp(machine.current());
    interp.hidden.get(&Value::from("bgerror")).copied().flatten().filter(|_| interp.safe)
}

/// The number of an option in a dictionary of return options.
fn number(options: &Dict, name: &str, mode: Mode) -> Result<i64, Exception> {
    match options.get(&Value::from(name)) {
        Some(value) => integer(value, mode),
        None => Err(error!("missing return option \"", name, "\""; "TCL", "ARGUMENT", "MISSING")),
    }
}

fn default_handler(machine: &mut Machine, args: Args) -> Outcome {
    let message = args[1].clone();
    let options = match args[2].to_dict() {
        Ok(Some(options)) => options,
        _ => return Err(error!("missing value to go with key"; "TCL", "VALUE", "DICTIONARY")),
    };
    let mode = machine.mode();
    let level = number(options.map(), "-level", mode)?;
    let code = if level != 0 { 2 } else { number(options.map(), "-code", mode)? };
    let info = options.map().get(&Value::from("-errorinfo")).cloned();
    let (shown, info) = match code {
        0 => return Ok(Step::EMPTY),
        ERROR => (message.clone(), info.unwrap_or_else(|| message.clone())),
        other => {
            let words = match other {
                BREAK => text!["invoked \"break\" outside of a loop"],
                CONTINUE => text!["invoked \"continue\" outside of a loop"],
                other => text!["command returned bad code: ", other],
            };
            let info = Value::text_value(text![&words, info.unwrap_or_default()]);
            (Value::text_value(words), info)
        }
    };
    let error_code =
        options.map().get(&Value::from("-errorcode")).cloned().unwrap_or_else(|| Value::from("NONE"));
    let global = machine.global();
    let stores = vec![(Value::from("::errorCode"), error_code), (Value::from("::errorInfo"), info.clone())];
    let stored = machine.store_all(stores.into_iter(), Value::EMPTY);
    machine.after(stored, move |machine, outcome| {
        outcome?;
        let exists = machine.command_in(global, &Value::from("bgerror")).is_some();
        Ok(Step::words_then(
            vec![Value::from("bgerror"), shown.clone()],
            move |machine, outcome| match outcome {
                Err(exception) if exception.code == ERROR => {
                    if let Some(hidden) = hidden_handler(machine) {
                        let words = vec![Value::from("bgerror"), shown];
                        let run =
                            Run { what: What::Command(hidden, words), at: At::Global, then: Then::Pass };
                        return Ok(Step::Run(Box::new(run)));
                    }
                    let told = if exists {
                        text![
                            "bgerror failed to handle background error.\n    Original error: ",
                            &shown,
                            "\n    Error in bgerror: ",
                            &exception.result,
                            "\n"
                        ]
                    } else {
                        text![&info, "\n"]
                    };
                    reactor(machine).write_stderr(&told);
                    Ok(Step::EMPTY)
                }
                outcome => outcome.map(Step::Done),
            },
        ))
    })
}
