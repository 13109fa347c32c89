//! `lsort -command`: a merge sort that asks for each comparison as a command and goes on with its result.
//!
//! Runs whose lengths are powers of two are merged as they come, so that the
//! order of comparisons is the reference's, which a command can observe.

use std::sync::atomic::Ordering;

use super::lsort::{Target, finish};
use crate::error;
use crate::exec::log_text;
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Exception};
use crate::interp::frame::Continuation;
use crate::interp::{At, Machine, Run, Step, Then, What, pending};
use crate::value::Value;

/// Two sorted runs being merged.
struct Merge {
    left: Vec<u32>,
    left_at: usize,
    right: Vec<u32>,
    right_at: usize,
    merged: Vec<u32>,
}

/// A sort under way.
struct CommandSort {
    prefix: Vec<Value>,
    keys: Vec<Value>,
    decreasing: bool,
    unique: bool,
    /// The next key to take in.
    next: usize,
    /// Sorted runs, each about twice as long as the one before it, or empty.
    runs: Vec<Vec<u32>>,
    /// The run that is merged with the next of `runs`.
    current: Vec<u32>,
    /// Which of `runs` comes next.
    level: usize,
    /// Whether all keys are in and the runs are merged with each other.
    ending: bool,
    merge: Option<Merge>,
    target: Target,
}

/// Begins a sort of `keys` by the command `prefix`.
pub(super) fn start(
    machine: &mut Machine,
    prefix: Vec<Value>,
    keys: Vec<Value>,
    (decreasing, unique): (bool, bool),
    target: Target,
) -> Outcome {
    let sort = CommandSort {
        prefix,
        keys,
        decreasing,
        unique,
        next: 1,
        runs: Vec::new(),
        current: vec![0],
        level: 0,
        ending: false,
        merge: None,
        target,
    };
    Box::new(sort).advance(machine)
}

impl CommandSort {
    /// Goes on until a comparison is needed or everything is sorted.
    fn advance(mut self: Box<Self>, _machine: &mut Machine) -> Outcome {
        loop {
            if let Some(words) = self.comparison() {
                let then = Then::Barrier(self);
                return Ok(Step::Run(Box::new(Run { what: What::Words(words), at: At::Here, then })));
            }
            if let Some(merge) = self.merge.take() {
                let Merge { left, left_at, right, right_at, mut merged } = merge;
                merged.extend_from_slice(&left[left_at..]);
                merged.extend_from_slice(&right[right_at..]);
                self.current = merged;
                continue;
            }
            if self.level < self.runs.len() && (self.ending || !self.runs[self.level].is_empty()) {
                let left = std::mem::take(&mut self.runs[self.level]);
                self.level += 1;
                if !left.is_empty() {
                    let right = std::mem::take(&mut self.current);
                    let merged = Vec::with_capacity(left.len() + right.len());
                    self.merge = Some(Merge { left, left_at: 0, right, right_at: 0, merged });
                }
                continue;
            }
            if self.ending {
                return finish(self.target, &self.current).map(Step::Done);
            }
            self.take_next();
        }
    }

    /// The words of the comparison that the merge under way needs next; none if a run is used up.
    fn comparison(&self) -> Option<Vec<Value>> {
        let merge = self.merge.as_ref()?;
        let (left, right) = (merge.left.get(merge.left_at)?, merge.right.get(merge.right_at)?);
        let mut words = Vec::with_capacity(self.prefix.len() + 2);
        words.extend_from_slice(&self.prefix);
        words.push(self.keys[*left as usize].clone());
        words.push(self.keys[*right as usize].clone());
        Some(words)
    }

    /// Puts the current run down and takes the next key in, or begins to end.
    fn take_next(&mut self) {
        let run = std::mem::take(&mut self.current);
        match self.runs.get_mut(self.level) {
            Some(empty) => *empty = run,
            None => self.runs.push(run),
        }
        self.level = 0;
        if self.next < self.keys.len() {
            self.current = vec![self.next as u32];
            self.next += 1;
        } else {
            self.ending = true;
        }
    }

    /// Takes in the result of a comparison.
    fn decide(&mut self, compared: i64) {
        let compared = if self.decreasing { -compared } else { compared };
        let merge = self.merge.as_mut().expect("a comparison belongs to a merge");
        if compared == 0 && self.unique {
            // Of equal ones the last is kept.
            merge.left_at += 1;
        }
        if compared > 0 || (compared == 0 && self.unique) {
            merge.merged.push(merge.right[merge.right_at]);
            merge.right_at += 1;
        } else {
            merge.merged.push(merge.left[merge.left_at]);
            merge.left_at += 1;
        }
    }
}

impl Continuation for CommandSort {
    fn tells_of_command(&self) -> bool {
        true
    }

    fn resume(mut self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        let result = outcome.map_err(|mut e| {
            if e.code == ERROR {
                if !e.logged {
                    e.error_line = 1;
                    log_text(&mut e, &Value::list(self.comparison().unwrap_or_default()).text());
                }
                e.logged = false;
                e.add_info(b"\n    (-compare command)");
            }
            e
        })?;
        let compared =
            result.to_i64(machine.mode()).filter(|n| (i64::from(i32::MIN)..=i64::from(u32::MAX)).contains(n));
        let Some(compared) = compared else {
            return Err(error!("-compare command returned non-integer result";
                "TCL", "OPERATION", "LSORT", "COMPARISONFAILED"));
        };
        // As many bits as the reference looks at.
        self.decide(i64::from(compared as i32));
        if machine.pending.load(Ordering::Relaxed) & pending::COUNT != 0 {
            // A comparison is a command, which a limit may forbid.
            let here = machine.current();
            if let Some(callback) = machine.count_command(here)? {
                return machine.after(Ok(callback), move |machine, outcome| {
                    outcome?;
                    self.advance(machine)
                });
            }
        }
        self.advance(machine)
    }
}
