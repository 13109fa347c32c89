//! `file delete` and `file mkdir`.

use std::ffi::CString;

use rustix::fs::Mode;

use super::name::FileName;
use super::stat::{FileKind, raw_stat, raw_stat_link};
use super::tree::{Failure, Visit, path_below, walk};
use crate::host::archive;
use crate::host::errno::{Errno, HostError};
use crate::host::native::from_native;
use crate::host::path::{self, Homes};

/// `file delete` for one name. What does not exist is no error; `force`
/// removes a directory with all that is in it.
///
/// # Errors
/// `error deleting "name": …`
///
/// # Side effects
/// With `force`, leaves a working directory that is about to vanish.
pub fn delete(name: &FileName, force: bool) -> Result<(), HostError> {
    name.encodable()?;
    if let Some(path) = name.archived() {
        return match archive::find(path) {
            None => Ok(()),
            // The reference does not name it.
            Some(found) if found.is_directory => {
                Err(HostError::posix(&[b"error deleting unknown file"], Errno::NOTSUP))
            }
            Some(_) => Err(HostError::posix(&[b"error deleting \"", name.text(), b"\""], Errno::NOTSUP)),
        };
    }
    match remove(name, force) {
        Ok(()) | Err((_, Errno::NOENT)) => Ok(()),
        Err((None, Errno::NOTEMPTY | Errno::EXIST)) => Err(HostError::Posix {
            message: [b"error deleting \"", name.text(), b"\": directory not empty"].concat(),
            errno: Errno::EXIST,
        }),
        Err((inner, errno)) => {
            let path = inner.map_or_else(|| name.text().to_vec(), |inner| from_native(inner.as_bytes()));
            Err(HostError::posix(&[b"error deleting \"", &path, b"\""], errno))
        }
    }
}

/// The failure names a path if it is not the one to delete.
fn remove(name: &FileName, force: bool) -> Result<(), (Option<CString>, Errno)> {
    let here = |errno: Errno| (None, errno);
    let stat = raw_stat_link(name).map_err(here)?;
    let native = name.native().map_err(here)?;
    if FileKind::of_mode(stat.st_mode) != FileKind::Directory {
        return rustix::fs::unlink(native).map_err(|errno| here(errno.into()));
    }
    if force {
        leave_directory(native);
        let mode = Mode::from_raw_mode(stat.st_mode & 0o7777) | Mode::RWXU;
        rustix::fs::chmod(native, mode).map_err(|errno| here(errno.into()))?;
    }
    match rustix::fs::rmdir(native).map_err(Errno::from) {
        Err(Errno::NOTEMPTY | Errno::EXIST) if force => {}
        done => return done.map_err(here),
    }
    remove_tree(&native.to_owned()).map_err(|(path, errno)| (Some(path), errno))
}

/// Moves the working directory to the parent of `path` if it is in `path`.
fn leave_directory(path: &std::ffi::CStr) {
    use std::os::unix::ffi::OsStrExt;
    let path = std::path::Path::new(std::ffi::OsStr::from_bytes(path.to_bytes()));
    let (Ok(real), Ok(current)) = (std::fs::canonicalize(path), std::env::current_dir()) else { return };
    if current.starts_with(&real)
        && let Some(parent) = real.parent()
    {
        // A parent that cannot be entered leaves the deletion to report what is wrong.
        let _ = rustix::process::chdir(parent);
    }
}

/// Removes the directory `root` and all that is in it.
pub(super) fn remove_tree(root: &CString) -> Result<(), Failure> {
    walk(root, &mut |visit, below| {
        let path = path_below(root, below);
        let done = match visit {
            Visit::Enter(_) => return Ok(()),
            Visit::Entry(_) => rustix::fs::unlink(&path),
            Visit::Leave(_) => rustix::fs::rmdir(&path),
        };
        done.map_err(|errno| (path, errno.into()))
    })
}

/// `file mkdir` for one name: makes all directories on the way that are not
/// there.
///
/// # Errors
/// `can't create directory "name": …`, where the name is that of the first
/// directory that could not be made.
pub fn make_directories(name: &FileName, homes: &dyn Homes) -> Result<(), HostError> {
    name.encodable()?;
    let parts = path::split(name.text(), name.mode());
    if parts.is_empty() {
        return Err(cannot_create(name, Errno::NOENT));
    }
    let mut so_far: Vec<u8> = Vec::new();
    for part in parts {
        so_far = path::join([so_far.as_slice(), &part], name.mode());
        let directory = FileName::new(&so_far, name.mode(), homes)?;
        make_directory(&directory).map_err(|errno| cannot_create(&directory, errno))?;
    }
    Ok(())
}

fn cannot_create(name: &FileName, errno: Errno) -> HostError {
    HostError::posix(&[b"can't create directory \"", name.text(), b"\""], errno)
}

fn make_directory(name: &FileName) -> Result<(), Errno> {
    if let Some(path) = name.archived() {
        return match archive::find(path) {
            Some(found) if found.is_directory => Ok(()),
            Some(_) => Err(Errno::EXIST),
            None => Err(Errno::NOTSUP),
        };
    }
    match raw_stat(name) {
        Ok(stat) if FileKind::of_mode(stat.st_mode) == FileKind::Directory => return Ok(()),
        Ok(_) => return Err(Errno::EXIST),
        Err(Errno::NOENT) => {}
        Err(errno) => return Err(errno),
    }
    match rustix::fs::mkdir(name.native()?, Mode::from_raw_mode(0o777)).map_err(Errno::from) {
        // Somebody else was faster, or it is a dangling link: the reference takes both.
        Err(Errno::EXIST) => match raw_stat(name) {
            Ok(stat) if FileKind::of_mode(stat.st_mode) != FileKind::Directory => Err(Errno::EXIST),
            _ => Ok(()),
        },
        done => done,
    }
}
