//! `glob`: the names of files that match patterns.
//!
//! A pattern is taken apart at its separators, one component at a time; only
//! components with special characters read a directory, in the order in which
//! the system gives its entries. What is left to do stands on an explicit
//! stack, so that neither the depth of a tree nor that of braces matters.

mod pattern;
#[cfg(test)]
mod tests;
mod types;

use std::ffi::CString;

use tclring_compiler::Mode;
use tclring_vm::text::glob::Glob;

use super::archive;
use super::errno::{Errno, HostError};
use super::fs::current_directory;
use super::native::{from_native, from_native_strict, to_native};
use super::path::{self, ARCHIVE_VOLUME, Homes, SEPARATOR};
use pattern::{Piece, escape, first_piece, leading_separators, unescape};
pub use types::GlobTypes;

/// Where the patterns start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base<'a> {
    /// In the working directory, or at the root that the pattern begins with.
    None,
    /// In this directory (`-directory`).
    Directory(&'a [u8]),
    /// At names that begin with this, all of it literal (`-path`).
    Path(&'a [u8]),
}

/// What `glob` is asked.
#[derive(Clone, Debug)]
pub struct GlobRequest<'a> {
    /// The patterns, already joined for `-join`.
    pub patterns: &'a [Vec<u8>],
    /// Where they start.
    pub base: Base<'a>,
    /// Whether results are relative to the directory of the base (`-tails`).
    pub tails: bool,
    /// What the files must be (`-types`).
    pub types: Option<&'a GlobTypes>,
    /// In Tcl 8.6 a tilde at the start is a home directory, and malformed
    /// names are no errors.
    pub mode: Mode,
}

/// What remains to be done for one part of a pattern.
struct Task {
    /// The names that are settled, as they will be in the result.
    path: Vec<u8>,
    /// The pattern below them.
    pattern: Vec<u8>,
}

struct Search<'a> {
    request: &'a GlobRequest<'a>,
    results: Vec<Vec<u8>>,
    /// The next task last.
    tasks: Vec<Task>,
}

/// `-join`: the words as one pattern.
pub fn join_patterns(words: &[Vec<u8>]) -> Vec<u8> {
    words.join(&SEPARATOR)
}

/// The files that match, pattern by pattern, directories in their own order.
///
/// # Errors
/// Unbalanced braces, a directory that must not be read, a malformed name, or
/// those of `homes`.
pub fn glob(request: &GlobRequest<'_>, homes: &dyn Homes) -> Result<Vec<Vec<u8>>, HostError> {
    let (start, literal) = match request.base {
        Base::None => (Vec::new(), Vec::new()),
        Base::Directory(directory) => (directory.to_vec(), Vec::new()),
        Base::Path(prefix) => split_prefix(prefix, request.mode),
    };
    let mut search = Search { request, results: Vec::new(), tasks: Vec::new() };
    for pattern in request.patterns {
        let mut task = Task { path: start.clone(), pattern: [literal.as_slice(), pattern].concat() };
        if request.base == Base::None {
            anchor(&mut task, request.mode, homes)?;
        } else if matches!(request.base, Base::Path(b"")) && task.pattern.is_empty() {
            continue;
        }
        search.tasks.push(task);
        search.run()?;
    }
    if request.tails {
        let cut = start.len();
        for result in &mut search.results {
            let rest = result.get(cut..).unwrap_or_default();
            let separators = rest.iter().take_while(|b| **b == SEPARATOR).count();
            *result = rest[if cut == 0 { 0 } else { separators }..].to_vec();
        }
    }
    Ok(search.results)
}

/// The directory and the pattern of the last component of a `-path` prefix.
fn split_prefix(prefix: &[u8], mode: Mode) -> (Vec<u8>, Vec<u8>) {
    let Some(at) = memchr::memrchr(SEPARATOR, prefix) else { return (Vec::new(), escape(prefix)) };
    let (directory, tail) = (&prefix[..=at], &prefix[at + 1..]);
    if tail.is_empty() {
        return (directory.to_vec(), Vec::new());
    }
    (path::translate(directory, mode), escape(tail))
}

/// Takes the root off a pattern that starts with one.
fn anchor(task: &mut Task, mode: Mode, homes: &dyn Homes) -> Result<(), HostError> {
    if mode == Mode::Tcl86 && task.pattern.first() == Some(&b'~') {
        let end = memchr::memchr(SEPARATOR, &task.pattern).unwrap_or(task.pattern.len());
        task.path = path::tilde_expand(&task.pattern[..end], homes)?;
        task.pattern.drain(..end);
        return Ok(());
    }
    let (count, bytes) = leading_separators(&task.pattern);
    if mode == Mode::Tcl90 && task.pattern.starts_with(ARCHIVE_VOLUME) {
        task.path = ARCHIVE_VOLUME.to_vec();
        task.pattern.drain(..ARCHIVE_VOLUME.len());
        return Ok(());
    }
    if count > 0 {
        // In the reference, more than one separator before a name is a host, where nothing is.
        let host = mode == Mode::Tcl90 && count > 1 && bytes < task.pattern.len();
        task.path = if host { b"//".to_vec() } else { b"/".to_vec() };
        task.pattern.drain(..bytes);
    }
    Ok(())
}

/// The path of `name` in the directory `path`, which ends in a separator if
/// `name` is empty.
fn below(path: &[u8], name: &[u8]) -> Vec<u8> {
    let separator: &[u8] = if matches!(path.last(), None | Some(&SEPARATOR)) { b"" } else { b"/" };
    [path, separator, name].concat()
}

impl Search<'_> {
    fn run(&mut self) -> Result<(), HostError> {
        while let Some(task) = self.tasks.pop() {
            // Nothing is on another host.
            if task.path != b"//" {
                self.step(task)?;
            }
        }
        Ok(())
    }

    fn step(&mut self, task: Task) -> Result<(), HostError> {
        let Task { mut path, pattern } = task;
        let piece = first_piece(&pattern)?;
        match piece {
            Piece::Braces(alternatives) => {
                // The task on top is the next one.
                let tasks = alternatives.into_iter().rev();
                self.tasks.extend(tasks.map(|pattern| Task { path: path.clone(), pattern }));
            }
            Piece::End { separators } => {
                if separators && !path.is_empty() {
                    path = below(&path, b"");
                }
                let shown = if path.is_empty() { b".".to_vec() } else { path };
                self.check_name(shown);
            }
            Piece::Component { text, special: false, rest } => {
                let name = below(&path, &unescape(text));
                match rest {
                    None => self.check_name(name),
                    Some(rest) => {
                        let path = [&name, &b"/"[..]].concat();
                        self.tasks.push(Task { path, pattern: rest.to_vec() });
                    }
                }
            }
            Piece::Component { text, special: true, rest } => {
                let names = self.matching_names(&path, text, rest.is_some())?;
                let paths = names.iter().map(|name| below(&path, name));
                match rest {
                    None => self.results.extend(paths),
                    Some(rest) => self.tasks.extend(paths.rev().map(|mut path| {
                        path.push(SEPARATOR);
                        Task { path, pattern: rest.to_vec() }
                    })),
                }
            }
        }
        Ok(())
    }

    /// Takes `name` as a result if it exists and is what is asked for.
    fn check_name(&mut self, name: Vec<u8>) {
        if let Some(path) = archive::path_of(&name, self.request.mode) {
            let tail = path.rsplit(|b| *b == SEPARATOR).next().unwrap_or_default();
            let is_wanted = archive::find(&path).is_some_and(|found| {
                self.request.types.is_none_or(|types| types.accepts_archived(tail, found.is_directory))
            });
            if is_wanted {
                self.results.push(name);
            }
            return;
        }
        let Ok(native) = to_native(&path::translate(&name, self.request.mode)) else { return };
        let found = match self.request.types {
            Some(types) => {
                let tail = native.as_bytes().rsplit(|b| *b == SEPARATOR).next().unwrap_or_default();
                types.accepts(&native, tail, None)
            }
            None => rustix::fs::lstat(&native).is_ok(),
        };
        if found {
            self.results.push(name);
        }
    }

    /// The names in the directory `path` that match the component `pattern`;
    /// directories only if more components follow.
    fn matching_names(&self, path: &[u8], pattern: &[u8], more: bool) -> Result<Vec<Vec<u8>>, HostError> {
        let only_directories = GlobTypes::directories();
        let types = if more { Some(&only_directories) } else { self.request.types };
        let hidden_pattern = pattern.starts_with(b".") || pattern.starts_with(b"\\.");
        let show_hidden = hidden_pattern || types.is_some_and(GlobTypes::wants_hidden);
        let archived = if path.is_empty() {
            archive::working_directory()
        } else {
            archive::path_of(path, self.request.mode)
        };
        if let Some(directory) = archived {
            let matcher = Glob::new(pattern, false);
            let mut names = archive::names_in(&directory);
            names.retain(|(name, is_directory)| {
                let is_hidden = name.first() == Some(&b'.');
                let fits = if is_hidden { show_hidden } else { !hidden_pattern };
                fits && matcher.matches(name)
                    && types.is_none_or(|types| types.accepts_archived(name, *is_directory))
            });
            return Ok(names.into_iter().map(|(name, _)| name).collect());
        }
        let shown = if path.is_empty() { current_directory()? } else { path.to_vec() };
        let shown = below(&shown, b"");
        let translated = path::translate(path, self.request.mode);
        let Ok(native) = to_native(if translated.is_empty() { b"." } else { &translated }) else {
            return self.without_native_form(&translated);
        };
        let Some(entries) = open(&native, &shown)? else { return Ok(Vec::new()) };
        let matcher = Glob::new(pattern, false);
        let mut names = Vec::new();
        // What is in a directory that may not be searched can be named, but is of no type.
        let may_look = types.is_none() || rustix::fs::access(&native, rustix::fs::Access::EXEC_OK).is_ok();
        for entry in entries {
            let entry = entry.map_err(|errno| unreadable(&shown, errno.into()))?;
            let bytes = entry.file_name().to_bytes();
            let is_hidden = bytes.first() == Some(&b'.');
            if is_hidden && !show_hidden || !is_hidden && hidden_pattern {
                continue;
            }
            let name = match self.request.mode {
                Mode::Tcl90 => from_native_strict(bytes)?,
                Mode::Tcl86 => from_native(bytes),
            };
            if !matcher.matches(&name) {
                continue;
            }
            let accepted = types.is_none_or(|types| {
                let path = CString::new([native.as_bytes(), b"/", bytes].concat());
                may_look && path.is_ok_and(|path| types.accepts(&path, bytes, Some(entry.file_type())))
            });
            if accepted {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// A directory whose name has no native form has no entries; a surrogate
    /// is an error.
    fn without_native_form(&self, path: &[u8]) -> Result<Vec<Vec<u8>>, HostError> {
        match to_native(path) {
            Err(error) => error.encoding_error().map_or(Ok(Vec::new()), Err),
            Ok(_) => Ok(Vec::new()),
        }
    }
}

fn unreadable(shown: &[u8], errno: Errno) -> HostError {
    HostError::posix(&[b"couldn't read directory \"", shown, b"\""], errno)
}

/// Opens a directory; None for what is none or cannot be looked at.
fn open(path: &CString, shown: &[u8]) -> Result<Option<rustix::fs::Dir>, HostError> {
    use rustix::fs::{Mode as FileMode, OFlags};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, FileMode::empty()).and_then(rustix::fs::Dir::new);
    match opened {
        Ok(entries) => Ok(Some(entries)),
        Err(_) if rustix::fs::stat(path).is_err() => Ok(None),
        Err(rustix::io::Errno::NOTDIR) => Ok(None),
        Err(errno) => Err(unreadable(shown, errno.into())),
    }
}
