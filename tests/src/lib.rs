//! Test harness, generators and oracles.

pub mod bodies;
pub mod program;
pub mod pseudo_terminal;
pub mod seeds;
