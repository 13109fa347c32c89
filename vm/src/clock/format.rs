//! `clock format`: a format string compiled to steps, and the steps performed.

use super::calendar::{Date, JULIAN_DAY_OF_EPOCH, SECONDS_PER_DAY, is_leap_year};
use super::locale::Locale;
use super::zone::{LocalType, Zone, push_offset};
use crate::text::case;

/// The format of `clock format` without `-format`.
pub const DEFAULT_FORMAT: &[u8] = b"%a %b %d %H:%M:%S %Z %Y";

/// The longest text that a locale's replacements may blow a format up to; what
/// is beyond stays as it is.
const EXPANDED_BYTES_MAX: usize = 1 << 20;

/// A number in a date or time that formats as decimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    Year,
    Century,
    YearOfCentury,
    IsoYear,
    IsoYearOfCentury,
    IsoWeek,
    Month,
    Day,
    DayOfYear,
    Hour,
    Hour12,
    Minute,
    Second,
    Weekday,
    WeekdayFromSunday,
    WeekFromSunday,
    WeekFromMonday,
}

/// One step of a compiled format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Text of the format itself, by position.
    Literal {
        start: u32,
        end: u32,
    },
    /// A number with at least `width` digits.
    Zeros(Number, u8),
    /// A number with a blank before one digit.
    Blank(Number),
    /// A number in the locale's numerals.
    Numeral(Number),
    MonthName,
    MonthAbbreviation,
    DayName,
    DayAbbreviation,
    CapitalMeridian,
    Meridian,
    Offset,
    ZoneName,
    Seconds,
    LocalSeconds,
    JulianDay,
    CalendarJulianDate,
    AstronomicalJulianDate,
    EraName,
    LocaleEra,
    LocaleYearOfEra,
    StarDate,
}

/// A format string, compiled for a locale.
#[derive(Clone, Debug)]
pub struct CompiledFormat {
    text: Vec<u8>,
    steps: Vec<Step>,
    needs_date: bool,
}

/// The instant that is being formatted, told in every way.
struct Moment<'a> {
    seconds: i64,
    local_seconds: i64,
    second_of_day: i64,
    date: Date,
    local_type: &'a LocalType,
    locale: &'a Locale,
}

impl CompiledFormat {
    /// Compiles `format`; groups that the locale defines are replaced first.
    pub fn new(format: &[u8], locale: &Locale) -> CompiledFormat {
        let text = localize(format, locale);
        let mut compiled = CompiledFormat { text, steps: Vec::new(), needs_date: false };
        compiled.compile();
        compiled
    }

    /// Formats the instant `seconds` after the epoch.
    pub fn format(&self, seconds: i64, zone: &Zone, locale: &Locale) -> Vec<u8> {
        let local_type = zone.at(seconds);
        let local_seconds = seconds.saturating_add(i64::from(local_type.offset));
        let date = if self.needs_date {
            let day = local_seconds.div_euclid(SECONDS_PER_DAY) + JULIAN_DAY_OF_EPOCH;
            Date::of_julian_day(day, locale.changeover)
        } else {
            Date::default()
        };
        let second_of_day = local_seconds.rem_euclid(SECONDS_PER_DAY);
        let moment = Moment { seconds, local_seconds, second_of_day, date, local_type, locale };
        let mut out = Vec::with_capacity(self.text.len() * 2 + 8);
        for step in &self.steps {
            match *step {
                Step::Literal { start, end } => {
                    out.extend_from_slice(&self.text[start as usize..end as usize]);
                }
                Step::Zeros(number, width) => push_zeros(&mut out, moment.number(number), usize::from(width)),
                step => moment.perform(step, &mut out),
            }
        }
        out
    }

    fn compile(&mut self) {
        let text = std::mem::take(&mut self.text);
        let mut at = 0;
        while at < text.len() {
            match group_at(&text[at..]) {
                Some((step, width)) => {
                    let step = match step {
                        Group::Step(step) => step,
                        Group::Byte(offset) => {
                            let start = (at + offset) as u32;
                            Step::Literal { start, end: start + 1 }
                        }
                        Group::Newline | Group::Tab => {
                            self.text.push(if matches!(step, Group::Tab) { b'\t' } else { b'\n' });
                            Step::Literal { start: u32::MAX, end: u32::MAX }
                        }
                    };
                    self.push(step, text.len());
                    at += width;
                }
                None => {
                    self.push(Step::Literal { start: at as u32, end: at as u32 + 1 }, 0);
                    at += 1;
                }
            }
        }
        // Tabs and newlines made by groups stand behind the text of the format.
        let made = std::mem::replace(&mut self.text, text);
        self.text.extend_from_slice(&made);
    }

    /// Adds a step; literals that adjoin become one. A literal at `u32::MAX`
    /// means the byte made last, which will stand behind `text_bytes`.
    fn push(&mut self, step: Step, text_bytes: usize) {
        let step = match step {
            Step::Literal { start: u32::MAX, .. } => {
                let start = (text_bytes + self.text.len() - 1) as u32;
                Step::Literal { start, end: start + 1 }
            }
            step => step,
        };
        if let Step::Literal { start, end } = step
            && let Some(Step::Literal { end: last, .. }) = self.steps.last_mut()
            && *last == start
        {
            *last = end;
            return;
        }
        self.needs_date |= !matches!(
            step,
            Step::Literal { .. }
                | Step::Seconds
                | Step::LocalSeconds
                | Step::Offset
                | Step::ZoneName
                | Step::CapitalMeridian
                | Step::Meridian
                | Step::Zeros(Number::Hour | Number::Hour12 | Number::Minute | Number::Second, _)
        );
        self.steps.push(step);
    }
}

/// What a group at some place of a format means.
enum Group {
    Step(Step),
    /// The byte at this distance from the percent sign itself.
    Byte(usize),
    Newline,
    Tab,
}

/// The group at the start of `text` and its length in bytes; nothing if the
/// text is to be taken as it is.
fn group_at(text: &[u8]) -> Option<(Group, usize)> {
    match *text {
        [b'%', b'E', letter, ..] => Some((Group::Step(alternate_calendar_step(letter)?), 3)),
        [b'%', b'O', letter, ..] => Some((Group::Step(Step::Numeral(numeral_number(letter)?)), 3)),
        [b'%', b'%', ..] => Some((Group::Byte(1), 2)),
        [b'%', b'n', ..] => Some((Group::Newline, 2)),
        [b'%', b't', ..] => Some((Group::Tab, 2)),
        [b'%', letter, ..] => Some((Group::Step(plain_step(letter)?), 2)),
        _ => None,
    }
}

fn plain_step(letter: u8) -> Option<Step> {
    Some(match letter {
        b'a' => Step::DayAbbreviation,
        b'A' => Step::DayName,
        b'b' | b'h' => Step::MonthAbbreviation,
        b'B' => Step::MonthName,
        b'C' => Step::Zeros(Number::Century, 2),
        b'd' => Step::Zeros(Number::Day, 2),
        b'e' => Step::Blank(Number::Day),
        b'g' => Step::Zeros(Number::IsoYearOfCentury, 2),
        b'G' => Step::Zeros(Number::IsoYear, 4),
        b'H' => Step::Zeros(Number::Hour, 2),
        b'I' => Step::Zeros(Number::Hour12, 2),
        b'j' => Step::Zeros(Number::DayOfYear, 3),
        b'J' => Step::JulianDay,
        b'k' => Step::Blank(Number::Hour),
        b'l' => Step::Blank(Number::Hour12),
        b'm' => Step::Zeros(Number::Month, 2),
        b'M' => Step::Zeros(Number::Minute, 2),
        b'N' => Step::Blank(Number::Month),
        b'p' => Step::CapitalMeridian,
        b'P' => Step::Meridian,
        b'Q' => Step::StarDate,
        b's' => Step::Seconds,
        b'S' => Step::Zeros(Number::Second, 2),
        b'u' => Step::Zeros(Number::Weekday, 1),
        b'U' => Step::Zeros(Number::WeekFromSunday, 2),
        b'V' => Step::Zeros(Number::IsoWeek, 2),
        b'w' => Step::Zeros(Number::WeekdayFromSunday, 1),
        b'W' => Step::Zeros(Number::WeekFromMonday, 2),
        b'y' => Step::Zeros(Number::YearOfCentury, 2),
        b'Y' => Step::Zeros(Number::Year, 4),
        b'z' => Step::Offset,
        b'Z' => Step::ZoneName,
        _ => return None,
    })
}

fn alternate_calendar_step(letter: u8) -> Option<Step> {
    Some(match letter {
        b'C' => Step::LocaleEra,
        b'E' => Step::EraName,
        b'j' => Step::AstronomicalJulianDate,
        b'J' => Step::CalendarJulianDate,
        b's' => Step::LocalSeconds,
        b'y' => Step::LocaleYearOfEra,
        _ => return None,
    })
}

fn numeral_number(letter: u8) -> Option<Number> {
    Some(match letter {
        b'd' | b'e' => Number::Day,
        b'm' => Number::Month,
        b'H' | b'k' => Number::Hour,
        b'I' | b'l' => Number::Hour12,
        b'M' => Number::Minute,
        b'S' => Number::Second,
        b'u' => Number::Weekday,
        b'w' => Number::WeekdayFromSunday,
        b'y' => Number::YearOfCentury,
        _ => return None,
    })
}

/// The order in which the reference replaces the groups that a locale defines:
/// a replacement is itself searched for the groups before it only.
const EXPANDED_GROUPS: &[(u8, u8)] = &[
    (0, b'D'),
    (0, b'+'),
    (b'E', b'Y'),
    (0, b'T'),
    (0, b'R'),
    (0, b'r'),
    (0, b'X'),
    (b'E', b'X'),
    (0, b'x'),
    (b'E', b'x'),
    (0, b'c'),
    (b'E', b'c'),
];

/// The format with the groups that the locale defines replaced.
pub(crate) fn localize(format: &[u8], locale: &Locale) -> Vec<u8> {
    let mut expanded: Vec<Vec<u8>> = Vec::with_capacity(EXPANDED_GROUPS.len());
    if !format.contains(&b'%') {
        return format.to_vec();
    }
    for &(alternate, letter) in EXPANDED_GROUPS {
        let text = locale.expansion(alternate, letter).unwrap_or_default();
        let replacement = replace_groups(text, &expanded);
        expanded.push(replacement);
    }
    replace_groups(format, &expanded)
}

fn replace_groups(text: &[u8], expanded: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let (group, width) = match text[at..] {
            [b'%', b'%', ..] => {
                out.extend_from_slice(b"%%");
                at += 2;
                continue;
            }
            [b'%', b'E', letter, ..] => ((b'E', letter), 3),
            [b'%', letter, ..] => ((0, letter), 2),
            _ => ((0, 0), 1),
        };
        let index = EXPANDED_GROUPS.iter().position(|&known| known == group);
        match index.and_then(|index| expanded.get(index)) {
            Some(replacement) if out.len() + replacement.len() <= EXPANDED_BYTES_MAX => {
                out.extend_from_slice(replacement);
                at += width;
            }
            _ => {
                out.push(text[at]);
                at += 1;
            }
        }
    }
    out
}

impl Moment<'_> {
    #[inline]
    fn number(&self, number: Number) -> i64 {
        let date = &self.date;
        let weekday_from_sunday = date.day_of_week % 7;
        match number {
            Number::Year => date.year,
            Number::Century => date.year / 100,
            Number::YearOfCentury => date.year % 100,
            Number::IsoYear => date.iso_year,
            Number::IsoYearOfCentury => date.iso_year % 100,
            Number::IsoWeek => date.iso_week,
            Number::Month => date.month,
            Number::Day => date.day,
            Number::DayOfYear => date.day_of_year,
            Number::Hour => self.second_of_day / 3600,
            Number::Hour12 => (self.second_of_day / 3600 + 11) % 12 + 1,
            Number::Minute => self.second_of_day / 60 % 60,
            Number::Second => self.second_of_day % 60,
            Number::Weekday => date.day_of_week,
            Number::WeekdayFromSunday => weekday_from_sunday,
            Number::WeekFromSunday => (date.day_of_year + 6 - weekday_from_sunday) / 7,
            Number::WeekFromMonday => (date.day_of_year + 7 - date.day_of_week) / 7,
        }
    }

    fn perform(&self, step: Step, out: &mut Vec<u8>) {
        let date = &self.date;
        match step {
            Step::Literal { .. } | Step::Zeros(..) => unreachable!("the loop performs these itself"),
            Step::Blank(number) => {
                let number = self.number(number);
                if number < 10 {
                    out.push(b' ');
                }
                push_zeros(out, number, 1);
            }
            Step::Numeral(number) => push_item(out, &self.locale.numerals, self.number(number)),
            Step::MonthName => push_item(out, &self.locale.months_full, date.month - 1),
            Step::MonthAbbreviation => push_item(out, &self.locale.months_abbreviated, date.month - 1),
            Step::DayName => push_item(out, &self.locale.days_full, date.day_of_week % 7),
            Step::DayAbbreviation => push_item(out, &self.locale.days_abbreviated, date.day_of_week % 7),
            Step::CapitalMeridian => out.extend_from_slice(&case::upper(self.meridian())),
            Step::Meridian => out.extend_from_slice(self.meridian()),
            Step::Offset => push_offset(out, self.local_type.offset),
            Step::ZoneName => out.extend_from_slice(&self.local_type.name),
            Step::Seconds => push_zeros(out, self.seconds, 1),
            Step::LocalSeconds => push_zeros(out, self.local_seconds, 1),
            Step::JulianDay => push_julian_day(out, date.julian_day),
            Step::CalendarJulianDate => self.push_julian_date(out, 0),
            Step::AstronomicalJulianDate => self.push_julian_date(out, SECONDS_PER_DAY / 2),
            Step::EraName => {
                out.extend_from_slice(if date.bce { &self.locale.bce } else { &self.locale.ce });
            }
            Step::LocaleEra => match self.locale.era_at(self.local_seconds) {
                Some(era) => out.extend_from_slice(&era.name),
                None => push_zeros(out, date.year / 100, 2),
            },
            Step::LocaleYearOfEra => self.push_year_of_era(out),
            Step::StarDate => self.push_star_date(out),
        }
    }

    fn meridian(&self) -> &[u8] {
        if self.second_of_day < SECONDS_PER_DAY / 2 { &self.locale.am } else { &self.locale.pm }
    }

    fn push_year_of_era(&self, out: &mut Vec<u8>) {
        let year = match self.locale.era_at(self.local_seconds) {
            Some(era) => self.date.year.saturating_sub(era.year_offset),
            None => return push_zeros(out, self.date.year % 100, 2),
        };
        // The reference has numerals for two digits only here, however many there are.
        let numeral = usize::try_from(year).ok().and_then(|index| self.locale.numerals.get(index));
        match numeral.filter(|_| year < 100) {
            Some(numeral) => out.extend_from_slice(numeral),
            None => push_zeros(out, year, 2),
        }
    }

    /// A day and its fraction with up to eight decimals, at least one.
    fn push_julian_date(&self, out: &mut Vec<u8>, late_by: i64) {
        const UNITS_PER_DAY: i128 = 100_000_000;
        let day_seconds = i128::from(SECONDS_PER_DAY);
        let seconds =
            i128::from(self.date.julian_day) * day_seconds + i128::from(self.second_of_day - late_by);
        let units = (seconds.abs() * UNITS_PER_DAY * 2 + day_seconds) / (2 * day_seconds);
        if seconds < 0 {
            out.push(b'-');
        }
        push_zeros(out, (units / UNITS_PER_DAY) as i64, 1);
        out.push(b'.');
        push_zeros(out, (units % UNITS_PER_DAY) as i64, 8);
        let zeros = out.iter().rev().take(7).take_while(|&&b| b == b'0').count();
        out.truncate(out.len() - zeros);
    }

    /// Years since 2323 in thousandths, for use on starships.
    fn push_star_date(&self, out: &mut Vec<u8>) {
        let date = &self.date;
        let leap = is_leap_year(date.gregorian, date.bce, date.year);
        let days = if leap { 366 } else { 365 };
        out.extend_from_slice(b"Stardate ");
        push_zeros(out, date.year - STARDATE_YEAR, 2);
        push_zeros(out, 1000 * (date.day_of_year - 1) / days, 3);
        out.push(b'.');
        push_zeros(out, self.second_of_day / (SECONDS_PER_DAY / 10), 1);
    }
}

/// The year in which the count of star dates starts.
pub(crate) const STARDATE_YEAR: i64 = 1946;

fn push_item(out: &mut Vec<u8>, items: &[Vec<u8>], index: i64) {
    if let Some(item) = usize::try_from(index).ok().and_then(|index| items.get(index)) {
        out.extend_from_slice(item);
    }
}

/// Appends a Julian day: seven digits, or seventeen places from ten thousand
/// million on, as the reference has it.
fn push_julian_day(out: &mut Vec<u8>, day: i64) {
    let places = if day.unsigned_abs() >= 10_000_000_000 { 17 } else { 7 };
    push_zeros(out, day, places);
}

/// Appends a number with leading zeros to `width` places, the sign included.
#[inline]
pub(crate) fn push_zeros(out: &mut Vec<u8>, number: i64, width: usize) {
    if width == 2 && (0..100).contains(&number) {
        out.extend_from_slice(&[b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
        return;
    }
    let mut digits = [b'0'; 20];
    let mut rest = number.unsigned_abs();
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    let mut places = width;
    if number < 0 {
        out.push(b'-');
        places = width.saturating_sub(1);
    }
    let at = at.min(digits.len().saturating_sub(places));
    out.extend_from_slice(&digits[at..]);
}
