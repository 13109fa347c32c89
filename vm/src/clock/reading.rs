//! What a scan has read so far, and how it becomes an instant.
//!
//! Both kinds of `clock scan` fill in a [`Reading`] that starts out as the base
//! time; then the date is assembled from the parts that take precedence, checked,
//! and converted to UTC.

use super::calendar::{
    Date, JULIAN_DAY_OF_EPOCH, SECONDS_PER_DAY, days_in_month, is_leap_year, julian_day_of_date,
    julian_day_of_iso_week, julian_day_of_year_day,
};
use super::error::ClockError;
use super::zone::Zone;
use std::rc::Rc;
use tclring_compiler::Mode;

/// Which parts were read, as a set of bits.
pub(crate) type Parts = u32;

pub(crate) const POSIX_SECONDS: Parts = 1 << 1;
pub(crate) const LOCAL_SECONDS: Parts = 1 << 2;
pub(crate) const JULIAN_DAY: Parts = 1 << 3;
pub(crate) const TIME: Parts = 1 << 4;
pub(crate) const ZONE: Parts = 1 << 5;
pub(crate) const CENTURY: Parts = 1 << 6;
pub(crate) const DAY_OF_MONTH: Parts = 1 << 7;
pub(crate) const DAY_OF_YEAR: Parts = 1 << 8;
pub(crate) const MONTH: Parts = 1 << 9;
pub(crate) const YEAR: Parts = 1 << 10;
pub(crate) const DAY_OF_WEEK: Parts = 1 << 11;
pub(crate) const ISO_YEAR: Parts = 1 << 12;
pub(crate) const ISO_WEEK: Parts = 1 << 13;
pub(crate) const ISO_CENTURY: Parts = 1 << 14;
/// The day must be computed from year, month and so on.
pub(crate) const NEEDS_DAY: Parts = 1 << 20;
/// The seconds must be computed from day and time.
pub(crate) const NEEDS_SECONDS: Parts = 1 << 21;

/// Everything that makes a date.
pub(crate) const ANY_DATE: Parts =
    JULIAN_DAY | DAY_OF_MONTH | DAY_OF_YEAR | MONTH | YEAR | ISO_YEAR | DAY_OF_WEEK | ISO_WEEK;

/// The settings of an interpreter that govern scans.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The century that two-digit years are in.
    pub year_century: i64,
    /// The first two-digit year that belongs to the century before.
    pub century_switch: i64,
    /// The smallest year that is valid.
    pub year_min: i64,
    /// The largest year that is valid.
    pub year_max: i64,
    /// The largest Julian date that is valid.
    pub julian_date_max: f64,
    /// Whether scans check what they read, unless an option says otherwise.
    pub validate: bool,
}

impl Settings {
    /// The settings that interpreters of a release start with: 8.6 lets parts that
    /// are out of range roll over.
    pub fn of(mode: Mode) -> Settings {
        Settings { validate: mode == Mode::Tcl90, ..Settings::default() }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            year_century: 2000,
            century_switch: 38,
            year_min: i64::from(i32::MIN),
            year_max: i64::from(i32::MAX),
            julian_date_max: 5_373_484.499_999_994,
            validate: true,
        }
    }
}

/// The half of the day that an hour was said to be in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Meridian {
    Am,
    Pm,
    /// The hour counts to 24.
    #[default]
    Whole,
}

/// The parts of a date and time.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// What was read.
    pub(crate) parts: Parts,
    pub(crate) date: Date,
    pub(crate) century: i64,
    pub(crate) hour: i64,
    pub(crate) minutes: i64,
    pub(crate) seconds: i64,
    pub(crate) meridian: Meridian,
    /// The time of day in seconds, or a negative number if it makes no sense.
    pub(crate) second_of_day: i64,
    /// Seconds since the epoch in local time.
    pub(crate) local_seconds: i64,
    /// Seconds since the epoch.
    pub(crate) utc_seconds: i64,
    /// Seconds to be added to the result.
    pub(crate) relative_seconds: i64,
    /// The time zone, as given or as read.
    pub(crate) zone: Rc<Zone>,
    /// The base time, as long as the zone is the one that it was converted in.
    near: Option<i64>,
    pub(crate) changeover: i64,
    /// Whether the zone is the one that `-gmt` means.
    pub(crate) gmt: bool,
    /// Whether the parts are still to be checked.
    pub(crate) check_parts: bool,
    /// Whether the result is still to be checked.
    pub(crate) check_result: bool,
}

impl Reading {
    /// The parts of the base time, with nothing read yet.
    pub(crate) fn of_base(base: i64, zone: Rc<Zone>, changeover: i64, validate: bool) -> Reading {
        let local_seconds = base.saturating_add(i64::from(zone.at(base).offset));
        let day = local_seconds.div_euclid(SECONDS_PER_DAY) + JULIAN_DAY_OF_EPOCH;
        Reading {
            parts: 0,
            date: Date::of_julian_day(day, changeover),
            century: 0,
            hour: 0,
            minutes: 0,
            seconds: 0,
            meridian: Meridian::Whole,
            second_of_day: local_seconds.rem_euclid(SECONDS_PER_DAY),
            local_seconds,
            utc_seconds: base,
            relative_seconds: 0,
            zone,
            near: Some(base),
            changeover,
            gmt: false,
            check_parts: validate,
            check_result: validate,
        }
    }

    /// Uses the zone that was read.
    pub(crate) fn set_zone(&mut self, zone: Rc<Zone>) {
        self.gmt = false;
        if !Rc::ptr_eq(&self.zone, &zone) {
            self.near = None;
        }
        self.zone = zone;
    }

    /// Whether any of `parts` was read.
    pub(crate) fn has(&self, parts: Parts) -> bool {
        self.parts & parts != 0
    }

    /// Whether all of `parts` were read.
    pub(crate) fn has_all(&self, parts: Parts) -> bool {
        self.parts & parts == parts
    }

    /// The year that a two-digit year means.
    pub(crate) fn full_year(year: i64, settings: &Settings) -> i64 {
        let year = if year >= settings.century_switch { year - 100 } else { year };
        year + settings.year_century
    }

    /// The instant that was read.
    ///
    /// # Errors
    /// What was read is not valid, or the date is beyond the largest.
    pub(crate) fn commit(&mut self, settings: &Settings) -> Result<i64, ClockError> {
        self.check_parts(settings)?;
        if self.has(NEEDS_DAY) {
            self.assemble_day();
        }
        if self.has(JULIAN_DAY) {
            let noon = SECONDS_PER_DAY as f64 / 2.0;
            let date =
                self.date.julian_day as f64 + (self.second_of_day as f64 - noon) / SECONDS_PER_DAY as f64;
            if date > settings.julian_date_max {
                return Err(ClockError::date_too_large());
            }
        }
        if self.has(NEEDS_SECONDS) {
            // The hour 24 reaches into the next day, but the date is the one read.
            self.local_seconds = self
                .date
                .julian_day
                .wrapping_sub(JULIAN_DAY_OF_EPOCH)
                .wrapping_mul(SECONDS_PER_DAY)
                .wrapping_add(self.second_of_day);
        }
        if self.has(NEEDS_SECONDS | LOCAL_SECONDS) {
            self.utc_seconds = self.zone.to_utc(self.local_seconds, self.near).0;
        }
        let seconds = self.utc_seconds.wrapping_add(self.relative_seconds);
        if !self.gmt && self.relative_seconds != 0 {
            self.utc_seconds = seconds;
            self.local_seconds = seconds.wrapping_add(i64::from(self.zone.at(seconds).offset));
            self.date.julian_day = self.local_seconds.div_euclid(SECONDS_PER_DAY) + JULIAN_DAY_OF_EPOCH;
        }
        self.check_result()?;
        Ok(seconds)
    }

    /// Computes the Julian day from the parts that take precedence.
    pub(crate) fn assemble_day(&mut self) {
        let date = &mut self.date;
        let changeover = self.changeover;
        if self.parts & ISO_WEEK != 0 {
            date.julian_day =
                julian_day_of_iso_week(date.bce, date.iso_year, date.iso_week, date.day_of_week, changeover);
        } else if self.parts & DAY_OF_YEAR == 0 || self.parts & (DAY_OF_MONTH | MONTH) == DAY_OF_MONTH | MONTH
        {
            (date.julian_day, date.gregorian) =
                julian_day_of_date(date.bce, date.year, date.month, date.day, changeover);
        } else {
            (date.julian_day, date.gregorian) =
                julian_day_of_year_day(date.bce, date.year, date.day_of_year, changeover);
        }
        self.parts |= NEEDS_SECONDS;
        self.parts &= !NEEDS_DAY;
    }

    /// Whether the year that was read has a 29 February.
    fn is_leap(&self) -> bool {
        // The first of March tells whether the year is in the Julian part.
        let gregorian = julian_day_of_date(self.date.bce, self.date.year, 3, 1, self.changeover).1;
        is_leap_year(gregorian, self.date.bce, self.date.year)
    }

    /// Checks the parts, once.
    pub(crate) fn check_parts(&mut self, settings: &Settings) -> Result<(), ClockError> {
        if !std::mem::take(&mut self.check_parts) {
            return Ok(());
        }
        self.check_year(settings)?;
        let leap = self.is_leap();
        if self.has(MONTH) && !(1..=12).contains(&self.date.month) {
            return Err(invalid("invalid month", "month"));
        }
        if self.has(DAY_OF_MONTH | DAY_OF_WEEK) {
            let longest = if self.has(MONTH) { days_in_month(leap, self.date.month) } else { 31 };
            if !(1..=longest).contains(&self.date.day) {
                return Err(invalid("invalid day", "day"));
            }
        }
        if self.has(DAY_OF_YEAR) {
            if !(1..=365 + i64::from(leap)).contains(&self.date.day_of_year) {
                return Err(invalid("invalid day of year", "day of year"));
            }
            if self.has_all(DAY_OF_MONTH | MONTH) {
                let date = &self.date;
                let one = julian_day_of_year_day(date.bce, date.year, date.day_of_year, self.changeover).0;
                let other = match self.has(NEEDS_DAY) {
                    true => julian_day_of_date(date.bce, date.year, date.month, date.day, self.changeover).0,
                    // The day was given, or it is that of the base.
                    false => date.julian_day,
                };
                if one != other {
                    return Err(invalid("ambiguous day", "day"));
                }
            }
        }
        self.check_time()
    }

    fn check_year(&mut self, settings: &Settings) -> Result<(), ClockError> {
        let valid = settings.year_min..=settings.year_max;
        if self.has(ISO_YEAR) && !valid.contains(&self.date.iso_year) {
            return Err(invalid("invalid iso year", "iso year"));
        }
        if self.has(YEAR) && !valid.contains(&self.date.year) {
            return Err(invalid("invalid year", "year"));
        }
        if self.has(ISO_YEAR) && !self.has(YEAR) {
            self.date.year = self.date.iso_year;
        }
        if self.has_all(ISO_YEAR | YEAR) && self.date.iso_year != self.date.year {
            return Err(invalid("ambiguous year", "year"));
        }
        Ok(())
    }

    fn check_time(&self) -> Result<(), ClockError> {
        if !self.has(TIME) {
            return Ok(());
        }
        let hours = if self.meridian == Meridian::Whole { 24 } else { 12 };
        if !(0..=hours).contains(&self.hour) {
            return Err(invalid("invalid time (hour)", "hour"));
        }
        if self.hour == 24 && (self.minutes != 0 || self.seconds != 0) {
            return Err(invalid("invalid time", "time"));
        }
        if !(0..60).contains(&self.minutes) {
            return Err(invalid("invalid time (minutes)", "minutes"));
        }
        if !(0..60).contains(&self.seconds) || self.second_of_day < 0 {
            return Err(invalid("invalid time", "seconds"));
        }
        Ok(())
    }

    /// Checks the instant, once: that the local time exists, and that the weekday
    /// is the one that was read.
    pub(crate) fn check_result(&mut self) -> Result<(), ClockError> {
        if !std::mem::take(&mut self.check_result) {
            return Ok(());
        }
        if self.has(TIME) && self.has(NEEDS_SECONDS) {
            let offset = self.zone.at(self.utc_seconds).offset;
            if self.utc_seconds.saturating_add(i64::from(offset)) != self.local_seconds {
                return Err(invalid("invalid time (does not exist in this time-zone)", "out-of-time"));
            }
        }
        if self.has(DAY_OF_WEEK) {
            let actual = Date::of_julian_day(self.date.julian_day, self.changeover).day_of_week;
            if actual != self.date.day_of_week {
                return Err(invalid("invalid day of week", "day of week"));
            }
        }
        Ok(())
    }
}

fn invalid(what: &str, code: &str) -> ClockError {
    let message = format!("unable to convert input string: {what}");
    ClockError::new(message, &[b"CLOCK", b"invInpStr", code.as_bytes()])
}

/// The time of day in seconds.
pub(crate) fn second_of_day(hour: i64, minutes: i64, seconds: i64, meridian: Meridian) -> i64 {
    let hour = i64::from(hour as i32);
    let hour = match meridian {
        Meridian::Whole => hour,
        Meridian::Am if hour % 24 >= 12 => hour - 12,
        Meridian::Pm if hour % 24 < 12 => hour + 12,
        Meridian::Am | Meridian::Pm => hour,
    };
    // The reference computes this in 32 bits.
    i64::from((hour.wrapping_mul(60).wrapping_add(minutes)).wrapping_mul(60).wrapping_add(seconds) as i32)
}
