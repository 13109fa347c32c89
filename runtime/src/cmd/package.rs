//! `package`.

use tclring_vm::interp::Machine;
use tclring_vm::value::Value;

/// Notes that a file is sourced while a package is being loaded.
pub fn note_file(_machine: &mut Machine, _path: &Value) {}
