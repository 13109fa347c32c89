//! `clock add`: adding counts of units to an instant, one after the other.

use super::calendar::{Date, JULIAN_DAY_OF_EPOCH, SECONDS_PER_DAY};
use super::error::ClockError;
use super::free::relative::Amounts;
use super::reading::{NEEDS_SECONDS, Reading, Settings};

/// A unit of `clock add`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddUnit {
    /// Twelve months.
    Years,
    /// Months, which keep the day of the month if they have it.
    Months,
    /// Seven days.
    Weeks,
    /// Days, which keep the time of day.
    Days,
    /// Days other than Saturday and Sunday.
    Weekdays,
    /// 3600 seconds.
    Hours,
    /// 60 seconds.
    Minutes,
    /// Seconds.
    Seconds,
}

/// The names of the units, in the order of the reference's messages.
pub const ADD_UNITS: &[(&str, AddUnit)] = &[
    ("years", AddUnit::Years),
    ("months", AddUnit::Months),
    ("week", AddUnit::Weeks),
    ("weeks", AddUnit::Weeks),
    ("days", AddUnit::Days),
    ("weekdays", AddUnit::Weekdays),
    ("hours", AddUnit::Hours),
    ("minutes", AddUnit::Minutes),
    ("seconds", AddUnit::Seconds),
];

/// The largest count of seconds, minutes or hours, as of seconds since the epoch.
const SECONDS_MAX: u64 = super::options::SECONDS_MAX as u64;

/// Adds `counts` to the base time of `reading`.
pub(crate) fn add(
    reading: &mut Reading,
    counts: &[(i64, AddUnit)],
    settings: &Settings,
) -> Result<i64, ClockError> {
    // Weekdays are counted from the weekday of the base even if units before them
    // have moved the date, until months are added to the moved date; the reference
    // has it so.
    let mut day_of_week = reading.date.day_of_week;
    let mut moved_day_of_week = None;
    for &(count, unit) in counts {
        check_count(count, unit)?;
        let amounts = amounts(count, unit, day_of_week);
        let day_before = reading.date.julian_day;
        if amounts.months != 0 {
            day_of_week = moved_day_of_week.take().unwrap_or(day_of_week);
            let bce = reading.date.bce;
            add_to_date(reading, amounts, settings)?;
            // Years go on being counted in the era that they began in, until days are added.
            if reading.date.bce != bce {
                reading.date.bce = bce;
                reading.date.year = 1 - reading.date.year;
            }
        } else if amounts.days != 0 {
            add_to_date(reading, amounts, settings)?;
            moved_day_of_week = Some(reading.date.day_of_week);
        } else if amounts.seconds != 0 {
            add_seconds(reading, amounts.seconds, settings)?;
            let moved = moved_day_of_week.is_some() || reading.gmt;
            if moved && reading.date.julian_day != day_before {
                moved_day_of_week = Some(reading.date.day_of_week);
            }
        }
    }
    Ok(reading.utc_seconds.wrapping_add(reading.relative_seconds))
}

fn check_count(count: i64, unit: AddUnit) -> Result<(), ClockError> {
    let largest = match unit {
        AddUnit::Hours | AddUnit::Minutes | AddUnit::Seconds => SECONDS_MAX,
        _ => i32::MAX as u64,
    };
    if count.unsigned_abs() > largest {
        return Err(ClockError::new("integer value too large to represent", &[b"NONE"]));
    }
    Ok(())
}

fn amounts(count: i64, unit: AddUnit, day_of_week: i64) -> Amounts {
    let mut amounts = Amounts::default();
    match unit {
        AddUnit::Years => amounts.months = count * 12,
        AddUnit::Months => amounts.months = count,
        AddUnit::Weeks => amounts.days = count * 7,
        AddUnit::Days => amounts.days = count,
        AddUnit::Weekdays if count != 0 => amounts.days = weekdays(day_of_week, count),
        AddUnit::Weekdays => {}
        AddUnit::Hours => amounts.seconds = count.wrapping_mul(3600),
        AddUnit::Minutes => amounts.seconds = count.wrapping_mul(60),
        AddUnit::Seconds => amounts.seconds = count,
    }
    amounts
}

/// Adds months or days, which keep the local time of day.
fn add_to_date(reading: &mut Reading, mut amounts: Amounts, settings: &Settings) -> Result<(), ClockError> {
    amounts.apply(reading);
    settle(reading, settings)
}

/// Converts the changed date to UTC and tells it in all ways again.
fn settle(reading: &mut Reading, settings: &Settings) -> Result<(), ClockError> {
    reading.parts |= NEEDS_SECONDS;
    let pending = std::mem::take(&mut reading.relative_seconds);
    reading.commit(settings)?;
    reading.relative_seconds = pending;
    reading.date = Date::of_julian_day(reading.date.julian_day, reading.changeover);
    reading.parts = 0;
    Ok(())
}

/// Adds seconds of elapsed time. In the zone that `-gmt` means they move the date
/// only if they exceed the day.
fn add_seconds(reading: &mut Reading, seconds: i64, settings: &Settings) -> Result<(), ClockError> {
    if reading.gmt {
        let seconds = reading.relative_seconds.wrapping_add(seconds);
        let mut amounts = Amounts { seconds, ..Amounts::default() };
        amounts.apply(reading);
        reading.relative_seconds = amounts.seconds;
        return settle(reading, settings);
    }
    let seconds = reading.utc_seconds.wrapping_add(seconds);
    reading.utc_seconds = seconds;
    reading.local_seconds = seconds.wrapping_add(i64::from(reading.zone.at(seconds).offset));
    let day = reading.local_seconds.div_euclid(SECONDS_PER_DAY) + JULIAN_DAY_OF_EPOCH;
    reading.date = Date::of_julian_day(day, reading.changeover);
    reading.second_of_day = reading.local_seconds.rem_euclid(SECONDS_PER_DAY);
    Ok(())
}

/// How many days away the `count`th weekday is; a weekend counts as its Friday.
fn weekdays(day_of_week: i64, count: i64) -> i64 {
    const WORKING_DAYS: i64 = 5;
    let start = day_of_week.min(WORKING_DAYS) - 1;
    let days = (start + count).div_euclid(WORKING_DAYS) * 7 + (start + count).rem_euclid(WORKING_DAYS);
    // The reference computes this in 32 bits.
    i64::from((days - (day_of_week - 1)) as i32)
}
