//! Register access for the loop: the crate's second home of `unsafe`.
//!
//! The licence for unchecked access is the type `Verified`: the verifier's
//! register rule says that every operand is below the code's register count,
//! and entering a frame makes that many registers at its base.

use std::mem::ManuallyDrop;
use std::rc::Rc;

use tclring_compiler::bytecode::{Op, Place};

use super::unit::{CallCache, Callee, Unit};
use crate::interp::Machine;
use crate::interp::command::{Args, CommandId, Proc};
use crate::interp::frame::{Context, FrameKind, Standing, WordForm};
use crate::interp::namespace::NamespaceId;
use crate::value::{Tag, Value, View};

/// The registers of the running frame.
///
/// A window is made anew whenever something may have moved or resized the
/// registers of the context: after every call out of the loop.
#[derive(Clone, Copy)]
pub(super) struct Window {
    base: *mut Value,
    #[cfg(debug_assertions)]
    count: u32,
}

impl Window {
    /// The window of `count` registers from `base` on.
    ///
    /// # Panics
    /// If the registers do not reach that far: entering the frame failed to make them.
    pub(super) fn new(registers: &mut [Value], base: usize, count: u32) -> Window {
        let window = &mut registers[base..base + count as usize];
        Window::at(window.as_mut_ptr(), count)
    }

    /// The window of the `count` registers that begin at `base`.
    #[inline(always)]
    fn at(base: *mut Value, count: u32) -> Window {
        let _ = count;
        Window {
            base,
            #[cfg(debug_assertions)]
            count,
        }
    }

    /// The register `register`.
    #[inline(always)]
    pub(super) fn get<'a>(self, register: u16) -> &'a Value {
        #[cfg(debug_assertions)]
        assert!(u32::from(register) < self.count, "the verifier checked the register");
        // SAFETY: the verifier's register rule puts the number below the frame's count.
        let place = unsafe { self.base.add(usize::from(register)) };
        // SAFETY: the registers exist from `new` on, and the loop drops its window before anything resizes them.
        unsafe { &*place }
    }

    /// The register `register`, to change.
    #[inline(always)]
    #[allow(
        clippy::mut_from_ref,
        reason = "the window stands for the registers; the loop holds one reference at a time"
    )]
    pub(super) fn get_mut<'a>(self, register: u16) -> &'a mut Value {
        #[cfg(debug_assertions)]
        assert!(u32::from(register) < self.count, "the verifier checked the register");
        // SAFETY: as for `get`.
        let place = unsafe { self.base.add(usize::from(register)) };
        // SAFETY: as for `get`; the loop uses one mutable reference at a time.
        unsafe { &mut *place }
    }
}

/// Where the loop is in the operations of the running frame: at the one that is being performed.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    at: *const Op,
}

impl Cursor {
    /// At the operation number `pc`.
    ///
    /// # Panics
    /// If there is no such operation.
    pub(super) fn new(ops: &[Op], pc: usize) -> Cursor {
        Cursor { at: &raw const ops[pc] }
    }

    /// The operation at hand.
    ///
    /// It is looked at where it stands: a copy would be taken apart by shifts, and its parts would be kept in
    /// machine registers through every arm of the loop.
    #[inline(always)]
    pub(super) fn op<'a>(self) -> &'a Op {
        // SAFETY: the verifier's control rule: targets are inside, and the last operation does not fall through.
        unsafe { &*self.at }
    }

    /// Goes on to the next operation.
    #[inline(always)]
    pub(super) fn step(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    /// The number of the operation at hand.
    #[inline(always)]
    pub(super) fn position(self, ops: &[Op]) -> usize {
        (self.at.addr() - ops.as_ptr().addr()) / size_of::<Op>()
    }

    /// The number of the next operation.
    #[inline(always)]
    pub(super) fn next_position(self, ops: &[Op]) -> usize {
        self.position(ops) + 1
    }

    /// Goes to the operation number `target`.
    #[inline(always)]
    pub(super) fn jump(&mut self, ops: &[Op], target: u32) {
        self.at = ops.as_ptr().wrapping_add(target as usize);
    }

    /// Goes `distance` operations on from the next one.
    #[inline(always)]
    pub(super) fn jump_near(&mut self, distance: i16) {
        self.at = self.at.wrapping_offset(isize::from(distance) + 1);
    }
}

/// What the loop keeps at hand of the frame that it runs.
///
/// It is given up before another frame runs and made anew from the frame on
/// top, as the window is.
#[derive(Clone, Copy)]
pub(super) struct Running<'a> {
    /// The code.
    pub unit: &'a Unit,
    /// Where it is.
    pub cursor: Cursor,
    /// The registers.
    pub window: Window,
}

impl Running<'_> {
    /// The number of the operation after the one at hand.
    pub(super) fn next_position(self) -> u32 {
        self.cursor.next_position(&self.unit.ops) as u32
    }
}

/// The top frame, if it has operations to run.
#[inline(always)]
pub(super) fn top<'a>(machine: &mut Machine) -> Option<Running<'a>> {
    let context = machine.context_mut();
    let frame = context.frames.last()?;
    let unit: *const Unit = Rc::as_ptr(frame.unit.as_ref()?);
    // SAFETY: the frame owns a count of the unit while it is on the chain, and the loop gives the reference up
    // before it runs another frame or after it has popped this one.
    let unit = unsafe { &*unit };
    let (pc, base) = (frame.pc as usize, frame.base as usize);
    let cursor = Cursor::new(&unit.ops, pc);
    let window = Window::new(&mut context.registers, base, unit.registers);
    Some(Running { unit, cursor, window })
}

/// The constant number `index` of a unit.
#[inline(always)]
pub(super) fn constant(unit: &Unit, index: usize) -> &Value {
    debug_assert!(index < unit.constants.len(), "the verifier checked the constant");
    // SAFETY: the verifier's constant rule puts the number below the count of constants, and a unit's are as many.
    unsafe { unit.constants.get_unchecked(index) }
}

/// Copies words above the registers that are in use: those in the `count` registers from `first` on, and the elements
/// of those that `spread` has bits for. The registers are empty then. Stops at what is no list and where there is no
/// room: how many words were copied, and from how many registers.
#[inline(always)]
pub(super) fn spread(context: &mut Context, first: u32, count: u32, spread: u64) -> (usize, u32) {
    let top = context.top as usize;
    assert!(
        (first + count) as usize <= top && top <= context.registers.len(),
        "the frame's registers are below its top"
    );
    let room = context.registers.len() - top;
    let registers = context.registers.as_mut_ptr();
    let target = registers.wrapping_add(top);
    let mut done = 0;
    for number in 0..count {
        // SAFETY: the register is below the top, and the targets are above it.
        let part = unsafe { &mut *registers.wrapping_add((first + number) as usize) };
        let is_one = spread >> number & 1 == 0;
        if !is_one && part.tag() != Tag::List && !super::quick::make_list(part) {
            return (done, number);
        }
        let words = match part.view() {
            View::List(list) if !is_one => list.items(),
            _ => std::slice::from_ref(part),
        };
        if words.len() > room - done {
            return (done, number);
        }
        if is_one {
            // SAFETY: there is room for a word, and what is above the top owns nothing.
            unsafe { target.wrapping_add(done).write(part.take()) };
            done += 1;
            continue;
        }
        for word in words {
            // SAFETY: there is room for all of the words, and what is above the top owns nothing.
            unsafe { target.wrapping_add(done).write(word.clone()) };
            done += 1;
        }
        drop(part.take());
    }
    (done, count)
}

/// The compiled body that the cache of a call site leads to, if the cache is up to date.
#[inline(always)]
pub(super) fn body_of(machine: &Machine, cache: &CallCache) -> Option<(Rc<Unit>, NamespaceId)> {
    let Callee::Procedure(body, home) = cache.callee else { return None };
    if cache.epoch != machine.epoch {
        return None;
    }
    // SAFETY: the machine's epoch is the cache's, so the procedure still holds the unit it held when the cache
    // was filled: the pointer came from a count of its own.
    unsafe { Rc::increment_strong_count(body) };
    // SAFETY: the count is the one just made.
    Some((unsafe { Rc::from_raw(body) }, home))
}

/// The cache of the call site number `site`, which nothing writes before the call is made.
#[inline(always)]
pub(super) fn call_cache(unit: &Unit, site: u16) -> &CallCache {
    debug_assert!(usize::from(site) < unit.calls.len(), "the verifier checked the call site");
    // SAFETY: the verifier's call site rule puts the number below the count of sites, and a unit's are as many.
    let cache = unsafe { unit.calls.get_unchecked(usize::from(site)) };
    // SAFETY: it is written when the long way looks a command up, when no reference to it is in use any more.
    unsafe { &*cache.as_ptr() }
}

/// Enters the procedure that the cache of a call site points to, if nothing about the call is odd. The words are
/// in the registers from `first` on, but for the name, which only the site knows; the result will go to `dst`.
#[inline(always)]
pub(super) fn enter<'a>(
    machine: &mut Machine,
    from: Running<'a>,
    dst: u16,
    first: u16,
    site: u16,
) -> Option<Running<'a>> {
    let cache = call_cache(from.unit, site);
    if cache.epoch != machine.epoch || cache.entry.is_null() || machine.is_held_up() {
        return None;
    }
    // SAFETY: the machine's epoch is the cache's, so the procedure still holds the unit it held when the cache
    // was filled: the pointer came from a count of its own, which stays the procedure's.
    let unit = ManuallyDrop::new(unsafe { Rc::from_raw(cache.entry) });
    let (frames, live, _) = machine.context_mut().frames.parts();
    // SAFETY: a context has its base frame, so that there is a frame below the one numbered `live`.
    let caller = unsafe { &*frames.wrapping_add(live - 1) };
    if caller.namespace != cache.namespace {
        return None;
    }
    let given = Given {
        first: caller.base + u32::from(first),
        count: u32::from(unit.params) + 1,
        are: WordForm::Unnamed,
    };
    let invocation = Invocation { unit: &unit, home: cache.home, command: cache.command };
    push(machine, from, invocation, dst, given, |registers, window| {
        let arguments = registers.wrapping_add(given.first as usize + 1);
        for number in 0..invocation.unit.params {
            // SAFETY: the words stand below the registers of the frame, as many as it has parameters and the name.
            let argument = unsafe { &*arguments.wrapping_add(usize::from(number)) };
            window.get_mut(number).overwrite_simple(argument.clone());
        }
    })
}

/// A procedure or lambda to enter.
#[derive(Clone, Copy)]
pub(super) struct Invocation<'a> {
    /// The code.
    pub unit: &'a Rc<Unit>,
    /// The namespace it runs in.
    pub home: NamespaceId,
    /// The command, none for a lambda.
    pub command: CommandId,
}

/// The words of an invocation.
#[derive(Clone, Copy)]
pub(super) struct Given {
    /// The first register of the context that they are in.
    pub first: u32,
    /// How many registers those are.
    pub count: u32,
    /// How they are there.
    pub are: WordForm,
}

/// Enters a procedure with words that are whole, the first `skipped` of which are no arguments; see [`push`].
#[inline(always)]
pub(super) fn push_whole(
    machine: &mut Machine,
    from: Running,
    invocation: Invocation,
    dst: u16,
    given: Given,
    skipped: u32,
) -> bool {
    debug_assert!(given.count == skipped + u32::from(invocation.unit.params), "the arguments were counted");
    let entered = push(machine, from, invocation, dst, given, |registers, window| {
        let arguments = registers.wrapping_add((given.first + skipped) as usize);
        for number in 0..invocation.unit.params {
            // SAFETY: as in `enter`.
            let argument = unsafe { &*arguments.wrapping_add(usize::from(number)) };
            window.get_mut(number).overwrite_simple(argument.clone());
        }
    });
    entered.is_some()
}

/// Enters a procedure with defaults or `args` with words that it takes, the first of which is no argument; see [`push`].
#[inline(never)]
pub(super) fn push_bound(
    machine: &mut Machine,
    from: Running,
    invocation: Invocation,
    dst: u16,
    given: Given,
    procedure: &Proc,
) -> bool {
    let entered = push(machine, from, invocation, dst, given, |registers, window| {
        let arguments = registers.wrapping_add(given.first as usize + 1);
        // SAFETY: the words stand below the registers of the frame, and the name is one of them.
        let arguments = unsafe { std::slice::from_raw_parts(arguments, given.count as usize - 1) };
        let plain = procedure.params.len() - usize::from(procedure.variadic);
        for (number, param) in (0_u16..).zip(&procedure.params[..plain]) {
            let value = arguments.get(usize::from(number)).or(param.default.as_ref());
            let slot = window.get_mut(number);
            slot.overwrite_simple(value.map_or(Value::UNSET, Value::clone));
        }
        if procedure.variadic {
            let rest = arguments.get(plain..).unwrap_or_default();
            window.get_mut(plain as u16).overwrite_simple(Value::list(rest.to_vec()));
        }
    });
    entered.is_some()
}

/// Enters what the command prefix in the register `first` led to the last time, if nothing about the call is odd. The
/// elements of the prefix and the words in the registers after it are the words of the call; they stay there.
#[inline(never)]
pub(super) fn enter_prefix<'a>(
    machine: &mut Machine,
    from: Running<'a>,
    dst: u16,
    first: u16,
    site: u16,
) -> Option<&'a Unit> {
    debug_assert!(usize::from(site) < from.unit.prefixes.len(), "the verifier checked the call site");
    // SAFETY: the verifier's call site rule puts the number below the count of sites, and a unit's are as many.
    let cache = unsafe { from.unit.prefixes.get_unchecked(usize::from(site)) };
    // SAFETY: it is written when the long way is done, when no reference to it is in use any more.
    let cache = unsafe { &*cache.as_ptr() }.as_deref()?;
    let prefix = from.window.get_mut(first);
    if prefix.tag() != Tag::List && !super::quick::make_list(prefix) {
        return None;
    }
    // A list that something has a weak count of does not change, and its address is not given to another.
    let View::List(list) = prefix.view() else { return None };
    if !std::ptr::eq(list, cache.list.as_ptr()) || cache.epoch != machine.epoch || machine.is_held_up() {
        return None;
    }
    let unit = cache.unit.upgrade()?;
    let words = from.unit.code().call_sites[usize::from(site)].words;
    let own = list.items().get(cache.skipped as usize..)?;
    if own.len() + words as usize != usize::from(unit.params) + 1 {
        return None;
    }
    let (frames, live, _) = machine.context_mut().frames.parts();
    // SAFETY: a context has its base frame, so that there is a frame below the one numbered `live`.
    let caller = unsafe { &*frames.wrapping_add(live - 1) };
    if caller.namespace != cache.namespace {
        return None;
    }
    let given = Given { first: caller.base + u32::from(first), count: words, are: WordForm::Parts };
    let invocation = Invocation { unit: &unit, home: cache.home, command: cache.command };
    let entered = push(machine, from, invocation, dst, given, |_, window| {
        for (argument, number) in own.iter().zip(0..) {
            window.get_mut(number).overwrite_simple(argument.clone());
        }
        let before = own.len() as u16;
        for number in 1..words as u16 {
            let argument = from.window.get(first + number);
            window.get_mut(before + number - 1).overwrite_simple(argument.clone());
        }
    });
    entered.map(|running| running.unit)
}

/// Puts the words of a call into `words`, taken from the `count` registers from `first` on: but for the name, if `name`
/// is set.
///
/// They are put in place: words that are returned would be copied once more.
#[inline(always)]
pub(super) fn take_words(words: &mut Args, window: Window, first: u16, count: u16, name: &Value) {
    if !name.is_unset() {
        *window.get_mut(first) = name.clone();
    }
    for number in 0..count {
        words.push(window.get_mut(first + number).take());
    }
}

/// The registers of the frame on top, which runs `unit`.
#[inline(always)]
pub(super) fn window(machine: &mut Machine, unit: &Unit) -> Window {
    beginning(machine, unit).window
}

/// The beginning of `unit`, for which a frame has just been pushed.
#[inline(always)]
pub(super) fn beginning<'a>(machine: &mut Machine, unit: &'a Unit) -> Running<'a> {
    let context = machine.context_mut();
    let (frames, live, _) = context.frames.parts();
    // SAFETY: there is a frame on top.
    let frame = unsafe { &*frames.wrapping_add(live - 1) };
    let window = Window::at(context.registers.as_mut_ptr().wrapping_add(frame.base as usize), unit.registers);
    Running { unit, cursor: Cursor { at: unit.ops.as_ptr() }, window }
}

/// Enters a procedure from the operation at hand; the result will go to `dst`. `bind` puts the arguments into the
/// first registers of the window that it gets, from words of the registers that it gets. Nothing happens if there is
/// no room.
#[inline(always)]
fn push<'a>(
    machine: &mut Machine,
    from: Running<'a>,
    invocation: Invocation,
    dst: u16,
    given: Given,
    bind: impl FnOnce(*const Value, Window),
) -> Option<Running<'a>> {
    let context = machine.context_mut();
    let (frames, live, made) = context.frames.parts();
    // SAFETY: a context has its base frame, so that there is a frame below the one numbered `live`.
    let caller = unsafe { &mut *frames.wrapping_add(live - 1) };
    let floor = context.top;
    // Whole words may have been put above the registers in use.
    let base = if given.are == WordForm::Whole { floor.max(given.first + given.count) } else { floor };
    let unit: *const Unit = Rc::as_ptr(invocation.unit);
    // SAFETY: the frame that is made below owns a count while it is on the chain; see `top`.
    let unit = unsafe { &*unit };
    let top = base + unit.registers;
    if live >= made || top as usize > context.registers.len() {
        return None;
    }
    caller.pc = from.cursor.next_position(&from.unit.ops) as u32;
    // SAFETY: `live` is below the number of frames made, and this is the only reference to that one.
    let frame = unsafe { &mut *frames.wrapping_add(live) };
    // SAFETY: a blank holds nothing that would have to be let go.
    unsafe { (&raw mut frame.unit).write(Some(Rc::clone(invocation.unit))) };
    frame.kind = FrameKind::Procedure;
    frame.careful = false;
    frame.words_are = given.are;
    frame.standing = Standing::Known;
    frame.pc = 0;
    frame.base = base;
    frame.floor = floor;
    frame.result_at = caller.base + u32::from(dst);
    frame.vars = live as u32;
    frame.caller_vars = caller.vars;
    frame.level = caller.level + 1;
    frame.words = given.first;
    frame.word_count = given.count;
    frame.interp = caller.interp;
    frame.namespace = invocation.home;
    frame.command = invocation.command;
    context.frames.raise();
    context.top = top;
    let start = context.registers.as_mut_ptr();
    let window = Window::at(start.wrapping_add(base as usize), unit.registers);
    bind(start, window);
    for number in unit.params..unit.locals {
        window.get_mut(number).overwrite_simple(Value::UNSET);
    }
    machine.depth += 1;
    Some(Running { unit, cursor: Cursor { at: unit.ops.as_ptr() }, window })
}

/// Leaves the top frame with the result in the register `src`, if it was entered by [`push`] and nothing is owed
/// on the way out: back in the caller.
#[inline(always)]
pub(super) fn leave<'a>(machine: &mut Machine, from: Running<'a>, src: u16) -> Option<Running<'a>> {
    let context = machine.context_mut();
    let (frames, live, _) = context.frames.parts();
    // SAFETY: the frame that runs is the top one, number `live - 1`.
    let frame = unsafe { &mut *frames.wrapping_add(live - 1) };
    if frame.careful || super::needs_care(from.window.get(src)) {
        return None;
    }
    let registers = context.registers.as_mut_ptr();
    let result = registers.wrapping_add(frame.result_at as usize);
    // SAFETY: `push` put the number of a register of the caller's there, and the registers of frames on the chain
    // exist; it is no register of this frame.
    let result = unsafe { &mut *result };
    room(result)?.overwrite_simple(from.window.get_mut(src).take());
    // The words of the call, temporaries of the caller's that are in use no more, and the registers of this frame
    // follow each other. The result may stand in the place of the first word.
    let first = frame.words + u32::from(frame.words == frame.result_at);
    let used = (context.top - first) as usize;
    // SAFETY: the registers up to the top of the frame exist, and nothing else refers to these now.
    let used = unsafe { std::slice::from_raw_parts_mut(registers.wrapping_add(first as usize), used) };
    if !Value::are_all_simple(used) {
        let_go(used);
    }
    frame.unit = None;
    context.top = frame.floor;
    context.frames.lower();
    machine.depth -= 1;
    // SAFETY: a frame entered by `push` has its caller below it.
    let caller = unsafe { &*frames.wrapping_add(live - 2) };
    let unit: *const Unit = Rc::as_ptr(caller.unit.as_ref()?);
    // SAFETY: as in `top`.
    let unit = unsafe { &*unit };
    let window = Window::at(registers.wrapping_add(caller.base as usize), unit.registers);
    let cursor = Cursor { at: unit.ops.as_ptr().wrapping_add(caller.pc as usize) };
    Some(Running { unit, cursor, window })
}

/// Empties registers of what owns something.
#[inline]
pub(super) fn let_go_of(registers: &mut [Value]) {
    if !Value::are_all_simple(registers) {
        let_go(registers);
    }
}

#[inline(never)]
fn let_go(registers: &mut [Value]) {
    for slot in registers {
        if !slot.is_simple() {
            *slot = Value::UNSET;
        }
    }
}

/// What a register holds as an operand: its value, or that of the plain variable it is linked to.
#[inline(always)]
pub(super) fn plain(value: &Value) -> Option<&Value> {
    if super::needs_care(value) { linked(value) } else { Some(value) }
}

#[inline(never)]
fn linked<'a>(value: &Value) -> Option<&'a Value> {
    let value = &*behind(value)?;
    (!super::needs_care(value)).then_some(value)
}

/// The value of the variable that a register is linked to, unless a trace or the like has to be looked at. It may be
/// unset or an array.
#[inline]
pub(super) fn behind<'a>(value: &Value) -> Option<&'a mut Value> {
    let View::Link(cell) = value.view() else { return None };
    if !cell.is_plain() {
        return None;
    }
    // SAFETY: the register keeps the cell alive while the operation at hand is performed, no borrow of the cell
    // outlives the call that made it, and the operation uses no other reference to what is in the cell.
    Some(unsafe { &mut *cell.as_ptr() })
}

/// What the variable of a place holds (a scalar's value, an array, nothing), unless a trace or the like has to be
/// looked at.
#[inline]
pub(super) fn holder<'a>(
    machine: &mut Machine,
    unit: &Unit,
    w: Window,
    place: Place,
) -> Option<&'a mut Value> {
    match place.as_local() {
        Some(register) => {
            let slot = w.get_mut(register);
            if slot.tag() == Tag::Link { behind(slot) } else { Some(slot) }
        }
        None => {
            let slot = machine.value_of_site(unit, usize::from(place.as_site()?))?;
            // SAFETY: the register or the cell was found just now, and nothing can change where it is before the
            // operation at hand is done with it.
            let slot = unsafe { &mut *slot };
            if slot.tag() == Tag::Link { behind(slot) } else { Some(slot) }
        }
    }
}

/// The value of the element `key` of the array in `holder`, if it has one and no trace or link has to be looked at.
#[inline]
pub(super) fn element<'a>(holder: &Value, key: &Value) -> Option<&'a mut Value> {
    let element = holder.array_ref()?.plain_element(key)?;
    // SAFETY: the array is alive as long as its holder, and the operation at hand adds or removes no element while
    // it uses this one.
    Some(unsafe { &mut *element })
}

/// Makes room for a value in a register, or in the plain variable it is linked to: something that may be overwritten.
#[inline(always)]
pub(super) fn room(slot: &mut Value) -> Option<&mut Value> {
    if slot.is_simple() { Some(slot) } else { vacate(slot) }
}

#[cold]
#[inline(never)]
fn vacate(slot: &mut Value) -> Option<&mut Value> {
    let slot = if slot.tag() == Tag::Link { behind(slot)? } else { slot };
    if matches!(slot.tag(), Tag::Link | Tag::Array) {
        return None;
    }
    *slot = Value::UNSET;
    Some(slot)
}
