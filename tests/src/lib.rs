//! Test harness, generators and oracles.

pub mod bodies;
pub mod program;
pub mod programs;
pub mod pseudo_terminal;
pub mod scripts;
pub mod seeds;
pub mod ways;
