//! The bytecode: one table of opcodes and everything that follows from it.
//!
//! # Conventions
//!
//! * A frame is a window of registers. In the code of a procedure or lambda the
//!   registers `0..locals.len()` are its named variables, parameters first;
//!   the rest are temporaries. Code of any other script has no named
//!   registers and reaches variables through *variable sites* (by name).
//! * Reading a register that is a named variable is reading the variable: the
//!   machine checks that it is set, follows links and fires read traces.
//!   Writing it likewise. Temporaries are plain; they are written before they
//!   are read on every path, and never hold links or arrays.
//! * An operation that stores a value somewhere (`move`, list building, calls)
//!   *takes* it from a temporary, which is then unset, and copies it from a
//!   named variable. Operations that only look (arithmetic, comparison,
//!   `lindex`) leave their operands alone.
//! * Exceptions are found through [`code::Handler`] ranges by the address of
//!   the operation that raised them.

pub mod asm;
pub mod code;
mod dataflow;
pub mod disasm;
pub(crate) mod effects;
pub mod operand;
pub mod ops;
pub mod verify;

pub use code::{
    Body, CallSite, Code, CommandSpan, Constant, Context, ForeachShape, Handler, HandlerKind, JumpTable,
    VariableSite,
};
pub use operand::*;
pub use ops::{MATH_FUNCTIONS, Op};
pub use verify::{Rule, Verified, VerifyError, verify};
