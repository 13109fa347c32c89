//! Compressed streams: raw deflate, zlib and gzip, in both directions, a piece at a time.

use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress, Status};

/// What stands around the compressed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Nothing.
    Raw,
    /// A short header, and a checksum.
    Zlib,
    /// A header that can tell of a file, a checksum and the size.
    Gzip,
}

/// Why a stream cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The bytes are no such stream, for this reason.
    Broken(String),
    /// The stream is over.
    Ended,
    /// It was made with the dictionary that has this checksum.
    NeedsDictionary(u32),
}

impl Failure {
    fn broken(reason: &str) -> Failure {
        Failure::Broken(reason.to_owned())
    }
}

/// The header of a gzip stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// A comment.
    pub comment: Option<Vec<u8>>,
    /// The name of the file.
    pub filename: Option<Vec<u8>>,
    /// The number of the system that it comes from.
    pub system: u8,
    /// When the file was changed, in seconds since 1970; 0 for unknown.
    pub time: u32,
    /// Whether it is believed to be text.
    pub is_text: bool,
    /// Whether the header has a checksum.
    pub has_checksum: bool,
}

/// The number of Unix.
const UNIX: u8 = 3;
const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
const TEXT: u8 = 1;
const HEADER_CHECKSUM: u8 = 2;
const EXTRA: u8 = 4;
const FILENAME: u8 = 8;
const COMMENT: u8 = 16;

impl Default for Header {
    fn default() -> Header {
        Header { comment: None, filename: None, system: UNIX, time: 0, is_text: false, has_checksum: false }
    }
}

impl Header {
    fn bytes(&self) -> Vec<u8> {
        let mut flags = 0;
        for (is_set, flag) in [
            (self.is_text, TEXT),
            (self.has_checksum, HEADER_CHECKSUM),
            (self.filename.is_some(), FILENAME),
            (self.comment.is_some(), COMMENT),
        ] {
            flags |= if is_set { flag } else { 0 };
        }
        let mut out = GZIP_MAGIC.to_vec();
        out.push(flags);
        out.extend_from_slice(&self.time.to_le_bytes());
        out.extend_from_slice(&[0, self.system]);
        for text in [&self.filename, &self.comment].into_iter().flatten() {
            out.extend(text.iter().copied().filter(|byte| *byte != 0));
            out.push(0);
        }
        if self.has_checksum {
            out.extend_from_slice(&(crc32(0, &out) as u16).to_le_bytes());
        }
        out
    }

    /// The header at the start of bytes, and its length; none if more bytes are needed.
    fn parse(bytes: &[u8]) -> Result<Option<(Header, usize)>, Failure> {
        let known = bytes.len().min(GZIP_MAGIC.len());
        if bytes[..known] != GZIP_MAGIC[..known] {
            let is_other_method = known == GZIP_MAGIC.len() && bytes[..2] == GZIP_MAGIC[..2];
            let reason =
                if is_other_method { "unknown compression method" } else { "incorrect header check" };
            return Err(Failure::broken(reason));
        }
        if bytes.len() < 10 {
            return Ok(None);
        }
        let flags = bytes[3];
        let time = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        let mut header = Header { time, system: bytes[9], is_text: flags & TEXT != 0, ..Header::default() };
        let mut at = 10;
        if flags & EXTRA != 0 {
            let Some(length) = bytes.get(at..at + 2) else { return Ok(None) };
            at += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
        }
        for (flag, field) in [(FILENAME, &mut header.filename), (COMMENT, &mut header.comment)] {
            if flags & flag != 0 {
                let rest = bytes.get(at..).unwrap_or_default();
                let Some(end) = memchr::memchr(0, rest) else { return Ok(None) };
                *field = Some(rest[..end].to_vec());
                at += end + 1;
            }
        }
        header.has_checksum = flags & HEADER_CHECKSUM != 0;
        at += if header.has_checksum { 2 } else { 0 };
        Ok((bytes.len() >= at).then_some((header, at)))
    }
}

/// The CRC-32 of bytes that follow others with this one.
pub fn crc32(start: u32, bytes: &[u8]) -> u32 {
    if start == 0 {
        let mut crc = Crc::new();
        crc.update(bytes);
        return crc.sum();
    }
    let mut crc = !start;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 != 0 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// The Adler-32 of bytes that follow others with this one.
pub fn adler32(start: u32, bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    // So many bytes cannot overflow.
    const CHUNK: usize = 5552;
    let (mut low, mut high) = (start & 0xffff, start >> 16);
    for chunk in bytes.chunks(CHUNK) {
        for byte in chunk {
            low += u32::from(*byte);
            high += low;
        }
        low %= MODULUS;
        high %= MODULUS;
    }
    (high << 16) | low
}

/// The checksum of what went through a stream.
struct Checksum {
    format: Format,
    crc: Crc,
    adler: u32,
}

impl Checksum {
    fn new(format: Format) -> Checksum {
        Checksum { format, crc: Crc::new(), adler: 1 }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self.format {
            Format::Raw => {}
            Format::Zlib => self.adler = adler32(self.adler, bytes),
            Format::Gzip => self.crc.update(bytes),
        }
    }

    fn sum(&self) -> u32 {
        if self.format == Format::Gzip { self.crc.sum() } else { self.adler }
    }
}

/// How far output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// As the compressor likes.
    None,
    /// All that was written can be read.
    Sync,
    /// The same, and reading can begin there.
    Full,
    /// The stream ends.
    Finish,
}

/// A stream that is being compressed.
pub struct Deflater {
    engine: Compress,
    header: Option<Header>,
    checksum: Checksum,
    written: u32,
    ended: bool,
}

impl Deflater {
    /// A stream of this format and level (0 to 9, none for the usual one). Only gzip streams have the header, and
    /// only others the dictionary.
    pub fn new(format: Format, level: Option<u32>, header: Header, dictionary: &[u8]) -> Deflater {
        let level = level.map_or(Compression::default(), Compression::new);
        let mut engine = Compress::new(level, format == Format::Zlib);
        if format != Format::Gzip && !dictionary.is_empty() {
            // A new stream takes any dictionary.
            let _ = engine.set_dictionary(dictionary);
        }
        let header = (format == Format::Gzip).then_some(header);
        Deflater { engine, header, checksum: Checksum::new(format), written: 0, ended: false }
    }

    /// Compresses more.
    ///
    /// # Errors
    /// The stream is over.
    pub fn put(&mut self, mut input: &[u8], flush: Flush, out: &mut Vec<u8>) -> Result<(), Failure> {
        if self.ended {
            return if input.is_empty() { Ok(()) } else { Err(Failure::Ended) };
        }
        if let Some(header) = self.header.take() {
            out.extend_from_slice(&header.bytes());
        }
        self.checksum.update(input);
        self.written = self.written.wrapping_add(input.len() as u32);
        let mode = match flush {
            Flush::None => FlushCompress::None,
            Flush::Sync => FlushCompress::Sync,
            Flush::Full => FlushCompress::Full,
            Flush::Finish => FlushCompress::Finish,
        };
        loop {
            out.reserve(input.len() / 2 + 256);
            let before = self.engine.total_in();
            let room = out.capacity() - out.len();
            let had = out.len();
            let status = self
                .engine
                .compress_vec(input, out, mode)
                .map_err(|error| Failure::broken(error.message().unwrap_or_default()))?;
            input = &input[(self.engine.total_in() - before) as usize..];
            let is_full = out.len() - had == room;
            match (flush, status) {
                (Flush::Finish, Status::StreamEnd) => break,
                (Flush::Finish, _) => {}
                _ if input.is_empty() && !is_full => break,
                _ => {}
            }
        }
        if flush == Flush::Finish {
            self.ended = true;
            if self.checksum.format == Format::Gzip {
                out.extend_from_slice(&self.checksum.sum().to_le_bytes());
                out.extend_from_slice(&self.written.to_le_bytes());
            }
        }
        Ok(())
    }

    /// The checksum of what was put in.
    pub fn checksum(&self) -> u32 {
        self.checksum.sum()
    }

    /// Whether the stream is over.
    pub fn has_ended(&self) -> bool {
        self.ended
    }
}

/// A stream that is being read.
pub struct Inflater {
    engine: Decompress,
    /// The bytes of a header that is not complete, or of the checksum at the end.
    held: Vec<u8>,
    header: Option<Header>,
    checksum: Checksum,
    dictionary: Vec<u8>,
    size: u64,
    /// The compressed part is over; the checksum may be missing.
    inflated: bool,
    ended: bool,
}

/// The checksum and the size at the end of a gzip stream.
const TRAILER_BYTES: usize = 8;

impl Inflater {
    /// A stream of this format, perhaps made with a dictionary.
    pub fn new(format: Format, dictionary: &[u8]) -> Inflater {
        let mut engine = Decompress::new(format == Format::Zlib);
        if format == Format::Raw && !dictionary.is_empty() {
            let _ = engine.set_dictionary(dictionary);
        }
        Inflater {
            engine,
            held: Vec::new(),
            header: None,
            checksum: Checksum::new(format),
            dictionary: dictionary.to_vec(),
            size: 0,
            inflated: false,
            ended: false,
        }
    }

    /// Reads more of the stream; how many bytes of it. What follows the end is left.
    ///
    /// # Errors
    /// It is no such stream, or needs a dictionary.
    pub fn put(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<usize, Failure> {
        let mut at = 0;
        if self.checksum.format == Format::Gzip && self.header.is_none() {
            let had = self.held.len();
            self.held.extend_from_slice(input);
            let Some((header, length)) = Header::parse(&self.held)? else { return Ok(input.len()) };
            self.header = Some(header);
            at = length.saturating_sub(had);
            self.held.clear();
        }
        while !self.inflated {
            out.reserve((input.len() - at) * 3 + 256);
            let (before, had) = (self.engine.total_in(), out.len());
            let room = out.capacity() - had;
            let done = self.engine.decompress_vec(&input[at..], out, FlushDecompress::None);
            at += (self.engine.total_in() - before) as usize;
            self.checksum.update(&out[had..]);
            self.size += (out.len() - had) as u64;
            match done {
                Ok(Status::StreamEnd) => self.inflated = true,
                Ok(_) if out.len() - had == room => {}
                Ok(_) if at == input.len() => return Ok(at),
                Ok(_) if out.len() == had => return Ok(at),
                Ok(_) => {}
                Err(error) => match error.needs_dictionary() {
                    Some(wanted) if self.dictionary.is_empty() => {
                        return Err(Failure::NeedsDictionary(wanted));
                    }
                    Some(_) => {
                        let dictionary = std::mem::take(&mut self.dictionary);
                        self.engine
                            .set_dictionary(&dictionary)
                            .map_err(|_| Failure::broken("incorrect data check"))?;
                    }
                    None => return Err(Failure::broken(error.message().unwrap_or_default())),
                },
            }
        }
        if self.checksum.format != Format::Gzip {
            self.ended = true;
            return Ok(at);
        }
        let wanted = TRAILER_BYTES - self.held.len();
        let taken = wanted.min(input.len() - at);
        self.held.extend_from_slice(&input[at..at + taken]);
        if self.held.len() == TRAILER_BYTES && !self.ended {
            self.ended = true;
            let sum = u32::from_le_bytes([self.held[0], self.held[1], self.held[2], self.held[3]]);
            if sum != self.checksum.sum() {
                return Err(Failure::broken("incorrect data check"));
            }
        }
        Ok(at + taken)
    }

    /// The checksum of what was read.
    pub fn checksum(&self) -> u32 {
        self.checksum.sum()
    }

    /// The header, once it was read.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// How many bytes were read.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether all compressed bytes are there, though perhaps not the checksum behind them.
    pub fn is_complete(&self) -> bool {
        self.inflated
    }

    /// Whether the stream is over.
    pub fn has_ended(&self) -> bool {
        self.ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_come_back() {
        let text = b"some text, some text, some more text ".repeat(500);
        for format in [Format::Raw, Format::Zlib, Format::Gzip] {
            for piece in [1, 7, 100_000] {
                let header =
                    Header { comment: Some(b"hello".to_vec()), has_checksum: true, ..Header::default() };
                let mut deflater = Deflater::new(format, Some(9), header.clone(), b"");
                let mut stored = Vec::new();
                for chunk in text.chunks(piece) {
                    deflater.put(chunk, Flush::None, &mut stored).expect("it goes on");
                }
                deflater.put(b"", Flush::Finish, &mut stored).expect("it ends");
                stored.extend_from_slice(b"behind");
                let mut inflater = Inflater::new(format, b"");
                let (mut out, mut used) = (Vec::new(), 0);
                for chunk in stored.chunks(piece) {
                    if !inflater.has_ended() {
                        used += inflater.put(chunk, &mut out).expect("it is whole");
                    }
                }
                assert!(out == text, "{format:?} {piece}");
                assert_eq!(used, stored.len() - b"behind".len());
                assert_eq!(inflater.checksum(), deflater.checksum());
                if format == Format::Gzip {
                    assert_eq!(inflater.header(), Some(&header));
                }
            }
        }
    }

    #[test]
    fn dictionaries_and_broken_streams() {
        let mut stored = Vec::new();
        let mut deflater = Deflater::new(Format::Zlib, None, Header::default(), b"dictionary");
        deflater.put(b"dictionary", Flush::Finish, &mut stored).expect("it ends");
        let read = |dictionary: &[u8], stored: &[u8]| {
            let mut out = Vec::new();
            Inflater::new(Format::Zlib, dictionary).put(stored, &mut out).map(|_| out)
        };
        assert_eq!(read(b"dictionary", &stored), Ok(b"dictionary".to_vec()));
        assert_eq!(read(b"", &stored), Err(Failure::NeedsDictionary(adler32(1, b"dictionary"))));
        assert_eq!(read(b"", b"no stream"), Err(Failure::broken("incorrect header check")));
        assert_eq!(deflater.put(b"more", Flush::None, &mut stored), Err(Failure::Ended));
    }

    #[test]
    fn checksums_go_on() {
        let text = b"abcdeabcdeabcdeabcdeabcdeabcde";
        assert_eq!(crc32(0, text), 0x6f73_e901);
        assert_eq!(crc32(42, text), 0xce1c_4914);
        assert_eq!(crc32(crc32(0, &text[..7]), &text[7..]), crc32(0, text));
        assert_eq!(adler32(1, text), 0xb3b5_0b9b);
        assert_eq!(adler32(42, text), 0xb883_0bc4);
    }
}
