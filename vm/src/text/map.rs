//! The engine of `string map`: at each place the first key of the list that
//! matches is replaced, and what was replaced is not looked at again.

use super::case::{lower, to_lower};
use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;
use std::cell::OnceCell;
use tclring_compiler::syntax::text::{chars, push_char};

use crate::value::refusal;

/// Keys with one first byte up to which they are tried one after the other.
const BUCKET_KEYS_MAX: usize = 4;
/// Texts up to this many bytes do not pay for an automaton.
const SHORT_TEXT_BYTES: usize = 1024;

/// A mapping prepared for use on any number of texts.
#[derive(Debug)]
pub struct StringMap {
    keys: Vec<Vec<u8>>,
    replacements: Vec<Vec<u8>>,
    nocase: bool,
    /// For each first byte the numbers of the keys that start with it, in order.
    buckets: Vec<(u8, Vec<usize>)>,
    /// Index into `buckets` plus one for each byte, 0 for none.
    starts: Box<[u16; 256]>,
    automaton: OnceCell<Option<AhoCorasick>>,
}

impl StringMap {
    /// A mapping of the keys and replacements in order; empty keys match nothing.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a [u8], &'a [u8])>, nocase: bool) -> StringMap {
        let mut map = StringMap {
            keys: Vec::new(),
            replacements: Vec::new(),
            nocase,
            buckets: Vec::new(),
            starts: Box::new([0; 256]),
            automaton: OnceCell::new(),
        };
        for (key, replacement) in pairs {
            let Some(first) = key.first() else { continue };
            let key = if nocase { lower(key) } else { key.to_vec() };
            let first = if nocase { key[0] } else { *first };
            let number = map.keys.len();
            let slot = &mut map.starts[usize::from(first)];
            if *slot == 0 {
                map.buckets.push((first, Vec::new()));
                *slot = map.buckets.len() as u16;
            }
            map.buckets[usize::from(*slot) - 1].1.push(number);
            map.keys.push(key);
            map.replacements.push(replacement.to_vec());
        }
        map
    }

    /// The mapped text, or `None` if no key occurs in it.
    pub fn apply(&self, text: &[u8]) -> Option<Vec<u8>> {
        if !self.nocase {
            return self.replace(text, text, None);
        }
        let folded = lower(text);
        if text.is_ascii() {
            return self.replace(&folded, text, None);
        }
        let offsets = fold_offsets(text);
        self.replace(&folded, text, offsets.as_deref())
    }

    /// Searches `searched` and copies what lies between the matches from
    /// `text`; `offsets` translates places of the former to the latter.
    fn replace(&self, searched: &[u8], text: &[u8], offsets: Option<&[usize]>) -> Option<Vec<u8>> {
        let mut copier = Copier { text, offsets, copied: 0, out: Vec::new() };
        match self.keys.as_slice() {
            [] => {}
            [single] => {
                let finder = memmem::Finder::new(single);
                for start in finder.find_iter(searched) {
                    copier.replace(start, start + single.len(), &self.replacements[0]);
                }
            }
            _ => match self.automaton_for(searched) {
                Some(automaton) => {
                    for found in automaton.find_iter(searched) {
                        copier.replace(
                            found.start(),
                            found.end(),
                            &self.replacements[found.pattern().as_usize()],
                        );
                    }
                }
                None => self.try_each(searched, &mut copier),
            },
        }
        copier.finish()
    }

    fn try_each(&self, searched: &[u8], copier: &mut Copier<'_>) {
        let firsts: Vec<u8> = self.buckets.iter().map(|(first, _)| *first).collect();
        let mut at = 0;
        while let Some(candidate) = self.next_start(searched, at, &firsts) {
            let rest = &searched[candidate..];
            let bucket = &self.buckets[usize::from(self.starts[usize::from(rest[0])]) - 1].1;
            match bucket.iter().find(|number| rest.starts_with(&self.keys[**number])) {
                Some(number) => {
                    at = candidate + self.keys[*number].len();
                    copier.replace(candidate, at, &self.replacements[*number]);
                }
                None => at = candidate + 1,
            }
        }
    }

    /// The next place from `at` on where some key's first byte stands.
    fn next_start(&self, searched: &[u8], at: usize, firsts: &[u8]) -> Option<usize> {
        let rest = &searched[at..];
        let found = match firsts {
            [a] => memchr::memchr(*a, rest),
            [a, b] => memchr::memchr2(*a, *b, rest),
            [a, b, c] => memchr::memchr3(*a, *b, *c, rest),
            _ => rest.iter().position(|byte| self.starts[usize::from(*byte)] != 0),
        };
        found.map(|offset| at + offset)
    }

    /// The automaton, where trying the keys of a place one by one would cost more.
    fn automaton_for(&self, searched: &[u8]) -> Option<&AhoCorasick> {
        let crowded = self.buckets.iter().any(|(_, keys)| keys.len() > BUCKET_KEYS_MAX);
        if !crowded || searched.len() < SHORT_TEXT_BYTES {
            return None;
        }
        let build = || AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(&self.keys).ok();
        self.automaton.get_or_init(build).as_ref()
    }
}

struct Copier<'a> {
    text: &'a [u8],
    offsets: Option<&'a [usize]>,
    /// The bytes of `text` before this place are in `out` or replaced.
    copied: usize,
    out: Vec<u8>,
}

impl Copier<'_> {
    fn replace(&mut self, start: usize, end: usize, replacement: &[u8]) {
        let (start, end) = match self.offsets {
            Some(offsets) => (offsets[start], offsets[end]),
            None => (start, end),
        };
        refusal::extend(&mut self.out, &self.text[self.copied..start]);
        refusal::extend(&mut self.out, replacement);
        self.copied = end;
    }

    fn finish(mut self) -> Option<Vec<u8>> {
        // Keys are not empty, so a match always moves the place.
        if self.copied == 0 {
            return None;
        }
        refusal::extend(&mut self.out, &self.text[self.copied..]);
        Some(self.out)
    }
}

/// For each byte of the text's lower case form the byte of the text it comes
/// from; `None` if they are all equal.
fn fold_offsets(text: &[u8]) -> Option<Vec<usize>> {
    let mut offsets = Vec::with_capacity(text.len() + 1);
    let mut folded = Vec::new();
    let mut rest = chars(text);
    let mut equal = true;
    loop {
        let from = rest.offset();
        let Some(c) = rest.next() else { break };
        folded.clear();
        push_char(&mut folded, to_lower(c));
        equal &= folded.len() == rest.offset() - from;
        offsets.extend(std::iter::repeat_n(from, folded.len()));
    }
    offsets.push(text.len());
    (!equal).then_some(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[&str], text: &str, nocase: bool) -> String {
        let pairs = pairs.chunks(2).map(|pair| (pair[0].as_bytes(), pair[1].as_bytes()));
        let mapped = StringMap::new(pairs, nocase).apply(text.as_bytes());
        mapped.map_or_else(|| String::from(text), |bytes| String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn maps() {
        let check = |pairs: &[&str], text: &str, plain: &str, nocase: &str| {
            assert_eq!(map(pairs, text, false), plain, "{pairs:?} {text}");
            assert_eq!(map(pairs, text, true), nocase, "{pairs:?} {text}");
        };
        check(&[], "a", "a", "a");
        check(&["a", "1", "ab", "2"], "abABab", "1bAB1b", "1b1B1b");
        check(&["ab", "2", "a", "1"], "abaA", "21A", "211");
        check(&["", "x", "a", "1"], "aBC", "1BC", "1BC");
        check(&["a", ""], "aba", "b", "b");
        check(&["é", "e"], "éÉx", "eÉx", "eex");
        check(&["İx", "1", "k", "2"], "aİxK\u{212A}é", "a1K\u{212A}é", "a122é");
    }

    #[test]
    fn many_keys_on_long_text() {
        let pairs = ["aaa", "1", "aab", "2", "aa", "3", "ab", "4", "aac", "5", "a", "6", "b", "7"];
        let text = "aaaabaacabbx";
        let long = text.repeat(200);
        assert_eq!(map(&pairs, text, false), "143c47x");
        assert_eq!(map(&pairs, &long, false), "143c47x".repeat(200));
        assert_eq!(map(&pairs, &long.to_uppercase(), true), "143C47X".repeat(200));
    }
}
