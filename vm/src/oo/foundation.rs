//! What there is of the object system from the beginning: the root classes, slots, support for properties.

use std::rc::Rc;

use super::method::{Body, CoreMethod, Declarer, Method, Visibility};
use super::object::ObjectId;
use super::{
    Foundation, context, copy, core, define, members, property, slot, special, tell_class, tell_object,
};
use crate::interp::command::CommandKind;
use crate::interp::namespace::{NamespaceId, split_qualified};
use crate::interp::{CommandRow, EnsembleRow, InterpId, Machine};
use crate::value::Value;

/// The tables of commands.
pub const COMMANDS: &[&[CommandRow]] =
    &[context::ROWS, copy::ROWS, define::ROWS, members::ROWS, property::ROWS];

/// The ensembles that `info class` and `info object` are.
pub const ENSEMBLES: &[EnsembleRow] = &[
    EnsembleRow { name: "oo::InfoClass", rows: tell_class::ROWS, safe: true },
    EnsembleRow { name: "oo::InfoObject", rows: tell_object::ROWS, safe: true },
];

impl Machine {
    /// Makes the object system of an interpreter.
    pub(crate) fn found_objects(&mut self, interp: InterpId) {
        let global = self.interp(interp).global;
        let home = self.make_namespace(b"::oo", global);
        let helpers = self.make_namespace(b"::oo::Helpers", global);
        self.namespace_mut(home).exports.push(Value::from("[a-z]*"));
        self.interp_mut(interp).objects = Foundation { home, helpers, ..Foundation::default() };
        for (name, value) in [("version", "1.3"), ("patchlevel", "1.3.1")] {
            if let Some(cell) = self.namespace_cell(home, &Value::from(name), true) {
                cell.set(Value::from(value));
            }
        }
        let mut founder = Founder { machine: self, interp, global };
        founder.roots();
        founder.slots();
        founder.special_classes();
        founder.configurable();
        for dialect in ["::oo::define", "::oo::objdefine"] {
            let dialect = self.make_namespace(dialect.as_bytes(), global);
            self.namespace_mut(dialect).unknown = Some(Value::from("::oo::UnknownDefinition"));
        }
    }
}

/// What makes the first objects of an interpreter.
struct Founder<'a> {
    machine: &'a mut Machine,
    interp: InterpId,
    global: NamespaceId,
}

impl Founder<'_> {
    fn object(&mut self, name: &str, class: ObjectId) -> ObjectId {
        let machine = &mut *self.machine;
        machine.oo.made += 1;
        let space = machine.make_namespace(format!("::oo::Obj{}", machine.oo.made).as_bytes(), self.global);
        let helpers = machine.interp(self.interp).objects.helpers;
        machine.namespace_mut(space).path = vec![helpers];
        let (head, tail) = split_qualified(name.as_bytes()).expect("these names are absolute");
        let home = machine.make_namespace(head, self.global);
        let id = machine.add_object(class, space, Some((home, Value::text_of(tail))));
        machine.oo.object_mut(id).interp = self.interp;
        id
    }

    fn class(&mut self, name: &str, superclass: ObjectId, methods: &'static [CoreMethod]) -> ObjectId {
        let class = self.machine.interp(self.interp).objects.class;
        let id = self.object(name, class);
        self.machine.make_class_part_in(self.interp, id, superclass);
        self.methods(id, true, methods);
        id
    }

    fn methods(&mut self, id: ObjectId, of_class: bool, methods: &'static [CoreMethod]) {
        for method in methods {
            let name = Value::from(method.name);
            self.machine.add_method(id, of_class, &name, method.visibility, Body::Core(method));
        }
    }

    fn unexport(&mut self, id: ObjectId, of_class: bool, names: &[&str]) {
        for name in names {
            let name = Value::from(*name);
            self.machine.add_method(id, of_class, &name, Visibility::Unexported, Body::Mark);
        }
    }

    fn constructor(&mut self, id: ObjectId, method: &'static CoreMethod) {
        let declarer = Declarer::Class(id);
        let (name, visibility) = (Value::EMPTY, Visibility::Public);
        let method =
            Method { name, visibility, body: Body::Core(method), declarer, registers: Default::default() };
        if let Some(class) = self.machine.oo.class_mut(id) {
            class.constructor = Some(Rc::new(method));
        }
    }

    /// `oo::object` and `oo::class`, each of which needs the other.
    fn roots(&mut self) {
        let none = ObjectId::NONE;
        let object = self.object("::oo::object", none);
        let class = self.object("::oo::class", none);
        let foundation = &mut self.machine.interp_mut(self.interp).objects;
        (foundation.object, foundation.class) = (object, class);
        for id in [object, class] {
            let root = self.machine.oo.object_mut(id);
            (root.class_of, root.is_root) = (class, true);
            self.machine.make_class_part_in(self.interp, id, object);
        }
        self.machine.oo.set_superclasses(object, Vec::new());
        for id in [object, class] {
            self.machine.oo.add_instance(id, class);
        }
        self.methods(object, true, &core::OBJECT);
        self.methods(class, true, &core::CLASS);
        self.constructor(class, &core::CLASS_CONSTRUCTOR);
        // Classes are made by name.
        self.unexport(class, false, &["new"]);
        if let Some(part) = self.machine.oo.class_mut(object) {
            part.object_dialect = Some(Value::from("::oo::objdefine"));
        }
        if let Some(part) = self.machine.oo.class_mut(class) {
            part.class_dialect = Some(Value::from("::oo::define"));
        }
    }

    fn slots(&mut self) {
        let object = self.machine.interp(self.interp).objects.object;
        let class = self.class("::oo::Slot", object, &slot::SLOT);
        let forward = |operation: &str| Body::Forward(vec![Value::from("my"), Value::from(operation)]);
        let name = Value::from("--default-operation");
        self.machine.add_method(class, true, &name, Visibility::Unexported, forward("-append"));
        self.unexport(class, true, &["destroy"]);
        for row in slot::SLOTS {
            let id = self.object(row.name, class);
            self.methods(id, false, row.methods);
            if row.replaces {
                self.machine.add_method(id, false, &name, Visibility::Unexported, forward("-set"));
            }
        }
    }

    fn special_classes(&mut self) {
        let Foundation { object, class, .. } = self.machine.interp(self.interp).objects;
        let singleton = self.class("::oo::singleton", class, &special::SINGLETON);
        self.unexport(singleton, true, &["create", "createWithNamespace"]);
        let instance = self.class("::oo::SingletonInstance", object, &special::INSTANCE);
        self.machine.interp_mut(self.interp).objects.singleton = instance;
        let abstract_class = self.class("::oo::abstract", class, &[]);
        self.unexport(abstract_class, true, &["create", "createWithNamespace", "new"]);
    }

    fn configurable(&mut self) {
        let Foundation { object, class, .. } = self.machine.interp(self.interp).objects;
        let support = self.class("::oo::configuresupport::configurable", object, &property::CONFIGURABLE);
        self.machine.interp_mut(self.interp).objects.configurable = support;
        let maker = self.class("::oo::configurable", class, &[]);
        self.constructor(maker, &property::CONSTRUCTOR);
        let dialects = [("configurableclass", "::oo::define"), ("configurableobject", "::oo::objdefine")];
        for (name, beyond) in dialects {
            let path = format!("::oo::configuresupport::{name}");
            let dialect = self.machine.make_namespace(path.as_bytes(), self.global);
            let beyond = self.machine.make_namespace(beyond.as_bytes(), self.global);
            let namespace = self.machine.namespace_mut(dialect);
            namespace.path = vec![beyond];
            namespace.exports.push(Value::from("property"));
        }
        for id in [support, maker] {
            if let Some(part) = self.machine.oo.class_mut(id) {
                part.class_dialect = Some(Value::from("::oo::configuresupport::configurableclass"));
                if id == support {
                    part.object_dialect = Some(Value::from("::oo::configuresupport::configurableobject"));
                }
            }
        }
    }
}

impl Machine {
    /// Lets `info class` and `info object` be the ensembles that tell of classes and objects.
    pub(crate) fn connect_info(&mut self, interp: InterpId) {
        let global = self.interp(interp).global;
        let Some(info) = self.command_in(global, &Value::from("info")) else { return };
        if let CommandKind::Ensemble(info) = &self.command(info).kind {
            let mut info = info.borrow_mut();
            for (name, target) in [("object", "::oo::InfoObject"), ("class", "::oo::InfoClass")] {
                info.map.insert(&Value::from(name), Value::from(target));
            }
        }
    }
}
