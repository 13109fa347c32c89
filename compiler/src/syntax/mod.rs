//! Tcl's textual rules, each written once.

pub mod backslash;
pub mod command;
#[cfg(test)]
mod command_tests;
pub mod double;
pub mod expr;
mod expr_error;
mod expr_lexer;
#[cfg(test)]
mod expr_tests;
pub mod index;
pub mod list;
pub mod number;
mod parser;
pub mod subst;
pub mod text;
