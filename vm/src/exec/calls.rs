//! Short ways of calls that the cache of a call site does not lead into a procedure: names and words known only
//! when the call is made, and lambdas.
//!
//! A function answers nothing if anything about the call is odd. It has changed nothing then, and the call is made
//! the long way.

use std::cell::Cell;
use std::rc::Rc;

use super::Flow;
use super::frame::{self, Invocation, Running};
use super::unit::{CallCache, Unit};
use crate::cmd::eval::Lambda;
use crate::interp::arena::Id;
use crate::interp::command::{CommandId, CommandKind, Proc};
use crate::interp::frame::{Context, DISCARD, FrameKind};
use crate::interp::namespace::NamespaceId;
use crate::interp::{Coroutine, CoroutineState, Machine, Step};
use crate::value::{Value, View};

/// Whether a call of the command may have a short way here.
pub(super) fn is_special(machine: &Machine, command: CommandId) -> bool {
    match machine.commands.get(command).map(|entry| &entry.kind) {
        Some(CommandKind::Native(row)) => matches!(row.name, "apply" | "yield"),
        Some(CommandKind::Proc(_) | CommandKind::Coroutine(_)) => true,
        _ => false,
    }
}

/// The words of a call: registers of the context from `start` on.
#[derive(Clone, Copy)]
struct Words {
    start: usize,
    count: usize,
}

impl Words {
    fn get(self, machine: &Machine, at: usize) -> &Value {
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

/// Enters the procedure or lambda that the words of a call mean; the result will go to `dst`.
#[inline(never)]
pub(super) fn enter<'a>(
    machine: &mut Machine,
    from: Running<'a>,
    dst: u16,
    first: u16,
    site: u16,
) -> Option<Running<'a>> {
    let slot = &from.unit.calls[usize::from(site)];
    let cache = slot.get();
    if cache.epoch == machine.epoch && cache.ordinary {
        return None;
    }
    let start = machine.frame().base as usize + usize::from(first);
    let words = Words { start, count: from.unit.code().call_sites[usize::from(site)].words as usize };
    let name = &from.unit.call_names[usize::from(site)];
    let known = (!name.is_unset()).then_some((name, slot));
    enter_words(machine, from, dst, words, known)
}

/// Performs a call some of whose words are lists that stand for their elements.
#[inline(never)]
pub(super) fn enter_spread<'a>(
    machine: &mut Machine,
    from: Running<'a>,
    dst: u16,
    first: u16,
    site: u16,
) -> Result<Running<'a>, Flow> {
    let site = &from.unit.code().call_sites[usize::from(site)];
    machine.frame_mut().pc = from.next_position();
    let context = machine.context_mut();
    let start = context.top as usize;
    let mut end = start;
    let mut above = Vec::new();
    for number in 0..site.words as u16 {
        let mut word = from.window.get_mut(first + number).take();
        if site.spread >> number & 1 == 0 {
            end = place(&mut context.registers, end, &mut above, word);
        } else if let Some(list) = word.list_mut() {
            for element in list.items_mut().drain(..) {
                end = place(&mut context.registers, end, &mut above, element);
            }
        } else if let View::List(list) = word.view() {
            for element in list.items() {
                end = place(&mut context.registers, end, &mut above, element.clone());
            }
        }
    }
    let words = Words { start, count: end - start };
    if above.is_empty()
        && words.count > 0
        && let Some(entered) = enter_words(machine, from, dst, words, None)
    {
        return Ok(entered);
    }
    let result_at = machine.frame().base + u32::from(dst);
    let mut all = words.take(machine);
    all.append(&mut above);
    Err(if all.is_empty() {
        machine.settle(Ok(Step::EMPTY), result_at)
    } else {
        machine.invoke_words(all, result_at)
    })
}

/// Puts a word into the register number `at`, or behind all others if there is none: where the next one goes.
#[inline(always)]
fn place(registers: &mut [Value], at: usize, above: &mut Vec<Value>, word: Value) -> usize {
    match registers.get_mut(at) {
        Some(slot) => {
            debug_assert!(slot.is_simple(), "a register that is not in use holds nothing");
            slot.overwrite_simple(word);
            at + 1
        }
        None => {
            above.push(word);
            at
        }
    }
}

/// Enters what the words mean. `known`: the name, if the call site knows it, and the site's cache.
#[inline(always)]
fn enter_words<'a>(
    machine: &mut Machine,
    from: Running<'a>,
    dst: u16,
    words: Words,
    known: Option<(&Value, &Cell<CallCache>)>,
) -> Option<Running<'a>> {
    if machine.is_held_up() || machine.stepping > 0 {
        return None;
    }
    let command = match known {
        Some((name, _)) => machine.find_command_again(name)?,
        None => {
            let name = words.get(machine, 0).clone();
            machine.find_command_again(&name)?
        }
    };
    let entry = machine.commands.get(command).filter(|entry| entry.traces.is_none())?;
    let count = words.count;
    let invocation = match &entry.kind {
        CommandKind::Proc(procedure) => {
            let unit = ready(machine, procedure, entry.namespace, count - 1)?;
            if let Some((_, slot)) = known {
                // The next time the cache leads into it.
                slot.set(CallCache {
                    epoch: machine.epoch,
                    namespace: machine.namespace_id(),
                    command,
                    entry: Rc::as_ptr(&unit),
                    home: entry.namespace,
                    ordinary: false,
                });
            }
            Invocation { unit, home: entry.namespace, command, skipped: 1 }
        }
        CommandKind::Native(row) if row.name == "apply" && count >= 2 => {
            let (unit, home) = Lambda::ready(machine, words.get(machine, 1), |procedure, home| {
                ready(machine, procedure, home, count - 2)
            })?;
            Invocation { unit, home, command: Id::NONE, skipped: 2 }
        }
        CommandKind::Coroutine(id) if count <= 2 => {
            let id = *id;
            return resume(machine, from, dst, words, id);
        }
        CommandKind::Native(row) if row.name == "yield" && count <= 2 => {
            return suspend(machine, from, dst, words);
        }
        _ => return None,
    };
    frame::push(machine, from, invocation, dst, words.start as u32, count as u32)
}

/// The compiled body of a procedure that takes `given` arguments as they are.
fn ready(machine: &Machine, procedure: &Proc, home: NamespaceId, given: usize) -> Option<Rc<Unit>> {
    if !procedure.simple || procedure.params.len() != given {
        return None;
    }
    let unit = procedure.unit.borrow();
    let unit = unit.as_ref()?;
    (unit.core_epoch.get() == machine.core_epoch && unit.namespace.get() == home).then(|| Rc::clone(unit))
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
fn resume<'a>(
    machine: &mut Machine,
    from: Running<'a>,
    dst: u16,
    words: Words,
    id: Id<Coroutine>,
) -> Option<Running<'a>> {
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
    frame::top(machine)
}

/// Suspends the running coroutine: its resumer gets the argument of the `yield`.
fn suspend<'a>(machine: &mut Machine, from: Running<'a>, dst: u16, words: Words) -> Option<Running<'a>> {
    let context = machine.context();
    let id = context.coroutine?;
    if context.frames.iter().any(|frame| frame.kind == FrameKind::Barrier) {
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
    frame::top(machine)
}
