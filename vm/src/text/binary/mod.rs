//! The engines of the `binary` command: `format` and `scan` by field
//! specifiers, and the textual encodings of `encode` and `decode`.

mod armor;
mod field;
mod format;
mod scan;

pub use armor::{
    UU_LINE_DEFAULT, decode_base64, decode_hex, decode_uuencode, encode_base64, encode_hex, encode_uuencode,
};
pub use format::{Arguments, FORMAT_BYTES_MAX, format};
pub use scan::{Value, scan};

use tclring_compiler::syntax::text::push_char;

/// What can be wrong in the `binary` command; all but the last ones carry no error code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BinaryError {
    /// No field has this character.
    BadField(u32),
    /// Fewer arguments or variables than fields.
    NotEnoughArguments,
    /// `@` without a count.
    MissingCount,
    /// `x*` in `binary format`.
    StarWithSkip,
    /// A list has fewer elements than the count.
    ListTooShort,
    /// A text is not made of binary digits.
    NotBinary(Vec<u8>),
    /// A text is not made of hexadecimal digits.
    NotHexadecimal(Vec<u8>),
    /// The result would be too long.
    TooLarge,
    /// A character that the encoding (`hexadecimal digit` and the like) does
    /// not have, and its byte position.
    Invalid {
        /// What the character should have been.
        what: &'static str,
        /// The character.
        character: u32,
        /// Where it stands.
        position: usize,
    },
    /// A line of uuencoded data is cut off.
    Short,
    /// `-maxlen` is out of range.
    LineLength,
    /// `-wrapchar` would make the encoding undecodable.
    WrapChar,
}

impl BinaryError {
    /// The message of the script error.
    pub fn message(&self) -> Vec<u8> {
        let quoting =
            |before: &str, middle: &[u8], after: &str| [before.as_bytes(), middle, after.as_bytes()].concat();
        let text = match self {
            BinaryError::NotEnoughArguments => "not enough arguments for all format specifiers",
            BinaryError::MissingCount => "missing count for \"@\" field specifier",
            BinaryError::StarWithSkip => "cannot use \"*\" in format string with \"x\"",
            BinaryError::ListTooShort => "number of elements in list does not match count",
            BinaryError::TooLarge => "max size for a Tcl value exceeded",
            BinaryError::Short => "short uuencode data",
            BinaryError::LineLength => "line length out of range",
            BinaryError::WrapChar => "invalid wrapchar; will defeat decoding",
            BinaryError::BadField(c) => return quoting("bad field specifier \"", &one_char(*c), "\""),
            BinaryError::NotBinary(text) => {
                return quoting("expected binary string but got \"", text, "\" instead");
            }
            BinaryError::NotHexadecimal(text) => {
                return quoting("expected hexadecimal string but got \"", text, "\" instead");
            }
            BinaryError::Invalid { what, character, position } => {
                let after = format!("\" (U+{character:06X}) at position {position}");
                return quoting(&format!("invalid {what} \""), &one_char(*character), &after);
            }
        };
        text.as_bytes().to_vec()
    }

    /// The words of the error code, empty for none.
    pub fn code(&self) -> &'static [&'static str] {
        match self {
            BinaryError::Invalid { .. } => &["TCL", "BINARY", "DECODE", "INVALID"],
            BinaryError::Short => &["TCL", "BINARY", "DECODE", "SHORT"],
            BinaryError::LineLength => &["TCL", "BINARY", "ENCODE", "LINE_LENGTH"],
            BinaryError::WrapChar => &["TCL", "BINARY", "ENCODE", "WRAPCHAR"],
            BinaryError::TooLarge => &["TCL", "MEMORY"],
            _ => &[],
        }
    }
}

fn one_char(c: u32) -> Vec<u8> {
    let mut text = Vec::new();
    push_char(&mut text, c);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::integer::Integer;
    use std::borrow::Cow;

    /// Arguments as words; a list's elements are separated by spaces.
    struct Words<'a>(&'a [&'a str]);

    impl Words<'_> {
        fn word(&self, index: usize, element: Option<usize>) -> &str {
            match element {
                None => self.0[index],
                Some(element) => self.0[index].split(' ').nth(element).expect("the length was asked for"),
            }
        }
    }

    impl Arguments for Words<'_> {
        type Error = BinaryError;

        fn count(&self) -> usize {
            self.0.len()
        }

        fn bytes(&mut self, index: usize) -> Cow<'_, [u8]> {
            self.0[index].chars().map(|c| c as u32 as u8).collect()
        }

        fn text(&mut self, index: usize) -> Cow<'_, [u8]> {
            Cow::Borrowed(self.0[index].as_bytes())
        }

        fn list_length(&mut self, index: usize) -> Result<usize, BinaryError> {
            Ok(self.0[index].split(' ').count())
        }

        fn integer(&mut self, index: usize, element: Option<usize>) -> Result<u64, BinaryError> {
            Ok(self.word(index, element).parse::<i64>().expect("the cases have integers") as u64)
        }

        fn double(&mut self, index: usize, element: Option<usize>) -> Result<f64, BinaryError> {
            Ok(self.word(index, element).parse().expect("the cases have doubles"))
        }
    }

    fn hex(bytes: &[u8]) -> String {
        String::from_utf8(encode_hex(bytes)).expect("digits")
    }

    #[test]
    fn formats() {
        let check = |fields: &str, words: &[&str], expected: &str| {
            let made = match format(fields.as_bytes(), &mut Words(words)) {
                Ok(bytes) => hex(&bytes),
                Err(error) => String::from_utf8(error.message()).expect("text"),
            };
            assert_eq!(made, expected, "{fields}");
        };
        check("a7a*a", &["alpha", "bravo", "charlie"], "616c7068610000627261766f63");
        check("A3 a", &["x", "€"], "782020ac");
        check("b5b*", &["11100", "111000011010"], "078705");
        check("B5B*", &["11100", "111000011010"], "e0e1a0");
        check("H3H*H2h3", &["ab", "DEF", "987", "AB"], "ab00def098ba00");
        check("cuc2S*", &["300", "1 -1 2", "1 2"], "2c01ff00010002");
        check("fR", &["1e39", "3.4028235677973366e38"], "0000807f7f7fffff");
        check("cccX*c", &["1", "2", "3", "4"], "040203");
        check("c@5c", &["1", "2"], "010000000002");
        check("c2", &["1"], "number of elements in list does not match count");
        check("b", &["2"], "expected binary string but got \"2\" instead");
        check("c  2", &["1"], "bad field specifier \" \"");
        check("cy", &[], "not enough arguments for all format specifiers");
        check("@", &[], "missing count for \"@\" field specifier");
        check("x*", &[], "cannot use \"*\" in format string with \"x\"");
        check("x99999999999999999999", &[], "max size for a Tcl value exceeded");
    }

    #[test]
    fn scans() {
        let check = |bytes: &[u8], fields: &str, variables: usize, expected: &str| {
            let mut shown = String::new();
            let outcome = scan::<BinaryError>(bytes, fields.as_bytes(), variables, |_, value| {
                shown += &match value {
                    Value::Bytes(bytes) => hex(bytes),
                    Value::Digits(digits) => digits,
                    Value::Integer(Integer::Wide(wide)) => wide.to_string(),
                    Value::Integers(list) => format!("{}", list.len()),
                    other => format!("{other:?}"),
                };
                shown += ",";
                Ok(())
            });
            match outcome {
                Ok(count) => shown += &count.to_string(),
                Err(error) => shown += &String::from_utf8(error.message()).expect("text"),
            }
            assert_eq!(shown, expected, "{fields}");
        };
        check(b"abc", "a2Xa", 2, "6162,62,2");
        check(b"a b \0 ", "A*", 1, "612062,1");
        check(b"a b\0c", "C*a", 2, "612062,1");
        check(b"\x01\x02", "b4B12", 2, "1000,1");
        check(b"\x12\x34", "h3", 1, "214,1");
        check(b"\xFF\xFE", "cuc", 2, "255,-2,2");
        check(b"\0\0\x80\x7f", "r", 1, "Double(inf),1");
        check(b"abc", "s*c", 2, "1,99,2");
        check(b"abc", "x20c", 1, "0");
        check(b"abc", "cc", 1, "97,not enough arguments for all format specifiers");
        check(b"abc", "c@c", 2, "97,missing count for \"@\" field specifier");
    }
}
