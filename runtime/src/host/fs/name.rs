//! Names of files, and the working directory that they are relative to.

use std::ffi::{CStr, CString};

use rustix::fs::{Mode as FileMode, OFlags};
use tclring_compiler::Mode;

use crate::host::archive;
use crate::host::errno::{Errno, HostError};
use crate::host::native::{NotNative, from_native, to_native};
use crate::host::path::{self, Homes, Links};

/// The name of a file: as a script wrote it, and as the system takes it.
#[derive(Clone, Debug)]
pub struct FileName {
    text: Vec<u8>,
    mode: Mode,
    native: Result<CString, NotNative>,
    archived: Option<Vec<u8>>,
}

impl FileName {
    /// The name `text`.
    ///
    /// # Errors
    /// In Tcl 8.6, those of `homes` for a name that starts with a tilde.
    pub fn new(text: &[u8], mode: Mode, homes: &dyn Homes) -> Result<FileName, HostError> {
        let native = to_native(&path::native_name(text, mode, homes)?);
        let archived = archive::path_of(text, mode);
        Ok(FileName { text: text.to_vec(), mode, native, archived })
    }

    /// The name as written.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The rules by which the name is read.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Its path in the volume of archives, if it is there.
    pub fn archived(&self) -> Option<&[u8]> {
        self.archived.as_deref()
    }

    /// The form for system calls; a name in the volume of archives means nothing to the system.
    ///
    /// # Errors
    /// The error number that stands for a name without one.
    pub fn native(&self) -> Result<&CStr, Errno> {
        if self.archived.is_some() {
            return Err(Errno::NOTSUP);
        }
        self.native.as_deref().map_err(|error| error.errno())
    }

    /// The form for system calls, for commands that report a surrogate as an
    /// encoding error instead of their own message.
    ///
    /// # Errors
    /// The encoding error.
    pub fn encodable(&self) -> Result<(), HostError> {
        match &self.native {
            Err(error) => error.encoding_error().map_or(Ok(()), Err),
            Ok(_) => Ok(()),
        }
    }

    /// The name of `tail` in the directory of this name.
    pub(super) fn child(&self, tail: &[u8], homes: &dyn Homes) -> Result<FileName, HostError> {
        FileName::new(&path::join([self.text.as_slice(), tail], self.mode), self.mode, homes)
    }
}

/// The links of the real file system, for [`path::normalize`].
#[derive(Clone, Copy, Debug)]
pub struct SystemLinks;

impl Links for SystemLinks {
    fn read_link(&self, path: &[u8]) -> Option<Vec<u8>> {
        let target = rustix::fs::readlink(to_native(path).ok()?, Vec::new()).ok()?;
        Some(from_native(target.as_bytes()))
    }

    fn real_path(&self, path: &[u8]) -> Option<Vec<u8>> {
        use std::os::unix::ffi::{OsStrExt, OsStringExt};
        let native = to_native(path).ok()?;
        let real = std::fs::canonicalize(std::ffi::OsStr::from_bytes(native.as_bytes())).ok()?;
        Some(from_native(&real.into_os_string().into_vec()))
    }
}

/// `file normalize`.
///
/// # Errors
/// That of [`current_directory`] for a relative name, and of `homes` in Tcl 8.6.
pub fn normalize(text: &[u8], mode: Mode, homes: &dyn Homes) -> Result<Vec<u8>, HostError> {
    let expanded = match mode {
        Mode::Tcl86 => path::tilde_expand(text, homes)?,
        Mode::Tcl90 => text.to_vec(),
    };
    path::normalize(&expanded, mode, current_directory, &SystemLinks)
}

/// `pwd`.
///
/// # Errors
/// The reference's, when the directory is gone.
pub fn current_directory() -> Result<Vec<u8>, HostError> {
    if let Some(directory) = archive::working_directory() {
        return Ok(directory);
    }
    match rustix::process::getcwd(Vec::new()) {
        Ok(path) => Ok(from_native(path.as_bytes())),
        Err(errno) => Err(HostError::posix(&[b"error getting working directory name"], errno.into())),
    }
}

/// `cd`.
///
/// # Errors
/// The reference's.
///
/// # Side effects
/// Changes the directory of the whole process.
pub fn change_directory(name: &FileName) -> Result<(), HostError> {
    let change = || -> Result<(), Errno> {
        if let Some(path) = name.archived() {
            return match archive::find(path) {
                None => Err(Errno::NOENT),
                Some(found) if !found.is_directory => Err(Errno::NOTSUP),
                Some(_) => {
                    archive::set_working_directory(Some(path.to_vec()));
                    Ok(())
                }
            };
        }
        let native = name.native.as_ref().map_err(|error| match error {
            NotNative::Nul => Errno::INVAL,
            NotNative::Unencodable { .. } => Errno::ILSEQ,
        })?;
        rustix::process::chdir(native)?;
        archive::set_working_directory(None);
        Ok(())
    };
    change().map_err(|errno| {
        HostError::posix(&[b"couldn't change working directory to \"", name.text(), b"\""], errno)
    })
}

/// Opens a directory for reading its entries, not through a symbolic link.
pub(super) fn open_directory(path: &CStr) -> Result<rustix::fs::Dir, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let fd = rustix::fs::open(path, flags, FileMode::empty())?;
    Ok(rustix::fs::Dir::new(fd)?)
}
