//! `source`: runs the script in a file.

use std::rc::Rc;

use tclring_vm::cmd::encoding::default_profile;
use tclring_vm::interp::exception::{ERROR, Exception, OK, RETURN};
use tclring_vm::interp::{Args, At, CommandRow, InterpId, MANY, Machine, Outcome, Step, What};
use tclring_vm::text;
use tclring_vm::value::{Place, StrObj, Value};

use super::support::{file_name, index_of, posix_exception};
use crate::host::errno::Errno;
use crate::host::fs;
use crate::host::user::SystemHomes;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "source",
    usage: "?-encoding encoding? fileName",
    min: 1,
    max: MANY,
    safe: false,
    help: "Runs the script in a file.",
    run: source,
}];

/// How much of the file's name errorInfo shows.
const NAME_SHOWN_MAX: usize = 150;

/// The byte that ends a script within its file.
const END_OF_SCRIPT: u8 = 0x1A;

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

fn source(machine: &mut Machine, args: Args) -> Outcome {
    let mut encoding_name = Value::from("utf-8");
    let path = match &args[..] {
        [_, path] => path,
        [_, option, path] => {
            index_of(option, &["-nopkg"], "option", true)?;
            return source_file(machine, path, &encoding_name);
        }
        [_, option, name, path] => {
            index_of(option, &["-encoding"], "option", true)?;
            encoding_name = name.clone();
            path
        }
        _ => return Err(machine.wrong_args(&args, 1, "?-encoding encoding? fileName")),
    };
    super::package::note_file(machine, path);
    source_file(machine, path, &encoding_name)
}

/// Runs the script in the file `path` in the variables of the frame that asks. The reference compiles it as a whole.
///
/// # Errors
/// `couldn't read file "path": …`, or what the script raises with the line in the file in its errorInfo.
pub fn source_file(machine: &mut Machine, path: &Value, encoding_name: &Value) -> Outcome {
    let script = read_script(machine, path, encoding_name)?;
    Ok(run_file_script(machine, path, script, What::Script))
}

/// Runs the script in the file `path` command by command, as the reference does with the one that a program begins with.
///
/// # Errors
/// As [`source_file`].
pub fn source_first_file(machine: &mut Machine, path: &Value, encoding_name: &Value) -> Outcome {
    let script = read_script(machine, path, encoding_name)?;
    Ok(run_file_script(machine, path, script, What::Sourced))
}

/// Runs a script that was read from the file `path`, as the kind of script that `what` makes of it.
fn run_file_script(machine: &mut Machine, path: &Value, script: Value, what: fn(Value) -> What) -> Step {
    let interp = machine.current();
    let outer = std::mem::replace(&mut machine.interp_mut(interp).script_file, path.clone());
    let script = in_file(machine, path, &script);
    let path = path.clone();
    Step::run(what(script), At::Here, move |machine, outcome| finish(machine, interp, path, outer, outcome))
}

/// The script as the text of the file `path`: what runs in it knows where it stands.
fn in_file(machine: &Machine, path: &Value, script: &Value) -> Value {
    let name = match fs::normalize(&path.text(), machine.mode(), &SystemHomes) {
        Ok(name) => Value::text_value(name),
        Err(_) => path.clone(),
    };
    let object = StrObj::new(script.to_text());
    object.set_place(Rc::new(Place::of_file(name)));
    Value::from_str_obj(Rc::new(object))
}

fn finish(
    machine: &mut Machine,
    interp: InterpId,
    path: Value,
    outer: Value,
    outcome: Result<Value, Exception>,
) -> Outcome {
    if let Some(interp) = machine.interps.get_mut(interp) {
        interp.script_file = outer;
    }
    match outcome {
        Ok(value) => Ok(Step::Done(value)),
        Err(mut exception) if exception.code == RETURN => {
            exception.level -= 1;
            if exception.level > 0 {
                return Err(exception);
            }
            if exception.return_code == OK {
                return Ok(Step::Done(exception.result));
            }
            exception.code = exception.return_code;
            exception.logged = false;
            Err(exception)
        }
        Err(mut exception) if exception.code == ERROR => {
            let shown = tclring_vm::exec::shorten(&path.text(), NAME_SHOWN_MAX);
            let line = text!["\n    (file \"", shown, "\" line ", exception.error_line, ")"];
            exception.add_info(&line);
            exception.logged = false;
            Err(exception)
        }
        Err(exception) => Err(exception),
    }
}

/// The script in the file `path`: decoded, line ends normalised, without a byte order mark, up to a ^Z.
///
/// # Errors
/// `couldn't read file "path": …`, or an unknown encoding.
pub fn read_script(machine: &mut Machine, path: &Value, encoding_name: &Value) -> Result<Value, Exception> {
    let refuse = |errno| posix_exception(&[b"couldn't read file \"", &path.text(), b"\""], errno);
    let name = file_name(machine, path)?;
    let mut bytes = fs::read_file(&name).map_err(refuse)?;
    let encoding = super::encodings::find(machine, encoding_name)?;
    if let Some(end) = memchr::memchr(END_OF_SCRIPT, &bytes)
        && encoding.unit_bytes() == 1
    {
        bytes.truncate(end);
    }
    let text = if encoding.is_utf8() && std::str::from_utf8(&bytes).is_ok() {
        bytes
    } else {
        let (text, failed) = encoding.decode_all(&bytes, default_profile(machine.mode()));
        if failed.is_some() {
            return Err(refuse(Errno::ILSEQ));
        }
        text
    };
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let mut text = normal_lines(text);
    text.drain(..start);
    Ok(Value::text_value(text))
}

/// The text with every line end as a newline.
fn normal_lines(text: Vec<u8>) -> Vec<u8> {
    if memchr::memchr(b'\r', &text).is_none() {
        return text;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.into_iter().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\r' {
            bytes.next_if_eq(&b'\n');
            out.push(b'\n');
        } else {
            out.push(byte);
        }
    }
    out
}
