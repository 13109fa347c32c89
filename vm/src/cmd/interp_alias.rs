//! Aliases: commands of one interpreter that run a command of another.

use std::cell::RefCell;
use std::rc::Rc;

use super::interp::{Call, find, path_to};
use crate::error;
use crate::interp::command::{Alias, CommandId, CommandKind, Outcome};
use crate::interp::exception::Exception;
use crate::interp::life::Task;
use crate::interp::namespace::{NamespaceId, split_qualified};
use crate::interp::{InterpId, Machine, Step};
use crate::text;
use crate::value::Value;

/// `interp alias childPath childCmd ?parentPath parentCmd? ?arg ...?`
pub(super) fn alias(machine: &mut Machine, call: Call) -> Outcome {
    let source = find(machine, &call.words[0])?;
    match &call.words[1..] {
        [name] => describe(machine, source, name),
        [name, empty] if empty.is_empty() => delete(machine, source, name),
        [name, path, prefix @ ..] if !prefix.is_empty() => {
            let target = find(machine, path)?;
            create(machine, source, name, target, prefix)
        }
        _ => Err(
            error!("wrong # args: should be \"interp alias childPath childCmd ?parentPath parentCmd? ?arg ...?\"";
            "TCL", "WRONGARGS"),
        ),
    }
}

/// `child alias aliasName ?targetName? ?arg ...?`
pub(super) fn of_child(machine: &mut Machine, child: InterpId, words: &[Value]) -> Outcome {
    match words {
        [name] => describe(machine, child, name),
        [name, empty] if empty.is_empty() => delete(machine, child, name),
        [name, prefix @ ..] => {
            let target = machine.current();
            create(machine, child, name, target, prefix)
        }
        [] => Ok(Step::EMPTY),
    }
}

/// The alias with a token.
fn named(machine: &Machine, interp: InterpId, token: &Value) -> Option<(CommandId, Rc<Alias>)> {
    let id = machine.interps.get(interp)?.aliases.get(token).copied().flatten()?;
    match &machine.commands.get(id)?.kind {
        CommandKind::Alias(alias) => Some((id, Rc::clone(alias))),
        _ => None,
    }
}

fn describe(machine: &Machine, interp: InterpId, token: &Value) -> Outcome {
    let found = named(machine, interp, token);
    Ok(Step::Done(found.map_or(Value::EMPTY, |(_, alias)| Value::list(alias.prefix.clone()))))
}

fn delete(machine: &mut Machine, interp: InterpId, token: &Value) -> Outcome {
    match named(machine, interp, token) {
        Some((id, _)) => machine.demolish(vec![Task::Command(id)]),
        None => Err(error!("alias \"", token, "\" not found"; "TCL", "LOOKUP", "ALIAS", token.text())),
    }
}

pub(super) fn create(
    machine: &mut Machine,
    source: InterpId,
    name: &Value,
    target: InterpId,
    prefix: &[Value],
) -> Outcome {
    if machine.interp(source).dying || machine.interp(target).dying {
        return Err(machine.deleted_interp());
    }
    let global = machine.interp(source).global;
    let (home, tail) = match split_qualified(&name.text()) {
        None => (global, name.clone()),
        Some((head, tail)) => {
            // The name is seen from where the interpreter is at.
            let from = if source == machine.current() { machine.namespace_id() } else { global };
            (machine.make_namespace(head, from), Value::text_of(tail))
        }
    };
    let alias = Rc::new(Alias { token: RefCell::new(name.clone()), target, source, prefix: prefix.to_vec() });
    let name = name.clone();
    machine.replacing_then(home, &tail.clone(), move |machine| finish(machine, (home, tail), &name, alias))
}

/// Makes the command of an alias called `name`.
fn finish(
    machine: &mut Machine,
    (home, tail): (NamespaceId, Value),
    name: &Value,
    alias: Rc<Alias>,
) -> Outcome {
    let source = alias.source;
    let ends_target = machine.command_in(home, &tail).is_some_and(|replaced| {
        let CommandKind::Child(child) = machine.command(replaced).kind else { return false };
        let mut around = Some(alias.target);
        while let Some(interp) = around.filter(|interp| *interp != child) {
            around = machine.interps.get(interp).and_then(|interp| interp.parent);
        }
        around.is_some()
    });
    let id = machine.create_command(home, tail, CommandKind::Alias(Rc::clone(&alias)));
    if ends_target || machine.interps.get(alias.target).is_none_or(|target| target.dying) {
        // What the alias replaces was the command of its target.
        machine.forget_command(id);
        return Err(error!("cannot define or rename alias \"", name, "\": interpreter deleted"));
    }
    if let Some(exception) = machine.alias_loop(id) {
        machine.forget_command(id);
        return Err(exception);
    }
    // A token that is taken (its alias was renamed) gets colons in front until it is not.
    let mut token = name.clone();
    while machine.interp(source).aliases.contains(&token) {
        token = Value::text_value(text!["::", &token]);
    }
    *alias.token.borrow_mut() = token.clone();
    machine.interp_mut(source).aliases.insert(&token, Some(id));
    Ok(Step::Done(token))
}

impl Machine {
    /// The error of an alias whose targets lead back to it.
    pub(crate) fn alias_loop(&self, id: CommandId) -> Option<Exception> {
        let mut at = id;
        while let Some(CommandKind::Alias(alias)) = self.commands.get(at).map(|command| &command.kind) {
            let global = self.interps.get(alias.target)?.global;
            at = self.find_command(&alias.prefix.first()?.text(), global)?;
            at = self.original_command(at);
            if at == id {
                let name = &self.command(id).name;
                return Some(error!("cannot define or rename alias \"", name, "\": would create a loop";
                    "TCL", "OPERATION", "INTERP", "ALIASLOOP"));
            }
        }
        None
    }
}

/// `interp aliases ?path?`
pub(super) fn aliases(machine: &mut Machine, call: Call) -> Outcome {
    Ok(Step::Done(machine.interp(call.target).aliases.listed_keys()))
}

/// `interp target path alias`
pub(super) fn target(machine: &mut Machine, call: Call) -> Outcome {
    let [path, token] = &call.words[..] else {
        return Ok(Step::EMPTY);
    };
    let interp = find(machine, path)?;
    let Some((_, alias)) = named(machine, interp, token) else {
        return Err(
            error!("alias \"", token, "\" in path \"", path, "\" not found"; "TCL", "LOOKUP", "ALIAS", token.text()),
        );
    };
    match path_to(machine, alias.target) {
        Some(path) => Ok(Step::Done(path)),
        None => Err(
            error!("target interpreter for alias \"", token, "\" in path \"", path, "\" is not my descendant";
            "TCL", "OPERATION", "INTERP", "TARGETSHROUDED"),
        ),
    }
}
