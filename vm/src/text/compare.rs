//! Orders of texts: by code point, without case, and dictionary order.
//!
//! The order of well-formed generalised UTF-8 by bytes is its order by code points.

use super::case::to_lower;
use super::class::Class;
use std::cmp::Ordering;
use tclring_compiler::syntax::text::{char_width, chars, decode};

/// The byte length of the first `count` characters of `text`, or of all of it.
pub fn prefix_bytes(text: &[u8], count: usize) -> usize {
    if count >= text.len() {
        return text.len();
    }
    let mut at = 0;
    for _ in 0..count {
        let Some(lead) = text.get(at) else { break };
        at += char_width(*lead);
    }
    at.min(text.len())
}

/// `string compare`: by code points, of at most `limit` characters of each.
pub fn compare(left: &[u8], right: &[u8], limit: Option<usize>) -> Ordering {
    match limit {
        None => left.cmp(right),
        Some(count) => left[..prefix_bytes(left, count)].cmp(&right[..prefix_bytes(right, count)]),
    }
}

/// `string compare -nocase`: by the lower case forms, of at most `limit` characters of each.
pub fn compare_nocase(left: &[u8], right: &[u8], limit: Option<usize>) -> Ordering {
    let limit = limit.unwrap_or(usize::MAX);
    let shared = left.iter().zip(right).take(limit).take_while(|(a, b)| a == b && a.is_ascii()).count();
    let rest = limit - shared;
    let folded = |text| chars(text).take(rest).map(to_lower);
    folded(&left[shared..]).cmp(folded(&right[shared..]))
}

/// `string equal -nocase` of at most `limit` characters of each.
pub fn equal_nocase(left: &[u8], right: &[u8], limit: Option<usize>) -> bool {
    if limit.is_none() && left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    compare_nocase(left, right, limit) == Ordering::Equal
}

/// The order of `lsort -dictionary`: case counts only between texts that are
/// otherwise equal, and runs of ASCII digits compare as numbers, where leading
/// zeros count only between otherwise equal texts.
pub fn compare_dictionary(left: &[u8], right: &[u8]) -> Ordering {
    let (mut l, mut r) = (0, 0);
    // What decides if the texts are equal but for zeros and case.
    let mut secondary = Ordering::Equal;
    loop {
        match (left.get(l), right.get(r)) {
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => {
                let left_run = digit_run(left, l);
                let right_run = digit_run(right, r);
                let primary = compare_numbers(left_run, right_run);
                if primary != Ordering::Equal {
                    return primary;
                }
                secondary = secondary.then(left_run.len().cmp(&right_run.len()));
                l += left_run.len();
                r += right_run.len();
            }
            (Some(_), Some(_)) => {
                let (a, a_width) = decode(left, l);
                let (b, b_width) = decode(right, r);
                let primary = to_lower(a).cmp(&to_lower(b));
                if primary != Ordering::Equal {
                    return primary;
                }
                secondary = secondary.then_with(|| compare_case(a, b));
                l += a_width;
                r += b_width;
            }
            (a, b) => return a.is_some().cmp(&b.is_some()).then(secondary),
        }
    }
}

fn digit_run(text: &[u8], at: usize) -> &[u8] {
    let rest = &text[at..];
    let end = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
    &rest[..end]
}

fn compare_numbers(left: &[u8], right: &[u8]) -> Ordering {
    let significant = |run: &[u8]| run.iter().position(|b| *b != b'0').unwrap_or(run.len());
    let left = &left[significant(left)..];
    let right = &right[significant(right)..];
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// An upper case letter comes before its lower case form.
fn compare_case(left: u32, right: u32) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    let shape = |c| (Class::Upper.contains(c), Class::Lower.contains(c));
    match (shape(left), shape(right)) {
        ((true, _), (_, true)) => Ordering::Less,
        ((_, true), (true, _)) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn plain_and_nocase() {
        let check = |left: &str, right: &str, limit: Option<usize>, plain: Ordering, nocase: Ordering| {
            let (l, r) = (left.as_bytes(), right.as_bytes());
            assert_eq!(
                (compare(l, r, limit), compare_nocase(l, r, limit)),
                (plain, nocase),
                "{left} {right}"
            );
            assert_eq!(equal_nocase(l, r, limit), nocase == Equal);
        };
        check("abcd", "abdd", Some(2), Equal, Equal);
        check("abc", "abd", None, Less, Less);
        check("a", "b", Some(0), Equal, Equal);
        check("a\0", "a", None, Greater, Greater);
        check("A_", "AA", None, Greater, Less);
        check("É", "éa", Some(1), Less, Equal);
        check("\u{212A}", "k", None, Greater, Equal);
        check("ς", "σ", None, Less, Less);
    }

    #[test]
    fn dictionary() {
        let check = |left: &str, right: &str, expected: Ordering| {
            assert_eq!(compare_dictionary(left.as_bytes(), right.as_bytes()), expected, "{left} {right}");
            assert_eq!(compare_dictionary(right.as_bytes(), left.as_bytes()), expected.reverse());
        };
        check("a1", "a01", Less);
        check("A1", "a01", Less);
        check("a9", "a10", Less);
        check("a9a", "a09b", Less);
        check("bigBoy", "bigbang", Greater);
        check("bigbang", "bigboy", Less);
        check("bigBoy", "bigboy", Less);
        check("x9y", "x10y", Less);
        check("x10y", "x010z", Less);
        check("É", "é", Less);
        check("a", "", Greater);
        check("1", "a", Less);
    }
}
