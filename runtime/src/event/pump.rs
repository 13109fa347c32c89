//! The pump: runs a machine, serves its waits, and handles events meanwhile.
//!
//! Waits and the handlers that run above them stand on an explicit stack: however deep `vwait` is
//! nested, there is one loop. Waits end last in, first out.

use tclring_vm::error;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::step::{At, Run, Then, What};
use tclring_vm::interp::{InterpId, Machine, Outcome, RunEnd};
use tclring_vm::value::{Value, View};

use super::handler::Handler;
use super::reactor::{Event, Reactor, reactor};
use super::wait::{Kinds, Wait};

/// How often channels with unread input are handled before the driver is asked for more.
const ROUNDS_WITHOUT_TURN_MAX: u32 = 32;

/// What stands on the stack.
pub enum Entry {
    /// A command that waits.
    Wait(Wait),
    /// A handler whose script runs, or that has more to run, and the command that runs: an error names it.
    Handler(Handler, Value),
}

/// How a machine came to rest.
pub enum End {
    /// What was started is complete.
    Done(Result<Value, Exception>),
    /// `exit` with a status.
    Exit(i32),
}

/// A script or command that a handler wants to be run.
pub struct Call {
    /// In which interpreter.
    pub interp: InterpId,
    /// What.
    pub what: What,
    /// The command, if it is not a script: an error names it. Else unset.
    pub command: Value,
    /// What goes on afterwards.
    pub then: Then,
}

impl Call {
    /// The call of a script. A pure list is invoked as it is.
    pub fn script(interp: InterpId, script: Value) -> Call {
        if let View::List(list) = script.view()
            && list.made_text().is_none()
            && !list.items().is_empty()
        {
            let words = list.items().to_vec();
            return Call { interp, what: What::Words(words), command: script, then: Then::Pass };
        }
        Call { interp, what: What::Script(script), command: Value::UNSET, then: Then::Pass }
    }

    /// A call that is a chain of steps.
    pub fn steps(interp: InterpId, first: Box<dyn FnOnce(&mut Machine) -> Outcome>) -> Call {
        let then = Then::Do(Box::new(|machine: &mut Machine, _: Result<Value, Exception>| first(machine)));
        Call { interp, what: What::Script(Value::EMPTY), command: Value::UNSET, then }
    }

    /// The call of a command.
    pub fn words(interp: InterpId, words: Vec<Value>) -> Call {
        let command = Value::list(words.clone());
        Call { interp, what: What::Words(words), command, then: Then::Pass }
    }
}

/// Runs a machine to its end, `end` being how its last step ended.
pub fn drive(machine: &mut Machine, mut end: RunEnd) -> End {
    let floor = reactor(machine).stack.len();
    loop {
        end = match end {
            RunEnd::Exit(status) => {
                reactor(machine).stack.truncate(floor);
                return End::Exit(status);
            }
            RunEnd::OutOfFuel => {
                machine.fuel = reactor(machine).fuel_slice;
                machine.run()
            }
            RunEnd::Blocked(request) => match request.downcast::<Wait>() {
                Ok(wait) => {
                    let reactor = reactor(machine);
                    wait.begin(reactor);
                    reactor.stack.push(Entry::Wait(*wait));
                    advance(machine)
                }
                Err(_) => machine.resume(Err(error!("a command waits for what this program does not know"))),
            },
            RunEnd::Done(outcome) => {
                if reactor(machine).stack.len() <= floor {
                    return End::Done(outcome);
                }
                super::handler::finished(machine, outcome);
                advance(machine)
            }
        };
    }
}

/// Goes on with what is on top of the stack until something runs.
fn advance(machine: &mut Machine) -> RunEnd {
    loop {
        let Some(mut entry) = reactor(machine).stack.pop() else {
            return machine.resume(Err(error!("nothing waits")));
        };
        match &mut entry {
            Entry::Handler(handler, command) => match handler.next(machine) {
                Some(Call { interp, what, command: named, then }) => {
                    *command = named;
                    reactor(machine).stack.push(entry);
                    return start(machine, interp, what, then);
                }
                None => {
                    let Entry::Handler(handler, _) = entry else { continue };
                    handler.end(machine);
                }
            },
            Entry::Wait(wait) => {
                if let Some(result) = wait.poll(machine) {
                    return machine.resume(result);
                }
                if let Some((interp, script)) = machine.wait_callback() {
                    let call = Some(Box::new(Call::script(interp, script)));
                    let stack = &mut reactor(machine).stack;
                    stack.push(entry);
                    stack.push(Entry::Handler(Handler::Once { call, interp }, Value::UNSET));
                    continue;
                }
                if let Some(exception) = machine.wait_interruption(matches!(wait, Wait::Sleep(_))) {
                    if let Wait::Vwait(wait) = wait {
                        wait.end(reactor(machine));
                    }
                    return machine.resume(Err(exception));
                }
                match serve(machine, wait) {
                    Served::Event(handler) => {
                        let reactor = reactor(machine);
                        reactor.stack.push(entry);
                        reactor.stack.push(Entry::Handler(handler, Value::UNSET));
                    }
                    Served::Turned => reactor(machine).stack.push(entry),
                    Served::Over(result) => {
                        if let Wait::Vwait(wait) = wait {
                            wait.end(reactor(machine));
                        }
                        return machine.resume(result);
                    }
                }
            }
        }
    }
}

fn start(machine: &mut Machine, interp: InterpId, what: What, then: Then) -> RunEnd {
    // The barrier stands at the global level of the interpreter that runs.
    let at = if machine.current() == interp { At::Here } else { At::Interp(interp) };
    machine.run_behind_barrier(Run { what, at, then })
}

/// What one step for a wait came to.
enum Served {
    /// There is an event.
    Event(Handler),
    /// The driver was asked.
    Turned,
    /// The wait ends with this.
    Over(Result<Value, Exception>),
}

/// Does one step for a wait: finds an event, or asks the driver for more.
fn serve(machine: &mut Machine, wait: &mut Wait) -> Served {
    let deadline = earlier(wait.deadline_ns(), limit_ns(machine));
    let Some(kinds) = wait.kinds() else {
        return match ask(machine, deadline) {
            Ok(()) => Served::Turned,
            Err(e) => Served::Over(Err(e)),
        };
    };
    if let Some(handler) = take_event(machine, kinds, wait) {
        return Served::Event(handler);
    }
    let reactor = reactor(machine);
    let is_update = matches!(wait, Wait::Update(_));
    if is_update && !kinds.files && !kinds.timers {
        return match idle(reactor) {
            Some(handler) => Served::Event(handler),
            None => Served::Over(Ok(Value::EMPTY)),
        };
    }
    if let Wait::Vwait(wait) = wait
        && kinds == (Kinds { files: false, timers: false, idle: false })
        && wait.deadline_ns.is_none()
    {
        return Served::Over(Err(error!("can't wait: would block forever"; "TCL", "EVENT", "NO_SOURCES")));
    }
    let has_idle = kinds.idle && !reactor.timers.idle.is_empty();
    if let Err(failure) = refill(reactor, deadline, kinds, is_update || has_idle) {
        return Served::Over(Err(wait_failure(wait, &failure)));
    }
    if let Some(handler) = take_event(machine, kinds, wait) {
        return Served::Event(handler);
    }
    if let Some(result) = wait.poll(machine) {
        return Served::Over(result);
    }
    let reactor = super::reactor::reactor(machine);
    if kinds.idle
        && let Some(handler) = idle(reactor)
    {
        return Served::Event(handler);
    }
    if is_update { Served::Over(Ok(Value::EMPTY)) } else { Served::Turned }
}

/// When the first of the interpreters that wait runs out of time, on the driver's clock.
fn limit_ns(machine: &mut Machine) -> Option<u64> {
    let left_us = machine.time_limit()? - crate::host::clock::real_us();
    let left_ns = u64::try_from(left_us).unwrap_or(0).saturating_mul(1_000);
    Some(reactor(machine).driver.now().saturating_add(left_ns))
}

fn earlier(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The error of a wait that the driver cannot do, or that would never end.
fn wait_failure(wait: &Wait, failure: &std::io::Error) -> Exception {
    let never_ends = failure.raw_os_error() == Some(rustix::io::Errno::DEADLK.raw_os_error());
    if let Wait::Vwait(wait) = wait
        && never_ends
        && let Some(condition) = wait.conditions.first()
    {
        return error!("can't wait for variable \"", &condition.name, "\": would wait forever"; "TCL", "EVENT", "NO_SOURCES");
    }
    error!("can't wait: ", failure.to_string())
}

/// Asks the driver without handling events.
fn ask(machine: &mut Machine, deadline_ns: Option<u64>) -> Result<(), Exception> {
    let reactor = reactor(machine);
    reactor.turn(deadline_ns).map_err(|failure| error!("can't wait: ", failure.to_string()))
}

/// Asks the driver and puts what has happened into the queue: channels, then timers.
fn refill(
    reactor: &mut Reactor,
    deadline_ns: Option<u64>,
    kinds: Kinds,
    no_wait: bool,
) -> std::io::Result<()> {
    reactor.arm_changed();
    let may_repeat =
        kinds.files && !reactor.again.is_empty() && reactor.rounds_without_turn < ROUNDS_WITHOUT_TURN_MAX;
    if may_repeat && reactor.again.iter().all(|id| reactor.has_received_ahead(*id)) {
        // What is ready without asking goes first: the sends of all of it leave together.
        reactor.rounds_without_turn += 1;
        queue_again(reactor);
        queue_timers(reactor);
        return Ok(());
    }
    reactor.rounds_without_turn = 0;
    let mut until = deadline_ns;
    let mut sooner = |time: Option<u64>| {
        if let Some(time) = time {
            until = Some(until.map_or(time, |until| until.min(time)));
        }
    };
    if kinds.timers {
        sooner(reactor.timers.next_due());
    }
    sooner(reactor.starved.iter().map(|(_, time)| *time).min());
    if no_wait || !reactor.again.is_empty() || has_event(reactor, kinds) {
        until = Some(0);
    }
    reactor.turn(until)?;
    queue_again(reactor);
    queue_timers(reactor);
    Ok(())
}

fn queue_again(reactor: &mut Reactor) {
    let Reactor { again, events, .. } = reactor;
    events.extend(again.drain(..).map(Event::Channel));
}

fn queue_timers(reactor: &mut Reactor) {
    if let Some(due) = reactor.timers.next_due()
        && due <= reactor.driver.now()
        && !reactor.events.iter().any(|event| matches!(event, Event::Timers))
    {
        reactor.events.push_back(Event::Timers);
    }
}

fn allows(kinds: Kinds, event: &Event) -> bool {
    match event {
        Event::Channel(_) | Event::Accepted(..) => kinds.files,
        Event::Timers => kinds.timers,
    }
}

fn has_event(reactor: &Reactor, kinds: Kinds) -> bool {
    reactor.events.iter().any(|event| allows(kinds, event))
}

/// Takes the first event out of the queue that the wait handles and that still means something.
fn take_event(machine: &mut Machine, kinds: Kinds, wait: &mut Wait) -> Option<Handler> {
    let reactor = reactor(machine);
    loop {
        let event = match reactor.events.front() {
            Some(event) if allows(kinds, event) => reactor.events.pop_front()?,
            _ => {
                let at = reactor.events.iter().position(|event| allows(kinds, event))?;
                reactor.events.remove(at)?
            }
        };
        match event {
            Event::Channel(id) => {
                let readiness = reactor.take_readiness(id);
                if let Wait::Vwait(wait) = wait {
                    wait.note_ready(id, readiness);
                }
                for entry in &mut reactor.stack {
                    if let Entry::Wait(Wait::Vwait(wait)) = entry {
                        wait.note_ready(id, readiness);
                    }
                }
                if readiness != 0 {
                    return Some(Handler::channel(reactor, id, readiness));
                }
            }
            Event::Accepted(id, descriptor) => {
                if let Some(handler) = reactor.accepted(id, descriptor) {
                    return Some(handler);
                }
            }
            Event::Timers => {
                return Some(Handler::Timers { limit: reactor.timers.next_number(), running: None });
            }
        }
    }
}

fn idle(reactor: &mut Reactor) -> Option<Handler> {
    if reactor.timers.idle.is_empty() {
        return None;
    }
    Some(Handler::Idle { limit: reactor.timers.next_idle_number(), running: None })
}

impl Reactor {
    /// Whether a channel is ready because of what was received ahead, not because it always is.
    fn has_received_ahead(&self, id: crate::chan::channel::ChannelId) -> bool {
        use crate::chan::channel::{Kind, READ};
        let channel = self.channels.get(id);
        channel.is_some_and(|channel| channel.fresh == READ && matches!(channel.kind, Kind::Socket(_)))
    }

    /// What a channel that stood in the queue is ready for, of what somebody waits for.
    fn take_readiness(&mut self, id: crate::chan::channel::ChannelId) -> u8 {
        use crate::chan::channel::{AT_HAND, Kind, READ};
        let Some(channel) = self.channels.get_mut(id) else { return 0 };
        channel.queued = false;
        let fresh = std::mem::take(&mut channel.fresh);
        let mut readiness = fresh & channel.interest();
        // What was received ahead may have been read since.
        if readiness & READ != 0
            && !channel.has_input()
            && (fresh & AT_HAND != 0
                || matches!(&channel.kind, Kind::Socket(socket) if socket.receive.is_receiving()))
        {
            readiness &= !READ;
            self.note_change(id);
        }
        readiness
    }
}
