//! `dict update` and `dict with`: entries in variables while a script runs. Their operations have their long ways here, too.

use super::dict_path;
use super::options::wrong_usage;
use crate::exec::dict_in;
use crate::exec::listops::{dict_of, no_such_key};
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Exception};
use crate::interp::vars::Look;
use crate::interp::{Args, Machine, Step};
use crate::value::{Dict, Value};

pub(super) const UPDATE_USAGE: &str = "dictVarName key varName ?key varName ...? script";

pub(super) fn update(machine: &mut Machine, mut args: Args) -> Outcome {
    if args.len().is_multiple_of(2) {
        return Err(wrong_usage(&format!("dict update {UPDATE_USAGE}")));
    }
    let in_line = machine.stands_in_line();
    let last = args.len() - 1;
    let script = args.take(last);
    let name = args.take(1);
    let entries: Vec<(Value, Value)> =
        args[2..last].chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
    machine.read_named_then(&name.clone(), move |machine, value| {
        let dict = dict_of(&value)?;
        let stores: Vec<_> =
            entries.iter().map(|(key, name)| (name.clone(), dict.map().get(key).cloned())).collect();
        let filled = assign(machine, stores.into_iter());
        let scope = Scope { command: "dict update", in_line, name, path: Vec::new(), entries };
        scope.run(machine, filled, script)
    })
}

pub(super) fn with(machine: &mut Machine, mut args: Args) -> Outcome {
    let in_line = machine.stands_in_line();
    let last = args.len() - 1;
    let script = args.take(last);
    let name = args.take(1);
    let mut path = args.split_off(2);
    path.pop();
    machine.read_named_then(&name.clone(), move |machine, value| {
        let inner = inner_dict(value, &path)?;
        let dict = dict_of(&inner)?;
        let entries = dict.map().keys().map(|key| (key.clone(), key.clone())).collect();
        let filled = fill(machine, inner);
        Scope { command: "dict with", in_line, name, path, entries }.run(machine, filled, script)
    })
}

/// The dictionary at the end of a path of keys.
fn inner_dict(dict: Value, path: &[Value]) -> Result<Value, Exception> {
    path.iter()
        .try_fold(dict, |dict, key| dict_of(&dict)?.map().get(key).cloned().ok_or_else(|| no_such_key(key)))
}

/// Sets the variables that the keys of a dictionary name; the outcome is the dictionary.
fn fill(machine: &mut Machine, dict: Value) -> Outcome {
    let object = dict_of(&dict)?;
    let stores: Vec<_> = object.map().iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    let filled = assign(machine, stores.into_iter());
    machine.after(filled, move |_, outcome| outcome.map(|_| Step::Done(Value::from_dict_obj(object))))
}

/// Sets the variables that the keys of the dictionary at the end of a path name; the outcome is that dictionary.
pub(crate) fn expand(machine: &mut Machine, dict: Value, path: &[Value]) -> Outcome {
    let inner = inner_dict(dict, path)?;
    fill(machine, inner)
}

/// Where entries go: the dictionary, keys on the way to the inner one, and the key and variable of each entry.
struct Scope {
    command: &'static str,
    /// Whether the reference compiles it here.
    in_line: bool,
    name: Value,
    path: Vec<Value>,
    entries: Vec<(Value, Value)>,
}

impl Scope {
    /// Runs the script once the variables are filled.
    fn run(self, machine: &mut Machine, filled: Outcome, script: Value) -> Outcome {
        machine.after(filled, move |_, outcome| {
            outcome?;
            Ok(Step::body_then(script, move |machine, outcome| self.finish(machine, outcome)))
        })
    }

    /// Puts the variables back into the dictionary; the outcome is the script's unless that fails.
    fn finish(self, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        let outcome = outcome.map_err(|mut e| {
            if e.code == ERROR {
                e.add_info(format!("\n    (body of \"{}\")", self.command).as_bytes());
            }
            e
        });
        let trace = outcome.as_ref().err().filter(|_| !self.in_line).and_then(|e| e.error_info.clone());
        let is_held = held(machine, &self.name, trace);
        let put = machine.after(is_held, move |machine, is_held| match is_held?.as_int() {
            Some(0) => Ok(Step::EMPTY),
            _ => collect(machine, self.name, self.path, self.entries, !self.in_line),
        });
        machine.after(put, move |_, put| {
            put?;
            outcome.map(Step::Done)
        })
    }
}

/// Whether the variable `name` has a value, which then is a dictionary. `trace`: the trace of the script's error, with
/// which the reference goes on if it is none.
pub(crate) fn held(machine: &mut Machine, name: &Value, trace: Option<Vec<u8>>) -> Outcome {
    let Some(variable) = machine.existing_variable(name) else {
        return Ok(Step::Done(Value::bool(false)));
    };
    machine.read_then(&variable, move |_, found| {
        let Ok(value) = found else {
            return Ok(Step::Done(Value::bool(false)));
        };
        if let Err(mut refusal) = dict_of(&value) {
            refusal.error_info = trace;
            return Err(refusal);
        }
        Ok(Step::Done(Value::bool(true)))
    })
}

/// Puts what variables hold into the dictionary at the end of a path in the variable `name`: the entries are keys and
/// names of variables. `as_written`: a dictionary that does not change keeps its text.
pub(crate) fn collect(
    machine: &mut Machine,
    name: Value,
    path: Vec<Value>,
    entries: Vec<(Value, Value)>,
    as_written: bool,
) -> Outcome {
    if entries.is_empty() {
        return Ok(Step::EMPTY);
    }
    let (keys, names): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
    let room = Vec::with_capacity(names.len());
    read_all(
        machine,
        names.into_iter(),
        room,
        Box::new(move |machine, values| {
            put_back(machine, name, path, keys.into_iter().zip(values).collect(), as_written)
        }),
    )
}

/// Sets the entries of the dictionary at the end of a path of keys in the variable `name`, which has been read before,
/// and removes those that have no value. Nothing happens if the variable is gone. For `as_written` see [`collect`].
pub(crate) fn put_back(
    machine: &mut Machine,
    name: Value,
    path: Vec<Value>,
    entries: Vec<(Value, Option<Value>)>,
    as_written: bool,
) -> Outcome {
    let Some(variable) = machine.existing_variable(&name) else {
        return Ok(Step::EMPTY);
    };
    if !machine.is_traced(&variable) && machine.has_value(&variable) {
        machine.change(&variable, |slot| merge_into(slot, &path, entries, as_written))?;
        return Ok(Step::EMPTY);
    }
    let Look::Value(mut value) = machine.look_untraced(&variable) else {
        return Ok(Step::EMPTY);
    };
    merge_into(&mut value, &path, entries, as_written)?;
    machine.write_then(&name, value, move |_, _| Ok(Step::EMPTY))
}

/// Puts values into the dictionary in `slot`, and removes the keys that have none.
fn merge_into(
    slot: &mut Value,
    path: &[Value],
    entries: Vec<(Value, Option<Value>)>,
    as_written: bool,
) -> Result<(), Exception> {
    if path.is_empty() {
        let dict = dict_of(slot)?;
        if as_written && entries.iter().all(|(key, value)| value.is_none() && dict.map().get(key).is_none()) {
            return Ok(());
        }
        drop(dict);
        merge_changes(dict_in(slot)?, entries);
        return Ok(());
    }
    let mut inner = slot.clone();
    for key in path {
        let dict = dict_of(&inner)?;
        let Some(next) = dict.map().get(key).cloned() else {
            // The script removed what the entries came from.
            return Ok(());
        };
        inner = next;
    }
    merge_changes(dict_in(&mut inner)?, entries);
    dict_path::set_in(slot, path, inner)
}

fn merge_changes(map: &mut Dict, changes: Vec<(Value, Option<Value>)>) {
    for (key, value) in changes {
        match value {
            Some(value) => drop(map.insert(&key, value)),
            None => drop(map.remove(&key)),
        }
    }
}

/// The value of the variable `name`, with its traces; unset if it has none.
pub(crate) fn read_if_set(machine: &mut Machine, name: Value) -> Outcome {
    read_all(
        machine,
        vec![name].into_iter(),
        Vec::with_capacity(1),
        Box::new(|_, values| Ok(Step::Done(values.into_iter().next().flatten().unwrap_or(Value::UNSET)))),
    )
}

/// Sets variables to values, or unsets those that get none, one by one with their traces.
pub(crate) fn assign(
    machine: &mut Machine,
    mut changes: std::vec::IntoIter<(Value, Option<Value>)>,
) -> Outcome {
    while let Some((name, value)) = changes.next() {
        let outcome = match value {
            Some(value) => machine.write_named(&name, value)?,
            None => match machine.existing_variable(&name) {
                Some(variable) => machine.unset_variable(&variable, false)?,
                None => Step::EMPTY,
            },
        };
        if !matches!(outcome, Step::Done(_)) {
            return machine.after(Ok(outcome), move |machine, outcome| {
                outcome?;
                assign(machine, changes)
            });
        }
    }
    Ok(Step::EMPTY)
}

/// What goes on with the values of several variables.
type WithValues = Box<dyn FnOnce(&mut Machine, Vec<Option<Value>>) -> Outcome>;

/// Reads variables one by one with their traces; those without a value give none.
fn read_all(
    machine: &mut Machine,
    mut names: std::vec::IntoIter<Value>,
    mut values: Vec<Option<Value>>,
    then: WithValues,
) -> Outcome {
    while let Some(name) = names.next() {
        let Some(variable) = machine.existing_variable(&name) else {
            values.push(None);
            continue;
        };
        if !machine.is_traced(&variable) {
            values.push(match machine.look(&variable) {
                Look::Value(value) => Some(value),
                _ => None,
            });
            continue;
        }
        return machine.read_then(&variable, move |machine, found| {
            values.push(found.ok());
            read_all(machine, names, values, then)
        });
    }
    then(machine, values)
}
