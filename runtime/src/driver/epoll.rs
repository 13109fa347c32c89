//! The epoll driver: readiness turned into completions.
//!
//! Every operation is tried first. One that would block waits for an edge: each socket is
//! registered once, for both directions, edge-triggered, and never modified. Other descriptors
//! (pipes, terminals) may be closed or used behind our back, so they are registered for one event
//! at a time, only while a poll runs on them.

use std::io;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::SendFlags;

use super::lent::Pool;
use super::net::{HostNet, is_transient};
use super::slots::{ByDescriptor, Direction, Slots, Users};
use super::uring::{close, give_away, lend};
use super::uring_driver::failure;
use super::{
    Counters, Descriptor, Done, Driver, Errno, Net, Op, Outcome, Outgoing, Report, SocketAddr, Token, Waker,
};
use crate::host::clock;

/// How many events one system call may bring.
const EVENTS_MAX: usize = 1024;
/// How many connections one listener may deliver in a turn, so that it cannot starve the others.
const ACCEPTS_PER_TURN_MAX: u32 = 64;
/// The event data of the waker; no descriptor has this number.
const WAKER_DATA: u64 = u64::MAX;
/// Timeouts below this are waited for to the nanosecond, at the price of a second system call;
/// longer ones are rounded up to a millisecond.
const EXACT_TIMEOUT_NS: u64 = 20_000_000;

/// A driver on epoll.
pub struct Epoll {
    epoll: OwnedFd,
    slots: Slots<Running>,
    rows: ByDescriptor<Row>,
    net: HostNet,
    pool: Rc<Pool>,
    /// Operations to try in the next turn.
    ready: Vec<Token>,
    finished: Vec<Done>,
    events: Vec<Event>,
    /// Whether the last turn returned without looking for events.
    has_skipped_look: bool,
    waker: Option<Waker>,
    counters: Counters,
}

struct Running {
    work: Work,
    /// Whether it stands in the list of ready operations.
    is_ready: bool,
}

enum Work {
    Accept { listener: Descriptor },
    Receive { socket: Descriptor },
    ReceiveOnce { socket: Descriptor, bytes_max: usize },
    Send { socket: Descriptor, bytes: Outgoing, next: usize },
    Connect { socket: Descriptor, address: SocketAddr, started: bool },
    Shutdown { socket: Descriptor },
    Poll { descriptor: Descriptor, write: bool },
    Close { descriptor: Descriptor },
}

/// What is known of a descriptor.
#[derive(Clone, Copy, Default)]
struct Row {
    users: Users,
    is_socket: bool,
    is_registered: bool,
    /// Whether the peer has closed its half or the connection is broken: the end may share an edge
    /// with data, so reads go on after a short one.
    is_ending: bool,
}

/// What trying an operation came to.
enum Attempt {
    /// It waits for an edge.
    Waits,
    /// It goes on, and should be tried again in the next turn.
    Again,
    /// It has ended.
    Ended,
}

impl Epoll {
    /// Makes a driver.
    ///
    /// # Errors
    ///
    /// When the system refuses the descriptor.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            epoll: epoll::create(CreateFlags::CLOEXEC)?,
            slots: Slots::new(),
            rows: ByDescriptor::new(),
            net: HostNet::new(true),
            pool: Rc::default(),
            ready: Vec::new(),
            finished: Vec::new(),
            events: Vec::with_capacity(EVENTS_MAX),
            has_skipped_look: false,
            waker: None,
            counters: Counters::default(),
        })
    }

    fn start(&mut self, tag: u64, work: Work) -> Token {
        self.note_new_sockets();
        let (descriptor, direction) = use_of(&work);
        let token = self.slots.insert(tag, Running { work, is_ready: false });
        if !descriptor.is_plausible() {
            self.fail(token, Errno::BADF);
            return token;
        }
        let row = self.rows.row(descriptor);
        if !row.users.is_free(direction) {
            self.fail(token, Errno::BUSY);
            return token;
        }
        *row.users.of(direction) = Some(token);
        self.make_ready(token);
        token
    }

    /// Remembers which descriptors are sockets of our own, before anything else becomes of them.
    fn note_new_sockets(&mut self) {
        for socket in self.net.made.drain(..) {
            *self.rows.row(socket) = Row { is_socket: true, ..Row::default() };
        }
    }

    fn start_close(&mut self, tag: u64, descriptor: Descriptor) -> Token {
        let token = self.slots.insert(tag, Running { work: Work::Close { descriptor }, is_ready: false });
        if !descriptor.is_plausible() {
            self.fail(token, Errno::BADF);
            return token;
        }
        let users = &mut self.rows.row(descriptor).users;
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

    /// Performs a close that waited for other operations to end.
    fn close_if_idle(&mut self, descriptor: Descriptor) {
        let row = self.rows.row(descriptor);
        let Some(closer) = row.users.closer else { return };
        if !row.users.is_idle() {
            return;
        }
        let result = self.close_and_forget(descriptor);
        let (tag, _) = self.slots.remove(closer).expect("an operation ends once");
        let outcome = result.map_or_else(Outcome::Failed, |()| Outcome::Closed);
        self.finished.push(Done { token: closer, tag, more: false, outcome });
    }

    /// Closes, which ends the registration, unless another process has the same socket open; then
    /// its edges cause a vain try on the next socket of this number, at worst.
    fn close_and_forget(&mut self, descriptor: Descriptor) -> Result<(), Errno> {
        self.note_new_sockets();
        *self.rows.row(descriptor) = Row::default();
        close(descriptor)
    }

    fn forget(&mut self, descriptor: Descriptor) {
        self.note_new_sockets();
        let row = std::mem::take(self.rows.row(descriptor));
        if row.is_registered
            && let Ok(borrowed) = lend(descriptor)
        {
            // It may be closed already; then there is nothing to take back.
            let _ = epoll::delete(&self.epoll, borrowed);
        }
    }

    fn make_ready(&mut self, token: Token) {
        let Some(running) = self.slots.get_mut(token) else { return };
        if !running.is_ready {
            running.is_ready = true;
            self.ready.push(token);
        }
    }

    fn deliver(&mut self, token: Token, outcome: Outcome) {
        let tag = self.slots.tag(token);
        self.finished.push(Done { token, tag, more: true, outcome });
    }

    /// Ends an operation with what `outcome` makes of it.
    fn end(&mut self, token: Token, outcome: impl FnOnce(&mut Self, Work) -> Outcome) -> Attempt {
        let (tag, running) = self.slots.remove(token).expect("an operation ends once");
        let (descriptor, direction) = use_of(&running.work);
        let outcome = outcome(self, running.work);
        self.finished.push(Done { token, tag, more: false, outcome });
        if !descriptor.is_plausible() {
            return Attempt::Ended;
        }
        let row = self.rows.row(descriptor);
        if *row.users.of(direction) == Some(token) {
            *row.users.of(direction) = None;
            let (is_foreign, is_closing) = (row.is_registered && !row.is_socket, row.users.closer.is_some());
            if is_foreign {
                self.register_other(descriptor);
            }
            if is_closing {
                self.close_if_idle(descriptor);
            }
        }
        Attempt::Ended
    }

    fn finish(&mut self, token: Token, outcome: Outcome) -> Attempt {
        self.end(token, |_, _| outcome)
    }

    fn fail(&mut self, token: Token, error: Errno) -> Attempt {
        self.end(token, |driver, work| match work {
            Work::Send { bytes, next, .. } => {
                driver.counters.sends += 1;
                Outcome::Unsent { bytes, next, error }
            }
            _ => failure(error),
        })
    }

    /// Makes sure that an edge will come, for an operation that would block.
    fn await_edge(&mut self, token: Token, descriptor: Descriptor, is_socket: bool) -> Attempt {
        let row = self.rows.row(descriptor);
        row.is_socket |= is_socket;
        if !row.is_socket {
            self.register_other(descriptor);
            return Attempt::Waits;
        }
        if row.is_registered {
            return Attempt::Waits;
        }
        row.is_registered = true;
        let flags = EventFlags::IN | EventFlags::OUT | EventFlags::RDHUP | EventFlags::ET;
        let data = EventData::new_u64(descriptor.number() as u64);
        match lend(descriptor).and_then(|borrowed| epoll::add(&self.epoll, borrowed, data, flags)) {
            Ok(()) | Err(Errno::EXIST) => Attempt::Waits,
            Err(error) => {
                self.rows.row(descriptor).is_registered = false;
                self.fail(token, error)
            }
        }
    }

    /// Registers a descriptor that is no socket for the polls that run on it now, once.
    fn register_other(&mut self, descriptor: Descriptor) {
        let row = self.rows.row(descriptor);
        let was_registered = row.is_registered;
        let mut flags = EventFlags::ONESHOT;
        flags.set(EventFlags::IN, row.users.reader.is_some());
        flags.set(EventFlags::OUT, row.users.writer.is_some());
        row.is_registered = !row.users.is_idle();
        let is_registered = row.is_registered;
        let Ok(borrowed) = lend(descriptor) else { return };
        let data = EventData::new_u64(descriptor.number() as u64);
        let result = match (was_registered, is_registered) {
            (_, false) => epoll::delete(&self.epoll, borrowed),
            (true, true) => epoll::modify(&self.epoll, borrowed, data, flags),
            (false, true) => epoll::add(&self.epoll, borrowed, data, flags),
        };
        if result.is_err() {
            // Refused descriptors, such as regular files, never block: the next try succeeds.
            let row = self.rows.row(descriptor);
            row.is_registered = false;
            let users = row.users;
            for user in [users.reader, users.writer].into_iter().flatten() {
                self.make_ready(user);
            }
        }
    }

    /// Tries each ready operation once.
    fn perform(&mut self) {
        let mut ready = std::mem::take(&mut self.ready);
        for token in ready.drain(..) {
            let Some(running) = self.slots.get_mut(token) else { continue };
            running.is_ready = false;
            let attempt = match &running.work {
                Work::Accept { listener } => {
                    let listener = *listener;
                    self.accept(token, listener)
                }
                Work::Receive { socket } => {
                    let socket = *socket;
                    self.receive(token, socket)
                }
                Work::ReceiveOnce { socket, bytes_max } => {
                    let (socket, bytes_max) = (*socket, *bytes_max);
                    self.receive_once(token, socket, bytes_max)
                }
                Work::Send { .. } => self.send(token),
                Work::Connect { .. } => self.connect(token),
                Work::Poll { descriptor, write } => {
                    let (descriptor, write) = (*descriptor, *write);
                    self.poll(token, descriptor, write)
                }
                Work::Shutdown { .. } | Work::Close { .. } => {
                    unreachable!("these end when they are submitted")
                }
            };
            if matches!(attempt, Attempt::Again) {
                self.make_ready(token);
            }
        }
        // What became ready meanwhile stands in the new list; the old one only gives its memory.
        if self.ready.is_empty() {
            self.ready = ready;
        }
    }

    fn accept(&mut self, token: Token, listener: Descriptor) -> Attempt {
        for _ in 0..ACCEPTS_PER_TURN_MAX {
            let flags = self.net.flags();
            match lend(listener).and_then(|listener| rustix::net::accept_with(listener, flags)) {
                Ok(socket) => {
                    let socket = give_away(socket);
                    *self.rows.row(socket) = Row { is_socket: true, ..Row::default() };
                    self.counters.accepts += 1;
                    self.deliver(token, Outcome::Accepted(socket));
                }
                Err(Errno::AGAIN) => return self.await_edge(token, listener, true),
                Err(error) if is_transient(error) => {}
                Err(error) => return self.fail(token, error),
            }
        }
        Attempt::Again
    }

    fn receive(&mut self, token: Token, socket: Descriptor) -> Attempt {
        let mut buffer = self.pool.large();
        match self.net.receive_now(socket, &mut buffer.bytes) {
            Ok(0) => {
                self.pool.keep(buffer);
                self.finish(token, Outcome::EndOfStream)
            }
            Ok(count) => {
                let is_full = count == buffer.bytes.len();
                let lent = self.pool.lend(buffer, count);
                self.count_receive(count);
                self.deliver(token, Outcome::Received(lent));
                // A short read has emptied the socket: what comes later makes another edge.
                let row = self.rows.row(socket);
                if is_full || row.is_ending || !row.is_registered { Attempt::Again } else { Attempt::Waits }
            }
            Err(error) => {
                self.pool.keep(buffer);
                self.retry_or_fail(token, socket, error)
            }
        }
    }

    fn receive_once(&mut self, token: Token, socket: Descriptor, bytes_max: usize) -> Attempt {
        let mut buffer = self.pool.bulk(bytes_max);
        match self.net.receive_now(socket, &mut buffer.bytes) {
            Ok(0) => {
                self.pool.keep(buffer);
                self.finish(token, Outcome::EndOfStream)
            }
            Ok(count) => {
                let lent = self.pool.lend_whole(buffer, count);
                self.count_receive(count);
                self.finish(token, Outcome::Received(lent))
            }
            Err(error) => {
                self.pool.keep(buffer);
                self.retry_or_fail(token, socket, error)
            }
        }
    }

    fn retry_or_fail(&mut self, token: Token, socket: Descriptor, error: Errno) -> Attempt {
        match error {
            Errno::AGAIN => self.await_edge(token, socket, true),
            Errno::INTR => Attempt::Again,
            error => self.fail(token, error),
        }
    }

    fn count_receive(&mut self, bytes: usize) {
        self.counters.receives += 1;
        self.counters.bytes_received += bytes as u64;
    }

    /// Sends until everything is sent or the socket is full.
    fn send(&mut self, token: Token) -> Attempt {
        loop {
            let Some(Running { work: Work::Send { socket, bytes, next }, .. }) = self.slots.get_mut(token)
            else {
                unreachable!("only sends come here");
            };
            let socket = *socket;
            let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
            let result = lend(socket).and_then(|socket| rustix::net::send(socket, &bytes[*next..], flags));
            match result {
                Ok(count) => {
                    *next += count;
                    let is_complete = *next == bytes.len();
                    self.counters.bytes_sent += count as u64;
                    if is_complete {
                        return self.end(token, |driver, work| {
                            driver.counters.sends += 1;
                            let Work::Send { bytes, .. } = work else { unreachable!("only sends come here") };
                            Outcome::Sent(bytes)
                        });
                    }
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return self.await_edge(token, socket, true),
                Err(error) => return self.fail(token, error),
            }
        }
    }

    fn connect(&mut self, token: Token) -> Attempt {
        let Some(Running { work: Work::Connect { socket, address, started }, .. }) =
            self.slots.get_mut(token)
        else {
            unreachable!("only connects come here");
        };
        let socket = *socket;
        let result = if *started {
            match self.net.take_error(socket) {
                Ok(None) => self.net.peer_address(socket).map(|_| ()),
                Ok(Some(error)) | Err(error) => Err(error),
            }
        } else {
            *started = true;
            lend(socket).and_then(|socket| rustix::net::connect(socket, address))
        };
        match result {
            Ok(()) => self.finish(token, Outcome::Connected),
            Err(Errno::INPROGRESS | Errno::NOTCONN | Errno::INTR | Errno::ALREADY) => {
                self.await_edge(token, socket, true)
            }
            Err(error) => self.fail(token, error),
        }
    }

    fn poll(&mut self, token: Token, descriptor: Descriptor, write: bool) -> Attempt {
        let events = if write { PollFlags::OUT } else { PollFlags::IN };
        match look(descriptor, events) {
            Ok(found) if found.contains(PollFlags::NVAL) => self.fail(token, Errno::BADF),
            Ok(found) if !found.is_empty() => self.finish(token, Outcome::Ready),
            Ok(_) => self.await_edge(token, descriptor, false),
            Err(Errno::INTR) => Attempt::Again,
            Err(error) => self.fail(token, error),
        }
    }

    /// Waits for events and makes the operations that they concern ready.
    fn collect_events(&mut self, timeout_ns: Option<u64>) -> io::Result<()> {
        let mut timeout_ns = timeout_ns;
        if let Some(nanoseconds @ 1..EXACT_TIMEOUT_NS) = timeout_ns {
            let mut this = [PollFd::new(&self.epoll, PollFlags::IN)];
            match poll(&mut this, Some(&timespec(nanoseconds))) {
                Ok(_) | Err(Errno::INTR) => timeout_ns = Some(0),
                Err(error) => return Err(error.into()),
            }
        }
        let mut events = std::mem::take(&mut self.events);
        events.clear();
        self.counters.enters += 1;
        let timeout = timeout_ns.map(timespec);
        let spare = rustix::buffer::spare_capacity(&mut events);
        let result = epoll::wait(&self.epoll, spare, timeout.as_ref());
        for event in &events {
            self.note(*event);
        }
        self.events = events;
        match result {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn note(&mut self, event: Event) {
        let (data, flags) = (event.data, event.flags);
        if data.u64() == WAKER_DATA {
            if let Some(waker) = &self.waker {
                waker.drain();
            }
            return;
        }
        let number = i32::try_from(data.u64()).expect("descriptors were registered with their number");
        let row = self.rows.row(Descriptor::new(number));
        let is_broken = flags.intersects(EventFlags::HUP | EventFlags::ERR);
        let is_ending = is_broken || flags.contains(EventFlags::RDHUP);
        row.is_ending |= is_ending;
        let users = row.users;
        if let Some(reader) = users.reader
            && (is_ending || flags.contains(EventFlags::IN))
        {
            self.make_ready(reader);
        }
        if let Some(writer) = users.writer
            && (is_broken || flags.contains(EventFlags::OUT))
        {
            self.make_ready(writer);
        }
    }

    /// Sleeps unless a wake came since the last time.
    fn sleep(&mut self, timeout_ns: Option<u64>) -> io::Result<()> {
        let Some(waker) = self.waker.clone() else { return self.collect_events(timeout_ns) };
        let timeout_ns = if timeout_ns != Some(0) && !waker.fall_asleep() { Some(0) } else { timeout_ns };
        let result = self.collect_events(timeout_ns);
        if waker.wake_up() {
            self.counters.wakes += 1;
        }
        result
    }

    fn hand_over(&mut self, done: &mut Vec<Done>) {
        self.counters.completions += self.finished.len() as u64;
        if done.is_empty() {
            std::mem::swap(done, &mut self.finished);
        } else {
            done.append(&mut self.finished);
        }
    }
}

impl Driver for Epoll {
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
            Op::Connect { socket, address } => {
                self.start(tag, Work::Connect { socket, address, started: false })
            }
            Op::PollRead { descriptor } => self.start(tag, Work::Poll { descriptor, write: false }),
            Op::PollWrite { descriptor } => self.start(tag, Work::Poll { descriptor, write: true }),
            Op::Shutdown { socket } => {
                let token =
                    self.slots.insert(tag, Running { work: Work::Shutdown { socket }, is_ready: false });
                let result = match socket.is_plausible() {
                    false => Err(Errno::BADF),
                    true if self.rows.row(socket).users.is_free(Direction::Write) => {
                        self.net.shutdown_now(socket)
                    }
                    true => Err(Errno::BUSY),
                };
                self.finish(token, result.map_or_else(Outcome::Failed, |()| Outcome::ShutDown));
                token
            }
            Op::Close { descriptor } => self.start_close(tag, descriptor),
        }
    }

    fn cancel(&mut self, token: Token) {
        let is_close = |running: &Running| matches!(running.work, Work::Close { .. });
        if self.slots.get(token).is_some_and(|running| !is_close(running)) {
            self.fail(token, Errno::CANCELED);
        }
    }

    fn cancel_and_reap(&mut self, token: Token, done: &mut Vec<Done>) -> io::Result<()> {
        self.cancel(token);
        self.hand_over(done);
        Ok(())
    }

    fn wait(&mut self, deadline_ns: Option<u64>, done: &mut Vec<Done>) -> io::Result<()> {
        self.perform();
        if !self.finished.is_empty() && !self.has_skipped_look {
            // Most often these are sends, and the caller comes back to sleep: one look will do.
            self.has_skipped_look = true;
            self.hand_over(done);
            return Ok(());
        }
        self.has_skipped_look = false;
        let timeout_ns = match deadline_ns {
            _ if !self.finished.is_empty() || !self.ready.is_empty() => Some(0),
            None => None,
            Some(0) => Some(0),
            Some(deadline_ns) => Some(deadline_ns.saturating_sub(self.now())),
        };
        self.sleep(timeout_ns)?;
        self.perform();
        self.hand_over(done);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.perform();
        Ok(())
    }

    fn now(&self) -> u64 {
        super::monotonic_ns()
    }

    fn wall_clock(&self) -> i64 {
        clock::real_ns()
    }

    fn adopt(&mut self, socket: Descriptor) {
        if socket.is_plausible() {
            *self.rows.row(socket) = Row { is_socket: true, ..Row::default() };
            // A failure shows in the first operation.
            let _ = lend(socket).and_then(|socket| rustix::io::ioctl_fionbio(socket, true));
        }
    }

    fn release(&mut self, descriptor: Descriptor) {
        if descriptor.is_plausible() {
            debug_assert!(
                self.rows.row(descriptor).users.is_unused(),
                "operations have ended before their descriptor goes"
            );
            self.forget(descriptor);
        }
    }

    fn close_now(&mut self, descriptor: Descriptor) -> Result<(), Errno> {
        if !descriptor.is_plausible() {
            return Err(Errno::BADF);
        }
        if !self.rows.row(descriptor).users.is_unused() {
            return Err(Errno::BUSY);
        }
        self.close_and_forget(descriptor)
    }

    fn net(&mut self) -> &mut dyn Net {
        &mut self.net
    }

    fn waker(&mut self) -> io::Result<Waker> {
        if let Some(waker) = &self.waker {
            return Ok(waker.clone());
        }
        let waker = Waker::new()?;
        epoll::add(&self.epoll, waker.event(), EventData::new_u64(WAKER_DATA), EventFlags::IN)?;
        self.waker = Some(waker.clone());
        Ok(waker)
    }

    fn report(&self) -> Report {
        let counters = Counters { buffers_lent: self.pool.lent_count(), ..self.counters };
        Report { driver: "epoll", features: vec!["edge-triggered"], counters }
    }
}

impl Drop for Epoll {
    fn drop(&mut self) {
        for done in self.finished.drain(..) {
            if let Outcome::Accepted(socket) = done.outcome {
                // Nobody knows of this connection, so nobody minds an error.
                let _ = close(socket);
            }
        }
    }
}

pub(super) fn timespec(nanoseconds: u64) -> Timespec {
    let seconds = i64::try_from(nanoseconds / 1_000_000_000).expect("2^64 nanoseconds are 584 years");
    Timespec { tv_sec: seconds, tv_nsec: (nanoseconds % 1_000_000_000) as i64 }
}

/// Which of the events hold now; errors and hang-ups always count.
pub(super) fn look(descriptor: Descriptor, events: PollFlags) -> Result<PollFlags, Errno> {
    let mut polled = [PollFd::from_borrowed_fd(lend(descriptor)?, events)];
    poll(&mut polled, Some(&timespec(0)))?;
    Ok(polled[0].revents())
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
