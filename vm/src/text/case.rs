//! Simple (one to one) case mappings of code points and texts.
//!
//! Comparison without case folds by [`to_lower`], as the reference does: two
//! characters are alike when their lower case forms are equal.

use super::case_tables::{LOWER, Run, UPPER};
use tclring_compiler::syntax::text::{chars, push_char};

/// The upper case form of `c`, or `c` itself.
#[inline]
pub fn to_upper(c: u32) -> u32 {
    if c < 0x80 {
        return u32::from((c as u8).to_ascii_uppercase());
    }
    map(&UPPER, c)
}

/// The lower case form of `c`, or `c` itself.
#[inline]
pub fn to_lower(c: u32) -> u32 {
    if c < 0x80 {
        return u32::from((c as u8).to_ascii_lowercase());
    }
    map(&LOWER, c)
}

/// The title case form of `c`: the upper case form but for the digraphs that
/// have a form of their own and the Georgian letters, which keep theirs.
pub fn to_title(c: u32) -> u32 {
    match c {
        0x1C4..=0x1C6 => 0x1C5,
        0x1C7..=0x1C9 => 0x1C8,
        0x1CA..=0x1CC => 0x1CB,
        0x1F1..=0x1F3 => 0x1F2,
        0x10D0..=0x10FA | 0x10FD..=0x10FF => c,
        _ => to_upper(c),
    }
}

fn map(table: &[Run], c: u32) -> u32 {
    let after = table.partition_point(|run| run.0 <= c);
    let Some(&(first, last, step, delta)) = after.checked_sub(1).and_then(|i| table.get(i)) else {
        return c;
    };
    if c <= last && (c - first).is_multiple_of(step) { c.wrapping_add_signed(delta) } else { c }
}

/// The text in upper case.
pub fn upper(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() { text.to_ascii_uppercase() } else { mapped(text, to_upper) }
}

/// The text in lower case.
pub fn lower(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() { text.to_ascii_lowercase() } else { mapped(text, to_lower) }
}

/// The text with its first character in title case and the others in lower case.
pub fn title(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = chars(text);
    if let Some(first) = rest.next() {
        push_char(&mut out, to_title(first));
        // Georgian capitals keep their form here.
        let others = |c: u32| if (0x1C90..0x1CC0).contains(&c) { c } else { to_lower(c) };
        out.extend_from_slice(&mapped(&text[rest.offset()..], others));
    }
    out
}

fn mapped(text: &[u8], mapping: impl Fn(u32) -> u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in chars(text) {
        push_char(&mut out, mapping(c));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let check = |text: &str, up: &str, low: &str, tit: &str| {
            assert_eq!(upper(text.as_bytes()), up.as_bytes());
            assert_eq!(lower(text.as_bytes()), low.as_bytes());
            assert_eq!(title(text.as_bytes()), tit.as_bytes());
        };
        check("", "", "", "");
        check("aBC d", "ABC D", "abc d", "Abc d");
        check("éÉß ǆ", "ÉÉß Ǆ", "ééß ǆ", "Ééß ǆ");
        check("ǆA", "ǄA", "ǆa", "ǅa");
        check("İ\u{212A}", "İ\u{212A}", "ik", "İk");
        check("ა", "Ა", "ა", "ა");
    }

    #[test]
    fn every_mapping_is_accounted_for() {
        let changed = |mapping: fn(u32) -> u32| (0..=0x10_FFFF).filter(|c| mapping(*c) != *c).count();
        assert_eq!((changed(to_upper), changed(to_lower), changed(to_title)), (1485, 1486, 1439));
    }
}
