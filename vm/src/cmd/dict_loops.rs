//! `dict for`, `dict map` and `dict filter`.

use std::rc::Rc;

use super::choice::choose;
use super::dict::dict_value;
use super::loops::body_line;
use super::options::wrong_usage;
use crate::arith;
use crate::error;
use crate::exec::listops::{dict_of, list_of};
use crate::exec::outermost::end_return;
use crate::interp::command::Outcome;
use crate::interp::exception::{BREAK, CONTINUE, ERROR, Exception};
use crate::interp::frame::Continuation;
use crate::interp::{Args, At, Machine, Step, What};
use crate::text;
use crate::text::glob::{Glob, has_magic};
use crate::value::{Dict, DictObj, Value, View};

/// What a loop makes of its rounds.
enum Kind {
    /// Nothing.
    For,
    /// A dictionary of the results under what the key's variable holds.
    Map(Dict),
    /// A dictionary of the entries for which the script was true.
    Filter(Dict),
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Kind::For => "for",
            Kind::Map(_) => "map",
            Kind::Filter(_) => "filter",
        }
    }
}

/// A loop over a dictionary under way.
struct DictLoop {
    kind: Kind,
    dict: Rc<DictObj>,
    /// The position of the entry at hand, and behind which the next one is.
    at: usize,
    key_name: Value,
    value_name: Value,
    body: Value,
}

pub(super) fn for_each(machine: &mut Machine, args: Args) -> Outcome {
    begin(machine, Kind::For, &args[1], &args[2], &args[3])
}

pub(super) fn map(machine: &mut Machine, args: Args) -> Outcome {
    begin(machine, Kind::Map(Dict::default()), &args[1], &args[2], &args[3])
}

fn begin(machine: &mut Machine, kind: Kind, names: &Value, dict: &Value, body: &Value) -> Outcome {
    let names = list_of(names)?;
    let [key_name, value_name] = names.items() else {
        return Err(error!("must have exactly two variable names"; "TCL", "SYNTAX", "dict", kind.name()));
    };
    let state = DictLoop {
        kind,
        dict: dict_of(dict)?,
        at: 0,
        key_name: key_name.clone(),
        value_name: value_name.clone(),
        body: body.clone(),
    };
    Box::new(state).round(machine, 0)
}

impl DictLoop {
    /// Runs the round of the first entry at or behind `from`.
    fn round(mut self: Box<Self>, machine: &mut Machine, from: usize) -> Outcome {
        let Some((at, key, value)) = self.dict.map().next_from(from) else {
            return Ok(Step::Done(self.result()));
        };
        let (key, value) = (key.clone(), value.clone());
        self.at = at;
        let set = machine.write_named(&self.key_name, key);
        machine.after(set, move |machine, outcome| {
            outcome.map_err(|e| self.setting_line(e, "key"))?;
            let set = machine.write_named(&self.value_name, value);
            machine.after(set, move |_, outcome| {
                outcome.map_err(|e| self.setting_line(e, "value"))?;
                Ok(Step::run_with(What::Body(self.body.clone()), At::Here, self))
            })
        })
    }

    fn setting_line(&self, mut e: Exception, which: &str) -> Exception {
        if e.code == ERROR && matches!(self.kind, Kind::Filter(_)) {
            let line = text!["\n    (\"dict filter\" filter script ", which, " variable)"];
            e.add_info(&line);
        }
        e
    }

    fn result(self) -> Value {
        match self.kind {
            Kind::For => Value::EMPTY,
            Kind::Map(map) | Kind::Filter(map) => dict_value(map),
        }
    }

    /// Takes in what the body came to.
    fn take_in(mut self: Box<Self>, machine: &mut Machine, value: Value) -> Outcome {
        let next = self.at + 1;
        match &mut self.kind {
            Kind::For => {}
            Kind::Map(_) => {
                let name = self.key_name.clone();
                return machine.read_named_then(&name, move |machine, key| {
                    if let Kind::Map(map) = &mut self.kind {
                        map.insert(&key, value);
                    }
                    self.round(machine, next)
                });
            }
            Kind::Filter(kept) => {
                if truth(&value, machine)?
                    && let Some((key, value)) = self.dict.map().at(self.at)
                {
                    kept.insert(key, value.clone());
                }
            }
        }
        self.round(machine, next)
    }
}

/// The truth value of a filter script's result.
fn truth(value: &Value, machine: &Machine) -> Result<bool, Exception> {
    value.to_bool(machine.mode()).ok_or_else(|| match value.to_f64(machine.mode()) {
        Some(_) => error!("floating point value is Not a Number"; "TCL", "VALUE", "DOUBLE", "NAN"),
        None => arith::error::expected("boolean value", value),
    })
}

impl Continuation for DictLoop {
    fn resume(self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        let next = self.at + 1;
        match outcome {
            Ok(value) => self.take_in(machine, value),
            Err(e) if e.code == CONTINUE => self.round(machine, next),
            Err(e) if e.code == BREAK => Ok(Step::Done(match self.kind {
                // In line, what has been mapped is kept.
                Kind::Map(_) if !machine.stands_in_line() => Value::EMPTY,
                _ => self.result(),
            })),
            Err(mut e) if matches!(self.kind, Kind::Filter(_)) => {
                if e.code == ERROR {
                    let line = text!["\n    (\"dict filter\" script line ", e.error_line, ")"];
                    e.add_info(&line);
                }
                Err(e)
            }
            Err(e) => Err(body_line(e, format!("dict {}", self.kind.name()).as_bytes())),
        }
    }
}

pub(super) fn filter(machine: &mut Machine, args: Args) -> Outcome {
    const SCRIPT_USAGE: &str = "dict filter dictionary script {keyVarName valueVarName} filterScript";
    let kind = choose(&args[2], &["key", "script", "value"], "filterType")?;
    if kind == 1 {
        let [_, dict, _, names, script] = &*args else {
            return Err(wrong_usage(SCRIPT_USAGE));
        };
        let outermost = machine.outermost_calls("dict");
        let outcome = begin(machine, Kind::Filter(Dict::default()), names, dict, script);
        let Some(outermost) = outermost else { return outcome };
        return machine.after(outcome, move |_, outcome| {
            outcome.or_else(|exception| end_return(exception, outermost)).map(Step::Done)
        });
    }
    let dict = dict_of(&args[1])?;
    let patterns = &args[3..];
    let mut kept = Dict::default();
    match patterns {
        [] => {}
        [pattern] if kind == 0 && !has_magic(&pattern.text()) => {
            if let Some(value) = dict.map().get(pattern) {
                kept.insert(pattern, value.clone());
            }
        }
        [pattern] if *pattern.text() == *b"*" => return Ok(Step::Done(all_of(&args[1], &dict))),
        _ => {
            let globs: Vec<Glob> = patterns.iter().map(|pattern| Glob::new(&pattern.text(), false)).collect();
            for (key, value) in dict.map().iter() {
                let text = if kind == 0 { key.text() } else { value.text() };
                if globs.iter().any(|glob| glob.matches(&text)) {
                    kept.insert(key, value.clone());
                }
            }
        }
    }
    Ok(Step::Done(dict_value(kept)))
}

/// The whole dictionary as a value in canonical form.
fn all_of(value: &Value, dict: &Rc<DictObj>) -> Value {
    match value.view() {
        View::Dict(_) => value.clone(),
        _ if dict.map().is_empty() => Value::EMPTY,
        _ => Value::from_dict_obj(Rc::clone(dict)),
    }
}
