//! Lists: `list`, `llength`, `lindex`, `lrange`, `linsert`, `lreplace`, `lrepeat`, `lreverse`, `lremove`,
//! `lpop`, `ledit`, `concat`, `join`, `split`.
//!
//! The words of an invocation belong to the command: a list that nobody else
//! holds is changed in place.

use std::ops::Range;
use std::rc::Rc;

use tclring_compiler::Mode;

use super::options::integer;
use crate::error;
use crate::exec::listops::{self, into_items, list_of};
use crate::exec::resolve_index;
use crate::exec::tracing::missing;
use crate::interp::command::{Outcome, row};
use crate::interp::exception::Exception;
use crate::interp::vars::Look;
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text::search;
use crate::value::{ListObj, Value, View, refusal};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    row("list", "?value ...?", (0, MANY), "Makes a list of its arguments.", list),
    row("llength", "list", (1, 1), "Answers the number of elements.", llength),
    row("lindex", "list ?index ...?", (1, MANY), "Answers an element of a list or of nested lists.", lindex),
    row("lrange", "list first last", (3, 3), "Answers consecutive elements.", lrange),
    row("linsert", "list index ?element ...?", (2, MANY), "Answers a list with elements added.", linsert),
    row(
        "lreplace",
        "list first last ?element ...?",
        (3, MANY),
        "Answers a list with elements replaced.",
        lreplace,
    ),
    row("lrepeat", "count ?value ...?", (1, MANY), "Makes a list of repeated values.", lrepeat),
    row("lreverse", "list", (1, 1), "Answers a list in reverse order.", lreverse),
    row("lremove", "list ?index ...?", (1, MANY), "Answers a list without some elements.", lremove),
    row("lpop", "listvar ?index?", (1, MANY), "Takes an element out of a list in a variable.", lpop),
    row(
        "ledit",
        "listVar first last ?element ...?",
        (3, MANY),
        "Replaces elements of a list in a variable.",
        ledit,
    ),
    row("concat", "?arg ...?", (0, MANY), "Joins lists to one list.", concat),
    row("join", "list ?joinString?", (1, 2), "Makes a text of the elements of a list.", join),
    row("split", "string ?splitChars?", (1, 2), "Splits a text into a list.", split),
];

/// The largest number of elements that a command makes out of a count. The reference's limit is the memory it gets.
pub(crate) const ELEMENTS_MAX: usize = 1 << 28;

/// The largest number of elements that the reference's lists can have.
const REFERENCE_ELEMENTS_MAX: u64 = 1_152_921_504_606_846_970;

/// The error for a list of `count` elements, which is more than there may be.
pub(crate) fn too_many_elements(count: u128) -> Exception {
    if count > u128::from(REFERENCE_ELEMENTS_MAX) {
        return error!("max length of a Tcl list (", REFERENCE_ELEMENTS_MAX, " elements) exceeded"; "TCL", "MEMORY");
    }
    let bytes = (count * 8 + 40).to_string();
    error!("list creation failed: unable to alloc ", bytes, " bytes"; "TCL", "MEMORY")
}

/// A list value; the empty list is the empty string.
pub(crate) fn list_value(items: Vec<Value>) -> Value {
    if items.is_empty() { Value::EMPTY } else { Value::list(items) }
}

fn list(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(list_value(args.split_off(1))))
}

fn llength(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::int(listops::length(&args[1])? as i64)))
}

fn lindex(machine: &mut Machine, mut args: Args) -> Outcome {
    let mode = machine.mode();
    let value = match args.len() {
        2 => args.take(1),
        3 => listops::index(&args[1], &args[2], mode)?,
        _ => listops::index_path(&args[1], &args[2..], mode)?,
    };
    Ok(Step::Done(value))
}

/// The elements from number `first` to number `last` of `length`, as far as there are such elements.
fn clamped(first: i64, last: i64, length: usize) -> Range<usize> {
    let start = first.clamp(0, length as i64) as usize;
    let end = last.saturating_add(1).clamp(0, length as i64) as usize;
    start..end.max(start)
}

fn lrange(machine: &mut Machine, mut args: Args) -> Outcome {
    let mode = machine.mode();
    let mut list = args.take(1);
    let length = listops::length(&list)?;
    let range =
        clamped(resolve_index(&args[2], length, mode)?, resolve_index(&args[3], length, mode)?, length);
    if range.is_empty() {
        return Ok(Step::EMPTY);
    }
    if let Some(object) = list.list_mut() {
        if range.len() < length {
            object.splice(range.end..length, Vec::new());
            object.splice(0..range.start, Vec::new());
        }
        return Ok(Step::Done(list));
    }
    Ok(Step::Done(listops::slice(&list, range)?))
}

/// A list with the elements in `range` replaced by `fresh`, in place if nobody else holds it.
fn spliced(mut list: Value, range: Range<usize>, fresh: Vec<Value>) -> Result<Value, Exception> {
    if let View::List(object) = list.view()
        && range.is_empty()
        && fresh.is_empty()
        && !object.items().is_empty()
    {
        return Ok(list);
    }
    if let Some(object) = list.list_mut() {
        object.splice(range, fresh);
        return Ok(if object.items().is_empty() { Value::EMPTY } else { list });
    }
    let object = list_of(&list)?;
    // A text that nobody shares takes its cached reading with it, which is then the only one.
    drop(list);
    let made = match Rc::try_unwrap(object) {
        Ok(mut own) => {
            own.splice(range, fresh);
            own
        }
        Err(shared) => spliced_copy(&shared, range, fresh),
    };
    Ok(if made.items().is_empty() { Value::EMPTY } else { Value::from_list_obj(Rc::new(made)) })
}

/// A copy of a list with the elements in `range` replaced by `fresh`. What is left of one that loses elements at an
/// end is a part of it.
fn spliced_copy(list: &Rc<ListObj>, range: Range<usize>, fresh: Vec<Value>) -> ListObj {
    let items = list.items();
    if fresh.is_empty() && range.start == 0 {
        return ListObj::part(list, range.end..items.len());
    }
    if fresh.is_empty() && range.end == items.len() {
        return ListObj::part(list, 0..range.start);
    }
    let mut made = Vec::with_capacity(items.len() - range.len() + fresh.len());
    made.extend_from_slice(&items[..range.start]);
    made.extend(fresh);
    made.extend_from_slice(&items[range.end..]);
    ListObj::new(made)
}

fn linsert(machine: &mut Machine, mut args: Args) -> Outcome {
    let mode = machine.mode();
    let list = args.take(1);
    let length = listops::length(&list)?;
    // `end` is the place behind the last element.
    let at = resolve_index(&args[2], length + 1, mode)?.clamp(0, length as i64) as usize;
    Ok(Step::Done(spliced(list, at..at, args.split_off(3))?))
}

/// The elements that `first` and `last` mean to `lreplace`: an empty range behind `first` if they are crossed.
fn replaced(first: &Value, last: &Value, length: usize, mode: Mode) -> Result<Range<usize>, Exception> {
    let first = resolve_index(first, length, mode)?;
    let last = resolve_index(last, length, mode)?;
    Ok(clamped(first, last, length))
}

fn lreplace(machine: &mut Machine, mut args: Args) -> Outcome {
    let mode = machine.mode();
    let list = args.take(1);
    let range = replaced(&args[2], &args[3], listops::length(&list)?, mode)?;
    Ok(Step::Done(spliced(list, range, args.split_off(4))?))
}

fn ledit(machine: &mut Machine, args: Args) -> Outcome {
    let mode = machine.mode();
    let name = args[1].clone();
    let Some(variable) = machine.existing_variable(&name) else {
        return Err(missing(&name));
    };
    let words = args.split_off(2);
    if !matches!(machine.look(&variable), Look::Value(_)) || !machine.has_value(&variable) {
        return machine.read_named_then(&name.clone(), move |machine, mut value| {
            edit_in(&mut value, words, mode)?;
            machine.write_named(&name, value)
        });
    }
    let edited = machine.change(&variable, |slot| {
        edit_in(slot, words, mode)?;
        Ok(slot.clone())
    })?;
    Ok(Step::Done(edited))
}

/// Replaces elements of the list in `slot`: first index, last index, new elements.
fn edit_in(slot: &mut Value, mut words: Vec<Value>, mode: Mode) -> Result<(), Exception> {
    let range = replaced(&words[0], &words[1], listops::length(slot)?, mode)?;
    words.drain(..2);
    let old = slot.take();
    *slot = spliced(old, range, words)?;
    Ok(())
}

fn lrepeat(machine: &mut Machine, args: Args) -> Outcome {
    let count = integer(&args[1], machine.mode())?;
    let Ok(count) = usize::try_from(count) else {
        return Err(
            error!("bad count \"", count, "\": must be integer >= 0"; "TCL", "OPERATION", "LREPEAT", "NEGARG"),
        );
    };
    let values = args.split_off(2);
    let total = count as u128 * values.len() as u128;
    if total > ELEMENTS_MAX as u128 {
        return Err(too_many_elements(total));
    }
    let mut items = Vec::with_capacity(total as usize);
    match values.as_slice() {
        [] => {}
        [only] => items.resize(count, only.clone()),
        _ => (0..count).for_each(|_| items.extend_from_slice(&values)),
    }
    Ok(Step::Done(list_value(items)))
}

fn lreverse(_machine: &mut Machine, mut args: Args) -> Outcome {
    let mut list = args.take(1);
    if let Some(object) = list.list_mut() {
        object.items_mut().reverse();
        return Ok(Step::Done(list));
    }
    if let View::Series(series) = list.view() {
        return Ok(Step::Done(Value::from_series_obj(Rc::new(series.reversed()))));
    }
    let mut items = into_items(list)?;
    items.reverse();
    Ok(Step::Done(list_value(items)))
}

fn lremove(machine: &mut Machine, mut args: Args) -> Outcome {
    let mode = machine.mode();
    let list = args.take(1);
    let length = listops::length(&list)?;
    let mut gone = Vec::with_capacity(args.len() - 2);
    for index in &args[2..] {
        let at = resolve_index(index, length, mode)?;
        if (0..length as i64).contains(&at) {
            gone.push(at as usize);
        }
    }
    if args.len() == 2 {
        return Ok(Step::Done(list));
    }
    gone.sort_unstable();
    gone.dedup();
    if let [] | [_] = gone.as_slice() {
        let only = gone.first().map_or(length..length, |only| *only..only + 1);
        return Ok(Step::Done(spliced(list, only, Vec::new())?));
    }
    let list = list_of(&list)?;
    let mut items = Vec::with_capacity(length - gone.len());
    let mut from = 0;
    for at in gone {
        items.extend_from_slice(&list.items()[from..at]);
        from = at + 1;
    }
    items.extend_from_slice(&list.items()[from..]);
    Ok(Step::Done(list_value(items)))
}

fn lpop(machine: &mut Machine, args: Args) -> Outcome {
    let mode = machine.mode();
    let name = args[1].clone();
    let Some(variable) = machine.existing_variable(&name) else {
        return Err(missing(&name));
    };
    let path = args.split_off(2);
    if !matches!(machine.look(&variable), Look::Value(_)) || !machine.has_value(&variable) {
        return machine.read_named_then(&name.clone(), move |machine, mut value| {
            let popped = pop_in(&mut value, &path, mode)?;
            machine.write_then(&name, value, move |_, _| Ok(Step::Done(popped)))
        });
    }
    Ok(Step::Done(machine.change(&variable, |slot| pop_in(slot, &path, mode))?))
}

fn out_of_range(index: &Value) -> Exception {
    error!("index \"", index, "\" out of range"; "TCL", "VALUE", "INDEX", "OUTOFRANGE")
}

/// Takes the element at the end of a path of indexes out of the list in `slot`; no path is the last element.
/// On an error the value is as it was.
fn pop_in(slot: &mut Value, path: &[Value], mode: Mode) -> Result<Value, Exception> {
    let end = [Value::from("end")];
    let path = if path.is_empty() { &end } else { path };
    // First look without changing, so that an error leaves everything as it was.
    let mut positions = Vec::with_capacity(path.len());
    let mut current = slot.clone();
    for (depth, index) in path.iter().enumerate() {
        let list = list_of(&current)?;
        let at = resolve_index(index, list.items().len(), mode)?;
        let Some(element) = usize::try_from(at).ok().and_then(|at| list.items().get(at)) else {
            // What is no index at all is said first.
            path[depth + 1..].iter().try_for_each(|index| resolve_index(index, 0, mode).map(drop))?;
            return Err(out_of_range(index));
        };
        positions.push(at as usize);
        current = element.clone();
    }
    let popped = current;
    if let ([at], Some(list)) = (positions.as_slice(), slot.list_mut()) {
        list.splice(*at..*at + 1, Vec::new());
        return Ok(popped);
    }
    // Then take the lists apart on the way down and put them together on the way up.
    let (last, way) = positions.split_last().expect("the path has an index");
    let mut opened = Vec::with_capacity(way.len());
    let mut inner = slot.take();
    for at in way {
        let mut items = into_items(inner)?;
        inner = items[*at].take();
        opened.push((items, *at));
    }
    let mut items = into_items(inner)?;
    items.remove(*last);
    let mut built = list_value(items);
    while let Some((mut items, at)) = opened.pop() {
        items[at] = built;
        built = Value::list(items);
    }
    *slot = built;
    Ok(popped)
}

/// Bytes that `concat` takes off both ends of its arguments.
const CONCAT_BLANKS: &[u8] = b" \x0C\x0B\r\t\n";

/// `text` without the blanks around it; a backslash at the end keeps the blank behind it.
fn concat_trimmed(text: &[u8]) -> &[u8] {
    let is_blank = |b: &u8| CONCAT_BLANKS.contains(b);
    let Some(start) = text.iter().position(|b| !is_blank(b)) else {
        return &[];
    };
    let end = text.iter().rposition(|b| !is_blank(b)).map_or(text.len(), |at| at + 1);
    let end = if end < text.len() && text[end - 1] == b'\\' { end + 1 } else { end };
    &text[start..end]
}

/// Whether a value stands in a canonical list as it is in any place.
fn is_bare_word(value: &Value) -> bool {
    match value.view() {
        View::Int(_) | View::Double(_) => true,
        View::Text(text) => {
            !text.is_empty()
                && text.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b':'))
        }
        _ => false,
    }
}

/// The concatenation of `values`: a list if all are canonical lists, else their trimmed texts.
pub(crate) fn concatenated(values: Vec<Value>) -> Value {
    let is_list = |value: &Value| matches!(value.view(), View::List(_) | View::Dict(_) | View::Series(_));
    if let [only] = values.as_slice()
        && matches!(only.view(), View::Series(_))
    {
        return only.clone();
    }
    let all_lists = values.iter().all(|value| is_list(value) || is_bare_word(value) || value.is_empty());
    if all_lists && values.iter().any(is_list) {
        let mut items: Option<Vec<Value>> = None;
        for value in values.into_iter().filter(|value| !value.is_empty()) {
            // What holds a list may still be too long to be made.
            let more = into_items(value).unwrap_or_else(|_| {
                refusal::note();
                Vec::new()
            });
            match &mut items {
                None => items = Some(more),
                Some(items) => items.extend(more),
            }
        }
        return list_value(items.unwrap_or_default());
    }
    let mut out = Vec::new();
    for value in &values {
        let text = value.text();
        let text = concat_trimmed(&text);
        if text.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(b' ');
        }
        refusal::extend(&mut out, text);
    }
    Value::text_value(out)
}

fn concat(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(concatenated(args.split_off(1))))
}

/// The most bytes that `join` sets aside before it knows how many it needs.
const JOIN_GUESS_MAX: usize = 1 << 20;

fn join(_machine: &mut Machine, args: Args) -> Outcome {
    let list = list_of(&args[1])?;
    let separator = args.get(2).map(Value::text);
    let separator: &[u8] = separator.as_deref().unwrap_or(b" ");
    let [first, rest @ ..] = list.items() else {
        return Ok(Step::EMPTY);
    };
    if rest.is_empty() {
        return Ok(Step::Done(first.clone()));
    }
    // A guess that the first element is like the others.
    let guess = list.items().len().saturating_mul(first.text().len() + separator.len());
    let mut out = Vec::with_capacity(guess.min(JOIN_GUESS_MAX));
    out.extend_from_slice(&first.text());
    for element in rest {
        refusal::extend(&mut out, separator);
        refusal::extend(&mut out, &element.text());
    }
    Ok(Step::Done(Value::text_value(out)))
}

fn split(_machine: &mut Machine, args: Args) -> Outcome {
    let separators = args.get(2).map(Value::text);
    let separators = separators.as_deref().unwrap_or(search::SPLIT_SEPARATORS);
    let text = args[1].text();
    let items: Vec<Value> = search::split(&text, separators).into_iter().map(Value::text_of).collect();
    Ok(Step::Done(list_value(items)))
}

/// Whether a command of this file that is given `words`, a list first, cannot fail: it may have the only count of the
/// list then, which it changes in place.
pub(crate) fn cannot_fail(row: &CommandRow, mut words: impl Iterator<Item = Value>, mode: Mode) -> bool {
    let indexes = match row.name {
        "linsert" => 1,
        "lreplace" | "lrange" => 2,
        "lreverse" => 0,
        "lremove" => usize::MAX,
        _ => return false,
    };
    let _list = words.next();
    words.take(indexes).all(|index| resolve_index(&index, 0, mode).is_ok())
}
