//! The commands that touch the world: tables of rows, one file per theme.

pub mod encodings;
pub mod env;
pub mod output;
pub mod package;
pub mod process;
pub mod source;
pub mod support;

use tclring_vm::interp::{CommandRow, InterpId, Machine};

/// The tables of commands.
pub const COMMANDS: &[&[CommandRow]] = &[output::ROWS, process::ROWS, source::ROWS];

/// Puts the runtime's commands into an interpreter.
pub fn register(machine: &mut Machine, interp: InterpId) {
    for rows in COMMANDS {
        machine.register_commands(interp, rows);
    }
    env::link(machine, interp);
}
