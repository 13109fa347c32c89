//! Entering and leaving frames, and calls.

use std::rc::Rc;

use tclring_compiler::bytecode::{Context as CodeContext, Op};

use super::settle::Started;
use super::unit::{CallCache, Unit};
use super::{Flow, too_deep};
use crate::cmd::interp::run_in;
use crate::error;
use crate::interp::Machine;
use crate::interp::arena::Id;
use crate::interp::command::{Alias, Args, CommandId, CommandKind, CommandRow, Outcome, Proc};
use crate::interp::exception::{Exception, Raised};
use crate::interp::frame::{Continuation, DISCARD, Frame, FrameKind, Standing, WordForm};
use crate::interp::namespace::NamespaceId;
use crate::interp::step::{At, Run, Step, Then, What};
use crate::value::{Value, View};

impl Machine {
    /// Pushes a frame that has its registers, if any. It takes the levels over that have been counted for it, in the
    /// interpreter that runs until now.
    pub(crate) fn push_frame(&mut self, mut frame: Frame) {
        let before = self.current();
        let switched = frame.interp != before;
        frame.levels = std::mem::take(&mut self.levels_ahead);
        self.depth += frame.levels;
        self.context_mut().frames.push(frame);
        if switched {
            self.interp_switched(before, self.depth);
        }
    }

    /// Pushes a frame with `count` registers above those in use.
    pub(super) fn push_with_registers(&mut self, mut frame: Frame, count: u32) {
        let context = self.context_mut();
        let base = context.top;
        frame.base = base;
        let top = base + count;
        if context.registers.len() < top as usize {
            let grown = (top as usize).max(context.registers.len() * 2).max(64);
            context.registers.resize(grown, Value::UNSET);
        }
        context.top = top;
        self.push_frame(frame);
    }

    /// Pops the top frame, its registers cleared; what it owes on the way out (traces) has been seen to. Answers what
    /// was to go on in it, and where its result goes.
    pub(super) fn pop_frame(&mut self) -> (Option<Box<dyn Continuation>>, u32) {
        let context = self.context_mut();
        let frame = context.frames.last().expect("a context has its base frame");
        let (words, base, top) = (frame.words as usize, frame.base as usize, context.top as usize);
        let (word_count, floor, result_at) = (frame.word_count as usize, frame.floor, frame.result_at);
        let (has_unit, levels, interp) = (frame.unit.is_some(), frame.levels, frame.interp);
        let then = context.frames.pop();
        if has_unit {
            context.registers[base..top].iter_mut().for_each(clear);
        }
        if word_count > 0 {
            context.registers[words..words + word_count].iter_mut().for_each(clear);
        }
        context.top = floor;
        let depth_before = self.depth;
        self.depth -= levels;
        if !self.dying_namespaces.is_empty() || !self.dying_interps.is_empty() {
            self.left_dying();
        }
        let now = self.current();
        if interp != now {
            let around = self.interp_mut(now);
            around.own_depth = around.own_depth.saturating_sub(levels);
            self.interp_switched(interp, depth_before);
        }
        (then, result_at)
    }

    /// The frame on top is done with `value`: pops it and hands the value on.
    pub(super) fn leave_frame(&mut self, value: Value) -> Flow {
        match self.leave_method(value) {
            Ok(flow) => flow,
            Err(value) => self.leave_careful(value),
        }
    }

    /// What a call site may enter without more ado; see [`CallCache::entry`].
    fn quick_entry(&mut self, command: CommandId, count: usize) -> *const Unit {
        let Some(entry) = self.commands.get(command) else {
            return std::ptr::null();
        };
        let CommandKind::Proc(procedure) = &entry.kind else {
            return std::ptr::null();
        };
        if self.stepping > 0
            || !procedure.simple
            || entry.traces.is_some()
            || procedure.params.len() + 1 != count
        {
            return std::ptr::null();
        }
        let (procedure, home) = (Rc::clone(procedure), entry.namespace);
        let unit = self.proc_unit(&procedure, home);
        Rc::as_ptr(&unit)
    }

    fn leave_careful(&mut self, value: Value) -> Flow {
        let outcome = self.end_frame(Ok(value));
        let (outcome, result_at) = outcome;
        self.settle(outcome, result_at)
    }

    /// Ends the top frame with its traces and handlers: what comes next and where its result goes.
    pub(super) fn end_frame(&mut self, outcome: Result<Value, Exception>) -> (Outcome, u32) {
        let mut gone = Vec::new();
        let frame = self.frame_mut();
        let mut extra = frame.extra.take();
        if let Some(extra) = &mut extra {
            gone = self.release_variables(extra);
        }
        let result_at = self.frame().result_at;
        let tail_call = extra.as_mut().and_then(|extra| extra.tail_call.take());
        let leave = extra.as_mut().and_then(|extra| extra.leave.take());
        self.pop_frame();
        let mut next: Outcome = match (outcome, tail_call) {
            (Ok(_), Some((_, namespace))) if self.namespaces.get(namespace).is_none_or(|ns| ns.dying) => {
                let name = self.namespaces.get(namespace).map(|ns| ns.name.clone()).unwrap_or_default();
                Err(self.unknown_namespace(&name))
            }
            (Ok(_), Some((words, namespace))) => self.tail_call(words, namespace),
            (outcome, _) => outcome.map(Step::Done),
        };
        if let Some(leave) = leave {
            next = self.after(next, move |machine, outcome| leave.resume(machine, outcome));
        }
        if !gone.is_empty() {
            let list = gone;
            let traces = self.run_unset_list(list);
            next = match traces {
                Ok(Step::Done(_)) => next,
                traces => self.after(traces, move |_, _| next),
            };
        }
        (next, result_at)
    }

    /// Drops the frames of the context that runs, down to its base: the unset traces of their variables.
    pub(crate) fn drop_frames(&mut self) -> Vec<super::tracing::UnsetTraces> {
        let mut gone = Vec::new();
        while self.frame().kind != FrameKind::Base {
            if let Some(mut extra) = self.frame_mut().extra.take() {
                gone.extend(self.release_variables(&mut extra));
            }
            self.pop_frame();
        }
        gone
    }

    /// Lets a frame's variables go: the unset traces to run.
    fn release_variables(
        &mut self,
        extra: &mut crate::interp::frame::Extra,
    ) -> Vec<super::tracing::UnsetTraces> {
        let mut gone = Vec::new();
        let frame = self.frame();
        let base = frame.base as usize;
        let unit = frame.unit.clone();
        let mut cells = Vec::new();
        // Variables made at run time go first, as in the reference.
        for (name, slot) in extra.variables.table_order(|_, _| true) {
            if let Some(cell) = slot.cell_rc()
                && !extra.links.contains(name)
            {
                cells.push((name.clone(), cell));
            }
        }
        extra.owned.sort_unstable();
        for register in &extra.owned {
            let name = unit.as_ref().and_then(|u| u.local_names.get(usize::from(*register))).cloned();
            if let Some(cell) = self.context().registers[base + usize::from(*register)].cell_rc() {
                cells.push((name.unwrap_or_default(), cell));
            }
        }
        for (name, cell) in cells {
            let traces = super::tracing::cell_traces(&cell, crate::interp::trace::ops::UNSET);
            if !traces.is_empty() {
                gone.push(super::tracing::UnsetTraces { traces, name: name.clone(), key: None });
            }
            if let Some(array) = cell.array() {
                gone.extend(self.element_unset_traces(&array, &name));
            }
            cell.set_traced(false);
            *cell.traces().borrow_mut() = None;
            // Whoever still links to it keeps a variable; a coroutine or a closure may.
            let old = cell.take();
            if Rc::strong_count(&cell) > 2 {
                cell.set(old);
            }
        }
        gone
    }

    /// Calls the command of a call site: `None` when a frame was pushed.
    #[inline]
    pub(super) fn call_site(
        &mut self,
        unit: &Unit,
        base: usize,
        first: u16,
        site: u16,
        dst: u16,
    ) -> Option<Outcome> {
        let slot = &unit.calls[usize::from(site)];
        let cache = slot.get();
        let namespace = self.frame().namespace;
        let words = base + usize::from(first);
        let count = unit.code().call_sites[usize::from(site)].words as usize;
        let result_at = (base + usize::from(dst)) as u32;
        let known = &unit.call_names[usize::from(site)];
        if !known.is_unset() {
            self.context_mut().registers[words] = known.clone();
        }
        let command = if !known.is_unset() && cache.epoch == self.epoch && cache.namespace == namespace {
            cache.command
        } else {
            let name = self.context().registers[words].clone();
            let Some(command) = self.find_command_again(&name) else {
                return Some(self.call_words(words, count, result_at));
            };
            if !known.is_unset() {
                let cache = self.cache_of(command, count, namespace);
                slot.set(cache);
            }
            command
        };
        self.call_command(command, words, count, result_at)
    }

    /// What a call site that knows the name of a command remembers of it.
    fn cache_of(&mut self, command: CommandId, count: usize, namespace: NamespaceId) -> CallCache {
        let entry = self.quick_entry(command, count);
        let home = self.commands.get(command).map_or(namespace, |c| c.namespace);
        let callee = super::calls::callee_of(self, command);
        CallCache { epoch: self.epoch, namespace, command, entry, home, callee, name: [0; 2] }
    }

    /// Calls a command with the words in registers: `None` when a frame was pushed.
    #[inline]
    fn call_command(
        &mut self,
        command: CommandId,
        words: usize,
        count: usize,
        result_at: u32,
    ) -> Option<Outcome> {
        let Some(entry) = self.commands.get(command) else {
            return Some(self.call_words(words, count, result_at));
        };
        if entry.traces.is_some() || self.stepping > 0 {
            return Some(self.call_words(words, count, result_at));
        }
        match &entry.kind {
            CommandKind::Proc(procedure) => {
                let procedure = Rc::clone(procedure);
                let home = entry.namespace;
                let counted = self.count_level();
                if counted.is_err() {
                    self.context_mut().registers[words..words + count].iter_mut().for_each(clear);
                }
                let entered = counted.and_then(|()| {
                    self.enter_proc(&procedure, (command, home), (words, count, 1), result_at)
                });
                entered.err().map(Err)
            }
            CommandKind::Native(row) => {
                let row: &'static CommandRow = row;
                let args = self.take_words(words, count);
                if self.depth >= self.depth_limit && !self.is_flat_call() {
                    return Some(Err(too_deep()));
                }
                let outcome = self.run_native(row, args);
                self.count_unless_done(&outcome);
                Some(outcome)
            }
            CommandKind::Coroutine(id) if count <= 2 && self.depth < self.depth_limit => {
                let id = *id;
                let yielded = self
                    .coroutines
                    .get(id)
                    .is_some_and(|c| c.state == crate::interp::CoroutineState::Yielded);
                if !yielded {
                    return Some(self.call_words(words, count, result_at));
                }
                let registers = &mut self.context_mut().registers;
                registers[words] = Value::UNSET;
                let value = if count == 2 { registers[words + 1].take() } else { Value::EMPTY };
                Some(Ok(Step::Resume(id, value)))
            }
            _ => Some(self.call_words(words, count, result_at)),
        }
    }

    fn take_words(&mut self, words: usize, count: usize) -> Args {
        let registers = &mut self.context_mut().registers[words..words + count];
        let mut args = Args::default();
        registers.iter_mut().for_each(|word| args.push(word.take()));
        args
    }

    fn call_words(&mut self, words: usize, count: usize, _result_at: u32) -> Outcome {
        let args = self.take_words(words, count).into_vec();
        Ok(Step::words(args))
    }

    /// Invokes the command made of `words`; its result goes to `result_at`.
    pub(super) fn invoke_words(&mut self, words: Vec<Value>, result_at: u32) -> Flow {
        match self.invoke(words, result_at) {
            Started::Pushed => Flow::Go,
            Started::Outcome(outcome) => self.settle(outcome, result_at),
            Started::Settled(outcome, at) => self.settle(outcome, at),
        }
    }

    /// Invokes a command that has been looked up.
    pub(super) fn invoke_command(
        &mut self,
        command: CommandId,
        words: Vec<Value>,
        result_at: u32,
    ) -> Started {
        let Some(entry) = self.commands.get(command) else {
            return Started::Outcome(Err(self.invalid_command(&words[0])));
        };
        let is_flat =
            self.levels_ahead == 0 && matches!(entry.kind, CommandKind::Ensemble(_)) && self.is_flat_call();
        if !is_flat && let Err(exception) = self.count_level() {
            return Started::Outcome(Err(exception));
        }
        self.invoke_counted(command, words, result_at)
    }

    /// Invokes a command that has been looked up, whose invocation is counted as a level if it is one.
    fn invoke_counted(&mut self, command: CommandId, words: Vec<Value>, result_at: u32) -> Started {
        let Some(entry) = self.commands.get(command) else {
            return Started::Outcome(Err(self.invalid_command(&words[0])));
        };
        if (entry.traces.is_some() || self.stepping > 0)
            && crate::cmd::trace_steps::has_execution_traces(self, command)
        {
            return Started::Outcome(crate::cmd::trace_steps::invoke_traced(self, command, words));
        }
        self.invoke_untraced(command, words, result_at)
    }

    /// Invokes a command that has been looked up and is counted as a level, its execution traces left out.
    pub(crate) fn invoke_untraced(
        &mut self,
        command: CommandId,
        words: Vec<Value>,
        result_at: u32,
    ) -> Started {
        let Some(entry) = self.commands.get(command) else {
            return Started::Outcome(Err(self.invalid_command(&words[0])));
        };
        let home = entry.namespace;
        let kind = entry.kind.clone();
        match kind {
            CommandKind::Native(row) => {
                let outcome = self.run_native(row, Args::from(words));
                // What an ensemble replaced concerns this command only, and what is entered in its place: a lambda by
                // `apply`, a method by `next`, a definition's command by `oo::define`.
                let goes_on =
                    |what: &What| matches!(what, What::Lambda(..) | What::Method(_) | What::Command(..));
                if !matches!(&outcome, Ok(Step::Run(run)) if goes_on(&run.what)) {
                    self.rewrite = None;
                }
                Started::Outcome(outcome)
            }
            CommandKind::Proc(procedure) => {
                let (start, count) = self.push_words(words);
                match self.enter_proc(&procedure, (command, home), (start, count, 1), result_at) {
                    Ok(()) => Started::Pushed,
                    Err(exception) => Started::Outcome(Err(exception)),
                }
            }
            CommandKind::Ensemble(ensemble) => {
                let native = crate::interp::ensemble::native_subcommand(self, &ensemble, words);
                match native {
                    Ok((native, words)) => {
                        if self.levels_ahead == 0 || self.levels_ahead == 1 && self.is_compiled_call() {
                            // The reference calls what a subcommand is by itself where it compiles the call.
                            return self.invoke_counted(native, words, result_at);
                        }
                        self.invoke_command(native, words, result_at)
                    }
                    Err(words) => {
                        Started::Outcome(crate::interp::ensemble::dispatch(self, command, &ensemble, words))
                    }
                }
            }
            CommandKind::Import(_) => {
                let (original, further) = self.original_behind(command);
                self.levels_ahead += further;
                self.invoke_command(original, words, result_at)
            }
            CommandKind::Alias(alias) => Started::Outcome(self.invoke_alias(&alias, words)),
            CommandKind::Coroutine(coroutine) => {
                self.rewrite = None;
                Started::Outcome(self.resume_words(coroutine, words))
            }
            CommandKind::Child(child) => {
                self.rewrite = None;
                Started::Outcome(crate::cmd::interp::invoke_child(self, child, words))
            }
            CommandKind::Object(object, form) => self.invoke_object(object, form, words, result_at),
            CommandKind::Custom(custom) => {
                let outcome = custom.invoke(self, Args::from(words));
                if !matches!(outcome, Ok(Step::Run(_))) {
                    self.rewrite = None;
                }
                Started::Outcome(outcome)
            }
        }
    }

    fn resume_words(&mut self, coroutine: Id<crate::interp::Coroutine>, words: Vec<Value>) -> Outcome {
        let suspended = self.coroutines.get(coroutine);
        if suspended.is_some_and(|c| c.context.is_none()) {
            return Err(
                error!("coroutine \"", &words[0], "\" is already running"; "TCL", "COROUTINE", "BUSY"),
            );
        }
        let state = suspended.map(|c| c.state);
        let mut arguments = words;
        if state == Some(crate::interp::CoroutineState::YieldedTo) {
            arguments.remove(0);
            return Ok(Step::Resume(coroutine, Value::list(arguments)));
        }
        if arguments.len() > 2 {
            return Err(error!("wrong # args: should be \"", &arguments[0], " ?arg?\""; "TCL", "WRONGARGS"));
        }
        let value = if arguments.len() == 2 { arguments.pop() } else { None };
        Ok(Step::Resume(coroutine, value.unwrap_or_default()))
    }

    fn invoke_alias(&mut self, alias: &Rc<Alias>, words: Vec<Value>) -> Outcome {
        let mut full = alias.prefix.clone();
        self.note_rewrite(&words, 1, full.len());
        full.extend(words.into_iter().skip(1));
        let target = alias.target;
        if self.interps.get(target).is_none() {
            return Err(error!("target interpreter for alias \"", &*alias.token.borrow(), "\" is gone"));
        }
        // The command is looked up from the global namespace, but it runs where the alias is invoked.
        let global = self.interp(target).global;
        let found = self.find_command(&full[0].text(), global);
        if self.current() != target {
            let what = found
                .map_or_else(|| What::Words(full.clone()), |command| What::Command(command, full.clone()));
            // What is unknown is unknown at the global level.
            let at = if found.is_some() { At::InterpHere(target) } else { At::Interp(target) };
            return run_in(self, target, what, at, false);
        }
        let run = match found {
            Some(command) => Run { what: What::Command(command, full), at: At::Here, then: Then::Pass },
            None => Run { what: What::Words(full), at: At::ResolvedIn(global), then: Then::Pass },
        };
        Ok(Step::Run(Box::new(run)))
    }

    /// Puts words into registers above those in use: where, and how many.
    pub(crate) fn push_words(&mut self, words: Vec<Value>) -> (usize, usize) {
        let context = self.context_mut();
        let start = context.top as usize;
        let count = words.len();
        if context.registers.len() < start + count {
            let grown = (start + count).max(context.registers.len() * 2);
            context.registers.resize(grown, Value::UNSET);
        }
        for (slot, word) in context.registers[start..start + count].iter_mut().zip(words) {
            *slot = word;
        }
        (start, count)
    }

    /// Enters a procedure, whose command and namespace are given. The words of its invocation are in registers:
    /// the first of them, how many they are, and how many come before the arguments. It has been counted as a level.
    pub(crate) fn enter_proc(
        &mut self,
        procedure: &Proc,
        (command, namespace): (CommandId, NamespaceId),
        (words, count, skipped): (usize, usize, usize),
        result_at: u32,
    ) -> Result<(), Exception> {
        let unit = self.proc_unit(procedure, namespace);
        let given = count - skipped;
        if given < procedure.required || (given > procedure.params.len() && !procedure.variadic) {
            let name = match command == Id::NONE {
                true => Value::from("lambdaExpr"),
                false => self.context().registers[words].clone(),
            };
            self.context_mut().registers[words..words + count].iter_mut().for_each(clear);
            return Err(self.wrong_proc_args(procedure, &name));
        }
        let (registers, locals) = (unit.registers, usize::from(unit.locals));
        let levels = std::mem::take(&mut self.levels_ahead);
        let context = self.context_mut();
        let caller = context.frames.last().expect("a context has its base frame");
        let floor = context.top;
        let base = context.top.max((words + count) as u32);
        let frame = Frame {
            kind: FrameKind::Procedure,
            careful: true,
            words_are: WordForm::Whole,
            standing: Standing::Known,
            unit: Some(unit),
            then: None,
            pc: 0,
            levels,
            base,
            floor,
            result_at,
            vars: context.frames.len() as u32,
            caller_vars: caller.vars,
            level: context.frames[caller.vars as usize].level + 1,
            words: words as u32,
            word_count: count as u32,
            interp: caller.interp,
            namespace,
            command,
            extra: None,
            method: None,
        };
        let top = (base + registers) as usize;
        if context.registers.len() < top {
            let grown = top.max(context.registers.len() * 2);
            context.registers.resize(grown, Value::UNSET);
        }
        context.top = top as u32;
        context.frames.push(frame);
        self.depth += levels;
        let context = self.context_mut();
        let (given_words, rest) = context.registers.split_at_mut(base as usize);
        let arguments = &given_words[words + skipped..words + count];
        for slot in &mut rest[..locals] {
            slot.overwrite_simple(Value::UNSET);
        }
        if procedure.simple {
            for (slot, value) in rest.iter_mut().zip(arguments) {
                slot.overwrite_simple(value.clone());
            }
        } else {
            bind_parameters(procedure, arguments, rest);
        }
        if self.rewrite.is_some() {
            self.rewrite = None;
        }
        Ok(())
    }

    /// Enters a lambda with the words of the `apply`.
    pub(super) fn enter_lambda(
        &mut self,
        lambda: &Proc,
        words: Vec<Value>,
        namespace: NamespaceId,
        result_at: u32,
    ) -> Started {
        let (start, count) = self.push_words(words);
        match self.enter_proc(lambda, (Id::NONE, namespace), (start, count, 2), result_at) {
            Ok(()) => Started::Pushed,
            Err(exception) => Started::Outcome(Err(exception)),
        }
    }

    /// Enters a script in a place.
    pub(super) fn enter_script(&mut self, script: Value, at: At, result_at: u32) -> Started {
        // A pure list is a command: its elements are the words.
        if let View::List(list) = script.view()
            && list.made_text().is_none()
            && !list.items().is_empty()
        {
            let words = list.items().to_vec();
            self.place_frame_with(
                at,
                result_at,
                Box::new(ListCommand { list: script, evaluated: !matches!(at, At::ResolvedIn(_)) }),
            );
            return match at {
                At::ResolvedIn(namespace) => self.invoke_resolved_in(namespace, words, DISCARD),
                _ => self.invoke(words, DISCARD),
            };
        }
        let here = self.current();
        if !matches!(at, At::InterpHere(interp) if interp != here) {
            self.interp_mut(here).allows_codes = false;
        }
        let evaluated = if let At::InterpHere(interp) | At::Interp(interp) = at { interp } else { here };
        self.interp_mut(evaluated).last_error_line = 1;
        let namespace = self.frame_for(at).namespace;
        let unit = self.script_unit(&script, CodeContext::Script, false, namespace);
        self.enter_unit(unit, at, result_at)
    }

    /// Enters a body of the command at hand, which stands in line if there is code around it.
    pub(super) fn enter_body(&mut self, script: Value, in_line: Option<Around>, result_at: u32) -> Started {
        let Some(around) = in_line else {
            return self.enter_script(script, At::Here, result_at);
        };
        let namespace = self.frame().namespace;
        let unit = self.script_unit(&script, CodeContext::Script, around.in_procedure, namespace);
        self.enter_in_line(unit, result_at)
    }

    fn enter_in_line(&mut self, unit: Rc<Unit>, result_at: u32) -> Started {
        let mut frame = self.frame_for(At::Here);
        frame.result_at = result_at;
        frame.standing = Standing::InLine;
        let registers = unit.registers;
        frame.unit = Some(unit);
        self.push_with_registers(frame, registers);
        Started::Pushed
    }

    /// Whether the command that the top frame's code calls stands in line.
    pub(crate) fn stands_in_line(&self) -> bool {
        self.code_around_in_line().is_some()
    }

    /// The code of the top frame, if its operation calls a command that the reference compiles in line there.
    pub(super) fn code_around_in_line(&self) -> Option<Around> {
        let frame = self.frame();
        let unit = frame.unit.as_ref()?;
        match unit.ops.get(frame.pc.checked_sub(1)? as usize) {
            Some(Op::Call { site, .. }) => {
                let code = unit.code();
                let is_quiet = code.call_sites[usize::from(site.0)].quiet;
                is_quiet.then_some(Around { in_procedure: code.in_procedure })
            }
            _ => None,
        }
    }

    /// Enters an expression's text here.
    pub(super) fn enter_expr(&mut self, text: Value, result_at: u32) -> Flow {
        match self.enter_expr_at(text, At::Here, None, result_at) {
            Started::Pushed => Flow::Go,
            Started::Outcome(outcome) => self.settle(outcome, result_at),
            Started::Settled(outcome, at) => self.settle(outcome, at),
        }
    }

    /// Enters an expression's text in a place.
    pub(super) fn enter_expr_at(
        &mut self,
        text: Value,
        at: At,
        in_line: Option<Around>,
        result_at: u32,
    ) -> Started {
        let namespace = self.frame_for(at).namespace;
        let in_procedure = in_line.is_some_and(|around| around.in_procedure);
        let unit = self.script_unit(&text, CodeContext::Expression, in_procedure, namespace);
        match in_line {
            Some(_) => self.enter_in_line(unit, result_at),
            None => self.enter_unit(unit, at, result_at),
        }
    }

    /// Rebuilds the exception that a catch put into registers.
    pub(super) fn rebuild_exception(&mut self, code: Value, result: Value, options: Value) -> Exception {
        match crate::cmd::control::exception_of(self, result, &options) {
            Ok(Some(exception)) => exception,
            _ => Raised::new(code.as_int().unwrap_or(1), Value::EMPTY),
        }
    }
}

/// The code that a body stands in line in.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// Whether it is a procedure's body, or in line in one.
    in_procedure: bool,
}

/// A pure list that is run as a command: an error names it.
struct ListCommand {
    list: Value,
    /// Whether a script asked for it: coroutines and `tailcall` run commands so, too.
    evaluated: bool,
}

impl Continuation for ListCommand {
    fn command_list(&self) -> Option<&Value> {
        self.evaluated.then_some(&self.list)
    }

    fn tells_of_command(&self) -> bool {
        true
    }

    fn resume(self: Box<Self>, _machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        match outcome {
            Ok(value) => Ok(Step::Done(value)),
            Err(mut e) => {
                e.log_command(&self.list.text());
                Err(e)
            }
        }
    }
}

/// Empties a register.
#[inline(always)]
fn clear(slot: &mut Value) {
    if slot.is_simple() {
        slot.overwrite_simple(Value::UNSET);
    } else {
        *slot = Value::UNSET;
    }
}

fn bind_parameters(procedure: &Proc, arguments: &[Value], registers: &mut [Value]) {
    let last = procedure.params.len();
    for (i, param) in procedure.params.iter().enumerate() {
        let value = if procedure.variadic && i + 1 == last {
            Some(Value::list(arguments.get(i..).unwrap_or_default().to_vec()))
        } else {
            arguments.get(i).cloned().or_else(|| param.default.clone())
        };
        if let Some(value) = value {
            registers[i] = value;
        }
    }
}
