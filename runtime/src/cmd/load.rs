//! `load` and `unload`: compiled extensions, which this program cannot load. Their words are checked, and the failure
//! is told as the reference tells that a file is no library.

use tclring_vm::cmd::interp::find;
use tclring_vm::error;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, Machine, Outcome, Step};
use tclring_vm::value::Value;

use super::support::{file_name, index_of};
use crate::host::errno::Errno;
use crate::host::fs;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "load",
        usage: LOAD_USAGE,
        min: 1,
        max: u16::MAX,
        safe: false,
        help: "Loads a compiled extension.",
        run: load,
    },
    CommandRow {
        name: "unload",
        usage: UNLOAD_USAGE,
        min: 1,
        max: u16::MAX,
        safe: false,
        help: "Unloads a compiled extension.",
        run: unload,
    },
];

const LOAD_USAGE: &str = "?-global? ?-lazy? ?--? fileName ?prefix? ?interp?";
const UNLOAD_USAGE: &str = "?-switch ...? fileName ?prefix? ?interp?";

/// What the words after the options name.
struct Names {
    file: Value,
    prefix: Value,
}

/// Reads the words: which of the options are there, and the names.
fn read_words(
    machine: &mut Machine,
    args: &Args,
    options: &[&str],
    usage: &str,
) -> Result<(Vec<bool>, Names), Exception> {
    let mut given = vec![false; options.len()];
    let mut at = 1;
    while at + 1 < args.len() && args[at].text().starts_with(b"-") {
        let option = index_of(&args[at], options, "option", false)?;
        at += 1;
        if options[option] == "--" {
            break;
        }
        given[option] = true;
    }
    let words = &args[at..];
    // A last word that looks like a switch is one for `unload`, which needs a file's name after it.
    let lacks_file =
        words.len() == 1 && options.contains(&"-nocomplain") && words[0].text().starts_with(b"-") && at == 1;
    if words.is_empty() || words.len() > 3 || lacks_file {
        return Err(machine.wrong_args(args, 1, usage));
    }
    if let Some(path) = words.get(2) {
        find(machine, path)?;
    }
    let prefix = words.get(1).cloned().unwrap_or_default();
    Ok((given, Names { file: words[0].clone(), prefix }))
}

fn load(machine: &mut Machine, args: Args) -> Outcome {
    let (_, names) = read_words(machine, &args, &["-global", "-lazy", "--"], LOAD_USAGE)?;
    if names.file.is_empty() {
        return Err(match names.prefix.is_empty() {
            true => {
                error!("must specify either file name or prefix"; "TCL", "OPERATION", "LOAD", "NOLIBRARY")
            }
            false => error!("no library with prefix \"", &names.prefix, "\" is loaded statically";
                "TCL", "OPERATION", "LOAD", "NOTSTATIC"),
        });
    }
    if names.prefix.is_empty() && !has_prefix(&names.file.text()) {
        return Err(
            error!("cannot figure out prefix for ", &names.file; "TCL", "OPERATION", "LOAD", "WHATLIBRARY"),
        );
    }
    let file = file_name(machine, &names.file)?;
    let why = match fs::read_file(&file) {
        Ok(content) if content.starts_with(b"\x7fELF") => {
            Value::from("compiled extensions cannot be loaded into this program")
        }
        Ok(_) => Value::from("invalid ELF header"),
        Err(Errno::NOENT) => Value::from("cannot open shared object file: No such file or directory"),
        Err(errno) => Value::text_of(errno.message().as_bytes()),
    };
    Err(error!("couldn't load file \"", &names.file, "\": ", &names.file, ": ", &why))
}

/// Whether a file's name tells the prefix of the library's functions.
fn has_prefix(path: &[u8]) -> bool {
    let tail = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    let tail = tail.strip_prefix(b"lib").unwrap_or(tail);
    let tail = tail.strip_prefix(b"tcl9").unwrap_or(tail);
    tail.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_' || !byte.is_ascii())
}

fn unload(machine: &mut Machine, args: Args) -> Outcome {
    let options = ["-nocomplain", "-keeplibrary", "--"];
    let (given, names) = read_words(machine, &args, &options, UNLOAD_USAGE)?;
    if names.file.is_empty() && names.prefix.is_empty() {
        return Err(
            error!("must specify either file name or prefix"; "TCL", "OPERATION", "UNLOAD", "NOLIBRARY"),
        );
    }
    if given[0] {
        return Ok(Step::EMPTY);
    }
    Err(if names.file.is_empty() {
        error!("library with prefix \"", &names.prefix, "\" is loaded statically and cannot be unloaded";
            "TCL", "OPERATION", "UNLOAD", "STATIC")
    } else {
        error!("file \"", &names.file, "\" has never been loaded"; "TCL", "OPERATION", "UNLOAD", "NEVERLOADED")
    })
}
