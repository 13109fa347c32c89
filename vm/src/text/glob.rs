//! `string match`: glob patterns over texts.
//!
//! Every pattern element but `*` takes exactly one character, so a match needs
//! to go back to the latest `*` only; time is at most the product of the two
//! lengths, and linear in the text for a given pattern. The one shape whose
//! later elements depend on what a set matched (a range that ends in `]`
//! behind other elements, as in `[ab-]c]`) is followed through all its
//! possibilities at once.

use super::case::to_lower;
use memchr::memmem;
use tclring_compiler::syntax::text::{char_width, decode};

/// Whether the whole `text` matches the glob `pattern`.
pub fn matches(pattern: &[u8], text: &[u8], nocase: bool) -> bool {
    if is_ambiguous(pattern) {
        return simulate(pattern, text, nocase);
    }
    backtrack(pattern, text, nocase)
}

/// Whether `pattern` has one of the characters that mean something in a glob.
pub fn has_magic(pattern: &[u8]) -> bool {
    pattern.iter().any(|b| matches!(b, b'*' | b'?' | b'[' | b'\\'))
}

/// A pattern prepared for repeated use.
#[derive(Clone, Debug)]
pub struct Glob {
    shape: Shape,
    pattern: Vec<u8>,
    nocase: bool,
}

/// The common shapes that need no general matching.
#[derive(Clone, Debug)]
enum Shape {
    Everything,
    Exact(Vec<u8>),
    Prefix(Vec<u8>),
    Suffix(Vec<u8>),
    Contains(Box<memmem::Finder<'static>>),
    General,
    Ambiguous,
}

impl Glob {
    /// Prepares `pattern`.
    pub fn new(pattern: &[u8], nocase: bool) -> Glob {
        let shape = if is_ambiguous(pattern) {
            Shape::Ambiguous
        } else if nocase && pattern != b"*" {
            Shape::General
        } else {
            Shape::of(pattern)
        };
        Glob { shape, pattern: pattern.to_vec(), nocase }
    }

    /// Whether the whole `text` matches.
    pub fn matches(&self, text: &[u8]) -> bool {
        match &self.shape {
            Shape::Everything => true,
            Shape::Exact(literal) => text == literal,
            Shape::Prefix(literal) => text.starts_with(literal),
            Shape::Suffix(literal) => text.ends_with(literal),
            Shape::Contains(finder) => finder.find(text).is_some(),
            Shape::General => backtrack(&self.pattern, text, self.nocase),
            Shape::Ambiguous => simulate(&self.pattern, text, self.nocase),
        }
    }
}

impl Shape {
    fn of(pattern: &[u8]) -> Shape {
        let inner = pattern.strip_prefix(b"*").unwrap_or(pattern);
        let leading = inner.len() < pattern.len();
        let literal = inner.strip_suffix(b"*").unwrap_or(inner);
        let trailing = literal.len() < inner.len();
        if has_magic(literal) {
            return Shape::General;
        }
        match (leading, trailing) {
            (false, false) => Shape::Exact(literal.to_vec()),
            _ if literal.is_empty() => Shape::Everything,
            (false, true) => Shape::Prefix(literal.to_vec()),
            (true, false) => Shape::Suffix(literal.to_vec()),
            (true, true) => Shape::Contains(Box::new(memmem::Finder::new(literal).into_owned())),
        }
    }
}

/// One element of a pattern with its outcome for one character.
enum Step {
    /// The character matches; the rest of the pattern starts at this byte.
    Next(usize),
    /// The character does not match, or the pattern is malformed here.
    Fail,
}

#[inline]
fn fold(c: u32, nocase: bool) -> u32 {
    if nocase { to_lower(c) } else { c }
}

/// Matches the element at byte `at` of `pattern`, which is not `*`, with the
/// folded character `c`.
#[inline]
fn step(pattern: &[u8], at: usize, c: u32, nocase: bool) -> Step {
    let literal = match pattern[at] {
        b'?' => return Step::Next(at + 1),
        b'[' => return step_set(pattern, at + 1, c, nocase),
        b'\\' => at + 1,
        _ => at,
    };
    if literal >= pattern.len() {
        return Step::Fail;
    }
    let (expected, width) = decode(pattern, literal);
    if fold(expected, nocase) == c { Step::Next(literal + width) } else { Step::Fail }
}

/// Matches the set whose first element is at byte `at`. A set may lack its
/// `]`; then it reaches to the end of the pattern. After a match everything up
/// to the next `]` is skipped.
fn step_set(pattern: &[u8], mut at: usize, c: u32, nocase: bool) -> Step {
    loop {
        let Some(member) = set_member(pattern, at) else { return Step::Fail };
        at = member.next;
        let (first, last) = (fold(member.first, nocase), fold(member.last, nocase));
        if (first <= c && c <= last) || (last <= c && c <= first) {
            break;
        }
    }
    Step::Next(memchr::memchr(b']', &pattern[at..]).map_or(pattern.len(), |i| at + i + 1))
}

/// One character or range of a set.
struct Member {
    first: u32,
    last: u32,
    next: usize,
}

/// The member at byte `at`; `None` at the closing `]`, at the end of the
/// pattern and for a range without its end.
fn set_member(pattern: &[u8], at: usize) -> Option<Member> {
    if *pattern.get(at)? == b']' {
        return None;
    }
    let (first, width) = decode(pattern, at);
    let next = at + width;
    if pattern.get(next) != Some(&b'-') {
        return Some(Member { first, last: first, next });
    }
    if next + 1 >= pattern.len() {
        return None;
    }
    let (last, width) = decode(pattern, next + 1);
    Some(Member { first, last, next: next + 1 + width })
}

/// Whether some set has a range that ends in `]` behind another member: then
/// the rest of the pattern depends on the member that matched.
fn is_ambiguous(pattern: &[u8]) -> bool {
    if memmem::find(pattern, b"-]").is_none() {
        return false;
    }
    // Sets are looked for at every `[`, since which of them is reached also depends on the text.
    memchr::memchr_iter(b'[', pattern).any(|open| {
        let mut at = open + 1;
        while let Some(member) = set_member(pattern, at) {
            if at > open + 1 && member.last == u32::from(b']') {
                return true;
            }
            at = member.next;
        }
        false
    })
}

fn backtrack(pattern: &[u8], text: &[u8], nocase: bool) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on when the elements behind the latest `*` fail: that
    // pattern position and the next text position to try.
    let mut resume: Option<(usize, usize)> = None;
    loop {
        if p < pattern.len() && pattern[p] == b'*' {
            while pattern.get(p) == Some(&b'*') {
                p += 1;
            }
            if p == pattern.len() {
                return true;
            }
            let Some(start) = candidate(pattern, p, text, t, nocase) else { return false };
            t = start;
            resume = Some((p, start));
            continue;
        }
        if t < text.len() {
            let (c, width) = decode(text, t);
            if p < pattern.len()
                && let Step::Next(next) = step(pattern, p, fold(c, nocase), nocase)
            {
                p = next;
                t += width;
                continue;
            }
        } else if p == pattern.len() {
            return true;
        }
        let Some((after_star, tried)) = resume else { return false };
        if tried >= text.len() {
            return false;
        }
        let from = tried + char_width(text[tried]);
        let Some(start) = candidate(pattern, after_star, text, from, nocase) else { return false };
        p = after_star;
        t = start;
        resume = Some((after_star, start));
    }
}

/// The first byte from `from` on where the elements at `p`, which follow a
/// `*`, may match: literal bytes are searched, the end is taken from the end.
fn candidate(pattern: &[u8], p: usize, text: &[u8], from: usize, nocase: bool) -> Option<usize> {
    if nocase {
        return (from <= text.len()).then_some(from);
    }
    let rest = &pattern[p..];
    let literal =
        &rest[..rest.iter().position(|b| matches!(b, b'*' | b'?' | b'[' | b'\\')).unwrap_or(rest.len())];
    let remaining = text.get(from..)?;
    if literal.len() == rest.len() {
        return remaining.ends_with(literal).then(|| text.len() - literal.len());
    }
    match literal {
        [] => Some(from),
        [single] => memchr::memchr(*single, remaining).map(|i| from + i),
        _ => memmem::find(remaining, literal).map(|i| from + i),
    }
}

/// Follows every possibility at once: the set of pattern positions that the
/// text read so far can have reached.
fn simulate(pattern: &[u8], text: &[u8], nocase: bool) -> bool {
    let mut current = vec![false; pattern.len() + 1];
    let mut next = current.clone();
    enter(pattern, 0, &mut current);
    let mut t = 0;
    while t < text.len() {
        let (c, width) = decode(text, t);
        let c = fold(c, nocase);
        t += width;
        next.fill(false);
        for p in (0..pattern.len()).filter(|p| current[*p]) {
            if pattern[p] == b'*' {
                enter(pattern, p, &mut next);
            } else if let Step::Next(after) = step(pattern, p, c, nocase) {
                enter(pattern, after, &mut next);
            }
        }
        std::mem::swap(&mut current, &mut next);
    }
    current[pattern.len()]
}

/// Marks position `p` and those behind the stars that start there.
fn enter(pattern: &[u8], mut p: usize, positions: &mut [bool]) {
    loop {
        if std::mem::replace(&mut positions[p], true) || pattern.get(p) != Some(&b'*') {
            return;
        }
        p += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, plain: bool, nocase: bool) {
        for (fold_case, expected) in [(false, plain), (true, nocase)] {
            let (p, t) = (pattern.as_bytes(), text.as_bytes());
            assert_eq!(matches(p, t, fold_case), expected, "{pattern} {text} {fold_case}");
            assert_eq!(Glob::new(p, fold_case).matches(t), expected, "{pattern} {text} {fold_case}");
            assert_eq!(simulate(p, t, fold_case), expected, "{pattern} {text} {fold_case}");
        }
    }

    #[test]
    fn elements() {
        check("", "", true, true);
        check("", "a", false, false);
        check("*", "", true, true);
        check("**", "ab", true, true);
        check("a?c", "aéc", true, true);
        check("aB*", "AbC", false, true);
        check("*é?", "xÉz", false, true);
        check("*bc", "abcbc", true, true);
        check("ab*ba", "aba", false, false);
        check("*b*c*", "abxc", true, true);
        check("[a-c]x", "bx", true, true);
        check("[c-a]x", "bx", true, true);
        check("[A-C]x", "bx", false, true);
        check("\\*a", "*a", true, true);
        check("\\*a", "xa", false, false);
        check("*[ab]\\?", "xxa?", true, true);
    }

    #[test]
    fn malformed() {
        check("\\", "\\", false, false);
        check("a\\", "a", false, false);
        check("[", "[", false, false);
        check("[abc", "b", true, true);
        check("[]a]", "]", false, false);
        check("[]a]", "a", false, false);
        check("[a-", "a", false, false);
        check("[xa-", "x", true, true);
        check("[a-]x]", "_x]", false, false);
        check("[ab-]c]", "ac]", true, true);
        check("[ab-]c]", "_", true, true);
        check("*[ab-]c*]", "a_", true, true);
    }

    #[test]
    fn stars_do_not_multiply() {
        let mut text = vec![b'a'; 200_000];
        assert!(!matches(b"*a*a*a*a*b", &text, false));
        assert!(!matches(b"*a*a*a*a*b", &text, true));
        assert!(!matches(b"*a?*[a]?*a*b?", &text, false));
        text.push(b'b');
        assert!(matches(b"*a*a*a*a*b", &text, true));
    }
}
