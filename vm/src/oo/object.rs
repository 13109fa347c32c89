//! Objects, classes, and who knows whom.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::System;
use super::chain::Chain;
use super::method::{Method, MethodCall};
use crate::error;
use crate::interp::arena::Id;
use crate::interp::command::{CommandId, CommandKind};
use crate::interp::exception::Exception;
use crate::interp::namespace::NamespaceId;
use crate::interp::{InterpId, Machine};
use crate::value::{OrderedMap, Value};

/// The identifier of an object.
pub type ObjectId = Id<Object>;

/// By which of its commands an object is invoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Its name: exported methods.
    Public,
    /// `my`: all methods.
    My,
    /// `myclass`: all methods of its class.
    MyClass,
}

/// Methods by name.
pub(crate) type Methods = OrderedMap<Option<Rc<Method>>>;

/// A private variable: the name that methods use and the one that it has in the object's namespace.
#[derive(Clone)]
pub(crate) struct PrivateVariable {
    pub name: Value,
    pub full: Value,
}

/// What can be said of an object and of a class alike.
#[derive(Default)]
pub(crate) struct Members {
    /// Methods.
    pub methods: Methods,
    /// Whether any of them ever was private.
    pub has_private: bool,
    /// Classes mixed in.
    pub mixins: Vec<ObjectId>,
    /// Names of methods that are put before others.
    pub filters: Vec<Value>,
    /// Variables that methods see.
    pub variables: Vec<Value>,
    /// Variables that methods see and that nobody else has.
    pub private_variables: Vec<PrivateVariable>,
    /// Names of properties that can be read, sorted.
    pub readable: Vec<Value>,
    /// Names of properties that can be written, sorted.
    pub writable: Vec<Value>,
}

/// Calls found before: valid under a system's and an object's epoch.
pub(crate) struct KnownCall {
    pub epochs: (u32, u32),
    pub call: Rc<MethodCall>,
}

/// An object.
pub struct Object {
    /// The interpreter that it is in.
    pub(crate) interp: InterpId,
    /// Its namespace.
    pub(crate) namespace: NamespaceId,
    /// Its command; none once that is deleted.
    pub(crate) command: CommandId,
    /// Its `my`.
    pub(crate) my: CommandId,
    /// Its `myclass`.
    pub(crate) my_class: CommandId,
    /// Its name, once it was asked for; renaming forgets it.
    pub(crate) name: Option<Value>,
    /// The names of commands that go with its `my`.
    pub(crate) linked: Vec<Value>,
    /// Its class.
    pub(crate) class_of: ObjectId,
    /// What it has of its own.
    pub(crate) own: Members,
    /// What it is as a class.
    pub(crate) class: Option<Box<Class>>,
    /// A number that no other object had or has.
    pub(crate) serial: u64,
    /// Changes with what it has of its own.
    pub(crate) epoch: u32,
    /// Whether it is being destroyed.
    pub(crate) is_ending: bool,
    /// Whether there is nothing left of it but its command.
    pub(crate) is_gone: bool,
    /// Whether its destructor has been called.
    pub(crate) is_destructed: bool,
    /// Whether a filter of it runs: its methods are called without filters meanwhile.
    pub(crate) is_filtering: bool,
    /// Whether it is `oo::object` or `oo::class`, for which other rules hold.
    pub(crate) is_root: bool,
    /// Public calls and others, by the method's name.
    pub(crate) calls: [OrderedMap<Option<KnownCall>>; 2],
}

/// The class part of an object.
#[derive(Default)]
pub(crate) struct Class {
    /// What instances have from it.
    pub members: Members,
    /// Its superclasses, in order.
    pub superclasses: Vec<ObjectId>,
    /// Classes that it is a superclass of.
    pub subclasses: Vec<ObjectId>,
    /// Its instances, and the objects that it is mixed into.
    pub instances: Roster,
    /// Classes that it is mixed into.
    pub mixed_into: Vec<ObjectId>,
    /// Its constructor.
    pub constructor: Option<Rc<Method>>,
    /// Its destructor.
    pub destructor: Option<Rc<Method>>,
    /// Where `oo::define` looks for commands when an instance of it is defined.
    pub class_dialect: Option<Value>,
    /// Where `oo::objdefine` looks for commands when an instance of it is defined.
    pub object_dialect: Option<Value>,
    /// Changes with what it says about instances.
    pub epoch: u32,
    /// Chains of calls of instances that have nothing of their own: public ones and others.
    pub chains: [OrderedMap<Option<KnownChain>>; 2],
    /// The chains of constructors and destructors.
    pub life_chains: [Option<KnownChain>; 2],
}

/// A chain found before: valid under a system's and a class's epoch.
pub(crate) struct KnownChain {
    pub epochs: (u32, u32),
    /// None if there is nothing to be called.
    pub chain: Option<Rc<Chain>>,
}

impl Object {
    /// The class part, of what is known to be a class.
    pub(crate) fn as_class(&self) -> &Class {
        self.class.as_deref().expect("what is linked as a class is one")
    }

    /// Whether it has nothing that bears on calls but its class.
    pub(crate) fn is_plain(&self) -> bool {
        self.own.methods.is_empty() && self.own.mixins.is_empty() && self.own.filters.is_empty()
    }
}

impl System {
    /// A living object.
    pub(crate) fn object(&self, id: ObjectId) -> &Object {
        self.objects.get(id).expect("the object lives")
    }

    /// A living object, to change.
    pub(crate) fn object_mut(&mut self, id: ObjectId) -> &mut Object {
        self.objects.get_mut(id).expect("the object lives")
    }

    /// The class part of a living class.
    pub(crate) fn class(&self, id: ObjectId) -> &Class {
        self.object(id).as_class()
    }

    /// The class part, if it is a living class.
    pub(crate) fn class_if_any(&self, id: ObjectId) -> Option<&Class> {
        self.objects.get(id)?.class.as_deref()
    }

    /// The class part of a class, to change, if it lives.
    pub(crate) fn class_mut(&mut self, id: ObjectId) -> Option<&mut Class> {
        self.objects.get_mut(id)?.class.as_deref_mut()
    }

    /// The members of an object, or of the instances of a class.
    pub(crate) fn members(&self, id: ObjectId, of_class: bool) -> &Members {
        if of_class { &self.class(id).members } else { &self.object(id).own }
    }

    /// The same, to change.
    pub(crate) fn members_mut(&mut self, id: ObjectId, of_class: bool) -> &mut Members {
        let object = self.object_mut(id);
        match (&mut object.class, of_class) {
            (Some(class), true) => &mut class.members,
            _ => &mut object.own,
        }
    }

    /// Notes that what calls lead through may be different now for an object, or for a class with all that know it.
    pub(crate) fn changed(&mut self, id: ObjectId, of_class: bool) {
        let Some(object) = self.objects.get_mut(id) else { return };
        object.epoch = object.epoch.wrapping_add(1);
        if !of_class {
            return;
        }
        if let Some(class) = &mut object.class {
            class.epoch = class.epoch.wrapping_add(1);
            if class.instances.is_empty() && class.subclasses.is_empty() && class.mixed_into.is_empty() {
                return;
            }
        }
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Whether `wanted` is `from` or one of the classes that it inherits from or has mixed in.
    pub(crate) fn is_reachable(&self, wanted: ObjectId, from: ObjectId) -> bool {
        let mut next = vec![from];
        let mut seen: Vec<ObjectId> = Vec::new();
        while let Some(id) = next.pop() {
            if id == wanted {
                return true;
            }
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
            if let Some(class) = self.class_if_any(id) {
                next.extend(class.superclasses.iter().chain(&class.members.mixins));
            }
        }
        false
    }

    /// Whether an object is an instance of `class` in the wide sense.
    pub(crate) fn is_instance(&self, id: ObjectId, class: ObjectId) -> bool {
        let object = self.object(id);
        object.own.mixins.iter().any(|mixin| self.is_reachable(class, *mixin))
            || self.is_reachable(class, object.class_of)
    }

    /// Has a class know of an instance.
    pub(crate) fn add_instance(&mut self, id: ObjectId, class: ObjectId) {
        if let Some(class) = self.class_mut(class) {
            class.instances.add(id);
        }
    }

    /// Has a class forget an instance.
    pub(crate) fn remove_instance(&mut self, id: ObjectId, class: ObjectId) {
        if let Some(class) = self.class_mut(class) {
            class.instances.remove(id);
        }
    }

    /// Sets the superclasses of a class.
    pub(crate) fn set_superclasses(&mut self, id: ObjectId, superclasses: Vec<ObjectId>) {
        let Some(class) = self.class_mut(id) else { return };
        for old in std::mem::take(&mut class.superclasses) {
            if let Some(old) = self.class_mut(old) {
                forget(&mut old.subclasses, id);
            }
        }
        for new in &superclasses {
            if let Some(new) = self.class_mut(*new) {
                new.subclasses.push(id);
            }
        }
        if let Some(class) = self.class_mut(id) {
            class.superclasses = superclasses;
        }
        self.changed(id, true);
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Sets the classes mixed into an object or a class.
    pub(crate) fn set_mixins(&mut self, id: ObjectId, of_class: bool, mixins: Vec<ObjectId>) {
        let own_class = self.object(id).class_of;
        for old in std::mem::take(&mut self.members_mut(id, of_class).mixins) {
            if of_class {
                if let Some(old) = self.class_mut(old) {
                    forget(&mut old.mixed_into, id);
                }
            } else if old != own_class {
                self.remove_instance(id, old);
            }
        }
        for new in &mixins {
            if of_class {
                if let Some(new) = self.class_mut(*new) {
                    new.mixed_into.push(id);
                }
            } else if *new != own_class {
                self.add_instance(id, *new);
            }
        }
        self.members_mut(id, of_class).mixins = mixins;
        self.changed(id, of_class);
    }
}

/// Objects in the order in which they came; there may be very many, which go one by one.
#[derive(Default)]
pub(crate) struct Roster {
    order: BTreeMap<u64, ObjectId>,
    numbers: hashbrown::HashMap<ObjectId, u64, foldhash::fast::RandomState>,
    next: u64,
}

impl Roster {
    fn add(&mut self, id: ObjectId) {
        if let hashbrown::hash_map::Entry::Vacant(place) = self.numbers.entry(id) {
            place.insert(self.next);
            self.order.insert(self.next, id);
            self.next += 1;
        }
    }

    fn remove(&mut self, id: ObjectId) {
        if let Some(number) = self.numbers.remove(&id) {
            self.order.remove(&number);
        }
    }

    /// Takes the last one out.
    pub(crate) fn pop(&mut self) -> Option<ObjectId> {
        let (_, id) = self.order.pop_last()?;
        self.numbers.remove(&id);
        Some(id)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// All of them.
    pub(crate) fn list(&self) -> Vec<ObjectId> {
        self.order.values().copied().collect()
    }
}

/// Removes the last mention of `id`.
fn forget(list: &mut Vec<ObjectId>, id: ObjectId) {
    if let Some(at) = list.iter().rposition(|known| *known == id) {
        list.remove(at);
    }
}

impl Machine {
    /// The object that a command stands for by its own name, imports followed.
    pub(crate) fn object_of_command(&self, command: CommandId) -> Option<ObjectId> {
        match self.commands.get(self.original_command(command))?.kind {
            CommandKind::Object(id, Form::Public) => self.oo.objects.get(id).map(|_| id),
            _ => None,
        }
    }

    /// The object that a word names.
    ///
    /// # Errors
    /// `… does not refer to an object`.
    pub(crate) fn object_named(&self, name: &Value) -> Result<ObjectId, Exception> {
        let found = self.find_command(&name.text(), self.namespace_id());
        found.and_then(|command| self.object_of_command(command)).ok_or_else(|| no_object(name))
    }

    /// The whole name of an object; empty once its command is gone.
    pub(crate) fn object_name(&mut self, id: ObjectId) -> Value {
        let Some(object) = self.oo.objects.get(id) else { return Value::EMPTY };
        if self.commands.get(object.command).is_none() {
            return Value::EMPTY;
        }
        if let Some(name) = &object.name {
            return name.clone();
        }
        let name = Value::text_value(self.command_name(object.command));
        self.oo.object_mut(id).name = Some(name.clone());
        name
    }

    /// Forgets the name of an object.
    pub(crate) fn object_renamed(&mut self, id: ObjectId) {
        if let Some(object) = self.oo.objects.get_mut(id) {
            object.name = None;
        }
    }

    /// The names of objects.
    pub(crate) fn object_names(&mut self, ids: &[ObjectId]) -> Vec<Value> {
        ids.iter().map(|id| self.object_name(*id)).collect()
    }
}

/// The error of a name that no object has.
pub(super) fn no_object(name: &Value) -> Exception {
    error!(name, " does not refer to an object"; "TCL", "LOOKUP", "OBJECT", name.text())
}
