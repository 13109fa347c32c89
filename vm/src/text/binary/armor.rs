//! `binary encode` and `binary decode`: hex, base64 and uuencode.
//!
//! Decoders work on texts; an error's position counts characters.

use super::BinaryError;
use tclring_compiler::syntax::text::{char_count, decode};

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The `-maxlen` of uuencode when none is given.
pub const UU_LINE_DEFAULT: i64 = 61;
/// What `-maxlen` of uuencode may be.
const UU_LINE_RANGE: std::ops::RangeInclusive<i64> = 5..=85;

/// Two lower case digits for each byte.
pub fn encode_hex(bytes: &[u8]) -> Vec<u8> {
    let digits = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [digits[usize::from(b >> 4)], digits[usize::from(b & 15)]]).collect()
}

/// Base64; with a `line_chars_max` above 0 the text `wrap` stands between
/// lines of at most so many characters.
///
/// # Errors
/// [`BinaryError::LineLength`] if the length is negative.
pub fn encode_base64(bytes: &[u8], line_chars_max: i64, wrap: &[u8]) -> Result<Vec<u8>, BinaryError> {
    let line = usize::try_from(line_chars_max).map_err(|_| BinaryError::LineLength)?;
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let value = group_value(group);
        let digit = |place: u32| BASE64[(value >> (18 - 6 * place) & 63) as usize];
        out.extend_from_slice(&[digit(0), digit(1)]);
        out.push(if group.len() > 1 { digit(2) } else { b'=' });
        out.push(if group.len() > 2 { digit(3) } else { b'=' });
    }
    if line == 0 || line >= out.len() || wrap.is_empty() {
        return Ok(out);
    }
    Ok(out.chunks(line).collect::<Vec<_>>().join(wrap))
}

/// Up to three bytes as the high ones of a group of 24 bits.
fn group_value(group: &[u8]) -> u32 {
    group.iter().enumerate().fold(0, |value, (i, byte)| value | u32::from(*byte) << (16 - 8 * i))
}

/// Uuencode without header and footer: lines of at most `line_chars_max`
/// characters, each followed by `wrap`.
///
/// # Errors
/// [`BinaryError::LineLength`] and [`BinaryError::WrapChar`].
pub fn encode_uuencode(bytes: &[u8], line_chars_max: i64, wrap: &[u8]) -> Result<Vec<u8>, BinaryError> {
    if !UU_LINE_RANGE.contains(&line_chars_max) {
        return Err(BinaryError::LineLength);
    }
    // Anything may follow a newline.
    let lead = wrap.iter().position(|b| !matches!(b, b'\t' | 0x0B | 0x0C | b'\r'));
    if lead.is_some_and(|at| wrap[at] != b'\n') {
        return Err(BinaryError::WrapChar);
    }
    let line_bytes = (line_chars_max - 1) as usize / 4 * 3;
    let digit = |value: u32| if value == 0 { b'`' } else { value as u8 + b' ' };
    let mut out = Vec::with_capacity(bytes.len() / 2 * 3);
    for line in bytes.chunks(line_bytes) {
        out.push(line.len() as u8 + b' ');
        for group in line.chunks(3) {
            let value = group_value(group);
            let chars = group.len() + 1;
            out.extend((0..chars as u32).map(|place| digit(value >> (18 - 6 * place) & 63)));
        }
        out.extend_from_slice(wrap);
    }
    Ok(out)
}

fn invalid(what: &'static str, text: &[u8], position: usize) -> BinaryError {
    let character = decode(text, position).0;
    BinaryError::Invalid { what, character, position: char_count(&text[..position]) }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | 0x09..=0x0D)
}

/// Decodes hexadecimal digits; unless `strict`, white space is skipped. A
/// digit left over at the end is dropped.
///
/// # Errors
/// [`BinaryError::Invalid`].
pub fn decode_hex(text: &[u8], strict: bool) -> Result<Vec<u8>, BinaryError> {
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut pending = None;
    for (position, byte) in text.iter().enumerate() {
        let Some(digit) = char::from(*byte).to_digit(16) else {
            if !strict && is_space(*byte) {
                continue;
            }
            return Err(invalid("hexadecimal digit", text, position));
        };
        let digit = digit as u8;
        match pending.take() {
            Some(high) => out.push(high << 4 | digit),
            None => pending = Some(digit),
        }
    }
    Ok(out)
}

fn base64_value(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Decodes base64. A final group may lack its `=`. Unless `strict`, what does
/// not belong is skipped, and what stands behind a group with `=` is ignored
/// where it completes no group.
///
/// # Errors
/// [`BinaryError::Invalid`].
pub fn decode_base64(text: &[u8], strict: bool) -> Result<Vec<u8>, BinaryError> {
    let bad = |at: usize| invalid("base64 character", text, at - 1);
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    // How many bytes at the end of `out` are padding.
    let mut cut = 0;
    let mut at = 0;
    while at < text.len() {
        let mut value = 0;
        let mut place = 0;
        while place < 4 {
            let byte = match text.get(at) {
                Some(byte) => *byte,
                None if place > 1 => b'=',
                None if strict => return Err(bad(at)),
                None => {
                    cut += 3;
                    break;
                }
            };
            at += usize::from(at < text.len());
            let digit = if cut > 0 { None } else { base64_value(byte) };
            if let Some(digit) = digit {
                value = value << 6 | digit;
            } else if byte == b'=' && (place > 1 || cut == 0 && !strict) {
                value <<= 6;
                cut += usize::from(place > 0);
            } else if strict {
                return Err(bad(at));
            } else {
                continue;
            }
            place += 1;
        }
        out.extend_from_slice(&u32::to_be_bytes(value)[1..]);
        if cut > 0 && strict && at < text.len() {
            return Err(bad(at));
        }
    }
    out.truncate(out.len().saturating_sub(cut));
    Ok(out)
}

/// Decodes uuencoded lines. Unless `strict`, white space is skipped and lines
/// may be cut off.
///
/// # Errors
/// [`BinaryError::Invalid`] and [`BinaryError::Short`].
pub fn decode_uuencode(text: &[u8], strict: bool) -> Result<Vec<u8>, BinaryError> {
    let bad = |at: usize| invalid("uuencode character", text, at - 1);
    let belongs = |byte: u8| (b' '..=b'`').contains(&byte);
    let mut out = Vec::new();
    let mut at = 0;
    // How many bytes of the line are still to come; `None` before its first character.
    let mut missing: Option<usize> = None;
    while at < text.len() {
        let left = match missing {
            Some(left) => left,
            None => {
                let byte = text[at];
                at += 1;
                if belongs(byte) {
                    usize::from(byte.wrapping_sub(b' ') & 63)
                } else if strict || !is_space(byte) {
                    return Err(bad(at));
                } else {
                    continue;
                }
            }
        };
        let left = uu_group(text, &mut at, left, strict, &mut out)?;
        missing = if left == 0 && at < text.len() {
            uu_line_end(text, &mut at, strict)?;
            None
        } else {
            Some(left)
        };
    }
    if strict && missing.is_some_and(|left| left > 0) { Err(BinaryError::Short) } else { Ok(out) }
}

/// Decodes one group of four characters; yields how many bytes of the line are
/// still to come. What is missing at the end counts as NUL; a character that
/// does not belong keeps its place if none replaces it.
fn uu_group(
    text: &[u8],
    at: &mut usize,
    left: usize,
    strict: bool,
    out: &mut Vec<u8>,
) -> Result<usize, BinaryError> {
    let mut group = [0_u8; 4];
    let mut place = 0;
    while place < 4 && *at < text.len() {
        let byte = text[*at];
        *at += 1;
        group[place] = byte;
        if (b' '..=b'`').contains(&byte) {
            place += 1;
        } else if strict {
            if !is_space(byte) {
                return Err(invalid("uuencode character", text, *at - 1));
            }
            if byte == b'\n' {
                return Err(BinaryError::Short);
            }
        }
    }
    let value = group.iter().fold(0_u32, |value, byte| value << 6 | u32::from(byte.wrapping_sub(b' ') & 63));
    let taken = left.min(3);
    out.extend_from_slice(&u32::to_be_bytes(value)[1..=taken]);
    Ok(left - taken)
}

/// After the last byte of a line skips to the next line, or to what looks like one.
fn uu_line_end(text: &[u8], at: &mut usize, strict: bool) -> Result<(), BinaryError> {
    while let Some(byte) = text.get(*at).copied() {
        if (b' '..=b'`').contains(&byte) {
            break;
        }
        *at += 1;
        if byte == b'\n' {
            break;
        }
        if strict || !is_space(byte) {
            return Err(invalid("uuencode character", text, *at - 1));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(result: Result<Vec<u8>, BinaryError>) -> String {
        let bytes = result.unwrap_or_else(|error| error.message());
        String::from_utf8(bytes).expect("the cases are texts")
    }

    #[test]
    fn encodes() {
        assert_eq!(encode_hex(b"\x00a\xFF"), b"0061ff");
        let check = |bytes: &[u8], line: i64, wrap: &str, base64: &str, uuencode: &str| {
            assert_eq!(show(encode_base64(bytes, line, wrap.as_bytes())), base64);
            let line = if line == 0 { UU_LINE_DEFAULT } else { line };
            assert_eq!(show(encode_uuencode(bytes, line, wrap.as_bytes())), uuencode);
        };
        check(b"", 0, "\n", "", "");
        check(b"a", 0, "\n", "YQ==", "!80\n");
        check(b"\0\xFF\xFE", 0, "\n", "AP/+", "#`/_^\n");
        check(b"abcdef", 5, "\r\nx", "YWJjZ\r\nxGVm", "#86)C\r\nx#9&5F\r\nx");
        check(b"ab", -1, "\n", "line length out of range", "line length out of range");
        check(b"abcdef", 6, "x", "YWJjZGxVm", "invalid wrapchar; will defeat decoding");
    }

    #[test]
    fn decodes_hex_and_base64() {
        let hex = |text: &str, lenient: &str, strict: &str| {
            assert_eq!(show(decode_hex(text.as_bytes(), false)), lenient);
            assert_eq!(show(decode_hex(text.as_bytes(), true)), strict);
        };
        hex("616", "a", "a");
        hex("61 62", "ab", "invalid hexadecimal digit \" \" (U+000020) at position 2");
        let bad = "invalid hexadecimal digit \"€\" (U+0020AC) at position 1";
        hex("6€", bad, bad);
        let base64 = |text: &str, lenient: &str, strict: &str| {
            assert_eq!(show(decode_base64(text.as_bytes(), false)), lenient, "{text}");
            let strict = match strict.split_once(' ') {
                Some((character, position)) => {
                    let code = character.chars().next().map_or(32, u32::from);
                    format!("invalid base64 character \"{character}\" (U+{code:06X}) at position {position}")
                }
                None => String::from(strict),
            };
            assert_eq!(show(decode_base64(text.as_bytes(), true)), strict, "{text}");
        };
        base64("YWJjYWI", "abcab", "abcab");
        base64("YWI==", "ab", "= 3");
        base64("Y=Jj", "", "= 1");
        base64("YW!j", "ah", "! 2");
        base64("YQ==YQ==", "a", "= 3");
        base64("YWJjY", "abc", "Y 4");
    }

    #[test]
    fn decodes_uuencode() {
        let check = |text: &str, lenient: &str, strict: &str| {
            assert_eq!(show(decode_uuencode(text.as_bytes(), false)), lenient, "{text}");
            assert_eq!(show(decode_uuencode(text.as_bytes(), true)), strict, "{text}");
        };
        let bad = |what: &str, code: u32, position: usize| {
            format!("invalid uuencode character \"{what}\" (U+{code:06X}) at position {position}")
        };
        check("#86)C\n#86)C\n", "abcabc", "abcabc");
        check("!80``\n", "a", "a");
        check("`\n", "", "short uuencode data");
        check("#86\n)C", "abc", "short uuencode data");
        check("\t#86)C", "abc", &bad("\t", 9, 0));
        check("é", &bad("é", 0xE9, 0), &bad("é", 0xE9, 0));
        check("#86)C\nx", &bad("x", 0x78, 6), &bad("x", 0x78, 6));
    }
}
