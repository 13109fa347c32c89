//! Words of commands: channels, numbers, truth values.

use tclring_vm::interp::Machine;
use tclring_vm::interp::exception::Exception;
use tclring_vm::value::Value;

use crate::chan::channel::ChannelId;
use crate::chan::error::{no_channel, wrong_way};
use crate::event::reactor::reactor;

/// The channel that a word names in the running interpreter.
///
/// # Errors
/// `can not find channel named …`.
pub fn channel(machine: &mut Machine, name: &Value) -> Result<ChannelId, Exception> {
    let interp = machine.current();
    if let Some(id) = reactor(machine).found_last(interp, name) {
        return Ok(id);
    }
    let is_safe = machine.interp(interp).safe;
    reactor(machine).find(interp, is_safe, name).ok_or_else(|| no_channel(name))
}

/// The channel that a word names, which has to be open for reading.
///
/// # Errors
/// When there is none, or it is open the other way.
pub fn readable_channel(machine: &mut Machine, name: &Value) -> Result<ChannelId, Exception> {
    let id = channel(machine, name)?;
    match reactor(machine).channels.get(id) {
        Some(channel) if channel.readable => Ok(id),
        _ => Err(wrong_way(name, "reading")),
    }
}

/// The channel that a word names, which has to be open for writing.
///
/// # Errors
/// When there is none, or it is open the other way.
pub fn writable_channel(machine: &mut Machine, name: &Value) -> Result<ChannelId, Exception> {
    let id = channel(machine, name)?;
    match reactor(machine).channels.get(id) {
        Some(channel) if channel.writable => Ok(id),
        _ => Err(wrong_way(name, "writing")),
    }
}
