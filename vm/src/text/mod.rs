//! Engines over text and bytes: pure functions that know no values and no interpreter.
//!
//! Every text is generalised UTF-8 (`tclring_compiler::syntax::text`); indices
//! and lengths count code points unless a name says bytes.

pub mod binary;
pub mod case;
mod case_tables;
pub mod class;
mod class_tables;
pub mod compare;
pub mod encoding;
pub mod format;
pub mod glob;
pub mod integer;
pub mod map;
pub mod real;
pub mod scan;
pub mod search;
