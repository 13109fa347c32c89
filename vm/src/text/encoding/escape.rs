//! ISO 2022 encodings: escape sequences select the table in force.

use super::table::Table;
use super::{Encoding, Profile, Sink, State, Stop, Unencodable, builtin};
use tclring_compiler::syntax::text::{REPLACEMENT, chars};

/// A built-in escape encoding.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    initial: &'static [u8],
    /// The encodings and the sequences that select them; the first one is in force at the start.
    tables: &'static [(&'static str, &'static [u8])],
}

/// All of them, by name.
pub(super) static BUILTIN: [Builtin; 3] = [
    Builtin {
        name: "iso2022",
        initial: b"",
        tables: &[
            ("iso8859-1", b"\x1B(B"),
            ("jis0201", b"\x1B(J"),
            ("gb1988", b"\x1B(T"),
            ("jis0208", b"\x1B$B"),
            ("jis0208", b"\x1B$@"),
            ("jis0212", b"\x1B$(D"),
            ("gb2312", b"\x1B$A"),
            ("ksc5601", b"\x1B$(C"),
            ("jis0208", b"\x1B&@\x1B$B"),
        ],
    },
    Builtin {
        name: "iso2022-jp",
        initial: b"",
        tables: &[
            ("ascii", b"\x1B(B"),
            ("jis0201", b"\x1B(J"),
            ("jis0208", b"\x1B$B"),
            ("jis0208", b"\x1B$@"),
            ("jis0212", b"\x1B$(D"),
            ("gb2312", b"\x1B$A"),
            ("ksc5601", b"\x1B$(C"),
        ],
    },
    Builtin {
        name: "iso2022-kr",
        initial: b"\x1B$)C",
        tables: &[("iso8859-1", b"\x0F"), ("ksc5601", b"\x0E")],
    },
];

/// A table and the sequence that selects it.
#[derive(Debug)]
struct Selected {
    sequence: Vec<u8>,
    encoding: Encoding,
    /// The table where the encoding has none of its own.
    latin1: Option<Table>,
}

impl Selected {
    fn table(&self) -> &Table {
        let own = self.encoding.table().or(self.latin1.as_ref());
        own.expect("the constructor takes encodings with tables and ISO 8859-1 only")
    }
}

/// An escape encoding.
#[derive(Debug)]
pub(super) struct Escape {
    /// Written at the start and skipped in input.
    initial: Vec<u8>,
    /// Written at the end and skipped in input.
    last: Vec<u8>,
    tables: Vec<Selected>,
    /// The length of the longest sequence.
    longest: usize,
    /// The bytes that start a sequence.
    starts: Vec<u8>,
}

impl Escape {
    pub(super) fn builtin(row: &Builtin) -> Escape {
        let tables = row.tables.iter().map(|(name, sequence)| {
            let encoding = builtin(name).expect("the rows name built-in encodings");
            (sequence.to_vec(), encoding)
        });
        let escape = Escape::new(row.initial.to_vec(), Vec::new(), tables.collect());
        escape.expect("the rows name encodings with tables")
    }

    /// An escape encoding of these tables, of which there is at least one;
    /// `None` if an encoding has no table.
    pub(super) fn new(initial: Vec<u8>, last: Vec<u8>, tables: Vec<(Vec<u8>, Encoding)>) -> Option<Escape> {
        let mut selected = Vec::new();
        for (sequence, encoding) in tables {
            let latin1 = encoding.is_latin1().then(|| Table::low(0x100));
            if encoding.table().is_none() && latin1.is_none() {
                return None;
            }
            selected.push(Selected { sequence, encoding, latin1 });
        }
        if selected.is_empty() {
            return None;
        }
        let sequences = || selected.iter().map(|table| &table.sequence).chain([&initial, &last]);
        let longest = sequences().map(Vec::len).max().unwrap_or(0);
        let starts = sequences().filter_map(|sequence| sequence.first().copied()).collect();
        Some(Escape { initial, last, tables: selected, longest, starts })
    }

    pub(super) fn decode(
        &self,
        state: &mut usize,
        input: &[u8],
        at_end: bool,
        profile: Profile,
        sink: &mut Sink<'_>,
    ) -> (usize, Stop) {
        let mut at = 0;
        while at < input.len() {
            if self.starts.contains(&input[at]) {
                match self.sequence(state, &input[at..], at_end) {
                    Sequence::Known(length) => at += length,
                    Sequence::CutOff => return (at, Stop::Incomplete),
                    Sequence::Unknown if profile == Profile::Strict => return (at, Stop::Invalid(at)),
                    Sequence::Unknown if sink.room == 0 => return (at, Stop::Limit),
                    Sequence::Unknown => {
                        sink.push(REPLACEMENT);
                        at = input.len().min(at + self.longest);
                    }
                }
                continue;
            }
            if sink.room == 0 {
                return (at, Stop::Limit);
            }
            let table = self.tables[*state].table();
            let (character, length) = match (table.is_lead(input[at]), input.get(at + 1)) {
                (false, _) => (Some(table.character(0, input[at])), 1),
                (true, Some(trail)) => (Some(table.character(input[at], *trail)), 2),
                (true, None) => (None, 1),
            };
            match (character, profile) {
                (Some(character), _) => sink.push(u32::from(character)),
                (None, _) if !at_end => return (at, Stop::Incomplete),
                (None, Profile::Strict) => return (at, Stop::Invalid(at)),
                (None, _) => sink.push(REPLACEMENT),
            }
            at += length;
        }
        (at, Stop::Done)
    }

    /// The sequence at the start of `rest`; a known one changes the state.
    fn sequence(&self, state: &mut usize, rest: &[u8], at_end: bool) -> Sequence {
        let matches = |sequence: &[u8]| !sequence.is_empty() && rest.starts_with(sequence);
        if matches(&self.initial) {
            return Sequence::Known(self.initial.len());
        }
        if matches(&self.last) {
            return Sequence::Known(self.last.len());
        }
        if let Some(found) = self.tables.iter().position(|table| matches(&table.sequence)) {
            *state = found;
            return Sequence::Known(self.tables[found].sequence.len());
        }
        if rest.len() >= self.longest || at_end { Sequence::Unknown } else { Sequence::CutOff }
    }

    pub(super) fn encode(
        &self,
        state: &mut State,
        text: &[u8],
        at_end: bool,
        profile: Profile,
        out: &mut Vec<u8>,
    ) -> Result<(), Unencodable> {
        if !state.started {
            state.started = true;
            out.extend_from_slice(&self.initial);
        }
        let mut rest = chars(text);
        loop {
            let at = rest.offset();
            let Some(character) = rest.next() else { break };
            let has = |table: &Selected| character == 0 || table.table().cell(character) != 0;
            let current = &self.tables[state.table];
            let found = if has(current) { Some(state.table) } else { self.tables.iter().position(has) };
            let Some(found) = found else {
                if profile == Profile::Strict {
                    return Err(Unencodable { at, character });
                }
                current.table().push_cell(current.table().fallback(), out);
                continue;
            };
            let table = &self.tables[found];
            if found != state.table {
                state.table = found;
                out.extend_from_slice(&table.sequence);
            }
            table.table().push_cell(table.table().cell(character), out);
        }
        if at_end {
            if state.table != 0 {
                state.table = 0;
                out.extend_from_slice(&self.tables[0].sequence);
            }
            out.extend_from_slice(&self.last);
        }
        Ok(())
    }
}

/// What stands where a sequence starts.
enum Sequence {
    /// A sequence of this many bytes.
    Known(usize),
    /// Perhaps the start of one.
    CutOff,
    /// None of this encoding's.
    Unknown,
}
