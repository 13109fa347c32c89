//! `tcl::build-info`: what was built, and how.

use crate::interp::command::Outcome;
use crate::interp::{Args, CommandRow, Machine, Step};
use crate::value::Value;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "tcl::build-info",
    usage: "?option?",
    min: 0,
    max: 1,
    safe: true,
    help: "What was built, and how.",
    run: build_info,
}];

/// The language's patch level.
const PATCH_LEVEL: &str = "9.0.4";
/// The compiler that built it, as an option name.
const COMPILER: &str = "rustc";

fn build_info(_machine: &mut Machine, args: Args) -> Outcome {
    let version = env!("CARGO_PKG_VERSION");
    let value = match args.get(1).map(Value::to_text).as_deref() {
        None => Value::from(format!("{PATCH_LEVEL}+tclring-{version}.{COMPILER}")),
        Some(b"version") => Value::from("9.0"),
        Some(b"patchlevel") => Value::from(PATCH_LEVEL),
        Some(b"commit") => Value::from(format!("tclring-{version}")),
        Some(b"compiler") => Value::from(COMPILER),
        Some(option) => Value::bool(option == COMPILER.as_bytes()),
    };
    Ok(Step::Done(value))
}
