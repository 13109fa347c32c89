//! Tcl's textual rules, each written once.

pub mod backslash;
pub mod command;
pub mod expr;
mod expr_error;
mod expr_lexer;
pub mod index;
pub mod list;
pub mod number;
mod parser;
pub mod subst;
pub mod text;
