//! Changing an element of nested lists in place.

use smallvec::SmallVec;
use tclring_compiler::Mode;

use crate::error;
use crate::exec::listops::{self, list_of};
use crate::exec::resolve_index;
use crate::interp::exception::Exception;
use crate::value::{ListObj, Value};

/// Sets the element of `slot` along `path` (index words; a single one may be a list of indexes).
/// On an error the value is as it was.
pub fn set_in(slot: &mut Value, path: &[Value], value: Value, mode: Mode) -> Result<(), Exception> {
    if let [only] = path {
        if let Some(position) = only.as_int() {
            return set_at(slot, position, value);
        }
        if tclring_compiler::syntax::index::parse_index(&only.text(), mode).is_none() {
            let Ok(words) = list_of(only) else {
                // Neither an index nor a list of them: the complaint is about the index.
                return resolve_index(only, 0, mode).map(drop);
            };
            return set_along(slot, words.items(), value, mode);
        }
    }
    set_along(slot, path, value, mode)
}

fn out_of_range(index: &Value) -> Exception {
    error!("index \"", index, "\" out of range"; "TCL", "VALUE", "INDEX", "OUTOFRANGE")
}

fn set_at(slot: &mut Value, position: i64, value: Value) -> Result<(), Exception> {
    let length = listops::length(slot)?;
    if position < 0 || position as u64 > length as u64 {
        return Err(out_of_range(&Value::int(position)));
    }
    put(own_list(slot)?, position as usize, value);
    Ok(())
}

fn set_along(slot: &mut Value, path: &[Value], value: Value, mode: Mode) -> Result<(), Exception> {
    // First look without changing, so that an error leaves everything as it was.
    let mut positions: SmallVec<[usize; 4]> = SmallVec::new();
    let mut current = slot.clone();
    for index in path {
        let list = list_of(&current)?;
        let length = list.items().len();
        let position = resolve_index(index, length, mode)?;
        if position < 0 || position as u64 > length as u64 {
            return Err(out_of_range(index));
        }
        positions.push(position as usize);
        current = list.items().get(position as usize).cloned().unwrap_or_default();
    }
    drop(current);
    let mut target = slot;
    for position in positions {
        let list = own_list(target)?;
        if position == list.items().len() {
            list.push(Value::EMPTY);
        }
        target = &mut list.items_mut()[position];
    }
    *target = value;
    Ok(())
}

/// Puts an element into a list, or behind its last one.
fn put(list: &mut ListObj, position: usize, value: Value) {
    match list.items_mut().get_mut(position) {
        Some(element) => *element = value,
        None => list.push(value),
    }
}

/// The list in `slot` to change in place: a copy if it is shared.
fn own_list(slot: &mut Value) -> Result<&mut ListObj, Exception> {
    if slot.list_mut().is_none() {
        let items = list_of(slot)?.items().to_vec();
        *slot = Value::list(items);
    }
    Ok(slot.list_mut().expect("it was just made a list of its own"))
}
