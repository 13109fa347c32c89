//! Timers and idle callbacks.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tclring_vm::interp::InterpId;
use tclring_vm::value::Value;

/// When a callback of `after` is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// At a time of the driver's clock.
    At(u64),
    /// When there is nothing else to do.
    Idle,
}

/// A callback that `after` has set.
pub struct After {
    /// In which interpreter.
    pub interp: InterpId,
    /// What to run.
    pub script: Value,
    /// When.
    pub due: Due,
}

/// Something to do when there is nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// The callback of this number.
    After(u64),
    /// Tell an interpreter's handler of failures in the background.
    Failures(InterpId),
}

/// All timers and idle callbacks.
#[derive(Default)]
pub struct Timers {
    /// Callbacks by number, which is their order too.
    pub afters: BTreeMap<u64, After>,
    due: BTreeSet<(u64, u64)>,
    /// What waits for idleness, with the number of its arrival.
    pub idle: VecDeque<(u64, Idle)>,
    next: u64,
    next_idle: u64,
}

impl Timers {
    /// Sets a callback; its number.
    pub fn add(&mut self, interp: InterpId, script: Value, due: Due) -> u64 {
        let number = self.next;
        self.next += 1;
        match due {
            Due::At(time) => {
                self.due.insert((time, number));
            }
            Due::Idle => self.add_idle(Idle::After(number)),
        }
        self.afters.insert(number, After { interp, script, due });
        number
    }

    /// Adds something to do when there is nothing else.
    pub fn add_idle(&mut self, idle: Idle) {
        self.idle.push_back((self.next_idle, idle));
        self.next_idle += 1;
    }

    /// The number that the next callback gets.
    pub fn next_number(&self) -> u64 {
        self.next
    }

    /// The number of arrival that the next idle entry gets.
    pub fn next_idle_number(&self) -> u64 {
        self.next_idle
    }

    /// Takes a callback out.
    pub fn remove(&mut self, number: u64) -> Option<After> {
        let after = self.afters.remove(&number)?;
        match after.due {
            Due::At(time) => {
                self.due.remove(&(time, number));
            }
            Due::Idle => self.idle.retain(|(_, idle)| *idle != Idle::After(number)),
        }
        Some(after)
    }

    /// Takes the earliest timer out that is due at `now` and older than `limit`.
    pub fn take_due(&mut self, now: u64, limit: u64) -> Option<After> {
        let (time, number) = self.due.iter().copied().find(|(_, number)| *number < limit)?;
        if time > now {
            return None;
        }
        self.remove(number)
    }

    /// Takes the first idle entry that came before `limit`.
    pub fn take_idle(&mut self, limit: u64) -> Option<Idle> {
        if self.idle.front()?.0 >= limit {
            return None;
        }
        self.idle.pop_front().map(|(_, idle)| idle)
    }

    /// When the next timer is due.
    pub fn next_due(&self) -> Option<u64> {
        self.due.first().map(|(time, _)| *time)
    }

    /// Forgets what belongs to an interpreter that is gone.
    pub fn forget(&mut self, interp: InterpId) {
        let numbers: Vec<u64> = self
            .afters
            .iter()
            .filter(|(_, after)| after.interp == interp)
            .map(|(number, _)| *number)
            .collect();
        for number in numbers {
            self.remove(number);
        }
        self.idle.retain(|(_, idle)| *idle != Idle::Failures(interp));
    }
}
