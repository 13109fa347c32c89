//! `oo::copy` and the methods `<cloned>`.

use std::rc::Rc;

use super::method::{Declarer, Invoked, Method, Visibility};
use super::object::{Class, Members, ObjectId};
use crate::error;
use crate::interp::command::{CommandKind, Outcome, Proc, row};
use crate::interp::exception::{ERROR, Exception};
use crate::interp::life::Task;
use crate::interp::var::{ArrayObj, has_value};
use crate::interp::{Args, CommandRow, Machine, Step};
use crate::value::{Tag, Value};

/// The command.
pub(super) const ROWS: &[CommandRow] = &[row(
    "oo::copy",
    "sourceName ?targetName? ?targetNamespace?",
    (1, 3),
    "Copies an object or class.",
    copy,
)];

fn copy(machine: &mut Machine, args: Args) -> Outcome {
    let source = machine.object_named(&args[1])?;
    let named = |at: usize| args.get(at).filter(|word| !word.is_empty()).cloned();
    let (name, namespace) = (named(2), named(3));
    if let Some(namespace) = &namespace
        && machine.find_namespace(&namespace.text(), machine.namespace_id()).is_some()
    {
        return Err(error!(namespace, " refers to an existing namespace"));
    }
    let foundation = machine.interp(machine.current()).objects;
    if source == foundation.class {
        return Err(error!("may not clone the class of classes"; "TCL", "OO", "CLONING_CLASS"));
    }
    // With a namespace of a given name and no other name the command is called as the namespace is.
    let name = name.or_else(|| namespace.clone());
    let class = machine.oo.object(source).class_of;
    let id = machine.make_object(class, name.as_ref(), namespace.as_ref())?;
    machine.copy_members(source, id);
    if machine.oo.object(source).class.is_some() {
        machine.copy_class(source, id);
    }
    let source_name = machine.object_name(source);
    let own_name = machine.object_name(id);
    machine.rewrite = None;
    let mut cloned = machine.my_method(id, "<cloned>", vec![source_name])?;
    cloned.words[0] = own_name;
    Ok(cloned.then(move |machine, outcome| finish(machine, id, outcome)))
}

fn finish(machine: &mut Machine, id: ObjectId, outcome: Result<Value, Exception>) -> Outcome {
    let is_alive = machine.oo.objects.get(id).is_some_and(|object| !object.is_ending);
    match outcome {
        Ok(_) => Ok(Step::Done(machine.object_name(id))),
        Err(mut exception) => {
            if exception.code == ERROR {
                exception.add_info(b"\n    (while performing post-copy callback)");
            }
            if !is_alive {
                return Err(exception);
            }
            let command = machine.oo.object(id).command;
            let ends = machine.demolish(vec![Task::Command(command)]);
            machine.after(ends, move |_, _| Err(exception))
        }
    }
}

/// A copy of a method for another declarer; a private one is just not exported by that.
fn copied(method: &Method, declarer: Declarer) -> Rc<Method> {
    let Method { name, visibility, body, .. } = method;
    let is_private = *visibility == Visibility::Private;
    Rc::new(Method {
        name: name.clone(),
        visibility: if is_private { Visibility::Unexported } else { *visibility },
        body: body.clone(),
        declarer,
        registers: Default::default(),
    })
}

/// What one declarer says, said by another; mixins are left out.
fn copied_members(source: &Members, declarer: Declarer) -> Members {
    let mut members = Members {
        filters: source.filters.clone(),
        variables: source.variables.clone(),
        private_variables: source.private_variables.clone(),
        ..Members::default()
    };
    // In the order of the reference's table, which is seen in the order of the copy's.
    for (name, method) in source.methods.table_order(|_, _| true) {
        if let Some(method) = method {
            members.methods.insert(name, Some(copied(method, declarer)));
        }
    }
    members
}

impl Machine {
    /// Gives an object what another one has of its own.
    fn copy_members(&mut self, source: ObjectId, target: ObjectId) {
        let from = &self.oo.object(source).own;
        let (members, mixins) = (copied_members(from, Declarer::Object(target)), from.mixins.clone());
        // The copy that a destructor makes of its object has none called: there would be no end of them.
        let is_destructed = self.oo.object(source).is_destructed;
        let copy = self.oo.object_mut(target);
        (copy.own, copy.is_destructed) = (members, is_destructed);
        self.oo.set_mixins(target, false, mixins);
    }

    /// Makes a class of an object that says what another one says.
    fn copy_class(&mut self, source: ObjectId, target: ObjectId) {
        let declarer = Declarer::Class(target);
        let from = self.oo.class(source);
        let life = |method: &Option<Rc<Method>>| method.as_ref().map(|method| copied(method, declarer));
        let part = Class {
            members: copied_members(&from.members, declarer),
            constructor: life(&from.constructor),
            destructor: life(&from.destructor),
            class_dialect: from.class_dialect.clone(),
            object_dialect: from.object_dialect.clone(),
            ..Class::default()
        };
        let (mixins, superclasses) = (from.members.mixins.clone(), from.superclasses.clone());
        if self.oo.object(target).class.is_none() {
            let foundation = self.interp(self.current()).objects;
            self.make_class_part(target, foundation.object);
        }
        self.oo.set_superclasses(target, Vec::new());
        self.oo.object_mut(target).class = Some(Box::new(part));
        self.oo.set_superclasses(target, superclasses);
        self.oo.set_mixins(target, true, mixins);
    }

    /// Copies the variables of an object's namespace; links, and what has no value, are left out.
    fn copy_variables(&mut self, source: ObjectId, target: ObjectId) -> Result<(), Exception> {
        let from = self.oo.object(source).namespace;
        let to = self.oo.object(target).namespace;
        let Some(namespace) = self.namespaces.get(from) else { return Ok(()) };
        let linked = |name: &Value| namespace.links.contains(name);
        let found: Vec<(Value, Value)> = namespace
            .variables
            .iter()
            .filter(|(name, _)| !linked(name))
            .filter_map(|(name, link)| Some((name.clone(), link.cell_rc()?.get())))
            .collect();
        for (name, value) in found {
            // What is there already stays, be it without a value: a method that declares it sees it.
            let is_there = self.namespaces.get(to).is_none_or(|target| target.variables.contains(&name));
            if is_there || value.tag() == Tag::Unset {
                continue;
            }
            let value = match value.array_rc() {
                Some(array) => Value::from_array(copied_array(&array)),
                None => value,
            };
            if let Some(cell) = self.namespace_cell(to, &name, true) {
                cell.set(value);
                cell.set_declared(true);
            }
        }
        Ok(())
    }

    /// Copies the procedures of an object's namespace.
    fn copy_procedures(&mut self, source: ObjectId, target: ObjectId) {
        let from = self.oo.object(source).namespace;
        let to = self.oo.object(target).namespace;
        let Some(namespace) = self.namespaces.get(from) else { return };
        let commands: Vec<(Value, _)> =
            namespace.commands.iter().filter_map(|(name, id)| Some((name.clone(), (*id)?))).collect();
        for (name, id) in commands {
            let Some(CommandKind::Proc(known)) = self.commands.get(id).map(|command| &command.kind) else {
                continue;
            };
            let params = known.params.iter().map(|param| crate::interp::command::Param {
                name: param.name.clone(),
                default: param.default.clone(),
            });
            let procedure = Proc {
                params: params.collect(),
                required: known.required,
                variadic: known.variadic,
                simple: known.simple,
                body: known.body.clone(),
                unit: Default::default(),
            };
            self.create_command(to, name, CommandKind::Proc(Rc::new(procedure)));
        }
    }
}

fn copied_array(array: &ArrayObj) -> Rc<ArrayObj> {
    let copy = ArrayObj::default();
    for (key, element) in array.elements().borrow().iter() {
        if has_value(element) {
            let value = element.cell_rc().map_or_else(|| element.clone(), |cell| cell.get());
            copy.add(key, value);
        }
    }
    *copy.default_value().borrow_mut() = array.default_value().borrow().clone();
    Rc::new(copy)
}

/// The method `<cloned>` of objects: copies the procedures and variables of the namespace.
pub(super) fn cloned(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let [name] = invoked.args() else {
        return invoked.wrong_args(machine, "originObject");
    };
    let source = machine.object_named(name)?;
    machine.copy_procedures(source, invoked.call.object);
    machine.copy_variables(source, invoked.call.object)?;
    Ok(Step::EMPTY)
}

/// The method `<cloned>` of classes: the copy gets class methods of its own.
pub(super) fn cloned_class(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let [name] = invoked.args() else {
        return invoked.wrong_args(machine, "originObject");
    };
    let source = machine.object_named(name)?;
    let target = invoked.call.object;
    let next = invoked.call.next();
    let done = move |machine: &mut Machine| {
        machine.copy_delegate(source, target)?;
        Ok(Step::EMPTY)
    };
    match next {
        None => done(machine),
        Some(call) => {
            let Invoked { words, skip, .. } = invoked;
            let next = super::call::Invocation { call, words, skip, caller: None };
            Ok(next.then(move |machine, outcome| {
                outcome?;
                done(machine)
            }))
        }
    }
}

impl Machine {
    /// Gives a copy of a class a copy of the class that has the class methods.
    fn copy_delegate(&mut self, source: ObjectId, target: ObjectId) -> Result<(), Exception> {
        let Some(old) = self.delegate_of(source) else { return Ok(()) };
        let name = self.delegate_name(target);
        let class = self.oo.object(old).class_of;
        let new = self.make_object(class, Some(&name), None)?;
        self.copy_members(old, new);
        self.copy_class(old, new);
        let mut mixins = self.oo.object(target).own.mixins.clone();
        for mixin in &mut mixins {
            if *mixin == old {
                *mixin = new;
            }
        }
        if !mixins.contains(&new) {
            mixins.push(new);
        }
        self.oo.set_mixins(target, false, mixins);
        Ok(())
    }
}
