//! Dates and times: what `clock` computes.
//!
//! Everything here is pure. The caller reads the clock, hands in instants as
//! seconds since the epoch, and gives the bytes of zone files through
//! [`ZoneSource`] and the texts of locales as [`Locale`].

mod calendar;
mod error;
mod format;
mod locale;
mod posix_zone;
mod tzif;
mod zone;
mod zones;

pub use error::ClockError;
pub use format::{CompiledFormat, DEFAULT_FORMAT};
pub use locale::{CHANGEOVER, Entry, EntryKind, Era, KEYS, Locale};
pub use zone::{LocalType, Zone, offset_name};
pub use zones::{NoZones, ZoneSource, Zones};
