//! Walking a directory tree without recursion and without following links.

use std::ffi::CString;
use std::ops::ControlFlow;

use rustix::fs::Stat;

use super::name::open_directory;
use super::stat::FileKind;
use crate::host::errno::Errno;

/// A failure, with the path that it happened at.
pub(super) type Failure = (CString, Errno);

/// A stop on the walk.
pub(super) enum Visit<'a> {
    /// Before the entries of a directory.
    Enter(&'a Stat),
    /// Anything but a directory.
    Entry(&'a Stat),
    /// After the entries of a directory.
    Leave(&'a Stat),
}

/// What is done at each stop, which is so far below the root.
pub(super) type Visitor<'a> = dyn FnMut(Visit<'_>, &[u8]) -> Result<(), Failure> + 'a;

/// A directory whose entries are being visited: what follows the root's path,
/// and the names that are left.
struct Level {
    below: Vec<u8>,
    stat: Stat,
    names: std::vec::IntoIter<CString>,
}

/// The path of what is `below` the path `root`.
pub(super) fn path_below(root: &CString, below: &[u8]) -> CString {
    CString::new([root.as_bytes(), below].concat()).expect("native paths have no NUL")
}

/// Walks the tree `root`, a directory. `visit` is given what is below `root`
/// (empty for `root`, else starting with `/`).
pub(super) fn walk(root: &CString, visit: &mut Visitor<'_>) -> Result<(), Failure> {
    let mut levels = Vec::new();
    let mut next = Some(Vec::new());
    loop {
        let below = match next.take().map_or_else(|| advance(&mut levels), ControlFlow::Continue) {
            ControlFlow::Continue(below) => below,
            ControlFlow::Break(None) => return Ok(()),
            ControlFlow::Break(Some(Level { below, stat, .. })) => {
                visit(Visit::Leave(&stat), &below)?;
                continue;
            }
        };
        let path = path_below(root, &below);
        let stat = match rustix::fs::lstat(&path) {
            Ok(stat) => stat,
            Err(errno) => return Err((path, errno.into())),
        };
        if FileKind::of_mode(stat.st_mode) != FileKind::Directory {
            visit(Visit::Entry(&stat), &below)?;
            continue;
        }
        visit(Visit::Enter(&stat), &below)?;
        match entries(&path) {
            Ok(names) => levels.push(Level { below, stat, names: names.into_iter() }),
            Err(errno) => return Err((path, errno)),
        }
    }
}

/// The next entry of the innermost directory, or that directory when it has
/// none left, or nothing at the end.
fn advance(levels: &mut Vec<Level>) -> ControlFlow<Option<Level>, Vec<u8>> {
    let Some(level) = levels.last_mut() else { return ControlFlow::Break(None) };
    match level.names.next() {
        Some(name) => ControlFlow::Continue([&level.below, &b"/"[..], name.as_bytes()].concat()),
        None => ControlFlow::Break(levels.pop()),
    }
}

/// The names in the directory `path` but `.` and `..`, in its order.
fn entries(path: &CString) -> Result<Vec<CString>, Errno> {
    let mut names = Vec::new();
    for entry in open_directory(path)? {
        let entry = entry?;
        let name = entry.file_name();
        if name != c"." && name != c".." {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}
