//! Bytes between channels and the system: filling, flushing, and what completions mean for channels.
//!
//! Nothing here waits, and nothing runs scripts. What has to wait says so, and the pump waits.

use std::io;
use std::mem;
use std::sync::atomic::Ordering;

use tclring_vm::interp::pending;

use super::channel::{Channel, ChannelId, Kind, READ, WRITE};
use super::device::Class;
use super::socket::Receive;
use crate::driver::{Done, Op, Outcome, Outgoing};
use crate::event::reactor::{Event, Reactor, Role, SCRATCH_BYTES, Standard, tag, untag};
use crate::host::errno::Errno;

/// Unread input of a connection at which it receives no more.
const UNREAD_BYTES_MAX: usize = 256 * 1024;
/// Output of a connection that is sent though the turn has not ended.
const UNSENT_BYTES_MAX: usize = 64 * 1024;
/// Unsent output up to which a connection counts as writable.
const WRITABLE_BYTES_MAX: usize = 64 * 1024;
/// The size of one-shot receives of channels that move bulk, and of the first ones.
const ONCE_BYTES: usize = 64 * 1024;
/// How many empty output buffers are kept, and how large they may be.
const SPARES_MAX: usize = 64;
const SPARE_BYTES_MAX: usize = 256 * 1024;
/// How long deferred output may wait.
const DEFER_NS: u64 = 1_000_000;
/// How long a listener waits that found no free descriptor.
const STARVED_NS: u64 = 10_000_000;

/// What filling came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// There is more input.
    Some,
    /// There is none yet.
    Empty,
    /// There will be none.
    End,
    /// The system failed.
    Failed(Errno),
    /// Scripts have to be asked: `reflect.rs` does it.
    Script,
}

/// What flushing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// Everything is with the system.
    Done,
    /// It leaves in the background.
    Later,
    /// The channel is blocking and the system takes no more now.
    Wait,
    /// The system failed; the output is lost.
    Failed(Errno),
    /// So many bytes have to be passed to scripts: `reflect.rs` does it.
    Script(usize),
}

fn errno(error: crate::driver::Errno) -> Errno {
    Errno::from(error)
}

/// Whether a file that is read has output that belongs before what is read next.
fn has_unwritten_file(channel: &Channel) -> bool {
    matches!(&channel.kind, Kind::Device(device) if device.class == Class::Regular)
        && !channel.output.buffer.is_empty()
}

impl Reactor {
    /// Gets more input for a channel from where it comes, without waiting.
    pub fn fill(&mut self, id: ChannelId) -> Fill {
        match self.channels.get(id) {
            Some(channel) if channel.is_scripted() => Fill::Script,
            _ => self.fill_raw(id),
        }
    }

    /// The same, below all transformations.
    pub fn fill_raw(&mut self, id: ChannelId) -> Fill {
        if self.channels.get(id).is_some_and(has_unwritten_file)
            && let Flush::Failed(error) = self.flush(id, true)
        {
            return Fill::Failed(error);
        }
        let Some(channel) = self.channels.get_mut(id) else { return Fill::End };
        if let Some(error) = channel.input_error.take() {
            return Fill::Failed(error);
        }
        let input = match &mut channel.stack {
            Some(stack) => &mut stack.base,
            None => &mut channel.input,
        };
        let filled = match &mut channel.kind {
            Kind::Device(device) => input.fill_with(channel.buffer_bytes, |room| device.read(room)),
            Kind::Socket(socket) => {
                if socket.never_connected {
                    return Fill::Failed(Errno::NOTCONN);
                }
                if socket.receive == Receive::Ended {
                    channel.device_end = true;
                    return Fill::End;
                }
                if socket.receive.is_receiving() || socket.connecting.is_some() {
                    return Fill::Empty;
                }
                let Some(descriptor) = socket.descriptor else { return Fill::Empty };
                self.scratch.resize(SCRATCH_BYTES, 0);
                let received = match self.driver.net().receive_now(descriptor, &mut self.scratch) {
                    // A peer that has gone for good has finished, as in the reference.
                    Err(crate::driver::Errno::CONNRESET) => Ok(0),
                    received => received.map_err(errno),
                };
                if let Ok(count) = received {
                    input.append(&self.scratch[..count]);
                }
                if matches!(received, Ok(0)) {
                    socket.receive = Receive::Ended;
                }
                received
            }
            Kind::Listener(_) | Kind::Script(_) | Kind::Gone => Ok(0),
        };
        match filled {
            Ok(0) => {
                channel.device_end = true;
                Fill::End
            }
            Ok(_) => Fill::Some,
            Err(Errno::AGAIN) => Fill::Empty,
            Err(error) => Fill::Failed(error),
        }
    }

    /// Reads all that is left of a regular file at once.
    pub fn fill_whole_file(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let Kind::Device(device) = &channel.kind else { return };
        let Some(left) = device.bytes_left().and_then(|left| usize::try_from(left).ok()) else { return };
        if left > channel.buffer_bytes {
            // What fails here fails again, and is reported, when the ordinary reads meet it.
            let _ = channel.input.fill_with(left, |room| device.read(room));
        }
    }

    /// Makes sure that something is in flight which ends when a channel has input.
    pub fn request_input(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        match &mut channel.kind {
            Kind::Device(device) => {
                if device.read_poll.is_none()
                    && let Some(handle) = &device.input
                {
                    let op = Op::PollRead { descriptor: handle.descriptor() };
                    device.read_poll = Some(self.driver.submit(op, tag(id, Role::Read)));
                }
            }
            Kind::Socket(socket) => {
                if socket.receive == Receive::Idle
                    && socket.connecting.is_none()
                    && let Some(descriptor) = socket.descriptor
                {
                    let op = Op::ReceiveOnce { socket: descriptor, bytes_max: ONCE_BYTES };
                    let token = self.driver.submit(op, tag(id, Role::Read));
                    socket.receive = Receive::Once(token);
                }
            }
            Kind::Listener(_) | Kind::Script(_) | Kind::Gone => {}
        }
    }

    /// Hands a channel's output to the system as far as that needs no waiting. `explicit`: a script asked for it.
    pub fn flush(&mut self, id: ChannelId, explicit: bool) -> Flush {
        let Some(channel) = self.channels.get_mut(id) else { return Flush::Done };
        if let Some(error) = channel.output_error.take() {
            channel.output.buffer.clear();
            return Flush::Failed(error);
        }
        if channel.is_scripted() {
            let count = channel.top_output().buffer.len();
            if count > 0 {
                return Flush::Script(count);
            }
        }
        self.flush_below(id, explicit)
    }

    /// The same at once, below all transformations.
    pub fn flush_raw(&mut self, id: ChannelId) -> Flush {
        self.flush_below(id, true)
    }

    fn flush_below(&mut self, id: ChannelId, explicit: bool) -> Flush {
        let Some(channel) = self.channels.get(id) else { return Flush::Done };
        match &channel.kind {
            Kind::Device(_) => self.flush_device(id, usize::MAX),
            Kind::Socket(_) => self.flush_socket(id, explicit),
            Kind::Listener(_) | Kind::Script(_) | Kind::Gone => Flush::Done,
        }
    }

    /// Writes the buffers up to the last one with the end of a line, as far as the rest would not fill more.
    pub fn flush_lines(&mut self, id: ChannelId) -> Flush {
        let Some(channel) = self.channels.get_mut(id) else { return Flush::Done };
        let buffer = &channel.output.buffer;
        let last = memchr::memrchr(b'\n', buffer).unwrap_or(buffer.len());
        if !matches!(channel.kind, Kind::Device(_))
            || last >= buffer.len() / channel.buffer_bytes * channel.buffer_bytes
        {
            return self.flush(id, false);
        }
        self.flush_full_buffers(id)
    }

    /// Writes what fills whole buffers; the rest stays.
    pub fn flush_full_buffers(&mut self, id: ChannelId) -> Flush {
        let Some(channel) = self.channels.get_mut(id) else { return Flush::Done };
        if channel.is_scripted() {
            let whole = channel.top_output().buffer.len() / channel.buffer_bytes * channel.buffer_bytes;
            return if whole == 0 { Flush::Done } else { Flush::Script(whole) };
        }
        let whole = channel.output.buffer.len() / channel.buffer_bytes * channel.buffer_bytes;
        if whole == 0 {
            return Flush::Done;
        }
        if let Some(error) = channel.output_error.take() {
            channel.output.buffer.clear();
            return Flush::Failed(error);
        }
        match &channel.kind {
            Kind::Device(_) => self.flush_device(id, whole),
            _ => self.flush_socket(id, false),
        }
    }

    fn flush_device(&mut self, id: ChannelId, count: usize) -> Flush {
        let Some(channel) = self.channels.get_mut(id) else { return Flush::Done };
        let Kind::Device(device) = &mut channel.kind else { return Flush::Done };
        let buffer = &mut channel.output.buffer;
        if let Some(captured) = &mut self.captured
            && self.standard[1] == Standard::Open(id)
        {
            captured.append(buffer);
            return Flush::Done;
        }
        let count = count.min(buffer.len());
        if device.write_poll.is_some() && !channel.blocking {
            return Flush::Later;
        }
        let mut written = 0;
        let mut result = Flush::Done;
        while written < count {
            match device.write(&buffer[written..count], channel.blocking) {
                Ok(more) => written += more,
                Err(Errno::AGAIN) => {
                    result = if channel.blocking { Flush::Wait } else { Flush::Later };
                    break;
                }
                Err(error) => {
                    buffer.clear();
                    return Flush::Failed(error);
                }
            }
        }
        buffer.drain(..written);
        if result != Flush::Done
            && device.write_poll.is_none()
            && let Some(handle) = &device.output
        {
            let op = Op::PollWrite { descriptor: handle.descriptor() };
            device.write_poll = Some(self.driver.submit(op, tag(id, Role::Write)));
        }
        result
    }

    fn flush_socket(&mut self, id: ChannelId, explicit: bool) -> Flush {
        if explicit
            && matches!(self.channels.get(id), Some(Channel { kind: Kind::Socket(socket), .. }) if socket.connecting.is_some())
        {
            // The attempt may have ended. A failure of the mechanism shows in the next wait.
            let _ = self.turn(Some(0));
        }
        let Some(channel) = self.channels.get_mut(id) else { return Flush::Done };
        let blocking = channel.blocking;
        let Kind::Socket(socket) = &mut channel.kind else { return Flush::Done };
        let later = if blocking { Flush::Wait } else { Flush::Later };
        if socket.never_connected {
            if channel.output.buffer.is_empty() {
                return Flush::Done;
            }
            channel.output.buffer.clear();
            return Flush::Failed(Errno::NOTCONN);
        }
        if socket.send.is_some() || socket.connecting.is_some() {
            // What is in flight has not left either.
            return later;
        }
        if channel.output.buffer.is_empty() {
            return Flush::Done;
        }
        let Some(descriptor) = socket.descriptor else { return later };
        if !blocking && !explicit && channel.output.buffer.len() < UNSENT_BYTES_MAX {
            self.mark_dirty(id);
            return Flush::Later;
        }
        let buffer = &mut channel.output.buffer;
        match self.driver.net().send_now(descriptor, buffer) {
            Ok(count) if count == buffer.len() => {
                buffer.clear();
                self.recycle(id);
                Flush::Done
            }
            Ok(count) => {
                self.submit_send(id, count);
                later
            }
            Err(crate::driver::Errno::AGAIN) => {
                self.submit_send(id, 0);
                later
            }
            Err(error) => {
                buffer.clear();
                Flush::Failed(errno(error))
            }
        }
    }

    /// Sends a connection's whole buffer but for the first `start` bytes.
    fn submit_send(&mut self, id: ChannelId, start: usize) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let Kind::Socket(socket) = &mut channel.kind else { return };
        let Some(descriptor) = socket.descriptor else { return };
        let bytes = mem::take(&mut channel.output.buffer);
        socket.send_bytes = bytes.len() - start;
        let op = Op::Send { socket: descriptor, bytes: Outgoing::Owned(bytes), start };
        socket.send = Some(self.driver.submit(op, tag(id, Role::Write)));
    }

    /// Keeps a channel's empty output buffer for others.
    fn recycle(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        if channel.output.buffer.is_empty() && channel.output.buffer.capacity() > 0 {
            let buffer = mem::take(&mut channel.output.buffer);
            self.keep_spare(buffer);
        }
    }

    fn keep_spare(&mut self, mut buffer: Vec<u8>) {
        if self.spare.len() < SPARES_MAX && buffer.capacity() <= SPARE_BYTES_MAX {
            buffer.clear();
            self.spare.push(buffer);
        }
    }

    /// Gives a channel an output buffer that was used before.
    pub fn provide_buffer(&mut self, id: ChannelId) {
        if let Some(channel) = self.channels.get_mut(id)
            && channel.output.buffer.capacity() == 0
            && let Some(buffer) = self.spare.pop()
        {
            channel.output.buffer = buffer;
        }
    }

    /// Notes that a connection's output leaves at the end of the turn, or after a millisecond.
    pub fn mark_dirty(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        if channel.dirty {
            return;
        }
        channel.dirty = true;
        if self.dirty.is_empty() {
            self.dirty_since_ns = self.driver.now();
            self.pending.fetch_or(pending::RUNTIME, Ordering::Relaxed);
        }
        self.dirty.push(id);
    }

    /// Submits the output of all dirty channels.
    pub fn send_dirty(&mut self) {
        let dirty = mem::take(&mut self.dirty);
        for id in &dirty {
            let Some(channel) = self.channels.get_mut(*id) else { continue };
            channel.dirty = false;
            let is_free = matches!(&channel.kind, Kind::Socket(socket) if socket.send.is_none() && socket.connecting.is_none());
            if is_free && !channel.output.buffer.is_empty() {
                self.submit_send(*id, 0);
            }
        }
        let mut dirty = dirty;
        dirty.clear();
        self.dirty = dirty;
    }

    /// Sends deferred output in the middle of a long computation, once it has waited long enough.
    pub fn serve_pending(&mut self) {
        if self.dirty.is_empty() && !self.hurried {
            return;
        }
        if self.looks_left > 0 {
            self.looks_left -= 1;
            self.pending.fetch_or(pending::RUNTIME, Ordering::Relaxed);
            return;
        }
        if self.driver.now().saturating_sub(self.dirty_since_ns) < DEFER_NS {
            self.pending.fetch_or(pending::RUNTIME, Ordering::Relaxed);
            return;
        }
        self.send_dirty();
        self.hurried = false;
        // A failure of the mechanism shows in the next wait.
        let _ = self.driver.flush();
    }

    /// Hands submitted operations over, waits until `deadline_ns` at most, and takes all completions in.
    ///
    /// # Errors
    /// Those of the driver's mechanism.
    pub fn turn(&mut self, deadline_ns: Option<u64>) -> io::Result<()> {
        self.send_dirty();
        self.hurried = false;
        self.looked = None;
        let mut done = self.take_done();
        let result = self.driver.wait(deadline_ns, &mut done);
        for one in done.drain(..) {
            self.complete(one);
        }
        self.keep_done(done);
        self.take_answers();
        result
    }

    /// Takes a completion in.
    pub fn complete(&mut self, done: Done) {
        let (id, role) = untag(done.tag);
        if self.channels.get(id).is_none() {
            if let Outcome::Accepted(descriptor) = done.outcome {
                // Its listener is gone.
                let _ = self.driver.close_now(descriptor);
            }
            return;
        }
        match role {
            Some(Role::Read) => self.input_done(id, done),
            Some(Role::Write) => self.output_done(id, done),
            Some(Role::Connect) => self.connect_done(id, done),
            Some(Role::Accept) => self.accept_done(id, done),
            Some(Role::Close) | None => {}
        }
    }

    fn input_done(&mut self, id: ChannelId, done: Done) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let wanted = channel.interest() & READ != 0;
        if let Kind::Device(device) = &mut channel.kind {
            device.read_poll = None;
            // A failure to wait shows in the read.
            if wanted {
                self.enqueue(id, READ);
            }
            return;
        }
        let input = match &mut channel.stack {
            Some(stack) => &mut stack.base,
            None => &mut channel.input,
        };
        let unread = input.len();
        let Kind::Socket(socket) = &mut channel.kind else { return };
        let mut is_news = true;
        match done.outcome {
            Outcome::Ready => {}
            Outcome::Received(lent) => {
                let total = unread + lent.len();
                input.push(lent);
                channel.needs_more = false;
                if let Receive::Armed(token) = socket.receive
                    && total > UNREAD_BYTES_MAX
                    && done.more
                {
                    self.driver.cancel(token);
                    socket.receive = Receive::Cancelling(token);
                }
            }
            Outcome::EndOfStream => socket.receive = Receive::Ended,
            Outcome::Failed(crate::driver::Errno::CONNRESET) => socket.receive = Receive::Ended,
            Outcome::Failed(error) => {
                socket.receive = Receive::Ended;
                channel.input_error = Some(errno(error));
            }
            _ => is_news = false,
        }
        if !done.more && socket.receive != Receive::Ended {
            socket.receive = Receive::Idle;
        }
        if wanted && is_news {
            self.enqueue(id, READ);
        } else if wanted && !done.more {
            self.note_change(id);
        }
    }

    fn output_done(&mut self, id: ChannelId, done: Done) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let wanted = channel.interest() & WRITE != 0;
        match &mut channel.kind {
            Kind::Device(device) => {
                device.write_poll = None;
                if !channel.output.buffer.is_empty()
                    && let Flush::Failed(error) = self.flush_device(id, usize::MAX)
                    && let Some(channel) = self.channels.get_mut(id)
                {
                    channel.output_error = Some(error);
                }
            }
            Kind::Socket(socket) => {
                socket.send = None;
                socket.send_bytes = 0;
                match done.outcome {
                    Outcome::Sent(Outgoing::Owned(buffer)) => self.keep_spare(buffer),
                    Outcome::Unsent { error, .. } => {
                        channel.output.buffer.clear();
                        channel.output_error = Some(errno(error));
                    }
                    _ => {}
                }
                if self
                    .channels
                    .get(id)
                    .is_some_and(|channel| !channel.output.buffer.is_empty() && !channel.dirty)
                {
                    self.submit_send(id, 0);
                }
            }
            Kind::Listener(_) | Kind::Script(_) | Kind::Gone => {}
        }
        if wanted && self.channels.get(id).is_some_and(is_writable) {
            self.enqueue(id, WRITE);
        }
        self.finish_closing(id);
    }

    fn accept_done(&mut self, id: ChannelId, done: Done) {
        let now = self.driver.now();
        let Some(listener) = self.channels.get_mut(id).and_then(Channel::listener) else { return };
        if !done.more {
            for socket in &mut listener.sockets {
                if socket.accept == Some(done.token) {
                    socket.accept = None;
                }
            }
            if let Outcome::Failed(_) = done.outcome {
                self.starved.push((id, now + STARVED_NS));
            } else {
                self.note_change(id);
            }
        }
        if let Outcome::Accepted(descriptor) = done.outcome {
            self.events.push_back(Event::Accepted(id, descriptor));
        }
    }

    /// Makes sure that the events somebody waits for will come.
    pub fn arm(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let interest = channel.interest();
        let mut ready = 0;
        if interest & READ != 0 && (channel.has_input() || self.arm_input(id)) {
            ready |= READ;
        }
        if interest & WRITE != 0 && self.arm_output(id) {
            ready |= WRITE;
        }
        if self.channels.get(id).is_some_and(|channel| matches!(channel.kind, Kind::Listener(_))) {
            self.arm_listener(id);
        }
        let Some(channel) = self.channels.get_mut(id) else { return };
        if ready != 0 {
            channel.fresh |= ready;
            if !channel.queued {
                channel.queued = true;
                self.again.push(id);
            }
        }
    }

    /// Asks for input; `true` if the channel is always ready.
    fn arm_input(&mut self, id: ChannelId) -> bool {
        let Some(channel) = self.channels.get_mut(id) else { return false };
        match &mut channel.kind {
            Kind::Device(device) if device.class == Class::Regular => return true,
            Kind::Device(_) => self.request_input(id),
            Kind::Socket(socket) => {
                let Some(descriptor) = socket.descriptor else { return false };
                if socket.receive != Receive::Idle || socket.connecting.is_some() {
                    return false;
                }
                let tag = tag(id, Role::Read);
                socket.receive = if socket.reads_in_handlers {
                    Receive::Armed(self.driver.submit(Op::Receive { socket: descriptor }, tag))
                } else {
                    Receive::Polling(self.driver.submit(Op::PollRead { descriptor }, tag))
                };
            }
            Kind::Listener(_) | Kind::Script(_) | Kind::Gone => {}
        }
        false
    }

    /// Asks for room; `true` if there is some.
    fn arm_output(&mut self, id: ChannelId) -> bool {
        let Some(channel) = self.channels.get_mut(id) else { return false };
        match &mut channel.kind {
            Kind::Device(device) if device.class == Class::Regular => true,
            Kind::Device(device) => {
                if device.write_poll.is_none()
                    && let Some(handle) = &device.output
                {
                    let op = Op::PollWrite { descriptor: handle.descriptor() };
                    device.write_poll = Some(self.driver.submit(op, tag(id, Role::Write)));
                }
                false
            }
            _ => is_writable(channel),
        }
    }

    /// Lets a listener take connections.
    fn arm_listener(&mut self, id: ChannelId) {
        let tag = tag(id, Role::Accept);
        let Reactor { channels, driver, .. } = self;
        let Some(listener) = channels.get_mut(id).and_then(Channel::listener) else { return };
        for socket in listener.sockets.iter_mut().filter(|socket| socket.accept.is_none()) {
            socket.accept = Some(driver.submit(Op::Accept { listener: socket.descriptor }, tag));
        }
    }

    /// Prepares for a wait in which events are handled: arms what has changed, and lists what is ready already.
    pub fn arm_changed(&mut self) {
        let changed = mem::take(&mut self.changed);
        for id in &changed {
            if let Some(channel) = self.channels.get_mut(*id) {
                channel.changed = false;
            }
        }
        for id in &changed {
            self.arm(*id);
        }
        let mut changed = changed;
        changed.clear();
        if self.changed.is_empty() {
            self.changed = changed;
        }
        if !self.starved.is_empty() {
            let now = self.driver.now();
            let due: Vec<ChannelId> =
                self.starved.iter().filter(|(_, time)| *time <= now).map(|(id, _)| *id).collect();
            self.starved.retain(|(_, time)| *time > now);
            due.into_iter().for_each(|id| self.arm_listener(id));
        }
    }

    /// Ends whatever reads a connection ahead, so that its descriptor can be used by others. What had arrived is
    /// with the channel.
    pub fn stop_receiving(&mut self, id: ChannelId) {
        let Some(socket) = self.channels.get_mut(id).and_then(Channel::socket) else { return };
        let Some(token) = socket.receive.token() else { return };
        let mut done = self.take_done();
        // A failure of the mechanism shows in the next wait.
        let _ = self.driver.cancel_and_reap(token, &mut done);
        for one in done.drain(..) {
            self.complete(one);
        }
        self.keep_done(done);
    }
}

/// Whether a connection takes output.
pub fn is_writable(channel: &Channel) -> bool {
    match &channel.kind {
        Kind::Socket(socket) => {
            socket.connecting.is_none()
                && (socket.never_connected
                    || socket.send_bytes + channel.output.buffer.len() < WRITABLE_BYTES_MAX)
        }
        Kind::Device(_) => channel.output.buffer.is_empty(),
        Kind::Listener(_) | Kind::Script(_) | Kind::Gone => false,
    }
}

impl Channel {
    /// Whether all output is with the system.
    pub fn is_flushed(&self) -> bool {
        let sends = matches!(&self.kind, Kind::Socket(socket) if socket.send.is_some());
        self.unflushed() == 0 && !sends
    }
}
