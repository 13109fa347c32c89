//! The recursive descent behind [`super::command`] and [`super::subst`].
//!
//! A cursor over the source. Recursion happens in one place, a bracket or an
//! array index inside another, and is counted. The functions on that way append
//! to what their caller owns and return errors boxed, since their stack frames
//! decide how deep nesting may go. On an error the cursor may be anywhere but
//! where a function says so.

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

/// The answer of the parser's functions.
pub(crate) type Parsed<T> = Result<T, Box<SyntaxError>>;

/// What [`Parser::pieces`] collects.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    /// The finished pieces.
    pub(crate) parts: Vec<Part>,
    /// Text that belongs to no finished piece yet.
    text: Vec<u8>,
    /// At least one backslash sequence was substituted, so that the text
    /// differs from the source.
    backslash: bool,
}

impl Pieces {
    /// Makes a piece of the text collected so far.
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(std::mem::take(&mut self.text)));
        }
    }

    /// The pieces as a word that stands in `span`, delimiters left out.
    #[inline(never)]
    fn into_body(mut self, span: Span) -> WordBody {
        let text = match self.parts.as_mut_slice() {
            [] => Vec::new(),
            [Part::Text(text)] => std::mem::take(text),
            _ => return WordBody::Parts(self.parts),
        };
        WordBody::Literal { text, origin: (!self.backslash).then_some(span), braced: false }
    }
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
    #[inline(never)]
    fn error(&self, message: &str, at: usize, incomplete: bool) -> Box<SyntaxError> {
        let shown = match self.source.get(at) {
            // A character of more than one byte is not shown, as the
            // reference cuts behind its first byte.
            Some(&lead) if char_width(lead) > 1 => at,
            Some(_) => at + 1,
            None => at,
        };
        Box::new(SyntaxError {
            message: message.as_bytes().to_vec(),
            start: 0,
            at: offset(at),
            end: offset(shown),
            error_code: None,
            incomplete,
        })
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

    /// Appends the next command to `commands`; answers no at the end of the
    /// text and, if `nested`, in front of a closing bracket. The cursor moves
    /// behind the terminator, but stays in front of a closing bracket.
    pub(crate) fn command(&mut self, nested: bool, commands: &mut Vec<Command>) -> Parsed<bool> {
        self.ends_in_continuation = false;
        self.skip_to_command();
        let start = self.at;
        let stops = if nested { Stops::NESTED_WORD } else { Stops::WORD };
        let mut words = Vec::new();
        while self.peek().is_some_and(|byte| class(byte) & stops.0 == 0) {
            if let Err(mut error) = self.word(stops, &mut words) {
                error.start = offset(start);
                return Err(error);
            }
            self.skip_blanks();
        }
        if words.is_empty() {
            return Ok(false);
        }
        let span = Span::new(start, self.at);
        if matches!(self.peek(), Some(b'\n' | b';')) {
            self.at += 1;
        }
        commands.push(Command { span, words });
        Ok(true)
    }

    /// Appends the word at the cursor to `words`.
    fn word(&mut self, stops: Stops, words: &mut Vec<Word>) -> Parsed<()> {
        let start = self.at;
        let expand = self.source[start..].starts_with(b"{*}")
            && self.peek_at(3).is_some_and(|byte| class(byte) & stops.0 == 0)
            && !self.source[start + 3..].starts_with(b"\\\n");
        if expand {
            self.at += 3;
        }
        if self.peek() == Some(b'{') {
            let body = self.braced()?;
            words.push(Word { span: Span::new(start, self.at), expand, body });
            return self.expect_word_end(stops, "extra characters after close-brace");
        }
        let quoted = self.peek() == Some(b'"');
        let mut inside = Span::new(self.at, self.at);
        let mut pieces = Pieces::default();
        if quoted {
            inside = self.quoted(&mut pieces)?;
            self.expect_word_end(stops, "extra characters after close-quote")?;
        } else {
            self.pieces(stops, SubstFlags::ALL, &mut pieces)?;
            inside.end = offset(self.at);
        }
        words.push(Word { span: Span::new(start, self.at), expand, body: pieces.into_body(inside) });
        Ok(())
    }

    fn expect_word_end(&self, stops: Stops, message: &str) -> Parsed<()> {
        match self.peek() {
            None => Ok(()),
            Some(byte) if class(byte) & stops.0 != 0 => Ok(()),
            Some(b'\\') if self.peek_at(1) == Some(b'\n') => Ok(()),
            Some(_) => Err(self.error(message, self.at, false)),
        }
    }

    /// Collects the pieces of a word in quotes; the cursor is on the opening
    /// quote and moves behind the closing one. Answers where the text inside
    /// the quotes stands.
    fn quoted(&mut self, pieces: &mut Pieces) -> Parsed<Span> {
        let open = self.at;
        self.at += 1;
        self.pieces(Stops::QUOTE, SubstFlags::ALL, pieces)?;
        if self.at_end() {
            return Err(self.error("missing \"", open, true));
        }
        self.at += 1;
        Ok(Span::new(open + 1, self.at - 1))
    }

    /// A word in quotes.
    pub(crate) fn quoted_word(&mut self) -> Parsed<WordBody> {
        let mut pieces = Pieces::default();
        let inside = self.quoted(&mut pieces)?;
        Ok(pieces.into_body(inside))
    }

    /// A word in braces; the cursor is on the opening brace and moves behind
    /// the closing one.
    #[inline(never)]
    pub(crate) fn braced(&mut self) -> Parsed<WordBody> {
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

    /// Collects the pieces up to one of `stops`; the cursor stays in front of
    /// the stop. On an error `pieces` holds the pieces before it, and the
    /// cursor is in front of the malformed piece.
    pub(crate) fn pieces(&mut self, stops: Stops, flags: SubstFlags, pieces: &mut Pieces) -> Parsed<()> {
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
                    self.at += push_backslash(self.source, start, &mut pieces.text);
                    pieces.backslash = true;
                    continue;
                }
                b'$' if flags.variables && self.starts_variable() => {
                    pieces.flush();
                    self.variable(&mut pieces.parts).inspect_err(|_| self.at = start)?;
                    continue;
                }
                b'[' if flags.commands => {
                    pieces.flush();
                    self.bracketed(&mut pieces.parts).inspect_err(|_| self.at = start)?;
                    continue;
                }
                _ => {}
            }
            self.at = start + 1;
            while self.peek().is_some_and(|byte| class(byte) & interesting == 0) {
                self.at += 1;
            }
            pieces.text.extend_from_slice(&self.source[start..self.at]);
        }
        pieces.flush();
        Ok(())
    }

    /// Counts one more level of nesting. An error leaves the count as it is:
    /// nothing is parsed behind it with the same parser, but for what
    /// [`Parser::commands_before_error`] does.
    fn enter(&mut self) -> Parsed<()> {
        if self.depth >= NESTING_MAX {
            let mut error = self.error(NESTING_MESSAGE, self.at, false);
            error.error_code = Some(&["TCL", "LIMIT", "STACK"]);
            return Err(error);
        }
        self.depth += 1;
        Ok(())
    }

    /// Appends the script in brackets to `parts`; the cursor is on the opening
    /// bracket and moves behind the closing one.
    pub(crate) fn bracketed(&mut self, parts: &mut Vec<Part>) -> Parsed<()> {
        let open = self.at;
        let continuation = self.ends_in_continuation;
        self.enter()?;
        self.at += 1;
        let mut commands = Vec::new();
        loop {
            let found = self.command(true, &mut commands)?;
            let end = commands.last().map(|command: &Command| command.span.end as usize);
            let is_last = !found || end == Some(self.at);
            if self.at_end() {
                return Err(self.error("missing close-bracket", open, true));
            }
            if is_last && !self.ends_in_continuation {
                break;
            }
            // As in the reference, a bracket does not close what seems to
            // lack a line.
            self.at += usize::from(is_last);
        }
        self.depth -= 1;
        self.ends_in_continuation = continuation;
        let span = Span::new(open + 1, self.at);
        self.at += 1;
        parts.push(Part::Script { span, script: Script { commands, error: None } });
        Ok(())
    }

    /// The commands in front of an error in the brackets that open at the
    /// cursor, as `subst` runs them: those that a newline or semicolon ends.
    pub(crate) fn commands_before_error(mut self, depth: u32) -> (Script, Span) {
        let start = self.at + 1;
        self.at = start;
        self.depth = depth + 1;
        let mut commands: Vec<Command> = Vec::new();
        let mut end = start;
        let error = loop {
            match self.command(false, &mut commands) {
                Ok(true)
                    if commands.last().is_some_and(|last| (last.span.end as usize) < self.source.len()) =>
                {
                    end = self.at;
                }
                Ok(found) => {
                    commands.truncate(commands.len() - usize::from(found));
                    break self.error("missing close-bracket", start - 1, true);
                }
                Err(error) => break error,
            }
        };
        (Script { commands, error: Some(*error) }, Span::new(start, end))
    }

    /// Whether the `$` at the cursor begins a variable substitution and does
    /// not stand for itself.
    pub(crate) fn starts_variable(&self) -> bool {
        match self.peek_at(1) {
            Some(b'{' | b'(') => true,
            Some(b':') => self.peek_at(2) == Some(b':'),
            next => next.is_some_and(is_bareword),
        }
    }

    /// Appends the variable substitution at the cursor, which is on its `$`
    /// and moves behind it, to `parts`.
    pub(crate) fn variable(&mut self, parts: &mut Vec<Part>) -> Parsed<()> {
        let start = self.at;
        self.at += 1;
        if self.peek() == Some(b'{') {
            parts.push(Part::Variable(self.braced_variable(start)?));
            return Ok(());
        }
        self.skip_name();
        let open = self.at;
        let index = if self.peek() == Some(b'(') { Some(self.index()?) } else { None };
        let name = self.source[start + 1..open].to_vec();
        parts.push(Part::Variable(Variable { span: Span::new(start, self.at), name, index }));
        Ok(())
    }

    /// The index in parentheses; the cursor is on the opening parenthesis and
    /// moves behind the closing one.
    fn index(&mut self) -> Parsed<Vec<Part>> {
        let open = self.at;
        self.enter()?;
        self.at += 1;
        let stops = match self.mode {
            Mode::Tcl90 => Stops::INDEX,
            Mode::Tcl86 => Stops::INDEX_86,
        };
        let mut pieces = Pieces::default();
        self.pieces(stops, SubstFlags::ALL, &mut pieces)?;
        self.depth -= 1;
        match self.peek() {
            Some(b')') => {}
            None => return Err(self.error("missing )", open, true)),
            Some(_) => return Err(self.error("invalid character in array index", open, false)),
        }
        self.at += 1;
        Ok(pieces.parts)
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
    #[inline(never)]
    fn braced_variable(&mut self, start: usize) -> Parsed<Variable> {
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
