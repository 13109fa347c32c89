//! What the outermost script of an interpreter calls by itself.
//!
//! There the reference ends a `return` in the bodies of some commands with the command: in those of subcommands that an
//! ensemble hands on, in what a coroutine or `tailcall` runs. Anywhere else the script around ends, too.

use tclring_compiler::bytecode::{Body, Context as CodeContext, Op};

use super::compile::unexpected_code;
use super::settle::in_place_of;
use super::unwind::calls_apart;
use crate::interp::Machine;
use crate::interp::Step;
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Exception, OK, RETURN};
use crate::interp::frame::{Continuation, Standing};
use crate::interp::namespace::NamespaceId;
use crate::value::Value;

/// The outermost script of an interpreter calls something; see [`end_return`].
#[derive(Clone, Copy)]
pub(crate) struct Outermost {
    /// Whether other completion codes than those of errors and returns go on to the script.
    allows_codes: bool,
}

impl Machine {
    /// Whether the top frame's code is the outermost script of its interpreter, or stands in line in that.
    pub(crate) fn outermost(&self) -> Option<Outermost> {
        let interp = self.interp(self.current());
        if self.depth != interp.base_depth || self.frame().unit.is_none() {
            return None;
        }
        let here = self.current();
        let mut allows_codes = interp.allows_codes;
        let mut with_code = self.context().frames.iter().rev().filter(|frame| frame.unit.is_some());
        while let Some(frame) = with_code.next() {
            let unit = frame.unit.as_ref()?;
            let pc = frame.pc.saturating_sub(1);
            for body in unit.code().bodies.iter().filter(|body| body.line != Body::NO_LINE) {
                if body.start <= pc && pc < body.end {
                    return None;
                }
                // It was evaluated as a script of its own.
                allows_codes &= body.start > pc;
            }
            if frame.standing != Standing::InLine {
                // Code that is evaluated in line has the outermost script around it.
                if with_code.any(|frame| frame.interp == here) {
                    return None;
                }
                return (unit.code().context == CodeContext::Script).then_some(Outermost { allows_codes });
            }
            if with_code.clone().next().is_some_and(calls_apart) {
                return None;
            }
        }
        None
    }

    /// Whether the outermost script of the interpreter calls a subcommand of the standard ensemble `name` here.
    pub(crate) fn outermost_calls(&self, name: &str) -> Option<Outermost> {
        let frame = self.frame();
        let unit = frame.unit.as_ref()?;
        let Some(Op::Call { site, .. }) = unit.ops.get(frame.pc.saturating_sub(1) as usize) else {
            return None;
        };
        let called = unit.code().call_sites[usize::from(site.0)].name.as_deref().unwrap_or_default();
        let is_called = called.strip_prefix(b"::").unwrap_or(called) == name.as_bytes();
        self.outermost().filter(|_| is_called)
    }
}

impl Machine {
    /// Runs `words` in the place of the procedure that has just ended.
    pub(super) fn tail_call(&mut self, words: Vec<Value>, namespace: NamespaceId) -> Outcome {
        // The reference's library does this in its handler of unknown commands itself.
        let is_ours = words.first().is_some_and(|name| *name.text() == *b"::tcl::Unknown");
        let is_told_of = self.frame().then.as_ref().is_some_and(|then| then.tells_of_command());
        let step = in_place_of(words, namespace, self.outermost());
        if !is_told_of || is_ours {
            return Ok(step);
        }
        // Who asked for a command does not tell of it when another one is in its place.
        self.after(Ok(step), |_, outcome| {
            outcome.map(Step::Done).map_err(|mut exception| {
                exception.logged |= exception.code == ERROR;
                exception
            })
        })
    }
}

/// What a `return` comes to where it has left what it ends.
///
/// # Errors
/// What it is to raise there, or itself for the level above.
pub(crate) fn left(mut exception: Exception) -> Result<Value, Exception> {
    if exception.code != RETURN || exception.uncatchable {
        return Err(exception);
    }
    exception.level -= 1;
    if exception.level > 0 {
        return Err(exception);
    }
    if exception.return_code == OK {
        return Ok(exception.result);
    }
    exception.code = exception.return_code;
    exception.logged = false;
    Err(exception)
}

/// What an exception of something that the outermost script calls comes to there: a `return` ends, and other codes are
/// errors once the interpreter has evaluated a script inside of that one.
///
/// # Errors
/// What it is to raise there.
pub(crate) fn end_return(exception: Exception, outermost: Outermost) -> Result<Value, Exception> {
    left(exception).map_err(|exception| match exception.code {
        ERROR => exception,
        _ if outermost.allows_codes || exception.uncatchable => exception,
        _ => unexpected_code(&exception),
    })
}

/// Goes on behind a command that is run in the place of another one by the outermost script.
pub(crate) fn ending_return(words: Value, outermost: Outermost) -> Box<dyn Continuation> {
    Box::new(move |_: &mut Machine, outcome: Result<Value, Exception>| -> Outcome {
        outcome.or_else(|exception| end_return_of(&words.text(), exception, outermost)).map(Step::Done)
    })
}

/// [`end_return`] of the exception of a command with this text, which is told of if it is an error now.
///
/// # Errors
/// What it is to raise there.
pub(crate) fn end_return_of(
    text: &[u8],
    exception: Exception,
    outermost: Outermost,
) -> Result<Value, Exception> {
    let was_error = exception.code == ERROR;
    end_return(exception, outermost).map_err(|mut exception| {
        if !was_error {
            exception.log_command(text);
        }
        exception
    })
}
