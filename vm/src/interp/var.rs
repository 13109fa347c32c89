//! Variable cells and array variables: what a variable is once it is more than
//! a register.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::trace::VarTraces;
use crate::value::{OrderedMap, Tag, Value};

/// A variable on the heap: namespace variables, and locals that are linked or traced.
pub struct VarCell {
    value: RefCell<Value>,
    flags: Cell<u8>,
    traces: RefCell<Option<Box<VarTraces>>>,
}

/// The variable's scope is gone, or it was unset in its namespace.
const GONE: u8 = 1;
/// Reads, writes or unsets are traced.
const TRACED: u8 = 2;
/// A constant.
const CONST: u8 = 4;
/// `variable` made it: it shows in its namespace though it has no value.
const DECLARED: u8 = 8;
/// It lives in a namespace.
const IN_NAMESPACE: u8 = 16;

impl Default for VarCell {
    fn default() -> VarCell {
        VarCell::new(Value::UNSET)
    }
}

macro_rules! flags {
    ($($(#[$doc:meta])* $get:ident, $set:ident = $flag:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $get(&self) -> bool {
            self.flags.get() & $flag != 0
        }

        /// Sets the flag of the same name.
        pub fn $set(&self, on: bool) {
            let flags = self.flags.get();
            self.flags.set(if on { flags | $flag } else { flags & !$flag });
        }
    )*};
}

impl VarCell {
    /// The cell with a value, unset or an array included.
    pub fn new(value: Value) -> VarCell {
        VarCell { value: RefCell::new(value), flags: Cell::new(0), traces: RefCell::new(None) }
    }

    flags! {
        /// Whether the variable's scope is gone.
        is_gone, set_gone = GONE;
        /// Whether the variable has traces.
        is_traced, set_traced = TRACED;
        /// Whether it is a constant.
        is_const, set_const = CONST;
        /// Whether `variable` declared it.
        is_declared, set_declared = DECLARED;
        /// Whether it lives in a namespace.
        is_in_namespace, set_in_namespace = IN_NAMESPACE;
    }

    /// Whether a store needs no more than putting the value in.
    #[inline]
    pub fn is_plain(&self) -> bool {
        self.flags.get() & (TRACED | CONST | GONE) == 0
    }

    /// A copy of what it holds: a scalar, an array or unset.
    #[inline]
    pub fn get(&self) -> Value {
        self.value.borrow().clone()
    }

    /// What kind of thing it holds.
    #[inline]
    pub fn tag(&self) -> Tag {
        self.value.borrow().tag()
    }

    /// Puts `value` in.
    #[inline]
    pub fn set(&self, value: Value) {
        let old = self.value.replace(value);
        drop(old);
    }

    /// Takes what it holds out, leaving it unset.
    #[inline]
    pub fn take(&self) -> Value {
        self.value.borrow_mut().take()
    }

    /// Changes what it holds in place.
    #[inline]
    pub fn with_mut<R>(&self, change: impl FnOnce(&mut Value) -> R) -> R {
        change(&mut self.value.borrow_mut())
    }

    /// Looks at what it holds.
    #[inline]
    pub fn with<R>(&self, look: impl FnOnce(&Value) -> R) -> R {
        look(&self.value.borrow())
    }

    /// Where what it holds is.
    #[inline]
    pub(crate) fn as_ptr(&self) -> *mut Value {
        self.value.as_ptr()
    }

    /// The traces, to look at or change.
    pub fn traces(&self) -> &RefCell<Option<Box<VarTraces>>> {
        &self.traces
    }

    /// Raises `counter` from now on whenever the variable, or an element of it, is written or unset.
    pub fn watch(&self, counter: Rc<Cell<u64>>) {
        self.traces.borrow_mut().get_or_insert_default().watches.push(counter);
        self.set_traced(true);
    }

    /// Ends what [`VarCell::watch`] began.
    pub fn unwatch(&self, counter: &Rc<Cell<u64>>) {
        let mut traces = self.traces.borrow_mut();
        let Some(held) = traces.as_deref_mut() else {
            return;
        };
        held.watches.retain(|watch| !Rc::ptr_eq(watch, counter));
        if held.list.is_empty() && held.watches.is_empty() {
            *traces = None;
            self.set_traced(false);
        }
    }

    /// Whether it is an element of an array, which cannot become an array itself.
    pub fn is_element(&self) -> bool {
        self.traces.borrow().as_ref().is_some_and(|traces| traces.element.is_some())
    }

    /// Notes the array that the cell is an element of.
    pub fn set_array(&self, array: &Rc<ArrayObj>) {
        if let Some(traces) = &mut *self.traces.borrow_mut() {
            traces.array = Rc::downgrade(array);
        }
    }

    /// The default that an element without a value has from its array.
    pub fn array_default(&self) -> Option<Value> {
        let array = self.traces.borrow().as_ref()?.array.upgrade()?;
        array.default_value().borrow().clone()
    }

    /// The array that it holds, if it is one.
    pub fn array(&self) -> Option<Rc<ArrayObj>> {
        self.value.borrow().array_rc()
    }
}

/// An array variable. An element is a value, or a link to a cell of its own
/// when it is linked or traced.
#[derive(Default)]
pub struct ArrayObj {
    elements: RefCell<OrderedMap<Value>>,
    default: RefCell<Option<Value>>,
    /// Whether any element was ever given a cell of its own.
    has_cells: Cell<bool>,
    searches: RefCell<Vec<Search>>,
}

/// A search begun by `array startsearch`.
pub struct Search {
    /// Its number in the identifier.
    pub number: u32,
    /// The names that are still to come, last first.
    pub names: Vec<Value>,
    /// Whether a loop began it that was left before its end.
    pub abandoned: bool,
}

impl ArrayObj {
    /// The elements by name.
    pub fn elements(&self) -> &RefCell<OrderedMap<Value>> {
        &self.elements
    }

    /// The default for elements that do not exist.
    pub fn default_value(&self) -> &RefCell<Option<Value>> {
        &self.default
    }

    /// The searches under way.
    pub fn searches(&self) -> &RefCell<Vec<Search>> {
        &self.searches
    }

    /// A new search's number: one more than that of any search under way.
    pub fn next_search_number(&self) -> u32 {
        self.searches.borrow().iter().map(|search| search.number).max().unwrap_or(0) + 1
    }

    /// The element's value, links followed; `None` if it has none.
    pub fn get(&self, key: &Value) -> Option<Value> {
        let elements = self.elements.borrow();
        let element = elements.get(key)?;
        let value = match element.cell_rc() {
            Some(cell) => cell.get(),
            None => element.clone(),
        };
        (!value.is_unset()).then_some(value)
    }

    /// Whether any element may have a cell of its own.
    pub(crate) fn has_cells(&self) -> bool {
        self.has_cells.get()
    }

    /// Where the value of an element is that is neither linked nor traced.
    pub(crate) fn plain_element(&self, key: &Value) -> Option<*mut Value> {
        let mut elements = self.elements.borrow_mut();
        let element = elements.get_mut(key)?;
        (!matches!(element.tag(), Tag::Link | Tag::Unset)).then_some(&raw mut *element)
    }

    /// Whether there is an entry for the element `key`.
    pub(crate) fn has(&self, key: &Value) -> bool {
        self.elements.borrow().contains(key)
    }

    /// Adds an element that is not there; searches under way end.
    pub(crate) fn add(&self, key: &Value, value: Value) {
        self.elements.borrow_mut().insert(key, value);
        self.searches.borrow_mut().clear();
    }

    /// The cell of the element `key`, made (unset) if need be.
    pub fn element_cell(&self, key: &Value) -> Rc<VarCell> {
        let mut elements = self.elements.borrow_mut();
        let element = elements.get_or_insert_with(key, || Value::UNSET);
        if let Some(cell) = element.cell_rc() {
            return cell;
        }
        self.has_cells.set(true);
        if element.is_unset() {
            // A new name ends the searches under way, though it has no value yet.
            self.searches.borrow_mut().clear();
        }
        let cell = Rc::new(VarCell::new(element.take()));
        let traces = VarTraces { element: Some(key.clone()), ..VarTraces::default() };
        *cell.traces.borrow_mut() = Some(Box::new(traces));
        *element = Value::from_cell(Rc::clone(&cell));
        cell
    }

    /// The cell of the element `key`, if it is one.
    pub fn existing_cell(&self, key: &Value) -> Option<Rc<VarCell>> {
        if !self.has_cells.get() {
            return None;
        }
        self.elements.borrow().get(key).and_then(Value::cell_rc)
    }

    /// The number of elements that have a value.
    pub fn size(&self) -> usize {
        let elements = self.elements.borrow();
        match self.has_cells.get() {
            true => elements.values().filter(|v| has_value(v)).count(),
            false => elements.len(),
        }
    }
}

/// Whether an element has a value.
pub fn has_value(element: &Value) -> bool {
    match element.cell_rc() {
        Some(cell) => cell.tag() != Tag::Unset,
        None => !element.is_unset(),
    }
}
