//! `file link` and `file readlink`.

use rustix::fs::Access;

use super::name::FileName;
use super::stat;
use crate::host::errno::{Errno, HostError};
use crate::host::native::from_native_strict;
use crate::host::path::{self, Homes, PathType};

/// Which kind of link to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// One that holds the target's name.
    Symbolic,
    /// Another name of the target.
    Hard,
}

/// `file link name` and `file readlink name`: the content of a symbolic link.
///
/// # Errors
/// `could not read link "name": …`
pub fn read_link(name: &FileName) -> Result<Vec<u8>, HostError> {
    name.encodable()?;
    let read = || -> Result<Vec<u8>, Errno> {
        let target = rustix::fs::readlink(name.native()?, Vec::new())?;
        from_native_strict(target.as_bytes()).map_err(|_| Errno::ILSEQ)
    };
    read().map_err(|errno| HostError::posix(&[b"could not read link \"", name.text(), b"\""], errno))
}

/// `file link ?-linktype? name target`. The target of a symbolic link, which
/// is relative to the link's directory, must exist.
///
/// # Errors
/// `could not create new link "name": …`
pub fn create_link(
    name: &FileName,
    target: &FileName,
    kind: LinkKind,
    homes: &dyn Homes,
) -> Result<(), HostError> {
    name.encodable()?;
    if name.archived().or(target.archived()).is_some() {
        let words: [&[u8]; 5] =
            [b"could not create new link \"", name.text(), b"\" pointing to \"", target.text(), b"\""];
        return Err(HostError::posix(&words, Errno::NOTSUP));
    }
    let directory = FileName::new(&path::dirname(name.text(), name.mode(), homes)?, name.mode(), homes)?;
    make_link(name, target, kind, &directory, homes)?.map_err(|errno| {
        let not_made: [&[u8]; 3] = [b"could not create new link \"", name.text(), b"\""];
        let because =
            |words: &[&[u8]]| HostError::Posix { message: [&not_made, words].concat().concat(), errno };
        match errno {
            Errno::EXIST => because(&[b": that path already exists"]),
            Errno::NOENT if stat::exists(&directory) => {
                because(&[b": target \"", target.text(), b"\" doesn't exist"])
            }
            Errno::NOENT => HostError::posix(&not_made, errno),
            _ => HostError::posix(
                &[&not_made[..], &[b" pointing to \"", target.text(), b"\""]].concat(),
                errno,
            ),
        }
    })
}

fn make_link(
    name: &FileName,
    target: &FileName,
    kind: LinkKind,
    directory: &FileName,
    homes: &dyn Homes,
) -> Result<Result<(), Errno>, HostError> {
    let relative = path::path_type(target.text(), target.mode()) == PathType::Relative;
    let from_link = match kind {
        LinkKind::Symbolic if relative && !target.text().is_empty() => {
            Some(directory.child(target.text(), homes)?)
        }
        _ => None,
    };
    let seen = from_link.as_ref().unwrap_or(target);
    let make = || -> Result<(), Errno> {
        let seen = seen.native().map_err(|_| Errno::NOENT)?;
        if rustix::fs::access(seen, Access::EXISTS).is_err() {
            return Err(Errno::NOENT);
        }
        match kind {
            LinkKind::Symbolic => rustix::fs::symlink(target.native()?, name.native()?)?,
            LinkKind::Hard => rustix::fs::link(target.native()?, name.native()?)?,
        }
        Ok(())
    };
    Ok(make())
}
