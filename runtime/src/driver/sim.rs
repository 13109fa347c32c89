//! The simulated driver: a network in memory under a virtual clock, all from one seed.
//!
//! Operations are tried when they are submitted, and again whenever something happens to their
//! socket. Waiting costs no time but advances the clock to the next event. What happens depends on
//! the seed and on the operations alone: descriptors of the operating system can be closed, but a
//! poll on one is refused. Only a [`Waker`] lets real time pass, when there is nothing else to wait
//! for.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::AsRawFd;
use std::rc::Rc;

use rustix::event::{PollFd, PollFlags, poll};

use super::lent::Pool;
use super::net::is_transient;
use super::sim_net::{Event, FIRST_SOCKET, SimNet};
use super::slots::{Direction, Slots, Users};
use super::uring::{close, lend};
use super::uring_driver::failure;
use super::{
    Counters, Descriptor, Done, Driver, Errno, Net, Op, Outcome, Outgoing, Report, SimOptions, Token,
};
use super::{SocketAddr, Waker, monotonic_ns};

/// How many results an operation delivers at most before others have a turn.
const RESULTS_PER_ATTEMPT_MAX: u32 = 16;

/// A driver without an operating system.
pub struct Sim {
    net: SimNet,
    slots: Slots<Running>,
    users: BTreeMap<Descriptor, Users>,
    pool: Rc<Pool>,
    finished: Vec<Done>,
    waker: Option<Waker>,
    counters: Counters,
}

struct Running {
    work: Work,
    is_cancelled: bool,
    /// Whether an attempt is scheduled.
    is_scheduled: bool,
}

#[derive(Debug)]
enum Work {
    Accept { listener: Descriptor },
    Receive { socket: Descriptor },
    ReceiveOnce { socket: Descriptor, bytes_max: usize },
    Send { socket: Descriptor, bytes: Outgoing, next: usize },
    Connect { socket: Descriptor, address: SocketAddr },
    Shutdown { socket: Descriptor },
    Poll { descriptor: Descriptor, write: bool },
    Close { descriptor: Descriptor },
}

impl Sim {
    /// Makes a simulation.
    #[must_use]
    pub fn new(options: SimOptions) -> Self {
        Self {
            net: SimNet::new(options),
            slots: Slots::new(),
            users: BTreeMap::new(),
            pool: Rc::default(),
            finished: Vec::new(),
            waker: None,
            counters: Counters::default(),
        }
    }

    fn start(&mut self, tag: u64, work: Work) -> Token {
        let (descriptor, direction) = use_of(&work);
        let token = self.slots.insert(tag, Running { work, is_cancelled: false, is_scheduled: false });
        if !descriptor.is_plausible() {
            self.fail(token, Errno::BADF);
            return token;
        }
        let users = self.users.entry(descriptor).or_default();
        if !users.is_free(direction) {
            self.fail(token, Errno::BUSY);
            return token;
        }
        *users.of(direction) = Some(token);
        self.schedule(token);
        token
    }

    fn start_close(&mut self, tag: u64, descriptor: Descriptor) -> Token {
        let work = Work::Close { descriptor };
        let token = self.slots.insert(tag, Running { work, is_cancelled: false, is_scheduled: false });
        let users = self.users.entry(descriptor).or_default();
        if users.closer.is_some() {
            self.fail(token, Errno::BUSY);
            return token;
        }
        users.closer = Some(token);
        let others = *users;
        for other in [others.reader, others.writer].into_iter().flatten() {
            self.cancel(other);
        }
        self.close_if_idle(descriptor);
        token
    }

    fn close_if_idle(&mut self, descriptor: Descriptor) {
        let users = self.users.entry(descriptor).or_default();
        let Some(closer) = users.closer else { return };
        if !users.is_idle() {
            return;
        }
        self.users.remove(&descriptor);
        let result = self.close(descriptor);
        let (tag, _) = self.slots.remove(closer).expect("an operation ends once");
        let outcome = result.map_or_else(Outcome::Failed, |()| Outcome::Closed);
        self.finished.push(Done { token: closer, tag, more: false, outcome });
    }

    fn close(&mut self, descriptor: Descriptor) -> Result<(), Errno> {
        if is_foreign(descriptor) { close(descriptor) } else { self.net.close(descriptor) }
    }

    fn schedule(&mut self, token: Token) {
        let Some(running) = self.slots.get_mut(token) else { return };
        if !running.is_scheduled {
            running.is_scheduled = true;
            self.net.schedule_attempt(token);
        }
    }

    fn deliver(&mut self, token: Token, outcome: Outcome) {
        let tag = self.slots.tag(token);
        self.finished.push(Done { token, tag, more: true, outcome });
    }

    fn end(&mut self, token: Token, outcome: impl FnOnce(&mut Self, Work) -> Outcome) {
        let (tag, running) = self.slots.remove(token).expect("an operation ends once");
        let (descriptor, direction) = use_of(&running.work);
        let outcome = outcome(self, running.work);
        self.finished.push(Done { token, tag, more: false, outcome });
        let Some(users) = self.users.get_mut(&descriptor) else { return };
        if *users.of(direction) == Some(token) {
            *users.of(direction) = None;
            if users.closer.is_some() {
                self.close_if_idle(descriptor);
            } else if users.is_idle() {
                self.users.remove(&descriptor);
            }
        }
    }

    fn finish(&mut self, token: Token, outcome: Outcome) {
        self.end(token, |_, _| outcome);
    }

    fn fail(&mut self, token: Token, error: Errno) {
        self.end(token, |driver, work| match work {
            Work::Send { bytes, next, .. } => {
                driver.counters.sends += 1;
                Outcome::Unsent { bytes, next, error }
            }
            _ => failure(error),
        });
    }

    /// Tries an operation. What would block is tried again when its socket has news.
    fn attempt(&mut self, token: Token) {
        let Some(running) = self.slots.get_mut(token) else { return };
        running.is_scheduled = false;
        let is_cancelled = running.is_cancelled;
        // A cancelled receive may have received something before it learns of the cancel.
        let is_late = is_cancelled && matches!(running.work, Work::Receive { .. });
        if is_cancelled && !(is_late && self.net.random.happens(500_000)) {
            return self.fail(token, Errno::CANCELED);
        }
        let error = match self.step(token) {
            Ok(()) => return,
            Err(error) => error,
        };
        match error {
            _ if self.slots.get(token).is_none() => {}
            Errno::AGAIN if is_cancelled => self.fail(token, Errno::CANCELED),
            Errno::AGAIN => {}
            error => self.fail(token, error),
        }
    }

    /// One try. `EAGAIN` means to wait for news; operations that go on schedule themselves.
    fn step(&mut self, token: Token) -> Result<(), Errno> {
        let Some(Running { work, .. }) = self.slots.get_mut(token) else { return Ok(()) };
        match work {
            Work::Accept { listener } => {
                let listener = *listener;
                self.accept(token, listener)
            }
            Work::Receive { socket } => {
                let socket = *socket;
                self.receive(token, socket)
            }
            Work::ReceiveOnce { socket, bytes_max } => {
                let mut buffer = self.pool.bulk(*bytes_max);
                let count = self.net.receive_now(*socket, &mut buffer.bytes)?;
                if count == 0 {
                    self.finish(token, Outcome::EndOfStream);
                    return Ok(());
                }
                self.count_receive(count);
                let lent = self.pool.lend_whole(buffer, count);
                self.finish(token, Outcome::Received(lent));
                Ok(())
            }
            Work::Send { .. } => self.send(token),
            Work::Connect { socket, address } => {
                let (socket, address) = (*socket, *address);
                match self.net.connect(socket, &address) {
                    Ok(()) => self.finish(token, Outcome::Connected),
                    Err(Errno::AGAIN) => self.net.schedule_late_attempt(token),
                    Err(error) => return Err(error),
                }
                Ok(())
            }
            Work::Poll { descriptor, write } => {
                let (descriptor, write) = (*descriptor, *write);
                self.poll(token, descriptor, write)
            }
            Work::Shutdown { .. } | Work::Close { .. } => unreachable!("these end when they are submitted"),
        }
    }

    fn accept(&mut self, token: Token, listener: Descriptor) -> Result<(), Errno> {
        for _ in 0..RESULTS_PER_ATTEMPT_MAX {
            match self.net.accept(listener) {
                Ok(socket) => {
                    self.counters.accepts += 1;
                    self.deliver(token, Outcome::Accepted(socket));
                }
                Err(error) if error != Errno::AGAIN && is_transient(error) => {}
                Err(error) => return Err(error),
            }
        }
        self.schedule(token);
        Ok(())
    }

    fn receive(&mut self, token: Token, socket: Descriptor) -> Result<(), Errno> {
        for _ in 0..RESULTS_PER_ATTEMPT_MAX {
            let mut buffer = self.pool.large();
            let count = match self.net.receive_now(socket, &mut buffer.bytes) {
                Ok(0) => {
                    self.pool.keep(buffer);
                    self.finish(token, Outcome::EndOfStream);
                    return Ok(());
                }
                Ok(count) => count,
                Err(error) => {
                    self.pool.keep(buffer);
                    return Err(error);
                }
            };
            self.count_receive(count);
            let lent = self.pool.lend(buffer, count);
            self.deliver(token, Outcome::Received(lent));
        }
        self.schedule(token);
        Ok(())
    }

    fn count_receive(&mut self, bytes: usize) {
        self.counters.receives += 1;
        self.counters.bytes_received += bytes as u64;
    }

    fn send(&mut self, token: Token) -> Result<(), Errno> {
        let Some(Running { work: Work::Send { socket, bytes, next }, .. }) = self.slots.get_mut(token) else {
            unreachable!("only sends come here");
        };
        let count = self.net.send_now(*socket, &bytes[*next..])?;
        *next += count;
        let is_complete = *next == bytes.len();
        self.counters.bytes_sent += count as u64;
        if is_complete {
            self.end(token, |driver, work| {
                driver.counters.sends += 1;
                let Work::Send { bytes, .. } = work else { unreachable!("only sends come here") };
                Outcome::Sent(bytes)
            });
        } else {
            self.schedule(token);
        }
        Ok(())
    }

    fn poll(&mut self, token: Token, descriptor: Descriptor, write: bool) -> Result<(), Errno> {
        if is_foreign(descriptor) {
            return Err(Errno::OPNOTSUPP);
        }
        let is_ready =
            if write { self.net.is_writable(descriptor)? } else { self.net.is_readable(descriptor)? };
        if !is_ready {
            return Err(Errno::AGAIN);
        }
        self.finish(token, Outcome::Ready);
        Ok(())
    }

    /// Does everything whose time has come.
    fn run_due(&mut self) {
        loop {
            for (descriptor, direction) in self.net.take_notices() {
                let user = self.users.get_mut(&descriptor).and_then(|users| *users.of(direction));
                if let Some(token) = user {
                    self.schedule(token);
                }
            }
            match self.net.pop_event() {
                Some(Event::Attempt(token)) => self.attempt(token),
                Some(event) => self.net.apply(event),
                None => return,
            }
        }
    }

    /// Lets time pass to the next event or the deadline. `false` if the deadline came first.
    fn pass_time(&mut self, deadline_ns: Option<u64>) -> io::Result<bool> {
        let next_ns = self.net.next_event_ns();
        let until_ns = match (next_ns, deadline_ns) {
            (Some(next_ns), Some(deadline_ns)) => Some(next_ns.min(deadline_ns)),
            (next_ns, deadline_ns) => next_ns.or(deadline_ns),
        };
        let Some(until_ns) = until_ns else {
            return match self.waker.clone() {
                Some(waker) => self.pass_real_time(&waker),
                None => Err(Errno::DEADLK.into()),
            };
        };
        self.net.advance_to(until_ns);
        Ok(next_ns == Some(until_ns))
    }

    /// Waits really, until the waker is used.
    fn pass_real_time(&mut self, waker: &Waker) -> io::Result<bool> {
        let start_ns = self.net.now();
        let real_start_ns = monotonic_ns();
        let event = Descriptor::new(waker.event().as_raw_fd());
        let mut polled = [PollFd::from_borrowed_fd(lend(event)?, PollFlags::IN)];
        let result = poll(&mut polled, None);
        self.net.advance_to(start_ns + (monotonic_ns() - real_start_ns));
        waker.drain();
        match result {
            Ok(_) | Err(Errno::INTR) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    fn run(&mut self, deadline_ns: Option<u64>) -> io::Result<()> {
        loop {
            self.run_due();
            let is_past = deadline_ns.is_some_and(|deadline_ns| self.net.now() >= deadline_ns);
            if !self.finished.is_empty() || is_past {
                return Ok(());
            }
            if let Some(waker) = &self.waker
                && !waker.fall_asleep()
            {
                waker.wake_up();
                self.counters.wakes += 1;
                return Ok(());
            }
            let result = self.pass_time(deadline_ns);
            if self.waker.as_ref().is_some_and(Waker::wake_up) {
                self.counters.wakes += 1;
                return result.map(|_| ());
            }
            self.counters.enters += 1;
            if !result? {
                return Ok(());
            }
        }
    }

    fn hand_over(&mut self, done: &mut Vec<Done>, may_hold_back: bool) {
        let mut held = Vec::new();
        if self.net.options.reorder && self.finished.len() > 1 {
            held = self.shuffle(may_hold_back);
        }
        self.counters.completions += self.finished.len() as u64;
        done.append(&mut self.finished);
        self.finished = held;
    }

    /// Puts completions of different operations in random order, and takes some away for later.
    /// A close stays behind the ends for which it waited.
    fn shuffle(&mut self, may_hold_back: bool) -> Vec<Done> {
        let mut keys: BTreeMap<Token, u64> = BTreeMap::new();
        for done in &self.finished {
            let is_close = matches!(done.outcome, Outcome::Closed);
            let key = if is_close { u64::MAX } else { self.net.random.next() >> 1 };
            keys.entry(done.token).or_insert(key);
        }
        self.finished.sort_by_key(|done| keys[&done.token]);
        if !may_hold_back || !self.net.random.happens(250_000) {
            return Vec::new();
        }
        let first = self.net.random.between(1, self.finished.len() as u64 - 1);
        self.finished.split_off(first as usize)
    }
}

impl Driver for Sim {
    fn submit(&mut self, op: Op, tag: u64) -> Token {
        self.counters.submissions += 1;
        match op {
            Op::Accept { listener } => self.start(tag, Work::Accept { listener }),
            Op::Receive { socket } => self.start(tag, Work::Receive { socket }),
            Op::ReceiveOnce { socket, bytes_max } => self.start(tag, Work::ReceiveOnce { socket, bytes_max }),
            Op::Send { socket, bytes, start } => {
                let next = start.min(bytes.len());
                self.start(tag, Work::Send { socket, bytes, next })
            }
            Op::Connect { socket, address } => self.start(tag, Work::Connect { socket, address }),
            Op::PollRead { descriptor } => self.start(tag, Work::Poll { descriptor, write: false }),
            Op::PollWrite { descriptor } => self.start(tag, Work::Poll { descriptor, write: true }),
            Op::Shutdown { socket } => {
                let work = Work::Shutdown { socket };
                let token =
                    self.slots.insert(tag, Running { work, is_cancelled: false, is_scheduled: false });
                let is_free = self.users.get_mut(&socket).is_none_or(|users| users.is_free(Direction::Write));
                let result = if is_free { self.net.shutdown_now(socket) } else { Err(Errno::BUSY) };
                self.finish(token, result.map_or_else(Outcome::Failed, |()| Outcome::ShutDown));
                token
            }
            Op::Close { descriptor } => self.start_close(tag, descriptor),
        }
    }

    fn cancel(&mut self, token: Token) {
        let Some(running) = self.slots.get_mut(token) else { return };
        if !matches!(running.work, Work::Close { .. }) {
            running.is_cancelled = true;
            self.schedule(token);
        }
    }

    fn cancel_and_reap(&mut self, token: Token, done: &mut Vec<Done>) -> io::Result<()> {
        self.cancel(token);
        let is_close = |running: &Running| matches!(running.work, Work::Close { .. });
        if self.slots.get(token).is_some_and(|running| !is_close(running)) {
            self.fail(token, Errno::CANCELED);
        }
        self.hand_over(done, false);
        Ok(())
    }

    fn wait(&mut self, deadline_ns: Option<u64>, done: &mut Vec<Done>) -> io::Result<()> {
        self.run(deadline_ns)?;
        self.hand_over(done, true);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.run_due();
        Ok(())
    }

    fn now(&self) -> u64 {
        self.net.now()
    }

    fn wall_clock(&self) -> i64 {
        self.net.wall_clock()
    }

    fn adopt(&mut self, _: Descriptor) {}

    fn release(&mut self, descriptor: Descriptor) {
        let is_unused = self.users.remove(&descriptor).is_none_or(Users::is_unused);
        debug_assert!(is_unused, "operations have ended before their descriptor goes");
    }

    fn close_now(&mut self, descriptor: Descriptor) -> Result<(), Errno> {
        if self.users.get(&descriptor).is_some_and(|users| !users.is_unused()) {
            return Err(Errno::BUSY);
        }
        self.users.remove(&descriptor);
        self.close(descriptor)
    }

    fn net(&mut self) -> &mut dyn Net {
        &mut self.net
    }

    fn waker(&mut self) -> io::Result<Waker> {
        if let Some(waker) = &self.waker {
            return Ok(waker.clone());
        }
        let waker = Waker::new()?;
        self.waker = Some(waker.clone());
        Ok(waker)
    }

    fn report(&self) -> Report {
        let counters = Counters { buffers_lent: self.pool.lent_count(), ..self.counters };
        Report { driver: "sim", features: Vec::new(), counters }
    }
}

/// Whether a descriptor is the operating system's.
fn is_foreign(descriptor: Descriptor) -> bool {
    (0..FIRST_SOCKET).contains(&descriptor.number())
}

/// The descriptor of an operation, and how it is used. Only closing stands apart.
fn use_of(work: &Work) -> (Descriptor, Direction) {
    match work {
        Work::Accept { listener } => (*listener, Direction::Read),
        Work::Receive { socket } | Work::ReceiveOnce { socket, .. } => (*socket, Direction::Read),
        Work::Send { socket, .. } | Work::Connect { socket, .. } | Work::Shutdown { socket } => {
            (*socket, Direction::Write)
        }
        Work::Poll { descriptor, write: false } => (*descriptor, Direction::Read),
        Work::Poll { descriptor, write: true } | Work::Close { descriptor } => {
            (*descriptor, Direction::Write)
        }
    }
}
