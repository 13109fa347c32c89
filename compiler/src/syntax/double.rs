//! Floating-point numbers as text: Tcl's layout of the shortest digits that
//! read back as the same number.

use super::number::{Number, format_int, parse_number};
use crate::Mode;
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::ToPrimitive;

/// The bits of the NaN without a payload.
pub(crate) const QUIET_NAN: u64 = 0x7FF8_0000_0000_0000;

/// The payload bits of a NaN.
pub(crate) const NAN_PAYLOAD: u64 = (1 << 51) - 1;

/// Appends the canonical form of a floating-point number to `out`: the
/// shortest digits that read back as the same number, with a fraction or an
/// exponent so that it reads back as a double.
pub fn format_double(value: f64, out: &mut Vec<u8>) {
    if value.is_nan() {
        return format_nan(value, out);
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    if value.is_infinite() {
        out.extend_from_slice(b"Inf");
        return;
    }
    let magnitude = value.abs();
    if magnitude == 0.0 {
        out.extend_from_slice(b"0.0");
        return;
    }
    if magnitude < 1e15 && magnitude.trunc() == magnitude {
        format_int(magnitude as i64, out);
        out.extend_from_slice(b".0");
        return;
    }
    if let Some(exponent) = inexact_power_of_two(magnitude) {
        let (digits, point) = power_of_two_digits(exponent);
        return lay_out(&digits, point, out);
    }
    let (digits, count, point) = shortest_digits(magnitude);
    lay_out(&digits[..count], point, out);
}

/// The exponent of a normal power of two that has more digits than any
/// shortest form, so that the choice of digits matters.
fn inexact_power_of_two(value: f64) -> Option<i32> {
    const FRACTION_BITS: u32 = 52;
    let bits = value.to_bits();
    let biased = (bits >> FRACTION_BITS) as i32;
    if bits << (64 - FRACTION_BITS) != 0 || biased <= 1 {
        return None;
    }
    let exponent = biased - 1023;
    // 2^49 and 2^-21 have 15 digits, the most that any digit generation keeps.
    (!(-21..=49).contains(&exponent)).then_some(exponent)
}

/// The digits that the reference chooses for 2^`exponent`, and the `p` with
/// value = 0.DIGITS * 10^p.
///
/// Below a power of two the next double is half as far away as above it. The
/// reference takes the wider half-gap for the lower side and the narrower one
/// for the upper side, so its digits are not always the shortest and do not
/// always read back; scripts can see them.
fn power_of_two_digits(exponent: i32) -> (Vec<u8>, i32) {
    let unit = BigUint::from(1u8) << (exponent - 54).max(0) as u32;
    let mut scale = BigUint::from(1u8) << (54 - exponent).max(0) as u32;
    let (mut rest, mut below, mut above) = (&unit << 54u32, &unit << 1u32, unit);
    let mut point = (f64::from(exponent) * std::f64::consts::LOG10_2).floor() as i32 + 1;
    let power = BigUint::from(10u8).pow(point.unsigned_abs());
    if point > 0 {
        scale *= power;
    } else {
        rest *= &power;
        below *= &power;
        above *= power;
    }
    let mut digits = Vec::new();
    loop {
        for number in [&mut rest, &mut below, &mut above] {
            *number *= 10u8;
        }
        let (digit, remainder) = rest.div_rem(&scale);
        let digit = digit.to_u8().expect("a decimal digit");
        rest = remainder;
        let low = rest <= below;
        let high = &rest + &above >= scale;
        digits.push(b'0' + digit);
        if low || high {
            let round_up = !low || &rest << 1u32 > scale;
            if round_up {
                increment(&mut digits, &mut point);
            }
            return (digits, point);
        }
    }
}

/// Adds one to the last digit.
fn increment(digits: &mut Vec<u8>, point: &mut i32) {
    while digits.last() == Some(&b'9') {
        digits.pop();
    }
    match digits.last_mut() {
        Some(last) => *last += 1,
        None => {
            digits.push(b'1');
            *point += 1;
        }
    }
}

/// The largest decimal point position that is written without an exponent.
const PLAIN_POINT_MAX: i32 = 17;

/// The smallest one: 0.0001 has its first digit at -3.
const PLAIN_POINT_MIN: i32 = -3;

/// Writes `0.DIGITS * 10^point`.
fn lay_out(digits: &[u8], point: i32, out: &mut Vec<u8>) {
    if !(PLAIN_POINT_MIN..=PLAIN_POINT_MAX).contains(&point) {
        out.push(digits[0]);
        if digits.len() > 1 {
            out.push(b'.');
            out.extend_from_slice(&digits[1..]);
        }
        out.push(b'e');
        let exponent = point - 1;
        if exponent > 0 {
            out.push(b'+');
        }
        format_int(i64::from(exponent), out);
    } else if point <= 0 {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(b'0', point.unsigned_abs() as usize));
        out.extend_from_slice(digits);
    } else {
        let point = point as usize;
        let whole = point.min(digits.len());
        out.extend_from_slice(&digits[..whole]);
        out.extend(std::iter::repeat_n(b'0', point - whole));
        out.push(b'.');
        out.extend_from_slice(if whole < digits.len() { &digits[whole..] } else { b"0" });
    }
}

/// The longest text that [`canonical_double`] looks at.
const CANONICAL_BYTES_MAX: usize = 24;

/// The floating-point number whose canonical form is `text` to the letter. Infinities and NaN are words, not numbers,
/// to whoever wrote them.
pub fn canonical_double(text: &[u8]) -> Option<f64> {
    let may_be = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'-' | b'+');
    if text.len() > CANONICAL_BYTES_MAX || !text.iter().all(may_be) {
        return None;
    }
    let Some(Number::Double(value)) = parse_number(text, Mode::Tcl90) else { return None };
    let mut canonical = Vec::with_capacity(text.len());
    format_double(value, &mut canonical);
    (canonical == text).then_some(value)
}

/// The most digits a shortest form has.
const SHORTEST_DIGITS_MAX: usize = 17;

/// The shortest digits of a positive finite number, their count and the
/// exponent `p` with value = 0.DIGITS * 10^p.
pub fn shortest_digits(value: f64) -> ([u8; SHORTEST_DIGITS_MAX], usize, i32) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value).as_bytes();
    let (mantissa, exponent) = match text.iter().position(|b| *b == b'e') {
        Some(at) => (&text[..at], parse_exponent(&text[at + 1..])),
        None => (text, 0),
    };
    let mut digits = [0; SHORTEST_DIGITS_MAX];
    let mut count = 0;
    let mut point = 0;
    let mut zeros = 0;
    let mut fraction = false;
    for &byte in mantissa {
        match byte {
            b'.' => fraction = true,
            // A zero is written only when a later digit needs it.
            b'0' => {
                if count > 0 {
                    zeros += 1;
                    point += i32::from(!fraction);
                } else {
                    point -= i32::from(fraction);
                }
            }
            _ => {
                for _ in 0..zeros {
                    digits[count] = b'0';
                    count += 1;
                }
                zeros = 0;
                digits[count] = byte;
                count += 1;
                point += i32::from(!fraction);
            }
        }
    }
    (digits, count, point + exponent)
}

fn parse_exponent(text: &[u8]) -> i32 {
    let negative = text.first() == Some(&b'-');
    let value =
        text.iter().filter(|b| b.is_ascii_digit()).fold(0, |value, b| value * 10 + i32::from(b - b'0'));
    if negative { -value } else { value }
}

fn format_nan(value: f64, out: &mut Vec<u8>) {
    let bits = value.to_bits();
    if bits >> 63 != 0 {
        out.push(b'-');
    }
    out.extend_from_slice(b"NaN");
    let payload = bits & NAN_PAYLOAD;
    if payload != 0 {
        out.extend_from_slice(format!("({payload:x})").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_canonical_forms() {
        let check = |text: &str, expected: Option<f64>| {
            assert_eq!(canonical_double(text.as_bytes()), expected, "{text}");
        };
        check("0.01", Some(0.01));
        check("-2.5", Some(-2.5));
        check("-0.0", Some(-0.0));
        check("1e+17", Some(1e17));
        for text in [
            "0.010",
            "+1.0",
            "1.",
            ".5",
            "1e17",
            "100000000000000000.0",
            "1",
            "-",
            "",
            " 1.0",
            "Inf",
            "1.0.0",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn doubles_are_written_in_canonical_form() {
        for (value, expected) in [
            (1e15, "1000000000000000.0"),
            (1e16, "10000000000000000.0"),
            (1e17, "1e+17"),
            (1.5e17, "1.5e+17"),
            (1e-3, "0.001"),
            (1e-4, "0.0001"),
            (1e-5, "1e-5"),
            (0.00012345, "0.00012345"),
            (1.2345e-5, "1.2345e-5"),
            (12345678901234567.0, "12345678901234568.0"),
            (99999999999999990.0, "99999999999999980.0"),
            (1e100, "1e+100"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1e22, "1e+22"),
            (1e23, "1e+23"),
            (100.0, "100.0"),
            (5e-324, "5e-324"),
            (0.5, "0.5"),
            (1024.0, "1024.0"),
            // Powers of two, whose digits the reference chooses differently.
            (2f64.powi(420), "2.707685248164858e+126"),
            (2f64.powi(305), "6.518515124270355e+91"),
            (2f64.powi(160), "1.4615016373309029e+48"),
            (2f64.powi(966), "6.237000967295999e+290"),
            (f64::MAX, "1.7976931348623157e+308"),
            (123.456, "123.456"),
            (-1.25, "-1.25"),
        ] {
            let mut out = Vec::new();
            format_double(value, &mut out);
            assert_eq!(String::from_utf8(out).as_deref(), Ok(expected));
        }
    }
}
