//! Finding and splitting: `string first` and `last`, `split`, and the places
//! of characters in texts that are not ASCII.

use tclring_compiler::syntax::text::{char_count, char_width, chars};

/// The byte at which `needle` first occurs in `text` at or after byte `from`;
/// an empty needle occurs nowhere.
pub fn first(needle: &[u8], text: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let found = match needle {
        [] => None,
        [single] => memchr::memchr(*single, rest),
        _ => memchr::memmem::find(rest, needle),
    };
    found.map(|at| from + at)
}

/// The byte at which `needle` last occurs in the first `until` bytes of `text`.
pub fn last(needle: &[u8], text: &[u8], until: usize) -> Option<usize> {
    let text = &text[..until.min(text.len())];
    match needle {
        [] => None,
        [single] => memchr::memrchr(*single, text),
        _ => memchr::memmem::rfind(text, needle),
    }
}

/// The separators of `split` when it is told none.
pub const SPLIT_SEPARATORS: &[u8] = b" \n\t\r";

/// `split`: the parts of `text` between the characters of `separators`, or its
/// characters if there are none.
pub fn split<'a>(text: &'a [u8], separators: &[u8]) -> Vec<&'a [u8]> {
    if text.is_empty() {
        return Vec::new();
    }
    match separators {
        [] => split_chars(text),
        [single] => split_at(text, memchr::memchr_iter(*single, text)),
        [a, b] if separators.is_ascii() => split_at(text, memchr::memchr2_iter(*a, *b, text)),
        _ if separators.is_ascii() => {
            let mut listed = [false; 256];
            for byte in separators {
                listed[usize::from(*byte)] = true;
            }
            split_at(
                text,
                text.iter().enumerate().filter(|(_, b)| listed[usize::from(**b)]).map(|(at, _)| at),
            )
        }
        _ => split_wide(text, separators),
    }
}

fn split_chars(text: &[u8]) -> Vec<&[u8]> {
    if text.is_ascii() {
        return text.chunks(1).collect();
    }
    let mut parts = Vec::with_capacity(char_count(text));
    let mut at = 0;
    while at < text.len() {
        let end = (at + char_width(text[at])).min(text.len());
        parts.push(&text[at..end]);
        at = end;
    }
    parts
}

/// Cuts at separators of one byte.
fn split_at(text: &[u8], separators: impl Iterator<Item = usize>) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in separators {
        parts.push(&text[start..at]);
        start = at + 1;
    }
    parts.push(&text[start..]);
    parts
}

fn split_wide<'a>(text: &'a [u8], separators: &[u8]) -> Vec<&'a [u8]> {
    let mut listed: Vec<u32> = chars(separators).collect();
    listed.sort_unstable();
    let mut parts = Vec::new();
    let mut start = 0;
    let mut rest = chars(text);
    loop {
        let at = rest.offset();
        let Some(c) = rest.next() else { break };
        if listed.binary_search(&c).is_ok() {
            parts.push(&text[start..at]);
            start = rest.offset();
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The byte offset of character `index` of `text`, or the text's length if it
/// has no such character.
pub fn byte_of_char(text: &[u8], index: usize) -> usize {
    let mut remaining = index;
    let mut at = 0;
    // Whole blocks are counted at once, which compiles to vector code.
    for block in text.chunks_exact(BLOCK_BYTES) {
        let count = char_count(block);
        if count > remaining {
            break;
        }
        remaining -= count;
        at += BLOCK_BYTES;
    }
    // `at` may be within a character, whose start has been counted.
    while at < text.len() {
        if text[at] & 0xC0 != 0x80 {
            if remaining == 0 {
                return at;
            }
            remaining -= 1;
        }
        at += 1;
    }
    text.len()
}

const BLOCK_BYTES: usize = 128;

/// How many characters apart the marks of a [`CharIndex`] are.
const MARK_CHARS: usize = 64;

/// The byte offsets of every 64th character of a text, for fast access by
/// character to long texts that are not ASCII.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CharIndex {
    marks: Vec<usize>,
    chars: usize,
}

impl CharIndex {
    /// The index of `text`.
    pub fn new(text: &[u8]) -> CharIndex {
        let mut index = CharIndex::default();
        index.extend(text, 0);
        index
    }

    /// Takes in what was appended to the indexed text, which was `from` bytes long.
    pub fn extend(&mut self, text: &[u8], from: usize) {
        for (at, byte) in text.iter().enumerate().skip(from) {
            if byte & 0xC0 != 0x80 {
                if self.chars.is_multiple_of(MARK_CHARS) {
                    self.marks.push(at);
                }
                self.chars += 1;
            }
        }
    }

    /// The number of characters.
    pub fn char_count(&self) -> usize {
        self.chars
    }

    /// The byte offset of character `index`; the text's length if there is none.
    pub fn byte_of(&self, text: &[u8], index: usize) -> usize {
        if index >= self.chars {
            return text.len();
        }
        let mut at = self.marks[index / MARK_CHARS];
        for _ in 0..index % MARK_CHARS {
            at += char_width(text[at]);
        }
        at
    }

    /// The index of the character that starts at byte `at`.
    pub fn char_of(&self, text: &[u8], at: usize) -> usize {
        let mark = self.marks.partition_point(|start| *start <= at).saturating_sub(1);
        let start = self.marks.get(mark).copied().unwrap_or(0);
        mark * MARK_CHARS + char_count(&text[start..at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds() {
        let check = |needle: &str,
                     text: &str,
                     from: usize,
                     until: usize,
                     expected: (Option<usize>, Option<usize>)| {
            let (n, t) = (needle.as_bytes(), text.as_bytes());
            assert_eq!((first(n, t, from), last(n, t, until)), expected, "{needle} {text}");
        };
        check("a", "abca", 1, 3, (Some(3), Some(0)));
        check("", "abc", 0, 3, (None, None));
        check("bc", "abcbc", 2, 3, (Some(3), Some(1)));
        check("é", "aéaé", 2, 4, (Some(4), Some(1)));
        check("a", "a", 5, 0, (None, None));
    }

    #[test]
    fn splits() {
        let check = |text: &str, separators: &str, expected: &[&str]| {
            let parts = split(text.as_bytes(), separators.as_bytes());
            let expected: Vec<&[u8]> = expected.iter().map(|part| part.as_bytes()).collect();
            assert_eq!(parts, expected, "{text}");
        };
        check("", ",", &[]);
        check("a", "", &["a"]);
        check("aéb", "", &["a", "é", "b"]);
        check(",a,,b,", ",", &["", "a", "", "b", ""]);
        check("a,b.c", ",.", &["a", "b", "c"]);
        check("a,b.c-", ",.-", &["a", "b", "c", ""]);
        check("éaè", "éè", &["", "a", ""]);
    }

    #[test]
    fn places_of_characters() {
        let text: Vec<u8> = "aé€😀x".repeat(100).into_bytes();
        let index = CharIndex::new(&text);
        assert_eq!(index.char_count(), 500);
        let mut at = 0;
        for i in 0..=500 {
            assert_eq!(
                (byte_of_char(&text, i), index.byte_of(&text, i), index.char_of(&text, at)),
                (at, at, i)
            );
            at += text.get(at).map_or(0, |lead| char_width(*lead));
        }
        let mut grown = CharIndex::new(&text[..11]);
        grown.extend(&text, 11);
        assert_eq!(grown, index);
    }
}
