//! Which methods a call leads through.
//!
//! A chain has the filters first, then the methods of mixins, then those of the object, of its class and of the
//! superclasses. A method that is found more than once stands where it was found last. Classes are walked through with
//! a list of what is still to do: their depth is up to scripts.

use std::rc::Rc;

use super::System;
use super::method::{Body, Method, MethodCall, Visibility};
use super::object::{Class, KnownCall, KnownChain, Object, ObjectId};
use crate::interp::Machine;
use crate::value::Value;

/// What kind of methods a chain has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Method,
    Constructor,
    Destructor,
}

impl Kind {
    /// The word for it in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Method => "method",
            Kind::Constructor => "constructor",
            Kind::Destructor => "destructor",
        }
    }
}

/// The methods that a call leads through.
pub(crate) struct Chain {
    /// The methods.
    pub links: Vec<Link>,
    /// What kind they are.
    pub kind: Kind,
    /// Whether there is no method of the name and `unknown` is called instead.
    pub is_unknown: bool,
    /// Whether it is called by the object's name.
    pub is_public: bool,
    /// Whether it was made while a filter ran.
    pub is_filtering: bool,
}

impl Chain {
    /// The name of a method in the chain as scripts are told.
    pub(crate) fn shown_name(&self, link: &Link) -> Value {
        match self.kind {
            Kind::Method => link.method.name.clone(),
            Kind::Constructor => Value::from("<constructor>"),
            Kind::Destructor => Value::from("<destructor>"),
        }
    }

    /// How many words come before the arguments in a call by an object's command.
    pub(crate) fn skip(&self) -> usize {
        if self.is_unknown { 1 } else { 2 }
    }
}

/// A method in a chain.
#[derive(Clone)]
pub(crate) struct Link {
    /// The method.
    pub method: Rc<Method>,
    /// Whether it is there as a filter.
    pub is_filter: bool,
    /// The class that declares the filter; none if the object does.
    pub filter_class: Option<ObjectId>,
}

/// What a call asks for.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// The method's name; none if nothing was named.
    pub name: Option<&'a Value>,
    /// By the object's name or by `my`.
    pub is_public: bool,
    /// The object for which the calling method was declared.
    pub from_object: Option<ObjectId>,
    /// The class for which the calling method was declared.
    pub from_class: Option<ObjectId>,
}

/// What is known on the way through classes.
#[derive(Clone, Copy)]
struct Pass {
    /// Whether mixins are looked for, or all but mixins.
    for_mixins: bool,
    /// Whether the way led through a mixin.
    in_mixin: bool,
    /// Whether filters of an object's mixins are looked for.
    in_object_mixin: bool,
    /// Whether a method said already that the name is exported, or it does not matter.
    is_settled: bool,
    is_public: bool,
}

impl Pass {
    fn new(is_public: bool, for_mixins: bool) -> Pass {
        Pass { for_mixins, in_mixin: false, in_object_mixin: false, is_settled: false, is_public }
    }

    fn is_consistent(self) -> bool {
        self.in_object_mixin || self.for_mixins == self.in_mixin
    }

    fn mixed_in(self) -> Pass {
        Pass { in_mixin: true, ..self }
    }
}

/// What is still to do on the way through classes.
enum Visit {
    /// A class: its mixins, itself, its superclasses.
    Class(ObjectId, Pass),
    /// Itself and its superclasses.
    Own(ObjectId, Pass),
}

/// The way through a class, what it is mixed with and what it inherits from, in the order of calls.
struct Walk<'s> {
    system: &'s System,
    visits: Vec<Visit>,
}

impl<'s> Walk<'s> {
    fn new(system: &'s System, start: ObjectId, pass: Pass) -> Walk<'s> {
        Walk { system, visits: vec![Visit::Class(start, pass)] }
    }

    /// Goes on with mixins.
    fn mix_in(&mut self, mixins: &[ObjectId], pass: Pass) {
        self.visits.extend(mixins.iter().rev().map(|mixin| Visit::Class(*mixin, pass.mixed_in())));
    }

    /// Goes on with what a class inherits from.
    fn inherit(&mut self, class: &Class, pass: Pass) {
        self.visits.extend(class.superclasses.iter().rev().map(|class| Visit::Class(*class, pass)));
    }

    /// The next class, and how it is come to.
    fn next(&mut self) -> Option<(ObjectId, &'s Class, Pass)> {
        while let Some(visit) = self.visits.pop() {
            let (Visit::Class(id, pass) | Visit::Own(id, pass)) = visit;
            let Some(class) = self.system.class_if_any(id) else { continue };
            if matches!(visit, Visit::Own(..)) {
                return Some((id, class, pass));
            }
            self.visits.push(Visit::Own(id, pass));
            self.mix_in(&class.members.mixins, pass);
        }
        None
    }
}

/// How methods come into the chain that is being made.
#[derive(Clone, Copy, Default)]
struct Role {
    is_filter: bool,
    filter_class: Option<ObjectId>,
}

/// A chain that is being made.
struct Builder<'a> {
    system: &'a System,
    /// The object's own part; none for what any instance of a class has.
    object: Option<&'a Object>,
    class: ObjectId,
    links: Vec<Link>,
    /// How many of them are filters.
    filters: usize,
    /// Whether the chain may be another one when asked for from elsewhere.
    depends_on_caller: bool,
}

impl<'a> Builder<'a> {
    fn new(system: &'a System, object: Option<&'a Object>, class: ObjectId) -> Builder<'a> {
        Builder { system, object, class, links: Vec::new(), filters: 0, depends_on_caller: false }
    }

    fn add(&mut self, method: &Rc<Method>, pass: Pass, role: Role) {
        if matches!(method.body, Body::Mark) || !pass.is_consistent() {
            return;
        }
        let known = self.links[self.filters..]
            .iter()
            .position(|link| Rc::ptr_eq(&link.method, method) && link.is_filter == role.is_filter);
        if let Some(at) = known {
            // It comes as late as possible.
            let link = self.links.remove(self.filters + at);
            self.links.push(link);
            return;
        }
        let Role { is_filter, filter_class } = role;
        self.links.push(Link { method: Rc::clone(method), is_filter, filter_class });
    }

    /// Adds the methods of a class and of what it inherits from. `name` is none for constructors and destructors.
    fn add_class(&mut self, start: ObjectId, kind: Kind, name: Option<&Value>, pass: Pass, role: Role) {
        let mut walk = Walk::new(self.system, start, pass);
        while let Some((_, class, pass)) = walk.next() {
            if let Some(pass) = self.add_own(class, kind, name, pass, role) {
                walk.inherit(class, pass);
            }
        }
    }

    /// Adds the method of a class itself. Answers nothing if what it inherits does not matter.
    fn add_own(
        &mut self,
        class: &Class,
        kind: Kind,
        name: Option<&Value>,
        mut pass: Pass,
        role: Role,
    ) -> Option<Pass> {
        let method = match (kind, name) {
            (Kind::Constructor, _) => class.constructor.as_ref(),
            (Kind::Destructor, _) => class.destructor.as_ref(),
            (Kind::Method, Some(name)) => class.members.methods.get(name).and_then(Option::as_ref),
            (Kind::Method, None) => None,
        };
        if kind != Kind::Method {
            if let Some(method) = method {
                self.add(method, pass, role);
            }
            return Some(pass);
        }
        self.depends_on_caller |= class.members.has_private;
        if let Some(method) = method.filter(|method| method.visibility != Visibility::Private) {
            if !pass.is_settled {
                if pass.is_public && method.visibility != Visibility::Public {
                    return None;
                }
                pass.is_settled = true;
            }
            self.add(method, pass, role);
        }
        Some(pass)
    }

    /// Adds the private method of `wanted`, if that is on the way from a class.
    fn add_private(&mut self, start: ObjectId, wanted: ObjectId, name: &Value, pass: Pass, role: Role) {
        let mut walk = Walk::new(self.system, start, pass);
        while let Some((id, class, pass)) = walk.next() {
            if id == wanted
                && let Some(Some(method)) = class.members.methods.get(name)
                && method.visibility == Visibility::Private
            {
                self.depends_on_caller = true;
                self.add(method, pass, role);
                return;
            }
            walk.inherit(class, pass);
        }
    }

    /// Adds the methods called `name`, of the object and all its classes.
    fn add_named(&mut self, name: &Value, from_class: Option<ObjectId>, mut pass: Pass, role: Role) {
        let mut is_blocked = false;
        if let Some(object) = self.object {
            let own = object.own.methods.get(name).and_then(Option::as_ref);
            let own = own.filter(|method| method.visibility != Visibility::Private);
            if let Some(method) = own {
                if pass.is_public && method.visibility != Visibility::Public {
                    is_blocked = true;
                } else {
                    pass.is_settled = true;
                }
            }
            for mixin in &object.own.mixins {
                if let Some(from) = from_class {
                    self.add_private(*mixin, from, name, pass.mixed_in(), role);
                }
                // What the object itself hides, its mixins may show.
                self.add_class(*mixin, Kind::Method, Some(name), pass.mixed_in(), role);
            }
            self.depends_on_caller |= object.own.has_private;
            if let Some(method) = own.filter(|_| !is_blocked) {
                self.add(method, pass, role);
            }
        }
        if let Some(from) = from_class {
            self.add_private(self.class, from, name, pass, role);
        }
        if !is_blocked {
            self.add_class(self.class, Kind::Method, Some(name), pass, role);
        }
    }

    /// Adds the methods called `name`, those of mixins first.
    fn add_both(&mut self, name: &Value, from_class: Option<ObjectId>, is_public: bool, role: Role) {
        for for_mixins in [true, false] {
            self.add_named(name, from_class, Pass::new(is_public, for_mixins), role);
        }
    }

    /// Adds the filters that a class and those it inherits from declare.
    fn add_filters(&mut self, start: ObjectId, pass: Pass, done: &mut Vec<Value>) {
        let mut walk = Walk::new(self.system, start, pass);
        while let Some((id, class, pass)) = walk.next() {
            if pass.is_consistent() {
                for filter in &class.members.filters {
                    if !done.contains(filter) {
                        done.push(filter.clone());
                        let role = Role { is_filter: true, filter_class: Some(id) };
                        self.add_both(filter, None, pass.is_public, role);
                    }
                }
            }
            walk.inherit(class, pass);
        }
    }

    /// Adds all filters.
    fn add_all_filters(&mut self, from_class: Option<ObjectId>) {
        let mut done = Vec::new();
        let pass = Pass::new(false, true);
        if let Some(object) = self.object {
            for mixin in &object.own.mixins {
                self.add_filters(*mixin, pass.mixed_in(), &mut done);
                let all = Pass { for_mixins: false, in_object_mixin: true, ..pass };
                self.add_filters(*mixin, all, &mut done);
            }
            for filter in &object.own.filters {
                let role = Role { is_filter: true, filter_class: None };
                self.add_both(filter, from_class, false, role);
                done.push(filter.clone());
            }
        }
        self.add_filters(self.class, pass, &mut done);
        self.add_filters(self.class, Pass { for_mixins: false, ..pass }, &mut done);
        self.filters = self.links.len();
    }

    /// Adds what a call asks for. Answers whether it is `unknown`.
    fn add_wanted(&mut self, id: Option<ObjectId>, wanted: Wanted, unknown: &Value) -> bool {
        if let Some(name) = wanted.name {
            if let Some(object) = self.object
                && id.is_some()
                && id == wanted.from_object
                && let Some(Some(method)) = object.own.methods.get(name)
                && method.visibility == Visibility::Private
            {
                self.depends_on_caller = true;
                self.add(method, Pass::new(false, false), Role::default());
            }
            self.add_both(name, wanted.from_class, wanted.is_public, Role::default());
            if self.links.len() > self.filters {
                return false;
            }
        }
        self.add_both(unknown, None, false, Role::default());
        true
    }
}

impl System {
    /// The chain of a call of an object's method; none if not even `unknown` is there. Says whether it may be another
    /// one for another caller.
    fn make_chain(&self, id: ObjectId, wanted: Wanted) -> (Option<Chain>, bool) {
        let object = self.object(id);
        let mut builder = Builder::new(self, Some(object), object.class_of);
        if !object.is_filtering && wanted.name.is_some() {
            builder.add_all_filters(wanted.from_class);
        }
        let is_unknown = builder.add_wanted(Some(id), wanted, &Value::from("unknown"));
        let depends = builder.depends_on_caller;
        let links = builder.links;
        let nothing = links.len() == builder.filters;
        let chain = Chain {
            links,
            kind: Kind::Method,
            is_unknown,
            is_public: wanted.is_public,
            is_filtering: object.is_filtering,
        };
        ((!nothing).then_some(chain), depends)
    }

    /// The chain of a call of a method of any instance of a class.
    pub(crate) fn chain_of_class(&self, class: ObjectId, name: &Value) -> Option<Chain> {
        let mut builder = Builder::new(self, None, class);
        builder.add_all_filters(None);
        let wanted = Wanted { name: Some(name), is_public: true, from_object: None, from_class: None };
        let is_unknown = builder.add_wanted(None, wanted, &Value::from("unknown"));
        let links = builder.links;
        (links.len() > builder.filters).then_some(Chain {
            links,
            kind: Kind::Method,
            is_unknown,
            is_public: true,
            is_filtering: false,
        })
    }

    /// The chain of an object's constructors or destructors, if it has any.
    pub(crate) fn life_chain(&mut self, id: ObjectId, kind: Kind) -> Option<Rc<Chain>> {
        let class = self.object(id).class_of;
        let slot = usize::from(kind == Kind::Destructor);
        let part = self.class_if_any(class)?;
        let epochs = (self.epoch, part.epoch);
        if let Some(known) = &part.life_chains[slot]
            && known.epochs == epochs
        {
            return known.chain.clone();
        }
        let mut builder = Builder::new(self, None, class);
        for for_mixins in [true, false] {
            builder.add_class(class, kind, None, Pass::new(false, for_mixins), Role::default());
        }
        let links = builder.links;
        let chain = (!links.is_empty()).then(|| {
            Rc::new(Chain { links, kind, is_unknown: false, is_public: false, is_filtering: false })
        });
        if let Some(part) = self.class_mut(class) {
            part.life_chains[slot] = Some(KnownChain { epochs, chain: chain.clone() });
        }
        chain
    }

    /// The call of an object's method that was found before, if it may be made from anywhere.
    #[inline]
    pub(crate) fn known_call<'a>(
        &self,
        object: &'a Object,
        name: &Value,
        is_public: bool,
    ) -> Option<&'a Rc<MethodCall>> {
        let known = object.calls[usize::from(is_public)].get(name)?.as_ref()?;
        (known.epochs == (self.epoch, object.epoch)).then_some(&known.call)
    }

    /// The call of an object's method, found again if it was made before.
    pub(crate) fn find_call(&mut self, id: ObjectId, wanted: Wanted) -> Option<Rc<MethodCall>> {
        let object = self.objects.get(id)?;
        let way = usize::from(wanted.is_public);
        let epochs = (self.epoch, object.epoch);
        let cached = if object.is_filtering { None } else { wanted.name };
        if let Some(name) = cached
            && let Some(Some(known)) = object.calls[way].get(name)
            && known.epochs == epochs
        {
            return Some(Rc::clone(&known.call));
        }
        let class_of = object.class_of;
        let by_class = cached.filter(|_| object.is_plain());
        let class_epoch = self.class_if_any(class_of).map_or(0, |class| class.epoch);
        let class_epochs = (self.epoch, class_epoch);
        let shared = by_class.and_then(|name| {
            let known = self.class_if_any(class_of)?.chains[way].get(name)?.as_ref()?;
            (known.epochs == class_epochs).then(|| known.chain.clone()).flatten()
        });
        let (chain, depends) = match shared {
            Some(chain) => (chain, false),
            None => {
                let (chain, depends) = self.make_chain(id, wanted);
                (Rc::new(chain?), depends)
            }
        };
        let call = MethodCall::new(id, Rc::clone(&chain), 0);
        if let Some(name) = cached.filter(|_| !depends && !chain.is_unknown) {
            if by_class.is_some()
                && let Some(class) = self.class_mut(class_of)
            {
                let known = KnownChain { epochs: class_epochs, chain: Some(chain) };
                class.chains[way].insert(name, Some(known));
            }
            let known = KnownCall { epochs, call: Rc::clone(&call) };
            self.object_mut(id).calls[way].insert(name, Some(known));
        }
        Some(call)
    }
}

impl System {
    /// The classes that say where an object is defined, those that come first in calls first.
    pub(crate) fn dialect_classes(&self, id: ObjectId) -> Vec<ObjectId> {
        let object = self.object(id);
        let mut found: Vec<ObjectId> = Vec::new();
        for for_mixins in [true, false] {
            let pass = Pass::new(false, for_mixins);
            let mut walk = Walk::new(self, object.class_of, pass);
            walk.mix_in(&object.own.mixins, pass);
            while let Some((id, class, pass)) = walk.next() {
                if pass.is_consistent() && !found.contains(&id) {
                    found.push(id);
                }
                walk.inherit(class, pass);
            }
        }
        found
    }
}

impl Machine {
    /// A chain as scripts are told: four words for each method.
    pub(crate) fn shown_chain(&mut self, chain: &Chain) -> Value {
        let mut list = Vec::new();
        for link in &chain.links {
            let role = match link.method.visibility {
                _ if link.is_filter => "filter",
                _ if chain.is_unknown => "unknown",
                Visibility::Private => "private",
                _ => "method",
            };
            let declarer = match link.method.declarer.class() {
                Some(class) => self.object_name(class),
                None => Value::from("object"),
            };
            let kind = Value::from(link.method.body.kind());
            list.push(Value::list(vec![Value::from(role), chain.shown_name(link), declarer, kind]));
        }
        Value::list(list)
    }
}
