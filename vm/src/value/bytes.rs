//! Byte arrays: their string has one character per byte.

use std::cell::OnceCell;

use tclring_compiler::syntax::text::push_char;

/// A byte array.
#[derive(Default)]
pub struct BytesObj {
    bytes: Vec<u8>,
    text: OnceCell<Box<[u8]>>,
}

impl BytesObj {
    /// The byte array of `bytes`.
    pub fn new(bytes: Vec<u8>) -> BytesObj {
        BytesObj { bytes, text: OnceCell::new() }
    }

    /// The bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes to change; the text made of them goes.
    pub fn bytes_mut(&mut self) -> &mut Vec<u8> {
        self.text = OnceCell::new();
        &mut self.bytes
    }

    /// The bytes as characters U+0000 to U+00FF.
    pub fn text(&self) -> &[u8] {
        if self.bytes.is_ascii() {
            return &self.bytes;
        }
        self.text.get_or_init(|| {
            let mut text = Vec::with_capacity(self.bytes.len() * 2);
            for byte in &self.bytes {
                push_char(&mut text, u32::from(*byte));
            }
            text.into_boxed_slice()
        })
    }
}

/// The bytes of a text whose characters are all below U+0100, or the first other character's
/// number (counted from 0) and code point.
pub fn bytes_of_text(text: &[u8]) -> Result<Vec<u8>, (usize, u32)> {
    if text.is_ascii() {
        return Ok(text.to_vec());
    }
    let mut bytes = Vec::with_capacity(text.len());
    for (number, c) in tclring_compiler::syntax::text::chars(text).enumerate() {
        bytes.push(u8::try_from(c).map_err(|_| (number, c))?);
    }
    Ok(bytes)
}
