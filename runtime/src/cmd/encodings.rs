//! Encodings by name, those in files included.

use tclring_vm::error;
use tclring_vm::interp::Machine;
use tclring_vm::interp::exception::Exception;
use tclring_vm::text::encoding::{self, Encoding};
use tclring_vm::value::Value;

/// The encoding `name`.
///
/// # Errors
/// `unknown encoding "name"`
pub fn find(_machine: &mut Machine, name: &Value) -> Result<Encoding, Exception> {
    let text = name.text();
    std::str::from_utf8(&text)
        .ok()
        .and_then(encoding::builtin)
        .ok_or_else(|| error!("unknown encoding \"", name, "\""; "TCL", "LOOKUP", "ENCODING", &*text))
}
