//! Connections: what the driver does for one, as explicit states.

use std::collections::VecDeque;
use std::net::SocketAddr;

use crate::driver::{Descriptor, Token};
use crate::host::errno::Errno;

/// Reading: at most one operation is in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receive {
    /// Nothing is in flight; a script's read asks the system at once.
    Idle,
    /// A wait for the first input; nothing is taken from the system.
    Polling(Token),
    /// Input arrives by itself.
    Armed(Token),
    /// One buffer of input will arrive.
    Once(Token),
    /// An end was asked for: input may arrive until it comes.
    Cancelling(Token),
    /// The peer has finished, or the connection has failed.
    Ended,
}

impl Receive {
    /// The operation in flight.
    pub fn token(self) -> Option<Token> {
        match self {
            Receive::Idle | Receive::Ended => None,
            Receive::Polling(token)
            | Receive::Armed(token)
            | Receive::Once(token)
            | Receive::Cancelling(token) => Some(token),
        }
    }

    /// Whether input may arrive without being asked for, so that the system must not be asked.
    pub fn is_receiving(self) -> bool {
        matches!(self, Receive::Armed(_) | Receive::Once(_) | Receive::Cancelling(_))
    }
}

/// An attempt to connect, one address after the other.
#[derive(Debug)]
pub struct Connecting {
    /// Pairs of a remote and a local address that have not been tried, in order.
    pub left: VecDeque<(SocketAddr, Option<SocketAddr>)>,
    /// The operation in flight; none while the name is looked up.
    pub token: Option<Token>,
    /// Why the last address failed.
    pub error: Errno,
}

/// A connection.
pub struct Socket {
    /// The descriptor; none while its name is looked up.
    pub descriptor: Option<Descriptor>,
    /// The state of reading.
    pub receive: Receive,
    /// Whether a script has read in a handler, so that input may be received ahead.
    pub reads_in_handlers: bool,
    /// Whether it fills whole buffers, so that larger ones pay.
    pub is_bulk: bool,
    /// The send in flight.
    pub send: Option<Token>,
    /// How many bytes the send in flight has.
    pub send_bytes: usize,
    /// The connection attempt in flight.
    pub connecting: Option<Box<Connecting>>,
    /// Why the attempt failed: for `-error` and the next operation.
    pub connect_error: Option<Errno>,
    /// Whether the attempt failed: the connection will never stand.
    pub never_connected: bool,
    /// The words of the resolver, if the attempt failed there.
    pub connect_words: Option<String>,
    /// Whether the outgoing half is closed, or will be when the output has left.
    pub is_shut: bool,
    /// Whether the peer has not been told of that yet.
    pub shutdown_waits: bool,
}

impl Socket {
    /// A connection that stands.
    pub fn connected(descriptor: Descriptor) -> Socket {
        Socket {
            descriptor: Some(descriptor),
            receive: Receive::Idle,
            reads_in_handlers: false,
            is_bulk: false,
            send: None,
            send_bytes: 0,
            connecting: None,
            connect_error: None,
            never_connected: false,
            connect_words: None,
            is_shut: false,
            shutdown_waits: false,
        }
    }
}
