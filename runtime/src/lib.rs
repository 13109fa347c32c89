//! Channels, event loop, drivers, the commands that touch the world, and the embedding API.

pub mod driver;
pub mod host;
