//! Patience: how long a computation with huge integers may go on.
//!
//! Arithmetic is pure and knows no machine. Before an operation that may take long the machine says here what ends it,
//! and the operation looks at that between its parts.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use num_bigint::BigUint;

/// What ends a long computation.
#[derive(Clone, Debug)]
pub struct Patience {
    /// Where the machine is told of what it has to look at.
    pub pending: Arc<AtomicU32>,
    /// The bits of it that end a computation.
    pub bits: u32,
    /// When the time is over, and what tells the time.
    pub end: Option<(i64, fn() -> i64)>,
}

thread_local! {
    static PATIENCE: RefCell<Option<Patience>> = const { RefCell::new(None) };
    static ENDED: Cell<bool> = const { Cell::new(false) };
}

/// The most bits of factors that are multiplied without a look at what ends the computation: some milliseconds.
const BITS_AT_ONCE: u64 = 1 << 21;

/// Sets what ends the computations of this thread, as long as what is returned is kept.
pub fn set(patience: Patience) -> Scope {
    PATIENCE.with(|held| *held.borrow_mut() = Some(patience));
    Scope
}

/// While it is there, computations end when the patience that was set does; afterwards nothing ends them.
#[derive(Debug)]
#[must_use]
pub struct Scope;

impl Drop for Scope {
    fn drop(&mut self) {
        PATIENCE.with(|held| *held.borrow_mut() = None);
    }
}

/// Whether a computation was ended since the last time that this was asked.
pub fn take_ended() -> bool {
    ENDED.with(|ended| ended.get() && ended.replace(false))
}

/// Whether computations are to end now.
fn is_over() -> bool {
    let is_over = PATIENCE.with(|held| {
        held.borrow().as_ref().is_some_and(|patience| {
            patience.pending.load(Ordering::Relaxed) & patience.bits != 0
                || patience.end.is_some_and(|(end, clock)| clock() >= end)
        })
    });
    if is_over {
        ENDED.with(|ended| ended.set(true));
    }
    is_over
}

/// The product of two numbers; none if the computation was ended.
pub fn product(left: &BigUint, right: &BigUint) -> Option<BigUint> {
    let bits = left.bits().max(right.bits());
    if bits <= BITS_AT_ONCE {
        return (!is_over()).then(|| left * right);
    }
    // Karatsuba's way, down to parts that are multiplied at once; the depth is the logarithm of the length.
    let half = (bits / 2).next_multiple_of(u64::from(u64::BITS));
    let (left_high, left_low) = parts(left, half);
    let (right_high, right_low) = parts(right, half);
    let high = product(&left_high, &right_high)?;
    let low = product(&left_low, &right_low)?;
    let middle = product(&(left_high + left_low), &(right_high + right_low))? - &high - &low;
    Some((high << (2 * half)) + (middle << half) + low)
}

/// The bits of a number from `half` on, and those below.
fn parts(number: &BigUint, half: u64) -> (BigUint, BigUint) {
    let high = number >> half;
    let low = number - (&high << half);
    (high, low)
}

/// `base` to the power `exponent`; none if the computation was ended.
pub fn power(base: &BigUint, exponent: u64) -> Option<BigUint> {
    let mut result = BigUint::from(1_u32);
    for bit in (0..u64::BITS - exponent.leading_zeros()).rev() {
        result = product(&result, &result)?;
        if exponent >> bit & 1 == 1 {
            result = product(&result, base)?;
        }
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_in_parts_are_powers() {
        for (base, exponent) in [(3_u32, 2_000_000_u32), (10, 1_500_001), (7, 0), (7, 1)] {
            let base = BigUint::from(base);
            assert_eq!(power(&base, u64::from(exponent)), Some(base.pow(exponent)));
        }
    }

    #[test]
    fn a_computation_ends_when_the_time_is_over() {
        let scope = set(Patience { pending: Arc::new(AtomicU32::new(0)), bits: 0, end: Some((1, || 2)) });
        let seven = BigUint::from(7_u32);
        assert_eq!(power(&seven, 99_999_999), None);
        drop(scope);
        assert_eq!(power(&seven, 31), Some(seven.pow(31)));
    }
}
