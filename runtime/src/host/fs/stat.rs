//! What the system knows about a file: `file stat` and the questions with one answer.

use std::ffi::CStr;

use rustix::fs::{Access, AtFlags, CWD, FileType, Stat, Timespec, Timestamps, UTIME_OMIT};

use super::name::FileName;
use crate::host::archive;
use crate::host::errno::{Errno, HostError};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A character device.
    CharacterSpecial,
    /// A block device.
    BlockSpecial,
    /// A named pipe.
    Fifo,
    /// A symbolic link.
    Link,
    /// A socket.
    Socket,
    /// Something that Tcl has no word for.
    Unknown,
}

impl FileKind {
    /// The kind that the mode bits of a file say.
    pub fn of_mode(mode: u32) -> FileKind {
        match FileType::from_raw_mode(mode) {
            FileType::RegularFile => FileKind::File,
            FileType::Directory => FileKind::Directory,
            FileType::CharacterDevice => FileKind::CharacterSpecial,
            FileType::BlockDevice => FileKind::BlockSpecial,
            FileType::Fifo => FileKind::Fifo,
            FileType::Symlink => FileKind::Link,
            FileType::Socket => FileKind::Socket,
            _ => FileKind::Unknown,
        }
    }

    /// The word that `file type` gives.
    pub fn word(self) -> &'static str {
        match self {
            FileKind::File => "file",
            FileKind::Directory => "directory",
            FileKind::CharacterSpecial => "characterSpecial",
            FileKind::BlockSpecial => "blockSpecial",
            FileKind::Fifo => "fifo",
            FileKind::Link => "link",
            FileKind::Socket => "socket",
            FileKind::Unknown => "unknown",
        }
    }
}

/// The answer of `file stat`, in the order of the reference's dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// The device.
    pub dev: u64,
    /// The inode.
    pub ino: u64,
    /// How many names the file has.
    pub nlink: u64,
    /// The owner's number.
    pub uid: u32,
    /// The group's number.
    pub gid: u32,
    /// The size in bytes.
    pub size: i64,
    /// The blocks of 512 bytes that are allocated.
    pub blocks: i64,
    /// The preferred block size in bytes.
    pub blksize: i64,
    /// The last access, in seconds since 1970.
    pub atime: i64,
    /// The last change of the content, in seconds since 1970.
    pub mtime: i64,
    /// The last change of content or attributes, in seconds since 1970.
    pub ctime: i64,
    /// Type and permissions.
    pub mode: u32,
    /// What it is.
    pub kind: FileKind,
}

impl FileStat {
    /// The numbers with their names in the reference's order; `type` follows
    /// them.
    pub fn fields(&self) -> [(&'static str, i64); 12] {
        [
            ("dev", self.dev as i64),
            ("ino", self.ino as i64),
            ("nlink", self.nlink as i64),
            ("uid", i64::from(self.uid)),
            ("gid", i64::from(self.gid)),
            ("size", self.size),
            ("blocks", self.blocks),
            ("blksize", self.blksize),
            ("atime", self.atime),
            ("mtime", self.mtime),
            ("ctime", self.ctime),
            ("mode", i64::from(self.mode)),
        ]
    }
}

impl From<Stat> for FileStat {
    // The types of the fields differ between architectures.
    #[allow(clippy::unnecessary_cast, reason = "the fields have other types on other architectures")]
    fn from(stat: Stat) -> FileStat {
        FileStat {
            dev: stat.st_dev as u64,
            ino: stat.st_ino as u64,
            nlink: stat.st_nlink as u64,
            uid: stat.st_uid,
            gid: stat.st_gid,
            size: stat.st_size as i64,
            blocks: stat.st_blocks as i64,
            blksize: stat.st_blksize as i64,
            atime: stat.st_atime as i64,
            mtime: stat.st_mtime as i64,
            ctime: stat.st_ctime as i64,
            mode: stat.st_mode,
            kind: FileKind::of_mode(stat.st_mode),
        }
    }
}

/// The error of every question that a file must exist for.
pub(super) fn could_not_read(name: &FileName, errno: Errno) -> HostError {
    HostError::posix(&[b"could not read \"", name.text(), b"\""], errno)
}

pub(super) fn raw_stat(name: &FileName) -> Result<Stat, Errno> {
    Ok(rustix::fs::stat(name.native()?)?)
}

pub(super) fn raw_stat_link(name: &FileName) -> Result<Stat, Errno> {
    Ok(rustix::fs::lstat(name.native()?)?)
}

/// The mode bits of directories and files in archives: everybody may read them.
const ARCHIVED_DIRECTORY: u32 = 0o40_555;
const ARCHIVED_FILE: u32 = 0o100_555;

/// What is known of a file in an archive; none for any other name.
fn archived(name: &FileName) -> Option<Result<FileStat, Errno>> {
    let found = archive::find(name.archived()?);
    Some(found.ok_or(Errno::NOENT).map(|found| {
        let mode = if found.is_directory { ARCHIVED_DIRECTORY } else { ARCHIVED_FILE };
        FileStat {
            dev: 0,
            ino: 0,
            nlink: 0,
            uid: 0,
            gid: 0,
            size: found.size,
            blocks: 0,
            blksize: 0,
            atime: found.time,
            mtime: found.time,
            ctime: found.time,
            mode,
            kind: FileKind::of_mode(mode),
        }
    }))
}

/// What is known of a file, symbolic links followed.
fn file_stat(name: &FileName) -> Result<FileStat, Errno> {
    archived(name).unwrap_or_else(|| raw_stat(name).map(FileStat::from))
}

/// `file stat`: follows symbolic links.
///
/// # Errors
/// `could not read "name": …`
pub fn stat(name: &FileName) -> Result<FileStat, HostError> {
    file_stat(name).map_err(|errno| could_not_read(name, errno))
}

/// `file lstat`: does not follow a symbolic link.
///
/// # Errors
/// `could not read "name": …`
pub fn stat_link(name: &FileName) -> Result<FileStat, HostError> {
    archived(name)
        .unwrap_or_else(|| raw_stat_link(name).map(FileStat::from))
        .map_err(|errno| could_not_read(name, errno))
}

/// `file type`.
///
/// # Errors
/// `could not read "name": …`
pub fn kind(name: &FileName) -> Result<FileKind, HostError> {
    Ok(stat_link(name)?.kind)
}

/// `file size`, in bytes.
///
/// # Errors
/// `could not read "name": …`
pub fn size(name: &FileName) -> Result<i64, HostError> {
    Ok(stat(name)?.size)
}

/// `file atime name`, in seconds since 1970.
///
/// # Errors
/// `could not read "name": …`
pub fn access_time(name: &FileName) -> Result<i64, HostError> {
    Ok(stat(name)?.atime)
}

/// `file mtime name`, in seconds since 1970.
///
/// # Errors
/// `could not read "name": …`
pub fn modification_time(name: &FileName) -> Result<i64, HostError> {
    Ok(stat(name)?.mtime)
}

const KEEP: Timespec = Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT as _ };

fn set_times(name: &FileName, times: &Timestamps, what: &[u8]) -> Result<(), HostError> {
    // A file that is not there is reported as by the question, as the reference asks it first.
    file_stat(name).map_err(|errno| could_not_read(name, errno))?;
    let set = |path: &CStr| rustix::fs::utimensat(CWD, path, times, AtFlags::empty());
    let done = name.native().and_then(|path| set(path).map_err(Errno::from));
    done.map_err(|errno| {
        HostError::posix(&[b"could not set ", what, b" time for file \"", name.text(), b"\""], errno)
    })
}

/// `file atime name seconds`: gives what the file system made of it.
///
/// # Errors
/// `could not set access time for file "name": …`
pub fn set_access_time(name: &FileName, seconds: i64) -> Result<i64, HostError> {
    let times = Timestamps { last_access: Timespec { tv_sec: seconds, tv_nsec: 0 }, last_modification: KEEP };
    set_times(name, &times, b"access")?;
    access_time(name)
}

/// `file mtime name seconds`: gives what the file system made of it.
///
/// # Errors
/// `could not set modification time for file "name": …`
pub fn set_modification_time(name: &FileName, seconds: i64) -> Result<i64, HostError> {
    let times = Timestamps { last_access: KEEP, last_modification: Timespec { tv_sec: seconds, tv_nsec: 0 } };
    set_times(name, &times, b"modification")?;
    modification_time(name)
}

/// Asks by the real user and group, as the reference does.
fn accessible(name: &FileName, access: Access) -> bool {
    if let Some(known) = archived(name) {
        let is_file = known.is_ok_and(|stat| stat.kind == FileKind::File);
        return match access {
            Access::WRITE_OK => is_file,
            Access::EXEC_OK => false,
            _ => known.is_ok(),
        };
    }
    name.native().is_ok_and(|path| rustix::fs::access(path, access).is_ok())
}

/// `file exists`: false also where the user cannot search for it.
pub fn exists(name: &FileName) -> bool {
    accessible(name, Access::EXISTS)
}

/// `file readable`.
pub fn is_readable(name: &FileName) -> bool {
    accessible(name, Access::READ_OK)
}

/// `file writable`.
pub fn is_writable(name: &FileName) -> bool {
    accessible(name, Access::WRITE_OK)
}

/// `file executable`.
pub fn is_executable(name: &FileName) -> bool {
    accessible(name, Access::EXEC_OK)
}

/// `file isdirectory`: follows symbolic links.
pub fn is_directory(name: &FileName) -> bool {
    file_stat(name).is_ok_and(|stat| stat.kind == FileKind::Directory)
}

/// `file isfile`: follows symbolic links.
pub fn is_file(name: &FileName) -> bool {
    file_stat(name).is_ok_and(|stat| stat.kind == FileKind::File)
}

/// `file owned`: follows symbolic links.
pub fn is_owned(name: &FileName) -> bool {
    match archived(name) {
        Some(known) => known.is_ok(),
        None => raw_stat(name).is_ok_and(|stat| stat.st_uid == rustix::process::geteuid().as_raw()),
    }
}
