//! The option `-types`: what a file must be to be found.

use std::ffi::CStr;

use rustix::fs::{Access, FileType};

use crate::host::errno::HostError;

/// Kinds, of which a file must be one, and properties, all of which it must
/// have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GlobTypes {
    kinds: u32,
    readable: bool,
    writable: bool,
    executable: bool,
    read_only: bool,
    hidden: bool,
}

/// The letters of the kinds; a kind's bit is its place.
const KINDS: [(u8, FileType); 7] = [
    (b'b', FileType::BlockDevice),
    (b'c', FileType::CharacterDevice),
    (b'd', FileType::Directory),
    (b'f', FileType::RegularFile),
    (b'l', FileType::Symlink),
    (b'p', FileType::Fifo),
    (b's', FileType::Socket),
];

const LINK: u32 = 1 << 4;
const DIRECTORY: u32 = 1 << 2;

fn kind_bit(kind: FileType) -> u32 {
    KINDS.iter().position(|(_, known)| *known == kind).map_or(0, |at| 1 << at)
}

impl GlobTypes {
    /// The types that the elements of the option's list say; `as_list` splits
    /// an element that is a list. Types and creators of the Macintosh are
    /// checked and, as on every Unix, not looked at.
    ///
    /// # Errors
    /// `bad argument to "-types": …`
    pub fn parse(
        elements: &[Vec<u8>],
        as_list: impl Fn(&[u8]) -> Option<Vec<Vec<u8>>>,
    ) -> Result<GlobTypes, HostError> {
        let mut types = GlobTypes::default();
        let (mut mac_type, mut mac_creator) = (false, false);
        let bad: &[&[u8]] = &[b"TCL", b"ARGUMENT", b"BAD"];
        let set_once = |set: &mut bool| {
            if std::mem::replace(set, true) {
                let message = b"only one MacOS type or creator argument to \"-types\" allowed";
                return Err(HostError::other(&[message], bad));
            }
            Ok(())
        };
        // From the last one, so that of several bad ones the reference's is reported.
        for element in elements.iter().rev() {
            match element.as_slice() {
                b"r" => types.readable = true,
                b"w" => types.writable = true,
                b"x" => types.executable = true,
                b"readonly" => types.read_only = true,
                b"hidden" => types.hidden = true,
                [letter] if KINDS.iter().any(|(known, _)| known == letter) => {
                    let at = KINDS.iter().position(|(known, _)| known == letter);
                    types.kinds |= 1 << at.expect("the guard has found the letter");
                }
                [_, _, _, _] => set_once(&mut mac_type)?,
                _ => match as_list(element).as_deref() {
                    Some([system, which, _]) if system == b"macintosh" && which == b"type" => {
                        set_once(&mut mac_type)?
                    }
                    Some([system, which, _]) if system == b"macintosh" && which == b"creator" => {
                        set_once(&mut mac_creator)?;
                    }
                    _ => return Err(HostError::other(&[b"bad argument to \"-types\": ", element], bad)),
                },
            }
        }
        Ok(types)
    }

    /// Directories, and links to them.
    pub(super) fn directories() -> GlobTypes {
        GlobTypes { kinds: DIRECTORY, ..GlobTypes::default() }
    }

    /// Whether hidden files are asked for.
    pub(super) fn wants_hidden(&self) -> bool {
        self.hidden
    }

    /// Whether a file in an archive is what is asked for. Everybody may read it.
    pub(super) fn accepts_archived(&self, tail: &[u8], is_directory: bool) -> bool {
        let kind = kind_bit(if is_directory { FileType::Directory } else { FileType::RegularFile });
        (!self.hidden || tail.first() == Some(&b'.'))
            && !self.executable
            && (!self.writable || !is_directory)
            && (self.kinds == 0 || self.kinds & kind != 0)
    }

    /// Whether the file `path`, whose last component is `tail`, is what is
    /// asked for. `known` is its kind if that is known, links not followed.
    pub(super) fn accepts(&self, path: &CStr, tail: &[u8], known: Option<FileType>) -> bool {
        if self.hidden && tail.first() != Some(&b'.') {
            return false;
        }
        self.has_properties(path) && self.is_of_kind(path, known)
    }

    fn has_properties(&self, path: &CStr) -> bool {
        let may = |wanted: bool, access: Access| !wanted || rustix::fs::access(path, access).is_ok();
        let read_only = || rustix::fs::stat(path).is_ok_and(|stat| stat.st_mode & 0o222 == 0);
        may(self.readable, Access::READ_OK)
            && may(self.writable, Access::WRITE_OK)
            && may(self.executable, Access::EXEC_OK)
            && (!self.read_only || read_only())
    }

    fn is_of_kind(&self, path: &CStr, known: Option<FileType>) -> bool {
        if self.kinds == 0 {
            return known.is_some() || rustix::fs::lstat(path).is_ok();
        }
        let kind_of = |mode: u32| kind_bit(FileType::from_raw_mode(mode));
        let own = match known {
            Some(kind) if kind != FileType::Unknown => kind_bit(kind),
            _ => rustix::fs::lstat(path).map_or(0, |stat| kind_of(stat.st_mode)),
        };
        if own != LINK {
            return own & self.kinds != 0;
        }
        self.kinds & LINK != 0
            || rustix::fs::stat(path).is_ok_and(|stat| kind_of(stat.st_mode) & self.kinds != 0)
    }
}
