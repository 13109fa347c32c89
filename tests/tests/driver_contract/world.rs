//! A driver under test, with the completions it has delivered and the rules that hold for all.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use tclring_runtime::driver::{
    AddressFamily, Descriptor, Done, Driver, Errno, Op, Outcome, Outgoing, SocketAddr, SocketOption, Token,
};

/// How long any single expectation may take on the driver's clock.
const PATIENCE_NS: u64 = 20_000_000_000;

/// A driver and what it has said.
pub(crate) struct World {
    pub(crate) driver: Box<dyn Driver>,
    /// Completions that no expectation has taken yet.
    pub(crate) pending: Vec<Done>,
    /// How many ends each token has had; a submitted operation starts with none.
    ends: BTreeMap<Token, u32>,
    submitted: u64,
    ended: u64,
}

impl World {
    pub(crate) fn new(driver: Box<dyn Driver>) -> Self {
        Self { driver, pending: Vec::new(), ends: BTreeMap::new(), submitted: 0, ended: 0 }
    }

    pub(crate) fn submit(&mut self, op: Op) -> Token {
        self.submitted += 1;
        let token = self.driver.submit(op, self.submitted);
        assert!(self.ends.insert(token, 0).is_none_or(|ends| ends == 1), "a token was given while alive");
        token
    }

    /// One wait, whose completions are checked against the rules.
    pub(crate) fn turn(&mut self, deadline_ns: u64) {
        let mut done = Vec::new();
        self.driver.wait(Some(deadline_ns), &mut done).expect("the driver works");
        self.note(done);
    }

    pub(crate) fn cancel_and_reap(&mut self, token: Token) {
        let mut done = Vec::new();
        self.driver.cancel_and_reap(token, &mut done).expect("the driver works");
        self.note(done);
        assert_eq!(self.ends.get(&token), Some(&1), "the operation has ended when this returns");
    }

    fn note(&mut self, done: Vec<Done>) {
        for done in &done {
            let ends = self.ends.get_mut(&done.token).expect("completions belong to operations");
            assert_eq!(*ends, 0, "nothing comes after the end: {done:?}");
            assert!(done.tag >= 1 && done.tag <= self.submitted, "tags come back");
            if !done.more {
                *ends = 1;
                self.ended += 1;
            }
            if let Outcome::Received(bytes) = &done.outcome {
                assert!(!bytes.is_empty(), "no receive is empty");
            }
        }
        self.pending.extend(done);
    }

    pub(crate) fn has_ended(&self, token: Token) -> bool {
        self.ends.get(&token) == Some(&1)
    }

    /// How many operations have not ended.
    pub(crate) fn in_flight(&self) -> u64 {
        self.submitted - self.ended
    }

    /// The next completion of an operation.
    pub(crate) fn next(&mut self, token: Token) -> Done {
        let limit_ns = self.driver.now() + PATIENCE_NS;
        loop {
            if let Some(index) = self.pending.iter().position(|done| done.token == token) {
                return self.pending.remove(index);
            }
            assert!(self.driver.now() < limit_ns, "no completion came");
            self.turn(limit_ns);
        }
    }

    /// Waits until a condition holds.
    pub(crate) fn until(&mut self, mut is_met: impl FnMut(&mut Self) -> bool) {
        let limit_ns = self.driver.now() + PATIENCE_NS;
        while !is_met(self) {
            assert!(self.driver.now() < limit_ns, "it did not happen");
            self.turn(limit_ns);
        }
    }

    /// Lets some time pass and collects what happens.
    pub(crate) fn settle(&mut self) {
        let limit_ns = self.driver.now() + 30_000_000;
        while self.driver.now() < limit_ns {
            self.turn(limit_ns);
        }
    }

    pub(crate) fn close(&mut self, descriptor: Descriptor) {
        let token = self.submit(Op::Close { descriptor });
        assert!(matches!(self.next(token).outcome, Outcome::Closed), "closing works");
    }

    /// A listener on a free port of the loopback, and its address.
    pub(crate) fn listener(&mut self) -> (Descriptor, SocketAddr) {
        let any = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let listener = self.listen_on(&any).expect("a port is free");
        let address = self.driver.net().local_address(listener).expect("a bound socket has a name");
        (listener, address)
    }

    pub(crate) fn listen_on(&mut self, address: &SocketAddr) -> Result<Descriptor, Errno> {
        let net = self.driver.net();
        let listener = net.socket(AddressFamily::of(address))?;
        let result = net.bind(listener, address).and_then(|()| net.listen(listener, 4096));
        match result {
            Ok(()) => Ok(listener),
            Err(error) => {
                self.driver.close_now(listener).expect("nothing runs on it");
                Err(error)
            }
        }
    }

    pub(crate) fn socket(&mut self) -> Descriptor {
        self.driver.net().socket(AddressFamily::V4).expect("there are descriptors left")
    }

    /// A connection: the client's end and the server's.
    pub(crate) fn pair(&mut self) -> (Descriptor, Descriptor) {
        let (listener, address) = self.listener();
        let accept = self.submit(Op::Accept { listener });
        let client = self.socket();
        let connect = self.submit(Op::Connect { socket: client, address });
        let outcome = self.next(connect).outcome;
        assert!(matches!(outcome, Outcome::Connected), "{outcome:?}");
        let server = self.accepted(accept);
        self.driver.net().set_option(client, SocketOption::NoDelay, true).expect("an option of TCP");
        self.cancel_and_reap(accept);
        self.pending.clear();
        self.close(listener);
        (client, server)
    }

    pub(crate) fn accepted(&mut self, accept: Token) -> Descriptor {
        match self.next(accept).outcome {
            Outcome::Accepted(socket) => socket,
            other => panic!("expected a connection, got {other:?}"),
        }
    }

    pub(crate) fn send(&mut self, socket: Descriptor, bytes: &[u8]) -> Token {
        self.submit(Op::Send { socket, bytes: Outgoing::Owned(bytes.to_vec()), start: 0 })
    }

    pub(crate) fn send_all(&mut self, socket: Descriptor, bytes: &[u8]) {
        let token = self.send(socket, bytes);
        match self.next(token).outcome {
            Outcome::Sent(back) => assert_eq!(&*back, bytes, "the buffer comes back"),
            other => panic!("expected to send, got {other:?}"),
        }
    }

    /// Receives until there are so many bytes.
    pub(crate) fn receive_count(&mut self, receive: Token, count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            match self.next(receive).outcome {
                Outcome::Received(lent) => bytes.extend_from_slice(&lent),
                other => panic!("expected bytes after {}, got {other:?}", bytes.len()),
            }
        }
        bytes
    }
}

/// Bytes in which every displacement shows.
pub(crate) fn pattern(count: usize) -> Vec<u8> {
    (0..count as u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}
