//! Numbers and booleans as text: the only reader and the only writer of Tcl's
//! number formats.

use super::double::{NAN_PAYLOAD, QUIET_NAN};
pub use super::double::{format_double, shortest_digits};
use crate::Mode;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use std::borrow::Cow;

/// A number of any of Tcl's kinds.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// An integer of 64 bits.
    Int(i64),
    /// An integer that needs more than 64 bits.
    Big(BigInt),
    /// A floating-point number, infinities and NaN included.
    Double(f64),
}

/// Which notations [`parse_prefix`] accepts.
#[derive(Clone, Copy, Debug)]
pub struct NumberRules {
    /// The release whose notations are meant.
    pub mode: Mode,
    /// No fraction, exponent, infinity or NaN is read.
    pub integer_only: bool,
    /// Read digits of this base and none of the prefixes `0x 0o 0b 0d`, but
    /// for the one of the base itself. `None` lets the prefix decide.
    pub base: Option<Base>,
    /// `_` may stand between digits (in 9.0; never in 8.6).
    pub underscores: bool,
}

impl NumberRules {
    /// The rules of values and of `expr`.
    pub fn of(mode: Mode) -> NumberRules {
        NumberRules { mode, integer_only: false, base: None, underscores: mode == Mode::Tcl90 }
    }
}

/// The base of an integer's digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// Base 2.
    Binary = 2,
    /// Base 8.
    Octal = 8,
    /// Base 10.
    Decimal = 10,
    /// Base 16.
    Hexadecimal = 16,
}

/// A blank around a number, an index or a list element.
#[inline]
pub fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Removes blanks on both sides.
pub fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|b| !is_blank(*b)).unwrap_or(text.len());
    let end = text.iter().rposition(|b| !is_blank(*b)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// Reads a whole text as a number; blanks around it are allowed.
pub fn parse_number(text: &[u8], mode: Mode) -> Option<Number> {
    if let Some(int) = canonical_int(text) {
        return Some(Number::Int(int));
    }
    if let Some(double) = short_decimal(text) {
        return Some(Number::Double(double));
    }
    let text = trim(text);
    match parse_prefix(text, NumberRules::of(mode)) {
        Some((number, used)) if used == text.len() => Some(number),
        _ => None,
    }
}

/// Reads a whole text as an integer; blanks around it are allowed.
pub fn parse_integer(text: &[u8], mode: Mode) -> Option<Number> {
    if let Some(int) = canonical_int(text) {
        return Some(Number::Int(int));
    }
    let text = trim(text);
    let rules = NumberRules { integer_only: true, ..NumberRules::of(mode) };
    match parse_prefix(text, rules) {
        Some((number, used)) if used == text.len() => Some(number),
        _ => None,
    }
}

/// The value of a text that is exactly the canonical form of a 64-bit integer:
/// decimal, no sign but `-`, no leading zeros, no `-0`, no blanks.
#[inline]
pub fn canonical_int(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    match digits {
        [b'0'] if !negative => return Some(0),
        [b'1'..=b'9', ..] if digits.len() <= 19 => {}
        _ => return None,
    }
    let mut value = 0u64;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // Nineteen digits are below 2^64.
        value = value * 10 + u64::from(digit);
    }
    if negative { 0i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() }
}

/// The value of a text of few digits with a point among them, as most fractions are written. The digits and the power
/// of ten are exact as doubles then, so that one division rounds correctly.
fn short_decimal(text: &[u8]) -> Option<f64> {
    const DIGITS_MAX: usize = 15;
    const POWERS: [f64; DIGITS_MAX + 1] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (negative, body) = match text {
        [b'-', body @ ..] => (true, body),
        body => (false, body),
    };
    if !matches!(body, [b'0'..=b'9', _, ..]) || body.len() > DIGITS_MAX + 1 {
        return None;
    }
    let (mut value, mut point) = (0u64, None);
    for (at, &byte) in body.iter().enumerate() {
        match byte.wrapping_sub(b'0') {
            digit @ 0..=9 => value = value * 10 + u64::from(digit),
            _ if byte == b'.' && point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let double = value as f64 / POWERS[body.len() - 1 - point?];
    Some(if negative { -double } else { double })
}

/// Reads the longest number that starts `text` (a sign is allowed, blanks are
/// not) and returns it with the number of bytes read.
pub fn parse_prefix(text: &[u8], rules: NumberRules) -> Option<(Number, usize)> {
    let negative = text.first() == Some(&b'-');
    let sign = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let body = &text[sign..];
    let (number, used) = match body.first()? {
        b'0' => match prefixed(body, rules) {
            Some((digits_start, base)) => integer(body, digits_start, base, rules)?,
            None => decimal(body, rules)?,
        },
        b'1'..=b'9' | b'.' => decimal(body, rules)?,
        b'a'..=b'f' | b'A'..=b'F' if rules.base == Some(Base::Hexadecimal) => {
            integer(body, 0, Base::Hexadecimal, rules)?
        }
        b'i' | b'I' | b'n' | b'N' if !rules.integer_only => special(body)?,
        _ => return None,
    };
    Some((if negative { negated(number) } else { number }, sign + used))
}

fn negated(number: Number) -> Number {
    match number {
        Number::Int(value) => {
            value.checked_neg().map_or_else(|| Number::Big(-BigInt::from(value)), Number::Int)
        }
        Number::Big(value) => shrunk(-value),
        Number::Double(value) => Number::Double(-value),
    }
}

/// A big integer as the smallest kind that holds it.
pub fn shrunk(value: BigInt) -> Number {
    match value.to_i64() {
        Some(int) => Number::Int(int),
        None => Number::Big(value),
    }
}

/// The base that the prefix of `body`, which starts with `0`, or the rules ask
/// for, with the offset of the first digit; `None` for decimal without prefix.
fn prefixed(body: &[u8], rules: NumberRules) -> Option<(usize, Base)> {
    let named = match body.get(1) {
        Some(b'x' | b'X') => Some(Base::Hexadecimal),
        Some(b'o' | b'O') => Some(Base::Octal),
        Some(b'b' | b'B') => Some(Base::Binary),
        Some(b'd' | b'D') if rules.mode == Mode::Tcl90 => Some(Base::Decimal),
        _ => None,
    };
    if let Some(base) = named.filter(|base| rules.base.is_none_or(|wanted| wanted == *base))
        && body.get(2).is_some_and(|b| char::from(*b).is_digit(base as u32))
    {
        return Some((2, base));
    }
    match rules.base {
        Some(Base::Decimal) => None,
        Some(base) => Some((0, base)),
        None if rules.mode == Mode::Tcl86 && is_octal_86(body, rules) => Some((0, Base::Octal)),
        None => None,
    }
}

/// Whether a number with a leading zero is octal in 8.6, where a fraction or
/// an exponent makes it decimal all the same.
fn is_octal_86(body: &[u8], rules: NumberRules) -> bool {
    let digits = digits_end(body, 0, Base::Decimal, rules.underscores);
    rules.integer_only || fraction_end(body, digits, rules).is_none()
}

/// The end of the digits behind a decimal point or an exponent's sign. In the
/// reference underscores that no digit follows take the digit before them
/// along, unless a parenthesis follows: `1.25_` is `1.2` followed by the
/// bareword `5_`.
fn fraction_digits_end(body: &[u8], start: usize, rules: NumberRules) -> usize {
    let end = digits_end(body, start, Base::Decimal, rules.underscores);
    let next = body[end..].iter().position(|byte| *byte != b'_').map(|at| body[end + at]);
    let cut_off = rules.underscores && end > start && body.get(end) == Some(&b'_') && next != Some(b'(');
    end - usize::from(cut_off)
}

/// The end of the digits at `start`, with underscores only between digits.
pub(crate) fn digits_end(body: &[u8], start: usize, base: Base, underscores: bool) -> usize {
    let mut end = start;
    let mut at = start;
    while let Some(&byte) = body.get(at) {
        at += 1;
        if char::from(byte).is_digit(base as u32) {
            end = at;
        } else if byte != b'_' || !underscores || end == start {
            break;
        }
    }
    end
}

fn integer(body: &[u8], start: usize, base: Base, rules: NumberRules) -> Option<(Number, usize)> {
    let end = digits_end(body, start, base, rules.underscores);
    if end == start {
        return None;
    }
    let number = integer_value(&body[start..end], base);
    Some((number, end))
}

fn integer_value(digits: &[u8], base: Base) -> Number {
    let mut value = 0i64;
    for &byte in digits.iter().filter(|b| **b != b'_') {
        let digit = char::from(byte).to_digit(base as u32).expect("only digits were accepted");
        let next = value.checked_mul(base as i64).and_then(|v| v.checked_add(i64::from(digit)));
        let Some(next) = next else {
            let digits = without_underscores(digits);
            let big = BigInt::parse_bytes(digits.as_bytes(), base as u32).expect("only digits were accepted");
            return Number::Big(big);
        };
        value = next;
    }
    Number::Int(value)
}

fn without_underscores(digits: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(digits) {
        Ok(text) if !digits.contains(&b'_') => Cow::Borrowed(text),
        _ => digits.iter().filter(|b| **b != b'_').map(|b| char::from(*b)).collect(),
    }
}

/// A decimal integer or a floating-point number.
fn decimal(body: &[u8], rules: NumberRules) -> Option<(Number, usize)> {
    let digits = digits_end(body, 0, Base::Decimal, rules.underscores);
    if !rules.integer_only
        && let Some(end) = fraction_end(body, digits, rules)
    {
        let value = without_underscores(&body[..end]).parse().expect("the grammar is a subset of Rust's");
        return Some((Number::Double(value), end));
    }
    (digits > 0).then(|| (integer_value(&body[..digits], Base::Decimal), digits))
}

/// The end of the fraction and the exponent behind `digits`, if there is one.
fn fraction_end(body: &[u8], digits: usize, rules: NumberRules) -> Option<usize> {
    let mut end = digits;
    if body.get(end) == Some(&b'.') {
        let fraction = fraction_digits_end(body, end + 1, rules);
        if digits > 0 || fraction > end + 1 {
            end = fraction;
        }
    }
    if end == 0 {
        return None;
    }
    if matches!(body.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(body.get(end + 1), Some(b'-' | b'+')));
        let start = end + 1 + sign;
        let exponent = fraction_digits_end(body, start, rules);
        if exponent > start {
            end = exponent;
        }
    }
    (end > digits).then_some(end)
}

/// `inf`, `infinity`, `nan` and `nan(hexadecimal)`, in any case.
fn special(body: &[u8]) -> Option<(Number, usize)> {
    let starts = |word: &[u8]| body.len() >= word.len() && body[..word.len()].eq_ignore_ascii_case(word);
    if starts(b"infinity") {
        return Some((Number::Double(f64::INFINITY), 8));
    }
    if starts(b"inf") {
        return Some((Number::Double(f64::INFINITY), 3));
    }
    if !starts(b"nan") {
        return None;
    }
    let (payload, used) = nan_payload(&body[3..]).unwrap_or((0, 0));
    Some((Number::Double(f64::from_bits(QUIET_NAN | payload)), 3 + used))
}

/// How many hexadecimal digits the payload of a NaN has at most.
const NAN_DIGITS_MAX: usize = 13;

fn nan_payload(body: &[u8]) -> Option<(u64, usize)> {
    let blanks = |at: usize| at + body[at..].iter().take_while(|b| is_blank(**b)).count();
    if body.first() != Some(&b'(') {
        return None;
    }
    let start = blanks(1);
    let end = digits_end(body, start, Base::Hexadecimal, false);
    let close = blanks(end);
    if end == start || end - start > NAN_DIGITS_MAX || body.get(close) != Some(&b')') {
        return None;
    }
    let payload = body[start..end].iter().fold(0u64, |value, byte| {
        value << 4 | u64::from(char::from(*byte).to_digit(16).expect("only digits were accepted"))
    });
    Some((payload & NAN_PAYLOAD, close + 1))
}

/// Reads a boolean word: `0`, `1` or any unambiguous abbreviation of `true`,
/// `false`, `yes`, `no`, `on`, `off`, in any case. Other numbers are not
/// looked at.
pub fn parse_boolean(text: &[u8]) -> Option<bool> {
    const WORDS: [(&[u8], usize, bool); 6] = [
        (b"true", 1, true),
        (b"false", 1, false),
        (b"yes", 1, true),
        (b"no", 1, false),
        (b"on", 2, true),
        (b"off", 2, false),
    ];
    match text {
        b"0" => return Some(false),
        b"1" => return Some(true),
        _ => {}
    }
    WORDS
        .iter()
        .find(|(word, least, _)| {
            (*least..=word.len()).contains(&text.len()) && word[..text.len()].eq_ignore_ascii_case(text)
        })
        .map(|(_, _, value)| *value)
}

/// Appends the decimal form of an integer to `out`.
pub fn format_int(value: i64, out: &mut Vec<u8>) {
    let mut buffer = [0; 20];
    let mut at = buffer.len();
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    out.extend_from_slice(&buffer[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: Option<Number>) -> String {
        match number {
            None => "none".to_owned(),
            Some(Number::Int(value)) => value.to_string(),
            Some(Number::Big(value)) => format!("big {value}"),
            Some(Number::Double(value)) => {
                let mut out = Vec::new();
                format_double(value, &mut out);
                String::from_utf8(out).expect("a number is ASCII")
            }
        }
    }

    fn check(mode: Mode, cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(shown(parse_number(text.as_bytes(), mode)), *expected, "{text:?}");
        }
    }

    #[test]
    fn short_decimals_are_rounded_correctly() {
        let texts = ["0.0", "-0.0", "1.", "0.1", "-12.5", "3.14159", "999999999999.999", "0.00000000000001"];
        for text in texts.into_iter().chain(["123456789012.345", "00012.50", "8.41"]) {
            let read = short_decimal(text.as_bytes()).expect("it is a short decimal");
            assert_eq!(read.to_bits(), text.parse::<f64>().expect("it is a number").to_bits(), "{text}");
        }
        for text in ["", ".5", "-.5", "5", "1.2.3", "1.5e3", "1.5 ", "+1.5", "0.12345678901234567", "1_0.5"] {
            assert_eq!(short_decimal(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn whole_texts() {
        check(
            Mode::Tcl90,
            &[
                ("1_000", "1000"),
                ("1__0", "10"),
                ("1_", "none"),
                ("_1", "none"),
                ("0x1_f", "31"),
                ("0x_1f", "none"),
                ("0b1_0", "2"),
                ("0o1_7", "15"),
                ("0d1_0", "10"),
                ("0D10", "10"),
                ("010", "10"),
                ("08", "8"),
                ("0o8", "none"),
                ("1_0.5", "10.5"),
                ("1.5_0", "1.5"),
                ("1e1_0", "10000000000.0"),
                ("1_e5", "none"),
                ("1._5", "none"),
                ("1e400", "Inf"),
                ("1e-400", "0.0"),
                ("0x", "none"),
                ("0x1.5", "none"),
                (".5", "0.5"),
                ("5.", "5.0"),
                (".", "none"),
                ("1e", "none"),
                ("1e+", "none"),
                ("1.e5", "100000.0"),
                (".e5", "none"),
                ("+5", "5"),
                ("+-5", "none"),
                ("+ 5", "none"),
                (" 5 ", "5"),
                ("\n5\t", "5"),
                ("+inf", "Inf"),
                ("INFINITY", "Inf"),
                ("infinit", "none"),
                ("-nan", "-NaN"),
                ("nan( 1 )", "NaN(1)"),
                ("nan()", "none"),
                ("0x8000000000000000", "big 9223372036854775808"),
                ("-9223372036854775808", "-9223372036854775808"),
                ("-9223372036854775809", "big -9223372036854775809"),
                ("0d1.5", "none"),
                ("010.5", "10.5"),
                ("", "none"),
                (" ", "none"),
                ("0_1", "1"),
                ("00x1", "none"),
                ("0e5", "0.0"),
                ("-0", "0"),
                ("-0x10", "-16"),
                ("1e99999999999999999999", "Inf"),
                ("0b12", "none"),
                ("-0.0", "-0.0"),
                ("9223372036854775807", "9223372036854775807"),
                ("9223372036854775808", "big 9223372036854775808"),
            ],
        );
    }

    #[test]
    fn texts_of_the_older_release() {
        check(
            Mode::Tcl86,
            &[
                ("010", "8"),
                ("08", "none"),
                ("08.5", "8.5"),
                ("0o17", "15"),
                ("1_0", "none"),
                ("0d10", "none"),
                ("0", "0"),
            ],
        );
    }

    #[test]
    fn booleans() {
        for text in ["1", "tru", "t", "TRUE", "on", "y", "ye", "yes"] {
            assert_eq!(parse_boolean(text.as_bytes()), Some(true), "{text}");
        }
        for text in ["0", "f", "fa", "off", "of", "n", "no"] {
            assert_eq!(parse_boolean(text.as_bytes()), Some(false), "{text}");
        }
        for text in ["o", "", " true", "true ", "2", "trues", "00"] {
            assert_eq!(parse_boolean(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn only_exact_texts_are_canonical_integers() {
        for text in
            ["-0", "+5", "007", "1_0", " 1", "", "-", "9223372036854775808", "-9223372036854775809", "1.0"]
        {
            assert_eq!(canonical_int(text.as_bytes()), None, "{text}");
        }
        for value in [0, 1, -1, 10, i64::MAX, i64::MIN] {
            let mut text = Vec::new();
            format_int(value, &mut text);
            assert_eq!(canonical_int(&text), Some(value));
        }
    }
}
