//! Values, interpreters, the execution loop and the commands that touch nothing outside.
pub mod text;
