//! The messages for malformed expressions.

use super::command::SyntaxError;
use super::list::whole_characters;
use crate::source::offset;

/// The mark for the place where something is missing.
const MARK: &str = "_@_";

/// From how many bytes on the text before and behind an error is cut.
const SHOWN_MAX: usize = 25;

/// How many remain when the text is cut and `...` put in place of the rest.
const SHOWN_CUT: usize = SHOWN_MAX - 3;

/// The place of an error in an expression.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The whole source; the expression is `source[start..end]`.
    pub source: &'a [u8],
    /// Start of the expression.
    pub start: usize,
    /// End of the expression.
    pub end: usize,
    /// Where the error is.
    pub at: usize,
    /// How many bytes at `at` are wrong.
    pub width: usize,
}

impl Place<'_> {
    /// `message` with the expression around the place. `marked` puts the mark
    /// at the place, and shows everything behind it as not yet looked at.
    pub(crate) fn error(
        &self,
        message: &[u8],
        marked: bool,
        post: &[u8],
        error_code: Option<&'static [&'static str]>,
    ) -> SyntaxError {
        let mut out = message.to_vec();
        let width = if marked { 0 } else { self.width };
        out.extend_from_slice(b"\nin expression \"");
        let before = self.at - self.start;
        if before < SHOWN_MAX {
            out.extend_from_slice(&self.source[self.start..self.at]);
        } else {
            out.extend_from_slice(b"...");
            push_clean(&mut out, &self.source[self.at - SHOWN_CUT..self.at]);
        }
        if marked {
            out.extend_from_slice(MARK.as_bytes());
        }
        push_shown(&mut out, &self.source[self.at..self.at + width]);
        push_shown(&mut out, &self.source[self.at + width..self.end]);
        out.push(b'"');
        out.extend_from_slice(post);
        SyntaxError {
            message: out,
            start: offset(self.start),
            at: offset(self.at),
            end: offset(self.end),
            error_code,
            incomplete: false,
        }
    }

    /// The wrong bytes, cut if they are many.
    pub(crate) fn shown(&self) -> Vec<u8> {
        let mut out = Vec::new();
        push_shown(&mut out, &self.source[self.at..self.at + self.width]);
        out
    }
}

/// `message` with the mark in place of `%s`.
pub(crate) fn at_mark(message: &str) -> Vec<u8> {
    format!("{message} at {MARK}").into_bytes()
}

/// Appends `text`, cut if it has [`SHOWN_MAX`] bytes or more.
fn push_shown(out: &mut Vec<u8>, text: &[u8]) {
    if text.len() < SHOWN_MAX {
        push_clean(out, text);
    } else {
        push_clean(out, &text[..SHOWN_CUT]);
        out.extend_from_slice(b"...");
    }
}

/// Appends `text` without cut-off characters at its ends.
fn push_clean(out: &mut Vec<u8>, text: &[u8]) {
    let start = text.iter().take(4).take_while(|byte| **byte & 0xC0 == 0x80).count();
    out.extend_from_slice(whole_characters(&text[start..]));
}

/// Appends the hint of a bareword's error: how it could have been meant.
pub(crate) fn bareword_hint(shown: &[u8]) -> Vec<u8> {
    let mut hint = b";\nshould be \"$".to_vec();
    hint.extend_from_slice(shown);
    hint.extend_from_slice(b"\" or \"{");
    hint.extend_from_slice(shown);
    hint.extend_from_slice(b"}\" or \"");
    hint.extend_from_slice(shown);
    hint.extend_from_slice(b"(...)\" or ...");
    hint
}
