//! Time zones written as in the POSIX variable `TZ`, such as
//! `EST5EDT,M3.2.0,M11.1.0`. Also the footers of TZif files.

use super::calendar::{
    JULIAN_DAY_OF_EPOCH, SECONDS_PER_DAY, is_leap_year, julian_day_of_date, julian_day_of_weekday_in_month,
    julian_day_of_year_day,
};
use super::zone::{Transition, ZoneBuilder};
use tclring_compiler::syntax::text;

/// The first year that rules are expanded for.
pub(crate) const FIRST_YEAR: i64 = 1916;

/// The last year that rules are expanded for; afterwards the last offset stays.
pub(crate) const LAST_YEAR: i64 = 2099;

/// Every date here is Gregorian in any locale.
const CHANGEOVER: i64 = 2_361_222;

/// The day of a year on which an offset changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    /// `Jn`: a day of the year that never counts 29 February.
    Common(i64),
    /// `n`: a day of the year that counts 29 February.
    Ordinal(i64),
    /// `Mm.w.d`: a weekday of a month; the fifth is the last.
    Weekday { month: i64, week: i64, day: i64 },
}

/// When an offset starts, in local time before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    day: Day,
    /// Seconds after midnight.
    time: i64,
}

/// A parsed zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PosixZone {
    standard_name: Vec<u8>,
    standard_offset: i32,
    summer: Option<Summer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Summer {
    name: Vec<u8>,
    offset: i32,
    start: Rule,
    end: Rule,
}

impl PosixZone {
    /// Parses a zone; nothing if `source` is not one. `signed_times` admits
    /// negative times of day in rules, as footers may have.
    pub(crate) fn parse(source: &[u8], signed_times: bool) -> Option<PosixZone> {
        let mut parser = Parser { source, at: 0, signed_times };
        let standard_name = parser.name()?;
        let standard_offset = -parser.offset()?;
        let summer = if parser.at_end() { None } else { Some(parser.summer(standard_offset)?) };
        parser.at_end().then_some(PosixZone { standard_name, standard_offset, summer })
    }

    /// Makes the zone's table: standard time, then the changes of the years
    /// from [`FIRST_YEAR`] to [`LAST_YEAR`] that come after `after`.
    pub(crate) fn expand(&self, builder: &mut ZoneBuilder, after: Option<i64>) {
        let standard = builder.local_type(self.standard_offset, false, &self.standard_name);
        if after.is_none() {
            builder.push(Transition { at: i64::MIN, local_type: standard });
        }
        let Some(summer) = &self.summer else { return };
        let daylight = builder.local_type(summer.offset, true, &summer.name);
        for year in FIRST_YEAR..=LAST_YEAR {
            let start = summer.start.instant(year, self.standard_offset);
            let end = summer.end.instant(year, summer.offset);
            let mut pair = [(start, daylight), (end, standard)];
            pair.sort();
            for (at, local_type) in pair {
                if after.is_none_or(|after| at > after) {
                    builder.push(Transition { at, local_type });
                }
            }
        }
    }
}

impl Rule {
    fn instant(self, year: i64, offset: i32) -> i64 {
        let day = match self.day {
            Day::Common(day) => {
                let leap = is_leap_year(true, false, year);
                julian_day_of_year_day(false, year, day + i64::from(leap && day >= 60), CHANGEOVER).0
            }
            Day::Ordinal(day) => julian_day_of_year_day(false, year, day, CHANGEOVER).0,
            Day::Weekday { month, week, day } => {
                let year = year + (month - 1).div_euclid(12);
                let month = (month - 1).rem_euclid(12) + 1;
                if week >= 5 {
                    julian_day_of_weekday_in_month(year, month, -1, day, CHANGEOVER)
                } else {
                    let first = julian_day_of_date(false, year, month, 7, CHANGEOVER).0;
                    super::calendar::weekday_on_or_before(day, first) + 7 * (week - 1)
                }
            }
        };
        (day - JULIAN_DAY_OF_EPOCH) * SECONDS_PER_DAY + self.time - i64::from(offset)
    }
}

/// The rules of a zone that names summer time but not its dates: today's rules
/// of Europe, of Russia, or of the United States, by the standard offset.
fn usual_rules(standard_offset: i32, summer_offset: i32) -> (Rule, Rule) {
    let hours = standard_offset / 3600;
    if (0..=12).contains(&hours) {
        let (start, end) = if hours > 2 {
            (7200, 10800)
        } else {
            (i64::from(standard_offset) + 3600, i64::from(summer_offset) + 3600)
        };
        (
            Rule { day: Day::Weekday { month: 3, week: 5, day: 0 }, time: start },
            Rule { day: Day::Weekday { month: 10, week: 5, day: 0 }, time: end },
        )
    } else {
        (
            Rule { day: Day::Weekday { month: 3, week: 2, day: 0 }, time: 7200 },
            Rule { day: Day::Weekday { month: 11, week: 1, day: 0 }, time: 7200 },
        )
    }
}

struct Parser<'a> {
    source: &'a [u8],
    at: usize,
    signed_times: bool,
}

impl Parser<'_> {
    fn at_end(&self) -> bool {
        self.at >= self.source.len()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.source.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    /// Letters, or letters, digits and signs in angle brackets.
    fn name(&mut self) -> Option<Vec<u8>> {
        let quoted = self.eat(b'<');
        let start = self.at;
        while !self.at_end() {
            let (c, width) = text::decode(self.source, self.at);
            let letter = char::from_u32(c).is_some_and(char::is_alphabetic);
            let other = quoted && (c == u32::from(b'+') || c == u32::from(b'-') || is_digit(c));
            if !letter && !other {
                break;
            }
            self.at += width;
        }
        let name = self.source[start..self.at].to_vec();
        (!name.is_empty() && (!quoted || self.eat(b'>'))).then_some(name)
    }

    /// An offset west of Greenwich with an optional sign, in seconds.
    fn offset(&mut self) -> Option<i32> {
        let negative = self.eat(b'-');
        if !negative {
            self.eat(b'+');
        }
        let seconds = self.hours_minutes_seconds(2)? as i32;
        Some(if negative { -seconds } else { seconds })
    }

    fn hours_minutes_seconds(&mut self, hour_digits: usize) -> Option<i64> {
        let mut seconds = 3600 * self.number(hour_digits)?;
        if self.eat(b':') {
            seconds += 60 * self.number(2)?;
            if self.eat(b':') {
                seconds += self.number(2)?;
            }
        }
        Some(seconds)
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        let start = self.at;
        let mut value = 0;
        while self.at - start < digits
            && let Some(&byte) = self.source.get(self.at)
            && byte.is_ascii_digit()
        {
            value = value * 10 + i64::from(byte - b'0');
            self.at += 1;
        }
        (self.at > start).then_some(value)
    }

    fn summer(&mut self, standard_offset: i32) -> Option<Summer> {
        let name = self.name()?;
        let mut offset = standard_offset + 3600;
        if !self.at_end() && self.source[self.at] != b',' {
            offset = -self.offset()?;
        }
        let (start, end) =
            if self.at_end() { usual_rules(standard_offset, offset) } else { (self.rule()?, self.rule()?) };
        Some(Summer { name, offset, start, end })
    }

    fn rule(&mut self) -> Option<Rule> {
        if !self.eat(b',') {
            return None;
        }
        let day = if self.eat(b'M') || self.eat(b'm') {
            let month = self.number(2)?;
            let week = self.eat(b'.').then(|| self.number(1))??;
            let day = self.eat(b'.').then(|| self.number(1))??;
            Day::Weekday { month, week, day }
        } else if self.eat(b'J') || self.eat(b'j') {
            Day::Common(self.number(3)?)
        } else {
            Day::Ordinal(self.number(3)?)
        };
        let mut time = 7200;
        if self.eat(b'/') {
            let negative = self.signed_times && self.eat(b'-');
            time = self.hours_minutes_seconds(if self.signed_times { 3 } else { 2 })?;
            if negative {
                time = -time;
            }
        }
        Some(Rule { day, time })
    }
}

fn is_digit(c: u32) -> bool {
    char::from_u32(c).is_some_and(|c| c.is_ascii_digit())
}
