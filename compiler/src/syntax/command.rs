//! Scripts, commands, words and substitutions: the tree that a script's text
//! stands for by the twelve rules of Tcl(n), and the ways to get it.
//!
//! Parsing runs nothing and resolves no name. Commands before a syntax error
//! are kept, since Tcl runs them before it raises the error.

use super::parser::Parser;
use crate::Mode;
use crate::source::Span;

/// How deep brackets and array indexes may nest in one another. Beyond it a
/// script is refused, so that neither parsing nor any walk over the tree
/// exhausts the native stack.
pub const NESTING_MAX: u32 = 1000;

/// The text of the error for nesting beyond [`NESTING_MAX`].
pub const NESTING_MESSAGE: &str = "too many nested compilations (infinite loop?)";

/// A sequence of commands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The commands in order; comments and empty commands leave no trace.
    pub commands: Vec<Command>,
    /// What was wrong behind the last of `commands`. Always `None` in a nested
    /// script, but for the partial one that [`super::subst`] yields.
    pub error: Option<SyntaxError>,
}

/// One command: at least one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// From the first word up to the terminator, blanks before the terminator
    /// included: exactly the text that errorInfo shows.
    pub span: Span,
    /// The words, the command's name first.
    pub words: Vec<Word>,
}

/// One word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word as written, delimiters and a leading `{*}` included.
    pub span: Span,
    /// Whether `{*}` precedes the word.
    pub expand: bool,
    /// What the word stands for.
    pub body: WordBody,
}

impl Word {
    /// The word's text, if nothing is to be substituted in it at run time and
    /// it is not expanded.
    pub fn literal(&self) -> Option<&[u8]> {
        match &self.body {
            WordBody::Literal { text, .. } if !self.expand => Some(text),
            _ => None,
        }
    }
}

/// What a word stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordBody {
    /// A text that is known now; backslash sequences are substituted.
    Literal {
        /// The text.
        text: Vec<u8>,
        /// Where `text` stands byte for byte in the source, if it does: the
        /// word had no backslash sequence. Lines are counted from there.
        origin: Option<Span>,
        /// Whether the word was in braces.
        braced: bool,
    },
    /// Pieces to be substituted and joined.
    Parts(Vec<Part>),
}

/// A piece of a word, of an array index or of an argument of `subst`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A text, backslash sequences substituted.
    Text(Vec<u8>),
    /// A variable's value.
    Variable(Variable),
    /// The result of a script in brackets.
    Script {
        /// The text inside the brackets.
        span: Span,
        /// The parsed text.
        script: Script,
    },
}

/// A variable substitution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The substitution as written, `$` included.
    pub span: Span,
    /// The name before the parenthesis. The name of `${a(b)}` is `a(b)`, which
    /// means an array element all the same.
    pub name: Vec<u8>,
    /// The pieces of the array index: `Some` and empty for `$a()`.
    pub index: Option<Vec<Part>>,
}

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The message, as the reference words it.
    pub message: Vec<u8>,
    /// The offset of the first word of the offending command (of the outermost
    /// one, when brackets nest).
    pub start: u32,
    /// The offset of the byte that is wrong.
    pub at: u32,
    /// The end of the text that errorInfo shows: `source[start..end]`.
    pub end: u32,
    /// The errorCode list, `None` for the plain `NONE`.
    pub error_code: Option<&'static [&'static str]>,
    /// Whether more text could mend the error: `info complete` is false.
    pub incomplete: bool,
}

/// The answer of [`parse_command`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextCommand {
    /// A command, and the offset at which to go on.
    Command(Command, usize),
    /// The next command is malformed.
    Error(SyntaxError),
    /// Only blanks and comments were left.
    End,
}

/// Parses the commands in `range` of `source`; spans are offsets in `source`.
/// `depth` counts the brackets around `range` towards [`NESTING_MAX`].
pub fn parse_script(source: &[u8], range: Span, mode: Mode, depth: u32) -> Script {
    let mut parser = Parser::new(source, range.end as usize, mode, depth);
    parser.at = range.start as usize;
    let mut script = Script::default();
    loop {
        match parser.command(false, &mut script.commands) {
            Ok(true) => {}
            Ok(false) => return script,
            Err(error) => {
                script.error = Some(*error);
                return script;
            }
        }
    }
}

/// Parses the first command at or behind byte `at` of `source`: for sourced
/// files, whose commands run before the next one is looked at.
pub fn parse_command(source: &[u8], at: usize, mode: Mode, depth: u32) -> NextCommand {
    let mut parser = Parser::new(source, source.len(), mode, depth);
    parser.at = at;
    let mut commands = Vec::with_capacity(1);
    match parser.command(false, &mut commands) {
        Ok(_) => commands.pop().map_or(NextCommand::End, |command| NextCommand::Command(command, parser.at)),
        Err(error) => NextCommand::Error(*error),
    }
}

/// Whether `source` is a complete script in the sense of `info complete`: no
/// brace, bracket, quote or parenthesis is left open and no backslash-newline
/// ends it. Other errors count as complete.
pub fn is_complete(source: &[u8], mode: Mode) -> bool {
    let mut parser = Parser::new(source, source.len(), mode, 0);
    let mut commands = Vec::new();
    loop {
        commands.clear();
        match parser.command(false, &mut commands) {
            Ok(true) if parser.at < source.len() => {}
            Ok(_) => return !parser.ends_in_continuation,
            Err(error) => return !error.incomplete && !parser.ends_in_continuation,
        }
    }
}

/// Parses the variable substitution at byte `at` of `source`, which must hold
/// a `$`. `None` means that the `$` stands for itself.
pub fn parse_variable(
    source: &[u8],
    at: usize,
    mode: Mode,
    depth: u32,
) -> Result<Option<Variable>, SyntaxError> {
    let mut parser = Parser::new(source, source.len(), mode, depth);
    parser.at = at;
    if !parser.starts_variable() {
        return Ok(None);
    }
    let mut parts = Vec::with_capacity(1);
    parser.variable(&mut parts).map_err(|error| *error)?;
    match parts.pop() {
        Some(Part::Variable(variable)) => Ok(Some(variable)),
        _ => unreachable!("a variable was parsed"),
    }
}
