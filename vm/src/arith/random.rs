//! The generator behind `rand` and `srand`: Park and Miller's minimal standard.

use tclring_compiler::Mode;

use super::integer::low_bits;
use crate::interp::exception::{Exception, Raised};
use crate::value::{Num, Value};

/// The multiplier.
const MULTIPLIER: i64 = 16_807;

/// The modulus, a prime.
const MODULUS: i64 = 2_147_483_647;

/// What is mixed into the two seeds that the generator would never leave.
const SEED_MASK: i64 = 123_459_876;

/// The seed of a generator that its owner did not seed.
const SEED_DEFAULT: i64 = 1;

/// The state that a seed stands for.
pub fn state_of_seed(seed: i64) -> i64 {
    match seed & MODULUS {
        stuck @ (0 | MODULUS) => stuck ^ SEED_MASK,
        state => state,
    }
}

/// The next number of the sequence, between 0 and 1, both excluded.
///
/// # Side effects
/// Moves `state` on; what is `None` is seeded first, so its owner should have seeded it.
pub fn rand(state: &mut Option<i64>) -> f64 {
    let current = state.unwrap_or_else(|| state_of_seed(SEED_DEFAULT));
    let next = current * MULTIPLIER % MODULUS;
    *state = Some(next);
    next as f64 * (1.0 / MODULUS as f64)
}

/// Seeds the generator and answers the first number of the new sequence.
///
/// # Errors
/// The seed is no integer. The reference gives no message for that.
///
/// # Side effects
/// Sets `state`.
pub fn srand(state: &mut Option<i64>, seed: &Value, mode: Mode) -> Result<f64, Exception> {
    let seed = match seed.to_num(mode) {
        Some(Num::Int(n)) => n,
        Some(Num::Big(object)) => low_bits(object.number()),
        Some(Num::Double(_)) | None => return Err(Raised::error("")),
    };
    *state = Some(state_of_seed(seed));
    Ok(rand(state))
}
