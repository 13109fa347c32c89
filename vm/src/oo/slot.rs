//! Slots: objects whose methods change lists that belong to what is being defined.
//!
//! A slot has `Get`, `Set` and perhaps `Resolve` of its own; the operations are methods of `oo::Slot` that call these,
//! so that scripts can make slots, too.

use super::define::Definition;
use super::method::{CoreMethod, Invoked, Visibility};
use super::object::{ObjectId, PrivateVariable};
use crate::error;
use crate::exec::listops::list_of;
use crate::interp::command::Outcome;
use crate::interp::exception::Exception;
use crate::interp::vars::split_element;
use crate::interp::{Machine, Step};
use crate::value::Value;

/// The methods of `oo::Slot`.
pub(super) static SLOT: [CoreMethod; 10] = [
    CoreMethod::new("Get", "core method: Get slot", Visibility::Unexported, unimplemented),
    CoreMethod::new("Resolve", "core method: Resolve slot", Visibility::Unexported, resolve),
    CoreMethod::new("Set", "core method: Set slot", Visibility::Unexported, unimplemented_set),
    CoreMethod::new("-append", "core method: -append slot", Visibility::Public, |m, i| {
        operate(m, i, Operation::Append)
    }),
    CoreMethod::new("-appendifnew", "core method: -appendifnew slot", Visibility::Public, |m, i| {
        operate(m, i, Operation::AppendIfNew)
    }),
    CoreMethod::new("-clear", "core method: -clear slot", Visibility::Public, clear),
    CoreMethod::new("-prepend", "core method: -prepend slot", Visibility::Public, |m, i| {
        operate(m, i, Operation::Prepend)
    }),
    CoreMethod::new("-remove", "core method: -remove slot", Visibility::Public, |m, i| {
        operate(m, i, Operation::Remove)
    }),
    CoreMethod::new("-set", "core method: -set slot", Visibility::Public, |m, i| {
        operate(m, i, Operation::Set)
    }),
    CoreMethod::new("unknown", "core method: unknown slot", Visibility::Unexported, unknown),
];

/// How an operation changes a slot's list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Append,
    AppendIfNew,
    Prepend,
    Remove,
    Set,
}

fn unimplemented(_machine: &mut Machine, _invoked: Invoked) -> Outcome {
    Err(error!("unimplemented"; "TCL", "OO", "ABSTRACT_SLOT"))
}

fn unimplemented_set(machine: &mut Machine, invoked: Invoked) -> Outcome {
    if invoked.args().len() != 1 {
        return invoked.wrong_args(machine, "list");
    }
    unimplemented(machine, invoked)
}

fn resolve(machine: &mut Machine, invoked: Invoked) -> Outcome {
    match invoked.args() {
        [element] => Ok(Step::Done(element.clone())),
        _ => invoked.wrong_args(machine, "list"),
    }
}

fn clear(machine: &mut Machine, invoked: Invoked) -> Outcome {
    if !invoked.args().is_empty() {
        return invoked.wrong_args(machine, "");
    }
    Ok(machine.my_method(invoked.call.object, "Set", vec![Value::EMPTY])?.step())
}

/// Calls the default operation, but for what looks like one.
fn unknown(machine: &mut Machine, invoked: Invoked) -> Outcome {
    if invoked.args().first().is_some_and(|word| word.text().starts_with(b"-")) {
        let next = invoked.call.next();
        return match next {
            Some(call) => {
                let Invoked { words, skip, .. } = invoked;
                Ok(super::call::Invocation { call, words, skip, caller: None }.step())
            }
            None => Err(super::call::nothing_next(&invoked.call)),
        };
    }
    let args = invoked.args().to_vec();
    Ok(machine.my_method(invoked.call.object, "--default-operation", args)?.step())
}

/// An operation under way.
struct Change {
    slot: ObjectId,
    operation: Operation,
    /// What is still to be resolved, the last one first.
    given: Vec<Value>,
    resolved: Vec<Value>,
}

fn operate(machine: &mut Machine, invoked: Invoked, operation: Operation) -> Outcome {
    let mut given = invoked.args().to_vec();
    if given.is_empty() && operation != Operation::Set {
        return Ok(Step::EMPTY);
    }
    given.reverse();
    let slot = invoked.call.object;
    Change { slot, operation, given, resolved: Vec::new() }.next(machine)
}

impl Change {
    /// Resolves what is left, then sets the list.
    fn next(mut self, machine: &mut Machine) -> Outcome {
        let Some(element) = self.given.pop() else {
            if self.operation == Operation::Set {
                let list = Value::list(std::mem::take(&mut self.resolved));
                return Ok(machine.my_method(self.slot, "Set", vec![list])?.step());
            }
            let get = machine.my_method(self.slot, "Get", Vec::new())?;
            return Ok(get.then(move |machine, outcome| {
                let old = list_of(&outcome?)?.items().to_vec();
                let list = Value::list(self.changed(old));
                Ok(machine.my_method(self.slot, "Set", vec![list])?.step())
            }));
        };
        let resolve = machine.my_method(self.slot, "Resolve", vec![element])?;
        Ok(resolve.then(move |machine, outcome| {
            self.resolved.push(outcome?);
            self.next(machine)
        }))
    }

    fn changed(&self, old: Vec<Value>) -> Vec<Value> {
        let mut list = old;
        match self.operation {
            Operation::Append => list.extend_from_slice(&self.resolved),
            Operation::AppendIfNew => {
                for element in &self.resolved {
                    if !list.contains(element) {
                        list.push(element.clone());
                    }
                }
            }
            Operation::Prepend => list.splice(..0, self.resolved.iter().cloned()).for_each(drop),
            Operation::Remove => list.retain(|element| !self.resolved.contains(element)),
            Operation::Set => {}
        }
        list
    }
}

/// A builtin slot: where it is, and what its methods do.
pub(super) struct SlotRow {
    /// The whole name of its command.
    pub name: &'static str,
    /// `Get`, `Set` and perhaps `Resolve`.
    pub methods: &'static [CoreMethod],
    /// Whether its default operation is `-set`.
    pub replaces: bool,
}

macro_rules! slot_row {
    ($home:literal, $name:literal, $replaces:literal, $get:expr, $set:expr $(, $resolve:expr)?) => {
        SlotRow {
            name: concat!("::oo::", $home, "::", $name),
            methods: {
                static METHODS: &[CoreMethod] = &[
                    CoreMethod::new("Get", concat!("core method: ", $home, "::", $name, " Getter"), Visibility::Unexported, $get),
                    CoreMethod::new("Set", concat!("core method: ", $home, "::", $name, " Setter"), Visibility::Unexported, $set),
                    $(CoreMethod::new("Resolve", concat!("core method: ", $home, "::", $name, " Resolver"), Visibility::Unexported, $resolve),)?
                ];
                METHODS
            },
            replaces: $replaces,
        }
    };
}

/// The slots that there are from the beginning.
pub(super) const SLOTS: &[SlotRow] = &[
    slot_row!("define", "filter", false, |m, i| get(m, i, true, filters), |m, i| set(
        m,
        i,
        true,
        set_filters
    )),
    slot_row!(
        "define",
        "mixin",
        true,
        |m, i| get(m, i, true, mixins),
        |m, i| set(m, i, true, set_mixins),
        resolve_class
    ),
    slot_row!(
        "define",
        "superclass",
        true,
        |m, i| get(m, i, true, superclasses),
        |m, i| set(m, i, true, set_superclasses),
        resolve_class
    ),
    slot_row!("define", "variable", false, |m, i| get(m, i, true, variables), |m, i| set(
        m,
        i,
        true,
        set_variables
    )),
    slot_row!("objdefine", "filter", false, |m, i| get(m, i, false, filters), |m, i| set(
        m,
        i,
        false,
        set_filters
    )),
    slot_row!(
        "objdefine",
        "mixin",
        true,
        |m, i| get(m, i, false, mixins),
        |m, i| set(m, i, false, set_mixins),
        resolve_class
    ),
    slot_row!("objdefine", "variable", false, |m, i| get(m, i, false, variables), |m, i| set(
        m,
        i,
        false,
        set_variables
    )),
    slot_row!("configuresupport", "readableproperties", false, |m, i| get(m, i, true, readable), |m, i| set(
        m,
        i,
        true,
        set_readable
    )),
    slot_row!("configuresupport", "writableproperties", false, |m, i| get(m, i, true, writable), |m, i| set(
        m,
        i,
        true,
        set_writable
    )),
    slot_row!(
        "configuresupport",
        "objreadableproperties",
        false,
        |m, i| get(m, i, false, readable),
        |m, i| set(m, i, false, set_readable)
    ),
    slot_row!(
        "configuresupport",
        "objwritableproperties",
        false,
        |m, i| get(m, i, false, writable),
        |m, i| set(m, i, false, set_writable)
    ),
];

/// What a slot's method is about: the definition, and whether it is one of what instances of a class have.
struct Target {
    definition: Definition,
    of_class: bool,
}

impl Target {
    fn new(machine: &Machine, of_class: bool) -> Result<Target, Exception> {
        let definition = if of_class { machine.class_definition()? } else { machine.definition()? };
        Ok(Target { definition, of_class })
    }

    fn id(&self) -> ObjectId {
        self.definition.object
    }
}

fn get(
    machine: &mut Machine,
    invoked: Invoked,
    of_class: bool,
    list: fn(&mut Machine, &Target) -> Vec<Value>,
) -> Outcome {
    if !invoked.args().is_empty() {
        return invoked.wrong_args(machine, "");
    }
    let target = Target::new(machine, of_class)?;
    Ok(Step::Done(Value::list(list(machine, &target))))
}

fn set(
    machine: &mut Machine,
    invoked: Invoked,
    of_class: bool,
    put: fn(&mut Machine, &Target, &[Value]) -> Result<(), Exception>,
) -> Outcome {
    let [list] = invoked.args() else {
        let usage = "elementList";
        return invoked.wrong_args(machine, usage);
    };
    let target = Target::new(machine, of_class)?;
    let list = list_of(list)?;
    put(machine, &target, list.items())?;
    Ok(Step::EMPTY)
}

/// The whole name of the class that a word means; the word if it means none.
fn resolve_class(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let [name] = invoked.args() else {
        return invoked.wrong_args(machine, "slotElement");
    };
    machine.definition()?;
    let name = name.clone();
    Ok(Step::Done(match machine.object_named_outside(&name) {
        Ok(id) if machine.oo.object(id).class.is_some() => machine.object_name(id),
        _ => name,
    }))
}

fn filters(machine: &mut Machine, target: &Target) -> Vec<Value> {
    machine.oo.members(target.id(), target.of_class).filters.clone()
}

fn set_filters(machine: &mut Machine, target: &Target, list: &[Value]) -> Result<(), Exception> {
    machine.oo.members_mut(target.id(), target.of_class).filters = list.to_vec();
    machine.oo.changed(target.id(), target.of_class);
    Ok(())
}

fn mixins(machine: &mut Machine, target: &Target) -> Vec<Value> {
    let list = machine.oo.members(target.id(), target.of_class).mixins.clone();
    machine.object_names(&list)
}

fn repeated(what: &str) -> Exception {
    error!("class should only be a direct ", what, " once"; "TCL", "OO", "REPETITIOUS")
}

fn set_mixins(machine: &mut Machine, target: &Target, list: &[Value]) -> Result<(), Exception> {
    let mut classes = Vec::new();
    for name in list {
        let class = machine.class_named_outside(name, "may only mix in classes")?;
        if classes.contains(&class) {
            return Err(repeated("mixin"));
        }
        if target.of_class && machine.oo.is_reachable(target.id(), class) {
            return Err(error!("may not mix a class into itself"; "TCL", "OO", "SELF_MIXIN"));
        }
        classes.push(class);
    }
    machine.oo.set_mixins(target.id(), target.of_class, classes);
    Ok(())
}

fn superclasses(machine: &mut Machine, target: &Target) -> Vec<Value> {
    let list = machine.oo.class(target.id()).superclasses.clone();
    machine.object_names(&list)
}

fn set_superclasses(machine: &mut Machine, target: &Target, list: &[Value]) -> Result<(), Exception> {
    let foundation = machine.interp(machine.current()).objects;
    let id = target.id();
    if id == foundation.object {
        return Err(
            error!("may not modify the superclass of the root object"; "TCL", "OO", "MONKEY_BUSINESS"),
        );
    }
    let mut classes = Vec::new();
    for name in list {
        let class = machine.class_named_outside(name, "only a class can be a superclass")?;
        if classes.contains(&class) {
            return Err(repeated("superclass"));
        }
        if machine.oo.is_reachable(id, class) {
            return Err(error!("attempt to form circular dependency graph"; "TCL", "OO", "CIRCULARITY"));
        }
        classes.push(class);
    }
    if classes.is_empty() {
        let is_metaclass = machine.oo.is_reachable(foundation.class, id) && id != foundation.class;
        classes.push(if is_metaclass { foundation.class } else { foundation.object });
    }
    machine.oo.set_superclasses(id, classes);
    Ok(())
}

fn variables(machine: &mut Machine, target: &Target) -> Vec<Value> {
    let members = machine.oo.members(target.id(), target.of_class);
    match target.definition.is_private {
        true => members.private_variables.iter().map(|variable| variable.name.clone()).collect(),
        false => members.variables.clone(),
    }
}

fn set_variables(machine: &mut Machine, target: &Target, list: &[Value]) -> Result<(), Exception> {
    for name in list {
        let text = name.text();
        let problem = if memchr::memmem::find(&text, b"::").is_some() {
            "contain namespace separators"
        } else if split_element(&text).is_some() {
            "refer to an array element"
        } else {
            continue;
        };
        return Err(error!("invalid declared variable name \"", name, "\": must not ", problem;
            "TCL", "OO", "BAD_DECLVAR"));
    }
    let id = target.id();
    let mut names: Vec<Value> = Vec::new();
    for name in list {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if target.definition.is_private {
        let private =
            |name: Value| PrivateVariable { full: super::members::private_name(machine, id, &name), name };
        let variables = names.into_iter().map(private).collect();
        machine.oo.members_mut(id, target.of_class).private_variables = variables;
    } else {
        machine.oo.members_mut(id, target.of_class).variables = names;
    }
    machine.oo.changed(id, target.of_class);
    Ok(())
}

fn readable(machine: &mut Machine, target: &Target) -> Vec<Value> {
    machine.oo.members(target.id(), target.of_class).readable.clone()
}

fn set_readable(machine: &mut Machine, target: &Target, list: &[Value]) -> Result<(), Exception> {
    machine.oo.members_mut(target.id(), target.of_class).readable = super::property::in_order(list);
    machine.oo.changed(target.id(), target.of_class);
    Ok(())
}

fn writable(machine: &mut Machine, target: &Target) -> Vec<Value> {
    machine.oo.members(target.id(), target.of_class).writable.clone()
}

fn set_writable(machine: &mut Machine, target: &Target, list: &[Value]) -> Result<(), Exception> {
    machine.oo.members_mut(target.id(), target.of_class).writable = super::property::in_order(list);
    machine.oo.changed(target.id(), target.of_class);
    Ok(())
}
