//! Methods and calls of them.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::chain::{Chain, Link};
use super::object::ObjectId;
use super::variables::{Bindings, Registers};
use crate::interp::Machine;
use crate::interp::command::{Outcome, Proc};
use crate::value::Value;

/// From where a method can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// From anywhere.
    Public,
    /// By `my` only.
    Unexported,
    /// From methods of the same class or object only.
    Private,
}

/// What declares a method: an object for itself, or a class for its instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declarer {
    Object(ObjectId),
    Class(ObjectId),
}

impl Declarer {
    /// The object that declares, a class or not.
    pub(crate) fn id(self) -> ObjectId {
        match self {
            Declarer::Object(id) | Declarer::Class(id) => id,
        }
    }

    /// The class, if it is one that declares.
    pub(crate) fn class(self) -> Option<ObjectId> {
        match self {
            Declarer::Class(id) => Some(id),
            Declarer::Object(_) => None,
        }
    }
}

/// A method.
pub(crate) struct Method {
    /// Its name.
    pub name: Value,
    /// From where it can be called.
    pub visibility: Visibility,
    /// What it does.
    pub body: Body,
    /// What declares it.
    pub declarer: Declarer,
    /// Where its code has the variables that are declared for it.
    pub registers: RefCell<Registers>,
}

/// What a method does.
#[derive(Clone)]
pub(crate) enum Body {
    /// Nothing: it only says whether methods of that name are exported.
    Mark,
    /// Something built in.
    Core(&'static CoreMethod),
    /// A script.
    Procedure(Rc<Proc>),
    /// A command with these words first.
    Forward(Vec<Value>),
    /// Reads the variable of a property.
    ReadProperty(Value),
    /// Writes the variable of a property.
    WriteProperty(Value),
}

impl Body {
    /// What kind of method it is, as scripts are told.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Body::Core(core) => core.kind,
            Body::Procedure(_) => "method",
            Body::Forward(_) => "forward",
            Body::ReadProperty(_) => "PropertyGetter",
            Body::WriteProperty(_) => "PropertySetter",
            Body::Mark => "",
        }
    }
}

/// A method that is built in.
pub(crate) struct CoreMethod {
    /// Its name.
    pub name: &'static str,
    /// What kind of method it is, as scripts are told.
    pub kind: &'static str,
    /// From where it can be called.
    pub visibility: Visibility,
    /// What it does.
    pub run: fn(&mut Machine, Invoked) -> Outcome,
}

impl CoreMethod {
    /// A row of a table of built-in methods.
    pub(crate) const fn new(
        name: &'static str,
        kind: &'static str,
        visibility: Visibility,
        run: fn(&mut Machine, Invoked) -> Outcome,
    ) -> CoreMethod {
        CoreMethod { name, kind, visibility, run }
    }
}

/// A built-in method's view of its call.
pub(crate) struct Invoked {
    /// The call.
    pub call: Rc<MethodCall>,
    /// All words.
    pub words: Vec<Value>,
    /// How many of them come before the arguments.
    pub skip: usize,
}

impl Invoked {
    /// The arguments.
    pub(crate) fn args(&self) -> &[Value] {
        self.words.get(self.skip..).unwrap_or_default()
    }

    /// The error about the number of arguments.
    pub(crate) fn wrong_args(&self, machine: &mut Machine, usage: &str) -> Outcome {
        Err(machine.wrong_args(&self.words, self.skip, usage))
    }
}

/// A call of one of the methods of a chain. It never changes, so that objects keep calls for the next time.
pub(crate) struct MethodCall {
    /// The object.
    pub object: ObjectId,
    /// The methods that the call leads through.
    pub chain: Rc<Chain>,
    /// Which one of them this is.
    pub index: usize,
    /// The call of the next one.
    next: OnceCell<Rc<MethodCall>>,
    /// Where the declared variables are.
    pub bindings: RefCell<Bindings>,
}

impl Drop for MethodCall {
    fn drop(&mut self) {
        // One after the other: there may be as many as classes inherit from each other.
        let mut next = self.next.take();
        while let Some(mut call) = next.and_then(Rc::into_inner) {
            next = call.next.take();
        }
    }
}

impl MethodCall {
    /// A call of method number `index` of a chain.
    pub(crate) fn new(object: ObjectId, chain: Rc<Chain>, index: usize) -> Rc<MethodCall> {
        Rc::new(MethodCall { object, chain, index, next: OnceCell::new(), bindings: RefCell::default() })
    }

    /// The link of the chain.
    pub(crate) fn link(&self) -> &Link {
        &self.chain.links[self.index]
    }

    /// The method.
    pub(crate) fn method(&self) -> &Rc<Method> {
        &self.link().method
    }

    /// The call of the next method of the chain, if there is one.
    pub(crate) fn next(&self) -> Option<Rc<MethodCall>> {
        if self.index + 1 >= self.chain.links.len() {
            return None;
        }
        let next = self.next.get_or_init(|| self.at(self.index + 1));
        Some(Rc::clone(next))
    }

    /// A call of another method of the chain.
    pub(crate) fn at(&self, index: usize) -> Rc<MethodCall> {
        MethodCall::new(self.object, Rc::clone(&self.chain), index)
    }

    /// The name of the method as scripts are told.
    pub(crate) fn shown_name(&self) -> Value {
        self.chain.shown_name(self.link())
    }
}
