//! The handlers of traces of variables as calls, one after the other.

use std::rc::Rc;

use super::outermost::end_return_of;
use super::running_elements::RunningElement;
use super::tracing::AfterTraces;
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Exception, Raised};
use crate::interp::step::{At, Run, Then, What};
use crate::interp::trace::{Trace, ops};
use crate::interp::var::VarCell;
use crate::interp::vars::Variable;
use crate::interp::{Machine, Step};
use crate::text;
use crate::value::Value;
use tclring_compiler::Mode;
use tclring_compiler::source::Span;
use tclring_compiler::syntax::command::parse_script;
use tclring_compiler::syntax::list::append_element;

pub(super) struct TraceKind {
    pub(super) ignore_errors: bool,
    pub(super) op: &'static str,
    pub(super) bit: u8,
    pub(super) shown: Vec<u8>,
    pub(super) variable: Option<Variable>,
    /// The element of an array that they run for.
    pub(super) element: Option<Rc<RunningElement>>,
}

impl TraceKind {
    /// What cannot be done when a trace refuses.
    fn verb(&self) -> &'static str {
        match self.op {
            "read" => "read",
            "array" => "trace array",
            _ => "set",
        }
    }
}

/// The error of an operation that a native trace refuses.
fn native_refusal(kind: &TraceKind, reason: &str) -> Exception {
    let code = if kind.bit == ops::READ { "READ" } else { "WRITE" };
    let message = text!["can't ", kind.verb(), " \"", &kind.shown, "\": ", reason];
    let mut refusal = Raised::error(message).with_code(&["TCL", code, "VARNAME"]);
    refusal.error_info = Some(reason.as_bytes().to_vec());
    refusal.add_info(&text!["\n    (", kind.op, " trace on \"", &kind.shown, "\")"]);
    refusal
}

/// A trace to run.
pub(super) struct TraceCall {
    pub(super) trace: Rc<Trace>,
    pub(super) script: Value,
    pub(super) key: Option<Value>,
}

/// The traces of one cell for an operation, newest first. A variable's traces do not run inside each other.
pub(crate) fn cell_traces(cell: &VarCell, op: u8) -> Vec<Rc<Trace>> {
    let traces = cell.traces().borrow();
    let Some(traces) = &*traces else {
        return Vec::new();
    };
    if op & (ops::WRITE | ops::UNSET) != 0 {
        traces.watches.iter().for_each(|counter| counter.set(counter.get() + 1));
    }
    // The traces of a variable's end run even inside its other traces.
    if op != ops::UNSET && traces.list.iter().any(|trace| trace.active.get()) {
        return Vec::new();
    }
    traces.list.iter().filter(|trace| trace.ops & op != 0).cloned().collect()
}

/// Takes the traces off a variable that ends; those that were about to run do not.
pub(crate) fn drop_traces(cell: &VarCell) {
    cell.set_traced(false);
    if let Some(traces) = cell.traces().borrow_mut().take() {
        traces.list.iter().for_each(|trace| trace.removed.set(true));
    }
}

pub(crate) fn trace_script(trace: &Trace, name: &Value, key: Option<&Value>, op: &str) -> Value {
    let mut script = trace.prefix.to_text();
    let word = if trace.old_style { &op[..1] } else { op };
    for part in [&*name.text(), key.map(Value::to_text).unwrap_or_default().as_slice(), word.as_bytes()] {
        append_element(&mut script, part, false);
    }
    Value::text_value(script)
}

/// Runs the calls one after the other, then goes on.
pub(super) fn run_calls(
    machine: &mut Machine,
    mut calls: std::vec::IntoIter<TraceCall>,
    then: AfterTraces,
    kind: TraceKind,
) -> Outcome {
    let (trace, script) = loop {
        let Some(call) = calls.by_ref().find(|call| kind.bit == ops::UNSET || !call.trace.removed.get())
        else {
            drop(kind);
            return then(machine, Ok(()));
        };
        let Some(function) = call.trace.native else {
            // Nothing is evaluated for an empty prefix.
            if call.trace.prefix.is_empty() {
                continue;
            }
            break (call.trace, call.script);
        };
        if let Err(reason) = function(machine, kind.variable.as_ref(), call.key.as_ref(), kind.bit)
            && !kind.ignore_errors
        {
            let refusal = native_refusal(&kind, reason);
            drop(kind);
            return then(machine, Err(refusal));
        }
    };
    // Traces of an array run for one element at a time.
    let is_whole = kind.element.as_ref().is_none_or(|element| !element.is_watched_by(&trace));
    if is_whole {
        trace.active.set(true);
    }
    let outermost = machine.outermost().filter(|_| kind.bit != ops::ARRAY);
    let shown = if outermost.is_some() { first_command(&script) } else { Vec::new() };
    Ok(Step::Run(Box::new(Run {
        what: What::Sourced(script),
        at: At::Here,
        then: Then::Barrier(Box::new(move |machine: &mut Machine, outcome: Result<Value, Exception>| {
            if is_whole {
                trace.active.set(false);
            }
            let outcome = match outermost {
                Some(outermost) => outcome.or_else(|e| end_return_of(&shown, e, outermost)),
                None => outcome,
            };
            match outcome {
                Err(e) if !kind.ignore_errors && !e.uncatchable => {
                    let refusal = refusal_of(&kind, e);
                    drop(kind);
                    then(machine, Err(refusal))
                }
                _ => run_calls(machine, calls, then, kind),
            }
        })),
    })))
}

/// What the operation comes to when a handler refuses it with an exception.
fn refusal_of(kind: &TraceKind, mut e: Exception) -> Exception {
    if e.code != ERROR {
        // Whatever it is, it is an error there.
        e = Raised::error(e.result.to_text());
    }
    let message = text!["can't ", kind.verb(), " \"", &kind.shown, "\": ", &e.result];
    let line = text!["\n    (", kind.op, " trace on \"", &kind.shown, "\")"];
    e.trace();
    e.add_info(&line);
    e.result = Value::text_value(message);
    e.logged = false;
    match kind.bit {
        ops::READ => e.with_code(&["TCL", "READ", "VARNAME"]),
        ops::ARRAY => e,
        _ => e.with_code(&["TCL", "WRITE", "VARNAME"]),
    }
}

/// The text of the first command of a script.
fn first_command(script: &Value) -> Vec<u8> {
    let text = script.text();
    let parsed = parse_script(&text, Span::new(0, text.len()), Mode::Tcl90, 0);
    parsed.commands.first().map(|command| command.span.of(&text).to_vec()).unwrap_or_default()
}
