//! Changing nested dictionaries in place along a path of keys.

use crate::exec::listops::{dict_of, no_such_key};
use crate::interp::exception::Exception;
use crate::value::{Dict, Value};

/// Sets the value at the end of a path of keys; dictionaries on the way are made if need be.
/// On an error the value is as it was.
pub fn set_in(slot: &mut Value, path: &[Value], value: Value) -> Result<(), Exception> {
    if let [key] = path {
        crate::exec::dict_in(slot)?.insert(key, value);
        return Ok(());
    }
    // Look first, so that an error leaves everything as it was.
    check_path(slot, path)?;
    rebuild(slot, path, |dict, key| {
        dict.insert(key, value);
    })
}

/// Unsets the key at the end of a path of keys; the dictionaries on the way must exist.
/// On an error the value is as it was.
pub fn unset_in(slot: &mut Value, path: &[Value]) -> Result<(), Exception> {
    if let [key] = path {
        crate::exec::dict_in(slot)?.remove(key);
        return Ok(());
    }
    let mut current = slot.clone();
    for key in &path[..path.len() - 1] {
        let dict = if current.is_unset() { Default::default() } else { dict_of(&current)? };
        let next = dict.map().get(key).cloned().ok_or_else(|| no_such_key(key))?;
        current = next;
    }
    dict_of(&current)?;
    drop(current);
    rebuild(slot, path, |dict, key| {
        dict.remove(key);
    })
}

fn check_path(slot: &Value, path: &[Value]) -> Result<(), Exception> {
    let mut current = slot.clone();
    for key in path {
        if current.is_unset() {
            return Ok(());
        }
        let dict = dict_of(&current)?;
        match dict.map().get(key) {
            Some(next) => {
                let next = next.clone();
                current = next;
            }
            None => return Ok(()),
        }
    }
    Ok(())
}

fn rebuild(
    slot: &mut Value,
    path: &[Value],
    change: impl FnOnce(&mut Dict, &Value),
) -> Result<(), Exception> {
    let (last, way) = path.split_last().expect("a path has a key");
    let mut opened: Vec<Value> = Vec::with_capacity(way.len());
    let mut current = slot.take();
    for key in way {
        let dict = crate::exec::dict_in(&mut current)?;
        let next = dict.get_mut(key).map_or(Value::UNSET, Value::take);
        opened.push(current);
        current = next;
    }
    change(crate::exec::dict_in(&mut current)?, last);
    for key in way.iter().rev() {
        let mut outer = opened.pop().expect("one was opened for each key");
        crate::exec::dict_in(&mut outer)?.insert(key, current);
        current = outer;
    }
    *slot = current;
    Ok(())
}
