//! Which methods there are to be called, and what is said of those that are not.

use super::System;
use super::method::{Body, Declarer, Invoked, Method, Visibility};
use super::object::{Methods, ObjectId};
use crate::error;
use crate::interp::Machine;
use crate::interp::command::Outcome;
use crate::text;
use crate::value::{OrderedMap, Value};

/// What is known of a name.
#[derive(Clone, Copy)]
struct Known {
    is_listed: bool,
    is_implemented: bool,
}

/// Names of methods that are being collected.
struct Names {
    known: OrderedMap<Option<Known>>,
    only_public: bool,
    examined: Vec<ObjectId>,
}

impl Names {
    fn new(only_public: bool) -> Names {
        Names { known: OrderedMap::default(), only_public, examined: Vec::new() }
    }

    fn add(&mut self, name: &Value, method: &Method) {
        if method.visibility == Visibility::Private {
            return;
        }
        let is_implemented = !matches!(method.body, Body::Mark);
        match self.known.get_mut(name).and_then(Option::as_mut) {
            Some(known) => known.is_implemented |= is_implemented,
            None => {
                let is_listed = !self.only_public || method.visibility == Visibility::Public;
                self.known.insert(name, Some(Known { is_listed, is_implemented }));
            }
        }
    }

    fn add_private(&mut self, methods: &Methods) {
        for (name, method) in methods.iter() {
            if method.as_ref().is_some_and(|method| method.visibility == Visibility::Private) {
                self.known.insert(name, Some(Known { is_listed: true, is_implemented: true }));
            }
        }
    }

    fn add_class(&mut self, system: &System, start: ObjectId) {
        let mut next = vec![(start, false)];
        while let Some((id, is_ready)) = next.pop() {
            let Some(class) = system.class_if_any(id) else { continue };
            if !is_ready {
                if self.examined.contains(&id) {
                    continue;
                }
                self.examined.push(id);
                next.push((id, true));
                next.extend(class.members.mixins.iter().rev().map(|mixin| (*mixin, false)));
                continue;
            }
            for (name, method) in class.members.methods.iter() {
                if let Some(method) = method {
                    self.add(name, method);
                }
            }
            next.extend(class.superclasses.iter().rev().map(|class| (*class, false)));
        }
    }

    fn sorted(self) -> Vec<Value> {
        let wanted = |known: &Known| known.is_implemented && (!self.only_public || known.is_listed);
        let listed = self.known.iter().filter(|(_, known)| known.as_ref().is_some_and(wanted));
        let mut names: Vec<Value> = listed.map(|(name, _)| name.clone()).collect();
        names.sort_by(|a, b| a.text().cmp(&*b.text()));
        names
    }
}

impl System {
    /// The names of the methods of an object that can be called, sorted; `from` tells whose private ones count, too.
    pub(crate) fn method_names(
        &self,
        id: ObjectId,
        from: (Option<ObjectId>, Option<ObjectId>),
        only_public: bool,
    ) -> Vec<Value> {
        let object = self.object(id);
        let mut names = Names::new(only_public);
        for (name, method) in object.own.methods.iter() {
            if let Some(method) = method {
                names.add(name, method);
            }
        }
        if let Some(from) = from.0.and_then(|from| self.objects.get(from)) {
            names.add_private(&from.own.methods);
        }
        if let Some(from) = from.1.and_then(|from| self.class_if_any(from)) {
            names.add_private(&from.members.methods);
        }
        // What is found first says whether a name is listed: mixins come last here, unlike in calls. What the object's
        // class hides, its mixins do not show.
        if let Some(class) = self.class_if_any(object.class_of) {
            for (name, method) in class.members.methods.iter() {
                if let Some(method) = method.as_ref().filter(|method| method.visibility != Visibility::Public)
                {
                    names.add(name, method);
                }
            }
        }
        names.add_class(self, object.class_of);
        for mixin in &object.own.mixins {
            names.add_class(self, *mixin);
        }
        names.sorted()
    }

    /// The names of the methods that instances of a class have, sorted.
    pub(crate) fn method_names_of_class(&self, id: ObjectId, only_public: bool) -> Vec<Value> {
        let mut names = Names::new(only_public);
        names.add_class(self, id);
        names.sorted()
    }
}

/// The method `unknown` of all objects: says what could have been called.
pub(crate) fn unknown(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let Some(name) = invoked.args().first().cloned() else {
        return invoked.wrong_args(machine, "method ?arg ...?");
    };
    let id = invoked.call.object;
    let declarer = machine.method_call().map(|call| call.method().declarer);
    let from = match declarer {
        Some(Declarer::Object(from)) => (Some(from).filter(|from| *from == id), None),
        Some(Declarer::Class(from)) => (None, Some(from).filter(|from| machine.oo.is_instance(id, *from))),
        None => (None, None),
    };
    let is_public = invoked.call.chain.is_public;
    let names = machine.oo.method_names(id, from, is_public);
    let code = ["TCL".as_bytes(), b"LOOKUP", b"METHOD", &name.text()].map(<[u8]>::to_vec);
    if names.is_empty() {
        let object = machine.object_name(id);
        let what = if is_public { "visible methods" } else { "methods" };
        return Err(error!("object \"", object, "\" has no ", what).with_code(&code));
    }
    let mut listed = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let lead = match at {
            0 => "",
            _ if at + 1 == names.len() => " or ",
            _ => ", ",
        };
        listed = text![listed, lead, name];
    }
    Err(error!("unknown method \"", name, "\": must be ", listed).with_code(&code))
}
