//! Texts to and from the bytes that the operating system takes and gives.
//!
//! The system encoding is UTF-8 unless the script has set another one. A text becomes bytes strictly: a lone
//! surrogate is no character, and a NUL cannot stand in a name. Bytes become
//! text in one of two ways, as in the reference: strictly where it reports
//! malformed names (`glob`, links), leniently where it takes them as they come
//! (the environment, the arguments, the working directory). Leniently, a byte
//! of a malformed sequence is the code point of its own value, and surrogates
//! and the two-byte NUL decode as they are written.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ffi::CString;

use tclring_compiler::syntax::text;
use tclring_vm::text::encoding::{Encoding, Profile, decode_error_message, encode_failure_index};

use super::errno::{Errno, HostError};

/// Why a text has no native form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNative {
    /// It contains a NUL character.
    Nul,
    /// It contains the character `code_point` at the character `index`, which the system encoding lacks.
    Unencodable {
        /// Which character.
        index: usize,
        /// What it is.
        code_point: u32,
    },
}

impl NotNative {
    /// The error number that commands report which compose their own message.
    pub fn errno(self) -> Errno {
        match self {
            NotNative::Nul => Errno::FAULT,
            NotNative::Unencodable { .. } => Errno::ILSEQ,
        }
    }

    /// The encoding error that commands report which pass it on as it is, or
    /// None for a NUL.
    pub fn encoding_error(self) -> Option<HostError> {
        let NotNative::Unencodable { index, code_point } = self else { return None };
        let message = format!("unexpected character at index {index}: 'U+{code_point:06X}'");
        Some(illegal_sequence(message, index))
    }
}

fn illegal_sequence(message: String, index: usize) -> HostError {
    let index = index.to_string();
    HostError::other(&[message.as_bytes()], &[b"TCL", b"ENCODING", b"ILLEGALSEQUENCE", index.as_bytes()])
}

thread_local! {
    /// The encoding of names and the like; none for UTF-8.
    static SYSTEM: RefCell<Option<Encoding>> = const { RefCell::new(None) };
}

/// Sets the system encoding, which is UTF-8 at the start.
pub fn set_system_encoding(encoding: &Encoding) {
    let system = (!encoding.is_utf8()).then(|| encoding.clone());
    SYSTEM.with_borrow_mut(|own| *own = system);
}

/// The system encoding.
pub fn system_encoding() -> Encoding {
    SYSTEM.with_borrow(|own| own.clone()).unwrap_or_else(crate::chan::channel::utf8)
}

/// The bytes of `text` without a look at NUL characters.
///
/// # Errors
/// [`NotNative::Unencodable`] for the first character that the encoding lacks.
pub fn to_bytes(text: &[u8]) -> Result<Cow<'_, [u8]>, NotNative> {
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text));
    }
    let encoded = SYSTEM.with_borrow(|system| {
        system.as_ref().map(|system| match system.encode_all(text, Profile::Strict) {
            (bytes, None) => Ok(Cow::Owned(bytes)),
            (_, Some(failure)) => Err(NotNative::Unencodable {
                index: encode_failure_index(text, failure),
                code_point: failure.character,
            }),
        })
    });
    if let Some(encoded) = encoded {
        return encoded;
    }
    if std::str::from_utf8(text).is_ok() {
        return Ok(Cow::Borrowed(text));
    }
    for (index, c) in text::chars(text).enumerate() {
        if (0xD800..0xE000).contains(&c) {
            return Err(NotNative::Unencodable { index, code_point: c });
        }
    }
    Ok(Cow::Borrowed(text))
}

/// The native form of a file name.
///
/// # Errors
/// [`NotNative`] if there is none.
pub fn to_native(text: &[u8]) -> Result<CString, NotNative> {
    CString::new(to_bytes(text)?).map_err(|_| NotNative::Nul)
}

/// The native form of an argument or a value of the environment, which ends
/// at the first NUL as in the reference.
///
/// # Errors
/// [`NotNative::Unencodable`] for a character before that which has no bytes.
pub fn to_native_cut(text: &[u8]) -> Result<CString, NotNative> {
    let bytes = to_bytes(text)?;
    let end = memchr::memchr(0, &bytes).unwrap_or(bytes.len());
    Ok(CString::new(&bytes[..end]).expect("the bytes end before the first NUL"))
}

/// The text of a name that the system gave.
///
/// # Errors
/// The reference's error for the first malformed byte.
pub fn from_native_strict(bytes: &[u8]) -> Result<Vec<u8>, HostError> {
    if let Some((text, failure)) = decoded(bytes, Profile::Strict) {
        return match failure {
            None => Ok(text),
            Some(at) => Err(illegal_sequence(decode_error_message(bytes, at), at)),
        };
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(bytes.to_vec()),
        Err(error) => {
            let at = error.valid_up_to();
            let message = format!("unexpected byte sequence starting at index {at}: '\\x{:02X}'", bytes[at]);
            Err(illegal_sequence(message, at))
        }
    }
}

/// The text of bytes in the system encoding and where they are malformed; none if it is UTF-8.
fn decoded(bytes: &[u8], profile: Profile) -> Option<(Vec<u8>, Option<usize>)> {
    if bytes.is_ascii() {
        return None;
    }
    SYSTEM.with_borrow(|system| system.as_ref().map(|system| system.decode_all(bytes, profile)))
}

/// The text of bytes that the system gave, whatever they are.
pub fn from_native(bytes: &[u8]) -> Vec<u8> {
    if let Some((text, _)) = decoded(bytes, Profile::Tcl8) {
        return text;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len() + 8);
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"\xC0\x80") {
            out.push(0);
            at += 2;
            continue;
        }
        let (c, width) = text::decode(bytes, at);
        // A stray byte from 0x80 to 0x9F is read as Windows-1252 would, as the reference does.
        let c = if width == 1 && (0x80..0xA0).contains(&c) { WINDOWS_1252[c as usize - 0x80] } else { c };
        text::push_char(&mut out, c);
        at += width;
    }
    out
}

/// What the bytes 0x80 to 0x9F are in Windows-1252; the five that are nothing
/// there stand for themselves.
#[rustfmt::skip]
const WINDOWS_1252: [u32; 32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
];
