//! Places in a source text: byte ranges and line numbers.

use memchr::memchr_iter;

/// A half-open range of byte offsets in a source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// Makes a span of two byte offsets.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end, "a span ends where it starts or later");
        Span { start: offset(start), end: offset(end) }
    }

    /// The span of a whole source text.
    pub fn whole(source: &[u8]) -> Span {
        Span::new(0, source.len())
    }

    /// The number of bytes covered.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The bytes of `source` that the span covers.
    pub fn of(self, source: &[u8]) -> &[u8] {
        &source[self.start as usize..self.end as usize]
    }
}

/// A byte offset as it is kept in a [`Span`]; beyond 4 GiB, where no script is
/// parsed, the largest.
pub fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The line, counted from 1, of the byte `offset` of `text`: one more than the
/// number of line feeds before it.
pub fn line_of(text: &[u8], offset: usize) -> u32 {
    let newlines = memchr_iter(b'\n', &text[..offset.min(text.len())]).count();
    u32::try_from(newlines).unwrap_or(u32::MAX).saturating_add(1)
}

/// The line starts of a text, for many questions about the same text.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the line starts of `text`.
    pub fn new(text: &[u8]) -> LineIndex {
        let mut starts = vec![0];
        starts.extend(memchr_iter(b'\n', text).map(|at| offset(at + 1)));
        LineIndex { starts }
    }

    /// The line, counted from 1, of a byte offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_counting_lines_agree() {
        let text = b"a\n\nbc\n";
        let index = LineIndex::new(text);
        for (offset, line) in [(0, 1), (1, 1), (2, 2), (3, 3), (5, 3), (6, 4), (9, 4)] {
            assert_eq!(line_of(text, offset), line, "offset {offset}");
            assert_eq!(index.line(offset as u32), line, "offset {offset}");
        }
    }
}
