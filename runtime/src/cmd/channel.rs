//! Input and output: `puts gets read flush eof fblocked seek tell close`.

use rustix::fs::SeekFrom;
use tclring_vm::cmd::choice::choose;
use tclring_vm::cmd::options::integer;
use tclring_vm::error;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, Machine, Outcome, Step};
use tclring_vm::value::Value;

use super::support::posix_exception;
use super::words::{channel, readable_channel, writable_channel};
use crate::chan::channel::{Channel, ChannelId, Kind};
use crate::chan::close;
use crate::chan::error::{failed, is_busy};
use crate::chan::flow::{Fill, Flush};
use crate::chan::output::Buffering;
use crate::chan::reflect;
use crate::chan::translate::{Line, Taken};
use crate::event::reactor::{Reactor, reactor};
use crate::event::wait::Wait;
use crate::host::errno::Errno;

/// The usage of `read`, whose two forms are shown with the command's name each.
const READ_USAGE: &str = "channel ?numChars?\" or \"read ?-nonewline? channel";
pub(super) const CHAN_READ_USAGE: &str = "channel ?numChars?\" or \"chan read ?-nonewline? channel";
pub(super) const PUTS_USAGE: &str = "?-nonewline? ?channel? string";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    row("puts", PUTS_USAGE, 1, 3, "Writes a line to a channel.", puts),
    row("gets", "channel ?varName?", 1, 2, "Reads a line from a channel.", gets),
    row("read", READ_USAGE, 1, 2, "Reads characters from a channel.", read),
    row("flush", "channel", 1, 1, "Hands a channel's output to the system.", flush),
    row("eof", "channel", 1, 1, "Says whether the last input met the end.", eof),
    row("fblocked", "channel", 1, 1, "Says whether the last input would have had to wait.", blocked),
    row("seek", "channel offset ?origin?", 2, 3, "Moves the place in a channel's file.", seek),
    row("tell", "channel", 1, 1, "Tells the place in a channel's file.", tell),
    row("close", "channel ?direction?", 1, 2, "Closes a channel or one direction of it.", close_command),
];

/// A row of a command that safe interpreters have.
pub const fn row(
    name: &'static str,
    usage: &'static str,
    min: u16,
    max: u16,
    help: &'static str,
    run: tclring_vm::interp::Native,
) -> CommandRow {
    CommandRow { name, usage, min, max, safe: true, help, run }
}

/// The error if a copy uses a channel in a direction.
fn check_busy(reactor: &Reactor, id: ChannelId, direction: usize) -> Result<(), Exception> {
    match reactor.channels.get(id) {
        Some(channel) if channel.copies[direction] => Err(is_busy(&channel.name)),
        _ => Ok(()),
    }
}

pub(super) fn puts(machine: &mut Machine, mut args: Args) -> Outcome {
    let no_newline = args.len() > 2 && *args[1].text() == *b"-nonewline";
    let (name, value) = match (args.len(), no_newline) {
        (2, _) => (None, args.take(1)),
        (3, true) => (None, args.take(2)),
        (3, false) => (Some(args.take(1)), args.take(2)),
        (_, true) => (Some(args.take(2)), args.take(3)),
        _ => return Err(machine.wrong_args(&args, 1, PUTS_USAGE)),
    };
    let name = name.unwrap_or_else(|| Value::from("stdout"));
    let id = writable_channel(machine, &name)?;
    let reactor = reactor(machine);
    check_busy(reactor, id, 1)?;
    match reactor.write(id, &value, !no_newline) {
        Ok(Flush::Wait) => Ok(wait_for_output(id, "writing")),
        Ok(Flush::Script(count)) => flush_scripts(machine, id, count, "writing"),
        Ok(_) => Ok(Step::EMPTY),
        Err(exception) => Err(exception),
    }
}

/// Passes output to scripts.
fn flush_scripts(machine: &mut Machine, id: ChannelId, count: usize, operation: &'static str) -> Outcome {
    let then = move |machine: &mut Machine, flushed: Result<Flush, Exception>| match (
        flushed?,
        reactor(machine).channels.get(id),
    ) {
        (Flush::Failed(error), Some(channel)) => Err(failed(operation, channel, error)),
        _ => Ok(Step::EMPTY),
    };
    reflect::flush_then(machine, id, count, Box::new(then))
}

/// Waits until a channel's output is with the system.
fn wait_for_output(id: ChannelId, operation: &'static str) -> Step {
    Step::block(Wait::Output(id), move |machine, outcome| {
        outcome?;
        let reactor = reactor(machine);
        let flushed = reactor.flush(id, true);
        match (flushed, reactor.channels.get(id)) {
            (Flush::Wait, _) => Ok(wait_for_output(id, operation)),
            (Flush::Failed(error), Some(channel)) => Err(failed(operation, channel, error)),
            _ => Ok(Step::EMPTY),
        }
    })
}

impl Reactor {
    /// Writes a value to a channel and lets its output go as its buffering says.
    ///
    /// # Errors
    /// When the encoding lacks a character, or the system fails.
    pub fn write(&mut self, id: ChannelId, value: &Value, with_newline: bool) -> Result<Flush, Exception> {
        self.provide_buffer(id);
        let Some(channel) = self.channels.get_mut(id) else { return Ok(Flush::Done) };
        channel.drop_input_before_write();
        let appended = channel.append(value, with_newline);
        let flushed = match (appended, channel.buffering) {
            (Ok(true), Buffering::Line) if channel.output.buffer.len() > channel.buffer_bytes => {
                self.flush_lines(id)
            }
            (Err(_), _) | (_, Buffering::None) | (Ok(true), Buffering::Line) => self.flush(id, false),
            _ if channel.top_output().buffer.len() >= channel.buffer_bytes => self.flush_full_buffers(id),
            _ => return Ok(Flush::Done),
        };
        let Some(channel) = self.channels.get(id) else { return Ok(flushed) };
        match flushed {
            Flush::Failed(error) => Err(failed("writing", channel, error)),
            _ if appended.is_err() => Err(failed("writing", channel, Errno::ILSEQ)),
            flushed => Ok(flushed),
        }
    }

    /// Writes text to the standard error channel, for reports that nobody else takes.
    pub fn write_stderr(&mut self, text: &[u8]) {
        if let Some(id) = self.standard_channel(2) {
            // There is nowhere to report that the report failed.
            let _ = self.write(id, &Value::text_of(text), false);
            let _: Flush = self.flush(id, true);
        }
    }

    /// Whether a script that found nothing should look again: input that the driver holds is taken in, but not
    /// for the first look in a handler, which has just been told of all there was.
    fn look_again(&mut self, id: ChannelId) -> bool {
        let is_receiving = matches!(
            self.channels.get(id).map(|channel| &channel.kind),
            Some(Kind::Socket(socket)) if socket.receive.is_receiving() || socket.connecting.is_some()
        );
        if !is_receiving {
            return false;
        }
        if self.in_handler == Some(id) && self.looked != Some(id) {
            self.looked = Some(id);
            return false;
        }
        // A failure of the mechanism shows in the next wait.
        let _ = self.turn(Some(0));
        self.looked = Some(id);
        self.channels.get(id).is_some_and(Channel::has_input)
    }
}

impl Channel {
    /// Forgets what was read ahead, when the place moves.
    fn forget_input(&mut self) {
        self.input.clear();
        if let Some(stack) = &mut self.stack {
            stack.base.clear();
        }
        self.at_eof = false;
        self.sticky_eof = false;
        self.device_end = false;
        self.blocked = false;
        self.needs_more = false;
    }

    /// Before a file is written its place goes back to where the script has read.
    fn drop_input_before_write(&mut self) {
        if self.input.is_empty() {
            return;
        }
        if let Kind::Device(device) = &self.kind
            && device.class == crate::chan::device::Class::Regular
            && self.stack.is_none()
        {
            let unread = i64::try_from(self.input.len()).unwrap_or(0);
            // A file that cannot seek was read to where it is.
            let _ = device.seek(SeekFrom::Current(-unread));
            self.input.clear();
        }
    }
}

pub(super) fn gets(machine: &mut Machine, mut args: Args) -> Outcome {
    let id = readable_channel(machine, &args[1])?;
    let target = (args.len() > 2).then(|| args.take(2));
    let reactor = reactor(machine);
    check_busy(reactor, id, 0)?;
    reactor.note_read(id);
    if let Some(channel) = reactor.channels.get_mut(id) {
        channel.begin_input();
    }
    read_line(machine, id, target)
}

/// The next line of a channel that can be read, for the shell.
pub fn next_line(machine: &mut Machine, id: ChannelId) -> Outcome {
    let reactor = reactor(machine);
    reactor.note_read(id);
    if let Some(channel) = reactor.channels.get_mut(id) {
        channel.begin_input();
    }
    read_line(machine, id, None)
}

/// Reads a line, or waits for one.
fn read_line(machine: &mut Machine, id: ChannelId, target: Option<Value>) -> Outcome {
    let reactor = reactor(machine);
    loop {
        let Some(channel) = reactor.channels.get_mut(id) else {
            return deliver(machine, Value::EMPTY, target, true);
        };
        if channel.sticky_eof {
            channel.at_eof = true;
            return deliver(machine, Value::EMPTY, target, true);
        }
        match channel.take_line() {
            Line::Whole(line) => {
                channel.blocked = false;
                return deliver(machine, line, target, false);
            }
            Line::Last(line, at_mark) => {
                channel.at_eof = true;
                channel.sticky_eof = at_mark;
                return deliver(machine, line, target, false);
            }
            Line::End(at_mark) => {
                channel.at_eof = true;
                channel.sticky_eof = at_mark;
                return deliver(machine, Value::EMPTY, target, true);
            }
            Line::Invalid => return Err(failed("reading", channel, Errno::ILSEQ)),
            Line::Partial => {}
        }
        let blocking = channel.blocking;
        if channel.blocked && !blocking {
            // A short read has said that there is no more.
            return no_line_yet(machine, id, target);
        }
        match reactor.fill(id) {
            Fill::Some | Fill::End => {}
            Fill::Failed(error) => return Err(reading_failed(reactor, id, error)),
            Fill::Script => {
                let then = move |machine: &mut Machine, filled: Result<Fill, Exception>| match filled? {
                    Fill::Empty => no_line_yet(machine, id, target),
                    Fill::Failed(error) => {
                        Err(reading_failed(crate::event::reactor::reactor(machine), id, error))
                    }
                    _ => read_line(machine, id, target),
                };
                return reflect::fill_then(machine, id, Box::new(then));
            }
            Fill::Empty if blocking => {
                return Ok(Step::block(Wait::Input(id), move |machine, outcome| {
                    outcome?;
                    read_line(machine, id, target)
                }));
            }
            Fill::Empty if reactor.look_again(id) => {}
            Fill::Empty => return no_line_yet(machine, id, target),
        }
    }
}

fn no_line_yet(machine: &mut Machine, id: ChannelId, target: Option<Value>) -> Outcome {
    if let Some(channel) = reactor(machine).channels.get_mut(id) {
        channel.blocked = true;
        channel.needs_more = true;
    }
    deliver(machine, Value::EMPTY, target, true)
}

fn reading_failed(reactor: &Reactor, id: ChannelId, error: Errno) -> Exception {
    match reactor.channels.get(id) {
        Some(channel) => failed("reading", channel, error),
        None => error!("channel is gone"),
    }
}

/// Gives a line to the script: in a variable, with its length as the result, or as the result.
fn deliver(machine: &mut Machine, line: Value, target: Option<Value>, is_none: bool) -> Outcome {
    let Some(target) = target else { return Ok(Step::Done(line)) };
    let length = if is_none { -1 } else { line.char_count() as i64 };
    machine.write_then(&target, line, move |_, _| Ok(Step::Done(Value::int(length))))
}

/// A `read` under way.
struct Reading {
    id: ChannelId,
    /// What the script called the channel.
    name: Value,
    /// How many characters are still wanted.
    left: usize,
    /// Whether a last newline is dropped.
    drops_newline: bool,
    /// Whether bytes are read, not text.
    is_bytes: bool,
    /// What has been read.
    out: Vec<u8>,
}

pub(super) fn read(machine: &mut Machine, args: Args) -> Outcome {
    let drops_newline = *args[1].text() == *b"-nonewline";
    if drops_newline && args.len() == 2 {
        let usage = if args[0].text().ends_with(b"chan::read") { CHAN_READ_USAGE } else { READ_USAGE };
        return Err(machine.wrong_args(&args, 1, usage));
    }
    let at = if drops_newline { 2 } else { 1 };
    let id = readable_channel(machine, &args[at])?;
    let mut left = usize::MAX;
    if let Some(count) = args.get(at + 1) {
        let mode = machine.mode();
        let number = count.to_i64(mode).and_then(|number| usize::try_from(number).ok());
        left = match number {
            Some(number) => number,
            None => {
                return Err(
                    error!("expected non-negative integer but got \"", count, "\""; "TCL", "VALUE", "NUMBER"),
                );
            }
        };
    }
    let reactor = reactor(machine);
    check_busy(reactor, id, 0)?;
    reactor.note_read(id);
    let Some(channel) = reactor.channels.get_mut(id) else { return Ok(Step::EMPTY) };
    channel.begin_input();
    let is_bytes = channel.reads_bytes();
    if left == usize::MAX && !channel.is_scripted() {
        reactor.fill_whole_file(id);
    }
    go_on_reading(
        machine,
        Reading { id, name: args[at].clone(), left, drops_newline, is_bytes, out: Vec::new() },
    )
}

impl Reading {
    /// Takes what is at hand.
    fn take(&mut self, channel: &mut Channel) -> Taken {
        if channel.sticky_eof {
            return Taken::End(true);
        }
        if !self.is_bytes {
            return channel.take_characters(&mut self.left, &mut self.out);
        }
        loop {
            if self.left == 0 {
                return Taken::Enough;
            }
            if channel.input.is_empty() {
                return if channel.device_end { Taken::End(false) } else { Taken::More };
            }
            if self.left == usize::MAX && self.out.is_empty() {
                self.out = channel.input.take_all();
                continue;
            }
            let bytes = channel.input.available();
            let count = bytes.len().min(self.left);
            self.out.extend_from_slice(&bytes[..count]);
            channel.input.consume(count);
            if self.left != usize::MAX {
                self.left -= count;
            }
        }
    }

    /// The system has failed: what was read before that is the result, and the next operation reports it.
    fn fail(self, machine: &mut Machine, error: Errno) -> Outcome {
        let reactor = reactor(machine);
        if self.out.is_empty() {
            return Err(reading_failed(reactor, self.id, error));
        }
        if let Some(channel) = reactor.channels.get_mut(self.id) {
            channel.input_error = Some(error);
        }
        Ok(Step::Done(self.value()))
    }

    /// There is no more yet, and the channel does not wait.
    fn leave(mut self, machine: &mut Machine) -> Outcome {
        if let Some(channel) = reactor(machine).channels.get_mut(self.id) {
            channel.blocked = true;
            channel.needs_more = true;
        }
        self.drops_newline = false;
        Ok(Step::Done(self.value()))
    }

    /// The result.
    fn value(mut self) -> Value {
        if self.drops_newline && self.out.last() == Some(&b'\n') {
            self.out.pop();
        }
        if self.is_bytes && !self.out.is_empty() {
            Value::bytes(self.out)
        } else {
            Value::text_value(self.out)
        }
    }
}

fn go_on_reading(machine: &mut Machine, mut reading: Reading) -> Outcome {
    let id = reading.id;
    let reactor = reactor(machine);
    loop {
        let Some(channel) = reactor.channels.get_mut(id) else { return Ok(Step::Done(reading.value())) };
        match reading.take(channel) {
            Taken::Enough => {
                channel.at_eof |= channel.device_end && channel.input.is_empty();
                return Ok(Step::Done(reading.value()));
            }
            Taken::End(at_mark) => {
                channel.at_eof = true;
                channel.sticky_eof = at_mark;
                return Ok(Step::Done(reading.value()));
            }
            Taken::Invalid => return invalid_input(channel, reading),
            Taken::More => {}
        }
        let blocking = channel.blocking;
        match reactor.fill(id) {
            Fill::Some | Fill::End => {}
            Fill::Failed(error) => return reading.fail(machine, error),
            Fill::Script => {
                let then = move |machine: &mut Machine, filled| go_on_with_script(machine, reading, filled);
                return reflect::fill_then(machine, id, Box::new(then));
            }
            Fill::Empty if blocking => {
                return Ok(Step::block(Wait::Input(id), move |machine, outcome| {
                    outcome?;
                    go_on_reading(machine, reading)
                }));
            }
            Fill::Empty if reactor.look_again(id) => {}
            Fill::Empty => return reading.leave(machine),
        }
    }
}

fn go_on_with_script(machine: &mut Machine, reading: Reading, filled: Result<Fill, Exception>) -> Outcome {
    match filled {
        Ok(Fill::Some) if reactor(machine).channels.get(reading.id).is_none() => {
            // The handler has closed it.
            let words: [&[u8]; 3] = [b"error reading \"", &reading.name.text(), b"\""];
            let mut exception = posix_exception(&words, Errno::INVAL);
            exception.other_options.push((Value::from("-data"), reading.value()));
            Err(exception)
        }
        Ok(Fill::Empty) => reading.leave(machine),
        Ok(Fill::Failed(error)) => reading.fail(machine, error),
        Ok(Fill::Some) => read_share(machine, reading),
        Ok(_) => go_on_reading(machine, reading),
        Err(mut exception) => {
            exception.other_options.push((Value::from("-data"), reading.value()));
            Err(exception)
        }
    }
}

/// Takes what transformations have just made: a channel that does not wait gets no more of them at once.
fn read_share(machine: &mut Machine, mut reading: Reading) -> Outcome {
    let id = reading.id;
    let reactor = reactor(machine);
    let channel = reactor.channels.get_mut(id).filter(|channel| !channel.blocking);
    let Some(channel) = channel.filter(|channel| !channel.device_end) else {
        return go_on_reading(machine, reading);
    };
    let Some(stack) = &channel.stack else { return go_on_reading(machine, reading) };
    let has_ended = stack.transforms.iter().any(|transform| transform.has_ended);
    if reading.take(channel) != Taken::More {
        return go_on_reading(machine, reading);
    }
    if has_ended {
        reactor.enqueue(id, crate::chan::channel::READ);
    }
    reading.leave(machine)
}

/// Malformed bytes: what stands before them is the result of a channel that does not wait, else part of the error.
fn invalid_input(channel: &Channel, reading: Reading) -> Outcome {
    let mut exception = failed("reading", channel, Errno::ILSEQ);
    if channel.blocking {
        exception.other_options.push((Value::from("-data"), reading.value()));
        return Err(exception);
    }
    if reading.out.is_empty() { Err(exception) } else { Ok(Step::Done(reading.value())) }
}

pub(super) fn flush(machine: &mut Machine, args: Args) -> Outcome {
    let id = writable_channel(machine, &args[1])?;
    let reactor = reactor(machine);
    check_busy(reactor, id, 1)?;
    match reactor.flush(id, true) {
        Flush::Wait => Ok(wait_for_output(id, "flushing")),
        Flush::Script(count) => flush_scripts(machine, id, count, "flushing"),
        Flush::Failed(error) => match reactor.channels.get(id) {
            Some(channel) => Err(failed("flushing", channel, error)),
            None => Ok(Step::EMPTY),
        },
        Flush::Done | Flush::Later => Ok(Step::EMPTY),
    }
}

pub(super) fn eof(machine: &mut Machine, args: Args) -> Outcome {
    let id = channel(machine, &args[1])?;
    Ok(Step::Done(Value::bool(reactor(machine).channels.get(id).is_some_and(|channel| channel.at_eof))))
}

pub(super) fn blocked(machine: &mut Machine, args: Args) -> Outcome {
    let id = readable_channel(machine, &args[1])?;
    Ok(Step::Done(Value::bool(reactor(machine).channels.get(id).is_some_and(|channel| channel.blocked))))
}

pub(super) fn seek(machine: &mut Machine, args: Args) -> Outcome {
    let id = channel(machine, &args[1])?;
    let mode = machine.mode();
    let offset = integer(&args[2], mode)?;
    let origin = match args.get(3) {
        Some(word) => choose(word, &["start", "current", "end"], "origin")?,
        None => 0,
    };
    seek_flushed(machine, id, offset, origin)
}

fn seek_flushed(machine: &mut Machine, id: ChannelId, offset: i64, origin: usize) -> Outcome {
    let reactor = reactor(machine);
    match reactor.flush(id, true) {
        Flush::Wait => {
            return Ok(Step::block(Wait::Output(id), move |machine, outcome| {
                outcome?;
                seek_flushed(machine, id, offset, origin)
            }));
        }
        Flush::Script(count) => {
            let then = move |machine: &mut Machine, flushed: Result<Flush, Exception>| {
                flushed?;
                seek_place(machine, id, offset, origin)
            };
            return reflect::flush_then(machine, id, count, Box::new(then));
        }
        Flush::Failed(error) => return Err(seek_failed(reactor, id, error)),
        Flush::Done | Flush::Later => {}
    }
    seek_place(machine, id, offset, origin)
}

/// Moves the place when nothing is unwritten.
fn seek_place(machine: &mut Machine, id: ChannelId, offset: i64, origin: usize) -> Outcome {
    let channel = reactor(machine).channels.get(id);
    let level = channel.and_then(|channel| channel.stack.as_ref()).map_or(0, |stack| stack.transforms.len());
    reflect::reset_then(machine, id, level, Box::new(move |machine| seek_below(machine, id, offset, origin)))
}

/// The same, below all transformations.
fn seek_below(machine: &mut Machine, id: ChannelId, offset: i64, origin: usize) -> Outcome {
    let reactor = reactor(machine);
    let Some(channel) = reactor.channels.get_mut(id) else { return Ok(Step::EMPTY) };
    let unread = i64::try_from(channel.input.len()).unwrap_or(0);
    // What was read ahead does not count.
    let offset = if origin == 1 { offset.saturating_sub(unread) } else { offset };
    if matches!(channel.kind, Kind::Script(_)) {
        let then = move |machine: &mut Machine, place: Result<i64, Exception>| {
            place?;
            if let Some(channel) = crate::event::reactor::reactor(machine).channels.get_mut(id) {
                channel.forget_input();
            }
            Ok(Step::EMPTY)
        };
        return reflect::seek_then(machine, id, offset, ["start", "current", "end"][origin], Box::new(then));
    }
    let Kind::Device(device) = &channel.kind else { return Err(seek_failed(reactor, id, Errno::INVAL)) };
    let to = match origin {
        0 => u64::try_from(offset).map(SeekFrom::Start).ok(),
        1 => Some(SeekFrom::Current(offset)),
        _ => Some(SeekFrom::End(offset)),
    };
    match to.map_or(Err(Errno::INVAL), |to| device.seek(to)) {
        Ok(_) => {
            channel.forget_input();
            Ok(Step::EMPTY)
        }
        Err(error) => Err(seek_failed(reactor, id, error)),
    }
}

fn seek_failed(reactor: &Reactor, id: ChannelId, error: Errno) -> Exception {
    match reactor.channels.get(id) {
        Some(channel) => crate::chan::error::failed("during seek on", channel, error),
        None => error!("channel is gone"),
    }
}

pub(super) fn tell(machine: &mut Machine, args: Args) -> Outcome {
    let id = channel(machine, &args[1])?;
    let device = reactor(machine).channels.get_mut(id).and_then(Channel::script_device);
    if device.is_some_and(|device| device.handler.has("seek")) {
        let then = move |machine: &mut Machine, place: Result<i64, Exception>| {
            let channel = reactor(machine).channels.get(id);
            let (unread, unwritten) =
                channel.map_or((0, 0), |channel| (channel.input.len(), channel.unflushed()));
            Ok(Step::Done(Value::int(place? - unread as i64 + unwritten as i64)))
        };
        return reflect::seek_then(machine, id, 0, "current", Box::new(then));
    }
    Ok(Step::Done(Value::int(reactor(machine).place(id))))
}

impl Reactor {
    /// The place in a channel's file as the script sees it, or -1.
    fn place(&self, id: ChannelId) -> i64 {
        let Some(channel) = self.channels.get(id) else { return -1 };
        let Kind::Device(device) = &channel.kind else { return -1 };
        let Ok(place) = device.seek(SeekFrom::Current(0)) else { return -1 };
        i64::try_from(place).unwrap_or(-1) - channel.input.len() as i64 + channel.output.buffer.len() as i64
    }
}

pub(super) fn close_command(machine: &mut Machine, args: Args) -> Outcome {
    let id = channel(machine, &args[1])?;
    match args.get(2) {
        None => close::close(machine, id),
        Some(word) => {
            let direction = choose(word, &["read", "write"], "direction")?;
            close::half_close(machine, id, direction == 0)
        }
    }
}
