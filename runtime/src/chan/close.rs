//! The ends of channels.

use std::os::fd::AsFd;

use tclring_vm::interp::Outcome;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::step::Step;
use tclring_vm::interp::{InterpId, Machine};
use tclring_vm::value::Value;

use super::channel::{Channel, ChannelId, Kind};
use super::device::Device;
use super::flow::Flush;
use super::reflect;
use super::socket::{Receive, Socket};
use crate::driver::Op;
use crate::event::reactor::{Reactor, Role, Standard, reactor, tag};
use crate::event::wait::Wait;
use crate::host::errno::HostError;
use crate::host::process::{self, Completion};

impl Reactor {
    /// Takes a channel's name from an interpreter; whether nobody has one any more.
    pub fn unregister(&mut self, interp: InterpId, id: ChannelId) -> bool {
        self.last_found = None;
        let Some(channel) = self.channels.get_mut(id) else { return false };
        let name = channel.name.clone();
        channel.handlers.retain(|handler| handler.interp != interp);
        if self.interp(interp).channels.remove(&name).is_some() { self.release(id) } else { false }
    }

    /// Counts one user of a channel off. A standard stream that only its place holds loses that too.
    fn release(&mut self, id: ChannelId) -> bool {
        let Some(channel) = self.channels.get_mut(id) else { return false };
        channel.references = channel.references.saturating_sub(1);
        if channel.references == 1 {
            for slot in &mut self.standard {
                if *slot == Standard::Open(id) {
                    *slot = Standard::Closed;
                    channel.references = 0;
                }
            }
        }
        channel.references == 0
    }

    /// Closes what a channel is connected to, when its output has left. The result is what its processes came to.
    fn disconnect(&mut self, id: ChannelId) -> Result<(), HostError> {
        super::copy::channel_gone(self, id);
        for entry in &mut self.stack {
            if let crate::event::pump::Entry::Wait(Wait::Vwait(wait)) = entry {
                wait.note_ready(id, super::channel::READ | super::channel::WRITE);
            }
        }
        let Some(channel) = self.channels.get_mut(id) else { return Ok(()) };
        let blocking = channel.blocking;
        let kind = std::mem::replace(&mut channel.kind, Kind::Gone);
        if channel.changed {
            self.forget_change(id);
        }
        self.channels.remove(id);
        match kind {
            Kind::Device(device) => self.close_device(*device, blocking),
            Kind::Socket(socket) => {
                self.close_socket(id, *socket);
                Ok(())
            }
            Kind::Listener(listener) => {
                for socket in listener.sockets {
                    if let Some(token) = socket.accept {
                        self.reap(token);
                    }
                    // The accept has ended: nothing is in flight on it.
                    let _ = self.driver.close_now(socket.descriptor);
                }
                Ok(())
            }
            Kind::Script(_) | Kind::Gone => Ok(()),
        }
    }

    /// Cancels an operation and waits until it has ended.
    fn reap(&mut self, token: crate::driver::Token) {
        let mut done = self.take_done();
        // A failure of the mechanism shows in the next wait.
        let _ = self.driver.cancel_and_reap(token, &mut done);
        for one in done.drain(..) {
            self.complete(one);
        }
        self.keep_done(done);
    }

    fn close_socket(&mut self, id: ChannelId, socket: Socket) {
        let Some(descriptor) = socket.descriptor else { return };
        let connects = socket.connecting.as_ref().is_some_and(|connecting| connecting.token.is_some());
        if socket.receive.token().is_some() || socket.send.is_some() || connects {
            self.driver.submit(Op::Close { descriptor }, tag(id, Role::Close));
            self.hurry();
        } else {
            // Nothing is in flight on it.
            let _ = self.driver.close_now(descriptor);
        }
    }

    fn close_device(&mut self, mut device: Device, blocking: bool) -> Result<(), HostError> {
        for token in [device.read_poll, device.write_poll].into_iter().flatten() {
            self.reap(token);
        }
        if let (Some(restore), Some(handle)) = (device.terminal.take(), device.any()) {
            restore(handle.fd().as_fd());
        }
        for handle in [device.input.take(), device.output.take()].into_iter().flatten() {
            self.close_handle(handle);
        }
        let Some(processes) = device.processes else { return Ok(()) };
        if !blocking {
            process::detach(&processes.pids);
            return Ok(());
        }
        self.send_dirty();
        // A failure of the mechanism shows in the next wait.
        let _ = self.driver.flush();
        let statuses: Vec<_> = processes.pids.iter().map(|pid| (*pid, process::wait(*pid))).collect();
        process::purge_done(&processes.pids);
        let running =
            process::Running { pids: processes.pids, input: None, output: None, errors: processes.errors };
        let errors = running.read_errors().unwrap_or_default();
        match Completion::of_pipeline(&statuses, &errors) {
            Some(mut completion) => {
                if completion.message.ends_with(b"\n") {
                    completion.message.pop();
                }
                Err(completion.into())
            }
            None => Ok(()),
        }
    }

    /// Closes a descriptor of a device.
    fn close_handle(&mut self, handle: super::device::Handle) {
        use super::device::Handle;
        let descriptor = handle.descriptor();
        match handle {
            Handle::Own(fd) => {
                if std::rc::Rc::strong_count(&fd) == 1 {
                    self.driver.release(descriptor);
                }
            }
            Handle::Standard(_) => {
                // No operation is in flight on it.
                let _ = self.driver.close_now(descriptor);
            }
        }
    }

    /// Has what was submitted handed over soon, though nothing may wait for a while.
    fn hurry(&mut self) {
        if self.dirty.is_empty() {
            self.dirty_since_ns = self.driver.now();
            self.pending.fetch_or(tclring_vm::interp::pending::RUNTIME, std::sync::atomic::Ordering::Relaxed);
        }
        self.hurried = true;
    }

    /// Closes a channel that waited for its output to leave, once it has.
    pub fn finish_closing(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get(id) else { return };
        let failed = channel.output_error.is_some()
            || matches!(&channel.kind, Kind::Socket(socket) if socket.never_connected);
        if !failed && (!channel.is_flushed() || channel.dirty) {
            return;
        }
        if channel.closing {
            // Nobody is told of processes or failures any more.
            let _ = self.disconnect(id);
        } else {
            self.finish_half_close(id);
        }
    }

    fn finish_half_close(&mut self, id: ChannelId) {
        let Reactor { channels, driver, .. } = self;
        let Some(socket) = channels.get_mut(id).and_then(Channel::socket) else { return };
        if socket.is_shut && socket.shutdown_waits {
            socket.shutdown_waits = false;
            if let Some(descriptor) = socket.descriptor {
                // The peer may have gone: then there is nothing to tell it.
                let _ = driver.net().shutdown_now(descriptor);
            }
        }
    }

    /// Closes a channel at once, whatever it holds: for connections that were never made.
    pub fn discard(&mut self, id: ChannelId) {
        if let Some(channel) = self.channels.get_mut(id) {
            channel.output.buffer.clear();
        }
        // Nobody asks.
        let _ = self.disconnect(id);
    }

    /// Flushes and closes a channel that no interpreter has a name for. Nobody is told of failures.
    pub fn end_channel(&mut self, id: ChannelId) {
        if self.flush_out(id) == Flush::Later {
            if let Some(channel) = self.channels.get_mut(id) {
                channel.closing = true;
                channel.handlers = Vec::new();
            }
            return;
        }
        let _ = self.disconnect(id);
    }

    /// Flushes a channel, and waits here if it is blocking.
    fn flush_out(&mut self, id: ChannelId) -> Flush {
        for _ in 0..FLUSH_ROUNDS_MAX {
            let flushed = self.flush(id, true);
            if flushed != Flush::Wait || self.turn(None).is_err() {
                return flushed;
            }
        }
        Flush::Done
    }

    /// Flushes and closes everything, as the end of the process does. Channels that do not wait send what the
    /// system takes at once.
    pub fn close_all(&mut self) {
        self.send_dirty();
        let ids: Vec<ChannelId> = self.channels.ids().collect();
        for id in ids {
            let _: Flush = self.flush_out(id);
        }
        // A failure of the mechanism cannot be mended now.
        let _ = self.driver.flush();
    }
}

/// How often the end of the process waits for one blocking channel.
const FLUSH_ROUNDS_MAX: usize = 1 << 20;

/// Closes a channel for an interpreter: flushes, waits if the channel is blocking, and says what went wrong.
pub fn close(machine: &mut Machine, id: ChannelId) -> Outcome {
    let reactor = reactor(machine);
    let is_last =
        reactor.channels.get(id).is_some_and(|channel| channel.references <= 1 && channel.is_scripted());
    if is_last {
        return reflect::unwatch_then(machine, id, Box::new(move |machine| close_unwatched(machine, id)));
    }
    close_unwatched(machine, id)
}

fn close_unwatched(machine: &mut Machine, id: ChannelId) -> Outcome {
    let interp = machine.current();
    let reactor = reactor(machine);
    if !reactor.unregister(interp, id) {
        return Ok(Step::EMPTY);
    }
    close_flushed(machine, id)
}

/// Flushes and closes a channel that has no name any more.
fn close_flushed(machine: &mut Machine, id: ChannelId) -> Outcome {
    let reactor = reactor(machine);
    let Some(channel) = reactor.channels.get_mut(id) else { return Ok(Step::EMPTY) };
    channel.end_encoding();
    if channel.is_scripted() {
        return reflect::end_then(
            machine,
            id,
            Box::new(move |machine, ended| close_ended(machine, id, ended)),
        );
    }
    if channel.writable {
        match reactor.flush(id, true) {
            Flush::Done | Flush::Script(_) => {}
            Flush::Later => {
                if let Some(channel) = reactor.channels.get_mut(id) {
                    channel.closing = true;
                    channel.handlers = Vec::new();
                    if !channel.blocking
                        && matches!(&channel.kind, Kind::Socket(socket) if socket.receive != Receive::Ended)
                    {
                        // What the peer still sends is of no interest; it must not fill memory either.
                        channel.input.clear();
                    }
                }
                return Ok(Step::EMPTY);
            }
            Flush::Wait => {
                return Ok(Step::block(Wait::Output(id), move |machine, outcome| {
                    outcome?;
                    close_flushed(machine, id)
                }));
            }
            Flush::Failed(error) => {
                let closed = reactor.disconnect(id);
                let failure = closed.err().unwrap_or(HostError::Posix {
                    message: error.message().as_bytes().to_vec(),
                    errno: error,
                });
                return Err(super::error::host_error(failure));
            }
        }
    }
    match reactor.disconnect(id) {
        Ok(()) => Ok(Step::EMPTY),
        Err(failure) => Err(super::error::host_error(failure)),
    }
}

/// Closes a channel when its handlers know of the end.
fn close_ended(machine: &mut Machine, id: ChannelId, ended: Result<Value, Exception>) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return ended.map(Step::Done) };
    if channel.is_scripted() {
        // Output waits until the handler takes some.
        channel.closing = true;
        return Ok(Step::EMPTY);
    }
    let closed = close_flushed(machine, id);
    machine.after(closed, move |_, outcome| outcome.and(ended).map(Step::Done))
}

/// Closes one direction of a channel.
pub fn half_close(machine: &mut Machine, id: ChannelId, for_reading: bool) -> Outcome {
    let reactor = reactor(machine);
    let Some(channel) = reactor.channels.get_mut(id) else { return Ok(Step::EMPTY) };
    let (open, other) =
        if for_reading { (channel.readable, channel.writable) } else { (channel.writable, channel.readable) };
    if !open {
        let side = if for_reading { "read" } else { "write" };
        return Err(tclring_vm::error!(
            "Half-close of ",
            side,
            "-side not possible, side not opened or already closed"
        ));
    }
    if !other {
        return close(machine, id);
    }
    let can_half_close = match &channel.kind {
        Kind::Socket(_) => true,
        Kind::Device(device) => device.processes.is_some(),
        Kind::Listener(_) | Kind::Script(_) | Kind::Gone => false,
    };
    if !can_half_close {
        return Err(tclring_vm::error!(""));
    }
    if for_reading {
        reactor.end_reading(id);
        return Ok(Step::EMPTY);
    }
    end_writing(machine, id)
}

impl Reactor {
    fn end_reading(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        channel.readable = false;
        channel.input.clear();
        channel.handlers.retain(|handler| handler.event != super::channel::READ);
        let mut ended = None;
        if let Kind::Device(device) = &mut channel.kind {
            ended = device.input.take();
            if let Some(token) = device.read_poll.take() {
                self.reap(token);
            }
        } else {
            self.stop_receiving(id);
        }
        if let Some(handle) = ended {
            self.close_handle(handle);
        }
    }
}

fn end_writing(machine: &mut Machine, id: ChannelId) -> Outcome {
    let reactor = reactor(machine);
    if let Some(channel) = reactor.channels.get_mut(id) {
        channel.end_encoding();
    }
    let flushed = reactor.flush(id, true);
    let Some(channel) = reactor.channels.get_mut(id) else { return Ok(Step::EMPTY) };
    if flushed == Flush::Wait {
        return Ok(Step::block(Wait::Output(id), move |machine, outcome| {
            outcome?;
            end_writing(machine, id)
        }));
    }
    channel.writable = false;
    channel.handlers.retain(|handler| handler.event != super::channel::WRITE);
    let mut ended = None;
    match &mut channel.kind {
        Kind::Device(device) => {
            ended = device.output.take();
            if let Some(token) = device.write_poll.take() {
                reactor.reap(token);
            }
        }
        Kind::Socket(socket) => {
            socket.is_shut = true;
            socket.shutdown_waits = true;
            if flushed != Flush::Later {
                reactor.finish_half_close(id);
            }
        }
        Kind::Listener(_) | Kind::Script(_) | Kind::Gone => {}
    }
    if let Some(handle) = ended {
        reactor.close_handle(handle);
    }
    match flushed {
        Flush::Failed(error) => Err(super::error::host_error(HostError::Posix {
            message: error.message().as_bytes().to_vec(),
            errno: error,
        })),
        _ => Ok(Step::EMPTY),
    }
}

/// The empty value, for commands without result.
pub const NOTHING: Value = Value::EMPTY;
