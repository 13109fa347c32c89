//! What was noticed about a pattern while it was read: the words of `-about`.

/// A set of noticed properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notes(u16);

/// One property; its value is its bit in [`Notes`] and its place in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Note {
    /// A back reference.
    BackReference,
    /// A lookahead constraint.
    Lookahead,
    /// A bound.
    Bounds,
    /// A literal `{`.
    Braces,
    /// A backslash before an alphanumeric character that means nothing there.
    BackslashAlnum,
    /// An unmatched `)` in an ERE.
    ParenthesisBotch,
    /// A backslash in a bracket expression.
    BackslashInBrackets,
    /// Something that POSIX does not have.
    NonPosix,
    /// Something that POSIX leaves open.
    Unspecified,
    /// Something that depends on the machine's characters.
    Unportable,
    /// Something that depends on the locale.
    Locale,
    /// The pattern can match the empty string.
    EmptyMatch,
    /// The pattern cannot match anything.
    Impossible,
    /// The pattern prefers the shortest match.
    Shortest,
}

/// The properties with their words, in the order of the report.
const WORDS: [(Note, &str); 14] = [
    (Note::BackReference, "REG_UBACKREF"),
    (Note::Lookahead, "REG_ULOOKAHEAD"),
    (Note::Bounds, "REG_UBOUNDS"),
    (Note::Braces, "REG_UBRACES"),
    (Note::BackslashAlnum, "REG_UBSALNUM"),
    (Note::ParenthesisBotch, "REG_UPBOTCH"),
    (Note::BackslashInBrackets, "REG_UBBS"),
    (Note::NonPosix, "REG_UNONPOSIX"),
    (Note::Unspecified, "REG_UUNSPEC"),
    (Note::Unportable, "REG_UUNPORT"),
    (Note::Locale, "REG_ULOCALE"),
    (Note::EmptyMatch, "REG_UEMPTYMATCH"),
    (Note::Impossible, "REG_UIMPOSSIBLE"),
    (Note::Shortest, "REG_USHORTEST"),
];

impl Notes {
    /// Adds `note`.
    pub(super) fn add(&mut self, note: Note) {
        self.0 |= 1 << note as u8;
    }

    /// Whether `note` was added.
    pub fn has(self, note: Note) -> bool {
        self.0 & 1 << note as u8 != 0
    }

    /// The words of the noticed properties, in the reference's order.
    pub fn words(self) -> Vec<&'static str> {
        WORDS.iter().filter(|(note, _)| self.has(*note)).map(|(_, word)| *word).collect()
    }
}
