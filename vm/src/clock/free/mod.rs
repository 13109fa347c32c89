//! `clock scan` without `-format`: dates and times as people write them.
//!
//! [`tokens`] cuts the text into words and numbers, [`parser`] recognises the
//! items, and [`relative`] applies what they say about the base time.

mod parser;
pub(super) mod relative;
mod tokens;
mod words;

use super::error::ClockError;
use super::reading::{
    DAY_OF_WEEK, NEEDS_DAY, NEEDS_SECONDS, Reading, Settings, TIME, YEAR, ZONE, second_of_day,
};
use super::zone::{Zone, offset_name};
use super::zones::numeric_offset;
use parser::{DATE, ORDINAL_MONTH, RELATIVE, Said};
use std::rc::Rc;

/// Reads `input` into `reading` and returns the instant that it tells.
///
/// # Errors
/// The input is no date, or not a valid one.
pub(crate) fn scan(input: &[u8], reading: &mut Reading, settings: &Settings) -> Result<i64, ClockError> {
    let said = parser::parse(input, reading)?;
    if reading.has(YEAR) {
        let year = reading.date.year;
        reading.date.year = if year < 100 { Reading::full_year(year, settings) } else { year };
        reading.date.bce = false;
    }
    if said.has(DATE) {
        reading.parts |= NEEDS_DAY | NEEDS_SECONDS;
    }
    if reading.has(ZONE) {
        reading.set_zone(Rc::new(zone_of(said.zone_minutes_west, said.zone_daylight)));
        reading.gmt = said.zone_minutes_west == 0 && !said.zone_daylight;
        reading.parts |= NEEDS_SECONDS;
    }
    reading.second_of_day = start_of_day_time(reading, &said);
    reading.check_parts(settings)?;
    relative::apply(reading, &said);
    reading.commit(settings)
}

/// The time of day that the relative parts are added to: what was said, or
/// midnight if a date was said, or else the time of the base.
fn start_of_day_time(reading: &mut Reading, said: &Said) -> i64 {
    if reading.has(TIME) {
        reading.parts |= NEEDS_SECONDS;
        return second_of_day(reading.hour, reading.minutes, reading.seconds, reading.meridian);
    }
    let other_day = said.has(RELATIVE) && (said.months != 0 || said.days != 0);
    if said.has(DATE) || reading.has(DAY_OF_WEEK) || said.has(ORDINAL_MONTH) || other_day {
        reading.parts |= NEEDS_SECONDS;
        return 0;
    }
    reading.second_of_day
}

/// The zone that is so many minutes west of Greenwich; an hour less in summer.
fn zone_of(minutes_west: i64, daylight: bool) -> Zone {
    if minutes_west == 0 && !daylight {
        return Zone::fixed(0, b"GMT");
    }
    let seconds = minutes_west.saturating_mul(-60).saturating_add(if daylight { 3600 } else { 0 });
    // The reference writes the offset down and reads it again, which cuts off
    // hours of more than two digits.
    let offset = i32::try_from(seconds).unwrap_or(0);
    let name = offset_name(offset);
    Zone::fixed(numeric_offset(&name).unwrap_or(offset), &name)
}
