//! What a command function asks for.

use std::any::Any;

use super::command::{CommandId, Outcome, Proc};
use super::exception::Exception;
use super::frame::Continuation;
use super::namespace::NamespaceId;
use super::{InterpId, Machine};
use std::rc::Rc;

use crate::exec::unit::Unit;
use crate::value::Value;

/// What comes next, as a command function says it.
pub enum Step {
    /// The command is done with this result.
    Done(Value),
    /// Run something, then go on.
    Run(Box<Run>),
    /// Wait for the runtime (the request is in its own terms), then go on.
    Block(Box<dyn Any>, Box<dyn Continuation>),
    /// Suspend the running coroutine: the value for its resumer, and what comes with the next resumption.
    Yield(Value),
    /// Suspend the running coroutine in favour of a command (its words, the namespace to look it up in), which
    /// runs in the resumer's place.
    YieldTo(Box<(Vec<Value>, NamespaceId)>),
    /// Resume a coroutine with what its `yield` gives back.
    Resume(super::arena::Id<super::Coroutine>, Value),
    /// End the process with a status, without more scripts.
    Exit(i32),
}

/// Something to run.
pub struct Run {
    /// What.
    pub what: What,
    /// Where.
    pub at: At,
    /// What goes on afterwards.
    pub then: Then,
}

/// What to run.
pub enum What {
    /// Nothing: this outcome, for this register of the active context.
    Outcome(Result<Value, Exception>, u32),
    /// Code that is loaded already.
    Unit(Rc<Unit>),
    /// A script, compiled.
    Script(Value),
    /// A script that is a body of the command at hand: it stands in line if the reference compiles the command there.
    Body(Value),
    /// A script as the top level runs it: command by command, nothing compiled in line.
    Sourced(Value),
    /// The words of one command.
    Words(Vec<Value>),
    /// The words of one command that has been looked up.
    Command(CommandId, Vec<Value>),
    /// The same, its execution traces left out.
    Untraced(CommandId, Vec<Value>),
    /// The text of an expression.
    Expr(Value),
    /// A method.
    Method(Box<crate::oo::call::Invocation>),
    /// A lambda with the words of the `apply`, in a namespace.
    Lambda(Rc<Proc>, Vec<Value>, NamespaceId),
}

/// Where to run it.
#[derive(Clone, Copy)]
pub enum At {
    /// In the variables and the namespace of the frame that asks.
    Here,
    /// In the variables of this frame (its index) and that frame's namespace.
    Vars(u32),
    /// At the global level of the running interpreter.
    Global,
    /// At a new level in a namespace.
    Namespace(NamespaceId),
    /// Like [`At::Here`], but the name of the command is looked up from this namespace.
    ResolvedIn(NamespaceId),
    /// At the global level of an interpreter.
    Interp(InterpId),
    /// At the level that the interpreter is at, if it is on the chain, else at its global level.
    InterpHere(InterpId),
}

/// What goes on after something was run.
pub enum Then {
    /// Nothing: its outcome is the command's.
    Pass,
    /// This.
    Do(Box<dyn Continuation>),
    /// This, behind a barrier that `yield`, `break` and the like do not cross.
    Barrier(Box<dyn Continuation>),
}

impl Step {
    /// The result that is the empty string.
    pub const EMPTY: Step = Step::Done(Value::EMPTY);

    /// Runs a script here; its outcome is the command's.
    pub fn script(script: Value) -> Step {
        Step::Run(Box::new(Run { what: What::Script(script), at: At::Here, then: Then::Pass }))
    }

    /// Runs a script here, then goes on with its outcome.
    pub fn script_then(
        script: Value,
        then: impl FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome + 'static,
    ) -> Step {
        Step::run(What::Script(script), At::Here, then)
    }

    /// Runs a body of the command at hand; its outcome is the command's.
    pub fn body(script: Value) -> Step {
        Step::Run(Box::new(Run { what: What::Body(script), at: At::Here, then: Then::Pass }))
    }

    /// Runs a body of the command at hand, then goes on with its outcome.
    pub fn body_then(
        script: Value,
        then: impl FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome + 'static,
    ) -> Step {
        Step::run(What::Body(script), At::Here, then)
    }

    /// Invokes the command made of `words` here, then goes on with its outcome.
    pub fn words_then(
        words: Vec<Value>,
        then: impl FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome + 'static,
    ) -> Step {
        Step::run(What::Words(words), At::Here, then)
    }

    /// Invokes the command made of `words` here; its outcome is the command's.
    pub fn words(words: Vec<Value>) -> Step {
        Step::Run(Box::new(Run { what: What::Words(words), at: At::Here, then: Then::Pass }))
    }

    /// Runs something somewhere, then goes on with its outcome.
    pub fn run(
        what: What,
        at: At,
        then: impl FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome + 'static,
    ) -> Step {
        Step::Run(Box::new(Run { what, at, then: Then::Do(Box::new(then)) }))
    }

    /// Runs something somewhere, then goes on with a state that goes on more than once.
    pub fn run_with(what: What, at: At, then: Box<dyn Continuation>) -> Step {
        Step::Run(Box::new(Run { what, at, then: Then::Do(then) }))
    }

    /// Waits for the runtime, then goes on with what it answers.
    pub fn block(
        request: impl Any,
        then: impl FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome + 'static,
    ) -> Step {
        Step::Block(Box::new(request), Box::new(then))
    }
}

impl From<Value> for Step {
    fn from(value: Value) -> Step {
        Step::Done(value)
    }
}
