//! Ends a driver's wait from another thread.
//!
//! An eventfd wakes the sleeper, and a state beside it saves the system call when nobody sleeps.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use rustix::event::EventfdFlags;

const AWAKE: u8 = 0;
const ASLEEP: u8 = 1;
const NOTIFIED: u8 = 2;

/// Ends the current or next [`wait`](super::Driver::wait) of one driver. It may be cloned, sent to
/// other threads, used at any time and outlive the driver.
#[derive(Clone, Debug)]
pub struct Waker {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: AtomicU8,
    event: OwnedFd,
}

impl Waker {
    pub(super) fn new() -> io::Result<Self> {
        let event = rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self { shared: Arc::new(Shared { state: AtomicU8::new(AWAKE), event }) })
    }

    /// Ends the wait.
    pub fn wake(&self) {
        if self.shared.state.swap(NOTIFIED, Ordering::AcqRel) == ASLEEP {
            // Only a full counter could fail, and then the event is pending anyway.
            let _ = rustix::io::write(&self.shared.event, &1_u64.to_ne_bytes());
        }
    }

    /// The descriptor that becomes readable when the sleeper is woken.
    pub(super) fn event(&self) -> &OwnedFd {
        &self.shared.event
    }

    /// Announces sleep. `false` if a wake came since the last sleep: then it must not sleep.
    pub(super) fn fall_asleep(&self) -> bool {
        self.shared.state.compare_exchange(AWAKE, ASLEEP, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Ends the sleep and says whether a wake came.
    pub(super) fn wake_up(&self) -> bool {
        self.shared.state.swap(AWAKE, Ordering::AcqRel) == NOTIFIED
    }

    /// Empties the event, so that it can signal again.
    pub(super) fn drain(&self) {
        let mut counter = [0; 8];
        // EAGAIN means that it is empty already.
        let _ = rustix::io::read(&self.shared.event, &mut counter);
    }
}
