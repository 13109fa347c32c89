//! What an operation does to registers: which it reads, takes and writes.
//!
//! The operand kinds say where registers stand; what happens to them (a value
//! is taken from a temporary or only looked at) is a property of the operation
//! and is written here once, for the verifier and for the peephole pass.

use super::verify::foreach_window;
use super::{Code, NO_REG, Op};

/// What happens to the registers of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WindowUse {
    /// All are taken.
    Taken,
    /// All but the first are read, and all are unset.
    TakenFirstUnread,
    /// All are taken, then the first is written.
    TakenFirstWritten,
    /// All are read and stay.
    Read,
    /// All but the last are read, the last is written.
    LastWritten,
    /// The first is written.
    FirstWritten,
    /// The first is read, the other two are written unless the operation jumps.
    FirstReadRestWritten,
}

/// The effect of one operation on registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effects {
    /// Registers that are read and stay; [`NO_REG`] fills up.
    pub(crate) reads: [u16; 3],
    /// Registers that are read and, if temporaries, unset; [`NO_REG`] fills up.
    pub(crate) takes: [u16; 2],
    /// A register that is written when the operation succeeds, or [`NO_REG`].
    pub(crate) writes: u16,
    /// The window: its first register and its length.
    pub(crate) window_list: Option<(u16, u32)>,
    /// What happens to the window.
    pub(crate) window_use: WindowUse,
}

const NONE: Effects = Effects {
    reads: [NO_REG; 3],
    takes: [NO_REG; 2],
    writes: NO_REG,
    window_list: None,
    window_use: WindowUse::Taken,
};

fn looks(writes: u16, reads: &[u16]) -> Effects {
    let mut effects = Effects { writes, ..NONE };
    effects.reads[..reads.len()].copy_from_slice(reads);
    effects
}

fn takes(writes: u16, taken: u16, key: u16) -> Effects {
    Effects { writes, takes: [taken, NO_REG], reads: [key, NO_REG, NO_REG], ..NONE }
}

fn in_place(want: u8, key: u16, srcdst: u16) -> Effects {
    takes(if want == 0 { NO_REG } else { srcdst }, srcdst, key)
}

fn window(writes: u16, read: u16, first: u16, count: i64, window_use: WindowUse) -> Effects {
    let count = u32::try_from(count).unwrap_or(0);
    Effects { writes, reads: [read, NO_REG, NO_REG], window_list: Some((first, count)), window_use, ..NONE }
}

fn stored_window(want: u8, first: u16, count: i64) -> Effects {
    let window_use = if want == 0 { WindowUse::Taken } else { WindowUse::TakenFirstWritten };
    window(NO_REG, NO_REG, first, count, window_use)
}

/// The effect of `op` in `code`, whose tables say how long windows are.
pub(crate) fn effects(op: Op, code: &Code) -> Effects {
    match op {
        Op::Move { dst, src } => takes(dst.0, src.0, NO_REG),
        Op::LoadConst { dst, .. } | Op::LoadInt { dst, .. } | Op::LoadOptions { dst } => looks(dst.0, &[]),
        Op::KeepOptions { src } => looks(NO_REG, &[src.0]),
        Op::LoadVar { dst, key, .. } | Op::LoadRaw { dst, key, .. } | Op::Exists { dst, key, .. } => {
            looks(dst.0, &[key.0])
        }
        Op::StoreVar { src, key, .. } => takes(NO_REG, src.0, key.0),
        Op::LoadNamed { dst, name } => looks(dst.0, &[name.0]),
        Op::StoreNamed { srcdst, name } => takes(srcdst.0, srcdst.0, name.0),
        Op::Unset { key, .. } => looks(NO_REG, &[key.0]),
        Op::Incr { want, key, srcdst, .. }
        | Op::Append { want, key, srcdst, .. }
        | Op::Lappend { want, key, srcdst, .. }
        | Op::LappendList { want, key, srcdst, .. } => in_place(want.0, key.0, srcdst.0),
        Op::IncrLocal { local, dst, .. } => looks(dst.0, &[local.0]),
        Op::IncrBy { by, dst, .. } => looks(dst.0, &[by.0]),
        Op::LsetConst { index, .. } => looks(NO_REG, &[index.0]),
        Op::LsetAt { index, value, .. } => takes(NO_REG, value.0, index.0),
        Op::Lset { want, first, count, .. } | Op::DictSet { want, first, count, .. } => {
            stored_window(want.0, first.0, i64::from(count.0) + 1)
        }
        Op::DictUnset { want, first, count, .. } => stored_window(want.0, first.0, i64::from(count.0)),
        Op::DictIncr { want, first, .. }
        | Op::DictAppend { want, first, .. }
        | Op::DictLappend { want, first, .. } => stored_window(want.0, first.0, 2),
        Op::LinkGlobal { name, .. } | Op::LinkVariable { name, .. } => looks(NO_REG, &[name.0]),
        Op::LinkUpvar { level, name, .. } => looks(NO_REG, &[level.0, name.0]),
        Op::Jump { .. } | Op::Raise { .. } | Op::Throw { .. } | Op::Nop {} => NONE,
        Op::JumpTrue { cond, .. } | Op::JumpFalse { cond, .. } => looks(NO_REG, &[cond.0]),
        Op::JumpTable { src, .. } => looks(NO_REG, &[src.0]),
        Op::Concat { dst, first, count } | Op::List { dst, first, count } => {
            window(dst.0, NO_REG, first.0, i64::from(count.0), WindowUse::Taken)
        }
        Op::StrRange { dst, src, first } | Op::Lrange { dst, src, first } => {
            window(dst.0, src.0, first.0, 2, WindowUse::Taken)
        }
        Op::ListPush { acc, src } | Op::ListSplice { acc, src } => {
            Effects { writes: acc.0, takes: [acc.0, src.0], ..NONE }
        }
        Op::CheckList { list } => takes(list.0, list.0, NO_REG),
        Op::ForeachStart { base, shape } => {
            let count = i64::from(foreach_window(code, shape.0));
            window(NO_REG, NO_REG, base.0, count, WindowUse::LastWritten)
        }
        Op::ForeachNext { base, shape, .. } => {
            window(NO_REG, NO_REG, base.0, i64::from(foreach_window(code, shape.0)), WindowUse::Read)
        }
        Op::ForeachValue { dst, base, shape, .. } => {
            window(dst.0, NO_REG, base.0, i64::from(foreach_window(code, shape.0)), WindowUse::Read)
        }
        Op::ForeachEach { dst, base, .. } => window(dst.0, NO_REG, base.0, 2, WindowUse::Read),
        Op::LindexMany { count, dst, src, first }
        | Op::DictGet { count, dst, src, first }
        | Op::DictExists { count, dst, src, first } => {
            window(dst.0, src.0, first.0, i64::from(count.0), WindowUse::Taken)
        }
        Op::DictStart { base, src } => window(NO_REG, src.0, base.0, 3, WindowUse::FirstWritten),
        Op::CheckDict { dict } => takes(dict.0, dict.0, NO_REG),
        Op::DictBind { src, key, .. } => looks(NO_REG, &[src.0, key.0]),
        Op::DictExpand { count, dst, src, first } => {
            window(dst.0, src.0, first.0, i64::from(count.0), WindowUse::Read)
        }
        Op::DictHeld { dst, .. } | Op::LoadIfSet { dst, .. } => looks(dst.0, &[]),
        Op::DictMerge { first, count, .. } => {
            window(NO_REG, NO_REG, first.0, 2 * i64::from(count.0), WindowUse::Taken)
        }
        Op::DictCollect { count, src, first, .. } => Effects {
            takes: [src.0, NO_REG],
            ..window(NO_REG, NO_REG, first.0, i64::from(count.0), WindowUse::Taken)
        },
        Op::DictNext { base, .. } => window(NO_REG, NO_REG, base.0, 3, WindowUse::FirstReadRestWritten),
        Op::Call { dst, first, site } => {
            let site = code.call_sites.get(usize::from(site.0));
            let words = site.map_or(0, |site| site.words);
            let is_known = site.is_some_and(|site| site.name.is_some());
            let window_use = if is_known { WindowUse::TakenFirstUnread } else { WindowUse::Taken };
            window(dst.0, NO_REG, first.0, i64::from(words), window_use)
        }
        Op::EvalCommand { dst, .. } => looks(dst.0, &[]),
        Op::CallSpread { dst, first, site } => {
            let words = code.call_sites.get(usize::from(site.0)).map_or(0, |site| site.words);
            window(dst.0, NO_REG, first.0, i64::from(words), WindowUse::Taken)
        }
        Op::CallList { dst, words } => takes(dst.0, words.0, NO_REG),
        Op::EvalScript { dst, src } | Op::EvalExpr { dst, src } => takes(dst.0, src.0, NO_REG),
        Op::Return { src } => takes(NO_REG, src.0, NO_REG),
        Op::During { base, during } => window(NO_REG, during.0, base.0, 3, WindowUse::Read),
        Op::Rethrow { base } => window(NO_REG, NO_REG, base.0, 3, WindowUse::Taken),
        other => plain(other),
    }
}

/// The effect of an operation that only looks at its `Use` operands and writes
/// its `Def` operand: arithmetic, comparison, fused jumps, `lindex` and the like.
fn plain(op: Op) -> Effects {
    let mut effects = NONE;
    let mut filled = 0;
    op.operands(|name, kind, number| {
        let number = u16::try_from(number).unwrap_or(NO_REG);
        match kind {
            super::Kind::Def => effects.writes = number,
            super::Kind::Use => {
                effects.reads[filled] = number;
                filled += 1;
            }
            super::Kind::Near | super::Kind::Immediate | super::Kind::Small | super::Kind::Const => {}
            _ => panic!("the operand {name} of {} needs a row of its own in the effects", op.name()),
        }
    });
    effects
}

impl Op {
    /// Whether control never goes on to the operation after this one.
    pub fn ends_block(self) -> bool {
        matches!(
            self,
            Op::Jump { .. }
                | Op::JumpTable { .. }
                | Op::Return { .. }
                | Op::Raise { .. }
                | Op::Throw { .. }
                | Op::Rethrow { .. }
        )
    }
}
