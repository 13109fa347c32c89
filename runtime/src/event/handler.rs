//! Handlers of events: which scripts one event runs, and what follows when they end.

use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{InterpId, Machine};
use tclring_vm::value::Value;

use super::background::Report;
use super::pump::{Call, Entry};
use super::reactor::{Event, Reactor, reactor};
use super::timers::Idle;
use crate::chan::channel::{AT_HAND, ChannelId, READ, WRITE};

/// How many commands of a handler run before the clock is looked at for deferred output: most handlers are done by
/// then.
const FREE_LOOKS: u32 = 12;

/// How often in a row a channel's handler runs for input that is at hand, before others have their turn.
const REPEATS_MAX: u32 = 16;

/// An event's handler: one script or several.
pub enum Handler {
    /// A channel is ready.
    Channel {
        /// Which.
        id: ChannelId,
        /// What for.
        readiness: u8,
        /// How many of the channel's handlers have been looked at; none before the copies were.
        looked_at: Option<u16>,
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
        call: Option<Box<Call>>,
        /// In which interpreter.
        interp: InterpId,
    },
    /// The handler of failures in the background.
    Report(Report),
}

/// What the outcome of a script means for its handler, which is on top of the stack.
pub fn finished(machine: &mut Machine, mut outcome: Result<Value, Exception>) {
    let Some(Entry::Handler(mut handler, command)) = reactor(machine).stack.pop() else { return };
    if let Err(exception) = &mut outcome
        && !command.is_unset()
    {
        exception.log_command(&command.text());
    }
    handler.finished(machine, outcome);
    reactor(machine).stack.push(Entry::Handler(handler, Value::UNSET));
}

impl Handler {
    /// The handler of a channel's readiness.
    pub fn channel(reactor: &mut Reactor, id: ChannelId, readiness: u8) -> Handler {
        let outer = reactor.in_handler.replace(id);
        reactor.looks_left = FREE_LOOKS;
        Handler::Channel { id, readiness, looked_at: None, running: None, outer }
    }

    /// The next script, if there is one.
    pub fn next(&mut self, machine: &mut Machine) -> Option<Call> {
        match self {
            Handler::Channel { id, readiness, looked_at, running, .. } => {
                if looked_at.is_none() {
                    *looked_at = Some(0);
                    if let Some(call) = crate::chan::copy::channel_ready(machine, *id, *readiness) {
                        *running = Some((call.interp, 0));
                        return Some(call);
                    }
                }
                let channel = reactor(machine).channels.get(*id)?;
                // A copy keeps the scripts of the direction that it uses waiting.
                let copied = (u8::from(channel.copies[0]) * READ) | (u8::from(channel.copies[1]) * WRITE);
                let wanted = *readiness & !copied;
                let mut at = usize::from(looked_at.unwrap_or(0));
                while let Some(handler) = channel.handlers.get(at) {
                    at += 1;
                    if handler.event & wanted != 0 {
                        *looked_at = u16::try_from(at).ok();
                        *running = Some((handler.interp, handler.event));
                        let call = Call::script(handler.interp, handler.script.clone());
                        // The script names the channel, most likely by the same value.
                        let name = channel.name.clone();
                        reactor(machine).expect_name(call.interp, name, *id);
                        return Some(call);
                    }
                }
                None
            }
            Handler::Timers { limit, running } => {
                let reactor = reactor(machine);
                let now = reactor.driver.now();
                let after = reactor.timers.take_due(now, *limit)?;
                *running = Some(after.interp);
                Some(Call::script(after.interp, after.script))
            }
            Handler::Idle { limit, running } => {
                let reactor = reactor(machine);
                loop {
                    match reactor.timers.take_idle(*limit)? {
                        Idle::After(number) => {
                            let Some(after) = reactor.timers.afters.remove(&number) else { continue };
                            *running = Some(after.interp);
                            return Some(Call::script(after.interp, after.script));
                        }
                        Idle::Failures(interp) => {
                            let rest = Handler::Idle { limit: *limit, running: None };
                            reactor.stack.push(Entry::Handler(rest, Value::UNSET));
                            *self = Handler::Report(Report::new(interp));
                            return self.next_of_report(machine);
                        }
                    }
                }
            }
            Handler::Once { call, .. } => call.take().map(|call| *call),
            Handler::Report(_) => self.next_of_report(machine),
        }
    }

    fn next_of_report(&mut self, machine: &mut Machine) -> Option<Call> {
        match self {
            Handler::Report(report) => report.next(machine),
            _ => None,
        }
    }

    /// Takes in how the script that ran has ended.
    fn finished(&mut self, machine: &mut Machine, outcome: Result<Value, Exception>) {
        match self {
            Handler::Channel { id, running, looked_at, .. } => {
                let Some((interp, event)) = running.take() else { return };
                if let Err(exception) = outcome {
                    reactor(machine).remove_handler(*id, interp, event);
                    super::background::note(machine, interp, exception);
                }
                let stands = |handler: &crate::chan::channel::Handler| {
                    handler.interp == interp && handler.event == event
                };
                if let (Some(at), Some(channel)) = (looked_at, reactor(machine).channels.get(*id))
                    && *at > 0
                    && !channel.handlers.get(usize::from(*at) - 1).is_some_and(stands)
                {
                    // It is gone: the next one stands in its place.
                    *at -= 1;
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

impl Reactor {
    /// A channel's handler has ended: what it left unread moves to the channel, and the next event is prepared.
    fn settle_after_handler(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let may_repeat = self.repeats < REPEATS_MAX && channel.can_repeat();
        if may_repeat {
            // There is more at hand, a line most often: it goes on at once.
            self.repeats += 1;
            channel.fresh = READ | AT_HAND;
            channel.queued = true;
            self.events.push_front(Event::Channel(id));
            return;
        }
        self.repeats = 0;
        if let Some(stack) = &mut channel.stack {
            stack.base.settle();
        }
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
