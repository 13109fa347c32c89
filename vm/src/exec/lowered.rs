//! The names of commands that lowering may treat as standard.

use std::sync::LazyLock;

use tclring_compiler::lower::lowered_names;

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

fn tail(name: &'static str) -> &'static [u8] {
    let start = name.rfind(':').map_or(0, |colon| colon + 1);
    &name.as_bytes()[start..]
}
