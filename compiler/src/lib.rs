//! Tcl's textual rules, bytecode and lowering.
//!
//! A pure function: text and mode in, `Code` out. No values, no interpreter,
//! no I/O.
#![forbid(unsafe_code)]

pub mod bytecode;
pub mod lower;
mod peephole;
pub mod source;
pub mod syntax;

/// Whose language it is: Tcl 9.0, or 8.6 for scripts written for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Tcl 9.0.
    #[default]
    Tcl90,
    /// Tcl 8.6: octal `010`, no `_` in numbers, no `lt le gt ge`.
    Tcl86,
}
