//! Variables: found by name or place, read, written, linked and unset.
//!
//! Nothing here runs scripts. A variable that is traced is reported as such
//! and its traces are run as frames by [`crate::exec::tracing`].

use std::rc::Rc;

use tclring_compiler::bytecode::Op;

use super::Machine;
use super::exception::Exception;
use super::frame::{Frame, FrameKind};
use super::namespace::{NamespaceId, split_qualified};
use super::var::{ArrayObj, VarCell};
use crate::value::{Tag, Value, refusal};
use crate::{error, text};

/// Where a variable is.
#[derive(Clone)]
pub enum Place {
    /// A register of the active context.
    Register(usize),
    /// A cell.
    Cell(Rc<VarCell>),
}

/// A variable that a command means: where it is and how it was called.
#[derive(Clone)]
pub struct Variable {
    /// The variable, or the array of the element.
    pub place: Place,
    /// The element.
    pub key: Option<Value>,
    /// The name as given, without the element.
    pub name: Value,
}

/// What a look at a variable found.
pub enum Look {
    /// Its value.
    Value(Value),
    /// Read traces have to be run first.
    Traced,
    /// It has no value; the words say why (`no such variable`, …).
    Missing(&'static str),
}

/// Why a variable cannot be used.
pub const NO_SUCH_VARIABLE: &str = "no such variable";
/// The array has no such element.
pub const NO_SUCH_ELEMENT: &str = "no such element in array";
/// An element of a scalar was asked for.
pub const NOT_ARRAY: &str = "variable isn't array";
/// A scalar was asked for and there is an array.
pub const IS_ARRAY: &str = "variable is array";
/// The name's namespace does not exist.
pub const NO_NAMESPACE: &str = "parent namespace doesn't exist";
/// A link leads to an element of an array that is gone.
pub const DANGLING: &str = "upvar refers to element in deleted array";
/// A link leads into a namespace that is gone.
pub const GONE: &str = "upvar refers to variable in deleted namespace";
/// A constant cannot be changed.
pub const IS_CONST: &str = "variable is a constant";

/// The name of the command that a frame's operation calls, if the code has it.
fn called_name(frame: &Frame) -> Option<&Value> {
    let unit = frame.unit.as_ref()?;
    match unit.ops.get(frame.pc.checked_sub(1)? as usize) {
        Some(Op::Call { site, .. }) => {
            unit.call_names.get(usize::from(site.0)).filter(|name| !name.is_unset())
        }
        _ => None,
    }
}

/// Splits `a(b)` into the array's name and the element's; `None` for a scalar's name.
pub fn split_element(name: &[u8]) -> Option<(&[u8], &[u8])> {
    if name.last() != Some(&b')') {
        return None;
    }
    let open = memchr::memchr(b'(', name)?;
    Some((&name[..open], &name[open + 1..name.len() - 1]))
}

/// The error `can't VERB "NAME": REASON`, with the reference's error code.
pub fn variable_error(verb: &str, name: &Value, key: Option<&Value>, reason: &str) -> Exception {
    let shown = shown_name(name, key);
    let e = error!("can't ", verb, " \"", &shown, "\": ", reason);
    let base = name.text();
    match (verb, reason) {
        ("read", NO_SUCH_ELEMENT | IS_ARRAY) => e.with_code(&["TCL", "READ", "VARNAME"]),
        ("set", IS_ARRAY | IS_CONST | DANGLING | GONE) => e.with_code(&["TCL", "WRITE", "VARNAME"]),
        ("incr", IS_CONST) => e.with_code(&["TCL", "WRITE", "CONST"]),
        ("unset", IS_CONST) => e.with_code(&["TCL", "UNSET", "CONST"]),
        ("make constant", _) => e.with_code(&["TCL", "LOOKUP", "CONST"]),
        (_, NO_SUCH_ELEMENT) => {
            let element = key.map(Value::to_text).unwrap_or_default();
            e.with_code(&[b"TCL".as_slice(), b"LOOKUP", b"ELEMENT", &element])
        }
        (_, NO_SUCH_VARIABLE | NOT_ARRAY | NO_NAMESPACE) => {
            e.with_code(&[b"TCL".as_slice(), b"LOOKUP", b"VARNAME", &base])
        }
        _ => e.with_code(&[b"TCL".as_slice(), b"LOOKUP", b"VARNAME", &shown]),
    }
}

/// `name` or `name(key)`.
pub fn shown_name(name: &Value, key: Option<&Value>) -> Vec<u8> {
    match key {
        Some(key) => text![name, "(", key, ")"],
        None => name.to_text(),
    }
}

impl Machine {
    /// The variable called `name` (`a`, `a(i)`, `n::a`) as the top frame sees it, made (without a value) if need be.
    /// The error says `can't VERB …`.
    pub fn variable(&mut self, name: &Value, verb: &str) -> Result<Variable, Exception> {
        let vars = self.vars();
        self.variable_in(vars, name, verb)
    }

    /// Whether a variable is an element of an array in a register that a command names where lowering is left out: the
    /// compiled command, which looks for no array, tells of one that is missing in fewer words.
    pub(crate) fn is_element_in_place(&self, variable: &Variable) -> bool {
        let frame = &self.context().frames[self.vars() as usize];
        let names_in_place = |frame: &Frame| {
            let name = called_name(frame).map(|name| name.to_text());
            matches!(name.as_deref(), Some(b"set" | b"append" | b"lappend" | b"incr"))
        };
        !self.lowering
            && variable.key.is_some()
            && frame.has_register(&variable.name)
            && names_in_place(self.frame())
    }

    /// Like [`Machine::variable`], seen from the frame number `vars`.
    pub fn variable_in(&mut self, vars: u32, name: &Value, verb: &str) -> Result<Variable, Exception> {
        if let Some(place) = self.named_local(vars, name) {
            return Ok(Variable { place, key: None, name: name.clone() });
        }
        let whole = name.text();
        let (base, key) = match split_element(&whole) {
            Some((base, key)) => (Value::text_of(base), Some(Value::text_of(key))),
            None => (name.clone(), None),
        };
        match self.place_in(vars, &base, true) {
            Some(place) => Ok(Variable { place, key, name: base }),
            None => Err(variable_error(verb, &base, key.as_ref(), NO_NAMESPACE)),
        }
    }

    /// The place of a local variable that the code of the frame number `vars` names in just this way.
    fn named_local(&self, vars: u32, name: &Value) -> Option<Place> {
        let frame = &self.context().frames[vars as usize];
        if frame.kind != FrameKind::Procedure {
            return None;
        }
        let register = frame.unit.as_ref()?.register_of_same(name)?;
        Some(self.register_place(frame.base as usize + usize::from(register)))
    }

    /// The variable called `name` if there is one, made for nobody.
    pub fn existing_variable(&mut self, name: &Value) -> Option<Variable> {
        let vars = self.vars();
        self.existing_variable_in(vars, name)
    }

    /// Like [`Machine::existing_variable`], seen from the frame number `vars`.
    pub fn existing_variable_in(&mut self, vars: u32, name: &Value) -> Option<Variable> {
        let whole = name.text();
        let (base, key) = match split_element(&whole) {
            Some((base, key)) => (Value::text_of(base), Some(Value::text_of(key))),
            None => (name.clone(), None),
        };
        let place = self.place_in(vars, &base, false)?;
        Some(Variable { place, key, name: base })
    }

    /// Where the variable `name` (no element) is, seen from the frame number `vars`.
    pub fn place_in(&mut self, vars: u32, name: &Value, create: bool) -> Option<Place> {
        if let Some((head, tail)) = split_qualified(&name.text()) {
            let from = self.context().frames[vars as usize].namespace;
            let tail = Value::text_of(tail);
            let ns = self.find_variable_namespace(head, from)?;
            return self.namespace_cell(ns, &tail, create).map(Place::Cell);
        }
        let frame = &self.context().frames[vars as usize];
        match frame.kind {
            FrameKind::Procedure => {
                if let Some(register) = frame.unit.as_ref().and_then(|unit| unit.register_of(name)) {
                    return Some(self.register_place(frame.base as usize + usize::from(register)));
                }
                if frame.method.is_some()
                    && let Some(cell) = self.declared_variable(vars, name, create)
                {
                    return Some(Place::Cell(cell));
                }
                self.overflow_cell(vars, name, create).map(Place::Cell)
            }
            _ => {
                let ns = frame.namespace;
                self.namespace_cell(ns, name, create).map(Place::Cell)
            }
        }
    }

    /// The place of a named register: itself, or the cell it links to.
    pub fn register_place(&self, register: usize) -> Place {
        match self.context().registers[register].cell_rc() {
            Some(cell) => Place::Cell(cell),
            None => Place::Register(register),
        }
    }

    /// The namespace in front of a qualified variable name.
    fn find_variable_namespace(&self, head: &[u8], from: NamespaceId) -> Option<NamespaceId> {
        self.find_namespace(head, from)
    }

    fn overflow_cell(&mut self, vars: u32, name: &Value, create: bool) -> Option<Rc<VarCell>> {
        let frame = &mut self.context_mut().frames[vars as usize];
        if !create {
            return frame.extra.as_ref()?.variables.get(name)?.cell_rc();
        }
        let slot = frame.extra().variables.get_or_insert_with(name, || Value::from_cell(Rc::default()));
        slot.cell_rc()
    }

    /// The cell of a variable in a namespace.
    pub fn namespace_cell(&mut self, ns: NamespaceId, name: &Value, create: bool) -> Option<Rc<VarCell>> {
        if !create {
            return self.namespaces.get(ns)?.variables.get(name)?.cell_rc();
        }
        let slot = self.namespaces.get_mut(ns)?.variables.get_or_insert_with(name, || {
            let cell = VarCell::default();
            cell.set_in_namespace(true);
            Value::from_cell(Rc::new(cell))
        });
        slot.cell_rc()
    }

    /// The same for a variable that a method declares: what is made so is declared in the namespace, too.
    pub(crate) fn declared_cell(&mut self, ns: NamespaceId, name: &Value) -> Option<Rc<VarCell>> {
        let cell = self.namespace_cell(ns, name, true)?;
        if cell.tag() == Tag::Unset {
            cell.set_declared(true);
        }
        Some(cell)
    }

    /// The cell of a place; a register's value moves to one and the register becomes a link.
    pub fn cell_of(&mut self, vars: u32, place: &Place) -> Rc<VarCell> {
        match place {
            Place::Cell(cell) => Rc::clone(cell),
            Place::Register(register) => {
                let context = self.context_mut();
                let slot = &mut context.registers[*register];
                if let Some(cell) = slot.cell_rc() {
                    return cell;
                }
                let cell = Rc::new(VarCell::new(slot.take()));
                *slot = Value::from_cell(Rc::clone(&cell));
                let frame = &mut context.frames[vars as usize];
                let number = *register - frame.base as usize;
                frame.extra().owned.push(u16::try_from(number).expect("named registers are below 2^15"));
                cell
            }
        }
    }

    /// What the place holds: a scalar's value, an array, or unset.
    pub fn peek(&self, place: &Place) -> Value {
        match place {
            Place::Register(register) => self.context().registers[*register].clone(),
            Place::Cell(cell) => cell.get(),
        }
    }

    /// Whether reads, writes or unsets of the variable, or of its array, are traced.
    pub fn is_traced(&self, variable: &Variable) -> bool {
        let array = match &variable.place {
            Place::Cell(cell) if cell.is_traced() => return true,
            _ if variable.key.is_none() => return false,
            Place::Cell(cell) => cell.array(),
            Place::Register(register) => self.context().registers[*register].array_rc(),
        };
        let Some((array, key)) = array.zip(variable.key.as_ref()) else {
            return false;
        };
        array.existing_cell(key).is_some_and(|element| element.is_traced())
    }

    /// The value of a variable as it is, no traces.
    pub fn look(&self, variable: &Variable) -> Look {
        if self.is_traced(variable) { Look::Traced } else { self.look_untraced(variable) }
    }

    /// The value of a variable as it is, traced or not.
    pub fn look_untraced(&self, variable: &Variable) -> Look {
        let held = self.peek(&variable.place);
        match (&variable.key, held.tag()) {
            (None, Tag::Array) => Look::Missing(IS_ARRAY),
            (None, Tag::Unset) => match &variable.place {
                Place::Cell(cell) => {
                    cell.array_default().map_or(Look::Missing(NO_SUCH_VARIABLE), Look::Value)
                }
                Place::Register(_) => Look::Missing(NO_SUCH_VARIABLE),
            },
            (Some(_), Tag::Unset) => match &variable.place {
                Place::Cell(cell) if cell.is_element() || is_lost_element(cell) => Look::Missing(NOT_ARRAY),
                _ => Look::Missing(NO_SUCH_VARIABLE),
            },
            (None, _) => Look::Value(held),
            (Some(key), Tag::Array) => {
                let array = held.array_rc().expect("the tag said array");
                match array.get(key).or_else(|| array.default_value().borrow().clone()) {
                    Some(value) => Look::Value(value),
                    None => Look::Missing(NO_SUCH_ELEMENT),
                }
            }
            (Some(_), _) => Look::Missing(NOT_ARRAY),
        }
    }

    /// The error that `verb` is refused for `reason`. The reference's code tells whether a variable without a value is
    /// known for something else.
    pub fn refusal(&self, verb: &str, variable: &Variable, reason: &str) -> Exception {
        let e = variable_error(verb, &variable.name, variable.key.as_ref(), reason);
        if reason != NO_SUCH_VARIABLE || variable.key.is_some() {
            return e;
        }
        let is_known = match &variable.place {
            Place::Register(_) => true,
            // The count of the table where it stands, and the one at hand.
            Place::Cell(cell) => {
                cell.is_traced() || cell.is_declared() || cell.is_gone() || Rc::strong_count(cell) > 2
            }
        };
        match verb {
            "read" if is_known => e.with_code(&["TCL", "READ", "VARNAME"]),
            "unset" if is_known => e.with_code(&["TCL", "UNSET", "VARNAME"]),
            _ => e,
        }
    }

    /// The array in a place, made if the place is unset; `Err` with the reason if it holds something else.
    pub fn array_at(&mut self, place: &Place, create: bool) -> Result<Option<Rc<ArrayObj>>, &'static str> {
        if let Place::Cell(cell) = place
            && cell.is_gone()
            && create
        {
            return Err(if cell.is_in_namespace() { GONE } else { NOT_ARRAY });
        }
        let held = self.peek(place);
        match held.tag() {
            Tag::Array => Ok(held.array_rc()),
            Tag::Unset if create && matches!(place, Place::Cell(cell) if cell.is_element()) => Err(NOT_ARRAY),
            Tag::Unset if create => {
                let array = Rc::new(ArrayObj::default());
                self.put(place, Value::from_array(Rc::clone(&array)));
                Ok(Some(array))
            }
            Tag::Unset => Ok(None),
            _ => Err(NOT_ARRAY),
        }
    }

    fn put(&mut self, place: &Place, value: Value) {
        match place {
            Place::Register(register) => self.context_mut().registers[*register] = value,
            Place::Cell(cell) => cell.set(value),
        }
    }

    /// Changes the variable in place by `change`, which sees an unset value if there is none and has to leave
    /// a value or an error. No traces. The error of the variable itself says `can't set`.
    pub fn change<R>(
        &mut self,
        variable: &Variable,
        change: impl FnOnce(&mut Value) -> Result<R, Exception>,
    ) -> Result<R, Exception> {
        let fail = |reason: &str| variable_error("set", &variable.name, variable.key.as_ref(), reason);
        if let Place::Cell(cell) = &variable.place {
            if cell.is_const() && variable.key.is_none() {
                return Err(fail(IS_CONST));
            }
            if variable.key.is_some() && is_lost_element(cell) {
                return Err(fail(NOT_ARRAY));
            }
            if cell.is_gone() {
                return Err(fail(if cell.is_in_namespace() { GONE } else { DANGLING }));
            }
        }
        let Some(key) = &variable.key else {
            return match &variable.place {
                Place::Register(register) => {
                    let slot = &mut self.context_mut().registers[*register];
                    if slot.tag() == Tag::Array { Err(fail(IS_ARRAY)) } else { change(slot) }
                }
                Place::Cell(cell) if cell.tag() == Tag::Array => Err(fail(IS_ARRAY)),
                Place::Cell(cell) => cell.with_mut(change),
            };
        };
        let fresh = self.peek(&variable.place).is_unset();
        let found = self.array_at(&variable.place, true).map_err(|reason| match fail(reason) {
            e if self.is_element_in_place(variable) => e.with_code(&["TCL", "LOOKUP", "VARNAME"]),
            e => e,
        });
        let array = found?.expect("asked to be made");
        if let Some(cell) = array.existing_cell(key) {
            return cell.with_mut(change);
        }
        let mut elements = array.elements().borrow_mut();
        let had = elements.contains(key);
        let result = change(elements.get_or_insert_with(key, || Value::UNSET));
        if result.is_err() && !had {
            elements.remove(key);
            drop(elements);
            if fresh {
                self.put(&variable.place, Value::UNSET);
            }
        } else if !had {
            drop(elements);
            // New names end searches under way.
            array.searches().borrow_mut().clear();
        }
        result
    }

    /// Sets the variable. No traces.
    pub fn set_untraced(&mut self, variable: &Variable, value: Value) -> Result<(), Exception> {
        self.change(variable, |slot| {
            *slot = value;
            Ok(())
        })
    }

    /// Whether the variable has a value. No traces.
    pub fn has_value(&self, variable: &Variable) -> bool {
        match &variable.key {
            None => !self.peek(&variable.place).is_unset(),
            // An array's default does not make an element exist.
            Some(key) => self.peek(&variable.place).array_rc().is_some_and(|array| array.get(key).is_some()),
        }
    }

    /// The error of a variable of a namespace that would be a link to one of a procedure; `lasting` says whether what
    /// it is to lead to belongs to a namespace.
    pub fn check_link(&self, vars: u32, name: &Value, lasting: bool) -> Result<(), Exception> {
        let is_local = || {
            self.context().frames[vars as usize].kind == FrameKind::Procedure
                && !name.text().windows(2).any(|pair| pair == b"::")
        };
        if lasting || is_local() {
            return Ok(());
        }
        Err(
            error!("bad variable name \"", name, "\": can't create namespace variable that refers to procedure variable";
            "TCL", "UPVAR", "INVERTED"),
        )
    }

    /// Makes the variable `name` of the frame number `vars` a link to `target`.
    pub fn link(&mut self, vars: u32, name: &Value, target: Rc<VarCell>) -> Result<(), Exception> {
        let is_element = split_element(&name.text()).is_some();
        if refusal::take() {
            // There is no variable of such a name.
            return Err(crate::exec::too_long());
        }
        if is_element {
            return Err(
                error!("bad variable name \"", name, "\": can't create a scalar variable that looks like an array element";
                "TCL", "UPVAR", "LOCAL_ELEMENT"),
            );
        }
        let Some(place) = self.place_in(vars, name, true) else {
            return Err(variable_error("create", name, None, NO_NAMESPACE));
        };
        match &place {
            Place::Register(register) => {
                let slot = &mut self.context_mut().registers[*register];
                if !slot.is_unset() {
                    return Err(error!("variable \"", name, "\" already exists"; "TCL", "UPVAR", "EXISTS"));
                }
                *slot = Value::from_cell(target);
                Ok(())
            }
            Place::Cell(cell) => self.relink(vars, name, cell, target),
        }
    }

    /// Replaces the link to `old` under `name` by one to `target`, if `old` may go.
    fn relink(
        &mut self,
        vars: u32,
        name: &Value,
        old: &Rc<VarCell>,
        target: Rc<VarCell>,
    ) -> Result<(), Exception> {
        if Rc::ptr_eq(old, &target) {
            // A link that leads there already stays; a variable does not become a link to itself.
            return if self.is_own_variable(vars, name, old) {
                Err(error!("can't upvar from variable to itself"; "TCL", "UPVAR", "SELF"))
            } else {
                Ok(())
            };
        }
        if old.is_traced() {
            return Err(
                error!("variable \"", name, "\" has traces: can't use for upvar"; "TCL", "UPVAR", "TRACED"),
            );
        }
        let frame = &mut self.context_mut().frames[vars as usize];
        let is_own = match frame.kind {
            FrameKind::Procedure => match frame.unit.as_ref().and_then(|unit| unit.register_of(name)) {
                Some(register) => {
                    let own = frame.extra.as_ref().is_some_and(|extra| extra.owned.contains(&register));
                    if !own || old.tag() == Tag::Unset {
                        if own {
                            frame.extra().owned.retain(|r| *r != register);
                        }
                        let slot = frame.base as usize + usize::from(register);
                        self.context_mut().registers[slot] = Value::from_cell(target);
                        return Ok(());
                    }
                    true
                }
                None => old.tag() != Tag::Unset && Rc::strong_count(old) <= 2,
            },
            _ => old.tag() != Tag::Unset && self.is_own_variable(vars, name, old),
        };
        if is_own {
            return Err(error!("variable \"", name, "\" already exists"; "TCL", "UPVAR", "EXISTS"));
        }
        self.replace_link(vars, name, target);
        Ok(())
    }

    /// Whether the variable `name` of the frame number `vars`, which is in `cell`, is that itself, not a link to it.
    fn is_own_variable(&self, vars: u32, name: &Value, cell: &VarCell) -> bool {
        let frame = &self.context().frames[vars as usize];
        let (ns, tail) = match split_qualified(&name.text()) {
            Some((head, tail)) => (self.find_namespace(head, frame.namespace), Value::text_of(tail)),
            None if frame.kind == FrameKind::Procedure => {
                let is_link = frame.extra.as_ref().is_some_and(|extra| extra.links.contains(name));
                return frame.owns(name) || !cell.is_in_namespace() && !frame.has_register(name) && !is_link;
            }
            None => (Some(frame.namespace), name.clone()),
        };
        ns.and_then(|ns| self.namespaces.get(ns)).is_none_or(|ns| !ns.links.contains(&tail))
    }

    fn replace_link(&mut self, vars: u32, name: &Value, target: Rc<VarCell>) {
        let link = Value::from_cell(target);
        if let Some((head, tail)) = split_qualified(&name.text()) {
            let from = self.context().frames[vars as usize].namespace;
            if let Some(ns) = self.find_namespace(head, from) {
                self.set_namespace_link(ns, &Value::text_of(tail), link);
            }
            return;
        }
        let frame = &mut self.context_mut().frames[vars as usize];
        if frame.kind == FrameKind::Procedure {
            let extra = frame.extra();
            extra.variables.insert(name, link);
            if !extra.links.contains(name) {
                extra.links.push(name.clone());
            }
        } else {
            let ns = frame.namespace;
            self.set_namespace_link(ns, name, link);
        }
    }

    fn set_namespace_link(&mut self, ns: NamespaceId, name: &Value, link: Value) {
        let namespace = self.namespace_mut(ns);
        namespace.variables.insert(name, link);
        if !namespace.links.contains(name) {
            namespace.links.push(name.clone());
        }
        namespace.variable_epoch = namespace.variable_epoch.wrapping_add(1);
    }

    /// The frame that a level means: `1`, `#0`, …, seen from the top frame's variables. `None` if there is none
    /// or the text is no level.
    pub fn frame_at_level(&self, level: &[u8]) -> Option<u32> {
        let here = self.vars();
        let frames = &self.context().frames;
        if let Some(absolute) = level.strip_prefix(b"#") {
            let wanted = plain_number(absolute)?;
            return self.absolute_level(here, wanted);
        }
        let up = plain_number(level)?;
        let current = i64::from(frames[here as usize].level);
        if up < 0 || up > current {
            return None;
        }
        self.absolute_level(here, current - up)
    }

    fn absolute_level(&self, mut at: u32, wanted: i64) -> Option<u32> {
        let frames = &self.context().frames;
        loop {
            let frame = &frames[at as usize];
            let level = i64::from(frame.level);
            if level == wanted {
                return Some(at);
            }
            if level < wanted || at == frame.caller_vars {
                return None;
            }
            at = frame.caller_vars;
        }
    }
}

/// Whether the cell was an element of an array that is gone.
fn is_lost_element(cell: &VarCell) -> bool {
    cell.is_gone() && !cell.is_in_namespace()
}

/// A plain decimal number.
fn plain_number(text: &[u8]) -> Option<i64> {
    tclring_compiler::syntax::number::parse_number(text, tclring_compiler::Mode::Tcl90).and_then(
        |n| match n {
            tclring_compiler::syntax::number::Number::Int(n) => Some(n),
            _ => None,
        },
    )
}
