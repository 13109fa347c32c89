//! The elements of arrays whose traces run now.

use std::rc::{Rc, Weak};

use crate::interp::trace::Trace;
use crate::interp::var::VarCell;
use crate::value::Value;

/// An element of an array whose traces run, for as long as this lives.
pub(super) struct RunningElement {
    array: Rc<VarCell>,
    key: Value,
}

impl RunningElement {
    /// Whether a trace is one of the whole array.
    pub(super) fn is_watched_by(&self, trace: &Rc<Trace>) -> bool {
        let traces = self.array.traces().borrow();
        traces.as_ref().is_some_and(|traces| traces.list.iter().any(|own| Rc::ptr_eq(own, trace)))
    }
}

/// The elements whose traces run: those of the array do not fire again for them, but they do for its other elements.
#[derive(Default)]
pub(super) struct RunningElements(Vec<Weak<RunningElement>>);

impl RunningElements {
    /// Marks an element as one whose traces run; none if it is marked.
    pub(super) fn begin(&mut self, array: &Rc<VarCell>, key: &Value) -> Option<Rc<RunningElement>> {
        self.0.retain(|element| element.strong_count() > 0);
        let is_marked = self
            .0
            .iter()
            .filter_map(Weak::upgrade)
            .any(|element| Rc::ptr_eq(&element.array, array) && *element.key.text() == *key.text());
        if is_marked {
            return None;
        }
        let element = Rc::new(RunningElement { array: Rc::clone(array), key: key.clone() });
        self.0.push(Rc::downgrade(&element));
        Some(element)
    }
}
