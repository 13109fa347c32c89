//! `Code`: the compiler's immutable result.

use super::Op;
use crate::Mode;
use crate::source::Span;

/// A constant of a code; the machine turns it into a value once.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// A text as written. `origin` is where a braced word's content stands in
    /// the source, so that scripts in it know their lines.
    Text {
        /// The text.
        text: Vec<u8>,
        /// Where its bytes stand in the source of the code.
        origin: Option<Span>,
    },
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
}

/// How the reference would run this code, which decides what errorInfo says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// A command of a sourced file or the top level: its words are substituted
    /// and the command is invoked, nothing is compiled in line.
    Sourced,
    /// A script that the reference compiles (a body of a top-level loop, eval, a handler).
    Script,
    /// The body of a procedure or lambda, with named registers.
    Procedure,
    /// An expression on its own.
    Expression,
}

/// Which operations belong to which command of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandSpan {
    /// The first operation.
    pub start: u32,
    /// The operation after the last.
    pub end: u32,
    /// The command's text in the source.
    pub source: Span,
    /// The line of its first word, counted from 1 at the start of the source.
    pub line: u32,
    /// The named register that the command's result goes straight into, for the
    /// benefit of the `set` around it: a failing *write* to that register by an
    /// operation of this command is the enclosing command's error.
    pub fused: Option<u16>,
}

/// A lowered body that the reference would have run as a script of its own at
/// this place: errorInfo has a line for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The first operation.
    pub start: u32,
    /// The operation after the last.
    pub end: u32,
    /// The command that the body is an argument of, in the code's commands.
    pub command: u32,
    /// The line of the source on which the body's text begins, or [`Body::NO_LINE`].
    pub line: u32,
    /// What errorInfo says, before ` line N` if there is a line, like `"foreach" body`.
    pub note: Vec<u8>,
}

impl Body {
    /// What errorInfo says has no line: it is not about a body but about a step of the command.
    pub const NO_LINE: u32 = u32::MAX;
}

/// What a handler does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandlerKind {
    /// A loop: `break` and `continue` raised in the range go on at these addresses.
    Loop {
        /// Where `break` goes on.
        on_break: u32,
        /// Where `continue` goes on.
        on_continue: u32,
    },
    /// Everything: code, result and options are put into three temporaries from `base`.
    Catch {
        /// Where to go on.
        target: u32,
        /// The first of the temporaries.
        base: u16,
        /// Whether the options dictionary is looked at.
        wants_options: bool,
    },
}

/// A range of operations whose exceptions are handled in the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The first operation of the range.
    pub start: u32,
    /// The operation after the last.
    pub end: u32,
    /// What is done.
    pub kind: HandlerKind,
}

/// A call site: the words of a call and its inline cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSite {
    /// The command's name if it is a literal.
    pub name: Option<Vec<u8>>,
    /// How many words the call has, the name included.
    pub words: u32,
    /// The words that are lists whose elements are the words: a bit for each, the lowest for the first.
    pub spread: u64,
    /// The reference runs the command's bodies in line here: errorInfo says nothing of the command.
    pub quiet: bool,
    /// The reference compiles the call into operations: it is no level of evaluation.
    pub flat: bool,
    /// It is a `catch` of a script that is made when it runs: errorInfo says of errors in that that they come from here.
    pub apart: bool,
}

/// A variable that is reached by name, with its inline cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableSite {
    /// The variable's name as written, without an element: `a`, `n::a`, `::a`.
    pub name: Vec<u8>,
}

/// The variables of a foreach: how many each list feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeachShape {
    /// For each list, the number of variables (at least 1).
    pub groups: Vec<u16>,
}

/// A jump table of switch: texts to addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JumpTable {
    /// Texts with their targets; the first of equal texts counts.
    pub arms: Vec<(Vec<u8>, u32)>,
    /// Where to go on without a match.
    pub default: u32,
}

/// Compiled code of one script, procedure body or expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The operations. The last one ends the frame.
    pub ops: Vec<Op>,
    /// The constants.
    pub constants: Vec<Constant>,
    /// The names of the named registers, parameters first.
    pub locals: Vec<Vec<u8>>,
    /// How many registers a frame needs, named ones included.
    pub registers: u32,
    /// The variables reached by name.
    pub variable_sites: Vec<VariableSite>,
    /// The call sites.
    pub call_sites: Vec<CallSite>,
    /// Commands and their operations; of two that overlap the inner one comes later.
    pub commands: Vec<CommandSpan>,
    /// Bodies that errorInfo mentions, inner ones first.
    pub bodies: Vec<Body>,
    /// Operations, in order, that the reference would have performed while
    /// compiling, since their operands are constants: an error of theirs is
    /// begun before any command is executing.
    pub folded: Vec<u32>,
    /// Exception ranges, inner ones first.
    pub handlers: Vec<Handler>,
    /// Shapes of foreach loops.
    pub foreach_shapes: Vec<ForeachShape>,
    /// Jump tables of switches.
    pub jump_tables: Vec<JumpTable>,
    /// The source text.
    pub source: Vec<u8>,
    /// How the reference would run it.
    pub context: Context,
    /// Whether it is part of a procedure's body, or run as such: the reference compiles it in line there.
    pub in_procedure: bool,
    /// The rules it was compiled under.
    pub mode: Mode,
    /// Names of standard commands that were lowered: the code holds while they mean the standard commands.
    pub assumed: Vec<&'static str>,
}
