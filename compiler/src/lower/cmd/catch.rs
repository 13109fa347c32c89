//! `catch`.

use super::super::build::LabelledKind;
use super::super::script::origin;
use super::super::{Dest, Lower, Scope};
use super::attempt::PLAIN_OPTIONS;
use super::links::caught_variable;
use crate::bytecode::{Def, Immediate32, Op};
use crate::syntax::command::Command;

pub(super) fn lower_catch(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let (script, names) = match command.words.as_slice() {
        [_, script, names @ ..] if names.len() <= 2 => (script, names),
        _ => return None,
    };
    origin(script)?;
    let targets = names.iter().map(|name| caught_variable(lower, name)).collect::<Option<Vec<_>>>()?;
    let wants_options = targets.len() == 2;
    let base = lower.builder.window(3);
    let after = lower.builder.label();
    let start = lower.builder.here();
    lower.scopes.push(Scope::Catch);
    let result = if targets.is_empty() { Dest::Discard } else { Dest::Register(base + 1) };
    lower.body(script, result)?;
    lower.scopes.pop();
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
