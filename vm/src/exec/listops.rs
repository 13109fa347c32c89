//! What the operations on lists and dictionaries compute.

use std::ops::Range;
use std::rc::Rc;

use tclring_compiler::Mode;
use tclring_compiler::syntax::list::ListError;

use super::frame::Window;
use super::stringops::resolve_index;
use crate::error;
use crate::interp::exception::{Exception, Raised};
use crate::value::{Dict, DictObj, ListObj, Value, View};

/// The exception for a text that is no list.
pub fn list_exception(e: ListError) -> Exception {
    Raised::error(e.message).with_code(e.error_code)
}

/// The exception for a list of odd length that should be a dictionary.
pub fn odd_dict() -> Exception {
    error!("missing value to go with key"; "TCL", "VALUE", "DICTIONARY")
}

/// The list in `value`.
pub fn list_of(value: &Value) -> Result<Rc<ListObj>, Exception> {
    value.to_list().map_err(list_exception)
}

/// The dictionary in `value`.
pub fn dict_of(value: &Value) -> Result<Rc<DictObj>, Exception> {
    value.to_dict().map_err(dict_list_exception)?.ok_or_else(odd_dict)
}

/// A text that is no list is no dictionary either; the reference says so in the error code.
fn dict_list_exception(e: ListError) -> Exception {
    let mut exception = list_exception(e);
    let message =
        exception.result.to_display().replace("list element", "dict element").replace("in list", "in dict");
    exception.result = Value::from(message);
    let code = exception.error_code().to_display().replace("VALUE LIST", "VALUE DICTIONARY");
    exception.error_code = Some(Value::from(code));
    exception
}

/// `value` as a value that is a list.
pub(super) fn as_list(value: &Value) -> Result<Value, Exception> {
    list_of(value).map(Value::from_list_obj)
}

/// `value` as a value that is a dictionary.
pub(super) fn as_dict(value: &Value) -> Result<Value, Exception> {
    dict_of(value).map(Value::from_dict_obj)
}

/// Appends an element to a list that is a temporary.
pub(super) fn push(list: &mut Value, element: Value) {
    if let Some(object) = list.list_mut() {
        object.push(element);
        return;
    }
    let mut items = list.list_rc().map(|object| object.items().to_vec()).unwrap_or_default();
    items.push(element);
    *list = Value::list(items);
}

/// Appends the elements of `more` to a list that is a temporary.
pub(super) fn splice(list: &mut Value, more: &Value) -> Result<(), Exception> {
    let more = list_of(more)?;
    if let Some(object) = list.list_mut() {
        object.extend_from_slice(more.items());
        return Ok(());
    }
    let mut items = list.list_rc().map(|object| object.items().to_vec()).unwrap_or_default();
    items.extend_from_slice(more.items());
    *list = Value::list(items);
    Ok(())
}

/// The elements of a list value, moved if it is the only owner.
pub(crate) fn into_items(mut list: Value) -> Result<Vec<Value>, Exception> {
    if let Some(object) = list.list_mut() {
        return Ok(object.take_items());
    }
    let object = list_of(&list)?;
    // A text that nobody shares takes its cached reading with it, which is then the only one.
    drop(list);
    Ok(Rc::try_unwrap(object).map_or_else(|shared| shared.items().to_vec(), ListObj::into_items))
}

/// The entries of a dictionary value, moved if it is the only owner.
pub(crate) fn into_map(mut dict: Value) -> Result<Dict, Exception> {
    if let Some(object) = dict.dict_mut() {
        return Ok(std::mem::take(object.map_mut()));
    }
    let object = dict_of(&dict)?;
    drop(dict);
    Ok(Rc::try_unwrap(object).map_or_else(|shared| shared.map().clone(), DictObj::into_map))
}

/// The dict `dict` with one more entry.
pub(super) fn with_entry(dict: Value, key: &str, value: Value) -> Result<Value, Exception> {
    let mut map = into_map(dict)?;
    map.insert(&Value::from(key), value);
    Ok(Value::dict(map))
}

/// The number of elements.
#[inline]
pub(crate) fn length(value: &Value) -> Result<usize, Exception> {
    match value.view() {
        View::List(list) => Ok(list.items().len()),
        View::Dict(dict) => Ok(dict.map().len() * 2),
        View::Series(series) => Ok(series.len()),
        _ => Ok(list_of(value)?.items().len()),
    }
}

/// The element number `at`, or the empty string.
#[inline]
pub(crate) fn at(value: &Value, at: i64) -> Result<Value, Exception> {
    if let View::List(list) = value.view() {
        return Ok(usize::try_from(at).ok().and_then(|at| list.items().get(at)).cloned().unwrap_or_default());
    }
    if let View::Series(series) = value.view() {
        return Ok(usize::try_from(at).ok().and_then(|at| series.get(at)).unwrap_or_default());
    }
    let list = list_of(value)?;
    Ok(usize::try_from(at).ok().and_then(|at| list.items().get(at)).cloned().unwrap_or_default())
}

/// `lindex value index`, where the index may be a list of indexes.
#[inline]
pub(crate) fn index(value: &Value, index: &Value, mode: Mode) -> Result<Value, Exception> {
    if let Some(n) = index.as_int() {
        return at(value, n);
    }
    index_slow(value, index, mode)
}

#[cold]
fn index_slow(value: &Value, index: &Value, mode: Mode) -> Result<Value, Exception> {
    let text = index.text();
    if tclring_compiler::syntax::index::parse_index(&text, mode).is_some() {
        let position = resolve_index(index, length(value)?, mode)?;
        return at(value, position);
    }
    let Ok(path) = index.to_list() else {
        // Not a list and not an index: the complaint is about the index.
        resolve_index(index, 0, mode)?;
        return Ok(Value::EMPTY);
    };
    index_path(value, path.items(), mode)
}

/// The element of nested lists at the end of a path of indexes.
pub fn index_path(value: &Value, path: &[Value], mode: Mode) -> Result<Value, Exception> {
    let mut current = value.clone();
    for (step, index) in path.iter().enumerate() {
        let count = length(&current)?;
        let position = resolve_index(index, count, mode)?;
        if !(0..count as i64).contains(&position) {
            // The rest of the path is still checked to be indexes.
            for index in &path[step + 1..] {
                resolve_index(index, 0, mode)?;
            }
            return Ok(Value::EMPTY);
        }
        current = at(&current, position)?;
    }
    Ok(current)
}

/// `lindex value` with the `count` indexes from the register `first` on, each a single one.
pub(super) fn index_many(
    w: Window,
    value: &Value,
    first: u16,
    count: u8,
    mode: Mode,
) -> Result<Value, Exception> {
    let registers = first..first + u16::from(count);
    if registers.clone().any(|register| w.get(register).as_int().is_none()) {
        let path: Vec<Value> = registers.map(|register| w.get(register).clone()).collect();
        return index_path(value, &path, mode);
    }
    let mut current: Option<Value> = None;
    for n in registers.filter_map(|register| w.get(register).as_int()) {
        current = Some(at(current.as_ref().unwrap_or(value), n)?);
    }
    Ok(current.unwrap_or_default())
}

/// `lrange value first last`.
pub(crate) fn range(value: &Value, first: &Value, last: &Value, mode: Mode) -> Result<Value, Exception> {
    let count = length(value)?;
    let first = resolve_index(first, count, mode)?.max(0);
    let last = resolve_index(last, count, mode)?.min(count as i64 - 1);
    if first > last {
        return Ok(Value::EMPTY);
    }
    slice(value, first as usize..last as usize + 1)
}

/// The elements in `range`, which is not empty and within the bounds.
pub(crate) fn slice(value: &Value, range: Range<usize>) -> Result<Value, Exception> {
    if let View::Series(series) = value.view() {
        return Ok(Value::from_series_obj(Rc::new(series.slice(range))));
    }
    Ok(Value::from_list_obj(Rc::new(ListObj::part(&list_of(value)?, range))))
}

/// The elements from number `at` on.
pub(crate) fn rest(value: &Value, at: usize) -> Result<Value, Exception> {
    let count = length(value)?;
    if at < count { slice(value, at..count) } else { Ok(Value::EMPTY) }
}

/// The number of elements of what [`foreach_start`] has made.
fn made_length(value: &Value) -> usize {
    match value.view() {
        View::List(list) => list.items().len(),
        View::Series(series) => series.len(),
        _ => 0,
    }
}

/// Makes the lists of a foreach lists, and puts the counter before the first round.
pub(super) fn foreach_start(w: Window, base: u16, groups: &[u16]) -> Result<(), Exception> {
    for i in 0..groups.len() as u16 {
        let slot = w.get_mut(base + i);
        if !matches!(slot.view(), View::List(_) | View::Series(_)) {
            *slot = as_list(slot)?;
        }
    }
    *w.get_mut(base + groups.len() as u16) = Value::int(-1);
    Ok(())
}

/// Steps the counter; whether there is another round.
#[inline]
pub(super) fn foreach_next(w: Window, base: u16, groups: &[u16]) -> bool {
    let counter = w.get_mut(base + groups.len() as u16);
    let round = counter.as_int().unwrap_or(-1) + 1;
    counter.overwrite_int(round);
    if let [vars] = groups {
        return (round as usize).saturating_mul(usize::from(*vars)) < made_length(w.get(base));
    }
    groups.iter().enumerate().any(|(i, vars)| {
        (round as usize).saturating_mul(usize::from(*vars)) < made_length(w.get(base + i as u16))
    })
}

/// The element for the coming round of a loop over one list with one variable.
#[inline(always)]
pub(super) fn element_of_round<'a>(w: Window, base: u16) -> Option<&'a Value> {
    let round = w.get(base + 1).as_int()? + 1;
    match w.get(base).view() {
        View::List(list) => list.items().get(round as usize),
        _ => None,
    }
}

/// The element for the coming round of a loop over one series with one variable.
#[cold]
pub(super) fn term_of_round(w: Window, base: u16) -> Option<Value> {
    let round = w.get(base + 1).as_int()? + 1;
    match w.get(base).view() {
        View::Series(series) => series.get(round as usize),
        _ => None,
    }
}

/// Steps the counter of a loop over one list with one variable.
#[inline(always)]
pub(super) fn begin_round(w: Window, base: u16) {
    let counter = w.get_mut(base + 1);
    let round = counter.as_int().unwrap_or(-1) + 1;
    counter.overwrite_int(round);
}

/// This round's value for variable number `which`.
#[inline]
pub(super) fn foreach_value(w: Window, base: u16, groups: &[u16], which: u8) -> Value {
    let round = w.get(base + groups.len() as u16).as_int().unwrap_or(0) as usize;
    if let ([vars], View::List(list)) = (groups, w.get(base).view()) {
        let at = round * usize::from(*vars) + usize::from(which);
        return list.items().get(at).cloned().unwrap_or_default();
    }
    let mut left = usize::from(which);
    for (i, vars) in groups.iter().enumerate() {
        let vars = usize::from(*vars);
        if left < vars {
            let at = round * vars + left;
            let element = match w.get(base + i as u16).view() {
                View::List(list) => list.items().get(at).cloned(),
                View::Series(series) => series.get(at),
                _ => None,
            };
            return element.unwrap_or_default();
        }
        left -= vars;
    }
    Value::EMPTY
}

/// The exception for a key that a dictionary has not.
pub fn no_such_key(key: &Value) -> Exception {
    error!("key \"", key, "\" not known in dictionary"; "TCL", "LOOKUP", "DICT", key.text())
}

/// `dict get` along `count` keys from the register `first` on.
pub(super) fn dict_get(w: Window, dict: &Value, first: u16, count: u8) -> Result<Value, Exception> {
    follow(w, dict, first, count)?.map_err(|missing| no_such_key(w.get(missing)))
}

/// `dict exists` along `count` keys from the register `first` on.
pub(super) fn dict_exists(w: Window, dict: &Value, first: u16, count: u8) -> bool {
    matches!(follow(w, dict, first, count), Ok(Ok(_)))
}

/// What stands in nested dictionaries under `count` keys from the register `first` on, or the register of the first key
/// that is missing.
fn follow(w: Window, dict: &Value, first: u16, count: u8) -> Result<Result<Value, u16>, Exception> {
    let mut current: Option<Value> = None;
    for i in 0..u16::from(count) {
        let key = w.get(first + i);
        let here = current.as_ref().unwrap_or(dict);
        let found = match here.view() {
            View::Dict(object) => object.map().get(key).cloned(),
            _ => dict_of(here)?.map().get(key).cloned(),
        };
        match found {
            Some(value) => current = Some(value),
            None => return Ok(Err(first + i)),
        }
    }
    Ok(Ok(current.unwrap_or_else(|| dict.clone())))
}

/// An iteration over a dictionary: a list of the dictionary and the position.
pub(super) fn dict_start(dict: Value) -> Value {
    Value::list(vec![dict, Value::int(0)])
}

/// Puts the next entry of the iteration in `base` into the two registers after it.
pub(super) fn dict_next(w: Window, base: u16) -> bool {
    let Some(iteration) = w.get_mut(base).list_mut() else {
        return false;
    };
    let [dict, position] = iteration.items_mut() else {
        return false;
    };
    let View::Dict(object) = dict.view() else {
        return false;
    };
    let from = position.as_int().unwrap_or(0) as usize;
    let Some((found, key, value)) = object.map().next_from(from) else {
        return false;
    };
    *w.get_mut(base + 1) = key.clone();
    *w.get_mut(base + 2) = value.clone();
    *position = Value::int(found as i64 + 1);
    true
}
