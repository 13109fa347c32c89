//! The children of this process, until they have been waited for.
//!
//! One table serves all threads and interpreters. Nobody waits for any child
//! but these, so an embedder's own children are left alone. A thread waits for
//! those that were detached, so that they do not stay zombies.

use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rustix::event::{EventfdFlags, PollFd, PollFlags};
use rustix::process::{Pid, PidfdFlags, WaitOptions, WaitStatus};

use super::completion::ExitStatus;
use crate::host::errno::Errno;

/// What is known about one child.
struct Child {
    pid: i32,
    /// How it ended, once it has been waited for.
    status: Option<ExitStatus>,
    detached: bool,
}

fn table() -> MutexGuard<'static, Vec<Child>> {
    static TABLE: Mutex<Vec<Child>> = Mutex::new(Vec::new());
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes a child that has just been started.
pub(super) fn register(pid: i32) {
    let mut table = table();
    // The system gives numbers again, but never that of a child that has not been waited for.
    table.retain(|child| child.pid != pid);
    table.push(Child { pid, status: None, detached: false });
}

fn status_of(status: WaitStatus) -> ExitStatus {
    if let Some(signal) = status.terminating_signal() {
        ExitStatus::Killed(signal)
    } else if let Some(signal) = status.stopping_signal() {
        ExitStatus::Suspended(signal)
    } else {
        ExitStatus::Exited(status.exit_status().unwrap_or(0))
    }
}

/// Asks the system for the end of `pid`; None while it runs.
fn ask(pid: i32, options: WaitOptions) -> Option<ExitStatus> {
    let Some(number) = Pid::from_raw(pid) else { return Some(ExitStatus::Lost(Errno::CHILD)) };
    loop {
        match rustix::process::waitpid(Some(number), options) {
            Ok(Some((_, status))) => return Some(status_of(status)),
            Ok(None) => return None,
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Some(ExitStatus::Lost(errno.into())),
        }
    }
}

/// The table's answer for `pid`, if it has one: that a stranger's child is
/// lost, or how one of its own ended.
fn recorded(table: &[Child], pid: i32) -> Option<ExitStatus> {
    match table.iter().find(|child| child.pid == pid) {
        None => Some(ExitStatus::Lost(Errno::CHILD)),
        Some(child) => child.status,
    }
}

fn record(table: &mut [Child], pid: i32, status: ExitStatus) -> ExitStatus {
    match table.iter_mut().find(|child| child.pid == pid) {
        // Another thread was faster, and the system knows the child no more. The one that knows may come last.
        Some(Child { status: Some(earlier), .. }) if !matches!(earlier, ExitStatus::Lost(_)) => *earlier,
        Some(child) => *child.status.insert(status),
        None => status,
    }
}

/// How `pid` ended, or None while it runs. The answer stays until [`purge`].
pub fn poll(pid: i32) -> Option<ExitStatus> {
    let mut table = table();
    if let Some(status) = recorded(&table, pid) {
        return Some(status);
    }
    ask(pid, WaitOptions::NOHANG).map(|status| record(&mut table, pid, status))
}

/// Waits for the end of `pid` and blocks the thread for that time. The answer
/// stays until [`purge`].
pub fn wait(pid: i32) -> ExitStatus {
    if let Some(status) = poll(pid) {
        return status;
    }
    let status = ask(pid, WaitOptions::empty()).unwrap_or(ExitStatus::Lost(Errno::CHILD));
    record(&mut table(), pid, status)
}

/// A descriptor that becomes readable when the child `pid` ends, for an event
/// loop; None if the system has no such thing.
pub fn process_descriptor(pid: i32) -> Option<OwnedFd> {
    rustix::process::pidfd_open(Pid::from_raw(pid)?, PidfdFlags::empty()).ok()
}

/// The children that have been started and not purged, in the order of their
/// start.
pub fn known_children() -> Vec<i32> {
    table().iter().map(|child| child.pid).collect()
}

/// Whether ended children are forgotten by themselves: with the next start of one, and when a pipeline is done.
static PURGES: AtomicBool = AtomicBool::new(true);

/// Whether ended children are forgotten by themselves.
pub fn purges_automatically() -> bool {
    PURGES.load(Ordering::Relaxed)
}

/// Sets whether ended children are forgotten by themselves.
pub fn set_automatic_purge(on: bool) {
    PURGES.store(on, Ordering::Relaxed);
}

/// Forgets those of `pids` that have ended, and the detached ones, unless a script wants to do so.
pub fn purge_done(pids: &[i32]) {
    if purges_automatically() {
        purge(Some(pids));
        reap_detached();
    }
}

/// Forgets those of `pids` (of all children, for None) that have ended.
pub fn purge(pids: Option<&[i32]>) {
    let listed: Vec<i32> = match pids {
        Some(pids) => pids.to_vec(),
        None => known_children(),
    };
    for pid in &listed {
        poll(*pid);
    }
    table().retain(|child| child.status.is_none() || !listed.contains(&child.pid));
}

/// Leaves `pids` to themselves: nobody will wait for them, and they vanish
/// from the table by [`reap_detached`] after their end.
///
/// # Side effects
/// Starts a thread for the first of them.
pub fn detach(pids: &[i32]) {
    for child in table().iter_mut().filter(|child| pids.contains(&child.pid)) {
        child.detached = true;
    }
    for pid in pids {
        if poll(*pid).is_none()
            && let Some(descriptor) = process_descriptor(*pid)
        {
            Reaper::get().watch(*pid, descriptor);
        }
    }
}

/// Forgets the detached children that have ended.
pub fn reap_detached() {
    if !purges_automatically() {
        return;
    }
    let detached: Vec<i32> = table().iter().filter(|child| child.detached).map(|child| child.pid).collect();
    if !detached.is_empty() {
        purge(Some(&detached));
    }
}

/// The thread that waits for detached children, so that none stays a zombie
/// when nobody starts another one.
struct Reaper {
    /// Children and their descriptors, for the thread to take over.
    arrivals: Mutex<Vec<(i32, OwnedFd)>>,
    /// Wakes the thread; None if the system could not give what it needs.
    wake: Option<OwnedFd>,
}

impl Reaper {
    fn get() -> &'static Reaper {
        static REAPER: OnceLock<Reaper> = OnceLock::new();
        REAPER.get_or_init(|| {
            let wake = rustix::event::eventfd(0, EventfdFlags::CLOEXEC).ok();
            let wake = wake.filter(|_| {
                let thread = std::thread::Builder::new().name("reaper".to_owned());
                thread.spawn(|| Reaper::get().run()).is_ok()
            });
            Reaper { arrivals: Mutex::new(Vec::new()), wake }
        })
    }

    fn watch(&self, pid: i32, descriptor: OwnedFd) {
        // Without the thread, the next start of a child waits for this one.
        let Some(wake) = &self.wake else { return };
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).push((pid, descriptor));
        // A counter that is full wakes as well.
        let _ = rustix::io::write(wake, &1_u64.to_ne_bytes());
    }

    fn run(&self) {
        let Some(wake) = &self.wake else { return };
        let mut watched: Vec<(i32, OwnedFd)> = Vec::new();
        loop {
            let mut polled = vec![PollFd::new(wake, PollFlags::IN)];
            polled.extend(watched.iter().map(|(_, descriptor)| PollFd::new(descriptor, PollFlags::IN)));
            match rustix::event::poll(&mut polled, None) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
            let woken = !polled[0].revents().is_empty();
            let ended: Vec<bool> = polled[1..].iter().map(|one| !one.revents().is_empty()).collect();
            let mut ended = ended.into_iter();
            watched.retain(|(pid, _)| !(ended.next().unwrap_or(false) && poll(*pid).is_some()));
            if woken {
                let mut count = [0; 8];
                let _ = rustix::io::read(wake, &mut count);
                watched.append(&mut self.arrivals.lock().unwrap_or_else(PoisonError::into_inner));
            }
        }
    }
}
