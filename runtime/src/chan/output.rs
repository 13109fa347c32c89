//! What scripts have written and the system has not taken yet: encoded bytes.

use tclring_vm::text::encoding::{Encoding, Profile, State};
use tclring_vm::value::{Value, View};

use super::translate::LineEnd;

/// When output leaves the buffer by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buffering {
    /// When the buffer is full.
    Full,
    /// After a newline.
    Line,
    /// After each operation.
    None,
}

impl Buffering {
    /// The words of the option's values.
    pub const WORDS: [(&'static str, Buffering); 3] =
        [("full", Buffering::Full), ("line", Buffering::Line), ("none", Buffering::None)];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Buffering::Full => "full",
            Buffering::Line => "line",
            Buffering::None => "none",
        }
    }
}

/// Encoded bytes that wait.
#[derive(Default)]
pub struct Output {
    /// The bytes.
    pub buffer: Vec<u8>,
    /// What the encoder remembers.
    pub state: State,
}

/// How text becomes bytes.
pub struct Coding<'a> {
    /// The encoding.
    pub encoding: &'a Encoding,
    /// What happens to characters that it lacks.
    pub profile: Profile,
    /// What newlines become.
    pub line_end: LineEnd,
    /// Whether of characters beyond a byte the lowest eight bits are written.
    pub truncates: bool,
}

/// A character stands in a text that the encoding lacks.
#[derive(Clone, Copy, Debug)]
pub struct Unencodable;

impl Output {
    /// Appends the encoded form of a value; whether it has a newline.
    ///
    /// # Errors
    /// When the encoding lacks a character; what stands before it has been appended.
    pub fn append(&mut self, value: &Value, coding: &Coding<'_>) -> Result<bool, Unencodable> {
        if coding.encoding.is_latin1()
            && let View::Bytes(object) = value.view()
        {
            return Ok(self.append_bytes(object.bytes(), coding.line_end));
        }
        let text = value.text();
        let has_newline = memchr::memchr(b'\n', &text).is_some();
        let plain = coding.line_end == LineEnd::Lf || !has_newline;
        if plain {
            // A text that is known to be ASCII needs no second look.
            let known = matches!(value.view(), View::Str(object) if object.is_ascii());
            if known && coding.encoding.is_utf8() {
                self.buffer.extend_from_slice(&text);
            } else {
                self.encode(&text, coding)?;
            }
            return Ok(has_newline);
        }
        let mut start = 0;
        for at in memchr::memchr_iter(b'\n', &text) {
            self.encode(&text[start..at], coding)?;
            self.newline(coding)?;
            start = at + 1;
        }
        self.encode(&text[start..], coding)?;
        Ok(true)
    }

    /// Appends a newline in the channel's form.
    ///
    /// # Errors
    /// When the encoding has none.
    pub fn newline(&mut self, coding: &Coding<'_>) -> Result<(), Unencodable> {
        let text: &[u8] = match coding.line_end {
            LineEnd::Cr => b"\r",
            LineEnd::CrLf => b"\r\n",
            LineEnd::Lf | LineEnd::Auto => b"\n",
        };
        self.encode(text, coding)
    }

    fn encode(&mut self, text: &[u8], coding: &Coding<'_>) -> Result<(), Unencodable> {
        if coding.encoding.is_utf8() && std::str::from_utf8(text).is_ok() {
            self.buffer.extend_from_slice(text);
            return Ok(());
        }
        if coding.truncates {
            self.buffer.extend(tclring_compiler::syntax::text::chars(text).map(|c| c as u8));
            return Ok(());
        }
        coding
            .encoding
            .encode(&mut self.state, text, false, coding.profile, &mut self.buffer)
            .map_err(|_| Unencodable)
    }

    /// Appends bytes that are characters of the same numbers; whether they have a newline.
    fn append_bytes(&mut self, bytes: &[u8], line_end: LineEnd) -> bool {
        let has_newline = memchr::memchr(b'\n', bytes).is_some();
        if !has_newline || matches!(line_end, LineEnd::Lf | LineEnd::Auto) {
            self.buffer.extend_from_slice(bytes);
            return has_newline;
        }
        let mut start = 0;
        for at in memchr::memchr_iter(b'\n', bytes) {
            self.buffer.extend_from_slice(&bytes[start..at]);
            self.buffer.extend_from_slice(if line_end == LineEnd::Cr { b"\r" } else { b"\r\n" });
            start = at + 1;
        }
        self.buffer.extend_from_slice(&bytes[start..]);
        true
    }
}
