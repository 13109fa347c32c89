//! The texts of a locale that formatting and scanning need, handed in as values.
//!
//! The root locale is built in. Others are made from it by setting the entries
//! that a message catalogue has; their names are those that the catalogues use.

use std::rc::Rc;

/// An era of a locale's alternative calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Era {
    /// The first second of the era, in local time.
    pub start: i64,
    /// The name that `%EC` shows.
    pub name: Vec<u8>,
    /// What is subtracted from the year to get `%Ey`.
    pub year_offset: i64,
}

/// The texts of a locale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// Abbreviated names of the months, January first.
    pub months_abbreviated: Vec<Vec<u8>>,
    /// Names of the months, January first.
    pub months_full: Vec<Vec<u8>>,
    /// Abbreviated names of the weekdays, Sunday first.
    pub days_abbreviated: Vec<Vec<u8>>,
    /// Names of the weekdays, Sunday first.
    pub days_full: Vec<Vec<u8>>,
    /// The indicator of times before noon.
    pub am: Vec<u8>,
    /// The indicator of times after noon.
    pub pm: Vec<u8>,
    /// The name of the era before the Common Era.
    pub bce: Vec<u8>,
    /// The name of the Common Era.
    pub ce: Vec<u8>,
    /// What `%x` stands for.
    pub date_format: Vec<u8>,
    /// What `%X` stands for.
    pub time_format: Vec<u8>,
    /// What `%r` stands for.
    pub time_format_12: Vec<u8>,
    /// What `%R` stands for.
    pub time_format_24: Vec<u8>,
    /// What `%T` stands for.
    pub time_format_24_seconds: Vec<u8>,
    /// What `%c` stands for.
    pub date_time_format: Vec<u8>,
    /// What `%Ex` stands for.
    pub locale_date_format: Vec<u8>,
    /// What `%EX` stands for.
    pub locale_time_format: Vec<u8>,
    /// What `%Ec` stands for.
    pub locale_date_time_format: Vec<u8>,
    /// What `%EY` stands for.
    pub locale_year_format: Vec<u8>,
    /// The eras of the alternative calendar, in order of time.
    pub eras: Vec<Era>,
    /// The numerals from zero upwards.
    pub numerals: Vec<Vec<u8>>,
    /// The first Julian day of the Gregorian calendar.
    pub changeover: i64,
}

/// One entry of a message catalogue, already split into words where it is a
/// list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A text.
    Text(Vec<u8>),
    /// A list of texts.
    Words(Vec<Vec<u8>>),
    /// The eras.
    Eras(Vec<Era>),
}

/// What kind of entry a key has, so that the caller knows what to split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A text.
    Text,
    /// A list of texts.
    Words,
    /// A list of eras, each a list of start, name and year offset.
    Eras,
}

/// The keys that a message catalogue may set, with their kinds.
pub const KEYS: &[(&str, EntryKind)] = &[
    ("AM", EntryKind::Text),
    ("BCE", EntryKind::Text),
    ("CE", EntryKind::Text),
    ("DATE_FORMAT", EntryKind::Text),
    ("DATE_TIME_FORMAT", EntryKind::Text),
    ("DAYS_OF_WEEK_ABBREV", EntryKind::Words),
    ("DAYS_OF_WEEK_FULL", EntryKind::Words),
    ("LOCALE_DATE_FORMAT", EntryKind::Text),
    ("LOCALE_DATE_TIME_FORMAT", EntryKind::Text),
    ("LOCALE_ERAS", EntryKind::Eras),
    ("LOCALE_NUMERALS", EntryKind::Words),
    ("LOCALE_TIME_FORMAT", EntryKind::Text),
    ("LOCALE_YEAR_FORMAT", EntryKind::Text),
    ("MONTHS_ABBREV", EntryKind::Words),
    ("MONTHS_FULL", EntryKind::Words),
    ("PM", EntryKind::Text),
    ("TIME_FORMAT", EntryKind::Text),
    ("TIME_FORMAT_12", EntryKind::Text),
    ("TIME_FORMAT_24", EntryKind::Text),
    ("TIME_FORMAT_24_SECS", EntryKind::Text),
];

/// The first Julian day of the Gregorian calendar in every locale: 14 September
/// 1752, as in Britain and its colonies. Catalogues have an entry for it, but
/// the reference does not look at it.
pub const CHANGEOVER: i64 = 2_361_222;

impl Default for Locale {
    /// The root locale.
    fn default() -> Locale {
        let text = |text: &str| text.as_bytes().to_vec();
        let words = |words: &str| words.split(' ').map(text).collect::<Vec<_>>();
        Locale {
            months_abbreviated: words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
            months_full: words(
                "January February March April May June July August September October November December",
            ),
            days_abbreviated: words("Sun Mon Tue Wed Thu Fri Sat"),
            days_full: words("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
            am: text("am"),
            pm: text("pm"),
            bce: text("B.C.E."),
            ce: text("C.E."),
            date_format: text("%m/%d/%Y"),
            time_format: text("%H:%M:%S"),
            time_format_12: text("%I:%M:%S %P"),
            time_format_24: text("%H:%M"),
            time_format_24_seconds: text("%H:%M:%S"),
            date_time_format: text("%a %b %e %H:%M:%S %Y"),
            locale_date_format: text("%m/%d/%Y"),
            locale_time_format: text("%H:%M:%S"),
            locale_date_time_format: text("%a %b %e %H:%M:%S %Y"),
            locale_year_format: text("%EC%Ey"),
            eras: Vec::new(),
            numerals: (0..100).map(|n| text(&format!("{n:02}"))).collect(),
            changeover: CHANGEOVER,
        }
    }
}

/// So many names: some catalogues have empty ones at the end.
fn exactly(mut words: Vec<Vec<u8>>, count: usize) -> Vec<Vec<u8>> {
    words.resize(count, Vec::new());
    words
}

impl Locale {
    /// The root locale, shared.
    pub fn root() -> Rc<Locale> {
        thread_local!(static ROOT: Rc<Locale> = Rc::new(Locale::default()));
        ROOT.with(Rc::clone)
    }

    /// Sets the entry of a message catalogue's key. A key that is not one of
    /// [`KEYS`], or an entry of the wrong kind, changes nothing.
    pub fn set(&mut self, key: &[u8], entry: Entry) {
        match entry {
            Entry::Text(text) => {
                if let Some(field) = self.text_field(key) {
                    *field = text;
                }
            }
            Entry::Words(words) => match key {
                b"MONTHS_ABBREV" => self.months_abbreviated = exactly(words, 12),
                b"MONTHS_FULL" => self.months_full = exactly(words, 12),
                b"DAYS_OF_WEEK_ABBREV" => self.days_abbreviated = exactly(words, 7),
                b"DAYS_OF_WEEK_FULL" => self.days_full = exactly(words, 7),
                b"LOCALE_NUMERALS" => self.numerals = words,
                _ => {}
            },
            Entry::Eras(eras) if key == b"LOCALE_ERAS" => self.eras = eras,
            Entry::Eras(_) => {}
        }
    }

    fn text_field(&mut self, key: &[u8]) -> Option<&mut Vec<u8>> {
        Some(match key {
            b"AM" => &mut self.am,
            b"PM" => &mut self.pm,
            b"BCE" => &mut self.bce,
            b"CE" => &mut self.ce,
            b"DATE_FORMAT" => &mut self.date_format,
            b"TIME_FORMAT" => &mut self.time_format,
            b"TIME_FORMAT_12" => &mut self.time_format_12,
            b"TIME_FORMAT_24" => &mut self.time_format_24,
            b"TIME_FORMAT_24_SECS" => &mut self.time_format_24_seconds,
            b"DATE_TIME_FORMAT" => &mut self.date_time_format,
            b"LOCALE_DATE_FORMAT" => &mut self.locale_date_format,
            b"LOCALE_TIME_FORMAT" => &mut self.locale_time_format,
            b"LOCALE_DATE_TIME_FORMAT" => &mut self.locale_date_time_format,
            b"LOCALE_YEAR_FORMAT" => &mut self.locale_year_format,
            _ => return None,
        })
    }

    /// The era of the alternative calendar at a local time.
    pub(crate) fn era_at(&self, local_seconds: i64) -> Option<&Era> {
        self.eras.iter().rev().find(|era| era.start <= local_seconds)
    }

    /// What a format group stands for in this locale, if it is one that is
    /// replaced by other groups.
    pub(crate) fn expansion(&self, alternate: u8, group: u8) -> Option<&[u8]> {
        Some(match (alternate, group) {
            (b'E', b'Y') => &self.locale_year_format,
            (b'E', b'X') => &self.locale_time_format,
            (b'E', b'x') => &self.locale_date_format,
            (b'E', b'c') => &self.locale_date_time_format,
            (0, b'T') => &self.time_format_24_seconds,
            (0, b'R') => &self.time_format_24,
            (0, b'r') => &self.time_format_12,
            (0, b'X') => &self.time_format,
            (0, b'x') => &self.date_format,
            (0, b'c') => &self.date_time_format,
            (0, b'D') => b"%m/%d/%Y",
            (0, b'+') => b"%a %b %e %H:%M:%S %Z %Y",
            _ => return None,
        })
    }
}
