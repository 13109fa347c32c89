//! The names of commands that lowering may treat as standard.

use tclring_compiler::lower::lowered_names;

/// Whether lowering may have assumed that `name`, in some namespace, is the standard command.
pub fn is_lowered_name(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| lowered_names().any(|lowered| tail(lowered) == name))
}

fn tail(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}
