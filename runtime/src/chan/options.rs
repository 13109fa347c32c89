//! `fconfigure`: the options of channels, those of all and those of each kind.

use tclring_compiler::Mode;
use tclring_vm::cmd::options::{boolean_name, integer};
use tclring_vm::error;
use tclring_vm::exec::listops::list_of;
use tclring_vm::interp::Machine;
use tclring_vm::interp::exception::Exception;
use tclring_vm::text::encoding::{Encoding, Profile};
use tclring_vm::value::{Dict, Value};

use super::channel::{BUFFER_BYTES_MAX, Channel, ChannelId, Kind};
use super::device::Handle;
use super::error::host_error;
use super::output::Buffering;
use super::translate::LineEnd;
use crate::cmd::encodings;
use crate::cmd::zlib_stream::Transform;
use crate::driver::{Descriptor, SocketOption};
use crate::event::reactor::{Reactor, reactor};
use crate::host::errno::{Errno, HostError};
use crate::host::fs::FileStat;
use crate::host::resolve::{address_text, host_name};

/// The options of every channel: the name and the shortest abbreviation that is accepted.
const COMMON: [(&str, usize); 7] = [
    ("-blocking", 3),
    ("-buffering", 8),
    ("-buffersize", 8),
    ("-encoding", 3),
    ("-eofchar", 3),
    ("-profile", 2),
    ("-translation", 2),
];

/// The options of sockets that can be asked for.
const SOCKET_READ_ALL: [&str; 6] =
    ["-connecting", "-error", "-keepalive", "-nodelay", "-peername", "-sockname"];
/// Options that a kind adds for reading, in the order of the error message, and whether the list of all has them.
const SOCKET_READ: [&str; 5] = ["-connecting", "-keepalive", "-nodelay", "-peername", "-sockname"];
/// Options that a socket lets be set.
const SOCKET_WRITE: [&str; 2] = ["-keepalive", "-nodelay"];

/// Whether `given` means `option`, abbreviated to `least` bytes at most.
fn is_option(given: &[u8], option: &str, least: usize) -> bool {
    given.len() >= least && option.as_bytes().starts_with(given)
}

fn common(given: &[u8]) -> Option<&'static str> {
    COMMON.iter().find(|(name, least)| is_option(given, name, *least)).map(|(name, _)| *name)
}

/// Whether a word means an option that every channel has.
pub fn is_common(given: &[u8]) -> bool {
    common(given).is_some()
}

/// Whether a word means the option that says whether operations wait.
pub fn is_blocking(given: &[u8]) -> bool {
    common(given) == Some("-blocking")
}

/// The error for an unknown option.
fn bad_option(name: &Value, more: &[&str]) -> Exception {
    let mut all: Vec<&str> = COMMON.iter().map(|(name, _)| *name).collect();
    all.extend(more);
    let last = all.pop().unwrap_or_default();
    error!("bad option \"", name, "\": should be one of ", all.join(", "), ", or ", last)
}

/// The encoding of a name, as `-encoding` takes it.
///
/// # Errors
/// The reference's for an unknown one.
pub fn encoding_named(machine: &mut Machine, name: &Value) -> Result<Encoding, Exception> {
    let text = name.text();
    if machine.mode() == Mode::Tcl86 && matches!(&*text, b"" | b"binary" | b"identity") {
        return Ok(super::channel::latin1());
    }
    if text.is_empty() || *text == *b"binary" {
        return Err(error!(
            "unknown encoding \"",
            name,
            "\": No longer supported.\n\tplease use either \"-translation binary\" or \"-encoding iso8859-1\""
        ));
    }
    encodings::find(machine, name)
}

impl Channel {
    fn common_option(&self, option: &str) -> Value {
        match option {
            "-blocking" => Value::bool(self.blocking),
            "-buffering" => Value::from(self.buffering.word()),
            "-buffersize" => Value::int(self.buffer_bytes as i64),
            "-encoding" => Value::from(self.encoding.name()),
            "-eofchar" if self.eof_char == 0 || !self.readable => Value::EMPTY,
            "-eofchar" => Value::text_of(&[self.eof_char]),
            "-profile" => Value::from(self.profile.name()),
            _ => self.translation(),
        }
    }

    fn translation(&self) -> Value {
        let input = Value::from(self.input_ends.word());
        let output = Value::from(self.output_ends.word());
        match (self.readable, self.writable) {
            (true, true) => Value::list(vec![input, output]),
            (false, true) => output,
            _ => input,
        }
    }

    /// What `-translation auto` and `platform` mean for output.
    fn platform_ends(&self, auto: bool) -> LineEnd {
        if auto && matches!(self.kind, Kind::Socket(_)) { LineEnd::CrLf } else { LineEnd::Lf }
    }

    fn set_translation(&mut self, value: &Value) -> Result<(), Exception> {
        let list = list_of(value)?;
        let (input, output) = match list.items() {
            [both] => (both.clone(), both.clone()),
            [input, output] => (input.clone(), output.clone()),
            _ => return Err(error!("bad value for -translation: must be a one or two element list")),
        };
        let bad =
            || error!("bad value for -translation: must be one of auto, binary, cr, lf, crlf, or platform");
        let mut set = Vec::new();
        for (is_input, word) in [(true, input), (false, output)] {
            let ends = match &*word.text() {
                b"" => continue,
                b"auto" if is_input => (LineEnd::Auto, false),
                b"auto" => (self.platform_ends(true), false),
                b"platform" => (LineEnd::Lf, false),
                b"binary" => (LineEnd::Lf, true),
                b"lf" => (LineEnd::Lf, false),
                b"cr" => (LineEnd::Cr, false),
                b"crlf" => (LineEnd::CrLf, false),
                _ => return Err(bad()),
            };
            set.push((is_input, ends));
        }
        for (is_input, (ends, is_binary)) in set {
            let applies = if is_input { self.readable } else { self.writable };
            if !applies {
                continue;
            }
            if is_binary {
                self.eof_char = 0;
                self.set_encoding(super::channel::latin1());
            }
            if is_input {
                self.input_ends = ends;
                self.input.saw_return = false;
                self.input.searched = 0;
                self.needs_more = false;
            } else {
                self.output_ends = ends;
            }
        }
        Ok(())
    }

    fn set_common_option(
        &mut self,
        option: &str,
        value: &Value,
        machine_mode: Mode,
    ) -> Result<(), Exception> {
        match option {
            "-blocking" => {
                let blocking = boolean_name(value)?;
                self.set_blocking(blocking);
            }
            "-buffering" => {
                let text = value.text();
                let found = Buffering::WORDS
                    .iter()
                    .find(|(word, _)| !text.is_empty() && word.as_bytes().starts_with(&text));
                let Some((_, buffering)) = found else {
                    return Err(error!("bad value for -buffering: must be one of full, line, or none"));
                };
                self.buffering = *buffering;
            }
            "-buffersize" => {
                let size = integer(value, machine_mode)?;
                self.buffer_bytes = usize::try_from(size.clamp(1, BUFFER_BYTES_MAX)).unwrap_or(1);
            }
            "-eofchar" => {
                let text = value.text();
                match *text {
                    [] => self.eof_char = 0,
                    // The second form is the one of older versions: a character for input, none for output.
                    _ if self.has_old_rules => self.eof_char = old_eof_char(value)?,
                    [byte @ 1..=0x7F] | [byte @ 1..=0x7F, b' ', b'{', b'}'] => self.eof_char = byte,
                    _ => return Err(error!("bad value for -eofchar: must be non-NUL ASCII character")),
                }
                self.sticky_eof = false;
                self.at_eof = false;
            }
            "-profile" => {
                let text = value.text();
                let Some(profile) = Profile::by_name(&text) else {
                    return Err(error!("bad profile name \"", value, "\": must be replace, strict, or tcl8";
                        "TCL", "ENCODING", "PROFILE", &*text));
                };
                self.profile = profile;
                self.needs_more = false;
            }
            _ => self.set_translation(value)?,
        }
        Ok(())
    }
}

/// The character that ends the input, of a list of one or two such characters, as Tcl 8.6 has it.
fn old_eof_char(value: &Value) -> Result<u8, Exception> {
    let bad = || error!("bad value for -eofchar: should be a list of zero, one, or two elements");
    let list = list_of(value)?;
    match list.items() {
        [] => Ok(0),
        [input] | [input, _] => Ok(input.text().first().copied().unwrap_or(0)),
        _ => Err(bad()),
    }
}

/// All options of a channel with their values.
///
/// # Errors
/// When the system fails.
pub fn all(machine: &mut Machine, id: ChannelId) -> Result<Value, Exception> {
    let compression = Transform::on_top(machine, id);
    let reactor = reactor(machine);
    let mut words = Vec::new();
    let Some(channel) = reactor.channels.get(id) else { return Ok(Value::EMPTY) };
    for (option, _) in COMMON {
        words.push(Value::from(option));
        words.push(channel.common_option(option));
    }
    for (option, value) in compression.iter().flat_map(|transform| transform.options()) {
        words.extend([Value::from(option), value]);
    }
    let is_listener = matches!(channel.kind, Kind::Listener(_));
    let is_connection = match &channel.kind {
        Kind::Socket(_) => true,
        Kind::Device(device) => device.connection().is_some(),
        _ => false,
    };
    if is_listener || is_connection {
        for option in ["-peername", "-sockname", "-keepalive", "-nodelay"] {
            if is_listener && option == "-peername" {
                continue;
            }
            // What a socket without a connection cannot say is left out.
            if let Ok(value) = reactor.socket_option(id, option)
                && !(value.is_empty() && option == "-peername")
            {
                words.push(Value::from(option));
                words.push(value);
            }
        }
    }
    Ok(Value::list(words))
}

/// One option of a channel.
///
/// # Errors
/// For an unknown option, and when the system fails.
pub fn get(machine: &mut Machine, id: ChannelId, name: &Value) -> Result<Value, Exception> {
    let compression = Transform::on_top(machine, id);
    let reactor = reactor(machine);
    let Some(channel) = reactor.channels.get(id) else { return Ok(Value::EMPTY) };
    let given = name.text();
    if let Some(option) = common(&given) {
        return Ok(channel.common_option(option));
    }
    let more = compression.map(|transform| transform.options()).unwrap_or_default();
    if let Some((_, value)) = more.into_iter().find(|(option, _)| is_option(&given, option, 2)) {
        return Ok(value);
    }
    match &channel.kind {
        // A standard stream may be a connection.
        Kind::Device(device) if device.connection().is_some() => {
            match SOCKET_READ_ALL.into_iter().find(|option| is_option(&given, option, 2)) {
                Some(option) => reactor.socket_option(id, option),
                None => Err(bad_option(name, &SOCKET_READ)),
            }
        }
        Kind::Device(device) => {
            let has_stat = device.processes.is_none();
            if has_stat && is_option(&given, "-stat", 2) {
                return stat_of(channel);
            }
            Err(bad_option(name, if has_stat { &["-stat"] } else { &[] }))
        }
        Kind::Socket(_) | Kind::Listener(_) => {
            match SOCKET_READ_ALL.into_iter().find(|option| is_option(&given, option, 2)) {
                Some(option) => reactor.socket_option(id, option),
                None => Err(bad_option(name, &SOCKET_READ)),
            }
        }
        Kind::Script(_) | Kind::Gone => Err(bad_option(name, &[])),
    }
}

/// Sets one option of a channel.
///
/// # Errors
/// For an unknown option or a bad value, and when the system fails.
pub fn set(machine: &mut Machine, id: ChannelId, name: &Value, value: &Value) -> Result<(), Exception> {
    let mode = machine.mode();
    let given = name.text();
    if common(&given) == Some("-encoding") {
        let encoding = encoding_named(machine, value)?;
        let reactor = reactor(machine);
        if let Some(channel) = reactor.channels.get_mut(id) {
            channel.set_encoding(encoding);
        }
        reactor.note_change(id);
        return Ok(());
    }
    if is_option(&given, "-dictionary", 2)
        && let Some(transform) = Transform::on_top(machine, id)
    {
        transform.use_dictionary(crate::cmd::zlib::bytes_of(value)?);
        return Ok(());
    }
    let reactor = reactor(machine);
    let Some(channel) = reactor.channels.get_mut(id) else { return Ok(()) };
    if let Some(option) = common(&given) {
        channel.set_common_option(option, value, mode)?;
        reactor.note_change(id);
        return Ok(());
    }
    let descriptors = match &channel.kind {
        Kind::Socket(socket) => socket.descriptor.into_iter().collect::<Vec<_>>(),
        Kind::Listener(listener) => listener.sockets.iter().map(|socket| socket.descriptor).collect(),
        Kind::Device(_) | Kind::Script(_) | Kind::Gone => return Err(bad_option(name, &[])),
    };
    let option = match SOCKET_WRITE.into_iter().find(|option| is_option(&given, option, 2)) {
        Some("-keepalive") => SocketOption::KeepAlive,
        Some(_) => SocketOption::NoDelay,
        None => return Err(bad_option(name, &SOCKET_WRITE)),
    };
    let on = boolean_name(value)?;
    for descriptor in descriptors {
        if let Err(error) = reactor.driver.net().set_option(descriptor, option, on) {
            return Err(host_error(HostError::posix(&[b"couldn't set socket option"], Errno::from(error))));
        }
    }
    Ok(())
}

fn stat_of(channel: &Channel) -> Result<Value, Exception> {
    let Kind::Device(device) = &channel.kind else { return Ok(Value::EMPTY) };
    let Some(handle) = device.any() else { return Ok(Value::EMPTY) };
    let (stat, device_number) = match rustix::fs::fstat(handle.fd()) {
        Ok(stat) => (FileStat::from(stat), i64::try_from(stat.st_rdev).unwrap_or(0)),
        Err(error) => {
            return Err(host_error(HostError::posix(
                &[b"couldn't read file channel status"],
                Errno::from(error),
            )));
        }
    };
    let mut dict = Dict::default();
    for (name, number) in stat.fields() {
        dict.insert(&Value::from(name), Value::int(number));
        if name == "blksize" && device_number != 0 {
            dict.insert(&Value::from("rdev"), Value::int(device_number));
        }
    }
    dict.insert(&Value::from("type"), Value::from(stat.kind.word()));
    Ok(Value::dict(dict))
}

/// Address, name and port of one end.
fn end_words(address: &std::net::SocketAddr) -> [Value; 3] {
    let numeric = address_text(address).into_bytes();
    let name = host_name(address);
    [Value::text_value(numeric), Value::text_value(name), Value::int(i64::from(address.port()))]
}

impl Reactor {
    /// An option that sockets have.
    fn socket_option(&mut self, id: ChannelId, option: &str) -> Result<Value, Exception> {
        let Some(channel) = self.channels.get_mut(id) else { return Ok(Value::EMPTY) };
        let (descriptors, connecting, is_listener): (Vec<Descriptor>, bool, bool) = match &mut channel.kind {
            Kind::Socket(socket) => {
                (socket.descriptor.into_iter().collect(), socket.connecting.is_some(), false)
            }
            Kind::Listener(listener) => {
                (listener.sockets.iter().map(|socket| socket.descriptor).collect(), false, true)
            }
            Kind::Device(device) => {
                let connection = device.connection();
                (connection.into_iter().map(Handle::descriptor).collect(), false, false)
            }
            Kind::Script(_) | Kind::Gone => return Ok(Value::EMPTY),
        };
        match option {
            "-connecting" => {
                if connecting {
                    self.look_at_connection();
                }
                let connecting = self
                    .channels
                    .get_mut(id)
                    .and_then(Channel::socket)
                    .is_some_and(|s| s.connecting.is_some());
                Ok(Value::bool(connecting))
            }
            "-error" => {
                if connecting {
                    self.look_at_connection();
                }
                Ok(self.socket_error(id))
            }
            "-keepalive" | "-nodelay" => {
                let which =
                    if option == "-nodelay" { SocketOption::NoDelay } else { SocketOption::KeepAlive };
                let Some(descriptor) = descriptors.first() else { return Ok(Value::bool(false)) };
                Ok(Value::bool(self.driver.net().option(*descriptor, which).unwrap_or(false)))
            }
            _ if connecting => Ok(Value::EMPTY),
            "-peername" => {
                let peer = match descriptors.first() {
                    Some(descriptor) if !is_listener => {
                        self.driver.net().peer_address(*descriptor).map_err(Errno::from)
                    }
                    _ => Err(Errno::NOTCONN),
                };
                match peer {
                    Ok(address) => Ok(Value::list(end_words(&address).to_vec())),
                    Err(error) => Err(host_error(HostError::posix(&[b"can't get peername"], error))),
                }
            }
            _ => {
                let mut words = Vec::new();
                for descriptor in descriptors {
                    match self.driver.net().local_address(descriptor) {
                        Ok(address) => words.extend(end_words(&address)),
                        Err(error) => {
                            return Err(host_error(HostError::posix(
                                &[b"can't get sockname"],
                                Errno::from(error),
                            )));
                        }
                    }
                }
                Ok(Value::list(words))
            }
        }
    }

    /// Looks whether a connection attempt has ended, without handling events.
    fn look_at_connection(&mut self) {
        // A failure of the mechanism shows in the next wait.
        let _ = self.turn(Some(0));
    }

    /// The words for `-error`, which forgets the failure.
    fn socket_error(&mut self, id: ChannelId) -> Value {
        let Reactor { channels, driver, .. } = self;
        let Some(socket) = channels.get_mut(id).and_then(Channel::socket) else { return Value::EMPTY };
        if let Some(words) = socket.connect_words.take() {
            socket.connect_error = None;
            return Value::text_value(words.into_bytes());
        }
        let mut failure = socket.connect_error.take();
        if failure.is_none()
            && socket.connecting.is_none()
            && let Some(descriptor) = socket.descriptor
        {
            failure = driver.net().take_error(descriptor).ok().flatten().map(Errno::from);
        }
        failure.map_or(Value::EMPTY, |error| Value::text_value(error.message().as_bytes().to_vec()))
    }
}
