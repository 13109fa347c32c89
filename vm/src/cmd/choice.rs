//! Choosing one of several words: options, modes and the like, by any unique prefix.

use crate::error;
use crate::interp::ensemble::alternatives;
use crate::interp::exception::Exception;
use crate::value::Value;

/// The number in `table` of the word that `word` is; prefixes do not count.
///
/// # Errors
/// `bad WHAT "…": must be …`.
pub fn choose_exactly(word: &Value, table: &[&str], what: &str) -> Result<usize, Exception> {
    let text = word.text();
    table.iter().position(|name| name.as_bytes() == &*text).ok_or_else(|| {
        error!("bad ", what, " \"", word, "\": must be ", alternatives(table); "TCL", "LOOKUP", "INDEX", what, text)
    })
}

/// The number in `table` of the word that `word` is, or is the only prefix of.
///
/// # Errors
/// `bad WHAT "…": must be …`, or `ambiguous` if it is a prefix of several or empty.
pub fn choose(word: &Value, table: &[&str], what: &str) -> Result<usize, Exception> {
    let text = word.text();
    if let Some(at) = table.iter().position(|name| name.as_bytes() == &*text) {
        return Ok(at);
    }
    let mut matching = table.iter().enumerate().filter(|(_, name)| name.as_bytes().starts_with(&text));
    let (first, second) = (matching.next(), matching.next());
    match (first, second) {
        (Some((at, _)), None) if !text.is_empty() => Ok(at),
        (_, second) => {
            let kind = if second.is_some() { "ambiguous " } else { "bad " };
            let named: Vec<&str> = table.iter().copied().filter(|name| !name.is_empty()).collect();
            Err(error!(kind, what, " \"", word, "\": must be ", alternatives(&named);
                "TCL", "LOOKUP", "INDEX", what, text))
        }
    }
}
