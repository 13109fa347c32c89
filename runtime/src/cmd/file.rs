//! `file`: names taken apart and put together, and what files are.
//!
//! What changes files is in [`super::file_change`].

use tclring_vm::cmd::options::integer;
use tclring_vm::error;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, EnsembleRow, MANY, Machine, Native, Outcome, Step};
use tclring_vm::value::{Dict, Value};

use super::file_change as change;
use super::support::{file_name, host_exception, texts};
use crate::host::archive;
use crate::host::errno::HostError;
use crate::host::fs::{self, FileName, FileStat};
use crate::host::path::{self, Homes};
use crate::host::user::SystemHomes;

const fn row(
    name: &'static str,
    usage: &'static str,
    (min, max): (u16, u16),
    safe: bool,
    help: &'static str,
    run: Native,
) -> CommandRow {
    CommandRow { name, usage, min, max, safe, help, run }
}

/// The ensemble `file`.
pub const FILE: EnsembleRow = EnsembleRow { name: "file", rows: ROWS, safe: false };

/// The subcommands of `file`.
pub const ROWS: &[CommandRow] = &[
    row(
        "file atime",
        "name ?time?",
        (1, 2),
        false,
        "Answers or sets the time of the last access.",
        access_time,
    ),
    row(
        "file attributes",
        "name ?-option value ...?",
        (1, MANY),
        false,
        "Answers or sets attributes.",
        change::attributes,
    ),
    row("file channels", "?pattern?", (0, 1), true, "Lists the open channels.", super::chan::names),
    row(
        "file copy",
        "?-option value ...? source ?source ...? target",
        (0, MANY),
        false,
        "Copies files.",
        change::copy,
    ),
    row("file delete", "?-option value ...? ?file ...?", (0, MANY), false, "Deletes files.", change::delete),
    row("file dirname", "name", (1, 1), false, "Answers all but the last component.", directory_name),
    row("file executable", "name", (1, 1), false, "Tests whether a file may be executed.", |m, a| {
        test(m, &a, fs::is_executable)
    }),
    row("file exists", "name", (1, 1), false, "Tests whether a file exists.", |m, a| test(m, &a, fs::exists)),
    row("file extension", "name", (1, 1), false, "Answers the last dot and what follows.", |_, a| {
        Ok(Step::Done(Value::text_of(path::extension(&a[1].text()))))
    }),
    row("file home", "?user?", (0, 1), false, "Answers a home directory.", home),
    row("file isdirectory", "name", (1, 1), false, "Tests for a directory.", |m, a| {
        test(m, &a, fs::is_directory)
    }),
    row("file isfile", "name", (1, 1), false, "Tests for a regular file.", |m, a| test(m, &a, fs::is_file)),
    row("file join", "name ?name ...?", (1, MANY), true, "Puts names together.", join),
    row(
        "file link",
        "?-linktype? linkname ?target?",
        (1, 3),
        false,
        "Answers or makes a link.",
        change::link,
    ),
    row("file lstat", "name ?varName?", (1, 2), false, "Describes a file, not through a link.", |m, a| {
        describe(m, &a, fs::stat_link)
    }),
    row("file mkdir", "?name ...?", (0, MANY), false, "Makes directories.", change::make_directories),
    row(
        "file mtime",
        "name ?time?",
        (1, 2),
        false,
        "Answers or sets the time of the last change.",
        change_time,
    ),
    row("file nativename", "name", (1, 1), false, "Answers the system's form of a name.", native_name),
    row("file normalize", "name", (1, 1), false, "Answers the only absolute form of a name.", normalize),
    row("file owned", "name", (1, 1), false, "Tests whether the user owns a file.", |m, a| {
        test(m, &a, fs::is_owned)
    }),
    row("file pathtype", "name", (1, 1), true, "Tells absolute names from relative ones.", path_type),
    row("file readable", "name", (1, 1), false, "Tests whether a file may be read.", |m, a| {
        test(m, &a, fs::is_readable)
    }),
    row("file readlink", "name", (1, 1), false, "Answers what a symbolic link says.", change::read_link),
    row(
        "file rename",
        "?-option value ...? source ?source ...? target",
        (0, MANY),
        false,
        "Renames or moves files.",
        change::rename,
    ),
    row("file rootname", "name", (1, 1), false, "Answers all before the extension.", |_, a| {
        Ok(Step::Done(Value::text_of(path::rootname(&a[1].text()))))
    }),
    row("file separator", "?name?", (0, 1), true, "Answers the separator of components.", separator),
    row("file size", "name", (1, 1), false, "Answers the size in bytes.", |m, a| number(m, &a, fs::size)),
    row("file split", "name", (1, 1), true, "Answers the components.", split),
    row("file stat", "name ?varName?", (1, 2), false, "Describes a file.", |m, a| describe(m, &a, fs::stat)),
    row("file system", "name", (1, 1), true, "Answers the kind of file system.", system),
    row("file tail", "name", (1, 1), false, "Answers the last component.", tail),
    row(
        "file tempdir",
        "?template?",
        (0, 1),
        false,
        "Makes a temporary directory.",
        change::temporary_directory,
    ),
    row(
        "file tempfile",
        "?nameVar? ?template?",
        (0, 2),
        false,
        "Makes and opens a temporary file.",
        change::temporary_file,
    ),
    row("file tildeexpand", "path", (1, 1), false, "Replaces a tilde by a home directory.", tilde_expand),
    row("file type", "name", (1, 1), false, "Answers what a file is.", file_type),
    row("file volumes", "", (0, 0), false, "Lists the volumes.", volumes),
    row("file writable", "name", (1, 1), false, "Tests whether a file may be written.", |m, a| {
        test(m, &a, fs::is_writable)
    }),
];

fn test(machine: &mut Machine, args: &Args, ask: fn(&FileName) -> bool) -> Outcome {
    // A name that cannot be read is that of no file.
    let answer = file_name(machine, &args[1]).is_ok_and(|name| ask(&name));
    Ok(Step::Done(Value::bool(answer)))
}

fn number(machine: &mut Machine, args: &Args, ask: fn(&FileName) -> Result<i64, HostError>) -> Outcome {
    let name = file_name(machine, &args[1])?;
    Ok(Step::Done(Value::int(ask(&name).map_err(host_exception)?)))
}

fn time(
    machine: &mut Machine,
    args: &Args,
    ask: fn(&FileName) -> Result<i64, HostError>,
    set: fn(&FileName, i64) -> Result<i64, HostError>,
) -> Outcome {
    let name = file_name(machine, &args[1])?;
    let seconds = match args.get(2) {
        None => ask(&name),
        Some(word) => {
            // That the file is missing is said before that the time is none.
            ask(&name).map_err(host_exception)?;
            let seconds = integer(word, machine.mode())?;
            set(&name, seconds)
        }
    };
    Ok(Step::Done(Value::int(seconds.map_err(host_exception)?)))
}

fn access_time(machine: &mut Machine, args: Args) -> Outcome {
    time(machine, &args, fs::access_time, fs::set_access_time)
}

fn change_time(machine: &mut Machine, args: Args) -> Outcome {
    time(machine, &args, fs::modification_time, fs::set_modification_time)
}

fn directory_name(machine: &mut Machine, args: Args) -> Outcome {
    let name = path::dirname(&args[1].text(), machine.mode(), &SystemHomes).map_err(host_exception)?;
    Ok(Step::Done(Value::text_value(name)))
}

fn tail(machine: &mut Machine, args: Args) -> Outcome {
    let name = path::tail(&args[1].text(), machine.mode(), &SystemHomes).map_err(host_exception)?;
    Ok(Step::Done(Value::text_value(name)))
}

fn home(_machine: &mut Machine, args: Args) -> Outcome {
    let user = args.get(1).map(Value::to_text).filter(|user| !user.is_empty());
    let home = SystemHomes.home(user.as_deref()).map_err(host_exception)?;
    Ok(Step::Done(Value::text_value(home)))
}

fn join(machine: &mut Machine, args: Args) -> Outcome {
    let mode = machine.mode();
    let names = texts(&args[1..]);
    Ok(Step::Done(Value::text_value(path::join(names.iter().map(Vec::as_slice), mode))))
}

fn native_name(machine: &mut Machine, args: Args) -> Outcome {
    let name = path::native_name(&args[1].text(), machine.mode(), &SystemHomes).map_err(host_exception)?;
    Ok(Step::Done(Value::text_value(name)))
}

fn normalize(machine: &mut Machine, args: Args) -> Outcome {
    let name = fs::normalize(&args[1].text(), machine.mode(), &SystemHomes).map_err(host_exception)?;
    Ok(Step::Done(Value::text_value(name)))
}

fn path_type(machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::from(path::path_type(&args[1].text(), machine.mode()).word())))
}

fn no_file_system(name: &Value) -> Exception {
    error!("unrecognised path"; "TCL", "LOOKUP", "FILESYSTEM", name.text())
}

fn separator(_machine: &mut Machine, args: Args) -> Outcome {
    match args.get(1) {
        Some(name) if name.is_empty() => Err(no_file_system(name)),
        _ => Ok(Step::Done(Value::from("/"))),
    }
}

fn system(machine: &mut Machine, args: Args) -> Outcome {
    let name = args[1].text();
    if name.is_empty() {
        return Err(no_file_system(&args[1]));
    }
    let archive = archive::path_of(&name, machine.mode()).is_some();
    Ok(Step::Done(Value::from(if archive { "zipfs zip" } else { "native" })))
}

fn split(machine: &mut Machine, args: Args) -> Outcome {
    let parts = path::split(&args[1].text(), machine.mode());
    Ok(Step::Done(Value::list(parts.into_iter().map(Value::text_value).collect())))
}

fn tilde_expand(_machine: &mut Machine, args: Args) -> Outcome {
    let name = path::tilde_expand(&args[1].text(), &SystemHomes).map_err(host_exception)?;
    Ok(Step::Done(Value::text_value(name)))
}

fn file_type(machine: &mut Machine, args: Args) -> Outcome {
    let name = file_name(machine, &args[1])?;
    Ok(Step::Done(Value::from(fs::kind(&name).map_err(host_exception)?.word())))
}

fn volumes(_machine: &mut Machine, _args: Args) -> Outcome {
    Ok(Step::Done(Value::list(fs::volumes().into_iter().map(Value::text_of).collect())))
}

/// The answer as a dictionary, or its parts as elements of an array.
fn describe(
    machine: &mut Machine,
    args: &Args,
    ask: fn(&FileName) -> Result<FileStat, HostError>,
) -> Outcome {
    let name = file_name(machine, &args[1])?;
    let stat = ask(&name).map_err(host_exception)?;
    let mut parts: Vec<(Value, Value)> =
        stat.fields().into_iter().map(|(name, number)| (Value::from(name), Value::int(number))).collect();
    parts.push((Value::from("type"), Value::from(stat.kind.word())));
    let Some(array) = args.get(2) else {
        let mut dict = Dict::default();
        for (name, value) in parts {
            dict.insert(&name, value);
        }
        return Ok(Step::Done(Value::dict(dict)));
    };
    let element = |name: &Value| Value::text_value(tclring_vm::text![array, "(", name, ")"]);
    let stores: Vec<(Value, Value)> =
        parts.iter().map(|(name, value)| (element(name), value.clone())).collect();
    machine.store_all(stores.into_iter(), Value::EMPTY)
}
