//! Values, interpreters, the execution loop and the commands that touch nothing outside.

pub mod arith;
pub mod clock;
pub mod cmd;
pub mod exec;
pub mod interp;
pub mod oo;
pub mod regex;
pub mod text;
pub mod value;
