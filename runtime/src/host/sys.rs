//! Thin wrappers of the C library's functions that rustix lacks: the accounts,
//! unique names, starting programs, the resolver and the serial lines.
//!
//! Each takes and gives owned values; the rest of the host has no `unsafe`.

use std::ffi::{CStr, CString};
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
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

/// Has the allocator keep the memory that it has, as far as it can be told so.
///
/// A script that builds a long list, drops it and builds the next one would otherwise give the pages back and have
/// them cleared again each time: a fifth of the sieve over a list.
pub fn keep_memory() {
    /// Blocks of this size and above are the system's, not the allocator's: the most that it accepts.
    #[cfg(target_env = "gnu")]
    const LARGE_BYTES: i32 = 32 << 20;
    /// How much unused memory it keeps.
    #[cfg(target_env = "gnu")]
    const KEPT_BYTES: i32 = 256 << 20;
    #[cfg(target_env = "gnu")]
    for (parameter, bytes) in [(libc::M_MMAP_THRESHOLD, LARGE_BYTES), (libc::M_TRIM_THRESHOLD, KEPT_BYTES)] {
        // SAFETY: the call sets a parameter of the allocator, under its own lock.
        unsafe { libc::mallopt(parameter, bytes) };
    }
}

/// A clock of the system.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The time of day.
    Real,
    /// The time since some moment; it never goes back.
    Monotonic,
    /// The processor time that this process has used.
    Processor,
}

/// The reading of a clock in nanoseconds.
///
/// It is asked of the C library: the kernel's code for it, called directly,
/// does not survive under the tools that count instructions.
pub fn clock_ns(clock: Clock) -> i64 {
    let id = match clock {
        Clock::Real => libc::CLOCK_REALTIME,
        Clock::Monotonic => libc::CLOCK_MONOTONIC,
        Clock::Processor => libc::CLOCK_PROCESS_CPUTIME_ID,
    };
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a `timespec` of this frame, which the call fills in.
    unsafe { libc::clock_gettime(id, &raw mut time) };
    time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec)
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

/// A look-up of addresses.
#[derive(Clone, Copy, Debug)]
pub struct AddressRequest<'a> {
    /// The host; None for this machine.
    pub host: Option<&'a CStr>,
    /// Whether no host means every address instead of the loopback.
    pub passive: bool,
    /// Whether only a numeric address will do, so that nobody is asked.
    pub numeric: bool,
}

/// What `getaddrinfo` gave, freed in the end.
struct AddressList(*mut libc::addrinfo);

impl Drop for AddressList {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: the list came from `getaddrinfo` and is freed once.
            unsafe { libc::freeaddrinfo(self.0) };
        }
    }
}

/// The resolver's words for one of its codes, and the error number for that of
/// the system.
fn resolver_error(code: libc::c_int) -> (String, Option<Errno>) {
    let errno = (code == libc::EAI_SYSTEM).then(last_errno);
    // SAFETY: the call takes any number and gives a text that is never freed.
    let words = unsafe { libc::gai_strerror(code) };
    // SAFETY: the text is constant.
    let words = unsafe { copy_text(words) };
    (String::from_utf8_lossy(&words).into_owned(), errno)
}

fn address_list(
    host: Option<&CStr>,
    service: Option<&CStr>,
    flags: libc::c_int,
) -> Result<AddressList, (String, Option<Errno>)> {
    // SAFETY: all fields are integers and pointers, for which zero is a value and means "any".
    let mut hints: libc::addrinfo = unsafe { std::mem::zeroed() };
    hints.ai_family = libc::AF_UNSPEC;
    hints.ai_socktype = libc::SOCK_STREAM;
    hints.ai_flags = flags;
    let mut list = AddressList(ptr::null_mut());
    let host = host.map_or(ptr::null(), CStr::as_ptr);
    let service = service.map_or(ptr::null(), CStr::as_ptr);
    // SAFETY: the texts end in NUL or are null; hints and result are ours and outlive the call.
    let code = unsafe { libc::getaddrinfo(host, service, &raw const hints, &raw mut list.0) };
    if code == 0 { Ok(list) } else { Err(resolver_error(code)) }
}

impl AddressList {
    fn addresses(&self) -> Vec<SocketAddr> {
        let mut out = Vec::new();
        let mut next = self.0;
        while !next.is_null() {
            // SAFETY: the list's entries live until it is freed, and nobody changes them.
            let entry = unsafe { &*next };
            if !entry.ai_addr.is_null() {
                // SAFETY: the entry says how many bytes its address has.
                let bytes = unsafe {
                    std::slice::from_raw_parts(entry.ai_addr.cast::<u8>(), entry.ai_addrlen as usize)
                };
                out.extend(socket_address(bytes));
            }
            next = entry.ai_next;
        }
        out
    }
}

/// Reads the bytes of a `sockaddr_in` or `sockaddr_in6`.
fn socket_address(bytes: &[u8]) -> Option<SocketAddr> {
    let part = |from: usize, to: usize| bytes.get(from..to);
    let family = u16::from_ne_bytes(part(0, 2)?.try_into().ok()?);
    let port = u16::from_be_bytes(part(2, 4)?.try_into().ok()?);
    match libc::c_int::from(family) {
        libc::AF_INET => {
            let address: [u8; 4] = part(4, 8)?.try_into().ok()?;
            Some(SocketAddrV4::new(address.into(), port).into())
        }
        libc::AF_INET6 => {
            let flow = u32::from_ne_bytes(part(4, 8)?.try_into().ok()?);
            let address: [u8; 16] = part(8, 24)?.try_into().ok()?;
            let scope = u32::from_ne_bytes(part(24, 28)?.try_into().ok()?);
            Some(SocketAddrV6::new(address.into(), port, flow, scope).into())
        }
        _ => None,
    }
}

/// The bytes of the `sockaddr_in` or `sockaddr_in6` for `address`.
fn socket_address_bytes(address: &SocketAddr) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(28);
    match address {
        SocketAddr::V4(address) => {
            bytes.extend((libc::AF_INET as u16).to_ne_bytes());
            bytes.extend(address.port().to_be_bytes());
            bytes.extend(address.ip().octets());
            bytes.extend([0; 8]);
        }
        SocketAddr::V6(address) => {
            bytes.extend((libc::AF_INET6 as u16).to_ne_bytes());
            bytes.extend(address.port().to_be_bytes());
            bytes.extend(address.flowinfo().to_ne_bytes());
            bytes.extend(address.ip().octets());
            bytes.extend(address.scope_id().to_ne_bytes());
        }
    }
    bytes
}

/// The addresses of a host, in the order in which they should be tried.
///
/// # Errors
/// The resolver's words, and the error number if it was the system.
pub fn addresses(request: AddressRequest<'_>) -> Result<Vec<SocketAddr>, (String, Option<Errno>)> {
    let passive = if request.passive { libc::AI_PASSIVE } else { 0 };
    let numeric = if request.numeric { libc::AI_NUMERICHOST } else { 0 };
    // Without a host there must be a service; the port is set afterwards.
    let service = if request.host.is_none() { Some(c"0") } else { None };
    Ok(address_list(request.host, service, passive | numeric)?.addresses())
}

/// The TCP port of a service.
pub fn service_port(name: &CStr) -> Option<u16> {
    let list = address_list(None, Some(name), libc::AI_NUMERICHOST).ok()?;
    list.addresses().first().map(SocketAddr::port)
}

/// The name of the host at `address`, if it has one.
pub fn host_name(address: &SocketAddr) -> Option<Vec<u8>> {
    // Aligned as an address must be.
    // SAFETY: all fields are integers, for which zero is a value.
    let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
    let bytes = socket_address_bytes(address);
    // SAFETY: the storage is larger than any address, and both are plain bytes that do not overlap.
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), (&raw mut storage).cast::<u8>(), bytes.len()) };
    let mut name: [libc::c_char; libc::NI_MAXHOST as usize] = [0; libc::NI_MAXHOST as usize];
    // SAFETY: the address is complete in `storage`, the buffer's size is given, no service is asked
    // for, and all outlive the call.
    let code = unsafe {
        libc::getnameinfo(
            (&raw const storage).cast(),
            bytes.len() as libc::socklen_t,
            name.as_mut_ptr(),
            name.len() as libc::socklen_t,
            ptr::null_mut(),
            0,
            libc::NI_NAMEREQD,
        )
    };
    // SAFETY: the call succeeded, so the buffer holds a text with a NUL at its end.
    (code == 0).then(|| unsafe { copy_text(name.as_ptr()) })
}

/// The lines of a serial port that can be seen or set, as bits of the system.
///
/// # Errors
/// What the system says; `ENOTTY` for what has no such lines.
pub fn modem_lines(fd: BorrowedFd<'_>) -> Result<libc::c_int, Errno> {
    read_number(fd, libc::TIOCMGET)
}

/// How many bytes wait to be sent by a terminal or serial port.
///
/// # Errors
/// What the system says.
pub fn output_queue_bytes(fd: BorrowedFd<'_>) -> Result<libc::c_int, Errno> {
    read_number(fd, libc::TIOCOUTQ)
}

/// How many bytes a terminal or serial port holds for reading.
///
/// # Errors
/// What the system says.
pub fn input_queue_bytes(fd: BorrowedFd<'_>) -> Result<libc::c_int, Errno> {
    read_number(fd, libc::FIONREAD)
}

fn read_number(fd: BorrowedFd<'_>, request: libc::Ioctl) -> Result<libc::c_int, Errno> {
    let mut number: libc::c_int = 0;
    // SAFETY: the requests above store one integer through the pointer.
    let code = unsafe { libc::ioctl(fd.as_raw_fd(), request, &raw mut number) };
    if code < 0 { Err(last_errno()) } else { Ok(number) }
}

/// Sets or clears the lines `bits` of a serial port.
///
/// # Errors
/// What the system says; `ENOTTY` for what has no such lines.
pub fn set_modem_lines(fd: BorrowedFd<'_>, bits: libc::c_int, on: bool) -> Result<(), Errno> {
    let request = if on { libc::TIOCMBIS } else { libc::TIOCMBIC };
    // SAFETY: both requests read one integer through the pointer.
    let code = unsafe { libc::ioctl(fd.as_raw_fd(), request, &raw const bits) };
    if code < 0 { Err(last_errno()) } else { Ok(()) }
}

/// Starts or ends a break on a serial port.
///
/// # Errors
/// What the system says.
pub fn set_break(fd: BorrowedFd<'_>, on: bool) -> Result<(), Errno> {
    let request = if on { libc::TIOCSBRK } else { libc::TIOCCBRK };
    // SAFETY: neither request has an argument.
    let code = unsafe { libc::ioctl(fd.as_raw_fd(), request) };
    if code < 0 { Err(last_errno()) } else { Ok(()) }
}

/// The two ends of a new terminal, for tests; None where the system has none.
#[cfg(test)]
pub(super) fn new_terminal() -> Option<(OwnedFd, OwnedFd)> {
    let (mut master, mut slave) = (-1, -1);
    // SAFETY: the two numbers are ours, and null pointers ask for no name, settings or size.
    let code = unsafe {
        libc::openpty(&raw mut master, &raw mut slave, ptr::null_mut(), ptr::null_mut(), ptr::null_mut())
    };
    if code != 0 {
        return None;
    }
    // SAFETY: the call has just opened the descriptor, and nobody else has it.
    let master = unsafe { OwnedFd::from_raw_fd(master) };
    // SAFETY: as above.
    let slave = unsafe { OwnedFd::from_raw_fd(slave) };
    Some((master, slave))
}
