//! Invoking traced commands: enter and leave traces, and the steps in between.

use std::rc::{Rc, Weak};

use tclring_compiler::syntax::list::append_element;

use crate::interp::command::{CommandId, Outcome};
use crate::interp::exception::{ERROR, Exception};
use crate::interp::frame::Continuation;
use crate::interp::trace::{Trace, ops};
use crate::interp::{At, Machine, Rewrite, Run, Step, Then, What};
use crate::text;
use crate::value::Value;

/// How much of a command is shown in errorInfo.
const COMMAND_SHOWN_MAX: usize = 55;

/// A trace whose steps are on: every command of its interpreter is one, as long as the traced one runs.
pub struct StepTrace {
    trace: Rc<Trace>,
    /// Held by the invocation that turned it on.
    holder: Weak<()>,
}

/// Whether an invocation of a command is traced, by itself or as a step.
pub fn has_execution_traces(machine: &Machine, command: CommandId) -> bool {
    const OWN: u8 = ops::ENTER | ops::LEAVE | ops::ENTER_STEP | ops::LEAVE_STEP;
    let interp = machine.interp(machine.current());
    if !interp.steps.is_empty() && interp.tracing == 0 {
        return true;
    }
    let traces = machine.commands.get(command).and_then(|entry| entry.traces.as_ref());
    traces.is_some_and(|traces| traces.list.iter().any(|trace| trace.ops & OWN != 0))
}

/// What is being done for a traced invocation.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    EnterSteps,
    EnterOwn,
    Run,
    LeaveOwn,
    LeaveSteps,
}

/// A traced invocation under way.
struct Traced {
    command: CommandId,
    place: (Value, crate::interp::namespace::NamespaceId),
    words: Vec<Value>,
    rewrite: Option<Rewrite>,
    /// Whether a script ran before the command: what an ensemble has replaced is forgotten then.
    has_forgotten: bool,
    phase: Phase,
    /// The traces of this phase that are still to run, and the one that runs.
    queue: std::vec::IntoIter<Rc<Trace>>,
    running: Option<Rc<Trace>>,
    holder: Option<Rc<()>>,
    /// What the command came to.
    outcome: Result<Value, Exception>,
    /// The result that the next leave trace sees.
    seen: Value,
}

/// Invokes a command with its execution traces and as a step of others.
pub fn invoke_traced(machine: &mut Machine, command: CommandId, words: Vec<Value>) -> Outcome {
    let entry = machine.command(command);
    let place = (entry.name.clone(), entry.namespace);
    let state = Box::new(Traced {
        command,
        place,
        words,
        rewrite: machine.rewrite.take(),
        has_forgotten: false,
        phase: Phase::EnterSteps,
        queue: machine.step_traces(ops::ENTER_STEP).into_iter(),
        running: None,
        holder: None,
        outcome: Ok(Value::EMPTY),
        seen: Value::EMPTY,
    });
    state.advance(machine)
}

impl Machine {
    /// The steps that are on for an operation, newest first.
    fn step_traces(&mut self, op: u8) -> Vec<Rc<Trace>> {
        let here = self.current();
        let interp = self.interp_mut(here);
        if interp.tracing > 0 || interp.steps.is_empty() {
            return Vec::new();
        }
        let before = interp.steps.len();
        interp.steps.retain(|step| step.holder.strong_count() > 0);
        let found: Vec<_> =
            interp.steps.iter().rev().map(|step| &step.trace).filter(|t| t.ops & op != 0).cloned().collect();
        if interp.steps.len() != before {
            self.steps_changed();
        }
        found
    }

    /// Turns the steps off for which `which` holds.
    pub(crate) fn end_steps(&mut self, which: impl Fn(&Rc<Trace>) -> bool) {
        if self.stepping == 0 {
            return;
        }
        let ids: Vec<_> = self.interps.ids().collect();
        for id in ids {
            self.interp_mut(id).steps.retain(|step| !which(&step.trace));
        }
        self.steps_changed();
    }

    /// Ends the steps of the traces of a command that is being deleted.
    pub(crate) fn drop_step_traces(&mut self, command: CommandId) {
        let traces = self.commands.get(command).and_then(|command| command.traces.as_ref());
        let list: Vec<Rc<Trace>> = traces.map(|traces| traces.list.clone()).unwrap_or_default();
        self.end_steps(|step| list.iter().any(|trace| Rc::ptr_eq(trace, step)));
    }

    /// Call sites and compiled code depend on whether steps are on.
    fn steps_changed(&mut self) {
        let before = self.stepping;
        self.stepping = self.interps.ids().map(|id| self.interp(id).steps.len()).sum();
        if (before == 0) != (self.stepping == 0) {
            for id in self.interps.ids().collect::<Vec<_>>() {
                let redefinitions = &mut self.interp_mut(id).redefinitions;
                *redefinitions = redefinitions.wrapping_add(1);
            }
            self.is_stale = true;
        }
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// The text of the command that the top frame's code is at.
    pub(crate) fn source_of_command(&self) -> Option<Vec<u8>> {
        let frame = self.frame();
        let unit = frame.unit.as_ref()?;
        let pc = frame.pc.saturating_sub(1);
        let code = unit.code();
        let span = code.commands.iter().rev().find(|span| span.start <= pc && pc < span.end)?;
        Some(span.source.of(&code.source).to_vec())
    }
}

impl Traced {
    /// The next trace of the phase, or what comes after the phase.
    fn advance(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        loop {
            let next = self.queue.by_ref().find(|trace| !trace.removed.get() && !trace.active.get());
            if let Some(trace) = next {
                return Ok(self.run_trace(machine, trace));
            }
            match self.phase {
                Phase::EnterSteps => {
                    self.phase = Phase::EnterOwn;
                    self.queue = self.own_traces(machine, ops::ENTER).into_iter();
                }
                Phase::EnterOwn => return self.run(machine),
                Phase::Run | Phase::LeaveOwn => {
                    self.phase = Phase::LeaveSteps;
                    self.note_result();
                    let mut traces = machine.step_traces(ops::LEAVE_STEP);
                    traces.reverse();
                    self.queue = traces.into_iter();
                }
                Phase::LeaveSteps => return self.outcome.map(Step::Done),
            }
        }
    }

    fn own_traces(&self, machine: &Machine, op: u8) -> Vec<Rc<Trace>> {
        let traces = machine.commands.get(self.command).and_then(|entry| entry.traces.as_ref());
        let list = traces.map(|traces| traces.list.as_slice()).unwrap_or_default();
        list.iter().filter(|trace| trace.ops & op != 0).cloned().collect()
    }

    /// Has the message about a wrong number of arguments of a subcommand show the name of what implements it.
    fn show_own_name(&self, machine: &Machine, exception: &mut Exception) {
        let own = machine.command_name(self.command);
        let Some(spaced) = own
            .strip_prefix(b"::tcl::")
            .filter(|spaced| !spaced.starts_with(b"clock::") && machine.commands.get(self.command).is_some())
        else {
            return;
        };
        let spaced = String::from_utf8_lossy(spaced).replace("::", " ");
        let message = exception.result.to_display();
        if message.starts_with(&format!("wrong # args: should be \"{spaced} ")) {
            let own = String::from_utf8_lossy(&own);
            exception.result = Value::from(message.replace(&format!("\"{spaced} "), &format!("\"{own} ")));
        }
    }

    fn note_result(&mut self) {
        self.seen = match &self.outcome {
            Ok(value) => value.clone(),
            Err(exception) => exception.result.clone(),
        };
    }

    fn run_trace(mut self: Box<Self>, machine: &mut Machine, trace: Rc<Trace>) -> Step {
        let mut script = trace.prefix.to_text();
        let command = Value::list(self.words.clone());
        append_element(&mut script, &command.text(), false);
        let op = match self.phase {
            Phase::EnterSteps => "enterstep",
            Phase::EnterOwn => "enter",
            Phase::Run | Phase::LeaveOwn | Phase::LeaveSteps => {
                let code = self.outcome.as_ref().map_or_else(|exception| exception.code, |_| 0);
                append_element(&mut script, code.to_string().as_bytes(), false);
                append_element(&mut script, &self.seen.text(), false);
                if self.phase == Phase::LeaveSteps { "leavestep" } else { "leave" }
            }
        };
        append_element(&mut script, op.as_bytes(), false);
        trace.active.set(true);
        // What the script evaluates makes the reference forget what an ensemble has replaced.
        self.rewrite = None;
        self.has_forgotten = true;
        let here = machine.current();
        machine.interp_mut(here).tracing += 1;
        self.running = Some(trace);
        let what = What::Sourced(Value::text_value(script));
        Step::Run(Box::new(Run { what, at: At::Here, then: Then::Barrier(self) }))
    }

    /// Turns the steps of the command's traces on and runs it.
    fn run(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        let entry = machine.commands.get(self.command);
        if !entry.is_some_and(|entry| {
            entry.name == self.place.0 && entry.namespace == self.place.1 && !entry.dying
        }) {
            // A trace has moved it: the name means something else now, or nothing. What is in its place goes first.
            let name = self.words[0].text();
            let again =
                machine.command_in(self.place.1, &self.place.0).filter(|id| !machine.command(*id).dying);
            match again.or_else(|| machine.find_command(&name, machine.namespace_id())) {
                Some(found) => self.command = found,
                None => {
                    return Ok(Step::words(std::mem::take(&mut self.words)));
                }
            }
        }
        self.phase = Phase::Run;
        let stepping = self.own_traces(machine, ops::ENTER_STEP | ops::LEAVE_STEP);
        if !stepping.is_empty() {
            self.start_steps(machine, stepping);
        }
        machine.rewrite = self.rewrite.take();
        let what = What::Untraced(self.command, self.words.clone());
        Ok(Step::Run(Box::new(Run { what, at: At::Here, then: Then::Do(self) })))
    }

    fn start_steps(&mut self, machine: &mut Machine, traces: Vec<Rc<Trace>>) {
        let holder = Rc::new(());
        let here = machine.current();
        let steps = &mut machine.interp_mut(here).steps;
        let mut started = false;
        // The list is newest first; the steps are kept in the order of creation.
        for trace in traces.into_iter().rev() {
            if !trace.active.get() && !steps.iter().any(|step| Rc::ptr_eq(&step.trace, &trace)) {
                steps.push(StepTrace { trace, holder: Rc::downgrade(&holder) });
                started = true;
            }
        }
        if started {
            self.holder = Some(holder);
            machine.steps_changed();
        }
    }

    /// The command is done: its own leave traces come first, oldest first.
    fn leave(mut self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        if let Some(holder) = self.holder.take() {
            drop(holder);
            let here = machine.current();
            machine.interp_mut(here).steps.retain(|step| step.holder.strong_count() > 0);
            machine.steps_changed();
        }
        self.outcome = outcome.map_err(|mut exception| {
            if self.has_forgotten {
                self.show_own_name(machine, &mut exception);
            }
            exception
        });
        if machine.commands.get(self.command).is_none_or(|entry| entry.dying) {
            return self.outcome.map(Step::Done);
        }
        self.phase = Phase::LeaveOwn;
        self.note_result();
        let mut traces = self.own_traces(machine, ops::LEAVE);
        traces.reverse();
        self.queue = traces.into_iter();
        self.advance(machine)
    }

    /// What an exception in a trace makes of the invocation.
    fn refused(&self, machine: &Machine, mut exception: Exception) -> Exception {
        if exception.code == ERROR {
            let entering = matches!(self.phase, Phase::EnterSteps | Phase::EnterOwn);
            let command =
                machine.source_of_command().unwrap_or_else(|| Value::list(self.words.clone()).to_text());
            let shown = if command.len() > COMMAND_SHOWN_MAX {
                crate::exec::shorten(&command, COMMAND_SHOWN_MAX - 3)
            } else {
                command
            };
            let word = if entering { "enter" } else { "leave" };
            exception.add_info(&text!["\n    (", word, " trace on \"", shown, "\")"]);
            exception.logged = true;
        }
        exception
    }
}

impl Continuation for Traced {
    fn resume(mut self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        let Some(trace) = self.running.take() else {
            return self.leave(machine, outcome);
        };
        trace.active.set(false);
        let here = machine.current();
        let interp = machine.interp_mut(here);
        interp.tracing = interp.tracing.saturating_sub(1);
        match outcome {
            Ok(value) => {
                self.seen = value;
                self.advance(machine)
            }
            Err(exception) => Err(self.refused(machine, exception)),
        }
    }
}
