//! Character classes: `string is`, the words of `string wordstart` and
//! `wordend`, and the white space of `string trim`.

use super::class_tables::RUNS;
use tclring_compiler::syntax::text::{CODE_POINT_MAX, char_width, chars, decode, previous};

/// A character class of `string is`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Letters and digits.
    Alnum,
    /// Letters.
    Alpha,
    /// Code points below 0x80.
    Ascii,
    /// Control and format characters.
    Control,
    /// Decimal digits of any script.
    Digit,
    /// Printing characters but white space.
    Graph,
    /// Lower case letters.
    Lower,
    /// Printing characters with white space.
    Print,
    /// Punctuation.
    Punct,
    /// White space.
    Space,
    /// Upper case letters.
    Upper,
    /// Letters, digits and connectors such as `_`.
    Wordchar,
    /// The ASCII hexadecimal digits.
    Xdigit,
}

const ALPHA: u16 = 1;
const DIGIT: u16 = 1 << 1;
const UPPER: u16 = 1 << 2;
const LOWER: u16 = 1 << 3;
const PUNCT: u16 = 1 << 4;
const SPACE: u16 = 1 << 5;
const CONTROL: u16 = 1 << 6;
const GRAPH: u16 = 1 << 7;
const PRINT: u16 = 1 << 8;
const WORDCHAR: u16 = 1 << 9;
/// How many low bits of a run hold the membership.
const MEMBERSHIP_BITS: u32 = 11;

/// The membership of the first 256 code points, so that most look-ups search nothing.
static LATIN1: [u16; 256] = latin1();

const fn latin1() -> [u16; 256] {
    let mut table = [0; 256];
    let mut run = 0;
    let mut c = 0;
    while c < 256 {
        while RUNS[run + 1] >> MEMBERSHIP_BITS <= c {
            run += 1;
        }
        table[c as usize] = run_members(RUNS[run]);
        c += 1;
    }
    table
}

const fn run_members(run: u32) -> u16 {
    (run & ((1 << MEMBERSHIP_BITS) - 1)) as u16
}

#[inline]
fn members(c: u32) -> u16 {
    match LATIN1.get(c as usize) {
        Some(bits) => *bits,
        None => {
            let after = RUNS.partition_point(|run| run >> MEMBERSHIP_BITS <= c);
            run_members(RUNS[after - 1])
        }
    }
}

impl Class {
    /// Every class with its name, in the order of the error message of `string is`.
    pub const ALL: [(&'static str, Class); 13] = [
        ("alnum", Class::Alnum),
        ("alpha", Class::Alpha),
        ("ascii", Class::Ascii),
        ("control", Class::Control),
        ("digit", Class::Digit),
        ("graph", Class::Graph),
        ("lower", Class::Lower),
        ("print", Class::Print),
        ("punct", Class::Punct),
        ("space", Class::Space),
        ("upper", Class::Upper),
        ("wordchar", Class::Wordchar),
        ("xdigit", Class::Xdigit),
    ];

    /// The membership bits that make a character belong, or `None` for a
    /// class that is defined on ASCII alone.
    fn bits(self) -> Option<u16> {
        Some(match self {
            Class::Ascii | Class::Xdigit => return None,
            Class::Alnum => ALPHA | DIGIT,
            Class::Alpha => ALPHA,
            Class::Control => CONTROL,
            Class::Digit => DIGIT,
            Class::Graph => GRAPH,
            Class::Lower => LOWER,
            Class::Print => PRINT,
            Class::Punct => PUNCT,
            Class::Space => SPACE,
            Class::Upper => UPPER,
            Class::Wordchar => WORDCHAR,
        })
    }

    /// Whether the class has the code point `c`.
    #[inline]
    pub fn contains(self, c: u32) -> bool {
        match (self, self.bits()) {
            (_, Some(bits)) => members(c) & bits != 0,
            (Class::Ascii, None) => c < 0x80,
            (_, None) => u8::try_from(c).is_ok_and(|b| b.is_ascii_hexdigit()),
        }
    }

    /// The index of the first character of `text` outside the class.
    pub fn first_outside(self, text: &[u8]) -> Option<usize> {
        chars(text).position(|c| !self.contains(c))
    }

    /// The class as ascending ranges of code points (first, last).
    pub fn ranges(self) -> Vec<(u32, u32)> {
        let Some(bits) = self.bits() else {
            return match self {
                Class::Ascii => vec![(0, 0x7F)],
                _ => vec![(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
            };
        };
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for (i, run) in RUNS.iter().enumerate() {
            if run_members(*run) & bits == 0 {
                continue;
            }
            let first = run >> MEMBERSHIP_BITS;
            let last = RUNS.get(i + 1).map_or(CODE_POINT_MAX, |next| (next >> MEMBERSHIP_BITS) - 1);
            match ranges.last_mut() {
                Some(open) if open.1 + 1 == first => open.1 = last,
                _ => ranges.push((first, last)),
            }
        }
        ranges
    }
}

/// Whether `c` belongs to a word: [`Class::Wordchar`].
#[inline]
pub fn is_word(c: u32) -> bool {
    members(c) & WORDCHAR != 0
}

/// Whether `string trim` removes `c` when it is told no characters: white space and NUL.
#[inline]
pub fn is_trimmed(c: u32) -> bool {
    c == 0 || members(c) & SPACE != 0
}

/// The byte range that remains of `text` when `drops` holds for the
/// characters at its `left` and `right` ends.
fn trim_by(text: &[u8], left: bool, right: bool, drops: impl Fn(u32) -> bool) -> std::ops::Range<usize> {
    let (mut start, mut end) = (0, text.len());
    while left && start < end {
        let (c, width) = decode(text, start);
        if !drops(c) {
            break;
        }
        start += width;
    }
    while right && start < end {
        let at = previous(text, end);
        if !drops(decode(text, at).0) {
            break;
        }
        end = at;
    }
    start..end
}

/// `string trim`: the byte range that remains of `text` without the `set` (or
/// white space and NUL) at its `left` and `right` ends.
pub fn trim(text: &[u8], set: Option<&[u8]>, left: bool, right: bool) -> std::ops::Range<usize> {
    let Some(set) = set else {
        return trim_by(text, left, right, is_trimmed);
    };
    if let [single] = set {
        let single = u32::from(*single);
        return trim_by(text, left, right, |c| c == single);
    }
    let mut ascii = [false; 0x80];
    let mut others = Vec::new();
    for c in chars(set) {
        match ascii.get_mut(c as usize) {
            Some(listed) => *listed = true,
            None => others.push(c),
        }
    }
    others.sort_unstable();
    trim_by(text, left, right, |c| match ascii.get(c as usize) {
        Some(listed) => *listed,
        None => others.binary_search(&c).is_ok(),
    })
}

/// The byte offset just after the word around the character at byte `at`: one
/// character if that is no word character. `at` may be the text's length.
pub fn word_end(text: &[u8], at: usize) -> usize {
    let mut end = at;
    while end < text.len() {
        let (c, width) = decode(text, end);
        if !is_word(c) {
            break;
        }
        end += width;
    }
    if end == at && at < text.len() { at + char_width(text[at]) } else { end }
}

/// The byte offset of the first character of the word around the character at
/// byte `at`: `at` itself if that is no word character. An `at` past the last
/// character stands for the last one.
pub fn word_start(text: &[u8], at: usize) -> usize {
    if text.is_empty() {
        return 0;
    }
    let at = if at >= text.len() { previous(text, text.len()) } else { at };
    if !is_word(decode(text, at).0) {
        return at;
    }
    let mut start = at;
    while start > 0 {
        let before = previous(text, start);
        if !is_word(decode(text, before).0) {
            break;
        }
        start = before;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_reference() {
        let check = |class: Class, ranges: usize| assert_eq!(class.ranges().len(), ranges, "{class:?}");
        check(Class::Alnum, 736);
        check(Class::Alpha, 684);
        check(Class::Ascii, 1);
        check(Class::Control, 23);
        check(Class::Digit, 72);
        check(Class::Graph, 741);
        check(Class::Lower, 664);
        check(Class::Print, 740);
        check(Class::Punct, 199);
        check(Class::Space, 12);
        check(Class::Upper, 655);
        check(Class::Wordchar, 742);
        check(Class::Xdigit, 3);
        for (_, class) in Class::ALL {
            for (first, last) in class.ranges() {
                assert!(class.contains(first) && class.contains(last) && !class.contains(last + 1));
            }
        }
    }

    #[test]
    fn first_outside() {
        let check = |class: Class, text: &str, at: Option<usize>| {
            assert_eq!(class.first_outside(text.as_bytes()), at, "{class:?} {text}");
        };
        check(Class::Alpha, "", None);
        check(Class::Alpha, "éa1", Some(2));
        check(Class::Space, " \u{200b}\u{feff}\t", None);
        check(Class::Xdigit, "09afAFg", Some(6));
        check(Class::Ascii, "a\u{80}", Some(1));
    }

    #[test]
    fn trims() {
        let check = |text: &str, set: Option<&str>, expected: &str| {
            assert_eq!(&text[trim(text.as_bytes(), set.map(str::as_bytes), true, true)], expected);
        };
        check(" \0a b\u{a0}\n", None, "a b");
        check("  ", None, "");
        check("xxaxx", Some("x"), "a");
        check("éxaéx", Some("xé"), "a");
        check("xa", Some(""), "xa");
        assert_eq!(trim(b" a ", None, true, false), 1..3);
        assert_eq!(trim(b" a ", None, false, true), 0..2);
    }

    #[test]
    fn words() {
        let check = |text: &str, at: usize, start: usize, end: usize| {
            let found = (word_start(text.as_bytes(), at), word_end(text.as_bytes(), at));
            assert_eq!(found, (start, end), "{text} {at}");
        };
        check("", 0, 0, 0);
        check("abc", 3, 0, 3);
        check("ab cd", 1, 0, 2);
        check("ab cd", 2, 2, 3);
        check("ab,,cd", 3, 3, 4);
        check("_a‿b é", 1, 0, 6);
        check("_a‿b é", 7, 7, 9);
    }
}
