//! The calendar: proleptic Gregorian and Julian dates over Julian day numbers.
//!
//! Days are counted as in astronomy but start at midnight, so 1 January 1970 is
//! day 2440588. Days before the changeover of the locale are dates of the Julian
//! calendar, later ones of the Gregorian. Years before year 1 are told by era:
//! `bce` is set and the year counts backwards from 1.

/// The Julian day number of 1 January 1970.
pub(crate) const JULIAN_DAY_OF_EPOCH: i64 = 2_440_588;

/// Seconds in a day; there are no leap seconds.
pub(crate) const SECONDS_PER_DAY: i64 = 86_400;

/// Day zero of the proleptic Gregorian calendar's year 1 (1 January).
const GREGORIAN_YEAR_ONE: i64 = 1_721_426;

/// Day zero of the Julian calendar's year 1 (1 January).
const JULIAN_YEAR_ONE: i64 = 1_721_424;

const DAYS_PER_400_YEARS: i64 = 146_097;
const DAYS_PER_100_YEARS: i64 = 36_524;
const DAYS_PER_4_YEARS: i64 = 1_461;
const DAYS_PER_YEAR: i64 = 365;

/// Days before each month, in a common year and in a leap year. The last entry
/// is the length of the year.
const DAYS_BEFORE_MONTH: [[i64; 13]; 2] = [
    [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365],
    [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366],
];

/// A date, told in all the ways that the format groups need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Date {
    /// The Julian day number, which determines everything else.
    pub julian_day: i64,
    /// Whether the date belongs to the Gregorian part of the calendar.
    pub gregorian: bool,
    /// Whether the year counts backwards before the Common Era.
    pub bce: bool,
    /// The year of the era, at least 1 in a date that was computed from a day.
    pub year: i64,
    /// The month, 1 to 12.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The day of the year, from 1.
    pub day_of_year: i64,
    /// The year of the ISO 8601 week calendar, in the era of `bce`.
    pub iso_year: i64,
    /// The ISO 8601 week, 1 to 53.
    pub iso_week: i64,
    /// The day of the week, 1 (Monday) to 7 (Sunday).
    pub day_of_week: i64,
}

/// Whether a year has a 29 February. `year` is counted in its era.
pub(crate) fn is_leap_year(gregorian: bool, bce: bool, year: i64) -> bool {
    let year = astronomical(bce, year);
    if year.rem_euclid(4) != 0 {
        return false;
    }
    !gregorian || year.rem_euclid(400) == 0 || year.rem_euclid(100) != 0
}

/// The length of a month, 1 to 12, in days.
pub(crate) fn days_in_month(leap: bool, month: i64) -> i64 {
    let table = &DAYS_BEFORE_MONTH[usize::from(leap)];
    let index = (month.clamp(1, 12) - 1) as usize;
    table[index + 1] - table[index]
}

/// The year counted through zero: 1 BCE is 0, 2 BCE is -1.
#[inline]
pub(crate) fn astronomical(bce: bool, year: i64) -> i64 {
    if bce { 1 - year } else { year }
}

impl Date {
    /// The date of a Julian day. `changeover` is the first Julian day of the
    /// Gregorian calendar.
    #[inline]
    pub(crate) fn of_julian_day(julian_day: i64, changeover: i64) -> Date {
        let mut date = Date::of_day_of_year(julian_day, changeover);
        date.find_month();
        date.find_week(changeover);
        date
    }

    /// A date with era, year and day of the year only.
    #[inline]
    fn of_day_of_year(julian_day: i64, changeover: i64) -> Date {
        let gregorian = julian_day >= changeover;
        let (mut year, mut day);
        if gregorian {
            day = julian_day - GREGORIAN_YEAR_ONE;
            year = 1 + 400 * day.div_euclid(DAYS_PER_400_YEARS);
            day = day.rem_euclid(DAYS_PER_400_YEARS);
            let centuries = (day / DAYS_PER_100_YEARS).min(3);
            day -= centuries * DAYS_PER_100_YEARS;
            year += 100 * centuries + 4 * (day / DAYS_PER_4_YEARS);
            day %= DAYS_PER_4_YEARS;
        } else {
            day = julian_day - JULIAN_YEAR_ONE;
            year = 1 + 4 * day.div_euclid(DAYS_PER_4_YEARS);
            day = day.rem_euclid(DAYS_PER_4_YEARS);
        }
        let years = (day / DAYS_PER_YEAR).min(3);
        day -= years * DAYS_PER_YEAR;
        year += years;
        let bce = year <= 0;
        let year = if bce { 1 - year } else { year };
        Date { julian_day, gregorian, bce, year, day_of_year: day + 1, ..Date::default() }
    }

    fn find_month(&mut self) {
        let table = &DAYS_BEFORE_MONTH[usize::from(is_leap_year(self.gregorian, self.bce, self.year))];
        let day = self.day_of_year;
        // No month is longer than 31 days, so this is at most one too low.
        let mut month = ((day - 1) / 31) as usize;
        if table[month + 1] < day {
            month += 1;
        }
        self.month = month as i64 + 1;
        self.day = day - table[month];
    }

    fn find_week(&mut self, changeover: i64) {
        // The ISO year of the date is at most the calendar year of the day four
        // days later, so the search starts a year above and goes down by one.
        let guess = Date::of_day_of_year(self.julian_day - 3, changeover);
        let step = if guess.bce { -1 } else { 1 };
        let mut iso_year = guess.year + step;
        let mut start = first_day_of_iso_year(guess.bce, iso_year, changeover);
        if self.julian_day < start {
            iso_year -= step;
            start = first_day_of_iso_year(guess.bce, iso_year, changeover);
        }
        let day = self.julian_day - start;
        self.iso_year = iso_year;
        self.iso_week = day / 7 + 1;
        self.day_of_week = (day + 1) % 7;
        if self.day_of_week < 1 {
            self.day_of_week += 7;
        }
    }
}

/// The Monday that starts the ISO year: the one on or before 4 January.
fn first_day_of_iso_year(bce: bool, iso_year: i64, changeover: i64) -> i64 {
    weekday_on_or_before(1, julian_day_of_date(bce, iso_year, 1, 4, changeover).0)
}

/// The last day at or before `julian_day` that is the given day of the week
/// (0 or 7 is Sunday). The reference truncates its division, which shows before
/// day 0 only; so does this.
pub(crate) fn weekday_on_or_before(day_of_week: i64, julian_day: i64) -> i64 {
    let offset = (day_of_week + 6).rem_euclid(7);
    julian_day - (julian_day - offset) % 7
}

/// The Julian day of a date given by era, year, month and day, and whether it is
/// a Gregorian date. Months outside 1 to 12 and days outside the month count on
/// into neighbouring years and months.
pub fn julian_day_of_date(bce: bool, year: i64, month: i64, day: i64, changeover: i64) -> (i64, bool) {
    let months = month.saturating_sub(1);
    let year = astronomical(bce, year).saturating_add(months.div_euclid(12));
    let month = months.rem_euclid(12) as usize;
    let before = year.saturating_sub(1);
    let leap = is_leap_year(true, false, year);
    let gregorian = (GREGORIAN_YEAR_ONE - 1)
        .saturating_add(day)
        .saturating_add(DAYS_BEFORE_MONTH[usize::from(leap)][month])
        .saturating_add(before.saturating_mul(DAYS_PER_YEAR))
        .saturating_add(before.div_euclid(4))
        .saturating_sub(before.div_euclid(100))
        .saturating_add(before.div_euclid(400));
    if gregorian >= changeover {
        return (gregorian, true);
    }
    let leap = year.rem_euclid(4) == 0;
    let julian = (JULIAN_YEAR_ONE - 1)
        .saturating_add(day)
        .saturating_add(DAYS_BEFORE_MONTH[usize::from(leap)][month])
        .saturating_add(before.saturating_mul(DAYS_PER_YEAR))
        .saturating_add(before.div_euclid(4));
    (julian, false)
}

/// The Julian day of a date given by era, year and day of the year, and whether
/// it is a Gregorian date.
pub(crate) fn julian_day_of_year_day(bce: bool, year: i64, day_of_year: i64, changeover: i64) -> (i64, bool) {
    let before = astronomical(bce, year).saturating_sub(1);
    // The reference truncates here, which puts days of most years before the Common
    // Era one day late.
    let days = day_of_year.saturating_add(before.saturating_mul(DAYS_PER_YEAR)).saturating_add(before / 4);
    let gregorian = (GREGORIAN_YEAR_ONE - 1)
        .saturating_add(days)
        .saturating_sub(before.div_euclid(100))
        .saturating_add(before.div_euclid(400));
    if gregorian >= changeover {
        return (gregorian, true);
    }
    ((JULIAN_YEAR_ONE - 1).saturating_add(days), false)
}

/// The Julian day of an ISO 8601 week date. `day_of_week` is 1 to 7, Monday
/// first; weeks and days out of range count on.
pub fn julian_day_of_iso_week(bce: bool, iso_year: i64, week: i64, day_of_week: i64, changeover: i64) -> i64 {
    first_day_of_iso_year(bce, iso_year, changeover)
        .saturating_add(week.saturating_sub(1).saturating_mul(7))
        .saturating_add(day_of_week - 1)
}

/// The Julian day of the `ordinal`th given weekday of a month; a negative ordinal
/// counts from the month's end.
pub(crate) fn julian_day_of_weekday_in_month(
    year: i64,
    month: i64,
    ordinal: i64,
    day_of_week: i64,
    changeover: i64,
) -> i64 {
    if ordinal > 0 {
        let last_of_first_week = julian_day_of_date(false, year, month, 7, changeover).0;
        weekday_on_or_before(day_of_week, last_of_first_week) + 7 * (ordinal - 1)
    } else {
        let last = julian_day_of_date(false, year, month + 1, 0, changeover).0;
        weekday_on_or_before(day_of_week, last) + 7 * (ordinal + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGEOVER: i64 = 2_361_222;

    fn check(julian_day: i64, bce: bool, year: i64, month: i64, day: i64, week_date: (i64, i64, i64)) {
        let date = Date::of_julian_day(julian_day, CHANGEOVER);
        assert_eq!((date.bce, date.year, date.month, date.day), (bce, year, month, day), "{julian_day}");
        assert_eq!((date.iso_year, date.iso_week, date.day_of_week), week_date, "{julian_day}");
        assert_eq!(julian_day_of_date(bce, year, month, day, CHANGEOVER).0, julian_day);
        if !bce {
            assert_eq!(julian_day_of_year_day(bce, year, date.day_of_year, CHANGEOVER).0, julian_day);
            let (year, week, day) = week_date;
            assert_eq!(julian_day_of_iso_week(bce, year, week, day, CHANGEOVER), julian_day);
        }
    }

    #[test]
    fn dates_and_days() {
        check(2_440_588, false, 1970, 1, 1, (1970, 1, 4));
        check(2_451_604, false, 2000, 2, 29, (2000, 9, 2));
        check(2_361_221, false, 1752, 9, 2, (1752, 36, 3));
        check(2_361_222, false, 1752, 9, 14, (1752, 36, 4));
        check(1_721_423, true, 1, 12, 31, (1, 53, 5));
        check(0, true, 4713, 1, 1, (4713, 1, 1));
        check(-1, true, 4714, 12, 31, (4714, 51, 7));
    }

    #[test]
    fn months_roll_over() {
        assert_eq!(
            julian_day_of_date(false, 2004, 0, 0, CHANGEOVER),
            julian_day_of_date(false, 2003, 11, 30, CHANGEOVER)
        );
        assert_eq!(
            julian_day_of_date(false, 2004, 13, 1, CHANGEOVER),
            julian_day_of_date(false, 2005, 1, 1, CHANGEOVER)
        );
    }
}
