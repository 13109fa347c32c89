//! Recognising the items of a date: times, dates, zones, weekdays and relative
//! amounts, in any order.
//!
//! The parser looks one token ahead and never goes back, so that it stops at the
//! same token as the reference's table-driven one, whose messages tell where.

use super::super::error::ClockError;
use super::super::reading::{DAY_OF_MONTH, DAY_OF_WEEK, MONTH, Meridian, Parts, Reading, TIME, YEAR, ZONE};
use super::tokens::{Token, Tokens};
use super::words::{Unit, Word};

/// A date was said.
pub(super) const DATE: Parts = 1 << 0;
/// An ordinal month was said.
pub(super) const ORDINAL_MONTH: Parts = 1 << 1;
/// Something relative was said.
pub(super) const RELATIVE: Parts = 1 << 2;
/// A star date was said.
const STAR_DATE: Parts = 1 << 3;

/// Minutes per thousandth of a star date's day fraction digit.
const STAR_DATE_SECONDS: i64 = 144 * 60;

/// The year that star dates count from.
const STAR_DATE_YEAR: i64 = 2323 - 377;

/// What a text said besides the parts of a date.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    kinds: Parts,
    pub(crate) months: i64,
    pub(crate) days: i64,
    pub(crate) seconds: i64,
    /// How many such weekdays ahead; 0 and 1 mean the same.
    pub(crate) day_ordinal: i64,
    /// The weekday, 0 (Sunday) to 6.
    pub(crate) day_of_week: i64,
    /// The month that is meant by `next` and how many years ahead.
    pub(crate) ordinal_month: i64,
    pub(crate) ordinal_month_count: i64,
    pub(super) zone_minutes_west: i64,
    pub(super) zone_daylight: bool,
}

impl Said {
    /// Whether any of these kinds of things was said.
    pub(crate) fn has(&self, kinds: Parts) -> bool {
        self.kinds & kinds != 0
    }

    fn add(&mut self, count: i64, unit: Unit) {
        let (sum, size) = match unit {
            Unit::Seconds(size) => (&mut self.seconds, size),
            Unit::Days(size) => (&mut self.days, size),
            Unit::Months(size) => (&mut self.months, size),
        };
        *sum = sum.wrapping_add(count.wrapping_mul(size));
        self.kinds |= RELATIVE;
    }
}

/// Why parsing stopped.
enum Stop {
    /// The current token cannot follow.
    Syntax,
    /// What was read makes no sense, without a reason given.
    Abort,
    /// Something was said twice.
    Multiple(&'static str),
}

struct Parser<'a, 'r> {
    tokens: Tokens<'a>,
    token: Token,
    reading: &'r mut Reading,
    said: Said,
}

/// Parses a text into `reading` and what else it said.
pub(super) fn parse(text: &[u8], reading: &mut Reading) -> Result<Said, ClockError> {
    let mut tokens = Tokens::new(text);
    let token = tokens.next();
    let mut parser = Parser { tokens, token, reading, said: Said::default() };
    let (reason, code): (String, &[u8]) = match parser.items() {
        Ok(()) => return Ok(parser.said),
        Err(Stop::Syntax) => {
            let (first, last) = (parser.tokens.first, parser.tokens.last);
            (format!("syntax error (characters {first}-{last})"), b"PARSE")
        }
        Err(Stop::Abort) => (String::new(), b"PARSE"),
        Err(Stop::Multiple(what)) => (format!("more than one {what} in string"), b"MULTIPLE"),
    };
    let message = [b"unable to convert date-time string \"", text, b"\": ", reason.as_bytes()].concat();
    Err(ClockError::new(message, &[b"TCL", b"VALUE", b"DATE", code]))
}

impl Parser<'_, '_> {
    fn advance(&mut self) {
        self.token = self.tokens.next();
    }

    /// Takes the byte if it is next.
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.token == Token::Byte(byte);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.eat(byte) { Ok(()) } else { Err(Stop::Syntax) }
    }

    fn expect_number(&mut self) -> Result<i64, Stop> {
        match self.token {
            Token::Number(number) => {
                self.advance();
                Ok(number)
            }
            _ => Err(Stop::Syntax),
        }
    }

    /// Notes that a thing was said, which it may be only once.
    fn once(&mut self, kind: Parts, what: &'static str) -> Result<(), Stop> {
        if self.said.has(kind) {
            return Err(Stop::Multiple(what));
        }
        self.said.kinds |= kind;
        Ok(())
    }

    fn items(&mut self) -> Result<(), Stop> {
        loop {
            match self.token {
                Token::End => return Ok(()),
                Token::Number(number) => {
                    self.advance();
                    self.after_number(number)?;
                }
                Token::Digits8(digits) | Token::Digits6(digits) => {
                    self.advance();
                    self.after_digits(digits)?;
                }
                Token::DigitsLong(digits) => {
                    self.advance();
                    self.set_date_digits(digits);
                    self.time_digits()?;
                    self.date_and_time()?;
                }
                Token::Byte(sign @ (b'+' | b'-')) => {
                    self.advance();
                    self.after_sign(if sign == b'-' { -1 } else { 1 })?;
                }
                Token::ZoneAndHours(minutes) => self.zone_with_offset(minutes, false)?,
                Token::ZoneAndMinutes(minutes) => self.zone_with_offset(minutes, true)?,
                Token::Word(word) => {
                    self.advance_item(word)?;
                }
                Token::Space | Token::Byte(_) | Token::Unknown => return Err(Stop::Syntax),
            }
        }
    }

    /// An item that starts with a word.
    fn advance_item(&mut self, word: Word) -> Result<(), Stop> {
        match word {
            Word::Month(month) => {
                self.advance();
                self.reading.date.month = month;
                self.reading.date.day = i64::from(self.expect_number()? as i32);
                self.reading.parts |= MONTH | DAY_OF_MONTH;
                if self.eat(b',') {
                    if self.token == Token::Space {
                        self.advance();
                    }
                    self.reading.date.year = i64::from(self.expect_number()? as i32);
                    self.reading.parts |= YEAR;
                }
                self.once(DATE, "date")
            }
            Word::Day(day) => {
                self.advance();
                if self.eat(b',') && self.token == Token::Space {
                    self.advance();
                }
                self.weekday(day, 1)
            }
            Word::Zone(minutes) => {
                self.advance();
                let daylight = self.token == Token::Word(Word::Daylight);
                if daylight {
                    self.advance();
                }
                self.zone(minutes, daylight)
            }
            Word::SummerZone(minutes) => {
                self.advance();
                self.zone(minutes, true)
            }
            Word::Relative(unit) => {
                self.advance();
                self.relative(1, unit)
            }
            Word::Next => {
                self.advance();
                self.after_next()
            }
            Word::Epoch => {
                self.advance();
                self.set_date(1970, 1, 1);
                self.once(DATE, "date")
            }
            Word::StarDate => {
                self.advance();
                self.star_date()
            }
            Word::Meridian(_) | Word::Daylight | Word::Unit(_) | Word::Number(_) | Word::Ago => {
                Err(Stop::Syntax)
            }
        }
    }

    /// Sets the parts of a date, which the reference keeps in 32 bits.
    fn set_date(&mut self, year: i64, month: i64, day: i64) {
        let [year, month, day] = [year, month, day].map(|n| i64::from(n as i32));
        self.reading.date.year = year;
        self.reading.date.month = month;
        self.reading.date.day = day;
        self.reading.parts |= YEAR | MONTH | DAY_OF_MONTH;
    }

    /// A date written as digits: year, month and day.
    fn set_date_digits(&mut self, digits: i64) {
        self.set_date(digits / 10_000, digits / 100 % 100, digits % 100);
    }

    /// Sets the time of day, which the reference keeps in 32 bits.
    fn set_time(&mut self, hour: i64, minutes: i64, seconds: i64, meridian: Meridian) {
        self.reading.hour = i64::from(hour as i32);
        self.reading.minutes = i64::from(minutes as i32);
        self.reading.seconds = i64::from(seconds as i32);
        self.reading.meridian = meridian;
    }

    fn time(&mut self) -> Result<(), Stop> {
        self.once(TIME, "time of day")?;
        self.reading.parts |= TIME;
        Ok(())
    }

    fn date_and_time(&mut self) -> Result<(), Stop> {
        self.once(DATE, "date")?;
        self.time()
    }

    fn weekday(&mut self, day: i64, ordinal: i64) -> Result<(), Stop> {
        self.said.day_of_week = day;
        self.said.day_ordinal = i64::from(ordinal as i32);
        self.reading.date.day_of_week = if day == 0 { 7 } else { day };
        self.once(DAY_OF_WEEK, "weekday")?;
        self.reading.parts |= DAY_OF_WEEK;
        Ok(())
    }

    fn zone(&mut self, minutes_west: i64, daylight: bool) -> Result<(), Stop> {
        self.said.zone_minutes_west = minutes_west;
        self.said.zone_daylight = daylight;
        self.once(ZONE, "time zone")?;
        self.reading.parts |= ZONE;
        Ok(())
    }

    /// Something relative, and whether it is `ago`, which turns everything
    /// relative said so far around.
    fn relative(&mut self, count: i64, unit: Unit) -> Result<(), Stop> {
        self.said.add(count, unit);
        if self.token == Token::Word(Word::Ago) {
            self.advance();
            let said = &mut self.said;
            said.months = said.months.wrapping_neg();
            said.days = said.days.wrapping_neg();
            said.seconds = said.seconds.wrapping_neg();
        }
        Ok(())
    }

    /// A number starts a time, a date, a weekday or something relative; by
    /// itself it is a time, or the year if date and time are known.
    fn after_number(&mut self, number: i64) -> Result<(), Stop> {
        match self.token {
            Token::Word(Word::Meridian(meridian)) => {
                self.advance();
                self.set_time(number, 0, 0, meridian);
                self.time()
            }
            Token::Byte(b':') => {
                self.clock_time(number)?;
                if let Token::Word(Word::Meridian(meridian)) = self.token {
                    self.advance();
                    self.reading.meridian = meridian;
                }
                self.time()
            }
            Token::Byte(b'/') => self.slashed_date(number),
            Token::Byte(b'-') => self.dashed_date(number),
            Token::Word(Word::Month(month)) => {
                self.advance();
                self.reading.date.month = month;
                self.reading.date.day = i64::from(number as i32);
                self.reading.parts |= MONTH | DAY_OF_MONTH;
                if let Token::Number(year) = self.token {
                    self.advance();
                    self.reading.date.year = i64::from(year as i32);
                    self.reading.parts |= YEAR;
                }
                self.once(DATE, "date")
            }
            Token::Word(Word::Day(day)) => {
                self.advance();
                self.weekday(day, number)
            }
            Token::Word(Word::Unit(unit)) => {
                self.advance();
                self.relative(number, unit)
            }
            _ => self.lone_number(number),
        }
    }

    fn lone_number(&mut self, number: i64) -> Result<(), Stop> {
        if self.said.has(TIME) && self.said.has(DATE) && !self.said.has(STAR_DATE) {
            self.reading.date.year = i64::from(number as i32);
            self.reading.parts |= YEAR;
            return Ok(());
        }
        // The reference counts the digits of the number that it read last, which
        // is the next one if two numbers stand together.
        if self.tokens.digits <= 2 {
            self.set_time(number, 0, 0, Meridian::Whole);
        } else {
            self.set_time(number / 100, number % 100, 0, Meridian::Whole);
        }
        self.time()
    }

    /// The rest of `hh:mm` or `hh:mm:ss`.
    fn clock_time(&mut self, hour: i64) -> Result<(), Stop> {
        self.expect(b':')?;
        let minutes = self.expect_number()?;
        let seconds = if self.eat(b':') { self.expect_number()? } else { 0 };
        self.set_time(hour, minutes, seconds, Meridian::Whole);
        Ok(())
    }

    /// The rest of `mm/dd` or `mm/dd/yy`.
    fn slashed_date(&mut self, month: i64) -> Result<(), Stop> {
        self.expect(b'/')?;
        self.reading.date.month = i64::from(month as i32);
        self.reading.date.day = i64::from(self.expect_number()? as i32);
        self.reading.parts |= MONTH | DAY_OF_MONTH;
        if self.eat(b'/') {
            self.reading.date.year = i64::from(self.expect_number()? as i32);
            self.reading.parts |= YEAR;
        }
        self.once(DATE, "date")
    }

    /// The rest of `dd-monthname-yy` or `yy-mm-dd`, the latter perhaps with a
    /// time behind `T`.
    fn dashed_date(&mut self, number: i64) -> Result<(), Stop> {
        self.expect(b'-')?;
        if let Token::Word(Word::Month(month)) = self.token {
            self.advance();
            self.expect(b'-')?;
            let year = self.expect_number()?;
            self.set_date(year, month, number);
            return self.once(DATE, "date");
        }
        let month = self.expect_number()?;
        self.expect(b'-')?;
        let day = self.expect_number()?;
        self.set_date(number, month, day);
        if self.eat(b'T') {
            self.iso_time()?;
            return self.date_and_time();
        }
        self.once(DATE, "date")
    }

    /// Six or eight digits are a date, with a time behind a blank or `T`, or the
    /// count of something relative.
    fn after_digits(&mut self, digits: i64) -> Result<(), Stop> {
        match self.token {
            Token::Word(Word::Unit(unit)) => {
                self.advance();
                self.relative(digits, unit)
            }
            Token::Space | Token::Byte(b'T') => {
                self.advance();
                self.set_date_digits(digits);
                self.iso_time()?;
                self.date_and_time()
            }
            _ => {
                self.set_date_digits(digits);
                self.once(DATE, "date")
            }
        }
    }

    /// `hhmmss`, `hh:mm` or `hh:mm:ss`.
    fn iso_time(&mut self) -> Result<(), Stop> {
        match self.token {
            Token::Digits6(digits) => {
                self.advance();
                self.set_time(digits / 10_000, digits / 100 % 100, digits % 100, Meridian::Whole);
                Ok(())
            }
            Token::Number(hour) => {
                self.advance();
                self.clock_time(hour)
            }
            _ => Err(Stop::Syntax),
        }
    }

    /// The time in the rest of twelve or fourteen digits.
    fn time_digits(&mut self) -> Result<(), Stop> {
        match self.token {
            Token::Digits6(digits) => {
                self.advance();
                self.set_time(digits / 10_000, digits / 100 % 100, digits % 100, Meridian::Whole);
                Ok(())
            }
            Token::Number(digits) => {
                self.advance();
                self.set_time(digits / 100, digits % 100, 0, Meridian::Whole);
                Ok(())
            }
            _ => Err(Stop::Syntax),
        }
    }

    /// A signed number is something relative, a weekday or a zone.
    fn after_sign(&mut self, sign: i64) -> Result<(), Stop> {
        let spaced = self.token == Token::Space;
        if spaced {
            self.advance();
        }
        let token = self.token;
        let number = match token {
            Token::Number(number) | Token::Digits8(number) | Token::Digits6(number) => number,
            _ => return Err(Stop::Syntax),
        };
        self.advance();
        match (self.token, token) {
            (Token::Word(Word::Unit(unit)), _) => {
                self.advance();
                self.relative(sign.wrapping_mul(number), unit)
            }
            (Token::Word(Word::Day(day)), Token::Number(_)) => {
                self.advance();
                self.weekday(day, sign.wrapping_mul(number))
            }
            (_, Token::Number(_)) if !spaced => {
                // As with a lone number, the digits may be those of the next one.
                let minutes = match self.tokens.digits {
                    0..=2 => number.wrapping_mul(60),
                    4 => number % 100 + number / 100 * 60,
                    _ => return Err(Stop::Abort),
                };
                self.zone(minutes.wrapping_mul(-sign), false)
            }
            _ => Err(Stop::Syntax),
        }
    }

    fn zone_with_offset(&mut self, minutes_west: i64, with_minutes: bool) -> Result<(), Stop> {
        self.advance();
        let sign = if self.eat(b'-') { -1 } else { 1 };
        if sign == 1 {
            self.expect(b'+')?;
        }
        let number = self.expect_number()?;
        let minutes = if with_minutes { number % 100 + number / 100 * 60 } else { number.wrapping_mul(60) };
        self.zone(minutes_west.wrapping_sub(minutes.wrapping_mul(sign)), false)
    }

    fn after_next(&mut self) -> Result<(), Stop> {
        match self.token {
            Token::Word(Word::Day(day)) => {
                self.advance();
                self.weekday(day, 2)
            }
            Token::Word(Word::Month(month)) => {
                self.advance();
                self.next_month(1, month)
            }
            Token::Word(Word::Unit(unit)) => {
                self.advance();
                self.relative(1, unit)
            }
            Token::Number(number) | Token::Digits8(number) | Token::Digits6(number) => {
                let plain = matches!(self.token, Token::Number(_));
                self.advance();
                match self.token {
                    Token::Word(Word::Month(month)) if plain => {
                        self.advance();
                        self.next_month(number, month)
                    }
                    Token::Word(Word::Unit(unit)) => {
                        self.advance();
                        self.relative(number, unit)
                    }
                    _ => Err(Stop::Syntax),
                }
            }
            _ => Err(Stop::Syntax),
        }
    }

    fn next_month(&mut self, count: i64, month: i64) -> Result<(), Stop> {
        self.said.ordinal_month = month;
        self.said.ordinal_month_count = i64::from(count as i32);
        self.once(ORDINAL_MONTH, "ordinal month")
    }

    /// Years with thousandths since 2323, and tenths of a day.
    fn star_date(&mut self) -> Result<(), Stop> {
        let number = match self.token {
            Token::Number(number) | Token::Digits8(number) | Token::Digits6(number) => number,
            _ => return Err(Stop::Syntax),
        };
        self.advance();
        self.expect(b'.')?;
        let tenths = self.expect_number()?;
        let year = number / 1000 + STAR_DATE_YEAR;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        self.set_date(year, 1, 1);
        self.set_time(0, 0, 0, Meridian::Whole);
        self.said.add(number % 1000 * (365 + i64::from(leap)) / 1000, Unit::Days(1));
        self.said.add(tenths, Unit::Seconds(STAR_DATE_SECONDS));
        self.date_and_time()?;
        self.said.kinds |= STAR_DATE;
        Ok(())
    }
}
