//! The core commands: tables of rows, one file per theme.

pub mod arithmetic;
pub mod array;
mod array_search;
pub mod binary;
pub mod build_info;
pub mod bytecode;
pub mod choice;
pub mod control;
pub mod dict;
mod dict_loops;
pub mod dict_path;
pub(crate) mod dict_scopes;
mod element_key;
pub mod encoding;
mod ensemble_cmd;
pub mod eval;
pub mod format;
mod icu;
mod icu_names;
pub mod info;
mod info_frame;
mod info_names;
pub mod interp;
mod interp_alias;
mod interp_hide;
mod interp_limit;
#[cfg(test)]
mod limit_tests;
pub mod list;
#[cfg(test)]
mod list_tests;
pub mod loops;
pub mod lsearch;
pub mod lseq;
pub mod lset;
pub mod lsort;
mod lsort_command;
pub mod namespace;
pub mod options;
pub(crate) mod pattern;
pub mod prefix;
pub mod proc;
pub mod regexp;
#[cfg(test)]
mod regexp_tests;
mod statistics;
pub mod string;
mod string_is;
#[cfg(test)]
pub(crate) mod string_tests;
pub mod subst;
pub mod switch;
pub mod time;
pub mod trace;
pub mod trace_steps;
pub mod try_command;
pub mod unsupported;
pub mod vars;

use crate::interp::{CommandRow, EnsembleRow, InterpId, Machine};

/// The tables of core commands.
pub const COMMANDS: &[&[CommandRow]] = &[
    build_info::ROWS,
    arithmetic::FUNCTION_ROWS,
    arithmetic::OPERATOR_ROWS,
    arithmetic::ROWS,
    control::ROWS,
    eval::ROWS,
    format::ROWS,
    interp::ROWS,
    list::ROWS,
    loops::ROWS,
    lsearch::ROWS,
    lseq::ROWS,
    lsort::ROWS,
    proc::ROWS,
    regexp::ROWS,
    subst::ROWS,
    switch::ROWS,
    time::ROWS,
    try_command::ROWS,
    trace::ROWS,
    bytecode::ROWS,
    unsupported::ROWS,
    vars::ROWS,
];

/// The core ensembles.
pub const ENSEMBLES: &[EnsembleRow] = &[
    array::ARRAY,
    binary::BINARY,
    binary::ENCODE,
    binary::DECODE,
    dict::DICT,
    encoding::ENCODING,
    icu::ICU,
    info::ENSEMBLE,
    namespace::ENSEMBLE,
    prefix::PREFIX,
    string::STRING,
];

/// Puts the core commands into an interpreter.
pub fn register_core(machine: &mut Machine, interp: InterpId) {
    machine.register_commands(interp, COMMANDS);
    for row in ENSEMBLES {
        machine.register_ensemble(interp, row);
    }
    machine.export_arithmetic(interp);
    machine.register_commands(interp, crate::oo::COMMANDS);
    for row in crate::oo::ENSEMBLES {
        machine.register_ensemble(interp, row);
    }
    machine.found_objects(interp);
    machine.connect_info(interp);
}
