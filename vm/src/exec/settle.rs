//! From one outcome to the next thing to run.
//!
//! [`Machine::settle`] takes what a command (or a frame) came to and carries
//! it down the chain of frames until there are operations to run, or the
//! caller of the machine is to be asked.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::outermost::{Outermost, ending_return};
use super::{Flow, too_deep, too_long, unit::Unit};
use tclring_compiler::bytecode::Context as CodeContext;

use crate::error;
use crate::interp::arena::Id;
use crate::interp::command::Outcome;
use crate::interp::exception::Exception;
use crate::interp::frame::{Continuation, DISCARD, Frame, FrameKind, Standing, WordForm};
use crate::interp::step::{At, Run, Step, Then, What};
use crate::interp::{Coroutine, CoroutineState, Machine, RunEnd, pending};
use crate::value::{Tag, Value, refusal};

/// What came of starting something.
pub(crate) enum Started {
    /// A frame was pushed: run it.
    Pushed,
    /// It is complete already, or asks for more.
    Outcome(Outcome),
    /// It is complete, and its result goes to this register.
    Settled(Outcome, u32),
}

impl Machine {
    /// Carries an outcome on: a result goes to the register `result_at` of the top frame, or on to what waits there.
    pub(crate) fn settle(&mut self, outcome: Outcome, result_at: u32) -> Flow {
        let (mut outcome, mut result_at) = (outcome, result_at);
        loop {
            if !self.endings.is_empty() {
                outcome = self.after_endings(outcome);
            }
            match outcome {
                Ok(Step::Done(value)) => {
                    self.levels_ahead = 0;
                    let top = self.frame();
                    if top.then.is_some() {
                        (outcome, result_at) = self.resume_native(Ok(value));
                    } else if top.unit.is_some() {
                        match self.store_result(result_at, value) {
                            Ok(Step::Done(_)) => return Flow::Go,
                            other => {
                                outcome = other;
                                result_at = DISCARD;
                            }
                        }
                    } else if let Some((next, at)) = self.end_of_context(Ok(value)) {
                        outcome = next;
                        result_at = at;
                    } else {
                        return self.end_of_run();
                    }
                }
                Ok(Step::Run(run)) => match self.start(*run, result_at) {
                    Started::Pushed => return self.go_on(),
                    // What was started may have left its own frame on top; results go through it.
                    Started::Outcome(next) => outcome = next,
                    Started::Settled(next, at) => (outcome, result_at) = (next, at),
                },
                Ok(Step::Block(request, then)) => {
                    self.push_native(then, result_at, FrameKind::Native);
                    return Flow::End(RunEnd::Blocked(request));
                }
                Ok(Step::Yield(value)) => (outcome, result_at) = self.suspend(value, None, result_at),
                Ok(Step::YieldTo(to)) => {
                    (outcome, result_at) = self.suspend(Value::EMPTY, Some(*to), result_at)
                }
                Ok(Step::Resume(coroutine, value)) => {
                    (outcome, result_at) = self.enter_coroutine(coroutine, value, result_at);
                }
                Ok(Step::Exit(status)) => return Flow::End(RunEnd::Exit(status)),
                Err(exception) => match self.unwind(exception) {
                    super::unwind::Unwound::Handled if self.endings.is_empty() => return self.go_on(),
                    super::unwind::Unwound::Handled => {
                        // Traces of the variables that tell of the error.
                        outcome = Ok(Step::EMPTY);
                        result_at = DISCARD;
                    }
                    super::unwind::Unwound::On(next, at) => {
                        outcome = next;
                        result_at = at;
                    }
                    super::unwind::Unwound::Out(exception) => {
                        self.finished = Some(Err(exception));
                        return self.end_of_run();
                    }
                },
            }
        }
    }

    /// Goes on in a frame that a command asked for, or in an exception's handler. A loop that is a command, or whose
    /// exceptions lead it back, may do nothing else, ever.
    #[inline]
    fn go_on(&mut self) -> Flow {
        if self.pending.load(std::sync::atomic::Ordering::Relaxed) == 0 {
            return Flow::Go;
        }
        self.look_at_pending().unwrap_or(Flow::Go)
    }

    /// Raises an exception at the top frame.
    pub(crate) fn raise(&mut self, exception: Exception) -> Flow {
        // What went wrong with an empty text in place of one that was refused is not what is to be told.
        let exception = if refusal::take() { too_long() } else { self.what_ended(exception) };
        self.settle(Err(exception), DISCARD)
    }

    /// Goes on after [`RunEnd::Blocked`]: `outcome` is what the blocked command gets.
    pub fn resume(&mut self, outcome: Result<Value, Exception>) -> RunEnd {
        match self.settle(outcome.map(Step::Done), DISCARD) {
            Flow::Go => self.run(),
            Flow::End(end) => end,
        }
    }

    /// Begins something behind a barrier of its own and runs it, in the active context's chain above what waits there.
    pub fn run_behind_barrier(&mut self, run: Run) -> RunEnd {
        self.push_barrier();
        let flow = match self.start(run, DISCARD) {
            Started::Pushed => Flow::Go,
            Started::Outcome(outcome) => self.settle(outcome, DISCARD),
            Started::Settled(outcome, at) => self.settle(outcome, at),
        };
        match flow {
            Flow::Go => self.run(),
            Flow::End(end) => end,
        }
    }

    /// Runs a script at the global level of the main interpreter, compiled as the top level does (`sourced`) or whole.
    pub fn run_script(&mut self, script: Value, sourced: bool) -> RunEnd {
        let what = if sourced { What::Sourced(script) } else { What::Script(script) };
        self.run_behind_barrier(Run { what, at: At::Global, then: Then::Pass })
    }

    fn end_of_run(&mut self) -> Flow {
        let outcome = self.finished.take().unwrap_or(Ok(Value::EMPTY));
        Flow::End(RunEnd::Done(outcome))
    }

    /// The top frame has nothing more to run: a barrier, or the base of a coroutine.
    fn end_of_context(&mut self, outcome: Result<Value, Exception>) -> Option<(Outcome, u32)> {
        if self.frame().kind == FrameKind::Base
            && let Some(coroutine) = self.context().coroutine
        {
            let at = self.finish_coroutine(coroutine);
            return Some((outcome.map(Step::Done), at));
        }
        if self.frame().kind == FrameKind::Barrier {
            self.pop_frame();
        }
        self.finished = Some(outcome);
        None
    }

    /// Takes the top frame's continuation and goes on with it.
    fn resume_native(&mut self, outcome: Result<Value, Exception>) -> (Outcome, u32) {
        let levels = self.frame().levels;
        let (then, result_at) = self.pop_frame();
        let then = then.expect("the frame has a continuation");
        // The command goes on.
        self.levels_ahead = levels;
        let outcome = then.resume(self, outcome);
        let outcome = if refusal::take() { Err(too_long()) } else { outcome };
        (outcome, result_at)
    }

    /// Stores a result into a register of the active context, as the top frame's operations would.
    fn store_result(&mut self, at: u32, value: Value) -> Outcome {
        if at == DISCARD {
            return Ok(Step::EMPTY);
        }
        let slot = &mut self.context_mut().registers[at as usize];
        match slot.tag() {
            Tag::Link => {
                let cell = slot.cell_rc().expect("the tag said link");
                if cell.is_plain() && cell.tag() != Tag::Array {
                    cell.set(value);
                    return Ok(Step::EMPTY);
                }
            }
            Tag::Array => {}
            _ => {
                *slot = value;
                return Ok(Step::EMPTY);
            }
        }
        let frame = self.frame();
        let unit = frame.unit.clone().expect("results are stored into frames with code");
        let register = (at - frame.base) as usize;
        let variable = crate::interp::vars::Variable {
            place: self.register_place(at as usize),
            key: None,
            name: unit.local_names.get(register).cloned().unwrap_or_default(),
        };
        self.write_variable(&variable, value)
    }

    /// Starts what a step asks for.
    fn start(&mut self, run: Run, result_at: u32) -> Started {
        let mut result_at = result_at;
        let in_line = match (&run.what, run.at) {
            (What::Body(_) | What::Expr(_), At::Here) => self.code_around_in_line(),
            _ => None,
        };
        match run.then {
            Then::Pass => {}
            Then::Do(then) => {
                self.push_native(then, result_at, FrameKind::Native);
                result_at = DISCARD;
            }
            Then::Barrier(then) => {
                self.push_native(then, result_at, FrameKind::Barrier);
                result_at = DISCARD;
            }
        }
        if self.pending.load(Ordering::Relaxed) & (pending::INTERRUPT | pending::COUNT) != 0
            && matches!(run.what, What::Script(_) | What::Body(_) | What::Expr(_))
            && let Some(exception) = self.round_interruption()
        {
            return Started::Outcome(Err(exception));
        }
        match run.what {
            What::Outcome(outcome, at) => Started::Settled(outcome.map(Step::Done), at),
            What::Unit(unit) => self.enter_unit(unit, run.at, result_at),
            What::Script(script) => self.enter_script(script, run.at, result_at),
            What::Body(script) => self.enter_body(script, in_line, result_at),
            What::Sourced(script) => {
                self.place_frame(run.at, result_at);
                let here = self.current();
                self.interp_mut(here).allows_codes = false;
                Started::Outcome(super::compile::run_sourced(self, script))
            }
            What::Expr(text) => self.enter_expr_at(text, run.at, in_line, result_at),
            What::Words(words) => {
                if let At::ResolvedIn(namespace) = run.at {
                    return self.invoke_resolved_in(namespace, words, result_at);
                }
                let at = self.place_frame_unless_here(run.at, result_at);
                self.invoke(words, at)
            }
            What::Command(command, words) => {
                let at = self.place_frame_unless_here(run.at, result_at);
                self.invoke_command(command, words, at)
            }
            What::Untraced(command, words) => {
                let at = self.place_frame_unless_here(run.at, result_at);
                self.invoke_untraced(command, words, at)
            }
            What::Method(invocation) => {
                let at = self.place_frame_unless_here(run.at, result_at);
                self.invoke_method(*invocation, at)
            }
            What::Lambda(lambda, words, namespace) => self.enter_lambda(&lambda, words, namespace, result_at),
        }
    }

    pub(super) fn place_frame_unless_here(&mut self, at: At, result_at: u32) -> u32 {
        if matches!(at, At::Here) {
            return result_at;
        }
        self.place_frame(at, result_at);
        DISCARD
    }

    /// Pushes a frame without code that stands for a place: what runs above sees its variables and names.
    pub(crate) fn place_frame(&mut self, at: At, result_at: u32) {
        self.place_frame_with(at, result_at, pass());
    }

    /// Pushes a frame that stands for a place and goes on with `then`.
    pub(super) fn place_frame_with(&mut self, at: At, result_at: u32, then: Box<dyn Continuation>) {
        let mut frame = self.frame_for(at);
        self.note_level_words(&mut frame, at);
        frame.then = Some(then);
        frame.result_at = result_at;
        self.push_frame(frame);
    }

    /// A frame for a place, not pushed yet.
    pub(super) fn frame_for(&self, at: At) -> Frame {
        let top = self.frame();
        let index = self.context().frames.len() as u32;
        let mut frame = Frame {
            kind: FrameKind::Script,
            careful: true,
            words_are: WordForm::Whole,
            standing: Standing::Known,
            unit: None,
            then: None,
            pc: 0,
            levels: 0,
            base: self.context().top,
            floor: self.context().top,
            result_at: DISCARD,
            vars: top.vars,
            caller_vars: top.caller_vars,
            level: top.level,
            words: 0,
            word_count: 0,
            interp: top.interp,
            namespace: top.namespace,
            command: Id::NONE,
            extra: None,
            method: None,
        };
        match at {
            At::Here | At::ResolvedIn(_) => {}
            At::Vars(vars) => {
                self.see_variables_of(&mut frame, vars);
                frame.standing = Standing::IfDirect;
            }
            At::Global => {
                let vars = self.global_vars(top.interp);
                self.see_variables_of(&mut frame, vars);
                frame.standing = Standing::Unknown;
            }
            At::Namespace(namespace) => {
                let namespace = self.living_namespace(namespace);
                frame.kind = FrameKind::Namespace;
                frame.caller_vars = top.vars;
                frame.vars = index;
                frame.level = self.context().frames[top.vars as usize].level + 1;
                frame.namespace = namespace;
            }
            At::Interp(interp) | At::InterpHere(interp) => {
                let on_chain = match at {
                    At::Interp(_) => None,
                    _ => self.context().frames.iter().rposition(|frame| frame.interp == interp),
                };
                if let Some(found) = on_chain {
                    let vars = self.context().frames[found].vars;
                    self.see_variables_of(&mut frame, vars);
                } else {
                    frame.kind = FrameKind::Namespace;
                    frame.caller_vars = index;
                    frame.vars = index;
                    frame.level = 0;
                    frame.interp = interp;
                    frame.namespace = self.interp(interp).global;
                }
            }
        }
        frame
    }

    /// Has `frame` see the variables of the frame number `vars`, at its level.
    fn see_variables_of(&self, frame: &mut Frame, vars: u32) {
        let target = &self.context().frames[vars as usize];
        frame.vars = vars;
        frame.level = target.level;
        frame.namespace = target.namespace;
        frame.interp = target.interp;
        frame.caller_vars = target.caller_vars;
    }

    /// The namespace, or the global one if it is gone.
    pub(super) fn living_namespace(
        &self,
        namespace: crate::interp::namespace::NamespaceId,
    ) -> crate::interp::namespace::NamespaceId {
        if self.namespaces.get(namespace).is_some() { namespace } else { self.global() }
    }

    /// Notes the words of the invocation that opened the level in `frame`.
    fn note_level_words(&mut self, frame: &mut Frame, at: At) {
        if let At::Namespace(_) = at
            && let Some(words) = self.level_words.take()
        {
            frame.extra().words = Some(words);
        }
        if let At::Namespace(_) = at
            && let Some(definition) = self.oo.next_definition.take()
        {
            frame.extra().definition = Some(definition);
        }
        if let At::Namespace(_) = at
            && let Some(call) = self.oo.next_call.take()
        {
            frame.method = Some(call);
        }
    }

    /// The frame of the global level of `interp` that the top frame is above.
    pub fn global_vars(&self, interp: crate::interp::InterpId) -> u32 {
        let frames = &self.context().frames;
        let mut at = self.vars();
        loop {
            let frame = &frames[at as usize];
            if frame.interp == interp && frame.level == 0 || at == frame.caller_vars {
                return at;
            }
            at = frame.caller_vars;
        }
    }

    /// Pushes a frame that goes on with `then` when what comes above it is complete.
    pub(crate) fn push_native(&mut self, then: Box<dyn Continuation>, result_at: u32, kind: FrameKind) {
        let mut frame = self.frame_for(At::Here);
        frame.kind = kind;
        frame.then = Some(then);
        frame.result_at = result_at;
        self.push_frame(frame);
    }

    fn push_barrier(&mut self) {
        let mut frame = self.frame_for(At::Global);
        frame.kind = FrameKind::Barrier;
        self.push_frame(frame);
    }

    /// Enters a unit's code in a place.
    pub(super) fn enter_unit(&mut self, unit: Rc<Unit>, at: At, result_at: u32) -> Started {
        if self.has_too_many_frames() {
            return Started::Outcome(Err(too_deep()));
        }
        let mut frame = self.frame_for(at);
        self.note_level_words(&mut frame, at);
        frame.result_at = result_at;
        let registers = unit.registers;
        let is_sourced = unit.code().context == CodeContext::Sourced;
        frame.unit = Some(unit);
        self.push_with_registers(frame, registers);
        if is_sourced && self.depth >= self.depth_limit {
            // Each command is a level there.
            return Started::Outcome(Err(too_deep()));
        }
        Started::Pushed
    }

    /// Suspends the running coroutine: what its resumer gets, and where.
    fn suspend(
        &mut self,
        value: Value,
        to: Option<(Vec<Value>, crate::interp::namespace::NamespaceId)>,
        result_at: u32,
    ) -> (Outcome, u32) {
        let here = self.current();
        if self.own_coroutine().is_none() {
            let name = if to.is_some() { "yieldto" } else { "yield" };
            let e = error!(name, " can only be called in a coroutine"; "TCL", "COROUTINE", "ILLEGAL_YIELD");
            return (Err(e), result_at);
        }
        let stays = |frame: &Frame| frame.kind == FrameKind::Barrier || frame.interp != here;
        let running = self.context().coroutine.filter(|_| !self.context().frames.iter().any(stays));
        let Some(coroutine) = running else {
            let e = error!("cannot yield: C stack busy"; "TCL", "COROUTINE", "CANT_YIELD");
            return (Err(e), result_at);
        };
        let mut context = self.pop_context();
        context.yield_at = result_at;
        let (resume_at, depth_before) = (context.resume_at, context.depth_before);
        let depth = self.depth;
        self.depth = depth_before;
        let state = self.coroutines.get_mut(coroutine).expect("a running coroutine lives");
        state.state = if to.is_some() { CoroutineState::YieldedTo } else { CoroutineState::Yielded };
        state.depth = depth.saturating_sub(depth_before);
        state.context = Some(context);
        match to {
            None => (Ok(Step::Done(value)), resume_at),
            Some((words, namespace)) => (Ok(in_place_of(words, namespace, self.outermost())), resume_at),
        }
    }

    /// Switches to a suspended coroutine, which gets `value`: what goes on there, and where its result goes.
    fn enter_coroutine(&mut self, id: Id<Coroutine>, value: Value, result_at: u32) -> (Outcome, u32) {
        // What a coroutine evaluates is as deep as if it stood in the place of the command that resumes it.
        self.levels_ahead = 0;
        let depth_before = self.depth;
        let Some(coroutine) = self.coroutines.get_mut(id) else {
            return (Err(error!("coroutine is gone"; "TCL", "COROUTINE", "GONE")), result_at);
        };
        let Some(mut context) = coroutine.context.take() else {
            let command = coroutine.command;
            let name = self.command_name(command);
            let e = error!("coroutine \"", name, "\" is already running"; "TCL", "COROUTINE", "BUSY");
            return (Err(e), result_at);
        };
        let suspended_by = coroutine.state.name();
        coroutine.state = CoroutineState::Running;
        self.depth += coroutine.depth;
        let injected = std::mem::take(&mut coroutine.injected);
        context.resume_at = result_at;
        context.depth_before = depth_before;
        let first = context.first.take();
        let yield_at = context.yield_at;
        self.push_context(context);
        match first {
            Some(first) => (first.resume(self, Ok(value)), yield_at),
            None if injected.is_empty() => (Ok(Step::Done(value)), yield_at),
            None => (inject(self, injected, suspended_by, value), yield_at),
        }
    }

    /// A coroutine's base is reached: its command goes, and its resumer gets the outcome.
    fn finish_coroutine(&mut self, id: Id<Coroutine>) -> u32 {
        let context = self.pop_context();
        self.depth = context.depth_before;
        if let Some(coroutine) = self.coroutines.remove(id) {
            self.forget_command(coroutine.command);
        }
        context.resume_at
    }
}

/// Runs injected commands, the last one first, in a coroutine that is being resumed, then gives `value` on.
fn inject(
    _: &mut Machine,
    mut injected: Vec<Vec<Value>>,
    suspended_by: &'static str,
    value: Value,
) -> Outcome {
    let Some(mut words) = injected.pop() else {
        return Ok(Step::Done(value));
    };
    words.push(Value::from(suspended_by));
    words.push(value);
    let shown = words.clone();
    Ok(Step::words_then(words, move |machine, outcome| {
        let value = outcome.map_err(|mut e| {
            e.log_command(&Value::list(shown).text());
            e
        })?;
        inject(machine, injected, suspended_by, value)
    }))
}

/// The step that runs `words` in the place of the command that is at its end; `outermost` is there if that is called
/// by the outermost script of an interpreter.
pub(super) fn in_place_of(
    words: Vec<Value>,
    namespace: crate::interp::namespace::NamespaceId,
    outermost: Option<Outermost>,
) -> Step {
    let words = Value::list(words);
    let then = match outermost {
        Some(outermost) => Then::Do(ending_return(words.clone(), outermost)),
        None => Then::Pass,
    };
    Step::Run(Box::new(Run { what: What::Script(words), at: At::ResolvedIn(namespace), then }))
}

/// Resumes nothing: lets a result through.
pub(crate) fn pass() -> Box<dyn Continuation> {
    Box::new(|_: &mut Machine, outcome: Result<Value, Exception>| outcome.map(Step::Done))
}

impl Machine {
    /// Enters a coroutine that was just made: its command runs in `namespace`; `outermost` is there if the outermost
    /// script of an interpreter makes it.
    pub(crate) fn begin_coroutine(
        &mut self,
        id: Id<Coroutine>,
        words: Vec<Value>,
        namespace: crate::interp::namespace::NamespaceId,
        outermost: Option<Outermost>,
    ) -> Outcome {
        let context = self
            .coroutines
            .get_mut(id)
            .and_then(|c| c.context.as_mut())
            .expect("a new coroutine has its context");
        let first: Box<dyn Continuation> =
            Box::new(move |_: &mut Machine, outcome: Result<Value, Exception>| {
                outcome?;
                Ok(in_place_of(words, namespace, outermost))
            });
        context.first = Some(first);
        Ok(Step::Resume(id, Value::EMPTY))
    }

    /// Runs words in a suspended coroutine, and suspends it again as it was.
    pub(crate) fn probe_coroutine(&mut self, id: Id<Coroutine>, words: Vec<Value>) -> Outcome {
        let state = self.coroutines.get(id).map(|c| c.state).unwrap_or(CoroutineState::Yielded);
        let coroutine = self.coroutines.get_mut(id).expect("the coroutine was just found");
        let context = coroutine.context.as_mut().expect("the coroutine is suspended");
        let first: Box<dyn Continuation> =
            Box::new(move |machine: &mut Machine, outcome: Result<Value, Exception>| {
                outcome?;
                let ended = move |machine: &mut Machine, outcome: Result<Value, Exception>| {
                    let outcome = outcome.map_err(|mut e| {
                        e.add_info(b"\n    (injected coroutine probe command)");
                        e
                    });
                    machine.end_probe(id, state, outcome)
                };
                let what = What::Script(Value::list(words));
                let at = At::ResolvedIn(machine.namespace_id());
                Ok(Step::Run(Box::new(Run { what, at, then: Then::Barrier(Box::new(ended)) })))
            });
        context.first = Some(first);
        Ok(Step::Resume(id, Value::EMPTY))
    }

    /// Leaves a probed coroutine suspended where it was; the prober gets the outcome.
    fn end_probe(
        &mut self,
        id: Id<Coroutine>,
        state: CoroutineState,
        outcome: Result<Value, Exception>,
    ) -> Outcome {
        let context = self.pop_context();
        self.depth = context.depth_before;
        let resume_at = context.resume_at;
        if let Some(coroutine) = self.coroutines.get_mut(id) {
            coroutine.state = state;
            coroutine.context = Some(context);
        }
        // The outcome is the prober's: it goes on in the context that is active now.
        Ok(Step::Run(Box::new(Run {
            what: What::Outcome(outcome, resume_at),
            at: At::Here,
            then: Then::Pass,
        })))
    }
}
