//! Making objects and classes, and their constructors.

use super::call::Invocation;
use super::chain::Kind;
use super::method::{Invoked, MethodCall};
use super::object::{Form, Members, Object, ObjectId};
use crate::error;
use crate::interp::arena::Id;
use crate::interp::command::{CommandKind, Outcome};
use crate::interp::exception::{ERROR, Exception};
use crate::interp::life::Task;
use crate::interp::namespace::{NamespaceId, split_qualified};
use crate::interp::{InterpId, Machine, Step};
use crate::text;
use crate::value::{OrderedMap, Value};

impl Machine {
    /// Makes an object of a class, with a class part if the class is one of classes; no constructor is called.
    /// `namespace`: what its namespace is to be called.
    ///
    /// # Errors
    /// The command or the namespace exists already.
    pub(crate) fn make_object(
        &mut self,
        class: ObjectId,
        name: Option<&Value>,
        namespace: Option<&Value>,
    ) -> Result<ObjectId, Exception> {
        let here = self.namespace_id();
        let place = name.map(|name| match split_qualified(&name.text()) {
            None => (here, name.clone()),
            Some((head, tail)) => (self.make_namespace(head, here), Value::text_of(tail)),
        });
        if let (Some((home, tail)), Some(name)) = (&place, name)
            && self.command_in(*home, tail).is_some()
        {
            return Err(error!("can't create object \"", name, "\": command already exists with that name";
                "TCL", "OO", "OVERWRITE_OBJECT"));
        }
        let own = self.make_object_namespace(namespace)?;
        let id = self.add_object(class, own, place);
        let foundation = self.interp(self.current()).objects;
        if self.oo.is_reachable(foundation.class, class) {
            self.make_class_part(id, foundation.object);
        }
        Ok(id)
    }

    /// A namespace for an object, with the given name or one of its own.
    fn make_object_namespace(&mut self, name: Option<&Value>) -> Result<NamespaceId, Exception> {
        let here = self.namespace_id();
        let global = self.global();
        let namespace = match name {
            Some(name) => {
                if self.find_namespace(&name.text(), here).is_some_and(|ns| !self.namespace(ns).dying) {
                    return Err(error!("can't create namespace \"", name, "\": already exists";
                        "TCL", "OPERATION", "NAMESPACE", "CREATEEXISTING"));
                }
                self.oo.made += 1;
                self.make_namespace(&name.text(), here)
            }
            None => loop {
                self.oo.made += 1;
                let tail = Value::text_value(text!["Obj", self.oo.made]);
                let home = self.interp(self.current()).objects.home;
                if self.namespaces.get(home).is_none() {
                    break self.make_namespace(&text!["::oo::", &tail], global);
                }
                if !self.namespace(home).children.contains(&tail) {
                    break self.add_namespace(home, tail, self.current());
                }
            },
        };
        let helpers = self.interp(self.current()).objects.helpers;
        if self.namespaces.get(helpers).is_some() {
            self.namespace_mut(namespace).path = vec![helpers];
        }
        Ok(namespace)
    }

    /// Puts an object into the world that has a namespace; its command is at `place`, or called as the namespace is.
    pub(crate) fn add_object(
        &mut self,
        class: ObjectId,
        namespace: NamespaceId,
        place: Option<(NamespaceId, Value)>,
    ) -> ObjectId {
        let interp = self.current();
        let id = self.oo.objects.insert(Object {
            interp,
            namespace,
            command: Id::NONE,
            my: Id::NONE,
            my_class: Id::NONE,
            name: None,
            linked: Vec::new(),
            class_of: class,
            own: Members::default(),
            class: None,
            serial: self.oo.made,
            epoch: 0,
            is_ending: false,
            is_gone: false,
            is_destructed: false,
            is_filtering: false,
            is_root: false,
            calls: [OrderedMap::default(), OrderedMap::default()],
        });
        let (home, tail) = place.unwrap_or_else(|| {
            let own = self.namespace(namespace);
            (own.parent.unwrap_or_else(|| self.global()), own.tail.clone())
        });
        let kind = CommandKind::Object(id, Form::Public);
        let command = match self.is_unheard_of(home, &tail) {
            true => self.create_new_command(home, tail, kind),
            false => self.create_command(home, tail, kind),
        };
        let my = self.create_new_command(namespace, Value::from("my"), CommandKind::Object(id, Form::My));
        let kind = CommandKind::Object(id, Form::MyClass);
        let my_class = self.create_new_command(namespace, Value::from("myclass"), kind);
        self.namespace_mut(namespace).object = id;
        // A new namespace has nothing that the compiler knows.
        let is_ordinary = self.namespace(namespace).path.iter().all(|beyond| self.has_no_known_name(*beyond));
        self.namespace(namespace).ordinary.set(if is_ordinary { self.core_epoch } else { 0 });
        let object = self.oo.object_mut(id);
        (object.command, object.my, object.my_class) = (command, my, my_class);
        self.oo.add_instance(id, class);
        id
    }

    /// Whether the name of a new command in a namespace, if that is `::oo`, means no other command from anywhere.
    fn is_unheard_of(&self, home: NamespaceId, tail: &Value) -> bool {
        let known = self.interp(self.current());
        home == known.objects.home
            && !self.oo.home_is_in_paths
            && self.command_in(home, tail).is_none()
            && self.command_in(known.global, tail).is_none()
    }

    /// Makes a class of an object, with one superclass.
    pub(crate) fn make_class_part(&mut self, id: ObjectId, superclass: ObjectId) {
        self.make_class_part_in(self.current(), id, superclass);
    }

    /// Makes a class of an object of an interpreter, with one superclass.
    pub(crate) fn make_class_part_in(&mut self, interp: InterpId, id: ObjectId, superclass: ObjectId) {
        self.oo.object_mut(id).class = Some(Box::default());
        self.oo.set_superclasses(id, vec![superclass]);
        let foundation = self.interp(interp).objects;
        let namespace = self.oo.object(id).namespace;
        let path = [foundation.helpers, foundation.home];
        let path = path.into_iter().filter(|ns| self.namespaces.get(*ns).is_some()).collect();
        self.namespace_mut(namespace).path = path;
    }

    /// Makes an object and calls its constructor with the words from `skip` on; the outcome is its name.
    pub(crate) fn construct(
        &mut self,
        class: ObjectId,
        name: Option<&Value>,
        namespace: Option<&Value>,
        words: Vec<Value>,
        skip: usize,
    ) -> Outcome {
        let id = self.make_object(class, name, namespace)?;
        let Some(chain) = self.oo.life_chain(id, Kind::Constructor) else {
            return Ok(Step::Done(self.object_name(id)));
        };
        let call = MethodCall::new(id, chain, 0);
        let invocation = Invocation { call, words, skip, caller: None };
        // A constructor is a level beside the invocation of what makes the object.
        self.levels_ahead += 1;
        Ok(invocation.then(move |machine, outcome| machine.constructed(id, outcome)))
    }

    /// The constructor of an object is done.
    fn constructed(&mut self, id: ObjectId, outcome: Result<Value, Exception>) -> Outcome {
        let is_gone = self.oo.objects.get(id).is_none_or(|object| object.is_ending);
        let outcome = match outcome {
            Err(exception) if exception.code == ERROR => Err(exception),
            _ if is_gone => Err(error!("object deleted in constructor"; "TCL", "OO", "STILLBORN")),
            outcome => outcome,
        };
        match outcome {
            Ok(_) => Ok(Step::Done(self.object_name(id))),
            Err(mut exception) => {
                exception.code = ERROR;
                if is_gone {
                    return Err(exception);
                }
                let command = self.oo.object(id).command;
                let ends = self.demolish(vec![Task::Command(command)]);
                self.after(ends, move |_, _| Err(exception))
            }
        }
    }
}

/// The class that a method is to make instances of.
///
/// # Errors
/// The object is no class.
fn class_at_hand(machine: &mut Machine, id: ObjectId) -> Result<ObjectId, Exception> {
    match machine.oo.object(id).class {
        Some(_) => Ok(id),
        None => {
            let name = machine.object_name(id);
            Err(error!("object \"", name, "\" is not a class"; "TCL", "OO", "INSTANTIATE_NONCLASS"))
        }
    }
}

/// The method `new` of classes.
pub(super) fn new(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let class = class_at_hand(machine, invoked.call.object)?;
    machine.construct(class, None, None, invoked.words, invoked.skip)
}

/// The method `create` of classes.
pub(super) fn create(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let class = class_at_hand(machine, invoked.call.object)?;
    let Some(name) = invoked.args().first().cloned() else {
        return invoked.wrong_args(machine, "objectName ?arg ...?");
    };
    if name.is_empty() {
        return Err(error!("object name must not be empty"; "TCL", "OO", "EMPTY_NAME"));
    }
    machine.construct(class, Some(&name), None, invoked.words, invoked.skip + 1)
}

/// The method `createWithNamespace` of classes.
pub(super) fn create_with_namespace(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let class = class_at_hand(machine, invoked.call.object)?;
    let [name, namespace, ..] = invoked.args() else {
        return invoked.wrong_args(machine, "objectName namespaceName ?arg ...?");
    };
    let (name, namespace) = (name.clone(), namespace.clone());
    if name.is_empty() {
        return Err(error!("object name must not be empty"; "TCL", "OO", "EMPTY_NAME"));
    }
    if namespace.is_empty() {
        return Err(error!("namespace name must not be empty"; "TCL", "OO", "EMPTY_NAME"));
    }
    machine.construct(class, Some(&name), Some(&namespace), invoked.words, invoked.skip + 2)
}

/// The constructor of classes: makes the class that has the class methods, and defines.
pub(super) fn construct_class(machine: &mut Machine, invoked: Invoked) -> Outcome {
    if invoked.args().len() > 1 {
        return invoked.wrong_args(machine, "?definitionScript?");
    }
    let id = invoked.call.object;
    let name = machine.delegate_name(id);
    let class = machine.interp(machine.current()).objects.class;
    // A constructor may call this more than once.
    let _known = machine.make_object(class, Some(&name), None);
    let Some(script) = invoked.args().first().cloned() else {
        return machine.mix_delegates_in(id);
    };
    let own = machine.object_name(id);
    let words = vec![Value::from("::oo::define"), own, script];
    Ok(Step::words_then(words, move |machine, outcome| {
        let result = outcome?;
        let mixed = machine.mix_delegates_in(id)?;
        machine.after(Ok(mixed), move |_, outcome| outcome.map(|_| Step::Done(result)))
    }))
}

impl Machine {
    /// The name of the class that has the class methods of a class.
    pub(crate) fn delegate_name(&self, id: ObjectId) -> Value {
        let namespace = self.oo.objects.get(id).and_then(|object| self.namespaces.get(object.namespace));
        let name = namespace.map(|namespace| namespace.name.clone()).unwrap_or_default();
        Value::text_value(text![name, ":: oo ::delegate"])
    }

    /// The class that has the class methods of a class, if it lives.
    pub(crate) fn delegate_of(&self, id: ObjectId) -> Option<ObjectId> {
        let name = self.delegate_name(id);
        let found = self.find_command(&name.text(), self.global())?;
        let delegate = self.object_of_command(found)?;
        self.oo.class_if_any(delegate).map(|_| delegate)
    }

    /// Has a class have the class methods of itself and of its superclasses.
    pub(crate) fn mix_delegates_in(&mut self, id: ObjectId) -> Outcome {
        let is_alive = self.oo.class_if_any(id).is_some();
        let Some(delegate) = self.delegate_of(id).filter(|_| is_alive) else { return Ok(Step::EMPTY) };
        let superclasses =
            self.oo.class_if_any(id).map(|class| class.superclasses.clone()).unwrap_or_default();
        let mut own = self.oo.class(delegate).superclasses.clone();
        for superclass in superclasses {
            if let Some(above) = self.delegate_of(superclass)
                && !own.contains(&above)
            {
                own.push(above);
            }
        }
        self.oo.set_superclasses(delegate, own);
        let mut mixins = self.oo.object(id).own.mixins.clone();
        if !mixins.contains(&delegate) {
            mixins.push(delegate);
            self.oo.set_mixins(id, false, mixins);
        }
        Ok(Step::EMPTY)
    }
}
