//! A random program: clients that talk to an echo server while receives are
//! cancelled, connections reset and transfers cut.
//!
//! What a client gets back must be the beginning of what it sent, and all of it if no fault
//! happened; every operation must end; nothing may be left open. On the simulation
//! the same seed gives the same run.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use tclring_runtime::driver::{
    Descriptor, Done, Driver, Errno, Op, Outcome, Outgoing, Sim, SimOptions, SocketAddr, Token,
};

use crate::world::{World, pattern};

/// No program needs more turns than this.
const TURNS_MAX: u32 = 200_000;

/// What a seed came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    /// Of everything that was delivered, with its time.
    pub(crate) hash: u64,
    pub(crate) bytes_echoed: usize,
    pub(crate) faults: u32,
}

/// One end of a connection.
struct End {
    socket: Descriptor,
    receive: Option<Token>,
    is_sending: bool,
    has_ended: bool,
    /// A client's message, of which `position` bytes were handed to sends; what a server received
    /// and has not sent back.
    bytes: Vec<u8>,
    position: usize,
    /// What a client got back.
    echoed: Vec<u8>,
    is_client: bool,
    is_connected: bool,
    is_shut: bool,
}

struct Storm {
    world: World,
    address: SocketAddr,
    listener: Descriptor,
    accept: Token,
    random: u64,
    /// The open ends by number; unlike descriptors, these are not used again.
    ends: BTreeMap<u64, End>,
    ends_made: u64,
    /// Which end a token is for.
    tokens: BTreeMap<Token, u64>,
    bytes_echoed: usize,
    faults: u32,
    hasher: DefaultHasher,
}

/// Runs the program of a seed on a simulation that has the same one.
pub(crate) fn simulate(options: SimOptions) -> Trace {
    let seed = options.seed;
    run(Box::new(Sim::new(options)), seed)
}

/// Runs the program of a seed.
pub(crate) fn run(driver: Box<dyn Driver>, seed: u64) -> Trace {
    let mut world = World::new(driver);
    let (listener, address) = world.listener();
    let accept = world.submit(Op::Accept { listener });
    let mut storm = Storm {
        world,
        address,
        listener,
        accept,
        random: seed | 1,
        ends: BTreeMap::new(),
        ends_made: 0,
        tokens: BTreeMap::new(),
        bytes_echoed: 0,
        faults: 0,
        hasher: DefaultHasher::new(),
    };
    for _ in 0..=storm.below(5) {
        storm.start_client();
    }
    let mut turns = 0;
    while !storm.ends.is_empty() {
        turns += 1;
        assert!(turns < TURNS_MAX, "the program of seed {seed} does not end");
        storm.turn();
    }
    storm.finish()
}

impl Storm {
    /// A random number below a limit, from a generator of the program's own.
    fn below(&mut self, limit: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % limit
    }

    fn submit(&mut self, end: u64, op: Op) -> Token {
        let token = self.world.submit(op);
        self.tokens.insert(token, end);
        token
    }

    fn start_client(&mut self) {
        let socket = self.world.socket();
        let bytes = pattern(self.below(3000) as usize);
        let end = self.insert(socket, bytes, true);
        self.connect(end);
    }

    fn insert(&mut self, socket: Descriptor, bytes: Vec<u8>, is_client: bool) -> u64 {
        let is_new = self.ends.values().all(|end| end.socket != socket);
        assert!(is_new, "numbers of open sockets are not given twice");
        let end = End {
            socket,
            receive: None,
            is_sending: false,
            has_ended: false,
            bytes,
            position: 0,
            echoed: Vec::new(),
            is_client,
            is_connected: !is_client,
            is_shut: false,
        };
        self.ends_made += 1;
        self.ends.insert(self.ends_made, end);
        self.ends_made
    }

    fn connect(&mut self, id: u64) {
        let (socket, address) = (self.end(id).socket, self.address);
        self.submit(id, Op::Connect { socket, address });
    }

    fn receive(&mut self, id: u64) {
        let socket = self.end(id).socket;
        let op = match self.below(4) {
            0 => Op::ReceiveOnce { socket, bytes_max: 1 + self.below(500) as usize },
            _ => Op::Receive { socket },
        };
        let token = self.submit(id, op);
        self.end(id).receive = Some(token);
    }

    fn end(&mut self, id: u64) -> &mut End {
        self.ends.get_mut(&id).expect("the end is open")
    }

    /// One turn: something random, a wait, and what follows from it.
    fn turn(&mut self) {
        self.interfere();
        let now = self.world.driver.now();
        let deadline_ns = now + self.below(3_000_000);
        self.world.turn(deadline_ns);
        for done in std::mem::take(&mut self.world.pending) {
            self.complete(done);
        }
    }

    /// Cancels a receive now and then, at once or in the background.
    fn interfere(&mut self) {
        if self.below(8) != 0 || self.ends.is_empty() {
            return;
        }
        let index = self.below(self.ends.len() as u64) as usize;
        let receive = self.ends.values().nth(index).and_then(|end| end.receive);
        let Some(token) = receive else { return };
        if self.below(2) == 0 {
            self.world.driver.cancel(token);
        } else if !self.world.has_ended(token) {
            self.world.cancel_and_reap(token);
        }
    }

    fn complete(&mut self, done: Done) {
        let kind = std::mem::discriminant(&done.outcome);
        (done.token, done.tag, done.more, kind, self.world.driver.now()).hash(&mut self.hasher);
        if done.token == self.accept {
            return self.complete_accept(done);
        }
        let id = self.tokens[&done.token];
        let Some(end) = self.ends.get_mut(&id) else {
            // It was closed while this stood in the list.
            return;
        };
        if !done.more && end.receive == Some(done.token) {
            end.receive = None;
        }
        match done.outcome {
            Outcome::Connected => {
                self.end(id).is_connected = true;
                self.receive(id);
            }
            Outcome::Received(lent) => {
                lent.hash(&mut self.hasher);
                let end = self.end(id);
                if end.is_client { &mut end.echoed } else { &mut end.bytes }.extend_from_slice(&lent);
                if end.receive.is_none() {
                    self.receive(id);
                }
            }
            Outcome::Sent(bytes) => {
                let end = self.end(id);
                end.is_sending = false;
                end.position += bytes.len();
            }
            Outcome::ShutDown => {}
            Outcome::Cancelled => self.receive(id),
            Outcome::EndOfStream => self.end(id).has_ended = true,
            Outcome::Failed(Errno::CONNREFUSED) => return self.connect(id),
            Outcome::Unsent { .. } | Outcome::Failed(_) => {
                self.faults += 1;
                let end = self.end(id);
                end.has_ended = true;
                end.position = end.bytes.len();
                end.is_sending = false;
            }
            other => panic!("nothing here ends with {other:?}"),
        }
        self.go_on(id);
    }

    fn complete_accept(&mut self, done: Done) {
        match done.outcome {
            Outcome::Accepted(socket) => {
                let id = self.insert(socket, Vec::new(), false);
                self.receive(id);
            }
            Outcome::Failed(Errno::MFILE) => {
                assert!(!done.more);
                self.accept = self.world.submit(Op::Accept { listener: self.listener });
            }
            other => panic!("an accept does not give {other:?}"),
        }
    }

    /// Sends what there is to send, and closes what is done.
    fn go_on(&mut self, id: u64) {
        let Some(end) = self.ends.get(&id) else { return };
        if end.is_sending || !end.is_connected {
            return;
        }
        let socket = end.socket;
        let rest = end.bytes.len() - end.position;
        if rest > 0 {
            let count = 1 + self.below(rest as u64) as usize;
            let end = self.end(id);
            end.is_sending = true;
            let bytes = end.bytes[end.position..end.position + count].to_vec();
            self.submit(id, Op::Send { socket, bytes: Outgoing::Owned(bytes), start: 0 });
        } else if self.end(id).has_ended {
            self.close(id);
        } else if self.end(id).is_client && !self.end(id).is_shut {
            // After its last byte a client only receives.
            self.end(id).is_shut = true;
            self.submit(id, Op::Shutdown { socket });
        }
    }

    fn close(&mut self, id: u64) {
        let end = self.ends.remove(&id).expect("it was open");
        self.world.close(end.socket);
        if end.is_client {
            assert!(end.bytes.starts_with(&end.echoed), "an echo is what was sent");
            assert!(self.faults > 0 || end.bytes == end.echoed, "all comes back unless something breaks");
            self.bytes_echoed += end.echoed.len();
        }
    }

    fn finish(mut self) -> Trace {
        self.world.cancel_and_reap(self.accept);
        self.world.close(self.listener);
        for done in std::mem::take(&mut self.world.pending) {
            if let Outcome::Accepted(socket) = done.outcome {
                self.world.close(socket);
            }
        }
        assert_eq!(self.world.in_flight(), 0);
        assert_eq!(self.world.driver.report().counters.buffers_lent, 0);
        Trace { hash: self.hasher.finish(), bytes_echoed: self.bytes_echoed, faults: self.faults }
    }
}
