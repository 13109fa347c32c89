//! `dict update` and `dict with`.
//!
//! Only where the reference compiles them: in procedures, elsewhere errorInfo has a line for the body. The outcome of
//! the body (code, result, options) is in three temporaries until the entries are back in the dictionary.

use super::super::script::origin;
use super::super::vars::Target;
use super::super::words::WINDOW_MAX;
use super::super::{Dest, Lower};
use super::attempt::guarded;
use crate::bytecode::{Def, Immediate, Immediate32, Near, Op, Place, Small, Use, UseDef, Window};
use crate::syntax::command::Word;

/// The place of a local variable that a word names.
fn local_place(lower: &mut Lower<'_>, word: &Word) -> Option<Place> {
    let name = word.literal()?;
    if !lower.has_registers(&[name]) {
        return None;
    }
    lower.place(name)
}

pub(super) fn lower_update(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [name, pairs @ .., body] = args else { return None };
    let count = pairs.len() / 2;
    if pairs.is_empty() || pairs.len() % 2 != 0 || pairs.len() > WINDOW_MAX {
        return None;
    }
    origin(body)?;
    let place = local_place(lower, name)?;
    let names = pairs.iter().skip(1).step_by(2);
    let variables = names.map(|name| local_place(lower, name)).collect::<Option<Vec<_>>>()?;
    let dict = lower.builder.temporary();
    let entries = lower.builder.window(pairs.len());
    let keys = (entries..).step_by(2);
    for (key, register) in pairs.iter().step_by(2).zip(keys.clone()) {
        lower.word(key, register);
    }
    read(lower, place, dict);
    lower.emit(Op::CheckDict { dict: UseDef(dict) });
    for (place, key) in variables.iter().zip(keys.clone()) {
        lower.emit(Op::DictBind { place: *place, src: Use(dict), key: Use(key) });
    }
    // The dictionary would be copied when it changes.
    lower.emit(Op::LoadInt { dst: Def(dict), value: Immediate32(0) });
    around(lower, (place, dict), body, dest, |lower| {
        for (place, key) in variables.iter().zip(keys) {
            lower.emit(Op::LoadIfSet { dst: Def(key + 1), place: *place });
        }
        lower.emit(Op::DictMerge { place, first: Window(entries), count: Immediate(count as i16) });
    })
}

pub(super) fn lower_with(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [name, path @ .., body] = args else { return None };
    if path.len() > WINDOW_MAX {
        return None;
    }
    origin(body)?;
    let place = local_place(lower, name)?;
    let flag = lower.builder.temporary();
    let dict = lower.builder.temporary();
    let first = lower.builder.window(path.len().max(1));
    for (index, key) in path.iter().enumerate() {
        lower.word(key, first + index as u16);
    }
    let src = match place.as_local() {
        Some(local) => local,
        None => {
            read(lower, place, dict);
            dict
        }
    };
    let (count, first) = (Small(path.len() as u8), Window(first));
    lower.emit(Op::DictExpand { count, dst: Def(dict), src: Use(src), first });
    around(lower, (place, flag), body, dest, |lower| {
        lower.emit(Op::DictCollect { count, place, src: UseDef(dict), first });
    })
}

/// The variable of a place into a temporary.
fn read(lower: &mut Lower<'_>, place: Place, dst: u16) {
    lower.load_target(Target::Place { place, key: crate::bytecode::NO_REG }, dst);
}

/// The body, and what puts the entries back into the dictionary in `place`, if that still is one. `flag` is a
/// temporary.
fn around(
    lower: &mut Lower<'_>,
    (place, flag): (Place, u16),
    body: &Word,
    dest: Dest,
    put_back: impl FnOnce(&mut Lower<'_>),
) -> Option<()> {
    let base = lower.builder.window(3);
    let (gone, ended) = (lower.builder.label(), lower.builder.label());
    guarded(lower, base, |lower| lower.body(body, Dest::Register(base + 1)))?;
    lower.emit(Op::DictHeld { dst: Def(flag), place });
    lower.builder.emit_to(Op::JumpEqImm { lhs: Use(flag), rhs: Immediate(0), near: Near(0) }, gone);
    put_back(lower);
    lower.builder.bind(gone);
    lower.builder.emit_to(Op::JumpEqImm { lhs: Use(base), rhs: Immediate(0), near: Near(0) }, ended);
    lower.emit(Op::Rethrow { base: Window(base) });
    lower.builder.bind(ended);
    lower.deliver(base + 1, dest);
    Some(())
}
