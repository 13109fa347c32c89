//! The text of a pattern: separators, braces and quoted characters.

use crate::host::errno::HostError;
use crate::host::path::SEPARATOR;

/// The first thing in a pattern.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Nothing more, maybe after separators.
    End {
        /// Whether there were separators.
        separators: bool,
    },
    /// A component up to a separator or the end.
    Component {
        /// The component, still quoted.
        text: &'a [u8],
        /// Whether it has special characters.
        special: bool,
        /// What follows the separator; None at the end.
        rest: Option<&'a [u8]>,
    },
    /// Braces before any separator: the whole pattern once per alternative.
    Braces(Vec<Vec<u8>>),
}

fn unbalanced(which: &[u8]) -> HostError {
    HostError::other(
        &[b"unmatched ", which, b"-brace in file name"],
        &[b"TCL", b"OPERATION", b"GLOB", b"BALANCE"],
    )
}

/// How many separators `pattern` starts with, and in how many bytes. A
/// backslash before a separator quotes nothing.
pub(super) fn leading_separators(pattern: &[u8]) -> (usize, usize) {
    let (mut count, mut bytes) = (0, 0);
    loop {
        match pattern[bytes..] {
            [SEPARATOR, ..] => bytes += 1,
            [b'\\', SEPARATOR, ..] => bytes += 2,
            _ => return (count, bytes),
        }
        count += 1;
    }
}

/// Takes the first piece off `pattern`.
///
/// # Errors
/// Unbalanced braces before the first separator.
pub(super) fn first_piece(pattern: &[u8]) -> Result<Piece<'_>, HostError> {
    let (count, start) = leading_separators(pattern);
    let body = &pattern[start..];
    if body.is_empty() {
        return Ok(Piece::End { separators: count > 0 });
    }
    let mut special = false;
    let mut at = 0;
    while at < body.len() {
        match body[at] {
            SEPARATOR => {
                return Ok(Piece::Component { text: &body[..at], special, rest: Some(&body[at + 1..]) });
            }
            b'\\' if body.get(at + 1) == Some(&SEPARATOR) => {
                return Ok(Piece::Component { text: &body[..at], special, rest: Some(&body[at + 2..]) });
            }
            b'\\' => at += 1,
            b'*' | b'?' | b'[' => special = true,
            b'{' => return alternatives(body, at).map(Piece::Braces),
            b'}' => return Err(unbalanced(b"close")),
            _ => {}
        }
        at += 1;
    }
    Ok(Piece::Component { text: body, special, rest: None })
}

/// The pattern `body` with the braces that open at `open` replaced by each of
/// their alternatives.
fn alternatives(body: &[u8], open: usize) -> Result<Vec<Vec<u8>>, HostError> {
    let mut cuts = Vec::new();
    let mut depth = 0_usize;
    let mut at = open + 1;
    let close = loop {
        match body.get(at) {
            None => return Err(unbalanced(b"open")),
            Some(b'\\') => at += 1,
            Some(b'{') => depth += 1,
            Some(b'}') if depth == 0 => break at,
            Some(b'}') => depth -= 1,
            Some(b',') if depth == 0 => cuts.push(at),
            Some(_) => {}
        }
        at += 1;
    };
    cuts.push(close);
    let mut start = open + 1;
    let mut out = Vec::with_capacity(cuts.len());
    for cut in cuts {
        out.push([&body[..open], &body[start..cut], &body[close + 1..]].concat());
        start = cut + 1;
    }
    Ok(out)
}

/// The name that a component without special characters stands for.
pub(super) fn unescape(component: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(component.len());
    let mut bytes = component.iter();
    while let Some(byte) = bytes.next() {
        // A backslash at the end quotes nothing and stands for itself.
        out.push(if *byte == b'\\' { *bytes.next().unwrap_or(byte) } else { *byte });
    }
    out
}

/// The pattern that matches the name `text` only.
pub(super) fn escape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 4);
    for byte in text {
        if b"*?[]{}\\".contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out
}
