//! One operation the long way.
//!
//! The loop in [`crate::exec`] does what is quick and leaves an operation as a
//! whole to [`Machine::perform`] when anything about it is odd: operands that
//! are traced, unset or linked, numbers that are texts, commands to call.
//! Every operation's whole meaning stands here.

use std::sync::atomic::Ordering;

use tclring_compiler::bytecode::{Def, NO_REG, Op, OptionalUse, UseDef};

use super::frame::{Cursor, Running, Window};
use super::unit::Unit;
use super::{Flow, calls, listops, needs_care, stringops, too_long};
use crate::arith::{self, BinaryOp};
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Raised};
use crate::interp::frame::DISCARD;
use crate::interp::{Machine, Step};
use crate::value::{Tag, Value, refusal};

impl Machine {
    /// Performs `op`, the one before `cursor` in the top frame, which runs `unit`. What comes next is in the frames.
    #[cold]
    #[inline(never)]
    pub(super) fn perform(&mut self, op: Op, unit: &Unit, mut cursor: Cursor) -> Flow {
        let frame = self.frame_mut();
        let here = cursor.position(&unit.ops) as u32;
        frame.pc = here + 1;
        let base = frame.base as usize;
        let mut w = Window::new(&mut self.context_mut().registers, base, unit.registers);

        macro_rules! fail {
            ($exception:expr) => {{
                let exception = $exception;
                return self.raise(exception);
            }};
        }
        macro_rules! attempt {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(exception) => fail!(exception),
                }
            };
        }
        // An operand: the register itself, or for an odd one its value read the slow way.
        macro_rules! operand {
            ($register:expr, $number:literal, $spare:ident) => {{
                let value = w.get($register);
                if needs_care(value) {
                    match self.read_operand(unit, base, $register, $number) {
                        Ok(value) => {
                            $spare = value;
                            &$spare
                        }
                        Err(flow) => return flow,
                    }
                } else {
                    value
                }
            }};
        }
        macro_rules! constant {
            ($index:expr) => {
                &unit.constants[usize::from($index.0)]
            };
        }
        macro_rules! store {
            ($register:expr, $value:expr) => {{
                let value: Value = $value;
                let slot = w.get_mut($register);
                if matches!(slot.tag(), Tag::Link | Tag::Array) {
                    if let Some(flow) = self.store_odd(unit, base, $register, value) {
                        return flow;
                    }
                } else {
                    *slot = value;
                }
            }};
        }
        macro_rules! store_int {
            ($register:expr, $value:expr) => {
                store!($register, Value::int($value))
            };
        }
        // A value that is stored somewhere: taken from a temporary, copied from a variable.
        macro_rules! consume {
            ($register:expr, $number:literal) => {{
                if $register >= unit.locals {
                    w.get_mut($register).take()
                } else {
                    let spare;
                    operand!($register, $number, spare).clone()
                }
            }};
        }
        // The outcome of something that may have to run scripts; its result goes to a register.
        macro_rules! finish {
            ($outcome:expr, $register:expr) => {{
                let outcome: Outcome = $outcome;
                match outcome {
                    Ok(Step::Done(value)) => {
                        w = Window::new(&mut self.context_mut().registers, base, unit.registers);
                        store!($register, value);
                    }
                    other => return self.settle(other, (base + usize::from($register)) as u32),
                }
            }};
        }
        macro_rules! finish_discard {
            ($outcome:expr) => {{
                let outcome: Outcome = $outcome;
                match outcome {
                    Ok(Step::Done(_)) => {}
                    other => return self.settle(other, DISCARD),
                }
            }};
        }
        macro_rules! finish_wanted {
            ($want:expr, $outcome:expr, $register:expr) => {
                if $want.0 != 0 { finish!($outcome, $register) } else { finish_discard!($outcome) }
            };
        }
        macro_rules! arithmetic {
            ($op:expr, $dst:expr, $lhs:expr, $rhs:expr) => {{
                let (spare_l, spare_r);
                let l = operand!($lhs.0, 0, spare_l);
                let r = operand!($rhs.0, 1, spare_r);
                let _patience = self.have_patience($op, r);
                let value = attempt!(arith::binary($op, l, r, unit.mode));
                store!($dst.0, value);
            }};
        }
        macro_rules! with_number {
            ($op:expr, $dst:expr, $lhs:expr, $number:expr) => {{
                let spare;
                let l = operand!($lhs.0, 0, spare);
                let value = attempt!(arith::binary($op, l, &Value::int($number), unit.mode));
                store!($dst.0, value);
            }};
        }
        macro_rules! with_constant {
            ($op:expr, $dst:expr, $lhs:expr, $rhs:expr) => {{
                let spare;
                let l = operand!($lhs.0, 0, spare);
                let value = attempt!(arith::binary($op, l, constant!($rhs), unit.mode));
                store!($dst.0, value);
            }};
        }
        macro_rules! constant_with {
            ($op:expr, $dst:expr, $lhs:expr, $rhs:expr) => {{
                let spare;
                let r = operand!($rhs.0, 1, spare);
                let value = attempt!(arith::binary($op, constant!($lhs), r, unit.mode));
                store!($dst.0, value);
            }};
        }
        macro_rules! comparison_const {
            ($lhs:expr, $rhs:expr, $test:path) => {{
                let spare;
                let l = operand!($lhs, 0, spare);
                $test(l, constant!($rhs), unit.mode)
            }};
        }
        macro_rules! text_const {
            ($lhs:expr, $rhs:expr, $test:path) => {{
                let spare;
                let l = operand!($lhs, 0, spare);
                $test(l, constant!($rhs))
            }};
        }
        macro_rules! comparison {
            ($lhs:expr, $rhs:expr, $test:path) => {{
                let (spare_l, spare_r);
                let l = operand!($lhs, 0, spare_l);
                let r = operand!($rhs, 1, spare_r);
                $test(l, r, unit.mode)
            }};
        }
        macro_rules! comparison_imm {
            ($lhs:expr, $imm:expr, $test:path) => {{
                let spare;
                let l = operand!($lhs, 0, spare);
                $test(l, &Value::int(i64::from($imm)), unit.mode)
            }};
        }
        macro_rules! text_comparison {
            ($lhs:expr, $rhs:expr, $test:path) => {{
                let (spare_l, spare_r);
                let l = operand!($lhs, 0, spare_l);
                let r = operand!($rhs, 1, spare_r);
                $test(l, r)
            }};
        }
        macro_rules! truth {
            ($dst:expr, $truth:expr) => {{
                let truth = $truth;
                store_int!($dst.0, i64::from(truth));
            }};
        }
        macro_rules! unary {
            ($dst:expr, $src:expr, $apply:path) => {{
                let spare;
                let v = operand!($src, 0, spare);
                let value = attempt!($apply(v, unit.mode));
                store!($dst, value);
            }};
        }
        // A jump; backwards it looks at the pending flag and the fuel.
        macro_rules! jumped {
            () => {{
                let target = cursor.position(&unit.ops) as u32;
                self.frame_mut().pc = target;
                if target <= here
                    && self.pending.load(Ordering::Relaxed) != 0
                    && let Some(flow) = self.look_at_pending()
                {
                    return flow;
                }
            }};
        }
        macro_rules! jump_to {
            ($target:expr) => {{
                cursor.jump(&unit.ops, $target);
                jumped!();
            }};
        }
        macro_rules! jump_if {
            ($near:expr, $truth:expr) => {
                if $truth {
                    cursor.jump_near($near.0);
                    jumped!();
                }
            };
        }

        match op {
            Op::Nop {} => {}
            Op::Move { dst, src } => {
                let value = consume!(src.0, 0);
                store!(dst.0, value);
            }
            Op::LoadConst { dst, value } => store!(dst.0, unit.constants[value.0 as usize].clone()),
            Op::LoadOptions { dst } => store!(dst.0, self.options_of_success()),
            Op::KeepOptions { src } => self.restore_options(&w.get(src.0).clone()),
            Op::LoadInt { dst, value } => store_int!(dst.0, i64::from(value.0)),
            Op::LoadVar { dst, place, key } => finish!(self.load_place(unit, base, place, key), dst.0),
            Op::StoreVar { src, place, key } => {
                let value = consume!(src.0, 0);
                finish_discard!(self.store_place(unit, base, place, key, value));
            }
            Op::LoadRaw { dst, place, key } => {
                let value = attempt!(self.load_raw(unit, base, place, key));
                store!(dst.0, value);
            }
            Op::LoadNamed { dst, name } => {
                let spare;
                let name = operand!(name.0, 0, spare).clone();
                finish!(self.read_named(&name), dst.0);
            }
            Op::StoreNamed { srcdst, name } => {
                let spare;
                let name = operand!(name.0, 0, spare).clone();
                let value = w.get_mut(srcdst.0).take();
                finish!(self.write_named(&name, value), srcdst.0);
            }
            Op::Exists { dst, place, key } => {
                finish!(self.exists_place(unit, base, place, key), dst.0);
            }
            Op::Unset { complain, place, key } => {
                finish_discard!(self.unset_place(unit, base, place, key, complain.0 != 0));
            }

            Op::Incr { want, place, key, srcdst } => {
                let by = w.get_mut(srcdst.0).take();
                finish_wanted!(want, self.incr_place(unit, base, place, key, by), srcdst.0);
            }
            Op::IncrLocal { local, by, dst } => {
                let slot = w.get_mut(local.0);
                if let Some(sum) = slot.as_int().and_then(|n| n.checked_add(i64::from(by.0))) {
                    slot.overwrite_int(sum);
                    if dst.0 != NO_REG {
                        store_int!(dst.0, sum);
                    }
                } else {
                    let place = tclring_compiler::bytecode::Place(local.0);
                    let none = tclring_compiler::bytecode::OptionalUse(NO_REG);
                    let outcome = self.incr_place(unit, base, place, none, Value::int(i64::from(by.0)));
                    if dst.0 != NO_REG {
                        finish!(outcome, dst.0);
                    } else {
                        finish_discard!(outcome);
                    }
                }
            }
            Op::IncrBy { place, by, dst } => {
                let spare;
                let by = operand!(by.0, 0, spare).clone();
                let outcome = self.incr_place(unit, base, place, OptionalUse(NO_REG), by);
                if dst.0 == NO_REG {
                    finish_discard!(outcome);
                } else {
                    finish!(outcome, dst.0);
                }
            }
            Op::Append { want, place, key, srcdst } => {
                let more = w.get_mut(srcdst.0).take();
                finish_wanted!(want, self.append_place(unit, base, place, key, more, want.0 != 0), srcdst.0);
            }
            Op::Lappend { want, place, key, srcdst } => {
                let more = w.get_mut(srcdst.0).take();
                finish_wanted!(want, self.lappend_place(unit, base, place, key, more, want.0 != 0), srcdst.0);
            }
            Op::LappendList { want, place, key, srcdst } => {
                let more = w.get_mut(srcdst.0).take();
                finish_wanted!(
                    want,
                    self.lappend_list_place(unit, base, place, key, more, want.0 != 0),
                    srcdst.0
                );
            }
            Op::Lset { want, place, first, count } => {
                let outcome = self.lset_place(unit, base, place, first, count.0, want.0 != 0);
                finish_wanted!(want, outcome, first.0);
            }
            Op::LsetConst { place, index, value } => {
                let spare;
                let index = operand!(index.0, 0, spare).clone();
                let value = constant!(value).clone();
                finish_discard!(self.lset_at_place(unit, base, place, index, value));
            }
            Op::LsetAt { place, index, value } => {
                let spare;
                let index = operand!(index.0, 0, spare).clone();
                let value = consume!(value.0, 1);
                finish_discard!(self.lset_at_place(unit, base, place, index, value));
            }
            Op::DictSet { want, first, .. }
            | Op::DictUnset { want, first, .. }
            | Op::DictIncr { want, first, .. }
            | Op::DictAppend { want, first, .. }
            | Op::DictLappend { want, first, .. } => {
                finish_wanted!(want, self.change_dict_place(unit, base, op), first.0);
            }

            Op::LinkGlobal { local, name } => {
                let spare;
                let name = operand!(name.0, 0, spare).clone();
                finish_discard!(self.link_global(unit, base, local, &name));
            }
            Op::LinkVariable { local, name } => {
                let spare;
                let name = operand!(name.0, 0, spare).clone();
                finish_discard!(self.link_variable(unit, base, local, &name));
            }
            Op::LinkUpvar { local, level, name } => {
                let (spare_l, spare_n);
                let level = operand!(level.0, 0, spare_l).clone();
                let name = operand!(name.0, 1, spare_n).clone();
                finish_discard!(self.link_upvar(unit, base, local, &level, &name));
            }

            Op::Add { dst, lhs, rhs } => arithmetic!(BinaryOp::Add, dst, lhs, rhs),
            Op::Sub { dst, lhs, rhs } => arithmetic!(BinaryOp::Sub, dst, lhs, rhs),
            Op::Mul { dst, lhs, rhs } => arithmetic!(BinaryOp::Mul, dst, lhs, rhs),
            Op::Div { dst, lhs, rhs } => arithmetic!(BinaryOp::Div, dst, lhs, rhs),
            Op::Mod { dst, lhs, rhs } => arithmetic!(BinaryOp::Mod, dst, lhs, rhs),
            Op::Pow { dst, lhs, rhs } => arithmetic!(BinaryOp::Pow, dst, lhs, rhs),
            Op::Shl { dst, lhs, rhs } => arithmetic!(BinaryOp::Shl, dst, lhs, rhs),
            Op::Shr { dst, lhs, rhs } => arithmetic!(BinaryOp::Shr, dst, lhs, rhs),
            Op::BitAnd { dst, lhs, rhs } => arithmetic!(BinaryOp::BitAnd, dst, lhs, rhs),
            Op::BitOr { dst, lhs, rhs } => arithmetic!(BinaryOp::BitOr, dst, lhs, rhs),
            Op::BitXor { dst, lhs, rhs } => arithmetic!(BinaryOp::BitXor, dst, lhs, rhs),
            // A negative number comes from a subtraction, which the errors name.
            Op::AddImm { dst, lhs, rhs } if rhs.0 < 0 => {
                with_number!(BinaryOp::Sub, dst, lhs, -i64::from(rhs.0))
            }
            Op::AddImm { dst, lhs, rhs } => with_number!(BinaryOp::Add, dst, lhs, i64::from(rhs.0)),
            Op::MulImm { dst, lhs, rhs } => with_number!(BinaryOp::Mul, dst, lhs, i64::from(rhs.0)),
            Op::ModImm { dst, lhs, rhs } => with_number!(BinaryOp::Mod, dst, lhs, i64::from(rhs.0)),
            Op::AddConst { dst, lhs, rhs } => with_constant!(BinaryOp::Add, dst, lhs, rhs),
            Op::SubConst { dst, lhs, rhs } => with_constant!(BinaryOp::Sub, dst, lhs, rhs),
            Op::MulConst { dst, lhs, rhs } => with_constant!(BinaryOp::Mul, dst, lhs, rhs),
            Op::DivConst { dst, lhs, rhs } => with_constant!(BinaryOp::Div, dst, lhs, rhs),
            Op::ModConst { dst, lhs, rhs } => with_constant!(BinaryOp::Mod, dst, lhs, rhs),
            Op::BitAndConst { dst, lhs, rhs } => with_constant!(BinaryOp::BitAnd, dst, lhs, rhs),
            Op::ShlConst { dst, lhs, rhs } => with_constant!(BinaryOp::Shl, dst, lhs, rhs),
            Op::ShrConst { dst, lhs, rhs } => with_constant!(BinaryOp::Shr, dst, lhs, rhs),
            Op::ConstSub { dst, lhs, rhs } => constant_with!(BinaryOp::Sub, dst, lhs, rhs),
            Op::ConstMul { dst, lhs, rhs } => constant_with!(BinaryOp::Mul, dst, lhs, rhs),
            Op::Neg { dst, src } => unary!(dst.0, src.0, arith::neg),
            Op::Plus { dst, src } => unary!(dst.0, src.0, arith::plus),
            Op::Not { dst, src } => unary!(dst.0, src.0, arith::not),
            Op::BitNot { dst, src } => unary!(dst.0, src.0, arith::bitnot),
            Op::Numeric { dst, src } => {
                if src.0 >= unit.locals && w.get(src.0).as_int().is_some() {
                    let value = w.get_mut(src.0).take();
                    store!(dst.0, value);
                } else {
                    let spare;
                    let v = operand!(src.0, 0, spare);
                    let value = attempt!(arith::expr_result(v, unit.mode));
                    store!(dst.0, value);
                }
            }
            Op::Truth { dst, src } => {
                let spare;
                let v = operand!(src.0, 0, spare);
                let truth = attempt!(arith::truth(v, unit.mode));
                store_int!(dst.0, i64::from(truth));
            }
            Op::MathCall { function, dst, src } => {
                let spare;
                let v = operand!(src.0, 0, spare);
                let row = &arith::functions::MATH[usize::from(function.0)];
                let value = attempt!(arith::functions::call_of_one(row, v, unit.mode));
                store!(dst.0, value);
            }

            Op::Eq { dst, lhs, rhs } => truth!(dst, comparison!(lhs.0, rhs.0, arith::eq)),
            Op::Ne { dst, lhs, rhs } => truth!(dst, comparison!(lhs.0, rhs.0, arith::ne)),
            Op::Lt { dst, lhs, rhs } => truth!(dst, comparison!(lhs.0, rhs.0, arith::lt)),
            Op::Le { dst, lhs, rhs } => truth!(dst, comparison!(lhs.0, rhs.0, arith::le)),
            Op::Gt { dst, lhs, rhs } => truth!(dst, comparison!(lhs.0, rhs.0, arith::gt)),
            Op::Ge { dst, lhs, rhs } => truth!(dst, comparison!(lhs.0, rhs.0, arith::ge)),
            Op::StrEq { dst, lhs, rhs } => truth!(dst, text_comparison!(lhs.0, rhs.0, stringops::equal)),
            Op::StrNe { dst, lhs, rhs } => truth!(dst, !text_comparison!(lhs.0, rhs.0, stringops::equal)),
            Op::StrLt { dst, lhs, rhs } => {
                truth!(dst, text_comparison!(lhs.0, rhs.0, stringops::order).is_lt())
            }
            Op::StrLe { dst, lhs, rhs } => {
                truth!(dst, text_comparison!(lhs.0, rhs.0, stringops::order).is_le())
            }
            Op::StrGt { dst, lhs, rhs } => {
                truth!(dst, text_comparison!(lhs.0, rhs.0, stringops::order).is_gt())
            }
            Op::StrGe { dst, lhs, rhs } => {
                truth!(dst, text_comparison!(lhs.0, rhs.0, stringops::order).is_ge())
            }
            Op::In { dst, lhs, rhs } => {
                let (spare_l, spare_r);
                let l = operand!(lhs.0, 0, spare_l);
                let r = operand!(rhs.0, 1, spare_r);
                let truth = attempt!(arith::in_list(l, r));
                store_int!(dst.0, i64::from(truth));
            }
            Op::NotIn { dst, lhs, rhs } => {
                let (spare_l, spare_r);
                let l = operand!(lhs.0, 0, spare_l);
                let r = operand!(rhs.0, 1, spare_r);
                let truth = attempt!(arith::in_list(l, r));
                store_int!(dst.0, i64::from(!truth));
            }

            Op::Jump { target } => jump_to!(target.0),
            Op::JumpTrue { cond, target } => {
                let truth = match w.get(cond.0).as_int() {
                    Some(n) => n != 0,
                    None => {
                        let spare;
                        let v = operand!(cond.0, 0, spare);
                        attempt!(arith::truth(v, unit.mode))
                    }
                };
                if truth {
                    jump_to!(target.0);
                }
            }
            Op::JumpFalse { cond, target } => {
                let truth = match w.get(cond.0).as_int() {
                    Some(n) => n != 0,
                    None => {
                        let spare;
                        let v = operand!(cond.0, 0, spare);
                        attempt!(arith::truth(v, unit.mode))
                    }
                };
                if !truth {
                    jump_to!(target.0);
                }
            }
            Op::JumpEq { lhs, rhs, near } => jump_if!(near, comparison!(lhs.0, rhs.0, arith::eq)),
            Op::JumpNe { lhs, rhs, near } => jump_if!(near, comparison!(lhs.0, rhs.0, arith::ne)),
            Op::JumpLt { lhs, rhs, near } => jump_if!(near, comparison!(lhs.0, rhs.0, arith::lt)),
            Op::JumpNotLt { lhs, rhs, near } => jump_if!(near, !comparison!(lhs.0, rhs.0, arith::lt)),
            Op::JumpLe { lhs, rhs, near } => jump_if!(near, comparison!(lhs.0, rhs.0, arith::le)),
            Op::JumpNotLe { lhs, rhs, near } => jump_if!(near, !comparison!(lhs.0, rhs.0, arith::le)),
            Op::JumpStrEq { lhs, rhs, near } => {
                jump_if!(near, text_comparison!(lhs.0, rhs.0, stringops::equal))
            }
            Op::JumpStrNe { lhs, rhs, near } => {
                jump_if!(near, !text_comparison!(lhs.0, rhs.0, stringops::equal))
            }
            Op::JumpEqImm { lhs, rhs, near } => jump_if!(near, comparison_imm!(lhs.0, rhs.0, arith::eq)),
            Op::JumpNeImm { lhs, rhs, near } => jump_if!(near, comparison_imm!(lhs.0, rhs.0, arith::ne)),
            Op::JumpLtImm { lhs, rhs, near } => jump_if!(near, comparison_imm!(lhs.0, rhs.0, arith::lt)),
            Op::JumpNotLtImm { lhs, rhs, near } => jump_if!(near, !comparison_imm!(lhs.0, rhs.0, arith::lt)),
            Op::JumpLeImm { lhs, rhs, near } => jump_if!(near, comparison_imm!(lhs.0, rhs.0, arith::le)),
            Op::JumpNotLeImm { lhs, rhs, near } => jump_if!(near, !comparison_imm!(lhs.0, rhs.0, arith::le)),
            Op::JumpGt { lhs, rhs, near } => jump_if!(near, comparison!(lhs.0, rhs.0, arith::gt)),
            Op::JumpNotGt { lhs, rhs, near } => jump_if!(near, !comparison!(lhs.0, rhs.0, arith::gt)),
            Op::JumpGe { lhs, rhs, near } => jump_if!(near, comparison!(lhs.0, rhs.0, arith::ge)),
            Op::JumpNotGe { lhs, rhs, near } => jump_if!(near, !comparison!(lhs.0, rhs.0, arith::ge)),
            Op::JumpGtImm { lhs, rhs, near } => jump_if!(near, comparison_imm!(lhs.0, rhs.0, arith::gt)),
            Op::JumpNotGtImm { lhs, rhs, near } => jump_if!(near, !comparison_imm!(lhs.0, rhs.0, arith::gt)),
            Op::JumpGeImm { lhs, rhs, near } => jump_if!(near, comparison_imm!(lhs.0, rhs.0, arith::ge)),
            Op::JumpNotGeImm { lhs, rhs, near } => jump_if!(near, !comparison_imm!(lhs.0, rhs.0, arith::ge)),
            Op::JumpEqConst { lhs, rhs, near } => jump_if!(near, comparison_const!(lhs.0, rhs, arith::eq)),
            Op::JumpNeConst { lhs, rhs, near } => jump_if!(near, comparison_const!(lhs.0, rhs, arith::ne)),
            Op::JumpLtConst { lhs, rhs, near } => jump_if!(near, comparison_const!(lhs.0, rhs, arith::lt)),
            Op::JumpNotLtConst { lhs, rhs, near } => {
                jump_if!(near, !comparison_const!(lhs.0, rhs, arith::lt))
            }
            Op::JumpLeConst { lhs, rhs, near } => jump_if!(near, comparison_const!(lhs.0, rhs, arith::le)),
            Op::JumpNotLeConst { lhs, rhs, near } => {
                jump_if!(near, !comparison_const!(lhs.0, rhs, arith::le))
            }
            Op::JumpGtConst { lhs, rhs, near } => jump_if!(near, comparison_const!(lhs.0, rhs, arith::gt)),
            Op::JumpNotGtConst { lhs, rhs, near } => {
                jump_if!(near, !comparison_const!(lhs.0, rhs, arith::gt))
            }
            Op::JumpGeConst { lhs, rhs, near } => jump_if!(near, comparison_const!(lhs.0, rhs, arith::ge)),
            Op::JumpNotGeConst { lhs, rhs, near } => {
                jump_if!(near, !comparison_const!(lhs.0, rhs, arith::ge))
            }
            Op::JumpStrEqConst { lhs, rhs, near } => {
                jump_if!(near, text_const!(lhs.0, rhs, stringops::equal))
            }
            Op::JumpStrNeConst { lhs, rhs, near } => {
                jump_if!(near, !text_const!(lhs.0, rhs, stringops::equal))
            }
            Op::JumpStrLtConst { lhs, rhs, near } => {
                jump_if!(near, text_const!(lhs.0, rhs, stringops::order).is_lt())
            }
            Op::JumpStrLeConst { lhs, rhs, near } => {
                jump_if!(near, text_const!(lhs.0, rhs, stringops::order).is_le())
            }
            Op::JumpStrGtConst { lhs, rhs, near } => {
                jump_if!(near, text_const!(lhs.0, rhs, stringops::order).is_gt())
            }
            Op::JumpStrGeConst { lhs, rhs, near } => {
                jump_if!(near, text_const!(lhs.0, rhs, stringops::order).is_ge())
            }
            Op::JumpTable { src, table } => {
                let spare;
                let v = operand!(src.0, 0, spare);
                let arms = &unit.jump_tables[usize::from(table.0)];
                let target = match arms.get(&*v.text()) {
                    Some(target) => *target,
                    None => unit.code().jump_tables[usize::from(table.0)].default,
                };
                jump_to!(target);
            }

            Op::Concat { dst, first, count } => {
                let Some(value) = stringops::concat(w, first.0, count.0 as u16) else {
                    fail!(too_long());
                };
                store!(dst.0, value);
            }
            Op::StrLen { dst, src } => {
                let spare;
                let v = operand!(src.0, 0, spare);
                store_int!(dst.0, v.char_count() as i64);
            }
            Op::StrIndex { dst, src, index } => {
                let (spare_s, spare_i);
                let s = operand!(src.0, 0, spare_s);
                let i = operand!(index.0, 1, spare_i);
                let value = attempt!(stringops::index(s, i, unit.mode));
                store!(dst.0, value);
            }
            Op::StrRange { dst, src, first } => {
                let spare;
                let s = operand!(src.0, 0, spare);
                let value = attempt!(stringops::range(s, w.get(first.0), w.get(first.0 + 1), unit.mode));
                store!(dst.0, value);
            }
            Op::StrMatch { nocase, dst, pattern, src } | Op::RegexpMatch { nocase, dst, pattern, src } => {
                let (spare_p, spare_s);
                let p = operand!(pattern.0, 0, spare_p).clone();
                let s = operand!(src.0, 1, spare_s).clone();
                let how = (matches!(op, Op::RegexpMatch { .. }), nocase.0 != 0);
                let truth = attempt!(crate::cmd::pattern::is_match(self, &p, &s, how));
                store_int!(dst.0, i64::from(truth));
            }
            Op::List { dst, first, count } => {
                let items = (0..count.0 as u16).map(|i| w.get_mut(first.0 + i).take()).collect();
                store!(dst.0, Value::list(items));
            }
            Op::ListPush { acc, src } => {
                let value = consume!(src.0, 0);
                listops::push(w.get_mut(acc.0), value);
            }
            Op::ListSplice { acc, src } => {
                let spare;
                let v = operand!(src.0, 0, spare);
                attempt!(listops::splice(w.get_mut(acc.0), v));
            }
            Op::Llength { dst, src } => {
                let spare;
                let v = operand!(src.0, 0, spare);
                let length = attempt!(listops::length(v));
                store_int!(dst.0, length as i64);
            }
            Op::Lindex { dst, src, index } => {
                let (spare_s, spare_i);
                let l = operand!(src.0, 0, spare_s);
                let i = operand!(index.0, 1, spare_i);
                let value = attempt!(listops::index(l, i, unit.mode));
                store!(dst.0, value);
            }
            Op::LindexImm { dst, src, index } => {
                let spare;
                let l = operand!(src.0, 0, spare);
                let value = attempt!(listops::at(l, i64::from(index.0)));
                store!(dst.0, value);
            }
            Op::LindexMany { count, dst, src, first } => {
                let spare;
                let l = operand!(src.0, 0, spare);
                let value = attempt!(listops::index_many(w, l, first.0, count.0, unit.mode));
                store!(dst.0, value);
            }
            Op::Lrange { dst, src, first } => {
                let spare;
                let l = operand!(src.0, 0, spare);
                let value = attempt!(listops::range(l, w.get(first.0), w.get(first.0 + 1), unit.mode));
                store!(dst.0, value);
            }
            Op::ListElement { dst, src, at } => {
                let spare;
                let l = operand!(src.0, 0, spare);
                let value = attempt!(listops::at(l, i64::from(at.0)));
                store!(dst.0, value);
            }
            Op::ListRest { dst, src, at } => {
                let spare;
                let l = operand!(src.0, 0, spare);
                let value = attempt!(listops::rest(l, at.0 as usize));
                store!(dst.0, value);
            }
            Op::CheckList { list } => {
                let slot = w.get_mut(list.0);
                if !matches!(slot.tag(), Tag::List | Tag::Series) {
                    let made = attempt!(listops::as_list(slot));
                    *w.get_mut(list.0) = made;
                }
            }

            Op::ForeachStart { base: first, shape } => {
                let groups = &unit.code().foreach_shapes[usize::from(shape.0)].groups;
                attempt!(listops::foreach_start(w, first.0, groups));
            }
            Op::ForeachNext { base: first, shape, near } => {
                let groups = &unit.code().foreach_shapes[usize::from(shape.0)].groups;
                jump_if!(near, !listops::foreach_next(w, first.0, groups));
            }
            Op::ForeachValue { which, dst, base: first, shape } => {
                let groups = &unit.code().foreach_shapes[usize::from(shape.0)].groups;
                let value = listops::foreach_value(w, first.0, groups, which.0);
                store!(dst.0, value);
            }
            Op::ForeachEach { dst, base: first, near } => {
                let element = listops::element_of_round(w, first.0).cloned();
                let element = element.or_else(|| listops::term_of_round(w, first.0));
                listops::begin_round(w, first.0);
                match element {
                    Some(element) => store!(dst.0, element),
                    None => jump_if!(near, true),
                }
            }

            Op::DictGet { count, dst, src, first } => {
                let spare;
                let d = operand!(src.0, 0, spare);
                let value = attempt!(listops::dict_get(w, d, first.0, count.0));
                store!(dst.0, value);
            }
            Op::DictExists { count, dst, src, first } => {
                let spare;
                let d = operand!(src.0, 0, spare);
                let truth = listops::dict_exists(w, d, first.0, count.0);
                store_int!(dst.0, i64::from(truth));
            }
            Op::DictStart { base: first, src } => {
                let spare;
                let d = operand!(src.0, 0, spare);
                let dict = attempt!(listops::as_dict(d));
                *w.get_mut(first.0) = listops::dict_start(dict);
            }
            Op::CheckDict { dict: UseDef(dst) }
            | Op::DictHeld { dst: Def(dst), .. }
            | Op::LoadIfSet { dst: Def(dst), .. } => finish!(self.perform_scope(unit, base, op), dst),
            Op::DictBind { .. } | Op::DictMerge { .. } | Op::DictCollect { .. } => {
                finish_discard!(self.perform_scope(unit, base, op));
            }
            Op::DictExpand { count, dst, src, first } => {
                let spare;
                let dict = operand!(src.0, 0, spare).clone();
                finish!(self.expand_dict(base, dict, first, count.0), dst.0);
            }
            Op::DictNext { base: first, near } => jump_if!(near, !listops::dict_next(w, first.0)),

            Op::Call { dst, first, site } => {
                if self.pending.load(Ordering::Relaxed) != 0
                    && let Some(flow) = self.look_at_pending_call()
                {
                    return flow;
                }
                match self.call_site(unit, base, first.0, site.0, dst.0) {
                    Some(Ok(Step::Done(value))) => {
                        w = Window::new(&mut self.context_mut().registers, base, unit.registers);
                        store!(dst.0, value);
                    }
                    None => {}
                    Some(other) => return self.settle(other, (base + usize::from(dst.0)) as u32),
                }
            }
            Op::CallSpread { dst, first, site } => {
                if self.pending.load(Ordering::Relaxed) != 0
                    && let Some(flow) = self.look_at_pending_call()
                {
                    return flow;
                }
                let running = Running { unit, cursor, window: w };
                return calls::enter_spread(self, running, dst.0, first.0, site.0);
            }
            Op::CallList { dst, words } => {
                // The call is made again if there is something else to do first: its words stay until then.
                if self.pending.load(Ordering::Relaxed) != 0
                    && let Some(flow) = self.look_at_pending_call()
                {
                    return flow;
                }
                let words = consume!(words.0, 0);
                let list = attempt!(listops::into_items(words));
                if list.is_empty() {
                    store!(dst.0, Value::EMPTY);
                } else {
                    let flow = self.invoke_words(list, (base + usize::from(dst.0)) as u32);
                    return flow;
                }
            }
            Op::EvalScript { dst, src } => {
                let script = consume!(src.0, 0);
                let script = self.compiled_list(script);
                finish!(Ok(Step::script(script)), dst.0);
            }
            Op::EvalCommand { dst, command } => {
                let step = self.command_step(unit, usize::from(command.0));
                let result_at = if dst.0 == NO_REG { DISCARD } else { (base + usize::from(dst.0)) as u32 };
                return self.settle(step, result_at);
            }
            Op::EvalExpr { dst, src } => {
                let text = consume!(src.0, 0);
                return self.enter_expr(text, (base + usize::from(dst.0)) as u32);
            }
            Op::Return { src } => {
                let value = consume!(src.0, 0);
                return self.leave_frame(value);
            }
            Op::Raise { code } => fail!(Raised::new(i64::from(code.0), Value::EMPTY)),
            Op::Throw { message, error_code, command: _ } => {
                let mut exception = Raised::error(unit.constants[usize::from(message.0)].clone());
                let code = &unit.constants[usize::from(error_code.0)];
                if !code.is_empty() {
                    exception.error_code = Some(code.clone());
                }
                fail!(exception)
            }
            Op::Copy { dst, src } => {
                let spare;
                let value = operand!(src.0, 0, spare).clone();
                store!(dst.0, value);
            }
            Op::During { base: first, during } => {
                if w.get(first.0).as_int() == Some(ERROR) {
                    let during = w.get(during.0).clone();
                    let options = w.get_mut(first.0 + 2).take();
                    let options = attempt!(listops::with_entry(options, "-during", during));
                    *w.get_mut(first.0 + 2) = options;
                }
            }
            Op::Rethrow { base: first } => {
                let code = w.get_mut(first.0).take();
                let result = w.get_mut(first.0 + 1).take();
                let options = w.get_mut(first.0 + 2).take();
                fail!(self.rebuild_exception(code, result, options))
            }
        }
        if refusal::take() {
            fail!(too_long());
        }
        Flow::Go
    }
}
