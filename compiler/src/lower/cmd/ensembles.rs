//! Ensembles: a standard subcommand is called by the name of the command that
//! implements it, or lowered in line.

use super::super::vars::split_element;
use super::super::{Dest, Lower};
use super::{Nature, dict_scopes, dicts, links, strings};
use crate::bytecode::Context;
use crate::syntax::command::{Command, Word};
use crate::syntax::list;

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
    leaf("is", "::tcl::string::is", strings::lower_is),
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
    control("map", "::tcl::dict::map", dicts::lower_map),
    called("merge", "::tcl::dict::merge"),
    called("remove", "::tcl::dict::remove"),
    called("replace", "::tcl::dict::replace"),
    leaf("set", "::tcl::dict::set", dicts::lower_set),
    called("size", "::tcl::dict::size"),
    leaf("unset", "::tcl::dict::unset", dicts::lower_unset),
    control("update", "::tcl::dict::update", dict_scopes::lower_update),
    called("values", "::tcl::dict::values"),
    control("with", "::tcl::dict::with", dict_scopes::lower_with),
];

const INFO: &[SubRow] = &[
    called("args", "::tcl::info::args"),
    called("body", "::tcl::info::body"),
    called("commands", "::tcl::info::commands"),
    called("complete", "::tcl::info::complete"),
    called("coroutine", "::tcl::info::coroutine"),
    called("default", "::tcl::info::default"),
    leaf("exists", "::tcl::info::exists", links::lower_info_exists),
    called("globals", "::tcl::info::globals"),
    called("level", "::tcl::info::level"),
    called("locals", "::tcl::info::locals"),
    called("procs", "::tcl::info::procs"),
    called("script", "::tcl::info::script"),
    called("vars", "::tcl::info::vars"),
];

const ARRAY: &[SubRow] = &[
    called("exists", "::tcl::array::exists"),
    called("get", "::tcl::array::get"),
    called("names", "::tcl::array::names"),
    called("set", "::tcl::array::set"),
    called("size", "::tcl::array::size"),
    called("unset", "::tcl::array::unset"),
];

const BINARY: &[SubRow] = &[called("format", "::tcl::binary::format"), called("scan", "::tcl::binary::scan")];

const CLOCK: &[SubRow] = &[
    called("add", "::tcl::clock::add"),
    called("clicks", "::tcl::clock::clicks"),
    called("format", "::tcl::clock::format"),
    called("microseconds", "::tcl::clock::microseconds"),
    called("milliseconds", "::tcl::clock::milliseconds"),
    called("scan", "::tcl::clock::scan"),
    called("seconds", "::tcl::clock::seconds"),
];

const ENCODING: &[SubRow] = &[
    called("convertfrom", "::tcl::encoding::convertfrom"),
    called("convertto", "::tcl::encoding::convertto"),
];

const FILE: &[SubRow] = &[
    called("dirname", "::tcl::file::dirname"),
    called("executable", "::tcl::file::executable"),
    called("exists", "::tcl::file::exists"),
    called("extension", "::tcl::file::extension"),
    called("isdirectory", "::tcl::file::isdirectory"),
    called("isfile", "::tcl::file::isfile"),
    called("join", "::tcl::file::join"),
    called("mtime", "::tcl::file::mtime"),
    called("normalize", "::tcl::file::normalize"),
    called("readable", "::tcl::file::readable"),
    called("rootname", "::tcl::file::rootname"),
    called("size", "::tcl::file::size"),
    called("split", "::tcl::file::split"),
    called("tail", "::tcl::file::tail"),
    called("writable", "::tcl::file::writable"),
];

const NAMESPACE: &[SubRow] = &[
    called("current", "::tcl::namespace::current"),
    called("exists", "::tcl::namespace::exists"),
    called("origin", "::tcl::namespace::origin"),
    called("parent", "::tcl::namespace::parent"),
    called("qualifiers", "::tcl::namespace::qualifiers"),
    called("tail", "::tcl::namespace::tail"),
    called("which", "::tcl::namespace::which"),
];

/// The names of the commands that implement subcommands.
pub(super) fn command_names() -> impl Iterator<Item = &'static str> {
    ENSEMBLES.iter().flat_map(|(_, rows)| *rows).map(|row| row.command)
}

/// The ensembles, sorted by name.
const ENSEMBLES: &[(&str, &[SubRow])] = &[
    ("array", ARRAY),
    ("binary", BINARY),
    ("clock", CLOCK),
    ("dict", DICT),
    ("encoding", ENCODING),
    ("file", FILE),
    ("info", INFO),
    ("namespace", NAMESPACE),
    ("string", STRING),
];

/// Lowers the command of an ensemble by its subcommand.
pub(super) fn lower(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [ensemble, name, args @ ..] = command.words.as_slice() else { return None };
    let (ensemble, name) = (ensemble.literal()?, name.literal()?);
    let ensemble = ensemble.strip_prefix(b"::").unwrap_or(ensemble);
    let (_, rows) =
        ENSEMBLES[ENSEMBLES.binary_search_by(|(known, _)| known.as_bytes().cmp(ensemble)).ok()?];
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

/// Whether the reference compiles an `array set` of these words in a procedure: the name is literal and none of an
/// element, and the list is not known to be empty or to have an odd number of elements.
pub(in crate::lower) fn is_compiled_array_set(args: &[Word]) -> bool {
    let [name, list] = args else { return false };
    let names_array = name.literal().is_some_and(|name| split_element(name).1.is_none());
    let count = list.literal().and_then(|list| list::split(list).ok()).map(|elements| elements.len());
    names_array && count.is_none_or(|count| count > 0 && count.is_multiple_of(2))
}

#[cfg(test)]
mod tests {
    use super::ENSEMBLES;

    #[test]
    fn rows_are_sorted() {
        assert!(ENSEMBLES.is_sorted_by(|a, b| a.0 < b.0));
        for (_, rows) in ENSEMBLES {
            assert!(rows.is_sorted_by(|a, b| a.name < b.name));
        }
    }
}
