//! Why a pattern could not be compiled, in the reference's words.

use std::fmt;

/// The reasons for refusing a pattern.
///
/// The caller makes the message `cannot compile regular expression pattern: `
/// with [`RegexError::reason`] and the error code `REGEXP` with
/// [`RegexError::word`] and the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegexError {
    /// An unknown director after `***`, or flags that contradict each other.
    BadPattern,
    /// An unknown name in `[. .]` or `[= =]`.
    BadCollatingElement,
    /// An unknown name in `[: :]`.
    BadClass,
    /// An unknown or incomplete escape.
    BadEscape,
    /// A back reference to a group that is not complete.
    BadBackReference,
    /// A bracket expression that does not end.
    Brackets,
    /// Parentheses without their counterpart.
    Parentheses,
    /// A bound that does not end.
    Braces,
    /// A bound that is malformed, too large or upside down.
    BadBound,
    /// A range that is upside down, or whose end cannot be one.
    BadRange,
    /// The pattern needs more states than are allowed.
    OutOfMemory,
    /// A quantifier without anything to quantify.
    BadQuantifier,
    /// An unknown letter in `(?xyz)`, or no `)` behind the letters.
    BadOption,
    /// The pattern is nested too deeply.
    TooComplex,
    /// The pattern tells apart more kinds of characters than are allowed.
    TooManyColors,
}

impl RegexError {
    /// The second word of the error code, such as `REG_EBRACK`.
    pub fn word(self) -> &'static str {
        self.words().0
    }

    /// The sentence behind `cannot compile regular expression pattern: `.
    pub fn reason(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            RegexError::BadPattern => ("REG_BADPAT", "invalid regexp (reg version 0.8)"),
            RegexError::BadCollatingElement => ("REG_ECOLLATE", "invalid collating element"),
            RegexError::BadClass => ("REG_ECTYPE", "invalid character class"),
            RegexError::BadEscape => ("REG_EESCAPE", "invalid escape \\ sequence"),
            RegexError::BadBackReference => ("REG_ESUBREG", "invalid backreference number"),
            RegexError::Brackets => ("REG_EBRACK", "brackets [] not balanced"),
            RegexError::Parentheses => ("REG_EPAREN", "parentheses () not balanced"),
            RegexError::Braces => ("REG_EBRACE", "braces {} not balanced"),
            RegexError::BadBound => ("REG_BADBR", "invalid repetition count(s)"),
            RegexError::BadRange => ("REG_ERANGE", "invalid character range"),
            RegexError::OutOfMemory => ("REG_ESPACE", "out of memory"),
            RegexError::BadQuantifier => ("REG_BADRPT", "invalid quantifier operand"),
            RegexError::BadOption => ("REG_BADOPT", "invalid embedded option"),
            RegexError::TooManyColors => ("REG_ECOLORS", "too many colors"),
            RegexError::TooComplex => ("REG_ETOOBIG", "regular expression is too complex"),
        }
    }
}

impl fmt::Display for RegexError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.reason())
    }
}

impl std::error::Error for RegexError {}
