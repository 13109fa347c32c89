//! The peephole pass: improvements that look at few operations at a time.
//!
//! It works on code whose labels are not resolved yet, and never changes what a
//! script can observe. Two operations that become one stand where the first
//! was, so that an error still belongs to the same command.
//!
//! It relies on how lowering uses temporaries: one that a jump tests is not
//! read again.

use crate::bytecode::{Const16, Near, Op, Small, Use};
use crate::lower::build::{Builder, Fixup, Label, LabelledKind, TEMPORARY, UNBOUND};
use crate::lower::layout::relocate;

/// How often the pass goes over the code; each round can make room for the next.
const ROUNDS: usize = 2;

/// Improves the operations of `builder` in place.
pub(crate) fn improve(builder: &mut Builder) {
    improve_with(builder, |_| ());
}

/// Does the same; `tell` learns of each round the new address of each old one.
pub(crate) fn improve_with(builder: &mut Builder, mut tell: impl FnMut(&[u32])) {
    for _ in 0..ROUNDS {
        let before = builder.ops.len();
        let labels = labels_of(builder);
        thread_jumps(builder, &labels);
        tell(&Pass::new(builder).run());
        if builder.ops.len() == before {
            break;
        }
    }
}

/// The label that each operation jumps to.
fn labels_of(builder: &Builder) -> Vec<Option<Label>> {
    let mut labels = vec![None; builder.ops.len() + 1];
    for Fixup { at, label } in &builder.fixups {
        labels[*at as usize] = Some(*label);
    }
    labels
}

/// The most jumps that are followed from one label.
const CHAIN_MAX: usize = 8;

/// Lets jumps to jumps go where those lead, and jumps to a return return.
fn thread_jumps(builder: &mut Builder, labels: &[Option<Label>]) {
    let mut returns = Vec::new();
    for index in 0..builder.fixups.len() {
        let Fixup { at, mut label } = builder.fixups[index];
        for _ in 0..CHAIN_MAX {
            let address = builder.labels[label.0 as usize];
            match builder.ops.get(address as usize) {
                Some(Op::Jump { .. }) if let Some(next) = labels[address as usize] => label = next,
                Some(op @ Op::Return { .. }) if matches!(builder.ops[at as usize], Op::Jump { .. }) => {
                    returns.push((index, *op));
                    break;
                }
                _ => break,
            }
        }
        builder.fixups[index].label = label;
    }
    for (index, op) in returns.into_iter().rev() {
        builder.ops[builder.fixups[index].at as usize] = op;
        builder.fixups.swap_remove(index);
    }
}

/// An operation that is kept so far.
#[derive(Clone, Copy)]
struct Kept {
    op: Op,
    label: Option<Label>,
    /// Whether something jumps here, so that it cannot become one with the
    /// operation before it.
    is_target: bool,
}

struct Pass<'a> {
    builder: &'a mut Builder,
    is_target: Vec<bool>,
    /// Whether a command's code ends before an address: what fails from there on is told of the command around.
    is_end: Vec<bool>,
    kept: Vec<Kept>,
}

impl<'a> Pass<'a> {
    fn new(builder: &'a mut Builder) -> Pass<'a> {
        let mut is_target = vec![false; builder.ops.len() + 1];
        let mut mark = |label: Label| {
            let address = builder.labels[label.0 as usize];
            assert!(address != UNBOUND, "a label that is used is bound");
            is_target[address as usize] = true;
        };
        builder.fixups.iter().for_each(|fixup| mark(fixup.label));
        for table in &builder.jump_tables {
            table.arms.iter().for_each(|arm| mark(arm.1));
            mark(table.default);
        }
        for handler in &builder.handlers {
            match handler.kind {
                LabelledKind::Loop { on_break, on_continue } => {
                    mark(on_break);
                    mark(on_continue);
                }
                LabelledKind::Catch { target, .. } => mark(target),
            }
        }
        let mut is_end = vec![false; builder.ops.len() + 1];
        builder.commands.iter().for_each(|command| is_end[command.end as usize] = true);
        let kept = Vec::with_capacity(builder.ops.len());
        Pass { builder, is_target, is_end, kept }
    }

    fn run(mut self) -> Vec<u32> {
        let ops = std::mem::take(&mut self.builder.ops);
        let mut labels = vec![None; ops.len()];
        for Fixup { at, label } in &self.builder.fixups {
            labels[*at as usize] = Some(*label);
        }
        let mut moved = Vec::with_capacity(ops.len() + 1);
        let mut is_dead = false;
        for (at, op) in ops.iter().enumerate() {
            let is_target = self.is_target[at];
            is_dead &= !is_target;
            moved.push(self.kept.len() as u32);
            // What is malformed is told of even where the code does not come.
            if is_dead && !matches!(op, Op::Throw { .. }) {
                self.builder.folded.retain(|folded| *folded as usize != at);
                continue;
            }
            is_dead = op.ends_block();
            self.kept.push(Kept { op: *op, label: labels[at], is_target });
            while self.reduce(at as u32) {}
        }
        moved.push(self.kept.len() as u32);
        self.settle(moved)
    }

    /// Improves the last operations kept; `at` is the old address of the last.
    fn reduce(&mut self, at: u32) -> bool {
        let len = self.kept.len();
        let Some(last) = self.kept.last().copied() else { return false };
        if self.jumps_to(last, at + 1) && matches!(last.op, Op::Jump { .. }) && !last.is_target {
            self.kept.pop();
            return false;
        }
        if len < 2 || last.is_target {
            return false;
        }
        let before = self.kept[len - 2];
        let merged = match (before.op, last.op) {
            // A jump over a jump.
            (op, Op::Jump { .. }) if self.jumps_to(before, at + 1) => inverted(op).map(|op| (op, last.label)),
            (Op::Move { dst, src }, Op::Return { src: returned })
                if dst.0 == returned.0 && is_temporary(dst.0) =>
            {
                Some((Op::Return { src }, None))
            }
            (Op::Not { dst, src }, Op::JumpTrue { cond, target })
                if dst.0 == cond.0 && self.is_truth(src, len - 2) =>
            {
                Some((Op::JumpFalse { cond: src, target }, last.label))
            }
            (Op::Not { dst, src }, Op::JumpFalse { cond, target })
                if dst.0 == cond.0 && self.is_truth(src, len - 2) =>
            {
                Some((Op::JumpTrue { cond: src, target }, last.label))
            }
            (Op::ForeachNext { base, shape, near }, Op::ForeachValue { which: Small(0), dst, .. })
                if self.builder.has_one_variable(shape) =>
            {
                Some((Op::ForeachEach { dst, base, near }, before.label))
            }
            (Op::LoadConst { dst, value }, op) if is_temporary(dst.0) && !self.is_apart(at) => {
                let text = self.builder.is_plain_text(value);
                u16::try_from(value.0)
                    .ok()
                    .and_then(|near| with_constant(op, dst.0, Const16(near), text))
                    .map(|op| {
                        self.builder.near_constant(value.0);
                        (op, last.label)
                    })
            }
            (Op::LoadInt { dst, value }, op) if is_temporary(dst.0) && !self.is_apart(at) => {
                // Whether there is such a form is asked first, so that no constant is made in vain.
                with_constant(op, dst.0, Const16(0), false).and_then(|_| {
                    let constant = self.builder.integer(i64::from(value.0));
                    let near = u16::try_from(constant.0).ok()?;
                    self.builder.near_constant(constant.0);
                    with_constant(op, dst.0, Const16(near), false).map(|op| (op, last.label))
                })
            }
            (op, Op::JumpTrue { cond, .. }) => fused(op, cond).map(|op| (op, last.label)),
            (op, Op::JumpFalse { cond, .. }) => fused(op, cond).and_then(inverted).map(|op| (op, last.label)),
            _ => None,
        };
        let Some((op, label)) = merged else { return false };
        self.kept.truncate(len - 2);
        self.kept.push(Kept { op, label, is_target: before.is_target });
        true
    }

    /// Whether the operation at the old address `at` belongs to an operator on constants alone, or to another command
    /// than the one before it.
    fn is_apart(&self, at: u32) -> bool {
        self.is_end[at as usize] || self.builder.folded.contains(&at)
    }

    fn jumps_to(&self, kept: Kept, address: u32) -> bool {
        kept.label.is_some_and(|label| self.builder.labels[label.0 as usize] == address)
    }

    /// Whether the operation before the one at `index` has just put a truth
    /// value into the temporary `register`.
    fn is_truth(&self, register: Use, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).and_then(|index| self.kept.get(index)) else { return false };
        !self.kept[index].is_target
            && is_temporary(register.0)
            && truth_register(before.op) == Some(register.0)
    }

    fn settle(mut self, mut moved: Vec<u32>) -> Vec<u32> {
        // Operations that became one with those before them have no address
        // of their own: what follows is theirs.
        for at in (0..moved.len() - 1).rev() {
            moved[at] = moved[at].min(moved[at + 1]);
        }
        self.builder.fixups.clear();
        relocate(self.builder, &moved);
        for (at, kept) in self.kept.drain(..).enumerate() {
            self.builder.ops.push(kept.op);
            if let Some(label) = kept.label {
                self.builder.fixups.push(Fixup { at: at as u32, label });
            }
        }
        self.builder.handlers.retain(|handler| handler.start < handler.end);
        moved
    }
}

fn is_temporary(register: u16) -> bool {
    register & TEMPORARY != 0
}

/// The register into which an operation puts a truth value.
fn truth_register(op: Op) -> Option<u16> {
    match op {
        Op::Eq { dst, .. }
        | Op::Ne { dst, .. }
        | Op::Lt { dst, .. }
        | Op::Le { dst, .. }
        | Op::Gt { dst, .. }
        | Op::Ge { dst, .. }
        | Op::StrEq { dst, .. }
        | Op::StrNe { dst, .. }
        | Op::StrLt { dst, .. }
        | Op::StrLe { dst, .. }
        | Op::StrGt { dst, .. }
        | Op::StrGe { dst, .. }
        | Op::In { dst, .. }
        | Op::NotIn { dst, .. }
        | Op::Not { dst, .. }
        | Op::Exists { dst, .. }
        | Op::StrMatch { dst, .. }
        | Op::RegexpMatch { dst, .. }
        | Op::DictExists { dst, .. } => Some(dst.0),
        _ => None,
    }
}

/// The jump that is taken if the comparison, whose outcome `cond` holds, is true.
fn fused(op: Op, cond: Use) -> Option<Op> {
    if !is_temporary(cond.0) || truth_register(op) != Some(cond.0) {
        return None;
    }
    let near = Near(0);
    Some(match op {
        Op::Eq { lhs, rhs, .. } => Op::JumpEq { lhs, rhs, near },
        Op::Ne { lhs, rhs, .. } => Op::JumpNe { lhs, rhs, near },
        Op::Lt { lhs, rhs, .. } => Op::JumpLt { lhs, rhs, near },
        Op::Le { lhs, rhs, .. } => Op::JumpLe { lhs, rhs, near },
        Op::Gt { lhs, rhs, .. } => Op::JumpGt { lhs, rhs, near },
        Op::Ge { lhs, rhs, .. } => Op::JumpGe { lhs, rhs, near },
        Op::StrEq { lhs, rhs, .. } => Op::JumpStrEq { lhs, rhs, near },
        Op::StrNe { lhs, rhs, .. } => Op::JumpStrNe { lhs, rhs, near },
        _ => return None,
    })
}

/// The operation `op` with a constant in the place of the operand in the temporary `register`, which is not read
/// again. `text`: the constant is a text that reads as no number, so that comparisons compare texts.
fn with_constant(op: Op, register: u16, constant: Const16, text: bool) -> Option<Op> {
    macro_rules! forms {
        (right { $($name:ident => $right:ident;)* } left { $($other:ident => $left:ident;)* }
            jumps { $($jump:ident => $near:ident;)* } texts { $($number:ident => $text:ident;)* }) => {
            match op {
                $(Op::$number { lhs, rhs, near } if text && rhs.0 == register && lhs.0 != register => {
                    Op::$text { lhs, rhs: constant, near }
                })*
                $(Op::$name { dst, lhs, rhs } if rhs.0 == register && lhs.0 != register => {
                    Op::$right { dst, lhs, rhs: constant }
                })*
                $(Op::$other { dst, lhs, rhs } if lhs.0 == register && rhs.0 != register => {
                    Op::$left { dst, lhs: constant, rhs }
                })*
                $(Op::$jump { lhs, rhs, near } if rhs.0 == register && lhs.0 != register => {
                    Op::$near { lhs, rhs: constant, near }
                })*
                _ => return None,
            }
        };
    }
    if let Op::LsetAt { place, index, value } = op {
        return (value.0 == register && index.0 != register).then_some(Op::LsetConst {
            place,
            index,
            value: constant,
        });
    }
    Some(forms! {
        right {
            Add => AddConst; Sub => SubConst; Mul => MulConst; Div => DivConst; Mod => ModConst;
            BitAnd => BitAndConst; Shl => ShlConst; Shr => ShrConst;
        }
        left { Sub => ConstSub; Mul => ConstMul; }
        jumps {
            JumpEq => JumpEqConst; JumpNe => JumpNeConst; JumpLt => JumpLtConst; JumpNotLt => JumpNotLtConst;
            JumpLe => JumpLeConst; JumpNotLe => JumpNotLeConst; JumpGt => JumpGtConst; JumpNotGt => JumpNotGtConst;
            JumpGe => JumpGeConst; JumpNotGe => JumpNotGeConst; JumpStrEq => JumpStrEqConst; JumpStrNe => JumpStrNeConst;
        }
        texts {
            JumpEq => JumpStrEqConst; JumpNe => JumpStrNeConst; JumpLt => JumpStrLtConst; JumpNotLt => JumpStrGeConst;
            JumpLe => JumpStrLeConst; JumpNotLe => JumpStrGtConst; JumpGt => JumpStrGtConst; JumpNotGt => JumpStrLeConst;
            JumpGe => JumpStrGeConst; JumpNotGe => JumpStrLtConst;
        }
    })
}

/// The jump that is taken when `op` is not.
fn inverted(op: Op) -> Option<Op> {
    macro_rules! pairs {
        ($($one:ident $other:ident { $($field:ident),* })*) => {
            match op {
                $(
                    Op::$one { $($field),* } => Op::$other { $($field),* },
                    Op::$other { $($field),* } => Op::$one { $($field),* },
                )*
                _ => return None,
            }
        };
    }
    Some(pairs! {
        JumpTrue JumpFalse { cond, target }
        JumpEq JumpNe { lhs, rhs, near }
        JumpLt JumpNotLt { lhs, rhs, near }
        JumpLe JumpNotLe { lhs, rhs, near }
        JumpGt JumpNotGt { lhs, rhs, near }
        JumpGe JumpNotGe { lhs, rhs, near }
        JumpStrEq JumpStrNe { lhs, rhs, near }
        JumpEqImm JumpNeImm { lhs, rhs, near }
        JumpLtImm JumpNotLtImm { lhs, rhs, near }
        JumpLeImm JumpNotLeImm { lhs, rhs, near }
        JumpGtImm JumpNotGtImm { lhs, rhs, near }
        JumpGeImm JumpNotGeImm { lhs, rhs, near }
        JumpEqConst JumpNeConst { lhs, rhs, near }
        JumpLtConst JumpNotLtConst { lhs, rhs, near }
        JumpLeConst JumpNotLeConst { lhs, rhs, near }
        JumpGtConst JumpNotGtConst { lhs, rhs, near }
        JumpGeConst JumpNotGeConst { lhs, rhs, near }
        JumpStrEqConst JumpStrNeConst { lhs, rhs, near }
        JumpStrLtConst JumpStrGeConst { lhs, rhs, near }
        JumpStrLeConst JumpStrGtConst { lhs, rhs, near }
    })
}
