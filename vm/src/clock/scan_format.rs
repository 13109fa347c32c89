//! Formats for `clock scan -format`, compiled to tokens.

use super::format::localize;
use super::locale::Locale;
use super::reading::{
    CENTURY, DAY_OF_MONTH, DAY_OF_WEEK, DAY_OF_YEAR, ISO_CENTURY, ISO_WEEK, ISO_YEAR, JULIAN_DAY,
    LOCAL_SECONDS, MONTH, POSIX_SECONDS, Parts, TIME, YEAR, ZONE,
};

/// A part that a number of some digits gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    DayOfMonth,
    Month,
    YearOfCentury,
    Year,
    Century,
    Hour,
    Minute,
    Second,
    DayOfYear,
    IsoYear,
    IsoYearOfCentury,
    IsoWeek,
    DayOfWeek,
    /// The week of the year, which is not looked at.
    Ignored,
    JulianDay,
    Seconds,
    LocalSeconds,
}

/// What a token matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Digits.
    Digits(Field),
    /// Any number of digits after an optional sign.
    Signed(Field),
    /// A numeral of the locale.
    Numeral(Field),
    MonthName,
    DayName,
    DayNumber,
    Meridian,
    EraName,
    LocaleEra,
    TimeZone,
    StarDate,
    /// A Julian date with fraction; days start at noon if `noon`.
    JulianDate {
        noon: bool,
    },
    /// Blanks.
    Space,
    /// Text, matched without regard to case.
    Word,
    /// One byte.
    Byte(u8),
}

impl Kind {
    /// A class that tells which tokens stand together for looking ahead.
    fn class(self) -> u8 {
        match self {
            Kind::Digits(_) => 0,
            Kind::Signed(_) => 1,
            Kind::Space => 2,
            Kind::Word => 3,
            Kind::Byte(_) => 4,
            _ => 5,
        }
    }

    /// Whether the token may be missing.
    pub(crate) fn optional(self) -> bool {
        matches!(self, Kind::TimeZone | Kind::Digits(Field::Ignored))
    }
}

/// One token of a format.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// What is read with it.
    pub(crate) parts: Parts,
    /// The fewest and most bytes that it takes.
    pub(crate) bytes_min: usize,
    pub(crate) bytes_max: usize,
    /// The text of a word.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The fewest bytes that all later tokens take.
    pub(crate) bytes_after: usize,
    /// The tokens of the same class that follow directly: how many, and the
    /// fewest and most bytes they take.
    pub(crate) ahead: usize,
    pub(crate) ahead_min: usize,
    pub(crate) ahead_max: usize,
}

/// Room without a limit.
const UNLIMITED: usize = 0xFFFF;

/// A format for scanning, compiled for a locale.
#[derive(Clone, Debug)]
pub struct CompiledScan {
    pub(crate) text: Vec<u8>,
    pub(crate) tokens: Vec<Token>,
    /// How many tokens match blanks.
    pub(crate) spaces: usize,
}

impl CompiledScan {
    /// Compiles `format`; groups that the locale defines are replaced first.
    pub fn new(format: &[u8], locale: &Locale) -> CompiledScan {
        let text = localize(format, locale);
        let mut compiled = CompiledScan { text, tokens: Vec::new(), spaces: 0 };
        compiled.compile();
        compiled.measure();
        compiled
    }

    fn compile(&mut self) {
        let text = std::mem::take(&mut self.text);
        let mut at = 0;
        let mut in_word = false;
        while at < text.len() {
            if let Some((kind, parts, width)) = group_at(&text[at..]) {
                self.spaces += usize::from(matches!(kind, Kind::Byte(b) if b.is_ascii_whitespace()));
                self.push(kind, parts, at, at + width);
                at += width;
                in_word = false;
            } else if !in_word && is_space(text[at]) {
                let start = at;
                while at < text.len() && is_space(text[at]) {
                    at += 1;
                }
                self.spaces += 1;
                self.push(Kind::Space, 0, start, at);
            } else {
                if in_word && let Some(word) = self.tokens.last_mut() {
                    word.end = at + 1;
                } else {
                    self.push(Kind::Word, 0, at, at + 1);
                }
                self.spaces += usize::from(is_space(text[at]));
                in_word = true;
                at += 1;
            }
        }
        self.text = text;
    }

    fn push(&mut self, kind: Kind, parts: Parts, start: usize, end: usize) {
        let (bytes_min, bytes_max) = limits(kind);
        let (ahead, ahead_min, ahead_max, bytes_after) = (0, 0, 0, 0);
        self.tokens.push(Token {
            kind,
            parts,
            bytes_min,
            bytes_max,
            start,
            end,
            bytes_after,
            ahead,
            ahead_min,
            ahead_max,
        });
    }

    /// Fills in what each token needs to know of those behind it.
    fn measure(&mut self) {
        let mut after: usize = 0;
        let mut next: Option<Token> = None;
        for token in self.tokens.iter_mut().rev() {
            token.bytes_after = after;
            let own = if token.kind == Kind::Word { token.end - token.start } else { token.bytes_min };
            after = after.saturating_add(own);
            if let Some(next) = next.filter(|next| next.kind.class() == token.kind.class()) {
                token.ahead = next.ahead + 1;
                token.ahead_min = next.ahead_min.saturating_add(next.bytes_min);
                token.ahead_max = next.ahead_max.saturating_add(next.bytes_max);
            }
            next = Some(*token);
        }
    }
}

/// Whether a byte is a blank of any sort, as the C library has it.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn limits(kind: Kind) -> (usize, usize) {
    match kind {
        Kind::Digits(field) => match field {
            Field::Year | Field::IsoYear => (4, 4),
            Field::IsoYearOfCentury => (2, 2),
            Field::DayOfYear => (1, 3),
            _ => (1, 2),
        },
        Kind::Signed(_) => (1, UNLIMITED),
        Kind::JulianDate { .. } => (1, UNLIMITED),
        Kind::StarDate => (16, 30),
        Kind::LocaleEra => (3, UNLIMITED),
        Kind::Space | Kind::Byte(_) => (1, 1),
        Kind::Word => (1, 1),
        _ => (0, UNLIMITED),
    }
}

/// The token of the group at the start of `text`, what it reads, and the length
/// of the group.
fn group_at(text: &[u8]) -> Option<(Kind, Parts, usize)> {
    let (kind, parts) = match *text {
        [b'%', b'E', letter, ..] => alternate_token(letter)?,
        [b'%', b'O', letter, ..] => numeral_token(letter)?,
        [b'%', letter, ..] => plain_token(letter)?,
        _ => return None,
    };
    let width = if matches!(text[1], b'E' | b'O') { 3 } else { 2 };
    Some((kind, parts, width))
}

fn plain_token(letter: u8) -> Option<(Kind, Parts)> {
    Some(match letter {
        b'd' | b'e' => (Kind::Digits(Field::DayOfMonth), DAY_OF_MONTH),
        b'm' | b'N' => (Kind::Digits(Field::Month), MONTH),
        b'b' | b'B' | b'h' => (Kind::MonthName, MONTH),
        b'y' => (Kind::Digits(Field::YearOfCentury), YEAR),
        b'Y' => (Kind::Digits(Field::Year), YEAR | CENTURY),
        b'C' => (Kind::Digits(Field::Century), CENTURY | ISO_CENTURY),
        b'H' | b'k' | b'I' | b'l' => (Kind::Digits(Field::Hour), TIME),
        b'M' => (Kind::Digits(Field::Minute), TIME),
        b'S' => (Kind::Digits(Field::Second), TIME),
        b'p' | b'P' => (Kind::Meridian, 0),
        b'J' => (Kind::Signed(Field::JulianDay), JULIAN_DAY),
        b'j' => (Kind::Digits(Field::DayOfYear), DAY_OF_YEAR),
        b'g' => (Kind::Digits(Field::IsoYearOfCentury), ISO_YEAR),
        b'G' => (Kind::Digits(Field::IsoYear), ISO_YEAR | ISO_CENTURY),
        b'V' => (Kind::Digits(Field::IsoWeek), ISO_WEEK),
        b'a' | b'A' => (Kind::DayName, DAY_OF_WEEK),
        b'u' | b'w' => (Kind::DayNumber, DAY_OF_WEEK),
        b'z' | b'Z' => (Kind::TimeZone, ZONE),
        b'U' | b'W' => (Kind::Digits(Field::Ignored), 0),
        b's' => (Kind::Signed(Field::Seconds), POSIX_SECONDS),
        b'Q' => (Kind::StarDate, LOCAL_SECONDS),
        b'n' => (Kind::Byte(b'\n'), 0),
        b't' => (Kind::Byte(b'\t'), 0),
        b'%' => (Kind::Byte(b'%'), 0),
        _ => return None,
    })
}

fn alternate_token(letter: u8) -> Option<(Kind, Parts)> {
    Some(match letter {
        b'E' => (Kind::EraName, 0),
        b'C' => (Kind::LocaleEra, 0),
        b'y' => (Kind::Numeral(Field::Ignored), 0),
        b'j' => (Kind::JulianDate { noon: true }, JULIAN_DAY),
        b'J' => (Kind::JulianDate { noon: false }, JULIAN_DAY),
        b's' => (Kind::Signed(Field::LocalSeconds), LOCAL_SECONDS),
        _ => return None,
    })
}

fn numeral_token(letter: u8) -> Option<(Kind, Parts)> {
    Some(match letter {
        b'd' | b'e' => (Kind::Numeral(Field::DayOfMonth), DAY_OF_MONTH),
        b'm' => (Kind::Numeral(Field::Month), MONTH),
        b'y' => (Kind::Numeral(Field::YearOfCentury), YEAR),
        b'H' | b'k' | b'I' | b'l' => (Kind::Numeral(Field::Hour), TIME),
        b'M' => (Kind::Numeral(Field::Minute), TIME),
        b'S' => (Kind::Numeral(Field::Second), TIME),
        b'u' | b'w' => (Kind::Numeral(Field::DayOfWeek), DAY_OF_WEEK),
        _ => return None,
    })
}
