//! What "without case" means: the counterparts of a character, and when two
//! characters of the text are alike for a back reference.
//!
//! The counterparts are the lower, upper and title case forms, in one step: `s`
//! is not a counterpart of U+017F though that has `S`. The case mapping of the
//! commands leaves out characters whose mapping would take more bytes; a
//! regular expression does not.

use crate::text::case::{to_lower, to_title, to_upper};
use std::sync::OnceLock;

/// The case mappings that [`crate::text::case`] leaves out: a character and
/// its other form, the first two lower case forms, the others upper case.
#[rustfmt::skip]
const LONGER_FORMS: [(u32, u32); 22] = [
    (0x23A, 0x2C65), (0x23E, 0x2C66), (0x19B, 0xA7DC), (0x23F, 0x2C7E), (0x240, 0x2C7F),
    (0x250, 0x2C6F), (0x251, 0x2C6D), (0x252, 0x2C70), (0x25C, 0xA7AB), (0x261, 0xA7AC),
    (0x264, 0xA7CB), (0x265, 0xA78D), (0x266, 0xA7AA), (0x26A, 0xA7AE), (0x26B, 0x2C62),
    (0x26C, 0xA7AD), (0x271, 0x2C6E), (0x27D, 0x2C64), (0x282, 0xA7C5), (0x287, 0xA7B1),
    (0x29D, 0xA7B2), (0x29E, 0xA7B0),
];

/// Behind the last character that has a case.
const CASED_END: u32 = 0x1_E944;

/// The characters that `c` matches without case, `c` itself first; some may
/// appear more than once.
pub(super) fn counterparts(c: u32) -> [u32; 5] {
    if c < 0x80 {
        let c = c as u8;
        let (lower, upper) = (c.to_ascii_lowercase(), c.to_ascii_uppercase());
        return [c, lower, upper, lower, upper].map(u32::from);
    }
    let longer = LONGER_FORMS.iter().find(|form| form.0 == c).map_or(c, |form| form.1);
    [c, to_lower(c), to_upper(c), to_title(c), longer]
}

/// The form by which a back reference without case compares characters.
#[inline]
pub(super) fn folded(c: u32) -> u32 {
    match c {
        0x23A => 0x2C65,
        0x23E => 0x2C66,
        _ => to_lower(c),
    }
}

/// The characters that have other counterparts than themselves, ascending.
pub(super) fn cased() -> &'static [u32] {
    static CASED: OnceLock<Vec<u32>> = OnceLock::new();
    CASED.get_or_init(|| (0..CASED_END).filter(|c| counterparts(*c).iter().any(|d| d != c)).collect())
}
