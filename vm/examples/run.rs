//! Runs a script in a machine without I/O; `puts` goes to standard output.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a tool for developers")]

use tclring_vm::interp::command::Outcome;
use tclring_vm::interp::{Args, CommandRow, Machine, RunEnd, Step};
use tclring_vm::value::Value;

fn puts(_machine: &mut Machine, args: Args) -> Outcome {
    println!("{}", args[args.len() - 1].to_display());
    Ok(Step::EMPTY)
}

const ROWS: &[CommandRow] = &[CommandRow {
    name: "puts",
    usage: "?-nonewline? ?channel? string",
    min: 1,
    max: 3,
    safe: true,
    help: "Writes a line.",
    run: puts,
}];

fn main() {
    let path = std::env::args().nth(1).expect("the script's path is the argument");
    let text = std::fs::read(path).expect("the script can be read");
    let mut machine = Machine::new();
    machine.wall_clock = Some(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(0, |since| since.as_micros() as i64)
    });
    let main = machine.main;
    machine.register_commands(main, &[ROWS]);
    match machine.run_script(Value::from(text), true) {
        RunEnd::Done(Ok(_)) => {}
        RunEnd::Done(Err(mut e)) => println!("{}", String::from_utf8_lossy(e.trace())),
        _ => println!("ended oddly"),
    }
}
