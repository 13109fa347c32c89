//! `set`, `incr` and the other commands that change one variable.

use super::super::vars::Target;
use super::super::{Dest, Lower, is_temporary};
use crate::bytecode::{Def, Immediate, NO_REG, Op, OptionalDef, OptionalUse, Small, Use, UseDef};
use crate::syntax::command::{Command, Word};
use crate::syntax::number::canonical_int;

pub(super) fn lower_set(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    match command.words.as_slice() {
        [_, name] => {
            let target = lower.word_target(name, true)?;
            let dst = dest.register().unwrap_or_else(|| lower.builder.temporary());
            lower.load_target(target, dst);
        }
        [_, name, value] => {
            let direct = lower.is_undisturbing(value);
            let target = lower.word_target(name, direct)?;
            let stored = match target.local() {
                Some(local) => {
                    lower.word(value, local);
                    local
                }
                None => {
                    let stored = lower.operand(value, true);
                    let stored = lower.storable(target, stored);
                    lower.store_target(target, stored);
                    stored
                }
            };
            if let Dest::Register(dst) = dest {
                lower.load_stored(target, stored, dst);
            }
        }
        _ => return None,
    }
    Some(())
}

impl Lower<'_> {
    /// A register that can be stored in the target: a temporary where the
    /// store is also how the value comes back.
    fn storable(&mut self, target: Target, register: u16) -> u16 {
        match target {
            Target::Named { .. } if !is_temporary(register) => {
                let temporary = self.builder.temporary();
                self.emit(Op::Move { dst: Def(temporary), src: Use(register) });
                temporary
            }
            _ => register,
        }
    }

    /// Moves an operation's outcome to where it is wanted.
    pub(super) fn deliver(&mut self, register: u16, dest: Dest) {
        if let Dest::Register(dst) = dest
            && dst != register
        {
            self.emit(Op::Move { dst: Def(dst), src: Use(register) });
        }
    }
}

pub(super) fn lower_incr(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let (name, increment) = match command.words.as_slice() {
        [_, name] => (name, None),
        [_, name, increment] => (name, Some(increment)),
        _ => return None,
    };
    let known = match increment.map(Word::literal) {
        None => Some(1),
        Some(Some(text)) => Some(canonical_int(text)?),
        Some(None) => None,
    };
    let direct = increment.is_none_or(|increment| lower.is_undisturbing(increment));
    let Target::Place { place, key } = lower.word_target(name, direct)? else { return None };
    if let (Some(local), NO_REG, Some(by)) = (place.as_local(), key, known)
        && let Ok(by) = i16::try_from(by)
    {
        let dst = OptionalDef(dest.register().unwrap_or(NO_REG));
        lower.emit(Op::IncrLocal { local: Use(local), by: Immediate(by), dst });
        return Some(());
    }
    if let (NO_REG, None, Some(increment)) = (key, known, increment) {
        let by = Use(lower.operand(increment, true));
        lower.emit(Op::IncrBy { place, by, dst: OptionalDef(dest.register().unwrap_or(NO_REG)) });
        return Some(());
    }
    let change = lower.builder.temporary();
    match (known, increment) {
        (Some(by), _) => lower.load_integer(by, change),
        (None, Some(increment)) => lower.word(increment, change),
        (None, None) => return None,
    }
    let want = Small(u8::from(dest != Dest::Discard));
    lower.emit(Op::Incr { want, place, key: OptionalUse(key), srcdst: UseDef(change) });
    lower.deliver(change, dest);
    Some(())
}
