//! Copying out of archives and over files in them.

use rustix::fs::{Mode as FileMode, OFlags};

use super::delete::make_directories;
use super::name::FileName;
use super::read::read_file;
use super::stat::{exists, is_directory};
use crate::host::archive::{self, OpenFailure};
use crate::host::errno::{Errno, HostError};
use crate::host::native::from_native;
use crate::host::path::Homes;

/// Copies a file or directory where the source or the target is in an archive. In archives only files that are
/// there can be written.
///
/// # Errors
/// `error copying "source" to "target": …`
pub(super) fn copy(
    source: &FileName,
    target: &FileName,
    force: bool,
    homes: &dyn Homes,
) -> Result<(), HostError> {
    let mut left = vec![(source.clone(), target.clone())];
    while let Some((source, target)) = left.pop() {
        let fail = |errno: Errno| {
            let words: [&[u8]; 5] = [b"error copying \"", source.text(), b"\" to \"", target.text(), b"\""];
            HostError::posix(&words, errno)
        };
        if !exists(&source) {
            return Err(HostError::posix(&[b"error copying \"", source.text(), b"\""], Errno::NOENT));
        }
        if is_directory(&source) {
            if exists(&target) {
                return Err(fail(Errno::EXIST));
            }
            make_directories(&target, homes)?;
            for name in names_in(&source)? {
                left.push((source.child(&name, homes)?, target.child(&name, homes)?));
            }
            continue;
        }
        if exists(&target) && !force {
            return Err(fail(Errno::EXIST));
        }
        let content = read_file(&source).map_err(fail)?;
        write(&target, &content).map_err(fail)?;
    }
    Ok(())
}

/// The names in a directory.
///
/// # Errors
/// `couldn't read directory "name": …`
pub fn names_in(directory: &FileName) -> Result<Vec<Vec<u8>>, HostError> {
    if let Some(path) = directory.archived() {
        return Ok(archive::names_in(path).into_iter().map(|(name, _)| name).collect());
    }
    let read = || -> Result<Vec<Vec<u8>>, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::open(directory.native()?, flags, FileMode::empty())?;
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::new(opened)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if !matches!(name, b"." | b"..") {
                names.push(from_native(name));
            }
        }
        Ok(names)
    };
    read().map_err(|errno| HostError::posix(&[b"couldn't read directory \"", directory.text(), b"\""], errno))
}

/// Writes a new file, or all of one that is there; perhaps one that can be executed.
///
/// # Errors
/// What the system says.
pub fn write_file(name: &FileName, content: &[u8], executable: bool) -> Result<(), Errno> {
    write(name, content)?;
    if executable && name.archived().is_none() {
        rustix::fs::chmod(name.native()?, FileMode::from_raw_mode(0o755))?;
    }
    Ok(())
}

fn write(target: &FileName, content: &[u8]) -> Result<(), Errno> {
    let file = match target.archived() {
        Some(path) => {
            archive::open(path, OFlags::WRONLY | OFlags::TRUNC).map_err(|failure| match failure {
                OpenFailure::Missing => Errno::NOTSUP,
                OpenFailure::Directory => Errno::ISDIR,
                OpenFailure::Broken(_) => Errno::IO,
                OpenFailure::System(errno) => errno.into(),
            })?
        }
        None => {
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::CLOEXEC;
            rustix::fs::open(target.native()?, flags, FileMode::from_raw_mode(0o666))?
        }
    };
    let mut at = 0;
    while at < content.len() {
        at += rustix::io::write(&file, &content[at..])?;
    }
    Ok(())
}
