//! Subcommands of `dict` that have operations, `dict for` and `dict map`.

use super::super::words::WINDOW_MAX;
use super::super::{Dest, Lower};
use super::lists::scalar;
use crate::bytecode::{Context, Def, Immediate, Immediate32, Near, Op, Place, Small, Use, UseDef, Window};
use crate::syntax::command::Word;
use crate::syntax::list;
use crate::syntax::number::{Number, canonical_int, parse_number};

pub(super) fn lower_get(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    look_up(lower, args, dest, |count, dst, src, first| Op::DictGet { count, dst, src, first })
}

pub(super) fn lower_exists(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    look_up(lower, args, dest, |count, dst, src, first| Op::DictExists { count, dst, src, first })
}

fn look_up(
    lower: &mut Lower<'_>,
    args: &[Word],
    dest: Dest,
    op: fn(Small, Def, Use, Window) -> Op,
) -> Option<()> {
    let [dict, keys @ ..] = args else { return None };
    if keys.is_empty() || keys.len() > WINDOW_MAX {
        return None;
    }
    let src = lower.operand_before(dict, keys);
    let first = lower.word_window(keys);
    let dst = Def(lower.destination(dest));
    lower.emit(op(Small(keys.len() as u8), dst, Use(src), Window(first)));
    lower.drop_copies(&[dict], &[src], dst);
    Some(())
}

pub(super) fn lower_set(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [name, words @ ..] = args else { return None };
    if words.len() < 2 || words.len() > WINDOW_MAX {
        return None;
    }
    let count = Immediate(words.len() as i16 - 1);
    change(lower, name, words, dest, |want, place, first| Op::DictSet { want, place, first, count })
}

pub(super) fn lower_unset(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [name, words @ ..] = args else { return None };
    if words.is_empty() || words.len() > WINDOW_MAX {
        return None;
    }
    let count = Immediate(words.len() as i16);
    change(lower, name, words, dest, |want, place, first| Op::DictUnset { want, place, first, count })
}

pub(super) fn lower_append(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [name, words @ ..] = args else { return None };
    if words.len() != 2 {
        return None;
    }
    change(lower, name, words, dest, |want, place, first| Op::DictAppend { want, place, first })
}

pub(super) fn lower_lappend(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [name, words @ ..] = args else { return None };
    if words.len() != 2 {
        return None;
    }
    change(lower, name, words, dest, |want, place, first| Op::DictLappend { want, place, first })
}

fn change(
    lower: &mut Lower<'_>,
    name: &Word,
    words: &[Word],
    dest: Dest,
    op: impl FnOnce(Small, Place, Window) -> Op,
) -> Option<()> {
    let place = scalar(lower, name)?;
    let first = lower.word_window(words);
    let want = Small(u8::from(dest != Dest::Discard));
    lower.emit(op(want, place, Window(first)));
    lower.deliver(first, dest);
    Some(())
}

pub(super) fn lower_incr(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let (name, key, by) = match args {
        [name, key] => (name, key, None),
        [name, key, by] => (name, key, Some(by)),
        _ => return None,
    };
    let number = by.and_then(Word::literal).and_then(|text| match parse_number(text, lower.mode) {
        Some(Number::Int(n)) => Some(n),
        _ => None,
    });
    if by.is_some_and(|by| by.literal().is_some()) {
        number?;
    }
    if by.and_then(Word::literal).is_some_and(|text| canonical_int(text).is_none())
        && !name.literal().is_some_and(|name| lower.has_registers(&[name]))
    {
        return None;
    }
    let place = scalar(lower, name)?;
    let first = lower.builder.window(2);
    lower.word(key, first);
    // The reference adds a literal as the number that it is.
    match (by, number) {
        (Some(_), Some(number)) if lower.context == Context::Procedure => {
            lower.load_integer(number, first + 1)
        }
        (Some(by), _) => lower.word(by, first + 1),
        (None, _) => lower.load_integer(1, first + 1),
    }
    let want = Small(u8::from(dest != Dest::Discard));
    lower.emit(Op::DictIncr { want, place, first: Window(first) });
    lower.deliver(first, dest);
    Some(())
}

pub(super) fn lower_for(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    rounds(lower, args, b"\"dict for\" body", None)?;
    lower.empty(dest);
    Some(())
}

pub(super) fn lower_map(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    // As a command it comes to something else after a `break`, and the reference does not always compile it.
    let names = list::split(args.first()?.literal()?).ok()?;
    if !lower.has_registers(&names) {
        return None;
    }
    let entries = lower.builder.temporary();
    let entry = [lower.builder.temporary(), lower.builder.temporary()];
    lower.emit(Op::List { dst: Def(entries), first: Window(entry[0]), count: Immediate(0) });
    rounds(lower, args, b"\"dict map\" body", Some((entries, entry)))?;
    let Dest::Register(dst) = dest else { return Some(()) };
    // What is left of entries with the same key is for the dictionary to say.
    let site = lower.builder.call_site(Some(b"::tcl::dict::merge"), 3, false, true)?;
    let first = lower.builder.window(3);
    lower.load_text(b"", first + 1);
    lower.emit(Op::Move { dst: Def(first + 2), src: Use(entries) });
    lower.emit(Op::Call { dst: Def(dst), first: Window(first), site });
    Some(())
}

/// Runs a body for each entry of a dictionary. `mapped`: where the key and the body's value go of each, and to what
/// list.
fn rounds(lower: &mut Lower<'_>, args: &[Word], note: &[u8], mapped: Option<(u16, [u16; 2])>) -> Option<()> {
    let [names, dict, body] = args else { return None };
    let names = list::split(names.literal()?).ok()?;
    let [key, value] = names.as_slice() else { return None };
    let targets = [lower.plain_target(key)?, lower.plain_target(value)?];
    let (top, end) = (lower.builder.label(), lower.builder.label());
    let base = lower.builder.window(3);
    let [src] = lower.operands([dict]);
    lower.emit(Op::DictStart { base: Window(base), src: Use(src) });
    lower.drop_copies(&[dict], &[src], Def(base));
    lower.builder.bind(top);
    lower.builder.emit_to(Op::DictNext { base: Window(base), near: Near(0) }, end);
    for (index, target) in targets.into_iter().enumerate() {
        lower.store_target(target, base + 1 + index as u16);
    }
    let note = (!lower.has_registers(&names)).then_some(note);
    let dest = mapped.map_or(Dest::Discard, |(_, [_, value])| Dest::Register(value));
    lower.noted_round(body, dest, end, top, note)?;
    if let Some((entries, entry)) = mapped {
        // The key is what the body leaves in its variable.
        let target = lower.plain_target(key)?;
        lower.load_target(target, entry[0]);
        for src in entry.map(Use) {
            lower.emit(Op::ListPush { acc: UseDef(entries), src });
        }
    }
    lower.builder.jump(top);
    lower.builder.bind(end);
    // The iteration would make the next change of the dict in place a copy.
    lower.emit(Op::LoadInt { dst: Def(base), value: Immediate32(0) });
    Some(())
}
