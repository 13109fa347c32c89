//! The network of the simulation: sockets in memory, latency, and faults.
//!
//! Everything follows from the seed and from the calls: there is no clock but a counter, and no
//! randomness but a generator. What a socket answers follows Linux's TCP over the loopback.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::slots::{Direction, Token};
use super::{AddressFamily, Descriptor, Errno, Net, SocketAddr, SocketOption};

/// The number of the first simulated socket: far above what the system gives out.
pub(super) const FIRST_SOCKET: i32 = 1 << 20;
/// The first port that the network chooses by itself.
const FIRST_FREE_PORT: u16 = 49152;
/// How much the clock advances when it is read, so that loops around it end.
const TICK_NS: u64 = 100;
/// How long a connection waits before it knocks again at a full listener.
const KNOCK_AGAIN_NS: u64 = 1_000_000;
/// The wall-clock time at which every simulation starts: the beginning of 2025.
const WALL_CLOCK_START_NS: i64 = 1_735_689_600_000_000_000;

/// What the simulation does, and how badly its network behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimOptions {
    /// Decides everything that is random.
    pub seed: u64,
    /// The least and the most time that anything takes on the way.
    pub latency_ns: (u64, u64),
    /// How many bytes one direction of a connection holds.
    pub window_bytes: usize,
    /// Whether transfers are cut at random places.
    pub partial: bool,
    /// Whether completions of different operations come in random order, some of them later.
    pub reorder: bool,
    /// How many of a million pieces of data reset their connection instead of arriving.
    pub resets_per_million: u32,
    /// How many of a million connections are refused.
    pub refusals_per_million: u32,
    /// How many of a million accepts run out of descriptors.
    pub accept_failures_per_million: u32,
    /// How many sockets can be open.
    pub sockets_max: usize,
}

impl SimOptions {
    /// A network without faults.
    #[must_use]
    pub fn calm(seed: u64) -> Self {
        Self {
            seed,
            latency_ns: (10_000, 50_000),
            window_bytes: 256 * 1024,
            partial: false,
            reorder: false,
            resets_per_million: 0,
            refusals_per_million: 0,
            accept_failures_per_million: 0,
            sockets_max: 100_000,
        }
    }

    /// A network in which everything goes wrong now and then.
    #[must_use]
    pub fn stormy(seed: u64) -> Self {
        Self {
            latency_ns: (0, 2_000_000),
            window_bytes: 1 + (seed % 7) as usize * 700,
            partial: true,
            reorder: true,
            resets_per_million: 2_000,
            refusals_per_million: 50_000,
            accept_failures_per_million: 50_000,
            ..Self::calm(seed)
        }
    }
}

impl Default for SimOptions {
    fn default() -> Self {
        Self::calm(0)
    }
}

/// A small generator (SplitMix64): each state gives one number.
pub(super) struct Random {
    state: u64,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.state;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    pub(super) fn happens(&mut self, per_million: u32) -> bool {
        per_million > 0 && self.between(0, 999_999) < u64::from(per_million)
    }
}

/// Names a socket beyond the life of its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SocketId {
    index: usize,
    generation: u64,
}

/// Something that happens at a time.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// Bytes arrive.
    Data { to: SocketId, from: SocketId, bytes: Vec<u8> },
    /// The peer's half ends.
    End { to: SocketId },
    /// The connection breaks.
    Reset { to: SocketId },
    /// An operation is tried.
    Attempt(Token),
}

/// A socket.
struct Socket {
    id: SocketId,
    family: AddressFamily,
    local: Option<SocketAddr>,
    options: [bool; 5],
    /// Whether somebody has its number: connections that wait at a listener have no owner.
    is_owned: bool,
    state: State,
}

enum State {
    Fresh,
    Listening { queue: VecDeque<SocketId>, queue_max: usize },
    Connected(Connection),
}

/// One end of a connection.
struct Connection {
    peer: SocketId,
    peer_address: SocketAddr,
    /// Bytes that have arrived.
    received: VecDeque<u8>,
    /// Bytes on the way to this end.
    arriving_bytes: usize,
    /// When the last thing sent by this end arrives: nothing overtakes it.
    last_arrival_ns: u64,
    has_ended: bool,
    is_broken: bool,
    is_shut: bool,
    error: Option<Errno>,
}

impl Connection {
    fn new(peer: SocketId, peer_address: SocketAddr) -> Self {
        Self {
            peer,
            peer_address,
            received: VecDeque::new(),
            arriving_bytes: 0,
            last_arrival_ns: 0,
            has_ended: false,
            is_broken: false,
            is_shut: false,
            error: None,
        }
    }
}

/// All sockets, and what is on its way between them.
pub(super) struct SimNet {
    pub(super) options: SimOptions,
    pub(super) random: Random,
    clock_ns: Cell<u64>,
    sockets: Vec<Option<Socket>>,
    free: Vec<usize>,
    generation: u64,
    owned: usize,
    next_port: u16,
    /// Events in the order of their times, and of their making at the same time.
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    events_made: u64,
    /// Whose operations should be tried again.
    notices: Vec<(Descriptor, Direction)>,
}

fn number(index: usize) -> Descriptor {
    Descriptor::new(FIRST_SOCKET + i32::try_from(index).expect("sockets are limited far below this"))
}

impl SimNet {
    pub(super) fn new(options: SimOptions) -> Self {
        Self {
            random: Random::new(options.seed),
            options,
            clock_ns: Cell::new(1_000_000_000),
            sockets: Vec::new(),
            free: Vec::new(),
            generation: 0,
            owned: 0,
            next_port: FIRST_FREE_PORT,
            events: BinaryHeap::new(),
            events_made: 0,
            notices: Vec::new(),
        }
    }

    /// The time; reading it takes time.
    pub(super) fn now(&self) -> u64 {
        self.clock_ns.set(self.clock_ns.get() + TICK_NS);
        self.clock_ns.get()
    }

    pub(super) fn wall_clock(&self) -> i64 {
        WALL_CLOCK_START_NS + i64::try_from(self.now()).expect("simulations end within centuries")
    }

    /// Lets time pass up to a moment.
    pub(super) fn advance_to(&self, time_ns: u64) {
        self.clock_ns.set(self.clock_ns.get().max(time_ns));
    }

    /// When the next event happens.
    pub(super) fn next_event_ns(&self) -> Option<u64> {
        self.events.peek().map(|Reverse((time_ns, _, _))| *time_ns)
    }

    /// The next event whose time has come.
    pub(super) fn pop_event(&mut self) -> Option<Event> {
        if self.next_event_ns()? > self.clock_ns.get() {
            return None;
        }
        self.events.pop().map(|Reverse((_, _, event))| event)
    }

    pub(super) fn schedule_at(&mut self, time_ns: u64, event: Event) {
        self.events_made += 1;
        self.events.push(Reverse((time_ns, self.events_made, event)));
    }

    fn latency_ns(&mut self) -> u64 {
        let (low, high) = self.options.latency_ns;
        self.random.between(low, high)
    }

    /// Schedules an attempt: soon, but not at once.
    pub(super) fn schedule_attempt(&mut self, token: Token) {
        let time_ns = self.clock_ns.get() + self.random.between(0, 2_000);
        self.schedule_at(time_ns, Event::Attempt(token));
    }

    /// Schedules an attempt after a full listener refused one.
    pub(super) fn schedule_late_attempt(&mut self, token: Token) {
        self.schedule_at(self.clock_ns.get() + KNOCK_AGAIN_NS, Event::Attempt(token));
    }

    /// Who should be tried again since the last call.
    pub(super) fn take_notices(&mut self) -> Vec<(Descriptor, Direction)> {
        std::mem::take(&mut self.notices)
    }

    fn notify(&mut self, index: usize, direction: Direction) {
        self.notices.push((number(index), direction));
    }

    fn index_of(&self, socket: Descriptor) -> Result<usize, Errno> {
        if (0..FIRST_SOCKET).contains(&socket.number()) {
            return Err(Errno::NOTSOCK);
        }
        let index = socket.number().checked_sub(FIRST_SOCKET).and_then(|index| usize::try_from(index).ok());
        let index = index.ok_or(Errno::BADF)?;
        match self.sockets.get(index) {
            Some(Some(socket)) if socket.is_owned => Ok(index),
            _ => Err(Errno::BADF),
        }
    }

    fn find(&mut self, socket: Descriptor) -> Result<&mut Socket, Errno> {
        let index = self.index_of(socket)?;
        Ok(self.sockets[index].as_mut().expect("the index was checked"))
    }

    fn connection(&mut self, socket: Descriptor) -> Result<&mut Connection, Errno> {
        match &mut self.find(socket)?.state {
            State::Connected(connection) => Ok(connection),
            _ => Err(Errno::NOTCONN),
        }
    }

    fn by_id(&mut self, id: SocketId) -> Option<&mut Socket> {
        self.sockets.get_mut(id.index)?.as_mut().filter(|socket| socket.id == id)
    }

    fn connection_by_id(&mut self, id: SocketId) -> Option<&mut Connection> {
        match &mut self.by_id(id)?.state {
            State::Connected(connection) => Some(connection),
            _ => None,
        }
    }

    fn insert(&mut self, family: AddressFamily, is_owned: bool) -> SocketId {
        let index = self.free.pop().unwrap_or(self.sockets.len());
        self.generation += 1;
        let id = SocketId { index, generation: self.generation };
        let socket = Socket { id, family, local: None, options: [false; 5], is_owned, state: State::Fresh };
        self.owned += usize::from(is_owned);
        if index == self.sockets.len() {
            self.sockets.push(Some(socket));
        } else {
            self.sockets[index] = Some(socket);
        }
        id
    }

    /// Whether a read would not block.
    pub(super) fn is_readable(&mut self, socket: Descriptor) -> Result<bool, Errno> {
        Ok(match &self.find(socket)?.state {
            State::Fresh => true,
            State::Listening { queue, .. } => !queue.is_empty(),
            State::Connected(connection) => {
                !connection.received.is_empty() || connection.has_ended || connection.is_broken
            }
        })
    }

    /// Whether a write would not block.
    pub(super) fn is_writable(&mut self, socket: Descriptor) -> Result<bool, Errno> {
        let peer = match &self.find(socket)?.state {
            State::Fresh => return Ok(true),
            State::Listening { .. } => return Ok(false),
            State::Connected(connection) if connection.is_broken || connection.is_shut => return Ok(true),
            State::Connected(connection) => connection.peer,
        };
        Ok(self.room_at(peer) > 0)
    }

    /// How many bytes a peer has room for. One that is gone takes everything, and resets.
    fn room_at(&mut self, peer: SocketId) -> usize {
        let window_bytes = self.options.window_bytes;
        match self.connection_by_id(peer) {
            Some(peer) => window_bytes.saturating_sub(peer.received.len() + peer.arriving_bytes),
            None => window_bytes,
        }
    }

    /// A number of bytes to transfer: all, or in a bad network some of them.
    fn portion(&mut self, count: usize) -> usize {
        if !self.options.partial || count < 2 || self.random.happens(500_000) {
            return count;
        }
        self.random.between(1, count as u64) as usize
    }

    /// Takes the oldest connection that waits at a listener.
    pub(super) fn accept(&mut self, listener: Descriptor) -> Result<Descriptor, Errno> {
        let (owned, sockets_max) = (self.owned, self.options.sockets_max);
        let per_million = self.options.accept_failures_per_million;
        let State::Listening { queue, .. } = &self.find(listener)?.state else { return Err(Errno::INVAL) };
        if queue.is_empty() {
            return Err(Errno::AGAIN);
        }
        if owned >= sockets_max || self.random.happens(per_million) {
            return Err(Errno::MFILE);
        }
        let State::Listening { queue, .. } = &mut self.find(listener)?.state else {
            return Err(Errno::INVAL);
        };
        let id = queue.pop_front().expect("it was not empty a moment ago");
        self.owned += 1;
        self.by_id(id).expect("sockets at a listener stay").is_owned = true;
        Ok(number(id.index))
    }

    /// Connects at once; `EAGAIN` if the listener is full.
    pub(super) fn connect(&mut self, socket: Descriptor, address: &SocketAddr) -> Result<(), Errno> {
        let client = self.find(socket)?;
        match client.state {
            State::Fresh => {}
            State::Listening { .. } => return Err(Errno::INVAL),
            State::Connected(_) => return Err(Errno::ISCONN),
        }
        let (client_id, family) = (client.id, client.family);
        if family != AddressFamily::of(address) {
            return Err(Errno::AFNOSUPPORT);
        }
        if self.random.happens(self.options.refusals_per_million) {
            return Err(Errno::CONNREFUSED);
        }
        let listener = self.listener_at(address).ok_or(Errno::CONNREFUSED)?;
        let Some(State::Listening { queue, queue_max }) = self.by_id(listener).map(|socket| &socket.state)
        else {
            return Err(Errno::CONNREFUSED);
        };
        if queue.len() >= *queue_max {
            return Err(Errno::AGAIN);
        }
        let client_address = match self.find(socket)?.local {
            Some(local) if !local.ip().is_unspecified() => local,
            Some(local) => SocketAddr::new(address.ip(), local.port()),
            None => SocketAddr::new(address.ip(), self.free_port()),
        };
        let server_id = self.insert(family, false);
        let server = self.by_id(server_id).expect("it was made a moment ago");
        server.local = Some(*address);
        server.state = State::Connected(Connection::new(client_id, client_address));
        let client = self.by_id(client_id).expect("it was found above");
        client.local = Some(client_address);
        client.state = State::Connected(Connection::new(server_id, *address));
        if let Some(State::Listening { queue, .. }) = self.by_id(listener).map(|socket| &mut socket.state) {
            queue.push_back(server_id);
        }
        self.notify(listener.index, Direction::Read);
        Ok(())
    }

    fn listener_at(&self, address: &SocketAddr) -> Option<SocketId> {
        let is_here = |socket: &&Socket| {
            let is_listening = matches!(socket.state, State::Listening { .. });
            is_listening && socket.local.is_some_and(|local| overlaps(&local, address))
        };
        self.sockets.iter().flatten().find(is_here).map(|socket| socket.id)
    }

    fn free_port(&mut self) -> u16 {
        let used: BTreeMap<u16, ()> = self
            .sockets
            .iter()
            .flatten()
            .filter(|socket| !matches!(socket.state, State::Connected(_)))
            .filter_map(|socket| socket.local.map(|local| (local.port(), ())))
            .collect();
        for _ in 0..=u16::MAX - FIRST_FREE_PORT {
            let port = self.next_port;
            self.next_port = if port == u16::MAX { FIRST_FREE_PORT } else { port + 1 };
            if !used.contains_key(&port) {
                return port;
            }
        }
        FIRST_FREE_PORT
    }

    /// Closes a socket: its peer sees the end, or a reset if input was left unread.
    pub(super) fn close(&mut self, socket: Descriptor) -> Result<(), Errno> {
        let index = self.index_of(socket)?;
        self.owned -= 1;
        self.remove(index);
        Ok(())
    }

    fn remove(&mut self, index: usize) {
        let socket = self.sockets[index].take().expect("only open sockets are closed");
        self.free.push(index);
        match socket.state {
            State::Fresh => {}
            State::Listening { queue, .. } => {
                for waiting in queue {
                    if let Some(Socket { state: State::Connected(connection), .. }) =
                        self.sockets[waiting.index].take()
                    {
                        self.free.push(waiting.index);
                        self.send_event(connection, |to| Event::Reset { to });
                    }
                }
            }
            State::Connected(connection) => {
                let is_reset = !connection.received.is_empty() || connection.arriving_bytes > 0;
                let event = |to| if is_reset { Event::Reset { to } } else { Event::End { to } };
                if !connection.is_broken {
                    self.send_event(connection, event);
                }
            }
        }
    }

    /// Sends the last thing of a connection whose socket is gone.
    fn send_event(&mut self, connection: Connection, event: impl FnOnce(SocketId) -> Event) {
        let latency_ns = self.latency_ns();
        let time_ns = connection.last_arrival_ns.max(self.clock_ns.get() + latency_ns);
        self.schedule_at(time_ns, event(connection.peer));
    }

    /// Does what an event of the network says.
    pub(super) fn apply(&mut self, event: Event) {
        match event {
            Event::Data { to, from, bytes } => self.arrive(to, from, bytes),
            Event::End { to } => {
                if let Some(connection) = self.connection_by_id(to) {
                    connection.has_ended = true;
                    self.notify(to.index, Direction::Read);
                }
            }
            Event::Reset { to } => self.break_connection(to),
            Event::Attempt(_) => unreachable!("attempts are the driver's"),
        }
    }

    fn arrive(&mut self, to: SocketId, from: SocketId, bytes: Vec<u8>) {
        if self.connection_by_id(to).is_none_or(|connection| connection.is_broken) {
            // Nobody is there: the sender is told.
            let time_ns = self.clock_ns.get() + self.latency_ns();
            self.schedule_at(time_ns, Event::Reset { to: from });
            return;
        }
        if self.random.happens(self.options.resets_per_million) {
            self.break_connection(to);
            self.break_connection(from);
            return;
        }
        let connection = self.connection_by_id(to).expect("it was there a moment ago");
        connection.arriving_bytes -= bytes.len();
        connection.received.extend(bytes);
        self.notify(to.index, Direction::Read);
    }

    fn break_connection(&mut self, id: SocketId) {
        let Some(connection) = self.connection_by_id(id) else { return };
        if connection.is_broken {
            return;
        }
        connection.is_broken = true;
        connection.has_ended = true;
        connection.arriving_bytes = 0;
        connection.error = Some(Errno::CONNRESET);
        self.notify(id.index, Direction::Read);
        self.notify(id.index, Direction::Write);
    }
}

/// Whether two addresses mean the same port of an overlapping set of hosts.
fn overlaps(one: &SocketAddr, other: &SocketAddr) -> bool {
    one.port() == other.port()
        && (one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified())
        && one.is_ipv4() == other.is_ipv4()
}

fn option_index(option: SocketOption) -> usize {
    match option {
        SocketOption::NoDelay => 0,
        SocketOption::KeepAlive => 1,
        SocketOption::ReuseAddress => 2,
        SocketOption::ReusePort => 3,
        SocketOption::V6Only => 4,
    }
}

impl Net for SimNet {
    fn socket(&mut self, family: AddressFamily) -> Result<Descriptor, Errno> {
        if self.owned >= self.options.sockets_max {
            return Err(Errno::MFILE);
        }
        let id = self.insert(family, true);
        Ok(number(id.index))
    }

    fn bind(&mut self, socket: Descriptor, address: &SocketAddr) -> Result<(), Errno> {
        let this = self.find(socket)?;
        if this.local.is_some() || AddressFamily::of(address) != this.family {
            return Err(Errno::INVAL);
        }
        let shares_port = this.options[option_index(SocketOption::ReusePort)];
        let reuses = this.options[option_index(SocketOption::ReuseAddress)];
        let mut address = *address;
        if address.port() == 0 {
            address.set_port(self.free_port());
        }
        for other in self.sockets.iter().flatten() {
            let is_listening = match other.state {
                State::Fresh => false,
                State::Listening { .. } => true,
                State::Connected(_) => continue,
            };
            let both_share = shares_port && other.options[option_index(SocketOption::ReusePort)];
            let both_reuse =
                reuses && other.options[option_index(SocketOption::ReuseAddress)] && !is_listening;
            if other.local.is_some_and(|local| overlaps(&local, &address)) && !both_share && !both_reuse {
                return Err(Errno::ADDRINUSE);
            }
        }
        self.find(socket)?.local = Some(address);
        Ok(())
    }

    fn listen(&mut self, socket: Descriptor, backlog: i32) -> Result<(), Errno> {
        let port = self.free_port();
        let this = self.find(socket)?;
        let limit = usize::try_from(backlog).unwrap_or(0) + 1;
        match &mut this.state {
            State::Fresh => {
                let any = match this.family {
                    AddressFamily::V4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
                    AddressFamily::V6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
                };
                this.local.get_or_insert(SocketAddr::new(any, port));
                this.state = State::Listening { queue: VecDeque::new(), queue_max: limit };
            }
            State::Listening { queue_max, .. } => *queue_max = limit,
            State::Connected(_) => return Err(Errno::INVAL),
        }
        Ok(())
    }

    fn local_address(&mut self, socket: Descriptor) -> Result<SocketAddr, Errno> {
        let this = self.find(socket)?;
        let any = match this.family {
            AddressFamily::V4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            AddressFamily::V6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        Ok(this.local.unwrap_or(SocketAddr::new(any, 0)))
    }

    fn peer_address(&mut self, socket: Descriptor) -> Result<SocketAddr, Errno> {
        let connection = self.connection(socket)?;
        if connection.is_broken { Err(Errno::NOTCONN) } else { Ok(connection.peer_address) }
    }

    fn option(&mut self, socket: Descriptor, option: SocketOption) -> Result<bool, Errno> {
        Ok(self.find(socket)?.options[option_index(option)])
    }

    fn set_option(&mut self, socket: Descriptor, option: SocketOption, on: bool) -> Result<(), Errno> {
        let this = self.find(socket)?;
        if option == SocketOption::V6Only && this.family == AddressFamily::V4 {
            return Err(Errno::NOPROTOOPT);
        }
        this.options[option_index(option)] = on;
        Ok(())
    }

    fn take_error(&mut self, socket: Descriptor) -> Result<Option<Errno>, Errno> {
        match &mut self.find(socket)?.state {
            State::Connected(connection) => Ok(connection.error.take()),
            _ => Ok(None),
        }
    }

    fn receive_now(&mut self, socket: Descriptor, buffer: &mut [u8]) -> Result<usize, Errno> {
        let available = self.connection(socket)?.received.len().min(buffer.len());
        let count = self.portion(available);
        let connection = self.connection(socket)?;
        if count == 0 {
            if let Some(error) = connection.error.take() {
                return Err(error);
            }
            return if connection.has_ended { Ok(0) } else { Err(Errno::AGAIN) };
        }
        for (slot, byte) in buffer.iter_mut().zip(connection.received.drain(..count)) {
            *slot = byte;
        }
        let peer = connection.peer;
        self.notify(peer.index, Direction::Write);
        Ok(count)
    }

    fn send_now(&mut self, socket: Descriptor, bytes: &[u8]) -> Result<usize, Errno> {
        let connection = self.connection(socket)?;
        if let Some(error) = connection.error.take() {
            return Err(error);
        }
        if connection.is_broken || connection.is_shut {
            return Err(Errno::PIPE);
        }
        let peer = connection.peer;
        let count = self.room_at(peer).min(bytes.len());
        if count == 0 {
            return if bytes.is_empty() { Ok(0) } else { Err(Errno::AGAIN) };
        }
        let count = self.portion(count);
        let arrival_ns = self.clock_ns.get() + self.latency_ns();
        let from = self.find(socket)?.id;
        let connection = self.connection(socket)?;
        connection.last_arrival_ns = connection.last_arrival_ns.max(arrival_ns);
        let time_ns = connection.last_arrival_ns;
        if let Some(peer) = self.connection_by_id(peer) {
            peer.arriving_bytes += count;
        }
        self.schedule_at(time_ns, Event::Data { to: peer, from, bytes: bytes[..count].to_vec() });
        Ok(count)
    }

    fn shutdown_now(&mut self, socket: Descriptor) -> Result<(), Errno> {
        let latency_ns = self.latency_ns();
        let arrival_ns = self.clock_ns.get() + latency_ns;
        let connection = self.connection(socket)?;
        if connection.is_broken {
            return Err(Errno::NOTCONN);
        }
        if !connection.is_shut {
            connection.is_shut = true;
            connection.last_arrival_ns = connection.last_arrival_ns.max(arrival_ns);
            let (time_ns, to) = (connection.last_arrival_ns, connection.peer);
            self.schedule_at(time_ns, Event::End { to });
        }
        Ok(())
    }
}
