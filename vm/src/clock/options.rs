//! The words of `clock add`, `clock format`, `clock scan` and `clock clicks`.
//!
//! Errors come in the order of the reference: first those of option names, then
//! of the time zone, of seconds, of booleans, and at last of units.

use super::add::{ADD_UNITS, AddUnit};
use super::command::GMT;
use super::error::ClockError;
use super::zones::{ZoneSource, Zones};
use crate::arith;
use crate::value::Value;
use tclring_compiler::Mode;
use tclring_compiler::syntax::number::{Number, parse_boolean, parse_integer, parse_number};

/// The largest number of seconds since the epoch, in either direction, that a
/// script may give.
pub const SECONDS_MAX: i64 = 0x00F0_0000_0000_0000;

/// A subcommand that takes options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subcommand {
    /// `clock add`
    Add,
    /// `clock format`
    Format,
    /// `clock scan`
    Scan,
}

impl Subcommand {
    fn usage(self) -> &'static str {
        match self {
            Subcommand::Add => {
                "clock add clockval|now ?number units?...?-gmt boolean? ?-locale LOCALE? ?-timezone ZONE?"
            }
            Subcommand::Format => {
                "clock format clockval|now ?-format string? ?-gmt boolean? ?-locale LOCALE? ?-timezone ZONE?"
            }
            Subcommand::Scan => {
                "clock scan string ?-base seconds? ?-format string? ?-gmt boolean? ?-locale LOCALE? \
                 ?-timezone ZONE? ?-validate boolean?"
            }
        }
    }

    fn options(self) -> &'static str {
        match self {
            Subcommand::Add => "-gmt, -locale, or -timezone",
            Subcommand::Format => "-format, -gmt, -locale, or -timezone",
            Subcommand::Scan => "-base, -format, -gmt, -locale, -timezone or -validate",
        }
    }

    fn has(self, option: OptionName) -> bool {
        match option {
            OptionName::Base | OptionName::Validate => self == Subcommand::Scan,
            OptionName::Format => self != Subcommand::Add,
            OptionName::Gmt | OptionName::Locale | OptionName::Timezone => true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OptionName {
    Base,
    Format,
    Gmt,
    Locale,
    Timezone,
    Validate,
}

const OPTIONS: [(&str, OptionName); 6] = [
    ("-base", OptionName::Base),
    ("-format", OptionName::Format),
    ("-gmt", OptionName::Gmt),
    ("-locale", OptionName::Locale),
    ("-timezone", OptionName::Timezone),
    ("-validate", OptionName::Validate),
];

/// The words of a subcommand, told apart but for the time zone not yet looked at.
#[derive(Clone, Debug, Default)]
pub struct Words<'a> {
    /// The first word: seconds, or the text to be scanned.
    pub subject: &'a [u8],
    /// The value of `-format`.
    pub format: Option<&'a [u8]>,
    /// The value of `-locale`.
    pub locale: Option<&'a [u8]>,
    /// The value of `-timezone`.
    pub timezone: Option<&'a [u8]>,
    /// The value of `-validate`.
    pub validate: Option<bool>,
    base: Option<&'a [u8]>,
    gmt: Option<&'a [u8]>,
    counts: Vec<(i64, &'a [u8])>,
}

/// What the words mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning<'a> {
    /// The seconds since the epoch that are to be formatted or added to, or that
    /// are the base of a scan.
    pub seconds: i64,
    /// The name of the time zone, empty for the system's.
    pub timezone: &'a [u8],
    /// The counts of `clock add`.
    pub counts: Vec<(i64, AddUnit)>,
}

impl<'a> Words<'a> {
    /// Tells the words after the subcommand apart.
    ///
    /// # Errors
    /// The number of words or an option is wrong.
    pub fn parse(subcommand: Subcommand, words: &[&'a [u8]], mode: Mode) -> Result<Words<'a>, ClockError> {
        let Some((&subject, rest)) = words.split_first().filter(|(_, rest)| rest.len() % 2 == 0) else {
            let message = format!("wrong # args: should be \"{}\"", subcommand.usage());
            return Err(ClockError::new(message, &[b"CLOCK", b"wrongNumArgs"]));
        };
        let mut parsed = Words { subject, ..Words::default() };
        for pair in rest.chunks_exact(2) {
            let (name, value) = (pair[0], pair[1]);
            if subcommand == Subcommand::Add
                && let Some(Number::Int(count)) = parse_integer(name, mode)
            {
                parsed.counts.push((count, value));
                continue;
            }
            let option = find_option(name).filter(|&option| subcommand.has(option)).ok_or_else(|| {
                let must = [b"must be ", subcommand.options().as_bytes()].concat();
                bad_option(name, &must)
            })?;
            parsed.set(option, value, mode)?;
        }
        if parsed.gmt.is_some() && parsed.timezone.is_some() {
            return Err(ClockError::new(
                "cannot use -gmt and -timezone in same call",
                &[b"CLOCK", b"gmtWithTimezone"],
            ));
        }
        Ok(parsed)
    }

    fn set(&mut self, option: OptionName, value: &'a [u8], mode: Mode) -> Result<(), ClockError> {
        let field = match option {
            OptionName::Base => &mut self.base,
            OptionName::Format => &mut self.format,
            OptionName::Gmt => &mut self.gmt,
            OptionName::Locale => &mut self.locale,
            OptionName::Timezone => &mut self.timezone,
            OptionName::Validate => {
                if self.validate.is_some() {
                    return Err(bad_option(b"-validate", b"doubly present"));
                }
                self.validate = Some(boolean(value, mode)?);
                return Ok(());
            }
        };
        if field.is_some() {
            let name = OPTIONS.iter().find(|(_, known)| *known == option).map_or("", |(name, _)| name);
            return Err(bad_option(name.as_bytes(), b"doubly present"));
        }
        *field = Some(value);
        if option == OptionName::Gmt {
            boolean(value, mode)?;
        }
        Ok(())
    }

    /// What the words mean. `now` is the present, in seconds since the epoch.
    ///
    /// # Errors
    /// The time zone is not known, or a value is not what it should be.
    pub fn meaning(
        &self,
        subcommand: Subcommand,
        now: i64,
        zones: &mut Zones,
        source: &dyn ZoneSource,
        mode: Mode,
    ) -> Result<Meaning<'a>, ClockError> {
        if let Some(timezone) = self.timezone {
            zones.find(timezone, source)?;
        }
        let seconds = match subcommand {
            Subcommand::Scan => self.base.map_or(Ok(now), |base| seconds(base, now, mode))?,
            Subcommand::Add | Subcommand::Format => seconds(self.subject, now, mode)?,
        };
        let gmt = self.gmt.map_or(Ok(false), |gmt| boolean(gmt, mode))?;
        if subcommand == Subcommand::Scan && self.format.is_none() && self.locale.is_some() {
            return Err(ClockError::new(
                "legacy [clock scan] does not support -locale",
                &[b"CLOCK", b"flagWithLegacyFormat"],
            ));
        }
        let timezone = if gmt { GMT } else { self.timezone.unwrap_or_default() };
        let counts = self
            .counts
            .iter()
            .map(|&(count, unit)| Ok((count, find_unit(unit)?)))
            .collect::<Result<_, _>>()?;
        Ok(Meaning { seconds, timezone, counts })
    }
}

/// The option that a name or an abbreviation of at least one letter means. No
/// two options start alike.
fn find_option(name: &[u8]) -> Option<OptionName> {
    if name.len() < 2 {
        return None;
    }
    OPTIONS.iter().find(|(known, _)| known.as_bytes().starts_with(name)).map(|&(_, option)| option)
}

fn bad_option(name: &[u8], what: &[u8]) -> ClockError {
    let message = [b"bad option \"", name, b"\": ", what].concat();
    ClockError::new(message, &[b"CLOCK", b"badOption", name])
}

/// Seconds since the epoch, or the word `now`.
fn seconds(word: &[u8], now: i64, mode: Mode) -> Result<i64, ClockError> {
    if word == b"now" || word == b"-now" {
        return Ok(now);
    }
    let message = match parse_integer(word, mode) {
        Some(Number::Int(seconds)) if seconds.unsigned_abs() <= SECONDS_MAX.unsigned_abs() => {
            return Ok(seconds);
        }
        Some(_) => b"integer value too large to represent".to_vec(),
        None => [b"bad seconds \"", word, b"\": must be now or integer"].concat(),
    };
    Err(ClockError::new(message, &[b"CLOCK", b"badOption", word]))
}

fn boolean(word: &[u8], mode: Mode) -> Result<bool, ClockError> {
    if let Some(value) = parse_boolean(word) {
        return Ok(value);
    }
    match parse_number(word, mode) {
        Some(Number::Int(value)) => Ok(value != 0),
        Some(Number::Big(_)) => Ok(true),
        Some(Number::Double(value)) if value.is_nan() => Err(ClockError::new(
            "floating point value is Not a Number",
            &[b"TCL", b"VALUE", b"DOUBLE", b"NAN"],
        )),
        Some(Number::Double(value)) => Ok(value != 0.0),
        None => {
            let message = arith::error::expected("boolean value", &Value::text_of(word)).result.to_text();
            Err(ClockError::new(message, &[b"TCL", b"VALUE", b"NUMBER"]))
        }
    }
}

fn find_unit(word: &[u8]) -> Result<AddUnit, ClockError> {
    let mut found = ADD_UNITS.iter().filter(|(name, _)| name.as_bytes().starts_with(word));
    if let Some((_, unit)) = ADD_UNITS.iter().find(|(name, _)| name.as_bytes() == word) {
        return Ok(*unit);
    }
    let what: &[u8] = match (found.next(), found.next()) {
        (Some((_, unit)), None) => return Ok(*unit),
        (None, _) => b"bad",
        (Some(_), Some(_)) => b"ambiguous",
    };
    let message = [
        what,
        b" unit \"",
        word,
        b"\": must be years, months, week, weeks, days, weekdays, hours, minutes, or seconds",
    ]
    .concat();
    Err(ClockError::new(message, &[b"TCL", b"LOOKUP", b"INDEX", b"unit", word]))
}

/// The unit that `clock clicks` is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clicks {
    /// Milliseconds since the epoch.
    Milliseconds,
    /// Microseconds since the epoch.
    Microseconds,
}

/// The unit that the option of `clock clicks` means.
///
/// # Errors
/// The option is not known, or ambiguous.
pub fn clicks_option(word: &[u8]) -> Result<Clicks, ClockError> {
    let starts = |name: &str| name.as_bytes().starts_with(word);
    let what: &[u8] = match (starts("-milliseconds"), starts("-microseconds")) {
        (true, false) => return Ok(Clicks::Milliseconds),
        (false, true) => return Ok(Clicks::Microseconds),
        (true, true) => b"ambiguous",
        (false, false) => b"bad",
    };
    let message = [what, b" option \"", word, b"\": must be -milliseconds or -microseconds"].concat();
    Err(ClockError::new(message, &[b"TCL", b"LOOKUP", b"INDEX", b"option", word]))
}
