//! Changing an element of nested lists in place.

use tclring_compiler::Mode;

use crate::error;
use crate::exec::listops::list_of;
use crate::exec::resolve_index;
use crate::interp::exception::Exception;
use crate::value::Value;

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
    if let Some(list) = slot.list_mut() {
        let length = list.items().len();
        if position < 0 || position as u64 > length as u64 {
            return Err(out_of_range(&Value::int(position)));
        }
        let items = list.items_mut();
        if position as usize == length {
            items.push(value);
        } else {
            items[position as usize] = value;
        }
        return Ok(());
    }
    set_along(slot, &[Value::int(position)], value, Mode::Tcl90)
}

fn set_along(slot: &mut Value, path: &[Value], value: Value, mode: Mode) -> Result<(), Exception> {
    if path.is_empty() {
        *slot = value;
        return Ok(());
    }
    // First look without changing, so that an error leaves everything as it was.
    let mut positions = Vec::with_capacity(path.len());
    let mut current = slot.clone();
    for (depth, index) in path.iter().enumerate() {
        let list = list_of(&current)?;
        let length = list.items().len();
        let position = resolve_index(index, length, mode)?;
        if position < 0 || position as u64 > length as u64 {
            return Err(out_of_range(index));
        }
        positions.push(position as usize);
        if depth + 1 < path.len() {
            let next = list.items().get(position as usize).cloned().unwrap_or_default();
            current = next;
        }
    }
    drop(current);
    // Then take the lists apart on the way down and put them together on the way up.
    let mut opened: Vec<(Vec<Value>, usize)> = Vec::with_capacity(positions.len());
    let mut current = slot.take();
    for position in positions {
        let mut items = owned_items(&mut current)?;
        if position == items.len() {
            items.push(Value::EMPTY);
        }
        current = items[position].take();
        opened.push((items, position));
    }
    let mut built = value;
    while let Some((mut items, position)) = opened.pop() {
        items[position] = built;
        built = Value::list(items);
    }
    *slot = built;
    Ok(())
}

/// The elements of a list that is taken apart: moved if nobody shares them.
fn owned_items(list: &mut Value) -> Result<Vec<Value>, Exception> {
    if let Some(object) = list.list_mut() {
        return Ok(std::mem::take(object.items_mut()));
    }
    Ok(list_of(list)?.items().to_vec())
}
