//! Integers of any size: between doubles and integers, and powers.

use num_bigint::{BigInt, Sign};
use num_traits::{FromPrimitive, One, Signed, ToPrimitive, Zero};

use super::{error, patience};
use crate::interp::exception::Exception;
use crate::value::number::big_to_double;
use crate::value::{Num, Value};

/// 2^63 as a double: the first one beyond the integers of 64 bits.
pub const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// The largest exponent of an integer other than -1, 0 and 1; as the reference has it (expr.n).
const EXPONENT_MAX: u64 = (1 << 28) - 1;

/// The most bits that a power may have; a shift has the same limit.
const POWER_BITS_MAX: u64 = 1 << 31;

/// The largest shift to the left of an integer other than 0.
pub const SHIFT_MAX: i64 = i32::MAX as i64;

/// A direction to round to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toward {
    /// To the next smaller number.
    Floor,
    /// To the next larger number.
    Ceiling,
}

/// The integer part of a double; `None` for what is not finite.
pub fn of_double(d: f64) -> Option<Value> {
    if (-TWO_TO_63..TWO_TO_63).contains(&d) {
        return Some(Value::int(d as i64));
    }
    BigInt::from_f64(d).map(Value::big)
}

/// The lowest 64 bits of an integer in two's complement.
pub fn low_bits(n: &BigInt) -> i64 {
    let low = n.magnitude().iter_u64_digits().next().unwrap_or(0);
    (if n.is_negative() { low.wrapping_neg() } else { low }) as i64
}

/// The double next to `n` in one direction: rounded, but never beyond it.
pub fn to_double_toward(n: &Num, toward: Toward) -> f64 {
    let near = n.to_double();
    let passed =
        |wrong: std::cmp::Ordering| super::compare::compare_numbers(&Num::Double(near), n) == Some(wrong);
    match toward {
        Toward::Floor if passed(std::cmp::Ordering::Greater) => near.next_down(),
        Toward::Ceiling if passed(std::cmp::Ordering::Less) => near.next_up(),
        _ => near,
    }
}

/// The square root of a big integer as a double, even if the integer itself is beyond the doubles.
pub fn root_to_double(n: &BigInt) -> f64 {
    big_to_double(&n.sqrt())
}

/// `base ** exponent` of integers.
pub fn power(base: &Num, exponent: &Num) -> Result<Value, Exception> {
    let (base, exponent) = match (base.to_big(), exponent.to_big()) {
        (Some(base), Some(exponent)) => (base, exponent),
        _ => unreachable!("only integers get here"),
    };
    if exponent.is_zero() {
        return Ok(Value::int(1));
    }
    let negative = exponent.sign() == Sign::Minus;
    if base.is_zero() {
        return if negative { Err(error::zero_to_negative_power()) } else { Ok(Value::int(0)) };
    }
    if base.magnitude().is_one() {
        let odd = exponent.bit(0);
        return Ok(Value::int(if base.is_negative() && odd { -1 } else { 1 }));
    }
    if negative {
        return Ok(Value::int(0));
    }
    let exponent = exponent.to_u64().filter(|n| *n <= EXPONENT_MAX).ok_or_else(error::exponent_too_large)?;
    // Neither factor exceeds its limit, so the product cannot overflow unless the base is absurd.
    let bits = (base.bits() - 1).saturating_mul(exponent);
    if bits > POWER_BITS_MAX {
        return Err(error::exponent_too_large());
    }
    // The factors of two are shifted in at the end, which makes powers of them cheap.
    let twos = base.trailing_zeros().unwrap_or(0);
    let odd = base >> twos;
    if odd.is_one() {
        return Ok(Value::big(odd << (twos * exponent)));
    }
    let sign = if odd.is_negative() && exponent % 2 == 1 { Sign::Minus } else { Sign::Plus };
    let odd_power = patience::power(odd.magnitude(), exponent).ok_or_else(error::interrupted)?;
    Ok(Value::big(BigInt::from_biguint(sign, odd_power) << (twos * exponent)))
}
