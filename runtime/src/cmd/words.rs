//! Words of commands: channels, numbers, truth values.

use tclring_compiler::Mode;
use tclring_vm::error;
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

/// The integer in a word.
///
/// # Errors
/// `expected integer but got …`, or that it is too large.
pub fn integer(value: &Value, mode: Mode) -> Result<i64, Exception> {
    if let Some(number) = value.to_i64(mode) {
        return Ok(number);
    }
    if value.to_num(mode).is_some_and(|number| number.to_big().is_some()) {
        return Err(error!("integer value too large to represent";
            "ARITH", "IOVERFLOW", "integer value too large to represent"));
    }
    Err(error!("expected integer but got \"", value, "\""; "TCL", "VALUE", "NUMBER"))
}

/// The truth value in a word; `code` is the last word of the error's code.
///
/// # Errors
/// `expected boolean value but got …`.
pub fn boolean(value: &Value, mode: Mode, code: &str) -> Result<bool, Exception> {
    value
        .to_bool(mode)
        .ok_or_else(|| error!("expected boolean value but got \"", value, "\""; "TCL", "VALUE", code))
}
