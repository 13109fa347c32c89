//! The machine and its interpreters.

pub mod arena;
pub mod exception;
pub mod trace;
pub mod var;
