//! Source text: spans and lines.

/// A range of bytes of a source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Span {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(end) }
    }

    /// The bytes of `source` that the span covers.
    pub fn of<'a>(&self, source: &'a [u8]) -> &'a [u8] {
        &source[self.start as usize..self.end as usize]
    }
}

/// The line, counted from 1, that the byte at `offset` of `source` stands on.
pub fn line_of(source: &[u8], offset: usize) -> u32 {
    let newlines = memchr::memchr_iter(b'\n', &source[..offset.min(source.len())]).count();
    u32::try_from(newlines).unwrap_or(u32::MAX).saturating_add(1)
}
