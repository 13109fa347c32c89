//! The lexemes of expressions. Which of `+` and `-` is unary, and whether a
//! bareword is a function, a boolean or an error, the parser decides.

use super::expr::BinaryOp;
use super::number::{Number, NumberRules, is_blank, parse_prefix};
use super::parser::is_bareword;
use super::text::char_width;
use crate::Mode;

/// A lexeme of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lexeme {
    /// The end of the text.
    End,
    /// From `#` up to the end of the line.
    Comment,
    Number,
    Bareword,
    /// Opened by its first byte: `"`, `{`, `$` or `[`.
    Quoted,
    Braced,
    Variable,
    Script,
    /// `(`, `)`, `,`, `?` and `:`.
    OpenParen,
    CloseParen,
    Comma,
    Question,
    Colon,
    /// `!`.
    Not,
    /// `~`.
    BitNot,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// Any other operator with two operands.
    Binary(BinaryOp),
    And,
    Or,
    /// A single `=`.
    Incomplete,
    /// A character that starts no lexeme.
    Invalid,
}

impl Lexeme {
    /// Whether an operand must precede the lexeme.
    pub(crate) fn follows_operand(self) -> bool {
        use Lexeme::*;
        matches!(self, End | CloseParen | Comma | Question | Colon | Binary(_) | And | Or | Plus | Minus)
    }
}

/// The width of the blanks at `at`: spaces, newlines and backslash-newlines.
pub(crate) fn blanks_width(text: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        match text.get(end) {
            Some(byte) if is_blank(*byte) => end += 1,
            Some(b'\\') if text.get(end + 1) == Some(&b'\n') => end += 2,
            _ => return end - at,
        }
    }
}

/// The lexeme at byte `at` of `text`, where no blank stands, and its width. A
/// quoted, braced, variable or script lexeme has the width of its first byte.
pub(crate) fn lexeme(text: &[u8], at: usize, mode: Mode) -> (Lexeme, usize) {
    let Some(&first) = text.get(at) else { return (Lexeme::End, 0) };
    let next = text.get(at + 1).copied();
    let simple = match first {
        b'#' if mode == Mode::Tcl90 => {
            let width = memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at);
            return (Lexeme::Comment, width);
        }
        b'"' => Lexeme::Quoted,
        b'{' => Lexeme::Braced,
        b'$' => Lexeme::Variable,
        b'[' => Lexeme::Script,
        b'(' => Lexeme::OpenParen,
        b')' => Lexeme::CloseParen,
        b',' => Lexeme::Comma,
        b'?' => Lexeme::Question,
        b':' => Lexeme::Colon,
        b'~' => Lexeme::BitNot,
        b'+' => Lexeme::Plus,
        b'-' => Lexeme::Minus,
        b'/' => Lexeme::Binary(BinaryOp::Divide),
        b'%' => Lexeme::Binary(BinaryOp::Remainder),
        b'^' => Lexeme::Binary(BinaryOp::BitXor),
        _ => return operator(first, next).unwrap_or_else(|| operand(text, at, mode)),
    };
    (simple, 1)
}

/// An operator that has a longer one with the same first character.
fn operator(first: u8, next: Option<u8>) -> Option<(Lexeme, usize)> {
    use BinaryOp::*;
    let found = match (first, next) {
        (b'*', Some(b'*')) => (Lexeme::Binary(Power), 2),
        (b'*', _) => (Lexeme::Binary(Multiply), 1),
        (b'=', Some(b'=')) => (Lexeme::Binary(Equal), 2),
        (b'=', _) => (Lexeme::Incomplete, 1),
        (b'!', Some(b'=')) => (Lexeme::Binary(NotEqual), 2),
        (b'!', _) => (Lexeme::Not, 1),
        (b'&', Some(b'&')) => (Lexeme::And, 2),
        (b'&', _) => (Lexeme::Binary(BitAnd), 1),
        (b'|', Some(b'|')) => (Lexeme::Or, 2),
        (b'|', _) => (Lexeme::Binary(BitOr), 1),
        (b'<', Some(b'<')) => (Lexeme::Binary(ShiftLeft), 2),
        (b'<', Some(b'=')) => (Lexeme::Binary(LessOrEqual), 2),
        (b'<', _) => (Lexeme::Binary(Less), 1),
        (b'>', Some(b'>')) => (Lexeme::Binary(ShiftRight), 2),
        (b'>', Some(b'=')) => (Lexeme::Binary(GreaterOrEqual), 2),
        (b'>', _) => (Lexeme::Binary(Greater), 1),
        _ => return None,
    };
    Some(found)
}

/// An operator of two letters, a number or a bareword.
fn operand(text: &[u8], at: usize, mode: Mode) -> (Lexeme, usize) {
    if let Some(operator) = word_operator(&text[at..], mode) {
        return (Lexeme::Binary(operator), 2);
    }
    // A sign is an operator and never belongs to the number.
    if let Some((number, width)) = parse_prefix(&text[at..], NumberRules::of(mode))
        && ends_number(text, at, at + width, &number, mode)
    {
        return (Lexeme::Number, width);
    }
    let first = text[at];
    if !is_bareword(first) || first == b'_' {
        return (Lexeme::Invalid, char_width(first).min(text.len() - at));
    }
    (Lexeme::Bareword, text[at..].iter().take_while(|byte| is_bareword(**byte)).count())
}

fn word_operator(text: &[u8], mode: Mode) -> Option<BinaryOp> {
    let operator = match text.get(..2)? {
        b"eq" => BinaryOp::StringEqual,
        b"ne" => BinaryOp::StringNotEqual,
        b"in" => BinaryOp::In,
        b"ni" => BinaryOp::NotIn,
        b"lt" if mode == Mode::Tcl90 => BinaryOp::StringLess,
        b"le" if mode == Mode::Tcl90 => BinaryOp::StringLessOrEqual,
        b"gt" if mode == Mode::Tcl90 => BinaryOp::StringGreater,
        b"ge" if mode == Mode::Tcl90 => BinaryOp::StringGreaterOrEqual,
        _ => return None,
    };
    text.get(2).is_none_or(|byte| !byte.is_ascii_alphabetic()).then_some(operator)
}

/// Whether the number at `start..end` is a lexeme of its own and not the
/// beginning of a bareword: `Inf` begins the function name `Influence`, but
/// `0xene 3` is `0xe ne 3`.
fn ends_number(text: &[u8], start: usize, end: usize, number: &Number, mode: Mode) -> bool {
    if text.get(end).is_none_or(|byte| !is_bareword(*byte)) {
        return true;
    }
    if matches!(number, Number::Double(_)) && text[start..end].iter().any(|byte| !is_bareword(*byte)) {
        return true;
    }
    // What follows is not looked at as a number: only a word operator counts.
    word_operator(&text[end..], mode).is_some()
}
