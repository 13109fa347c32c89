//! The table of lowered commands.
//!
//! A row's function lowers the command in line or declines; what it has
//! emitted until then is taken back. It never reports an error of the command.

mod control;
mod loops;
mod vars;

use super::{Dest, Lower, is_temporary};
use crate::bytecode::{Context, Def, Op, Use};
use crate::syntax::command::Command;

/// Lowers a command in line; none if the call is to be emitted instead.
type Lowering = fn(&mut Lower<'_>, &Command, Dest) -> Option<()>;

/// How a row's command behaves around its lowered form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// It evaluates its words and does one thing: it is lowered in sourced
    /// commands too, and its last operation may write a variable that the
    /// result is stored in.
    Leaf,
    /// It has bodies or ends the code: never lowered in a sourced command.
    Control,
}

struct Row {
    name: &'static str,
    nature: Nature,
    lower: Lowering,
}

const fn leaf(name: &'static str, lower: Lowering) -> Row {
    Row { name, nature: Nature::Leaf, lower }
}

const fn control(name: &'static str, lower: Lowering) -> Row {
    Row { name, nature: Nature::Control, lower }
}

/// The lowered commands, sorted by name.
const ROWS: &[Row] = &[
    control("break", control::lower_break),
    control("continue", control::lower_continue),
    leaf("expr", control::lower_expr),
    control("for", loops::lower_for),
    control("foreach", loops::lower_foreach),
    control("if", control::lower_if),
    leaf("incr", vars::lower_incr),
    control("lmap", loops::lower_lmap),
    control("return", control::lower_return),
    leaf("set", vars::lower_set),
    control("while", loops::lower_while),
];

/// The names of the lowered commands.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.name)
}

/// Lowers a command by the table; false if its call is to be emitted.
pub(super) fn lower(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> bool {
    let Some(name) = command.words[0].literal() else { return false };
    let Ok(index) = ROWS.binary_search_by(|row| row.name.as_bytes().cmp(name)) else { return false };
    let row = &ROWS[index];
    if row.nature == Nature::Control && lower.context == Context::Sourced {
        return false;
    }
    if command.words.iter().any(|word| word.expand) || !lower.standard(row.name) {
        return false;
    }
    let lowered = lower.attempt(|lower| match dest {
        Dest::Register(register) if row.nature == Nature::Control && !is_temporary(register) => {
            let value = lower.builder.temporary();
            (row.lower)(lower, command, Dest::Register(value))?;
            lower.emit(Op::Move { dst: Def(register), src: Use(value) });
            Some(())
        }
        _ => (row.lower)(lower, command, dest),
    });
    lowered.is_some()
}

#[cfg(test)]
mod tests {
    use super::ROWS;

    #[test]
    fn rows_are_sorted() {
        assert!(ROWS.is_sorted_by(|a, b| a.name < b.name));
    }
}
