//! `open`: access modes, files, pipelines.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use rustix::fs::{Mode as FileMode, OFlags, SeekFrom};
use tclring_compiler::Mode;
use tclring_vm::error;
use tclring_vm::interp::InterpId;
use tclring_vm::interp::exception::Exception;
use tclring_vm::text::encoding::Profile;
use tclring_vm::value::Value;

use super::channel::{Channel, ChannelId, Kind};
use super::device::{Class, Device, Handle, Processes};
use super::error::{host_error, no_channel, wrong_way};
use super::flow::Flush;
use super::translate::LineEnd;
use crate::event::reactor::{Reactor, Standard};
use crate::host::archive::{self, OpenFailure};
use crate::host::errno::{Errno, HostError};
use crate::host::fs::FileName;
use crate::host::process::{Channels, Pipeline, StandardChannels, Wanted};
use crate::host::user::SystemHomes;

/// How a file is to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The flags for the system.
    pub flags: OFlags,
    /// Whether it is read as bytes.
    pub binary: bool,
    /// Whether the place is the end at first.
    pub at_end: bool,
}

impl Access {
    /// Whether it may be read.
    pub fn reads(self) -> bool {
        !self.flags.contains(OFlags::WRONLY)
    }

    /// Whether it may be written.
    pub fn writes(self) -> bool {
        self.flags.intersects(OFlags::WRONLY | OFlags::RDWR)
    }

    /// Reads an access mode: `r+`, `{RDWR CREAT}` and their like.
    ///
    /// # Errors
    /// The reference's.
    pub fn parse(mode: &Value) -> Result<Access, Exception> {
        let text = mode.text();
        let access =
            match text.first() {
                Some(first) if first.is_ascii_lowercase() => Some(letters(&text).ok_or_else(
                    || error!("illegal access mode \"", mode, "\""; "TCL", "OPENMODE", "INVALID"),
                )?),
                _ => words(mode).map_err(|mut exception| {
                    exception.trace();
                    exception.add_info(&tclring_vm::text![
                        "\n    while processing open access modes \"",
                        mode,
                        "\""
                    ]);
                    exception
                })?,
            };
        access.ok_or_else(|| error!("access mode must include either RDONLY, RDWR, or WRONLY"))
    }
}

fn letters(text: &[u8]) -> Option<Access> {
    let (plus, binary) = match &text[1..] {
        b"" => (false, false),
        b"+" => (true, false),
        b"b" => (false, true),
        b"+b" | b"b+" => (true, true),
        _ => return None,
    };
    let both = |alone: OFlags| if plus { OFlags::RDWR } else { alone };
    let (flags, at_end) = match text[0] {
        b'r' => (both(OFlags::RDONLY), false),
        b'w' => (both(OFlags::WRONLY) | OFlags::CREATE | OFlags::TRUNC, false),
        // What is read and written begins at the end, but may go on elsewhere.
        b'a' if plus => (OFlags::RDWR | OFlags::CREATE, true),
        b'a' => (OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND, true),
        _ => return None,
    };
    Some(Access { flags, binary, at_end })
}

/// The access that a list of words means; none if no word says whether to read or write.
fn words(mode: &Value) -> Result<Option<Access>, Exception> {
    let invalid = |e: Exception| e.with_code(&["TCL", "OPENMODE", "INVALID"]);
    let list = tclring_vm::exec::listops::list_of(mode).map_err(invalid)?;
    let mut seen: Vec<Value> = Vec::new();
    let mut access = Access { flags: OFlags::empty(), binary: false, at_end: false };
    let mut way = None;
    for word in list.items() {
        let text = word.text();
        let is_repeated = seen.contains(word);
        seen.push(word.clone());
        let flag = match &*text {
            b"RDONLY" | b"WRONLY" | b"RDWR" => {
                if way.is_some() {
                    return Err(error!("invalid access mode \"", word,
                        "\": modes RDONLY, RDWR, and WRONLY cannot be combined"; "TCL", "OPENMODE", "INVALID"));
                }
                let flag = match &*text {
                    b"RDONLY" => OFlags::RDONLY,
                    b"WRONLY" => OFlags::WRONLY,
                    _ => OFlags::RDWR,
                };
                way = Some(flag);
                flag
            }
            b"APPEND" | b"BINARY" | b"CREAT" | b"EXCL" | b"NOCTTY" | b"NONBLOCK" | b"TRUNC"
                if is_repeated =>
            {
                return Err(error!("access mode \"", word, "\" repeated"; "TCL", "OPENMODE", "INVALID"));
            }
            b"APPEND" => {
                access.at_end = true;
                OFlags::APPEND
            }
            b"BINARY" => {
                access.binary = true;
                OFlags::empty()
            }
            b"CREAT" => OFlags::CREATE,
            b"EXCL" => OFlags::EXCL,
            b"NOCTTY" => OFlags::NOCTTY,
            b"NONBLOCK" => OFlags::NONBLOCK,
            b"TRUNC" => OFlags::TRUNC,
            _ => {
                return Err(error!("invalid access mode \"", word,
                    "\": must be APPEND, BINARY, CREAT, EXCL, NOCTTY, NONBLOCK, RDONLY, RDWR, TRUNC, or WRONLY";
                    "TCL", "OPENMODE", "INVALID"));
            }
        };
        access.flags |= flag;
    }
    Ok(way.map(|_| access))
}

/// Opens a file.
///
/// # Errors
/// `couldn't open "name": …`.
pub fn open_file(name: &Value, access: Access, permissions: u32, mode: Mode) -> Result<OwnedFd, Exception> {
    let text = name.text();
    let file = FileName::new(&text, mode, &SystemHomes).map_err(host_error)?;
    if let Some(path) = file.archived() {
        return open_archived(&text, path, access);
    }
    let Ok(native) = file.native() else {
        return Err(error!("couldn't open \"", name, "\": filename is invalid on this platform"));
    };
    let flags = access.flags | OFlags::CLOEXEC;
    loop {
        match rustix::fs::open(native, flags, FileMode::from_raw_mode(permissions)) {
            Ok(fd) => return Ok(fd),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => {
                return Err(host_error(HostError::posix(
                    &[b"couldn't open \"", &text, b"\""],
                    Errno::from(error),
                )));
            }
        }
    }
}

/// Opens a file in an archive.
fn open_archived(name: &[u8], path: &[u8], access: Access) -> Result<OwnedFd, Exception> {
    let posix = |words: &[&[u8]], errno: Errno| host_error(HostError::posix(words, errno));
    archive::open(path, access.flags).map_err(|failure| match failure {
        OpenFailure::Missing if access.flags.contains(OFlags::CREATE) => {
            posix(&[b"file \"", name, b"\" not created"], Errno::NOTSUP)
        }
        OpenFailure::Missing => posix(&[b"file \"", name, b"\" not found"], Errno::NOENT),
        OpenFailure::Directory => posix(&[b"unsupported file type"], Errno::ISDIR),
        OpenFailure::Broken((message, code)) => error!(message; "TCL", "ZIPFS", code),
        OpenFailure::System(errno) => posix(&[b"couldn't open \"", name, b"\""], errno.into()),
    })
}

impl Reactor {
    /// A channel for a file that was opened.
    pub fn add_file(&mut self, fd: OwnedFd, access: Access, is_controlling_terminal: bool) -> ChannelId {
        let number = fd.as_raw_fd();
        let handle = Handle::own(fd);
        let input = access.reads().then(|| handle.clone());
        let output = access.writes().then_some(handle);
        let device = Device::new(input, output);
        if access.at_end {
            // A pipe has no end to go to.
            let _ = device.seek(SeekFrom::End(0));
        }
        let is_serial = device.class == Class::Terminal && !is_controlling_terminal;
        let name = if is_serial { format!("serial{number}") } else { format!("file{number}") };
        self.add_device(name, device, access)
    }

    /// A channel for a device.
    pub fn add_device(&mut self, name: String, device: Device, access: Access) -> ChannelId {
        let mut channel = Channel::new(
            Value::text_value(name.into_bytes()),
            Kind::Device(Box::new(device)),
            access.reads(),
            access.writes(),
            self.encoding.clone(),
        );
        if access.binary {
            channel.input_ends = LineEnd::Lf;
            channel.set_encoding(super::channel::latin1());
        }
        self.add_channel(channel)
    }

    /// The ends of a new pipe as channels, the one to read first.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn add_pipe(&mut self) -> Result<[ChannelId; 2], Errno> {
        let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(Errno::from)?;
        let reading = Access { flags: OFlags::RDONLY, binary: false, at_end: false };
        let writing = Access { flags: OFlags::WRONLY, ..reading };
        Ok([self.add_file(read, reading, true), self.add_file(write, writing, true)])
    }

    /// Starts the pipeline `words` and makes a channel for it.
    ///
    /// # Errors
    /// The host's.
    pub fn open_pipeline(
        &mut self,
        interp: InterpId,
        words: &[Vec<u8>],
        access: Access,
        mode: Mode,
    ) -> Result<ChannelId, Exception> {
        let wanted = Wanted { input: access.writes(), output: access.reads(), errors: true, strict: true };
        let running = self.start_pipeline(interp, words, wanted, mode)?;
        let number = running.output.as_ref().or(running.input.as_ref()).map_or(0, AsRawFd::as_raw_fd);
        let mut device = Device::new(running.output.map(Handle::own), running.input.map(Handle::own));
        device.processes = Some(Box::new(Processes { pids: running.pids, errors: running.errors }));
        Ok(self.add_device(format!("file{number}"), device, access))
    }

    /// Starts a pipeline. Deferred output goes out first.
    ///
    /// # Errors
    /// The host's.
    pub fn start_pipeline(
        &mut self,
        interp: InterpId,
        words: &[Vec<u8>],
        wanted: Wanted,
        mode: Mode,
    ) -> Result<crate::host::process::Running, Exception> {
        self.send_dirty();
        // A failure of the mechanism shows in the next wait.
        let _ = self.driver.flush();
        let mut redirected = Redirected { reactor: self, interp };
        let mut pipeline = Pipeline::parse(words, mode, &mut redirected, &SystemHomes).map_err(host_error)?;
        pipeline.convert_input(|text| self.encoding.encode_all(text, Profile::Replace).0);
        let handles = self.standard_handles();
        let channels = StandardChannels {
            input: handles[0].as_ref().map(Handle::fd),
            output: handles[1].as_ref().map(Handle::fd),
            errors: handles[2].as_ref().map(Handle::fd),
        };
        pipeline.start(wanted, channels, &SystemHomes).map_err(host_error)
    }

    /// The descriptors behind the standard streams, for children.
    fn standard_handles(&mut self) -> [Option<Handle>; 3] {
        let mut handles = [const { None }; 3];
        for (number, handle) in handles.iter_mut().enumerate() {
            *handle = match self.standard[number] {
                Standard::Unused => {
                    Some(Handle::Standard(number as u8)).filter(|handle| is_open(handle.fd()))
                }
                Standard::Closed => None,
                Standard::Open(id) => match self.channels.get_mut(id).and_then(Channel::device) {
                    Some(device) if number == 0 => device.input.clone(),
                    Some(device) => device.output.clone(),
                    None => None,
                },
            };
        }
        handles
    }

    /// A descriptor of a channel for a child.
    fn descriptor_for_child(&mut self, id: ChannelId, write: bool) -> Result<OwnedFd, Errno> {
        if write {
            // What cannot be written now is the channel's to report.
            let _: Flush = self.flush(id, true);
        } else {
            self.stop_receiving(id);
        }
        let Some(channel) = self.channels.get_mut(id) else { return Err(Errno::BADF) };
        match &channel.kind {
            Kind::Device(device) => {
                let handle = if write { &device.output } else { &device.input };
                let handle = handle.as_ref().ok_or(Errno::BADF)?;
                rustix::io::fcntl_dupfd_cloexec(handle.fd(), 3).map_err(Errno::from)
            }
            Kind::Socket(socket) => {
                let descriptor = socket.descriptor.ok_or(Errno::BADF)?;
                descriptor.duplicate().map_err(Errno::from)
            }
            Kind::Listener(_) | Kind::Script(_) | Kind::Gone => Err(Errno::BADF),
        }
    }
}

fn is_open(fd: BorrowedFd<'_>) -> bool {
    rustix::io::fcntl_getfd(fd.as_fd()).is_ok()
}

/// The channels that redirections name.
struct Redirected<'a> {
    reactor: &'a mut Reactor,
    interp: InterpId,
}

impl Channels for Redirected<'_> {
    fn descriptor(&mut self, name: &[u8], write: bool) -> Result<OwnedFd, HostError> {
        let name = Value::text_of(name);
        let as_host = |exception: Exception| HostError::Other {
            message: exception.result.to_text(),
            code: exception
                .error_code()
                .to_list()
                .map(|list| list.items().iter().map(Value::to_text).collect())
                .unwrap_or_default(),
        };
        let Some(id) = self.reactor.find(self.interp, false, &name) else {
            return Err(as_host(no_channel(&name)));
        };
        let open = self.reactor.channels.get(id).is_some_and(|c| if write { c.writable } else { c.readable });
        if !open {
            return Err(as_host(wrong_way(&name, if write { "writing" } else { "reading" })));
        }
        self.reactor
            .descriptor_for_child(id, write)
            .map_err(|errno| HostError::posix(&[b"couldn't duplicate file descriptor"], errno))
    }
}
