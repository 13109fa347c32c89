//! Input and output through scripts: what handlers of channels and transformations are asked, as steps.
//!
//! Each operation is a chain of calls; what goes on afterwards is told how it ended. The channel may be gone after
//! any of them.

use tclring_vm::cmd::options::integer;
use tclring_vm::error;
use tclring_vm::interp::exception::{ERROR, Exception};
use tclring_vm::interp::{At, Machine, Outcome, Step, What};
use tclring_vm::value::Value;

use super::channel::{ChannelId, Kind, READ, WRITE};
use super::flow::{Fill, Flush};
use super::scripted::ScriptHandler;
use crate::cmd::zlib_stream::Transform as Compression;
use crate::event::reactor::{Reactor, reactor};
use crate::event::wait::Wait;
use crate::host::errno::Errno;

/// What goes on after input was asked for.
pub type FillThen = Box<dyn FnOnce(&mut Machine, Result<Fill, Exception>) -> Outcome>;
/// What goes on after output was passed on.
pub type FlushThen = Box<dyn FnOnce(&mut Machine, Result<Flush, Exception>) -> Outcome>;
/// What goes on after a place was told.
pub type PlaceThen = Box<dyn FnOnce(&mut Machine, Result<i64, Exception>) -> Outcome>;
/// What goes on after an answer.
type AnswerThen = Box<dyn FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome>;
/// What goes on whatever happened.
type Next = Box<dyn FnOnce(&mut Machine) -> Outcome>;

/// Asks a handler. An outcome that is neither a result nor an error is an error.
pub fn ask(
    handler: &ScriptHandler,
    method: &'static str,
    args: impl IntoIterator<Item = Value>,
    then: impl FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome + 'static,
) -> Outcome {
    let words = handler.call(method, args);
    let command = Value::list(words.clone());
    Ok(Step::run(What::Words(words), At::Interp(handler.interp), move |machine, outcome| {
        let answer = outcome.map_err(|exception| {
            let mut exception = match exception.code {
                ERROR => exception,
                code => error!("chan handler returned bad code: ", code),
            };
            exception.log_command(&command.text());
            exception.other_options.push((Value::from("-errorline"), Value::int(1)));
            exception.add_info(format!("\n    (chan handler subcommand \"{method}\")").as_bytes());
            exception
        });
        then(machine, answer)
    }))
}

/// Asks a handler, if its interpreter is still there.
fn ask_owner(
    machine: &mut Machine,
    handler: &ScriptHandler,
    method: &'static str,
    args: Vec<Value>,
    then: AnswerThen,
) -> Outcome {
    if machine.interps.get(handler.interp).is_none() {
        return then(machine, Err(error!("Owner lost")));
    }
    ask(handler, method, args, then)
}

fn bytes_of(value: &Value) -> Result<Vec<u8>, Exception> {
    value.to_bytes().map(|bytes| bytes.into_owned()).map_err(|(at, _)| {
        error!("expected byte sequence but character ", at, " was '", value, "' (U+)"; "TCL", "VALUE", "BYTES")
    })
}

fn is_again(exception: &Exception) -> bool {
    exception.code == ERROR && *exception.result.text() == *b"EAGAIN"
}

// --- input

/// Gets more input for a channel that scripts stand behind.
pub fn fill_then(machine: &mut Machine, id: ChannelId, then: FillThen) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return then(machine, Ok(Fill::End)) };
    let Some(stack) = &mut channel.stack else { return read_script(machine, id, then) };
    let mut from_top = stack.transforms.iter_mut().enumerate().rev();
    let waiting = from_top.find(|(_, one)| one.has_ended || !one.pending.is_empty());
    if let Some((level, transform)) = waiting {
        if transform.has_ended {
            channel.device_end = true;
            return then(machine, Ok(Fill::End));
        }
        let bytes = std::mem::take(&mut transform.pending);
        return pass_up(machine, id, bytes, level, then);
    }
    let lowest = stack.transforms.first().map(|lowest| lowest.handler.clone());
    if let Some(handler) = lowest.filter(|handler| handler.has("limit?")) {
        return limit_then(machine, id, &handler, then);
    }
    fill_below(machine, id, usize::MAX, then)
}

/// Asks the lowest transformation how much it wants to read at most.
fn limit_then(machine: &mut Machine, id: ChannelId, handler: &ScriptHandler, then: FillThen) -> Outcome {
    let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| {
        let mode = machine.mode();
        match answer.and_then(|value| integer(&value, mode)) {
            // A limit below one is none.
            Ok(limit) => {
                let limit = usize::try_from(limit).ok().filter(|limit| *limit > 0).unwrap_or(usize::MAX);
                fill_below(machine, id, limit, then)
            }
            Err(exception) => then(machine, Err(exception)),
        }
    };
    ask_owner(machine, handler, "limit?", Vec::new(), Box::new(go_on))
}

/// Gets at most `limit` bytes from below the transformations and passes them up.
fn fill_below(machine: &mut Machine, id: ChannelId, limit: usize, then: FillThen) -> Outcome {
    let reactor = reactor(machine);
    loop {
        let Some(channel) = reactor.channels.get_mut(id) else { return then(machine, Ok(Fill::End)) };
        let Some(stack) = &mut channel.stack else { return fill_then(machine, id, then) };
        if !stack.base.is_empty() {
            stack.transforms.iter_mut().for_each(|transform| transform.is_drained = false);
            let mut raw = stack.base.take_all();
            if raw.len() > limit {
                let rest = raw.split_off(limit);
                stack.base.append(&rest);
            }
            return pass_up(machine, id, raw, 0, then);
        }
        if matches!(channel.kind, Kind::Script(_)) {
            let again = move |machine: &mut Machine, filled: Result<Fill, Exception>| match filled {
                Ok(Fill::Some) => fill_below(machine, id, limit, then),
                Ok(Fill::End) => drain_then(machine, id, then),
                other => then(machine, other),
            };
            return read_script(machine, id, Box::new(again));
        }
        let blocking = channel.blocking;
        match reactor.fill_raw(id) {
            Fill::Some => {}
            Fill::End => return drain_then(machine, id, then),
            Fill::Empty if blocking => {
                return Ok(Step::block(Wait::Input(id), move |machine, outcome| {
                    outcome?;
                    fill_below(machine, id, limit, then)
                }));
            }
            other => return then(machine, Ok(other)),
        }
    }
}

/// Reads from the channel that a handler makes up.
fn read_script(machine: &mut Machine, id: ChannelId, then: FillThen) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return then(machine, Ok(Fill::End)) };
    let wanted = channel.buffer_bytes;
    let Some(handler) = channel.script_device().map(|device| device.handler.clone()) else {
        return then(machine, Ok(Fill::End));
    };
    let arguments = vec![Value::int(wanted as i64)];
    let take = move |machine: &mut Machine, answer: Result<Value, Exception>| {
        let bytes = match answer.and_then(|value| bytes_of(&value)) {
            Ok(bytes) if bytes.len() > wanted => {
                return then(machine, Err(error!("read delivered more than requested")));
            }
            Ok(bytes) => bytes,
            Err(exception) if is_again(&exception) => return then(machine, Ok(Fill::Empty)),
            Err(exception) => return then(machine, Err(exception)),
        };
        let Some(channel) = reactor(machine).channels.get_mut(id) else {
            // The handler has closed it: what it still gives has nowhere to go.
            return then(machine, Ok(if bytes.is_empty() { Fill::End } else { Fill::Some }));
        };
        if bytes.is_empty() {
            channel.device_end = true;
            return then(machine, Ok(Fill::End));
        }
        channel.raw_input().append(&bytes);
        channel.blocked = bytes.len() < wanted;
        then(machine, Ok(Fill::Some))
    };
    ask_owner(machine, &handler, "read", arguments, Box::new(take))
}

/// Passes bytes through the transformations from `level` up.
fn pass_up(machine: &mut Machine, id: ChannelId, bytes: Vec<u8>, level: usize, then: FillThen) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return then(machine, Ok(Fill::End)) };
    let transforms = channel.stack.as_ref().map_or(&[][..], |stack| &stack.transforms);
    let next = transforms.iter().enumerate().skip(level).find(|(_, transform)| transform.handler.has("read"));
    match next {
        Some((at, transform)) if !bytes.is_empty() => {
            let handler = transform.handler.clone();
            let handle = handler.handle.clone();
            let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| {
                let is_there = reactor(machine).has_transform(id, at, &handle);
                match answer.and_then(|value| bytes_of(&value)) {
                    // It was taken off while it worked: what it made is lost.
                    Ok(_) if !is_there => fill_then(machine, id, then),
                    Ok(bytes) => {
                        if let Some(rest) = Compression::take_rest(machine, id, at) {
                            reactor(machine).end_transform(id, at, rest);
                        }
                        pass_up(machine, id, bytes, at + 1, then)
                    }
                    Err(exception) => then(machine, Err(exception)),
                }
            };
            ask_owner(machine, &handler, "read", vec![Value::bytes(bytes)], Box::new(go_on))
        }
        _ if bytes.is_empty() => fill_then(machine, id, then),
        _ => {
            channel.input.append(&bytes);
            then(machine, Ok(Fill::Some))
        }
    }
}

/// The input has ended below: the transformations give what they held back.
fn drain_then(machine: &mut Machine, id: ChannelId, then: FillThen) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return then(machine, Ok(Fill::End)) };
    let transforms = channel.stack.as_mut().map_or(&mut [][..], |stack| &mut stack.transforms);
    let next = transforms
        .iter_mut()
        .enumerate()
        .find(|(_, transform)| transform.handler.has("drain") && !transform.is_drained);
    let Some((at, transform)) = next else {
        channel.device_end = true;
        return then(machine, Ok(Fill::End));
    };
    transform.is_drained = true;
    let handler = transform.handler.clone();
    let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| match answer
        .and_then(|value| bytes_of(&value))
    {
        Ok(bytes) if bytes.is_empty() => drain_then(machine, id, then),
        Ok(bytes) => pass_up(machine, id, bytes, at + 1, then),
        Err(exception) => then(machine, Err(exception)),
    };
    ask_owner(machine, &handler, "drain", Vec::new(), Box::new(go_on))
}

impl Reactor {
    /// Notes that a transformation has met the end of what it reads, and what followed there.
    fn end_transform(&mut self, id: ChannelId, at: usize, rest: Vec<u8>) {
        let stack = self.channels.get_mut(id).and_then(|channel| channel.stack.as_mut());
        if let Some(transform) = stack.and_then(|stack| stack.transforms.get_mut(at)) {
            transform.has_ended = true;
            transform.pending = rest;
        }
    }

    /// Whether the transformation of this handle stands at this place of a channel's stack.
    fn has_transform(&self, id: ChannelId, at: usize, handle: &Value) -> bool {
        let stack = self.channels.get(id).and_then(|channel| channel.stack.as_ref());
        stack.and_then(|stack| stack.transforms.get(at)).is_some_and(|one| one.handler.handle == *handle)
    }
}

// --- output

/// Passes the first `left` bytes of a channel's output on, in pieces as large as its buffers.
pub fn flush_then(machine: &mut Machine, id: ChannelId, left: usize, then: FlushThen) -> Outcome {
    let reactor = reactor(machine);
    let Some(channel) = reactor.channels.get_mut(id) else { return then(machine, Ok(Flush::Done)) };
    let piece = channel.buffer_bytes.min(left);
    let level = channel.stack.as_ref().map_or(0, |stack| stack.transforms.len());
    let output = channel.top_output();
    let piece = piece.min(output.buffer.len());
    if piece > 0 && (level > 0 || matches!(channel.kind, Kind::Script(_))) {
        let bytes: Vec<u8> = channel.top_output().buffer.drain(..piece).collect();
        let go_on = move |machine: &mut Machine, flushed: Result<Flush, Exception>| match flushed {
            Ok(Flush::Done) => flush_then(machine, id, left - piece, then),
            other => then(machine, other),
        };
        return pass_down(machine, id, bytes, level, Box::new(go_on));
    }
    if level > 0 && !matches!(channel.kind, Kind::Script(_)) {
        return flush_base(machine, id, then);
    }
    then(machine, Ok(Flush::Done))
}

/// Hands what the transformations have made to the system.
fn flush_base(machine: &mut Machine, id: ChannelId, then: FlushThen) -> Outcome {
    match reactor(machine).flush_raw(id) {
        Flush::Wait => Ok(Step::block(Wait::Output(id), move |machine, outcome| {
            outcome?;
            flush_base(machine, id, then)
        })),
        other => then(machine, Ok(other)),
    }
}

/// Passes bytes on that the uppermost transformation has made, and hands all to the system.
pub fn send_below_top(machine: &mut Machine, id: ChannelId, bytes: Vec<u8>, then: FlushThen) -> Outcome {
    let stack = reactor(machine).channels.get(id).and_then(|channel| channel.stack.as_ref());
    let level = stack.map_or(0, |stack| stack.transforms.len().saturating_sub(1));
    let go_on = move |machine: &mut Machine, passed: Result<Flush, Exception>| match passed {
        Ok(Flush::Done) => {
            let channel = reactor(machine).channels.get_mut(id);
            match channel.is_some_and(|channel| channel.script_device().is_some()) {
                true => then(machine, Ok(Flush::Done)),
                false => flush_base(machine, id, then),
            }
        }
        other => then(machine, other),
    };
    pass_down(machine, id, bytes, level, Box::new(go_on))
}

/// Passes bytes through the transformations below `level`, and to the channel.
fn pass_down(machine: &mut Machine, id: ChannelId, bytes: Vec<u8>, level: usize, then: FlushThen) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return then(machine, Ok(Flush::Done)) };
    if bytes.is_empty() {
        return then(machine, Ok(Flush::Done));
    }
    let transforms = channel.stack.as_ref().map_or(&[][..], |stack| &stack.transforms);
    let below = &transforms[..level.min(transforms.len())];
    let next = below.iter().enumerate().rfind(|(_, transform)| transform.handler.has("write"));
    if let Some((at, transform)) = next {
        let handler = transform.handler.clone();
        let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| match answer
            .and_then(|value| bytes_of(&value))
        {
            Ok(bytes) => pass_down(machine, id, bytes, at, then),
            Err(exception) => then(machine, Err(exception)),
        };
        let write = move |machine: &mut Machine, handler: ScriptHandler| {
            ask_owner(machine, &handler, "write", vec![Value::bytes(bytes)], Box::new(go_on))
        };
        if !handler.has("clear") {
            return write(machine, handler);
        }
        // How it ends does not matter.
        let its = handler.clone();
        return ask_owner(
            machine,
            &its,
            "clear",
            Vec::new(),
            Box::new(move |machine, _| write(machine, handler)),
        );
    }
    if matches!(channel.kind, Kind::Script(_)) {
        return write_script(machine, id, bytes, then);
    }
    channel.output.buffer.extend_from_slice(&bytes);
    then(machine, Ok(Flush::Done))
}

/// Writes to the channel that a handler makes up, until it has taken everything.
fn write_script(machine: &mut Machine, id: ChannelId, bytes: Vec<u8>, then: FlushThen) -> Outcome {
    let device = reactor(machine).channels.get_mut(id).and_then(|channel| channel.script_device());
    let Some(handler) = device.map(|device| device.handler.clone()) else {
        return then(machine, Ok(Flush::Done));
    };
    let arguments = vec![Value::bytes(bytes.clone())];
    let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| {
        let mode = machine.mode();
        let count = match answer.and_then(|value| integer(&value, mode)) {
            Ok(count) => count,
            Err(exception) if is_again(&exception) => return write_later(machine, id, bytes, then),
            Err(exception) => return then(machine, Err(exception)),
        };
        match usize::try_from(count) {
            // What is said to have failed without a reason is dropped without a word, as in the reference.
            Err(_) => then(machine, Ok(Flush::Done)),
            Ok(0) => then(machine, Err(error!("write wrote nothing"))),
            Ok(count) if count > bytes.len() => then(machine, Err(error!("write wrote more than requested"))),
            Ok(count) if count < bytes.len() => write_script(machine, id, bytes[count..].to_vec(), then),
            Ok(_) => then(machine, Ok(Flush::Done)),
        }
    };
    ask_owner(machine, &handler, "write", arguments, Box::new(go_on))
}

/// The handler takes nothing now: the bytes wait until it says that it does.
fn write_later(machine: &mut Machine, id: ChannelId, bytes: Vec<u8>, then: FlushThen) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return then(machine, Ok(Flush::Done)) };
    let output = &mut channel.top_output().buffer;
    output.splice(0..0, bytes);
    if let Some(device) = channel.script_device() {
        device.waits_to_write = true;
    }
    watch_then(machine, id, Box::new(move |machine| then(machine, Ok(Flush::Later))))
}

// --- interest

impl Reactor {
    /// The events that a handler should be told somebody waits for.
    fn wanted_of_script(&mut self, id: ChannelId) -> Option<(ScriptHandler, u8)> {
        let channel = self.channels.get_mut(id)?;
        let mut interest = channel.interest();
        let device = channel.script_device()?;
        if device.waits_to_write {
            interest |= WRITE;
        }
        if interest == device.watched {
            return None;
        }
        device.watched = interest;
        Some((device.handler.clone(), interest))
    }
}

/// The words for events.
pub fn event_words(events: u8) -> Value {
    let words = [(READ, "read"), (WRITE, "write")];
    Value::list(
        words.into_iter().filter(|(bit, _)| events & bit != 0).map(|(_, word)| Value::from(word)).collect(),
    )
}

/// Tells a handler what somebody waits for, if that has changed. How it ends does not matter.
pub fn watch_then(machine: &mut Machine, id: ChannelId, then: Next) -> Outcome {
    match reactor(machine).wanted_of_script(id) {
        Some((handler, events)) if machine.interps.get(handler.interp).is_some() => {
            ask(&handler, "watch", [event_words(events)], move |machine, _| then(machine))
        }
        _ => then(machine),
    }
}

// --- the end

/// Takes the event scripts of a channel back one by one, so that its handler sees each step.
pub fn unwatch_then(machine: &mut Machine, id: ChannelId, then: Next) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return then(machine) };
    if channel.handlers.is_empty() || channel.script_device().is_none() {
        return then(machine);
    }
    channel.handlers.remove(0);
    watch_then(machine, id, Box::new(move |machine| unwatch_then(machine, id, then)))
}

/// Takes the uppermost transformation away: it gives what it holds back, is flushed, and told of its end.
pub fn pop_then(machine: &mut Machine, id: ChannelId, then: AnswerThen) -> Outcome {
    let left = reactor(machine).channels.get(id).map_or(0, |channel| channel.unflushed());
    flush_then(
        machine,
        id,
        left,
        Box::new(move |machine, flushed| {
            let failure = flushed.err();
            drain_top(machine, id, failure, then)
        }),
    )
}

/// The handler of the uppermost transformation.
fn top_handler(machine: &mut Machine, id: ChannelId) -> Option<(ScriptHandler, bool, usize)> {
    let stack = reactor(machine).channels.get(id)?.stack.as_ref()?;
    let top = stack.transforms.last()?;
    Some((top.handler.clone(), top.is_drained, stack.transforms.len() - 1))
}

fn drain_top(machine: &mut Machine, id: ChannelId, failure: Option<Exception>, then: AnswerThen) -> Outcome {
    let Some((handler, is_drained, _)) = top_handler(machine, id) else {
        return then(machine, Ok(Value::EMPTY));
    };
    if !handler.has("drain") || is_drained {
        return flush_top(machine, id, failure, then);
    }
    // Nobody will read what it held back.
    let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| {
        flush_top(machine, id, failure.or(answer.err()), then)
    };
    ask_owner(machine, &handler, "drain", Vec::new(), Box::new(go_on))
}

fn flush_top(machine: &mut Machine, id: ChannelId, failure: Option<Exception>, then: AnswerThen) -> Outcome {
    let Some((handler, _, level)) = top_handler(machine, id) else { return then(machine, Ok(Value::EMPTY)) };
    if !handler.has("flush") {
        return end_top(machine, id, failure, then);
    }
    let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| match answer
        .and_then(|value| bytes_of(&value))
    {
        Ok(bytes) => pass_down(
            machine,
            id,
            bytes,
            level,
            Box::new(move |machine, flushed| end_top(machine, id, failure.or(flushed.err()), then)),
        ),
        Err(exception) => end_top(machine, id, failure.or(Some(exception)), then),
    };
    ask_owner(machine, &handler, "flush", Vec::new(), Box::new(go_on))
}

fn end_top(machine: &mut Machine, id: ChannelId, failure: Option<Exception>, then: AnswerThen) -> Outcome {
    let Some((handler, _, _)) = top_handler(machine, id) else { return then(machine, Ok(Value::EMPTY)) };
    reactor(machine).drop_top(id);
    let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| {
        let failure = answer.err().or(failure);
        then(machine, failure.map_or(Ok(Value::EMPTY), Err))
    };
    ask_owner(machine, &handler, "finalize", Vec::new(), Box::new(go_on))
}

impl Reactor {
    /// Takes the uppermost transformation out. What it has made and nobody has read is dropped.
    fn drop_top(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let Some(stack) = &mut channel.stack else { return };
        let Some(top) = stack.transforms.pop() else { return };
        [channel.readable, channel.writable] = top.was_open;
        channel.input.clear();
        channel.at_eof = false;
        channel.device_end = false;
        channel.needs_more = false;
        if !stack.transforms.is_empty() {
            return;
        }
        let stack = channel.stack.take().expect("it was looked at just now");
        channel.input = stack.base;
        if !top.pending.is_empty() {
            let rest = channel.input.take_all();
            channel.input.append(&top.pending);
            channel.input.append(&rest);
        }
        channel.output.state = stack.output.state;
        let interest = channel.interest();
        self.note_change(id);
        if interest & READ != 0 {
            // What the transformation held back from scripts may be there now.
            self.enqueue(id, READ);
        }
    }
}

/// Ends all that scripts do for a channel that is being closed: transformations from the uppermost down, then the
/// channel's own handler. The exception is the last that one of them raised.
pub fn end_then(machine: &mut Machine, id: ChannelId, then: AnswerThen) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return then(machine, Ok(Value::EMPTY)) };
    if channel.stack.is_some() {
        let go_on = move |machine: &mut Machine, ended: Result<Value, Exception>| {
            let after =
                move |machine: &mut Machine, rest: Result<Value, Exception>| then(machine, rest.and(ended));
            end_then(machine, id, Box::new(after))
        };
        return pop_then(machine, id, Box::new(go_on));
    }
    let Some(handler) = channel.script_device().map(|device| device.handler.clone()) else {
        return then(machine, Ok(Value::EMPTY));
    };
    let left = channel.output.buffer.len();
    if left > 0 && channel.script_device().is_some_and(|device| device.waits_to_write) {
        // It goes on when the handler takes output again.
        return then(machine, Ok(Value::EMPTY));
    }
    let end = move |machine: &mut Machine, flushed: Result<Flush, Exception>| {
        if matches!(flushed, Ok(Flush::Later)) {
            // It goes on when the handler takes output again.
            return then(machine, Ok(Value::EMPTY));
        }
        // Nothing of it is reached any more, whatever its handler says.
        reactor(machine).forget_script(id);
        let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| {
            then(machine, answer.and(flushed.map(|_| Value::EMPTY)))
        };
        ask_owner(machine, &handler, "finalize", Vec::new(), Box::new(go_on))
    };
    flush_then(machine, id, left, Box::new(end))
}

impl Reactor {
    /// Makes a channel that a handler made up one that is connected to nothing.
    fn forget_script(&mut self, id: ChannelId) {
        if let Some(channel) = self.channels.get_mut(id) {
            channel.kind = Kind::Gone;
            channel.output.buffer.clear();
        }
    }
}

// --- place

/// Has all transformations forget what they hold, from the uppermost down, before the place moves.
pub fn reset_then(machine: &mut Machine, id: ChannelId, level: usize, then: Next) -> Outcome {
    let stack = reactor(machine).channels.get(id).and_then(|channel| channel.stack.as_ref());
    let Some(at) = level.checked_sub(1) else { return then(machine) };
    let Some(handler) = stack.and_then(|stack| stack.transforms.get(at)).map(|one| one.handler.clone())
    else {
        return reset_then(machine, id, at, then);
    };
    let flushes = handler.has("flush");
    let its = handler.clone();
    // What they answer is dropped.
    let flush = move |machine: &mut Machine| match flushes {
        true => ask_owner(
            machine,
            &its,
            "flush",
            Vec::new(),
            Box::new(move |machine, _| reset_then(machine, id, at, then)),
        ),
        false => reset_then(machine, id, at, then),
    };
    if handler.has("clear") {
        return ask_owner(machine, &handler, "clear", Vec::new(), Box::new(move |machine, _| flush(machine)));
    }
    flush(machine)
}

/// Moves the place of a channel that a handler makes up, or asks for it.
pub fn seek_then(
    machine: &mut Machine,
    id: ChannelId,
    offset: i64,
    origin: &'static str,
    then: PlaceThen,
) -> Outcome {
    let device = reactor(machine).channels.get_mut(id).and_then(|channel| channel.script_device());
    let handler = device.map(|device| device.handler.clone()).filter(|handler| handler.has("seek"));
    let Some(handler) = handler else {
        let failure = match reactor(machine).channels.get(id) {
            Some(channel) => super::error::failed("during seek on", channel, Errno::INVAL),
            None => error!("channel is gone"),
        };
        return then(machine, Err(failure));
    };
    let arguments = vec![Value::int(offset), Value::from(origin)];
    let go_on = move |machine: &mut Machine, answer: Result<Value, Exception>| {
        let mode = machine.mode();
        let place = answer
            .and_then(|value| integer(&value, mode))
            .and_then(|place| if place < 0 { Err(error!("Tried to seek before origin")) } else { Ok(place) });
        then(machine, place)
    };
    ask_owner(machine, &handler, "seek", arguments, Box::new(go_on))
}
