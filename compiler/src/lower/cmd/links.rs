//! `global`, `variable`, `upvar`, `unset`, `append` and `info exists`.

use super::super::vars::{Target, is_qualified, split_element};
use super::super::words::WINDOW_MAX;
use super::super::{Dest, Lower};
use super::lists::settled_target;
use crate::bytecode::{Context, Def, NO_REG, Op, OptionalUse, Place, Small, Use, UseDef};
use crate::syntax::command::{Command, Word};

/// The named register of a simple literal name, where links are made in
/// registers.
fn link_place(lower: &mut Lower<'_>, name: &[u8]) -> Option<Place> {
    if lower.context != Context::Procedure || is_qualified(name) || split_element(name).1.is_some() {
        return None;
    }
    lower.builder.local(name).map(Place::local)
}

pub(super) fn lower_global(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    if command.words.len() < 2 {
        return None;
    }
    for word in &command.words[1..] {
        let local = link_place(lower, word.literal()?)?;
        let name = lower.builder.temporary();
        lower.word(word, name);
        lower.emit(Op::LinkGlobal { local, name: Use(name) });
        lower.builder.release(lower.builder.temporaries() - 1);
    }
    lower.empty(dest);
    Some(())
}

/// What a variable of another namespace is called where it is linked.
fn tail(name: &[u8]) -> &[u8] {
    let separator = memchr::memmem::rfind(name, b"::");
    separator.map_or(name, |at| &name[at + 2..])
}

pub(super) fn lower_variable(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    if command.words.len() < 2 {
        return None;
    }
    for pair in command.words[1..].chunks(2) {
        let local = link_place(lower, tail(pair[0].literal()?))?;
        let name = lower.builder.temporary();
        lower.word(&pair[0], name);
        lower.emit(Op::LinkVariable { local, name: Use(name) });
        if let [_, value] = pair {
            lower.word(value, name);
            lower.emit(Op::Move { dst: Def(local.0), src: Use(name) });
        }
        lower.builder.release(lower.builder.temporaries() - 1);
    }
    lower.empty(dest);
    Some(())
}

/// Whether a text is a level as `upvar` reads it: digits, or `#` and digits.
fn is_level(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"#").unwrap_or(text);
    !digits.is_empty() && digits.len() < 10 && digits.iter().all(u8::is_ascii_digit)
}

pub(super) fn lower_upvar(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let args = &command.words[1..];
    let (level, pairs): (&[u8], &[Word]) = match args {
        [level, pairs @ ..] if !pairs.is_empty() && pairs.len() % 2 == 0 => (level.literal()?, pairs),
        pairs if pairs.len() == 2 => (b"1", pairs),
        _ => return None,
    };
    if !is_level(level) {
        return None;
    }
    for pair in pairs.chunks(2) {
        let local = link_place(lower, pair[1].literal()?)?;
        let temporaries = lower.builder.temporaries();
        let from = lower.builder.temporary();
        lower.load_text(level, from);
        let [name] = lower.operands([&pair[0]]);
        lower.emit(Op::LinkUpvar { local, level: Use(from), name: Use(name) });
        lower.builder.release(temporaries);
    }
    lower.empty(dest);
    Some(())
}

pub(super) fn lower_unset(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let mut names = &command.words[1..];
    let mut complain = 1;
    if let [option, rest @ ..] = names
        && option.literal() == Some(b"-nocomplain")
    {
        (complain, names) = (0, rest);
    }
    if let [option, rest @ ..] = names
        && option.literal() == Some(b"--")
    {
        names = rest;
    }
    if names.first().is_some_and(|name| name.literal().is_some_and(|text| text.starts_with(b"-"))) {
        return None;
    }
    for name in names {
        let temporaries = lower.builder.temporaries();
        let Target::Place { place, key } = lower.word_target(name, true)? else { return None };
        lower.emit(Op::Unset { complain: Small(complain), place, key: OptionalUse(key) });
        lower.builder.release(temporaries);
    }
    lower.empty(dest);
    Some(())
}

pub(super) fn lower_append(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [_, name, values @ ..] = command.words.as_slice() else { return None };
    if values.is_empty() || values.len() > WINDOW_MAX {
        return None;
    }
    let direct = values.iter().all(|value| value.literal().is_some());
    let Target::Place { place, key } = lower.word_target(name, direct)? else { return None };
    let first = lower.word_window(values);
    let last = values.len() - 1;
    for index in 0..values.len() {
        let want = Small(u8::from(index == last && dest != Dest::Discard));
        let srcdst = UseDef(first + index as u16);
        lower.emit(Op::Append { want, place, key: OptionalUse(key), srcdst });
    }
    lower.deliver(first + last as u16, dest);
    Some(())
}

pub(super) fn lower_info_exists(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [name] = args else { return None };
    let (place, key) = match lower.word_target(name, true)? {
        Target::Place { place, key } => (place, key),
        Target::Named { .. } => return None,
    };
    let dst = Def(lower.destination(dest));
    lower.emit(Op::Exists { dst, place, key: OptionalUse(key) });
    Some(())
}

/// A variable of a `catch` that is known before the script runs.
pub(super) fn caught_variable(lower: &mut Lower<'_>, name: &Word) -> Option<Target> {
    match settled_target(lower, name)? {
        target @ Target::Place { key: NO_REG, .. } => Some(target),
        _ => None,
    }
}
