//! Variables: `set`, `unset`, `incr`, `append`, `lappend`, `lset`, `lassign`, `global`, `variable`, `upvar`, `const`.

use std::rc::Rc;

use crate::error;
use crate::exec::listops::{self, list_of};
use crate::exec::tracing::missing;
use crate::exec::var_op::VarOp;
use crate::interp::command::{Outcome, row};
use crate::interp::exception::Exception;
use crate::interp::frame::FrameKind;
use crate::interp::namespace::{NamespaceId, split_qualified};
use crate::interp::var::VarCell;
use crate::interp::vars::{Look, NO_NAMESPACE, NOT_ARRAY, Place, split_element, variable_error};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::value::{Tag, Value};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    row("set", "varName ?newValue?", (1, 2), "Reads or writes a variable.", set),
    row("unset", "?-nocomplain? ?--? ?varName varName ...?", (0, MANY), "Removes variables.", unset),
    row("incr", "varName ?increment?", (1, 2), "Adds to an integer in a variable.", incr),
    row("append", "varName ?value ...?", (1, MANY), "Appends texts to a variable.", append),
    row("lappend", "varName ?value ...?", (1, MANY), "Appends elements to a list in a variable.", lappend),
    row(
        "lset",
        "listVar ?index? ?index ...? value",
        (2, MANY),
        "Changes an element of a list in a variable.",
        lset,
    ),
    row("lassign", "list ?varName ...?", (1, MANY), "Puts the elements of a list into variables.", lassign),
    row("global", "?varName ...?", (0, MANY), "Links to global variables.", global),
    row("variable", "?name value...? name ?value?", (0, MANY), "Links to namespace variables.", variable),
    row(
        "upvar",
        "?level? otherVar localVar ?otherVar localVar ...?",
        (1, MANY),
        "Links to variables of another level.",
        upvar,
    ),
    row("const", "varName value", (2, 2), "Makes a constant.", constant),
];

/// Why an element is no good.
const IN_ARRAY: &str = "name refers to an element in an array";

fn set(machine: &mut Machine, mut args: Args) -> Outcome {
    if args.len() == 2 {
        return machine.read_named(&args[1]);
    }
    let value = args.take(2);
    machine.write_named(&args[1], value)
}

fn unset(machine: &mut Machine, args: Args) -> Outcome {
    let mut at = 1;
    let mut complain = true;
    if args.get(at).is_some_and(|word| *word.text() == *b"-nocomplain") {
        complain = false;
        at += 1;
    }
    if args.get(at).is_some_and(|word| *word.text() == *b"--") {
        at += 1;
    }
    unset_from(machine, args, at, complain)
}

fn unset_from(machine: &mut Machine, args: Args, mut at: usize, complain: bool) -> Outcome {
    while let Some(name) = args.get(at) {
        at += 1;
        let outcome = match machine.existing_variable(name) {
            Some(variable) => machine.unset_variable(&variable, complain)?,
            None if complain => {
                let mut e = missing(name);
                e.result = Value::text_value(e.result.to_display().replacen("read", "unset", 1).into_bytes());
                return Err(e);
            }
            None => Step::EMPTY,
        };
        if !matches!(outcome, Step::Done(_)) {
            return machine.after(Ok(outcome), move |machine, outcome| {
                outcome?;
                unset_from(machine, args, at, complain)
            });
        }
    }
    Ok(Step::EMPTY)
}

fn incr(machine: &mut Machine, mut args: Args) -> Outcome {
    let by = if args.len() == 3 { args.take(2) } else { Value::int(1) };
    let variable = machine.variable(&args[1], "read").map_err(not_incremented)?;
    machine.modify_variable(&variable, VarOp::Incr(by), true)
}

/// Tells what for a variable was looked up.
pub(crate) fn not_incremented(mut e: Exception) -> Exception {
    e.trace();
    e.add_info(b"\n    (reading value of variable to increment)");
    e
}

fn append(machine: &mut Machine, args: Args) -> Outcome {
    if args.len() == 2 {
        return machine.read_named(&args[1]);
    }
    let variable = machine.variable(&args[1], "set")?;
    machine.modify_variable(&variable, VarOp::Append(args.split_off(2)), true)
}

fn lappend(machine: &mut Machine, args: Args) -> Outcome {
    let variable = machine.variable(&args[1], "set")?;
    if args.len() == 2 {
        let outcome = machine.read_variable(&variable);
        return machine.after(outcome, move |machine, outcome| match outcome {
            Ok(value) => {
                list_of(&value)?;
                Ok(Step::Done(value))
            }
            Err(_) => machine.modify_variable(&variable, VarOp::Lappend(Vec::new()), true),
        });
    }
    machine.modify_variable(&variable, VarOp::Lappend(args.split_off(2)), true)
}

fn lset(machine: &mut Machine, mut args: Args) -> Outcome {
    let last = args.len() - 1;
    let value = args.take(last);
    let name = args[1].clone();
    if machine.existing_variable(&name).is_none() {
        return Err(missing(&name));
    }
    let variable = machine.variable(&name, "read")?;
    let mut path = args.split_off(2);
    path.pop();
    machine.modify_variable(&variable, VarOp::Lset(path, value), true)
}

fn lassign(machine: &mut Machine, args: Args) -> Outcome {
    let list = args[1].clone();
    let names = args.split_off(2);
    let rest = listops::rest(&list, names.len())?;
    let mut stores = Vec::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate() {
        stores.push((name, listops::at(&list, at as i64)?));
    }
    machine.store_all(stores.into_iter(), rest)
}

/// The last part of a qualified name.
fn tail_of(name: &Value) -> Value {
    match split_qualified(&name.text()) {
        Some((_, tail)) => Value::text_of(tail),
        None => name.clone(),
    }
}

fn global(machine: &mut Machine, args: Args) -> Outcome {
    let vars = machine.vars();
    if machine.context().frames[vars as usize].kind != FrameKind::Procedure {
        return Ok(Step::EMPTY);
    }
    let global = machine.global();
    for name in &args[1..] {
        let cell = declared_cell(machine, global, name).map_err(|reason| {
            let text = name.text();
            let bare = split_element(&text).map_or(&*text, |(base, _)| base);
            variable_error("access", name, None, reason).with_code(&[
                b"TCL".as_slice(),
                b"LOOKUP",
                b"VARNAME",
                bare,
            ])
        })?;
        machine.link(vars, &tail_of(name), cell)?;
    }
    Ok(Step::EMPTY)
}

/// The variable that a name means as seen from a namespace; of an element the array, which is made if need be.
///
/// # Errors
/// Why there is none.
fn declared_cell(
    machine: &mut Machine,
    from: NamespaceId,
    name: &Value,
) -> Result<Rc<VarCell>, &'static str> {
    let text = name.text();
    let (namespace, tail) = match split_qualified(&text) {
        None => (from, &*text),
        Some((head, tail)) => (machine.find_namespace(head, from).ok_or(NO_NAMESPACE)?, tail),
    };
    let (base, key) = split_element(tail).map_or((tail, None), |(base, key)| (base, Some(key)));
    let cell = machine.namespace_cell(namespace, &Value::text_of(base), true).ok_or(NO_NAMESPACE)?;
    if key.is_some() {
        machine.array_at(&Place::Cell(Rc::clone(&cell)), true)?;
    }
    Ok(cell)
}

fn variable(machine: &mut Machine, args: Args) -> Outcome {
    variable_from(machine, args, 1)
}

/// Whether the reference compiles a call of `variable`: in the code of a procedure itself, if no name is an element's.
fn is_compiled(machine: &Machine, args: &Args) -> bool {
    let (vars, frames) = (machine.vars() as usize, &machine.context().frames);
    let in_procedure =
        machine.stepping == 0 && frames[vars].kind == FrameKind::Procedure && vars + 1 == frames.len();
    in_procedure && !args[1..].iter().step_by(2).any(|name| name.text().ends_with(b")"))
}

fn variable_from(machine: &mut Machine, args: Args, mut at: usize) -> Outcome {
    while at < args.len() {
        let name = &args[at];
        let here = machine.namespace_id();
        let cell = declared_cell(machine, here, name);
        if let Err(NO_NAMESPACE) = cell {
            let verb = if is_compiled(machine, &args) { "access" } else { "define" };
            let whole = variable_error(verb, name, None, NO_NAMESPACE);
            let bare =
                split_element(&name.text()).map_or_else(|| name.text().to_vec(), |(base, _)| base.to_vec());
            return Err(whole.with_code(&[b"TCL".as_slice(), b"LOOKUP", b"VARNAME", &bare]));
        }
        let cell = match cell {
            Ok(cell) if split_element(&name.text()).is_none() => cell,
            _ => {
                let code = ["TCL", "UPVAR", "LOCAL_ELEMENT"];
                return Err(variable_error("define", name, None, IN_ARRAY).with_code(&code));
            }
        };
        cell.set_declared(true);
        let vars = machine.vars();
        if machine.context().frames[vars as usize].kind == FrameKind::Procedure {
            machine.link(vars, &tail_of(name), cell.clone())?;
        }
        let value = args.get(at + 1).cloned();
        at += 2;
        if let Some(value) = value {
            let target =
                crate::interp::vars::Variable { place: Place::Cell(cell), key: None, name: name.clone() };
            let outcome = machine.write_variable(&target, value)?;
            if !matches!(outcome, Step::Done(_)) {
                return machine.after(Ok(outcome), move |machine, outcome| {
                    outcome?;
                    variable_from(machine, args, at)
                });
            }
        }
    }
    Ok(Step::EMPTY)
}

fn upvar(machine: &mut Machine, args: Args) -> Outcome {
    const USAGE: &str = "?level? otherVar localVar ?otherVar localVar ...?";
    if args.len() < 3 {
        return Err(machine.wrong_args(&args, 1, USAGE));
    }
    let (level, pairs) = if args.len() > 2 && args.len().is_multiple_of(2) {
        let given = &args[1];
        let is_level = super::eval::looks_like_level(given, machine.mode());
        let vars = machine.vars();
        // What looks like no level means the one above where there is none.
        let is_local = machine.context().frames[vars as usize].level > 0;
        (if is_level || is_local { given.clone() } else { Value::int(1) }, &args[2..])
    } else {
        (Value::int(1), &args[1..])
    };
    let Some(frame) = machine.frame_at_level(&level.text()) else {
        return Err(error!("bad level \"", &level, "\""; "TCL", "LOOKUP", "LEVEL", level.text()));
    };
    if pairs.is_empty() || !pairs.len().is_multiple_of(2) {
        return Err(machine.wrong_args(&args, 1, USAGE));
    }
    let vars = machine.vars();
    for pair in pairs.chunks_exact(2) {
        let (cell, lasting) = machine.cell_in(frame, &pair[0])?;
        machine.check_link(vars, &pair[1], lasting)?;
        machine.link(vars, &pair[1], cell)?;
    }
    Ok(Step::EMPTY)
}

fn constant(machine: &mut Machine, mut args: Args) -> Outcome {
    let value = args.take(2);
    let variable = machine.variable(&args[1], "const")?;
    if variable.key.is_some() {
        if let Look::Missing(NOT_ARRAY) = machine.look_untraced(&variable) {
            return Err(machine.refusal("const", &variable, NOT_ARRAY));
        }
        // There is an array then.
        machine
            .array_at(&variable.place, true)
            .map_err(|reason| machine.refusal("const", &variable, reason))?;
        return Err(variable_error("make constant", &variable.name, variable.key.as_ref(), IN_ARRAY));
    }
    let held = machine.peek(&variable.place);
    let vars = machine.vars();
    let cell = machine.cell_of(vars, &variable.place);
    if cell.is_element() {
        return Err(variable_error("make constant", &variable.name, None, IN_ARRAY));
    }
    if cell.is_const() {
        return Ok(Step::EMPTY);
    }
    if held.tag() == Tag::Array {
        return Err(variable_error("make constant", &variable.name, None, "variable is array"));
    }
    if !held.is_unset() {
        return Err(variable_error("make constant", &variable.name, None, "variable already exists"));
    }
    let outcome = machine.write_named(&args[1], value)?;
    machine.after(Ok(outcome), move |_, outcome| {
        outcome?;
        cell.set_const(true);
        Ok(Step::EMPTY)
    })
}
