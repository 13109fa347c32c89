//! Arithmetic on values: operators, comparisons, math functions and the operator commands.
//!
//! Pure functions, shared by the execution loop's slow paths and by commands. Results and
//! error texts are those of the reference; the rules of number texts are in the compiler.

pub mod binary;
pub mod compare;
pub mod error;
pub mod functions;
pub mod integer;
pub mod mathop;
pub mod patience;
pub mod random;
pub mod unary;

pub use binary::{BinaryOp, binary};
pub use compare::{Relation, compare, compare_texts, eq, ge, gt, in_list, le, lt, ne};
pub use functions::call_function;
pub use unary::{bitnot, expr_result, neg, not, numeric, plus, truth};

#[cfg(test)]
mod tests;
