//! The `zipfs` ensemble: mounting, listing and making zip archives.

use std::rc::Rc;

use tclring_vm::error;
use tclring_vm::exec::listops::list_of;
use tclring_vm::interp::command::{Outcome, row as safe_row};
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::var::VarCell;
use tclring_vm::interp::{Args, CommandRow, EnsembleRow, InterpId, MANY, Machine, Native, Step};
use tclring_vm::text::glob::Glob;
use tclring_vm::value::Value;

use super::support::{file_name, host_exception, index_of, posix_exception};
use crate::chan::open::Access;
use crate::host::archive::{self, Failure, zip};
use crate::host::errno::Errno;
use crate::host::fs;
use crate::host::path::{self, ARCHIVE_VOLUME};
use crate::host::user::SystemHomes;

const fn row(
    name: &'static str,
    usage: &'static str,
    arity: (u16, u16),
    help: &'static str,
    run: Native,
) -> CommandRow {
    CommandRow { safe: false, ..safe_row(name, usage, arity, help, run) }
}

/// The `zipfs` ensemble.
pub const ZIPFS: EnsembleRow = EnsembleRow {
    name: "zipfs",
    rows: &[
        row(
            "zipfs canonical",
            "?mountpoint? filename",
            (1, 2),
            "Tells the path in the volume of archives.",
            canonical,
        ),
        row("zipfs exists", "filename", (1, 1), "Whether there is such a file in an archive.", exists),
        safe_row("zipfs find", "directoryName", (1, 1), "Lists all that is below a directory.", find),
        row("zipfs info", "filename", (1, 1), "Tells of a file in an archive.", info),
        row("zipfs list", "?(-glob|-regexp)? ?pattern?", (0, 2), "Lists the files of all archives.", list),
        row(
            "zipfs lmkimg",
            "outfile inlist ?password? ?infile?",
            (2, 4),
            "Makes an image of files.",
            make_image_of,
        ),
        row(
            "zipfs lmkzip",
            "outfile inlist ?password?",
            (2, 3),
            "Makes an archive of files.",
            make_archive_of,
        ),
        row(
            "zipfs mkimg",
            "outfile indir ?strip? ?password? ?infile?",
            (2, 5),
            "Makes an image of a directory.",
            make_image,
        ),
        row("zipfs mkkey", "password", (1, 1), "Hides a password as images do.", make_key),
        row(
            "zipfs mkzip",
            "outfile indir ?strip? ?password?",
            (2, 4),
            "Makes an archive of a directory.",
            make_archive,
        ),
        row(
            "zipfs mount",
            "?zipfile? ?mountpoint? ?password?",
            (0, 3),
            "Mounts an archive, or tells what is mounted.",
            mount,
        ),
        row("zipfs mountdata", "data mountpoint", (2, 2), "Mounts an archive in memory.", mount_bytes),
        row("zipfs root", "", (0, MANY), "Names the volume of archives.", |_, args| match args.len() {
            1 => Ok(Step::Done(Value::text_of(ARCHIVE_VOLUME))),
            // The reference has a blank at the end here.
            _ => Err(error!("wrong # args: should be \"zipfs root \""; "TCL", "WRONGARGS")),
        }),
        row("zipfs unmount", "mountpoint", (1, 1), "Takes an archive off.", unmount),
    ],
    safe: false,
};

/// Makes the variables of the ensemble's namespace: how large files in archives may become, and what encoding names
/// in archives have that do not say.
pub fn set_variables(machine: &mut Machine, interp: InterpId) {
    for (name, value) in
        [("wrmax", Value::int(WRITTEN_BYTES_MAX)), ("fallbackEntryEncoding", Value::from("cp437"))]
    {
        if let Some(cell) = variable(machine, interp, name) {
            cell.set(value);
        }
    }
}

/// What `wrmax` is at the start.
const WRITTEN_BYTES_MAX: i64 = i32::MAX as i64;

fn variable(machine: &mut Machine, interp: InterpId, name: &str) -> Option<Rc<VarCell>> {
    let global = machine.interp(interp).global;
    let namespace = machine.make_namespace(b"::tcl::zipfs", global);
    machine.namespace_cell(namespace, &Value::from(name), true)
}

/// Checks that a file that is about to be opened may be written, if it is in an archive: how large it may become.
///
/// # Errors
/// `writes not permitted: …`, when the variable `wrmax` is negative.
pub fn check_writing(machine: &mut Machine, name: &[u8], access: Access) -> Result<Option<u64>, Exception> {
    if !access.writes() || archive::path_of(name, machine.mode()).is_none() {
        return Ok(None);
    }
    let interp = machine.current();
    let limit = variable(machine, interp, "wrmax").and_then(|cell| cell.get().to_i64(machine.mode()));
    match limit {
        Some(limit) if limit < 0 => Err(posix_exception(&[b"writes not permitted"], Errno::ACCES)),
        limit => Ok(limit.and_then(|limit| u64::try_from(limit).ok())),
    }
}

fn exception((message, code): Failure) -> Exception {
    error!(message; "TCL", "ZIPFS", code)
}

/// Where an archive stands that is in memory.
const IN_MEMORY: &[u8] = b"Memory Buffer";

/// The path of a mount point.
fn mount_point(word: &Value) -> Result<Vec<u8>, Exception> {
    let text = word.text();
    let rest = match text.strip_prefix(ARCHIVE_VOLUME) {
        Some(rest) => rest,
        None if text.starts_with(b"//") => {
            return Err(error!("Invalid mount path \"", word, "\""; "TCL", "ZIPFS", "MOUNT_PATH"));
        }
        None => &text,
    };
    Ok(archive::below(ARCHIVE_VOLUME, rest))
}

/// The path in the volume that a file's name means, wherever it is.
fn path_in_volume(machine: &Machine, word: &Value) -> Vec<u8> {
    let text = word.text();
    archive::path_of(&text, machine.mode()).unwrap_or_else(|| text.to_vec())
}

fn canonical(_machine: &mut Machine, args: Args) -> Outcome {
    let last = args[args.len() - 1].text();
    let path = match last.strip_prefix(ARCHIVE_VOLUME) {
        Some(rest) => archive::below(ARCHIVE_VOLUME, rest),
        None if args.len() == 3 => archive::below(&mount_point(&args[1])?, &last),
        None => archive::below(ARCHIVE_VOLUME, &last),
    };
    Ok(Step::Done(Value::text_value(path)))
}

fn exists(machine: &mut Machine, args: Args) -> Outcome {
    let path = path_in_volume(machine, &args[1]);
    Ok(Step::Done(Value::bool(archive::find(&path).is_some())))
}

fn info(machine: &mut Machine, args: Args) -> Outcome {
    let path = path_in_volume(machine, &args[1]);
    let Some(found) = archive::find(&path).filter(|found| !found.mount.is_empty()) else {
        return Err(error!("path \"", &args[1], "\" not found in any zipfs volume"));
    };
    Ok(Step::Done(Value::list(vec![
        Value::text_value(found.archive),
        Value::int(found.size),
        Value::int(found.stored_size),
        Value::int(found.offset),
    ])))
}

fn list(_machine: &mut Machine, args: Args) -> Outcome {
    let paths = archive::paths();
    let values = |paths: Vec<Vec<u8>>| Value::list(paths.into_iter().map(Value::text_value).collect());
    let pattern = match &args[1..] {
        [] => return Ok(Step::Done(values(paths))),
        [pattern] => pattern,
        [option, pattern] => {
            if index_of(option, &["-glob", "-regexp"], "option", false)? == 1 {
                let mut words: Vec<Value> =
                    ["::lsearch", "-all", "-inline", "-regexp"].map(Value::from).into_iter().collect();
                words.extend([values(paths), pattern.clone()]);
                return Ok(Step::words(words));
            }
            pattern
        }
        _ => unreachable!("the row allows two words"),
    };
    let matcher = Glob::new(&pattern.text(), false);
    Ok(Step::Done(values(paths.into_iter().filter(|path| matcher.matches(path)).collect())))
}

/// All paths below a directory, with whether they are directories; each directory before what is in it.
fn tree(machine: &Machine, directory: &Value) -> Result<Vec<(Vec<u8>, bool)>, Exception> {
    let mut found = Vec::new();
    let mut left = vec![directory.to_text()];
    while let Some(path) = left.pop() {
        let is_start = found.is_empty() && path == *directory.text();
        let name = file_name(machine, &Value::text_of(&path))?;
        let is_directory = fs::is_directory(&name);
        if !is_start {
            found.push((path.clone(), is_directory));
        }
        // Links to directories may lead in circles.
        if is_directory && (is_start || fs::kind(&name).is_ok_and(|kind| kind == fs::FileKind::Directory)) {
            let mut inside = fs::names_in(&name).map_err(host_exception)?;
            inside.sort_unstable_by(|one, other| other.cmp(one));
            left.extend(inside.into_iter().map(|tail| path::join([path.as_slice(), &tail], machine.mode())));
        }
    }
    Ok(found)
}

fn find(machine: &mut Machine, args: Args) -> Outcome {
    let found = tree(machine, &args[1])?;
    Ok(Step::Done(Value::list(found.into_iter().map(|(path, _)| Value::text_value(path)).collect())))
}

fn mount(machine: &mut Machine, args: Args) -> Outcome {
    let mounts = archive::mounts();
    match &args[1..] {
        [] => {
            let words = mounts.into_iter().flat_map(|(point, source)| [point, source]);
            return Ok(Step::Done(Value::list(words.map(Value::text_value).collect())));
        }
        [point] => {
            let point = mount_point(point)?;
            let source = mounts.into_iter().find(|(known, _)| *known == point).map(|(_, source)| source);
            return Ok(Step::Done(Value::text_value(source.unwrap_or_default())));
        }
        _ => {}
    }
    let point = free_mount_point(&args[2])?;
    let name = file_name(machine, &args[1])?;
    let bytes = fs::read_file(&name)
        .map_err(|errno| posix_exception(&[b"couldn't open \"", &args[1].text(), b"\""], errno))?;
    let source = fs::normalize(&args[1].text(), machine.mode(), &SystemHomes).map_err(host_exception)?;
    let password = args.get(3).map(Value::to_text).unwrap_or_default();
    archive::mount(&point, &source, bytes, &password).map_err(exception)?;
    Ok(Step::Done(Value::text_value(point)))
}

/// The mount point that a word means, where nothing must be mounted.
fn free_mount_point(word: &Value) -> Result<Vec<u8>, Exception> {
    let point = mount_point(word)?;
    match archive::mounts().into_iter().find(|(known, _)| *known == point) {
        None => Ok(point),
        Some((_, source)) => Err(error!(source, " is already mounted on ", point; "TCL", "ZIPFS", "MOUNTED")),
    }
}

fn mount_bytes(_machine: &mut Machine, args: Args) -> Outcome {
    let point = free_mount_point(&args[2])?;
    let bytes = bytes_of(&args[1])?;
    archive::mount(&point, IN_MEMORY, bytes, b"").map_err(exception)?;
    Ok(Step::Done(Value::text_value(point)))
}

fn bytes_of(word: &Value) -> Result<Vec<u8>, Exception> {
    word.to_bytes().map(|bytes| bytes.into_owned()).map_err(|(at, c)| {
        error!("expected code point values below 0xff but value at byte offset ", at, " was ", format!("0x{c:x}");
            "TCL", "VALUE", "BYTES")
    })
}

fn unmount(_machine: &mut Machine, args: Args) -> Outcome {
    archive::unmount(&mount_point(&args[1])?).map_err(exception)?;
    Ok(Step::EMPTY)
}

/// The bytes of a password.
fn password_of(word: Option<&Value>) -> Result<Vec<u8>, Exception> {
    let password = word.map(Value::to_text).unwrap_or_default();
    if password.len() > archive::PASSWORD_BYTES_MAX {
        return Err(exception(("illegal password", "BAD_PASS")));
    }
    Ok(password)
}

fn make_key(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::bytes(archive::hidden(&password_of(args.get(1))?))))
}

fn make_archive(machine: &mut Machine, args: Args) -> Outcome {
    let files = files_below(machine, &args[2], args.get(3))?;
    write(machine, &args[1], &files, &password_of(args.get(4))?, None)
}

fn make_archive_of(machine: &mut Machine, args: Args) -> Outcome {
    let files = listed_files(&args[2])?;
    write(machine, &args[1], &files, &password_of(args.get(3))?, None)
}

fn make_image(machine: &mut Machine, args: Args) -> Outcome {
    let files = files_below(machine, &args[2], args.get(3))?;
    let base = base_of(machine, args.get(5))?;
    write(machine, &args[1], &files, &password_of(args.get(4))?, Some(base))
}

fn make_image_of(machine: &mut Machine, args: Args) -> Outcome {
    let files = listed_files(&args[2])?;
    let base = base_of(machine, args.get(4))?;
    write(machine, &args[1], &files, &password_of(args.get(3))?, Some(base))
}

/// A file to be archived: where it is, and its name in the archive.
type Listed = (Value, Vec<u8>);

fn files_below(
    machine: &Machine,
    directory: &Value,
    strip: Option<&Value>,
) -> Result<Vec<Listed>, Exception> {
    let name = file_name(machine, directory)?;
    if !fs::is_directory(&name) {
        return Err(exception(("empty archive", "EMPTY")));
    }
    let strip = strip.map(Value::to_text).unwrap_or_default();
    let files = tree(machine, directory)?.into_iter().filter(|(_, is_directory)| !is_directory);
    Ok(files
        .map(|(path, _)| {
            let name = path.strip_prefix(strip.as_slice()).unwrap_or(&path).to_vec();
            (Value::text_of(&path), name)
        })
        .collect())
}

fn listed_files(list: &Value) -> Result<Vec<Listed>, Exception> {
    let list = list_of(list)?;
    if list.items().len() % 2 == 1 {
        return Err(exception(("need even number of elements", "LIST_LENGTH")));
    }
    Ok(list.items().chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].to_text())).collect())
}

/// The file that an image begins with, without the archive that it may have: the program itself if none is named.
fn base_of(machine: &Machine, word: Option<&Value>) -> Result<Vec<u8>, Exception> {
    let word = word.cloned().unwrap_or_else(|| Value::text_value(super::startup::program_name()));
    let mut base = read(machine, &word)?;
    if let Ok(directory) = zip::directory(&base) {
        base.truncate(directory.start);
        if let Some((_, hidden_bytes)) = archive::revealed(&base) {
            base.truncate(base.len() - hidden_bytes);
        }
    }
    Ok(base)
}

fn read(machine: &Machine, word: &Value) -> Result<Vec<u8>, Exception> {
    let name = file_name(machine, word)?;
    fs::read_file(&name).map_err(|errno| posix_exception(&[b"couldn't open \"", &word.text(), b"\""], errno))
}

/// Writes an archive, behind the beginning of an image if there is one.
fn write(
    machine: &Machine,
    target: &Value,
    files: &[Listed],
    password: &[u8],
    base: Option<Vec<u8>>,
) -> Outcome {
    if files.is_empty() {
        return Err(exception(("empty archive", "EMPTY")));
    }
    let mut sources = Vec::with_capacity(files.len());
    for (path, name) in files {
        let changed = fs::modification_time(&file_name(machine, path)?).unwrap_or(0);
        let parts = name.split(|byte| *byte == b'/').filter(|part| !matches!(*part, b"" | b"."));
        let name = parts.collect::<Vec<_>>().join(&b'/');
        sources.push(zip::Source { name, content: read(machine, path)?, time: archive::time_of(changed) });
    }
    let salt = crate::host::clock::real_us() as u64;
    let archived = zip::write(&sources, password, salt).map_err(exception)?;
    let is_image = base.is_some();
    let mut content = base.unwrap_or_default();
    if is_image {
        content.extend_from_slice(&archive::hidden(password));
    }
    content.extend_from_slice(&archived);
    let failed = |errno: Errno| posix_exception(&[b"couldn't open \"", &target.text(), b"\""], errno);
    fs::write_file(&file_name(machine, target)?, &content, is_image).map_err(failed)?;
    Ok(Step::EMPTY)
}

/// The attributes of files in archives.
const ATTRIBUTES: [&str; 7] =
    ["-uncompsize", "-compsize", "-offset", "-mount", "-archive", "-permissions", "-crc"];

/// `file attributes` of a file in an archive.
///
/// # Errors
/// The file is not there, or is to be changed.
pub fn attributes(path: &[u8], options: &[Value]) -> Outcome {
    let found = archive::find(path).ok_or_else(|| posix_exception(&[b"file not found"], Errno::NOENT))?;
    let is_mount = found.mount == path;
    let value = |at: usize| match at {
        0 => Value::int(found.size),
        1 => Value::int(found.stored_size),
        2 if is_mount => Value::int(0),
        2 => Value::int(found.offset),
        3 => Value::text_of(&found.mount),
        4 => Value::text_of(&found.archive),
        5 => Value::from("0o555"),
        // The reference's number has a sign.
        _ => Value::int(i64::from(found.checksum as i32)),
    };
    match options {
        [] => {
            let all = ATTRIBUTES.iter().enumerate().flat_map(|(at, name)| [Value::from(*name), value(at)]);
            Ok(Step::Done(Value::list(all.collect())))
        }
        [option] => Ok(Step::Done(value(index_of(option, &ATTRIBUTES, "option", false)?))),
        _ => {
            index_of(&options[0], &ATTRIBUTES, "option", false)?;
            Err(exception(("unsupported operation", "UNSUPPORTED_OP")))
        }
    }
}
