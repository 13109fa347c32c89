//! `tcl::unsupported::io`: what does the input and output.

use tclring_vm::interp::{Args, CommandRow, Machine, Outcome, Step};
use tclring_vm::value::{Dict, Value};

use super::channel::row;
use crate::event::reactor::reactor;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[row(
    "tcl::unsupported::io",
    "",
    0,
    0,
    "Tells the driver, the features of the kernel in use, and counters.",
    io,
)];

fn io(machine: &mut Machine, _args: Args) -> Outcome {
    let report = reactor(machine).driver.report();
    let mut counters = Dict::default();
    for (name, count) in report.counters.named() {
        counters.insert(&Value::from(name), Value::int(i64::try_from(count).unwrap_or(i64::MAX)));
    }
    let mut dict = Dict::default();
    dict.insert(&Value::from("driver"), Value::from(report.driver));
    let features = report.features.iter().map(|feature| Value::from(*feature)).collect();
    dict.insert(&Value::from("features"), Value::list(features));
    dict.insert(&Value::from("counters"), Value::dict(counters));
    Ok(Step::Done(Value::dict(dict)))
}
