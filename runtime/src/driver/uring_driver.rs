//! The io_uring driver: what operations mean in requests and completions.
//!
//! One enter per turn submits everything and waits. Accepts and receives are multishot; received
//! bytes lie in provided buffers. Timeouts are an argument of the enter, never requests. Memory
//! safety is `uring.rs`'s business; this file decides which request follows which completion.

use std::io;
use std::os::fd::AsRawFd;
use std::rc::Rc;

use io_uring::cqueue;
use rustix::net::SendFlags;

use super::lent::Pool;
use super::net::{HostNet, is_transient};
use super::slots::{ByDescriptor, Direction, Users};
use super::uring::{CANCEL_NUMBER, Completion, Ring, Running, UringSetup, WAKER_NUMBER, Work, close, lend};
use super::{Counters, Descriptor, Done, Driver, Errno, Net, Op, Outcome, Report, Token, Waker};
use crate::host::clock;

/// Up to this number of sends in a turn are tried by a call of their own at once: that costs the
/// same, and no completion wakes the next wait. More go to the kernel with the enter.
const SENDS_DIRECT_MAX: usize = 2;

/// A driver on io_uring. One per thread; the ring is made with it.
pub struct Uring {
    ring: Ring,
    users: ByDescriptor<Users>,
    net: HostNet,
    pool: Rc<Pool>,
    /// Sends that wait for the next turn, when their number decides how they go.
    sends: Vec<Token>,
    /// Receives that found no provided buffer.
    starved: Vec<Token>,
    /// Completions for the caller.
    finished: Vec<Done>,
    /// Completions of the kernel; kept for its memory.
    completions: Vec<Completion>,
    waker: Option<Waker>,
    counters: Counters,
}

impl Uring {
    /// Makes a ring.
    ///
    /// # Errors
    ///
    /// `ENOSYS`, `EPERM`, `ENOMEM` or `EINVAL` where io_uring cannot be had, or lacks what this
    /// driver needs (kernel 6.0).
    pub fn new() -> io::Result<Self> {
        Self::with_setup(UringSetup::default())
    }

    /// Makes a ring that uses no more than what the set-up allows.
    ///
    /// # Errors
    ///
    /// As for `new`.
    pub fn with_setup(setup: UringSetup) -> io::Result<Self> {
        Ok(Self {
            ring: Ring::new(setup)?,
            users: ByDescriptor::new(),
            net: HostNet::new(false),
            pool: Rc::default(),
            sends: Vec::new(),
            starved: Vec::new(),
            finished: Vec::new(),
            completions: Vec::new(),
            waker: None,
            counters: Counters::default(),
        })
    }

    /// Enters an operation in the tables, and makes its first request.
    fn start(&mut self, tag: u64, work: Work) -> Token {
        let (descriptor, direction) = use_of(&work);
        let token = self.ring.slots.insert(tag, Running { work, in_kernel: false, cancelled: false });
        if !descriptor.is_plausible() {
            self.fail(token, Errno::BADF);
            return token;
        }
        let users = self.users.row(descriptor);
        if !users.is_free(direction) {
            self.fail(token, Errno::BUSY);
            return token;
        }
        *users.of(direction) = Some(token);
        match self.ring.slots.get(token).map(|running| &running.work) {
            Some(Work::Send { .. }) => self.sends.push(token),
            Some(Work::Receive { .. }) => match self.ring.provide_buffers() {
                Ok(()) => self.ring.request(token),
                Err(error) => self.fail(token, Errno::from_io_error(&error).unwrap_or(Errno::NOMEM)),
            },
            _ => self.ring.request(token),
        }
        token
    }

    fn start_close(&mut self, tag: u64, descriptor: Descriptor) -> Token {
        let work = Work::Close { descriptor };
        let token = self.ring.slots.insert(tag, Running { work, in_kernel: false, cancelled: false });
        if !descriptor.is_plausible() {
            self.fail(token, Errno::BADF);
            return token;
        }
        let users = self.users.row(descriptor);
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
        let users = self.users.row(descriptor);
        let Some(closer) = users.closer else { return };
        if !users.is_idle() {
            return;
        }
        *users = Users::default();
        let outcome = match close(descriptor) {
            Ok(()) => Outcome::Closed,
            Err(error) => Outcome::Failed(error),
        };
        let (tag, _) = self.ring.slots.remove(closer).expect("an operation ends once");
        self.finished.push(Done { token: closer, tag, more: false, outcome });
    }

    /// Delivers a result of an operation that goes on.
    fn deliver(&mut self, token: Token, outcome: Outcome) {
        let tag = self.ring.slots.tag(token);
        self.finished.push(Done { token, tag, more: true, outcome });
    }

    /// Ends an operation that has no request with the kernel, with what `outcome` makes of it.
    fn end(&mut self, token: Token, outcome: impl FnOnce(&mut Self, Work) -> Outcome) {
        let (tag, running) = self.ring.slots.remove(token).expect("an operation ends once");
        debug_assert!(!running.in_kernel, "an operation with a request has not ended");
        let (descriptor, direction) = use_of(&running.work);
        let outcome = outcome(self, running.work);
        self.finished.push(Done { token, tag, more: false, outcome });
        if !descriptor.is_plausible() {
            return;
        }
        let users = self.users.row(descriptor);
        if *users.of(direction) == Some(token) {
            *users.of(direction) = None;
            if users.closer.is_some() {
                self.close_if_idle(descriptor);
            }
        }
    }

    /// Ends an operation that has no memory to give back.
    fn finish(&mut self, token: Token, outcome: Outcome) {
        self.end(token, |driver, work| {
            if let Work::ReceiveOnce { buffer, .. } = work {
                driver.pool.keep(buffer);
            }
            outcome
        });
    }

    /// Ends an operation with an error: as cancelled if that is `ECANCELED`.
    fn fail(&mut self, token: Token, error: Errno) {
        self.end(token, |driver, work| match work {
            Work::Send { bytes, next, .. } => {
                driver.counters.sends += 1;
                Outcome::Unsent { bytes, next, error }
            }
            Work::ReceiveOnce { buffer, .. } => {
                driver.pool.keep(buffer);
                failure(error)
            }
            _ => failure(error),
        });
    }

    /// Ends a send of which everything was sent.
    fn finish_send(&mut self, token: Token) {
        self.end(token, |driver, work| {
            driver.counters.sends += 1;
            let Work::Send { bytes, .. } = work else { unreachable!("only sends end here") };
            Outcome::Sent(bytes)
        });
    }

    /// Makes the requests that waited for this turn.
    fn prepare(&mut self) {
        let published = self.ring.publish_buffers();
        if !self.starved.is_empty() {
            self.feed(published > 0);
        }
        let sends = std::mem::take(&mut self.sends);
        let is_direct = sends.len() <= SENDS_DIRECT_MAX;
        for &token in &sends {
            if self.ring.slots.get(token).is_none() {
                continue;
            }
            if is_direct {
                self.send_directly(token);
            } else {
                self.ring.request(token);
            }
        }
        self.sends = sends;
        self.sends.clear();
    }

    /// Sends what the kernel takes at once, and makes a request for the rest.
    fn send_directly(&mut self, token: Token) {
        let Some(Running { work: Work::Send { socket, bytes, next, .. }, .. }) =
            self.ring.slots.get_mut(token)
        else {
            unreachable!("the list of sends names sends");
        };
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        let result = lend(*socket).and_then(|socket| rustix::net::send(socket, &bytes[*next..], flags));
        match result {
            Ok(count) => {
                *next += count;
                let is_complete = *next == bytes.len();
                self.counters.bytes_sent += count as u64;
                self.counters.sends_direct += 1;
                if is_complete { self.finish_send(token) } else { self.ring.request(token) }
            }
            Err(Errno::AGAIN | Errno::INTR) => self.ring.request(token),
            Err(error) => self.fail(token, error),
        }
    }

    /// Lets starved receives go on: with provided buffers if some came back, else by reading into
    /// memory of our own, so that buffers lent to slow consumers cannot stall the others.
    fn feed(&mut self, has_buffers: bool) {
        for token in std::mem::take(&mut self.starved) {
            if self.ring.slots.get(token).is_none() {
                continue;
            }
            if has_buffers {
                self.counters.rearms += 1;
                self.ring.request(token);
            } else {
                self.receive_directly(token);
            }
        }
    }

    fn receive_directly(&mut self, token: Token) {
        let Some(Running { work: Work::Receive { socket, polling }, .. }) = self.ring.slots.get_mut(token)
        else {
            unreachable!("the list of starved receives names receives");
        };
        let mut buffer = self.pool.large();
        let flags = rustix::net::RecvFlags::DONTWAIT;
        let result = lend(*socket).and_then(|socket| rustix::net::recv(socket, &mut buffer.bytes[..], flags));
        match result {
            Ok((0, _)) => self.finish(token, Outcome::EndOfStream),
            Ok((count, _)) => {
                let lent = self.pool.lend(buffer, count);
                self.count_receive(count);
                self.deliver(token, Outcome::Received(lent));
                self.starved.push(token);
            }
            Err(Errno::AGAIN | Errno::INTR) => {
                *polling = true;
                self.ring.request(token);
                self.pool.keep(buffer);
            }
            Err(error) => self.fail(token, error),
        }
    }

    fn count_receive(&mut self, bytes: usize) {
        self.counters.receives += 1;
        self.counters.bytes_received += bytes as u64;
    }

    /// Collects the kernel's completions and does what follows from them.
    fn reap(&mut self) {
        let mut completions = std::mem::take(&mut self.completions);
        self.ring.collect(&mut completions);
        for completion in completions.drain(..) {
            self.complete(completion);
        }
        self.completions = completions;
    }

    fn complete(&mut self, completion: Completion) {
        if completion.number & (CANCEL_NUMBER | WAKER_NUMBER) != 0 {
            if completion.number == WAKER_NUMBER {
                self.woken(completion);
            }
            return;
        }
        let token = Token::unpack(completion.number);
        let Some(running) = self.ring.slots.get_mut(token) else { return };
        let more = cqueue::more(completion.flags);
        running.in_kernel = more;
        let result =
            u32::try_from(completion.result).map_err(|_| Errno::from_raw_os_error(-completion.result));
        match &mut running.work {
            Work::Accept { .. } => self.accepted(token, result, more),
            Work::Receive { polling: polling @ true, .. } => {
                *polling = false;
                self.starved_again(token, result);
            }
            Work::Receive { .. } => self.received(token, result, completion.flags),
            Work::ReceiveOnce { .. } => self.received_once(token, result),
            Work::Send { .. } => self.sent(token, result),
            Work::Connect { .. } => self.ended(token, result, Outcome::Connected),
            Work::Poll { .. } => self.ended(token, result, Outcome::Ready),
            Work::Close { .. } => unreachable!("a close makes no request"),
        }
    }

    fn woken(&mut self, completion: Completion) {
        let Some(waker) = &self.waker else { return };
        waker.drain();
        if !cqueue::more(completion.flags) && completion.result != -libc::ECANCELED {
            let event = Descriptor::new(waker.event().as_raw_fd());
            self.ring.request_waker(event);
        }
    }

    fn ended(&mut self, token: Token, result: Result<u32, Errno>, outcome: Outcome) {
        match result {
            Ok(_) => self.finish(token, outcome),
            Err(error) => self.fail(token, error),
        }
    }

    fn is_cancelled(&self, token: Token) -> bool {
        self.ring.slots.get(token).is_some_and(|running| running.cancelled)
    }

    /// Makes the request of a multishot operation again, unless it was cancelled.
    fn rearm(&mut self, token: Token) {
        if self.is_cancelled(token) {
            self.fail(token, Errno::CANCELED);
        } else {
            self.counters.rearms += 1;
            self.ring.request(token);
        }
    }

    fn accepted(&mut self, token: Token, result: Result<u32, Errno>, more: bool) {
        match result {
            Ok(number) => {
                let socket = Descriptor::new(number as i32);
                self.counters.accepts += 1;
                self.deliver(token, Outcome::Accepted(socket));
                if !more {
                    self.rearm(token);
                }
            }
            Err(_) if more => {}
            Err(error) if is_transient(error) => self.rearm(token),
            Err(error) => self.fail(token, error),
        }
    }

    fn received(&mut self, token: Token, result: Result<u32, Errno>, flags: u32) {
        let more = cqueue::more(flags);
        match result {
            Ok(length) => {
                let buffer = cqueue::buffer_select(flags);
                let lent = buffer.map(|buffer| self.ring.take(buffer, length, cqueue::buffer_more(flags)));
                if length == 0 {
                    // An end that does not end the request would be the kernel's mistake.
                    if !more {
                        self.finish(token, Outcome::EndOfStream);
                    }
                    return;
                }
                self.count_receive(length as usize);
                self.deliver(
                    token,
                    Outcome::Received(lent.expect("received bytes lie in a provided buffer")),
                );
                if !more {
                    self.rearm(token);
                }
            }
            Err(_) if more => {}
            Err(Errno::NOBUFS) if !self.is_cancelled(token) => {
                self.counters.starved += 1;
                self.starved.push(token);
            }
            Err(Errno::NOBUFS) => self.fail(token, Errno::CANCELED),
            Err(Errno::AGAIN | Errno::INTR) => self.rearm(token),
            Err(error) => self.fail(token, error),
        }
    }

    /// A starved receive has something to read, or an error to tell: both show in the next turn.
    fn starved_again(&mut self, token: Token, result: Result<u32, Errno>) {
        if self.is_cancelled(token) || result == Err(Errno::CANCELED) {
            self.fail(token, Errno::CANCELED);
        } else {
            self.starved.push(token);
        }
    }

    fn received_once(&mut self, token: Token, result: Result<u32, Errno>) {
        match result {
            Ok(0) => self.finish(token, Outcome::EndOfStream),
            Ok(length) => {
                self.count_receive(length as usize);
                self.end(token, |driver, work| {
                    let Work::ReceiveOnce { buffer, .. } = work else {
                        unreachable!("only such receives end here")
                    };
                    Outcome::Received(driver.pool.lend_whole(buffer, length as usize))
                });
            }
            Err(Errno::AGAIN | Errno::INTR) => self.rearm(token),
            Err(error) => self.fail(token, error),
        }
    }

    fn sent(&mut self, token: Token, result: Result<u32, Errno>) {
        let cancelled = self.is_cancelled(token);
        let Some(Running { work: Work::Send { next, end, .. }, .. }) = self.ring.slots.get_mut(token) else {
            unreachable!("this completion belongs to a send");
        };
        match result {
            Ok(count) => {
                *next += count as usize;
                let is_complete = next == end;
                self.counters.bytes_sent += u64::from(count);
                if is_complete {
                    self.finish_send(token);
                } else if cancelled {
                    self.fail(token, Errno::CANCELED);
                } else {
                    self.ring.request(token);
                }
            }
            Err(Errno::AGAIN | Errno::INTR) if !cancelled => self.ring.request(token),
            Err(Errno::AGAIN | Errno::INTR) => self.fail(token, Errno::CANCELED),
            Err(error) => self.fail(token, error),
        }
    }

    /// Enters the kernel if there is a reason to, sleeping up to a time if nothing is at hand.
    fn turn(&mut self, deadline_ns: Option<u64>) -> io::Result<()> {
        self.prepare();
        let mut timeout_ns = match deadline_ns {
            None => None,
            Some(0) => Some(0),
            Some(deadline_ns) => Some(deadline_ns.saturating_sub(self.now())),
        };
        if !self.finished.is_empty() || self.ring.has_completions() {
            timeout_ns = Some(0);
        }
        if timeout_ns == Some(0) {
            if self.ring.has_queued() || self.ring.has_deferred() {
                self.ring.enter(Some(0))?;
            }
            if self.waker.as_ref().is_some_and(Waker::wake_up) {
                self.counters.wakes += 1;
            }
        } else {
            self.sleep(timeout_ns)?;
        }
        self.reap();
        Ok(())
    }

    fn sleep(&mut self, timeout_ns: Option<u64>) -> io::Result<()> {
        let Some(waker) = &self.waker else { return self.ring.enter(timeout_ns) };
        let timeout_ns = if waker.fall_asleep() { timeout_ns } else { Some(0) };
        let result = self.ring.enter(timeout_ns);
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

impl Driver for Uring {
    fn submit(&mut self, op: Op, tag: u64) -> Token {
        self.counters.submissions += 1;
        match op {
            Op::Accept { listener } => self.start(tag, Work::Accept { listener }),
            Op::Receive { socket } => self.start(tag, Work::Receive { socket, polling: false }),
            Op::ReceiveOnce { socket, bytes_max } => {
                let buffer = self.pool.bulk(bytes_max);
                self.start(tag, Work::ReceiveOnce { socket, buffer })
            }
            Op::Send { socket, bytes, start } => {
                let end = bytes.len();
                self.start(tag, Work::Send { socket, bytes, next: start.min(end), end })
            }
            Op::Connect { socket, address } => {
                let address = Box::new(address.into());
                self.start(tag, Work::Connect { socket, address })
            }
            Op::PollRead { descriptor } => self.start(tag, Work::Poll { descriptor, write: false }),
            Op::PollWrite { descriptor } => self.start(tag, Work::Poll { descriptor, write: true }),
            Op::Shutdown { socket } => {
                // A ring would send this to a worker thread; the call itself never waits.
                let work = Work::Poll { descriptor: socket, write: true };
                let token = self.ring.slots.insert(tag, Running { work, in_kernel: false, cancelled: false });
                let result = match socket.is_plausible() {
                    false => Err(Errno::BADF),
                    true if self.users.row(socket).is_free(Direction::Write) => self.net.shutdown_now(socket),
                    true => Err(Errno::BUSY),
                };
                self.ended(token, result.map(|()| 0), Outcome::ShutDown);
                token
            }
            Op::Close { descriptor } => self.start_close(tag, descriptor),
        }
    }

    fn cancel(&mut self, token: Token) {
        let Some(running) = self.ring.slots.get_mut(token) else { return };
        if running.cancelled || matches!(running.work, Work::Close { .. }) {
            return;
        }
        running.cancelled = true;
        if running.in_kernel {
            self.ring.request_cancel(token);
        } else {
            self.fail(token, Errno::CANCELED);
        }
    }

    fn cancel_and_reap(&mut self, token: Token, done: &mut Vec<Done>) -> io::Result<()> {
        self.cancel(token);
        self.reap();
        while self.ring.slots.get(token).is_some() {
            self.ring.enter(None)?;
            self.reap();
        }
        self.hand_over(done);
        Ok(())
    }

    fn wait(&mut self, deadline_ns: Option<u64>, done: &mut Vec<Done>) -> io::Result<()> {
        self.turn(deadline_ns)?;
        self.hand_over(done);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.prepare();
        if self.ring.has_queued() { self.ring.enter(Some(0)) } else { Ok(()) }
    }

    fn now(&self) -> u64 {
        super::monotonic_ns()
    }

    fn wall_clock(&self) -> i64 {
        clock::real_ns()
    }

    fn adopt(&mut self, socket: Descriptor) {
        if socket.is_plausible() {
            *self.users.row(socket) = Users::default();
            // Requests wait by themselves; older kernels would answer EAGAIN instead.
            let _ = lend(socket).and_then(|socket| rustix::io::ioctl_fionbio(socket, false));
        }
    }

    fn release(&mut self, descriptor: Descriptor) {
        debug_assert!(
            !descriptor.is_plausible() || self.users.row(descriptor).is_idle(),
            "operations have ended before their descriptor goes"
        );
    }

    fn close_now(&mut self, descriptor: Descriptor) -> Result<(), Errno> {
        if !descriptor.is_plausible() {
            return Err(Errno::BADF);
        }
        if !self.users.row(descriptor).is_unused() {
            return Err(Errno::BUSY);
        }
        close(descriptor)
    }

    fn net(&mut self) -> &mut dyn Net {
        &mut self.net
    }

    fn waker(&mut self) -> io::Result<Waker> {
        if let Some(waker) = &self.waker {
            return Ok(waker.clone());
        }
        let waker = Waker::new()?;
        self.ring.request_waker(Descriptor::new(waker.event().as_raw_fd()));
        self.waker = Some(waker.clone());
        Ok(waker)
    }

    fn report(&self) -> Report {
        let buffers_lent = self.ring.lent_count() + self.pool.lent_count();
        let counters = Counters { enters: self.ring.enters, buffers_lent, ..self.counters };
        Report { driver: "uring", features: self.ring.features(), counters }
    }
}

impl Drop for Uring {
    fn drop(&mut self) {
        for token in self.ring.slots.tokens() {
            self.cancel(token);
        }
        // The ring ends its requests, while this part takes their results.
        for _ in 0..TEARDOWN_TURNS_MAX {
            if !self.ring.has_requests() || self.ring.enter(Some(TEARDOWN_TURN_NS)).is_err() {
                break;
            }
            self.reap();
        }
        for done in self.finished.drain(..) {
            if let Outcome::Accepted(socket) = done.outcome {
                // Nobody knows of this connection, so nobody minds an error.
                let _ = close(socket);
            }
        }
    }
}

/// How often teardown looks for requests to end, and how long each time at most.
const TEARDOWN_TURNS_MAX: u32 = 100;
const TEARDOWN_TURN_NS: u64 = 20_000_000;

/// The outcome of an operation, other than a send, that came to nothing.
pub(super) fn failure(error: Errno) -> Outcome {
    if error == Errno::CANCELED { Outcome::Cancelled } else { Outcome::Failed(error) }
}

/// The descriptor of an operation, and how it is used. Only closing stands apart.
fn use_of(work: &Work) -> (Descriptor, Direction) {
    match work {
        Work::Accept { listener } => (*listener, Direction::Read),
        Work::Receive { socket, .. } | Work::ReceiveOnce { socket, .. } => (*socket, Direction::Read),
        Work::Send { socket, .. } | Work::Connect { socket, .. } => (*socket, Direction::Write),
        Work::Poll { descriptor, write: false } => (*descriptor, Direction::Read),
        Work::Poll { descriptor, write: true } | Work::Close { descriptor } => {
            (*descriptor, Direction::Write)
        }
    }
}
