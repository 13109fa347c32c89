//! `binary format`: makes bytes of values.

use super::BinaryError;
use super::field::{Count, Field, Fields, Number};
use std::borrow::Cow;

/// The most bytes a result may have.
pub const FORMAT_BYTES_MAX: usize = 1 << 30;

/// The values of a `binary format`. `element` selects from an argument that is
/// taken as a list; without it the argument is the value.
pub trait Arguments {
    /// The error of a value that is not what the field wants; engine errors are converted.
    type Error: From<BinaryError>;
    /// How many arguments there are.
    fn count(&self) -> usize;
    /// The argument's characters modulo 256.
    fn bytes(&mut self, index: usize) -> Cow<'_, [u8]>;
    /// The argument as a text.
    fn text(&mut self, index: usize) -> Cow<'_, [u8]>;
    /// The length of the argument as a list.
    fn list_length(&mut self, index: usize) -> Result<usize, Self::Error>;
    /// The low 64 bits of the argument or of its element.
    fn integer(&mut self, index: usize, element: Option<usize>) -> Result<u64, Self::Error>;
    /// The argument or its element as a double; not a number is allowed.
    fn double(&mut self, index: usize, element: Option<usize>) -> Result<f64, Self::Error>;
}

/// A field with its place and its resolved count.
struct Planned {
    field: Field,
    argument: usize,
    start: usize,
    count: usize,
}

/// Makes the bytes that the format string describes.
///
/// # Errors
/// What is wrong with the format string, the number of arguments and the
/// lengths of lists comes first, then what is wrong with values, in order.
pub fn format<A: Arguments>(format: &[u8], arguments: &mut A) -> Result<Vec<u8>, A::Error> {
    let (planned, length) = plan(format, arguments)?;
    let mut out = vec![0; length];
    for item in &planned {
        let room = &mut out[item.start..];
        match item.field.letter {
            b'a' | b'A' => {
                let bytes = arguments.bytes(item.argument);
                let taken = bytes.len().min(item.count);
                room[..taken].copy_from_slice(&bytes[..taken]);
                room[taken..item.count].fill(if item.field.letter == b'A' { b' ' } else { 0 });
            }
            b'b' | b'B' => {
                let high_first = item.field.letter == b'B';
                let text = arguments.text(item.argument);
                let taken = &text[..text.len().min(item.count)];
                room[..item.count.div_ceil(8)].fill(0);
                if !write_bits(taken, high_first, room) {
                    return Err(BinaryError::NotBinary(text.into_owned()).into());
                }
            }
            b'h' | b'H' => {
                let high_first = item.field.letter == b'H';
                let text = arguments.text(item.argument);
                let taken = &text[..text.len().min(item.count)];
                room[..item.count.div_ceil(2)].fill(0);
                if !write_digits(taken, high_first, room) {
                    return Err(BinaryError::NotHexadecimal(text.into_owned()).into());
                }
            }
            b'x' => room[..item.count].fill(0),
            letter => {
                let number = Number::of(letter).expect("the plan has numbers besides");
                write_numbers(number, item, arguments, room)?;
            }
        }
    }
    Ok(out)
}

/// The fields that write something, and the length of the result.
fn plan<A: Arguments>(format: &[u8], arguments: &mut A) -> Result<(Vec<Planned>, usize), A::Error> {
    let mut planned = Vec::new();
    let (mut offset, mut length, mut argument) = (0_usize, 0_usize, 0);
    for field in Fields::new(format) {
        let (count, bytes) = match field.letter {
            b'X' => {
                length = length.max(offset);
                offset = match field.count {
                    Count::None => offset.saturating_sub(1),
                    Count::All => 0,
                    Count::Given(count) => offset.saturating_sub(count),
                };
                continue;
            }
            b'@' => {
                length = length.max(offset);
                offset = match field.count {
                    Count::None => return Err(BinaryError::MissingCount.into()),
                    Count::All => length,
                    Count::Given(count) => count,
                };
                continue;
            }
            b'x' => match field.count {
                Count::All => return Err(BinaryError::StarWithSkip.into()),
                Count::None => (1, 1),
                Count::Given(count) => (count, count),
            },
            letter => {
                let number = Number::of(letter);
                if number.is_none() && !matches!(letter, b'a' | b'A' | b'b' | b'B' | b'h' | b'H') {
                    return Err(field.error().into());
                }
                if argument >= arguments.count() {
                    return Err(BinaryError::NotEnoughArguments.into());
                }
                let count = resolve_count(&field, number.is_some(), argument, arguments)?;
                argument += 1;
                (count, field_bytes(letter, number, count))
            }
        };
        let used = if field.letter == b'x' { 0 } else { argument - 1 };
        planned.push(Planned { field, argument: used, start: offset, count });
        offset = offset.saturating_add(bytes);
        if offset > FORMAT_BYTES_MAX {
            return Err(BinaryError::TooLarge.into());
        }
    }
    let length = length.max(offset);
    if length > FORMAT_BYTES_MAX {
        return Err(BinaryError::TooLarge.into());
    }
    Ok((planned, length))
}

fn resolve_count<A: Arguments>(
    field: &Field,
    is_number: bool,
    argument: usize,
    arguments: &mut A,
) -> Result<usize, A::Error> {
    if is_number {
        let length = if field.count == Count::None { 1 } else { arguments.list_length(argument)? };
        return match field.count {
            Count::None => Ok(1),
            Count::All => Ok(length),
            Count::Given(count) if count > length => Err(BinaryError::ListTooShort.into()),
            Count::Given(count) => Ok(count),
        };
    }
    Ok(match field.count {
        Count::None => 1,
        Count::Given(count) => count,
        Count::All if matches!(field.letter, b'a' | b'A') => arguments.bytes(argument).len(),
        Count::All => arguments.text(argument).len(),
    })
}

fn field_bytes(letter: u8, number: Option<Number>, count: usize) -> usize {
    match (letter, number) {
        (_, Some(number)) => count.saturating_mul(number.size),
        (b'b' | b'B', None) => count.div_ceil(8),
        (b'h' | b'H', None) => count.div_ceil(2),
        _ => count,
    }
}

/// Sets the bits of `digits` in zeroed bytes; false if one is no binary digit.
fn write_bits(digits: &[u8], high_first: bool, out: &mut [u8]) -> bool {
    for (i, digit) in digits.iter().enumerate() {
        let bit = match digit {
            b'0' => 0,
            b'1' => 1,
            _ => return false,
        };
        out[i / 8] |= bit << if high_first { 7 - i % 8 } else { i % 8 };
    }
    true
}

/// Sets the nibbles of `digits` in zeroed bytes; false if one is no hexadecimal digit.
fn write_digits(digits: &[u8], high_first: bool, out: &mut [u8]) -> bool {
    for (i, digit) in digits.iter().enumerate() {
        let Some(nibble) = char::from(*digit).to_digit(16) else { return false };
        let high = high_first == i.is_multiple_of(2);
        out[i / 2] |= (nibble as u8) << if high { 4 } else { 0 };
    }
    true
}

fn write_numbers<A: Arguments>(
    number: Number,
    item: &Planned,
    arguments: &mut A,
    out: &mut [u8],
) -> Result<(), A::Error> {
    for i in 0..item.count {
        let element = (item.field.count != Count::None).then_some(i);
        let bits = match (number.real, number.size) {
            (false, _) => arguments.integer(item.argument, element)?,
            (true, 4) => u64::from(to_float(arguments.double(item.argument, element)?).to_bits()),
            (true, _) => arguments.double(item.argument, element)?.to_bits(),
        };
        number.write(bits, &mut out[i * number.size..]);
    }
    Ok(())
}

/// The nearest float; a double halfway between the largest one and infinity
/// becomes the largest one.
fn to_float(value: f64) -> f32 {
    const HALFWAY: f64 = 3.402_823_567_797_336_6e38;
    if value.abs() == HALFWAY { f32::MAX.copysign(value as f32) } else { value as f32 }
}
