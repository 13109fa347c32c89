//! The argument of `subst`: a text with substitutions but without words.

use super::command::{Part, SyntaxError};
use super::parser::{Parser, Pieces, Stops};
use crate::Mode;

/// Which substitutions `subst` performs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubstFlags {
    /// Backslash sequences are substituted.
    pub backslashes: bool,
    /// Scripts in brackets are substituted.
    pub commands: bool,
    /// Variables are substituted.
    pub variables: bool,
}

impl SubstFlags {
    /// Every substitution, as in a word.
    pub const ALL: SubstFlags = SubstFlags { backslashes: true, commands: true, variables: true };
}

/// A parsed argument of `subst`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subst {
    /// The pieces up to the error. The last may be a [`Part::Script`] whose
    /// script holds the commands before the error inside the brackets, and
    /// that error: they are run before the error is raised.
    pub parts: Vec<Part>,
    /// What was wrong behind `parts`.
    pub error: Option<SyntaxError>,
}

/// Parses `source` for `subst`.
pub fn parse_subst(source: &[u8], flags: SubstFlags, mode: Mode, depth: u32) -> Subst {
    let mut parser = Parser::new(source, source.len(), mode, depth);
    let mut pieces = Pieces::default();
    let error = parser.pieces(Stops::NONE, flags, &mut pieces).err();
    let mut parts = pieces.parts;
    let Some(error) = error else { return Subst { parts, error: None } };
    if flags.commands && source.get(parser.at) == Some(&b'[') {
        let (script, span) = parser.commands_before_error(depth);
        if !script.commands.is_empty() {
            parts.push(Part::Script { span, script });
        }
    }
    Subst { parts, error: Some(*error) }
}
