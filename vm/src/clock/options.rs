//! Placeholder for the options.

/// The largest number of seconds since the epoch, in either direction, that a
/// script may give.
pub const SECONDS_MAX: i64 = 0x00F0_0000_0000_0000;
