//! Indexes of list elements and characters: `3`, `end-1`, `1+2`.

use super::number::{Number, NumberRules, is_blank, parse_prefix, trim};
use crate::Mode;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

/// An index, before the length is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Index {
    /// Counted from the first element, which is 0.
    FromStart(i64),
    /// The position of the last element plus this number: `end-1` is -1.
    FromEnd(i64),
}

impl Index {
    /// The position among `length` elements; it may lie outside. Positions
    /// beyond 64 bits become the nearest that fits.
    pub fn resolve(self, length: usize) -> i64 {
        match self {
            Index::FromStart(position) => position,
            Index::FromEnd(offset) => {
                i64::try_from(length).unwrap_or(i64::MAX).saturating_sub(1).saturating_add(offset)
            }
        }
    }
}

/// The errorCode of [`bad_index`].
pub const BAD_INDEX_CODE: &[&str] = &["TCL", "VALUE", "INDEX"];

/// The message for a text that is no index.
pub fn bad_index(text: &[u8]) -> Vec<u8> {
    let mut message = b"bad index \"".to_vec();
    message.extend_from_slice(text);
    message.extend_from_slice(b"\": must be integer?[+-]integer? or end?[+-]integer?");
    message
}

/// Reads an index, or `None` if the text is none. Numbers beyond 64 bits
/// become the nearest that fits. Blanks may surround a number, but `end` must
/// start the text, and no blank follows it if it stands alone.
pub fn parse_index(text: &[u8], mode: Mode) -> Option<Index> {
    if let Some(position) = super::number::canonical_int(text) {
        return Some(Index::FromStart(position));
    }
    if let Some(offset) = plain_end(text) {
        return Some(Index::FromEnd(offset));
    }
    let rules = NumberRules { integer_only: true, ..NumberRules::of(mode) };
    let (first, rest) = match text.strip_prefix(b"end") {
        Some(rest) => (None, rest),
        None => {
            let text = trim(text);
            let (number, used) = parse_prefix(text, rules)?;
            (Some(number), &text[used..])
        }
    };
    let second = match rest {
        [] => Number::Int(0),
        [sign @ (b'+' | b'-'), number @ ..] if !number.first().is_some_and(|b| is_blank(*b)) => {
            let number = trim(number);
            match parse_prefix(number, rules)? {
                (_, used) if used < number.len() => return None,
                (Number::Int(value), _) if *sign == b'-' => super::number::shrunk(-BigInt::from(value)),
                (Number::Big(value), _) if *sign == b'-' => Number::Big(-value),
                (number, _) => number,
            }
        }
        _ => return None,
    };
    Some(match first {
        None => Index::FromEnd(saturated(&second)),
        Some(Number::Int(first)) if matches!(second, Number::Int(_)) => {
            Index::FromStart(first.saturating_add(saturated(&second)))
        }
        Some(first) => Index::FromStart(saturated(&super::number::shrunk(big(first) + big(second)))),
    })
}

/// The offset of an index like `end` and `end-1`, if its number is written plainly.
fn plain_end(text: &[u8]) -> Option<i64> {
    match text.strip_prefix(b"end")? {
        [] => Some(0),
        [b'-', number @ ..] => super::number::canonical_int(number).filter(|n| *n >= 0).map(|n| -n),
        [b'+', number @ ..] => super::number::canonical_int(number).filter(|n| *n >= 0),
        _ => None,
    }
}

fn big(number: Number) -> BigInt {
    match number {
        Number::Int(value) => BigInt::from(value),
        Number::Big(value) => value,
        Number::Double(_) => unreachable!("only integers are read in an index"),
    }
}

fn saturated(number: &Number) -> i64 {
    match number {
        Number::Int(value) => *value,
        Number::Big(value) => value.to_i64().unwrap_or(if value.is_negative() { i64::MIN } else { i64::MAX }),
        Number::Double(_) => unreachable!("only integers are read in an index"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes() {
        let length = 11;
        for (text, expected) in [
            ("0", Some(0)),
            ("end", Some(10)),
            ("end-1", Some(9)),
            ("end+1", Some(11)),
            ("1+1", Some(2)),
            ("1-1", Some(0)),
            ("end--1", Some(11)),
            ("end+-1", Some(9)),
            ("end-", None),
            ("e", None),
            ("end-0x10", Some(-6)),
            ("end-1_0", Some(0)),
            ("1_0", Some(10)),
            (" 1", Some(1)),
            (" end", None),
            ("end ", None),
            ("end-1 ", Some(9)),
            (" end-1", None),
            ("1 +1", None),
            ("1+ 1", None),
            (" 1+1 ", Some(2)),
            ("1+-1", Some(0)),
            ("+1", Some(1)),
            ("-1", Some(-1)),
            ("-1+2", Some(1)),
            ("-1--2", Some(1)),
            ("1.0", None),
            ("end-1.0", None),
            ("99999999999999999999", Some(i64::MAX)),
            ("-99999999999999999999", Some(i64::MIN)),
            ("0x1", Some(1)),
            ("010", Some(10)),
            ("end-end", None),
            ("1+end", None),
            ("1e3", None),
            ("1+1+1", None),
            ("1+1 ", Some(2)),
            ("end-+1", Some(9)),
            ("--1", None),
            ("1++1", Some(2)),
            ("+1+1", Some(2)),
            ("", None),
        ] {
            let found = parse_index(text.as_bytes(), Mode::Tcl90).map(|index| index.resolve(length));
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
