//! The line editor, on a thread of its own: events are handled while somebody types.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use rustyline::Config;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use tclring_vm::interp::Machine;
use tclring_vm::interp::exception::Exception;
use tclring_vm::value::Value;

use crate::driver::Waker;
use crate::event::wait::{Kinds, OtherWait};
use crate::host::terminal;

/// How many commands the editor remembers.
const HISTORY_MAX: usize = 1000;

/// What came of a request for a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// A line, without its end.
    Line(String),
    /// What was typed so far is to be forgotten.
    Interrupted,
    /// There will be no more.
    End,
}

/// A request for a line.
struct Request {
    prompt: String,
    /// A command to be found again with the arrow keys.
    remember: Option<String>,
}

/// The place where the thread leaves its answer.
type Answer = Arc<Mutex<Option<Typed>>>;

/// The editor's end for the shell.
pub(super) struct Editor {
    requests: Sender<Request>,
    answer: Answer,
    settings: Option<terminal::Settings>,
}

impl Editor {
    /// Starts the editor on the standard streams. `waker` ends the wait for a line.
    pub(super) fn start(waker: Waker) -> Editor {
        let (requests, receiver) = channel();
        let answer = Answer::default();
        let shared = Arc::clone(&answer);
        std::thread::spawn(move || serve(&receiver, &shared, &waker));
        Editor { requests, answer, settings: terminal::settings(rustix::stdio::stdin()).ok() }
    }

    /// Asks for a line. [`Editor::waiting`] waits for it, and [`Editor::take`] takes it.
    pub(super) fn request(&self, prompt: String, remember: Option<String>) {
        // Without its thread the editor answers nothing, and the wait sees that.
        if self.requests.send(Request { prompt, remember }).is_err() {
            put(&self.answer, Typed::End);
        }
    }

    /// The wait for the line that was asked for.
    pub(super) fn waiting(&self) -> TypedLine {
        TypedLine { answer: Arc::clone(&self.answer) }
    }

    /// The line, once the wait is over.
    pub(super) fn take(&self) -> Typed {
        lock(&self.answer).take().unwrap_or(Typed::End)
    }

    /// Gives the terminal back as it was found: the program may end while somebody types.
    pub(super) fn restore(&self) {
        if let Some(settings) = &self.settings {
            // A terminal that is gone needs nothing.
            let _ = terminal::restore(rustix::stdio::stdin(), settings);
        }
    }
}

/// The wait for a line.
pub(super) struct TypedLine {
    answer: Answer,
}

impl OtherWait for TypedLine {
    fn poll(&mut self, _machine: &mut Machine) -> Option<Result<Value, Exception>> {
        lock(&self.answer).is_some().then_some(Ok(Value::EMPTY))
    }

    fn kinds(&self) -> Option<Kinds> {
        Some(Kinds::default())
    }
}

fn lock(answer: &Answer) -> std::sync::MutexGuard<'_, Option<Typed>> {
    answer.lock().unwrap_or_else(PoisonError::into_inner)
}

fn put(answer: &Answer, typed: Typed) {
    *lock(answer) = Some(typed);
}

/// The thread: a line for each request.
fn serve(requests: &Receiver<Request>, answer: &Answer, waker: &Waker) {
    // The terminal's modes are left alone but while a line is edited.
    let config = Config::builder().auto_add_history(false).bracketed_paste(false).build();
    let history = MemHistory::with_config(&config);
    let mut editor = rustyline::Editor::<(), MemHistory>::with_history(config, history).ok();
    if let Some(editor) = &mut editor {
        use rustyline::history::History;
        // A history that cannot be made longer is shorter.
        let _ = editor.history_mut().set_max_len(HISTORY_MAX);
    }
    while let Ok(request) = requests.recv() {
        let typed = match &mut editor {
            Some(editor) => {
                if let Some(command) = request.remember {
                    // A command that cannot be remembered has to be typed again.
                    let _ = editor.add_history_entry(command);
                }
                read(|| editor.readline(request.prompt.as_str()))
            }
            None => Typed::End,
        };
        put(answer, typed);
        waker.wake();
    }
}

fn read(mut line: impl FnMut() -> rustyline::Result<String>) -> Typed {
    match line() {
        Ok(line) => Typed::Line(line),
        Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => Typed::Interrupted,
        Err(_) => Typed::End,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_the_editor() {
        assert_eq!(read(|| Ok("a b".to_owned())), Typed::Line("a b".to_owned()));
        assert_eq!(read(|| Err(ReadlineError::Interrupted)), Typed::Interrupted);
        assert_eq!(read(|| Err(ReadlineError::Eof)), Typed::End);
    }
}
