//! Copies from channel to channel: `fcopy`, at once or in the background.

use tclring_vm::interp::arena::Id;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{InterpId, Machine, Outcome, Step};
use tclring_vm::value::Value;

use super::channel::{Channel, ChannelId, Kind, READ, WRITE};
use super::error::failed;
use super::flow::{Fill, Flush};
use super::output::Buffering;
use super::reflect;
use super::translate::{LineEnd, Taken};
use crate::event::pump::Call;
use crate::event::reactor::{Reactor, reactor};
use crate::event::wait::{Wait, add_interest};
use crate::host::errno::Errno;

/// The identifier of a copy.
pub type CopyId = Id<Copy>;

/// How much one event copies at most, and how much may wait in the output.
const CHUNK_BYTES: usize = 256 * 1024;
/// How many characters are taken at once when they are converted.
const CHUNK_CHARACTERS: usize = 16 * 1024;

/// A copy under way.
pub struct Copy {
    /// Where it reads.
    pub input: ChannelId,
    /// Where it writes.
    pub output: ChannelId,
    /// How much is left, if a size was given.
    pub left: Option<u64>,
    /// How much has been copied.
    pub total: u64,
    /// The command to call at the end, and where; none if a command waits.
    pub command: Option<(InterpId, Value)>,
    /// The exception that ended it.
    pub failure: Option<Exception>,
    /// The event of [`READ`] or [`WRITE`] that it waits for.
    waits_for: u8,
    /// Whether the channels were blocking before.
    was_blocking: [bool; 2],
}

/// What one step of a copy came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// It is complete, or has failed.
    Over,
    /// It needs input.
    NeedsInput,
    /// The output is full.
    NeedsRoom,
    /// It did its share for one event.
    Paused,
    /// Scripts have to be asked for input.
    AsksForInput,
    /// Scripts have to be given so many bytes of output.
    GivesOutput(usize),
}

/// Whether bytes can be passed on as they are.
fn passes_bytes(input: &Channel, output: &Channel) -> bool {
    let same = input.encoding.name() == output.encoding.name() && input.encoding.is_latin1();
    same && input.input_ends == LineEnd::Lf && input.eof_char == 0 && output.output_ends == LineEnd::Lf
}

impl Reactor {
    /// Begins a copy.
    pub fn add_copy(
        &mut self,
        input: ChannelId,
        output: ChannelId,
        left: Option<u64>,
        command: Option<(InterpId, Value)>,
    ) -> CopyId {
        let mut was_blocking = [true; 2];
        let background = command.is_some();
        for (at, id) in [input, output].into_iter().enumerate() {
            if let Some(channel) = self.channels.get_mut(id) {
                channel.copies[at] = true;
                was_blocking[at] = channel.blocking;
                channel.set_blocking(!background);
                if at == 0 {
                    channel.begin_input();
                    if background && let Some(socket) = channel.socket() {
                        socket.reads_in_handlers = true;
                    }
                }
            }
        }
        if input == output {
            was_blocking[1] = was_blocking[0];
        }
        self.copies.insert(Copy {
            input,
            output,
            left,
            total: 0,
            command,
            failure: None,
            waits_for: 0,
            was_blocking,
        })
    }

    /// Goes on with a copy.
    fn step_copy(&mut self, id: CopyId) -> Progress {
        let mut done_now = 0;
        loop {
            let Some(copy) = self.copies.get(id) else { return Progress::Over };
            let (input, output, left) = (copy.input, copy.output, copy.left);
            if copy.failure.is_some() {
                return Progress::Over;
            }
            if left == Some(0) {
                return self.finish_output(id, output);
            }
            if done_now >= CHUNK_BYTES {
                return Progress::Paused;
            }
            if self.has_backlog(output) {
                return Progress::NeedsRoom;
            }
            match self.copy_some(input, output, left) {
                Ok((count, ended)) => {
                    let Some(copy) = self.copies.get_mut(id) else { return Progress::Over };
                    copy.total += count as u64;
                    copy.left = copy.left.map(|left| left.saturating_sub(count as u64));
                    done_now += count;
                    if count > 0 {
                        match self.pass_on(output) {
                            Ok(Some(count)) => return Progress::GivesOutput(count),
                            Ok(None) => {}
                            Err(failure) => {
                                self.fail_copy(id, failure);
                                return Progress::Over;
                            }
                        }
                    }
                    if ended {
                        return self.finish_output(id, output);
                    }
                    if count > 0 {
                        continue;
                    }
                }
                Err(failure) => {
                    self.fail_copy(id, failure);
                    return Progress::Over;
                }
            }
            match self.fill(input) {
                Fill::Some => {}
                Fill::Empty => return Progress::NeedsInput,
                Fill::Script => return Progress::AsksForInput,
                Fill::End => {
                    let is_empty = self.channels.get(input).is_none_or(|channel| channel.input.is_empty());
                    if is_empty {
                        if let Some(channel) = self.channels.get_mut(input) {
                            channel.at_eof = true;
                        }
                        return self.finish_output(id, output);
                    }
                }
                Fill::Failed(error) => {
                    if let Some(failure) =
                        self.channels.get(input).map(|channel| failed("reading", channel, error))
                    {
                        self.fail_copy(id, failure);
                    }
                    return Progress::Over;
                }
            }
        }
    }

    /// All has been read: what was written has to leave.
    fn finish_output(&mut self, id: CopyId, output: ChannelId) -> Progress {
        match self.flush(output, true) {
            Flush::Done | Flush::Later => {}
            Flush::Wait => return Progress::NeedsRoom,
            Flush::Script(count) => return Progress::GivesOutput(count),
            Flush::Failed(error) => {
                if let Some(failure) =
                    self.channels.get(output).map(|channel| failed("writing", channel, error))
                {
                    self.fail_copy(id, failure);
                }
            }
        }
        Progress::Over
    }

    fn fail_copy(&mut self, id: CopyId, failure: Exception) {
        if let Some(copy) = self.copies.get_mut(id) {
            copy.failure = Some(failure);
        }
    }

    fn has_backlog(&self, id: ChannelId) -> bool {
        let Some(channel) = self.channels.get(id) else { return false };
        match &channel.kind {
            Kind::Socket(socket) => {
                socket.connecting.is_some() || socket.send_bytes + channel.output.buffer.len() >= CHUNK_BYTES
            }
            Kind::Device(device) => device.write_poll.is_some(),
            Kind::Listener(_) | Kind::Script(_) | Kind::Gone => false,
        }
    }

    /// Moves what is at hand from one channel to the other: how much, and whether the input has ended.
    fn copy_some(
        &mut self,
        input: ChannelId,
        output: ChannelId,
        left: Option<u64>,
    ) -> Result<(usize, bool), Exception> {
        self.provide_buffer(output);
        let limit = left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        let (Some(from), Some(to)) = (self.channels.get(input), self.channels.get(output)) else {
            return Ok((0, true));
        };
        if passes_bytes(from, to) {
            return Ok((self.move_bytes(input, output, limit.min(CHUNK_BYTES)), false));
        }
        let Some(from) = self.channels.get_mut(input) else { return Ok((0, true)) };
        let mut text = Vec::new();
        let wanted = limit.min(CHUNK_CHARACTERS);
        let mut room = wanted;
        let taken = from.take_characters(&mut room, &mut text);
        let count = wanted - room;
        match taken {
            Taken::Invalid if count == 0 => return Err(failed("reading", from, Errno::ILSEQ)),
            Taken::End(true) => {
                from.sticky_eof = true;
                from.at_eof = true;
            }
            _ => {}
        }
        let Some(to) = self.channels.get_mut(output) else { return Ok((0, true)) };
        if to.append(&Value::text_value(text), false).is_err() {
            return Err(failed("writing", to, Errno::ILSEQ));
        }
        Ok((count, taken == Taken::End(true) || taken == Taken::End(false)))
    }

    /// Moves at most `limit` bytes as they are.
    fn move_bytes(&mut self, input: ChannelId, output: ChannelId, limit: usize) -> usize {
        let Some(to) = self.channels.get_mut(output) else { return 0 };
        let mut buffer = std::mem::take(&mut to.top_output().buffer);
        let mut count = 0;
        if let Some(from) = self.channels.get_mut(input) {
            let bytes = from.input.available();
            count = bytes.len().min(limit);
            buffer.extend_from_slice(&bytes[..count]);
            from.input.consume(count);
        }
        if let Some(to) = self.channels.get_mut(output) {
            to.top_output().buffer = buffer;
        }
        count
    }

    /// Lets a channel's output go as its buffering says.
    fn pass_on(&mut self, id: ChannelId) -> Result<Option<usize>, Exception> {
        let Some(channel) = self.channels.get(id) else { return Ok(None) };
        let whole = channel.buffering != Buffering::Full;
        let flushed = if whole { self.flush(id, false) } else { self.flush_full_buffers(id) };
        match flushed {
            Flush::Failed(error) => match self.channels.get(id) {
                Some(channel) => Err(failed("writing", channel, error)),
                None => Ok(None),
            },
            Flush::Script(count) => Ok(Some(count)),
            Flush::Done | Flush::Later | Flush::Wait => Ok(None),
        }
    }

    /// Goes on with a copy that a command waits for; its result when it is over.
    pub fn copy_result(&mut self, id: CopyId) -> Option<Result<Value, Exception>> {
        loop {
            match self.step_copy(id) {
                Progress::Over => {
                    let copy = self.end_copy(id)?;
                    return Some(match copy.failure {
                        Some(failure) => Err(failure),
                        None => Ok(Value::int(i64::try_from(copy.total).unwrap_or(i64::MAX))),
                    });
                }
                Progress::NeedsInput => {
                    let input = self.copies.get(id)?.input;
                    self.request_input(input);
                    return None;
                }
                Progress::NeedsRoom => return None,
                // Copies with scripts are not waited for in this way.
                Progress::AsksForInput | Progress::GivesOutput(_) => return None,
                Progress::Paused => {}
            }
        }
    }

    /// Takes a copy out and gives its channels back.
    fn end_copy(&mut self, id: CopyId) -> Option<Copy> {
        let copy = self.copies.remove(id)?;
        self.set_copy_interest(copy.waits_for, &copy, false);
        for (at, channel) in [copy.input, copy.output].into_iter().enumerate() {
            if let Some(found) = self.channels.get_mut(channel) {
                found.copies[at] = false;
                found.set_blocking(copy.was_blocking[at]);
            }
            self.note_change(channel);
        }
        Some(copy)
    }

    fn set_copy_interest(&mut self, event: u8, copy: &Copy, on: bool) {
        match event {
            READ => add_interest(self, copy.input, READ, on),
            WRITE => add_interest(self, copy.output, WRITE, on),
            _ => {}
        }
    }

    /// Has a copy in the background begin with the next event.
    pub fn begin_background_copy(&mut self, id: CopyId) {
        let Some(copy) = self.copies.get_mut(id) else { return };
        copy.waits_for = READ;
        let (input, is_empty) = (copy.input, copy.left == Some(0));
        add_interest(self, input, READ, true);
        if is_empty {
            self.enqueue(input, READ);
        }
    }

    /// Forgets what an interpreter that is gone wanted to be told of.
    pub fn forget_copy_commands(&mut self, interp: InterpId) {
        let ids: Vec<CopyId> = self.copies.ids().collect();
        for id in ids {
            if self
                .copies
                .get(id)
                .is_some_and(|copy| copy.command.as_ref().is_some_and(|(its, _)| *its == interp))
            {
                self.end_copy(id);
            }
        }
    }

    /// Goes on with a copy in the background; the command to call if it is over.
    pub fn continue_copy(&mut self, id: CopyId) -> Option<Call> {
        let progress = self.step_copy(id);
        if progress == Progress::Over {
            let copy = self.end_copy(id)?;
            let (interp, command) = copy.command?;
            let mut words =
                command.to_list().map(|list| list.items().to_vec()).unwrap_or_else(|_| vec![command]);
            words.push(Value::int(i64::try_from(copy.total).unwrap_or(i64::MAX)));
            if let Some(failure) = copy.failure {
                words.push(failure.result);
            }
            return Some(Call::words(interp, words));
        }
        if let Progress::AsksForInput | Progress::GivesOutput(_) = progress {
            let interp = self.copies.get(id)?.command.as_ref()?.0;
            return Some(Call::steps(interp, Box::new(move |machine| ask_scripts(machine, id, progress))));
        }
        let wanted = if progress == Progress::NeedsRoom { WRITE } else { READ };
        let copy = self.copies.get_mut(id)?;
        let before = std::mem::replace(&mut copy.waits_for, wanted);
        if before != wanted {
            let (input, output) = (copy.input, copy.output);
            match before {
                READ => add_interest(self, input, READ, false),
                WRITE => add_interest(self, output, WRITE, false),
                _ => {}
            }
            match wanted {
                READ => add_interest(self, input, READ, true),
                _ => add_interest(self, output, WRITE, true),
            }
        }
        self.note_change(if wanted == READ {
            self.copies.get(id)?.input
        } else {
            self.copies.get(id)?.output
        });
        None
    }
}

/// Goes on with a copy between channels of which one is made up by scripts, which have to be asked now.
fn ask_scripts(machine: &mut Machine, id: CopyId, progress: Progress) -> Outcome {
    let Some(copy) = reactor(machine).copies.get(id) else { return Ok(Step::EMPTY) };
    let (input, output, is_background) = (copy.input, copy.output, copy.command.is_some());
    // What a script raises counts as a failure of the device.
    let failure = |machine: &mut Machine, operation: &str, channel: ChannelId, error: Errno| {
        reactor(machine).channels.get(channel).map(|channel| failed(operation, channel, error))
    };
    if let Progress::GivesOutput(count) = progress {
        let then = move |machine: &mut Machine, flushed: Result<Flush, Exception>| {
            let failure = match flushed {
                Err(_) => failure(machine, "writing", output, Errno::INVAL),
                Ok(Flush::Failed(error)) => failure(machine, "writing", output, error),
                Ok(_) => None,
            };
            go_on_with_scripts(machine, id, failure, false)
        };
        return reflect::flush_then(machine, output, count, Box::new(then));
    }
    let then = move |machine: &mut Machine, filled: Result<Fill, Exception>| {
        let failure = match filled {
            Err(_) => failure(machine, "reading", input, Errno::INVAL),
            Ok(Fill::Failed(error)) => failure(machine, "reading", input, error),
            Ok(Fill::Empty) if is_background => {
                reactor(machine).note_change(input);
                return Ok(Step::EMPTY);
            }
            // A script that has nothing yet is asked again.
            Ok(fill) => return go_on_with_scripts(machine, id, None, fill == Fill::End),
        };
        go_on_with_scripts(machine, id, failure, false)
    };
    reflect::fill_then(machine, input, Box::new(then))
}

/// Goes on with a copy after scripts were asked.
fn go_on_with_scripts(
    machine: &mut Machine,
    id: CopyId,
    failure: Option<Exception>,
    has_ended: bool,
) -> Outcome {
    let reactor = reactor(machine);
    if let Some(failure) = failure {
        reactor.fail_copy(id, failure);
    }
    let Some(copy) = reactor.copies.get(id) else { return Ok(Step::EMPTY) };
    let (input, is_background) = (copy.input, copy.command.is_some());
    let is_empty = reactor.channels.get(input).is_none_or(|channel| channel.input.is_empty());
    if has_ended && is_empty {
        if let Some(channel) = reactor.channels.get_mut(input) {
            channel.at_eof = true;
        }
        if let Some(copy) = reactor.copies.get_mut(id) {
            // What is left is nothing: the output is all there is to do.
            copy.left = Some(0);
        }
    }
    loop {
        let progress = crate::event::reactor::reactor(machine).step_copy(id);
        let (event, wait) = match progress {
            Progress::Over => return end_with_scripts(machine, id),
            Progress::AsksForInput | Progress::GivesOutput(_) => return ask_scripts(machine, id, progress),
            Progress::Paused => continue,
            Progress::NeedsInput => (input, Wait::Input(input)),
            Progress::NeedsRoom => {
                let Some(copy) = crate::event::reactor::reactor(machine).copies.get(id) else {
                    return Ok(Step::EMPTY);
                };
                (copy.output, Wait::Output(copy.output))
            }
        };
        if is_background {
            crate::event::reactor::reactor(machine).note_change(event);
            return Ok(Step::EMPTY);
        }
        return Ok(Step::block(wait, move |machine, outcome| {
            outcome?;
            go_on_with_scripts(machine, id, None, false)
        }));
    }
}

/// Ends a copy: its result, or the call of its command.
fn end_with_scripts(machine: &mut Machine, id: CopyId) -> Outcome {
    let Some(copy) = reactor(machine).end_copy(id) else { return Ok(Step::EMPTY) };
    let total = Value::int(i64::try_from(copy.total).unwrap_or(i64::MAX));
    match (copy.command, copy.failure) {
        (Some((_, command)), failure) => {
            let mut words =
                command.to_list().map(|list| list.items().to_vec()).unwrap_or_else(|_| vec![command]);
            words.push(total);
            words.extend(failure.map(|failure| failure.result));
            Ok(Step::words(words))
        }
        (None, Some(failure)) => Err(failure),
        (None, None) => Ok(Step::Done(total)),
    }
}

/// Copies at once between channels of which one is made up by scripts.
pub fn copy_with_scripts(machine: &mut Machine, id: CopyId) -> Outcome {
    go_on_with_scripts(machine, id, None, false)
}

impl Channel {
    /// Says whether operations on the channel wait.
    pub fn set_blocking(&mut self, blocking: bool) {
        if self.blocking == blocking {
            return;
        }
        self.blocking = blocking;
        if let Kind::Device(device) = &self.kind {
            device.set_blocking(blocking);
        }
    }
}

/// A channel is ready: copies that wait for that go on. The command to call if one is over.
pub fn channel_ready(machine: &mut Machine, id: ChannelId, readiness: u8) -> Option<Call> {
    let reactor = reactor(machine);
    let channel = reactor.channels.get(id)?;
    if channel.copies == [false; 2] {
        return None;
    }
    let waiting: Vec<CopyId> = reactor
        .copies
        .ids()
        .filter(|copy| {
            reactor.copies.get(*copy).is_some_and(|copy| {
                copy.command.is_some()
                    && (copy.waits_for & readiness & READ != 0 && copy.input == id
                        || copy.waits_for & readiness & WRITE != 0 && copy.output == id)
            })
        })
        .collect();
    waiting.into_iter().find_map(|copy| reactor.continue_copy(copy))
}

/// A channel is being closed: copies that use it end without a word.
pub fn channel_gone(reactor: &mut Reactor, id: ChannelId) {
    let gone: Vec<CopyId> = reactor
        .copies
        .ids()
        .filter(|copy| reactor.copies.get(*copy).is_some_and(|copy| copy.input == id || copy.output == id))
        .collect();
    for copy in gone {
        if reactor.copies.get(copy).is_some_and(|copy| copy.command.is_some()) {
            reactor.end_copy(copy);
        }
    }
}
