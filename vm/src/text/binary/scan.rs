//! `binary scan`: makes values of bytes.

use super::BinaryError;
use super::field::{Count, Field, Fields, Number};
use crate::text::integer::Integer;

/// What a field yields.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Of `a`, `A` and `C`.
    Bytes(&'a [u8]),
    /// The digits of `b`, `B`, `h` and `H`.
    Digits(String),
    /// Of an integer type without a count.
    Integer(Integer),
    /// Of an integer type with a count: a list.
    Integers(Vec<Integer>),
    /// Of a floating point type without a count.
    Double(f64),
    /// Of a floating point type with a count: a list.
    Doubles(Vec<f64>),
}

/// Scans `bytes` by the format string. Each value goes to `assign` with the
/// index of its variable, of which there are `variables`, at once, since
/// variables are set even if an error follows. Yields how many were assigned;
/// a field for which the bytes do not suffice ends the scan.
///
/// # Errors
/// What is wrong with the format string, or what `assign` reports.
pub fn scan<E: From<BinaryError>>(
    bytes: &[u8],
    format: &[u8],
    variables: usize,
    mut assign: impl FnMut(usize, Value<'_>) -> Result<(), E>,
) -> Result<usize, E> {
    let mut offset = 0;
    let mut assigned = 0;
    for field in Fields::new(format) {
        let rest = &bytes[offset..];
        match field.letter {
            b'x' => {
                offset = match field.count {
                    Count::None => bytes.len().min(offset + 1),
                    Count::All => bytes.len(),
                    Count::Given(count) => bytes.len().min(offset.saturating_add(count)),
                };
                continue;
            }
            b'X' => {
                offset = match field.count {
                    Count::None => offset.saturating_sub(1),
                    Count::All => 0,
                    Count::Given(count) => offset.saturating_sub(count),
                };
                continue;
            }
            b'@' => {
                offset = match field.count {
                    Count::None => return Err(BinaryError::MissingCount.into()),
                    Count::All => bytes.len(),
                    Count::Given(count) => bytes.len().min(count),
                };
                continue;
            }
            _ => {}
        }
        let number = Number::of(field.letter);
        if number.is_none() && !matches!(field.letter, b'a' | b'A' | b'C' | b'b' | b'B' | b'h' | b'H') {
            return Err(field.error().into());
        }
        if assigned >= variables {
            return Err(BinaryError::NotEnoughArguments.into());
        }
        let taken = match number {
            Some(number) => take_numbers(number, &field, rest),
            None => take_text(&field, rest),
        };
        let Some((value, length)) = taken else { break };
        assign(assigned, value)?;
        assigned += 1;
        offset += length;
    }
    Ok(assigned)
}

/// The value of a textual field and its length in bytes; `None` if the bytes
/// do not suffice.
fn take_text<'a>(field: &Field, rest: &'a [u8]) -> Option<(Value<'a>, usize)> {
    let per_byte = match field.letter {
        b'b' | b'B' => 8,
        b'h' | b'H' => 2,
        _ => 1,
    };
    let count = match field.count {
        Count::None => 1,
        Count::All => rest.len() * per_byte,
        Count::Given(count) => count,
    };
    if count > rest.len() * per_byte {
        return None;
    }
    let length = count.div_ceil(per_byte);
    let bytes = &rest[..length];
    let value = match field.letter {
        b'a' => Value::Bytes(bytes),
        b'A' => {
            let end = bytes.iter().rposition(|b| !matches!(b, 0 | b' ')).map_or(0, |last| last + 1);
            Value::Bytes(&bytes[..end])
        }
        b'C' => Value::Bytes(&bytes[..memchr::memchr(0, bytes).unwrap_or(bytes.len())]),
        letter => {
            let high_first = letter.is_ascii_uppercase();
            let mut digits = String::with_capacity(count);
            let bits_each = 8 / per_byte;
            for i in 0..count {
                let place = i % per_byte;
                let place = if high_first { per_byte - 1 - place } else { place };
                let digit = bytes[i / per_byte] >> (place * bits_each) & (0xFF >> (8 - bits_each));
                digits.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
            }
            Value::Digits(digits)
        }
    };
    Some((value, length))
}

fn take_numbers<'a>(number: Number, field: &Field, rest: &'a [u8]) -> Option<(Value<'a>, usize)> {
    let count = match field.count {
        Count::None => 1,
        Count::All => rest.len() / number.size,
        Count::Given(count) => count,
    };
    let length = count.checked_mul(number.size).filter(|length| *length <= rest.len())?;
    let items = rest[..length].chunks_exact(number.size);
    let value = match (number.real, field.count) {
        (false, Count::None) => Value::Integer(integer(number, field.unsigned, rest)),
        (false, _) => Value::Integers(items.map(|item| integer(number, field.unsigned, item)).collect()),
        (true, Count::None) => Value::Double(double(number, rest)),
        (true, _) => Value::Doubles(items.map(|item| double(number, item)).collect()),
    };
    Some((value, length))
}

fn integer(number: Number, unsigned: bool, bytes: &[u8]) -> Integer {
    let bits = number.read(bytes);
    if unsigned {
        return Integer::from_u64(bits);
    }
    Integer::Wide(match number.size {
        1 => i64::from(bits as i8),
        2 => i64::from(bits as i16),
        4 => i64::from(bits as i32),
        _ => bits as i64,
    })
}

fn double(number: Number, bytes: &[u8]) -> f64 {
    let bits = number.read(bytes);
    if number.size == 4 { f64::from(f32::from_bits(bits as u32)) } else { f64::from_bits(bits) }
}
