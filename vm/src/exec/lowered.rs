//! The names of commands that lowering may treat as standard.

use std::sync::LazyLock;

use tclring_compiler::lower::lowered_names;

use crate::value::Value;

/// The last parts of the names, in order: every command that is made or goes is looked for here.
static TAILS: LazyLock<Box<[&[u8]]>> = LazyLock::new(|| {
    let mut tails: Vec<&[u8]> = lowered_names().map(tail).collect();
    tails.sort_unstable();
    tails.dedup();
    tails.into_boxed_slice()
});

/// Whether lowering may have assumed that `name`, in some namespace, is the standard command.
pub fn is_lowered_name(name: &[u8]) -> bool {
    TAILS.binary_search(&name).is_ok()
}

/// The global commands that the reference compiles, sorted.
const COMPILED: &[&[u8]] = &[
    b"append",
    b"array",
    b"binary",
    b"break",
    b"catch",
    b"chan",
    b"clock",
    b"concat",
    b"const",
    b"continue",
    b"dict",
    b"encoding",
    b"error",
    b"expr",
    b"file",
    b"for",
    b"foreach",
    b"format",
    b"global",
    b"if",
    b"incr",
    b"info",
    b"lappend",
    b"lassign",
    b"lindex",
    b"linsert",
    b"list",
    b"llength",
    b"lmap",
    b"lrange",
    b"lreplace",
    b"lset",
    b"namespace",
    b"regexp",
    b"regsub",
    b"return",
    b"set",
    b"string",
    b"subst",
    b"switch",
    b"tailcall",
    b"throw",
    b"try",
    b"unset",
    b"upvar",
    b"variable",
    b"while",
    b"yield",
    b"yieldto",
];

/// Whether the reference compiles the global command `name`: code that runs looks at its commands anew when that goes.
pub fn is_compiled_name(name: &[u8]) -> bool {
    COMPILED.binary_search(&name).is_ok()
}

/// Whether the reference compiles the command that `words`, a list that is run as a script, names.
pub(super) fn compiles(words: &[Value]) -> bool {
    words.first().is_some_and(|name| {
        let name = name.text();
        let name = name.strip_prefix(b"::").unwrap_or(&name);
        is_compiled_name(name) || name.starts_with(b"tcl::mathop::")
    })
}

fn tail(name: &'static str) -> &'static [u8] {
    let start = name.rfind(':').map_or(0, |colon| colon + 1);
    &name.as_bytes()[start..]
}
