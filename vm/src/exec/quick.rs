//! The short ways of operations that compute a value from plain operands.
//!
//! A function answers nothing if anything about the operation is odd, an error
//! included: then it is performed the long way, which knows what to say.

use tclring_compiler::bytecode::Op;

use super::frame::{Window, plain};
use super::unit::Unit;
use super::{listops, stringops};
use crate::arith;
use crate::value::{Tag, Value, View, refusal};

/// Nothing, if a text that was asked for is too long: the long way asks for it again, and says so.
#[inline]
fn unless_refused<T>(value: Option<T>) -> Option<T> {
    if refusal::take() { None } else { value }
}

/// What an operation on lists gives.
pub(super) fn of_list(unit: &Unit, w: Window, op: &Op) -> Option<Value> {
    unless_refused(list_given(unit, w, op))
}

fn list_given(unit: &Unit, w: Window, op: &Op) -> Option<Value> {
    match *op {
        Op::Lindex { src, index, .. } => {
            let (list, index) = (plain(w.get(src.0))?, plain(w.get(index.0))?);
            match (list.view(), index.as_int()) {
                (View::List(list), Some(at)) => Some(
                    usize::try_from(at).ok().and_then(|at| list.items().get(at)).cloned().unwrap_or_default(),
                ),
                _ => listops::index(list, index, unit.mode).ok(),
            }
        }
        Op::LindexImm { src, index, .. } => listops::at(plain(w.get(src.0))?, i64::from(index.0)).ok(),
        Op::LindexMany { src, first, count, .. } => {
            listops::index_many(w, plain(w.get(src.0))?, first.0, count.0, unit.mode).ok()
        }
        Op::ListElement { src, at, .. } => listops::at(plain(w.get(src.0))?, i64::from(at.0)).ok(),
        Op::Lrange { src, first, .. } => {
            listops::range(plain(w.get(src.0))?, w.get(first.0), w.get(first.0 + 1), unit.mode).ok()
        }
        Op::Llength { src, .. } => Some(Value::int(listops::length(plain(w.get(src.0))?).ok()? as i64)),
        Op::In { lhs, rhs, .. } => {
            arith::in_list(plain(w.get(lhs.0))?, plain(w.get(rhs.0))?).ok().map(Value::bool)
        }
        Op::NotIn { lhs, rhs, .. } => {
            arith::in_list(plain(w.get(lhs.0))?, plain(w.get(rhs.0))?).ok().map(|is_in| Value::bool(!is_in))
        }
        Op::DictGet { src, first, count, .. } => {
            listops::dict_get(w, plain(w.get(src.0))?, first.0, count.0).ok()
        }
        Op::DictExists { src, first, count, .. } => {
            Some(Value::bool(listops::dict_exists(w, plain(w.get(src.0))?, first.0, count.0)))
        }
        _ => None,
    }
}

/// What an operation on texts gives.
pub(super) fn of_text(unit: &Unit, w: Window, op: &Op) -> Option<Value> {
    unless_refused(text_given(unit, w, op))
}

fn text_given(unit: &Unit, w: Window, op: &Op) -> Option<Value> {
    match *op {
        Op::StrIndex { src, index, .. } => {
            stringops::index(plain(w.get(src.0))?, plain(w.get(index.0))?, unit.mode).ok()
        }
        Op::StrLen { src, .. } => Some(Value::int(plain(w.get(src.0))?.char_count() as i64)),
        Op::StrRange { src, first, .. } => {
            stringops::range(plain(w.get(src.0))?, w.get(first.0), w.get(first.0 + 1), unit.mode).ok()
        }
        Op::StrMatch { nocase, pattern, src, .. } => {
            let (pattern, text) = (plain(w.get(pattern.0))?, plain(w.get(src.0))?);
            Some(Value::bool(crate::text::glob::matches(&pattern.text(), &text.text(), nocase.0 != 0)))
        }
        Op::StrEq { lhs, rhs, .. } => {
            Some(Value::bool(plain(w.get(lhs.0))?.is_same_text(plain(w.get(rhs.0))?)))
        }
        Op::StrNe { lhs, rhs, .. } => {
            Some(Value::bool(!plain(w.get(lhs.0))?.is_same_text(plain(w.get(rhs.0))?)))
        }
        _ => None,
    }
}

/// What an operation on one number gives.
pub(super) fn of_number(unit: &Unit, w: Window, op: &Op) -> Option<Value> {
    unless_refused(number_given(unit, w, op))
}

fn number_given(unit: &Unit, w: Window, op: &Op) -> Option<Value> {
    match *op {
        Op::MathCall { function, src, .. } => {
            let row = &arith::functions::MATH[usize::from(function.0)];
            arith::functions::call_of_one(row, plain(w.get(src.0))?, unit.mode).ok()
        }
        Op::Numeric { src, .. } => arith::expr_result(plain(w.get(src.0))?, unit.mode).ok(),
        Op::Neg { src, .. } => arith::neg(plain(w.get(src.0))?, unit.mode).ok(),
        _ => None,
    }
}

/// Makes the value in a temporary a list.
#[inline(never)]
pub(super) fn make_list(slot: &mut Value) -> bool {
    let Ok(made) = listops::as_list(slot) else { return false };
    *slot = made;
    true
}

/// Makes the temporary a list, unless it is a series of numbers, which does as well.
pub(super) fn check_list(w: Window, list: u16) -> bool {
    let slot = w.get_mut(list);
    matches!(slot.view(), View::Series(_)) || make_list(slot)
}

/// Puts what is made of a window of temporaries, or of a loop's lists, into a register.
pub(super) fn compose(unit: &Unit, w: Window, op: &Op) -> bool {
    let (Op::Concat { dst, .. } | Op::List { dst, .. } | Op::ForeachValue { dst, .. }) = *op else {
        return false;
    };
    if matches!(w.get(dst.0).tag(), Tag::Link | Tag::Array) {
        return false;
    }
    let value = match *op {
        // The long way says that it gets too long.
        Op::Concat { first, count, .. } => match stringops::concat(w, first.0, count.0 as u16) {
            Some(text) => text,
            None => return false,
        },
        Op::List { first, count, .. } => {
            Value::list((0..count.0 as u16).map(|i| w.get_mut(first.0 + i).take()).collect())
        }
        Op::ForeachValue { which, base, shape, .. } => {
            let groups = &unit.code().foreach_shapes[usize::from(shape.0)].groups;
            listops::foreach_value(w, base.0, groups, which.0)
        }
        _ => return false,
    };
    *w.get_mut(dst.0) = value;
    true
}

/// Begins another round of a loop over lists or a dictionary; whether there is one.
pub(super) fn next_round(unit: &Unit, w: Window, op: &Op) -> bool {
    match *op {
        Op::ForeachNext { base, shape, .. } => {
            listops::foreach_next(w, base.0, &unit.code().foreach_shapes[usize::from(shape.0)].groups)
        }
        Op::DictNext { base, .. } => listops::dict_next(w, base.0),
        _ => false,
    }
}

/// Where a jump table leads.
pub(super) fn table_target(unit: &Unit, w: Window, op: &Op) -> Option<u32> {
    let Op::JumpTable { src, table } = *op else { return None };
    let value = plain(w.get(src.0))?;
    let table = usize::from(table.0);
    let found = unit.jump_tables[table].get(&*unless_refused(Some(value.text()))?);
    Some(found.copied().unwrap_or_else(|| unit.code().jump_tables[table].default))
}
