//! Thin wrappers of the C library's functions that rustix lacks: the accounts,
//! unique names, starting programs, the resolver and the serial lines.
//!
//! Each takes and gives owned values; the rest of the host has no `unsafe`.

use std::ffi::{CStr, CString};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

use super::errno::Errno;

/// The largest buffer that a look-up of an account may take, against a
/// directory service that never says it is enough.
const ACCOUNT_BYTES_MAX: usize = 1 << 20;

/// A user as the system knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserEntry {
    /// The login name, as bytes of the system.
    pub name: Vec<u8>,
    /// The number.
    pub uid: u32,
    /// The number of the user's own group.
    pub gid: u32,
    /// The home directory, as bytes of the system.
    pub home: Vec<u8>,
}

/// A group as the system knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupEntry {
    /// The name, as bytes of the system.
    pub name: Vec<u8>,
    /// The number.
    pub gid: u32,
}

/// What identifies an account.
#[derive(Clone, Copy, Debug)]
pub enum AccountKey<'a> {
    /// Its name.
    Name(&'a CStr),
    /// Its number.
    Number(u32),
}

fn last_errno() -> Errno {
    Errno(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
}

/// A copy of a C string that the C library gave; empty for a null pointer.
///
/// # Safety
/// `text` is null or points to a string with a NUL at its end that lives and
/// does not change during the call.
unsafe fn copy_text(text: *const libc::c_char) -> Vec<u8> {
    if text.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller vouches for the pointer, and it is not null.
    unsafe { CStr::from_ptr(text) }.to_bytes().to_vec()
}

/// Calls `attempt` with a larger buffer until it does not answer `ERANGE`.
fn with_growing_buffer<T>(mut attempt: impl FnMut(&mut [libc::c_char]) -> Result<T, i32>) -> Option<T> {
    let mut buffer: Vec<libc::c_char> = vec![0; 1024];
    loop {
        match attempt(&mut buffer) {
            Ok(found) => return Some(found),
            Err(libc::ERANGE) if buffer.len() < ACCOUNT_BYTES_MAX => {
                let size = buffer.len() * 4;
                buffer.resize(size, 0);
            }
            Err(_) => return None,
        }
    }
}

/// The user `key`, or None if there is none.
pub fn user(key: AccountKey<'_>) -> Option<UserEntry> {
    with_growing_buffer(|buffer| {
        // SAFETY: all fields are integers and pointers, for which zero is a value.
        let mut entry: libc::passwd = unsafe { std::mem::zeroed() };
        let mut found: *mut libc::passwd = ptr::null_mut();
        let (text, size) = (buffer.as_mut_ptr(), buffer.len());
        let code = match key {
            // SAFETY: the name ends in NUL; entry, buffer (with its size) and result are ours and
            // outlive the call.
            AccountKey::Name(name) => unsafe {
                libc::getpwnam_r(name.as_ptr(), &raw mut entry, text, size, &raw mut found)
            },
            // SAFETY: as above.
            AccountKey::Number(uid) => unsafe {
                libc::getpwuid_r(uid, &raw mut entry, text, size, &raw mut found)
            },
        };
        if code != 0 || found.is_null() {
            return Err(code);
        }
        // SAFETY: the call succeeded, so the field points to a string in `buffer`.
        let name = unsafe { copy_text(entry.pw_name) };
        // SAFETY: as above.
        let home = unsafe { copy_text(entry.pw_dir) };
        Ok(UserEntry { name, uid: entry.pw_uid, gid: entry.pw_gid, home })
    })
}

/// The group `key`, or None if there is none.
pub fn group(key: AccountKey<'_>) -> Option<GroupEntry> {
    with_growing_buffer(|buffer| {
        // SAFETY: all fields are integers and pointers, for which zero is a value.
        let mut entry: libc::group = unsafe { std::mem::zeroed() };
        let mut found: *mut libc::group = ptr::null_mut();
        let (text, size) = (buffer.as_mut_ptr(), buffer.len());
        let code = match key {
            // SAFETY: the name ends in NUL; entry, buffer (with its size) and result are ours and
            // outlive the call.
            AccountKey::Name(name) => unsafe {
                libc::getgrnam_r(name.as_ptr(), &raw mut entry, text, size, &raw mut found)
            },
            // SAFETY: as above.
            AccountKey::Number(gid) => unsafe {
                libc::getgrgid_r(gid, &raw mut entry, text, size, &raw mut found)
            },
        };
        if code != 0 || found.is_null() {
            return Err(code);
        }
        // SAFETY: the call succeeded, so the field points to a string in `buffer`.
        let name = unsafe { copy_text(entry.gr_name) };
        Ok(GroupEntry { name, gid: entry.gr_gid })
    })
}

/// Creates a file whose name is `template` with the six `X` before the last
/// `suffix_bytes` bytes replaced; readable and writable by the owner only,
/// closed when a program is executed.
///
/// # Errors
/// What the system says; `EINVAL` without the six `X`.
pub fn create_unique_file(template: CString, suffix_bytes: usize) -> Result<(OwnedFd, CString), Errno> {
    let suffix = libc::c_int::try_from(suffix_bytes).map_err(|_| Errno::INVAL)?;
    let mut name = template.into_bytes_with_nul();
    // SAFETY: `name` is ours, ends in NUL, and the call changes six bytes of it at most.
    let fd = unsafe { libc::mkostemps(name.as_mut_ptr().cast(), suffix, libc::O_CLOEXEC) };
    if fd < 0 {
        return Err(last_errno());
    }
    // SAFETY: the call has just opened the descriptor, and nobody else has it.
    let file = unsafe { OwnedFd::from_raw_fd(fd) };
    Ok((file, CString::from_vec_with_nul(name).expect("the call replaces X by letters and digits")))
}

/// Creates a directory whose name is `template` with the six `X` at its end
/// replaced; for the owner only.
///
/// # Errors
/// What the system says; `EINVAL` without the six `X`.
pub fn create_unique_directory(template: CString) -> Result<CString, Errno> {
    let mut name = template.into_bytes_with_nul();
    // SAFETY: `name` is ours, ends in NUL, and the call changes six bytes of it at most.
    let made = unsafe { libc::mkdtemp(name.as_mut_ptr().cast()) };
    if made.is_null() {
        return Err(last_errno());
    }
    Ok(CString::from_vec_with_nul(name).expect("the call replaces X by letters and digits"))
}

/// The signals that a child takes as the system does by default, whatever this
/// process does with them.
const DEFAULT_SIGNALS: [libc::c_int; 17] = [
    libc::SIGABRT,
    libc::SIGALRM,
    libc::SIGFPE,
    libc::SIGHUP,
    libc::SIGILL,
    libc::SIGINT,
    libc::SIGPIPE,
    libc::SIGQUIT,
    libc::SIGSEGV,
    libc::SIGTERM,
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGCHLD,
    libc::SIGCONT,
    libc::SIGTSTP,
    libc::SIGTTIN,
    libc::SIGTTOU,
];

fn check(code: libc::c_int) -> Result<(), Errno> {
    if code == 0 { Ok(()) } else { Err(Errno(code)) }
}

/// What a child does before it executes its program.
struct FileActions(libc::posix_spawn_file_actions_t);

impl FileActions {
    fn new() -> Result<FileActions, Errno> {
        // SAFETY: the structure is plain bytes to us; the next call gives it its value.
        let mut actions = FileActions(unsafe { std::mem::zeroed() });
        // SAFETY: the pointer is to our own structure.
        check(unsafe { libc::posix_spawn_file_actions_init(&raw mut actions.0) })?;
        Ok(actions)
    }

    fn duplicate(&mut self, from: libc::c_int, to: libc::c_int) -> Result<(), Errno> {
        // SAFETY: the structure has been initialised.
        check(unsafe { libc::posix_spawn_file_actions_adddup2(&raw mut self.0, from, to) })
    }
}

impl Drop for FileActions {
    fn drop(&mut self) {
        // SAFETY: the structure has been initialised, or is zero, which the call takes too.
        unsafe { libc::posix_spawn_file_actions_destroy(&raw mut self.0) };
    }
}

/// The signals of a child.
struct SpawnAttributes(libc::posix_spawnattr_t);

fn signal_set(signals: &[libc::c_int]) -> libc::sigset_t {
    // SAFETY: the structure is plain bytes to us; the next call gives it its value.
    let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to our own structure.
    unsafe { libc::sigemptyset(&raw mut set) };
    for signal in signals {
        // SAFETY: the set has been initialised, and the numbers are signals.
        unsafe { libc::sigaddset(&raw mut set, *signal) };
    }
    set
}

impl SpawnAttributes {
    fn new() -> Result<SpawnAttributes, Errno> {
        // SAFETY: the structure is plain bytes to us; the next call gives it its value.
        let mut attributes = SpawnAttributes(unsafe { std::mem::zeroed() });
        // SAFETY: the pointer is to our own structure.
        check(unsafe { libc::posix_spawnattr_init(&raw mut attributes.0) })?;
        let defaults = signal_set(&DEFAULT_SIGNALS);
        // SAFETY: the structure has been initialised, and the set is ours.
        check(unsafe { libc::posix_spawnattr_setsigdefault(&raw mut attributes.0, &raw const defaults) })?;
        let none = signal_set(&[]);
        // SAFETY: as above.
        check(unsafe { libc::posix_spawnattr_setsigmask(&raw mut attributes.0, &raw const none) })?;
        let flags = (libc::POSIX_SPAWN_SETSIGDEF | libc::POSIX_SPAWN_SETSIGMASK) as libc::c_short;
        // SAFETY: the structure has been initialised.
        check(unsafe { libc::posix_spawnattr_setflags(&raw mut attributes.0, flags) })?;
        Ok(attributes)
    }
}

impl Drop for SpawnAttributes {
    fn drop(&mut self) {
        // SAFETY: the structure has been initialised, or is zero, which the call takes too.
        unsafe { libc::posix_spawnattr_destroy(&raw mut self.0) };
    }
}

/// The texts as the system wants them: pointers with a null pointer at the end.
fn pointers(texts: &[CString]) -> Vec<*mut libc::c_char> {
    texts.iter().map(|text| text.as_ptr().cast_mut()).chain([ptr::null_mut()]).collect()
}

/// Starts the program `file` with the arguments `words` (its name first), the
/// `environment` and the standard streams `streams`; gives its process number.
///
/// # Errors
/// What the system said to the attempt to execute the file.
pub fn spawn(
    file: &CStr,
    words: &[CString],
    environment: &[CString],
    streams: [BorrowedFd<'_>; 3],
) -> Result<i32, Errno> {
    // A stream that is one of the child's own three in this process would be overwritten before it
    // is duplicated, so such a one is moved out of the way first.
    let mut moved = Vec::new();
    let mut sources = [0; 3];
    for (at, stream) in streams.iter().enumerate() {
        let number = stream.as_raw_fd();
        sources[at] = if number < 3 && number != at as libc::c_int {
            let away = rustix::io::fcntl_dupfd_cloexec(stream, 3)?;
            let number = away.as_raw_fd();
            moved.push(away);
            number
        } else {
            number
        };
    }
    let mut actions = FileActions::new()?;
    for (at, source) in sources.iter().enumerate() {
        actions.duplicate(*source, at as libc::c_int)?;
    }
    let attributes = SpawnAttributes::new()?;
    let (arguments, variables) = (pointers(words), pointers(environment));
    let mut pid = 0;
    // SAFETY: file, arguments and variables are texts with a NUL at their end in arrays with a null
    // pointer at their end; actions and attributes have been initialised; all outlive the call,
    // which does not change the texts.
    let code = unsafe {
        libc::posix_spawn(
            &raw mut pid,
            file.as_ptr(),
            &raw const actions.0,
            &raw const attributes.0,
            arguments.as_ptr(),
            variables.as_ptr(),
        )
    };
    check(code)?;
    Ok(pid)
}

/// Makes a write to a pipe without reader an error for this process.
pub fn ignore_sigpipe() {
    // SAFETY: to ignore a signal runs no code of ours.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
}
