//! The encodings of Unicode: UTF-8, CESU-8, UTF-16, UCS-2 and UTF-32.

use super::{Profile, Sink, Stop, Unencodable, tcl8_byte};
use crate::text::search::byte_of_char;
use tclring_compiler::syntax::text::{CODE_POINT_MAX, REPLACEMENT, char_count, chars, decode, push_char};

/// The order of the bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    /// This machine's.
    pub(super) const NATIVE: Order = if cfg!(target_endian = "big") { Order::Big } else { Order::Little };
}

/// The encodings by units of more than one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Utf16,
    /// Decodes as UTF-16 and encodes no surrogates.
    Ucs2,
    Utf32,
}

fn is_surrogate(c: u32) -> bool {
    (0xD800..0xE000).contains(&c)
}

fn is_high_surrogate(c: u32) -> bool {
    (0xD800..0xDC00).contains(&c)
}

fn is_low_surrogate(c: u32) -> bool {
    (0xDC00..0xE000).contains(&c)
}

/// The code point of a surrogate pair.
fn join(high: u32, low: u32) -> u32 {
    0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
}

/// What stands at a place where UTF-8 is malformed.
enum Malformed {
    /// The start of something that the input may still complete.
    CutOff,
    /// One character in the lenient sense, and its length: a surrogate or a long NUL.
    Lenient(u32, usize),
    /// A byte that belongs to nothing.
    Byte,
}

/// Looks at the start of `rest`, where decoding as UTF-8 failed.
fn examine(rest: &[u8]) -> Malformed {
    let continues = |i: usize| rest.get(i).map(|b| b & 0xC0 == 0x80);
    match (rest[0], continues(1)) {
        (0xC0, None) => Malformed::CutOff,
        (0xC0, _) if rest[1] == 0x80 => Malformed::Lenient(0, 2),
        (0xED, Some(true)) if rest[1] >= 0xA0 => match continues(2) {
            None => Malformed::CutOff,
            Some(true) => {
                let c = 0xD000 | u32::from(rest[1] & 0x3F) << 6 | u32::from(rest[2] & 0x3F);
                Malformed::Lenient(c, 3)
            }
            Some(false) => Malformed::Byte,
        },
        _ => {
            let window = &rest[..rest.len().min(4)];
            let cut_off =
                std::str::from_utf8(window).is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none());
            if cut_off { Malformed::CutOff } else { Malformed::Byte }
        }
    }
}

/// Handles malformed UTF-8 at `at`; yields the length of what was consumed.
fn recover(
    input: &[u8],
    at: usize,
    at_end: bool,
    profile: Profile,
    sink: &mut Sink<'_>,
) -> Result<usize, Stop> {
    let malformed = examine(&input[at..]);
    if matches!(malformed, Malformed::CutOff) && !at_end {
        return Err(Stop::Incomplete);
    }
    let length = if let Malformed::Lenient(_, length) = malformed { length } else { 1 };
    match (profile, malformed) {
        (Profile::Strict, _) => return Err(Stop::Invalid(at)),
        (Profile::Replace, _) => sink.push(REPLACEMENT),
        (Profile::Tcl8, Malformed::Lenient(c, _)) => sink.push(c),
        (Profile::Tcl8, _) => sink.push(tcl8_byte(input[at])),
    }
    Ok(length)
}

/// Decodes UTF-8: well-formed stretches are copied.
pub(super) fn decode_utf8(
    input: &[u8],
    at_end: bool,
    profile: Profile,
    sink: &mut Sink<'_>,
) -> (usize, Stop) {
    let mut at = 0;
    while at < input.len() {
        if sink.room == 0 {
            return (at, Stop::Limit);
        }
        let rest = &input[at..];
        let window = if sink.room >= rest.len() { rest } else { &rest[..byte_of_char(rest, sink.room)] };
        let valid = match std::str::from_utf8(window) {
            Ok(_) => window.len(),
            Err(error) => error.valid_up_to(),
        };
        sink.out.extend_from_slice(&window[..valid]);
        sink.room -= char_count(&window[..valid]);
        at += valid;
        if valid < window.len() && sink.room > 0 {
            match recover(input, at, at_end, profile, sink) {
                Ok(length) => at += length,
                Err(stop) => return (at, stop),
            }
        }
    }
    (at, Stop::Done)
}

/// Decodes CESU-8: characters beyond 16 bits are pairs of surrogates.
pub(super) fn decode_cesu8(
    input: &[u8],
    at_end: bool,
    profile: Profile,
    sink: &mut Sink<'_>,
) -> (usize, Stop) {
    let mut at = 0;
    loop {
        at += sink.copy_ascii(&input[at..]);
        if at >= input.len() {
            return (at, Stop::Done);
        }
        if sink.room == 0 {
            return (at, Stop::Limit);
        }
        let (c, width) = decode(input, at);
        if width > 1 && !is_surrogate(c) && c < 0x10000 {
            sink.push(c);
            at += width;
            continue;
        }
        let outcome = match width {
            1 => recover(input, at, at_end, profile, sink),
            3 if is_high_surrogate(c) => cesu8_pair(input, at, at_end, profile, sink),
            _ => match profile {
                Profile::Strict => Err(Stop::Invalid(at)),
                Profile::Tcl8 => {
                    sink.push(c);
                    Ok(width)
                }
                Profile::Replace => {
                    sink.push(REPLACEMENT);
                    Ok(width)
                }
            },
        };
        match outcome {
            Ok(length) => at += length,
            Err(stop) => return (at, stop),
        }
    }
}

/// Decodes the pair whose high surrogate stands at `at`. A failure is
/// reported for what should have been the low one.
fn cesu8_pair(
    input: &[u8],
    at: usize,
    at_end: bool,
    profile: Profile,
    sink: &mut Sink<'_>,
) -> Result<usize, Stop> {
    let high = decode(input, at).0;
    let behind = at + 3;
    let tail = input.get(behind..).unwrap_or_default();
    let cut_off = tail.len() < 3 && b"\xED".starts_with(&tail[..tail.len().min(1)]);
    if cut_off && !at_end {
        return Err(Stop::Incomplete);
    }
    if !tail.is_empty() {
        let (low, _) = decode(input, behind);
        if is_low_surrogate(low) {
            sink.push(join(high, low));
            return Ok(6);
        }
    }
    match profile {
        Profile::Strict => return Err(Stop::Invalid(behind)),
        Profile::Tcl8 => sink.push(high),
        Profile::Replace => sink.push(REPLACEMENT),
    }
    Ok(3)
}

fn unit16(order: Order, input: &[u8], at: usize) -> Option<u32> {
    let bytes: [u8; 2] = input.get(at..at + 2)?.try_into().ok()?;
    Some(u32::from(match order {
        Order::Little => u16::from_le_bytes(bytes),
        Order::Big => u16::from_be_bytes(bytes),
    }))
}

/// Decodes UTF-16. A byte that is left over at the end is one malformed character.
pub(super) fn decode_utf16(
    order: Order,
    input: &[u8],
    at_end: bool,
    profile: Profile,
    sink: &mut Sink<'_>,
) -> (usize, Stop) {
    let mut at = 0;
    while at < input.len() {
        if sink.room == 0 {
            return (at, Stop::Limit);
        }
        let unit = unit16(order, input, at);
        let second = unit16(order, input, at + 2);
        let (whole, length) = match (unit, second) {
            (Some(high), Some(low)) if is_high_surrogate(high) && is_low_surrogate(low) => {
                (Some(join(high, low)), 4)
            }
            (Some(c), _) if !is_surrogate(c) => (Some(c), 2),
            (Some(c), None) if is_high_surrogate(c) && !at_end => return (at, Stop::Incomplete),
            (Some(_), _) => (None, 2),
            (None, _) if !at_end => return (at, Stop::Incomplete),
            (None, _) => (None, 1),
        };
        match (whole, profile) {
            (Some(c), _) => sink.push(c),
            (None, Profile::Strict) => return (at, Stop::Invalid(at)),
            (None, Profile::Tcl8) => sink.push(unit.unwrap_or(REPLACEMENT)),
            (None, Profile::Replace) => sink.push(REPLACEMENT),
        }
        at += length;
    }
    (at, Stop::Done)
}

/// Decodes UTF-32. Bytes that are left over at the end are one malformed character.
pub(super) fn decode_utf32(
    order: Order,
    input: &[u8],
    at_end: bool,
    profile: Profile,
    sink: &mut Sink<'_>,
) -> (usize, Stop) {
    let mut at = 0;
    while at < input.len() {
        if sink.room == 0 {
            return (at, Stop::Limit);
        }
        let bytes: Option<[u8; 4]> = input.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        if bytes.is_none() && !at_end {
            return (at, Stop::Incomplete);
        }
        let c = bytes.map(|bytes| match order {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        });
        match (c.filter(|c| *c <= CODE_POINT_MAX), profile) {
            (Some(c), _) if !is_surrogate(c) => sink.push(c),
            (_, Profile::Strict) => return (at, Stop::Invalid(at)),
            (Some(surrogate), Profile::Tcl8) => sink.push(surrogate),
            _ => sink.push(REPLACEMENT),
        }
        at = input.len().min(at + 4);
    }
    (at, Stop::Done)
}

/// Encodes UTF-8: only surrogates are not copied.
pub(super) fn encode_utf8(text: &[u8], profile: Profile, out: &mut Vec<u8>) -> Result<(), Unencodable> {
    if profile == Profile::Tcl8 {
        out.extend_from_slice(text);
        return Ok(());
    }
    let mut at = 0;
    while let Err(error) = std::str::from_utf8(&text[at..]) {
        let valid = error.valid_up_to();
        out.extend_from_slice(&text[at..at + valid]);
        at += valid;
        let (character, width) = decode(text, at);
        if profile == Profile::Strict {
            return Err(Unencodable { at, character });
        }
        push_char(out, REPLACEMENT);
        at += width;
    }
    out.extend_from_slice(&text[at..]);
    Ok(())
}

/// Encodes CESU-8, which no character is denied.
pub(super) fn encode_cesu8(text: &[u8], out: &mut Vec<u8>) {
    for c in chars(text) {
        match c.checked_sub(0x10000) {
            None => push_char(out, c),
            Some(beyond) => {
                push_char(out, 0xD800 + (beyond >> 10));
                push_char(out, 0xDC00 + (beyond & 0x3FF));
            }
        }
    }
}

/// Encodes UTF-16, UCS-2 and UTF-32.
pub(super) fn encode_wide(
    width: Width,
    order: Order,
    text: &[u8],
    profile: Profile,
    out: &mut Vec<u8>,
) -> Result<(), Unencodable> {
    let mut rest = chars(text);
    loop {
        let at = rest.offset();
        let Some(character) = rest.next() else { return Ok(()) };
        let lacking = is_surrogate(character) || (width == Width::Ucs2 && character > 0xFFFF);
        if lacking && profile == Profile::Strict {
            return Err(Unencodable { at, character });
        }
        let kept = match width {
            Width::Ucs2 => character <= 0xFFFF,
            Width::Utf16 | Width::Utf32 => profile == Profile::Tcl8,
        };
        let c = if lacking && !kept { REPLACEMENT } else { character };
        match (width, c.checked_sub(0x10000)) {
            (Width::Utf32, _) => match order {
                Order::Little => out.extend_from_slice(&c.to_le_bytes()),
                Order::Big => out.extend_from_slice(&c.to_be_bytes()),
            },
            (_, None) => push_unit16(order, c as u16, out),
            (_, Some(beyond)) => {
                push_unit16(order, 0xD800 + (beyond >> 10) as u16, out);
                push_unit16(order, 0xDC00 + (beyond & 0x3FF) as u16, out);
            }
        }
    }
}

fn push_unit16(order: Order, unit: u16, out: &mut Vec<u8>) {
    match order {
        Order::Little => out.extend_from_slice(&unit.to_le_bytes()),
        Order::Big => out.extend_from_slice(&unit.to_be_bytes()),
    }
}
