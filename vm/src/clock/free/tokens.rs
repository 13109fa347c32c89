//! Cutting a date into tokens.

use super::super::scan_format::is_space;
use super::words::{Word, look_up};

/// A token of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A number that is none of the following.
    Number(i64),
    /// Eight digits.
    Digits8(i64),
    /// Six digits.
    Digits6(i64),
    /// The first eight of twelve or fourteen digits.
    DigitsLong(i64),
    Word(Word),
    /// A zone with an offset of hours attached.
    ZoneAndHours(i64),
    /// A zone with an offset of hours and minutes attached.
    ZoneAndMinutes(i64),
    /// Blanks, where they could mean something.
    Space,
    /// A byte that stands for itself.
    Byte(u8),
    /// Something that is never right.
    Unknown,
    End,
}

/// The most digits that a number may have, zeros at its start included.
const DIGITS_MAX: usize = 19;

/// Produces the tokens of a text, and remembers where they are.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the last token starts, in bytes.
    pub(super) first: usize,
    /// Where it ends, if it has an end of its own.
    pub(super) last: isize,
    /// How many digits the last number had.
    pub(super) digits: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a [u8]) -> Tokens<'a> {
        let at = text.iter().take_while(|&&b| is_space(b)).count();
        // The parser generator of the reference starts locations at 1.
        Tokens { text, at, first: at, last: 1, digits: 0 }
    }

    fn peek(&self, distance: usize) -> Option<u8> {
        self.text.get(self.at + distance).copied()
    }

    fn is_digit(&self, distance: usize) -> bool {
        self.peek(distance).is_some_and(|b| b.is_ascii_digit())
    }

    fn skip_spaces(&mut self) {
        while self.peek(0).is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Token {
        self.first = self.at;
        loop {
            if self.peek(0).is_some_and(is_space) {
                self.skip_spaces();
                if self.peek(0).is_some_and(|b| b != 0 && !b.is_ascii_alphabetic()) {
                    return Token::Space;
                }
            }
            match self.peek(0) {
                // A byte that is not ASCII ends the text, as does a zero.
                None | Some(0 | 0x80..) => {
                    self.last = self.at as isize;
                    return Token::End;
                }
                Some(b'(') => self.skip_comment(),
                Some(byte) if byte.is_ascii_digit() => return self.number(),
                Some(byte) if byte.is_ascii_alphabetic() => return self.word(),
                Some(byte) => {
                    self.last = self.at as isize;
                    self.at += 1;
                    return Token::Byte(byte);
                }
            }
        }
    }

    /// Skips a comment in parentheses, which nest; without an end it goes on to
    /// the end of the text.
    fn skip_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek(0).filter(|&b| b != 0) {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn number(&mut self) -> Token {
        let start = self.at;
        let mut value = Some(0_i64);
        while let Some(digit) = self.peek(0).filter(u8::is_ascii_digit) {
            value = value.and_then(|v| v.checked_mul(10)?.checked_add(i64::from(digit - b'0')));
            self.at += 1;
        }
        self.digits = self.at - start;
        if self.digits == 14 || self.digits == 12 {
            self.at = start + 8;
            self.last = self.at as isize - 1;
            let date = self.text[start..self.at].iter().fold(0, |n, b| n * 10 + i64::from(b - b'0'));
            self.digits = 8;
            return Token::DigitsLong(date);
        }
        let Some(value) = value.filter(|_| self.digits <= DIGITS_MAX) else { return Token::Unknown };
        self.last = self.at as isize - 1;
        match self.digits {
            8 => Token::Digits8(value),
            6 => Token::Digits6(value),
            _ => {
                self.skip_spaces();
                Token::Number(value)
            }
        }
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        while self.peek(0).is_some_and(|b| b.is_ascii_alphabetic() || b == b'.') {
            self.at += 1;
        }
        self.last = self.at as isize - 1;
        let word = look_up(&self.text[start..self.at]);
        if let Some(Word::Zone(minutes) | Word::SummerZone(minutes)) = word {
            if self.is_digit(0) {
                self.at = start + 1;
                return Token::Byte(self.text[start]);
            }
            if matches!(self.peek(0), Some(b'+' | b'-')) && self.is_digit(1) {
                if !self.is_digit(2) || !self.is_digit(3) {
                    return Token::ZoneAndHours(minutes);
                }
                if self.is_digit(4) && !self.is_digit(5) {
                    return Token::ZoneAndMinutes(minutes);
                }
            }
        }
        self.skip_spaces();
        match word {
            Some(Word::Number(number)) => Token::Number(number),
            Some(word) => Token::Word(word),
            None => Token::Unknown,
        }
    }
}
