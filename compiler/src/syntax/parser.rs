//! The recursive descent behind [`super::command`] and [`super::subst`].
//!
//! A cursor over the source. Recursion happens in one place, a bracket or an
//! array index inside another, and is counted. On an error the cursor may be
//! anywhere but where a function says so.

use super::backslash::{newline_width, push_backslash};
use super::command::{
    Command, NESTING_MAX, NESTING_MESSAGE, Part, Script, SyntaxError, Variable, Word, WordBody,
};
use super::number::is_blank;
use super::subst::SubstFlags;
use super::text::char_width;
use crate::Mode;
use crate::source::{Span, offset};

/// Where a run of pieces ends, besides the end of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stops(u8);

impl Stops {
    /// Nowhere else: an argument of `subst`.
    pub(crate) const NONE: Stops = Stops(0);
    /// At blanks and command ends: a bare word.
    const WORD: Stops = Stops(BLANK | COMMAND_END);
    /// The same, and at a closing bracket.
    const NESTED_WORD: Stops = Stops(BLANK | COMMAND_END | BRACKET);
    /// At a quote.
    const QUOTE: Stops = Stops(QUOTE);
    /// At a closing parenthesis, and at what Tcl 9 rejects in an array index.
    const INDEX: Stops = Stops(CLOSE_PAREN | QUOTE | BAD_INDEX);
    /// At a closing parenthesis.
    const INDEX_86: Stops = Stops(CLOSE_PAREN);
}

const BLANK: u8 = 1;
const COMMAND_END: u8 = 2;
const BRACKET: u8 = 4;
const QUOTE: u8 = 8;
const CLOSE_PAREN: u8 = 16;
const BAD_INDEX: u8 = 32;
/// `$`, `[` and backslash: always looked at.
const SUBSTITUTED: u8 = 64;

/// The classes of each byte.
const CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    table[b' ' as usize] = BLANK;
    table[b'\t' as usize] = BLANK;
    table[0x0B] = BLANK;
    table[0x0C] = BLANK;
    table[b'\r' as usize] = BLANK;
    table[b'\n' as usize] = COMMAND_END;
    table[b';' as usize] = COMMAND_END;
    table[b']' as usize] = BRACKET;
    table[b'"' as usize] = QUOTE;
    table[b')' as usize] = CLOSE_PAREN;
    table[b'(' as usize] = BAD_INDEX;
    table[b'{' as usize] = BAD_INDEX;
    table[b'}' as usize] = BAD_INDEX;
    table[b'$' as usize] = SUBSTITUTED;
    table[b'[' as usize] = SUBSTITUTED;
    table[b'\\' as usize] = SUBSTITUTED;
    table
};

fn class(byte: u8) -> u8 {
    CLASSES[byte as usize]
}

/// A byte of a name: letter, digit or underscore, ASCII only.
pub(crate) fn is_bareword(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What [`Parser::parts`] met besides the pieces.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Met {
    /// At least one backslash sequence, so that the text differs from the
    /// source.
    backslash: bool,
}

/// A cursor over `source[..end]`.
pub(crate) struct Parser<'a> {
    source: &'a [u8],
    /// The offset of the next byte.
    pub(crate) at: usize,
    mode: Mode,
    depth: u32,
    /// Whether the last command parsed was ended by the end of the text right
    /// behind a backslash-newline.
    pub(crate) ends_in_continuation: bool,
}

impl<'a> Parser<'a> {
    /// A cursor at the start of `source[..end]`, inside `depth` brackets.
    pub(crate) fn new(source: &'a [u8], end: usize, mode: Mode, depth: u32) -> Parser<'a> {
        Parser { source: &source[..end], at: 0, mode, depth, ends_in_continuation: false }
    }

    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.source.get(self.at + ahead).copied()
    }

    fn at_end(&self) -> bool {
        self.at >= self.source.len()
    }

    /// An error at byte `at`; `start` is set by the command around it.
    fn error(&self, message: &str, at: usize, incomplete: bool) -> SyntaxError {
        let shown = match self.source.get(at) {
            // A character of more than one byte is not shown, as the
            // reference cuts behind its first byte.
            Some(&lead) if char_width(lead) > 1 => at,
            Some(_) => at + 1,
            None => at,
        };
        SyntaxError {
            message: message.as_bytes().to_vec(),
            start: 0,
            at: offset(at),
            end: offset(shown),
            error_code: None,
            incomplete,
        }
    }

    /// Skips blanks and backslash-newlines.
    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            if class(byte) == BLANK {
                self.at += 1;
            } else if byte == b'\\' && self.peek_at(1) == Some(b'\n') {
                self.at += 2;
                if self.at_end() {
                    self.ends_in_continuation = true;
                }
            } else {
                break;
            }
        }
    }

    /// Skips blanks, newlines and comments before a command.
    fn skip_to_command(&mut self) {
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'\n') => self.at += 1,
                Some(b';') => {
                    self.at += 1;
                    // An empty command ends here.
                    self.ends_in_continuation &= self.at_end();
                }
                Some(b'#') => self.skip_comment(),
                _ => return,
            }
        }
    }

    /// The cursor is on the `#`. An empty line behind a backslash-newline ends
    /// the comment, and counts as if the text ended there.
    fn skip_comment(&mut self) {
        self.ends_in_continuation = false;
        while let Some(step) = memchr::memchr2(b'\n', b'\\', &self.source[self.at..]) {
            self.at += step;
            if self.peek() == Some(b'\n') {
                self.at += 1;
                return;
            }
            let continued = self.peek_at(1) == Some(b'\n');
            self.at = (self.at + 2).min(self.source.len());
            self.ends_in_continuation |= continued && matches!(self.peek(), None | Some(b'\n'));
        }
        self.at = self.source.len();
    }

    /// The next command, or `None` at the end of the text and, if `nested`,
    /// in front of a closing bracket. The cursor moves behind the terminator,
    /// but stays in front of a closing bracket.
    pub(crate) fn next_command(&mut self, nested: bool) -> Result<Option<Command>, SyntaxError> {
        self.ends_in_continuation = false;
        self.skip_to_command();
        let start = self.at;
        let stops = if nested { Stops::NESTED_WORD } else { Stops::WORD };
        let mut words = Vec::new();
        loop {
            match self.peek() {
                None => break,
                Some(byte) if class(byte) & stops.0 != 0 => break,
                Some(_) => {}
            }
            match self.word(stops) {
                Ok(word) => words.push(word),
                Err(error) => return Err(SyntaxError { start: offset(start), ..error }),
            }
            self.skip_blanks();
        }
        if words.is_empty() {
            return Ok(None);
        }
        let span = Span::new(start, self.at);
        if matches!(self.peek(), Some(b'\n' | b';')) {
            self.at += 1;
        }
        Ok(Some(Command { span, words }))
    }

    fn word(&mut self, stops: Stops) -> Result<Word, SyntaxError> {
        let start = self.at;
        let expand = self.source[start..].starts_with(b"{*}")
            && self.peek_at(3).is_some_and(|byte| class(byte) & stops.0 == 0)
            && !self.source[start + 3..].starts_with(b"\\\n");
        if expand {
            self.at += 3;
        }
        let body = match self.peek() {
            Some(b'"') => {
                let body = self.quoted()?;
                self.expect_word_end(stops, "extra characters after close-quote")?;
                body
            }
            Some(b'{') => {
                let body = self.braced()?;
                self.expect_word_end(stops, "extra characters after close-brace")?;
                body
            }
            _ => self.word_body(stops)?,
        };
        Ok(Word { span: Span::new(start, self.at), expand, body })
    }

    fn expect_word_end(&self, stops: Stops, message: &str) -> Result<(), SyntaxError> {
        match self.peek() {
            None => Ok(()),
            Some(byte) if class(byte) & stops.0 != 0 => Ok(()),
            Some(b'\\') if self.peek_at(1) == Some(b'\n') => Ok(()),
            Some(_) => Err(self.error(message, self.at, false)),
        }
    }

    /// A run of pieces as a word body.
    fn word_body(&mut self, stops: Stops) -> Result<WordBody, SyntaxError> {
        let start = self.at;
        let mut parts = Vec::new();
        let met = self.parts(stops, SubstFlags::ALL, &mut parts)?;
        let literal = match parts.as_mut_slice() {
            [] => Vec::new(),
            [Part::Text(text)] => std::mem::take(text),
            _ => return Ok(WordBody::Parts(parts)),
        };
        let origin = (!met.backslash).then(|| Span::new(start, self.at));
        Ok(WordBody::Literal { text: literal, origin, braced: false })
    }

    /// A word in quotes; the cursor is on the opening quote and moves behind
    /// the closing one.
    pub(crate) fn quoted(&mut self) -> Result<WordBody, SyntaxError> {
        let open = self.at;
        self.at += 1;
        let body = self.word_body(Stops::QUOTE)?;
        if self.at_end() {
            return Err(self.error("missing \"", open, true));
        }
        self.at += 1;
        Ok(body)
    }

    /// A word in braces; the cursor is on the opening brace and moves behind
    /// the closing one.
    pub(crate) fn braced(&mut self) -> Result<WordBody, SyntaxError> {
        let open = self.at;
        let mut text = Vec::new();
        let mut copied = open + 1;
        let mut nesting = 1u32;
        self.at += 1;
        while let Some(step) = memchr::memchr3(b'{', b'}', b'\\', &self.source[self.at..]) {
            self.at += step;
            match self.source[self.at] {
                b'{' => nesting += 1,
                b'}' => {
                    nesting -= 1;
                    if nesting == 0 {
                        let origin = (copied == open + 1).then(|| Span::new(open + 1, self.at));
                        text.extend_from_slice(&self.source[copied..self.at]);
                        self.at += 1;
                        return Ok(WordBody::Literal { text, origin, braced: true });
                    }
                }
                _ if self.peek_at(1) == Some(b'\n') => {
                    text.extend_from_slice(&self.source[copied..self.at]);
                    text.push(b' ');
                    self.at += newline_width(self.source, self.at);
                    copied = self.at;
                    continue;
                }
                _ => self.at += usize::from(self.peek_at(1).is_some()),
            }
            self.at += 1;
        }
        self.at = self.source.len();
        let message = match self.is_comment_suspected(open) {
            true => "missing close-brace: possible unbalanced brace in comment",
            false => "missing close-brace",
        };
        Err(self.error(message, open, true))
    }

    /// Whether an opening brace behind `open` stands in what looks like a
    /// comment: on one line behind a `#` that follows a blank.
    fn is_comment_suspected(&self, open: usize) -> bool {
        let mut brace = false;
        for at in (open + 1..self.source.len()).rev() {
            match self.source[at] {
                b'{' => brace = true,
                b'\n' => brace = false,
                b'#' if brace && is_blank(self.source[at - 1]) => return true,
                _ => {}
            }
        }
        false
    }

    /// Appends the pieces up to one of `stops` to `parts`; the cursor stays in
    /// front of the stop. On an error `parts` holds the pieces before it, and
    /// the cursor is in front of the malformed piece.
    pub(crate) fn parts(
        &mut self,
        stops: Stops,
        flags: SubstFlags,
        parts: &mut Vec<Part>,
    ) -> Result<Met, SyntaxError> {
        let mut text = Vec::new();
        let mut met = Met::default();
        let interesting = stops.0 | SUBSTITUTED;
        while let Some(byte) = self.peek() {
            if class(byte) & stops.0 != 0 {
                break;
            }
            let start = self.at;
            match byte {
                b'\\' if flags.backslashes => {
                    if self.peek_at(1) == Some(b'\n') {
                        if stops.0 & BLANK != 0 {
                            break;
                        }
                        self.ends_in_continuation |= start + 2 == self.source.len();
                    }
                    self.at += push_backslash(self.source, start, &mut text);
                    met.backslash = true;
                    continue;
                }
                b'$' if flags.variables => {
                    let variable = self.variable().map_err(|error| {
                        self.at = start;
                        flush(&mut text, parts);
                        error
                    })?;
                    if let Some(variable) = variable {
                        flush(&mut text, parts);
                        parts.push(Part::Variable(variable));
                        continue;
                    }
                }
                b'[' if flags.commands => {
                    flush(&mut text, parts);
                    let part = self.bracketed().inspect_err(|_| self.at = start)?;
                    parts.push(part);
                    continue;
                }
                _ => {}
            }
            self.at = start + 1;
            while self.peek().is_some_and(|byte| class(byte) & interesting == 0) {
                self.at += 1;
            }
            text.extend_from_slice(&self.source[start..self.at]);
        }
        flush(&mut text, parts);
        Ok(met)
    }

    /// Counts one more level of nesting around `inside`.
    fn deeper<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.depth >= NESTING_MAX {
            let error = self.error(NESTING_MESSAGE, self.at, false);
            return Err(SyntaxError { error_code: Some(&["TCL", "LIMIT", "STACK"]), ..error });
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        result
    }

    /// A script in brackets; the cursor is on the opening bracket and moves
    /// behind the closing one.
    pub(crate) fn bracketed(&mut self) -> Result<Part, SyntaxError> {
        let open = self.at;
        let continuation = self.ends_in_continuation;
        let script = self.deeper(|parser| {
            parser.at += 1;
            let mut commands = Vec::new();
            loop {
                let command = parser.next_command(true)?;
                let is_last = command.as_ref().is_none_or(|command| command.span.end as usize == parser.at);
                commands.extend(command);
                if parser.at_end() {
                    return Err(parser.error("missing close-bracket", open, true));
                }
                if is_last && !parser.ends_in_continuation {
                    break;
                }
                // As in the reference, a bracket does not close what seems to
                // lack a line.
                parser.at += usize::from(is_last);
            }
            Ok(Script { commands, error: None })
        })?;
        self.ends_in_continuation = continuation;
        let span = Span::new(open + 1, self.at);
        self.at += 1;
        Ok(Part::Script { span, script })
    }

    /// The commands in front of an error in the brackets that open at the
    /// cursor, as `subst` runs them: those that a newline or semicolon ends.
    pub(crate) fn commands_before_error(&mut self) -> (Script, Span) {
        let start = self.at + 1;
        self.at = start;
        let mut commands = Vec::new();
        let mut end = start;
        let error = loop {
            match self.next_command(false) {
                Ok(Some(command)) if (command.span.end as usize) < self.source.len() => {
                    end = self.at;
                    commands.push(command);
                }
                Ok(_) => break self.error("missing close-bracket", start - 1, true),
                Err(error) => break error,
            }
        };
        (Script { commands, error: Some(error) }, Span::new(start, end))
    }

    /// The variable substitution at the cursor, which is on a `$` and moves
    /// behind it; `None`, with the cursor unmoved, if the `$` stands for
    /// itself.
    pub(crate) fn variable(&mut self) -> Result<Option<Variable>, SyntaxError> {
        let start = self.at;
        self.at += 1;
        if self.peek() == Some(b'{') {
            return self.braced_variable(start).map(Some);
        }
        let name_start = self.at;
        self.skip_name();
        let name = self.source[name_start..self.at].to_vec();
        if self.peek() != Some(b'(') {
            if name.is_empty() {
                self.at = start;
                return Ok(None);
            }
            return Ok(Some(Variable { span: Span::new(start, self.at), name, index: None }));
        }
        let open = self.at;
        let index = self.deeper(|parser| {
            parser.at += 1;
            let stops = match parser.mode {
                Mode::Tcl90 => Stops::INDEX,
                Mode::Tcl86 => Stops::INDEX_86,
            };
            let mut parts = Vec::new();
            parser.parts(stops, SubstFlags::ALL, &mut parts)?;
            Ok(parts)
        })?;
        match self.peek() {
            Some(b')') => {}
            None => return Err(self.error("missing )", open, true)),
            Some(_) => return Err(self.error("invalid character in array index", open, false)),
        }
        self.at += 1;
        Ok(Some(Variable { span: Span::new(start, self.at), name, index: Some(index) }))
    }

    /// Skips letters, digits, underscores and runs of two or more colons.
    fn skip_name(&mut self) {
        while let Some(byte) = self.peek() {
            if is_bareword(byte) {
                self.at += 1;
            } else if byte == b':' && self.peek_at(1) == Some(b':') {
                while self.peek() == Some(b':') {
                    self.at += 1;
                }
            } else {
                break;
            }
        }
    }

    /// `${name}`. Tcl 9 lets braces nest and a backslash protect one.
    fn braced_variable(&mut self, start: usize) -> Result<Variable, SyntaxError> {
        let open = self.at;
        self.at += 1;
        let mut nesting = 0u32;
        while let Some(byte) = self.peek() {
            match byte {
                b'}' if nesting == 0 => {
                    let name = self.source[open + 1..self.at].to_vec();
                    self.at += 1;
                    return Ok(Variable { span: Span::new(start, self.at), name, index: None });
                }
                _ if self.mode == Mode::Tcl86 => {}
                b'}' => nesting -= 1,
                b'{' => nesting += 1,
                b'\\' => self.at += usize::from(self.peek_at(1).is_some()),
                _ => {}
            }
            self.at += 1;
        }
        Err(self.error("missing close-brace for variable name", open, true))
    }
}

fn flush(text: &mut Vec<u8>, parts: &mut Vec<Part>) {
    if !text.is_empty() {
        parts.push(Part::Text(std::mem::take(text)));
    }
}
