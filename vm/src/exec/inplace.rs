//! Plain variables read and changed on the spot.
//!
//! These are the short ways of operations on variables: locals, variables that
//! locals are linked to, variables of sites, and elements of arrays, as long as
//! nothing about them is traced, constant or gone. Each function answers
//! whether it has performed the operation; if not, it has changed nothing, and
//! the operation is performed the long way.

use tclring_compiler::Mode;
use tclring_compiler::bytecode::{NO_REG, Op, OptionalUse, Place, Small, Use};

use super::access::append_to;
use super::frame::{self, Window, room};
use super::stringops::plain_index;
use super::unit::Unit;
use super::var_op::incr_value;
use super::{listops, needs_care};
use crate::interp::Machine;
use crate::value::{DictObj, Value, View, refusal};

/// The value of a scalar or element that has one.
#[inline]
fn variable<'a>(
    machine: &mut Machine,
    unit: &Unit,
    w: Window,
    place: Place,
    key: OptionalUse,
) -> Option<&'a mut Value> {
    let holder = frame::holder(machine, unit, w, place)?;
    if key.0 == NO_REG {
        return Some(holder).filter(|value| value.array_ref().is_none());
    }
    frame::element(holder, key_of(w, key)?)
}

/// The key of an element in a register.
#[inline]
fn key_of<'a>(w: Window, key: OptionalUse) -> Option<&'a Value> {
    frame::plain(w.get(key.0))
}

/// `dst` = a variable.
#[inline(never)]
pub(super) fn load(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let (Op::LoadVar { dst, place, key } | Op::LoadRaw { dst, place, key }) = *op else { return false };
    let Some(value) = variable(machine, unit, w, place, key) else { return false };
    if needs_care(value) {
        return false;
    }
    let value = value.clone();
    let Some(slot) = room(w.get_mut(dst.0)) else { return false };
    slot.overwrite_simple(value);
    true
}

/// Whether a variable exists, if it does.
pub(super) fn exists(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> Option<Value> {
    let Op::Exists { place, key, .. } = *op else { return None };
    let holder = frame::holder(machine, unit, w, place)?;
    let value = if key.0 == NO_REG { holder } else { frame::element(holder, key_of(w, key)?)? };
    (!value.is_unset()).then(|| Value::bool(true))
}

/// A variable = `src`.
pub(super) fn store(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let Op::StoreVar { src, place, key } = *op else { return false };
    if needs_care(w.get(src.0)) {
        return false;
    }
    let Some(holder) = frame::holder(machine, unit, w, place) else { return false };
    if key.0 == NO_REG {
        if holder.array_ref().is_some() {
            return false;
        }
        *holder = consumed(unit, w, src);
        return true;
    }
    let Some(key) = key_of(w, key) else { return false };
    if let Some(element) = frame::element(holder, key) {
        *element = consumed(unit, w, src);
        return true;
    }
    match holder.array_ref() {
        Some(array) if !array.has(key) => {
            array.add(key, consumed(unit, w, src));
            true
        }
        _ => false,
    }
}

/// The value of a register: taken from a temporary, copied from a variable.
fn consumed(unit: &Unit, w: Window, src: Use) -> Value {
    if src.0 >= unit.locals { w.get_mut(src.0).take() } else { w.get(src.0).clone() }
}

/// `incr`, both numbers being integers.
pub(super) fn incr(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let Op::Incr { want, place, key, srcdst } = *op else { return false };
    let Some(by) = w.get(srcdst.0).as_int() else { return false };
    let Some(slot) = variable(machine, unit, w, place, key) else { return false };
    let Some(sum) = slot.as_int().and_then(|n| n.checked_add(by)) else { return false };
    slot.overwrite_int(sum);
    if want.0 != 0 {
        w.get_mut(srcdst.0).overwrite_int(sum);
    }
    true
}

/// `incr` by a number of a variable that a local is linked to.
pub(super) fn incr_linked(w: Window, op: &Op) -> bool {
    let Op::IncrLocal { local, by, dst } = *op else { return false };
    let Some(slot) = frame::behind(w.get(local.0)) else { return false };
    let Some(sum) = slot.as_int().and_then(|n| n.checked_add(i64::from(by.0))) else { return false };
    if dst.0 != NO_REG {
        let Some(result) = room(w.get_mut(dst.0)) else { return false };
        result.overwrite_int(sum);
    }
    slot.overwrite_int(sum);
    true
}

/// `incr` by a number in a register.
pub(super) fn incr_by(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let Op::IncrBy { place, by, dst } = *op else { return false };
    let Some(by) = frame::plain(w.get(by.0)).and_then(Value::as_int) else { return false };
    let Some(slot) = variable(machine, unit, w, place, OptionalUse(NO_REG)) else { return false };
    let Some(sum) = slot.as_int().and_then(|n| n.checked_add(by)) else { return false };
    if dst.0 != NO_REG {
        let Some(result) = room(w.get_mut(dst.0)) else { return false };
        result.overwrite_int(sum);
    }
    slot.overwrite_int(sum);
    true
}

/// The element number `at` of a list that nothing else shares.
#[inline(always)]
pub(super) fn element_of_list(list: &mut Value, at: i64) -> Option<&mut Value> {
    list.list_mut()?.items_mut().get_mut(usize::try_from(at).ok()?)
}

/// The element that an index, or a list of indexes, means of a list that nothing else shares.
#[inline(always)]
fn element_by_index<'a>(list: &'a mut Value, index: &Value, mode: Mode) -> Option<&'a mut Value> {
    match index.as_int() {
        Some(at) => element_of_list(list, at),
        None => element_by_path(list, index, mode),
    }
}

/// The same for an index that is no number.
#[inline(never)]
fn element_by_path<'a>(list: &'a mut Value, index: &Value, mode: Mode) -> Option<&'a mut Value> {
    let length = list.list_ref()?.items().len();
    if let Some(at) = plain_index(index, length, mode) {
        return element_of_list(list, at);
    }
    let path = index.to_list().ok()?;
    path.items().iter().try_fold(list, |list, index| {
        let at = plain_index(index, list.list_ref()?.items().len(), mode)?;
        element_of_list(list, at)
    })
}

/// `lset` of an element by its number.
#[inline(never)]
pub(super) fn lset_at(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let Op::LsetAt { place, index, value } = *op else { return false };
    let Some(index) = frame::plain(w.get(index.0)) else { return false };
    // A copy of a variable's value comes first: if it is the list itself, the list must not be changed in place.
    let taken = value.0 >= unit.locals;
    let copy = if taken {
        Value::UNSET
    } else {
        match frame::plain(w.get(value.0)) {
            Some(value) => value.clone(),
            None => return false,
        }
    };
    let Some(slot) = variable(machine, unit, w, place, OptionalUse(NO_REG)) else { return false };
    let Some(element) = element_by_index(slot, index, unit.mode) else { return false };
    *element = if taken { w.get_mut(value.0).take() } else { copy };
    true
}

/// `lset` of an element by its number to a constant.
pub(super) fn lset_constant(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let Op::LsetConst { place, index, value } = *op else { return false };
    let Some(index) = frame::plain(w.get(index.0)) else { return false };
    let Some(slot) = variable(machine, unit, w, place, OptionalUse(NO_REG)) else { return false };
    let Some(element) = element_by_index(slot, index, unit.mode) else { return false };
    *element = frame::constant(unit, usize::from(value.0)).clone();
    true
}

/// Puts the variable's new value into the register that is to have it.
fn give(w: Window, want: Small, register: u16, slot: &Value) {
    if want.0 != 0 {
        *w.get_mut(register) = slot.clone();
    }
}

/// The bytes of a text on the heap; nothing of what has no text yet, which may be too long to be made.
fn heap_bytes(value: &Value) -> Option<usize> {
    match value.view() {
        View::Str(object) => Some(object.text().len()),
        View::Bytes(object) => Some(object.bytes().len()),
        View::List(_) | View::Dict(_) | View::Series(_) => None,
        _ => Some(0),
    }
}

/// `append`.
pub(super) fn append(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let Op::Append { want, place, key, srcdst } = *op else { return false };
    let Some(slot) = variable(machine, unit, w, place, key) else { return false };
    if slot.is_unset() {
        return false;
    }
    let (Some(old), Some(new)) = (heap_bytes(slot), heap_bytes(w.get(srcdst.0))) else { return false };
    if old + new > refusal::TEXT_BYTES_MAX {
        return false;
    }
    let more = w.get_mut(srcdst.0).take();
    append_to(slot, std::slice::from_ref(&more));
    give(w, want, srcdst.0, slot);
    true
}

/// `lappend` of one element to a list that a local holds alone. It is apart from the rest because it is short.
#[inline(never)]
pub(super) fn lappend_local(w: Window, op: &Op) -> bool {
    let Op::Lappend { want: Small(0), place, key: OptionalUse(NO_REG), srcdst } = *op else { return false };
    let Some(list) = place.as_local().and_then(|local| w.get_mut(local).list_mut()) else { return false };
    list.push(w.get_mut(srcdst.0).take());
    true
}

/// `lindex` with an element's number, of a list in a register or behind a link.
#[inline(never)]
pub(super) fn lindex(w: Window, op: &Op) -> bool {
    let Op::Lindex { dst, src, index } = *op else { return false };
    let Some(at) = w.get(index.0).as_int() else { return false };
    let Some(list) = frame::plain(w.get(src.0)).and_then(Value::list_ref) else { return false };
    let Some(element) = list.items().get(at as usize) else { return false };
    let element = element.clone();
    let Some(slot) = room(w.get_mut(dst.0)) else { return false };
    slot.overwrite_simple(element);
    true
}

/// `lappend` of one element.
pub(super) fn lappend(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let Op::Lappend { want, place, key, srcdst } = *op else { return false };
    let Some(slot) = variable(machine, unit, w, place, key) else { return false };
    let Some(list) = slot.list_mut() else { return false };
    list.push(w.get_mut(srcdst.0).take());
    give(w, want, srcdst.0, slot);
    true
}

/// `lset` of an element, of nested lists perhaps, by its numbers.
pub(super) fn lset(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let Op::Lset { want, place, first, count } = *op else { return false };
    let Some(slot) = variable(machine, unit, w, place, OptionalUse(NO_REG)) else { return false };
    let value = first.0 + count.0 as u16;
    let mut element = &mut *slot;
    for index in first.0..value {
        let Some(at) = w.get(index).as_int() else { return false };
        let Some(inner) = element_of_list(element, at) else { return false };
        element = inner;
    }
    *element = w.get_mut(value).take();
    give(w, want, first.0, slot);
    true
}

/// The changes of dictionaries whose keys are one word.
pub(super) fn change_dict(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    let (want, place, first) = match *op {
        Op::DictSet { want, place, first, count } | Op::DictUnset { want, place, first, count }
            if count.0 == 1 =>
        {
            (want, place, first.0)
        }
        Op::DictIncr { want, place, first }
        | Op::DictAppend { want, place, first }
        | Op::DictLappend { want, place, first } => (want, place, first.0),
        _ => return false,
    };
    let Some(slot) = variable(machine, unit, w, place, OptionalUse(NO_REG)) else { return false };
    let Some(dict) = slot.dict_mut().map(DictObj::map_mut) else { return false };
    let key = w.get(first);
    if heap_bytes(key).is_none() && (key.text().is_empty() && refusal::take()) {
        return false;
    }
    match op {
        Op::DictSet { .. } => drop(dict.insert(key, w.get_mut(first + 1).take())),
        Op::DictUnset { .. } => drop(dict.remove(key)),
        Op::DictIncr { .. } => {
            let by = w.get(first + 1);
            if by.as_int().is_none() {
                return false;
            }
            let number = dict.get_or_insert_with(key, || Value::int(0));
            if number.as_int().is_none() || incr_value(number, by, unit.mode).is_err() {
                return false;
            }
        }
        Op::DictAppend { .. } if heap_bytes(w.get(first + 1)).is_none() => return false,
        Op::DictAppend { .. } => {
            let more = w.get_mut(first + 1).take();
            append_to(dict.get_or_insert_with(key, || Value::EMPTY), std::slice::from_ref(&more));
        }
        Op::DictLappend { .. } => {
            let Some(list) = dict.get_or_insert_with(key, || Value::list(Vec::new())).list_mut() else {
                return false;
            };
            list.push(w.get_mut(first + 1).take());
        }
        _ => return false,
    }
    give(w, want, first, slot);
    true
}

/// Appends an element to the list in a temporary.
pub(super) fn push(unit: &Unit, w: Window, op: &Op) -> bool {
    let Op::ListPush { acc, src } = *op else { return false };
    let Some(value) = frame::plain(w.get(src.0)) else { return false };
    let value = if src.0 >= unit.locals { w.get_mut(src.0).take() } else { value.clone() };
    listops::push(w.get_mut(acc.0), value);
    true
}
