//! Addresses: jumps that do not fit their near operand, and operations that are
//! taken out or put in once labels and fixups exist.

use super::build::{Builder, Fixup};
use crate::bytecode::{Near, Op, Target};

/// The operation at `at` with its jump going to `target`; none if it does not fit.
pub(crate) fn with_target(op: Op, at: u32, target: u32) -> Option<Op> {
    let near = || i16::try_from(i64::from(target) - i64::from(at) - 1).ok().map(Near);
    macro_rules! near_jumps {
        ($($name:ident { $($field:ident),* })*) => {
            match op {
                Op::Jump { .. } => Op::Jump { target: Target(target) },
                Op::JumpTrue { cond, .. } => Op::JumpTrue { cond, target: Target(target) },
                Op::JumpFalse { cond, .. } => Op::JumpFalse { cond, target: Target(target) },
                $(Op::$name { $($field,)* .. } => Op::$name { $($field,)* near: near()? },)*
                other => panic!("{} does not jump", other.name()),
            }
        };
    }
    Some(near_jumps! {
        JumpEq { lhs, rhs } JumpNe { lhs, rhs } JumpLt { lhs, rhs } JumpNotLt { lhs, rhs }
        JumpLe { lhs, rhs } JumpNotLe { lhs, rhs } JumpStrEq { lhs, rhs } JumpStrNe { lhs, rhs }
        JumpEqImm { lhs, rhs } JumpNeImm { lhs, rhs } JumpLtImm { lhs, rhs } JumpNotLtImm { lhs, rhs }
        JumpLeImm { lhs, rhs } JumpNotLeImm { lhs, rhs } JumpGt { lhs, rhs } JumpNotGt { lhs, rhs }
        JumpGe { lhs, rhs } JumpNotGe { lhs, rhs } JumpGtImm { lhs, rhs } JumpNotGtImm { lhs, rhs }
        JumpGeImm { lhs, rhs } JumpNotGeImm { lhs, rhs }
        JumpEqConst { lhs, rhs } JumpNeConst { lhs, rhs } JumpLtConst { lhs, rhs } JumpNotLtConst { lhs, rhs }
        JumpLeConst { lhs, rhs } JumpNotLeConst { lhs, rhs } JumpGtConst { lhs, rhs } JumpNotGtConst { lhs, rhs }
        JumpGeConst { lhs, rhs } JumpNotGeConst { lhs, rhs } JumpStrEqConst { lhs, rhs } JumpStrNeConst { lhs, rhs }
        JumpStrLtConst { lhs, rhs } JumpStrLeConst { lhs, rhs } JumpStrGtConst { lhs, rhs } JumpStrGeConst { lhs, rhs }
        ForeachEach { dst, base } ForeachNext { base, shape } DictNext { base }
    })
}

/// How many operations a near jump becomes that is too far: the jump over a
/// plain one, the way around it, and the plain one.
const WIDE: u32 = 3;

/// Replaces near jumps that do not reach their labels.
///
/// Widening moves everything behind it, so it is repeated until all fit; each
/// round widens at least one jump.
pub(crate) fn widen(builder: &mut Builder) {
    if builder.ops.len() <= i16::MAX as usize {
        return;
    }
    loop {
        let too_far: Vec<usize> = (0..builder.fixups.len())
            .filter(|index| {
                let Fixup { at, label } = builder.fixups[*index];
                with_target(builder.ops[at as usize], at, builder.address(label)).is_none()
            })
            .collect();
        if too_far.is_empty() {
            return;
        }
        widen_these(builder, &too_far);
    }
}

fn widen_these(builder: &mut Builder, too_far: &[usize]) {
    let mut extra = vec![0_u32; builder.ops.len()];
    for index in too_far {
        extra[builder.fixups[*index].at as usize] = WIDE - 1;
    }
    let moved = addresses(builder.ops.len(), |at| 1 + extra[at]);
    let old_ops = std::mem::take(&mut builder.ops);
    builder.ops.reserve(old_ops.len() + too_far.len() * (WIDE - 1) as usize);
    for (at, op) in old_ops.into_iter().enumerate() {
        if extra[at] == 0 {
            builder.ops.push(op);
            continue;
        }
        let here = builder.ops.len() as u32;
        builder.ops.push(with_target(op, here, here + 2).expect("two operations ahead is near"));
        builder.ops.push(Op::Jump { target: Target(here + WIDE) });
        builder.ops.push(Op::Jump { target: Target(0) });
    }
    relocate(builder, &moved);
    let mut skips = Vec::with_capacity(too_far.len());
    for index in too_far {
        builder.fixups[*index].at += WIDE - 1;
        let label = builder.label();
        let at = builder.fixups[*index].at;
        builder.labels[label.0 as usize] = at + 1;
        skips.push(Fixup { at: at - 1, label });
        let label = builder.label();
        builder.labels[label.0 as usize] = at;
        skips.push(Fixup { at: at - 2, label });
    }
    builder.fixups.extend(skips);
}

/// The new address of each old one (and of the end), when the operation at
/// `at` becomes `len_of(at)` operations.
pub(crate) fn addresses(len: usize, len_of: impl Fn(usize) -> u32) -> Vec<u32> {
    let mut moved = Vec::with_capacity(len + 1);
    let mut next = 0;
    for at in 0..len {
        moved.push(next);
        next += len_of(at);
    }
    moved.push(next);
    moved
}

/// Moves everything that holds an address, given the new address of each old one.
pub(crate) fn relocate(builder: &mut Builder, moved: &[u32]) {
    for label in builder.labels.iter_mut().filter(|label| (**label as usize) < moved.len()) {
        *label = moved[*label as usize];
    }
    for fixup in &mut builder.fixups {
        fixup.at = moved[fixup.at as usize];
    }
    for command in &mut builder.commands {
        command.start = moved[command.start as usize];
        command.end = moved[command.end as usize];
    }
    for body in &mut builder.bodies {
        body.start = moved[body.start as usize];
        body.end = moved[body.end as usize];
    }
    for at in &mut builder.folded {
        *at = moved[*at as usize];
    }
    for handler in &mut builder.handlers {
        handler.start = moved[handler.start as usize];
        handler.end = moved[handler.end as usize];
    }
}
