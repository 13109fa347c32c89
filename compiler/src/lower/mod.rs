//! Lowering: from the tree of a script to bytecode.
//!
//! Every command can be lowered to a call of itself. Some are lowered in line
//! ([`cmd`] has the table): those forms report none of the command's own
//! errors. Where an argument is odd they decline, and the call is emitted, so
//! that errors come from the command.
//!
//! # When a variable is read
//!
//! A named register may stand as an operand only if nothing between the moment
//! at which Tcl reads the variable and the operation can run a script or write
//! a variable; otherwise the value is moved to a temporary first. The
//! operations read their operands in the order of the table's row.

pub(crate) mod build;
mod cmd;
mod conversion;
mod expr;
mod flat;
mod guard;
pub(crate) mod layout;
mod operators;
mod script;
mod vars;
mod words;

use crate::Mode;
use crate::bytecode::{Code, Context, NO_REG, Op, Use};
use crate::source::{LineIndex, Span};
use crate::syntax::command::{Command, Script, parse_script};

use build::{Builder, Frame, Label, TEMPORARY};

/// How deep brackets and bodies are lowered inside one code. What is nested
/// deeper is evaluated when it is reached, as code of its own.
const DEPTH_MAX: u32 = 120;

/// What the compiler asks of the interpreter.
pub trait Names {
    /// Whether a command name means the standard command of that name where
    /// the code will run. Subcommands are asked for by the names of the
    /// commands that implement them (`::tcl::string::length`), math functions
    /// as `tcl::mathfunc::sin`.
    fn is_standard(&self, name: &str) -> bool;
}

/// The names that lowered code may assume to be standard: commands, commands
/// that implement subcommands, math functions.
pub fn lowered_names() -> impl Iterator<Item = &'static str> {
    cmd::assumable().chain(expr::MATH_COMMANDS.iter().copied())
}

/// Every name means the standard command.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllStandard;

impl Names for AllStandard {
    fn is_standard(&self, _name: &str) -> bool {
        true
    }
}

/// What the compiler is to do. Outcomes do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether commands are lowered in line; else each is a call.
    pub lowering: bool,
    /// Whether operations are improved after lowering.
    pub peephole: bool,
    /// Whether a script or expression is run for a command that the reference compiles in line in a procedure.
    pub in_procedure: bool,
    /// Whether a script is a command of a procedure that the reference compiles by itself: variables of the procedure are
    /// known to it then, but it makes no new ones.
    pub knows_locals: bool,
    /// Whether the reference compiles commands in line at the moment; it does not while steps are traced.
    pub in_line: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { lowering: true, peephole: true, in_procedure: false, knows_locals: false, in_line: true }
    }
}

/// Compiles the script `source`. All variables are reached by name.
pub fn compile_script(
    source: &[u8],
    mode: Mode,
    context: Context,
    names: &dyn Names,
    options: Options,
) -> Code {
    let script = parse_script(source, Span::new(0, source.len()), mode, 0);
    Lower::new(source, mode, context, names, options).code_of(&script)
}

/// Compiles the body of a procedure or lambda with the parameters `params`.
///
/// The named registers are the parameters in their order, then the variables
/// that the body names literally. Beyond [`LOCALS_MAX`] names the rest, further
/// parameters included, has no registers and is reached by name.
pub fn compile_body(
    source: &[u8],
    params: &[Vec<u8>],
    mode: Mode,
    names: &dyn Names,
    options: Options,
) -> Code {
    let script = parse_script(source, Span::new(0, source.len()), mode, 0);
    let mut lower = Lower::new(source, mode, Context::Procedure, names, options);
    for param in params {
        let _beyond_the_registers: Option<u16> = lower.builder.parameter(param);
    }
    if !options.lowering {
        lower.name_locals(&script);
    }
    lower.code_of(&script)
}

/// Compiles one command of the sourced text `source`, parsed by
/// [`crate::syntax::command::parse_command`]. The code's source is the
/// command's text, and its lines count from the command's first line.
pub fn compile_command(
    source: &[u8],
    command: &Command,
    mode: Mode,
    names: &dyn Names,
    options: Options,
) -> Code {
    let text = command.span.of(source);
    let mut lower = Lower::new(source, mode, Context::Sourced, names, options);
    lower.base = command.span.start;
    lower.lines = LineIndex::new(text);
    let result = lower.builder.temporary();
    lower.command(command, Dest::Register(result));
    lower.finish(result, text)
}

/// Compiles the expression `source`; the code's result is its value.
pub fn compile_expr(source: &[u8], mode: Mode, names: &dyn Names, options: Options) -> Code {
    let mut lower = Lower::new(source, mode, Context::Expression, names, options);
    let result = lower.builder.temporary();
    lower.whole_expression(result);
    lower.finish(result, source)
}

pub use build::LOCALS_MAX;
pub use guard::{Guarded, guarded};

/// Where the value of a command or expression goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dest {
    /// Nobody wants it.
    Discard,
    /// A temporary, or a named register whose variable it is stored in.
    Register(u16),
}

impl Dest {
    /// The register, if there is one.
    fn register(self) -> Option<u16> {
        match self {
            Dest::Discard => None,
            Dest::Register(register) => Some(register),
        }
    }
}

/// What is around the command that is being lowered, in the same code.
#[derive(Clone, Copy, Debug)]
enum Scope {
    /// A loop: `break` and `continue` jump.
    Loop { on_break: Label, on_continue: Label },
    /// A `catch` or `try`: exceptions of every kind end there.
    Catch,
}

/// The lowering of one code.
pub(crate) struct Lower<'a> {
    source: &'a [u8],
    /// The offset in `source` at which the code's own source begins.
    base: u32,
    /// The lines of the code's own source.
    lines: LineIndex,
    mode: Mode,
    context: Context,
    names: &'a dyn Names,
    /// What `names` has answered.
    answers: Vec<(&'static str, bool)>,
    options: Options,
    /// Whether each lowered command has a guard before it; see [`guard`].
    guards: bool,
    builder: Builder,
    scopes: Vec<Scope>,
    depth: u32,
    /// Whether what is being lowered is a body that the reference evaluates as a script of its own.
    is_apart: bool,
    /// The span of the command that is being lowered.
    command: usize,
}

impl<'a> Lower<'a> {
    fn new(
        source: &'a [u8],
        mode: Mode,
        context: Context,
        names: &'a dyn Names,
        options: Options,
    ) -> Lower<'a> {
        let lines = LineIndex::new(if context == Context::Sourced { b"" } else { source });
        Lower {
            source,
            base: 0,
            lines,
            mode,
            context,
            names,
            answers: Vec::new(),
            options,
            guards: false,
            builder: Builder::default(),
            scopes: Vec::new(),
            depth: 0,
            is_apart: false,
            command: 0,
        }
    }

    fn code_of(mut self, script: &Script) -> Code {
        let result = self.builder.temporary();
        self.script(script, Dest::Register(result));
        let source = self.source;
        self.finish(result, source)
    }

    fn finish(mut self, result: u16, source: &[u8]) -> Code {
        self.emit(Op::Return { src: Use(result) });
        if self.options.peephole {
            crate::peephole::improve(&mut self.builder);
        }
        self.into_code(source)
    }

    /// The code of what has been emitted.
    fn into_code(self, source: &[u8]) -> Code {
        let in_procedure = self.context == Context::Procedure || self.options.in_procedure;
        self.builder.finish(Frame {
            source: source.to_vec(),
            context: self.context,
            in_procedure,
            mode: self.mode,
        })
    }

    /// Whether the code is a procedure's body, or part of one that the reference would have compiled with it.
    fn in_procedure(&self) -> bool {
        !self.is_apart && (self.context == Context::Procedure || self.options.in_procedure)
    }

    /// Gives the variables registers that have some when commands are lowered in line: those named in bodies, too.
    fn name_locals(&mut self, script: &Script) {
        let options = Options { lowering: true, ..self.options };
        let mut lowered = Lower::new(self.source, self.mode, self.context, self.names, options);
        lowered.script(script, Dest::Discard);
        for name in lowered.builder.locals() {
            let _beyond_the_registers: Option<u16> = self.builder.local(name);
        }
    }

    /// The register that a value goes to; a fresh temporary if nobody wants it.
    fn destination(&mut self, dest: Dest) -> u16 {
        dest.register().unwrap_or_else(|| self.builder.temporary())
    }

    fn emit(&mut self, op: Op) {
        self.builder.emit(op);
    }

    /// A span of the whole text as a span of the code's source.
    fn span(&self, span: Span) -> Span {
        Span { start: span.start - self.base, end: span.end - self.base }
    }

    /// The line of a span of the code's source, from 1.
    fn line(&self, span: Span) -> u32 {
        self.lines.line(span.start)
    }

    /// Whether `name` means the standard command; if so the code depends on it.
    fn standard(&mut self, name: &'static str) -> bool {
        if let Some((_, standard)) =
            self.answers.iter().find(|(known, _)| std::ptr::eq(*known, name) || *known == name)
        {
            return *standard;
        }
        let standard = self.names.is_standard(name);
        self.answers.push((name, standard));
        if standard {
            self.builder.assume(name);
        }
        standard
    }

    /// Lowers something in line, or takes back what was emitted if it declines.
    fn attempt<T>(&mut self, lower: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mark = self.builder.mark();
        let (scopes, depth) = (self.scopes.len(), self.depth);
        let result = lower(self);
        if result.is_none() {
            self.builder.rewind(mark);
            self.scopes.truncate(scopes);
            self.depth = depth;
        }
        result
    }

    /// Runs `lower` one level deeper, unless that is too deep.
    fn deeper<T>(&mut self, lower: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEPTH_MAX || self.builder.temporaries() > build::TEMPORARIES_DEEP {
            return None;
        }
        self.depth += 1;
        let result = lower(self);
        self.depth -= 1;
        result
    }
}

/// Whether a register is a temporary, before registers get their final numbers.
fn is_temporary(register: u16) -> bool {
    register != NO_REG && register & TEMPORARY != 0
}
