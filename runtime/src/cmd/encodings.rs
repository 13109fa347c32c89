//! Encodings by name, those in files included.

use tclring_vm::interp::Machine;
use tclring_vm::interp::exception::Exception;
use tclring_vm::text::encoding::Encoding;
use tclring_vm::value::Value;

/// The encoding `name`.
///
/// # Errors
/// `unknown encoding "name"`
pub fn find(machine: &mut Machine, name: &Value) -> Result<Encoding, Exception> {
    machine.encoding_named(name)
}
