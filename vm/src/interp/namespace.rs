//! Namespaces: commands, variables and children by name.

use std::cell::Cell;

use super::Interp;
use super::arena::Id;
use super::command::CommandId;
use crate::value::{OrderedMap, Value};

/// The identifier of a namespace.
pub type NamespaceId = Id<Namespace>;

/// A namespace.
pub struct Namespace {
    /// Its name without qualifiers; empty for the global one.
    pub tail: Value,
    /// Its whole name, `::` for the global one.
    pub name: Value,
    /// The namespace around it.
    pub parent: Option<NamespaceId>,
    /// The interpreter that it belongs to.
    pub interp: Id<Interp>,
    /// Namespaces inside it.
    pub children: OrderedMap<Option<NamespaceId>>,
    /// Its commands.
    pub commands: OrderedMap<Option<CommandId>>,
    /// Its variables: every value is a link to a cell.
    pub variables: OrderedMap<Value>,
    /// Changes when a variable of it moves or goes.
    pub variable_epoch: u32,
    /// Where commands are also looked for.
    pub path: Vec<NamespaceId>,
    /// Export patterns.
    pub exports: Vec<Value>,
    /// The handler of unknown commands, if it has one of its own.
    pub unknown: Option<Value>,
    /// Names of variables that are links to variables elsewhere.
    pub links: Vec<Value>,
    /// Whether it is being deleted: it is found no more.
    pub dying: bool,
    /// Whether it is being taken to pieces.
    pub killed: bool,
    /// Whether it was taken out of the namespace around it while frames ran in it.
    pub detached: bool,
    /// Values that packages hang on it (ensembles made by it).
    pub attached: Vec<CommandId>,
    /// The core epoch under which no name in it is one that the compiler knows; see [`Machine::is_ordinary`].
    ///
    /// [`Machine::is_ordinary`]: crate::interp::Machine::is_ordinary
    pub ordinary: Cell<u32>,
    /// Whether it had nothing in it any more that could be found when its end began.
    pub is_bare: bool,
    /// The object whose namespace it is, if it is one's.
    pub object: crate::oo::ObjectId,
}

impl Namespace {
    /// A namespace inside `parent`.
    pub fn new(tail: Value, name: Value, parent: Option<NamespaceId>, interp: Id<Interp>) -> Namespace {
        Namespace {
            tail,
            name,
            parent,
            interp,
            children: OrderedMap::default(),
            commands: OrderedMap::default(),
            variables: OrderedMap::default(),
            variable_epoch: 0,
            path: Vec::new(),
            exports: Vec::new(),
            unknown: None,
            links: Vec::new(),
            dying: false,
            killed: false,
            detached: false,
            attached: Vec::new(),
            ordinary: Cell::new(0),
            is_bare: false,
            object: Id::NONE,
        }
    }

    /// What comes before the names of commands in it that an ensemble of it leads to: the reference forgets the
    /// separator when the namespace has been deleted while it is in use.
    pub fn prefix_of_targets(&self) -> Vec<u8> {
        let separator: &[u8] = if self.parent.is_some() { b"::" } else { b"" };
        [&self.name.text(), separator].concat()
    }

    /// Whether it is an interpreter's global namespace.
    pub fn is_global(&self) -> bool {
        self.parent.is_none() && !self.detached
    }
}

/// The parts of a qualified name: those before the last `::`, and the rest.
/// `None` for a name without qualifiers.
pub fn split_qualified(name: &[u8]) -> Option<(&[u8], &[u8])> {
    memchr::memchr(b':', name)?;
    // Names are short: a searcher that is made for each costs more than it saves.
    let at = name.windows(2).rposition(|pair| pair == b"::")?;
    let tail = &name[at + 2..];
    let mut head = &name[..at];
    while head.last() == Some(&b':') {
        head = &head[..head.len() - 1];
    }
    // `::x` and `:::x` have the global namespace as their head.
    Some((if head.is_empty() { b"::" } else { &name[..head.len()] }, tail))
}

/// The simple names of a qualified namespace name, empty ones left out, and whether it is absolute.
pub fn components(name: &[u8]) -> (bool, Vec<&[u8]>) {
    let absolute = name.starts_with(b"::");
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"::") {
        if at > 0 {
            parts.push(&rest[..at]);
        }
        rest = &rest[at + 2..];
        while rest.first() == Some(&b':') {
            rest = &rest[1..];
        }
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    (absolute, parts)
}
