//! `dict update` and `dict with`: entries in variables while a script runs.

use super::dict_path;
use super::options::wrong_usage;
use crate::exec::dict_in;
use crate::exec::listops::{dict_of, no_such_key};
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Exception};
use crate::interp::{Args, Machine, Step};
use crate::value::{Dict, Value};

pub(super) const UPDATE_USAGE: &str = "dictVarName key varName ?key varName ...? script";

/// Where entries go: the dictionary, keys on the way to the inner one, and the
/// key and variable of each entry.
struct Scope {
    command: &'static str,
    name: Value,
    path: Vec<Value>,
    entries: Vec<(Value, Value)>,
}

pub(super) fn update(machine: &mut Machine, mut args: Args) -> Outcome {
    if !args.len().is_multiple_of(2) {
        let last = args.len() - 1;
        let script = args.take(last);
        let name = args.take(1);
        let entries = args[2..last].chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        return machine.read_named_then(&name.clone(), move |machine, value| {
            let dict = dict_of(&value)?;
            let scope = Scope { command: "dict update", name, path: Vec::new(), entries };
            let values = scope.entries.iter().map(|(key, _)| dict.map().get(key).cloned()).collect();
            scope.fill(machine, values, script)
        });
    }
    Err(wrong_usage(&format!("dict update {UPDATE_USAGE}")))
}

pub(super) fn with(machine: &mut Machine, mut args: Args) -> Outcome {
    let last = args.len() - 1;
    let script = args.take(last);
    let name = args.take(1);
    let mut path = args.split_off(2);
    path.pop();
    machine.read_named_then(&name.clone(), move |machine, value| {
        let mut inner = value;
        for key in &path {
            let dict = dict_of(&inner)?;
            let next = dict.map().get(key).cloned().ok_or_else(|| no_such_key(key))?;
            inner = next;
        }
        let dict = dict_of(&inner)?;
        let entries = dict.map().keys().map(|key| (key.clone(), key.clone())).collect();
        let values = dict.map().values().map(|value| Some(value.clone())).collect();
        Scope { command: "dict with", name, path, entries }.fill(machine, values, script)
    })
}

impl Scope {
    /// Puts the values into the variables, then runs the script.
    fn fill(self, machine: &mut Machine, values: Vec<Option<Value>>, script: Value) -> Outcome {
        let names: Vec<Value> = self.entries.iter().map(|(_, name)| name.clone()).collect();
        let filled = assign(machine, names.into_iter().zip(values).collect::<Vec<_>>().into_iter());
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
        let Some(variable) = machine.existing_variable(&self.name) else {
            return outcome.map(Step::Done);
        };
        machine.read_then(&variable, move |machine, found| {
            let Ok(value) = found else {
                return outcome.map(Step::Done);
            };
            if let Err(mut refusal) = dict_of(&value) {
                // The reference goes on with the trace of the script's error.
                refusal.error_info = outcome.err().and_then(|e| e.error_info.clone());
                return Err(refusal);
            }
            if self.entries.is_empty() {
                return outcome.map(Step::Done);
            }
            drop(value);
            let names: Vec<Value> = self.entries.iter().map(|(_, name)| name.clone()).collect();
            let room = Vec::with_capacity(names.len());
            read_all(
                machine,
                names.into_iter(),
                room,
                Box::new(move |machine, values| self.put_back(machine, values, outcome)),
            )
        })
    }

    fn put_back(
        self,
        machine: &mut Machine,
        values: Vec<Option<Value>>,
        outcome: Result<Value, Exception>,
    ) -> Outcome {
        let Some(variable) = machine.existing_variable(&self.name) else {
            return outcome.map(Step::Done);
        };
        if !machine.is_traced(&variable) && machine.has_value(&variable) {
            machine.change(&variable, |slot| self.merge_into(slot, values))?;
            return outcome.map(Step::Done);
        }
        machine.read_then(&variable, move |machine, found| {
            let Ok(mut value) = found else {
                return outcome.map(Step::Done);
            };
            let name = self.name.clone();
            self.merge_into(&mut value, values)?;
            machine.write_then(&name, value, move |_, _| outcome.map(Step::Done))
        })
    }

    /// Puts values into the dictionary in `slot`, and removes the keys that have none.
    fn merge_into(self, slot: &mut Value, values: Vec<Option<Value>>) -> Result<(), Exception> {
        if self.path.is_empty() {
            let dict = dict_of(slot)?;
            let mut entries = self.entries.iter().zip(&values);
            if entries.all(|((key, _), value)| value.is_none() && dict.map().get(key).is_none()) {
                // It stays as it is written.
                return Ok(());
            }
            drop(dict);
            let changes = self.entries.into_iter().map(|(key, _)| key).zip(values);
            merge_changes(dict_in(slot)?, changes);
            return Ok(());
        }
        let changes = self.entries.into_iter().map(|(key, _)| key).zip(values);
        let mut inner = slot.clone();
        for key in &self.path {
            let dict = dict_of(&inner)?;
            let Some(next) = dict.map().get(key).cloned() else {
                // The script removed what the entries came from.
                return Ok(());
            };
            inner = next;
        }
        merge_changes(dict_in(&mut inner)?, changes);
        dict_path::set_in(slot, &self.path, inner)
    }
}

fn merge_changes(map: &mut Dict, changes: impl Iterator<Item = (Value, Option<Value>)>) {
    for (key, value) in changes {
        match value {
            Some(value) => drop(map.insert(&key, value)),
            None => drop(map.remove(&key)),
        }
    }
}

/// Sets variables to values, or unsets those that get none, one by one with their traces.
fn assign(machine: &mut Machine, mut changes: std::vec::IntoIter<(Value, Option<Value>)>) -> Outcome {
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
                crate::interp::vars::Look::Value(value) => Some(value),
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
