//! Child interpreters.

use crate::interp::command::Outcome;
use crate::interp::{InterpId, Machine};
use crate::value::Value;

/// Invokes a child interpreter's command.
pub fn invoke_child(machine: &mut Machine, _child: InterpId, words: Vec<Value>) -> Outcome {
    Err(machine.invalid_command(&words[0]))
}
