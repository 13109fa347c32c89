//! Dates and times: what `clock` computes.
//!
//! Everything here is pure. The caller reads the clock, hands in instants as
//! seconds since the epoch, and gives the bytes of zone files through
//! [`ZoneSource`] and the texts of locales as [`Locale`].

mod add;
mod calendar;
pub mod command;
mod error;
mod format;
mod free;
mod locale;
mod names;
mod options;
mod posix_zone;
mod reading;
mod scan;
mod scan_format;
mod tzif;
mod zone;
mod zone_table;
mod zones;

pub use add::{ADD_UNITS, AddUnit};
pub use calendar::{julian_day_of_date, julian_day_of_iso_week};
pub use error::ClockError;
pub use format::{CompiledFormat, DEFAULT_FORMAT};
pub use locale::{CHANGEOVER, Entry, EntryKind, Era, KEYS, Locale};
pub use options::{Clicks, Meaning, SECONDS_MAX, Subcommand, Words, clicks_option};
pub use reading::Settings;
pub use scan_format::CompiledScan;
pub use zone::{LocalType, Zone, offset_name};
pub use zones::{NoZones, ZoneSource, Zones};

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod options_tests;
