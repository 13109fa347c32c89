//! Doubles in the manner of C's `printf`: `%e %f %g %a` with exact digits at any precision.

use std::fmt::Write;

/// How to lay out a double.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// One of `e E f g G a A`.
    pub conversion: u8,
    /// Digits behind the point (significant digits for `g`), if given.
    pub precision: Option<usize>,
    /// `#`: keep the point and, for `g`, the zeros at the end.
    pub alternate: bool,
}

/// No double has more significant decimal digits than this; all others are zero.
const SIGNIFICANT_MAX: usize = 800;
/// No double has more digits behind the point than this.
const FRACTION_MAX: usize = 1100;

/// The absolute value of `value`, without sign or padding: `inf`, or digits.
pub fn magnitude(value: f64, layout: Layout) -> String {
    let value = value.abs();
    let upper = layout.conversion.is_ascii_uppercase();
    let text = if value.is_infinite() {
        String::from("inf")
    } else if value.is_nan() {
        String::from("nan")
    } else {
        match layout.conversion.to_ascii_lowercase() {
            b'f' => fixed(value, layout.precision.unwrap_or(6), layout.alternate),
            b'e' => scientific(value, layout.precision.unwrap_or(6), layout.alternate),
            b'g' => general(value, layout.precision.unwrap_or(6).max(1), layout.alternate),
            _ => hexadecimal(value, layout.precision, layout.alternate),
        }
    };
    if upper { text.to_ascii_uppercase() } else { text }
}

fn fixed(value: f64, precision: usize, alternate: bool) -> String {
    let exact = precision.min(FRACTION_MAX);
    let mut text = format!("{value:.exact$}");
    push_zeros(&mut text, precision - exact);
    if alternate && precision == 0 {
        text.push('.');
    }
    text
}

/// The `count` significant digits of `value`, at most [`SIGNIFICANT_MAX`] of
/// them, and the decimal exponent of the first.
fn significant(value: f64, count: usize) -> (String, i32) {
    let exact = count.min(SIGNIFICANT_MAX) - 1;
    let text = format!("{value:.exact$e}");
    let (digits, exponent) = text.split_once('e').expect("the format always has an exponent");
    let exponent = exponent.parse().expect("an exponent is a small integer");
    (digits.chars().filter(|c| *c != '.').collect(), exponent)
}

fn scientific(value: f64, precision: usize, alternate: bool) -> String {
    let (digits, exponent) = significant(value, precision.saturating_add(1));
    let missing = precision - (digits.len() - 1);
    let mut text = String::from(&digits[..1]);
    if precision > 0 || alternate {
        text.push('.');
    }
    text.push_str(&digits[1..]);
    push_zeros(&mut text, missing);
    push_exponent(&mut text, exponent);
    text
}

fn general(value: f64, precision: usize, alternate: bool) -> String {
    let (mut digits, exponent) = significant(value, precision);
    if alternate {
        let missing = precision - digits.len();
        push_zeros(&mut digits, missing);
    } else {
        digits.truncate(digits.trim_end_matches('0').len().max(1));
    }
    let point = |integral: usize, digits: &str| {
        let mut text = String::from(&digits[..integral]);
        if alternate || digits.len() > integral {
            text.push('.');
        }
        text.push_str(&digits[integral..]);
        text
    };
    match usize::try_from(exponent) {
        Ok(exponent) if exponent < precision => {
            let missing = (exponent + 1).saturating_sub(digits.len());
            push_zeros(&mut digits, missing);
            point(exponent + 1, &digits)
        }
        Err(_) if exponent >= -4 => {
            let mut text = String::from("0.");
            push_zeros(&mut text, exponent.unsigned_abs() as usize - 1);
            text.push_str(&digits);
            text
        }
        _ => {
            let mut text = point(1, &digits);
            push_exponent(&mut text, exponent);
            text
        }
    }
}

fn push_exponent(text: &mut String, exponent: i32) {
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(text, "e{sign}{:02}", exponent.unsigned_abs()).expect("a string takes any text");
}

fn push_zeros(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n('0', count));
}

const MANTISSA_BITS: u32 = 52;
const MANTISSA_HEX_DIGITS: usize = 13;
const EXPONENT_BIAS: i32 = 1023;

fn hexadecimal(value: f64, precision: Option<usize>, alternate: bool) -> String {
    let bits = value.to_bits();
    let mantissa = bits & ((1 << MANTISSA_BITS) - 1);
    let biased = (bits >> MANTISSA_BITS) as i32;
    let (mut scaled, exponent) = match (biased, mantissa) {
        (0, 0) => (0, 0),
        (0, _) => (mantissa, 1 - EXPONENT_BIAS),
        _ => (mantissa | 1 << MANTISSA_BITS, biased - EXPONENT_BIAS),
    };
    if let Some(precision) = precision.filter(|p| *p < MANTISSA_HEX_DIGITS) {
        let dropped_bits = 4 * (MANTISSA_HEX_DIGITS - precision) as u32;
        let kept = scaled >> dropped_bits;
        let rest = scaled - (kept << dropped_bits);
        let half = 1 << (dropped_bits - 1);
        let up = rest > half || (rest == half && kept & 1 == 1);
        scaled = (kept + u64::from(up)) << dropped_bits;
    }
    let fraction = format!("{:013x}", scaled & ((1 << MANTISSA_BITS) - 1));
    let fraction = match precision {
        None => fraction.trim_end_matches('0'),
        Some(precision) => &fraction[..precision.min(MANTISSA_HEX_DIGITS)],
    };
    let mut text = format!("0x{}", scaled >> MANTISSA_BITS);
    if !fraction.is_empty() || alternate {
        text.push('.');
    }
    text.push_str(fraction);
    push_zeros(&mut text, precision.unwrap_or(0).saturating_sub(MANTISSA_HEX_DIGITS));
    write!(text, "p{exponent:+}").expect("a string takes any text");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions() {
        let check =
            |conversion: u8, precision: Option<usize>, alternate: bool, value: f64, expected: &str| {
                assert_eq!(magnitude(value, Layout { conversion, precision, alternate }), expected);
            };
        check(b'f', None, false, 3.3, "3.300000");
        check(b'f', Some(0), true, 2.5, "2.");
        check(b'f', Some(17), false, 0.1, "0.10000000000000001");
        check(b'f', Some(2), false, 0.125, "0.12");
        check(b'e', None, false, 1e-5, "1.000000e-05");
        check(b'E', Some(0), false, 123456.0, "1E+05");
        check(b'g', None, false, 1e15, "1e+15");
        check(b'g', None, true, 123456.0, "123456.");
        check(b'g', None, true, 0.5, "0.500000");
        check(b'g', Some(20), false, 3.3, "3.2999999999999998224");
        check(b'g', None, false, 0.0, "0");
        check(b'g', None, false, 1e-5, "1e-05");
        check(b'g', None, false, 0.00012, "0.00012");
        check(b'a', None, false, 3.3, "0x1.a666666666666p+1");
        check(b'a', Some(0), false, 3.3, "0x2p+1");
        check(b'a', Some(3), false, 0.0, "0x0.000p+0");
        check(b'a', None, false, 5e-324, "0x0.0000000000001p-1022");
        check(b'f', None, false, f64::INFINITY, "inf");
        assert_eq!(fixed(5e-324, 2_000_000, false).len(), 2_000_002);
        assert_eq!(scientific(5e-324, 2_000_000, false).len(), 2_000_007);
    }
}
