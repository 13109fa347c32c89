//! The tokens of a pattern.
//!
//! The lexer knows the four flavours, the directors and embedded options at the
//! start, expanded syntax and escapes. Like the reference it is one token ahead
//! of the parser, which decides which of two errors is reported. It does not
//! know what may follow what, but for the few rules of basic expressions that
//! depend on the token before.

use super::error::RegexError;
use super::notes::{Note, Notes};
use super::{Flags, Flavour};
use crate::text::class::Class;
use tclring_compiler::syntax::text::{CODE_POINT_MAX, decode};

/// A place-dependent condition that consumes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Assertion {
    /// The start of the text, if it is the start of a line: `^`.
    LineStart,
    /// The same, or behind a newline: `^` when anchors look at lines.
    AnyLineStart,
    /// The start of the text: `\A`.
    TextStart,
    /// The end of the text: `\Z`, and `$`.
    TextEnd,
    /// The same, or before a newline: `$` when anchors look at lines.
    AnyLineEnd,
    /// `\m`
    WordStart,
    /// `\M`
    WordEnd,
    /// `\y`
    WordEdge,
    /// `\Y`
    NoWordEdge,
}

impl Assertion {
    /// Whether it matters where newlines are.
    pub(super) fn asks_lines(self) -> bool {
        matches!(self, Assertion::AnyLineStart | Assertion::AnyLineEnd)
    }

    /// Whether it matters where words are.
    pub(super) fn asks_words(self) -> bool {
        matches!(
            self,
            Assertion::WordStart | Assertion::WordEnd | Assertion::WordEdge | Assertion::NoWordEdge
        )
    }
}

/// A token; the last five appear in bracket expressions only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    End,
    Char(u32),
    Any,
    OpenBracket {
        negated: bool,
    },
    Assert(Assertion),
    Quantifier {
        min: u16,
        max: u16,
        greedy: bool,
    },
    OpenBound,
    Number(u16),
    Comma,
    CloseBound {
        greedy: bool,
    },
    Open {
        captures: bool,
    },
    OpenLook {
        negative: bool,
    },
    Close,
    Or,
    BackReference(usize),
    Class {
        class: Class,
        negated: bool,
    },
    Dash,
    CloseBracket,
    /// The start of `[.name.]`; see [`Lexer::name`].
    Element,
    /// The start of `[=name=]`.
    Equivalence,
    /// The start of `[:name:]`.
    ClassName,
}

/// The upper end of a bound that has none.
pub(super) const UNBOUNDED: u16 = u16::MAX;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Plain,
    Bound,
    Bracket,
}

/// See the module.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    context: Context,
    /// The token before the one that is read next, `None` at the start.
    before: Option<Token>,
    /// The flags with the embedded options applied.
    pub(super) flags: Flags,
    pub(super) notes: Notes,
    /// How many capturing groups were opened so far; it decides whether `\12`
    /// is a back reference.
    pub(super) groups_opened: usize,
}

impl<'a> Lexer<'a> {
    /// Reads the directors and embedded options at the start of `text`.
    pub(super) fn new(text: &'a [u8], flags: Flags) -> Result<Lexer<'a>, RegexError> {
        let mut lexer = Lexer {
            text,
            at: 0,
            context: Context::Plain,
            before: None,
            flags,
            notes: Notes::default(),
            groups_opened: 0,
        };
        lexer.prefixes()?;
        Ok(lexer)
    }

    fn peek(&self) -> Option<u32> {
        self.peek_at(0)
    }

    /// The character `skip` bytes ahead.
    fn peek_at(&self, skip: usize) -> Option<u32> {
        let at = self.at + skip;
        (at < self.text.len()).then(|| decode(self.text, at).0)
    }

    fn read(&mut self) -> Option<u32> {
        let at = self.at;
        (at < self.text.len()).then(|| {
            let (c, width) = decode(self.text, at);
            self.at += width;
            c
        })
    }

    fn starts_with(&self, literal: &[u8]) -> bool {
        self.text[self.at..].starts_with(literal)
    }

    fn eat(&mut self, literal: &[u8]) -> bool {
        let found = self.starts_with(literal);
        if found {
            self.at += literal.len();
        }
        found
    }

    fn advanced(&self) -> bool {
        self.flags.flavour == Flavour::Advanced
    }

    fn prefixes(&mut self) -> Result<(), RegexError> {
        if self.flags.flavour == Flavour::Literal {
            return Ok(());
        }
        if self.starts_with(b"***") {
            match self.text.get(3) {
                Some(b'?') => {
                    self.notes.add(Note::NonPosix);
                    return Err(RegexError::BadPattern);
                }
                Some(b'=') => {
                    self.notes.add(Note::NonPosix);
                    self.flags.flavour = Flavour::Literal;
                    self.flags.expanded = false;
                    self.flags.line_stop = false;
                    self.flags.line_anchor = false;
                    self.at += 4;
                    return Ok(());
                }
                Some(b':') => {
                    self.notes.add(Note::NonPosix);
                    self.flags.flavour = Flavour::Advanced;
                    self.at += 4;
                }
                _ => return Err(RegexError::BadQuantifier),
            }
        }
        if !self.advanced() {
            return Ok(());
        }
        if self.starts_with(b"(?") && self.peek_at(2).is_some_and(|c| Class::Alpha.contains(c)) {
            self.at += 2;
            self.options()?;
        }
        Ok(())
    }

    fn options(&mut self) -> Result<(), RegexError> {
        self.notes.add(Note::NonPosix);
        loop {
            let Some(c) = self.read() else { return Err(RegexError::BadOption) };
            let flags = &mut self.flags;
            match char::from_u32(c) {
                Some(')') => break,
                Some('b') => flags.flavour = Flavour::Basic,
                Some('c') => flags.nocase = false,
                Some('e') => flags.flavour = Flavour::Extended,
                Some('i') => flags.nocase = true,
                Some('m' | 'n') => (flags.line_stop, flags.line_anchor) = (true, true),
                Some('p') => (flags.line_stop, flags.line_anchor) = (true, false),
                Some('q') => flags.flavour = Flavour::Literal,
                Some('s') => (flags.line_stop, flags.line_anchor) = (false, false),
                Some('t') => flags.expanded = false,
                Some('w') => (flags.line_stop, flags.line_anchor) = (false, true),
                Some('x') => flags.expanded = true,
                _ => return Err(RegexError::BadOption),
            }
        }
        if self.flags.flavour == Flavour::Literal {
            self.flags.expanded = false;
            self.flags.line_stop = false;
            self.flags.line_anchor = false;
        }
        Ok(())
    }

    /// Reads the next token.
    pub(super) fn next(&mut self) -> Result<Token, RegexError> {
        let token = match (self.context, self.flags.flavour) {
            (Context::Bracket, _) => self.in_bracket()?,
            (_, Flavour::Literal) => self.read().map_or(Token::End, Token::Char),
            (Context::Bound, _) => {
                self.skip_expanded();
                self.in_bound()?
            }
            (Context::Plain, Flavour::Basic) => {
                self.skip_expanded();
                self.basic()?
            }
            (Context::Plain, _) => self.extended()?,
        };
        self.before = Some(token);
        Ok(token)
    }

    /// Passes over white space and comments of expanded syntax.
    fn skip_expanded(&mut self) {
        if !self.flags.expanded {
            return;
        }
        let start = self.at;
        while let Some(c) = self.peek() {
            if c == u32::from('#') {
                while self.peek().is_some_and(|c| c != 0x0A) {
                    self.read();
                }
            } else if Class::Space.contains(c) {
                self.read();
            } else {
                break;
            }
        }
        if self.at != start {
            self.notes.add(Note::NonPosix);
        }
    }

    fn in_bound(&mut self) -> Result<Token, RegexError> {
        let Some(c) = self.read() else { return Err(RegexError::Braces) };
        let basic = self.flags.flavour == Flavour::Basic;
        match char::from_u32(c) {
            Some(c @ '0'..='9') => Ok(Token::Number(c as u16 - '0' as u16)),
            Some(',') => Ok(Token::Comma),
            Some('}') if !basic => {
                self.context = Context::Plain;
                Ok(Token::CloseBound { greedy: !self.eat_shortest() })
            }
            Some('\\') if basic && self.eat(b"}") => {
                self.context = Context::Plain;
                Ok(Token::CloseBound { greedy: true })
            }
            _ => Err(RegexError::BadBound),
        }
    }

    /// Reads the `?` that makes a quantifier prefer the shortest match.
    fn eat_shortest(&mut self) -> bool {
        let found = self.advanced() && self.eat(b"?");
        if found {
            self.notes.add(Note::NonPosix);
        }
        found
    }

    fn in_bracket(&mut self) -> Result<Token, RegexError> {
        let first = matches!(self.before, Some(Token::OpenBracket { .. }));
        let Some(c) = self.read() else { return Err(RegexError::Brackets) };
        match char::from_u32(c) {
            Some(']') if !first => {
                self.context = Context::Plain;
                Ok(Token::CloseBracket)
            }
            Some('-') if !first && self.peek() != Some(u32::from(']')) => Ok(Token::Dash),
            Some('\\') => {
                self.notes.add(Note::BackslashInBrackets);
                if !self.advanced() {
                    return Ok(Token::Char(c));
                }
                self.notes.add(Note::NonPosix);
                match self.escape()? {
                    token @ (Token::Char(_) | Token::Class { negated: false, .. }) => Ok(token),
                    _ => Err(RegexError::BadEscape),
                }
            }
            Some('[') => match self.peek().and_then(char::from_u32) {
                None => Err(RegexError::Brackets),
                Some('.') => Ok(self.open_name(Token::Element)),
                Some('=') => {
                    self.notes.add(Note::Locale);
                    Ok(self.open_name(Token::Equivalence))
                }
                Some(':') => {
                    self.notes.add(Note::Locale);
                    Ok(self.open_name(Token::ClassName))
                }
                Some(_) => Ok(Token::Char(c)),
            },
            _ => Ok(Token::Char(c)),
        }
    }

    fn open_name(&mut self, token: Token) -> Token {
        self.at += 1;
        token
    }

    /// Reads the rest of `[.name.]` and its like, up to `end`; the result is the name.
    pub(super) fn name(&mut self, end: &[u8]) -> Result<&'a [u8], RegexError> {
        let rest = &self.text[self.at..];
        let length = memchr::memmem::find(rest, end).ok_or(RegexError::Brackets)?;
        self.at += length + end.len();
        Ok(&rest[..length])
    }

    fn open_bracket(&mut self) -> Token {
        for (spelling, assertion) in [(b"[:<:]]", Assertion::WordStart), (b"[:>:]]", Assertion::WordEnd)] {
            if self.eat(spelling) {
                self.notes.add(Note::NonPosix);
                return Token::Assert(assertion);
            }
        }
        self.context = Context::Bracket;
        Token::OpenBracket { negated: self.eat(b"^") }
    }

    fn line_start(&self) -> Token {
        Token::Assert(match self.flags.line_anchor {
            true => Assertion::AnyLineStart,
            false => Assertion::LineStart,
        })
    }

    fn line_end(&self) -> Token {
        Token::Assert(match self.flags.line_anchor {
            true => Assertion::AnyLineEnd,
            false => Assertion::TextEnd,
        })
    }

    fn quantifier(&mut self, min: u16, max: u16) -> Token {
        Token::Quantifier { min, max, greedy: !self.eat_shortest() }
    }

    fn extended(&mut self) -> Result<Token, RegexError> {
        loop {
            self.skip_expanded();
            let Some(c) = self.read() else { return Ok(Token::End) };
            return Ok(match char::from_u32(c) {
                Some('|') => Token::Or,
                Some('*') => self.quantifier(0, UNBOUNDED),
                Some('+') => self.quantifier(1, UNBOUNDED),
                Some('?') => self.quantifier(0, 1),
                Some('{') => self.open_brace(),
                Some('(') if self.advanced() && self.starts_with(b"?") => {
                    self.at += 1;
                    self.notes.add(Note::NonPosix);
                    match self.read().and_then(char::from_u32) {
                        Some(':') => Token::Open { captures: false },
                        Some('#') => {
                            while self.read().is_some_and(|c| c != u32::from(')')) {}
                            continue;
                        }
                        Some('=') => self.look(false),
                        Some('!') => self.look(true),
                        _ => return Err(RegexError::BadQuantifier),
                    }
                }
                Some('(') => Token::Open { captures: true },
                Some(')') => {
                    if matches!(self.before, Some(Token::Open { .. })) {
                        self.notes.add(Note::Unspecified);
                    }
                    Token::Close
                }
                Some('[') => self.open_bracket(),
                Some('.') => Token::Any,
                Some('^') => self.line_start(),
                Some('$') => self.line_end(),
                Some('\\') if self.advanced() => self.escape()?,
                Some('\\') => self.quoted()?,
                _ => Token::Char(c),
            });
        }
    }

    fn look(&mut self, negative: bool) -> Token {
        self.notes.add(Note::Lookahead);
        Token::OpenLook { negative }
    }

    fn open_brace(&mut self) -> Token {
        self.skip_expanded();
        if self.peek().is_some_and(|c| Class::Digit.contains(c)) {
            self.notes.add(Note::Bounds);
            self.context = Context::Bound;
            return Token::OpenBound;
        }
        self.notes.add(Note::Braces);
        self.notes.add(Note::Unspecified);
        Token::Char(u32::from('{'))
    }

    /// A character behind a backslash that only quotes.
    fn quoted(&mut self) -> Result<Token, RegexError> {
        let c = self.read().ok_or(RegexError::BadEscape)?;
        if Class::Alnum.contains(c) {
            self.notes.add(Note::BackslashAlnum);
            self.notes.add(Note::Unspecified);
        }
        Ok(Token::Char(c))
    }

    fn basic(&mut self) -> Result<Token, RegexError> {
        let Some(c) = self.read() else { return Ok(Token::End) };
        let at_start = self.before.is_none();
        let behind_open = matches!(self.before, Some(Token::Open { .. }));
        Ok(match char::from_u32(c) {
            Some('*') => {
                let behind_anchor = self.before == Some(self.line_start());
                match at_start || behind_open || behind_anchor {
                    true => Token::Char(c),
                    false => Token::Quantifier { min: 0, max: UNBOUNDED, greedy: true },
                }
            }
            Some('[') => self.open_bracket(),
            Some('.') => Token::Any,
            Some('^') if at_start => self.line_start(),
            Some('^') if behind_open => {
                self.notes.add(Note::Unspecified);
                self.line_start()
            }
            Some('$') => {
                self.skip_expanded();
                if self.peek().is_none() {
                    self.line_end()
                } else if self.starts_with(b"\\)") {
                    self.notes.add(Note::Unspecified);
                    self.line_end()
                } else {
                    Token::Char(c)
                }
            }
            Some('\\') => return self.basic_backslash(),
            _ => Token::Char(c),
        })
    }

    fn basic_backslash(&mut self) -> Result<Token, RegexError> {
        Ok(match self.peek().and_then(char::from_u32) {
            Some('{') => {
                self.at += 1;
                self.context = Context::Bound;
                self.notes.add(Note::Bounds);
                Token::OpenBound
            }
            Some('(') => {
                self.at += 1;
                Token::Open { captures: true }
            }
            Some(')') => {
                self.at += 1;
                Token::Close
            }
            Some(c @ ('<' | '>')) => {
                self.at += 1;
                self.notes.add(Note::NonPosix);
                Token::Assert(if c == '<' { Assertion::WordStart } else { Assertion::WordEnd })
            }
            Some(c @ '1'..='9') => {
                self.at += 1;
                self.notes.add(Note::BackReference);
                Token::BackReference(c as usize - '0' as usize)
            }
            _ => return self.quoted(),
        })
    }

    /// An escape of an advanced expression; the backslash has been read.
    fn escape(&mut self) -> Result<Token, RegexError> {
        let c = self.read().ok_or(RegexError::BadEscape)?;
        if !Class::Alnum.contains(c) {
            return Ok(Token::Char(c));
        }
        self.notes.add(Note::NonPosix);
        let class = |class, negated| Token::Class { class, negated };
        Ok(match char::from_u32(c) {
            Some('a') => self.noted(Note::Locale, 7),
            Some('A') => Token::Assert(Assertion::TextStart),
            Some('b') => Token::Char(8),
            Some('B') => Token::Char(u32::from('\\')),
            Some('c') => {
                self.notes.add(Note::Unportable);
                Token::Char(self.read().ok_or(RegexError::BadEscape)? & 0x1F)
            }
            Some('d') => class(Class::Digit, false),
            Some('D') => class(Class::Digit, true),
            Some('e') => {
                self.notes.add(Note::Locale);
                self.noted(Note::Unportable, 0x1B)
            }
            Some('f') => Token::Char(0x0C),
            Some('m') => Token::Assert(Assertion::WordStart),
            Some('M') => Token::Assert(Assertion::WordEnd),
            Some('n') => Token::Char(0x0A),
            Some('r') => Token::Char(0x0D),
            Some('s') => class(Class::Space, false),
            Some('S') => class(Class::Space, true),
            Some('t') => Token::Char(0x09),
            Some('u') => Token::Char(self.digits(16, 4)?),
            Some('U') => Token::Char(self.digits(16, 8)?),
            Some('v') => Token::Char(0x0B),
            Some('w') => class(Class::Wordchar, false),
            Some('W') => class(Class::Wordchar, true),
            Some('x') => {
                self.notes.add(Note::Unportable);
                Token::Char(self.digits(16, 2)?)
            }
            Some('y') => Token::Assert(Assertion::WordEdge),
            Some('Y') => Token::Assert(Assertion::NoWordEdge),
            Some('Z') => Token::Assert(Assertion::TextEnd),
            Some('0'..='9') => return self.number(c),
            _ => return Err(RegexError::BadEscape),
        })
    }

    fn noted(&mut self, note: Note, c: u32) -> Token {
        self.notes.add(note);
        Token::Char(c)
    }

    /// A back reference or an octal number whose first digit has been read.
    fn number(&mut self, first: u32) -> Result<Token, RegexError> {
        let behind_first = self.at;
        self.at -= 1;
        if first != u32::from('0') {
            let number = self.digits(10, usize::MAX)? as usize;
            let single = self.at == behind_first;
            if single || (1..=self.groups_opened).contains(&number) {
                self.notes.add(Note::BackReference);
                return Ok(Token::BackReference(number));
            }
            self.at = behind_first - 1;
        }
        self.notes.add(Note::Unportable);
        let mut c = self.digits(8, 3)?;
        if c > 0xFF {
            self.at -= 1;
            c >>= 3;
        }
        Ok(Token::Char(c))
    }

    /// Reads 1 to `count` digits, in base 16 only while the number remains a
    /// code point.
    fn digits(&mut self, base: u32, count: usize) -> Result<u32, RegexError> {
        let start = self.at;
        let mut number: u32 = 0;
        while self.at - start < count {
            let Some(digit) = self.peek().and_then(char::from_u32).and_then(|c| c.to_digit(base)) else {
                break;
            };
            let next = number.saturating_mul(base).saturating_add(digit);
            if base == 16 && next > CODE_POINT_MAX {
                break;
            }
            number = next;
            self.at += 1;
        }
        if self.at == start { Err(RegexError::BadEscape) } else { Ok(number) }
    }
}
