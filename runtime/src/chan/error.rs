//! Errors of channels, as scripts see them.

use tclring_vm::error;
use tclring_vm::interp::exception::{Exception, Raised};
use tclring_vm::value::Value;

use super::channel::Channel;
use crate::host::errno::{Errno, HostError};

/// The exception of a failure that the host reports.
pub fn host_error(failure: HostError) -> Exception {
    let code = failure.code();
    let exception = Raised::error(Value::text_of(failure.message()));
    if code.len() == 1 && code[0] == b"NONE" { exception } else { exception.with_code(&code) }
}

/// The exception of a failed operation on a channel: `error reading "name": words`.
pub fn failed(operation: &str, channel: &Channel, errno: Errno) -> Exception {
    host_error(HostError::posix(
        &[b"error ", operation.as_bytes(), b" \"", &channel.name.text(), b"\""],
        errno,
    ))
}

/// The error for a name that means no channel.
pub fn no_channel(name: &Value) -> Exception {
    error!("can not find channel named \"", name, "\""; "TCL", "LOOKUP", "CHANNEL", name.text())
}

/// The error for a channel that was opened the other way.
pub fn wrong_way(name: &Value, way: &str) -> Exception {
    error!("channel \"", name, "\" wasn't opened for ", way)
}

/// The error for a channel that a copy uses.
pub fn is_busy(name: &Value) -> Exception {
    error!("channel \"", name, "\" is busy")
}
