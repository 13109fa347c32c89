//! TclOO: objects, classes, methods and the commands that define them and tell of them.
//!
//! Objects live in an arena of the machine; a class is an object with a class part. An object is its namespace and
//! three commands (its own, `my`, `myclass`), and it goes when any of the namespace and its own command goes.
//!
//! | file | what it is |
//! |---|---|
//! | `object` | objects, classes, and who knows whom |
//! | `method` | methods and calls of them |
//! | `chain` | which methods a call leads through |
//! | `names` | which methods there are to be called |
//! | `call` | invoking methods: by object, by `my`, by `next` |
//! | `variables` | declared variables in methods |
//! | `create`, `end`, `copy` | the life of objects |
//! | `core` | the methods of `oo::object` and `oo::class` |
//! | `special` | abstract and singleton classes |
//! | `context` | what methods ask about the call they are in: `self`, `next` and the like |
//! | `define`, `members`, `slot` | `oo::define`, `oo::objdefine` and what may be said in them |
//! | `property` | properties of configurable objects |
//! | `tell`, `tell_object`, `tell_class` | `info object` and `info class` |
//! | `foundation` | what there is from the beginning |

pub(crate) mod call;
pub(crate) mod chain;
mod context;
mod copy;
mod core;
mod create;
mod define;
pub(crate) mod end;
pub(crate) mod foundation;
mod members;
pub(crate) mod method;
mod names;
pub mod object;
mod property;
mod slot;
mod special;
mod tell;
mod tell_class;
mod tell_object;
#[cfg(test)]
mod tests;
pub(crate) mod variables;

use crate::interp::arena::{Arena, Id};
use crate::interp::namespace::NamespaceId;

pub(crate) use define::Definition;
pub use foundation::{COMMANDS, ENSEMBLES};
pub(crate) use method::MethodCall;
pub use object::{Form, Object, ObjectId};
pub(crate) use tell::method_body;

/// What a machine keeps of the objects of all its interpreters.
#[derive(Default)]
pub struct System {
    /// All objects.
    pub(crate) objects: Arena<Object>,
    /// How many namespaces of objects were made: the numbers in their names.
    pub(crate) made: u64,
    /// Changes when calls may lead through other methods than before.
    pub(crate) epoch: u32,
    /// Whether a script ever had names looked for in `::oo`.
    pub(crate) home_is_in_paths: bool,
    /// What the next namespace level that is opened defines.
    pub(crate) next_definition: Option<Definition>,
    /// The method call that the next namespace level that is opened belongs to.
    pub(crate) next_call: Option<std::rc::Rc<MethodCall>>,
}

/// What the object system of an interpreter is built on.
#[derive(Clone, Copy)]
pub struct Foundation {
    /// `oo::object`.
    pub(crate) object: ObjectId,
    /// `oo::class`.
    pub(crate) class: ObjectId,
    /// What instances of singleton classes are mixed with.
    pub(crate) singleton: ObjectId,
    /// What instances of configurable classes inherit from.
    pub(crate) configurable: ObjectId,
    /// The namespace `::oo`.
    pub(crate) home: NamespaceId,
    /// The namespace of the commands that only methods see.
    pub(crate) helpers: NamespaceId,
}

impl Default for Foundation {
    fn default() -> Foundation {
        Foundation {
            object: Id::NONE,
            class: Id::NONE,
            singleton: Id::NONE,
            configurable: Id::NONE,
            home: Id::NONE,
            helpers: Id::NONE,
        }
    }
}
