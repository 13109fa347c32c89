//! The commands that touch the world: tables of rows, one file per theme.

pub mod encodings;
pub mod env;
pub mod file;
pub mod file_change;
pub mod glob;
pub mod output;
pub mod package;
pub mod process;
pub mod source;
pub mod startup;
pub mod support;

use tclring_vm::interp::{CommandRow, EnsembleRow, InterpId, Machine};

/// The tables of commands.
pub const COMMANDS: &[&[CommandRow]] = &[glob::ROWS, output::ROWS, process::ROWS, source::ROWS];

/// The ensembles.
pub const ENSEMBLES: &[EnsembleRow] = &[file::FILE];

/// Puts the runtime's commands into an interpreter.
pub fn register(machine: &mut Machine, interp: InterpId) {
    for rows in COMMANDS {
        machine.register_commands(interp, rows);
    }
    for row in ENSEMBLES {
        machine.register_ensemble(interp, row);
    }
    startup::set_variables(machine, interp);
    env::link(machine, interp);
}
