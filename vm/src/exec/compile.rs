//! From texts to units: scripts, procedure bodies, expressions, sourced files.

use std::any::Any;
use std::rc::Rc;

use tclring_compiler::Mode;
use tclring_compiler::bytecode::Context;
use tclring_compiler::bytecode::disasm::disassemble;
use tclring_compiler::bytecode::{Code, Verified};
use tclring_compiler::lower::{
    Names, Options, compile_body, compile_command, compile_expr, compile_script, guarded,
};
use tclring_compiler::source::Span;
use tclring_compiler::syntax::command::{self, NextCommand, WordBody};

use super::unit::{CommandKey, KnownCommand, ScriptKey, Unit};
use crate::interp::command::{Outcome, Proc};
use crate::interp::exception::{BREAK, CONTINUE, ERROR, Exception, OK, RETURN, Raised};
use crate::interp::frame::Continuation;
use crate::interp::namespace::NamespaceId;
use crate::interp::step::{At, Run, Then, What};
use crate::interp::{Machine, Step};
use crate::text;
use crate::value::{Place, Side, Value, View, forget};

/// Answers what names mean in a namespace of a machine.
struct Oracle<'a> {
    machine: &'a Machine,
    namespace: NamespaceId,
}

impl Names for Oracle<'_> {
    fn is_standard(&self, name: &str) -> bool {
        self.machine.is_standard(name, self.namespace)
    }
}

/// What a text was compiled for, beside it in the text's side slot.
struct Compiled {
    unit: Rc<Unit>,
    context: Context,
}

/// The longest text by which a script is known again that no value keeps the code of.
const SCRIPT_BYTES_MAX: usize = 256;

/// Keeps the code of a script with its value, if that has room for it.
fn keep_with(script: &Value, unit: &Rc<Unit>, context: Context) {
    if let View::Str(object) = script.view() {
        let side: Rc<dyn Any> = Rc::new(Compiled { unit: Rc::clone(unit), context });
        object.set_side(Side::Other(side));
    }
}

impl Machine {
    fn options(&self) -> Options {
        Options {
            lowering: self.lowering && self.stepping == 0 && !self.counts_exactly(),
            peephole: self.peephole,
            in_procedure: false,
            knows_locals: false,
            in_line: self.stepping == 0,
        }
    }

    fn load(&mut self, code: Code, namespace: NamespaceId, place: Option<Rc<Place>>) -> Unit {
        let identity = self.next_unit;
        self.next_unit += 1;
        let unit = Unit::load(Verified::trusted(code), identity, self.core_epoch, namespace, place);
        unit.redefinitions.set(self.redefinitions_of(namespace));
        unit
    }

    /// How often commands that the compiler knows were defined anew in the interpreter of a namespace.
    fn redefinitions_of(&self, namespace: NamespaceId) -> u32 {
        let interp = self.namespaces.get(namespace).and_then(|namespace| self.interps.get(namespace.interp));
        interp.map_or(0, |interp| interp.redefinitions)
    }

    /// Whether what the unit's code assumed about names still holds as seen from `namespace`.
    pub(crate) fn unit_holds(&self, unit: &Unit, namespace: NamespaceId) -> bool {
        if unit.guarded {
            // What it assumes does not matter to it.
            return true;
        }
        if unit.core_epoch.get() == self.core_epoch && unit.namespace.get() == namespace {
            return true;
        }
        let is_ordinary = self.is_ordinary(namespace);
        if is_ordinary && unit.core_epoch.get() == self.core_epoch && unit.ordinary.get() == self.core_epoch {
            return true;
        }
        let holds = self.assumptions_hold(unit, namespace);
        if holds {
            unit.ordinary.set(if is_ordinary { self.core_epoch } else { 0 });
            unit.core_epoch.set(self.core_epoch);
            unit.redefinitions.set(self.redefinitions_of(namespace));
            unit.namespace.set(namespace);
        }
        holds
    }

    fn assumptions_hold(&self, unit: &Unit, namespace: NamespaceId) -> bool {
        unit.code().assumed.iter().all(|name| self.is_standard(name, namespace))
    }

    /// The unit of a script or expression, compiled once per value.
    pub(super) fn script_unit(
        &mut self,
        script: &Value,
        context: Context,
        in_procedure: bool,
        namespace: NamespaceId,
    ) -> Rc<Unit> {
        let mode = self.mode();
        if self.stepping > 0 {
            return self.fresh_unit(script, context, in_procedure, namespace);
        }
        if let View::Str(object) = script.view()
            && let Side::Other(side) = &*object.side()
            && let Some(compiled) = side.downcast_ref::<Compiled>()
            && compiled.context == context
            && compiled.unit.code().in_procedure == in_procedure
            && compiled.unit.code().mode == mode
            && self.unit_holds(&compiled.unit, namespace)
        {
            return Rc::clone(&compiled.unit);
        }
        // A script that was put together is often put together again.
        let is_known_by_text = match script.view() {
            View::Str(object) => object.text().len() <= SCRIPT_BYTES_MAX && script.place().is_none(),
            _ => true,
        };
        let key = is_known_by_text.then(|| ScriptKey {
            text: script.to_text(),
            mode,
            is_expr: context == Context::Expression,
            in_procedure,
        });
        if !forget::now()
            && let Some(unit) = key.as_ref().and_then(|key| self.scripts.get(key))
            && self.unit_holds(&unit, namespace)
        {
            keep_with(script, &unit, context);
            return unit;
        }
        let unit = self.fresh_unit(script, context, in_procedure, namespace);
        keep_with(script, &unit, context);
        if let Some(key) = key {
            self.scripts.insert(key, Rc::clone(&unit));
        }
        unit
    }

    /// The unit of a script or expression, compiled now and remembered nowhere.
    fn fresh_unit(
        &mut self,
        script: &Value,
        context: Context,
        in_procedure: bool,
        namespace: NamespaceId,
    ) -> Rc<Unit> {
        let mode = self.mode();
        let options = Options { in_procedure, ..self.options() };
        let text = script.text();
        let oracle = Oracle { machine: self, namespace };
        let code = match context {
            Context::Expression => compile_expr(&text, mode, &oracle, options),
            _ => compile_script(&text, mode, context, &oracle, options),
        };
        let place = script.place();
        let outer_line = place.as_ref().map_or(0, |place| place.line);
        // The reference counts the lines of an expression that is not in line from its own beginning.
        let place = place.filter(|_| context != Context::Expression || in_procedure);
        let mut unit = self.load(code, namespace, place);
        unit.outer_line = outer_line;
        if context == Context::Script {
            self.note_malformed(&unit, namespace);
        }
        Rc::new(unit)
    }

    /// The unit of a procedure's body, compiled at its first call.
    #[inline]
    pub(super) fn proc_unit(&mut self, procedure: &Proc, namespace: NamespaceId) -> Rc<Unit> {
        if self.stepping == 0
            && !forget::now()
            && let Some(unit) = &*procedure.unit.borrow()
            && (unit.core_epoch.get() == self.core_epoch && unit.namespace.get() == namespace
                || self.unit_holds(unit, namespace))
        {
            return Rc::clone(unit);
        }
        self.compile_proc(procedure, namespace)
    }

    #[cold]
    fn compile_proc(&mut self, procedure: &Proc, namespace: NamespaceId) -> Rc<Unit> {
        let params: Vec<Vec<u8>> = procedure.params.iter().map(|p| p.name.to_text()).collect();
        let mode = self.mode();
        let text = procedure.body.text();
        let oracle = Oracle { machine: self, namespace };
        let code = compile_body(&text, &params, mode, &oracle, self.options());
        let mut unit = self.load(code, namespace, procedure.body.place());
        unit.params = u16::try_from(params.len()).unwrap_or(u16::MAX);
        self.note_malformed(&unit, namespace);
        let unit = Rc::new(unit);
        if self.stepping > 0 {
            return unit;
        }
        if procedure.unit.borrow_mut().replace(Rc::clone(&unit)).is_some() {
            // Call caches point to the unit that goes.
            self.epoch = self.epoch.wrapping_add(1);
        }
        unit
    }

    /// The script, as a text if it is a list that is a command that the reference compiles: where it has compiled a `catch`
    /// or `try` it compiles their scripts. What it only calls is the same as a list.
    pub(super) fn compiled_list(&mut self, script: Value) -> Value {
        let here = self.current();
        self.interp_mut(here).last_error_line = 1;
        match script.view() {
            View::List(list) if list.made_text().is_none() && super::lowered::compiles(list.items()) => {
                Value::text_value(script.to_text())
            }
            _ => script,
        }
    }

    /// The step that evaluates a command of a unit's source from its text.
    ///
    /// # Errors
    /// The interpreter is being deleted.
    pub(super) fn command_step(&mut self, unit: &Unit, command: usize) -> Outcome {
        if self.interp(self.current()).dying {
            return Err(self.deleted_interp());
        }
        let here = self.current();
        self.interp_mut(here).last_error_line = 1;
        let namespace = self.namespace_id();
        let text = unit.code().commands[command].source.of(&unit.code().source);
        let oracle = Oracle { machine: self, namespace };
        let options = Options { knows_locals: unit.code().in_procedure, ..self.options() };
        let code = compile_script(text, unit.mode, Context::Script, &oracle, options);
        Ok(unit_step(Rc::new(self.load(code, namespace, None)), None))
    }

    /// Replaces the code of running frames that has lowered commands in line that mean something else now, or that runs
    /// in an interpreter that is being deleted, by code that evaluates the commands to come from their texts.
    #[cold]
    pub(super) fn renew_frames(&mut self) {
        self.is_stale = false;
        let mut stale: Vec<Rc<Unit>> = Vec::new();
        // Suspended coroutines are looked at when they go on.
        for frame in self.running_contexts().flat_map(|context| context.frames.iter()) {
            if let Some(unit) = &frame.unit
                && !stale.iter().any(|known| Rc::ptr_eq(known, unit))
                && (self.interp(frame.interp).dying
                    || !unit.guarded
                        && (unit.redefinitions.get() != self.interp(frame.interp).redefinitions
                            || !self.assumptions_hold(unit, frame.namespace)))
            {
                stale.push(Rc::clone(unit));
            }
        }
        for unit in stale {
            // The code was made when no steps were traced.
            let options = Options { lowering: self.lowering, in_line: true, ..self.options() };
            let Some(guarded) = guarded(unit.code(), usize::from(unit.params), options) else {
                continue;
            };
            let mut renewed = self.load(guarded.code, unit.namespace.get(), unit.place.clone());
            renewed.redefinitions.set(unit.redefinitions.get());
            renewed.params = unit.params;
            renewed.identity = unit.identity;
            renewed.line_offset = unit.line_offset;
            renewed.outer_line = unit.outer_line;
            renewed.guarded = true;
            let renewed = Rc::new(renewed);
            for frame in self.running_contexts_mut().flat_map(|context| context.frames.iter_mut()) {
                if frame.unit.as_ref().is_some_and(|own| Rc::ptr_eq(own, &unit)) {
                    frame.pc = guarded.resume[frame.pc as usize];
                    frame.unit = Some(Rc::clone(&renewed));
                }
            }
        }
    }

    /// The code of a script, compiled if need be.
    pub(crate) fn unit_of_script(&mut self, script: &Value) -> Rc<Unit> {
        let namespace = self.namespace_id();
        self.script_unit(script, Context::Script, false, namespace)
    }

    /// The code of a procedure, compiled if need be.
    pub(crate) fn unit_of_proc(&mut self, procedure: &Proc, namespace: NamespaceId) -> Rc<Unit> {
        self.proc_unit(procedure, namespace)
    }

    /// The compiled code of a script, for listings.
    pub fn listing_of(&mut self, script: &Value) -> String {
        disassemble(self.unit_of_script(script).code())
    }

    /// The compiled code of a procedure, for listings.
    pub fn listing_of_proc(&mut self, procedure: &Proc, namespace: NamespaceId) -> String {
        disassemble(self.unit_of_proc(procedure, namespace).code())
    }

    /// Whether `text` is a whole script (as `info complete` sees it).
    pub fn is_complete(&self, text: &[u8]) -> bool {
        command::is_complete(text, self.mode())
    }
}

/// What an exception with a code that nothing around the command `text` takes comes to: a return, or an error.
///
/// # Errors
/// Errors, and other codes as errors.
pub fn outside_of_everything(mut exception: Exception, text: &[u8]) -> Result<Value, Exception> {
    if exception.code == RETURN {
        exception.level -= 1;
        if exception.level <= 0 {
            if exception.return_code == OK {
                return Ok(exception.result);
            }
            exception.code = exception.return_code;
        }
    }
    if exception.code == ERROR {
        return Err(exception);
    }
    let mut error = unexpected_code(&exception);
    error.log_command(text);
    Err(error)
}

/// The error of a completion code that nothing takes.
pub(super) fn unexpected_code(exception: &Raised) -> Exception {
    let message = match exception.code {
        BREAK => text!["invoked \"break\" outside of a loop"],
        CONTINUE => text!["invoked \"continue\" outside of a loop"],
        code => text!["command returned bad code: ", code],
    };
    Raised::error(message).with_code(&["TCL", "UNEXPECTED_RESULT_CODE", &exception.code.to_string()])
}

/// A sourced script under way: one command at a time.
struct Sourced {
    source: Rc<[u8]>,
    at: usize,
    mode: Mode,
    /// The command that runs.
    command: Span,
    /// A place in the source and how many lines begin after the first up to it.
    counted: (usize, u32),
    /// Where the source stands.
    place: Option<Rc<Place>>,
}

/// Runs a script as the top level does, in the top frame's place.
pub(super) fn run_sourced(machine: &mut Machine, script: Value) -> Outcome {
    let source: Rc<[u8]> = Rc::from(&*script.text());
    let state = Box::new(Sourced {
        source,
        at: 0,
        mode: machine.mode(),
        command: Span::new(0, 0),
        counted: (0, 0),
        place: script.place(),
    });
    state.step(machine, Value::EMPTY)
}

impl Sourced {
    fn step(mut self: Box<Self>, machine: &mut Machine, last: Value) -> Outcome {
        self.mode = machine.mode();
        let namespace = machine.namespace_id();
        let key = (self.place.is_none() && self.source.len() <= SCRIPT_BYTES_MAX && machine.stepping == 0)
            .then(|| CommandKey { source: Rc::clone(&self.source), at: self.at, mode: self.mode });
        if !forget::now()
            && let Some(known) = key.as_ref().and_then(|key| machine.scripts.command(key))
            && machine.unit_holds(&known.unit, namespace)
        {
            self.at = known.next;
            self.command = known.span;
            self.lines_before(known.span.start as usize);
            return Ok(unit_step(known.unit, Some(self)));
        }
        let command = match command::parse_command(&self.source, self.at, self.mode, 0) {
            NextCommand::End => return Ok(Step::Done(last)),
            NextCommand::Command(command, next) => {
                self.at = next;
                command
            }
            NextCommand::Error(error) => {
                // A syntax error: compiled, so that it is raised with its place.
                let start = error.start as usize;
                let oracle = Oracle { machine, namespace };
                let rest = &self.source[start..];
                let code = compile_script(rest, self.mode, Context::Sourced, &oracle, machine.options());
                let line_offset = self.lines_before(start);
                let mut unit = machine.load(code, namespace, None);
                unit.line_offset = line_offset;
                return Ok(unit_step(Rc::new(unit), None));
            }
        };
        self.command = command.span;
        let oracle = Oracle { machine, namespace };
        let code = compile_command(&self.source, &command, self.mode, &oracle, machine.options());
        let line_offset = self.lines_before(command.span.start as usize);
        let mut unit = machine.load(code, namespace, self.place_after(line_offset));
        unit.line_offset = line_offset;
        let unit = Rc::new(unit);
        if let Some(key) = key {
            let known = KnownCommand { unit: Rc::clone(&unit), next: self.at, span: command.span };
            machine.scripts.insert_command(key, known);
        }
        Ok(unit_step(unit, Some(self)))
    }

    /// Where the command stands that has `lines` lines before it.
    fn place_after(&self, lines: u32) -> Option<Rc<Place>> {
        let (name, first) = self.place.as_ref()?.file.as_ref()?;
        let file = Some((name.clone(), first + lines));
        Some(Rc::new(Place { line: 1, file, word: (0, 0), joins: Box::default() }))
    }

    /// How many lines end before `place`; places only grow.
    fn lines_before(&mut self, place: usize) -> u32 {
        let (from, lines) = self.counted;
        let more = memchr::memchr_iter(b'\n', &self.source[from.min(place)..place]).count();
        self.counted = (place, lines.saturating_add(u32::try_from(more).unwrap_or(u32::MAX)));
        self.counted.1
    }
}

fn unit_step(unit: Rc<Unit>, then: Option<Box<Sourced>>) -> Step {
    let then = match then {
        Some(state) => Then::Do(state as Box<dyn Continuation>),
        None => Then::Pass,
    };
    Step::Run(Box::new(Run { what: What::Unit(unit), at: At::Here, then }))
}

impl Continuation for Sourced {
    fn resume(self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        match outcome {
            Ok(last) => self.step(machine, last),
            // Around the main script there is nothing that knows what other codes mean.
            Err(exception)
                if exception.code != ERROR
                    && machine.depth + machine.levels_ahead == 0
                    && !exception.uncatchable =>
            {
                let mut source = self;
                let text = source.command.of(&source.source).to_vec();
                let line = source.lines_before(source.command.start as usize) + 1;
                let outcome = outside_of_everything(exception, &text);
                Ok(Step::Done(outcome.map_err(|mut error| {
                    error.error_line = i64::from(line);
                    error
                })?))
            }
            Err(exception) => Err(exception),
        }
    }
}

/// The words of a command's text as a list, as far as they are literal: for `-errorstack`.
pub(super) fn words_of_command(text: &[u8]) -> Value {
    let script = command::parse_script(text, Span::new(0, text.len()), Mode::Tcl90, 0);
    let mut words = Vec::new();
    for word in script.commands.first().map(|c| c.words.as_slice()).unwrap_or_default() {
        match &word.body {
            WordBody::Literal { text, .. } => words.push(Value::text_of(text)),
            WordBody::Parts(_) => words.push(Value::text_of(word.span.of(text))),
        }
    }
    Value::list(words)
}
