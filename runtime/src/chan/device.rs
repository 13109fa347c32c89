//! Files, pipes, terminals: what is read and written by system calls of its own.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::rc::Rc;

use rustix::event::{PollFd, PollFlags};
use rustix::fs::{FileType, OFlags, SeekFrom};
use rustix::net::AddressFamily;

use crate::driver::{Descriptor, Token};
use crate::host::errno::Errno;

/// The most that is written to a standard stream at once when its channel must not wait: what a pipe that is ready
/// takes for sure.
const CAREFUL_WRITE_BYTES: usize = 4096;

/// A descriptor of a device.
#[derive(Clone)]
pub enum Handle {
    /// One of our own; it is closed with its last owner.
    Own(Rc<OwnedFd>),
    /// A standard stream of the process.
    Standard(u8),
}

impl Handle {
    /// A new owner of a descriptor.
    pub fn own(fd: OwnedFd) -> Handle {
        Handle::Own(Rc::new(fd))
    }

    /// The descriptor, lent.
    pub fn fd(&self) -> BorrowedFd<'_> {
        match self {
            Handle::Own(fd) => fd.as_fd(),
            Handle::Standard(0) => rustix::stdio::stdin(),
            Handle::Standard(1) => rustix::stdio::stdout(),
            Handle::Standard(_) => rustix::stdio::stderr(),
        }
    }

    /// The descriptor as drivers know it.
    pub fn descriptor(&self) -> Descriptor {
        Descriptor::new(self.fd().as_raw_fd())
    }
}

/// What kind of device it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A regular file, or a directory: never waits.
    Regular,
    /// A terminal or serial port.
    Terminal,
    /// A pipe and anything else.
    Stream,
}

/// The processes behind a pipeline.
pub struct Processes {
    /// Their numbers.
    pub pids: Vec<i32>,
    /// The file with what they wrote to their standard error.
    pub errors: Option<OwnedFd>,
}

/// A file, pipe or terminal.
pub struct Device {
    /// Where it is read.
    pub input: Option<Handle>,
    /// Where it is written.
    pub output: Option<Handle>,
    /// What kind it is.
    pub class: Class,
    /// The wait for input in flight.
    pub read_poll: Option<Token>,
    /// The wait for room in flight.
    pub write_poll: Option<Token>,
    /// The processes behind it.
    pub processes: Option<Box<Processes>>,
    /// How large the file may become, if that is limited.
    pub bytes_max: Option<u64>,
    /// The terminal's settings, to be restored when it is closed.
    pub terminal: Option<Restore>,
}

/// Restores the settings of a terminal.
pub type Restore = Box<dyn FnOnce(BorrowedFd<'_>)>;

/// Whether a descriptor is ready now for what `flags` says.
fn is_ready(fd: BorrowedFd<'_>, flags: PollFlags) -> bool {
    let mut polled = [PollFd::from_borrowed_fd(fd, flags)];
    let now = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
    // A failure to poll shows in the operation itself.
    !matches!(rustix::event::poll(&mut polled, Some(&now)), Ok(0))
}

impl Device {
    /// A device with one descriptor or two.
    pub fn new(input: Option<Handle>, output: Option<Handle>) -> Device {
        let class = match input.as_ref().or(output.as_ref()) {
            Some(handle) => class_of(handle.fd()),
            None => Class::Stream,
        };
        Device {
            input,
            output,
            class,
            read_poll: None,
            write_poll: None,
            processes: None,
            bytes_max: None,
            terminal: None,
        }
    }

    /// Reads once.
    ///
    /// # Errors
    /// `EAGAIN` if there is nothing yet, whether or not the channel waits; otherwise what the system says.
    pub fn read(&self, room: &mut [u8]) -> Result<usize, Errno> {
        let Some(handle) = &self.input else { return Err(Errno::BADF) };
        if self.class != Class::Regular && !is_ready(handle.fd(), PollFlags::IN) {
            return Err(Errno::AGAIN);
        }
        loop {
            match rustix::io::read(handle.fd(), &mut *room) {
                Err(rustix::io::Errno::INTR) => {}
                other => return other.map_err(Errno::from),
            }
        }
    }

    /// Writes once, perhaps less than all.
    ///
    /// # Errors
    /// `EAGAIN` if it would have to wait and must not; otherwise what the system says.
    pub fn write(&self, bytes: &[u8], blocking: bool) -> Result<usize, Errno> {
        let Some(handle) = &self.output else { return Err(Errno::BADF) };
        if let Some(limit) = self.bytes_max {
            let at = rustix::fs::tell(handle.fd())?;
            if at.saturating_add(bytes.len() as u64) > limit {
                return Err(Errno::FBIG);
            }
        }
        let mut bytes = bytes;
        if !blocking && self.class != Class::Regular && matches!(handle, Handle::Standard(_)) {
            // The descriptor may be shared with the parent's shell: it stays as it is.
            if !is_ready(handle.fd(), PollFlags::OUT) {
                return Err(Errno::AGAIN);
            }
            bytes = &bytes[..bytes.len().min(CAREFUL_WRITE_BYTES)];
        }
        loop {
            match rustix::io::write(handle.fd(), bytes) {
                Err(rustix::io::Errno::INTR) => {}
                other => return other.map_err(Errno::from),
            }
        }
    }

    /// Says whether operations may wait.
    pub fn set_blocking(&self, blocking: bool) {
        if self.class == Class::Regular {
            return;
        }
        for handle in [&self.input, &self.output].into_iter().flatten() {
            if let Handle::Own(fd) = handle
                && let Ok(flags) = rustix::fs::fcntl_getfl(fd)
            {
                let flags = if blocking { flags - OFlags::NONBLOCK } else { flags | OFlags::NONBLOCK };
                // One that cannot be switched waits.
                let _ = rustix::fs::fcntl_setfl(fd, flags);
            }
        }
    }

    /// The standard stream that it is, if that is a connection.
    pub fn connection(&self) -> Option<&Handle> {
        let handle = self.any().filter(|handle| matches!(handle, Handle::Standard(_)))?;
        if self.class != Class::Stream {
            return None;
        }
        let address = rustix::net::getpeername(handle.fd()).ok().flatten()?;
        matches!(address.address_family(), AddressFamily::INET | AddressFamily::INET6).then_some(handle)
    }

    /// Any of its descriptors.
    pub fn any(&self) -> Option<&Handle> {
        self.input.as_ref().or(self.output.as_ref())
    }

    /// The place in the file.
    ///
    /// # Errors
    /// What the system says, `ESPIPE` as `EINVAL`.
    pub fn seek(&self, to: SeekFrom) -> Result<u64, Errno> {
        let Some(handle) = self.any() else { return Err(Errno::INVAL) };
        match rustix::fs::seek(handle.fd(), to) {
            Err(rustix::io::Errno::SPIPE) => Err(Errno::INVAL),
            other => other.map_err(Errno::from),
        }
    }

    /// How many bytes stand between the place and the end of a regular file.
    pub fn bytes_left(&self) -> Option<u64> {
        if self.class != Class::Regular {
            return None;
        }
        let handle = self.input.as_ref()?;
        let size = u64::try_from(rustix::fs::fstat(handle.fd()).ok()?.st_size).ok()?;
        Some(size.saturating_sub(rustix::fs::tell(handle.fd()).ok()?))
    }
}

/// What kind of device a descriptor is.
pub fn class_of(fd: BorrowedFd<'_>) -> Class {
    if rustix::termios::isatty(fd) {
        return Class::Terminal;
    }
    match rustix::fs::fstat(fd).map(|stat| FileType::from_raw_mode(stat.st_mode)) {
        Ok(FileType::RegularFile | FileType::Directory | FileType::BlockDevice) => Class::Regular,
        Ok(FileType::CharacterDevice) if !is_pollable(fd) => Class::Regular,
        _ => Class::Stream,
    }
}

/// Whether a wait for a character device means anything: `/dev/null` and its like are always ready.
fn is_pollable(fd: BorrowedFd<'_>) -> bool {
    let Ok(stat) = rustix::fs::fstat(fd) else { return false };
    // The memory devices: null, zero, full, random.
    rustix::fs::major(stat.st_rdev) != 1
}
