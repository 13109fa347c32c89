//! The old encryption of zip archives, and how an image hides the password of its archive.

use flate2::Crc;

/// How many bytes come before the content of an encrypted file.
pub(super) const HEADER_BYTES: usize = 12;

/// The keys that change with every byte.
pub(super) struct Cipher {
    keys: [u32; 3],
}

/// One step of the checksum that the keys are made with.
fn crc_step(crc: u32, byte: u8) -> u32 {
    let mut value = (crc ^ u32::from(byte)) & 0xff;
    for _ in 0..8 {
        value = if value & 1 != 0 { (value >> 1) ^ 0xEDB8_8320 } else { value >> 1 };
    }
    value ^ (crc >> 8)
}

impl Cipher {
    /// The keys that a password stands for.
    pub(super) fn new(password: &[u8]) -> Cipher {
        let mut cipher = Cipher { keys: [0x1234_5678, 0x2345_6789, 0x3456_7890] };
        password.iter().for_each(|byte| cipher.update(*byte));
        cipher
    }

    fn update(&mut self, byte: u8) {
        self.keys[0] = crc_step(self.keys[0], byte);
        self.keys[1] =
            self.keys[1].wrapping_add(self.keys[0] & 0xff).wrapping_mul(134_775_813).wrapping_add(1);
        self.keys[2] = crc_step(self.keys[2], (self.keys[1] >> 24) as u8);
    }

    fn next(&self) -> u8 {
        let key = (self.keys[2] | 2) & 0xffff;
        (key.wrapping_mul(key ^ 1) >> 8) as u8
    }

    /// Reads encrypted bytes.
    pub(super) fn decrypt(&mut self, bytes: &[u8]) -> Vec<u8> {
        let read = |byte: &u8| {
            let plain = byte ^ self.next();
            self.update(plain);
            plain
        };
        bytes.iter().map(read).collect()
    }

    /// Encrypts bytes.
    pub(super) fn encrypt(&mut self, bytes: &[u8]) -> Vec<u8> {
        let write = |byte: &u8| {
            let key = self.next();
            self.update(*byte);
            byte ^ key
        };
        bytes.iter().map(write).collect()
    }
}

/// The checksum of bytes.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// What stands behind a password that an image hides.
const HIDDEN_MARK: &[u8] = b"PKZZ";
/// The longest password.
pub const PASSWORD_BYTES_MAX: usize = 255;

/// The upper half of a byte with its bits in reverse order.
fn turned(byte: u8) -> u8 {
    (byte & 0x0f) | ((byte & 0xf0).reverse_bits() << 4)
}

/// The form in which an image hides a password, before its archive.
pub fn hidden(password: &[u8]) -> Vec<u8> {
    if password.is_empty() {
        return Vec::new();
    }
    let mut out: Vec<u8> = password.iter().rev().map(|byte| turned(*byte)).collect();
    out.push(password.len() as u8);
    out.extend_from_slice(HIDDEN_MARK);
    out
}

/// The password that stands at the end of bytes in that form, and how long the form is.
pub fn revealed(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let rest = bytes.strip_suffix(HIDDEN_MARK)?;
    let (&count, rest) = rest.split_last()?;
    let start = rest.len().checked_sub(usize::from(count))?;
    let password = rest[start..].iter().rev().map(|byte| turned(*byte)).collect();
    Some((password, usize::from(count) + 1 + HIDDEN_MARK.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden_as_in_the_reference() {
        assert_eq!(hidden(b"gorp"), [224, 226, 111, 103, 4, 80, 75, 90, 90]);
        assert_eq!(revealed(&hidden(b"gorp")), Some((b"gorp".to_vec(), 9)));
        for bytes in [&b""[..], b"PKZZ", b"\x09PKZZ"] {
            assert_eq!(revealed(bytes), None);
        }
    }

    #[test]
    fn what_is_encrypted_can_be_read() {
        let secret = Cipher::new(b"key").encrypt(b"some text");
        assert_ne!(secret, b"some text");
        assert_eq!(Cipher::new(b"key").decrypt(&secret), b"some text");
    }
}
