//! The table of lowered commands.
//!
//! A row's function lowers the command in line or declines; what it has
//! emitted until then is taken back. It never reports an error of the command.

mod attempt;
mod catch;
mod control;
mod dict_scopes;
mod dicts;
mod ensembles;
mod links;
mod lists;
mod loops;
mod strings;
mod switch;
mod vars;

pub(super) use attempt::is_compiled_try;
pub(super) use catch::{is_compiled_catch, is_plain_name};
pub(super) use control::is_compiled_if;
pub(super) use ensembles::is_compiled_array_set;
pub(super) use strings::has_unknown_class;
pub(super) use switch::is_compiled_switch;

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
    /// The same, and its words may be expanded.
    Spreading,
    /// It has bodies, stores in several variables or ends the code: never lowered in a sourced command.
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

/// A leaf whose words may be expanded.
const fn spreading(name: &'static str, lower: Lowering) -> Row {
    Row { name, nature: Nature::Spreading, lower }
}

/// The lowered commands, sorted by name.
const ROWS: &[Row] = &[
    leaf("append", links::lower_append),
    leaf("array", ensembles::lower),
    leaf("binary", ensembles::lower),
    control("break", control::lower_break),
    control("catch", catch::lower_catch),
    leaf("clock", ensembles::lower),
    control("continue", control::lower_continue),
    leaf("dict", ensembles::lower),
    leaf("encoding", ensembles::lower),
    leaf("expr", control::lower_expr),
    leaf("file", ensembles::lower),
    control("for", loops::lower_for),
    control("foreach", loops::lower_foreach),
    control("global", links::lower_global),
    control("if", control::lower_if),
    leaf("incr", vars::lower_incr),
    leaf("info", ensembles::lower),
    spreading("lappend", lists::lower_lappend),
    control("lassign", lists::lower_lassign),
    leaf("lindex", lists::lower_lindex),
    spreading("list", lists::lower_list),
    leaf("llength", lists::lower_llength),
    control("lmap", loops::lower_lmap),
    leaf("lrange", lists::lower_lrange),
    leaf("lset", lists::lower_lset),
    leaf("namespace", ensembles::lower),
    leaf("regexp", strings::lower_regexp),
    control("return", control::lower_return),
    leaf("set", vars::lower_set),
    leaf("string", ensembles::lower),
    control("switch", switch::lower_switch),
    control("tcl::mathop::<", control::lower_comparison),
    control("tcl::mathop::<=", control::lower_comparison),
    control("tcl::mathop::==", control::lower_comparison),
    control("tcl::mathop::>", control::lower_comparison),
    control("tcl::mathop::>=", control::lower_comparison),
    control("tcl::mathop::eq", control::lower_comparison),
    control("tcl::mathop::ge", control::lower_comparison),
    control("tcl::mathop::gt", control::lower_comparison),
    control("tcl::mathop::le", control::lower_comparison),
    control("tcl::mathop::lt", control::lower_comparison),
    control("try", attempt::lower_try),
    leaf("unset", links::lower_unset),
    control("upvar", links::lower_upvar),
    control("variable", links::lower_variable),
    control("while", loops::lower_while),
];

/// The names that lowered code may assume to be standard.
pub(crate) fn assumable() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.name).chain(ensembles::command_names())
}

/// Lowers a command by the table; false if its call is to be emitted.
pub(super) fn lower(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> bool {
    let Some(name) = command.words[0].literal() else { return false };
    // Where the plain name means the standard command, the global one is that, too.
    let name = name.strip_prefix(b"::").unwrap_or(name);
    let Ok(index) = ROWS.binary_search_by(|row| row.name.as_bytes().cmp(name)) else { return false };
    let row = &ROWS[index];
    if row.nature == Nature::Control && lower.context == Context::Sourced {
        return false;
    }
    let expands = || command.words.iter().any(|word| word.expand);
    if (row.nature != Nature::Spreading && expands()) || !lower.standard(row.name) {
        return false;
    }
    let lowered = lower.attempt(|lower| match row.nature {
        Nature::Control => aside(lower, dest, |lower, dest| (row.lower)(lower, command, dest)),
        Nature::Leaf | Nature::Spreading => (row.lower)(lower, command, dest),
    });
    lowered.is_some()
}

/// Lowers a command that does more than one thing: its value is stored in a
/// variable only when all is done.
fn aside(
    lower: &mut Lower<'_>,
    dest: Dest,
    lowering: impl FnOnce(&mut Lower<'_>, Dest) -> Option<()>,
) -> Option<()> {
    match dest {
        Dest::Register(register) if !is_temporary(register) => {
            let value = lower.builder.temporary();
            lowering(lower, Dest::Register(value))?;
            lower.emit(Op::Move { dst: Def(register), src: Use(value) });
            Some(())
        }
        _ => lowering(lower, dest),
    }
}

#[cfg(test)]
mod tests {
    use super::ROWS;

    #[test]
    fn rows_are_sorted() {
        assert!(ROWS.is_sorted_by(|a, b| a.name < b.name));
    }
}
