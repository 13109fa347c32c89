//! Tcl's textual rules, each written once.

pub mod text;
