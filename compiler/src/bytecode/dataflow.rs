//! The verifier's rule V9: a temporary is written before it is read on every
//! path, from an exception to its handler too.
//!
//! A forward analysis over basic blocks. The state is the set of temporaries
//! that are certainly written; where paths meet, the sets are intersected. An
//! operation that takes a temporary removes it. A handler sees what was written
//! when its block began and was not taken in it, since any operation of the
//! block may be the one that raises.

use super::effects::{Effects, WindowUse, effects};
use super::verify::{Rule, VerifyError, broken};
use super::{Code, HandlerKind, Kind, NO_REG, Op};

/// A set of temporaries, counted from the first one.
#[derive(Clone, PartialEq, Eq)]
struct Set {
    words: Vec<u64>,
}

impl Set {
    fn empty(len: usize) -> Set {
        Set { words: vec![0; len.div_ceil(64)] }
    }

    fn has(&self, at: usize) -> bool {
        self.words[at / 64] & (1 << (at % 64)) != 0
    }

    fn insert(&mut self, at: usize) {
        self.words[at / 64] |= 1 << (at % 64);
    }

    fn remove(&mut self, at: usize) {
        self.words[at / 64] &= !(1 << (at % 64));
    }

    /// Keeps what is in `other` too; whether that removed anything.
    fn intersect(&mut self, other: &Set) -> bool {
        let mut changed = false;
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            changed |= *word & !other != 0;
            *word &= other;
        }
        changed
    }

    fn subtract(&mut self, other: &Set) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }
}

struct Analysis<'a> {
    code: &'a Code,
    /// The first operation of each block, in order, and the number of operations.
    starts: Vec<u32>,
    /// The block that begins at an address, by address; `u32::MAX` inside blocks.
    block_at: Vec<u32>,
    /// What is written when each block begins; none for a block not reached yet.
    states: Vec<Option<Set>>,
    /// For each block, the addresses of the handlers that cover it with the
    /// temporaries that the handler writes (three from there, or none).
    handlers: Vec<Vec<(u32, Option<u16>)>>,
    temporaries: usize,
}

/// Checks rule V9 on code that keeps the rules on operands, handlers and tables.
pub(super) fn check(code: &Code) -> Result<(), VerifyError> {
    let temporaries = code.registers as usize - code.locals.len();
    if temporaries == 0 {
        return Ok(());
    }
    let mut analysis = Analysis::new(code, temporaries);
    analysis.solve();
    for block in 0..analysis.starts.len() - 1 {
        let Some(mut state) = analysis.states[block].clone() else { continue };
        for at in analysis.range(block) {
            let effects = effects(code.ops[at], code);
            if let Some(register) = analysis.unwritten(&effects, &state) {
                return broken(Rule::V9, Some(at), format!("r{register} is read before it is written"));
            }
            analysis.step(&effects, &mut state, None);
        }
    }
    Ok(())
}

impl<'a> Analysis<'a> {
    fn new(code: &'a Code, temporaries: usize) -> Analysis<'a> {
        let len = code.ops.len();
        let mut leader = vec![false; len + 1];
        (leader[0], leader[len]) = (true, true);
        for (at, op) in code.ops.iter().enumerate() {
            let mut jumps = op.ends_block();
            targets(*op, at, |target| {
                leader[target as usize] = true;
                jumps = true;
            });
            leader[at + 1] |= jumps;
        }
        for target in code.jump_tables.iter().flat_map(|t| t.arms.iter().map(|arm| arm.1).chain([t.default]))
        {
            leader[target as usize] = true;
        }
        for handler in &code.handlers {
            leader[handler.start as usize] = true;
            leader[handler.end as usize] = true;
            for (target, _) in handler_targets(handler.kind) {
                leader[target as usize] = true;
            }
        }
        let starts: Vec<u32> = (0..=len).filter(|at| leader[*at]).map(|at| at as u32).collect();
        let mut block_at = vec![u32::MAX; len + 1];
        for (block, start) in starts.iter().enumerate() {
            block_at[*start as usize] = block as u32;
        }
        let blocks = starts.len() - 1;
        let mut analysis = Analysis {
            code,
            starts,
            block_at,
            states: vec![None; blocks],
            handlers: vec![Vec::new(); blocks],
            temporaries,
        };
        analysis.cover();
        analysis
    }

    fn cover(&mut self) {
        for handler in &self.code.handlers {
            if handler.start == handler.end {
                continue;
            }
            let (first, last) = (self.block_at[handler.start as usize], self.block_at[handler.end as usize]);
            for block in first..last {
                self.handlers[block as usize].extend(handler_targets(handler.kind));
            }
        }
    }

    fn range(&self, block: usize) -> std::ops::Range<usize> {
        self.starts[block] as usize..self.starts[block + 1] as usize
    }

    fn temporary(&self, register: u16) -> Option<usize> {
        if register == NO_REG {
            return None;
        }
        usize::from(register).checked_sub(self.code.locals.len())
    }

    fn solve(&mut self) {
        self.states[0] = Some(Set::empty(self.temporaries));
        let mut work = vec![0_usize];
        while let Some(block) = work.pop() {
            let mut state = self.states[block].clone().expect("a block on the list has been reached");
            let mut caught = state.clone();
            let mut killed = Set::empty(self.temporaries);
            for at in self.range(block) {
                let op = self.code.ops[at];
                // Nothing goes on in the frame after a return.
                let is_return = matches!(op, Op::Return { .. });
                self.step(&effects(op, self.code), &mut state, (!is_return).then_some(&mut killed));
            }
            caught.subtract(&killed);
            for index in 0..self.handlers[block].len() {
                let (target, base) = self.handlers[block][index];
                let mut at_handler = caught.clone();
                if let Some(base) = base.and_then(|base| self.temporary(base)) {
                    (base..base + 3).for_each(|at| at_handler.insert(at));
                }
                self.flow(target, &at_handler, &mut work);
            }
            self.leave(block, &state, &mut work);
        }
    }

    /// Passes the state at the end of a block to the blocks that follow.
    fn leave(&mut self, block: usize, state: &Set, work: &mut Vec<usize>) {
        let last = self.range(block).end - 1;
        let op = self.code.ops[last];
        if let Op::JumpTable { table, .. } = op {
            let table = &self.code.jump_tables[usize::from(table.0)];
            for target in table.arms.iter().map(|arm| arm.1).chain([table.default]).collect::<Vec<_>>() {
                self.flow(target, state, work);
            }
        }
        let mut jumped = state.clone();
        if let Op::DictNext { base, .. } = op
            && let Some(base) = self.temporary(base.0)
        {
            jumped.remove(base + 1);
            jumped.remove(base + 2);
        }
        targets(op, last, |target| self.flow(target, &jumped, work));
        if !op.ends_block() {
            self.flow(last as u32 + 1, state, work);
        }
    }

    fn flow(&mut self, target: u32, state: &Set, work: &mut Vec<usize>) {
        let block = self.block_at[target as usize] as usize;
        let changed = match &mut self.states[block] {
            Some(known) => known.intersect(state),
            unknown => {
                *unknown = Some(state.clone());
                true
            }
        };
        if changed {
            work.push(block);
        }
    }

    fn unwritten(&self, effects: &Effects, state: &Set) -> Option<u16> {
        let missing = |register: &u16| self.temporary(*register).is_some_and(|at| !state.has(at));
        let single = effects.reads.iter().chain(&effects.takes).find(|r| missing(r)).copied();
        single.or_else(|| {
            let (first, count) = effects.window_list?;
            let read = match effects.window_use {
                WindowUse::Taken | WindowUse::TakenFirstWritten | WindowUse::Read => 0..count,
                WindowUse::TakenFirstUnread => 1..count,
                WindowUse::LastWritten => 0..count - 1,
                WindowUse::FirstWritten => 0..0,
                WindowUse::FirstReadRestWritten => 0..1,
            };
            read.map(|i| first + i as u16).find(|r| missing(r))
        })
    }

    /// Applies the operation's effect; `killed` collects what an exception in it may have unset.
    fn step(&self, effects: &Effects, state: &mut Set, mut killed: Option<&mut Set>) {
        let mut take = |state: &mut Set, register: u16| {
            if let Some(at) = self.temporary(register) {
                state.remove(at);
                if let Some(killed) = killed.as_deref_mut() {
                    killed.insert(at);
                }
            }
        };
        for register in effects.takes {
            take(state, register);
        }
        if let Some((first, count)) = effects.window_list {
            use WindowUse::{Taken, TakenFirstUnread, TakenFirstWritten};
            if matches!(effects.window_use, Taken | TakenFirstUnread | TakenFirstWritten) {
                (0..count).for_each(|i| take(state, first + i as u16));
            }
            let written = match effects.window_use {
                WindowUse::Taken | WindowUse::TakenFirstUnread | WindowUse::Read => 0..0,
                WindowUse::TakenFirstWritten | WindowUse::FirstWritten => 0..1,
                WindowUse::LastWritten => count - 1..count,
                WindowUse::FirstReadRestWritten => 1..3,
            };
            written.for_each(|i| self.write(state, first + i as u16));
        }
        self.write(state, effects.writes);
    }

    fn write(&self, state: &mut Set, register: u16) {
        if let Some(at) = self.temporary(register) {
            state.insert(at);
        }
    }
}

fn handler_targets(kind: HandlerKind) -> impl Iterator<Item = (u32, Option<u16>)> {
    let pair = match kind {
        HandlerKind::Loop { on_break, on_continue } => [Some((on_break, None)), Some((on_continue, None))],
        HandlerKind::Catch { target, base, .. } => [Some((target, Some(base))), None],
    };
    pair.into_iter().flatten()
}

/// Calls `visit` with every address that the operation at `at` can jump to,
/// those of a jump table aside.
pub(crate) fn targets(op: Op, at: usize, mut visit: impl FnMut(u32)) {
    op.operands(|_, kind, number| match kind {
        Kind::Target => visit(u32::try_from(number).unwrap_or(u32::MAX)),
        Kind::Near => visit(u32::try_from(at as i64 + 1 + number).unwrap_or(u32::MAX)),
        _ => {}
    });
}
