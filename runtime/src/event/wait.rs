//! What a blocked command waits for.

use std::cell::Cell;
use std::rc::Rc;

use tclring_vm::interp::Machine;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::var::VarCell;
use tclring_vm::value::Value;

use super::reactor::{Reactor, reactor};
use crate::chan::channel::{ChannelId, READ, WRITE};
use crate::chan::copy::CopyId;

/// A wait. All but the first two keep events waiting too.
pub enum Wait {
    /// `vwait`.
    Vwait(Box<Vwait>),
    /// `update`: until there is nothing to do; `true` for idle callbacks only.
    Update(bool),
    /// Until a time of the driver's clock.
    Sleep(u64),
    /// Until a channel has input, the end, or a failure.
    Input(ChannelId),
    /// Until a channel's output is with the system.
    Output(ChannelId),
    /// Until a connection attempt has ended.
    Connected(ChannelId),
    /// Until a copy has ended.
    Copied(CopyId),
    /// Anything else.
    Other(Box<dyn OtherWait>),
}

/// A wait that another part of the runtime defines. It is asked after every turn of the driver.
pub trait OtherWait {
    /// The result, once the wait is over.
    fn poll(&mut self, machine: &mut Machine) -> Option<Result<Value, Exception>>;

    /// Whether events are handled meanwhile, and which.
    fn kinds(&self) -> Option<Kinds> {
        None
    }

    /// The time of the driver's clock at which it wants to be asked again, if there is one.
    fn deadline_ns(&self) -> Option<u64> {
        None
    }
}

/// What one condition of `vwait` is about.
pub enum Subject {
    /// A variable: its cells (of the array and of the element), and the count of its changes.
    Variable(Vec<Rc<VarCell>>, Rc<Cell<u64>>),
    /// A channel that can be read.
    Readable(ChannelId),
    /// A channel that can be written.
    Writable(ChannelId),
}

/// One condition of `vwait`.
pub struct Condition {
    /// What it is about.
    pub subject: Subject,
    /// The name as it was given.
    pub name: Value,
    /// Whether it has come true.
    pub is_met: bool,
}

/// A `vwait`.
#[derive(Default)]
pub struct Vwait {
    /// What is waited for.
    pub conditions: Vec<Condition>,
    /// The conditions that have come true, in that order.
    pub met: Vec<usize>,
    /// Whether all conditions must come true.
    pub all: bool,
    /// Whether the result says what came true.
    pub extended: bool,
    /// Whether a time limit was given, and when it is.
    pub deadline_ns: Option<u64>,
    /// Whether the limit has come.
    pub timed_out: bool,
    /// Which events are handled.
    pub kinds: Kinds,
}

/// Which events a wait handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds {
    /// Those of channels.
    pub files: bool,
    /// Timers.
    pub timers: bool,
    /// Idle callbacks.
    pub idle: bool,
}

impl Default for Kinds {
    fn default() -> Kinds {
        Kinds { files: true, timers: true, idle: true }
    }
}

impl Vwait {
    /// Looks at all conditions; whether the wait is over.
    pub fn is_over(&mut self) -> bool {
        for (at, condition) in self.conditions.iter_mut().enumerate() {
            let is_true = match &condition.subject {
                Subject::Variable(_, count) => count.get() > 0,
                Subject::Readable(_) | Subject::Writable(_) => condition.is_met,
            };
            if is_true && !self.met.contains(&at) {
                condition.is_met = true;
                self.met.push(at);
            }
        }
        self.timed_out
            || if self.all { self.met.len() == self.conditions.len() } else { !self.met.is_empty() }
            || self.conditions.is_empty() && self.deadline_ns.is_none()
    }

    /// Begins to watch.
    pub fn begin(&self, reactor: &mut Reactor) {
        for condition in &self.conditions {
            match &condition.subject {
                Subject::Variable(cells, count) => cells.iter().for_each(|cell| cell.watch(Rc::clone(count))),
                Subject::Readable(id) => add_interest(reactor, *id, READ, true),
                Subject::Writable(id) => add_interest(reactor, *id, WRITE, true),
            }
        }
    }

    /// Ends what [`Vwait::begin`] began.
    pub fn end(&self, reactor: &mut Reactor) {
        for condition in &self.conditions {
            match &condition.subject {
                Subject::Variable(cells, count) => cells.iter().for_each(|cell| cell.unwatch(count)),
                Subject::Readable(id) => add_interest(reactor, *id, READ, false),
                Subject::Writable(id) => add_interest(reactor, *id, WRITE, false),
            }
        }
    }

    /// Notes that a channel is ready, or gone.
    pub fn note_ready(&mut self, id: ChannelId, readiness: u8) {
        for condition in &mut self.conditions {
            match condition.subject {
                Subject::Readable(channel) if channel == id && readiness & READ != 0 => {
                    condition.is_met = true
                }
                Subject::Writable(channel) if channel == id && readiness & WRITE != 0 => {
                    condition.is_met = true
                }
                _ => {}
            }
        }
    }

    /// The command's result.
    ///
    /// # Errors
    /// When all conditions were wanted and time ran out.
    pub fn result(&self, now_ns: u64) -> Result<Value, Exception> {
        let left_ms = match self.deadline_ns {
            Some(_) if self.timed_out => -1,
            Some(deadline) => i64::try_from(deadline.saturating_sub(now_ns) / 1_000_000).unwrap_or(i64::MAX),
            None => 0,
        };
        if !self.extended {
            return Ok(if self.deadline_ns.is_some() { Value::int(left_ms) } else { Value::EMPTY });
        }
        let mut words = Vec::new();
        for at in &self.met {
            let condition = &self.conditions[*at];
            let kind = match condition.subject {
                Subject::Variable(..) => "variable",
                Subject::Readable(_) => "readable",
                Subject::Writable(_) => "writable",
            };
            words.push(Value::from(kind));
            words.push(condition.name.clone());
        }
        if self.deadline_ns.is_some() {
            words.push(Value::from("timeleft"));
            words.push(Value::int(left_ms));
        }
        Ok(Value::list(words))
    }
}

/// Notes that a wait or copy is interested in a channel, or no longer.
pub fn add_interest(reactor: &mut Reactor, id: ChannelId, event: u8, on: bool) {
    let Some(channel) = reactor.channels.get_mut(id) else { return };
    let count = &mut channel.other_interest[usize::from(event == WRITE)];
    if on {
        *count += 1;
        reactor.note_change(id);
    } else {
        *count = count.saturating_sub(1);
    }
}

impl Wait {
    /// Whether events are handled meanwhile, and which.
    pub fn kinds(&self) -> Option<Kinds> {
        match self {
            Wait::Vwait(wait) => Some(wait.kinds),
            Wait::Update(false) => Some(Kinds::default()),
            Wait::Update(true) => Some(Kinds { files: false, timers: false, idle: true }),
            Wait::Other(wait) => wait.kinds(),
            _ => None,
        }
    }

    /// When the wait ends at the latest, or wants to be asked.
    pub fn deadline_ns(&self) -> Option<u64> {
        match self {
            Wait::Vwait(wait) => wait.deadline_ns,
            Wait::Sleep(until) => Some(*until),
            Wait::Other(wait) => wait.deadline_ns(),
            _ => None,
        }
    }

    /// Begins it: makes sure that what ends it will come.
    pub fn begin(&self, reactor: &mut Reactor) {
        match self {
            Wait::Vwait(wait) => wait.begin(reactor),
            Wait::Input(id) => reactor.request_input(*id),
            _ => {}
        }
    }

    /// The result, once the wait is over. `Update` is ended by the pump.
    pub fn poll(&mut self, machine: &mut Machine) -> Option<Result<Value, Exception>> {
        let reactor = reactor(machine);
        let over = match self {
            Wait::Vwait(wait) => {
                if !wait.timed_out
                    && wait.deadline_ns.is_some_and(|deadline| deadline <= reactor.driver.now())
                {
                    wait.timed_out = !wait.is_over();
                }
                if !wait.is_over() {
                    return None;
                }
                wait.end(reactor);
                return Some(wait.result(reactor.driver.now()));
            }
            Wait::Update(_) => false,
            Wait::Sleep(until) => reactor.driver.now() >= *until,
            Wait::Input(id) => reactor.input_may_have_come(*id),
            Wait::Output(id) => reactor.output_has_left(*id),
            Wait::Connected(id) => reactor.is_connected_or_failed(*id),
            Wait::Copied(id) => return reactor.copy_result(*id),
            Wait::Other(wait) => return wait.poll(machine),
        };
        over.then_some(Ok(Value::EMPTY))
    }
}

impl Reactor {
    /// Whether nothing is in flight any more that a read waits for.
    fn input_may_have_come(&mut self, id: ChannelId) -> bool {
        use crate::chan::channel::Kind;
        let Some(channel) = self.channels.get(id) else { return true };
        if channel.has_input() {
            return true;
        }
        let is_waiting = match &channel.kind {
            Kind::Device(device) => device.read_poll.is_some(),
            Kind::Socket(socket) => {
                !socket.never_connected && (socket.connecting.is_some() || socket.receive.token().is_some())
            }
            Kind::Listener(_) | Kind::Script(_) | Kind::Gone => false,
        };
        !is_waiting
    }

    fn output_has_left(&mut self, id: ChannelId) -> bool {
        use crate::chan::channel::Kind;
        let Some(channel) = self.channels.get(id) else { return true };
        if channel.output_error.is_some() {
            return true;
        }
        match &channel.kind {
            Kind::Device(device) => device.write_poll.is_none(),
            Kind::Socket(socket) => {
                socket.never_connected || socket.connecting.is_none() && socket.send.is_none()
            }
            Kind::Listener(_) | Kind::Script(_) | Kind::Gone => true,
        }
    }
}
