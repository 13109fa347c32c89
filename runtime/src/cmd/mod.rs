//! The commands that touch the world: tables of rows, one file per theme.

pub mod output;

use tclring_vm::interp::{CommandRow, InterpId, Machine};

/// The tables of commands.
pub const COMMANDS: &[&[CommandRow]] = &[output::ROWS];

/// Puts the runtime's commands into an interpreter.
pub fn register(machine: &mut Machine, interp: InterpId) {
    for rows in COMMANDS {
        machine.register_commands(interp, rows);
    }
}
