//! The clocks of the system.
//!
//! Commands take the time from the driver (`Driver::now`), which a simulation
//! replaces; the drivers for real I/O take it from here.

use std::time::Duration;

use super::sys::{Clock, clock_ns};

/// The time since 1970-01-01 00:00 UTC in nanoseconds; negative before that.
pub fn real_ns() -> i64 {
    clock_ns(Clock::Real)
}

/// The time since 1970-01-01 00:00 UTC in microseconds, rounded down.
pub fn real_us() -> i64 {
    real_ns().div_euclid(1_000)
}

/// The time since 1970-01-01 00:00 UTC in milliseconds, rounded down.
pub fn real_ms() -> i64 {
    real_ns().div_euclid(1_000_000)
}

/// The time since 1970-01-01 00:00 UTC in seconds, rounded down.
pub fn real_s() -> i64 {
    real_ns().div_euclid(1_000_000_000)
}

/// A time in nanoseconds that never goes back, for intervals and deadlines.
pub fn monotonic_ns() -> i64 {
    clock_ns(Clock::Monotonic)
}

/// The processor time that this process has used, in microseconds.
pub fn processor_us() -> i64 {
    clock_ns(Clock::Processor).div_euclid(1_000)
}

/// Blocks the thread for `duration_ns` nanoseconds; not at all if that is not
/// positive.
#[expect(clippy::disallowed_methods, reason = "this is the host's way to wait")]
pub fn sleep_ns(duration_ns: i64) {
    if let Ok(duration @ 1..) = u64::try_from(duration_ns) {
        std::thread::sleep(Duration::from_nanos(duration));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_run() {
        let start = monotonic_ns();
        sleep_ns(2_000_000);
        sleep_ns(-1);
        assert!(monotonic_ns() - start >= 2_000_000);
        assert!(real_s() > 1_600_000_000);
        assert_eq!(real_ms().div_euclid(100_000), real_us().div_euclid(100_000_000));
        assert!(processor_us() >= 0);
    }
}
