//! Whole files as bytes: scripts and indexes of packages.

use rustix::fs::{Mode as FileMode, OFlags};

use super::name::FileName;
use crate::host::archive::{self, OpenFailure};
use crate::host::errno::Errno;

/// How much is asked for at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// The whole content of a file.
///
/// # Errors
/// What the system says; a directory is [`Errno::ISDIR`].
pub fn read_file(name: &FileName) -> Result<Vec<u8>, Errno> {
    if let Some(path) = name.archived() {
        return archive::read(path).map_err(|failure| match failure {
            OpenFailure::Missing => Errno::NOENT,
            OpenFailure::Directory => Errno::ISDIR,
            OpenFailure::Broken(_) => Errno::IO,
            OpenFailure::System(errno) => errno.into(),
        });
    }
    let fd = rustix::fs::open(name.native()?, OFlags::RDONLY | OFlags::CLOEXEC, FileMode::empty())?;
    let mut content = Vec::new();
    loop {
        let start = content.len();
        content.resize(start + CHUNK_BYTES, 0);
        match rustix::io::read(&fd, &mut content[start..]) {
            Ok(count) => {
                content.truncate(start + count);
                if count == 0 {
                    return Ok(content);
                }
            }
            Err(rustix::io::Errno::INTR) => content.truncate(start),
            Err(errno) => return Err(errno.into()),
        }
    }
}
