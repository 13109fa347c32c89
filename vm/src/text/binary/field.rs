//! The field specifiers that `binary format` and `binary scan` share.

use super::BinaryError;
use tclring_compiler::syntax::text::decode;

/// How many items a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// No count: one value, not a list.
    None,
    /// `*`: all there are.
    All,
    /// A number.
    Given(usize),
}

/// One field specifier.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// The type character; anything unknown is 0.
    pub(super) letter: u8,
    /// Whether the flag `u` follows the type.
    pub(super) unsigned: bool,
    pub(super) count: Count,
    /// What an error about the type names: the first character, even if it is
    /// a space before the type.
    pub(super) shown: u32,
}

impl Field {
    pub(super) fn error(&self) -> BinaryError {
        BinaryError::BadField(self.shown)
    }
}

/// Iterates over the fields of a format string; spaces separate them.
pub(super) struct Fields<'a> {
    format: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(format: &'a [u8]) -> Fields<'a> {
        Fields { format, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn count(&mut self) -> Count {
        if self.peek() == Some(b'*') {
            self.at += 1;
            return Count::All;
        }
        let mut count: Option<usize> = None;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            let before = count.unwrap_or(0);
            count = Some(before.saturating_mul(10).saturating_add(usize::from(digit - b'0')));
            self.at += 1;
        }
        count.map_or(Count::None, Count::Given)
    }
}

impl Iterator for Fields<'_> {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        let start = self.at;
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        if self.at >= self.format.len() {
            return None;
        }
        let shown = decode(self.format, start).0;
        let (c, width) = decode(self.format, self.at);
        self.at += width;
        let unsigned = self.peek() == Some(b'u');
        self.at += usize::from(unsigned);
        let count = self.count();
        let letter = u8::try_from(c).unwrap_or(0);
        Some(Field { letter, unsigned, count, shown })
    }
}

/// The layout of a number in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// How many bytes it has: 1, 2, 4 or 8.
    pub(super) size: usize,
    /// Whether the most significant byte comes first.
    pub(super) big_endian: bool,
    /// Whether it is a floating point number.
    pub(super) real: bool,
}

impl Number {
    /// The layout that a type character names.
    pub(super) fn of(letter: u8) -> Option<Number> {
        let native = cfg!(target_endian = "big");
        let (size, big_endian, real) = match letter {
            b'c' => (1, false, false),
            b's' => (2, false, false),
            b'S' => (2, true, false),
            b't' => (2, native, false),
            b'i' => (4, false, false),
            b'I' => (4, true, false),
            b'n' => (4, native, false),
            b'w' => (8, false, false),
            b'W' => (8, true, false),
            b'm' => (8, native, false),
            b'r' => (4, false, true),
            b'R' => (4, true, true),
            b'f' => (4, native, true),
            b'q' => (8, false, true),
            b'Q' => (8, true, true),
            b'd' => (8, native, true),
            _ => return None,
        };
        Some(Number { size, big_endian, real })
    }

    /// Writes the low bits at the start of `out`.
    pub(super) fn write(self, bits: u64, out: &mut [u8]) {
        if self.big_endian {
            out[..self.size].copy_from_slice(&bits.to_be_bytes()[8 - self.size..]);
        } else {
            out[..self.size].copy_from_slice(&bits.to_le_bytes()[..self.size]);
        }
    }

    /// Reads the bits from the start of `bytes`.
    pub(super) fn read(self, bytes: &[u8]) -> u64 {
        let mut wide = [0; 8];
        if self.big_endian {
            wide[8 - self.size..].copy_from_slice(&bytes[..self.size]);
            u64::from_be_bytes(wide)
        } else {
            wide[..self.size].copy_from_slice(&bytes[..self.size]);
            u64::from_le_bytes(wide)
        }
    }
}
