//! `clock scan -format`: matching a text against a compiled format.
//!
//! Blanks before a token are optional. A number takes as many digits as it can,
//! but leaves at least what the tokens behind it need, and ends where the next
//! token seems to begin; so `111 213120` is split by `%y%m%d %H%M%S` as a reader
//! would.

use super::calendar::{JULIAN_DAY_OF_EPOCH, SECONDS_PER_DAY, is_leap_year, julian_day_of_date};
use super::error::ClockError;
use super::format::STARDATE_YEAR;
use super::locale::Locale;
use super::names::{common_prefix, match_name};
use super::reading::{
    ANY_DATE, CENTURY, DAY_OF_MONTH, DAY_OF_WEEK, DAY_OF_YEAR, ISO_CENTURY, ISO_WEEK, ISO_YEAR, JULIAN_DAY,
    LOCAL_SECONDS, MONTH, Meridian, NEEDS_DAY, NEEDS_SECONDS, POSIX_SECONDS, Parts, Reading, Settings, TIME,
    YEAR, second_of_day,
};
use super::scan_format::{CompiledScan, Field, Kind, Token, is_space};
use super::zone::Zone;
use std::rc::Rc;
use tclring_compiler::syntax::text;

/// Finds the zones that a scanned text names.
pub(crate) type FindZone<'a> = dyn FnMut(&[u8]) -> Result<Rc<Zone>, ClockError> + 'a;

/// Why a token did not match.
enum Miss {
    /// The text is different; an optional token may be skipped.
    NoMatch,
    /// The text matches but makes no sense.
    Error(ClockError),
}

impl From<ClockError> for Miss {
    fn from(error: ClockError) -> Miss {
        Miss::Error(error)
    }
}

struct Matcher<'a> {
    input: &'a [u8],
    /// Where the next token starts.
    at: usize,
    /// Where the input ends, but for blanks.
    end: usize,
    /// Blanks in the input that no token of the format matches; negative once
    /// more were skipped than were expected.
    spare_spaces: isize,
    format: &'a CompiledScan,
    locale: &'a Locale,
    reading: &'a mut Reading,
}

/// Reads `input` by `format` into `reading`, without converting it yet.
pub(crate) fn scan(
    input: &[u8],
    format: &CompiledScan,
    locale: &Locale,
    reading: &mut Reading,
    find_zone: &mut FindZone<'_>,
    settings: &Settings,
) -> Result<(), ClockError> {
    reading.second_of_day = 0;
    let mut matcher = Matcher::new(input, format, locale, reading);
    let parts = matcher.run(find_zone)?;
    assemble(reading, parts, settings);
    Ok(())
}

impl<'a> Matcher<'a> {
    fn new(
        input: &'a [u8],
        format: &'a CompiledScan,
        locale: &'a Locale,
        reading: &'a mut Reading,
    ) -> Matcher<'a> {
        // Of blanks at the end only one counts.
        let last = input.iter().rposition(|&byte| !is_space(byte)).unwrap_or(input.len());
        let end = input.len().min(last + 2);
        let spaces = input[..end].iter().filter(|&&byte| is_space(byte)).count();
        let spare_spaces = spaces.saturating_sub(format.spaces) as isize;
        Matcher { input, at: 0, end, spare_spaces, format, locale, reading }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        if at < self.end { Some(self.input[at]) } else { None }
    }

    fn run(&mut self, find_zone: &mut FindZone<'_>) -> Result<Parts, ClockError> {
        let mut parts = 0;
        let mut next = 0;
        while let Some(token) = self.format.tokens.get(next) {
            if !matches!(token.kind, Kind::Space | Kind::Word | Kind::Byte(_)) {
                self.skip_spaces();
            }
            if self.at >= self.end {
                break;
            }
            let start = self.at;
            match self.match_token(next, token, find_zone) {
                Ok(()) => {
                    parts |= token.parts;
                    if !matches!(token.kind, Kind::Space | Kind::Word) {
                        let taken = &self.input[start..self.at.min(self.end)];
                        self.spare_spaces -= taken.iter().filter(|&&byte| is_space(byte)).count() as isize;
                    }
                }
                Err(Miss::NoMatch) if token.kind.optional() => {}
                Err(Miss::NoMatch) => return Err(ClockError::mismatch()),
                Err(Miss::Error(error)) => return Err(error),
            }
            next += 1;
        }
        self.skip_spaces();
        if self.at < self.end || !may_be_missing(&self.format.tokens[next..]) {
            return Err(ClockError::mismatch());
        }
        Ok(parts)
    }

    fn skip_spaces(&mut self) {
        while self.byte(self.at).is_some_and(is_space) {
            self.at += 1;
            self.spare_spaces -= 1;
        }
    }

    fn match_token(&mut self, index: usize, token: &Token, find_zone: &mut FindZone<'_>) -> Result<(), Miss> {
        match token.kind {
            Kind::Digits(field) => self.digits(index, field),
            Kind::Signed(field) => self.signed(index, field),
            Kind::Numeral(field) => self.numeral(index, field),
            Kind::MonthName => {
                let locale = self.locale;
                let month = self.name(index, &[&locale.months_full, &locale.months_abbreviated])?;
                self.reading.date.month = month as i64 + 1;
                Ok(())
            }
            Kind::DayName => {
                let locale = self.locale;
                let day = self.name(index, &[&locale.days_full, &locale.days_abbreviated])?;
                self.set_day_of_week(day as i64)
            }
            Kind::DayNumber => {
                let digit = self.input[self.at];
                let (least, most) = self.room(index);
                if !digit.is_ascii_digit() || least > 1 || most < 1 {
                    return Err(Miss::NoMatch);
                }
                self.set_day_of_week(i64::from(digit - b'0'))?;
                self.at += 1;
                Ok(())
            }
            Kind::Meridian => {
                let names = [self.locale.am.clone(), self.locale.pm.clone()];
                let half = self.name(index, &[&names])?;
                self.reading.meridian = if half == 0 { Meridian::Am } else { Meridian::Pm };
                Ok(())
            }
            Kind::EraName => self.era_name(index),
            // The reference formats eras, but never recognises one.
            Kind::LocaleEra => Err(Miss::NoMatch),
            Kind::TimeZone => self.time_zone(index, find_zone),
            Kind::StarDate => self.star_date(index),
            Kind::JulianDate { noon } => self.julian_date(index, noon),
            Kind::Space => {
                if !is_space(self.input[self.at]) {
                    return Err(Miss::NoMatch);
                }
                self.at += 1;
                self.skip_spaces();
                Ok(())
            }
            Kind::Word => {
                let word = &self.format.text[token.start..token.end];
                let (taken, matched) = common_prefix(&self.input[self.at..self.end], word);
                if matched < word.len() {
                    return Err(Miss::NoMatch);
                }
                self.at += taken;
                Ok(())
            }
            Kind::Byte(byte) => {
                if self.input[self.at] != byte {
                    return Err(Miss::NoMatch);
                }
                self.at += 1;
                Ok(())
            }
        }
    }

    /// The fewest and most bytes that the token may take here.
    fn room(&self, index: usize) -> (usize, usize) {
        let token = &self.format.tokens[index];
        let mut least = token.bytes_min;
        let mut end = self.end;
        if let Some(next) = self.format.tokens.get(index + 1) {
            end =
                end.saturating_sub(token.bytes_after).saturating_add_signed(-self.spare_spaces).min(self.end);
            let begin = self.find_begin(self.at + least, end, next);
            if begin < end {
                least = begin - self.at;
            }
        }
        let mut most = end.saturating_sub(self.at).min(token.bytes_max);
        least = least.max(token.bytes_min);
        most = most.max(least).min(self.end - self.at);
        if matches!(token.kind, Kind::Digits(_) | Kind::Signed(_)) {
            most = self.input[self.at..self.at + most].iter().take_while(|b| b.is_ascii_digit()).count();
        }
        if least < most && token.ahead > 0 {
            most = self.shorten(index, least, most);
        }
        (least, most)
    }

    /// Shortens `most` until the token after those that stand together with this
    /// one begins within their reach.
    fn shorten(&self, index: usize, least: usize, most: usize) -> usize {
        let token = &self.format.tokens[index];
        let mut most = most;
        let mut from = self.at + most + token.ahead_min;
        let mut to =
            (self.at + most + token.ahead_max + 1).saturating_add_signed(self.spare_spaces).min(self.end);
        match self.format.tokens.get(index + token.ahead + 1) {
            Some(next) if from < to => {
                while least < most && self.find_begin(from, to, next) >= to {
                    most -= 1;
                    from -= 1;
                    to -= 1;
                }
            }
            _ if from > to => most = most.saturating_sub(from - to).max(least),
            _ => {}
        }
        most
    }

    /// Where a token seems to begin between two places, or the second place.
    fn find_begin(&self, from: usize, to: usize, token: &Token) -> usize {
        if from >= to {
            return from;
        }
        let begins: &dyn Fn(u8) -> bool = match token.kind {
            Kind::Digits(_) | Kind::Signed(_) => &|b| b.is_ascii_digit() || is_space(b),
            Kind::Space => &is_space,
            Kind::Word => &|b| b == self.format.text[token.start] || is_space(b),
            Kind::Byte(byte) => &move |b| b == byte || is_space(b),
            _ => return from,
        };
        let mut at = from;
        while at < to && !begins(self.input[at]) {
            at += text::char_width(self.input[at]);
        }
        at
    }

    fn set_day_of_week(&mut self, day: i64) -> Result<(), Miss> {
        if day > 7 {
            return Err(Miss::Error(ClockError::new(
                "day of week is greater than 7",
                &[b"CLOCK", b"badDayOfWeek"],
            )));
        }
        self.reading.date.day_of_week = if day == 0 { 7 } else { day };
        Ok(())
    }

    fn digits(&mut self, index: usize, field: Field) -> Result<(), Miss> {
        let most = self.room(index).1;
        if most < self.format.tokens[index].bytes_min {
            return Err(Miss::NoMatch);
        }
        if field == Field::Ignored {
            return Ok(());
        }
        let digits = &self.input[self.at..self.at + most];
        // Where the next token seems far away, more digits are taken than make sense.
        let value = number(digits);
        if digits.len() > 10 || value > i64::from(i32::MAX) {
            return Err(ClockError::integer_too_large().into());
        }
        self.at += most;
        self.set(field, value)
    }

    fn signed(&mut self, index: usize, field: Field) -> Result<(), Miss> {
        let negative = self.byte(self.at) == Some(b'-');
        if negative || self.byte(self.at) == Some(b'+') {
            self.at += 1;
        }
        let most = self.room(index).1;
        if most < 1 {
            return Err(Miss::NoMatch);
        }
        let mut value: i64 = 0;
        for digit in &self.input[self.at..self.at + most] {
            let digit = i64::from(digit - b'0');
            value = value
                .checked_mul(10)
                .and_then(|value| if negative { value.checked_sub(digit) } else { value.checked_add(digit) })
                .ok_or_else(ClockError::integer_too_large)?;
        }
        self.at += most;
        self.set(field, value)
    }

    fn set(&mut self, field: Field, value: i64) -> Result<(), Miss> {
        let reading = &mut *self.reading;
        match field {
            Field::DayOfMonth => reading.date.day = value,
            Field::Month => reading.date.month = value,
            Field::YearOfCentury | Field::Year => reading.date.year = value,
            Field::Century => reading.century = value,
            Field::Hour => reading.hour = value,
            Field::Minute => reading.minutes = value,
            Field::Second => reading.seconds = value,
            Field::DayOfYear => reading.date.day_of_year = value,
            Field::IsoYear | Field::IsoYearOfCentury => reading.date.iso_year = value,
            Field::IsoWeek => reading.date.iso_week = value,
            Field::DayOfWeek => return self.set_day_of_week(value),
            Field::Ignored => {}
            Field::JulianDay => reading.date.julian_day = value,
            Field::Seconds => reading.utc_seconds = value,
            Field::LocalSeconds => reading.local_seconds = value,
        }
        Ok(())
    }

    /// Matches a name of one of several lists; the index of it.
    fn name(&mut self, index: usize, lists: &[&[Vec<u8>]]) -> Result<usize, Miss> {
        let (least, most) = self.room(index);
        // The reference looks at one character even if there is room for none.
        let most = most.max(text::char_width(self.input[self.at])).min(self.input.len() - self.at);
        let (found, taken) = match_name(&self.input[self.at..self.at + most], lists).ok_or(Miss::NoMatch)?;
        if taken < least {
            return Err(Miss::NoMatch);
        }
        self.at += taken;
        Ok(found)
    }

    fn numeral(&mut self, index: usize, field: Field) -> Result<(), Miss> {
        let locale = self.locale;
        let value = self.name(index, &[&locale.numerals])?;
        if field == Field::DayOfWeek {
            // The reference takes one more byte here, whatever it is.
            self.at += 1;
        }
        self.set(field, value as i64)
    }

    fn era_name(&mut self, index: usize) -> Result<(), Miss> {
        let eras = |words: [&[u8]; 2]| words.map(<[u8]>::to_vec);
        let names =
            [eras([&self.locale.bce, &self.locale.ce]), eras([b"B.C.E.", b"C.E."]), eras([b"B.C.", b"A.D."])];
        let era = self.name(index, &[&names[0], &names[1], &names[2]])?;
        self.reading.date.bce = era == 0;
        Ok(())
    }

    /// A sign with pairs of digits, or up to four letters and digits.
    fn time_zone(&mut self, index: usize, find_zone: &mut FindZone<'_>) -> Result<(), Miss> {
        const NUMERIC_BYTES_MAX: usize = 9;
        const ABBREVIATION_BYTES_MAX: usize = 4;
        let (least, most) = self.room(index);
        let mut at = self.at;
        let mut name = Vec::new();
        let first = self.input[at];
        if first == b'+' || first == b'-' {
            let limit = self.at + most.min(NUMERIC_BYTES_MAX);
            name.push(first);
            at += 1;
            while at + 2 <= limit && self.is_digit(at) {
                name.push(self.input[at]);
                at += 1;
                if !self.is_digit(at) {
                    break;
                }
                name.push(self.input[at]);
                at += 1;
                if at + 2 < limit && self.byte(at) == Some(b':') {
                    at += 1;
                }
            }
        } else {
            let limit = self.at + most.min(ABBREVIATION_BYTES_MAX);
            while at < limit && self.input[at].is_ascii_alphanumeric() {
                name.push(self.input[at]);
                at += 1;
            }
        }
        if at - self.at < least {
            return Err(Miss::NoMatch);
        }
        if name.is_empty() {
            return Err(Miss::Error(ClockError::new(
                "time zone \":\" not found",
                &[b"CLOCK", b"badTimeZone", b":"],
            )));
        }
        self.reading.set_zone(find_zone(&name)?);
        self.at = at;
        Ok(())
    }

    fn is_digit(&self, at: usize) -> bool {
        self.byte(at).is_some_and(|b| b.is_ascii_digit())
    }

    /// A day with an optional fraction, both as they stand: the fraction of a
    /// negative day counts forwards. A fraction makes it an instant of UTC.
    fn julian_date(&mut self, index: usize, noon: bool) -> Result<(), Miss> {
        let (least, most) = self.room(index);
        let input = &self.input[self.at..self.at + most];
        let negative = input.starts_with(b"-");
        let rest = if negative { &input[1..] } else { input.strip_prefix(b"+").unwrap_or(input) };
        let (whole, rest) = split_digits(rest);
        let mut day: i64 = 0;
        for digit in whole {
            day = day
                .checked_mul(10)
                .and_then(|day| day.checked_add(i64::from(digit - b'0')))
                .ok_or_else(ClockError::integer_too_large)?;
        }
        let (decimals, rest) = match rest.strip_prefix(b".") {
            Some(rest) => split_digits(rest),
            None => (&b""[..], rest),
        };
        let taken = input.len() - rest.len();
        if taken < least.min(whole.len() + decimals.len()) || !fits_int(decimals) {
            return Err(Miss::NoMatch);
        }
        let exact = noon || input[..taken].contains(&b'.');
        let seconds = day_fraction(decimals);
        let reading = &mut *self.reading;
        reading.date.julian_day = if negative { -day } else { day };
        if exact {
            reading.second_of_day = seconds + if noon { SECONDS_PER_DAY / 2 } else { 0 };
            let days = reading.date.julian_day.saturating_sub(JULIAN_DAY_OF_EPOCH);
            reading.utc_seconds = days.saturating_mul(SECONDS_PER_DAY).saturating_add(reading.second_of_day);
            reading.date.julian_day =
                reading.date.julian_day.wrapping_add(reading.second_of_day / SECONDS_PER_DAY);
            reading.second_of_day %= SECONDS_PER_DAY;
            reading.parts |= POSIX_SECONDS;
        }
        self.at += taken;
        Ok(())
    }

    /// `Stardate`, a blank, years with thousandths, a point and a fraction of a
    /// day.
    fn star_date(&mut self, index: usize) -> Result<(), Miss> {
        let end = self.at + self.room(index).1;
        let (taken, matched) = common_prefix(&self.input[self.at..end], b"stardate ");
        if matched < b"stardate ".len() {
            return Err(Miss::NoMatch);
        }
        let rest = self.input[self.at + taken..end].trim_ascii_start();
        let rest = rest.strip_prefix(b"+").unwrap_or(rest);
        let (digits, rest) = split_digits(rest);
        let Some(rest) = rest.strip_prefix(b".") else { return Err(Miss::NoMatch) };
        if !(4..=STAR_DATE_DIGITS_MAX).contains(&digits.len()) {
            return Err(Miss::NoMatch);
        }
        let (decimals, rest) = split_digits(rest);
        let (years, thousandths) = digits.split_at(digits.len() - 3);
        if decimals.is_empty() || !fits_int(decimals) || !fits_int(years) {
            return Err(Miss::NoMatch);
        }
        self.at = end - rest.len();
        let reading = &mut *self.reading;
        let date = &mut reading.date;
        date.year = number(years) + STARDATE_YEAR;
        date.bce = false;
        let (first, gregorian) = julian_day_of_date(false, date.year, 1, 1, reading.changeover);
        let days = 365 + i64::from(is_leap_year(gregorian, false, date.year));
        date.day_of_year = (number(thousandths) * days + 500) / 1000 + 1;
        date.julian_day = first + date.day_of_year - 1;
        // The reference computes this in 32 bits, so that many decimals wrap around.
        let seconds = (SECONDS_PER_DAY as i32).wrapping_mul(number(decimals) as i32)
            / 10_i32.wrapping_pow(decimals.len() as u32);
        reading.local_seconds =
            (date.julian_day - JULIAN_DAY_OF_EPOCH) * SECONDS_PER_DAY + i64::from(seconds);
        Ok(())
    }
}

/// Whether the tokens at the end of a format may match nothing: blanks may be
/// missing before something else that may be missing.
fn may_be_missing(tokens: &[Token]) -> bool {
    let mut kinds = tokens.iter().map(|token| token.kind);
    while let Some(kind) = kinds.next() {
        let kind = if kind == Kind::Space { kinds.next() } else { Some(kind) };
        if !kind.is_some_and(Kind::optional) {
            return false;
        }
    }
    true
}

/// The most digits before the point of a star date.
const STAR_DATE_DIGITS_MAX: usize = 13;

/// Whether digits make a number that the reference's `int` holds.
fn fits_int(digits: &[u8]) -> bool {
    digits.len() <= 10 && number(digits) <= i64::from(i32::MAX)
}

/// The seconds in a fraction of a day, given by its decimals and rounded down.
fn day_fraction(decimals: &[u8]) -> i64 {
    let seconds = i128::from(number(decimals)) * i128::from(SECONDS_PER_DAY);
    (seconds / 10_i128.pow(decimals.len() as u32)) as i64
}

/// The digits at the start of a text, and what is behind them.
fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

/// The number that at most eighteen digits make; more wrap around.
fn number(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |number: i64, digit| number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')))
}

/// Decides which parts make the date and which the time.
fn assemble(reading: &mut Reading, read: Parts, settings: &Settings) {
    let mut parts = read | reading.parts;
    if parts & POSIX_SECONDS == 0 {
        if parts & ANY_DATE != 0 && parts & JULIAN_DAY == 0 {
            parts |= NEEDS_DAY | NEEDS_SECONDS;
            parts = prefer(parts);
            complete_years(reading, parts, settings);
        }
        if parts & (TIME | LOCAL_SECONDS | POSIX_SECONDS) == 0 {
            parts |= NEEDS_SECONDS;
            reading.local_seconds = 0;
        }
        if parts & TIME != 0 {
            parts |= NEEDS_SECONDS;
            reading.second_of_day =
                second_of_day(reading.hour, reading.minutes, reading.seconds, reading.meridian);
        } else if parts & (LOCAL_SECONDS | POSIX_SECONDS) == 0 {
            parts |= NEEDS_SECONDS;
            reading.second_of_day = reading.local_seconds.rem_euclid(SECONDS_PER_DAY);
        }
    }
    reading.parts = parts;
}

/// Drops the parts that others take precedence over.
fn prefer(parts: Parts) -> Parts {
    let mut parts = parts;
    let day = parts & (MONTH | DAY_OF_YEAR | DAY_OF_MONTH);
    if day == 0 {
        if parts & DAY_OF_WEEK != 0 {
            parts |= ISO_WEEK;
        }
    } else if day != MONTH && day != MONTH | DAY_OF_YEAR {
        if day & MONTH == 0 && day & DAY_OF_YEAR != 0 {
            parts &= !DAY_OF_MONTH;
        }
        if parts & ISO_YEAR == 0 {
            parts &= !ISO_WEEK;
        }
    }
    let year_and_day = parts & (YEAR | DAY_OF_YEAR) == YEAR | DAY_OF_YEAR;
    let full_date = parts & (YEAR | DAY_OF_MONTH | MONTH) == YEAR | DAY_OF_MONTH | MONTH;
    if parts & ISO_WEEK != 0 && (year_and_day || full_date) {
        let lacks_century = parts & ISO_CENTURY == 0 && parts & CENTURY != 0;
        if lacks_century || parts & ISO_YEAR == 0 {
            parts &= !ISO_WEEK;
        }
    }
    parts
}

/// Puts two-digit years into their century.
fn complete_years(reading: &mut Reading, parts: Parts, settings: &Settings) {
    let century = reading.century * 100;
    let complete = |year: i64, given: bool| match year {
        0..100 if given => year + century,
        0..100 => Reading::full_year(year, settings),
        _ => year,
    };
    if parts & YEAR != 0 {
        reading.date.year = complete(reading.date.year, parts & CENTURY != 0);
    }
    if parts & ISO_YEAR != 0 {
        reading.date.iso_year = complete(reading.date.iso_year, parts & ISO_CENTURY != 0);
        if parts & YEAR == 0 {
            reading.date.year = reading.date.iso_year;
        }
    } else if parts & YEAR != 0 {
        reading.date.iso_year = reading.date.year;
    }
}
