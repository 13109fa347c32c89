//! The execution loop.
//!
//! One loop runs the operations of the top frame; a call, a return, an
//! exception changes the top frame and goes round. Nothing here calls itself.

mod access;
pub mod compile;
mod enter;
mod frame;
pub mod listops;
pub mod lowered;
mod settle;
mod stringops;
pub mod tracing;
pub mod unit;
mod unwind;

use std::sync::atomic::Ordering;

use tclring_compiler::bytecode::{NO_REG, Op};

use crate::arith::{self, BinaryOp};
use crate::error;
use crate::interp::command::Outcome;
use crate::interp::exception::Raised;
use crate::interp::{Machine, RunEnd, Step, pending};
use crate::value::{Tag, Value};
use frame::{Cursor, Window, running_unit};

pub(crate) use access::{append_to, dict_in, lappend_to};
pub(crate) use unwind::log_text;
pub use unwind::shorten;
pub(crate) use stringops::{index as string_index, range as string_range, resolve_index};

/// What the loop does after leaving a frame's operations.
pub(crate) enum Flow {
    /// Run the top frame.
    Go,
    /// Come back to the caller.
    End(RunEnd),
}

/// Whether a register holds something that an operand may not be: unset, a link, an array.
#[inline(always)]
fn needs_care(value: &Value) -> bool {
    const CARE: u32 = 1 << Tag::Unset as u32 | 1 << Tag::Link as u32 | 1 << Tag::Array as u32;
    CARE >> (value.tag() as u32) & 1 != 0
}

impl Machine {
    /// Runs until what the outermost barrier asked for is complete, or something must wait.
    pub fn run(&mut self) -> RunEnd {
        'frames: loop {
        let frame = self.frame();
        let Some(mut unit) = running_unit(frame) else {
            // The frame on top has nothing to run: what was asked for is complete.
            return RunEnd::Done(Ok(Value::EMPTY));
        };
        let mut base = frame.base as usize;
        let mut cursor = Cursor::new(&unit.ops, frame.pc as usize);
        let mut w = Window::new(&mut self.context_mut().registers, base, unit.registers);

        macro_rules! leave {
            ($flow:expr) => {
                match $flow {
                    Flow::Go => continue 'frames,
                    Flow::End(end) => return end,
                }
            };
        }
        macro_rules! save {
            () => {
                self.frame_mut().pc = cursor.position(&unit.ops) as u32
            };
        }
        macro_rules! fail {
            ($exception:expr) => {{
                let exception = $exception;
                save!();
                leave!(self.raise(exception))
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
                    save!();
                    match self.read_operand(unit, base, $register, $number) {
                        Ok(value) => {
                            $spare = value;
                            &$spare
                        }
                        Err(flow) => leave!(flow),
                    }
                } else {
                    value
                }
            }};
        }
        macro_rules! store {
            ($register:expr, $value:expr) => {{
                let value: Value = $value;
                let slot = w.get_mut($register);
                if slot.is_simple() {
                    slot.overwrite_simple(value);
                } else if !matches!(slot.tag(), Tag::Link | Tag::Array) {
                    *slot = value;
                } else {
                    save!();
                    if let Some(flow) = self.store_odd(unit, base, $register, value) {
                        leave!(flow);
                    }
                }
            }};
        }
        macro_rules! store_int {
            ($register:expr, $value:expr) => {{
                let value: i64 = $value;
                let slot = w.get_mut($register);
                if slot.is_simple() {
                    slot.overwrite_int(value);
                } else {
                    store!($register, Value::int(value));
                }
            }};
        }
        // A value that is stored somewhere: taken from a temporary, copied from a variable.
        macro_rules! consume {
            ($register:expr, $number:literal) => {{
                if $register >= unit.locals {
                    w.get_mut($register).take()
                } else {
                    let value = w.get($register);
                    if needs_care(value) {
                        save!();
                        match self.read_operand(unit, base, $register, $number) {
                            Ok(value) => value,
                            Err(flow) => leave!(flow),
                        }
                    } else {
                        value.clone()
                    }
                }
            }};
        }
        // The outcome of something that may have to run scripts; its result goes to a register.
        macro_rules! finish {
            ($outcome:expr, $register:expr) => {{
                save!();
                let outcome: Outcome = $outcome;
                match outcome {
                    Ok(Step::Done(value)) => {
                        w = Window::new(&mut self.context_mut().registers, base, unit.registers);
                        store!($register, value);
                    }
                    other => leave!(self.settle(other, (base + usize::from($register)) as u32)),
                }
            }};
        }
        macro_rules! finish_discard {
            ($outcome:expr) => {{
                save!();
                let outcome: Outcome = $outcome;
                match outcome {
                    Ok(Step::Done(_)) => {
                        w = Window::new(&mut self.context_mut().registers, base, unit.registers);
                    }
                    other => leave!(self.settle(other, crate::interp::frame::DISCARD)),
                }
            }};
        }
        macro_rules! finish_wanted {
            ($want:expr, $outcome:expr, $register:expr) => {
                if $want.0 != 0 {
                    finish!($outcome, $register)
                } else {
                    finish_discard!($outcome)
                }
            };
        }
        macro_rules! arithmetic {
            ($op:expr, $dst:expr, $lhs:expr, $rhs:expr, |$a:ident, $b:ident| $ints:expr, |$x:ident, $y:ident| $doubles:expr) => {{
                let (l, r) = (w.get($lhs), w.get($rhs));
                if let Some(($a, $b)) = Value::both_ints(l, r)
                    && let Some(n) = $ints
                {
                    store_int!($dst, n);
                } else if let (Some($x), Some($y)) = (l.as_double(), r.as_double())
                    && let Some(d) = $doubles
                {
                    store!($dst, Value::double(d));
                } else {
                    let (spare_l, spare_r);
                    let l = operand!($lhs, 0, spare_l);
                    let r = operand!($rhs, 1, spare_r);
                    let value = attempt!(arith::binary($op, l, r, unit.mode));
                    store!($dst, value);
                }
            }};
        }
        macro_rules! integer_op {
            ($op:expr, $dst:expr, $lhs:expr, $rhs:expr, |$a:ident, $b:ident| $ints:expr) => {
                arithmetic!($op, $dst, $lhs, $rhs, |$a, $b| $ints, |_x, _y| None::<f64>)
            };
        }
        macro_rules! comparison {
            ($lhs:expr, $rhs:expr, $op:tt, $slow:path) => {{
                let (l, r) = (w.get($lhs), w.get($rhs));
                if let Some((a, b)) = Value::both_ints(l, r) {
                    a $op b
                } else if let (Some(a), Some(b)) = (l.as_double(), r.as_double()) {
                    a $op b
                } else {
                    let (spare_l, spare_r);
                    let l = operand!($lhs, 0, spare_l);
                    let r = operand!($rhs, 1, spare_r);
                    $slow(l, r, unit.mode)
                }
            }};
        }
        macro_rules! comparison_imm {
            ($lhs:expr, $imm:expr, $op:tt, $slow:path) => {{
                let l = w.get($lhs);
                let imm = i64::from($imm);
                if let Some(a) = l.as_int() {
                    a $op imm
                } else {
                    let spare_l;
                    let l = operand!($lhs, 0, spare_l);
                    $slow(l, &Value::int(imm), unit.mode)
                }
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
        macro_rules! unary {
            ($dst:expr, $src:expr, $apply:path) => {{
                let spare;
                let v = operand!($src, 0, spare);
                let value = attempt!($apply(v, unit.mode));
                store!($dst, value);
            }};
        }
        // A jump; backwards it looks at the pending flag and the fuel.
        macro_rules! look_if {
            ($backwards:expr) => {
                if $backwards && self.pending.load(Ordering::Relaxed) != 0 {
                    save!();
                    if let Some(flow) = self.look_at_pending() {
                        leave!(flow);
                    }
                    w = Window::new(&mut self.context_mut().registers, base, unit.registers);
                }
            };
        }
        macro_rules! jump_to {
            ($target:expr) => {
                look_if!(cursor.jump(&unit.ops, $target))
            };
        }
        macro_rules! jump_near {
            ($near:expr) => {
                look_if!(cursor.jump_near($near.0))
            };
        }

        loop {
            match cursor.fetch() {
                Op::Nop {} => {}
                Op::Move { dst, src } => {
                    let value = consume!(src.0, 0);
                    store!(dst.0, value);
                }
                Op::LoadConst { dst, value } => store!(dst.0, unit.constants[value.0 as usize].clone()),
                Op::LoadInt { dst, value } => store_int!(dst.0, i64::from(value.0)),
                Op::LoadVar { dst, place, key } => {
                    if let Some(value) = self.quick_load(unit, base, place, key) {
                        store!(dst.0, value);
                    } else {
                        save!();
                        finish!(self.load_place(unit, base, place, key), dst.0);
                    }
                }
                Op::StoreVar { src, place, key } => {
                    let value = consume!(src.0, 0);
                    if let Err(value) = self.quick_store(unit, base, place, key, value) {
                        finish_discard!(self.store_place(unit, base, place, key, value));
                    }
                }
                Op::LoadRaw { dst, place, key } => {
                    save!();
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
                    save!();
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
                    finish_wanted!(want, self.lappend_list_place(unit, base, place, key, more, want.0 != 0), srcdst.0);
                }
                Op::Lset { want, place, first, count } => {
                    let outcome = self.lset_place(unit, base, place, first, count.0, want.0 != 0);
                    finish_wanted!(want, outcome, first.0);
                }
                Op::DictSet { want, place, first, count } => {
                    let outcome = self.dict_set_place(unit, base, place, first, count.0, want.0 != 0);
                    finish_wanted!(want, outcome, first.0);
                }
                Op::DictUnset { want, place, first, count } => {
                    let outcome = self.dict_unset_place(unit, base, place, first, count.0, want.0 != 0);
                    finish_wanted!(want, outcome, first.0);
                }
                Op::DictIncr { want, place, first } => {
                    let outcome = self.dict_incr_place(unit, base, place, first, want.0 != 0);
                    finish_wanted!(want, outcome, first.0);
                }
                Op::DictAppend { want, place, first } => {
                    let outcome = self.dict_append_place(unit, base, place, first, want.0 != 0);
                    finish_wanted!(want, outcome, first.0);
                }
                Op::DictLappend { want, place, first } => {
                    let outcome = self.dict_lappend_place(unit, base, place, first, want.0 != 0);
                    finish_wanted!(want, outcome, first.0);
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

                Op::Add { dst, lhs, rhs } => {
                    arithmetic!(BinaryOp::Add, dst.0, lhs.0, rhs.0, |a, b| a.checked_add(b), |x, y| not_nan(x + y));
                }
                Op::Sub { dst, lhs, rhs } => {
                    arithmetic!(BinaryOp::Sub, dst.0, lhs.0, rhs.0, |a, b| a.checked_sub(b), |x, y| not_nan(x - y));
                }
                Op::Mul { dst, lhs, rhs } => {
                    arithmetic!(BinaryOp::Mul, dst.0, lhs.0, rhs.0, |a, b| a.checked_mul(b), |x, y| not_nan(x * y));
                }
                Op::Div { dst, lhs, rhs } => arithmetic!(
                    BinaryOp::Div,
                    dst.0,
                    lhs.0,
                    rhs.0,
                    |a, b| floor_div(a, b),
                    |x, y| if y == 0.0 { None } else { not_nan(x / y) }
                ),
                Op::Mod { dst, lhs, rhs } => integer_op!(BinaryOp::Mod, dst.0, lhs.0, rhs.0, |a, b| floor_mod(a, b)),
                Op::Pow { dst, lhs, rhs } => integer_op!(BinaryOp::Pow, dst.0, lhs.0, rhs.0, |_a, _b| None),
                Op::Shl { dst, lhs, rhs } => integer_op!(BinaryOp::Shl, dst.0, lhs.0, rhs.0, |a, b| {
                    (a >= 0 && (0..62).contains(&b) && a.leading_zeros() as i64 > b + 1).then(|| a << b)
                }),
                Op::Shr { dst, lhs, rhs } => integer_op!(BinaryOp::Shr, dst.0, lhs.0, rhs.0, |a, b| {
                    (0..64).contains(&b).then(|| a >> b)
                }),
                Op::BitAnd { dst, lhs, rhs } => integer_op!(BinaryOp::BitAnd, dst.0, lhs.0, rhs.0, |a, b| Some(a & b)),
                Op::BitOr { dst, lhs, rhs } => integer_op!(BinaryOp::BitOr, dst.0, lhs.0, rhs.0, |a, b| Some(a | b)),
                Op::BitXor { dst, lhs, rhs } => integer_op!(BinaryOp::BitXor, dst.0, lhs.0, rhs.0, |a, b| Some(a ^ b)),
                Op::AddImm { dst, lhs, rhs } => {
                    let by = i64::from(rhs.0);
                    if let Some(sum) = w.get(lhs.0).as_int().and_then(|n| n.checked_add(by)) {
                        store_int!(dst.0, sum);
                    } else {
                        let spare;
                        let l = operand!(lhs.0, 0, spare);
                        let value = if by < 0 {
                            attempt!(arith::binary(BinaryOp::Sub, l, &Value::int(-by), unit.mode))
                        } else {
                            attempt!(arith::binary(BinaryOp::Add, l, &Value::int(by), unit.mode))
                        };
                        store!(dst.0, value);
                    }
                }
                Op::MulImm { dst, lhs, rhs } => {
                    let by = i64::from(rhs.0);
                    if let Some(product) = w.get(lhs.0).as_int().and_then(|n| n.checked_mul(by)) {
                        store_int!(dst.0, product);
                    } else {
                        let spare;
                        let l = operand!(lhs.0, 0, spare);
                        let value = attempt!(arith::binary(BinaryOp::Mul, l, &Value::int(by), unit.mode));
                        store!(dst.0, value);
                    }
                }
                Op::ModImm { dst, lhs, rhs } => {
                    let by = i64::from(rhs.0);
                    if let Some(rest) = w.get(lhs.0).as_int().and_then(|n| floor_mod(n, by)) {
                        store_int!(dst.0, rest);
                    } else {
                        let spare;
                        let l = operand!(lhs.0, 0, spare);
                        let value = attempt!(arith::binary(BinaryOp::Mod, l, &Value::int(by), unit.mode));
                        store!(dst.0, value);
                    }
                }
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

                Op::Eq { dst, lhs, rhs } => {
                    let truth = comparison!(lhs.0, rhs.0, ==, arith::eq);
                    store_int!(dst.0, i64::from(truth));
                }
                Op::Ne { dst, lhs, rhs } => {
                    let truth = comparison!(lhs.0, rhs.0, !=, arith::ne);
                    store_int!(dst.0, i64::from(truth));
                }
                Op::Lt { dst, lhs, rhs } => {
                    let truth = comparison!(lhs.0, rhs.0, <, arith::lt);
                    store_int!(dst.0, i64::from(truth));
                }
                Op::Le { dst, lhs, rhs } => {
                    let truth = comparison!(lhs.0, rhs.0, <=, arith::le);
                    store_int!(dst.0, i64::from(truth));
                }
                Op::Gt { dst, lhs, rhs } => {
                    let truth = comparison!(lhs.0, rhs.0, >, arith::gt);
                    store_int!(dst.0, i64::from(truth));
                }
                Op::Ge { dst, lhs, rhs } => {
                    let truth = comparison!(lhs.0, rhs.0, >=, arith::ge);
                    store_int!(dst.0, i64::from(truth));
                }
                Op::StrEq { dst, lhs, rhs } => {
                    let truth = text_comparison!(lhs.0, rhs.0, stringops::equal);
                    store_int!(dst.0, i64::from(truth));
                }
                Op::StrNe { dst, lhs, rhs } => {
                    let truth = !text_comparison!(lhs.0, rhs.0, stringops::equal);
                    store_int!(dst.0, i64::from(truth));
                }
                Op::StrLt { dst, lhs, rhs } => {
                    let truth = text_comparison!(lhs.0, rhs.0, stringops::order).is_lt();
                    store_int!(dst.0, i64::from(truth));
                }
                Op::StrLe { dst, lhs, rhs } => {
                    let truth = text_comparison!(lhs.0, rhs.0, stringops::order).is_le();
                    store_int!(dst.0, i64::from(truth));
                }
                Op::StrGt { dst, lhs, rhs } => {
                    let truth = text_comparison!(lhs.0, rhs.0, stringops::order).is_gt();
                    store_int!(dst.0, i64::from(truth));
                }
                Op::StrGe { dst, lhs, rhs } => {
                    let truth = text_comparison!(lhs.0, rhs.0, stringops::order).is_ge();
                    store_int!(dst.0, i64::from(truth));
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
                Op::JumpEq { lhs, rhs, near } => {
                    if comparison!(lhs.0, rhs.0, ==, arith::eq) {
                        jump_near!(near);
                    }
                }
                Op::JumpNe { lhs, rhs, near } => {
                    if comparison!(lhs.0, rhs.0, !=, arith::ne) {
                        jump_near!(near);
                    }
                }
                Op::JumpLt { lhs, rhs, near } => {
                    if comparison!(lhs.0, rhs.0, <, arith::lt) {
                        jump_near!(near);
                    }
                }
                Op::JumpNotLt { lhs, rhs, near } => {
                    if !comparison!(lhs.0, rhs.0, <, arith::lt) {
                        jump_near!(near);
                    }
                }
                Op::JumpLe { lhs, rhs, near } => {
                    if comparison!(lhs.0, rhs.0, <=, arith::le) {
                        jump_near!(near);
                    }
                }
                Op::JumpNotLe { lhs, rhs, near } => {
                    if !comparison!(lhs.0, rhs.0, <=, arith::le) {
                        jump_near!(near);
                    }
                }
                Op::JumpStrEq { lhs, rhs, near } => {
                    if text_comparison!(lhs.0, rhs.0, stringops::equal) {
                        jump_near!(near);
                    }
                }
                Op::JumpStrNe { lhs, rhs, near } => {
                    if !text_comparison!(lhs.0, rhs.0, stringops::equal) {
                        jump_near!(near);
                    }
                }
                Op::JumpEqImm { lhs, rhs, near } => {
                    if comparison_imm!(lhs.0, rhs.0, ==, arith::eq) {
                        jump_near!(near);
                    }
                }
                Op::JumpNeImm { lhs, rhs, near } => {
                    if comparison_imm!(lhs.0, rhs.0, !=, arith::ne) {
                        jump_near!(near);
                    }
                }
                Op::JumpLtImm { lhs, rhs, near } => {
                    if comparison_imm!(lhs.0, rhs.0, <, arith::lt) {
                        jump_near!(near);
                    }
                }
                Op::JumpNotLtImm { lhs, rhs, near } => {
                    if !comparison_imm!(lhs.0, rhs.0, <, arith::lt) {
                        jump_near!(near);
                    }
                }
                Op::JumpLeImm { lhs, rhs, near } => {
                    if comparison_imm!(lhs.0, rhs.0, <=, arith::le) {
                        jump_near!(near);
                    }
                }
                Op::JumpNotLeImm { lhs, rhs, near } => {
                    if !comparison_imm!(lhs.0, rhs.0, <=, arith::le) {
                        jump_near!(near);
                    }
                }
                Op::JumpGt { lhs, rhs, near } => {
                    if comparison!(lhs.0, rhs.0, >, arith::gt) {
                        jump_near!(near);
                    }
                }
                Op::JumpNotGt { lhs, rhs, near } => {
                    if !comparison!(lhs.0, rhs.0, >, arith::gt) {
                        jump_near!(near);
                    }
                }
                Op::JumpGe { lhs, rhs, near } => {
                    if comparison!(lhs.0, rhs.0, >=, arith::ge) {
                        jump_near!(near);
                    }
                }
                Op::JumpNotGe { lhs, rhs, near } => {
                    if !comparison!(lhs.0, rhs.0, >=, arith::ge) {
                        jump_near!(near);
                    }
                }
                Op::JumpGtImm { lhs, rhs, near } => {
                    if comparison_imm!(lhs.0, rhs.0, >, arith::gt) {
                        jump_near!(near);
                    }
                }
                Op::JumpNotGtImm { lhs, rhs, near } => {
                    if !comparison_imm!(lhs.0, rhs.0, >, arith::gt) {
                        jump_near!(near);
                    }
                }
                Op::JumpGeImm { lhs, rhs, near } => {
                    if comparison_imm!(lhs.0, rhs.0, >=, arith::ge) {
                        jump_near!(near);
                    }
                }
                Op::JumpNotGeImm { lhs, rhs, near } => {
                    if !comparison_imm!(lhs.0, rhs.0, >=, arith::ge) {
                        jump_near!(near);
                    }
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
                    let value = stringops::concat(w, first.0, count.0 as u16);
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
                Op::StrMatch { nocase, dst, pattern, src } => {
                    let (spare_p, spare_s);
                    let p = operand!(pattern.0, 0, spare_p);
                    let s = operand!(src.0, 1, spare_s);
                    let truth = crate::text::glob::matches(&p.text(), &s.text(), nocase.0 != 0);
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
                    if slot.tag() != Tag::List {
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
                    if !listops::foreach_next(w, first.0, groups) {
                        jump_near!(near);
                    }
                }
                Op::ForeachValue { which, dst, base: first, shape } => {
                    let groups = &unit.code().foreach_shapes[usize::from(shape.0)].groups;
                    let value = listops::foreach_value(w, first.0, groups, which.0);
                    store!(dst.0, value);
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
                Op::DictNext { base: first, near } => {
                    if !listops::dict_next(w, first.0) {
                        jump_near!(near);
                    }
                }

                Op::Call { dst, first, site } => {
                    save!();
                    if self.pending.load(Ordering::Relaxed) != 0
                        && let Some(flow) = self.look_at_pending_call()
                    {
                        leave!(flow);
                    }
                    let result_at = (base + usize::from(dst.0)) as u32;
                    let words = base + usize::from(first.0);
                    let cache = unit.calls[usize::from(site.0)].get();
                    if let Some((entered, at)) = self.enter_cached(&cache, words, result_at) {
                        unit = entered;
                        base = at;
                        cursor = Cursor::new(&unit.ops, 0);
                        w = Window::new(&mut self.context_mut().registers, base, unit.registers);
                        continue;
                    }
                    match self.call_site(unit, base, first.0, site.0, dst.0) {
                        Some(Ok(Step::Done(value))) => {
                            w = Window::new(&mut self.context_mut().registers, base, unit.registers);
                            store!(dst.0, value);
                        }
                        None => continue 'frames,
                        Some(other) => leave!(self.settle(other, result_at)),
                    }
                }
                Op::CallList { dst, words } => {
                    let words = consume!(words.0, 0);
                    save!();
                    if self.pending.load(Ordering::Relaxed) != 0
                        && let Some(flow) = self.look_at_pending_call()
                    {
                        leave!(flow);
                    }
                    let list = attempt!(listops::into_items(words));
                    if list.is_empty() {
                        store!(dst.0, Value::EMPTY);
                    } else {
                        let flow = self.invoke_words(list, (base + usize::from(dst.0)) as u32);
                        leave!(flow);
                    }
                }
                Op::EvalScript { dst, src } => {
                    let script = consume!(src.0, 0);
                    finish!(Ok(Step::script(script)), dst.0);
                }
                Op::EvalExpr { dst, src } => {
                    let text = consume!(src.0, 0);
                    save!();
                    leave!(self.enter_expr(text, (base + usize::from(dst.0)) as u32));
                }
                Op::Return { src } => {
                    let value = if src.0 >= unit.locals {
                        w.get_mut(src.0).take()
                    } else {
                        consume!(src.0, 0)
                    };
                    save!();
                    if self.leave_quickly(unit, base) {
                        let result_at = self.pop_quickly();
                        if result_at != crate::interp::frame::DISCARD {
                            let slot = &mut self.context_mut().registers[result_at as usize];
                            if slot.is_simple() {
                                slot.overwrite_simple(value);
                            } else {
                                leave!(self.settle(Ok(Step::Done(value)), result_at));
                            }
                        }
                        continue 'frames;
                    }
                    leave!(self.leave_frame(value));
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
                    if w.get(first.0).as_int() == Some(crate::interp::exception::ERROR) {
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
        }
        }
    }

    /// Looks at limits, cancellation, fuel and what the runtime wants, on a backward jump.
    #[cold]
    fn look_at_pending(&mut self) -> Option<Flow> {
        if let Some(fuel) = &mut self.fuel {
            if *fuel == 0 {
                return Some(Flow::End(RunEnd::OutOfFuel));
            }
            *fuel -= 1;
        }
        self.service_pending(false)
    }

    /// Looks at the pending flag before a call.
    #[cold]
    fn look_at_pending_call(&mut self) -> Option<Flow> {
        if let Some(fuel) = &mut self.fuel {
            if *fuel == 0 {
                // The call is made again when there is fuel.
                self.frame_mut().pc -= 1;
                return Some(Flow::End(RunEnd::OutOfFuel));
            }
            *fuel -= 1;
        }
        self.service_pending(true)
    }

    /// `at_call`: the operation is a call, to be made again if scripts have to run first.
    fn service_pending(&mut self, at_call: bool) -> Option<Flow> {
        let bits = self.pending.load(Ordering::Relaxed);
        if bits & pending::RUNTIME != 0 {
            self.pending.fetch_and(!pending::RUNTIME, Ordering::Relaxed);
            if let Some(service) = self.on_pending {
                service(self);
            }
        }
        if bits & pending::INTERRUPT != 0
            && let Some(exception) = self.interruption()
        {
            return Some(self.raise(exception));
        }
        if bits & pending::COUNT != 0 {
            let here = self.current();
            match self.count_command(here) {
                Ok(None) => {}
                Ok(Some(callback)) => {
                    if at_call {
                        self.frame_mut().pc -= 1;
                    }
                    return Some(self.settle(Ok(callback), crate::interp::frame::DISCARD));
                }
                Err(exception) => return Some(self.raise(exception)),
            }
        }
        None
    }
}

/// A result that is not NaN; NaN takes the slow path, which knows what to say.
#[inline(always)]
fn not_nan(d: f64) -> Option<f64> {
    (!d.is_nan()).then_some(d)
}

/// Floor division, unless it overflows or divides by zero.
#[inline(always)]
fn floor_div(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if (a % b != 0) && ((a < 0) != (b < 0)) { quotient - 1 } else { quotient })
}

/// The modulus with the sign of the divisor, unless it divides by zero.
#[inline(always)]
fn floor_mod(a: i64, b: i64) -> Option<i64> {
    // Division of 32 bits is several times faster than that of 64.
    if let (Ok(a), Ok(b)) = (u32::try_from(a), u32::try_from(b)) {
        return a.checked_rem(b).map(i64::from);
    }
    let rest = a.checked_rem(b)?;
    Some(if rest != 0 && ((rest < 0) != (b < 0)) { rest + b } else { rest })
}

/// The message for a program that runs without an end; see `interp recursionlimit`.
pub(crate) fn too_deep() -> crate::interp::exception::Exception {
    error!("too many nested evaluations (infinite loop?)"; "TCL", "LIMIT", "STACK")
}
