//! The core commands: tables of rows, one file per theme.

pub mod control;
pub mod dict_path;
pub mod eval;
pub mod interp;
pub mod list;
pub mod loops;
pub mod lset;
pub mod proc;
pub mod trace;
pub mod vars;

use crate::interp::{CommandRow, EnsembleRow, InterpId, Machine};

/// The tables of core commands.
pub const COMMANDS: &[&[CommandRow]] = &[control::ROWS, eval::ROWS, list::ROWS, loops::ROWS, proc::ROWS, vars::ROWS];

/// The core ensembles.
pub const ENSEMBLES: &[EnsembleRow] = &[];

/// Puts the core commands into an interpreter.
pub fn register_core(machine: &mut Machine, interp: InterpId) {
    for rows in COMMANDS {
        machine.register_commands(interp, rows);
    }
    for row in ENSEMBLES {
        machine.register_ensemble(interp, row);
    }
}
