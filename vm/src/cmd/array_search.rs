//! Walks over arrays: `array startsearch`, `anymore`, `nextelement`, `donesearch` and `array for`.
//!
//! A new or removed element ends all walks over its array.

use std::rc::Rc;

use super::array::with_existing;
use super::loops::body_line;
use crate::error;
use crate::exec::listops::list_of;
use crate::interp::command::Outcome;
use crate::interp::exception::{BREAK, CONTINUE, Exception};
use crate::interp::frame::Continuation;
use crate::interp::var::{ArrayObj, Search, has_value};
use crate::interp::vars::Variable;
use crate::interp::{Args, At, Machine, Step, What};
use crate::value::Value;

/// Begins a search over all elements: its number.
fn begin(array: &ArrayObj) -> u32 {
    let number = array.next_search_number();
    let elements = array.elements().borrow();
    let alive = elements.table_order(|_, element| has_value(element));
    let names = alive.into_iter().rev().map(|(key, _)| key.clone()).collect();
    array.searches().borrow_mut().push(Search { number, names, abandoned: false });
    number
}

fn end(array: &ArrayObj, number: u32) {
    array.searches().borrow_mut().retain(|search| search.number != number);
}

/// Leaves a search behind: as in the reference, its number is taken until a new or removed element ends it. Those left
/// before it need no room of their own for that.
fn abandon(array: &ArrayObj, number: u32) {
    let mut searches = array.searches().borrow_mut();
    searches.retain(|search| !search.abandoned);
    if let Some(search) = searches.iter_mut().find(|search| search.number == number) {
        search.abandoned = true;
    }
}

/// The number of the search that `id` names, which must be one of the array called `name`.
fn search_number(array: &ArrayObj, name: &Value, id: &Value) -> Result<u32, Exception> {
    let text = id.text();
    let fail = |message: Vec<u8>| {
        crate::interp::exception::Raised::error(message).with_code(&[
            b"TCL".as_slice(),
            b"LOOKUP",
            b"ARRAYSEARCH",
            &id.text(),
        ])
    };
    let parsed = text.strip_prefix(b"s-").and_then(|rest| {
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let number = std::str::from_utf8(&rest[..digits]).ok()?.parse::<u32>().ok()?;
        Some((number, rest[digits..].strip_prefix(b"-")?))
    });
    let Some((number, owner)) = parsed else {
        return Err(fail(crate::text!["illegal search identifier \"", id, "\""]));
    };
    if *owner != *name.text() {
        return Err(fail(crate::text!["search identifier \"", id, "\" isn't for variable \"", name, "\""]));
    }
    if array.searches().borrow().iter().any(|search| search.number == number) {
        return Ok(number);
    }
    Err(fail(crate::text!["couldn't find search \"", id, "\""]))
}

/// Finds the search that the words name, then goes on with it.
fn with_search(machine: &mut Machine, args: Args, then: fn(&ArrayObj, u32) -> Value) -> Outcome {
    with_existing(machine, &args[1].clone(), move |_, _, array| {
        let number = search_number(&array, &args[1], &args[2])?;
        Ok(Step::Done(then(&array, number)))
    })
}

pub(super) fn start(machine: &mut Machine, args: Args) -> Outcome {
    with_existing(machine, &args[1].clone(), move |_, _, array| {
        let number = begin(&array);
        Ok(Step::Done(Value::text_value(crate::text!["s-", number, "-", &args[1]])))
    })
}

pub(super) fn anymore(machine: &mut Machine, args: Args) -> Outcome {
    with_search(machine, args, |array, number| {
        let searches = array.searches().borrow();
        let search = searches.iter().find(|search| search.number == number);
        Value::bool(search.is_some_and(|search| search.names.iter().any(|name| array.get(name).is_some())))
    })
}

pub(super) fn done(machine: &mut Machine, args: Args) -> Outcome {
    with_search(machine, args, |array, number| {
        end(array, number);
        Value::EMPTY
    })
}

pub(super) fn next(machine: &mut Machine, args: Args) -> Outcome {
    with_search(machine, args, |array, number| next_name(array, number).flatten().unwrap_or_default())
}

/// The next name of a search; an outer `None` if there is no such search any more.
fn next_name(array: &ArrayObj, number: u32) -> Option<Option<Value>> {
    let mut searches = array.searches().borrow_mut();
    let search = searches.iter_mut().find(|search| search.number == number)?;
    loop {
        match search.names.pop() {
            Some(name) if array.get(&name).is_none() => {}
            name => return Some(name),
        }
    }
}

/// An `array for` under way.
struct ArrayLoop {
    variable: Variable,
    array: Rc<ArrayObj>,
    number: u32,
    abandoned: bool,
    key_name: Value,
    value_name: Value,
    body: Value,
}

impl Drop for ArrayLoop {
    fn drop(&mut self) {
        if self.abandoned {
            abandon(&self.array, self.number);
        } else {
            end(&self.array, self.number);
        }
    }
}

pub(super) fn for_each(machine: &mut Machine, mut args: Args) -> Outcome {
    let names = list_of(&args[1])?;
    let [key_name, value_name] = names.items() else {
        return Err(error!("must have two variable names"; "TCL", "SYNTAX", "array", "for"));
    };
    let (key_name, value_name, body) = (key_name.clone(), value_name.clone(), args.take(3));
    with_existing(machine, &args[2], move |machine, variable, array| {
        let number = begin(&array);
        let state = ArrayLoop { variable, array, number, abandoned: false, key_name, value_name, body };
        Box::new(state).round(machine)
    })
}

impl ArrayLoop {
    fn round(self: Box<Self>, machine: &mut Machine) -> Outcome {
        let same = machine
            .peek(&self.variable.place)
            .array_rc()
            .is_some_and(|array| Rc::ptr_eq(&array, &self.array));
        let Some(next) = next_name(&self.array, self.number).filter(|_| same) else {
            return Err(error!("array changed during iteration"; "TCL", "READ", "array", "for"));
        };
        let Some(key) = next else {
            return Ok(Step::EMPTY);
        };
        let element = Variable { key: Some(key.clone()), ..self.variable.clone() };
        machine.read_then(&element, move |machine, value| {
            let value = value.unwrap_or_default();
            let stores = vec![(self.key_name.clone(), key), (self.value_name.clone(), value)];
            let stored = machine.store_all(stores.into_iter(), Value::EMPTY);
            machine.after(stored, move |_, outcome| {
                outcome?;
                Ok(Step::run_with(What::Script(self.body.clone()), At::Here, self))
            })
        })
    }
}

impl Continuation for ArrayLoop {
    fn resume(mut self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        let exception = match outcome {
            Ok(_) => return self.round(machine),
            Err(e) if e.code == CONTINUE => return self.round(machine),
            Err(e) => e,
        };
        self.abandoned = true;
        if exception.code == BREAK { Ok(Step::EMPTY) } else { Err(body_line(exception, b"array for")) }
    }
}
