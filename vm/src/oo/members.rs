//! What may be said in definitions: methods, constructors and the rest that is no slot.

use std::rc::Rc;

use super::define::{class_private, definition_namespace, object_private, object_self, self_command};
use super::method::{Body, Declarer, Method, Visibility};
use super::object::{ObjectId, no_object};
use crate::cmd::choice::choose;
use crate::cmd::proc::make_proc;
use crate::error;
use crate::interp::command::{Outcome, Proc, row};
use crate::interp::exception::Exception;
use crate::interp::life::Task;
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text;
use crate::text::glob;
use crate::value::Value;

const METHOD: &str = "name ?option? args body";
const NAMES: &str = "name ?name ...?";

/// The commands of both dialects.
pub(super) const ROWS: &[CommandRow] = &[
    row(
        "oo::define::classmethod",
        "name ?args body?",
        (1, MANY),
        "Defines a method of class and instances.",
        class_method,
    ),
    row("oo::define::constructor", "arguments body", (2, 2), "Defines the constructor.", constructor),
    row(
        "oo::define::definitionnamespace",
        "?kind? namespace",
        (1, 2),
        "Says where definitions are looked up.",
        definition_namespace,
    ),
    row("oo::define::deletemethod", NAMES, (1, MANY), "Deletes methods.", |m, a| delete_methods(m, a, true)),
    row("oo::define::destructor", "body", (1, 1), "Defines the destructor.", destructor),
    row("oo::define::export", NAMES, (1, MANY), "Exports methods.", |m, a| export(m, a, true, true)),
    row(
        "oo::define::forward",
        "name cmdName ?arg ...?",
        (2, MANY),
        "Defines a method that is a command.",
        |m, a| forward(m, a, true),
    ),
    row("oo::define::initialise", "body", (1, 1), "Runs a script in the namespace of the class.", initialise),
    row("oo::define::initialize", "body", (1, 1), "Runs a script in the namespace of the class.", initialise),
    row("oo::define::method", METHOD, (3, 4), "Defines a method.", |m, a| method(m, a, true)),
    row("oo::define::private", "?arg ...?", (0, MANY), "Defines what is private.", class_private),
    row("oo::define::renamemethod", "oldName newName", (2, 2), "Renames a method.", |m, a| {
        rename_method(m, a, true)
    }),
    row("oo::define::self", "?arg ...?", (0, MANY), "Defines what the class has as an object.", self_command),
    row("oo::define::unexport", NAMES, (1, MANY), "Takes the export of methods back.", |m, a| {
        export(m, a, true, false)
    }),
    row("oo::objdefine::class", "className", (1, 1), "Changes the class of the object.", set_class),
    row("oo::objdefine::deletemethod", NAMES, (1, MANY), "Deletes methods.", |m, a| {
        delete_methods(m, a, false)
    }),
    row("oo::objdefine::export", NAMES, (1, MANY), "Exports methods.", |m, a| export(m, a, false, true)),
    row(
        "oo::objdefine::forward",
        "name cmdName ?arg ...?",
        (2, MANY),
        "Defines a method that is a command.",
        |m, a| forward(m, a, false),
    ),
    row("oo::objdefine::method", METHOD, (3, 4), "Defines a method.", |m, a| method(m, a, false)),
    row("oo::objdefine::private", "?arg ...?", (0, MANY), "Defines what is private.", object_private),
    row("oo::objdefine::renamemethod", "oldName newName", (2, 2), "Renames a method.", |m, a| {
        rename_method(m, a, false)
    }),
    row("oo::objdefine::self", "", (0, 0), "Names the object.", object_self),
    row("oo::objdefine::unexport", NAMES, (1, MANY), "Takes the export of methods back.", |m, a| {
        export(m, a, false, false)
    }),
];

impl Machine {
    /// What is being defined: the object, and whether what is defined is private.
    fn defined(&self, of_class: bool) -> Result<(ObjectId, bool), Exception> {
        let definition = if of_class { self.class_definition()? } else { self.definition()? };
        Ok((definition.object, definition.is_private))
    }

    /// Gives an object or the instances of a class a method.
    pub(crate) fn add_method(
        &mut self,
        id: ObjectId,
        of_class: bool,
        name: &Value,
        visibility: Visibility,
        body: Body,
    ) {
        let declarer = if of_class { Declarer::Class(id) } else { Declarer::Object(id) };
        let method = Method { name: name.clone(), visibility, body, declarer, registers: Default::default() };
        let members = self.oo.members_mut(id, of_class);
        members.has_private |= visibility == Visibility::Private;
        members.methods.insert(name, Some(Rc::new(method)));
        self.oo.changed(id, of_class);
    }

    /// A method's or a constructor's script.
    ///
    /// # Errors
    /// The parameters are malformed.
    fn method_proc(&self, params: &Value, body: &Value) -> Result<Rc<Proc>, Exception> {
        // Where a computed body's text stood before says nothing about the method.
        let body = match body.place() {
            Some(place) if !self.is_word_of_caller(&place) => body.clone().without_place(),
            _ => body.clone(),
        };
        make_proc(params, &body).map(Rc::new)
    }
}

/// From where a method can be called that nothing else is said of.
fn usual_visibility(name: &Value, is_private: bool) -> Visibility {
    match () {
        () if is_private => Visibility::Private,
        () if glob::matches(b"[a-z]*", &name.text(), false) => Visibility::Public,
        () => Visibility::Unexported,
    }
}

fn method(machine: &mut Machine, args: Args, of_class: bool) -> Outcome {
    const FLAGS: &[&str] = &["-export", "-private", "-unexport"];
    let (id, is_private) = machine.defined(of_class)?;
    let visibility = if args.len() == 5 {
        match choose(&args[2], FLAGS, "export flag")? {
            0 => Visibility::Public,
            1 => Visibility::Private,
            _ => Visibility::Unexported,
        }
    } else {
        usual_visibility(&args[1], is_private)
    };
    let count = args.len();
    let procedure = machine.method_proc(&args[count - 2], &args[count - 1])?;
    machine.add_method(id, of_class, &args[1], visibility, Body::Procedure(procedure));
    Ok(Step::EMPTY)
}

fn forward(machine: &mut Machine, args: Args, of_class: bool) -> Outcome {
    let (id, is_private) = machine.defined(of_class)?;
    let name = args[1].clone();
    let visibility = usual_visibility(&name, is_private);
    machine.add_method(id, of_class, &name, visibility, Body::Forward(args.split_off(2)));
    Ok(Step::EMPTY)
}

/// A constructor or destructor of a class.
fn life_method(
    machine: &Machine,
    id: ObjectId,
    params: &Value,
    body: &Value,
) -> Result<Option<Rc<Method>>, Exception> {
    if body.is_empty() {
        return Ok(None);
    }
    let body = Body::Procedure(machine.method_proc(params, body)?);
    let visibility = Visibility::Public;
    Ok(Some(Rc::new(Method {
        name: Value::EMPTY,
        visibility,
        body,
        declarer: Declarer::Class(id),
        registers: Default::default(),
    })))
}

fn constructor(machine: &mut Machine, args: Args) -> Outcome {
    let (id, _) = machine.defined(true)?;
    let method = life_method(machine, id, &args[1], &args[2])?;
    if let Some(class) = machine.oo.class_mut(id) {
        class.constructor = method;
    }
    machine.oo.changed(id, true);
    Ok(Step::EMPTY)
}

fn destructor(machine: &mut Machine, args: Args) -> Outcome {
    let (id, _) = machine.defined(true)?;
    let method = life_method(machine, id, &Value::EMPTY, &args[1])?;
    if let Some(class) = machine.oo.class_mut(id) {
        class.destructor = method;
    }
    machine.oo.changed(id, true);
    Ok(Step::EMPTY)
}

/// Exports methods, or takes that back; names without a method are noted.
fn export(machine: &mut Machine, args: Args, of_class: bool, is_export: bool) -> Outcome {
    let (id, _) = machine.defined(of_class)?;
    let visibility = if is_export { Visibility::Public } else { Visibility::Unexported };
    for name in &args[1..] {
        let known = machine.oo.members(id, of_class).methods.get(name).and_then(Option::as_ref);
        if known.is_some_and(|method| method.visibility == visibility) {
            continue;
        }
        let body = known.map_or(Body::Mark, |method| method.body.clone());
        machine.add_method(id, of_class, name, visibility, body);
    }
    Ok(Step::EMPTY)
}

fn no_method(name: &Value) -> Exception {
    error!("method ", name, " does not exist"; "TCL", "LOOKUP", "METHOD", name.text())
}

fn delete_methods(machine: &mut Machine, args: Args, of_class: bool) -> Outcome {
    let (id, _) = machine.defined(of_class)?;
    for name in &args[1..] {
        if machine.oo.members_mut(id, of_class).methods.remove(name).is_none() {
            return Err(no_method(name));
        }
        machine.oo.changed(id, of_class);
    }
    Ok(Step::EMPTY)
}

fn rename_method(machine: &mut Machine, args: Args, of_class: bool) -> Outcome {
    let (id, _) = machine.defined(of_class)?;
    let (old, new) = (&args[1], &args[2]);
    let methods = &machine.oo.members(id, of_class).methods;
    let Some(Some(method)) = methods.get(old).cloned() else {
        return Err(no_method(old));
    };
    if old == new {
        return Err(error!("cannot rename method to itself"; "TCL", "OO", "RENAME_TO_SELF"));
    }
    if methods.contains(new) {
        return Err(error!("method called ", new, " already exists"; "TCL", "OO", "RENAME_OVER"));
    }
    machine.oo.members_mut(id, of_class).methods.remove(old);
    machine.add_method(id, of_class, new, method.visibility, method.body.clone());
    Ok(Step::EMPTY)
}

fn class_method(machine: &mut Machine, args: Args) -> Outcome {
    if args.len() != 2 && args.len() != 4 {
        return Err(machine.wrong_args(&args, 1, "name ?args body?"));
    }
    let (id, is_private) = machine.defined(true)?;
    let name = args[1].clone();
    if args.len() == 4 {
        // The classes that everything begins with have none.
        let Some(delegate) = machine.delegate_of(id) else {
            return Err(no_object(&machine.delegate_name(id)));
        };
        let procedure = machine.method_proc(&args[2], &args[3])?;
        let visibility = usual_visibility(&name, false);
        machine.add_method(delegate, true, &name, visibility, Body::Procedure(procedure));
    }
    let visibility = usual_visibility(&name, is_private);
    let prefix = vec![Value::from("myclass"), name.clone()];
    machine.add_method(id, true, &name, visibility, Body::Forward(prefix));
    Ok(Step::EMPTY)
}

fn initialise(machine: &mut Machine, args: Args) -> Outcome {
    let (id, _) = machine.defined(true)?;
    let namespace = machine.oo.object(id).namespace;
    let name = machine.namespaces.get(namespace).map(|ns| ns.name.clone()).unwrap_or_default();
    let lambda = Value::list(vec![Value::EMPTY, args[1].clone(), name]);
    // The term is read from its text, as any lambda.
    let lambda = Value::text_of(&lambda.text());
    Ok(Step::words(vec![Value::from("apply"), lambda]))
}

/// Changes the class of an object, which may become a class or be one no longer.
fn set_class(machine: &mut Machine, args: Args) -> Outcome {
    let (id, _) = machine.defined(false)?;
    let foundation = machine.interp(machine.current()).objects;
    let refused = |message: &str| Err(error!(message; "TCL", "OO", "MONKEY_BUSINESS"));
    if id == foundation.object {
        return refused("may not modify the class of the root object class");
    }
    if id == foundation.class {
        return refused("may not modify the class of the class of classes");
    }
    let class = machine.class_named_outside(&args[1], "the class of an object must be a class")?;
    if class == id {
        return refused("may not change classes into an instance of themselves");
    }
    let object = machine.oo.object(id);
    let (old, was_class) = (object.class_of, object.class.is_some());
    if old == class {
        return Ok(Step::EMPTY);
    }
    let will_be_class = machine.oo.is_reachable(foundation.class, class);
    machine.oo.remove_instance(id, old);
    machine.oo.object_mut(id).class_of = class;
    machine.oo.add_instance(id, class);
    machine.oo.changed(id, false);
    machine.oo.epoch = machine.oo.epoch.wrapping_add(1);
    if was_class && !will_be_class {
        let ends = machine.demolish(vec![Task::Object(super::end::End::Dependants(id))]);
        return machine.after(ends, move |machine, _| {
            if machine.oo.objects.get(id).is_some() {
                machine.oo.set_mixins(id, true, Vec::new());
                machine.oo.set_superclasses(id, Vec::new());
                let object = machine.oo.object_mut(id);
                object.class = None;
                object.own.mixins.retain(|mixin| *mixin != id);
            }
            Ok(Step::EMPTY)
        });
    }
    if will_be_class && !was_class {
        machine.make_class_part(id, foundation.object);
    }
    Ok(Step::EMPTY)
}

/// The name that a private variable of an object or class has in namespaces.
pub(super) fn private_name(machine: &Machine, id: ObjectId, name: &Value) -> Value {
    Value::text_value(text![machine.oo.object(id).serial, " : ", name])
}
