//! Channels: what scripts read and write.
//!
//! | file | what |
//! |---|---|
//! | `channel` | a channel and its settings |
//! | `device` | files, pipes, terminals |
//! | `socket`, `listener`, `connect` | connections |
//! | `input`, `output` | the buffers |
//! | `translate` | line ends and decoding |
//! | `flow` | bytes between buffers and the system |
//! | `open`, `close` | beginnings and ends |
//! | `options` | `fconfigure` |
//! | `copy` | `fcopy` |
//! | `scripted`, `reflect` | channels and transformations written in Tcl |
//! | `error` | errors as scripts see them |

pub mod channel;
pub mod close;
pub mod connect;
pub mod copy;
pub mod device;
pub mod error;
pub mod flow;
pub mod input;
pub mod listener;
pub mod open;
pub mod options;
pub mod output;
pub mod reflect;
pub mod scripted;
pub mod socket;
pub mod translate;
