//! `file tempfile` and `file tempdir`.

use std::os::fd::OwnedFd;

use tclring_compiler::Mode;

use super::name::FileName;
use super::stat;
use crate::host::env;
use crate::host::errno::{Errno, HostError};
use crate::host::native::{from_native, to_native};
use crate::host::path;
use crate::host::sys;
use crate::host::user::SystemHomes;

/// Where temporary files go if `TMPDIR` names no writable directory.
const DEFAULT_DIRECTORY: &[u8] = b"/tmp";

/// The start of a temporary file's name if the template has none.
const DEFAULT_BASE: &[u8] = b"tcl";

/// What replaces the six letters is chosen by the system.
const UNIQUE: &[u8] = b"_XXXXXX";

fn default_directory() -> Vec<u8> {
    let usable = |directory: &Vec<u8>| {
        FileName::new(directory, Mode::Tcl90, &SystemHomes)
            .is_ok_and(|name| stat::is_directory(&name) && stat::is_writable(&name))
    };
    env::get(b"TMPDIR").filter(usable).unwrap_or_else(|| DEFAULT_DIRECTORY.to_vec())
}

fn base_or_default(base: &[u8]) -> &[u8] {
    if base.is_empty() { DEFAULT_BASE } else { base }
}

/// `file tempfile`: a new file that is open for reading and writing, and its
/// name. `template` gives directory, start and extension; parts that it lacks
/// have defaults.
///
/// # Errors
/// `can't create temporary file: …`
pub fn temporary_file(template: &[u8]) -> Result<(OwnedFd, Vec<u8>), HostError> {
    let cut = memchr::memrchr(path::SEPARATOR, template);
    let directory = match cut {
        Some(_) => path::dirname(template, Mode::Tcl90, &SystemHomes)?,
        None => default_directory(),
    };
    let tail = cut.map_or(template, |at| &template[at + 1..]);
    let suffix = path::extension(tail);
    let name = [&directory, &b"/"[..], base_or_default(path::rootname(tail)), UNIQUE, suffix].concat();
    let create = || -> Result<_, Errno> {
        let native = to_native(&name).map_err(|error| error.errno())?;
        sys::create_unique_file(native, suffix.len())
    };
    let (file, name) =
        create().map_err(|errno| HostError::posix(&[b"can't create temporary file"], errno))?;
    Ok((file, from_native(name.as_bytes())))
}

/// `file tempdir`: the name of a new directory. `template` gives the directory
/// that it is made in, up to the last separator, and the start of its name.
///
/// # Errors
/// `can't create temporary directory: …`
pub fn temporary_directory(template: &[u8]) -> Result<Vec<u8>, HostError> {
    let (directory, base) = match memchr::memrchr(path::SEPARATOR, template) {
        Some(at) => (template[..at].to_vec(), &template[at + 1..]),
        None => (default_directory(), template),
    };
    let name = [&directory, &b"/"[..], base_or_default(base), UNIQUE].concat();
    let create = || -> Result<_, Errno> {
        sys::create_unique_directory(to_native(&name).map_err(|error| error.errno())?)
    };
    match create() {
        Ok(name) => Ok(from_native(name.as_bytes())),
        Err(errno) => Err(HostError::posix(&[b"can't create temporary directory"], errno)),
    }
}
