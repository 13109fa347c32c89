//! The `dict` ensemble. Its loops are in [`super::dict_loops`], what puts
//! entries into variables in [`super::dict_scopes`].

use super::list::list_value;
use super::options::wrong_usage;
use super::statistics;
use crate::exec::listops::{dict_of, into_map, no_such_key};
use crate::exec::var_op::VarOp;
use crate::interp::command::{Outcome, row};
use crate::interp::exception::Exception;
use crate::interp::{Args, CommandRow, EnsembleRow, MANY, Machine, Step};
use crate::text::glob::{Glob, has_magic};
use crate::value::{Dict, Value, View};

/// The ensemble.
pub const DICT: EnsembleRow = EnsembleRow { name: "dict", rows: ROWS, safe: true };

const FOR_USAGE: &str = "{keyVarName valueVarName} dictionary script";
const DEFAULT_USAGE: &str = "dictionary ?key ...? key default";

const ROWS: &[CommandRow] = &[
    row("dict append", "dictVarName key ?value ...?", (2, MANY), "Appends to the value of a key.", append),
    row("dict create", CREATE_USAGE, (0, MANY), "Makes a dictionary of keys and values.", create),
    row("dict exists", "dictionary key ?key ...?", (2, MANY), "Answers whether there is such a key.", exists),
    row(
        "dict filter",
        "dictionary filterType ?arg ...?",
        (2, MANY),
        "Answers a dictionary of some of the entries.",
        super::dict_loops::filter,
    ),
    row("dict for", FOR_USAGE, (3, 3), "Runs a script for every entry.", super::dict_loops::for_each),
    row("dict get", "dictionary ?key ...?", (1, MANY), "Answers the value of a key.", get),
    row("dict getdef", DEFAULT_USAGE, (3, MANY), "Answers the value of a key, or a default.", get_default),
    row(
        "dict getwithdefault",
        DEFAULT_USAGE,
        (3, MANY),
        "Answers the value of a key, or a default.",
        get_default,
    ),
    row("dict incr", "dictVarName key ?increment?", (2, 3), "Adds to the value of a key.", incr),
    row("dict info", "dictionary", (1, 1), "Describes how the dictionary is stored.", info),
    row("dict keys", "dictionary ?pattern?", (1, 2), "Answers the keys.", keys),
    row(
        "dict lappend",
        "dictVarName key ?value ...?",
        (2, MANY),
        "Appends elements to the list that a key has.",
        lappend,
    ),
    row("dict map", FOR_USAGE, (3, 3), "Replaces every value by a script's result.", super::dict_loops::map),
    row(
        "dict merge",
        "?dictionary ...?",
        (0, MANY),
        "Merges dictionaries, later ones over earlier ones.",
        merge,
    ),
    row("dict remove", "dictionary ?key ...?", (1, MANY), "Answers a dictionary without some keys.", remove),
    row("dict replace", REPLACE_USAGE, (1, MANY), "Answers a dictionary with some values replaced.", replace),
    row("dict set", "dictVarName key ?key ...? value", (3, MANY), "Sets the value of a key.", set),
    row("dict size", "dictionary", (1, 1), "Answers the number of entries.", size),
    row("dict unset", "dictVarName key ?key ...?", (2, MANY), "Removes a key.", unset),
    row(
        "dict update",
        super::dict_scopes::UPDATE_USAGE,
        (4, MANY),
        "Runs a script with values in variables and puts them back.",
        super::dict_scopes::update,
    ),
    row("dict values", "dictionary ?pattern?", (1, 2), "Answers the values.", values),
    row(
        "dict with",
        "dictVarName ?key ...? script",
        (2, MANY),
        "Runs a script with all entries in variables and puts them back.",
        super::dict_scopes::with,
    ),
];

const CREATE_USAGE: &str = "?key value ...?";
const REPLACE_USAGE: &str = "dictionary ?key value ...?";

/// A dictionary value; the empty one is the empty string.
pub(super) fn dict_value(map: Dict) -> Value {
    if map.is_empty() { Value::EMPTY } else { Value::dict(map) }
}

fn insert_pairs(map: &mut Dict, mut words: std::vec::IntoIter<Value>) {
    map.reserve(words.len() / 2);
    while let (Some(key), Some(value)) = (words.next(), words.next()) {
        map.insert(&key, value);
    }
}

fn create(_machine: &mut Machine, args: Args) -> Outcome {
    if args.len().is_multiple_of(2) {
        return Err(wrong_usage(&format!("dict create {CREATE_USAGE}")));
    }
    let mut map = Dict::default();
    insert_pairs(&mut map, args.split_off(1).into_iter());
    Ok(Step::Done(dict_value(map)))
}

/// The value at the end of a path of keys; `None` if a key on the way is missing.
fn look_up(dict: &Value, path: &[Value]) -> Result<Option<Value>, Exception> {
    let mut current: Option<Value> = None;
    for key in path {
        let here = current.as_ref().unwrap_or(dict);
        let found = match here.view() {
            View::Dict(object) => object.map().get(key).cloned(),
            _ => dict_of(here)?.map().get(key).cloned(),
        };
        match found {
            Some(value) => current = Some(value),
            None => return Ok(None),
        }
    }
    Ok(current)
}

fn get(_machine: &mut Machine, mut args: Args) -> Outcome {
    let Some((last, way)) = args[2..].split_last() else {
        let dict = args.take(1);
        return Ok(Step::Done(match dict.view() {
            View::Dict(_) => dict,
            _ => dict_value(into_map(dict)?),
        }));
    };
    let mut current = args[1].clone();
    for key in way {
        current = look_up(&current, std::slice::from_ref(key))?.ok_or_else(|| no_such_key(key))?;
    }
    let found = look_up(&current, std::slice::from_ref(last))?;
    Ok(Step::Done(found.ok_or_else(|| no_such_key(last))?))
}

fn get_default(_machine: &mut Machine, mut args: Args) -> Outcome {
    let last = args.len() - 1;
    let default = args.take(last);
    Ok(Step::Done(look_up(&args[1], &args[2..last])?.unwrap_or(default)))
}

fn exists(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::bool(matches!(look_up(&args[1], &args[2..]), Ok(Some(_))))))
}

fn size(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::int(dict_of(&args[1])?.map().len() as i64)))
}

fn info(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::text_value(statistics::report(dict_of(&args[1])?.map().keys()))))
}

fn keys(_machine: &mut Machine, args: Args) -> Outcome {
    let dict = dict_of(&args[1])?;
    let map = dict.map();
    let Some(pattern) = args.get(2) else {
        return Ok(Step::Done(list_value(map.keys().cloned().collect())));
    };
    let text = pattern.text();
    if !has_magic(&text) {
        let found = map.position(pattern).and_then(|at| map.at(at));
        return Ok(Step::Done(list_value(found.map(|(key, _)| key.clone()).into_iter().collect())));
    }
    let glob = Glob::new(&text, false);
    Ok(Step::Done(list_value(map.keys().filter(|key| glob.matches(&key.text())).cloned().collect())))
}

fn values(_machine: &mut Machine, args: Args) -> Outcome {
    let dict = dict_of(&args[1])?;
    let values = dict.map().values();
    let Some(pattern) = args.get(2) else {
        return Ok(Step::Done(list_value(values.cloned().collect())));
    };
    let glob = Glob::new(&pattern.text(), false);
    Ok(Step::Done(list_value(values.filter(|value| glob.matches(&value.text())).cloned().collect())))
}

fn merge(_machine: &mut Machine, args: Args) -> Outcome {
    for dict in &args[1..] {
        dict_of(dict)?;
    }
    let mut dicts = args.split_off(1).into_iter();
    let Some(first) = dicts.next() else {
        return Ok(Step::EMPTY);
    };
    if dicts.as_slice().iter().all(Value::is_empty) {
        return Ok(Step::Done(first));
    }
    let mut merged = into_map(first)?;
    for dict in dicts {
        let more = dict_of(&dict)?;
        merged.reserve(more.map().len());
        for (key, value) in more.map().iter() {
            merged.insert(key, value.clone());
        }
    }
    Ok(Step::Done(dict_value(merged)))
}

fn remove(_machine: &mut Machine, mut args: Args) -> Outcome {
    let mut map = into_map(args.take(1))?;
    for key in &args[2..] {
        map.remove(key);
    }
    Ok(Step::Done(dict_value(map)))
}

fn replace(_machine: &mut Machine, mut args: Args) -> Outcome {
    if !args.len().is_multiple_of(2) {
        return Err(wrong_usage(&format!("dict replace {REPLACE_USAGE}")));
    }
    let mut map = into_map(args.take(1))?;
    insert_pairs(&mut map, args.split_off(2).into_iter());
    Ok(Step::Done(dict_value(map)))
}

/// Changes the dictionary in the variable that word 1 names.
fn modify(machine: &mut Machine, name: &Value, op: VarOp) -> Outcome {
    match machine.variable(name, "set") {
        Ok(variable) => machine.modify_variable(&variable, op, true),
        Err(refusal) => {
            // What is wrong with the change comes first.
            op.apply(machine.mode(), &mut Value::UNSET.clone())?;
            Err(refusal)
        }
    }
}

fn set(machine: &mut Machine, mut args: Args) -> Outcome {
    let last = args.len() - 1;
    let (name, value) = (args.take(1), args.take(last));
    let mut path = args.split_off(2);
    path.pop();
    modify(machine, &name, VarOp::DictSet(path, value))
}

fn unset(machine: &mut Machine, mut args: Args) -> Outcome {
    let name = args.take(1);
    modify(machine, &name, VarOp::DictUnset(args.split_off(2)))
}

fn append(machine: &mut Machine, mut args: Args) -> Outcome {
    let (name, key) = (args.take(1), args.take(2));
    modify(machine, &name, VarOp::DictAppend(key, args.split_off(3)))
}

fn lappend(machine: &mut Machine, mut args: Args) -> Outcome {
    let (name, key) = (args.take(1), args.take(2));
    modify(machine, &name, VarOp::DictLappend(key, args.split_off(3)))
}

fn incr(machine: &mut Machine, mut args: Args) -> Outcome {
    let by = if args.len() == 4 { args.take(3) } else { Value::int(1) };
    let (name, key) = (args.take(1), args.take(2));
    modify(machine, &name, VarOp::DictIncr(key, by))
}
