//! The subcommands of `clock` on values that are already parsed.

use super::add::{self, AddUnit};
use super::error::ClockError;
use super::format::CompiledFormat;
use super::free;
use super::locale::Locale;
use super::reading::{Reading, Settings};
use super::scan;
use super::scan_format::CompiledScan;
use super::zones::{ZoneSource, Zones};

/// The name of the zone that `-gmt` means.
pub const GMT: &[u8] = b":GMT";

/// What all subcommands need to know.
pub struct Context<'a> {
    /// The texts of the locale.
    pub locale: &'a Locale,
    /// The name of the time zone; empty for the system's.
    pub timezone: &'a [u8],
    /// The zones found so far.
    pub zones: &'a mut Zones,
    /// Where zone files come from.
    pub source: &'a dyn ZoneSource,
    /// The interpreter's settings.
    pub settings: Settings,
}

/// `clock format`: the text of an instant, in seconds since the epoch.
///
/// # Errors
/// The time zone is not known.
pub fn format(
    seconds: i64,
    format: &CompiledFormat,
    context: &mut Context<'_>,
) -> Result<Vec<u8>, ClockError> {
    let zone = context.zones.find(context.timezone, context.source)?;
    Ok(format.format(seconds, &zone, context.locale))
}

/// `clock scan -format`: the instant that `input` tells. `base` fills in what the
/// format lacks.
///
/// # Errors
/// The input does not match, is not valid, or names an unknown time zone.
pub fn scan(
    input: &[u8],
    format: &CompiledScan,
    base: i64,
    validate: bool,
    context: &mut Context<'_>,
) -> Result<i64, ClockError> {
    let zone = context.zones.find(context.timezone, context.source)?;
    let mut reading = Reading::of_base(base, zone, context.locale.changeover, validate);
    let Context { locale, zones, source, settings, .. } = context;
    scan::scan(input, format, locale, &mut reading, &mut |name| zones.find(name, *source), settings)?;
    reading.commit(settings)
}

/// `clock scan` without a format: the instant that `input` tells, relative to
/// `base`.
///
/// # Errors
/// The input is no date, or not a valid one.
pub fn scan_free(
    input: &[u8],
    base: i64,
    validate: bool,
    context: &mut Context<'_>,
) -> Result<i64, ClockError> {
    let zone = context.zones.find(context.timezone, context.source)?;
    let mut reading = Reading::of_base(base, zone, context.locale.changeover, validate);
    reading.gmt = context.timezone == GMT;
    free::scan(input, &mut reading, &context.settings)
}

/// `clock add`: the instant that comes from adding `counts` to `base`, one after
/// the other.
///
/// # Errors
/// A count is too large, or the time zone is not known.
pub fn add(base: i64, counts: &[(i64, AddUnit)], context: &mut Context<'_>) -> Result<i64, ClockError> {
    let zone = context.zones.find(context.timezone, context.source)?;
    let mut reading = Reading::of_base(base, zone, context.locale.changeover, false);
    reading.gmt = context.timezone == GMT;
    add::add(&mut reading, counts, &context.settings)
}
