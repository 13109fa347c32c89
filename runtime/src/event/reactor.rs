//! What the runtime hangs on a machine: the driver, the channels, the event sources, the waits.
//!
//! One belongs to one thread. Nothing here runs scripts; the pump does.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use tclring_vm::interp::arena::Arena;
use tclring_vm::interp::{InterpId, Machine};
use tclring_vm::value::{OrderedMap, Value};

use super::background::Failures;
use super::pump::Entry;
use super::resolving::Answers;
use super::timers::Timers;
use crate::chan::channel::{Channel, ChannelId, Kind};
use crate::chan::copy::Copy;
use crate::chan::device::{Device, Handle};
use crate::chan::output::Buffering;
use crate::driver::{Done, Driver, Op, Token};
use crate::host::native::system_encoding;
use tclring_vm::text::encoding::{Encoding, Profile};

/// What an operation was submitted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Input, or a wait for it.
    Read,
    /// Output, or a wait for room.
    Write,
    /// An attempt to connect.
    Connect,
    /// Connections that come in.
    Accept,
    /// Nobody waits for the end of it.
    Close,
}

const ROLES: [Role; 5] = [Role::Read, Role::Write, Role::Connect, Role::Accept, Role::Close];
/// The bits of a tag below the role.
const ROLE_SHIFT: u32 = 61;

/// The tag of an operation on a channel.
pub fn tag(channel: ChannelId, role: Role) -> u64 {
    debug_assert!(channel.number() >> ROLE_SHIFT == 0, "generations stay far below this");
    (role as u64) << ROLE_SHIFT | channel.number()
}

/// The reverse of [`tag`].
pub fn untag(tag: u64) -> (ChannelId, Option<Role>) {
    let number = tag & ((1 << ROLE_SHIFT) - 1);
    (ChannelId::from_number(number), ROLES.get((tag >> ROLE_SHIFT) as usize).copied())
}

/// Something that will run scripts.
pub enum Event {
    /// A channel is ready.
    Channel(ChannelId),
    /// A connection came in at a listener.
    Accepted(ChannelId, crate::driver::Descriptor),
    /// Timers have expired.
    Timers,
}

/// The channels that one interpreter has names for, and what else it has.
pub struct InterpState {
    /// Whose.
    pub interp: InterpId,
    /// Its channels by name.
    pub channels: OrderedMap<Option<ChannelId>>,
    /// Whether the standard streams have got their names in it.
    pub has_standard: bool,
    /// Failures that the handler has not been told of.
    pub failures: Failures,
}

/// What a standard stream's name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// It has not been used yet.
    Unused,
    /// This channel.
    Open(ChannelId),
    /// It was closed; the next channel that is opened takes its place.
    Closed,
}

/// The runtime's part of a machine.
pub struct Reactor {
    /// The driver.
    pub driver: Box<dyn Driver>,
    /// All channels.
    pub channels: Arena<Channel>,
    /// Whether channels follow the rules of Tcl 8.6.
    pub has_old_rules: bool,
    /// What the names of the standard streams mean.
    pub standard: [Standard; 3],
    /// What each interpreter has.
    pub interps: Vec<InterpState>,
    /// Timers and idle callbacks.
    pub timers: Timers,
    /// What will run scripts, in order.
    pub events: VecDeque<Event>,
    /// Channels that are ready without a look at the system.
    pub again: Vec<ChannelId>,
    /// How often in a row the same channel's handler ran.
    pub repeats: u32,
    /// How often events were found without asking the driver, since it was asked last.
    pub rounds_without_turn: u32,
    /// Channels whose output waits for the end of the turn.
    pub dirty: Vec<ChannelId>,
    /// When the first of them got it.
    pub dirty_since_ns: u64,
    /// Whether something was submitted that must reach the system soon.
    pub hurried: bool,
    /// Channels whose handlers or state changed since they were last armed.
    pub changed: Vec<ChannelId>,
    /// Listeners that could not accept for want of descriptors, and when they try again.
    pub starved: Vec<(ChannelId, u64)>,
    /// The channel that a name meant last.
    pub last_found: Option<(InterpId, Value, ChannelId)>,
    /// The channel whose handler runs.
    pub in_handler: Option<ChannelId>,
    /// How many more looks at the pending flag are free of a look at the clock, in this event.
    pub looks_left: u32,
    /// The channel that a script found empty last in this turn: asked again, it looks at the driver.
    pub looked: Option<ChannelId>,
    /// Waits and the handlers that run above them, in turn.
    pub stack: Vec<Entry>,
    /// Copies under way.
    pub copies: Arena<Copy>,
    /// Answers of the resolver.
    pub answers: Answers,
    /// A buffer for input that is asked for at once.
    pub scratch: Vec<u8>,
    /// Empty buffers for output.
    pub spare: Vec<Vec<u8>>,
    /// The encoding of new channels: the system's, as of the last command that made some.
    pub encoding: Encoding,
    /// That of standard channels: the system's when the first of them was made.
    standard_encoding: Option<Encoding>,
    /// How much a machine does at a time, if that is to be little.
    pub fuel_slice: Option<u64>,
    /// Where the output to the standard output goes instead, while a prompt is made.
    pub captured: Option<Vec<u8>>,
    /// The machine's pending flag.
    pub pending: Arc<AtomicU32>,
    /// Room for completions.
    done: Vec<Done>,
    next_socket: u64,
    next_script: [u64; 2],
}

/// The names of the standard streams.
pub const STANDARD_NAMES: [&str; 3] = ["stdin", "stdout", "stderr"];
/// How many bytes are asked for at once from a socket.
pub const SCRATCH_BYTES: usize = 64 * 1024;
/// The first number in a socket's name, so that names look as in the reference.
const FIRST_SOCKET: u64 = 0x10_0000;

impl Reactor {
    /// A reactor without channels.
    pub fn new(driver: Box<dyn Driver>, pending: Arc<AtomicU32>) -> Reactor {
        Reactor {
            driver,
            channels: Arena::default(),
            has_old_rules: false,
            standard: [Standard::Unused; 3],
            interps: Vec::new(),
            timers: Timers::default(),
            events: VecDeque::new(),
            again: Vec::new(),
            repeats: 0,
            rounds_without_turn: 0,
            dirty: Vec::new(),
            dirty_since_ns: 0,
            hurried: false,
            changed: Vec::new(),
            starved: Vec::new(),
            last_found: None,
            in_handler: None,
            looks_left: 0,
            looked: None,
            stack: Vec::new(),
            copies: Arena::default(),
            answers: Answers::default(),
            scratch: Vec::new(),
            spare: Vec::new(),
            encoding: crate::chan::channel::utf8(),
            standard_encoding: None,
            fuel_slice: None,
            captured: None,
            pending,
            done: Vec::new(),
            next_socket: FIRST_SOCKET,
            next_script: [0; 2],
        }
    }

    /// Submits an operation on a channel.
    pub fn submit(&mut self, channel: ChannelId, role: Role, op: Op) -> Token {
        self.driver.submit(op, tag(channel, role))
    }

    /// A new socket's name.
    pub fn socket_name(&mut self) -> Value {
        self.next_socket += 16;
        Value::text_value(format!("sock{:x}", self.next_socket).into_bytes())
    }

    /// What an interpreter has, made if need be.
    pub fn interp(&mut self, interp: InterpId) -> &mut InterpState {
        let at = match self.interps.iter().position(|state| state.interp == interp) {
            Some(at) => at,
            None => {
                self.interps.push(InterpState {
                    interp,
                    channels: OrderedMap::default(),
                    has_standard: false,
                    failures: Failures::default(),
                });
                self.interps.len() - 1
            }
        };
        &mut self.interps[at]
    }

    /// A new name of a channel or transformation that scripts make up.
    pub fn script_name(&mut self, prefix: &str) -> Value {
        let next = &mut self.next_script[usize::from(prefix == "rt")];
        *next += 1;
        Value::text_value(format!("{prefix}{}", *next - 1).into_bytes())
    }

    /// Tells the waits that stand on the stack that a channel is ready.
    pub fn tell_waits(&mut self, id: ChannelId, readiness: u8) {
        for entry in &mut self.stack {
            if let Entry::Wait(super::wait::Wait::Vwait(wait)) = entry {
                wait.note_ready(id, readiness);
            }
        }
    }

    /// Gives a channel a name in an interpreter. The first of each that is made after a standard stream was
    /// closed takes its place.
    pub fn register(&mut self, interp: InterpId, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        channel.references += 1;
        let name = channel.name.clone();
        self.interp(interp).channels.insert(&name, Some(id));
    }

    /// Has the channels that are there and all new ones follow the rules of Tcl 8.6.
    pub fn follow_old_rules(&mut self) {
        self.has_old_rules = true;
        let all: Vec<ChannelId> = self.channels.ids().collect();
        for id in all {
            if let Some(channel) = self.channels.get_mut(id) {
                channel.follow_old_rules();
            }
        }
    }

    /// Adds a channel, which takes the place of a standard stream that was closed.
    pub fn add_channel(&mut self, mut channel: Channel) -> ChannelId {
        if self.has_old_rules {
            channel.follow_old_rules();
        }
        let fits = [channel.readable, channel.writable, channel.writable];
        let taken = (0..3).find(|number| self.standard[*number] == Standard::Closed && fits[*number]);
        if let Some(number) = taken {
            channel.name = Value::from(STANDARD_NAMES[number]);
            channel.references += 1;
        }
        let id = self.channels.insert(channel);
        if let Some(number) = taken {
            self.standard[number] = Standard::Open(id);
        }
        id
    }

    /// The channel that a standard stream's name means, made at its first use.
    pub fn standard_channel(&mut self, number: usize) -> Option<ChannelId> {
        match self.standard[number] {
            Standard::Open(id) => Some(id),
            Standard::Closed => None,
            Standard::Unused => {
                let id = self.make_standard(number);
                self.standard[number] = id.map_or(Standard::Closed, Standard::Open);
                id
            }
        }
    }

    fn make_standard(&mut self, number: usize) -> Option<ChannelId> {
        let handle = Handle::Standard(number as u8);
        if rustix::io::fcntl_getfd(handle.fd()).is_err() {
            return None;
        }
        let reads = number == 0;
        let device = if reads { Device::new(Some(handle), None) } else { Device::new(None, Some(handle)) };
        let name = Value::from(STANDARD_NAMES[number]);
        let encoding = self.standard_encoding.get_or_insert_with(system_encoding).clone();
        let mut channel = Channel::new(name, Kind::Device(Box::new(device)), reads, !reads, encoding);
        channel.buffering = match number {
            2 => Buffering::None,
            _ => Buffering::Line,
        };
        if number == 2 {
            channel.profile = Profile::Replace;
        }
        if self.has_old_rules {
            channel.follow_old_rules();
        }
        // The table of standard streams holds it.
        channel.references = 1;
        Some(self.channels.insert(channel))
    }

    /// The number of the standard stream of this name.
    pub fn standard_number(name: &[u8]) -> Option<usize> {
        STANDARD_NAMES.iter().position(|standard| standard.as_bytes() == name)
    }

    /// The channel that the same name meant last: a handler names its channel again and again.
    #[inline]
    pub fn found_last(&self, interp: InterpId, name: &Value) -> Option<ChannelId> {
        match &self.last_found {
            Some((known, known_name, id)) if *known == interp && known_name.is_identical(name) => Some(*id),
            _ => None,
        }
    }

    /// Has a name found at once that is going to be looked up.
    #[inline]
    pub fn expect_name(&mut self, interp: InterpId, name: Value, id: ChannelId) {
        self.last_found = Some((interp, name, id));
    }

    /// The channel that a name means in an interpreter.
    pub fn find(&mut self, interp: InterpId, is_safe: bool, name: &Value) -> Option<ChannelId> {
        let id = self.find_by_name(interp, is_safe, name)?;
        self.last_found = Some((interp, name.clone(), id));
        Some(id)
    }

    fn find_by_name(&mut self, interp: InterpId, is_safe: bool, name: &Value) -> Option<ChannelId> {
        if let Some(state) = self.interps.iter().find(|state| state.interp == interp)
            && let Some(id) = state.channels.get(name)
        {
            return *id;
        }
        if is_safe {
            return None;
        }
        self.name_standard_streams(interp);
        let number = Reactor::standard_number(&name.text())?;
        let id = self.standard_channel(number)?;
        let own = self.channels.get(id)?.name.clone();
        self.interp(interp).channels.get(&own).copied().flatten()
    }

    /// Gives the standard streams their names in an interpreter, once: what it closes stays closed.
    pub fn name_standard_streams(&mut self, interp: InterpId) {
        if std::mem::replace(&mut self.interp(interp).has_standard, true) {
            return;
        }
        for (number, name) in STANDARD_NAMES.iter().enumerate() {
            let Some(id) = self.standard_channel(number) else { continue };
            let is_its_own =
                self.channels.get(id).is_some_and(|channel| *channel.name.text() == *name.as_bytes());
            if is_its_own {
                self.register(interp, id);
            }
        }
    }

    /// Takes the list for completions; give it back with [`Reactor::keep_done`].
    pub fn take_done(&mut self) -> Vec<Done> {
        std::mem::take(&mut self.done)
    }

    /// Takes an empty list for completions back.
    pub fn keep_done(&mut self, done: Vec<Done>) {
        debug_assert!(done.is_empty(), "all completions have been looked at");
        self.done = done;
    }

    /// Notes that what a channel waits for may have changed.
    pub fn note_change(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        if !mem::replace(&mut channel.changed, true) {
            self.changed.push(id);
        }
    }

    /// Forgets a change of a channel that is gone.
    pub fn forget_change(&mut self, id: ChannelId) {
        // Most often it is the newest.
        if let Some(at) = self.changed.iter().rposition(|changed| *changed == id) {
            self.changed.remove(at);
        }
    }

    /// Puts an event for a channel into the queue, unless one stands there.
    pub fn enqueue(&mut self, id: ChannelId, readiness: u8) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        channel.fresh |= readiness;
        if !channel.queued {
            channel.queued = true;
            self.events.push_back(Event::Channel(id));
        }
    }
}

/// The reactor of a machine, told of the encoding that new channels get.
pub fn reactor_for_new(machine: &mut Machine) -> &mut Reactor {
    let encoding = machine.encodings().system.clone();
    let reactor = reactor(machine);
    reactor.encoding = encoding;
    reactor
}

/// The reactor of a machine.
///
/// # Panics
/// When the machine was not made by the runtime: a bug.
#[inline]
pub fn reactor(machine: &mut Machine) -> &mut Reactor {
    machine.extension::<Reactor>().expect("the runtime's commands run in its machines only")
}
