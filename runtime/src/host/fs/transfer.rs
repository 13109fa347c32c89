//! `file copy` and `file rename`.

use std::ffi::{CStr, CString};
use std::fs::File;

use rustix::fs::{AtFlags, CWD, Dev, FileType, Mode, OFlags, Stat, Timespec, Timestamps};

use super::archived;
use super::delete::remove_tree;
use super::name::FileName;
use super::stat::{FileKind, is_directory, raw_stat_link};
use super::tree::{Failure, Visit, path_below, walk};
use crate::host::errno::{Errno, HostError};
use crate::host::native::from_native;
use crate::host::path::{self, Homes};

/// What is done with the sources.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Copy,
    Rename,
}

impl Transfer {
    fn words(self) -> &'static [u8] {
        match self {
            Transfer::Copy => b"error copying",
            Transfer::Rename => b"error renaming",
        }
    }
}

/// `file copy ?-force? source … target`: `force` overwrites files.
///
/// # Errors
/// `error copying …`, at the first source that fails.
pub fn copy(
    sources: &[FileName],
    target: &FileName,
    force: bool,
    homes: &dyn Homes,
) -> Result<(), HostError> {
    transfer(Transfer::Copy, sources, target, force, homes)
}

/// `file rename ?-force? source … target`: `force` overwrites files. Across
/// file systems it copies and deletes.
///
/// # Errors
/// `error renaming …`, at the first source that fails.
pub fn rename(
    sources: &[FileName],
    target: &FileName,
    force: bool,
    homes: &dyn Homes,
) -> Result<(), HostError> {
    transfer(Transfer::Rename, sources, target, force, homes)
}

fn transfer(
    kind: Transfer,
    sources: &[FileName],
    target: &FileName,
    force: bool,
    homes: &dyn Homes,
) -> Result<(), HostError> {
    for name in sources.iter().chain([target]) {
        name.encodable()?;
    }
    let into = is_directory(target);
    if !into && sources.len() != 1 {
        let message = [kind.words(), b": target \"", target.text(), b"\" is not a directory"].concat();
        return Err(HostError::Posix { message, errno: Errno::NOTDIR });
    }
    for source in sources {
        if into {
            let tail = path::tail(source.text(), source.mode(), homes)?;
            transfer_to(kind, source, &target.child(&tail, homes)?, force, homes)?;
        } else {
            transfer_to(kind, source, target, force, homes)?;
        }
    }
    Ok(())
}

fn transfer_to(
    kind: Transfer,
    source: &FileName,
    target: &FileName,
    force: bool,
    homes: &dyn Homes,
) -> Result<(), HostError> {
    match (kind, source.archived().or(target.archived())) {
        (_, None) => transfer_one(kind, source, target, force),
        (Transfer::Copy, Some(_)) => archived::copy(source, target, force, homes),
        (Transfer::Rename, Some(_)) => Err(failed(kind, source, target, At::Target, Errno::NOTSUP)),
    }
}

/// Where a transfer failed.
enum At {
    Source,
    Target,
    Elsewhere(CString),
}

fn failed(kind: Transfer, source: &FileName, target: &FileName, at: At, errno: Errno) -> HostError {
    let place = match at {
        At::Source => source.text().to_vec(),
        At::Target => target.text().to_vec(),
        At::Elsewhere(path) => from_native(path.as_bytes()),
    };
    let mut words: Vec<&[u8]> = vec![kind.words(), b" \"", source.text(), b"\""];
    if place != source.text() {
        words.extend([&b" to \""[..], target.text(), b"\""]);
        if place != target.text() {
            words.extend([&b": \""[..], &place, b"\""]);
        }
    }
    HostError::posix(&words, errno)
}

fn transfer_one(kind: Transfer, source: &FileName, target: &FileName, force: bool) -> Result<(), HostError> {
    let fail = |at: At, errno: Errno| failed(kind, source, target, at, errno);
    let from = raw_stat_link(source).map_err(|errno| fail(At::Source, errno))?;
    let from_directory = FileKind::of_mode(from.st_mode) == FileKind::Directory;
    match raw_stat_link(target) {
        Err(Errno::NOENT) => {}
        Err(errno) => return Err(fail(At::Target, errno)),
        Ok(_) if !force => return Err(fail(At::Target, Errno::EXIST)),
        Ok(to) => {
            if (to.st_dev, to.st_ino) == (from.st_dev, from.st_ino) {
                return Ok(());
            }
            let to_directory = FileKind::of_mode(to.st_mode) == FileKind::Directory;
            if from_directory != to_directory {
                return Err(cannot_overwrite(source, target, from_directory));
            }
        }
    }
    let from_path = source.native().map_err(|errno| fail(At::Source, errno))?;
    let to_path = target.native().map_err(|errno| fail(At::Target, errno))?;
    if kind == Transfer::Rename {
        // The root directory is busy for the system; the reference says why.
        let renamed = if from_path == c"/" { Err(Errno::INVAL) } else { rename_file(from_path, to_path) };
        match renamed {
            Err(Errno::XDEV) => {}
            Err(Errno::INVAL) => return Err(into_itself(source, target)),
            done => return done.map_err(|errno| fail(At::Target, errno)),
        }
    }
    let copied = if from_directory {
        copy_tree(from_path, to_path)
    } else {
        copy_file(from_path, to_path, &from).map_err(|errno| (to_path.to_owned(), errno))
    };
    copied.map_err(|(path, errno)| fail(place(path, from_path, to_path), errno))?;
    if kind == Transfer::Rename { remove_source(from_path, from_directory) } else { Ok(()) }
}

fn place(path: CString, source: &CStr, target: &CStr) -> At {
    match path.as_c_str() {
        path if path == source => At::Source,
        path if path == target => At::Target,
        _ => At::Elsewhere(path),
    }
}

fn cannot_overwrite(source: &FileName, target: &FileName, from_directory: bool) -> HostError {
    let (old, new): (&[u8], &[u8]) =
        if from_directory { (b"file", b"directory") } else { (b"directory", b"file") };
    HostError::other(
        &[b"can't overwrite ", old, b" \"", target.text(), b"\" with ", new, b" \"", source.text(), b"\""],
        &[],
    )
}

fn into_itself(source: &FileName, target: &FileName) -> HostError {
    HostError::other(
        &[
            b"error renaming \"",
            source.text(),
            b"\" to \"",
            target.text(),
            b"\": trying to rename a volume or move a directory into itself",
        ],
        &[],
    )
}

fn rename_file(from: &CStr, to: &CStr) -> Result<(), Errno> {
    match rustix::fs::rename(from, to).map_err(Errno::from) {
        Err(Errno::NOTEMPTY) => Err(Errno::EXIST),
        done => done,
    }
}

/// Removes what has been copied to another file system.
fn remove_source(from: &CStr, directory: bool) -> Result<(), HostError> {
    let removed = if directory {
        // As for a forced deletion, permissions of the directory itself are no obstacle.
        let _ = rustix::fs::chmod(from, Mode::RWXU);
        remove_tree(&from.to_owned())
    } else {
        rustix::fs::unlink(from).map_err(|errno| (from.to_owned(), errno.into()))
    };
    removed.map_err(|(path, errno)| {
        HostError::posix(&[b"can't unlink \"", &from_native(path.as_bytes()), b"\""], errno)
    })
}

/// Copies the directory `from`, links as links, to `to`, which must not exist.
fn copy_tree(from: &CStr, to: &CStr) -> Result<(), Failure> {
    let (from, to) = (from.to_owned(), to.to_owned());
    walk(&from, &mut |visit, below| {
        let target = path_below(&to, below);
        let done = match visit {
            Visit::Enter(stat) => make_copy_directory(&target, stat),
            Visit::Entry(stat) => copy_file(&path_below(&from, below), &target, stat),
            Visit::Leave(stat) => copy_attributes(&target, stat),
        };
        done.map_err(|errno| (target, errno))
    })
}

/// The owner can fill it, whatever the permissions of the original.
fn make_copy_directory(path: &CStr, stat: &Stat) -> Result<(), Errno> {
    Ok(rustix::fs::mkdir(path, permissions(stat) | Mode::RWXU)?)
}

fn permissions(stat: &Stat) -> Mode {
    Mode::from_raw_mode(stat.st_mode & 0o7777)
}

/// Copies anything but a directory, in place of what `to` was.
fn copy_file(from: &CStr, to: &CStr, stat: &Stat) -> Result<(), Errno> {
    match rustix::fs::unlink(to).map_err(Errno::from) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(errno) => return Err(errno),
    }
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Symlink => {
            let target = rustix::fs::readlink(from, Vec::new())?;
            return Ok(rustix::fs::symlink(&target, to)?);
        }
        special @ (FileType::Fifo | FileType::CharacterDevice | FileType::BlockDevice) => {
            let device = if special == FileType::Fifo { 0 as Dev } else { stat.st_rdev as Dev };
            rustix::fs::mknodat(CWD, to, special, permissions(stat), device)?;
        }
        _ => copy_content(from, to, stat)?,
    }
    copy_attributes(to, stat)
}

fn copy_content(from: &CStr, to: &CStr, stat: &Stat) -> Result<(), Errno> {
    let mut source = File::from(rustix::fs::open(from, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?);
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::CLOEXEC;
    // Without the owner's permission to write, other systems refuse the descriptor.
    let mut target = File::from(rustix::fs::open(to, flags, permissions(stat) | Mode::WUSR)?);
    if let Err(error) = std::io::copy(&mut source, &mut target) {
        let _ = rustix::fs::unlink(to);
        return Err(error.into());
    }
    Ok(())
}

#[allow(clippy::unnecessary_cast, reason = "the fields have other types on other architectures")]
fn copy_attributes(path: &CStr, stat: &Stat) -> Result<(), Errno> {
    rustix::fs::chmod(path, permissions(stat))?;
    let times = Timestamps {
        last_access: Timespec { tv_sec: stat.st_atime as i64, tv_nsec: stat.st_atime_nsec as _ },
        last_modification: Timespec { tv_sec: stat.st_mtime as i64, tv_nsec: stat.st_mtime_nsec as _ },
    };
    Ok(rustix::fs::utimensat(CWD, path, &times, AtFlags::empty())?)
}
