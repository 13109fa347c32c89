//! Finding the name of a month, a weekday or an era at the start of a text.

use crate::text::case;
use tclring_compiler::syntax::text;

/// The index of the name that `input` starts with, and how many bytes of the
/// input it takes. Case does not matter. A name may be cut short as long as it is
/// clear which one it is; `groups` are lists of names for the same things, so
/// that the index counts within each.
pub(crate) fn match_name(input: &[u8], groups: &[&[Vec<u8>]]) -> Option<(usize, usize)> {
    let mut best = Best::default();
    for group in groups {
        for (index, name) in group.iter().enumerate() {
            best.offer(input, index, name);
        }
    }
    best.result()
}

/// The longest match so far.
#[derive(Default)]
struct Best {
    bytes: usize,
    index: Option<usize>,
    /// Names of different indexes match equally far.
    ambiguous: bool,
    /// Whether the match is a whole name.
    whole: bool,
}

impl Best {
    fn offer(&mut self, input: &[u8], index: usize, name: &[u8]) {
        let (bytes, name_bytes) = common_prefix(input, name);
        if bytes == 0 || bytes < self.bytes {
            return;
        }
        let whole = name_bytes == name.len();
        if bytes > self.bytes || (whole && !self.whole) {
            *self = Best { bytes, index: Some(index), ambiguous: false, whole };
        } else if whole == self.whole && self.index != Some(index) && !whole {
            self.ambiguous = true;
        }
    }

    fn result(self) -> Option<(usize, usize)> {
        if self.ambiguous { None } else { self.index.map(|index| (index, self.bytes)) }
    }
}

/// How many bytes of both texts are the same but for case.
pub(crate) fn common_prefix(a: &[u8], b: &[u8]) -> (usize, usize) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        let (c, width) = text::decode(a, i);
        let (d, other_width) = text::decode(b, j);
        if c != d && case::to_lower(c) != case::to_lower(d) {
            break;
        }
        i += width;
        j += other_width;
    }
    (i, j)
}
