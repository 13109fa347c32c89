//! Character encodings: conversion of bytes to text and back.
//!
//! Conversion is incremental: what a chunk of input leaves over, such as half
//! a character, stays with the caller until more input comes, and the rest is
//! in a small [`State`]. What happens to malformed input is the [`Profile`]'s
//! choice. Every failure names the exact byte.
//!
//! | file | what |
//! |---|---|
//! | `unicode` | UTF-8, CESU-8, UTF-16, UCS-2, UTF-32 |
//! | `table` | one and two bytes per character, by tables |
//! | `single_tables`, `cjk_tables`, `cjk` | the built-in tables |
//! | `escape` | ISO 2022: tables that escape sequences select |
//! | `file` | encoding files |

mod cjk;
mod cjk_tables;
mod escape;
mod file;
mod single_tables;
mod table;
mod unicode;

pub use file::{FileError, parse_file};

use self::escape::Escape;
use self::table::Table;
use self::unicode::{Order, Width};
use std::sync::{Arc, OnceLock};
use tclring_compiler::syntax::text::{char_count, push_char};

/// What conversion does about malformed input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// It stops and fails.
    #[default]
    Strict,
    /// It takes bytes for characters of the same number (or of code page
    /// 1252), and writes a fallback for characters that the encoding lacks.
    Tcl8,
    /// It puts U+FFFD or a fallback in their place.
    Replace,
}

impl Profile {
    /// Every profile with its name, in the order of the error message.
    pub const ALL: [(&'static str, Profile); 3] =
        [("replace", Profile::Replace), ("strict", Profile::Strict), ("tcl8", Profile::Tcl8)];

    /// The profile of this name.
    pub fn by_name(name: &[u8]) -> Option<Profile> {
        Profile::ALL.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, profile)| *profile)
    }

    /// The profile's name.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Strict => "strict",
            Profile::Tcl8 => "tcl8",
            Profile::Replace => "replace",
        }
    }
}

/// What conversion in one direction remembers between chunks. It starts as the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Which table of an escape encoding is in force.
    table: usize,
    /// Whether anything was written, so that the initial sequence was.
    started: bool,
}

/// Why decoding stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// All input is consumed.
    Done,
    /// What is left is the start of a character; it needs more input.
    Incomplete,
    /// As many characters as were asked for are there.
    Limit,
    /// The bytes at this index of the input are malformed.
    Invalid(usize),
}

/// What decoding did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// How many bytes were consumed.
    pub consumed: usize,
    /// How many characters were written.
    pub chars: usize,
    /// Why it stopped.
    pub stop: Stop,
}

/// A character that the encoding lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unencodable {
    /// Its byte offset in the text.
    pub at: usize,
    /// Its code point.
    pub character: u32,
}

/// Where a decoder writes: text with room for so many characters.
struct Sink<'a> {
    out: &'a mut Vec<u8>,
    room: usize,
}

impl Sink<'_> {
    fn push(&mut self, c: u32) {
        push_char(self.out, c);
        self.room -= 1;
    }

    /// Copies the ASCII at the start of `input` as far as there is room; yields its length.
    fn copy_ascii(&mut self, input: &[u8]) -> usize {
        let window = &input[..input.len().min(self.room)];
        let length = encoding_rs::Encoding::ascii_valid_up_to(window);
        self.out.extend_from_slice(&window[..length]);
        self.room -= length;
        length
    }
}

/// The character that the profile Tcl8 takes for a malformed byte.
fn tcl8_byte(byte: u8) -> u32 {
    static CP1252: OnceLock<[u16; 128]> = OnceLock::new();
    let upper = CP1252.get_or_init(|| {
        let row = single_tables::SINGLES.iter().find(|single| single.name == "cp1252");
        row.expect("cp1252 is built in").upper
    });
    match byte.checked_sub(0x80).map(|i| upper[usize::from(i)]) {
        None | Some(0) => u32::from(byte),
        Some(c) => u32::from(c),
    }
}

/// An encoding: a cheap handle.
#[derive(Clone, Debug)]
pub struct Encoding(Arc<Named>);

#[derive(Debug)]
struct Named {
    name: String,
    codec: Codec,
}

#[derive(Debug)]
enum Codec {
    Utf8,
    Cesu8,
    Wide(Width, Order),
    Latin1,
    Table(Box<Table>),
    Escape(Escape),
}

impl Codec {
    fn table(table: Table) -> Codec {
        Codec::Table(Box::new(table))
    }
}

/// The names of encodings that are neither tables nor escape encodings.
const ALGORITHMIC: [&str; 14] = [
    "utf-8",
    "cesu-8",
    "iso8859-1",
    "ascii",
    "unicode",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "ucs-2",
    "ucs-2le",
    "ucs-2be",
    "utf-32",
    "utf-32le",
    "utf-32be",
];

/// The names of all encodings that need no file.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    let singles = single_tables::SINGLES.iter().map(|single| single.name);
    let wides = cjk_tables::WIDES.iter().map(|wide| wide.name);
    let escapes = escape::BUILTIN.iter().map(|row| row.name);
    ALGORITHMIC.into_iter().chain(singles).chain(wides).chain(escapes)
}

/// The built-in encoding of this name; names are case-sensitive. Tables are
/// made at the first use and kept.
pub fn builtin(name: &str) -> Option<Encoding> {
    static KEPT: OnceLock<Vec<(&'static str, OnceLock<Encoding>)>> = OnceLock::new();
    let kept = KEPT.get_or_init(|| builtin_names().map(|name| (name, OnceLock::new())).collect());
    let (name, place) = kept.iter().find(|(known, _)| *known == name)?;
    Some(place.get_or_init(|| Encoding::new(name, build(name))).clone())
}

fn build(name: &str) -> Codec {
    let native = Order::NATIVE;
    match name {
        "utf-8" => Codec::Utf8,
        "cesu-8" => Codec::Cesu8,
        "iso8859-1" => Codec::Latin1,
        "ascii" => Codec::table(Table::low(0x80)),
        "unicode" | "utf-16" => Codec::Wide(Width::Utf16, native),
        "utf-16le" => Codec::Wide(Width::Utf16, Order::Little),
        "utf-16be" => Codec::Wide(Width::Utf16, Order::Big),
        "ucs-2" => Codec::Wide(Width::Ucs2, native),
        "ucs-2le" => Codec::Wide(Width::Ucs2, Order::Little),
        "ucs-2be" => Codec::Wide(Width::Ucs2, Order::Big),
        "utf-32" => Codec::Wide(Width::Utf32, native),
        "utf-32le" => Codec::Wide(Width::Utf32, Order::Little),
        "utf-32be" => Codec::Wide(Width::Utf32, Order::Big),
        _ => {
            if let Some(single) = single_tables::SINGLES.iter().find(|single| single.name == name) {
                return Codec::table(Table::of_single(single));
            }
            if let Some(wide) = cjk_tables::WIDES.iter().find(|wide| wide.name == name) {
                return Codec::table(cjk::table_of(wide));
            }
            let row = escape::BUILTIN.iter().find(|row| row.name == name);
            Codec::Escape(Escape::builtin(row.expect("every listed name has a row")))
        }
    }
}

impl Encoding {
    fn new(name: &str, codec: Codec) -> Encoding {
        Encoding(Arc::new(Named { name: name.into(), codec }))
    }

    /// The encoding's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether this is UTF-8, whose decoding of well-formed input is a copy.
    pub fn is_utf8(&self) -> bool {
        matches!(self.0.codec, Codec::Utf8)
    }

    /// Whether every byte is the character of the same number.
    pub fn is_latin1(&self) -> bool {
        matches!(self.0.codec, Codec::Latin1)
    }

    /// How many bytes the characters that end lines have: 1, 2 or 4.
    pub fn unit_bytes(&self) -> usize {
        match self.0.codec {
            Codec::Wide(Width::Utf32, _) => 4,
            Codec::Wide(..) => 2,
            _ => 1,
        }
    }

    /// The table of an encoding by tables.
    fn table(&self) -> Option<&Table> {
        match &self.0.codec {
            Codec::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Decodes `input` and appends at most `limit` characters to `out`. With
    /// `at_end` no more input follows, so that half a character is malformed.
    pub fn decode(
        &self,
        state: &mut State,
        input: &[u8],
        at_end: bool,
        profile: Profile,
        limit: usize,
        out: &mut Vec<u8>,
    ) -> Decoded {
        let mut sink = Sink { out, room: limit };
        let (consumed, stop) = match &self.0.codec {
            Codec::Utf8 => unicode::decode_utf8(input, at_end, profile, &mut sink),
            Codec::Cesu8 => unicode::decode_cesu8(input, at_end, profile, &mut sink),
            Codec::Wide(Width::Utf32, order) => {
                unicode::decode_utf32(*order, input, at_end, profile, &mut sink)
            }
            Codec::Wide(_, order) => unicode::decode_utf16(*order, input, at_end, profile, &mut sink),
            Codec::Latin1 => decode_latin1(input, &mut sink),
            Codec::Table(table) => table.decode(input, at_end, profile, &mut sink),
            Codec::Escape(escape) => escape.decode(&mut state.table, input, at_end, profile, &mut sink),
        };
        Decoded { consumed, chars: limit - sink.room, stop }
    }

    /// Encodes `text`, which has whole characters only, and appends the bytes
    /// to `out`. With `at_end` an escape encoding returns to its initial state.
    ///
    /// # Errors
    /// With the profile Strict the first character that the encoding lacks;
    /// what stands before it is encoded.
    pub fn encode(
        &self,
        state: &mut State,
        text: &[u8],
        at_end: bool,
        profile: Profile,
        out: &mut Vec<u8>,
    ) -> Result<(), Unencodable> {
        match &self.0.codec {
            Codec::Utf8 => unicode::encode_utf8(text, profile, out),
            Codec::Cesu8 => {
                unicode::encode_cesu8(text, out);
                Ok(())
            }
            Codec::Wide(width, order) => unicode::encode_wide(*width, *order, text, profile, out),
            Codec::Latin1 => encode_latin1(text, profile, out),
            Codec::Table(table) => table.encode(text, profile, out),
            Codec::Escape(escape) => escape.encode(state, text, at_end, profile, out),
        }
    }

    /// Decodes all of `bytes`: the text up to the first failure, and the index
    /// of the byte that made it.
    pub fn decode_all(&self, bytes: &[u8], profile: Profile) -> (Vec<u8>, Option<usize>) {
        let mut out = Vec::with_capacity(bytes.len());
        let decoded = self.decode(&mut State::default(), bytes, true, profile, usize::MAX, &mut out);
        let failed = match decoded.stop {
            Stop::Invalid(index) => Some(index),
            Stop::Done | Stop::Incomplete | Stop::Limit => None,
        };
        (out, failed)
    }

    /// Encodes all of `text`: the bytes up to the first failure, and the character that made it.
    pub fn encode_all(&self, text: &[u8], profile: Profile) -> (Vec<u8>, Option<Unencodable>) {
        let mut out = Vec::with_capacity(text.len());
        let failed = self.encode(&mut State::default(), text, true, profile, &mut out).err();
        (out, failed)
    }
}

/// The message of a failed decoding; its error code is `TCL ENCODING ILLEGALSEQUENCE index`.
pub fn decode_error_message(bytes: &[u8], index: usize) -> String {
    let byte = bytes.get(index).copied().unwrap_or(0);
    format!("unexpected byte sequence starting at index {index}: '\\x{byte:02X}'")
}

/// The message of a failed encoding, with the index in characters; its error code is `TCL ENCODING ILLEGALSEQUENCE` and
/// [`encode_failure_index`].
pub fn encode_error_message(text: &[u8], failure: Unencodable) -> String {
    let index = char_count(&text[..failure.at]);
    format!("unexpected character at index {index}: 'U+{:06X}'", failure.character)
}

/// What `-failindex` and the error code report of a failed encoding: the reference counts bytes
/// of its own form of text, where NUL takes two.
pub fn encode_failure_index(text: &[u8], failure: Unencodable) -> usize {
    failure.at + memchr::memchr_iter(0, &text[..failure.at]).count()
}

fn decode_latin1(input: &[u8], sink: &mut Sink<'_>) -> (usize, Stop) {
    let mut at = sink.copy_ascii(input);
    while at < input.len() {
        if sink.room == 0 {
            return (at, Stop::Limit);
        }
        sink.push(u32::from(input[at]));
        at += 1;
        if input.get(at).is_some_and(u8::is_ascii) {
            at += sink.copy_ascii(&input[at..]);
        }
    }
    (at, Stop::Done)
}

fn encode_latin1(text: &[u8], profile: Profile, out: &mut Vec<u8>) -> Result<(), Unencodable> {
    let mut at = 0;
    while at < text.len() {
        let ascii = encoding_rs::Encoding::ascii_valid_up_to(&text[at..]);
        out.extend_from_slice(&text[at..at + ascii]);
        at += ascii;
        while at < text.len() && text[at] >= 0x80 {
            let (character, width) = tclring_compiler::syntax::text::decode(text, at);
            match u8::try_from(character) {
                Ok(byte) => out.push(byte),
                Err(_) if profile == Profile::Strict => return Err(Unencodable { at, character }),
                Err(_) => out.push(b'?'),
            }
            at += width;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
