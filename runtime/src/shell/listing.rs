//! Listings: the bytecode of a script and of the procedures that it defines.

use std::io::Read;
use std::process::ExitCode;

use tclring_compiler::Mode;
use tclring_compiler::source::Span;
use tclring_compiler::syntax::command::{WordBody, parse_script};
use tclring_vm::cmd::proc::make_proc;
use tclring_vm::value::Value;

use crate::cmd::source::read_script;
use crate::world::World;

/// How deep procedures are looked for in bodies of `namespace eval`.
const DEPTH_MAX: usize = 8;

/// Prints the listing of a script; the script is on the standard input if no path is given.
///
/// # Errors
/// When the script cannot be read.
pub(super) fn print(world: &mut World, path: Option<&[u8]>) -> Result<ExitCode, String> {
    let script = match path {
        Some(path) => read_script(&mut world.machine, &Value::text_of(path), &Value::from("utf-8"))
            .map_err(|error| error.result.to_display())?,
        None => {
            let mut text = Vec::new();
            std::io::stdin().read_to_end(&mut text).map_err(|error| format!("standard input: {error}"))?;
            Value::text_value(text)
        }
    };
    let mut out = world.machine.listing_of(&script);
    procedures(world, &script.text(), DEPTH_MAX, &mut out);
    world.print(out.as_bytes());
    Ok(ExitCode::SUCCESS)
}

/// Appends the listings of the procedures that a script defines in literal words.
fn procedures(world: &mut World, text: &[u8], depth: usize, out: &mut String) {
    let script = parse_script(text, Span::new(0, text.len()), Mode::Tcl90, 0);
    for command in &script.commands {
        let words: Option<Vec<&[u8]>> = command
            .words
            .iter()
            .map(|word| match &word.body {
                WordBody::Literal { text, .. } => Some(&**text),
                WordBody::Parts(_) => None,
            })
            .collect();
        match words.as_deref() {
            Some([b"proc", name, params, body]) => {
                let Ok(procedure) = make_proc(&Value::text_of(params), &Value::text_of(body)) else {
                    continue;
                };
                let global = world.machine.global();
                out.push_str(&format!("\nproc {}\n", String::from_utf8_lossy(name)));
                out.push_str(&world.machine.listing_of_proc(&procedure, global));
            }
            Some([b"namespace", b"eval", _, body]) if depth > 0 => procedures(world, body, depth - 1, out),
            _ => {}
        }
    }
}
