//! Handlers of events: which scripts one event runs, and what follows when they end.

use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::step::What;
use tclring_vm::interp::{InterpId, Machine};
use tclring_vm::value::Value;

use super::background::Report;
use super::pump::{Call, Entry};
use super::reactor::{Reactor, reactor};
use super::timers::Idle;
use crate::chan::channel::{ChannelId, READ, WRITE};

/// An event's handler: one script or several.
pub enum Handler {
    /// A channel is ready.
    Channel {
        /// Which.
        id: ChannelId,
        /// What for, but for what has been handled.
        readiness: u8,
        /// The handlers that have not run yet: interpreter, event, script.
        scripts: std::vec::IntoIter<(InterpId, u8, Value)>,
        /// The one that runs.
        running: Option<(InterpId, u8)>,
        /// The channel whose handler waits below.
        outer: Option<ChannelId>,
    },
    /// All timers that are due and older than this number.
    Timers {
        /// The number.
        limit: u64,
        /// The interpreter of the one that runs.
        running: Option<InterpId>,
    },
    /// All idle entries that came before this one.
    Idle {
        /// The number of arrival.
        limit: u64,
        /// The interpreter of the one that runs.
        running: Option<InterpId>,
    },
    /// One command.
    Once {
        /// It, until it runs.
        call: Option<Call>,
        /// In which interpreter.
        interp: InterpId,
    },
    /// The handler of failures in the background.
    Report(Report),
}

/// What the outcome of a script means for its handler, which is on top of the stack.
pub fn finished(machine: &mut Machine, outcome: Result<Value, Exception>) {
    let Some(Entry::Handler(mut handler)) = reactor(machine).stack.pop() else { return };
    handler.finished(machine, outcome);
    reactor(machine).stack.push(Entry::Handler(handler));
}

impl Handler {
    /// The handler of a channel's readiness.
    pub fn channel(reactor: &mut Reactor, id: ChannelId, readiness: u8) -> Handler {
        let mut scripts = Vec::new();
        if let Some(channel) = reactor.channels.get(id) {
            // A copy keeps the scripts of the direction that it uses waiting.
            let copied = u8::from(channel.copies[0]) * READ | u8::from(channel.copies[1]) * WRITE;
            let readiness = readiness & !copied;
            for handler in channel.handlers.iter().filter(|handler| handler.event & readiness != 0) {
                scripts.push((handler.interp, handler.event, handler.script.clone()));
            }
        }
        let outer = reactor.in_handler.replace(id);
        Handler::Channel { id, readiness, scripts: scripts.into_iter(), running: None, outer }
    }

    /// The next script, if there is one.
    pub fn next(&mut self, machine: &mut Machine) -> Option<Call> {
        match self {
            Handler::Channel { id, readiness, scripts, running, .. } => {
                if *readiness != 0 {
                    let mask = std::mem::take(readiness);
                    if let Some(call) = crate::chan::copy::channel_ready(machine, *id, mask) {
                        *running = Some((call.interp, 0));
                        return Some(call);
                    }
                }
                loop {
                    let (interp, event, script) = scripts.next()?;
                    // An earlier handler may have taken this one back.
                    let channel = reactor(machine).channels.get(*id)?;
                    let stands = channel
                        .handlers
                        .iter()
                        .any(|handler| handler.interp == interp && handler.event == event);
                    if stands {
                        *running = Some((interp, event));
                        return Some(Call { interp, what: What::Script(script) });
                    }
                }
            }
            Handler::Timers { limit, running } => {
                let reactor = reactor(machine);
                let now = reactor.driver.now();
                let after = reactor.timers.take_due(now, *limit)?;
                *running = Some(after.interp);
                Some(Call { interp: after.interp, what: What::Script(after.script) })
            }
            Handler::Idle { limit, running } => {
                let reactor = reactor(machine);
                match reactor.timers.take_idle(*limit)? {
                    Idle::After(number) => {
                        let after = reactor.timers.afters.remove(&number)?;
                        *running = Some(after.interp);
                        Some(Call { interp: after.interp, what: What::Script(after.script) })
                    }
                    Idle::Failures(interp) => {
                        let mut report = Report::new(interp);
                        let call = report.next(machine);
                        if call.is_some() {
                            reactor_push_self(machine, self);
                            *self = Handler::Report(report);
                        } else {
                            return self.next(machine);
                        }
                        call
                    }
                }
            }
            Handler::Once { call, .. } => call.take(),
            Handler::Report(report) => report.next(machine),
        }
    }

    /// Takes in how the script that ran has ended.
    fn finished(&mut self, machine: &mut Machine, outcome: Result<Value, Exception>) {
        match self {
            Handler::Channel { id, running, .. } => {
                if let (Err(exception), Some((interp, event))) = (outcome, running.take()) {
                    reactor(machine).remove_handler(*id, interp, event);
                    super::background::note(machine, interp, exception);
                }
            }
            Handler::Timers { running, .. } | Handler::Idle { running, .. } => {
                let Some(interp) = running.take() else { return };
                if let Err(mut exception) = outcome {
                    exception.add_info(b"\n    (\"after\" script)");
                    super::background::note(machine, interp, exception);
                }
            }
            Handler::Once { interp, .. } => {
                if let Err(exception) = outcome {
                    super::background::note(machine, *interp, exception);
                }
            }
            Handler::Report(report) => report.finished(machine, outcome),
        }
    }

    /// Ends the handling.
    pub fn end(self, machine: &mut Machine) {
        if let Handler::Channel { id, outer, .. } = self {
            let reactor = reactor(machine);
            reactor.in_handler = outer;
            reactor.settle_after_handler(id);
        }
    }
}

/// Puts the idle handler back below a report that it started.
fn reactor_push_self(machine: &mut Machine, handler: &mut Handler) {
    if let Handler::Idle { limit, .. } = handler {
        reactor(machine).stack.push(Entry::Handler(Handler::Idle { limit: *limit, running: None }));
    }
}

impl Reactor {
    /// A channel's handler has ended: what it left unread moves to the channel, and the next event is prepared.
    fn settle_after_handler(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        channel.input.settle();
        channel.input.shrink();
        self.note_change(id);
    }

    /// Takes a handler of a channel back.
    pub fn remove_handler(&mut self, id: ChannelId, interp: InterpId, event: u8) {
        if let Some(channel) = self.channels.get_mut(id) {
            channel.handlers.retain(|handler| handler.interp != interp || handler.event != event);
            if channel.handlers.is_empty() {
                channel.handlers = Vec::new();
            }
        }
    }

    /// Notes that a script reads a channel in a handler of it, so that input may be received ahead.
    pub fn note_read(&mut self, id: ChannelId) {
        let is_handler = self.in_handler == Some(id);
        let Some(channel) = self.channels.get_mut(id) else { return };
        if !is_handler {
            if channel.interest() & READ != 0 {
                // What is left afterwards is an event again.
                self.note_change(id);
            }
        } else if let Some(socket) = channel.socket() {
            socket.reads_in_handlers = true;
        }
    }

    /// Whether anybody handles input of a channel.
    pub fn handles_input(&self, id: ChannelId) -> bool {
        self.channels.get(id).is_some_and(|channel| channel.interest() & READ != 0)
    }
}
