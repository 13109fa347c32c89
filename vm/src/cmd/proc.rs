//! Procedures: `proc`, `rename`.

use std::cell::RefCell;

use crate::exec::listops::list_of;
use crate::interp::command::{CommandKind, Outcome, Param, Proc};
use crate::interp::exception::{Exception, Raised};
use crate::interp::namespace::split_qualified;
use crate::interp::vars::split_element;
use crate::interp::{Args, CommandRow, Machine, Step};
use crate::value::{Value, View};
use crate::{error, text};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "proc",
        usage: "name args body",
        min: 3,
        max: 3,
        safe: true,
        help: "Makes a procedure.",
        run: proc_command,
    },
    CommandRow {
        name: "rename",
        usage: "oldName newName",
        min: 2,
        max: 2,
        safe: true,
        help: "Renames or deletes a command.",
        run: rename,
    },
];

/// The procedure with the parameters `params` (a list) and a body.
pub fn make_proc(params: &Value, body: &Value) -> Result<Proc, Exception> {
    fn bad(message: Vec<u8>) -> Exception {
        Raised::error(message).with_code(&["TCL", "OPERATION", "PROC", "FORMALARGUMENTFORMAT"])
    }
    let list = list_of(params)?;
    let mut made = Vec::with_capacity(list.items().len());
    for spec in list.items() {
        let fields = list_of(spec)?;
        let (name, default) = match fields.items() {
            [] => return Err(bad(text!["argument with no name"])),
            [name] => (name, None),
            [name, default] => (name, Some(default.clone())),
            _ => return Err(bad(text!["too many fields in argument specifier \"", spec, "\""])),
        };
        if name.is_empty() {
            return Err(bad(text!["argument with no name"]));
        }
        if split_element(&name.text()).is_some() {
            return Err(bad(text!["formal parameter \"", name, "\" is an array element"]));
        }
        if split_qualified(&name.text()).is_some() {
            return Err(bad(text!["formal parameter \"", name, "\" is not a simple name"]));
        }
        made.push(Param { name: Value::text_of(&name.text()), default });
    }
    let variadic = made.last().is_some_and(|p: &Param| *p.name.text() == *b"args");
    let plain = made.len() - usize::from(variadic);
    // A parameter after one with a default still needs a value when it has none.
    let required = made[..plain].iter().rposition(|p| p.default.is_none()).map_or(0, |at| at + 1);
    let simple = !variadic && made.iter().all(|p| p.default.is_none());
    // The body keeps its compiled form beside the procedure, not in the value.
    let body = match body.view() {
        View::List(_) | View::Dict(_) => Value::text_of(&body.text()),
        _ => body.clone(),
    };
    Ok(Proc { params: made, required, variadic, simple, body, unit: RefCell::new(None) })
}

fn proc_command(machine: &mut Machine, args: Args) -> Outcome {
    let name = &args[1];
    let here = machine.namespace_id();
    let Some((namespace, tail)) = machine.place_for(&name.text(), here) else {
        return Err(
            error!("can't create procedure \"", name, "\": unknown namespace"; "TCL", "VALUE", "COMMAND"),
        );
    };
    // Where a computed body's text stood before says nothing about the procedure.
    let body = match args[3].place() {
        Some(place) if !machine.is_word_of_caller(&place) => args[3].clone().without_place(),
        _ => args[3].clone(),
    };
    let procedure = make_proc(&args[2], &body).map_err(|mut e| {
        let line = text!["\n    (creating proc \"", &tail, "\")"];
        e.add_info(&line);
        e
    })?;
    machine.replacing_then(namespace, &tail.clone(), move |machine| {
        machine.create_command(namespace, tail, CommandKind::Proc(std::rc::Rc::new(procedure)));
        Ok(Step::EMPTY)
    })
}

fn rename(machine: &mut Machine, args: Args) -> Outcome {
    let (old, new) = (&args[1], &args[2]);
    let here = machine.namespace_id();
    let verb = if new.is_empty() { "delete" } else { "rename" };
    let Some(command) = machine.find_command(&old.text(), here) else {
        return Err(
            error!("can't ", verb, " \"", old, "\": command doesn't exist"; "TCL", "LOOKUP", "COMMAND", old.text()),
        );
    };
    if new.is_empty() {
        return super::trace::delete_command(machine, command);
    }
    let (namespace, tail) = match split_qualified(&new.text()) {
        None => (here, new.clone()),
        Some((head, tail)) => (machine.make_namespace(head, here), Value::text_of(tail)),
    };
    if machine.command_in(namespace, &tail).is_some() {
        return Err(
            error!("can't rename to \"", new, "\": command already exists"; "TCL", "OPERATION", "RENAME", "TARGET_EXISTS"),
        );
    }
    let old_name = machine.command_name(command);
    let before = machine.command(command);
    let (old_namespace, old_tail) = (before.namespace, before.name.clone());
    machine.move_command(command, namespace, tail);
    if let Some(exception) = machine.alias_loop(command) {
        machine.move_command(command, old_namespace, old_tail);
        return Err(exception);
    }
    if machine.command(command).traces.is_none() {
        return Ok(Step::EMPTY);
    }
    // While its traces run, the command goes by both names.
    let new_name = machine.command_name(command);
    machine.add_name(command, old_namespace, &old_tail);
    let outcome = super::trace::renamed(machine, command, &old_name, &new_name);
    machine.after(outcome, move |machine, outcome| {
        machine.drop_name(command, old_namespace, &old_tail);
        outcome.map(Step::Done)
    })
}
