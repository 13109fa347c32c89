//! Integers as the text engines exchange them with their callers.

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

/// An integer of any size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Integer {
    /// One of 64 bits.
    Wide(i64),
    /// Any other.
    Big(BigInt),
}

impl Integer {
    /// The integer in its smallest form.
    pub fn from_big(value: BigInt) -> Integer {
        match value.to_i64() {
            Some(wide) => Integer::Wide(wide),
            None => Integer::Big(value),
        }
    }

    /// The unsigned value as an integer.
    pub fn from_u64(value: u64) -> Integer {
        i64::try_from(value).map_or_else(|_| Integer::Big(value.into()), Integer::Wide)
    }

    /// The low 64 bits in two's complement.
    pub fn low_bits(&self) -> u64 {
        match self {
            Integer::Wide(wide) => *wide as u64,
            Integer::Big(big) => {
                let magnitude = big.magnitude().iter_u64_digits().next().unwrap_or(0);
                if big.sign() == Sign::Minus { magnitude.wrapping_neg() } else { magnitude }
            }
        }
    }

    /// Whether the integer is below zero.
    pub fn is_negative(&self) -> bool {
        match self {
            Integer::Wide(wide) => *wide < 0,
            Integer::Big(big) => big.sign() == Sign::Minus,
        }
    }

    /// The digits of the absolute value in the given radix, lower case.
    pub fn magnitude_digits(&self, radix: u32) -> String {
        match self {
            Integer::Wide(wide) => unsigned_digits(wide.unsigned_abs(), radix),
            Integer::Big(big) => big.magnitude().to_str_radix(radix),
        }
    }
}

/// The digits of `value` in radix 2, 8, 10 or 16, lower case.
pub fn unsigned_digits(value: u64, radix: u32) -> String {
    match radix {
        2 => format!("{value:b}"),
        8 => format!("{value:o}"),
        16 => format!("{value:x}"),
        _ => value.to_string(),
    }
}
