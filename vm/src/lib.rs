//! Values, interpreters, the execution loop and the commands that touch nothing outside.

pub mod clock;
pub mod interp;
pub mod text;
pub mod value;
