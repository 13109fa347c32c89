//! Interpreters and their channels: sharing, handing over, and what ends with an interpreter.

use tclring_vm::cmd::interp::find;
use tclring_vm::error;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{InterpId, Machine};
use tclring_vm::value::Value;

use super::reactor::reactor;
use crate::chan::error::no_channel;

/// `interp share` and, with `moves`, `interp transfer`: gives a channel of one interpreter to the one at a path.
///
/// # Errors
/// When the first one has no such channel, or nothing is at the path.
pub fn give_channel(
    machine: &mut Machine,
    from: InterpId,
    name: &Value,
    path: &Value,
    moves: bool,
) -> Result<(), Exception> {
    let is_here = machine.current() == from;
    let is_safe = machine.interp(from).safe;
    let id = reactor(machine).find(from, is_safe, name).ok_or_else(|| {
        // Only a message crosses from another interpreter.
        if is_here { no_channel(name) } else { error!("can not find channel named \"", name, "\"") }
    })?;
    let to = find(machine, path)?;
    if !machine.interp(to).safe {
        reactor(machine).name_standard_streams(to);
    }
    let reactor = reactor(machine);
    let Some(own) = reactor.channels.get(id).map(|channel| channel.name.clone()) else { return Ok(()) };
    if reactor.interp(to).channels.get(&own).is_none() {
        reactor.register(to, id);
    }
    if moves && from != to {
        // The other interpreter has it: nothing is closed.
        let _ = reactor.unregister(from, id);
    }
    Ok(())
}

/// An interpreter goes: its timers, callbacks and channels go with it.
pub fn interp_deleted(machine: &mut Machine, interp: InterpId) {
    let main = machine.main;
    let reactor = reactor(machine);
    if interp != main {
        // The main interpreter has the standard streams, whether it used them or not.
        reactor.name_standard_streams(main);
    }
    reactor.timers.forget(interp);
    let named: Vec<_> = reactor.interp(interp).channels.values().copied().flatten().collect();
    for id in named {
        if reactor.unregister(interp, id) {
            reactor.end_channel(id);
        }
    }
    reactor.interps.retain(|state| state.interp != interp);
    reactor.last_found = None;
    reactor.forget_copy_commands(interp);
}
