//! `dict update` and `dict with` in line: entries of a dictionary in variables, and back.
//!
//! The short ways answer whether they have performed the operation, as those in [`super::inplace`] do. The long ways are
//! those of the commands, in [`crate::cmd::dict_scopes`].

use smallvec::SmallVec;
use tclring_compiler::bytecode::{Context, Op, Place, Window as FirstReg};

use super::frame::{self, Window};
use super::listops;
use super::unit::Unit;
use crate::cmd::dict_scopes;
use crate::interp::Machine;
use crate::interp::command::Outcome;
use crate::value::{DictObj, Tag, Value, View};

/// Performs an operation of `dict update` or `dict with`, if nothing about its variables is odd.
pub(super) fn quick(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> bool {
    match *op {
        Op::CheckDict { dict } => w.get(dict.0).tag() == Tag::Dict,
        Op::DictBind { .. } => bind(machine, unit, w, op).is_some(),
        Op::DictExpand { .. } => expand(machine, unit, w, op).is_some(),
        Op::DictHeld { dst, place } => match plain_variable(machine, unit, w, place) {
            Some(value) if value.tag() == Tag::Dict => {
                w.get_mut(dst.0).overwrite_int(1);
                true
            }
            _ => false,
        },
        Op::LoadIfSet { dst, place } => match plain_variable(machine, unit, w, place) {
            Some(value) => {
                *w.get_mut(dst.0) = value.clone();
                true
            }
            None => false,
        },
        Op::DictMerge { .. } => merge(machine, unit, w, op).is_some(),
        Op::DictCollect { .. } => collect(machine, unit, w, op).is_some(),
        _ => false,
    }
}

/// What a scalar variable holds, nothing perhaps.
fn plain_variable<'a>(machine: &mut Machine, unit: &Unit, w: Window, place: Place) -> Option<&'a mut Value> {
    let slot = frame::holder(machine, unit, w, place)?;
    // A variable elsewhere that has no value may be known for something else, an element may have a default.
    let is_local = place.as_local().is_some_and(|local| w.get(local).tag() != Tag::Link);
    let is_plain = slot.tag() != Tag::Array && (is_local || !slot.is_unset());
    is_plain.then_some(slot)
}

fn bind(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> Option<()> {
    let Op::DictBind { place, src, key } = *op else { return None };
    let View::Dict(dict) = w.get(src.0).view() else { return None };
    let value = dict.map().get(w.get(key.0)).cloned();
    let slot = match value {
        // What has no value gets one.
        Some(_) => frame::holder(machine, unit, w, place).filter(|slot| slot.tag() != Tag::Array)?,
        None => {
            place.as_local().filter(|local| w.get(*local).tag() != Tag::Link)?;
            plain_variable(machine, unit, w, place)?
        }
    };
    *slot = value.unwrap_or(Value::UNSET);
    Some(())
}

/// The scalar variable of the running procedure that a key names.
fn named<'a>(machine: &mut Machine, unit: &Unit, w: Window, name: &Value) -> Option<&'a mut Value> {
    if unit.code().context != Context::Procedure {
        return None;
    }
    let slot = match unit.register_of(name) {
        Some(register) => {
            let slot = w.get_mut(register);
            if slot.tag() == Tag::Link { frame::behind(slot)? } else { slot }
        }
        None => {
            let frame = machine.frame();
            // A method's variables may be its object's.
            let extra = frame.extra.as_ref().filter(|_| frame.method.is_none())?;
            frame::behind(extra.variables.get(name)?)?
        }
    };
    (slot.tag() != Tag::Array).then_some(slot)
}

fn expand(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> Option<()> {
    let Op::DictExpand { count, dst, src, first } = *op else { return None };
    let mut inner = frame::plain(w.get(src.0))?;
    for number in 0..u16::from(count.0) {
        let View::Dict(outer) = inner.view() else { return None };
        inner = outer.map().get(w.get(first.0 + number))?;
    }
    // A variable may be the one that holds the dictionary.
    let dict = inner.clone();
    let View::Dict(object) = dict.view() else { return None };
    for (key, value) in object.map().iter() {
        *named(machine, unit, w, key)? = value.clone();
    }
    *w.get_mut(dst.0) = dict;
    Some(())
}

fn merge(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> Option<()> {
    let Op::DictMerge { place, first, count } = *op else { return None };
    let slot = plain_variable(machine, unit, w, place)?;
    let map = slot.dict_mut().map(DictObj::map_mut)?;
    for number in 0..count.0 as u16 {
        let key = w.get(first.0 + 2 * number);
        let value = w.get_mut(first.0 + 2 * number + 1).take();
        if value.is_unset() {
            map.remove(key);
        } else {
            map.insert(key, value);
        }
    }
    Some(())
}

fn collect(machine: &mut Machine, unit: &Unit, w: Window, op: &Op) -> Option<()> {
    let Op::DictCollect { count, place, src, first } = *op else { return None };
    let mut values: SmallVec<[Value; 8]> = SmallVec::new();
    let View::Dict(known) = w.get(src.0).view() else { return None };
    for key in known.map().keys() {
        // One without a value takes its entry away.
        values.push(named(machine, unit, w, key).filter(|value| !value.is_unset())?.clone());
    }
    let mut inner = plain_variable(machine, unit, w, place)?;
    for number in 0..u16::from(count.0) {
        inner = inner.dict_mut()?.map_mut().get_mut(w.get(first.0 + number))?;
    }
    if !inner.is_identical(w.get(src.0)) {
        return None;
    }
    // The keys are the dictionary itself: with them let go it is the variable's alone, or the long way has them.
    drop(w.get_mut(src.0).take());
    let Some(dict) = inner.dict_mut() else {
        *w.get_mut(src.0) = inner.clone();
        return None;
    };
    dict.map_mut().values_mut().zip(values).for_each(|(entry, value)| *entry = value);
    Some(())
}

impl Machine {
    /// The name of the variable of a place.
    fn name_of(unit: &Unit, place: Place) -> Value {
        let name = match (place.as_local(), place.as_site()) {
            (Some(register), _) => unit.local_names.get(usize::from(register)),
            (None, site) => site.and_then(|site| unit.variable_names.get(usize::from(site))),
        };
        name.cloned().unwrap_or_default()
    }

    /// The words in the window of `count` temporaries from `first` on, copied.
    fn words_at(&self, base: usize, first: FirstReg, count: usize) -> Vec<Value> {
        let start = base + usize::from(first.0);
        self.context().registers[start..start + count].to_vec()
    }

    /// The long way of the operations of `dict update` and `dict with`.
    pub(super) fn perform_scope(&mut self, unit: &Unit, base: usize, op: Op) -> Outcome {
        let register =
            |machine: &Machine, at: u16| machine.context().registers[base + usize::from(at)].clone();
        match op {
            Op::CheckDict { dict } => {
                listops::as_dict(&register(self, dict.0)).map(crate::interp::Step::Done)
            }
            Op::DictBind { place, src, key } => {
                let value =
                    listops::dict_of(&register(self, src.0))?.map().get(&register(self, key.0)).cloned();
                dict_scopes::assign(self, vec![(Machine::name_of(unit, place), value)].into_iter())
            }
            Op::DictHeld { place, .. } => dict_scopes::held(self, &Machine::name_of(unit, place), None),
            Op::LoadIfSet { place, .. } => dict_scopes::read_if_set(self, Machine::name_of(unit, place)),
            Op::DictMerge { place, first, count } => {
                let words = self.words_at(base, first, 2 * count.0 as usize);
                let set = |value: &Value| (!value.is_unset()).then(|| value.clone());
                let entries = words.chunks_exact(2).map(|pair| (pair[0].clone(), set(&pair[1]))).collect();
                dict_scopes::put_back(self, Machine::name_of(unit, place), Vec::new(), entries, false)
            }
            Op::DictCollect { count, place, src, first } => {
                let path = self.words_at(base, first, usize::from(count.0));
                let keys = self.context_mut().registers[base + usize::from(src.0)].take();
                let dict = listops::dict_of(&keys)?;
                let keys = dict.map().keys();
                let entries = keys.map(|key| (key.clone(), key.clone())).collect();
                dict_scopes::collect(self, Machine::name_of(unit, place), path, entries, false)
            }
            _ => unreachable!("the loop names the operations of scopes"),
        }
    }

    /// The long way of [`Op::DictExpand`] with the dictionary `value`.
    pub(super) fn expand_dict(&mut self, base: usize, value: Value, first: FirstReg, count: u8) -> Outcome {
        let path = self.words_at(base, first, usize::from(count));
        dict_scopes::expand(self, value, &path)
    }
}
