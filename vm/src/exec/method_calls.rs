//! Short ways of calls of methods: by an object's command, by `my`, by `next`; and back.
//!
//! As in [`super::calls`], a function answers nothing if anything about the call is odd, and has changed nothing then.

use std::rc::Rc;

use super::calls::Words;
use super::frame::{self, Invocation, Running};
use super::unit::Unit;
use super::{Flow, needs_care};
use crate::interp::Machine;
use crate::interp::command::{CommandId, CommandKind, Proc};
use crate::interp::frame::FrameKind;
use crate::interp::namespace::NamespaceId;
use crate::oo::method::Body;
use crate::oo::{Form, MethodCall, ObjectId};
use crate::value::Value;

/// Enters the method that the words mean: those of a call of an object's command, which is `command`.
#[inline(never)]
pub(super) fn enter_object(
    machine: &mut Machine,
    from: Running,
    dst: u16,
    words: Words,
    (id, form, command): (ObjectId, Form, CommandId),
) -> bool {
    if words.count < 2 || form == Form::MyClass {
        return false;
    }
    let Some(object) = machine.oo.objects.get(id) else { return false };
    let own = if form == Form::Public { object.command } else { object.my };
    if own != command || object.is_filtering {
        return false;
    }
    let Some(call) = machine.oo.known_call(object, words.get(machine, 1), form == Form::Public) else {
        return false;
    };
    let call = Rc::clone(call);
    enter(machine, from, dst, words, 2, call, None)
}

/// Enters the next method of the call that the running code is in.
#[inline(never)]
pub(super) fn enter_next(machine: &mut Machine, from: Running, dst: u16, words: Words) -> bool {
    let frame = &machine.context().frames[machine.vars() as usize];
    let caller = frame.caller_vars;
    let Some(call) = frame.method.as_ref().and_then(|call| call.next()) else { return false };
    if machine.oo.objects.get(call.object).is_none_or(|object| object.is_filtering) {
        return false;
    }
    enter(machine, from, dst, words, 1, call, Some(caller))
}

/// Enters a method whose arguments are the words from `skip` on.
#[inline]
fn enter(
    machine: &mut Machine,
    from: Running,
    dst: u16,
    words: Words,
    skip: usize,
    call: Rc<MethodCall>,
    caller: Option<u32>,
) -> bool {
    let link = call.link();
    if link.is_filter || call.chain.is_filtering || call.chain.is_unknown {
        return false;
    }
    let Body::Procedure(procedure) = &link.method.body else { return false };
    if !procedure.simple || procedure.params.len() + skip != words.count {
        return false;
    }
    let Some(object) = machine.oo.objects.get(call.object) else { return false };
    let (namespace, command) = (object.namespace, object.command);
    let Some(unit) = ready(machine, procedure, namespace) else { return false };
    let invocation = Invocation { unit: &unit, home: namespace, command };
    if !frame::push_whole(machine, from, invocation, dst, words.given(), skip as u32) {
        return false;
    }
    machine.bind_declared(&call);
    let level = caller.map(|caller| (caller, machine.context().frames[caller as usize].level + 1));
    let frame = machine.frame_mut();
    frame.careful = true;
    frame.method = Some(call);
    if let Some((caller, level)) = level {
        frame.caller_vars = caller;
        frame.level = level;
    }
    true
}

/// The compiled body of a method, if what it assumes holds in the object's namespace.
#[inline]
fn ready(machine: &mut Machine, procedure: &Proc, namespace: NamespaceId) -> Option<Rc<Unit>> {
    let unit = procedure.unit.borrow();
    let unit = unit.as_ref()?;
    machine.namespaces.get(namespace)?;
    machine.unit_holds(unit, namespace).then(|| Rc::clone(unit))
}

/// The command that `my` means in a method, as long as nobody has renamed it.
#[inline]
pub(super) fn own_my(machine: &Machine, name: &Value) -> Option<CommandId> {
    let frame = machine.frame();
    let call = frame.method.as_ref()?;
    if !name.is_identical(&Value::from("my")) {
        return None;
    }
    let object = machine.oo.objects.get(call.object)?;
    let command = machine.commands.get(object.my)?;
    let is_there = frame.namespace == object.namespace
        && command.namespace == object.namespace
        && command.traces.is_none()
        && matches!(command.kind, CommandKind::Object(_, Form::My))
        && command.name.is_identical(name);
    is_there.then_some(object.my)
}

impl Machine {
    /// Leaves the method on top with `value`, if nothing is owed on the way out: back in the caller's code.
    #[inline]
    pub(super) fn leave_method(&mut self, value: Value) -> Result<Flow, Value> {
        let is_dying = !self.dying_namespaces.is_empty() || !self.dying_interps.is_empty();
        if is_dying || !self.endings.is_empty() {
            return Err(value);
        }
        let context = self.context_mut();
        let count = context.frames.len();
        let Some([.., below, top]) = context.frames.get_mut(..count) else { return Err(value) };
        let is_plain = top.kind == FrameKind::Procedure
            && top.extra.is_none()
            && top.method.is_some()
            && top.levels == 1;
        if !is_plain || below.unit.is_none() || below.then.is_some() || below.interp != top.interp {
            return Err(value);
        }
        if needs_care(&value) {
            return Err(value);
        }
        let (result_at, words, floor) = (top.result_at as usize, top.words as usize, top.floor);
        let slot = context.registers.get_mut(result_at).and_then(frame::room);
        let Some(slot) = slot else { return Err(value) };
        slot.overwrite_simple(value);
        top.unit = None;
        top.method = None;
        // The words of the call come before the registers of the method, perhaps with others between. The result may
        // stand in the place of the first word.
        let (base, end) = (top.base as usize, context.top as usize);
        let (first, words_end) = (words + usize::from(words == result_at), words + top.word_count as usize);
        if words_end == base {
            frame::let_go_of(&mut context.registers[first..end]);
        } else {
            frame::let_go_of(&mut context.registers[first.min(words_end)..words_end]);
            frame::let_go_of(&mut context.registers[base..end]);
        }
        context.top = floor;
        context.frames.lower();
        self.depth -= 1;
        Ok(Flow::Go)
    }
}
