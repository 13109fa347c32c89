//! Listening sockets.

use tclring_vm::interp::InterpId;
use tclring_vm::value::Value;

use crate::driver::{Descriptor, Token};

/// One socket of a listener.
pub struct ListeningSocket {
    /// The descriptor.
    pub descriptor: Descriptor,
    /// The accept in flight.
    pub accept: Option<Token>,
}

/// A listener: one socket for each address.
pub struct Listener {
    /// The sockets.
    pub sockets: Vec<ListeningSocket>,
    /// The command that gets the connections.
    pub command: Value,
    /// The interpreter that it runs in.
    pub interp: InterpId,
}
