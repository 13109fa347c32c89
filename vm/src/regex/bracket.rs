//! The names that may stand in bracket expressions.

use crate::text::class::Class;
use tclring_compiler::syntax::text::{char_width, decode};

/// A member of a bracket expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    Class(Class),
    /// Blank and tab.
    Blank,
    Range(u32, u32),
}

/// What `name` stands for in `[: :]`.
pub(super) fn class(name: &[u8]) -> Option<Member> {
    Some(Member::Class(match name {
        b"alnum" => Class::Alnum,
        b"alpha" => Class::Alpha,
        b"ascii" => Class::Ascii,
        b"blank" => return Some(Member::Blank),
        b"cntrl" => Class::Control,
        b"digit" => Class::Digit,
        b"graph" => Class::Graph,
        b"lower" => Class::Lower,
        b"print" => Class::Print,
        b"punct" => Class::Punct,
        b"space" => Class::Space,
        b"upper" => Class::Upper,
        b"xdigit" => Class::Xdigit,
        _ => return None,
    }))
}

/// The character that `name` consists of, if it is a single one.
pub(super) fn only_character(name: &[u8]) -> Option<u32> {
    let lead = *name.first()?;
    (char_width(lead) == name.len()).then(|| decode(name, 0).0)
}

/// The character that the POSIX locale calls `name` in `[. .]`.
pub(super) fn element(name: &[u8]) -> Option<u32> {
    let name = std::str::from_utf8(name).ok()?;
    ELEMENTS.iter().find(|(names, _)| names.split(' ').any(|known| known == name)).map(|e| e.1)
}

/// Names of characters, those of one character separated by blanks.
#[rustfmt::skip]
const ELEMENTS: [(&str, u32); 76] = [
    ("NUL", 0x00), ("SOH", 0x01), ("STX", 0x02), ("ETX", 0x03), ("EOT", 0x04),
    ("ENQ", 0x05), ("ACK", 0x06), ("BEL alert", 0x07), ("BS backspace", 0x08),
    ("HT tab", 0x09), ("LF newline", 0x0A), ("VT vertical-tab", 0x0B),
    ("FF form-feed", 0x0C), ("CR carriage-return", 0x0D), ("SO", 0x0E), ("SI", 0x0F),
    ("DLE", 0x10), ("DC1", 0x11), ("DC2", 0x12), ("DC3", 0x13), ("DC4", 0x14),
    ("NAK", 0x15), ("SYN", 0x16), ("ETB", 0x17), ("CAN", 0x18), ("EM", 0x19),
    ("SUB", 0x1A), ("ESC", 0x1B), ("IS4 FS", 0x1C), ("IS3 GS", 0x1D), ("IS2 RS", 0x1E),
    ("IS1 US", 0x1F), ("space", 0x20), ("exclamation-mark", 0x21),
    ("quotation-mark", 0x22), ("number-sign", 0x23), ("dollar-sign", 0x24),
    ("percent-sign", 0x25), ("ampersand", 0x26), ("apostrophe", 0x27),
    ("left-parenthesis", 0x28), ("right-parenthesis", 0x29), ("asterisk", 0x2A),
    ("plus-sign", 0x2B), ("comma", 0x2C), ("hyphen hyphen-minus", 0x2D),
    ("period full-stop", 0x2E), ("slash solidus", 0x2F), ("zero", 0x30), ("one", 0x31),
    ("two", 0x32), ("three", 0x33), ("four", 0x34), ("five", 0x35), ("six", 0x36),
    ("seven", 0x37), ("eight", 0x38), ("nine", 0x39), ("colon", 0x3A),
    ("semicolon", 0x3B), ("less-than-sign", 0x3C), ("equals-sign", 0x3D),
    ("greater-than-sign", 0x3E), ("question-mark", 0x3F), ("commercial-at", 0x40),
    ("left-square-bracket", 0x5B), ("backslash reverse-solidus", 0x5C),
    ("right-square-bracket", 0x5D), ("circumflex circumflex-accent", 0x5E),
    ("underscore low-line", 0x5F), ("grave-accent", 0x60),
    ("left-brace left-curly-bracket", 0x7B), ("vertical-line", 0x7C),
    ("right-brace right-curly-bracket", 0x7D), ("tilde", 0x7E), ("DEL", 0x7F),
];
