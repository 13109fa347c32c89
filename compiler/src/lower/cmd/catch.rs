//! `catch`.

use super::super::build::LabelledKind;
use super::super::script::origin;
use super::super::vars::{is_qualified, split_element};
use super::super::{Dest, Lower, Scope};
use super::attempt::PLAIN_OPTIONS;
use super::links::caught_variable;
use crate::bytecode::{Body, Def, Immediate32, Op};
use crate::syntax::command::{Command, Word};

/// Whether the reference compiles a `catch` of these words: with variables it does so in procedures, if their names
/// are plain.
pub(in crate::lower) fn is_compiled_catch(lower: &mut Lower<'_>, words: &[Word]) -> bool {
    let names = words.get(2..).unwrap_or_default();
    let is_plain = |word: &Word| {
        word.literal().is_some_and(|name| !is_qualified(name) && split_element(name).1.is_none())
    };
    names.len() <= 2 && (names.is_empty() || lower.in_procedure() && names.iter().all(is_plain))
}

/// Whether a `catch` of these words is lowered in line.
pub(in crate::lower) fn is_lowered_catch(lower: &mut Lower<'_>, words: &[Word]) -> bool {
    let mut is_lowered = false;
    let _taken_back: Option<()> = lower.attempt(|lower| {
        let names = words.get(2..).unwrap_or_default();
        is_lowered = names.len() <= 2 && names.iter().all(|name| caught_variable(lower, name).is_some());
        None
    });
    is_lowered
}

pub(super) fn lower_catch(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let (script, names) = match command.words.as_slice() {
        [_, script, names @ ..] if names.len() <= 2 => (script, names),
        _ => return None,
    };
    origin(script)?;
    let targets = names.iter().map(|name| caught_variable(lower, name)).collect::<Option<Vec<_>>>()?;
    let wants_options = targets.len() == 2;
    let counts_apart = !is_compiled_catch(lower, &command.words);
    let base = lower.builder.window(3);
    let after = lower.builder.label();
    let start = lower.builder.here();
    lower.scopes.push(Scope::Catch);
    let result = if targets.is_empty() { Dest::Discard } else { Dest::Register(base + 1) };
    lower.body(script, result)?;
    lower.scopes.pop();
    if counts_apart {
        let (end, command) = (lower.builder.here(), lower.command as u32);
        let line = lower.line(lower.span(origin(script)?));
        lower.builder.bodies.push(Body { start, end, command, line, note: Vec::new() });
    }
    lower.builder.handle(start, LabelledKind::Catch { target: after, base, wants_options });
    lower.emit(Op::LoadInt { dst: Def(base), value: Immediate32(0) });
    if wants_options {
        lower.load_text(PLAIN_OPTIONS, base + 2);
    }
    lower.builder.bind(after);
    // The reference stores the options first.
    for (index, target) in targets.iter().enumerate().rev() {
        lower.store_target(*target, base + 1 + index as u16);
    }
    lower.deliver(base, dest);
    Some(())
}
