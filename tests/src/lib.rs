//! Test harness, generators and oracles.
