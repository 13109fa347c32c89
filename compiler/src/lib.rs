//! Tcl's textual rules, bytecode and lowering.
//!
//! A pure function: text and mode in, `Code` out. No values, no interpreter,
//! no I/O.
#![forbid(unsafe_code)]

pub mod syntax;
