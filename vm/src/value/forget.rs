//! Cached interpretations that go at random: a test's way to show that nothing relies on them.
//!
//! Only debug builds and those with the feature `strain` can do it; in others every question is answered with no.

#[cfg(any(debug_assertions, feature = "strain"))]
mod state {
    use std::cell::Cell;

    thread_local! {
        /// The state of the generator; 0: nothing is forgotten.
        static STATE: Cell<u64> = const { Cell::new(0) };
    }

    /// Begins to forget at random, on this thread. Whether this build can.
    pub fn begin(seed: u64) -> bool {
        STATE.set(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        true
    }

    /// Whether what is cached here goes now.
    #[inline]
    pub fn now() -> bool {
        let mut state = STATE.get();
        if state == 0 {
            return false;
        }
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        STATE.set(state);
        state >> 62 == 0
    }
}

#[cfg(not(any(debug_assertions, feature = "strain")))]
mod state {
    /// This build forgets nothing.
    pub fn begin(_seed: u64) -> bool {
        false
    }

    /// No.
    #[inline(always)]
    pub fn now() -> bool {
        false
    }
}

pub use state::{begin, now};
