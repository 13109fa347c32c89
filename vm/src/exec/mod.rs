//! The execution loop.
//!
//! One loop runs the operations of the top frame; a call, a return, an
//! exception changes the top frame and goes round. Nothing here calls itself.

mod access;
mod arity;
mod calls;
pub mod compile;
mod enter;
mod frame;
mod inplace;
mod levels;
mod limits;
pub mod listops;
mod lookup;
pub mod lowered;
mod method_calls;
pub(crate) mod outermost;
mod perform;
mod quick;
mod running_elements;
mod scopes;
mod settle;
mod stringops;
mod trace_calls;
pub mod tracing;
pub mod unit;
mod unwind;
pub mod var_op;

use std::sync::atomic::Ordering;

use tclring_compiler::bytecode::{NO_REG, Op};

use crate::error;
use crate::interp::{Machine, RunEnd};
use crate::value::{Tag, Value};
use calls::Made;
use frame::Running;

pub(crate) use access::dict_in;
pub use compile::outside_of_everything;
pub(crate) use settle::Started;
pub(crate) use stringops::{index as string_index, range as string_range, resolve_index};
pub(crate) use unwind::log_text;
pub use unwind::shorten;

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
    value.needs_care()
}

impl Machine {
    /// Runs until what the outermost barrier asked for is complete, or something must wait.
    ///
    /// The loop does what is quick. An arm that meets anything odd breaks off before it has changed a thing, and
    /// the operation is performed the long way, after which the loop looks at the top frame anew.
    #[allow(clippy::collapsible_match, reason = "what a macro does in an arm stays in the arm")]
    pub fn run(&mut self) -> RunEnd {
        'frames: loop {
            if self.is_stale {
                self.renew_frames();
            }
            let Some(mut at) = frame::top(self) else {
                // The frame on top has nothing to run: what was asked for is complete.
                return RunEnd::Done(Ok(Value::EMPTY));
            };
            let (mut unit, mut cursor, mut w) = (at.unit, at.cursor, at.window);
            'next: loop {
                let op = cursor.op();
                'long: {
                    macro_rules! next {
                        () => {{
                            cursor.step();
                            continue 'next;
                        }};
                    }
                    // Makes room in a register, unless storing there is more than putting the value in.
                    macro_rules! room {
                        ($dst:expr) => {{
                            match frame::room(w.get_mut($dst.0)) {
                                Some(slot) => slot,
                                None => break 'long,
                            }
                        }};
                    }
                    macro_rules! put {
                        ($dst:expr, $value:expr) => {{
                            let value: Value = $value;
                            room!($dst).overwrite_simple(value);
                            next!();
                        }};
                    }
                    macro_rules! put_int {
                        ($dst:expr, $value:expr) => {{
                            let value: i64 = $value;
                            room!($dst).overwrite_int(value);
                            next!();
                        }};
                    }
                    // An operation that was performed out of line, or not.
                    macro_rules! done {
                        ($is_done:expr) => {
                            if $is_done {
                                next!();
                            }
                        };
                    }
                    // A value that was computed out of line, or not.
                    macro_rules! computed {
                        ($dst:expr, $value:expr) => {
                            if let Some(value) = $value {
                                put!($dst, value);
                            }
                        };
                    }
                    macro_rules! operand {
                        ($register:expr) => {{
                            match frame::plain(w.get($register.0)) {
                                Some(value) => value,
                                None => break 'long,
                            }
                        }};
                    }
                    macro_rules! constant {
                        ($index:expr) => {
                            frame::constant(unit, usize::from($index.0))
                        };
                    }
                    macro_rules! arithmetic {
                        ($dst:ident, $l:expr, $r:expr, |$a:ident, $b:ident| $ints:expr, |$x:ident, $y:ident| $doubles:expr) => {{
                            let (l, r) = ($l, $r);
                            if let Some(($a, $b)) = Value::both_ints(l, r) {
                                if let Some(n) = $ints {
                                    put_int!($dst, n);
                                }
                            } else if let Some(($x, $y)) = Value::both_doubles(l, r)
                                && let Some(d) = $doubles
                            {
                                put!($dst, Value::double(d));
                            }
                        }};
                    }
                    macro_rules! integers {
                        ($dst:ident, $l:expr, $r:expr, |$a:ident, $b:ident| $ints:expr) => {
                            if let Some(($a, $b)) = Value::both_ints($l, $r)
                                && let Some(n) = $ints
                            {
                                put_int!($dst, n);
                            }
                        };
                    }
                    macro_rules! with_number {
                        ($dst:ident, $lhs:expr, $rhs:expr, |$a:ident, $b:ident| $ints:expr) => {
                            if let Some($a) = w.get($lhs.0).as_int() {
                                let $b = i64::from($rhs.0);
                                if let Some(n) = $ints {
                                    put_int!($dst, n);
                                }
                            }
                        };
                    }
                    // A jump; backwards nothing may be pending.
                    macro_rules! jump_near {
                        ($near:expr) => {{
                            if $near.0 < 0 && self.pending.load(Ordering::Relaxed) != 0 {
                                break 'long;
                            }
                            cursor.jump_near($near.0);
                            continue 'next;
                        }};
                    }
                    macro_rules! jump_to {
                        ($target:expr) => {{
                            if self.pending.load(Ordering::Relaxed) != 0 {
                                break 'long;
                            }
                            cursor.jump(&unit.ops, $target);
                            continue 'next;
                        }};
                    }
                    macro_rules! compare {
                        ($dst:ident, $lhs:ident, $rhs:ident, $op:tt) => {{
                            let (l, r) = (w.get($lhs.0), w.get($rhs.0));
                            if let Some((a, b)) = Value::both_ints(l, r) {
                                put_int!($dst, i64::from(a $op b));
                            } else if let Some((a, b)) = Value::both_doubles(l, r) {
                                put_int!($dst, i64::from(a $op b));
                            }
                        }};
                    }
                    macro_rules! jump_compare {
                        ($sense:literal, $l:expr, $r:expr, $near:ident, $op:tt) => {{
                            let (l, r) = ($l, $r);
                            let truth = if let Some((a, b)) = Value::both_ints(l, r) {
                                a $op b
                            } else if let Some((a, b)) = Value::both_doubles(l, r) {
                                a $op b
                            } else {
                                break 'long;
                            };
                            if truth == $sense {
                                jump_near!($near);
                            }
                            next!();
                        }};
                    }
                    macro_rules! jump_equal {
                        ($sense:literal, $l:expr, $r:expr, $near:ident) => {{
                            if $l.is_same_text($r) == $sense {
                                jump_near!($near);
                            }
                            next!();
                        }};
                    }
                    macro_rules! jump_order {
                        ($lhs:ident, $rhs:ident, $near:ident, $test:ident) => {{
                            let (l, r) = (w.get($lhs.0), constant!($rhs));
                            if let Some(order) = Value::order_of_short(l, r) {
                                if order.$test() {
                                    jump_near!($near);
                                }
                                next!();
                            }
                        }};
                    }
                    macro_rules! jump_number {
                        ($sense:literal, $lhs:ident, $rhs:ident, $near:ident, $op:tt) => {
                            if let Some(a) = w.get($lhs.0).as_int() {
                                if (a $op i64::from($rhs.0)) == $sense {
                                    jump_near!($near);
                                }
                                next!();
                            }
                        };
                    }
                    macro_rules! jump_truth {
                        ($sense:literal, $cond:ident, $target:ident) => {
                            if let Some(n) = w.get($cond.0).as_int() {
                                if (n != 0) == $sense {
                                    jump_to!($target.0);
                                }
                                next!();
                            }
                        };
                    }
                    match *op {
                        Op::Nop {} => next!(),
                        Op::Move { dst, src } => {
                            let value = w.get_mut(src.0);
                            if needs_care(value) {
                                put!(dst, operand!(src).clone());
                            }
                            if src.0 == dst.0 {
                                next!();
                            }
                            let slot = room!(dst);
                            if value.is_simple() {
                                // What is left behind in a temporary owns nothing.
                                slot.overwrite_simple(value.copy_inline());
                            } else {
                                slot.overwrite_simple(if src.0 >= unit.locals {
                                    value.take()
                                } else {
                                    value.clone()
                                });
                            }
                            next!();
                        }
                        Op::Copy { dst, src } => put!(dst, operand!(src).clone()),
                        Op::LoadConst { dst, value } => {
                            room!(dst).overwrite_simple(frame::constant(unit, value.0 as usize).clone());
                            next!();
                        }
                        Op::LoadInt { dst, value } => put_int!(dst, i64::from(value.0)),
                        Op::IncrLocal { local, by, dst } => {
                            let slot = w.get_mut(local.0);
                            if let Some(sum) = slot.as_int().and_then(|n| n.checked_add(i64::from(by.0))) {
                                if dst.0 != NO_REG {
                                    room!(dst).overwrite_int(sum);
                                }
                                slot.overwrite_int(sum);
                                next!();
                            }
                            if inplace::incr_linked(w, op) {
                                next!();
                            }
                        }

                        Op::IncrBy { place, by, dst } => {
                            if let (Some(local), NO_REG) = (place.as_local(), dst.0)
                                && let Some((n, by)) = Value::both_ints(w.get(local), w.get(by.0))
                                && let Some(sum) = n.checked_add(by)
                            {
                                w.get_mut(local).overwrite_int(sum);
                                next!();
                            }
                            done!(inplace::incr_by(self, unit, w, op));
                        }
                        Op::LsetConst { place, index, value } => {
                            if let Some(local) = place.as_local()
                                && let Some(at) = w.get(index.0).as_int()
                                && constant!(value).is_inline()
                                && let Some(element) = inplace::element_of_list(w.get_mut(local), at)
                            {
                                *element = constant!(value).copy_inline();
                                next!();
                            }
                            done!(inplace::lset_constant(self, unit, w, op));
                        }
                        Op::LsetAt { place, index, value } => {
                            if let Some(local) = place.as_local()
                                && let Some(at) = w.get(index.0).as_int()
                                && w.get(value.0).is_inline()
                                && let Some(element) = inplace::element_of_list(w.get_mut(local), at)
                            {
                                *element = w.get(value.0).copy_inline();
                                next!();
                            }
                            done!(inplace::lset_at(self, unit, w, op));
                        }

                        Op::LoadVar { .. } | Op::LoadRaw { .. } => done!(inplace::load(self, unit, w, op)),
                        Op::StoreVar { .. } => done!(inplace::store(self, unit, w, op)),
                        Op::Incr { .. } => done!(inplace::incr(self, unit, w, op)),
                        Op::Append { .. } => done!(inplace::append(self, unit, w, op)),
                        Op::Lappend { .. } => {
                            done!(inplace::lappend_local(w, op));
                            done!(inplace::lappend(self, unit, w, op));
                        }
                        Op::Lset { .. } => done!(inplace::lset(self, unit, w, op)),
                        Op::DictSet { .. }
                        | Op::DictUnset { .. }
                        | Op::DictIncr { .. }
                        | Op::DictAppend { .. }
                        | Op::DictLappend { .. } => done!(inplace::change_dict(self, unit, w, op)),
                        Op::ListPush { .. } => done!(inplace::push(unit, w, op)),
                        Op::CheckDict { .. }
                        | Op::DictBind { .. }
                        | Op::DictExpand { .. }
                        | Op::DictHeld { .. }
                        | Op::LoadIfSet { .. }
                        | Op::DictMerge { .. }
                        | Op::DictCollect { .. } => done!(scopes::quick(self, unit, w, op)),

                        Op::Add { dst, lhs, rhs } => {
                            arithmetic!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| a.checked_add(b), |x, y| {
                                not_nan(x + y)
                            });
                        }
                        Op::Sub { dst, lhs, rhs } => {
                            arithmetic!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| a.checked_sub(b), |x, y| {
                                not_nan(x - y)
                            });
                        }
                        Op::Mul { dst, lhs, rhs } => {
                            arithmetic!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| a.checked_mul(b), |x, y| {
                                not_nan(x * y)
                            });
                        }
                        Op::Div { dst, lhs, rhs } => {
                            arithmetic!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| floor_div(a, b), |x, y| if y
                                == 0.0
                            {
                                None
                            } else {
                                not_nan(x / y)
                            })
                        }
                        Op::Mod { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| floor_mod(a, b));
                        }
                        Op::Shl { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| shift_left(a, b))
                        }
                        Op::Shr { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| (0..64)
                                .contains(&b)
                                .then(|| a >> b));
                        }
                        Op::BitAnd { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| Some(a & b));
                        }
                        Op::BitOr { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| Some(a | b));
                        }
                        Op::BitXor { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), w.get(rhs.0), |a, b| Some(a ^ b));
                        }
                        Op::AddImm { dst, lhs, rhs } => with_number!(dst, lhs, rhs, |a, b| a.checked_add(b)),
                        Op::MulImm { dst, lhs, rhs } => with_number!(dst, lhs, rhs, |a, b| a.checked_mul(b)),
                        Op::ModImm { dst, lhs, rhs } => with_number!(dst, lhs, rhs, |a, b| floor_mod(a, b)),
                        Op::AddConst { dst, lhs, rhs } => {
                            arithmetic!(
                                dst,
                                w.get(lhs.0),
                                constant!(rhs),
                                |a, b| a.checked_add(b),
                                |x, y| not_nan(x + y)
                            );
                        }
                        Op::SubConst { dst, lhs, rhs } => {
                            arithmetic!(
                                dst,
                                w.get(lhs.0),
                                constant!(rhs),
                                |a, b| a.checked_sub(b),
                                |x, y| not_nan(x - y)
                            );
                        }
                        Op::MulConst { dst, lhs, rhs } => {
                            arithmetic!(
                                dst,
                                w.get(lhs.0),
                                constant!(rhs),
                                |a, b| a.checked_mul(b),
                                |x, y| not_nan(x * y)
                            );
                        }
                        Op::DivConst { dst, lhs, rhs } => arithmetic!(
                            dst,
                            w.get(lhs.0),
                            constant!(rhs),
                            |a, b| floor_div(a, b),
                            |x, y| if y == 0.0 { None } else { not_nan(x / y) }
                        ),
                        Op::ModConst { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), constant!(rhs), |a, b| floor_mod(a, b));
                        }
                        Op::BitAndConst { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), constant!(rhs), |a, b| Some(a & b));
                        }
                        Op::ShlConst { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), constant!(rhs), |a, b| shift_left(a, b));
                        }
                        Op::ShrConst { dst, lhs, rhs } => {
                            integers!(dst, w.get(lhs.0), constant!(rhs), |a, b| (0..64)
                                .contains(&b)
                                .then(|| a >> b));
                        }
                        Op::ConstSub { dst, lhs, rhs } => {
                            arithmetic!(
                                dst,
                                constant!(lhs),
                                w.get(rhs.0),
                                |a, b| a.checked_sub(b),
                                |x, y| not_nan(x - y)
                            );
                        }
                        Op::ConstMul { dst, lhs, rhs } => {
                            arithmetic!(
                                dst,
                                constant!(lhs),
                                w.get(rhs.0),
                                |a, b| a.checked_mul(b),
                                |x, y| not_nan(x * y)
                            );
                        }
                        Op::BitNot { dst, src } => {
                            if let Some(n) = w.get(src.0).as_int() {
                                put_int!(dst, !n);
                            }
                        }
                        Op::Not { dst, src } => {
                            if let Some(n) = w.get(src.0).as_int() {
                                put_int!(dst, i64::from(n == 0));
                            }
                        }
                        Op::Neg { dst, src } => {
                            if let Some(n) = w.get(src.0).as_int().and_then(i64::checked_neg) {
                                put_int!(dst, n);
                            }
                            computed!(dst, quick::of_number(unit, w, op));
                        }
                        Op::Numeric { dst, src } => {
                            if let Some(n) = w.get(src.0).as_int() {
                                put_int!(dst, n);
                            }
                            computed!(dst, quick::of_number(unit, w, op));
                        }
                        Op::Truth { dst, src } => {
                            if let Some(n) = w.get(src.0).as_int() {
                                put_int!(dst, i64::from(n != 0));
                            }
                        }
                        Op::MathCall { dst, .. } => computed!(dst, quick::of_number(unit, w, op)),

                        Op::Lindex { dst, .. } => {
                            done!(inplace::lindex(w, op));
                            computed!(dst, quick::of_list(unit, w, op));
                        }
                        Op::LindexImm { dst, .. }
                        | Op::LindexMany { dst, .. }
                        | Op::ListElement { dst, .. }
                        | Op::Lrange { dst, .. }
                        | Op::Llength { dst, .. }
                        | Op::In { dst, .. }
                        | Op::NotIn { dst, .. }
                        | Op::DictGet { dst, .. }
                        | Op::DictExists { dst, .. } => computed!(dst, quick::of_list(unit, w, op)),
                        Op::StrIndex { dst, .. }
                        | Op::StrLen { dst, .. }
                        | Op::StrRange { dst, .. }
                        | Op::StrMatch { dst, .. }
                        | Op::StrEq { dst, .. }
                        | Op::StrNe { dst, .. } => computed!(dst, quick::of_text(unit, w, op)),

                        Op::Eq { dst, lhs, rhs } => compare!(dst, lhs, rhs, ==),
                        Op::Ne { dst, lhs, rhs } => compare!(dst, lhs, rhs, !=),
                        Op::Lt { dst, lhs, rhs } => compare!(dst, lhs, rhs, <),
                        Op::Le { dst, lhs, rhs } => compare!(dst, lhs, rhs, <=),
                        Op::Gt { dst, lhs, rhs } => compare!(dst, lhs, rhs, >),
                        Op::Ge { dst, lhs, rhs } => compare!(dst, lhs, rhs, >=),

                        Op::Jump { target } => jump_to!(target.0),
                        Op::JumpTrue { cond, target } => jump_truth!(true, cond, target),
                        Op::JumpFalse { cond, target } => jump_truth!(false, cond, target),
                        Op::JumpEq { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), w.get(rhs.0), near, ==)
                        }
                        Op::JumpNe { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), w.get(rhs.0), near, !=)
                        }
                        Op::JumpLt { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), w.get(rhs.0), near, <)
                        }
                        Op::JumpNotLt { lhs, rhs, near } => {
                            jump_compare!(false, w.get(lhs.0), w.get(rhs.0), near, <)
                        }
                        Op::JumpLe { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), w.get(rhs.0), near, <=)
                        }
                        Op::JumpNotLe { lhs, rhs, near } => {
                            jump_compare!(false, w.get(lhs.0), w.get(rhs.0), near, <=)
                        }
                        Op::JumpGt { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), w.get(rhs.0), near, >)
                        }
                        Op::JumpNotGt { lhs, rhs, near } => {
                            jump_compare!(false, w.get(lhs.0), w.get(rhs.0), near, >)
                        }
                        Op::JumpGe { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), w.get(rhs.0), near, >=)
                        }
                        Op::JumpNotGe { lhs, rhs, near } => {
                            jump_compare!(false, w.get(lhs.0), w.get(rhs.0), near, >=)
                        }
                        Op::JumpEqImm { lhs, rhs, near } => jump_number!(true, lhs, rhs, near, ==),
                        Op::JumpNeImm { lhs, rhs, near } => jump_number!(true, lhs, rhs, near, !=),
                        Op::JumpLtImm { lhs, rhs, near } => jump_number!(true, lhs, rhs, near, <),
                        Op::JumpNotLtImm { lhs, rhs, near } => jump_number!(false, lhs, rhs, near, <),
                        Op::JumpLeImm { lhs, rhs, near } => jump_number!(true, lhs, rhs, near, <=),
                        Op::JumpNotLeImm { lhs, rhs, near } => jump_number!(false, lhs, rhs, near, <=),
                        Op::JumpGtImm { lhs, rhs, near } => jump_number!(true, lhs, rhs, near, >),
                        Op::JumpNotGtImm { lhs, rhs, near } => jump_number!(false, lhs, rhs, near, >),
                        Op::JumpGeImm { lhs, rhs, near } => jump_number!(true, lhs, rhs, near, >=),
                        Op::JumpNotGeImm { lhs, rhs, near } => jump_number!(false, lhs, rhs, near, >=),
                        Op::JumpEqConst { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), constant!(rhs), near, ==)
                        }
                        Op::JumpNeConst { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), constant!(rhs), near, !=)
                        }
                        Op::JumpLtConst { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), constant!(rhs), near, <)
                        }
                        Op::JumpNotLtConst { lhs, rhs, near } => {
                            jump_compare!(false, w.get(lhs.0), constant!(rhs), near, <)
                        }
                        Op::JumpLeConst { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), constant!(rhs), near, <=)
                        }
                        Op::JumpNotLeConst { lhs, rhs, near } => {
                            jump_compare!(false, w.get(lhs.0), constant!(rhs), near, <=)
                        }
                        Op::JumpGtConst { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), constant!(rhs), near, >)
                        }
                        Op::JumpNotGtConst { lhs, rhs, near } => {
                            jump_compare!(false, w.get(lhs.0), constant!(rhs), near, >)
                        }
                        Op::JumpGeConst { lhs, rhs, near } => {
                            jump_compare!(true, w.get(lhs.0), constant!(rhs), near, >=)
                        }
                        Op::JumpNotGeConst { lhs, rhs, near } => {
                            jump_compare!(false, w.get(lhs.0), constant!(rhs), near, >=)
                        }
                        Op::JumpStrEq { lhs, rhs, near } => {
                            jump_equal!(true, operand!(lhs), operand!(rhs), near)
                        }
                        Op::JumpStrEqConst { lhs, rhs, near } => {
                            jump_equal!(true, operand!(lhs), constant!(rhs), near)
                        }
                        Op::JumpStrNe { lhs, rhs, near } => {
                            jump_equal!(false, operand!(lhs), operand!(rhs), near)
                        }
                        Op::JumpStrNeConst { lhs, rhs, near } => {
                            jump_equal!(false, operand!(lhs), constant!(rhs), near)
                        }
                        Op::JumpStrLtConst { lhs, rhs, near } => jump_order!(lhs, rhs, near, is_lt),
                        Op::JumpStrLeConst { lhs, rhs, near } => jump_order!(lhs, rhs, near, is_le),
                        Op::JumpStrGtConst { lhs, rhs, near } => jump_order!(lhs, rhs, near, is_gt),
                        Op::JumpStrGeConst { lhs, rhs, near } => jump_order!(lhs, rhs, near, is_ge),

                        Op::ForeachEach { dst, base: first, near } => {
                            if let Some(element) = listops::element_of_round(w, first.0) {
                                let element = element.clone();
                                let slot = room!(dst);
                                listops::begin_round(w, first.0);
                                slot.overwrite_simple(element);
                                next!();
                            }
                            if let Some(element) = listops::term_of_round(w, first.0) {
                                let slot = room!(dst);
                                listops::begin_round(w, first.0);
                                slot.overwrite_simple(element);
                                next!();
                            }
                            listops::begin_round(w, first.0);
                            jump_near!(near);
                        }

                        Op::Call { dst, first, site } => {
                            // What is told by its place is put together only there.
                            macro_rules! running {
                                () => {
                                    Running { unit, cursor, window: w }
                                };
                            }
                            if let Some(entered) = frame::enter(self, running!(), dst.0, first.0, site.0) {
                                at = entered;
                                (unit, cursor, w) = (at.unit, at.cursor, at.window);
                                continue 'next;
                            }
                            match calls::make(self, running!(), dst.0, first.0, site.0) {
                                Made::Not => {}
                                Made::Done => {
                                    w = frame::window(self, unit);
                                    next!();
                                }
                                Made::Asked(Flow::Go) => continue 'frames,
                                Made::Asked(Flow::End(end)) => return end,
                            }
                        }
                        Op::CallSpread { dst, first, site } => {
                            let running = Running { unit, cursor, window: w };
                            if let Some(entered) = frame::enter_prefix(self, running, dst.0, first.0, site.0)
                            {
                                at = frame::beginning(self, entered);
                                (unit, cursor, w) = (at.unit, at.cursor, at.window);
                                continue 'next;
                            }
                            if self.pending.load(Ordering::Relaxed) != 0 {
                                break 'long;
                            }
                            match calls::enter_spread(self, running, dst.0, first.0, site.0) {
                                Flow::Go => continue 'frames,
                                Flow::End(end) => return end,
                            }
                        }
                        Op::CheckList { list } => {
                            if w.get(list.0).tag() == Tag::List {
                                next!();
                            }
                            done!(quick::check_list(w, list.0));
                        }
                        Op::Return { src } => {
                            if let Some(back) = frame::leave(self, Running { unit, cursor, window: w }, src.0)
                            {
                                at = back;
                                (unit, cursor, w) = (at.unit, at.cursor, at.window);
                                continue 'next;
                            }
                        }
                        Op::Exists { dst, .. } => computed!(dst, inplace::exists(self, unit, w, op)),
                        Op::Concat { .. } | Op::List { .. } | Op::ForeachValue { .. } => {
                            done!(quick::compose(unit, w, op));
                        }
                        Op::ForeachNext { near, .. } | Op::DictNext { near, .. } => {
                            if near.0 >= 0 {
                                if quick::next_round(unit, w, op) {
                                    next!();
                                }
                                jump_near!(near);
                            }
                        }
                        Op::JumpTable { .. } => {
                            if let Some(target) = quick::table_target(unit, w, op) {
                                jump_to!(target);
                            }
                        }
                        // All others are performed the long way. They are named so that nothing checks, for each
                        // operation, whether there is an arm for it.
                        Op::LoadOptions { .. }
                        | Op::KeepOptions { .. }
                        | Op::LoadNamed { .. }
                        | Op::StoreNamed { .. }
                        | Op::Unset { .. }
                        | Op::LappendList { .. }
                        | Op::LinkGlobal { .. }
                        | Op::LinkVariable { .. }
                        | Op::LinkUpvar { .. }
                        | Op::Pow { .. }
                        | Op::Plus { .. }
                        | Op::StrLt { .. }
                        | Op::StrLe { .. }
                        | Op::StrGt { .. }
                        | Op::StrGe { .. }
                        | Op::RegexpMatch { .. }
                        | Op::ListSplice { .. }
                        | Op::ListRest { .. }
                        | Op::ForeachStart { .. }
                        | Op::DictStart { .. }
                        | Op::CallList { .. }
                        | Op::EvalScript { .. }
                        | Op::EvalCommand { .. }
                        | Op::EvalExpr { .. }
                        | Op::Raise { .. }
                        | Op::Throw { .. }
                        | Op::During { .. }
                        | Op::Rethrow { .. } => {}
                    }
                }
                match self.perform(*op, unit, cursor) {
                    Flow::Go => continue 'frames,
                    Flow::End(end) => return end,
                }
            }
        }
    }
}

/// A result that is not NaN; NaN takes the slow path, which knows what to say.
#[inline(always)]
fn not_nan(d: f64) -> Option<f64> {
    (!d.is_nan()).then_some(d)
}

/// A shift to the left that loses nothing.
#[inline(always)]
fn shift_left(a: i64, by: i64) -> Option<i64> {
    (a >= 0 && (0..62).contains(&by) && i64::from(a.leading_zeros()) > by + 1).then(|| a << by)
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

/// The exception for a text that would have more than [`TEXT_BYTES_MAX`](crate::value::refusal::TEXT_BYTES_MAX).
#[cold]
pub(crate) fn too_long() -> crate::interp::exception::Exception {
    error!("max size for a Tcl value exceeded"; "TCL", "MEMORY")
}

/// The message for a program that runs without an end; see `interp recursionlimit`.
pub(crate) fn too_deep() -> crate::interp::exception::Exception {
    error!("too many nested evaluations (infinite loop?)"; "TCL", "LIMIT", "STACK")
}
