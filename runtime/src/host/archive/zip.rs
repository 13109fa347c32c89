//! The format of zip archives: reading the directory and the files, and writing archives.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::crypt::{self, Cipher, checksum};

const LOCAL_SIGNATURE: &[u8] = b"PK\x03\x04";
const CENTRAL_SIGNATURE: &[u8] = b"PK\x01\x02";
const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;

/// The file is encrypted.
const ENCRYPTED: u16 = 1;
/// Sizes and checksum follow the content.
const STREAMED: u16 = 1 << 3;
/// The name is in UTF-8.
const UTF8: u16 = 1 << 11;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// What is wrong with an archive, and the last word of the error's code.
pub type Failure = (&'static str, &'static str);

/// A file in an archive.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path below the root of the archive, without separators around it; a directory has `is_directory`.
    pub name: Vec<u8>,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// The size of its content.
    pub size: u64,
    /// The size of what is stored of it.
    pub stored_size: u64,
    /// Where what is stored begins in the file.
    pub offset: usize,
    /// The checksum that the directory has.
    pub checksum: u32,
    /// Date and time in the form of DOS, the date above.
    pub time: u32,
    local_checksum: u32,
    local_size: u32,
    flags: u16,
    method: u16,
}

/// The directory of an archive.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Where the archive begins in its file.
    pub start: usize,
    /// The files.
    pub entries: Vec<Entry>,
}

fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

fn long(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// Reads the directory of an archive.
///
/// # Errors
/// What is wrong with it.
pub fn directory(bytes: &[u8]) -> Result<Directory, Failure> {
    if bytes.len() < END_BYTES {
        return Err(("illegal file size", "FILE_SIZE"));
    }
    let end = memchr::memmem::rfind(&bytes[..bytes.len() - END_BYTES + END_SIGNATURE.len()], END_SIGNATURE)
        .ok_or(("archive directory end signature not found", "END_SIG"))?;
    let count = usize::from(short(bytes, end + 8));
    if count == 0 {
        return Err(("empty archive", "EMPTY"));
    }
    let size = long(bytes, end + 12) as usize;
    let offset = long(bytes, end + 16) as usize;
    let truncated = ("archive directory truncated", "NO_DIR");
    let central = end.checked_sub(size).ok_or(truncated)?;
    let start = central.checked_sub(offset).ok_or(truncated)?;
    let mut entries = Vec::with_capacity(count);
    let mut at = central;
    for _ in 0..count {
        if end - at < CENTRAL_BYTES {
            return Err(("truncated directory", "TRUNC_DIR"));
        }
        if !bytes[at..].starts_with(CENTRAL_SIGNATURE) {
            return Err(("wrong header signature", "HDR_SIG"));
        }
        let [name, extra, comment] = [28, 30, 32].map(|field| usize::from(short(bytes, at + field)));
        let next = at + CENTRAL_BYTES + name + extra + comment;
        if next > end {
            return Err(("truncated directory", "TRUNC_DIR"));
        }
        let local = start + long(bytes, at + 42) as usize;
        if !bytes
            .get(local..)
            .is_some_and(|rest| rest.len() >= LOCAL_BYTES && rest.starts_with(LOCAL_SIGNATURE))
        {
            return Err(("Failed to find local header", "LCL_HDR"));
        }
        entries.push(entry(bytes, at, name, local));
        at = next;
    }
    if at != end {
        return Err(("short file count", "FILE_COUNT"));
    }
    entries.retain(|entry| !entry.name.is_empty());
    Ok(Directory { start, entries })
}

fn entry(bytes: &[u8], at: usize, name_bytes: usize, local: usize) -> Entry {
    let flags = short(bytes, at + 8);
    let raw = &bytes[at + CENTRAL_BYTES..at + CENTRAL_BYTES + name_bytes];
    let names = usize::from(short(bytes, local + 26)) + usize::from(short(bytes, local + 28));
    Entry {
        is_directory: raw.last() == Some(&b'/'),
        name: path_of(raw, flags & UTF8 != 0),
        size: u64::from(long(bytes, at + 24)),
        stored_size: u64::from(long(bytes, at + 20)),
        offset: local + LOCAL_BYTES + names,
        checksum: long(bytes, at + 16),
        time: long(bytes, at + 12),
        local_checksum: long(bytes, local + 14),
        local_size: long(bytes, local + 22),
        flags,
        method: short(bytes, at + 10),
    }
}

/// The path that a name means: below the root, whatever it says.
fn path_of(raw: &[u8], is_utf8: bool) -> Vec<u8> {
    let text = match tclring_vm::text::encoding::builtin("cp437") {
        Some(old) if !is_utf8 && std::str::from_utf8(raw).is_err() => {
            old.decode_all(raw, tclring_vm::text::encoding::Profile::Tcl8).0
        }
        _ => String::from_utf8_lossy(raw).into_owned().into_bytes(),
    };
    let text = match text.as_slice() {
        [drive, b':', rest @ ..] if drive.is_ascii_alphabetic() => rest.to_vec(),
        _ => text,
    };
    let parts = text.split(|byte| matches!(byte, b'/' | b'\\'));
    let parts: Vec<&[u8]> = parts.filter(|part| !matches!(*part, b"" | b"." | b"..")).collect();
    parts.join(&b'/')
}

impl Entry {
    /// The content.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn content(&self, bytes: &[u8], password: &[u8]) -> Result<Vec<u8>, Failure> {
        if self.local_size == u32::MAX && self.size != u64::from(u32::MAX) {
            return Err(("file size error (may be zip64)", "FILE_SIZE"));
        }
        if self.method != STORED && self.method != DEFLATED {
            return Err(("unsupported compression method", "COMP_METHOD"));
        }
        let end = self.offset.saturating_add(self.stored_size as usize);
        let stored = bytes.get(self.offset..end).ok_or(("decompression error", "CORRUPT"))?;
        let plain;
        let stored = if self.flags & ENCRYPTED != 0 {
            plain = self.decrypted(stored, password)?;
            plain.as_slice()
        } else {
            stored
        };
        let content = if self.method == STORED { stored.to_vec() } else { self.inflated(stored)? };
        let expected = if self.flags & STREAMED != 0 { self.checksum } else { self.local_checksum };
        if checksum(&content) != expected {
            return Err(("invalid CRC", "CRC_FAILED"));
        }
        Ok(content)
    }

    fn decrypted(&self, stored: &[u8], password: &[u8]) -> Result<Vec<u8>, Failure> {
        if password.is_empty() {
            return Err(("decryption failed - no password provided", "DECRYPT"));
        }
        let (header, secret) =
            stored.split_at_checked(crypt::HEADER_BYTES).ok_or(("decompression error", "CORRUPT"))?;
        let mut cipher = Cipher::new(password);
        let check = cipher.decrypt(header)[crypt::HEADER_BYTES - 1];
        // Which of the two it is depends on who wrote the archive.
        let is_right = check == (self.checksum >> 24) as u8 || check == (self.time >> 8) as u8;
        if !is_right {
            return Err(("invalid password", "PASSWORD"));
        }
        Ok(cipher.decrypt(secret))
    }

    fn inflated(&self, stored: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut content = Vec::new();
        let limit = self.size.saturating_add(1);
        let read = DeflateDecoder::new(stored).take(limit).read_to_end(&mut content);
        match read {
            Ok(_) if content.len() as u64 == self.size => Ok(content),
            _ => Err(("decompression error", "CORRUPT")),
        }
    }
}

/// A file to be written.
pub struct Source {
    /// Its name in the archive.
    pub name: Vec<u8>,
    /// Its content.
    pub content: Vec<u8>,
    /// Date and time in the form of DOS.
    pub time: u32,
}

/// The archive of files. With a password they are encrypted; `salt` is what the headers of encryption are made of.
/// Positions are counted from its own start, whatever will stand before it in its file.
///
/// # Errors
/// It is too large for the format.
pub fn write(sources: &[Source], password: &[u8], salt: u64) -> Result<Vec<u8>, Failure> {
    let too_large = ("file too large", "FILE_SIZE");
    let mut out = Vec::new();
    let mut central = Vec::new();
    let mut salt = salt | 1;
    for source in sources {
        let offset = u32::try_from(out.len()).map_err(|_| too_large)?;
        let size = u32::try_from(source.content.len()).map_err(|_| too_large)?;
        let sum = checksum(&source.content);
        let squeezed = deflated(&source.content);
        let (method, mut stored) = if squeezed.len() < source.content.len() {
            (DEFLATED, squeezed)
        } else {
            (STORED, source.content.clone())
        };
        let mut flags = UTF8;
        if !password.is_empty() {
            flags |= ENCRYPTED;
            let mut plain: Vec<u8> = Vec::with_capacity(stored.len() + crypt::HEADER_BYTES);
            for _ in 1..crypt::HEADER_BYTES {
                salt ^= salt << 13;
                salt ^= salt >> 7;
                salt ^= salt << 17;
                plain.push(salt as u8);
            }
            plain.push((sum >> 24) as u8);
            plain.extend_from_slice(&stored);
            stored = Cipher::new(password).encrypt(&plain);
        }
        let mut shared = Vec::new();
        for field in [20, flags, method] {
            shared.extend_from_slice(&field.to_le_bytes());
        }
        let stored_size = u32::try_from(stored.len()).map_err(|_| too_large)?;
        for field in [source.time, sum, stored_size, size] {
            shared.extend_from_slice(&field.to_le_bytes());
        }
        let name = u16::try_from(source.name.len()).map_err(|_| ("path too long", "PATH_LEN"))?;
        shared.extend_from_slice(&name.to_le_bytes());
        shared.extend_from_slice(&0u16.to_le_bytes());
        out.extend_from_slice(LOCAL_SIGNATURE);
        out.extend_from_slice(&shared);
        out.extend_from_slice(&source.name);
        out.extend_from_slice(&stored);
        central.extend_from_slice(CENTRAL_SIGNATURE);
        central.extend_from_slice(&20u16.to_le_bytes());
        central.extend_from_slice(&shared);
        // No comment, disk 0, no attributes.
        central.extend_from_slice(&[0; 10]);
        central.extend_from_slice(&offset.to_le_bytes());
        central.extend_from_slice(&source.name);
    }
    let count = u16::try_from(sources.len()).map_err(|_| ("too many files", "FILE_COUNT"))?;
    let offset = u32::try_from(out.len()).map_err(|_| too_large)?;
    let size = u32::try_from(central.len()).map_err(|_| too_large)?;
    out.append(&mut central);
    out.extend_from_slice(END_SIGNATURE);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&offset.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    Ok(out)
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Vec<Source> {
        let source = |name: &str, content: Vec<u8>| Source { name: name.into(), content, time: 0x2345_6789 };
        vec![
            source("a/b.txt", b"x".repeat(1000)),
            source("short", b"y".to_vec()),
            source("empty", Vec::new()),
        ]
    }

    #[test]
    fn what_is_written_can_be_read() {
        for (password, start) in [(&b""[..], 0), (b"secret", 0), (b"", 7)] {
            let mut bytes = vec![b'#'; start];
            bytes.extend(write(&sources(), password, 5).expect("it is small"));
            bytes.extend_from_slice(b"behind");
            let directory = directory(&bytes).expect("it is whole");
            assert_eq!(directory.start, start);
            for (entry, source) in directory.entries.iter().zip(sources()) {
                assert_eq!(entry.name, source.name);
                assert_eq!(entry.content(&bytes, password), Ok(source.content));
                if !password.is_empty() {
                    assert_eq!(entry.content(&bytes, b"").map_err(|(_, code)| code), Err("DECRYPT"));
                }
            }
        }
    }

    #[test]
    fn broken_archives() {
        let whole = write(&sources(), b"", 5).expect("it is small");
        let check = |bytes: &[u8], expected: &str| match directory(bytes) {
            Ok(_) => assert_eq!("whole", expected),
            Err((message, _)) => assert_eq!(message, expected),
        };
        check(&whole, "whole");
        check(b"", "illegal file size");
        check(&[b'x'; 100], "archive directory end signature not found");
        let end = whole.len() - END_BYTES;
        let change = |at: usize, byte: u8| {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            bytes
        };
        check(&change(end + 8, 0), "empty archive");
        check(&change(end + 8, 2), "short file count");
        check(&change(end + 8, 4), "truncated directory");
        check(&change(end + 14, 9), "archive directory truncated");
        check(&change(0, b'x'), "Failed to find local header");
        // Nothing panics, whatever is broken.
        for at in 0..whole.len() {
            for byte in [0, 0x7f, 0xff] {
                let bytes = change(at, byte);
                if let Ok(directory) = directory(&bytes) {
                    for entry in directory.entries {
                        let _ = entry.content(&bytes, b"x");
                    }
                }
            }
        }
    }

    #[test]
    fn paths_stay_below_the_root() {
        for (raw, expected) in [
            (&b"a/b"[..], &b"a/b"[..]),
            (b"/a//b/", b"a/b"),
            (b"C:/x/y", b"x/y"),
            (b"C:\\x", b"x"),
            (b"../../etc/passwd", b"etc/passwd"),
            (b"./.", b""),
            (b"\x82", "\u{e9}".as_bytes()),
        ] {
            assert_eq!(path_of(raw, false), expected);
        }
    }
}
