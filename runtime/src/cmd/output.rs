//! `puts` to the standard channels.

use std::io::Write;

use tclring_vm::error;
use tclring_vm::interp::{Args, CommandRow, Machine, Outcome, Step};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "puts",
    usage: "?-nonewline? ?channel? string",
    min: 1,
    max: 3,
    safe: true,
    help: "Writes a line to a channel.",
    run: puts,
}];

fn puts(machine: &mut Machine, args: Args) -> Outcome {
    let no_newline = *args[1].text() == *b"-nonewline" && args.len() > 2;
    let at = if no_newline { 2 } else { 1 };
    let (channel, text) = match &args[at..] {
        [text] => (b"stdout".to_vec(), text),
        [channel, text] => (channel.to_text(), text),
        _ => return Err(machine.wrong_args(&args, 1, "?-nonewline? ?channel? string")),
    };
    let mut line = text.to_text();
    if !no_newline {
        line.push(b'\n');
    }
    // The outcome of writing to a closed standard channel is of no consequence here.
    let _ = match channel.as_slice() {
        b"stdout" => std::io::stdout().write_all(&line),
        b"stderr" => std::io::stderr().write_all(&line),
        name => {
            return Err(error!("can not find channel named \"", name, "\""; "TCL", "LOOKUP", "CHANNEL", name));
        }
    };
    Ok(Step::EMPTY)
}
