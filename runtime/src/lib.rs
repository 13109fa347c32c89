//! Channels, event loop, drivers, the commands that touch the world, and the embedding API.
//!
//! An embedder makes a [`world::World`] and runs scripts in it.

pub mod chan;
pub mod cmd;
pub mod deflate;
pub mod driver;
pub mod event;
pub mod host;
pub mod shell;
pub mod world;
