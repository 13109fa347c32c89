//! `list`, `llength`, `lindex`, `lrange`, `lappend`, `lassign`, `lset`.

use super::super::vars::Target;
use super::super::words::WINDOW_MAX;
use super::super::{Dest, Lower};
use crate::bytecode::{Def, Immediate, Immediate32, NO_REG, Op, OptionalUse, Small, Use, UseDef, Window};
use crate::syntax::command::{Command, Word};
use crate::syntax::number::canonical_int;

pub(super) fn lower_list(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    match &command.words[1..] {
        [] => lower.empty(dest),
        words => {
            let list = lower.builder.temporary();
            let wanted = dest.register().unwrap_or(list);
            let simple = words.len() <= WINDOW_MAX && !words.iter().any(|word| word.expand);
            let built = if simple { wanted } else { list };
            if words.len() > 1 && words[0].expand {
                spread_first(lower, words, built);
            } else {
                lower.word_list(words, built);
            }
            if built != wanted {
                lower.emit(Op::Move { dst: Def(wanted), src: Use(built) });
            }
        }
    }
    Some(())
}

/// Makes a list of words of which the first one is spread: it is looked at when the next words are there.
fn spread_first(lower: &mut Lower<'_>, words: &[Word], list: u16) {
    let (run, rest) = words[1..].split_at(words[1..].iter().take_while(|word| !word.expand).count());
    if run.len() >= WINDOW_MAX {
        return lower.word_list(words, list);
    }
    let temporaries = lower.builder.temporaries();
    let first = lower.builder.window(run.len() + 2);
    let (head, next) = (first, first + run.len() as u16 + 1);
    lower.word(&Word { expand: false, ..words[0].clone() }, head);
    for (index, word) in run.iter().enumerate() {
        lower.word(word, head + 1 + index as u16);
    }
    let mut rest = rest.iter();
    let spread = if run.is_empty() { rest.next() } else { None };
    if let Some(word) = spread {
        lower.word(&Word { expand: false, ..word.clone() }, next);
        lower.emit(Op::CheckList { list: UseDef(next) });
    }
    lower.emit(Op::List { dst: Def(list), first: Window(first), count: Immediate(0) });
    lower.emit(Op::ListSplice { acc: UseDef(list), src: Use(head) });
    for index in 0..run.len() as u16 {
        lower.emit(Op::ListPush { acc: UseDef(list), src: Use(head + 1 + index) });
    }
    if spread.is_some() {
        lower.emit(Op::ListSplice { acc: UseDef(list), src: Use(next) });
    }
    for word in rest {
        lower.word(&Word { expand: false, ..word.clone() }, head);
        let (acc, src) = (UseDef(list), Use(head));
        lower.emit(if word.expand { Op::ListSplice { acc, src } } else { Op::ListPush { acc, src } });
    }
    lower.builder.release(temporaries);
}

pub(super) fn lower_llength(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [_, list] = command.words.as_slice() else { return None };
    let [src] = lower.operands([list]);
    let dst = Def(lower.destination(dest));
    lower.emit(Op::Llength { dst, src: Use(src) });
    Some(())
}

pub(super) fn lower_lindex(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    match command.words.as_slice() {
        [_, list, index] => {
            let number = index.literal().and_then(canonical_int).and_then(|n| i16::try_from(n).ok());
            if let Some(number) = number.filter(|n| *n >= 0) {
                let [src] = lower.operands([list]);
                let dst = Def(lower.destination(dest));
                lower.emit(Op::LindexImm { dst, src: Use(src), index: Immediate(number) });
                return Some(());
            }
            let [src, at] = lower.operands([list, index]);
            let dst = Def(lower.destination(dest));
            lower.emit(Op::Lindex { dst, src: Use(src), index: Use(at) });
            lower.drop_copies(&[list], &[src], dst);
        }
        [_, list, indexes @ ..] if indexes.len() > 1 && indexes.len() <= WINDOW_MAX => {
            let src = lower.operand_before(list, indexes);
            let first = lower.word_window(indexes);
            let dst = Def(lower.destination(dest));
            let count = Small(indexes.len() as u8);
            lower.emit(Op::LindexMany { count, dst, src: Use(src), first: Window(first) });
            lower.drop_copies(&[list], &[src], dst);
        }
        _ => return None,
    }
    Some(())
}

pub(super) fn lower_lrange(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [_, list, range @ ..] = command.words.as_slice() else { return None };
    if range.len() != 2 {
        return None;
    }
    let src = lower.operand_before(list, range);
    let first = lower.word_window(range);
    let dst = Def(lower.destination(dest));
    lower.emit(Op::Lrange { dst, src: Use(src), first: Window(first) });
    lower.drop_copies(&[list], &[src], dst);
    Some(())
}

pub(super) fn lower_lappend(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [_, name, values @ ..] = command.words.as_slice() else { return None };
    let value = match values {
        [] => return None,
        [value] if !value.expand => Some(value),
        _ => None,
    };
    let direct = value.is_some_and(|value| lower.is_undisturbing(value));
    let Target::Place { place, key } = lower.word_target(name, direct)? else { return None };
    let key = OptionalUse(key);
    let change = lower.builder.temporary();
    let srcdst = UseDef(change);
    let want = Small(u8::from(dest != Dest::Discard));
    match value {
        Some(value) => {
            lower.word(value, change);
            lower.emit(Op::Lappend { want, place, key, srcdst });
        }
        None => {
            lower.word_list(values, change);
            lower.emit(Op::LappendList { want, place, key, srcdst });
        }
    }
    lower.deliver(change, dest);
    Some(())
}

pub(super) fn lower_lassign(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [_, list, names @ ..] = command.words.as_slice() else { return None };
    let count = Immediate(i16::try_from(names.len()).ok()?);
    if names.is_empty() {
        return None;
    }
    let source = lower.builder.temporary();
    lower.word(list, source);
    let value = lower.builder.temporary();
    for (index, name) in names.iter().enumerate() {
        // What is in a name is read when its turn comes.
        let target = lower.word_target(name, false)?;
        if index == 0 {
            lower.emit(Op::CheckList { list: UseDef(source) });
        }
        let at = Immediate(index as i16);
        let dst = target.local().unwrap_or(value);
        lower.emit(Op::ListElement { dst: Def(dst), src: Use(source), at });
        if target.local().is_none() {
            lower.store_target(target, value);
        }
    }
    if let Dest::Register(dst) = dest {
        lower.emit(Op::ListRest { dst: Def(dst), src: Use(source), at: count });
    }
    // The copy would make the next change of the list in place a copy.
    lower.emit(Op::LoadInt { dst: Def(source), value: Immediate32(0) });
    Some(())
}

/// A variable with a literal name: not one that is named at run time.
pub(super) fn settled_target(lower: &mut Lower<'_>, name: &Word) -> Option<Target> {
    match lower.word_target(name, false)? {
        Target::Named { .. } => None,
        target => Some(target),
    }
}

/// The scalar variable with the literal name `name`.
pub(super) fn scalar(lower: &mut Lower<'_>, name: &Word) -> Option<crate::bytecode::Place> {
    match lower.literal_target(name.literal()?) {
        Target::Place { place, key: NO_REG } => Some(place),
        _ => None,
    }
}

pub(super) fn lower_lset(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [_, name, indexes @ .., value] = command.words.as_slice() else { return None };
    if indexes.is_empty() || indexes.len() >= WINDOW_MAX {
        return None;
    }
    let place = scalar(lower, name)?;
    if let ([index], Dest::Discard) = (indexes, dest) {
        let [index, value] = lower.operands([index, value]);
        lower.emit(Op::LsetAt { place, index: Use(index), value: Use(value) });
        return Some(());
    }
    let first = lower.word_window(&command.words[2..]);
    let want = Small(u8::from(dest != Dest::Discard));
    lower.emit(Op::Lset { want, place, first: Window(first), count: Immediate(indexes.len() as i16) });
    lower.deliver(first, dest);
    Some(())
}
