//! The algebra of Tcl's file names on Unix: pure functions over texts.
//!
//! A name is a *root* (none for a relative name) and components. The roots are
//! `/`; in Tcl 9.0 also `//host` and the volume `//zipfs:/`; in Tcl 8.6 also
//! `~` and `~user`. Nothing here looks at the file system: [`normalize`] asks
//! the [`Links`] that it is given, and tildes are expanded by [`Homes`].

use tclring_compiler::Mode;

use super::errno::HostError;

/// The separator of components.
pub const SEPARATOR: u8 = b'/';

/// The root of the volume of mounted archives.
pub const ARCHIVE_VOLUME: &[u8] = b"//zipfs:/";

/// What a name is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathType {
    /// It has a root.
    Absolute,
    /// It is relative to the working directory.
    Relative,
}

impl PathType {
    /// The word that `file pathtype` gives.
    pub fn word(self) -> &'static str {
        match self {
            PathType::Absolute => "absolute",
            PathType::Relative => "relative",
        }
    }
}

/// Where the home directories are.
pub trait Homes {
    /// The home directory of `user`, or of the current user for None.
    ///
    /// # Errors
    /// The message of the reference for an unknown user, or without `HOME`.
    fn home(&self, user: Option<&[u8]>) -> Result<Vec<u8>, HostError>;
}

/// What [`normalize`] asks the file system.
pub trait Links {
    /// The content of the symbolic link `path`, or None if it is none.
    fn read_link(&self, path: &[u8]) -> Option<Vec<u8>>;

    /// The path of the existing `path` free of symbolic links, or None.
    fn real_path(&self, path: &[u8]) -> Option<Vec<u8>>;
}

/// A file system without links in which nothing exists, for pure uses.
#[derive(Clone, Copy, Debug)]
pub struct NoLinks;

impl Links for NoLinks {
    fn read_link(&self, _path: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn real_path(&self, _path: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

/// How many bytes of `name` are its root; 0 for a relative name.
fn root_bytes(name: &[u8], mode: Mode) -> usize {
    let to_separator =
        |from: usize| name[from..].iter().position(|b| *b == SEPARATOR).map_or(name.len(), |at| from + at);
    match mode {
        Mode::Tcl86 if name.first() == Some(&b'~') => to_separator(0),
        Mode::Tcl90 if name.starts_with(ARCHIVE_VOLUME) => ARCHIVE_VOLUME.len(),
        Mode::Tcl90 if name.starts_with(b"//") && name.get(2).is_some_and(|b| *b != SEPARATOR) => {
            to_separator(2)
        }
        _ => usize::from(name.first() == Some(&SEPARATOR)),
    }
}

fn components(rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    rest.split(|b| *b == SEPARATOR).filter(|component| !component.is_empty())
}

/// `file pathtype`.
pub fn path_type(name: &[u8], mode: Mode) -> PathType {
    if root_bytes(name, mode) > 0 { PathType::Absolute } else { PathType::Relative }
}

/// `file split`: the root, if there is one, and the components.
pub fn split(name: &[u8], mode: Mode) -> Vec<Vec<u8>> {
    let (root, rest) = name.split_at(root_bytes(name, mode));
    let mut out = Vec::new();
    if !root.is_empty() {
        out.push(root.to_vec());
    }
    for component in components(rest) {
        let guarded = mode == Mode::Tcl86 && component[0] == b'~' && !out.is_empty();
        out.push(if guarded { [b"./", component].concat() } else { component.to_vec() });
    }
    out
}

/// `file join`: an absolute name discards what was before it. Separators are
/// single afterwards, and none is at the end.
pub fn join<'a>(names: impl IntoIterator<Item = &'a [u8]>, mode: Mode) -> Vec<u8> {
    let mut out = Vec::new();
    for name in names {
        append(&mut out, name, mode);
    }
    out
}

fn append(out: &mut Vec<u8>, name: &[u8], mode: Mode) {
    let (root, mut rest) = name.split_at(root_bytes(name, mode));
    if !root.is_empty() {
        out.clear();
        out.extend_from_slice(root);
        // The reference keeps one separator after a host or a user.
        if !root.ends_with(b"/") && rest.first() == Some(&SEPARATOR) {
            out.push(SEPARATOR);
        }
    } else if mode == Mode::Tcl86 && !out.is_empty() && rest.starts_with(b"./~") {
        rest = &rest[2..];
    }
    for component in components(rest) {
        if out.last().is_some_and(|b| *b != SEPARATOR) {
            out.push(SEPARATOR);
        }
        out.extend_from_slice(component);
    }
}

/// The name with single separators and none at the end, tildes as they are:
/// what system calls are given.
pub fn translate(name: &[u8], mode: Mode) -> Vec<u8> {
    // Most names have neither slashes to take out nor a tilde to look at.
    let plain_end = name.last().is_some_and(|last| *last != b'/');
    let tilde = mode == Mode::Tcl86 && name.contains(&b'~');
    if plain_end && !tilde && memchr::memmem::find(name, b"//").is_none() {
        return name.to_vec();
    }
    join([name], mode)
}

/// `file nativename`.
///
/// # Errors
/// In Tcl 8.6, those of `homes` for a name that starts with a tilde.
pub fn native_name(name: &[u8], mode: Mode, homes: &dyn Homes) -> Result<Vec<u8>, HostError> {
    match mode {
        Mode::Tcl86 => Ok(translate(&tilde_expand(name, homes)?, mode)),
        Mode::Tcl90 => Ok(translate(name, mode)),
    }
}

/// The components of `name`, with the tilde of Tcl 8.6 expanded if it is all
/// that there is.
fn split_expanded(name: &[u8], mode: Mode, homes: &dyn Homes) -> Result<Vec<Vec<u8>>, HostError> {
    let parts = split(name, mode);
    if mode == Mode::Tcl86 && parts.len() == 1 && name.first() == Some(&b'~') {
        return Ok(split(&homes.home(user_of(&parts[0][1..]))?, mode));
    }
    Ok(parts)
}

/// `file dirname`.
///
/// # Errors
/// In Tcl 8.6, those of `homes` for a lone `~user`.
pub fn dirname(name: &[u8], mode: Mode, homes: &dyn Homes) -> Result<Vec<u8>, HostError> {
    let parts = split_expanded(name, mode, homes)?;
    Ok(match parts.as_slice() {
        [] => b".".to_vec(),
        [only] if path_type(only, mode) == PathType::Absolute => only.clone(),
        [_] => b".".to_vec(),
        [most @ .., _] => join(most.iter().map(Vec::as_slice), mode),
    })
}

/// `file tail`.
///
/// # Errors
/// In Tcl 8.6, those of `homes` for a lone `~user`.
pub fn tail(name: &[u8], mode: Mode, homes: &dyn Homes) -> Result<Vec<u8>, HostError> {
    let mut parts = split_expanded(name, mode, homes)?;
    if parts.len() == 1 && path_type(&parts[0], mode) == PathType::Absolute {
        return Ok(Vec::new());
    }
    Ok(parts.pop().unwrap_or_default())
}

/// `file extension`: the last dot after the last separator and what follows.
pub fn extension(name: &[u8]) -> &[u8] {
    let start = memchr::memrchr(SEPARATOR, name).map_or(0, |at| at + 1);
    memchr::memrchr(b'.', &name[start..]).map_or(&[], |at| &name[start + at..])
}

/// `file rootname`: what is before [`extension`].
pub fn rootname(name: &[u8]) -> &[u8] {
    &name[..name.len() - extension(name).len()]
}

fn user_of(user: &[u8]) -> Option<&[u8]> {
    (!user.is_empty()).then_some(user)
}

/// `file tildeexpand`: `~` and `~user` at the start become home directories;
/// other names stay as they are.
///
/// # Errors
/// Those of `homes`.
pub fn tilde_expand(name: &[u8], homes: &dyn Homes) -> Result<Vec<u8>, HostError> {
    if name.first() != Some(&b'~') {
        return Ok(name.to_vec());
    }
    let end = memchr::memchr(SEPARATOR, name).unwrap_or(name.len());
    let home = homes.home(user_of(&name[1..end]))?;
    let mut out = join([home.as_slice()], Mode::Tcl90);
    for component in components(&name[end..]) {
        if out.last() != Some(&SEPARATOR) {
            out.push(SEPARATOR);
        }
        out.extend_from_slice(component);
    }
    Ok(out)
}

/// `file normalize`, in Tcl 8.6 for a name whose tilde is expanded already:
/// absolute, without `.` and `..`, and with the links before the last
/// component followed. `current` gives the working directory and is asked for
/// relative names only.
///
/// # Errors
/// That of `current`.
pub fn normalize(
    name: &[u8],
    mode: Mode,
    current: impl FnOnce() -> Result<Vec<u8>, HostError>,
    links: &dyn Links,
) -> Result<Vec<u8>, HostError> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let translated = translate(name, mode);
    let absolute = match path_type(&translated, mode) {
        PathType::Absolute => translated,
        PathType::Relative => {
            let mut out = current()?;
            if out.last() != Some(&SEPARATOR) {
                out.push(SEPARATOR);
            }
            out.extend_from_slice(&translated);
            out
        }
    };
    let volume = if mode == Mode::Tcl90 && absolute.starts_with(ARCHIVE_VOLUME) {
        ARCHIVE_VOLUME.len() - 1
    } else {
        0
    };
    let plain = without_dots(&absolute, volume, links);
    Ok(if volume > 0 { plain } else { follow_directories(plain, links) })
}

/// Removes `.` and `..` from an absolute path. As in the reference, a `.`
/// right after the root leaves a separator of its own: `/./a` is `//a`.
fn without_dots(path: &[u8], volume: usize, links: &dyn Links) -> Vec<u8> {
    let mut out = path[..volume].to_vec();
    let mut parts = path[volume..].split(|b| *b == SEPARATOR);
    parts.next();
    for part in parts {
        match part {
            b"." if out.is_empty() => out.push(SEPARATOR),
            b"." => {}
            b".." => go_up(&mut out, volume, links),
            _ => {
                out.push(SEPARATOR);
                out.extend_from_slice(part);
            }
        }
    }
    if out.len() == volume {
        out.push(SEPARATOR);
    }
    out
}

/// Replaces the path `out` by its parent: that of the link's target if it is
/// a symbolic link.
fn go_up(out: &mut Vec<u8>, volume: usize, links: &dyn Links) {
    if let Some(target) = links.read_link(out) {
        if target.first() == Some(&SEPARATOR) {
            *out = target;
        } else {
            out.truncate(memchr::memrchr(SEPARATOR, out).map_or(0, |at| at + 1));
            out.extend_from_slice(&target);
        }
    }
    out.truncate(memchr::memrchr(SEPARATOR, &out[volume.min(out.len())..]).map_or(volume, |at| volume + at));
}

/// Follows the links in the longest existing part of `path` that ends before
/// the last component.
fn follow_directories(path: Vec<u8>, links: &dyn Links) -> Vec<u8> {
    let mut end = path.len();
    while let Some(at) = memchr::memrchr(SEPARATOR, &path[..end]) {
        if path[..at].iter().all(|b| *b == SEPARATOR) {
            break;
        }
        if let Some(mut real) = links.real_path(&path[..at]) {
            if real.last() == Some(&SEPARATOR) {
                real.pop();
            }
            real.extend_from_slice(&path[at..]);
            return real;
        }
        end = at;
    }
    path
}
