//! Short ways of calls that the cache of a call site does not lead into a procedure: names and words known only
//! when the call is made, and lambdas.
//!
//! A function answers nothing if anything about the call is odd. It has changed nothing then, and the call is made
//! the long way.

use std::cell::Cell;
use std::rc::Rc;

use super::frame::{self, Given, Invocation, Running};
use super::unit::{CallCache, Callee, PrefixCache, Unit};
use tclring_compiler::bytecode::CallSite;

use super::{Flow, listops, method_calls};
use crate::interp::arena::Id;
use crate::interp::command::{Args, CommandId, CommandKind, CommandRow, Proc};
use crate::interp::frame::{Context, DISCARD, FrameKind, WordForm};
use crate::interp::namespace::NamespaceId;
use crate::interp::{Coroutine, CoroutineState, Machine, Step};
use crate::value::{Side, Tag, Value, View};

/// What the command is to the short ways of calls; one with traces has none.
pub(super) fn callee_of(machine: &Machine, command: CommandId) -> Callee {
    let entry = machine.commands.get(command).filter(|entry| entry.traces.is_none());
    match entry.map(|entry| &entry.kind) {
        Some(CommandKind::Native(row)) if row.name == "apply" => Callee::Apply,
        Some(CommandKind::Native(row)) if row.name == "yield" => Callee::Yield,
        Some(CommandKind::Native(row)) if row.name == "oo::Helpers::next" => Callee::Next,
        Some(CommandKind::Object(id, form)) => Callee::Object(*id, *form),
        Some(CommandKind::Native(row)) => Callee::Builtin(row),
        Some(CommandKind::Coroutine(id)) => Callee::Coroutine(*id),
        Some(CommandKind::Proc(procedure)) if procedure.does_nothing() => Callee::Nothing,
        Some(CommandKind::Proc(_)) => Callee::Unknown,
        _ => Callee::Ordinary,
    }
}

/// The words of a call: registers of the context from `start` on.
#[derive(Clone, Copy)]
pub(super) struct Words {
    start: usize,
    pub(super) count: usize,
    form: WordForm,
}

impl Words {
    pub(super) fn given(self) -> Given {
        Given { first: self.start as u32, count: self.count as u32, are: self.form }
    }

    pub(super) fn get(self, machine: &Machine, at: usize) -> &Value {
        &machine.context().registers[self.start + at]
    }

    /// The second word, or the empty string; the registers are empty then.
    fn take_second(self, machine: &mut Machine) -> Value {
        let registers = &mut machine.context_mut().registers[self.start..self.start + self.count];
        let second = registers.get_mut(1).map(Value::take).unwrap_or_default();
        registers.iter_mut().for_each(|register| drop(register.take()));
        second
    }

    /// The words, taken from their registers.
    fn take(self, machine: &mut Machine) -> Vec<Value> {
        let registers = &mut machine.context_mut().registers[self.start..self.start + self.count];
        registers.iter_mut().map(Value::take).collect()
    }
}

/// What came of making a call.
pub(super) enum Made {
    /// Nothing: something about the call is odd.
    Not,
    /// Its result stands where it belongs.
    Done,
    /// What comes next is in the frames, or the run ends.
    Asked(Flow),
}

/// Makes the call of what the words mean: runs the builtin, enters the procedure or lambda. The result will go to `dst`.
#[inline(never)]
pub(super) fn make(machine: &mut Machine, from: Running, dst: u16, first: u16, site: u16) -> Made {
    let cache = frame::call_cache(from.unit, site);
    if cache.epoch == machine.epoch {
        match cache.callee {
            Callee::Builtin(row) => return run_builtin(machine, from, dst, first, (site, cache, row)),
            Callee::Nothing => return do_nothing(machine, from, dst, first, (site, cache)),
            Callee::Ordinary => return Made::Not,
            _ => {}
        }
    }
    let start = machine.frame().base as usize + usize::from(first);
    let name = &from.unit.call_names[usize::from(site)];
    let known = (!name.is_unset()).then_some(name);
    let form = if known.is_some() { WordForm::Unnamed } else { WordForm::Whole };
    let count = from.unit.code().call_sites[usize::from(site)].words as usize;
    let slot = &from.unit.calls[usize::from(site)];
    match enter_words(machine, from, dst, Words { start, count, form }, known, slot) {
        true => Made::Asked(Flow::Go),
        false => Made::Not,
    }
}

/// Calls the procedure that does nothing, whatever it is given.
fn do_nothing(
    machine: &mut Machine,
    from: Running,
    dst: u16,
    first: u16,
    (site, cache): (u16, &CallCache),
) -> Made {
    let name = &from.unit.call_names[usize::from(site)];
    if machine.is_held_up()
        || machine.stepping > 0
        || machine.depth >= machine.depth_limit
        || cache.namespace != machine.namespace_id()
        || name.is_unset() && !from.window.get(first).has_bits(cache.name)
    {
        return Made::Not;
    }
    let Some(slot) = frame::room(from.window.get_mut(dst)) else { return Made::Not };
    slot.overwrite_simple(Value::EMPTY);
    let count = from.unit.code().call_sites[usize::from(site)].words as u16;
    for word in (first..first + count).filter(|word| *word != dst) {
        drop(from.window.get_mut(word).take());
    }
    Made::Done
}

/// Runs the builtin that the call site's cache tells of, if nothing about the call is odd.
#[inline(always)]
fn run_builtin(
    machine: &mut Machine,
    from: Running,
    dst: u16,
    first: u16,
    (site, cache, row): (u16, &CallCache, &'static CommandRow),
) -> Made {
    let frame = machine.frame();
    if cache.namespace != frame.namespace || machine.is_held_up() {
        return Made::Not;
    }
    let base = frame.base;
    let name = &from.unit.call_names[usize::from(site)];
    if name.is_unset() && !from.window.get(first).has_bits(cache.name) {
        return Made::Not;
    }
    let count = from.unit.code().call_sites[usize::from(site)].words as u16;
    machine.frame_mut().pc = from.next_position();
    if count > 1 {
        let (held, word) = (from.window.get(dst), from.window.get(first + 1));
        if held.is_identical(word) && held.tag() == Tag::List && dst != first + 1 {
            let_go_of_old(from, dst, first, (row, count));
        }
    }
    let mut words = Args::default();
    frame::take_words(&mut words, from.window, first, count, name);
    let outcome = machine.run_native(row, words);
    let result_at = base + u32::from(dst);
    if let Ok(Step::Done(value)) = outcome {
        let is_stale = machine.is_stale;
        let slot = machine.context_mut().registers.get_mut(result_at as usize).and_then(frame::room);
        return match slot {
            Some(slot) if !is_stale => {
                slot.overwrite_simple(value);
                Made::Done
            }
            _ => Made::Asked(machine.settle(Ok(Step::Done(value)), result_at)),
        };
    }
    machine.count_unless_done(&outcome);
    Made::Asked(machine.settle(outcome, result_at))
}

/// Takes the list out of the register that the result of a call will go to, whose first argument it is: the command
/// can change it in place then.
#[inline(never)]
fn let_go_of_old(from: Running, dst: u16, first: u16, (row, count): (&CommandRow, u16)) {
    let words = (first + 1..first + count).map(|word| from.window.get(word).clone());
    if crate::cmd::list::cannot_fail(row, words, from.unit.mode) {
        drop(from.window.get_mut(dst).take());
    }
}

/// Performs a call some of whose words are lists that stand for their elements: what comes next is in the frames.
#[inline(never)]
pub(super) fn enter_spread(machine: &mut Machine, from: Running, dst: u16, first: u16, number: u16) -> Flow {
    let slot = &from.unit.calls[usize::from(number)];
    let site = &from.unit.code().call_sites[usize::from(number)];
    let namespace = machine.namespace_id();
    let prefix = (site.spread == 1).then(|| from.window.get(first).clone());
    let context = machine.context_mut();
    let start = context.top as usize;
    if context.registers.len() < start + SPREAD_ROOM {
        make_room(context);
    }
    let frame = context.frames.last_mut().expect("a context has its base frame");
    frame.pc = from.next_position();
    let base = frame.base;
    let first = base + u32::from(first);
    let (count, spread) = frame::spread(context, first, site.words, site.spread);
    let words = Words { start, count, form: WordForm::Whole };
    let result_at = base + u32::from(dst);
    if spread < site.words {
        return spread_slowly(machine, words, site, spread, first as usize, result_at);
    }
    if count == 0 || !enter_words(machine, from, dst, words, None, slot) {
        return call_slowly(machine, words, result_at);
    }
    if let Some(list) = prefix
        && machine.frame().words == start as u32
    {
        note_prefix(machine, &from.unit.prefixes[usize::from(number)], &list, namespace);
    }
    Flow::Go
}

#[cold]
#[inline(never)]
fn make_room(context: &mut Context) {
    let grown = (context.top as usize + SPREAD_ROOM).max(context.registers.len() * 2);
    context.registers.resize(grown, Value::UNSET);
}

#[cold]
#[inline(never)]
fn call_slowly(machine: &mut Machine, words: Words, result_at: u32) -> Flow {
    if words.count == 0 {
        return machine.settle(Ok(Step::EMPTY), result_at);
    }
    let words = words.take(machine);
    machine.invoke_words(words, result_at)
}

/// How many registers there are at least for words that are spread.
const SPREAD_ROOM: usize = 64;

/// Goes on spreading words at part `number`, of those from the register `first` on: a part is no list yet, or there is
/// no room for it. `done`: what has been spread before.
#[cold]
#[inline(never)]
fn spread_slowly(
    machine: &mut Machine,
    done: Words,
    site: &CallSite,
    number: u32,
    first: usize,
    result_at: u32,
) -> Flow {
    let mut words = done.take(machine);
    for number in number as usize..site.words as usize {
        let part = machine.context_mut().registers[first + number].take();
        if site.spread >> number & 1 == 0 {
            words.push(part);
            continue;
        }
        match listops::into_items(part) {
            Ok(items) => words.extend(items),
            Err(exception) => return machine.raise(exception),
        }
    }
    if words.is_empty() {
        machine.settle(Ok(Step::EMPTY), result_at)
    } else {
        machine.invoke_words(words, result_at)
    }
}

/// Enters what the words mean. `known`: the name, if the call site knows it. `slot`: the site's cache.
#[inline(always)]
fn enter_words(
    machine: &mut Machine,
    from: Running,
    dst: u16,
    words: Words,
    known: Option<&Value>,
    slot: &Cell<CallCache>,
) -> bool {
    if machine.is_held_up() || machine.stepping > 0 {
        return false;
    }
    let cache = slot.get();
    let is_up_to_date = cache.epoch == machine.epoch
        && cache.namespace == machine.namespace_id()
        && (known.is_some() || words.get(machine, 0).has_bits(cache.name));
    if is_up_to_date && matches!(cache.callee, Callee::Apply) {
        return apply(machine, from, dst, words);
    }
    let cache = match is_up_to_date {
        true => Some(cache),
        false => look_up(machine, words, known, slot),
    };
    cache.is_some_and(|cache| enter_other(machine, from, dst, words, &cache))
}

/// Enters what the words mean, which the site's cache has just been found to tell.
#[inline(never)]
fn enter_other(machine: &mut Machine, from: Running, dst: u16, words: Words, cache: &CallCache) -> bool {
    match cache.callee {
        Callee::Procedure(..) => {
            let Some((unit, home)) = frame::body_of(machine, cache) else { return false };
            if usize::from(unit.params) + 1 != words.count {
                return false;
            }
            let invocation = Invocation { unit: &unit, home, command: cache.command };
            frame::push_whole(machine, from, invocation, dst, words.given(), 1)
        }
        Callee::Flexible(home) => {
            let Some(CommandKind::Proc(procedure)) =
                machine.commands.get(cache.command).map(|entry| &entry.kind)
            else {
                return false;
            };
            let procedure = Rc::clone(procedure);
            let Some(unit) = ready_code(machine, &procedure, Some(home)) else { return false };
            let invocation = Invocation { unit: &unit, home, command: cache.command };
            procedure.takes(words.count - 1)
                && frame::push_bound(machine, from, invocation, dst, words.given(), &procedure)
        }
        Callee::Apply => apply(machine, from, dst, words),
        Callee::Yield if words.count <= 2 => suspend(machine, from, dst, words).is_some(),
        Callee::Next => method_calls::enter_next(machine, from, dst, words),
        Callee::Object(id, form) => {
            method_calls::enter_object(machine, from, dst, words, (id, form, cache.command))
        }
        Callee::Coroutine(id) if words.count <= 2 => resume(machine, from, dst, words, id).is_some(),
        _ => false,
    }
}

/// Enters the lambda that is applied, if it was applied before in the running interpreter.
#[inline(always)]
fn apply(machine: &mut Machine, from: Running, dst: u16, words: Words) -> bool {
    if words.count < 2 {
        return false;
    }
    let Some(unit) = unit_of_lambda(machine, words.get(machine, 1), words.count) else { return false };
    let invocation = Invocation { unit: &unit, home: unit.namespace.get(), command: Id::NONE };
    frame::push_whole(machine, from, invocation, dst, words.given(), 2)
}

/// The compiled body of a lambda that is applied with `count` words, if it was applied before in the running
/// interpreter.
#[inline(always)]
fn unit_of_lambda(machine: &Machine, lambda: &Value, count: usize) -> Option<Rc<Unit>> {
    let View::Str(object) = lambda.view() else { return None };
    // Its unit was made for the namespace that the lambda names.
    let Side::Lambda(lambda) = &*object.side() else { return None };
    let unit = ready(machine, &lambda.procedure, None, count.checked_sub(2)?)?;
    let home = machine.namespaces.get(unit.namespace.get())?;
    (!home.dying && home.interp == machine.current()).then_some(unit)
}

/// Notes for the call site what the command prefix `list` led to: the frame on top.
fn note_prefix(
    machine: &Machine,
    slot: &Cell<Option<Box<PrefixCache>>>,
    list: &Value,
    namespace: NamespaceId,
) {
    let list = list.to_list().ok().filter(|list| list.items().len() <= PREFIX_WORDS_MAX);
    let Some(list) = list else { return };
    let frame = machine.frame();
    let skipped = if frame.is_lambda() { 2 } else { 1 };
    if let Some(unit) = frame.unit.as_ref().filter(|_| list.items().len() >= skipped) {
        slot.set(Some(Box::new(PrefixCache {
            epoch: machine.epoch,
            skipped: skipped as u32,
            namespace,
            list: Rc::downgrade(&list),
            unit: Rc::downgrade(unit),
            home: frame.namespace,
            command: frame.command,
        })));
    }
}

/// The longest command prefix that a call site takes note of. A list that is noted is copied before it changes.
const PREFIX_WORDS_MAX: usize = 8;

/// Looks the command up that the words mean, for the site's cache if it can be found there again.
#[inline(never)]
fn look_up(
    machine: &mut Machine,
    words: Words,
    known: Option<&Value>,
    slot: &Cell<CallCache>,
) -> Option<CallCache> {
    let name = known.unwrap_or_else(|| words.get(machine, 0)).clone();
    let command = match method_calls::own_my(machine, &name) {
        Some(command) => command,
        None => machine.find_command_again(&name)?,
    };
    let entry = machine.commands.get(command).filter(|entry| entry.traces.is_none())?;
    let mut callee = callee_of(machine, command);
    let mut body = std::ptr::null();
    let home = entry.namespace;
    if let CommandKind::Proc(procedure) = &entry.kind
        && !procedure.simple
    {
        ready_code(machine, procedure, Some(home))?;
        if !matches!(callee, Callee::Nothing) {
            callee = Callee::Flexible(home);
        }
    } else if let CommandKind::Proc(procedure) = &entry.kind {
        let unit = ready(machine, procedure, Some(home), words.count - 1)?;
        callee = Callee::Procedure(Rc::as_ptr(&unit), home);
        if known.is_some() {
            // The next time the cache leads into it.
            body = Rc::as_ptr(&unit);
        }
    }
    let (epoch, namespace) = (machine.epoch, machine.namespace_id());
    let bits = name.short_bits();
    let cache =
        CallCache { epoch, namespace, command, entry: body, home, callee, name: bits.unwrap_or_default() };
    if known.is_some() || bits.is_some() {
        slot.set(cache);
    }
    Some(cache)
}

/// The compiled body of a procedure that takes `given` arguments as they are, in the namespace `home` or the one that
/// it was compiled for.
fn ready(machine: &Machine, procedure: &Proc, home: Option<NamespaceId>, given: usize) -> Option<Rc<Unit>> {
    if !procedure.simple || procedure.params.len() != given {
        return None;
    }
    ready_code(machine, procedure, home)
}

/// The compiled body of a procedure, in the namespace `home` or the one that it was compiled for.
fn ready_code(machine: &Machine, procedure: &Proc, home: Option<NamespaceId>) -> Option<Rc<Unit>> {
    let unit = procedure.unit.borrow();
    let unit = unit.as_ref()?;
    let holds =
        unit.core_epoch.get() == machine.core_epoch && home.is_none_or(|home| unit.namespace.get() == home);
    (holds && usize::from(unit.params) == procedure.params.len()).then(|| Rc::clone(unit))
}

/// Whether what the frame on top of `context` waits for can be put into `register` without more ado; there is room
/// for it then.
fn is_waiting(context: &mut Context, register: u32) -> bool {
    let has_code = context.frames.last().is_some_and(|top| top.then.is_none() && top.unit.is_some());
    has_code
        && (register == DISCARD
            || context.registers.get_mut(register as usize).is_some_and(|slot| frame::room(slot).is_some()))
}

/// Puts what [`is_waiting`] answered yes to into its register.
fn deliver(context: &mut Context, register: u32, value: Value) {
    if let Some(slot) = context.registers.get_mut(register as usize).and_then(frame::room) {
        slot.overwrite_simple(value);
    }
}

/// Goes on with a coroutine that waits in a `yield`.
fn resume(machine: &mut Machine, from: Running, dst: u16, words: Words, id: Id<Coroutine>) -> Option<()> {
    let depth_before = machine.depth;
    let resume_at = machine.frame().base + u32::from(dst);
    let core_epoch = machine.core_epoch;
    let coroutine = machine.coroutines.get_mut(id)?;
    if coroutine.state != CoroutineState::Yielded || !coroutine.injected.is_empty() {
        return None;
    }
    let waiting = coroutine.context.as_mut()?;
    if waiting.first.is_some() || waiting.core_epoch != core_epoch {
        return None;
    }
    if !is_waiting(waiting, waiting.yield_at) {
        return None;
    }
    let mut context = coroutine.context.take()?;
    context.resume_at = resume_at;
    context.depth_before = depth_before;
    coroutine.state = CoroutineState::Running;
    machine.depth += coroutine.depth;
    machine.frame_mut().pc = from.next_position();
    let value = words.take_second(machine);
    let yield_at = context.yield_at;
    deliver(&mut context, yield_at, value);
    machine.push_context(context);
    Some(())
}

/// Suspends the running coroutine: its resumer gets the argument of the `yield`.
fn suspend(machine: &mut Machine, from: Running, dst: u16, words: Words) -> Option<()> {
    let context = machine.context();
    let id = context.coroutine?;
    let here = machine.frame().interp;
    if context.frames.iter().any(|frame| frame.kind == FrameKind::Barrier || frame.interp != here) {
        return None;
    }
    let (resume_at, depth_before) = (context.resume_at, context.depth_before);
    if !is_waiting(machine.context_below()?, resume_at) {
        return None;
    }
    let value = words.take_second(machine);
    let frame = machine.frame_mut();
    frame.pc = from.next_position();
    let yield_at = frame.base + u32::from(dst);
    let mut context = machine.pop_context();
    context.yield_at = yield_at;
    let depth = std::mem::replace(&mut machine.depth, depth_before);
    let coroutine = machine.coroutines.get_mut(id).expect("a running coroutine lives");
    coroutine.state = CoroutineState::Yielded;
    coroutine.depth = depth.saturating_sub(depth_before);
    coroutine.context = Some(context);
    deliver(machine.context_mut(), resume_at, value);
    Some(())
}
