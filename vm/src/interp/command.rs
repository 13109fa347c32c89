//! Commands: the row of a builtin, procedures, and what else a name can mean.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::arena::Id;
pub use super::args::Args;
use super::exception::Exception;
use super::namespace::Namespace;
use super::trace::CommandTraces;
use super::{Coroutine, Interp, Machine, Step};
use crate::exec::unit::Unit;
use crate::oo::{Form, ObjectId};
use crate::value::Value;

/// What a command function gives back: what to do next, or an exception.
pub type Outcome = Result<Step, Exception>;

/// The function of a builtin command. It never calls the interpreter: what
/// should run next is in the [`Step`] that it returns.
pub type Native = fn(&mut Machine, Args) -> Outcome;

/// The arity of a command without an upper limit.
pub const MANY: u16 = u16::MAX;

/// A builtin command or subcommand: everything about it in one row.
pub struct CommandRow {
    /// The name; for a subcommand with the ensemble's name before it (`string length`).
    pub name: &'static str,
    /// The words after the name, as in the message about wrong arguments.
    pub usage: &'static str,
    /// The smallest number of arguments.
    pub min: u16,
    /// The largest number of arguments, or [`MANY`].
    pub max: u16,
    /// Whether safe interpreters have it.
    pub safe: bool,
    /// One sentence for the reference page.
    pub help: &'static str,
    /// What it does. The arity has been checked.
    pub run: Native,
}

/// The row of a command that safe interpreters have, too; `(min, max)` are its numbers of arguments.
pub const fn row(
    name: &'static str,
    usage: &'static str,
    (min, max): (u16, u16),
    help: &'static str,
    run: Native,
) -> CommandRow {
    CommandRow { name, usage, min, max, safe: true, help, run }
}

/// A builtin ensemble: its rows are commands of their own in `::tcl::NAME`.
pub struct EnsembleRow {
    /// The name.
    pub name: &'static str,
    /// The subcommands; each name begins with the ensemble's.
    pub rows: &'static [CommandRow],
    /// Whether safe interpreters have it.
    pub safe: bool,
}

/// A command that is neither builtin nor a procedure: of the runtime or an embedder.
pub trait CustomCommand: Any {
    /// Runs it with its words.
    fn invoke(self: Rc<Self>, machine: &mut Machine, args: Args) -> Outcome;

    /// Called when the command is deleted.
    fn deleted(&self, _machine: &mut Machine) {}

    /// What `info cmdtype` says.
    fn kind(&self) -> &'static str {
        "native"
    }
}

/// What a command does.
#[derive(Clone)]
pub enum CommandKind {
    /// A builtin.
    Native(&'static CommandRow),
    /// A procedure.
    Proc(Rc<Proc>),
    /// An ensemble.
    Ensemble(Rc<RefCell<super::ensemble::Ensemble>>),
    /// A command imported from another namespace.
    Import(CommandId),
    /// An alias into an interpreter.
    Alias(Rc<Alias>),
    /// A suspended or running coroutine.
    Coroutine(Id<Coroutine>),
    /// A child interpreter.
    Child(Id<Interp>),
    /// An object, by its name, its `my` or its `myclass`.
    Object(ObjectId, Form),
    /// Anything else.
    Custom(Rc<dyn CustomCommand>),
}

/// The identifier of a command.
pub type CommandId = Id<Command>;

/// A command in a namespace.
pub struct Command {
    /// Its name without qualifiers.
    pub name: Value,
    /// The namespace that it is in.
    pub namespace: Id<Namespace>,
    /// What it does.
    pub kind: CommandKind,
    /// Its traces.
    pub traces: Option<Box<CommandTraces>>,
    /// Commands imported from it.
    pub imports: Vec<CommandId>,
    /// Whether it is being deleted.
    pub dying: bool,
    /// Whether it is hidden, and then `name` is the hidden token.
    pub hidden: bool,
}

/// An alias: words put before the arguments, run in the target interpreter.
pub struct Alias {
    /// The token that names it in `interp aliases`.
    pub token: RefCell<Value>,
    /// The interpreter that the target is in.
    pub target: Id<Interp>,
    /// The interpreter that the alias is in.
    pub source: Id<Interp>,
    /// The command prefix.
    pub prefix: Vec<Value>,
}

/// A formal parameter.
pub struct Param {
    /// Its name.
    pub name: Value,
    /// Its default.
    pub default: Option<Value>,
}

/// A procedure or lambda.
pub struct Proc {
    /// The parameters.
    pub params: Vec<Param>,
    /// How many arguments it needs at least.
    pub required: usize,
    /// Whether the last parameter is `args`.
    pub variadic: bool,
    /// Whether no parameter has a default and there is no `args`.
    pub simple: bool,
    /// The body.
    pub body: Value,
    /// The compiled body, made at the first call.
    pub unit: RefCell<Option<Rc<Unit>>>,
}

impl Proc {
    /// Whether it takes `given` arguments.
    pub fn takes(&self, given: usize) -> bool {
        given >= self.required && (self.variadic || given <= self.params.len())
    }

    /// Whether it takes whatever it is given and does nothing.
    pub fn does_nothing(&self) -> bool {
        self.variadic && self.params.len() == 1 && self.body.text().trim_ascii().is_empty()
    }
}

/// A lambda as its text remembers it.
pub struct Lambda {
    /// Its parameters and body, compiled for the namespace that it names.
    pub procedure: Rc<Proc>,
    /// The namespace as it was written; none for the global one.
    pub namespace: Option<Value>,
}
