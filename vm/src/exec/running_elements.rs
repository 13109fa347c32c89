//! The elements of arrays whose traces run now.

use std::rc::{Rc, Weak};

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::interp::trace::Trace;
use crate::interp::var::VarCell;
use crate::value::Value;

/// How many elements are kept at least before those that have ended are looked for.
const ENOUGH_MIN: usize = 16;

/// An element of an array whose traces run, for as long as this lives.
pub(super) struct RunningElement {
    array: Rc<VarCell>,
}

impl RunningElement {
    /// Whether a trace is one of the whole array.
    pub(super) fn is_watched_by(&self, trace: &Rc<Trace>) -> bool {
        let traces = self.array.traces().borrow();
        traces.as_ref().is_some_and(|traces| traces.list.iter().any(|own| Rc::ptr_eq(own, trace)))
    }
}

/// The elements whose traces run: those of the array do not fire again for them, but they do for its other elements.
/// By the address of the array's variable and the element's name; those that have ended stay until there are many.
#[derive(Default)]
pub(super) struct RunningElements {
    elements: HashMap<(*const VarCell, Vec<u8>), Weak<RunningElement>, RandomState>,
    /// How many there may be before those that have ended are looked for.
    enough: usize,
}

impl RunningElements {
    /// Marks an element as one whose traces run; none if it is marked.
    pub(super) fn begin(&mut self, array: &Rc<VarCell>, key: &Value) -> Option<Rc<RunningElement>> {
        if self.elements.len() >= self.enough {
            self.elements.retain(|_, element| element.strong_count() > 0);
            self.enough = ENOUGH_MIN.max(2 * self.elements.len());
        }
        let marked = self.elements.entry((Rc::as_ptr(array), key.to_text())).or_default();
        if marked.strong_count() > 0 {
            return None;
        }
        let element = Rc::new(RunningElement { array: Rc::clone(array) });
        *marked = Rc::downgrade(&element);
        Some(element)
    }
}
