//! Reading, writing and unsetting variables with their traces as frames.
//!
//! Without traces everything is done on the spot. With traces the outcome asks
//! for the handlers to be run, behind a barrier, and goes on afterwards.

use std::rc::Rc;

use tclring_compiler::bytecode::Op;

use super::running_elements::RunningElements;
use super::trace_calls::{TraceCall, TraceKind, run_calls};
pub(crate) use super::trace_calls::{cell_traces, drop_traces, trace_script};
use super::var_op::{VarOp, incr_value};
use crate::cmd::vars::not_incremented;
use crate::interp::arena::Id;
use crate::interp::command::Outcome;
use crate::interp::exception::Exception;
use crate::interp::frame::Continuation;
use crate::interp::step::{Run, Then};
use crate::interp::trace::{Trace, ops};
use crate::interp::var::ArrayObj;
use crate::interp::vars::{
    IS_CONST, Look, NO_SUCH_ELEMENT, NO_SUCH_VARIABLE, NOT_ARRAY, Place, Variable, shown_name, variable_error,
};
use crate::interp::{Machine, Step};
use crate::value::{Tag, Value};

/// What goes on after traces.
pub(super) type AfterTraces = Box<dyn FnOnce(&mut Machine, Result<(), Exception>) -> Outcome>;

impl Machine {
    /// The value of the variable named `name`, traces included.
    pub fn read_named(&mut self, name: &Value) -> Outcome {
        match self.existing_variable(name) {
            Some(variable) => self.read_variable(&variable),
            None => Err(missing(name)),
        }
    }

    /// Sets the variable named `name`; the outcome is its value afterwards.
    pub fn write_named(&mut self, name: &Value, value: Value) -> Outcome {
        let variable = self.variable(name, "set")?;
        self.write_variable(&variable, value)
    }

    /// The value of a variable, traces included.
    pub fn read_variable(&mut self, variable: &Variable) -> Outcome {
        match self.look(variable) {
            Look::Value(value) => Ok(Step::Done(value)),
            Look::Missing(reason) => Err(self.refusal("read", variable, reason)),
            Look::Traced => {
                let after = variable.clone();
                let array = self.array_around(variable);
                self.run_read_traces(variable, move |machine, outcome| {
                    outcome?;
                    if machine.has_left(&after, array) {
                        // What goes by its name now is another element.
                        let reason = match machine.look_untraced(&after) {
                            Look::Missing(NO_SUCH_VARIABLE) => NO_SUCH_VARIABLE,
                            _ => NO_SUCH_ELEMENT,
                        };
                        return Err(variable_error("read", &after.name, after.key.as_ref(), reason));
                    }
                    match machine.look_untraced(&after) {
                        Look::Value(value) => Ok(Step::Done(value)),
                        Look::Missing(reason) => Err(machine.refusal("read", &after, reason)),
                        Look::Traced => unreachable!("an untraced look finds no traces"),
                    }
                })
            }
        }
    }

    /// Reads a variable, then goes on with its value, or with nothing if it has none.
    pub fn read_then(
        &mut self,
        variable: &Variable,
        then: impl FnOnce(&mut Machine, Result<Value, &'static str>) -> Outcome + 'static,
    ) -> Outcome {
        match self.look(variable) {
            Look::Value(value) => then(self, Ok(value)),
            Look::Missing(reason) => then(self, Err(reason)),
            Look::Traced => {
                let after = variable.clone();
                self.run_read_traces(variable, move |machine, outcome| {
                    outcome?;
                    match machine.look_untraced(&after) {
                        Look::Value(value) => then(machine, Ok(value)),
                        Look::Missing(reason) => then(machine, Err(reason)),
                        Look::Traced => unreachable!("an untraced look finds no traces"),
                    }
                })
            }
        }
    }

    /// Reads the variable named `name`, then goes on with its value; an error if it has none.
    pub fn read_named_then(
        &mut self,
        name: &Value,
        then: impl FnOnce(&mut Machine, Value) -> Outcome + 'static,
    ) -> Outcome {
        let Some(variable) = self.existing_variable(name) else {
            return Err(missing(name));
        };
        match self.look(&variable) {
            Look::Value(value) => then(self, value),
            Look::Missing(reason) => Err(self.refusal("read", &variable, reason)),
            Look::Traced => {
                let outcome = self.read_variable(&variable);
                self.after(outcome, move |machine, outcome| then(machine, outcome?))
            }
        }
    }

    /// Writes variables one by one, each with its traces; the outcome is `result`.
    pub fn store_all(&mut self, mut stores: std::vec::IntoIter<(Value, Value)>, result: Value) -> Outcome {
        while let Some((name, value)) = stores.next() {
            match self.write_named(&name, value)? {
                Step::Done(_) => {}
                Step::Run(run) => {
                    return Ok(self.chain(run, move |machine, outcome| {
                        outcome?;
                        machine.store_all(stores, result)
                    }));
                }
                _ => unreachable!("a write is done or runs traces"),
            }
        }
        Ok(Step::Done(result))
    }

    /// Writes one variable with its traces, then goes on.
    pub fn write_then(
        &mut self,
        name: &Value,
        value: Value,
        then: impl FnOnce(&mut Machine, Value) -> Outcome + 'static,
    ) -> Outcome {
        match self.write_named(name, value)? {
            Step::Done(value) => then(self, value),
            Step::Run(run) => Ok(self.chain(run, move |machine, outcome| then(machine, outcome?))),
            _ => unreachable!("a write is done or runs traces"),
        }
    }

    /// The step that runs `run` and then goes on with `then`.
    pub fn chain(
        &self,
        run: Box<Run>,
        then: impl FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome + 'static,
    ) -> Step {
        chained(run, Box::new(then))
    }

    /// Goes on with `then` when `outcome` is complete, whatever it takes.
    pub fn after(
        &mut self,
        outcome: Outcome,
        then: impl FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome + 'static,
    ) -> Outcome {
        match outcome {
            Ok(Step::Done(value)) => then(self, Ok(value)),
            Err(exception) => then(self, Err(exception)),
            Ok(step) => Ok(continued(step, Box::new(then))),
        }
    }

    /// Sets a variable; the outcome is its value afterwards.
    pub fn write_variable(&mut self, variable: &Variable, value: Value) -> Outcome {
        if !self.is_traced(variable) {
            self.set_untraced(variable, value.clone())?;
            return Ok(Step::Done(value));
        }
        self.set_untraced(variable, value)?;
        self.run_write_traces(variable)
    }

    fn run_write_traces(&mut self, variable: &Variable) -> Outcome {
        let after = variable.clone();
        let array = self.array_around(variable);
        self.run_traces(
            variable,
            ops::WRITE,
            "write",
            Box::new(move |machine, outcome| {
                outcome?;
                if machine.has_left(&after, array) {
                    machine.skip_load_after_store();
                    return Ok(Step::EMPTY);
                }
                match machine.look_untraced(&after) {
                    Look::Value(value) => Ok(Step::Done(value)),
                    Look::Missing(_) | Look::Traced => Ok(Step::EMPTY),
                }
            }),
        )
    }

    /// Leaves out the load of what the operation at hand has stored: the element is gone, and what goes by its name now
    /// is another one.
    fn skip_load_after_store(&mut self) {
        let frame = self.frame_mut();
        let Some(unit) = frame.unit.clone() else { return };
        let at = frame.pc as usize;
        if let (Some(Op::StoreVar { .. }), Some(Op::LoadRaw { dst, .. })) =
            (unit.ops.get(at.wrapping_sub(1)), unit.ops.get(at))
            && dst.0 >= unit.locals
        {
            frame.pc += 1;
            let register = frame.base as usize + usize::from(dst.0);
            self.context_mut().registers[register] = Value::EMPTY;
        }
    }

    /// Changes a variable in place; with `want` the outcome is its value afterwards.
    pub fn modify_variable(&mut self, variable: &Variable, op: VarOp, want: bool) -> Outcome {
        if !self.is_traced(variable) {
            return self.modify_now(variable, op, want);
        }
        if !op.reads() {
            self.modify_now(variable, op, false)?;
            return self.run_write_traces(variable);
        }
        if op.makes_array_first() && variable.key.is_some() {
            // What is no array says so later.
            let _is_array = self.array_at(&variable.place, true);
        }
        let after = variable.clone();
        self.run_read_traces(variable, move |machine, outcome| {
            if let Err(refusal) = outcome {
                if op.needs_value() {
                    return Err(refusal);
                }
                // A value that cannot be read is as good as none.
                machine.change(&after, |slot| {
                    *slot = Value::UNSET;
                    Ok(())
                })?;
            }
            machine.modify_now(&after, op, false)?;
            if machine.is_traced(&after) {
                machine.run_write_traces(&after)
            } else {
                machine.read_variable(&after)
            }
        })
    }

    fn modify_now(&mut self, variable: &Variable, op: VarOp, want: bool) -> Outcome {
        let mode = self.mode();
        let is_element = variable.key.is_some();
        if (op.needs_value() || is_element && matches!(op, VarOp::Incr(_)))
            && let Look::Missing(reason) = self.look_untraced(variable)
            && (op.needs_value() || reason == NOT_ARRAY)
        {
            let e = self.refusal("read", variable, reason);
            return Err(match op {
                VarOp::Incr(_) if self.is_element_in_place(variable) => {
                    e.with_code(&["TCL", "LOOKUP", "VARNAME"])
                }
                VarOp::Incr(_) => not_incremented(e),
                _ => e,
            });
        }
        if is_element && op.is_of_dict() && matches!(self.look_untraced(variable), Look::Missing(NOT_ARRAY)) {
            // What is wrong with the change comes first.
            op.apply(mode, &mut Value::UNSET.clone())?;
            return Err(self.refusal("set", variable, NOT_ARRAY));
        }
        // The value is looked at, not held: it is changed where it is only if nobody else has it.
        if let VarOp::Incr(by) = &op
            && !is_element
            && self.peek(&variable.place).tag() == Tag::Array
        {
            incr_value(&mut Value::int(0), by, mode)?;
        }
        let is_const =
            matches!(&variable.place, Place::Cell(cell) if cell.is_const()) && variable.key.is_none();
        if is_const && !matches!(op, VarOp::Incr(_)) {
            // What is wrong with the change comes first.
            op.apply(mode, &mut self.peek(&variable.place))?;
            return Err(self.refusal("set", variable, IS_CONST));
        }
        if is_const {
            return Err(variable_error("incr", &variable.name, None, IS_CONST));
        }
        // An element that only has its array's default begins with that.
        let default = match variable.key {
            Some(_) => self.peek(&variable.place).array_rc().and_then(|a| a.default_value().borrow().clone()),
            None => None,
        };
        let makes_array = is_element && matches!(op, VarOp::Incr(_));
        let value = self.change(variable, |slot| {
            if let Some(default) = default.filter(|_| slot.is_unset()) {
                *slot = default;
            }
            op.apply(mode, slot)?;
            Ok(if want { slot.clone() } else { Value::EMPTY })
        });
        if value.is_err() && makes_array {
            // What cannot be added leaves an array without the element.
            let _is_array_or_not = self.array_at(&variable.place, true);
        }
        Ok(Step::Done(value?))
    }

    /// Whether a variable has a value: 1 or 0. Read traces run first, and array traces for an element.
    pub fn variable_exists(&mut self, variable: &Variable) -> Outcome {
        if !self.is_traced(variable) {
            return Ok(Step::Done(Value::bool(self.has_value(variable))));
        }
        let after = variable.clone();
        self.run_read_traces(variable, move |machine, _| {
            // An error in the trace does not matter.
            Ok(Step::Done(Value::bool(machine.has_value(&after))))
        })
    }

    /// Fires the read traces of a variable and forgets the value.
    pub(super) fn fire_read(&mut self, variable: &Variable) -> Outcome {
        self.run_read_traces(variable, |_, outcome| {
            outcome?;
            Ok(Step::EMPTY)
        })
    }

    fn run_read_traces(
        &mut self,
        variable: &Variable,
        then: impl FnOnce(&mut Machine, Result<(), Exception>) -> Outcome + 'static,
    ) -> Outcome {
        self.run_traces(variable, ops::READ, "read", Box::new(then))
    }

    /// Fires the `array` traces of the variable, then goes on.
    pub fn array_traces_then(
        &mut self,
        variable: &Variable,
        then: impl FnOnce(&mut Machine) -> Outcome + 'static,
    ) -> Outcome {
        let traced = matches!(&variable.place, Place::Cell(cell)
            if cell.is_traced() && matches!(cell.tag(), Tag::Array | Tag::Unset));
        if !traced {
            return then(self);
        }
        let whole = Variable { key: None, ..variable.clone() };
        self.run_traces(
            &whole,
            ops::ARRAY,
            "array",
            Box::new(move |machine, outcome| {
                outcome?;
                then(machine)
            }),
        )
    }

    /// Unsets a variable, then fires its unset traces. `complain`: an error if it has no value.
    pub fn unset_variable(&mut self, variable: &Variable, complain: bool) -> Outcome {
        if let Place::Cell(cell) = &variable.place
            && cell.is_const()
            && variable.key.is_none()
        {
            return if complain {
                Err(variable_error("unset", &variable.name, variable.key.as_ref(), IS_CONST))
            } else {
                Ok(Step::EMPTY)
            };
        }
        let fail = |reason: &str| variable_error("unset", &variable.name, variable.key.as_ref(), reason);
        let held = self.peek(&variable.place);
        let Some(key) = &variable.key else {
            return self.unset_whole(variable, held, complain);
        };
        match held.tag() {
            Tag::Array => {}
            Tag::Unset if complain => {
                let Look::Missing(reason) = self.look_untraced(variable) else {
                    return Err(fail(NO_SUCH_VARIABLE));
                };
                return Err(fail(reason));
            }
            Tag::Unset => return Ok(Step::EMPTY),
            _ => return if complain { Err(fail(NOT_ARRAY)) } else { Ok(Step::EMPTY) },
        }
        let array = held.array_rc().expect("the tag said array");
        let missing = array.get(key).is_none();
        let refusal = (missing && complain).then(|| fail(NO_SUCH_ELEMENT));
        if missing && array.existing_cell(key).is_none() {
            return refusal.map_or(Ok(Step::EMPTY), Err);
        }
        let traces = self.traces_of(variable, ops::UNSET);
        let element = array.elements().borrow_mut().remove(key);
        array.searches().borrow_mut().clear();
        if let Some(cell) = element.and_then(|e| e.cell_rc()) {
            cell.set(Value::UNSET);
            cell.set_gone(true);
            drop_traces(&cell);
        }
        let outcome = self.run_unset_traces(traces, &variable.name, Some(key));
        match refusal {
            None => outcome,
            Some(refusal) => self.after(outcome, move |_, _| Err(refusal)),
        }
    }

    fn unset_whole(&mut self, variable: &Variable, held: Value, complain: bool) -> Outcome {
        let refusal =
            (held.is_unset() && complain).then(|| self.refusal("unset", variable, NO_SUCH_VARIABLE));
        if held.is_unset() {
            let traced = matches!(&variable.place, Place::Cell(cell) if cell.is_traced());
            if !traced {
                return if let Some(refusal) = refusal {
                    Err(refusal)
                } else {
                    self.drop_declared(variable);
                    Ok(Step::EMPTY)
                };
            }
        }
        let told = told_element(variable);
        drop(held);
        let mut traces = Vec::new();
        match &variable.place {
            Place::Register(register) => {
                let old = self.context_mut().registers[*register].take();
                drop(old);
            }
            Place::Cell(cell) => {
                traces = self.traces_of(variable, ops::UNSET);
                let cell = Rc::clone(cell);
                let old = cell.take();
                drop_traces(&cell);
                if let Some(array) = old.array_rc() {
                    let outcome = self.run_unset_traces(traces, &variable.name, told.as_ref());
                    let elements = self.element_unset_traces(&array, &variable.name);
                    self.drop_declared(variable);
                    return self.after(outcome, move |machine, outcome| {
                        outcome?;
                        machine.run_unset_list(elements)
                    });
                }
            }
        }
        self.drop_declared(variable);
        if let Some(refusal) = refusal {
            let outcome = self.run_unset_traces(traces, &variable.name, told.as_ref());
            return self.after(outcome, move |_, _| Err(refusal));
        }
        self.run_unset_traces(traces, &variable.name, told.as_ref())
    }

    /// A namespace variable that nobody links to goes from its namespace when it is unset.
    fn drop_declared(&mut self, variable: &Variable) {
        let Place::Cell(cell) = &variable.place else {
            return;
        };
        if !cell.is_in_namespace() || cell.tag() != Tag::Unset {
            return;
        }
        cell.set_declared(false);
        // The namespace's count and this one: nobody else knows the cell.
        if Rc::strong_count(cell) > 2 {
            // Methods are to declare it again.
            let here = self.context().frames[self.vars() as usize].namespace;
            if let Some(ns) = self.namespaces.get_mut(here).filter(|ns| ns.object != Id::NONE) {
                ns.variable_epoch = ns.variable_epoch.wrapping_add(1);
            }
            return;
        }
        let vars = self.vars();
        let frame = &self.context().frames[vars as usize];
        let (ns, tail) = match crate::interp::namespace::split_qualified(&variable.name.text()) {
            Some((head, tail)) => (self.find_namespace(head, frame.namespace), Value::text_of(tail)),
            None => (Some(frame.namespace), variable.name.clone()),
        };
        let Some(ns) = ns.and_then(|id| self.namespaces.get_mut(id)) else {
            return;
        };
        if ns.variables.get(&tail).and_then(Value::cell_rc).is_some_and(|own| Rc::ptr_eq(&own, cell)) {
            ns.variables.remove(&tail);
            ns.variable_epoch = ns.variable_epoch.wrapping_add(1);
        }
    }

    /// The unset traces of all elements of an array that is gone.
    pub(crate) fn element_unset_traces(
        &mut self,
        array: &crate::interp::var::ArrayObj,
        name: &Value,
    ) -> Vec<UnsetTraces> {
        let mut found = Vec::new();
        for (key, element) in array.elements().borrow().table_order(|_, element| element.tag() == Tag::Link) {
            if let Some(cell) = element.cell_rc() {
                let traces = cell_traces(&cell, ops::UNSET);
                cell.set(Value::UNSET);
                cell.set_gone(true);
                drop_traces(&cell);
                if !traces.is_empty() {
                    found.push(UnsetTraces { traces, name: name.clone(), key: Some(key.clone()) });
                }
            }
        }
        found
    }

    /// Runs unset traces whose variables are gone; errors in them are ignored.
    pub fn run_unset_traces(&mut self, traces: Vec<Rc<Trace>>, name: &Value, key: Option<&Value>) -> Outcome {
        if traces.is_empty() {
            return Ok(Step::EMPTY);
        }
        self.run_unset_list(vec![UnsetTraces { traces, name: name.clone(), key: key.cloned() }])
    }

    /// Runs lists of unset traces one after the other.
    pub fn run_unset_list(&mut self, list: Vec<UnsetTraces>) -> Outcome {
        let mut calls = Vec::new();
        for one in list {
            for trace in one.traces {
                let script = trace_script(&trace, &one.name, one.key.as_ref(), "unset");
                calls.push(TraceCall { trace, script, key: one.key.clone() });
            }
        }
        run_calls(
            self,
            calls.into_iter(),
            Box::new(|_, _| Ok(Step::EMPTY)),
            TraceKind {
                ignore_errors: true,
                op: "unset",
                bit: ops::UNSET,
                shown: Vec::new(),
                variable: None,
                element: None,
            },
        )
    }

    /// The array that the variable is an element of.
    fn array_around(&self, variable: &Variable) -> Option<Rc<ArrayObj>> {
        variable.key.as_ref()?;
        self.peek(&variable.place).array_rc()
    }

    /// Whether `array`, which the variable was an element of, is not its array any more: what goes by the element's name
    /// now is another one. An element that was unset alone and set again is the same.
    fn has_left(&self, variable: &Variable, array: Option<Rc<ArrayObj>>) -> bool {
        array.is_some_and(|before| self.array_around(variable).is_none_or(|now| !Rc::ptr_eq(&before, &now)))
    }

    /// The active traces of a variable (its array's first) for an operation, that are not running.
    fn traces_of(&self, variable: &Variable, op: u8) -> Vec<Rc<Trace>> {
        let mut traces = match &variable.place {
            // A variable that is not an array yet has no elements to be read.
            Place::Cell(cell) if op == ops::READ && variable.key.is_some() && cell.array().is_none() => {
                Vec::new()
            }
            Place::Cell(cell) => cell_traces(cell, op),
            Place::Register(_) => Vec::new(),
        };
        if let Some(key) = &variable.key
            && let Some(element) =
                self.peek(&variable.place).array_rc().and_then(|array| array.existing_cell(key))
        {
            traces.extend(cell_traces(&element, op));
        }
        traces
    }

    fn run_traces(&mut self, variable: &Variable, op: u8, word: &'static str, then: AfterTraces) -> Outcome {
        let traces = self.traces_of(variable, op);
        let element = match (&variable.place, &variable.key) {
            (Place::Cell(cell), Some(key)) if !traces.is_empty() => {
                let running = self.caches.get::<RunningElements>();
                let Some(element) = running.begin(cell, key) else { return then(self, Ok(())) };
                Some(element)
            }
            _ => None,
        };
        let shown = shown_name(&variable.name, variable.key.as_ref());
        let key = told_element(variable);
        let calls: Vec<_> = traces
            .into_iter()
            .map(|trace| {
                let script = trace_script(&trace, &variable.name, key.as_ref(), word);
                TraceCall { trace, script, key: key.clone() }
            })
            .collect();
        run_calls(
            self,
            calls.into_iter(),
            then,
            TraceKind {
                ignore_errors: false,
                op: word,
                bit: op,
                shown,
                variable: Some(variable.clone()),
                element,
            },
        )
    }
}

/// The element that handlers are told of: that of the variable, or of the element that it is linked to.
fn told_element(variable: &Variable) -> Option<Value> {
    match (&variable.key, &variable.place) {
        (Some(key), _) => Some(key.clone()),
        (None, Place::Cell(cell)) => {
            cell.traces().borrow().as_ref().and_then(|traces| traces.element.clone())
        }
        (None, Place::Register(_)) => None,
    }
}

/// Unset traces to run for a variable that is gone.
pub struct UnsetTraces {
    /// The traces.
    pub traces: Vec<Rc<Trace>>,
    /// The variable's name.
    pub name: Value,
    /// The element.
    pub key: Option<Value>,
}

/// The step that runs `run` and then goes on with `then`.
fn chained(mut run: Box<Run>, then: Box<dyn Continuation>) -> Step {
    run.then = match std::mem::replace(&mut run.then, Then::Pass) {
        Then::Pass => Then::Do(then),
        Then::Do(first) => Then::Do(Box::new(Linked { first, then })),
        Then::Barrier(first) => Then::Barrier(Box::new(Linked { first, then })),
    };
    Step::Run(run)
}

/// A step that is not complete, with `then` behind it.
fn continued(step: Step, then: Box<dyn Continuation>) -> Step {
    match step {
        Step::Run(run) => chained(run, then),
        Step::Block(request, first) => Step::Block(request, Box::new(Linked { first, then })),
        other => other,
    }
}

/// Two continuations, one after the other.
struct Linked {
    first: Box<dyn Continuation>,
    then: Box<dyn Continuation>,
}

impl Continuation for Linked {
    fn resume(self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        let Linked { first, then } = *self;
        match first.resume(machine, outcome) {
            Ok(Step::Done(value)) => then.resume(machine, Ok(value)),
            Err(exception) => then.resume(machine, Err(exception)),
            // The second one is handed on as it is: the first one may come back any number of times.
            Ok(step) => Ok(continued(step, then)),
        }
    }
}

/// The error for reading a variable that is not there.
pub fn missing(name: &Value) -> Exception {
    let whole = name.text();
    match crate::interp::vars::split_element(&whole) {
        Some((base, key)) => {
            variable_error("read", &Value::text_of(base), Some(&Value::text_of(key)), NO_SUCH_VARIABLE)
        }
        None => variable_error("read", name, None, NO_SUCH_VARIABLE),
    }
}
