//! The engine of `format`: parsing of the format string and rendering of values.
//!
//! [`parse`] depends on the format string alone, so that its result can be
//! kept with the string; [`render`] then takes the values from the caller one
//! by one, in the order in which the reference would ask for them.

use super::compare::prefix_bytes;
use super::integer::{Integer, unsigned_digits};
use super::real::{self, Layout};
use num_traits::ToPrimitive;
use tclring_compiler::syntax::text::{REPLACEMENT, char_count, decode, push_char};

/// The most characters one field, and the most bytes one result may have; more
/// is [`FormatError::TooLarge`].
pub const FIELD_CHARS_MAX: usize = 1 << 28;

/// What can be wrong with a format string or its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// `%` and `%n$` in one format string.
    MixedSpecifiers,
    /// `%n$` names no argument.
    IndexRange,
    /// Fewer arguments than fields.
    NotEnoughArguments,
    /// The string ends within a field.
    Incomplete,
    /// No conversion has this character.
    BadField(u32),
    /// `%llu` of a negative integer.
    Unsigned,
    /// A width, a precision or the result exceeds the limit.
    TooLarge,
    /// A width, a precision or a character code exceeds its type.
    IntegerTooLarge,
}

impl FormatError {
    /// The message of the script error.
    pub fn message(&self) -> Vec<u8> {
        let text: &[u8] = match self {
            FormatError::MixedSpecifiers => b"cannot mix \"%\" and \"%n$\" conversion specifiers",
            FormatError::IndexRange => b"\"%n$\" argument index out of range",
            FormatError::NotEnoughArguments => b"not enough arguments for all format specifiers",
            FormatError::Incomplete => b"format string ended in middle of field specifier",
            FormatError::Unsigned => b"unsigned bignum format is invalid",
            FormatError::TooLarge => b"max size for a Tcl value exceeded",
            FormatError::IntegerTooLarge => b"integer value too large to represent",
            FormatError::BadField(c) => {
                let mut text = b"bad field specifier \"".to_vec();
                push_char(&mut text, *c);
                text.push(b'"');
                return text;
            }
        };
        text.to_vec()
    }

    /// The words of the error code.
    pub fn code(&self) -> &'static [&'static str] {
        match self {
            FormatError::MixedSpecifiers => &["TCL", "FORMAT", "MIXEDSPECTYPES"],
            FormatError::IndexRange => &["TCL", "FORMAT", "INDEXRANGE"],
            FormatError::NotEnoughArguments => &["TCL", "FORMAT", "FIELDVARMISMATCH"],
            FormatError::Incomplete => &["TCL", "FORMAT", "INCOMPLETE"],
            FormatError::BadField(_) => &["TCL", "FORMAT", "BADTYPE"],
            FormatError::Unsigned => &["TCL", "FORMAT", "BADUNSIGNED"],
            FormatError::TooLarge => &["TCL", "FORMAT", "OVERFLOW"],
            FormatError::IntegerTooLarge => &["ARITH", "IOVERFLOW", "integer value too large to represent"],
        }
    }
}

/// Where a width or precision comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It is not given.
    Absent,
    /// It stands in the format string.
    Given(usize),
    /// `*`: it is the next argument.
    Argument,
    /// It stands in the format string and is too large.
    TooLarge,
}

/// How many bits of an integer count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// `h`: 16 bits.
    Short,
    /// No modifier: 32 bits.
    Int,
    /// `l j q z t I64`: 64 bits.
    Wide,
    /// `ll L`: no truncation.
    Big,
}

/// One `%` field of a format string.
#[derive(Clone, Copy, Debug)]
pub struct Directive {
    /// The argument's index, from 0, for `%n$`; `None` for the next one.
    /// `Some(Err(()))` is an index that names no argument.
    position: Option<Result<usize, ()>>,
    minus: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: Extent,
    precision: Extent,
    /// Whether the precision stands behind a point; without one it is read, and means nothing.
    has_point: bool,
    size: Size,
    /// The conversion character, or what stands in its place; `None` at the end.
    conversion: Option<u32>,
}

impl Piece {
    /// Has a field without a size modifier take 64 bits, as fields of Tcl 8.6 do where C's `long` has as many.
    pub fn widen(&mut self) {
        if let Piece::Field(directive) = self
            && directive.size == Size::Int
        {
            directive.size = Size::Wide;
        }
    }
}

/// A part of a parsed format string.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Text to copy.
    Literal(Vec<u8>),
    /// A field to fill.
    Field(Directive),
    /// `%` and `%n$` are mixed here: all before is still evaluated.
    Mixed,
}

/// The values of a format call.
pub trait Arguments {
    /// The error of a value that is not what the field wants; engine errors are converted.
    type Error: From<FormatError>;
    /// How many values there are.
    fn count(&self) -> usize;
    /// The value as an integer; the error of the reference is `expected integer but got …`.
    fn integer(&mut self, index: usize) -> Result<Integer, Self::Error>;
    /// The value as a double; not a number is an error.
    fn double(&mut self, index: usize) -> Result<f64, Self::Error>;
    /// The value as a text.
    fn text(&mut self, index: usize) -> &[u8];
}

/// Parses a format string. Nothing is reported here: what is wrong becomes
/// part of the pieces, since earlier fields' errors come first.
pub fn parse(format: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = Vec::new();
    let mut at = 0;
    // Whether the fields so far are `%n$` ones.
    let mut positional: Option<bool> = None;
    while let Some(found) = memchr::memchr(b'%', &format[at..]) {
        literal.extend_from_slice(&format[at..at + found]);
        at += found + 1;
        if format.get(at) == Some(&b'%') {
            literal.push(b'%');
            at += 1;
            continue;
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
        }
        let (directive, end) = Parser { format, at }.directive();
        if positional.is_some_and(|p| p != directive.position.is_some()) {
            pieces.push(Piece::Mixed);
            return pieces;
        }
        positional = Some(directive.position.is_some());
        pieces.push(Piece::Field(directive));
        at = end;
    }
    literal.extend_from_slice(&format[at..]);
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    pieces
}

struct Parser<'a> {
    format: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn digits(&mut self) -> Option<Extent> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = std::str::from_utf8(&self.format[start..self.at]).expect("digits are ASCII");
        if digits.is_empty() {
            return None;
        }
        Some(digits.parse().map_or(Extent::TooLarge, Extent::Given))
    }

    fn position(&mut self) -> Option<Result<usize, ()>> {
        let start = self.at;
        let number = self.digits()?;
        if !self.accept(b'$') {
            self.at = start;
            return None;
        }
        Some(match number {
            Extent::Given(position @ 1..) => Ok(position - 1),
            _ => Err(()),
        })
    }

    fn extent(&mut self) -> Option<Extent> {
        if self.accept(b'*') { Some(Extent::Argument) } else { self.digits() }
    }

    fn size(&mut self) -> Size {
        match self.peek() {
            Some(b'h') => {
                self.at += 1;
                Size::Short
            }
            Some(b'l') => {
                self.at += 1;
                if self.accept(b'l') { Size::Big } else { Size::Wide }
            }
            Some(b'L') => {
                self.at += 1;
                Size::Big
            }
            Some(b'j' | b'q' | b'z' | b't') => {
                self.at += 1;
                Size::Wide
            }
            Some(b'I') => {
                self.at += 1;
                let rest = &self.format[self.at..];
                let wide = rest.starts_with(b"64");
                self.at += if wide || rest.starts_with(b"32") { 2 } else { 0 };
                if wide { Size::Wide } else { Size::Int }
            }
            _ => Size::Int,
        }
    }

    /// The directive whose `%` has just been read, and the byte behind it.
    fn directive(mut self) -> (Directive, usize) {
        let position = self.position();
        let mut directive = Directive {
            position,
            minus: false,
            plus: false,
            space: false,
            alternate: false,
            zero: false,
            width: Extent::Absent,
            precision: Extent::Absent,
            has_point: false,
            size: Size::Int,
            conversion: None,
        };
        while let Some(flag) = self.peek() {
            match flag {
                b'-' => directive.minus = true,
                b'+' => directive.plus = true,
                b' ' => directive.space = true,
                b'#' => directive.alternate = true,
                b'0' => directive.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        directive.width = self.extent().unwrap_or(Extent::Absent);
        directive.has_point = self.accept(b'.');
        directive.precision = self.extent().unwrap_or(Extent::Absent);
        directive.size = self.size();
        if self.at < self.format.len() {
            let (c, width) = decode(self.format, self.at);
            directive.conversion = Some(c);
            self.at += width;
        }
        (directive, self.at)
    }
}

/// Appends the rendering of `pieces` with the values of `arguments` to `out`.
///
/// # Errors
/// The first error in the order of the format string, from the engine or from
/// a value.
pub fn render<A: Arguments>(pieces: &[Piece], arguments: &mut A, out: &mut Vec<u8>) -> Result<(), A::Error> {
    let mut next = 0;
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.extend_from_slice(text),
            Piece::Mixed => return Err(FormatError::MixedSpecifiers.into()),
            Piece::Field(directive) => next = field(directive, next, arguments, out)?,
        }
        if out.len() > FIELD_CHARS_MAX {
            return Err(FormatError::TooLarge.into());
        }
    }
    Ok(())
}

/// A field whose `*` are resolved.
#[derive(Clone, Copy)]
struct Field {
    minus: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    size: Size,
}

/// Renders one field; returns the index of the next argument.
fn field<A: Arguments>(
    directive: &Directive,
    next: usize,
    arguments: &mut A,
    out: &mut Vec<u8>,
) -> Result<usize, A::Error> {
    let missing = match directive.position {
        Some(_) => FormatError::IndexRange,
        None => FormatError::NotEnoughArguments,
    };
    let mut index = match directive.position {
        Some(position) => position.map_err(|()| missing)?,
        None => next,
    };
    let mut minus = directive.minus;
    let mut width = 0;
    match directive.width {
        Extent::Absent => {}
        Extent::Given(given) => width = given,
        Extent::TooLarge => width = usize::MAX,
        Extent::Argument => {
            let given = extent_argument(index, arguments, missing)?;
            index += 1;
            minus |= given < 0;
            // The reference cannot negate the smallest one, and pads nothing then.
            let given = if given == i64::MIN { 0 } else { given.unsigned_abs() };
            width = usize::try_from(given).unwrap_or(usize::MAX);
        }
    }
    let precision = match directive.precision {
        Extent::Absent => Some(0),
        Extent::Given(given) => Some(given),
        Extent::TooLarge => return Err(FormatError::TooLarge.into()),
        Extent::Argument => {
            let given = extent_argument(index, arguments, missing)?;
            index += 1;
            Some(usize::try_from(given).unwrap_or(0))
        }
    };
    let precision = precision.filter(|_| directive.has_point);
    if index >= arguments.count() {
        return Err(missing.into());
    }
    let field = Field {
        minus,
        plus: directive.plus,
        space: directive.space,
        alternate: directive.alternate,
        zero: directive.zero,
        width,
        precision,
        size: directive.size,
    };
    field.render(directive.conversion, index, arguments, out)?;
    Ok(index + 1)
}

fn extent_argument<A: Arguments>(
    index: usize,
    arguments: &mut A,
    missing: FormatError,
) -> Result<i64, A::Error> {
    // The field's value must be there too, before the extent is looked at.
    if index + 1 >= arguments.count() {
        return Err(missing.into());
    }
    match arguments.integer(index)? {
        Integer::Wide(wide) => Ok(wide),
        Integer::Big(_) => Err(FormatError::IntegerTooLarge.into()),
    }
}

impl Field {
    fn render<A: Arguments>(
        &self,
        conversion: Option<u32>,
        index: usize,
        arguments: &mut A,
        out: &mut Vec<u8>,
    ) -> Result<(), A::Error> {
        let Some(conversion) = conversion else { return Err(FormatError::Incomplete.into()) };
        let Ok(letter) = u8::try_from(conversion) else {
            return Err(FormatError::BadField(conversion).into());
        };
        match letter {
            b's' => {
                self.check_width()?;
                let text = arguments.text(index);
                let end = self.precision.map_or(text.len(), |p| prefix_bytes(text, p));
                self.push_padded(&text[..end], out);
            }
            b'c' => {
                let mut text = Vec::new();
                push_char(&mut text, char_code(&arguments.integer(index)?)?);
                self.check_width()?;
                self.push_padded(&text, out);
            }
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' | b'b' | b'p' => {
                self.check_precision()?;
                let value = arguments.integer(index)?;
                self.check_width()?;
                self.push_integer(letter, &value, out)?;
            }
            b'e' | b'E' | b'f' | b'g' | b'G' | b'a' | b'A' => {
                let value = arguments.double(index)?;
                self.check_width()?;
                self.check_precision()?;
                self.push_double(letter, value, out);
            }
            _ => return Err(FormatError::BadField(conversion).into()),
        }
        Ok(())
    }

    /// What is wrong with the value is told before what is wrong with the width.
    fn check_width(&self) -> Result<(), FormatError> {
        if self.width > FIELD_CHARS_MAX { Err(FormatError::TooLarge) } else { Ok(()) }
    }

    fn check_precision(&self) -> Result<(), FormatError> {
        if self.precision.is_some_and(|p| p > FIELD_CHARS_MAX) { Err(FormatError::TooLarge) } else { Ok(()) }
    }

    /// Appends `text` padded to the width, with zeros on the left if so flagged.
    fn push_padded(&self, text: &[u8], out: &mut Vec<u8>) {
        let missing = if self.width == 0 { 0 } else { self.width.saturating_sub(char_count(text)) };
        if !self.minus {
            push_repeated(out, if self.zero { b'0' } else { b' ' }, missing);
        }
        out.extend_from_slice(text);
        if self.minus {
            push_repeated(out, if self.zero { b'0' } else { b' ' }, missing);
        }
    }

    fn push_integer(&self, letter: u8, value: &Integer, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let decimal = matches!(letter, b'd' | b'i');
        let pointer = letter == b'p';
        let radix = match letter {
            b'o' => 8,
            b'x' | b'X' | b'p' => 16,
            b'b' => 2,
            _ => 10,
        };
        let size = if pointer && self.size == Size::Int { Size::Wide } else { self.size };
        if size == Size::Big && letter == b'u' && value.is_negative() {
            return Err(FormatError::Unsigned);
        }
        let bits = value.low_bits();
        let (negative, digits) = match size {
            Size::Big => (value.is_negative(), value.magnitude_digits(radix)),
            _ if decimal => {
                let signed = match size {
                    Size::Short => i64::from(bits as i16),
                    Size::Int => i64::from(bits as i32),
                    _ => bits as i64,
                };
                (signed < 0, unsigned_digits(signed.unsigned_abs(), 10))
            }
            Size::Short => (false, unsigned_digits(u64::from(bits as u16), radix)),
            Size::Int => (false, unsigned_digits(u64::from(bits as u32), radix)),
            Size::Wide => (false, unsigned_digits(bits, radix)),
        };
        let digits = if letter == b'X' { digits.to_ascii_uppercase() } else { digits };
        let prefix: &[u8] = match letter {
            b'p' => b"0x",
            _ if !self.alternate || digits == "0" => b"",
            b'd' | b'i' => b"0d",
            b'u' if size == Size::Big => b"0d",
            b'o' => b"0o",
            b'x' | b'X' => b"0x",
            b'b' => b"0b",
            _ => b"",
        };
        // Without truncation every conversion is signed.
        let sign: &[u8] = match (negative, decimal || size == Size::Big) {
            (true, _) => b"-",
            (false, true) if self.plus => b"+",
            (false, true) if self.space => b" ",
            _ => b"",
        };
        self.push_number(sign, prefix, digits.as_bytes(), out);
        Ok(())
    }

    /// Appends an integer's parts: a precision extends the digits with zeros,
    /// otherwise the zero flag extends them to the width, whatever the alignment.
    fn push_number(&self, sign: &[u8], prefix: &[u8], digits: &[u8], out: &mut Vec<u8>) {
        let fixed = sign.len() + prefix.len();
        let zeros = match self.precision {
            Some(precision) => precision.saturating_sub(digits.len()),
            None if self.zero => self.width.saturating_sub(fixed + digits.len()),
            None => 0,
        };
        let missing = self.width.saturating_sub(fixed + zeros + digits.len());
        if !self.minus {
            push_repeated(out, b' ', missing);
        }
        out.extend_from_slice(sign);
        out.extend_from_slice(prefix);
        push_repeated(out, b'0', zeros);
        out.extend_from_slice(digits);
        if self.minus {
            push_repeated(out, b' ', missing);
        }
    }

    fn push_double(&self, letter: u8, value: f64, out: &mut Vec<u8>) {
        let layout = Layout { conversion: letter, precision: self.precision, alternate: self.alternate };
        let magnitude = real::magnitude(value, layout);
        let sign: &[u8] = match (value.is_sign_negative(), self.plus, self.space) {
            (true, _, _) => b"-",
            (_, true, _) => b"+",
            (_, _, true) => b" ",
            _ => b"",
        };
        // The zeros of a hexadecimal form stand behind its 0x.
        let prefix_bytes = if matches!(letter, b'a' | b'A') && value.is_finite() { 2 } else { 0 };
        let (prefix, digits) = magnitude.as_bytes().split_at(prefix_bytes);
        let missing = self.width.saturating_sub(sign.len() + magnitude.len());
        let zeros = if self.zero && !self.minus && value.is_finite() { missing } else { 0 };
        let start = out.len();
        if !self.minus {
            push_repeated(out, b' ', missing - zeros);
        }
        out.extend_from_slice(sign);
        out.extend_from_slice(prefix);
        push_repeated(out, b'0', zeros);
        out.extend_from_slice(digits);
        if self.minus {
            push_repeated(out, b' ', missing - zeros);
        }
        if letter == b'A' {
            lower_markers(&mut out[start..]);
        }
    }
}

/// `%A` prints its markers in lower case: the reference overwrites the second
/// character of the field with `x`, whatever it is, and the first `P` with `p`.
fn lower_markers(field: &mut [u8]) {
    if let Some(second) = field.get_mut(1) {
        *second = b'x';
    }
    if let Some(exponent) = field.iter_mut().find(|b| **b == b'P') {
        *exponent = b'p';
    }
}

/// The code point of `%c`: 32 bits of either sign, the replacement character
/// for what is no code point. Unsigned 64 bits wrap around first.
fn char_code(value: &Integer) -> Result<u32, FormatError> {
    let wide = match value {
        Integer::Wide(wide) => *wide,
        Integer::Big(big) => big.to_u64().ok_or(FormatError::IntegerTooLarge)? as i64,
    };
    if wide < i64::from(i32::MIN) || wide > i64::from(u32::MAX) {
        return Err(FormatError::IntegerTooLarge);
    }
    Ok(u32::try_from(wide).unwrap_or(REPLACEMENT))
}

fn push_repeated(out: &mut Vec<u8>, byte: u8, count: usize) {
    out.resize(out.len() + count, byte);
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;

    struct Words<'a>(&'a [&'a str]);

    impl From<FormatError> for String {
        fn from(error: FormatError) -> String {
            format!("{} {}", String::from_utf8_lossy(&error.message()), error.code()[2])
        }
    }

    impl Arguments for Words<'_> {
        type Error = String;

        fn count(&self) -> usize {
            self.0.len()
        }

        fn integer(&mut self, index: usize) -> Result<Integer, String> {
            let big: Result<BigInt, _> = self.0[index].parse();
            big.map(Integer::from_big).map_err(|_| String::from("integer"))
        }

        fn double(&mut self, index: usize) -> Result<f64, String> {
            self.0[index].parse().map_err(|_| String::from("double"))
        }

        fn text(&mut self, index: usize) -> &[u8] {
            self.0[index].as_bytes()
        }
    }

    fn run(format: &str, words: &[&str]) -> Result<String, String> {
        let mut out = Vec::new();
        render(&parse(format.as_bytes()), &mut Words(words), &mut out)?;
        Ok(String::from_utf8(out).expect("text"))
    }

    #[test]
    fn fields() {
        let check = |format: &str, words: &[&str], expected: &str| {
            assert_eq!(run(format, words), Ok(String::from(expected)), "{format}");
        };
        check("a%%b", &[], "a%b");
        check("%s|%5s|%-5s|%.2s|%05s", &["é", "é", "é", "éàb", "a"], "é|    é|é    |éà|0000a");
        check("%2$s %1$s", &["a", "b"], "b a");
        check("%1$*d", &["4", "5"], "   5");
        check("%*d %-*d| %.*d", &["5", "42", "-5", "42", "-3", "5"], "   42 42   | 5");
        check("%d %u %x %b", &["99999999999", "-1", "-255", "5"], "1215752191 4294967295 ffffff01 101");
        check(
            "%hd %ld %lld",
            &["99999999999", "18446744073709551615", "18446744073709551615"],
            "-6145 -1 18446744073709551615",
        );
        check("%#x %#o %#b %#d %#x %#llu", &["255", "8", "5", "-1", "0", "5"], "0xff 0o10 0b101 -0d1 0 0d5");
        check("%-05d|%08.5d|%+d|% d|%+x", &["42", "42", "1", "1", "1"], "00042|   00042|+1| 1|1");
        check("%+llx %#020llx %p", &["5", "-255", "0"], "+5 -0x000000000000000ff 0x0");
        check("%c%c%5c", &["65", "-1", "8364"], "A\u{fffd}    €");
        check(
            "%f %.3e %g %010.3f %+.0f",
            &["1", "2", "1e15", "-2.5", "2.5"],
            "1.000000 2.000e+00 1e+15 -00002.500 +2",
        );
        check("%A %A %020a", &["-0.0", "Inf", "2.5"], "-xX0p+0 IxF 0x0000000000001.4p+1");
    }

    #[test]
    fn errors() {
        let check = |format: &str, words: &[&str], expected: &str| {
            assert_eq!(run(format, words), Err(String::from(expected)), "{format}");
        };
        check("%s %s", &["a"], "not enough arguments for all format specifiers FIELDVARMISMATCH");
        check("%*d", &["a"], "not enough arguments for all format specifiers FIELDVARMISMATCH");
        check("%y", &["1"], "bad field specifier \"y\" BADTYPE");
        check("%é", &["1"], "bad field specifier \"é\" BADTYPE");
        check("%hhd", &["1"], "bad field specifier \"h\" BADTYPE");
        check("%5", &["1"], "format string ended in middle of field specifier INCOMPLETE");
        check("%2$s %s", &["a", "b"], "cannot mix \"%\" and \"%n$\" conversion specifiers MIXEDSPECTYPES");
        check("%0$s", &["a"], "\"%n$\" argument index out of range INDEXRANGE");
        check("%d %s %2$s", &["a", "b"], "integer");
        check("%llu", &["-1"], "unsigned bignum format is invalid BADUNSIGNED");
        check("%1000000000d", &["1"], "max size for a Tcl value exceeded OVERFLOW");
        check("%.1000000000f", &["1"], "max size for a Tcl value exceeded OVERFLOW");
    }
}
