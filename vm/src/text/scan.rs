//! The engine of `scan`: parsing of the format string and conversion of a text.
//!
//! [`parse`] depends on the format string and the number of variables alone;
//! [`Scan::run`] yields the converted values, which the command assigns or lists.

use super::class::Class;
use super::integer::Integer;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use tclring_compiler::syntax::text::{chars, decode, push_char};

/// The largest position of a `%n$` field when no variables limit it, so that a
/// short format string cannot ask for an enormous list.
pub const POSITION_MAX: usize = 1 << 24;
/// The largest width that a field may have.
const WIDTH_MAX: u64 = i64::MAX as u64 - 1;

/// What can be wrong with the format string of `scan`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanError {
    /// `%` and `%n$` in one format string.
    MixedSpecifiers,
    /// `%n$` names no variable.
    IndexRange,
    /// More fields than variables.
    CountMismatch,
    /// A variable without a field.
    Unassigned,
    /// Two fields for one variable.
    AssignedTwice,
    /// A width with `%c`.
    Width,
    /// A size modifier with this conversion.
    Size(u8),
    /// `%llu` of a negative integer.
    Unsigned,
    /// A `%[` without its `]`.
    Bracket,
    /// A width beyond the limit.
    WidthLimit(u64),
    /// No conversion has this character; 0 stands for the end of the string.
    BadConversion(u32),
}

impl ScanError {
    /// The message of the script error.
    pub fn message(&self) -> Vec<u8> {
        let text = match self {
            ScanError::MixedSpecifiers => "cannot mix \"%\" and \"%n$\" conversion specifiers",
            ScanError::IndexRange => "\"%n$\" argument index out of range",
            ScanError::CountMismatch => "different numbers of variable names and field specifiers",
            ScanError::Unassigned => "variable is not assigned by any conversion specifiers",
            ScanError::AssignedTwice => "variable is assigned by multiple \"%n$\" conversion specifiers",
            ScanError::Width => "field width may not be specified in %c conversion",
            ScanError::Unsigned => "unsigned bignum scans are invalid",
            ScanError::Bracket => "unmatched [ in format string",
            ScanError::Size(letter) => {
                let letter = char::from(*letter);
                return format!("field size modifier may not be specified in %{letter} conversion")
                    .into_bytes();
            }
            ScanError::WidthLimit(width) => {
                return format!("specified field width {width} exceeds limit {WIDTH_MAX}.").into_bytes();
            }
            ScanError::BadConversion(c) => {
                let mut text = b"bad scan conversion character \"".to_vec();
                push_char(&mut text, *c);
                text.push(b'"');
                return text;
            }
        };
        text.as_bytes().to_vec()
    }

    /// The words of the error code.
    pub fn code(&self) -> [&'static str; 3] {
        let last = match self {
            ScanError::MixedSpecifiers => "MIXEDSPECTYPES",
            ScanError::IndexRange => "INDEXRANGE",
            ScanError::CountMismatch => "FIELDVARMISMATCH",
            ScanError::Unassigned => "UNASSIGNED",
            ScanError::AssignedTwice => "POLYASSIGNED",
            ScanError::Width => "BADWIDTH",
            ScanError::Size(_) => "BADSIZE",
            ScanError::Unsigned => "BADUNSIGNED",
            ScanError::Bracket => "BRACKET",
            ScanError::WidthLimit(_) => "WIDTHLIMIT",
            ScanError::BadConversion(_) => "BADTYPE",
        };
        ["TCL", "FORMAT", last]
    }
}

/// A value that a field converted.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of the integer conversions, `%c` and `%n`.
    Integer(Integer),
    /// Of `%f` and its like.
    Double(f64),
    /// Of `%s` and `%[`.
    Text(Vec<u8>),
}

/// What a run yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// One entry for each variable or list element; `None` is not converted.
    pub values: Vec<Option<Value>>,
    /// The text ended before the first conversion: the result is `-1`, or an
    /// empty list if there are no variables.
    pub ended: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Int,
    Wide,
    Big,
}

#[derive(Clone, Debug)]
enum Conversion {
    Integer { radix: Radix, unsigned: bool },
    Double,
    Text,
    Char,
    Offset,
    Set(CharSet),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Radix {
    Binary,
    Octal,
    Decimal,
    Hexadecimal,
    /// `%i`: by the prefix `0x` or `0`.
    Prefix,
}

#[derive(Clone, Debug)]
struct Field {
    /// The index of its value, `None` with `*`.
    slot: Option<usize>,
    /// In characters.
    width: usize,
    size: Size,
    conversion: Conversion,
}

#[derive(Clone, Debug)]
enum Piece {
    Space,
    Literal(u32),
    Field(Field),
}

/// A parsed format string.
#[derive(Clone, Debug)]
pub struct Scan {
    pieces: Vec<Piece>,
    slots: usize,
}

impl Scan {
    /// Has fields without a size modifier take 64 bits, as those of Tcl 8.6 do where C's `long` has as many.
    pub fn widen(&mut self) {
        for piece in &mut self.pieces {
            if let Piece::Field(field) = piece
                && field.size == Size::Int
            {
                field.size = Size::Wide;
            }
        }
    }
}

/// Parses the format string for `variables` variables; 0 asks for a list.
///
/// # Errors
/// Whatever the reference reports before it looks at the text.
pub fn parse(format: &[u8], variables: usize) -> Result<Scan, ScanError> {
    let parser = Parser {
        format,
        at: 0,
        variables,
        next_slot: 0,
        positional: None,
        position_max: 0,
        counts: Vec::new(),
    };
    parser.run()
}

struct Parser<'a> {
    format: &'a [u8],
    at: usize,
    variables: usize,
    next_slot: usize,
    /// Whether the fields so far are `%n$` ones.
    positional: Option<bool>,
    position_max: usize,
    /// How many fields each slot has.
    counts: Vec<u8>,
}

impl Parser<'_> {
    fn run(mut self) -> Result<Scan, ScanError> {
        let mut pieces = Vec::new();
        while self.at < self.format.len() {
            let c = self.next();
            if Class::Space.contains(c) {
                pieces.push(Piece::Space);
            } else if c != u32::from(b'%') {
                pieces.push(Piece::Literal(c));
            } else if self.peek() == Some(b'%') {
                self.at += 1;
                pieces.push(Piece::Literal(c));
            } else {
                pieces.push(Piece::Field(self.field()?));
            }
        }
        let positional = self.positional == Some(true) && self.position_max > 0;
        let slots = match (self.variables, positional) {
            (0, true) => self.position_max,
            (0, false) => self.next_slot,
            (variables, _) => variables,
        };
        self.counts.resize(self.counts.len().max(slots), 0);
        for count in &self.counts[..slots] {
            match count {
                0 if !positional => return Err(ScanError::Unassigned),
                0 | 1 => {}
                _ => return Err(ScanError::AssignedTwice),
            }
        }
        Ok(Scan { pieces, slots })
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// The next character; 0 at the end.
    fn next(&mut self) -> u32 {
        if self.at >= self.format.len() {
            return 0;
        }
        let (c, width) = decode(self.format, self.at);
        self.at += width;
        c
    }

    /// A run of digits as a number that stops growing at the largest one.
    fn digits(&mut self) -> Option<u64> {
        let mut number: Option<u64> = None;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            let before = number.unwrap_or(0);
            number = Some(
                before
                    .checked_mul(10)
                    .and_then(|n| n.checked_add(u64::from(digit - b'0')))
                    .unwrap_or(u64::MAX),
            );
            self.at += 1;
        }
        number
    }

    fn field(&mut self) -> Result<Field, ScanError> {
        let mut suppressed = false;
        if self.peek() == Some(b'*') {
            self.at += 1;
            suppressed = true;
        } else {
            self.position()?;
        }
        let width = self.digits();
        if let Some(width) = width.filter(|w| *w > WIDTH_MAX) {
            return Err(ScanError::WidthLimit(width));
        }
        let (size, sized) = self.size();
        if !suppressed && self.variables > 0 && self.next_slot >= self.variables {
            let positional = self.positional == Some(true);
            return Err(if positional { ScanError::IndexRange } else { ScanError::CountMismatch });
        }
        let conversion = self.conversion(width.is_some(), sized)?;
        let slot = (!suppressed).then(|| self.assign());
        let width = match width {
            None | Some(0) => usize::MAX,
            Some(width) => usize::try_from(width).unwrap_or(usize::MAX),
        };
        Ok(Field { slot, width, size, conversion })
    }

    fn position(&mut self) -> Result<(), ScanError> {
        let start = self.at;
        let position = self.digits().filter(|_| self.peek() == Some(b'$'));
        let Some(position) = position else {
            self.at = start;
            return match self.positional.replace(false) {
                Some(true) => Err(ScanError::MixedSpecifiers),
                _ => Ok(()),
            };
        };
        self.at += 1;
        if self.positional.replace(true) == Some(false) {
            return Err(ScanError::MixedSpecifiers);
        }
        let limit = if self.variables > 0 { self.variables } else { POSITION_MAX };
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        if position == 0 || position > limit {
            return Err(ScanError::IndexRange);
        }
        if self.variables == 0 {
            self.position_max = self.position_max.max(position);
        }
        self.next_slot = position - 1;
        Ok(())
    }

    /// The size modifier, and whether it is one that only integers allow.
    fn size(&mut self) -> (Size, bool) {
        let size = match self.peek() {
            Some(b'l') if self.format.get(self.at + 1) == Some(&b'l') => {
                self.at += 1;
                Size::Big
            }
            Some(b'L') => Size::Big,
            Some(b'l' | b'j' | b'q' | b'z' | b't') => Size::Wide,
            Some(b'h') => {
                self.at += 1;
                return (Size::Int, false);
            }
            _ => return (Size::Int, false),
        };
        self.at += 1;
        (size, true)
    }

    fn conversion(&mut self, has_width: bool, sized: bool) -> Result<Conversion, ScanError> {
        let c = self.next();
        let letter = u8::try_from(c).map_err(|_| ScanError::BadConversion(c))?;
        if letter == b'c' && has_width {
            return Err(ScanError::Width);
        }
        if sized && matches!(letter, b'c' | b'n' | b's' | b'[') {
            return Err(ScanError::Size(letter));
        }
        let integer = |radix, unsigned| Conversion::Integer { radix, unsigned };
        Ok(match letter {
            b'd' => integer(Radix::Decimal, false),
            b'i' => integer(Radix::Prefix, false),
            b'o' => integer(Radix::Octal, false),
            b'x' | b'X' => integer(Radix::Hexadecimal, false),
            b'b' => integer(Radix::Binary, false),
            b'u' => integer(Radix::Decimal, true),
            b'e' | b'E' | b'f' | b'g' | b'G' => Conversion::Double,
            b's' => Conversion::Text,
            b'c' => Conversion::Char,
            b'n' => Conversion::Offset,
            b'[' => Conversion::Set(self.char_set()?),
            _ => return Err(ScanError::BadConversion(c)),
        })
    }

    fn char_set(&mut self) -> Result<CharSet, ScanError> {
        let negated = self.peek() == Some(b'^');
        self.at += usize::from(negated);
        let start = self.at;
        // A `]` at the start is a member.
        let mut end = start + usize::from(self.peek() == Some(b']'));
        end += memchr::memchr(b']', &self.format[end..]).ok_or(ScanError::Bracket)?;
        self.at = end + 1;
        let members: Vec<u32> = chars(&self.format[start..end]).collect();
        Ok(CharSet::new(&members, negated))
    }

    fn assign(&mut self) -> usize {
        let slot = self.next_slot;
        if slot >= self.counts.len() {
            self.counts.resize(slot + 1, 0);
        }
        self.counts[slot] = self.counts[slot].saturating_add(1);
        self.next_slot += 1;
        slot
    }
}

/// The set of a `%[`.
#[derive(Clone, Debug)]
struct CharSet {
    ranges: Vec<(u32, u32)>,
    negated: bool,
}

impl CharSet {
    /// The set of the characters between the brackets. A `-` at the start or
    /// the end is a member, any other makes a range from the latest character
    /// that stood before a `-`; so `a-c-z` reaches from `a` to `z`.
    fn new(members: &[u32], negated: bool) -> CharSet {
        let dash = u32::from(b'-');
        let mut ranges = Vec::new();
        let mut start = members.first().copied().unwrap_or(0);
        let mut i = 0;
        if start == dash || start == u32::from(b']') {
            ranges.push((start, start));
            i = 1;
        }
        while let Some(c) = members.get(i).copied() {
            let follower = members.get(i + 1).copied();
            i += 1;
            if follower == Some(dash) {
                start = c;
                continue;
            }
            match follower {
                _ if c != dash => ranges.push((c, c)),
                None => ranges.extend([(start, start), (c, c)]),
                Some(end) => {
                    ranges.push((start.min(end), start.max(end)));
                    i += 1;
                }
            }
        }
        CharSet { ranges, negated }
    }

    fn contains(&self, c: u32) -> bool {
        self.ranges.iter().any(|(first, last)| *first <= c && c <= *last) != self.negated
    }
}

/// How a conversion ends that yields no value.
enum Stop {
    /// The conversion is an error.
    Error(ScanError),
    /// The text does not fit.
    Mismatch,
    /// The text ended too early.
    Ended,
}

impl Scan {
    /// How many values a run yields.
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// Converts `text`.
    ///
    /// # Errors
    /// [`ScanError::Unsigned`] alone.
    pub fn run(&self, text: &[u8]) -> Result<Outcome, ScanError> {
        let mut values = vec![None; self.slots];
        let mut at = 0;
        let mut converted = false;
        for piece in &self.pieces {
            let stop = match piece {
                Piece::Space => {
                    at = skip_space(text, at);
                    continue;
                }
                Piece::Literal(_) if at >= text.len() => Stop::Ended,
                Piece::Literal(expected) => {
                    let (c, width) = decode(text, at);
                    if c == *expected {
                        at += width;
                        continue;
                    }
                    Stop::Mismatch
                }
                Piece::Field(field) => match field.convert(text, &mut at) {
                    Ok(value) => {
                        // A suppressed %n takes nothing and counts for nothing.
                        converted |= field.slot.is_some() || !matches!(field.conversion, Conversion::Offset);
                        if let Some(slot) = field.slot {
                            values[slot] = Some(value);
                        }
                        continue;
                    }
                    Err(stop) => stop,
                },
            };
            return match stop {
                Stop::Error(error) => Err(error),
                Stop::Ended => Ok(Outcome { values, ended: !converted }),
                Stop::Mismatch => Ok(Outcome { values, ended: false }),
            };
        }
        Ok(Outcome { values, ended: false })
    }
}

fn skip_space(text: &[u8], mut at: usize) -> usize {
    while at < text.len() {
        let (c, width) = decode(text, at);
        if !Class::Space.contains(c) {
            break;
        }
        at += width;
    }
    at
}

impl Field {
    fn convert(&self, text: &[u8], at: &mut usize) -> Result<Value, Stop> {
        if let Conversion::Offset = self.conversion {
            // The reference counts bytes of its own form of text, where NUL takes two.
            let nuls = memchr::memchr_iter(0, &text[..*at]).count();
            return Ok(Value::Integer(Integer::Wide((*at + nuls) as i64)));
        }
        if !matches!(self.conversion, Conversion::Char | Conversion::Set(_)) {
            *at = skip_space(text, *at);
        }
        if *at >= text.len() {
            return Err(Stop::Ended);
        }
        let rest = &text[*at..];
        match &self.conversion {
            Conversion::Integer { radix, unsigned } => {
                let (value, length) = self.number(rest, |field| integer(field, *radix))?;
                *at += length;
                let negative = value.sign() == num_bigint::Sign::Minus;
                if *unsigned && negative && self.size == Size::Big {
                    return Err(Stop::Error(ScanError::Unsigned));
                }
                Ok(Value::Integer(sized(&value, self.size, *unsigned)))
            }
            Conversion::Double => {
                let (value, length) = self.number(rest, double)?;
                *at += length;
                Ok(Value::Double(value))
            }
            Conversion::Char => {
                let (c, width) = decode(text, *at);
                *at += width;
                Ok(Value::Integer(Integer::Wide(i64::from(c))))
            }
            Conversion::Set(set) => self.take(text, at, |c| set.contains(c)),
            Conversion::Text | Conversion::Offset => self.take(text, at, |c| !Class::Space.contains(c)),
        }
    }

    /// Applies `parse` to what the width leaves of `rest`. A number that is cut
    /// off counts as the end of the text, unless the text is shorter than the width.
    fn number<T>(&self, rest: &[u8], parse: impl Fn(&[u8]) -> Result<T, Stop>) -> Result<T, Stop> {
        let field = &rest[..rest.len().min(self.width)];
        parse(field).map_err(|stop| match stop {
            Stop::Ended if self.width != usize::MAX && field.len() < self.width => Stop::Mismatch,
            stop => stop,
        })
    }

    /// Takes the characters for which `belongs` holds, at least one.
    fn take(&self, text: &[u8], at: &mut usize, belongs: impl Fn(u32) -> bool) -> Result<Value, Stop> {
        let start = *at;
        for _ in 0..self.width {
            if *at >= text.len() {
                break;
            }
            let (c, width) = decode(text, *at);
            if !belongs(c) {
                break;
            }
            *at += width;
        }
        if *at == start { Err(Stop::Mismatch) } else { Ok(Value::Text(text[start..*at].to_vec())) }
    }
}

/// The integer at the start of `field` and its length in bytes.
fn integer(field: &[u8], radix: Radix) -> Result<(BigInt, usize), Stop> {
    let byte = |i: usize| field.get(i).copied();
    let signed = matches!(byte(0), Some(b'+' | b'-'));
    let mut start = usize::from(signed);
    let zero = byte(start) == Some(b'0');
    let prefixed = |letter: u8, base: u32| {
        let digit = byte(start + 2).is_some_and(|b| char::from(b).is_digit(base));
        zero && digit && byte(start + 1).is_some_and(|b| b.eq_ignore_ascii_case(&letter))
    };
    let (base, prefix) = match radix {
        Radix::Decimal => (10, 0),
        Radix::Octal => (8, 0),
        Radix::Binary => (2, if prefixed(b'b', 2) { 2 } else { 0 }),
        Radix::Hexadecimal => (16, if prefixed(b'x', 16) { 2 } else { 0 }),
        Radix::Prefix if prefixed(b'x', 16) => (16, 2),
        Radix::Prefix => (if zero { 8 } else { 10 }, 0),
    };
    start += prefix;
    let count = field[start.min(field.len())..].iter().take_while(|b| char::from(**b).is_digit(base)).count();
    if count == 0 {
        return Err(if start >= field.len() { Stop::Ended } else { Stop::Mismatch });
    }
    let magnitude = BigInt::parse_bytes(&field[start..start + count], base).expect("only digits were taken");
    let value = if byte(0) == Some(b'-') { -magnitude } else { magnitude };
    Ok((value, start + count))
}

/// The value within the field's size: out of range becomes the nearest limit.
fn sized(value: &BigInt, size: Size, unsigned: bool) -> Integer {
    let negative = value.sign() == num_bigint::Sign::Minus;
    let wide = match size {
        Size::Big => return Integer::from_big(value.clone()),
        Size::Wide => value.to_i64().unwrap_or(if negative { i64::MIN } else { i64::MAX }),
        Size::Int => {
            // Unsigned values of 64 and then of 32 bits wrap around.
            let wrapped = value.to_i64().or_else(|| value.to_u64().map(|bits| bits as i64));
            let fitting = wrapped.filter(|w| *w >= i64::from(i32::MIN) && *w <= i64::from(u32::MAX));
            match fitting {
                Some(fitting) => i64::from(fitting as i32),
                None => i64::from(if negative { i32::MIN } else { i32::MAX }),
            }
        }
    };
    if unsigned { Integer::from_u64(wide as u64) } else { Integer::Wide(wide) }
}

/// The decimal floating point number, or infinity, at the start of `field` and
/// its length in bytes.
fn double(field: &[u8]) -> Result<(f64, usize), Stop> {
    let digits = |from: usize| field[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let start = usize::from(matches!(field.first(), Some(b'+' | b'-')));
    if field.get(start).is_some_and(|b| b.eq_ignore_ascii_case(&b'i')) {
        return infinity(field, start);
    }
    if field.get(start).is_some_and(|b| b.eq_ignore_ascii_case(&b'n')) {
        // Not a number is read and then refused.
        let cut_off = field.len() - start < 3 && b"nan".starts_with(&field[start..].to_ascii_lowercase());
        return Err(if cut_off { Stop::Ended } else { Stop::Mismatch });
    }
    let integral = digits(start);
    let mut end = start + integral;
    let mut fraction = 0;
    if field.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += 1 + fraction;
    }
    if integral + fraction == 0 {
        return Err(if end >= field.len() { Stop::Ended } else { Stop::Mismatch });
    }
    if matches!(field.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(field.get(end + 1), Some(b'+' | b'-')));
        let from = end + 1 + sign;
        let exponent = if from < field.len() { digits(from) } else { 0 };
        if exponent > 0 {
            end = from + exponent;
        }
    }
    let text = std::str::from_utf8(&field[..end]).expect("only ASCII was taken");
    Ok((text.parse().expect("the syntax is a subset of Rust's"), end))
}

fn infinity(field: &[u8], start: usize) -> Result<(f64, usize), Stop> {
    let word = b"infinity";
    let matched = field[start..].iter().zip(word).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    let length = match matched {
        8 => 8,
        3.. => 3,
        _ if start + matched >= field.len() => return Err(Stop::Ended),
        _ => return Err(Stop::Mismatch),
    };
    let value = if field[0] == b'-' { f64::NEG_INFINITY } else { f64::INFINITY };
    Ok((value, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, format: &str, variables: usize) -> String {
        let error = |e: ScanError| format!("{} {}", String::from_utf8_lossy(&e.message()), e.code()[2]);
        let outcome = match parse(format.as_bytes(), variables).and_then(|scan| scan.run(text.as_bytes())) {
            Ok(outcome) => outcome,
            Err(e) => return error(e),
        };
        let shown = outcome.values.iter().map(|value| match value {
            None => String::from("none"),
            Some(Value::Integer(Integer::Wide(wide))) => wide.to_string(),
            Some(Value::Integer(Integer::Big(big))) => big.to_string(),
            Some(Value::Double(double)) => format!("{double:?}"),
            Some(Value::Text(text)) => String::from_utf8_lossy(text).into_owned(),
        });
        let shown = shown.collect::<Vec<_>>().join(",");
        if outcome.ended { format!("ended {shown}") } else { shown }
    }

    #[test]
    fn conversions() {
        let check = |text: &str, format: &str, expected: &str| {
            assert_eq!(run(text, format, 0), expected, "{text} {format}");
        };
        check("", "%d", "ended none");
        check("abc", "%d", "none");
        check("12abc -5", "%d%s %d", "12,abc,-5");
        check("0x1f 0x1f 017", "%x %i %i", "31,31,15");
        check("0x 0b101", "%i%s %b", "0,x,5");
        check("99999999999 99999999999", "%d %ld", "2147483647,99999999999");
        check("4294967295 -1", "%d %u", "-1,18446744073709551615");
        check(
            "18446744073709551615 18446744073709551615",
            "%ld %lld",
            "9223372036854775807,18446744073709551615",
        );
        check("-1", "%llu", "unsigned bignum scans are invalid BADUNSIGNED");
        check("12", "%1d%1d%n", "1,2,2");
        check("-5", "%1d", "ended none");
        check("-", "%8d", "none");
        check("é a", "%c%c%n", "233,32,3");
        check("1.5abc", "%f%s", "1.5,abc");
        check("1e+ .5 5.", "%f%s %f %f", "1.0,e+,0.5,5.0");
        check("1e400 infi", "%f %f%s", "inf,inf,i");
        check("nan", "%f", "none");
        check("nan", "%2f", "ended none");
        check("abcdef", "%[a-c]%[^f]", "abc,de");
        check("m", "%[a-c-z]", "m");
        check("a]-", "%[]a-]", "a]-");
        check("12 13", "%*d %d", "13");
        check("12", "%3$d", "none,none,12");
        check("12% ", "%d%%%n", "12,3");
        check("a   b", "a b%n", "5");
    }

    #[test]
    fn errors_of_the_format_string() {
        let check = |format: &str, variables: usize, expected: &str| {
            assert_eq!(run("1", format, variables), expected, "{format}");
        };
        check("%d", 2, "variable is not assigned by any conversion specifiers UNASSIGNED");
        check("%d%d", 1, "different numbers of variable names and field specifiers FIELDVARMISMATCH");
        check("%3$d", 2, "\"%n$\" argument index out of range INDEXRANGE");
        check("%0$d", 0, "\"%n$\" argument index out of range INDEXRANGE");
        check("%1$d%1$d", 0, "variable is assigned by multiple \"%n$\" conversion specifiers POLYASSIGNED");
        check("%1$d%d", 0, "cannot mix \"%\" and \"%n$\" conversion specifiers MIXEDSPECTYPES");
        check("%5c", 0, "field width may not be specified in %c conversion BADWIDTH");
        check("%ls", 0, "field size modifier may not be specified in %s conversion BADSIZE");
        check("%[]", 0, "unmatched [ in format string BRACKET");
        check("%", 0, "bad scan conversion character \"\0\" BADTYPE");
        check(
            "%99999999999999999999d",
            0,
            "specified field width 18446744073709551615 exceeds limit 9223372036854775806. WIDTHLIMIT",
        );
    }
}
