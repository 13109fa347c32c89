//! A channel: its kind, its buffers, its encoding and line ends, and who waits for it.

use tclring_vm::interp::InterpId;
use tclring_vm::interp::arena::Id;
use tclring_vm::text::encoding::{Encoding, Profile, builtin};
use tclring_vm::value::Value;

use super::device::Device;
use super::input::Input;
use super::listener::Listener;
use super::output::{Buffering, Coding, Output, Unencodable};
use super::scripted::{ScriptDevice, Stack};
use super::socket::{Receive, Socket};
use super::translate::{Line, LineEnd, Marks, Reading, Taken};
use crate::host::errno::Errno;

/// The identifier of a channel.
pub type ChannelId = Id<Channel>;

/// The default of `-buffersize`.
pub const BUFFER_BYTES: usize = 4096;
/// The largest `-buffersize`.
pub const BUFFER_BYTES_MAX: i64 = 1 << 20;

/// Interest in a channel that can be read, or the readiness itself.
pub const READ: u8 = 1;
/// Interest in a channel that can be written, or the readiness itself.
pub const WRITE: u8 = 2;

/// Beside [`READ`] in the readiness of an event: it comes from input at hand, which may have been read since.
pub const AT_HAND: u8 = 4;

/// What a channel is connected to.
pub enum Kind {
    /// Files, pipes, terminals.
    Device(Box<Device>),
    /// A connection.
    Socket(Box<Socket>),
    /// A listening socket.
    Listener(Box<Listener>),
    /// What a handler makes up.
    Script(Box<ScriptDevice>),
    /// Nothing any more: it is being closed.
    Gone,
}

/// A script that `fileevent` has set.
pub struct Handler {
    /// In which interpreter.
    pub interp: InterpId,
    /// For [`READ`] or [`WRITE`].
    pub event: u8,
    /// The script.
    pub script: Value,
}

/// A channel.
pub struct Channel {
    /// Its name.
    pub name: Value,
    /// What it is connected to.
    pub kind: Kind,
    /// Whether it is open for reading.
    pub readable: bool,
    /// Whether it is open for writing.
    pub writable: bool,
    /// Whether operations wait.
    pub blocking: bool,
    /// When output leaves.
    pub buffering: Buffering,
    /// The size of its buffers.
    pub buffer_bytes: usize,
    /// The encoding.
    pub encoding: Encoding,
    /// What happens to malformed bytes and unknown characters.
    pub profile: Profile,
    /// Whether it follows the rules of Tcl 8.6.
    pub has_old_rules: bool,
    /// The character that ends the input, 0 for none.
    pub eof_char: u8,
    /// How lines end on input.
    pub input_ends: LineEnd,
    /// How lines end on output; never `Auto`.
    pub output_ends: LineEnd,
    marks: Marks,
    /// What has been received.
    pub input: Input,
    /// What is to be sent.
    pub output: Output,
    /// The transformations on top of it.
    pub stack: Option<Box<Stack>>,
    /// Whether the last input operation met the end.
    pub at_eof: bool,
    /// Whether the end is a character in the input, which the next operation does not pass.
    pub sticky_eof: bool,
    /// Whether the device has said that there is no more.
    pub device_end: bool,
    /// Whether the last input operation would have had to wait.
    pub blocked: bool,
    /// Whether the input at hand is not enough for what the script last asked for.
    pub needs_more: bool,
    /// A failure of output in the background, for the next operation to report.
    pub output_error: Option<Errno>,
    /// A read that found bytes before a failure reports it at the next operation.
    pub input_error: Option<Errno>,
    /// Scripts for readiness, newest first.
    pub handlers: Vec<Handler>,
    /// Interest of waits and copies, beside that of the handlers.
    pub other_interest: [u16; 2],
    /// Readiness that arrived since the last event.
    pub fresh: u8,
    /// Whether an event for it stands in the queue.
    pub queued: bool,
    /// Whether it stands in the list of channels whose waits may have changed.
    pub changed: bool,
    /// Whether output waits for the end of the turn.
    pub dirty: bool,
    /// Whether it is to be closed when its output has left.
    pub closing: bool,
    /// In how many interpreters it has a name.
    pub references: u32,
    /// Copies that read it, and that write it.
    pub copies: [bool; 2],
}

/// The encoding of new channels.
pub fn utf8() -> Encoding {
    builtin("utf-8").expect("UTF-8 is built in")
}

/// The encoding whose characters are bytes.
pub fn latin1() -> Encoding {
    builtin("iso8859-1").expect("ISO 8859-1 is built in")
}

impl Channel {
    /// A channel with the settings of new ones.
    pub fn new(name: Value, kind: Kind, readable: bool, writable: bool, encoding: Encoding) -> Channel {
        Channel {
            name,
            kind,
            readable,
            writable,
            blocking: true,
            buffering: Buffering::Full,
            buffer_bytes: BUFFER_BYTES,
            marks: Marks::of(&encoding),
            encoding,
            profile: Profile::Strict,
            has_old_rules: false,
            eof_char: 0,
            input_ends: LineEnd::Auto,
            output_ends: LineEnd::Lf,
            input: Input::default(),
            output: Output::default(),
            stack: None,
            at_eof: false,
            sticky_eof: false,
            device_end: false,
            blocked: false,
            needs_more: false,
            output_error: None,
            input_error: None,
            handlers: Vec::new(),
            other_interest: [0; 2],
            fresh: 0,
            queued: false,
            changed: false,
            dirty: false,
            closing: false,
            references: 0,
            copies: [false; 2],
        }
    }

    /// Has it follow the rules of Tcl 8.6: malformed bytes and unknown characters are no failures.
    pub fn follow_old_rules(&mut self) {
        self.has_old_rules = true;
        self.profile = Profile::Tcl8;
    }

    /// Sets the encoding; what the coders remembered is forgotten.
    pub fn set_encoding(&mut self, encoding: Encoding) {
        self.end_encoding();
        self.marks = Marks::of(&encoding);
        self.encoding = encoding;
        self.input.state = Default::default();
        self.input.searched = 0;
        self.top_output().state = Default::default();
        self.needs_more = false;
    }

    /// Whether every byte is a character and nothing is translated on input.
    pub fn reads_bytes(&self) -> bool {
        self.encoding.is_latin1() && self.input_ends == LineEnd::Lf && self.eof_char == 0
    }

    /// Whether nothing is translated on output.
    pub fn writes_bytes(&self) -> bool {
        self.encoding.is_latin1() && self.output_ends == LineEnd::Lf
    }

    /// Begins an input operation: the end that the last one met is forgotten, unless it sticks.
    pub fn begin_input(&mut self) {
        if !self.sticky_eof {
            self.at_eof = false;
        }
        self.device_end = false;
        self.blocked = false;
        self.needs_more = false;
    }

    /// Takes a line out of the input at hand.
    pub fn take_line(&mut self) -> Line {
        let reading = Reading {
            encoding: &self.encoding,
            profile: self.profile,
            line_end: self.input_ends,
            marks: self.marks,
            eof_char: self.eof_char,
            at_end: self.device_end,
        };
        reading.line(&mut self.input)
    }

    /// Takes at most `limit` characters out of the input at hand, as text.
    pub fn take_characters(&mut self, limit: &mut usize, out: &mut Vec<u8>) -> Taken {
        let reading = Reading {
            encoding: &self.encoding,
            profile: self.profile,
            line_end: self.input_ends,
            marks: self.marks,
            eof_char: self.eof_char,
            at_end: self.device_end,
        };
        reading.characters(&mut self.input, limit, out)
    }

    /// Appends a value to the output, perhaps with a newline; whether there was one in it.
    ///
    /// # Errors
    /// When the encoding lacks a character.
    pub fn append(&mut self, value: &Value, with_newline: bool) -> Result<bool, Unencodable> {
        let coding = Coding {
            encoding: &self.encoding,
            profile: self.profile,
            line_end: self.output_ends,
            truncates: self.has_old_rules && self.encoding.is_latin1(),
        };
        let output = match &mut self.stack {
            Some(stack) => &mut stack.output,
            None => &mut self.output,
        };
        let has_newline = output.append(value, &coding)?;
        if with_newline {
            output.newline(&coding)?;
        }
        Ok(has_newline || with_newline)
    }

    /// Has an encoding with states return to the first one, as the end of the output asks for.
    pub fn end_encoding(&mut self) {
        if self.writable {
            let Output { buffer, state } = match &mut self.stack {
                Some(stack) => &mut stack.output,
                None => &mut self.output,
            };
            // There is no character that could be missing.
            let _ = self.encoding.encode(state, b"", true, self.profile, buffer);
            *state = Default::default();
        }
    }

    /// The events that somebody waits for.
    pub fn interest(&self) -> u8 {
        let mut interest = self.handlers.iter().fold(0, |interest, handler| interest | handler.event);
        if self.other_interest[0] > 0 {
            interest |= READ;
        }
        if self.other_interest[1] > 0 {
            interest |= WRITE;
        }
        interest
    }

    /// Whether a script would find input, or the end, or a failure, without asking the system.
    pub fn has_input(&self) -> bool {
        if !self.readable {
            return false;
        }
        let has_ended = matches!(&self.kind, Kind::Socket(socket) if socket.receive == Receive::Ended || socket.never_connected);
        (!self.input.is_empty() && !self.needs_more)
            || has_ended
            || self.sticky_eof
            || self.input_error.is_some()
            || self.has_input_below()
    }

    /// Whether the event that was just handled can be handled again without a look at anything else: a connection
    /// has input at hand and only its reader waits for it.
    pub fn can_repeat(&self) -> bool {
        let reads_only = matches!(&self.handlers[..], [handler] if handler.event == READ);
        reads_only
            && matches!(&self.kind, Kind::Socket(socket) if socket.receive != Receive::Ended)
            && !self.queued
            && self.other_interest == [0; 2]
            && !self.needs_more
            && !self.input.is_empty()
            && self.stack.is_none()
    }

    /// The device, if it is one.
    pub fn device(&mut self) -> Option<&mut Device> {
        match &mut self.kind {
            Kind::Device(device) => Some(device),
            _ => None,
        }
    }

    /// The connection, if it is one.
    pub fn socket(&mut self) -> Option<&mut Socket> {
        match &mut self.kind {
            Kind::Socket(socket) => Some(socket),
            _ => None,
        }
    }

    /// The listener, if it is one.
    pub fn listener(&mut self) -> Option<&mut Listener> {
        match &mut self.kind {
            Kind::Listener(listener) => Some(listener),
            _ => None,
        }
    }
}
