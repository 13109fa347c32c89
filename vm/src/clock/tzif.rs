//! Reader of compiled time zone files (RFC 8536, versions 1 to 4).

use super::posix_zone::PosixZone;
use super::zone::{Transition, Zone, ZoneBuilder};

/// Why a file is no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TzifError {
    /// It does not start as a zone file does, or is cut off.
    NotAZone,
    /// It counts leap seconds, which Tcl's time does not.
    LeapSeconds,
}

const MAGIC: &[u8] = b"TZif";
const HEADER_BYTES: usize = 44;

/// The counts in a header, in the order of the file.
struct Header {
    version: u8,
    universal_count: usize,
    standard_count: usize,
    leap_count: usize,
    time_count: usize,
    type_count: usize,
    name_bytes: usize,
}

impl Header {
    fn parse(file: &[u8]) -> Option<Header> {
        if !file.starts_with(MAGIC) || file.len() < HEADER_BYTES {
            return None;
        }
        let count =
            |index: usize| -> usize { read_i32(file, 20 + 4 * index).map_or(0, |n| n as u32 as usize) };
        Some(Header {
            version: file[4],
            universal_count: count(0),
            standard_count: count(1),
            leap_count: count(2),
            time_count: count(3),
            type_count: count(4),
            name_bytes: count(5),
        })
    }

    /// The size of the block after the header, with times of `width` bytes.
    fn block_bytes(&self, width: usize) -> usize {
        self.time_count * (width + 1)
            + self.type_count * 6
            + self.name_bytes
            + self.leap_count * (width + 4)
            + self.standard_count
            + self.universal_count
    }
}

fn read_i32(bytes: &[u8], at: usize) -> Option<i32> {
    bytes.get(at..at + 4).map(|b| i32::from_be_bytes([b[0], b[1], b[2], b[3]]))
}

fn read_i64(bytes: &[u8], at: usize) -> Option<i64> {
    let high = read_i32(bytes, at)?;
    let low = read_i32(bytes, at + 4)?;
    Some(i64::from(high) << 32 | i64::from(low as u32))
}

/// Reads a file into a zone. Changes after the last one of the file follow from
/// its footer, up to the year that POSIX rules are expanded to.
pub(crate) fn parse(file: &[u8]) -> Result<Zone, TzifError> {
    let mut header = Header::parse(file).ok_or(TzifError::NotAZone)?;
    let mut block = &file[HEADER_BYTES..];
    let mut width = 4;
    if header.version >= b'2' {
        let second = block.get(header.block_bytes(4)..).ok_or(TzifError::NotAZone)?;
        header = Header::parse(second).ok_or(TzifError::NotAZone)?;
        block = &second[HEADER_BYTES..];
        width = 8;
    }
    if header.leap_count != 0 {
        return Err(TzifError::LeapSeconds);
    }
    let size = header.block_bytes(width);
    if block.len() < size || header.type_count == 0 {
        return Err(TzifError::NotAZone);
    }
    let mut builder = ZoneBuilder::default();
    read_block(&header, block, width, &mut builder).ok_or(TzifError::NotAZone)?;
    if width == 8
        && let Some(footer) = footer(&block[size..])
        && let Some(rules) = PosixZone::parse(footer, true)
    {
        let last = builder.last();
        rules.expand(&mut builder, last);
    }
    Ok(builder.finish())
}

/// The line between the newlines after the second block.
fn footer(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.strip_prefix(b"\n")?;
    let end = rest.iter().position(|&b| b == b'\n')?;
    Some(&rest[..end])
}

fn read_block(header: &Header, block: &[u8], width: usize, builder: &mut ZoneBuilder) -> Option<()> {
    let indexes_at = header.time_count * width;
    let types_at = indexes_at + header.time_count;
    let names_at = types_at + header.type_count * 6;
    let names = &block[names_at..names_at + header.name_bytes];
    let type_of = |index: usize, builder: &mut ZoneBuilder| -> Option<u16> {
        let row = block.get(types_at + 6 * index..names_at)?;
        let offset = read_i32(row, 0)?;
        let name = names.get(usize::from(*row.get(5)?)..)?;
        let end = name.iter().position(|&b| b == 0).unwrap_or(name.len());
        Some(builder.local_type(offset, row[4] != 0, &name[..end]))
    };
    let first = type_of(0, builder)?;
    builder.push(Transition { at: i64::MIN, local_type: first });
    let mut previous = i64::MIN;
    for i in 0..header.time_count {
        let at = if width == 8 { read_i64(block, 8 * i)? } else { i64::from(read_i32(block, 4 * i)?) };
        let local_type = type_of(usize::from(block[indexes_at + i]), builder)?;
        if at > previous {
            builder.push(Transition { at, local_type });
            previous = at;
        }
    }
    Some(())
}
