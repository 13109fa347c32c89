//! What the commands of this folder share: errors of the host, names of files, options.

use tclring_vm::error;
use tclring_vm::interp::Machine;
use tclring_vm::interp::ensemble::alternatives;
use tclring_vm::interp::exception::{Exception, Raised};
use tclring_vm::value::Value;

use crate::host::errno::{Errno, HostError};
use crate::host::fs::FileName;
use crate::host::user::SystemHomes;

/// The exception that a failure of the host is.
pub fn host_exception(failure: HostError) -> Exception {
    let exception = Raised::error(Value::text_of(failure.message()));
    let code = failure.code();
    if code.is_empty() { exception } else { exception.with_code(&code) }
}

/// The exception of a failed system call: the words before the colon and the system's answer.
pub fn posix_exception(words: &[&[u8]], errno: Errno) -> Exception {
    host_exception(HostError::posix(words, errno))
}

/// The name of a file in a word, by the rules of the running interpreter.
pub fn file_name(machine: &Machine, word: &Value) -> Result<FileName, Exception> {
    FileName::new(&word.text(), machine.mode(), &SystemHomes).map_err(host_exception)
}

/// The place in `table` of the option or keyword `word`, unique abbreviations allowed unless `exact`.
///
/// # Errors
/// `bad WHAT "word": must be …`
pub fn index_of(word: &Value, table: &[&str], what: &str, exact: bool) -> Result<usize, Exception> {
    let text = word.text();
    if let Some(at) = table.iter().position(|entry| entry.as_bytes() == &*text) {
        return Ok(at);
    }
    let mut found = table.iter().enumerate().filter(|(_, entry)| entry.as_bytes().starts_with(&text));
    let first = found.next();
    let ambiguous = first.is_some() && found.next().is_some();
    match first {
        Some((at, _)) if !exact && !ambiguous && !text.is_empty() => Ok(at),
        _ => {
            let kind = if ambiguous && !exact && !text.is_empty() { "ambiguous " } else { "bad " };
            let mut message = tclring_vm::text![kind, what, " \"", word, "\": must be "];
            message.extend_from_slice(&alternatives(table));
            Err(error!(message; "TCL", "LOOKUP", "INDEX", what, &*text))
        }
    }
}

/// Sets a variable at the global level without traces.
pub fn set_global(machine: &mut Machine, interp: tclring_vm::interp::InterpId, name: &str, value: Value) {
    let global = machine.interp(interp).global;
    if let Some(cell) = machine.namespace_cell(global, &Value::from(name), true) {
        cell.set(value);
    }
}

/// The value of a variable at the global level without traces; an element with its array's name before it.
pub fn global_value(machine: &mut Machine, name: &str, element: Option<&str>) -> Option<Value> {
    let global = machine.global();
    let cell = machine.namespace_cell(global, &Value::from(name), false)?;
    match element {
        Some(element) => cell.array()?.get(&Value::from(element)),
        None if cell.array().is_some() => None,
        None => Some(cell.get()).filter(|value| !value.is_unset()),
    }
}

/// The texts of words.
pub fn texts(words: &[Value]) -> Vec<Vec<u8>> {
    words.iter().map(Value::to_text).collect()
}
