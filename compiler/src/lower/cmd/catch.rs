//! `catch`.

use super::super::build::LabelledKind;
use super::super::script::origin;
use super::super::vars::{is_qualified, split_element};
use super::super::{Dest, Lower, Scope};
use super::links::caught_variable;
use crate::bytecode::{Def, Immediate32, Op, Use};
use crate::syntax::command::{Command, Word};

/// Whether a word names a variable without a namespace or an element.
pub(in crate::lower) fn is_plain_name(word: &Word) -> bool {
    word.literal().is_some_and(|name| !is_qualified(name) && split_element(name).1.is_none())
}

/// Whether the reference compiles a `catch` with these arguments: with variables it does so in procedures, if their names
/// are plain.
pub(in crate::lower) fn is_compiled_catch(lower: &mut Lower<'_>, args: &[Word]) -> bool {
    let names = args.get(1..).unwrap_or_default();
    let knows_locals = lower.in_procedure() || lower.options.knows_locals;
    names.len() <= 2 && (names.is_empty() || knows_locals && names.iter().all(is_plain_name))
}

pub(super) fn lower_catch(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let (script, names) = match command.words.as_slice() {
        [_, script, names @ ..] if names.len() <= 2 => (script, names),
        _ => return None,
    };
    if !is_compiled_catch(lower, &command.words[1..]) {
        // The command evaluates its body by itself, which errors and levels show.
        return None;
    }
    let targets = names.iter().map(|name| caught_variable(lower, name)).collect::<Option<Vec<_>>>()?;
    let wants_options = targets.len() == 2;
    let base = lower.builder.window(3);
    let after = lower.builder.label();
    let mut start = lower.builder.here();
    lower.scopes.push(Scope::Catch);
    let result = if targets.is_empty() { Dest::Discard } else { Dest::Register(base + 1) };
    if origin(script).is_some() {
        lower.body(script, result)?;
    } else {
        let text = lower.builder.temporary();
        lower.word(script, text);
        start = lower.builder.here();
        lower.emit(Op::EvalScript { dst: Def(base + 1), src: Use(text) });
    }
    lower.scopes.pop();
    lower.builder.handle(start, LabelledKind::Catch { target: after, base, wants_options });
    lower.emit(Op::LoadInt { dst: Def(base), value: Immediate32(0) });
    if wants_options {
        lower.emit(Op::LoadOptions { dst: Def(base + 2) });
    }
    lower.builder.bind(after);
    // The reference stores the options first.
    for (index, target) in targets.iter().enumerate().rev() {
        lower.store_target(*target, base + 1 + index as u16);
    }
    lower.deliver(base, dest);
    Some(())
}
