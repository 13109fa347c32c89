//! Variables as the loop reaches them: by register or by site.

use std::rc::Rc;

use tclring_compiler::bytecode::{NO_REG, Op, OptionalUse, Place as Operand, Window as FirstReg};

use super::unit::{Unit, VariableCache};
use super::var_op::VarOp;
use super::{Flow, listops};
use crate::cmd::vars::not_incremented;
use crate::error;
use crate::interp::command::Outcome;
use crate::interp::exception::Exception;
use crate::interp::frame::{DISCARD, FrameKind};
use crate::interp::namespace::{NamespaceId, split_qualified};
use crate::interp::var::VarCell;
use crate::interp::vars::{self, Look, NO_SUCH_VARIABLE, Place, Variable, variable_error};
use crate::interp::{Machine, Step};
use crate::value::list::room_for;
use crate::value::{Dict, StrObj, Tag, Value, View, refusal};

/// What a site's cache leads to.
enum Found<'a> {
    /// A named register.
    Register(usize),
    /// The entry of a variable in its namespace: a link.
    Variable(&'a Value),
}

/// The bit of the scope in a site's cache that says that the rest is the number of a namespace which the name tells.
const ABSOLUTE_SCOPE: u64 = 1 << 62;

/// The epoch in a site's cache that says that the slot is the position of a variable that the procedure has no register
/// for.
const BEYOND_REGISTERS: u32 = u32::MAX;

impl Machine {
    /// The value of a register that holds something odd: an unset variable, a link, an array. A read trace is
    /// run first and the operation made again; `number` is the operand's place in it.
    pub(super) fn read_operand(
        &mut self,
        unit: &Unit,
        base: usize,
        register: u16,
        number: u8,
    ) -> Result<Value, Flow> {
        let held = self.context().registers[base + usize::from(register)].clone();
        let name = unit.local_names.get(usize::from(register)).cloned().unwrap_or_default();
        let variable = match held.cell_rc() {
            Some(cell) => Variable { place: Place::Cell(cell), key: None, name },
            None => Variable { place: Place::Register(base + usize::from(register)), key: None, name },
        };
        if self.is_traced(&variable) && !self.has_fired(number) {
            // The operation is made again when the traces are done.
            self.note_fired(number);
            let outcome = self.fire_read(&variable);
            let outcome = self.after(outcome, |machine, outcome| {
                outcome?;
                machine.frame_mut().pc -= 1;
                Ok(Step::EMPTY)
            });
            return Err(self.settle(outcome, DISCARD));
        }
        match self.look_untraced(&variable) {
            Look::Value(value) => Ok(value),
            // A named register is not looked up: the reference's code says so.
            Look::Missing(reason) => {
                // An element's name is read before what is stored there.
                let at = self.frame().pc.saturating_sub(1) as usize;
                let key = match (unit.ops.get(at), unit.ops.get(at + 1)) {
                    (Some(Op::Move { .. } | Op::Copy { .. }), Some(next)) => changed_element(next),
                    (Some(op), _) => changed_element(op),
                    _ => None,
                };
                if let Some(key) = key.filter(|key| key.0 != register)
                    && let Err(e) = self.key_of(unit, base, key)
                {
                    return Err(self.raise(e));
                }
                let e = variable_error("read", &variable.name, None, reason)
                    .with_code(&["TCL", "READ", "VARNAME"]);
                Err(self.raise(e))
            }
            Look::Traced => unreachable!("an untraced look finds no traces"),
        }
    }

    /// Whether the read traces of operand `number` of the operation at hand have fired; it counts once.
    fn has_fired(&mut self, number: u8) -> bool {
        let at = self.frame().pc;
        let Some(extra) = &mut self.frame_mut().extra else {
            return false;
        };
        match &mut extra.fired {
            Some((pc, mask)) if *pc == at && *mask & 1 << number != 0 => {
                *mask &= !(1 << number);
                true
            }
            _ => false,
        }
    }

    /// Notes that the operands up to `number` of the operation at hand have been read.
    fn note_fired(&mut self, number: u8) {
        let frame = self.frame_mut();
        let at = frame.pc;
        frame.extra().fired = Some((at, (2 << number) - 1));
    }

    /// Stores into a register that is a link or an array.
    pub(super) fn store_odd(
        &mut self,
        unit: &Unit,
        base: usize,
        register: u16,
        value: Value,
    ) -> Option<Flow> {
        let slot = &self.context().registers[base + usize::from(register)];
        if let View::Link(cell) = slot.view()
            && cell.is_plain()
            && cell.tag() != Tag::Array
        {
            cell.set(value);
            return None;
        }
        let variable = self.register_variable(unit, base, register, None);
        let outcome = self.write_variable(&variable, value);
        match outcome {
            Ok(Step::Done(_)) => None,
            other => Some(self.settle(other, DISCARD)),
        }
    }

    fn register_variable(&self, unit: &Unit, base: usize, register: u16, key: Option<Value>) -> Variable {
        let at = base + usize::from(register);
        Variable {
            place: self.register_place(at),
            key,
            name: unit.local_names.get(usize::from(register)).cloned().unwrap_or_default(),
        }
    }

    /// The element's name in a register, which may be a variable's.
    fn key_of(&self, unit: &Unit, base: usize, key: OptionalUse) -> Result<Option<Value>, Exception> {
        if key.0 == NO_REG {
            return Ok(None);
        }
        let held = &self.context().registers[base + usize::from(key.0)];
        let held = held.cell_rc().map_or_else(|| held.clone(), |cell| cell.get());
        if matches!(held.tag(), Tag::Unset | Tag::Array) {
            let variable = self.register_variable(unit, base, key.0, None);
            let reason = if held.is_unset() { NO_SUCH_VARIABLE } else { vars::IS_ARRAY };
            return Err(self.refusal("read", &variable, reason));
        }
        Ok(Some(held))
    }

    /// The variable that a place operand means, made if there is a verb. Errors say `can't VERB`.
    fn variable_at(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
        verb: Option<&str>,
    ) -> Result<Variable, Exception> {
        if let Some(variable) = self.known_variable_at(unit, base, place, key, verb)? {
            return Ok(variable);
        }
        let site = usize::from(place.as_site().expect("a register is a variable"));
        let name = &unit.variable_names[site];
        let known = vars::split_element(&name.text()).is_none();
        let qualified = split_qualified(&name.text()).is_some();
        let reason = if verb.is_some() && known && qualified { vars::NO_NAMESPACE } else { NO_SUCH_VARIABLE };
        let key = self.key_of(unit, base, key)?;
        Err(variable_error(verb.unwrap_or("read"), name, key.as_ref(), reason))
    }

    /// The variable that a place operand means, made if there is a verb; nothing if there is none.
    fn known_variable_at(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
        verb: Option<&str>,
    ) -> Result<Option<Variable>, Exception> {
        let key = self.key_of(unit, base, key)?;
        if let Some(register) = place.as_local() {
            return Ok(Some(self.register_variable(unit, base, register, key)));
        }
        let site = usize::from(place.as_site().expect("a place is a register or a site"));
        let name = unit.variable_names[site].clone();
        if let Some(found) = self.cached_place(unit, site) {
            return Ok(Some(Variable { place: found, key, name }));
        }
        let vars = self.vars();
        let Some(found) = self.place_in(vars, &name, verb.is_some()) else { return Ok(None) };
        self.remember_place(unit, site, &name);
        Ok(Some(Variable { place: found, key, name }))
    }

    /// The variable of a site where the cache says it is.
    fn cached_place(&self, unit: &Unit, site: usize) -> Option<Place> {
        match self.found_by_site(unit, site)? {
            Found::Register(at) => Some(self.register_place(at)),
            Found::Variable(link) => link.cell_rc().map(Place::Cell),
        }
    }

    /// Where a site's cache says that its variable is.
    #[inline]
    fn found_by_site(&self, unit: &Unit, site: usize) -> Option<Found<'_>> {
        let cache = unit.variables[site].get();
        if cache.scope == 0 {
            return None;
        }
        let context = self.context();
        let frame = context.frames.last().expect("a context has its base frame");
        if cache.scope & ABSOLUTE_SCOPE != 0 {
            let namespace = NamespaceId::from_number(cache.scope & !ABSOLUTE_SCOPE);
            // The script may have run in another interpreter.
            let is_here = self.namespaces.get(namespace)?.interp == frame.interp;
            return if is_here { self.found_in_namespace(namespace, cache) } else { None };
        }
        let vars = &context.frames[frame.vars as usize];
        if vars.kind == FrameKind::Procedure {
            let shape = vars.unit.as_ref()?;
            if shape.identity != cache.scope {
                return None;
            }
            if cache.epoch != BEYOND_REGISTERS {
                return Some(Found::Register((vars.base + cache.slot) as usize));
            }
            // Each call makes its own of these, in an order of its own.
            let (name, link) = vars.extra.as_ref()?.variables.at(cache.slot as usize)?;
            return name.is_identical(&unit.variable_names[site]).then_some(Found::Variable(link));
        }
        if vars.namespace.number() + 1 != cache.scope {
            return None;
        }
        self.found_in_namespace(vars.namespace, cache)
    }

    #[inline]
    fn found_in_namespace(&self, namespace: NamespaceId, cache: VariableCache) -> Option<Found<'_>> {
        let ns = self.namespaces.get(namespace)?;
        if ns.variable_epoch != cache.epoch {
            return None;
        }
        let (_, link) = ns.variables.at(cache.slot as usize)?;
        Some(Found::Variable(link))
    }

    /// Where the value of a site's variable is by the cache: in a register, which may be a link, or in a cell that
    /// is plain.
    pub(super) fn value_of_site(&mut self, unit: &Unit, site: usize) -> Option<*mut Value> {
        if self.found_by_site(unit, site).is_none() {
            // The first time here.
            self.remember_place(unit, site, &unit.variable_names[site]);
        }
        match self.found_by_site(unit, site)? {
            Found::Register(at) => Some(&raw mut self.context_mut().registers[at]),
            Found::Variable(link) => match link.view() {
                View::Link(cell) if cell.is_plain() => Some(cell.as_ptr()),
                _ => None,
            },
        }
    }

    fn remember_place(&self, unit: &Unit, site: usize, name: &Value) {
        if let Some((head, tail)) = split_qualified(&name.text()) {
            // What a relative name means is not the same everywhere.
            if head.starts_with(b"::")
                && let Some(namespace) = self.find_namespace(head, self.frame().namespace)
                && namespace.number() < ABSOLUTE_SCOPE
            {
                let scope = namespace.number() | ABSOLUTE_SCOPE;
                self.remember_in_namespace(unit, site, namespace, (scope, &Value::text_of(tail)));
            }
            return;
        }
        let context = self.context();
        let vars = &context.frames[self.vars() as usize];
        if vars.kind == FrameKind::Procedure {
            let Some(shape) = &vars.unit else { return };
            let found = match shape.register_of(name) {
                Some(register) => Some((0, u32::from(register))),
                None => vars
                    .extra
                    .as_ref()
                    .and_then(|extra| extra.variables.position(name))
                    .map(|position| (BEYOND_REGISTERS, position as u32)),
            };
            if let Some((epoch, slot)) = found {
                unit.variables[site].set(VariableCache { scope: shape.identity, epoch, slot });
            }
            return;
        }
        let scope = vars.namespace.number() + 1;
        self.remember_in_namespace(unit, site, vars.namespace, (scope, name));
    }

    fn remember_in_namespace(
        &self,
        unit: &Unit,
        site: usize,
        namespace: NamespaceId,
        (scope, name): (u64, &Value),
    ) {
        if let Some(ns) = self.namespaces.get(namespace)
            && let Some(position) = ns.variables.position(name)
        {
            let cache = VariableCache { scope, epoch: ns.variable_epoch, slot: position as u32 };
            unit.variables[site].set(cache);
        }
    }

    /// Reads the variable of a place, traces included.
    pub(super) fn load_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
    ) -> Outcome {
        let variable = self.variable_at(unit, base, place, key, None)?;
        self.read_variable(&variable).map_err(|e| compiled_code(e, place, key))
    }

    /// Writes the variable of a place, traces included.
    pub(super) fn store_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
        value: Value,
    ) -> Outcome {
        let variable = self.variable_at(unit, base, place, key, Some("set"))?;
        self.write_variable(&variable, value).map_err(|e| compiled_code(e, place, key))
    }

    /// The variable's value as it is after a store.
    pub(super) fn load_raw(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
    ) -> Result<Value, Exception> {
        let variable = self.variable_at(unit, base, place, key, None)?;
        match self.look_untraced(&variable) {
            Look::Value(value) => Ok(value),
            // A write trace unset it: the store's result is then empty.
            Look::Missing(_) | Look::Traced => Ok(Value::EMPTY),
        }
    }

    /// Whether the variable of a place has a value, array and read traces included.
    pub(super) fn exists_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
    ) -> Outcome {
        match self.known_variable_at(unit, base, place, key, None)? {
            Some(variable) => self.variable_exists(&variable),
            None => Ok(Step::Done(Value::int(0))),
        }
    }

    /// Unsets the variable of a place.
    pub(super) fn unset_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
        complain: bool,
    ) -> Outcome {
        match self.variable_at(unit, base, place, key, None) {
            Ok(variable) => {
                self.unset_variable(&variable, complain).map_err(|e| compiled_code(e, place, key))
            }
            Err(_) => {
                let key = self.key_of(unit, base, key)?;
                if !complain {
                    return Ok(Step::EMPTY);
                }
                let name = match place.as_site() {
                    Some(site) => unit.variable_names[usize::from(site)].clone(),
                    None => Value::EMPTY,
                };
                Err(variable_error("unset", &name, key.as_ref(), NO_SUCH_VARIABLE))
            }
        }
    }

    /// Changes the variable of a place and perhaps an element's key.
    fn modify_place(
        &mut self,
        unit: &Unit,
        base: usize,
        (place, key): (Operand, OptionalUse),
        verb: &str,
        op: VarOp,
        want: bool,
    ) -> Outcome {
        let is_incr = matches!(op, VarOp::Incr(_));
        // What `lset` changes must be there.
        let verb = (verb != "lset").then_some(verb);
        let outcome = match self.variable_at(unit, base, place, key, verb) {
            Ok(variable) => self.modify_variable(&variable, op, want),
            Err(e) if is_incr && self.key_of(unit, base, key).is_ok() => Err(not_incremented(e)),
            Err(e) => {
                if op.is_of_dict() {
                    // What is wrong with the change comes first.
                    op.apply(self.mode(), &mut Value::UNSET.clone())?;
                }
                Err(e)
            }
        };
        outcome.map_err(|e| compiled_code(e, place, key))
    }

    /// Changes the variable of a place that has no key.
    fn modify_scalar(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        verb: &str,
        op: VarOp,
        want: bool,
    ) -> Outcome {
        self.modify_place(unit, base, (place, OptionalUse(NO_REG)), verb, op, want)
    }

    /// `incr` of the variable of a place.
    pub(super) fn incr_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
        by: Value,
    ) -> Outcome {
        self.modify_place(unit, base, (place, key), "read", VarOp::Incr(by), true)
    }

    /// `append` to the variable of a place.
    pub(super) fn append_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
        more: Value,
        want: bool,
    ) -> Outcome {
        self.modify_place(unit, base, (place, key), "set", VarOp::Append(vec![more]), want)
    }

    /// `lappend` of one element to the variable of a place.
    pub(super) fn lappend_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
        more: Value,
        want: bool,
    ) -> Outcome {
        let is_compiled = unit.code().in_procedure;
        let op = if is_compiled { VarOp::LappendOne(more) } else { VarOp::Lappend(vec![more]) };
        let outcome = self.modify_place(unit, base, (place, key), "set", op, want);
        outcome.map_err(|e| {
            let is_no_list = e.error_code().text().starts_with(b"TCL VALUE LIST");
            if is_no_list && place.as_local().is_some() {
                e.with_code(&["TCL", "WRITE", "VARNAME"])
            } else {
                e
            }
        })
    }

    /// `lappend` of the elements of a list to the variable of a place.
    pub(super) fn lappend_list_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        key: OptionalUse,
        more: Value,
        want: bool,
    ) -> Outcome {
        let items = listops::into_items(more)?;
        self.modify_place(unit, base, (place, key), "set", VarOp::Lappend(items), want)
    }

    fn taken(&mut self, base: usize, first: FirstReg, count: usize) -> Vec<Value> {
        let start = base + usize::from(first.0);
        self.context_mut().registers[start..start + count].iter_mut().map(Value::take).collect()
    }

    /// `lset` of the variable of a place: index words, then the value.
    pub(super) fn lset_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        first: FirstReg,
        count: i16,
        want: bool,
    ) -> Outcome {
        let mut words = self.taken(base, first, count as usize + 1);
        let value = words.pop().unwrap_or_default();
        self.modify_scalar(unit, base, place, "lset", VarOp::Lset(words, value), want)
    }

    /// `lset` of the variable of a place with one index word.
    pub(super) fn lset_at_place(
        &mut self,
        unit: &Unit,
        base: usize,
        place: Operand,
        index: Value,
        value: Value,
    ) -> Outcome {
        self.modify_scalar(unit, base, place, "lset", VarOp::Lset(vec![index], value), false)
    }

    /// A change of the dictionary in the variable of a place; the words (keys, what goes with them) are in a window.
    pub(super) fn change_dict_place(&mut self, unit: &Unit, base: usize, op: Op) -> Outcome {
        let mut two = |first| <[Value; 2]>::try_from(self.taken(base, first, 2)).expect("two were taken");
        let (want, place, change) = match op {
            Op::DictSet { want, place, first, count } => {
                let mut words = self.taken(base, first, count.0 as usize + 1);
                let value = words.pop().unwrap_or_default();
                (want, place, VarOp::DictSet(words, value))
            }
            Op::DictUnset { want, place, first, count } => {
                (want, place, VarOp::DictUnset(self.taken(base, first, count.0 as usize)))
            }
            Op::DictIncr { want, place, first } => {
                let [key, by] = two(first);
                (want, place, VarOp::DictIncr(key, by))
            }
            Op::DictAppend { want, place, first } => {
                let [key, more] = two(first);
                (want, place, VarOp::DictAppend(key, vec![more]))
            }
            Op::DictLappend { want, place, first } => {
                let [key, more] = two(first);
                (want, place, VarOp::DictLappend(key, vec![more]))
            }
            _ => unreachable!("the loop names the changes of dictionaries"),
        };
        self.modify_scalar(unit, base, place, "set", change, want.0 != 0)
    }

    /// `global name` where the register is the variable's.
    pub(super) fn link_global(&mut self, unit: &Unit, base: usize, local: Operand, name: &Value) -> Outcome {
        let cell = self.cell_named(self.global(), name)?;
        self.link_register(unit, base, local, cell)
    }

    /// `variable name` where the register is the variable's.
    pub(super) fn link_variable(
        &mut self,
        unit: &Unit,
        base: usize,
        local: Operand,
        name: &Value,
    ) -> Outcome {
        let cell = self.cell_named(self.namespace_id(), name)?;
        cell.set_declared(true);
        self.link_register(unit, base, local, cell)
    }

    /// The variable that `name` means from `namespace`, made if it is not there yet.
    fn cell_named(&mut self, namespace: NamespaceId, name: &Value) -> Result<Rc<VarCell>, Exception> {
        let cell = match split_qualified(&name.text()) {
            None => self.namespace_cell(namespace, name, true),
            Some((head, tail)) => match self.find_namespace(head, namespace) {
                Some(ns) => self.namespace_cell(ns, &Value::text_of(tail), true),
                None => None,
            },
        };
        cell.ok_or_else(|| variable_error("access", name, None, vars::NO_NAMESPACE))
    }

    /// `upvar level name local`.
    pub(super) fn link_upvar(
        &mut self,
        unit: &Unit,
        base: usize,
        local: Operand,
        level: &Value,
        name: &Value,
    ) -> Outcome {
        let Some(frame) = self.frame_at_level(&level.text()) else {
            return Err(error!("bad level \"", level, "\""; "TCL", "LOOKUP", "LEVEL", level.text()));
        };
        let (cell, lasting) = self.cell_in(frame, name)?;
        if let Some(site) = local.as_site() {
            self.check_link(self.vars(), &unit.variable_names[usize::from(site)], lasting)?;
        }
        self.link_register(unit, base, local, cell)
    }

    /// The cell of the variable `name` (an element perhaps) of the frame number `frame`, for a link, and whether it
    /// belongs to a namespace.
    pub fn cell_in(&mut self, frame: u32, name: &Value) -> Result<(Rc<VarCell>, bool), Exception> {
        let variable = self.variable_in(frame, name, "access")?;
        match &variable.key {
            None => {
                let cell = self.cell_of(frame, &variable.place);
                let lasting = cell.is_in_namespace();
                Ok((cell, lasting))
            }
            Some(key) => {
                let fail = |reason: &str| variable_error("access", &variable.name, Some(key), reason);
                // A frame must know of what is to be seen to when it ends: its array is a cell too.
                let own = self.cell_of(frame, &variable.place);
                let lasting = own.is_in_namespace();
                let array = self.array_at(&Place::Cell(own), true).map_err(fail)?.expect("asked to be made");
                let cell = array.element_cell(key);
                if array.default_value().borrow().is_some() {
                    cell.set_array(&array);
                }
                Ok((cell, lasting))
            }
        }
    }

    fn link_register(&mut self, unit: &Unit, base: usize, local: Operand, cell: Rc<VarCell>) -> Outcome {
        let register = match local.as_local() {
            Some(register) => register,
            None => {
                let site = usize::from(local.as_site().expect("a place is a register or a site"));
                let vars = self.vars();
                self.link(vars, &unit.variable_names[site].clone(), cell)?;
                return Ok(Step::EMPTY);
            }
        };
        let slot = &mut self.context_mut().registers[base + usize::from(register)];
        if slot.is_unset() {
            *slot = Value::from_cell(cell);
            return Ok(Step::EMPTY);
        }
        let vars = self.vars();
        self.link(vars, &unit.local_names[usize::from(register)].clone(), cell)?;
        Ok(Step::EMPTY)
    }
}

/// Changes `slot` as `append` does.
pub(crate) fn append_to(slot: &mut Value, more: &[Value]) {
    if slot.is_unset() {
        if let [only] = more {
            *slot = only.clone();
            return;
        }
        *slot = Value::EMPTY;
    }
    for value in more {
        if let (Some(object), View::Bytes(bytes)) = (slot.bytes_mut(), value.view()) {
            if object.bytes().len() + bytes.bytes().len() > refusal::TEXT_BYTES_MAX {
                return refusal::note();
            }
            object.bytes_mut().extend_from_slice(bytes.bytes());
            continue;
        }
        let text = value.text();
        if text.is_empty() {
            continue;
        }
        if let Some(object) = slot.as_appendable() {
            object.append(&text);
            continue;
        }
        let old = slot.text();
        let length = old.len() + text.len();
        if length > refusal::TEXT_BYTES_MAX {
            return refusal::note();
        }
        let mut joined = Vec::with_capacity(if length > 64 { length * 2 } else { length });
        joined.extend_from_slice(&old);
        joined.extend_from_slice(&text);
        *slot = match Value::inline(&joined) {
            Some(short) => short,
            None => Value::from_str_obj(Rc::new(StrObj::new(joined))),
        };
    }
}

/// Changes `slot` as `lappend` does.
pub(crate) fn lappend_to(slot: &mut Value, more: Vec<Value>) -> Result<(), Exception> {
    if slot.is_unset() {
        *slot = Value::list(more);
        return Ok(());
    }
    if slot.list_mut().is_none() {
        let list = listops::list_of(slot)?;
        // What the side slot holds is shared with this count: copy.
        let mut items = Vec::with_capacity(room_for(list.items().len() + more.len()));
        items.extend_from_slice(list.items());
        *slot = Value::list(items);
    }
    let object = slot.list_mut().expect("it was just made a list of its own");
    object.extend(more);
    Ok(())
}

/// The dictionary in `slot`, to change in place; an unset slot becomes an empty one.
pub(crate) fn dict_in(slot: &mut Value) -> Result<&mut Dict, Exception> {
    if slot.is_unset() {
        *slot = Value::dict(Dict::default());
    }
    if slot.dict_mut().is_none() {
        let dict = listops::dict_of(slot)?;
        *slot = Value::dict(dict.map().clone());
    }
    Ok(slot.dict_mut().expect("it was just made a dictionary of its own").map_mut())
}

/// The register that an operation which stores a value in an element has the element's name in.
fn changed_element(op: &Op) -> Option<OptionalUse> {
    match op {
        Op::StoreVar { key, .. }
        | Op::Incr { key, .. }
        | Op::Append { key, .. }
        | Op::Lappend { key, .. }
        | Op::LappendList { key, .. } => (key.0 != NO_REG).then_some(*key),
        _ => None,
    }
}

/// The error as the reference's compiled code raises it of an element of a local variable: without the name in the
/// code of the array's error, and without a word on what for it is read.
fn compiled_code(mut e: Exception, place: Operand, key: OptionalUse) -> Exception {
    let code = e.error_code().to_text();
    if place.as_local().is_some() && key.0 != NO_REG && code.starts_with(b"TCL LOOKUP VARNAME ") {
        e.error_info = None;
        return e.with_code(&["TCL", "LOOKUP", "VARNAME"]);
    }
    e
}
