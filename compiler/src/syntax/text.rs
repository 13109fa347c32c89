//! Generalised UTF-8: the encoding of every text in Tclring.
//!
//! A text is `[u8]` that encodes any sequence of code points from 0 to
//! 0x10FFFF in the ordinary UTF-8 pattern, lone surrogates included. Surrogate
//! pairs are never joined, so a text's length in characters is the number of
//! code points that were put into it.

/// The replacement character, shown for malformed input.
pub const REPLACEMENT: u32 = 0xFFFD;

/// The largest code point.
pub const CODE_POINT_MAX: u32 = 0x10_FFFF;

/// Appends the code point `c` to `out`; a value above [`CODE_POINT_MAX`]
/// becomes U+FFFD.
pub fn push_char(out: &mut Vec<u8>, c: u32) {
    let c = if c > CODE_POINT_MAX { REPLACEMENT } else { c };
    match c {
        0..0x80 => out.push(c as u8),
        0x80..0x800 => out.extend_from_slice(&[0xC0 | (c >> 6) as u8, continuation(c)]),
        0x800..0x10000 => {
            out.extend_from_slice(&[0xE0 | (c >> 12) as u8, continuation(c >> 6), continuation(c)]);
        }
        _ => out.extend_from_slice(&[
            0xF0 | (c >> 18) as u8,
            continuation(c >> 12),
            continuation(c >> 6),
            continuation(c),
        ]),
    }
}

fn continuation(c: u32) -> u8 {
    0x80 | (c & 0x3F) as u8
}

/// How many bytes the character that starts with the byte `lead` has, 1 for a
/// byte that starts none.
#[inline]
pub fn char_width(lead: u8) -> usize {
    match lead {
        0..0xC0 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// Decodes the character at byte `at` of `text`: the code point and its width
/// in bytes. A malformed or cut-off sequence yields its first byte as a code
/// point of its own, width 1.
///
/// # Panics
/// If `at` is not below `text.len()`.
#[inline]
pub fn decode(text: &[u8], at: usize) -> (u32, usize) {
    let lead = text[at];
    if lead < 0x80 {
        return (u32::from(lead), 1);
    }
    decode_multibyte(text, at)
}

fn decode_multibyte(text: &[u8], at: usize) -> (u32, usize) {
    let lead = text[at];
    let tail = |i: usize| -> Option<u32> {
        let b = *text.get(at + i)?;
        (b & 0xC0 == 0x80).then_some(u32::from(b & 0x3F))
    };
    let lead32 = u32::from(lead);
    let decoded = match lead {
        0xC2..0xE0 => tail(1).map(|a| ((lead32 & 0x1F) << 6 | a, 2)),
        0xE0..0xF0 => tail(1).zip(tail(2)).and_then(|(a, b)| {
            let c = (lead32 & 0x0F) << 12 | a << 6 | b;
            (c >= 0x800).then_some((c, 3))
        }),
        0xF0..0xF5 => tail(1).zip(tail(2)).zip(tail(3)).and_then(|((a, b), c)| {
            let c = (lead32 & 0x07) << 18 | a << 12 | b << 6 | c;
            (0x10000..=CODE_POINT_MAX).contains(&c).then_some((c, 4))
        }),
        _ => None,
    };
    decoded.unwrap_or((lead32, 1))
}

/// The start of the character that ends just before byte `at` (`at > 0`).
#[inline]
pub fn previous(text: &[u8], at: usize) -> usize {
    let mut start = at - 1;
    while start > 0 && at - start < 4 && text[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    start
}

/// The number of characters in a well-formed `text`.
pub fn char_count(text: &[u8]) -> usize {
    /// Sums of this many fit into a byte, which lets the compiler add many at once.
    const CHUNK: usize = 128;
    let begins = |byte: &u8| u8::from(byte & 0xC0 != 0x80);
    let (chunks, rest) = text.split_at(text.len() - text.len() % CHUNK);
    let in_chunk = |chunk: &[u8]| usize::from(chunk.iter().map(begins).sum::<u8>());
    let many: usize = chunks.chunks_exact(CHUNK).map(in_chunk).sum();
    many + rest.iter().map(|byte| usize::from(begins(byte))).sum::<usize>()
}

/// Iterates over the code points of `text`.
pub fn chars(text: &[u8]) -> Chars<'_> {
    Chars { text, at: 0 }
}

/// Iterator over the code points of a text; see [`chars`].
#[derive(Clone, Debug)]
pub struct Chars<'a> {
    text: &'a [u8],
    at: usize,
}

impl Chars<'_> {
    /// The byte offset of the next character.
    pub fn offset(&self) -> usize {
        self.at
    }
}

impl Iterator for Chars<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.at >= self.text.len() {
            return None;
        }
        let (c, width) = decode(self.text, self.at);
        self.at += width;
        Some(c)
    }
}

/// Makes a text of code points.
pub fn from_chars(chars: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let mut out = Vec::new();
    for c in chars {
        push_char(&mut out, c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_point_survives() {
        for c in (0..=CODE_POINT_MAX).step_by(7).chain([0xD83D, 0xDE02, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF]) {
            let text = from_chars([c]);
            assert_eq!(decode(&text, 0), (c, text.len()));
            assert_eq!(char_count(&text), 1);
        }
    }

    #[test]
    fn characters_of_long_texts_are_counted() {
        for length in [0, 1, 63, 127, 128, 129, 300, 1000] {
            let text = from_chars((0..length).map(|at| [0x41, 0xE9, 0x20AC, 0x1F602][at as usize % 4]));
            assert_eq!(char_count(&text), length as usize);
        }
    }

    #[test]
    fn surrogates_are_not_joined() {
        let text = from_chars([0xD83D, 0xDE02]);
        assert_eq!(chars(&text).collect::<Vec<_>>(), [0xD83D, 0xDE02]);
    }
}
