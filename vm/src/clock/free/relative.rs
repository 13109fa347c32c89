//! Adding relative amounts to a date.
//!
//! Months and days are added to the date, so that the time of day stays; what
//! exceeds a day in seconds moves the date, too, and the rest is added to the
//! result in UTC.

use super::super::calendar::{
    Date, SECONDS_PER_DAY, days_in_month, is_leap_year, julian_day_of_date, weekday_on_or_before,
};
use super::super::reading::{DAY_OF_WEEK, NEEDS_DAY, NEEDS_SECONDS, Reading};
use super::parser::{DATE, ORDINAL_MONTH, RELATIVE, Said};

/// Applies what was said relatively to `reading`. In the zone that `-gmt` means,
/// seconds that exceed the day move the date before the weekday is looked for
/// once more; in other zones they are added to the result in UTC.
pub(super) fn apply(reading: &mut Reading, said: &Said) {
    let mut amounts = Amounts { months: said.months, days: said.days, seconds: 0 };
    if said.has(RELATIVE) {
        amounts.apply(reading);
    }
    if said.has(ORDINAL_MONTH) {
        if said.has(DATE) && said.days != 0 {
            // Here the reference forgets the weekday that was said.
            reading.date = Date::of_julian_day(reading.date.julian_day, reading.changeover);
        }
        go_to_month(reading, said);
    }
    let weekday = reading.has(DAY_OF_WEEK) && !said.has(DATE);
    if weekday {
        go_to_weekday(reading, said);
    }
    amounts.seconds = said.seconds;
    if reading.gmt && amounts.apply(reading) && weekday {
        go_to_weekday(reading, said);
    }
    reading.relative_seconds = amounts.seconds;
}

/// Amounts to be added.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Amounts {
    pub(crate) months: i64,
    pub(crate) days: i64,
    /// Seconds; after the amounts were applied, what is left of them.
    pub(crate) seconds: i64,
}

impl Amounts {
    /// Adds the amounts to the date, months first. Seconds move the date by the
    /// days that they exceed; the answer is whether they did.
    pub(crate) fn apply(&mut self, reading: &mut Reading) -> bool {
        self.add_months(reading);
        self.add_days(reading);
        let sum = reading.second_of_day.wrapping_add(self.seconds);
        if sum / SECONDS_PER_DAY == reading.second_of_day / SECONDS_PER_DAY {
            return false;
        }
        self.days = sum.div_euclid(SECONDS_PER_DAY);
        self.seconds = sum.rem_euclid(SECONDS_PER_DAY);
        reading.second_of_day = 0;
        reading.parts |= NEEDS_SECONDS;
        self.add_days(reading);
        true
    }

    fn add_months(&mut self, reading: &mut Reading) {
        let months = std::mem::take(&mut self.months);
        if months != 0 {
            add_months(reading, months);
        }
    }

    fn add_days(&mut self, reading: &mut Reading) {
        let days = std::mem::take(&mut self.days);
        if days != 0 {
            settle_day(reading);
            set_day(reading, reading.date.julian_day.wrapping_add(days));
        }
    }
}

/// Adds months; a day that the month does not have becomes its last.
fn add_months(reading: &mut Reading, months: i64) {
    let date = &mut reading.date;
    // The reference counts years of the era, so that before the Common Era more
    // years are earlier, and computes in 32 bits.
    let count = i64::from(date.month.wrapping_sub(1).wrapping_add(months) as i32);
    date.year = i64::from(date.year.wrapping_add(count.div_euclid(12)) as i32);
    date.month = count.rem_euclid(12) + 1;
    let gregorian = julian_day_of_date(date.bce, date.year, 3, 1, reading.changeover).1;
    let leap = is_leap_year(gregorian, date.bce, date.year);
    date.day = date.day.min(days_in_month(leap, date.month));
    reading.parts |= NEEDS_DAY | NEEDS_SECONDS;
}

/// Makes the Julian day agree with year, month and day.
fn settle_day(reading: &mut Reading) {
    if reading.has(NEEDS_DAY) {
        let date = &mut reading.date;
        (date.julian_day, date.gregorian) =
            julian_day_of_date(date.bce, date.year, date.month, date.day, reading.changeover);
        reading.parts &= !NEEDS_DAY;
    }
}

/// Makes year, month and day agree with a new Julian day; the weekday that was
/// said stays.
fn set_day(reading: &mut Reading, julian_day: i64) {
    let day_of_week = reading.date.day_of_week;
    reading.date = Date::of_julian_day(julian_day, reading.changeover);
    if reading.has(DAY_OF_WEEK) {
        reading.date.day_of_week = day_of_week;
    }
    reading.parts |= NEEDS_SECONDS;
}

fn go_to_weekday(reading: &mut Reading, said: &Said) {
    settle_day(reading);
    // The reference computes this in 32 bits.
    let days = i64::from((said.day_ordinal as i32).wrapping_mul(7));
    let days = if said.day_ordinal > 0 { days - 7 } else { days };
    let days = days.saturating_add(reading.second_of_day / SECONDS_PER_DAY);
    reading.second_of_day %= SECONDS_PER_DAY;
    let first = weekday_on_or_before(said.day_of_week, reading.date.julian_day.saturating_add(6));
    set_day(reading, first.saturating_add(days));
}

fn go_to_month(reading: &mut Reading, said: &Said) {
    let mut years = said.ordinal_month_count;
    let mut months = said.ordinal_month - reading.date.month;
    if years > 0 {
        if months <= 0 {
            months += 12;
        }
        years -= 1;
    } else {
        if months >= 0 {
            months -= 12;
        }
        years += 1;
    }
    add_months(reading, months.saturating_add(years.saturating_mul(12)));
}
