//! Traces: what is kept on variables and commands.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use super::Machine;
use super::var::ArrayObj;
use super::vars::Variable;
use crate::value::Value;

/// The operations that a trace watches, as bits.
pub mod ops {
    /// Variable read.
    pub const READ: u8 = 1;
    /// Variable write.
    pub const WRITE: u8 = 2;
    /// Variable unset.
    pub const UNSET: u8 = 4;
    /// Whole-array operation.
    pub const ARRAY: u8 = 8;
    /// Command renamed.
    pub const RENAME: u8 = 1;
    /// Command deleted.
    pub const DELETE: u8 = 2;
    /// Before the command runs.
    pub const ENTER: u8 = 4;
    /// After the command ran.
    pub const LEAVE: u8 = 8;
    /// Before each command inside it.
    pub const ENTER_STEP: u8 = 16;
    /// After each command inside it.
    pub const LEAVE_STEP: u8 = 32;
}

/// The function of a native trace: the array variable of an element (none once it is gone), the element, and the
/// operation as a bit of [`ops`]. An error is the reason why the operation fails. It runs no scripts.
pub type NativeTrace = fn(&mut Machine, Option<&Variable>, Option<&Value>, u8) -> Result<(), &'static str>;

/// One trace.
pub struct Trace {
    /// The operations, as bits of [`ops`].
    pub ops: u8,
    /// The command prefix.
    pub prefix: Value,
    /// Whether it is running: a trace does not fire inside itself.
    pub active: Cell<bool>,
    /// Whether it was removed while a walk over the traces was under way.
    pub removed: Cell<bool>,
    /// Made by `trace variable` of 8.6: operations are given as letters.
    pub old_style: bool,
    /// What it calls in the place of its prefix; scripts do not see such a trace.
    pub native: Option<NativeTrace>,
}

impl Trace {
    /// A trace that calls a function.
    pub fn native(ops: u8, function: NativeTrace) -> Trace {
        Trace {
            ops,
            prefix: Value::EMPTY,
            active: Cell::new(false),
            removed: Cell::new(false),
            old_style: false,
            native: Some(function),
        }
    }
}

/// Traces of a variable, newest first.
#[derive(Default)]
pub struct VarTraces {
    /// For the cell of an element that was linked to: its array, whose default it may have.
    pub array: Weak<ArrayObj>,
    /// The traces.
    pub list: Vec<Rc<Trace>>,
    /// The element's name if the variable is an element of an array: handlers are told of it.
    pub element: Option<Value>,
    /// Counters that every write and unset raises (`vwait`); scripts do not see them.
    pub watches: Vec<Rc<Cell<u64>>>,
}

/// Traces of a command, newest first.
#[derive(Default)]
pub struct CommandTraces {
    /// The traces.
    pub list: Vec<Rc<Trace>>,
}
