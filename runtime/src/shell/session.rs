//! A session: commands from the standard input, one after the other, typed at a prompt or not.

use std::rc::Rc;

use tclring_vm::exec::outside_of_everything;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::step::{At, Run, Step, Then, What};
use tclring_vm::interp::trace::{Trace, VarTraces, ops};
use tclring_vm::interp::vars::{Place, Variable};
use tclring_vm::interp::{Machine, Outcome};
use tclring_vm::value::Value;

use super::editor::{Editor, Typed};
use crate::cmd::channel::next_line;
use crate::event::pump::{End, drive};
use crate::event::reactor::reactor;
use crate::event::wait::Wait;
use crate::host::terminal::is_terminal;
use crate::world::World;

/// What stands before a command that nobody has set a prompt for.
const PROMPT: &str = "% ";

/// A session.
struct Session<'a> {
    world: &'a mut World,
    /// The line editor, if somebody types.
    editor: Option<Editor>,
    /// The lines of a command so far.
    command: Vec<u8>,
    /// The command before, for the editor to remember.
    remember: Option<String>,
}

/// What comes next.
enum Next {
    /// A line, without its end.
    Line(Vec<u8>),
    /// The lines so far are to be forgotten.
    Forget,
    /// There is no more.
    End,
}

/// What is run at the global level by a step.
pub(super) fn first(step: impl FnOnce(&mut Machine) -> Outcome + 'static) -> Run {
    let then = Box::new(move |machine: &mut Machine, _: Result<Value, Exception>| step(machine));
    Run { what: What::Outcome(Ok(Value::EMPTY), 0), at: At::Global, then: Then::Do(then) }
}

/// Runs commands from the standard input until it ends; the status if `exit` was called.
pub(super) fn run(world: &mut World, interactive: bool) -> Option<i32> {
    let waker = reactor(&mut world.machine).driver.waker();
    let edited = interactive && is_terminal(rustix::stdio::stdin()) && is_terminal(rustix::stdio::stdout());
    let editor = match waker {
        Ok(waker) if edited => Some(Editor::start(waker)),
        _ => None,
    };
    let mut session = Session { world, editor, command: Vec::new(), remember: None };
    let status = session.serve();
    if let Some(editor) = &session.editor {
        editor.restore();
    }
    status
}

/// The last truth value of `tcl_interactive`.
#[derive(Default)]
struct LastInteractive(bool);

/// Keeps `tcl_interactive` a truth value, whatever scripts set it to.
pub(super) fn link_interactive(world: &mut World) {
    let global = world.machine.global();
    let Some(cell) = world.machine.namespace_cell(global, &Value::from("tcl_interactive"), true) else {
        return;
    };
    let is_set = cell.get().to_bool(world.machine.mode()).unwrap_or_default();
    world.machine.caches.get::<LastInteractive>().0 = is_set;
    let trace = Trace::native(ops::WRITE, check_interactive);
    *cell.traces().borrow_mut() =
        Some(Box::new(VarTraces { list: vec![Rc::new(trace)], ..VarTraces::default() }));
    cell.set_traced(true);
}

/// Takes back what is no truth value.
fn check_interactive(
    machine: &mut Machine,
    variable: Option<&Variable>,
    _key: Option<&Value>,
    _op: u8,
) -> Result<(), &'static str> {
    let Some(Place::Cell(cell)) = variable.map(|variable| &variable.place) else { return Ok(()) };
    match cell.get().to_bool(machine.mode()) {
        Some(truth) => {
            machine.caches.get::<LastInteractive>().0 = truth;
            Ok(())
        }
        None => {
            cell.set(Value::bool(machine.caches.get::<LastInteractive>().0));
            Err("variable must have boolean value")
        }
    }
}

impl Session<'_> {
    fn serve(&mut self) -> Option<i32> {
        loop {
            let line = match self.line() {
                Ok(Next::Line(line)) => line,
                Ok(Next::Forget) => {
                    self.command.clear();
                    continue;
                }
                Ok(Next::End) => return None,
                Err(status) => return Some(status),
            };
            self.command.extend_from_slice(&line);
            self.command.push(b'\n');
            if !self.world.machine.is_complete(&self.command) {
                continue;
            }
            let mut command = std::mem::take(&mut self.command);
            command.pop();
            if let Err(status) = self.perform(command) {
                return Some(status);
            }
        }
    }

    /// Whether somebody looks at prompts and results; a script may say so.
    fn is_interactive(&mut self) -> bool {
        let mode = self.world.machine.mode();
        self.world.global("tcl_interactive").is_some_and(|value| value.to_bool(mode) == Some(true))
    }

    /// The next line. The outer error is the status if `exit` was called, by an event or a prompt's script.
    fn line(&mut self) -> Result<Next, i32> {
        if self.editor.is_some() {
            let prompt = self.captured_prompt()?;
            return self.typed_line(&prompt);
        }
        let Some(id) = reactor(&mut self.world.machine).standard_channel(0) else { return Ok(Next::End) };
        if self.is_interactive() {
            let prompt = self.prompt()?;
            self.write(1, &prompt);
        }
        let read = self.finish(first(move |machine| next_line(machine, id)))?;
        let channel = reactor(&mut self.world.machine).channels.get(id);
        let ended = channel.is_none_or(|channel| channel.at_eof);
        Ok(match read {
            Ok(line) if !ended || !line.text().is_empty() => Next::Line(line.to_text()),
            // What cannot be read is over.
            _ => Next::End,
        })
    }

    /// The next line out of the editor. Events are handled meanwhile.
    fn typed_line(&mut self, prompt: &[u8]) -> Result<Next, i32> {
        let Some(editor) = &self.editor else { return Ok(Next::End) };
        editor.request(String::from_utf8_lossy(prompt).into_owned(), self.remember.take());
        let wait = Wait::Other(Box::new(editor.waiting()));
        let waited = self.finish(first(|_| Ok(Step::block(wait, |_, outcome| outcome.map(Step::Done)))))?;
        let Some(editor) = &self.editor else { return Ok(Next::End) };
        Ok(match editor.take() {
            Typed::Line(line) => Next::Line(line.into_bytes()),
            Typed::Interrupted => Next::Forget,
            Typed::End => {
                debug_assert!(waited.is_ok(), "a wait for the editor does not fail");
                Next::End
            }
        })
    }

    /// Runs something to its end; the status if `exit` was called.
    fn finish(&mut self, run: Run) -> Result<Result<Value, Exception>, i32> {
        let end = self.world.machine.run_behind_barrier(run);
        match drive(&mut self.world.machine, end) {
            End::Done(outcome) => Ok(outcome),
            End::Exit(status) => Err(status),
        }
    }

    /// Runs a script at the global level.
    fn script(&mut self, script: Value) -> Result<Result<Value, Exception>, i32> {
        self.finish(Run { what: What::Script(script), at: At::Global, then: Then::Pass })
    }

    /// The prompt's text: what its script writes to the standard output.
    fn captured_prompt(&mut self) -> Result<Vec<u8>, i32> {
        self.flush();
        reactor(&mut self.world.machine).captured = Some(Vec::new());
        let default = self.prompt();
        self.flush();
        let mut text = reactor(&mut self.world.machine).captured.take().unwrap_or_default();
        text.extend_from_slice(&default?);
        Ok(text)
    }

    /// Runs the script that writes the prompt, if there is one; else its text.
    fn prompt(&mut self) -> Result<Vec<u8>, i32> {
        let (name, default) = match self.command.is_empty() {
            true => ("tcl_prompt1", PROMPT),
            false => ("tcl_prompt2", ""),
        };
        let Some(script) = self.world.global(name) else { return Ok(default.into()) };
        match self.script(script)? {
            Ok(_) => Ok(Vec::new()),
            Err(mut exception) => {
                exception.add_info(b"\n    (script that generates prompt)");
                self.report(exception);
                Ok(default.into())
            }
        }
    }

    /// Runs a command, and shows what came of it to whoever typed it.
    fn perform(&mut self, command: Vec<u8>) -> Result<(), i32> {
        self.remember = Some(String::from_utf8_lossy(&command).into_owned())
            .filter(|text| !text.trim().is_empty() && self.editor.is_some());
        let event = vec![Value::from("::history"), Value::from("add"), Value::text_of(&command)];
        // A history that is gone, or broken, is no reason to run nothing.
        let _ = self.finish(Run { what: What::Words(event), at: At::Global, then: Then::Pass })?;
        let script = Value::text_value(command);
        let outcome = self.script(script.clone())?;
        match outcome.or_else(|exception| outside_of_everything(exception, &script.text())) {
            Ok(result) => {
                if self.is_interactive() && !result.text().is_empty() {
                    let line = [&*result.text(), b"\n"].concat();
                    self.write(1, &line);
                }
            }
            Err(exception) => self.report(exception),
        }
        Ok(())
    }

    /// Writes an exception's message to the standard error.
    fn report(&mut self, mut exception: Exception) {
        self.world.machine.publish_error(&mut exception);
        self.flush();
        self.write(2, &[&*exception.result.text(), b"\n"].concat());
    }

    fn write(&mut self, number: usize, text: &[u8]) {
        let reactor = reactor(&mut self.world.machine);
        if let Some(id) = reactor.standard_channel(number) {
            // Without the stream there is nobody to tell.
            let _ = reactor.write(id, &Value::text_of(text), false);
            let _ = reactor.flush(id, true);
        }
    }

    fn flush(&mut self) {
        let reactor = reactor(&mut self.world.machine);
        if let Some(id) = reactor.standard_channel(1) {
            // What cannot be written shows when a script writes.
            let _ = reactor.flush(id, true);
        }
    }
}
