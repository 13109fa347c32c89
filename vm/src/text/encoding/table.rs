//! Encodings of one or two bytes per character, by tables.

use super::single_tables::Single;
use super::{Profile, Sink, Stop, Unencodable, tcl8_byte};
use tclring_compiler::syntax::text::{REPLACEMENT, decode};

/// A page of cells; 0 is no character, or no cell.
pub(super) type Page = [u16; 256];

/// How many bytes characters have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One.
    Single,
    /// Two.
    Double,
    /// Two if the first one is a lead byte, else one.
    Multi,
}

/// An encoding's tables.
#[derive(Debug)]
pub(super) struct Table {
    fallback: u16,
    /// Whether a byte starts a character of two bytes.
    leads: [bool; 256],
    /// The characters by lead byte and trail byte; page 0 has those of one byte.
    characters: Vec<Option<Box<Page>>>,
    /// The cells by the high and low byte of the character.
    cells: Vec<Option<Box<Page>>>,
    /// Whether ASCII is encoded as itself.
    is_ascii: bool,
}

fn empty_pages() -> Vec<Option<Box<Page>>> {
    vec![None; 256]
}

fn look_up(pages: &[Option<Box<Page>>], high: usize, low: usize) -> u16 {
    pages.get(high).and_then(Option::as_ref).map_or(0, |page| page[low])
}

/// Collects the cells of a table.
pub(super) struct Builder {
    shape: Shape,
    leads: [bool; 256],
    characters: Vec<Option<Box<Page>>>,
}

impl Builder {
    pub(super) fn new(shape: Shape) -> Builder {
        Builder { shape, leads: [shape == Shape::Double; 256], characters: empty_pages() }
    }

    /// Makes sure of the page of a lead byte, which makes it a lead byte.
    pub(super) fn page(&mut self, lead: u8) -> &mut Page {
        if self.shape == Shape::Multi && lead != 0 {
            self.leads[usize::from(lead)] = true;
        }
        self.characters[usize::from(lead)].get_or_insert_with(|| Box::new([0; 256]))
    }

    /// Sets the character of a cell.
    pub(super) fn set(&mut self, cell: u16, character: u16) {
        let [lead, trail] = cell.to_be_bytes();
        self.page(lead)[usize::from(trail)] = character;
    }

    /// The finished table. With `symbol` every byte that has a character also
    /// encodes the character of its own number. `reverse` lists characters and
    /// the cells they are encoded as beyond the inverse of decoding.
    pub(super) fn finish(self, fallback: u16, symbol: bool, reverse: &[(u16, u16)]) -> Table {
        let mut cells = empty_pages();
        let mut set = |character: u16, cell: u16| {
            let [high, low] = character.to_be_bytes();
            let page = cells[usize::from(high)].get_or_insert_with(|| Box::new([0; 256]));
            page[usize::from(low)] = cell;
        };
        for (lead, page) in self.characters.iter().enumerate() {
            for (trail, character) in page.iter().flat_map(|page| page.iter().enumerate()) {
                if *character != 0 {
                    set(*character, (lead << 8 | trail) as u16);
                }
            }
        }
        if symbol {
            let page = self.characters[0].iter().flat_map(|page| page.iter().enumerate());
            for (byte, _) in page.filter(|(_, character)| **character != 0) {
                set(byte as u16, byte as u16);
            }
        }
        for (character, cell) in reverse {
            set(*character, *cell);
        }
        if self.shape == Shape::Multi && look_up(&cells, 0, usize::from(b'\\')) == 0 {
            let page = cells[0].get_or_insert_with(|| Box::new([0; 256]));
            page[usize::from(b'\\')] = u16::from(b'\\');
        }
        let mut table =
            Table { fallback, leads: self.leads, characters: self.characters, cells, is_ascii: false };
        table.is_ascii = (1..0x80_u16).all(|c| {
            let c = usize::from(c);
            !table.leads[c]
                && usize::from(look_up(&table.characters, 0, c)) == c
                && usize::from(look_up(&table.cells, 0, c)) == c
        });
        table
    }
}

impl Table {
    /// The table in which the bytes below `end` are the characters of their numbers.
    pub(super) fn low(end: u16) -> Table {
        let mut builder = Builder::new(Shape::Single);
        for byte in 0..end {
            builder.set(byte, byte);
        }
        builder.finish(u16::from(b'?'), false, &[])
    }

    /// The table of a built-in row.
    pub(super) fn of_single(single: &Single) -> Table {
        let mut builder = Builder::new(Shape::Single);
        for byte in 0..0x80 {
            builder.set(byte, byte);
        }
        for (byte, character) in single.lower {
            builder.set(u16::from(*byte), *character);
        }
        for (byte, character) in (0x80..).zip(single.upper) {
            builder.set(byte, character);
        }
        builder.finish(u16::from(single.fallback), single.symbol, &[])
    }

    /// Whether the byte starts a character of two bytes.
    pub(super) fn is_lead(&self, byte: u8) -> bool {
        self.leads[usize::from(byte)]
    }

    /// The character of the cell, 0 for none; `lead` is 0 for one byte.
    pub(super) fn character(&self, lead: u8, trail: u8) -> u16 {
        look_up(&self.characters, usize::from(lead), usize::from(trail))
    }

    /// The cell of a character, 0 for none and for NUL.
    pub(super) fn cell(&self, character: u32) -> u16 {
        look_up(&self.cells, (character >> 8) as usize, (character & 0xFF) as usize)
    }

    /// What stands for characters that the encoding lacks.
    pub(super) fn fallback(&self) -> u16 {
        self.fallback
    }

    /// Appends the bytes of a cell.
    pub(super) fn push_cell(&self, cell: u16, out: &mut Vec<u8>) {
        let [lead, trail] = cell.to_be_bytes();
        if self.is_lead(lead) {
            out.push(lead);
        }
        out.push(trail);
    }

    pub(super) fn decode(
        &self,
        input: &[u8],
        at_end: bool,
        profile: Profile,
        sink: &mut Sink<'_>,
    ) -> (usize, Stop) {
        let mut at = 0;
        loop {
            if self.is_ascii {
                at += sink.copy_ascii(&input[at..]);
            }
            let Some(byte) = input.get(at).copied() else { return (at, Stop::Done) };
            if sink.room == 0 {
                return (at, Stop::Limit);
            }
            let lead = self.is_lead(byte);
            let (character, length) = match (lead, input.get(at + 1)) {
                (false, _) => (Some(self.character(0, byte)), 1),
                (true, Some(trail)) => (Some(self.character(byte, *trail)), 2),
                (true, None) if !at_end => return (at, Stop::Incomplete),
                (true, None) => (None, 1),
            };
            if let Some(known) = character.filter(|c| *c != 0 || byte == 0) {
                sink.push(u32::from(known));
                at += length;
                continue;
            }
            match profile {
                // A bad pair is reported for its second byte.
                Profile::Strict => return (at, Stop::Invalid(at + length - 1)),
                // A lead byte at the end keeps its number.
                Profile::Tcl8 if character.is_none() => sink.push(u32::from(byte)),
                Profile::Tcl8 => sink.push(tcl8_byte(byte)),
                Profile::Replace => sink.push(REPLACEMENT),
            }
            at += 1;
        }
    }

    pub(super) fn encode(&self, text: &[u8], profile: Profile, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        let mut at = 0;
        while at < text.len() {
            if self.is_ascii && text[at] < 0x80 {
                let length = encoding_rs::Encoding::ascii_valid_up_to(&text[at..]);
                out.extend_from_slice(&text[at..at + length]);
                at += length;
                continue;
            }
            let (character, width) = decode(text, at);
            let mut cell = self.cell(character);
            if cell == 0 && character != 0 {
                if profile == Profile::Strict {
                    return Err(Unencodable { at, character });
                }
                cell = self.fallback;
            }
            self.push_cell(cell, out);
            at += width;
        }
        Ok(())
    }
}
