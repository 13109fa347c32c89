//! The `array` ensemble. Its searches and loop are in [`super::array_search`].
//!
//! Every subcommand fires the variable's `array` traces before it looks.

use std::rc::Rc;

use super::choice::choose;
use super::list::list_value;
use super::options::wrong_usage;
use super::{array_search, pattern, statistics};
use crate::error;
use crate::exec::listops::list_of;
use crate::interp::command::Outcome;
use crate::interp::command::row;
use crate::interp::exception::Exception;
use crate::interp::var::{ArrayObj, has_value};
use crate::interp::vars::{Look, NOT_ARRAY, Variable, variable_error};
use crate::interp::{Args, CommandRow, EnsembleRow, Machine, Step};
use crate::regex::Flags;
use crate::text::glob::{Glob, has_magic};
use crate::value::{Tag, Value};

/// The ensemble.
pub const ARRAY: EnsembleRow = EnsembleRow { name: "array", rows: ROWS, safe: true };

const DEFAULT_USAGE: &str = "option arrayName ?value?";

const ROWS: &[CommandRow] = &[
    row(
        "array anymore",
        "arrayName searchId",
        (2, 2),
        "Answers whether a search goes on.",
        array_search::anymore,
    ),
    row("array default", DEFAULT_USAGE, (2, 3), "Looks at or changes the default of elements.", default),
    row("array donesearch", "arrayName searchId", (2, 2), "Ends a search.", array_search::done),
    row("array exists", "arrayName", (1, 1), "Answers whether there is such an array.", exists),
    row(
        "array for",
        "{key value} arrayName script",
        (3, 3),
        "Runs a script for every element.",
        array_search::for_each,
    ),
    row("array get", "arrayName ?pattern?", (1, 2), "Answers names and values of elements.", get),
    row("array names", "arrayName ?mode? ?pattern?", (1, 3), "Answers the names of elements.", names),
    row(
        "array nextelement",
        "arrayName searchId",
        (2, 2),
        "Answers the next name of a search.",
        array_search::next,
    ),
    row("array set", "arrayName list", (2, 2), "Sets elements from a list of names and values.", set),
    row("array size", "arrayName", (1, 1), "Answers the number of elements.", size),
    row("array startsearch", "arrayName", (1, 1), "Begins a search.", array_search::start),
    row("array statistics", "arrayName", (1, 1), "Describes how the array is stored.", report),
    row("array unset", "arrayName ?pattern?", (1, 2), "Removes elements or the array.", unset),
];

/// An array that was found: the variable that holds it, and itself.
pub(super) type Found = (Variable, Rc<ArrayObj>);

/// The error about a name that means no array.
pub(super) fn not_array(name: &Value) -> Exception {
    error!("\"", name, "\" isn't an array"; "TCL", "LOOKUP", "ARRAY", name.text())
}

/// Looks for the array called `name`, its `array` traces first, then goes on with it.
pub(super) fn with_array(
    machine: &mut Machine,
    name: &Value,
    then: impl FnOnce(&mut Machine, Option<Found>) -> Outcome + 'static,
) -> Outcome {
    let Some(variable) = machine.existing_variable(name).filter(|variable| variable.key.is_none()) else {
        return then(machine, None);
    };
    if !matches!(machine.peek(&variable.place).tag(), Tag::Array | Tag::Unset) {
        return then(machine, None);
    }
    machine.array_traces_then(&variable.clone(), move |machine| {
        let array = machine.array_at(&variable.place, false).ok().flatten();
        then(machine, array.map(|array| (variable, array)))
    })
}

/// Like [`with_array`]; no array is an error.
pub(super) fn with_existing(
    machine: &mut Machine,
    name: &Value,
    then: impl FnOnce(&mut Machine, Variable, Rc<ArrayObj>) -> Outcome + 'static,
) -> Outcome {
    let shown = name.clone();
    with_array(machine, name, move |machine, found| match found {
        Some((variable, array)) => then(machine, variable, array),
        None => Err(not_array(&shown)),
    })
}

fn exists(machine: &mut Machine, args: Args) -> Outcome {
    with_array(machine, &args[1], |_, found| Ok(Step::Done(Value::bool(found.is_some()))))
}

fn size(machine: &mut Machine, args: Args) -> Outcome {
    with_array(machine, &args[1], |_, found| {
        Ok(Step::Done(Value::int(found.map_or(0, |(_, array)| array.size() as i64))))
    })
}

fn report(machine: &mut Machine, args: Args) -> Outcome {
    with_existing(machine, &args[1], |_, _, array| {
        let elements = array.elements().borrow();
        let keys = elements.iter().filter(|(_, element)| has_value(element)).map(|(key, _)| key);
        Ok(Step::Done(Value::text_value(statistics::report(keys))))
    })
}

/// Which names are wanted.
enum Filter {
    All,
    Exact(Value),
    Glob(Glob),
    Regex(pattern::Searcher),
}

impl Filter {
    fn glob(pattern: Option<&Value>) -> Filter {
        match pattern {
            None => Filter::All,
            Some(pattern) if !has_magic(&pattern.text()) => Filter::Exact(pattern.clone()),
            Some(pattern) => Filter::Glob(Glob::new(&pattern.text(), false)),
        }
    }

    /// The names of the array's elements that pass.
    fn names(&self, array: &ArrayObj) -> Vec<Value> {
        let elements = array.elements().borrow();
        if let Filter::Exact(name) = self {
            let entry = elements.position(name).and_then(|at| elements.at(at));
            return entry
                .filter(|(_, element)| has_value(element))
                .map(|(key, _)| key.clone())
                .into_iter()
                .collect();
        }
        let passes = |key: &Value| match self {
            Filter::All | Filter::Exact(_) => true,
            Filter::Glob(glob) => glob.matches(&key.text()),
            Filter::Regex(regex) => regex.matches(&key.text()),
        };
        let found = elements.table_order(|key, element| has_value(element) && passes(key));
        found.into_iter().map(|(key, _)| key.clone()).collect()
    }
}

fn names(machine: &mut Machine, args: Args) -> Outcome {
    let mode = match args.len() {
        4 => Some(choose(&args[2], &["-exact", "-glob", "-regexp"], "option")?),
        _ => None,
    };
    let wanted = args.last().filter(|_| args.len() > 2).cloned();
    with_array(machine, &args[1], move |machine, found| {
        let Some((_, array)) = found else {
            return Ok(Step::EMPTY);
        };
        let filter = match (mode, wanted) {
            (Some(0), Some(name)) => Filter::Exact(name),
            (Some(2), Some(_)) if array.size() == 0 => return Ok(Step::EMPTY),
            (Some(2), Some(expression)) => {
                Filter::Regex(pattern::Searcher::new(machine, &expression, Flags::default())?)
            }
            (_, wanted) => Filter::glob(wanted.as_ref()),
        };
        let names = filter.names(&array);
        machine.unless_out_of_time(Ok(Step::Done(list_value(names))))
    })
}

fn get(machine: &mut Machine, args: Args) -> Outcome {
    let filter = Filter::glob(args.get(2));
    with_array(machine, &args[1], move |machine, found| {
        let Some((variable, array)) = found else {
            return Ok(Step::EMPTY);
        };
        let names = filter.names(&array);
        let room = Vec::with_capacity(names.len() * 2);
        read_elements(machine, variable, names.into_iter(), room)
    })
}

/// Reads elements one by one with their traces; those that are gone by then are left out.
fn read_elements(
    machine: &mut Machine,
    variable: Variable,
    mut names: std::vec::IntoIter<Value>,
    mut out: Vec<Value>,
) -> Outcome {
    while let Some(name) = names.next() {
        let element = Variable { key: Some(name.clone()), ..variable.clone() };
        if machine.is_traced(&element) {
            return machine.read_then(&element, move |machine, value| {
                match value {
                    Ok(value) => out.extend([name, value]),
                    // The whole array went away under the traces.
                    Err(reason) if machine.array_at(&variable.place, false).ok().flatten().is_none() => {
                        return Err(variable_error("read", &variable.name, Some(&name), reason));
                    }
                    Err(_) => {}
                }
                read_elements(machine, variable, names, out)
            });
        }
        let array = machine.array_at(&variable.place, false).ok().flatten();
        if let Some(value) = array.and_then(|array| array.get(&name)) {
            out.push(name);
            out.push(value);
        }
    }
    Ok(Step::Done(list_value(out)))
}

fn set(machine: &mut Machine, mut args: Args) -> Outcome {
    let (name, pairs) = (args.take(1), args.take(2));
    // In procedures the reference links to variables that are not local, and has made the array before it sees the list.
    let is_compiled = machine.stands_in_line();
    let variable = machine.variable(&name, if is_compiled { "access" } else { "set" })?;
    machine.array_traces_then(&variable.clone(), move |machine| {
        if variable.key.is_some() {
            let is_scalar = matches!(machine.look_untraced(&variable), Look::Missing(NOT_ARRAY));
            // The reference looks for the element, and has made the array then.
            let _ = machine.array_at(&variable.place, true);
            let at_fault = if is_scalar { &variable.name } else { &name };
            return Err(variable_error("set", &variable.name, variable.key.as_ref(), NOT_ARRAY)
                .with_code(&[b"TCL".as_slice(), b"LOOKUP", b"VARNAME", &at_fault.text()]));
        }
        let not_array = |reason| error!("can't array set \"", name, "\": ", reason; "TCL", "WRITE", "ARRAY");
        if is_compiled {
            machine.array_at(&variable.place, true).map_err(not_array)?;
        }
        let list = list_of(&pairs)?;
        if !list.items().len().is_multiple_of(2) {
            return Err(error!("list must have an even number of elements"; "TCL", "ARGUMENT", "FORMAT"));
        }
        if list.items().is_empty() {
            machine.array_at(&variable.place, true).map_err(not_array)?;
            return Ok(Step::EMPTY);
        }
        let changes: Vec<(Value, Value)> =
            list.items().chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        drop(list);
        let mut changes = changes.into_iter();
        write_plain_elements(machine, &variable, &mut changes);
        write_elements(machine, variable, changes)
    })
}

/// Writes all elements at once if nothing watches the array and none of its elements is a variable of its own.
fn write_plain_elements(
    machine: &mut Machine,
    variable: &Variable,
    changes: &mut std::vec::IntoIter<(Value, Value)>,
) {
    if machine.is_traced(variable) {
        return;
    }
    let Ok(Some(array)) = machine.array_at(&variable.place, true) else {
        return;
    };
    if array.has_cells() {
        return;
    }
    let mut elements = array.elements().borrow_mut();
    let before = elements.len();
    for (key, value) in changes {
        elements.insert(&key, value);
    }
    if elements.len() != before {
        array.searches().borrow_mut().clear();
    }
}

/// Writes elements one by one with their traces.
fn write_elements(
    machine: &mut Machine,
    variable: Variable,
    mut changes: std::vec::IntoIter<(Value, Value)>,
) -> Outcome {
    while let Some((key, value)) = changes.next() {
        let element = Variable { key: Some(key), ..variable.clone() };
        let outcome = machine.write_variable(&element, value)?;
        if !matches!(outcome, Step::Done(_)) {
            return machine.after(Ok(outcome), move |machine, outcome| {
                outcome?;
                write_elements(machine, variable, changes)
            });
        }
    }
    Ok(Step::EMPTY)
}

fn unset(machine: &mut Machine, args: Args) -> Outcome {
    let filter = args.get(2).map(|pattern| Filter::glob(Some(pattern)));
    with_array(machine, &args[1], move |machine, found| {
        let Some((variable, array)) = found else {
            return Ok(Step::EMPTY);
        };
        let Some(filter) = filter else {
            drop(array);
            return machine.unset_variable(&variable, false);
        };
        let names = filter.names(&array);
        drop(array);
        unset_elements(machine, variable, names.into_iter())
    })
}

/// Unsets elements one by one with their traces.
fn unset_elements(
    machine: &mut Machine,
    variable: Variable,
    mut names: std::vec::IntoIter<Value>,
) -> Outcome {
    while let Some(name) = names.next() {
        let element = Variable { key: Some(name), ..variable.clone() };
        let outcome = machine.unset_variable(&element, false)?;
        if !matches!(outcome, Step::Done(_)) {
            return machine.after(Ok(outcome), move |machine, outcome| {
                outcome?;
                unset_elements(machine, variable, names)
            });
        }
    }
    Ok(Step::EMPTY)
}

fn default(machine: &mut Machine, mut args: Args) -> Outcome {
    const OPTIONS: &[&str] = &["get", "set", "exists", "unset"];
    let option = choose(&args[1], OPTIONS, "option")?;
    let value = args.get(3).map(|_| ());
    if (option == 1) != value.is_some() {
        let more = if option == 1 { " value" } else { "" };
        let name = if machine.is_compiled_call() { "::tcl::array::default" } else { "array default" };
        return Err(wrong_usage(&format!("{name} {} arrayName{more}", OPTIONS[option])));
    }
    let name = args.take(2);
    if option == 1 {
        let value = args.take(3);
        return set_default(machine, &name, value);
    }
    if option != 0 && machine.existing_variable(&name).is_none_or(|variable| !machine.has_value(&variable)) {
        return Ok(if option == 2 { Step::Done(Value::int(0)) } else { Step::EMPTY });
    }
    with_existing(machine, &name, move |_, _, array| {
        let mut default = array.default_value().borrow_mut();
        match option {
            0 => match &*default {
                Some(value) => Ok(Step::Done(value.clone())),
                None => Err(error!("array has no default value"; "TCL", "READ", "ARRAY", "DEFAULT")),
            },
            2 => Ok(Step::Done(Value::bool(default.is_some()))),
            _ => {
                *default = None;
                Ok(Step::EMPTY)
            }
        }
    })
}

fn set_default(machine: &mut Machine, name: &Value, value: Value) -> Outcome {
    let variable = machine.variable(name, "array default set")?;
    if variable.key.is_some() {
        // The reference looks for the element, and has made the array then.
        let _ = machine.array_at(&variable.place, true);
        return Err(error!("can't array default set \"", name, "\": ", NOT_ARRAY;
            "TCL", "LOOKUP", "VARNAME", name.text()));
    }
    let name = name.clone();
    machine.array_traces_then(&variable.clone(), move |machine| {
        let array = machine.array_at(&variable.place, true).map_err(
            |reason| error!("can't array default set \"", name, "\": ", reason; "TCL", "WRITE", "ARRAY"),
        )?;
        let array = array.expect("asked to be made");
        *array.default_value().borrow_mut() = Some(value);
        Ok(Step::EMPTY)
    })
}
