//! Picks a driver: the one that is named, else io_uring where it can be had, else epoll.
//!
//! Nothing is made until the first operation: a script without I/O pays for no ring.

use std::cell::OnceCell;
use std::fmt;
use std::io;

use super::uring_driver::failure;
use super::{
    Counters, Descriptor, Done, Driver, Epoll, Errno, Net, Op, Outcome, Report, Sim, SimOptions, Token,
    Uring, Waker,
};
use crate::host::clock;

/// A driver's name, as `--io` and `TCLRING_IO` have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriverName {
    /// io_uring.
    Uring,
    /// epoll.
    Epoll,
    /// The simulation, with seed 0 and without faults.
    Sim,
}

impl DriverName {
    /// The driver of this name: `uring`, `epoll` or `sim`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "uring" => Some(Self::Uring),
            "epoll" => Some(Self::Epoll),
            "sim" => Some(Self::Sim),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Uring => "uring",
            Self::Epoll => "epoll",
            Self::Sim => "sim",
        }
    }
}

/// Why a driver could not be had.
#[derive(Debug)]
pub enum ChooseError {
    /// There is none of this name.
    Unknown(String),
    /// The driver that was asked for does not work here.
    Unavailable(DriverName, io::Error),
}

impl fmt::Display for ChooseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(formatter, "bad driver \"{name}\": must be uring, epoll, or sim"),
            Self::Unavailable(name, error) => {
                write!(formatter, "couldn't use driver \"{}\": {error}", name.name())
            }
        }
    }
}

impl std::error::Error for ChooseError {}

/// Chooses a driver by name; an empty or missing name means the best one that works here.
///
/// A driver that is named is made at once. The best one is made by its first use, and is epoll,
/// silently, where io_uring is missing, forbidden or short of memory.
///
/// # Errors
///
/// When the name is unknown, or the named driver cannot be had.
pub fn choose(name: Option<&str>) -> Result<Box<dyn Driver>, ChooseError> {
    let Some(text) = name.filter(|name| !name.is_empty()) else {
        return Ok(Box::new(Best { chosen: OnceCell::new() }));
    };
    let name = DriverName::parse(text).ok_or_else(|| ChooseError::Unknown(text.to_owned()))?;
    let driver: io::Result<Box<dyn Driver>> = match name {
        DriverName::Uring => Uring::new().map(|driver| Box::new(driver) as _),
        DriverName::Epoll => Epoll::new().map(|driver| Box::new(driver) as _),
        DriverName::Sim => Ok(Box::new(Sim::new(SimOptions::default()))),
    };
    driver.map_err(|error| ChooseError::Unavailable(name, error))
}

/// The best driver, made by its first use.
struct Best {
    chosen: OnceCell<Box<dyn Driver>>,
}

impl Best {
    fn chosen(&mut self) -> &mut dyn Driver {
        if self.chosen.get().is_none() {
            // It was empty a moment ago.
            let _ = self.chosen.set(best());
        }
        self.chosen.get_mut().expect("it was set above").as_mut()
    }
}

/// io_uring if it can be had, else epoll, else a driver that says what is wrong.
fn best() -> Box<dyn Driver> {
    if let Ok(driver) = Uring::new() {
        return Box::new(driver);
    }
    match Epoll::new() {
        Ok(driver) => Box::new(driver),
        Err(error) => Box::new(Nothing::new(Errno::from_io_error(&error).unwrap_or(Errno::NOSYS))),
    }
}

impl Driver for Best {
    fn submit(&mut self, op: Op, tag: u64) -> Token {
        self.chosen().submit(op, tag)
    }

    fn cancel(&mut self, token: Token) {
        self.chosen().cancel(token);
    }

    fn cancel_and_reap(&mut self, token: Token, done: &mut Vec<Done>) -> io::Result<()> {
        self.chosen().cancel_and_reap(token, done)
    }

    fn wait(&mut self, deadline_ns: Option<u64>, done: &mut Vec<Done>) -> io::Result<()> {
        if self.chosen.get().is_some() {
            return self.chosen().wait(deadline_ns, done);
        }
        // Without operations and wakers there is only the time to wait for.
        let Some(deadline_ns) = deadline_ns else { return self.chosen().wait(None, done) };
        let rest_ns = deadline_ns.saturating_sub(self.now());
        if rest_ns > 0 {
            sleep_once(rest_ns);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.chosen.get_mut() {
            Some(driver) => driver.flush(),
            None => Ok(()),
        }
    }

    fn now(&self) -> u64 {
        super::monotonic_ns()
    }

    fn wall_clock(&self) -> i64 {
        clock::real_ns()
    }

    fn adopt(&mut self, socket: Descriptor) {
        self.chosen().adopt(socket);
    }

    fn release(&mut self, descriptor: Descriptor) {
        if let Some(driver) = self.chosen.get_mut() {
            driver.release(descriptor);
        }
    }

    fn close_now(&mut self, descriptor: Descriptor) -> Result<(), Errno> {
        self.chosen().close_now(descriptor)
    }

    fn net(&mut self) -> &mut dyn Net {
        self.chosen().net()
    }

    fn waker(&mut self) -> io::Result<Waker> {
        self.chosen().waker()
    }

    fn report(&self) -> Report {
        self.chosen.get_or_init(best).report()
    }
}

/// Sleeps up to a time; a signal ends it early, so that the caller can look at its flags.
fn sleep_once(nanoseconds: u64) {
    // Nothing is polled: only the timeout counts.
    let _ = rustix::event::poll(&mut [], Some(&super::epoll::timespec(nanoseconds)));
}

/// What stands in when the system refuses both mechanisms: every operation fails with its error.
struct Nothing {
    error: Errno,
    finished: Vec<Done>,
    net: super::net::HostNet,
    tokens: super::slots::Slots<()>,
}

impl Nothing {
    fn new(error: Errno) -> Self {
        let net = super::net::HostNet::new(false);
        Self { error, finished: Vec::new(), net, tokens: super::slots::Slots::new() }
    }
}

impl Driver for Nothing {
    fn submit(&mut self, op: Op, tag: u64) -> Token {
        let token = self.tokens.insert(tag, ());
        self.tokens.remove(token);
        let outcome = match op {
            Op::Send { bytes, start, .. } => Outcome::Unsent { bytes, next: start, error: self.error },
            _ => failure(self.error),
        };
        self.finished.push(Done { token, tag, more: false, outcome });
        token
    }

    fn cancel(&mut self, _: Token) {}

    fn cancel_and_reap(&mut self, _: Token, done: &mut Vec<Done>) -> io::Result<()> {
        done.append(&mut self.finished);
        Ok(())
    }

    fn wait(&mut self, deadline_ns: Option<u64>, done: &mut Vec<Done>) -> io::Result<()> {
        match deadline_ns {
            _ if !self.finished.is_empty() => done.append(&mut self.finished),
            Some(deadline_ns) => sleep_once(deadline_ns.saturating_sub(self.now())),
            None => return Err(self.error.into()),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn now(&self) -> u64 {
        super::monotonic_ns()
    }

    fn wall_clock(&self) -> i64 {
        clock::real_ns()
    }

    fn adopt(&mut self, _: Descriptor) {}

    fn release(&mut self, _: Descriptor) {}

    fn close_now(&mut self, descriptor: Descriptor) -> Result<(), Errno> {
        super::uring::close(descriptor)
    }

    fn net(&mut self) -> &mut dyn Net {
        &mut self.net
    }

    fn waker(&mut self) -> io::Result<Waker> {
        Err(self.error.into())
    }

    fn report(&self) -> Report {
        Report { driver: "none", features: Vec::new(), counters: Counters::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: Option<&str>, expected: Result<&[&str], &str>) {
        match (choose(name), expected) {
            (Ok(driver), Ok(names)) => {
                let found = driver.report().driver;
                assert!(names.contains(&found), "{found} instead of {names:?}");
            }
            (Err(ChooseError::Unavailable(DriverName::Uring, _)), Ok(["uring"])) => {}
            (Err(error), Err(text)) => assert_eq!(error.to_string(), text),
            (result, expected) => panic!("{:?} instead of {expected:?}", result.err()),
        }
    }

    #[test]
    fn drivers_are_chosen_by_name() {
        check(Some("uring"), Ok(&["uring"]));
        check(Some("epoll"), Ok(&["epoll"]));
        check(Some("sim"), Ok(&["sim"]));
        check(Some(""), Ok(&["uring", "epoll"]));
        check(None, Ok(&["uring", "epoll"]));
        check(Some("Uring"), Err("bad driver \"Uring\": must be uring, epoll, or sim"));
    }

    #[test]
    fn waiting_alone_makes_no_driver() {
        let mut best = Best { chosen: OnceCell::new() };
        let mut done = Vec::new();
        let deadline_ns = best.now() + 2_000_000;
        while best.now() < deadline_ns {
            best.wait(Some(deadline_ns), &mut done).expect("sleeping does not fail");
        }
        assert!(best.chosen.get().is_none() && done.is_empty());
        best.release(Descriptor::new(0));
        best.flush().expect("there is nothing to flush");
        assert!(best.chosen.get().is_none());
        best.waker().expect("there are descriptors left").wake();
        assert!(best.chosen.get().is_some());
    }

    #[test]
    fn without_any_mechanism_operations_fail() {
        let mut nothing = Nothing::new(Errno::NOSYS);
        let socket = Descriptor::new(0);
        let token = nothing.submit(Op::Receive { socket }, 7);
        let mut done = Vec::new();
        nothing.wait(None, &mut done).expect("there is a completion");
        assert!(done.len() == 1 && done[0].token == token && done[0].tag == 7 && !done[0].more);
        assert!(matches!(done[0].outcome, Outcome::Failed(Errno::NOSYS)));
        assert!(nothing.wait(None, &mut done).is_err(), "this would never end");
    }
}
