//! Words as integers, and the usual complaints about words.

use crate::error;
use crate::interp::ensemble::alternatives;
use crate::interp::exception::Exception;
use crate::value::Value;

/// The number of the name in `names` that `word` gives in full.
///
/// # Errors
/// `bad WHAT …`, with all the names.
pub(crate) fn exactly(word: &Value, names: &[&str], what: &str) -> Result<usize, Exception> {
    let text = word.text();
    let found = names.iter().position(|name| name.as_bytes() == &*text);
    found.ok_or_else(|| {
        error!("bad ", what, " \"", word, "\": must be ", alternatives(names); "TCL", "LOOKUP", "INDEX", what, &*text)
    })
}

/// The number of the option in `names` that `word` gives by at least two characters.
///
/// # Errors
/// `bad option …`, with all the names.
pub(crate) fn dashed(word: &Value, names: &[&str]) -> Result<usize, Exception> {
    let text = word.text();
    let found = names.iter().position(|name| text.len() > 1 && name.as_bytes().starts_with(&text));
    match found {
        Some(number) => Ok(number),
        None => exactly(word, names, "option"),
    }
}

/// The error about the number of arguments of a subcommand, which is shown as `shown`.
#[cold]
pub(crate) fn wrong_usage(shown: &str) -> Exception {
    error!("wrong # args: should be \"", shown, "\""; "TCL", "WRONGARGS")
}

/// `word` as an integer of 64 bits.
///
/// # Errors
/// It is no integer, or too large.
pub fn integer(word: &Value, mode: tclring_compiler::Mode) -> Result<i64, Exception> {
    if let Some(n) = word.as_int() {
        return Ok(n);
    }
    match word.to_num(mode) {
        Some(crate::value::Num::Int(n)) => Ok(n),
        Some(crate::value::Num::Big(_)) => Err(too_large()),
        _ => Err(crate::arith::error::expected("integer", word)),
    }
}

/// `word` as a truth value.
///
/// # Errors
/// It is none.
pub fn boolean(word: &Value, mode: tclring_compiler::Mode) -> Result<bool, Exception> {
    word.to_bool(mode).ok_or_else(|| crate::arith::error::expected("boolean value", word))
}

/// `word` as a truth value, of which it is a name: other numbers than 0 and 1 are none.
///
/// # Errors
/// It is none; the error's code says `BOOLEAN`.
pub fn boolean_name(word: &Value) -> Result<bool, Exception> {
    tclring_compiler::syntax::number::parse_boolean(&word.text()).ok_or_else(|| {
        crate::arith::error::expected("boolean value", word).with_code(&["TCL", "VALUE", "BOOLEAN"])
    })
}

/// `word` as the reference reads a C `int`: the unsigned ones of 32 bits stand for negative ones.
///
/// # Errors
/// `word` is no integer, or has more bits.
pub(crate) fn int(word: &Value, mode: tclring_compiler::Mode) -> Result<i32, Exception> {
    let number = integer(word, mode)?;
    if i32::try_from(number).is_err() && u32::try_from(number).is_err() {
        return Err(too_large());
    }
    Ok(number as i32)
}

/// The error of an integer beyond 64 bits where such a one is wanted.
#[cold]
pub fn too_large() -> Exception {
    error!("integer value too large to represent"; "ARITH", "IOVERFLOW", "integer value too large to represent")
}

/// `word` as bytes.
///
/// # Errors
/// It has a character beyond U+00FF.
pub(crate) fn bytes_of(word: &Value) -> Result<std::borrow::Cow<'_, [u8]>, Exception> {
    word.to_bytes().map_err(|(at, c)| {
        error!("expected code point values below 0xff but value at byte offset ", at, " was ", format!("0x{c:x}");
            "TCL", "VALUE", "BYTES")
    })
}
