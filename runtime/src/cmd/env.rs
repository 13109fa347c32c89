//! The array `env`, tied to the environment by native traces.

use std::rc::Rc;

use tclring_vm::interp::trace::{Trace, VarTraces, ops};
use tclring_vm::interp::var::ArrayObj;
use tclring_vm::interp::vars::{Place, Variable};
use tclring_vm::interp::{InterpId, Machine};
use tclring_vm::value::Value;

use crate::host::env;

/// Makes the array `env` of an interpreter.
pub fn link(machine: &mut Machine, interp: InterpId) {
    let global = machine.interp(interp).global;
    let Some(cell) = machine.namespace_cell(global, &Value::from("env"), true) else { return };
    let array = Rc::new(ArrayObj::default());
    refresh(&array);
    cell.set(Value::from_array(array));
    let trace = Trace::native(ops::READ | ops::WRITE | ops::UNSET | ops::ARRAY, follow);
    *cell.traces().borrow_mut() =
        Some(Box::new(VarTraces { list: vec![Rc::new(trace)], ..VarTraces::default() }));
    cell.set_traced(true);
}

/// Gives the array the elements that the environment has now.
fn refresh(array: &ArrayObj) {
    let entries = env::list();
    let present = |name: &Value| entries.iter().any(|(known, _)| *known == *name.text());
    let gone: Vec<Value> = array.elements().borrow().keys().filter(|name| !present(name)).cloned().collect();
    for name in gone {
        let linked = array.existing_cell(&name);
        match linked {
            Some(cell) => cell.set(Value::UNSET),
            None => drop(array.elements().borrow_mut().remove(&name)),
        }
    }
    for (name, value) in &entries {
        put(array, &Value::text_of(name), Value::text_of(value));
    }
}

fn put(array: &ArrayObj, name: &Value, value: Value) {
    match array.existing_cell(name) {
        Some(cell) => cell.set(value),
        None => drop(array.elements().borrow_mut().insert(name, value)),
    }
}

/// Does to the environment what was done to the array, or brings the array up to date before it is read.
fn follow(
    _machine: &mut Machine,
    variable: Option<&Variable>,
    key: Option<&Value>,
    op: u8,
) -> Result<(), &'static str> {
    let array = match variable.map(|variable| &variable.place) {
        Some(Place::Cell(cell)) => cell.array(),
        _ => None,
    };
    match (op, key, array) {
        (ops::ARRAY, _, Some(array)) => refresh(&array),
        (ops::READ, Some(key), Some(array)) => match env::get(&key.text()) {
            Some(value) => put(&array, key, Value::text_value(value)),
            None => return Err("no such variable"),
        },
        (ops::WRITE, Some(key), Some(array)) => {
            let value = array.get(key).unwrap_or_default();
            env::set(&key.text(), &value.text()).map_err(|_| "encoding error")?;
        }
        (ops::UNSET, Some(key), _) => {
            env::unset(&key.text());
        }
        _ => {}
    }
    Ok(())
}
