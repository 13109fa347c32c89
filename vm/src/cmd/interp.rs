//! Child interpreters.

use crate::interp::command::Outcome;
use crate::interp::{InterpId, Machine};
use crate::value::Value;

/// Invokes a child interpreter's command.
pub fn invoke_child(machine: &mut Machine, _child: InterpId, words: Vec<Value>) -> Outcome {
    Err(machine.invalid_command(&words[0]))
}

/// The interpreter that a path means, seen from the running one.
///
/// # Errors
/// `could not find interpreter "…"`.
pub(crate) fn find(machine: &Machine, path: &Value) -> Result<InterpId, crate::interp::exception::Exception> {
    let missing = || crate::error!("could not find interpreter \"", path, "\""; "TCL", "LOOKUP", "INTERP", path.text());
    let mut at = machine.current();
    for name in crate::exec::listops::list_of(path)?.items() {
        at = machine.interp(at).children.get(name).copied().flatten().ok_or_else(missing)?;
    }
    Ok(at)
}
