//! Ensembles: a standard subcommand is called by the name of the command that
//! implements it, or lowered in line.

use super::super::{Dest, Lower};
use super::{Nature, dicts, links, strings};
use crate::bytecode::Context;
use crate::syntax::command::{Command, Word};

/// Lowers a subcommand in line, given its arguments.
type SubLowering = fn(&mut Lower<'_>, &[Word], Dest) -> Option<()>;

struct SubRow {
    name: &'static str,
    /// The command that implements it.
    command: &'static str,
    nature: Nature,
    lower: Option<SubLowering>,
}

const fn called(name: &'static str, command: &'static str) -> SubRow {
    SubRow { name, command, nature: Nature::Leaf, lower: None }
}

const fn leaf(name: &'static str, command: &'static str, lower: SubLowering) -> SubRow {
    SubRow { name, command, nature: Nature::Leaf, lower: Some(lower) }
}

const fn control(name: &'static str, command: &'static str, lower: SubLowering) -> SubRow {
    SubRow { name, command, nature: Nature::Control, lower: Some(lower) }
}

const STRING: &[SubRow] = &[
    leaf("cat", "::tcl::string::cat", strings::lower_cat),
    called("compare", "::tcl::string::compare"),
    leaf("equal", "::tcl::string::equal", strings::lower_equal),
    called("first", "::tcl::string::first"),
    leaf("index", "::tcl::string::index", strings::lower_index),
    called("insert", "::tcl::string::insert"),
    called("is", "::tcl::string::is"),
    called("last", "::tcl::string::last"),
    leaf("length", "::tcl::string::length", strings::lower_length),
    called("map", "::tcl::string::map"),
    leaf("match", "::tcl::string::match", strings::lower_match),
    leaf("range", "::tcl::string::range", strings::lower_range),
    called("repeat", "::tcl::string::repeat"),
    called("replace", "::tcl::string::replace"),
    called("reverse", "::tcl::string::reverse"),
    called("tolower", "::tcl::string::tolower"),
    called("totitle", "::tcl::string::totitle"),
    called("toupper", "::tcl::string::toupper"),
    called("trim", "::tcl::string::trim"),
    called("trimleft", "::tcl::string::trimleft"),
    called("trimright", "::tcl::string::trimright"),
];

const DICT: &[SubRow] = &[
    leaf("append", "::tcl::dict::append", dicts::lower_append),
    called("create", "::tcl::dict::create"),
    leaf("exists", "::tcl::dict::exists", dicts::lower_exists),
    control("for", "::tcl::dict::for", dicts::lower_for),
    leaf("get", "::tcl::dict::get", dicts::lower_get),
    called("getdef", "::tcl::dict::getdef"),
    called("getwithdefault", "::tcl::dict::getwithdefault"),
    leaf("incr", "::tcl::dict::incr", dicts::lower_incr),
    called("keys", "::tcl::dict::keys"),
    leaf("lappend", "::tcl::dict::lappend", dicts::lower_lappend),
    called("merge", "::tcl::dict::merge"),
    called("remove", "::tcl::dict::remove"),
    called("replace", "::tcl::dict::replace"),
    leaf("set", "::tcl::dict::set", dicts::lower_set),
    called("size", "::tcl::dict::size"),
    leaf("unset", "::tcl::dict::unset", dicts::lower_unset),
    called("values", "::tcl::dict::values"),
];

const INFO: &[SubRow] = &[leaf("exists", "::tcl::info::exists", links::lower_info_exists)];

const ARRAY: &[SubRow] = &[
    called("exists", "::tcl::array::exists"),
    called("get", "::tcl::array::get"),
    called("names", "::tcl::array::names"),
    called("set", "::tcl::array::set"),
    called("size", "::tcl::array::size"),
];

/// The names of the commands that implement subcommands.
pub(super) fn command_names() -> impl Iterator<Item = &'static str> {
    [STRING, DICT, INFO, ARRAY].into_iter().flatten().map(|row| row.command)
}

pub(super) fn lower_string(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    subcommand(lower, STRING, command, dest)
}

pub(super) fn lower_dict(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    subcommand(lower, DICT, command, dest)
}

pub(super) fn lower_info(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    subcommand(lower, INFO, command, dest)
}

pub(super) fn lower_array(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    subcommand(lower, ARRAY, command, dest)
}

fn subcommand(lower: &mut Lower<'_>, rows: &[SubRow], command: &Command, dest: Dest) -> Option<()> {
    let [_, name, args @ ..] = command.words.as_slice() else { return None };
    let name = name.literal()?;
    let row = &rows[rows.binary_search_by(|row| row.name.as_bytes().cmp(name)).ok()?];
    if !lower.standard(row.command) {
        return None;
    }
    if let Some(lowering) = row.lower
        && !(row.nature == Nature::Control && lower.context == Context::Sourced)
    {
        let lowered = lower.attempt(|lower| match row.nature {
            Nature::Control => super::aside(lower, dest, |lower, dest| lowering(lower, args, dest)),
            _ => lowering(lower, args, dest),
        });
        if lowered.is_some() {
            return Some(());
        }
    }
    lower.call_named(row.command, args, dest)
}

#[cfg(test)]
mod tests {
    use super::{ARRAY, DICT, INFO, STRING};

    #[test]
    fn rows_are_sorted() {
        for rows in [STRING, DICT, INFO, ARRAY] {
            assert!(rows.is_sorted_by(|a, b| a.name < b.name));
        }
    }
}
