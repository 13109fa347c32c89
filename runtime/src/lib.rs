//! Channels, event loop, drivers, the commands that touch the world, and the embedding API.

pub mod cmd;
pub mod driver;
pub mod host;
pub mod shell;
