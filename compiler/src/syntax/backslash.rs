//! Backslash sequences: `\n`, `\x41`, `\u20ac`, `\101`, backslash-newline.

use super::text::{CODE_POINT_MAX, char_width, push_char};

/// Appends what the backslash sequence at byte `at` of `text` stands for to
/// `out` and returns the number of bytes the sequence has. A backslash that
/// ends the text stands for itself.
///
/// # Panics
/// If `text[at]` is not a backslash.
pub fn push_backslash(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    assert_eq!(text[at], b'\\', "a backslash sequence starts with a backslash");
    let Some(&kind) = text.get(at + 1) else {
        out.push(b'\\');
        return 1;
    };
    let single = match kind {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0B,
        b'\n' => {
            out.push(b' ');
            return newline_width(text, at);
        }
        b'x' => return push_hex(text, at, 2, out),
        b'u' => return push_hex(text, at, 4, out),
        b'U' => return push_hex(text, at, 8, out),
        b'0'..=b'7' => return push_octal(text, at, out),
        _ => {
            let width = char_width(kind).min(text.len() - at - 1);
            out.extend_from_slice(&text[at + 1..at + 1 + width]);
            return 1 + width;
        }
    };
    out.push(single);
    2
}

/// The number of bytes of the backslash-newline at byte `at`: the backslash,
/// the newline and all spaces and tabs that follow.
pub(crate) fn newline_width(text: &[u8], at: usize) -> usize {
    let blanks = text[at + 2..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    2 + blanks
}

/// Appends the result of substituting every backslash sequence of `text`.
pub fn substitute(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(step) = memchr::memchr(b'\\', &text[at..]) {
        out.extend_from_slice(&text[at..at + step]);
        at += step;
        at += push_backslash(text, at, out);
    }
    out.extend_from_slice(&text[at..]);
}

fn push_hex(text: &[u8], at: usize, digits_max: usize, out: &mut Vec<u8>) -> usize {
    let mut value = 0u32;
    let mut count = 0;
    while count < digits_max {
        let Some(digit) = text.get(at + 2 + count).and_then(|b| char::from(*b).to_digit(16)) else { break };
        let next = value << 4 | digit;
        if next > CODE_POINT_MAX {
            break;
        }
        value = next;
        count += 1;
    }
    if count == 0 {
        out.push(text[at + 1]);
    } else {
        push_char(out, value);
    }
    2 + count
}

/// One to three octal digits, as many as give at most 0o377.
fn push_octal(text: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    let mut value = 0u32;
    let mut count = 0;
    while count < 3 {
        let Some(digit) = text.get(at + 1 + count).and_then(|b| char::from(*b).to_digit(8)) else { break };
        if value << 3 | digit > 0o377 {
            break;
        }
        value = value << 3 | digit;
        count += 1;
    }
    push_char(out, value);
    1 + count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        substitute(text.as_bytes(), &mut out);
        assert_eq!(String::from_utf8_lossy(&out), expected, "{text:?}");
    }

    #[test]
    fn sequences() {
        for (text, expected) in [
            (r"\a\b\f\n\r\t\v", "\x07\x08\x0C\n\r\t\x0B"),
            (r"\x41g \x4142 \u41 \u00e94", "Ag A42 A é4"),
            (r"\U1F600a \U110000 \U11000", "😀a 𑀀0 𑀀"),
            (r"\101 \1014 \777 \400 \8", "A A4 ?7  0 8"),
            (r"\xg \ug \Ug \q \é", "xg ug Ug q é"),
            ("a\\\n \t b", "a b"),
            ("a\\", "a\\"),
            (r"\\n", r"\n"),
        ] {
            check(text, expected);
        }
    }
}
