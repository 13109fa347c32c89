//! Which calls the reference compiles into operations: they are no levels of evaluation.
//!
//! It is asked for calls that are emitted; of what is lowered in line nothing is counted anyway. Subcommands are named
//! as in a script (`string first`) whether the ensemble is called or what implements the subcommand.

use super::{Lower, cmd, script};
use crate::bytecode::Context;
use crate::syntax::command::Word;
use crate::syntax::number::canonical_int;

/// How many arguments a command has where it is compiled.
#[derive(Clone, Copy, Debug)]
enum Count {
    /// From the first number to the second.
    Within(usize, usize),
    /// So many or more.
    From(usize),
    /// An odd number, so many at least.
    OddFrom(usize),
}

use Count::{From, OddFrom, Within};

impl Count {
    fn includes(self, given: usize) -> bool {
        match self {
            Within(least, most) => (least..=most).contains(&given),
            From(least) => given >= least,
            OddFrom(least) => given >= least && !given.is_multiple_of(2),
        }
    }
}

/// Commands that are compiled whatever their arguments are, if they have so many; sorted by name.
const ROWS: &[(&str, Count)] = &[
    ("array exists", Within(1, 1)),
    ("array unset", Within(1, 1)),
    ("break", Within(0, 0)),
    ("clock clicks", Within(0, 0)),
    ("clock microseconds", Within(0, 0)),
    ("clock milliseconds", Within(0, 0)),
    ("clock seconds", Within(0, 0)),
    ("concat", From(0)),
    ("const", Within(2, 2)),
    ("continue", Within(0, 0)),
    ("dict exists", From(2)),
    ("dict get", From(2)),
    ("dict getdef", From(3)),
    ("dict getwithdefault", From(3)),
    ("error", Within(1, 3)),
    ("expr", From(1)),
    ("incr", Within(1, 2)),
    ("info coroutine", Within(0, 0)),
    ("info exists", Within(1, 1)),
    ("info level", Within(0, 1)),
    ("info object class", Within(1, 1)),
    ("info object namespace", Within(1, 1)),
    ("lappend", From(2)),
    ("lassign", From(2)),
    ("lindex", From(1)),
    ("linsert", From(2)),
    ("list", From(0)),
    ("llength", Within(1, 1)),
    ("lreplace", From(3)),
    ("lset", From(2)),
    ("namespace current", Within(0, 0)),
    ("namespace origin", Within(1, 1)),
    ("namespace qualifiers", Within(1, 1)),
    ("namespace tail", Within(1, 1)),
    ("next", From(0)),
    ("nextto", From(1)),
    ("oo::Helpers::next", From(0)),
    ("oo::Helpers::nextto", From(1)),
    ("return", From(0)),
    ("set", Within(1, 2)),
    ("string cat", From(0)),
    ("string compare", Within(2, 2)),
    ("string equal", Within(2, 2)),
    ("string first", Within(2, 2)),
    ("string index", Within(2, 2)),
    ("string last", Within(2, 2)),
    ("string length", Within(1, 1)),
    ("string range", Within(3, 3)),
    ("string replace", Within(3, 4)),
    ("string tolower", Within(1, 1)),
    ("string totitle", Within(1, 1)),
    ("string toupper", Within(1, 1)),
    ("string trim", Within(1, 2)),
    ("string trimleft", Within(1, 2)),
    ("string trimright", Within(1, 2)),
    ("throw", Within(2, 2)),
    ("yield", Within(0, 1)),
    ("yieldto", From(1)),
];

/// Commands that are compiled in procedures only, and which of their arguments have to be literal: from the first number
/// on, each so far from the last as the second one says; sorted by name.
const PROCEDURE_ROWS: &[(&str, Count, (usize, usize))] = &[
    ("dict append", From(3), (0, usize::MAX)),
    ("dict lappend", Within(3, 3), (0, usize::MAX)),
    ("dict set", From(3), (0, usize::MAX)),
    ("dict unset", From(2), (0, usize::MAX)),
    ("global", From(1), (0, 1)),
    ("namespace upvar", OddFrom(3), (2, 2)),
    ("tailcall", From(1), (usize::MAX, 1)),
    ("variable", From(1), (0, 2)),
];

impl Lower<'_> {
    /// Whether the reference compiles the call of the command `name` with `args` into operations here.
    pub(super) fn is_flat(&mut self, name: &[u8], args: &[Word]) -> bool {
        if !self.options.in_line || self.context == Context::Sourced || args.iter().any(|word| word.expand) {
            return false;
        }
        let name = name.strip_prefix(b"::").unwrap_or(name);
        if name.starts_with(b"tcl::mathop::") {
            return true;
        }
        let (name, args) = with_subcommand(name, args);
        let Ok(name) = str::from_utf8(&name) else { return false };
        if let Ok(found) = ROWS.binary_search_by(|row| row.0.cmp(name)) {
            return ROWS[found].1.includes(args.len());
        }
        if let Ok(found) = PROCEDURE_ROWS.binary_search_by(|row| row.0.cmp(name)) {
            let (_, count, (first, step)) = PROCEDURE_ROWS[found];
            return self.in_procedure()
                && count.includes(args.len())
                && args.iter().skip(first).step_by(step).all(is_literal);
        }
        self.is_flat_for_its_words(name, args)
    }

    /// The same for commands that have rules of their own.
    fn is_flat_for_its_words(&mut self, name: &str, args: &[Word]) -> bool {
        let is_word = |at: usize, known: &[&str]| {
            let word = args.get(at).and_then(Word::literal);
            word.is_some_and(|word| known.iter().any(|known| known.as_bytes() == word))
        };
        match (name, args.len()) {
            ("append", given) => given > 0 && (given < 3 || self.in_procedure()),
            ("catch", given) => given > 0 && cmd::is_compiled_catch(self, args),
            ("dict create", given) => {
                given.is_multiple_of(2) && (self.in_procedure() || args.iter().all(is_literal))
            }
            ("dict incr", 2 | 3) => {
                let is_number =
                    |word: &Word| word.literal().is_some_and(|text| canonical_int(text).is_some());
                self.in_procedure() && is_literal(&args[0]) && args.get(2).is_none_or(is_number)
            }
            ("dict merge", given) => given < 2 || self.in_procedure(),
            ("format", given) => given > 0 && args.iter().all(is_literal),
            ("namespace code", 1) => is_literal(&args[0]),
            ("namespace which", 1) => true,
            ("namespace which", 2) => is_word(0, &["-command"]),
            ("oo::Helpers::self" | "self", 0) => true,
            ("oo::Helpers::self" | "self", 1) => is_word(0, &["namespace", "object"]),
            ("regexp", _) => script::is_compiled_regexp(args),
            ("regsub", _) => script::is_compiled_regsub(args),
            ("string insert", 3) => args[1].literal().is_some_and(is_index),
            ("string is", 2) => is_literal(&args[0]),
            ("string is", 3) => is_literal(&args[0]) && is_word(1, &["-strict"]),
            ("string match", 2) => true,
            ("string match", 3) => is_word(0, &["-nocase"]),
            ("subst", given) => {
                let are_known = (0..given.saturating_sub(1))
                    .all(|at| is_word(at, &["-nobackslashes", "-nocommands", "-novariables"]));
                given > 0 && are_known && is_literal(&args[given - 1])
            }
            ("try", 1) => true,
            ("try", 3) if is_word(1, &["finally"]) => script::origin(&args[2]).is_some(),
            ("try", given) => given > 1 && cmd::is_compiled_try(self, args),
            ("unset", given) => given > 0 && args.iter().all(is_literal),
            ("upvar", 2..) => {
                // An odd number has the level first.
                let (level, pairs) = args.split_at(args.len() % 2);
                self.in_procedure()
                    && level.iter().all(|word| word.literal().is_some_and(is_level))
                    && is_literal(&pairs[0])
                    && pairs.iter().skip(1).step_by(2).all(is_literal)
            }
            _ => self.is_quiet(&implementing(name), args),
        }
    }
}

/// Whether a text may be a level.
fn is_level(text: &[u8]) -> bool {
    text.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'#')
}

/// Whether a text is an index as the reference knows it when it compiles.
fn is_index(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_digit) || text.starts_with(b"end")
}

fn is_literal(word: &Word) -> bool {
    word.literal().is_some()
}

/// A command's name with that of its subcommand, as far as a row may have them both, and what comes after.
fn with_subcommand<'a>(name: &[u8], args: &'a [Word]) -> (Vec<u8>, &'a [Word]) {
    let spaced = |tail: &[u8]| {
        tail.split(|byte| *byte == b':').filter(|part| !part.is_empty()).fold(
            Vec::new(),
            |mut spaced, part| {
                if !spaced.is_empty() {
                    spaced.push(b' ');
                }
                spaced.extend_from_slice(part);
                spaced
            },
        )
    };
    let (mut whole, mut rest) = match name.strip_prefix(b"tcl::") {
        Some(tail) => (spaced(tail), args),
        None => (name.to_vec(), args),
    };
    let is_ensemble = |whole: &[u8]| {
        matches!(whole, b"array" | b"clock" | b"dict" | b"info" | b"info object" | b"namespace" | b"string")
    };
    while is_ensemble(&whole)
        && let Some((first, after)) = rest.split_first()
        && let Some(subcommand) = first.literal()
    {
        whole.push(b' ');
        whole.extend_from_slice(subcommand);
        rest = after;
    }
    (whole, rest)
}

/// The name of the command that implements a subcommand; that of another command as it is.
fn implementing(name: &str) -> Vec<u8> {
    match name.contains(' ') {
        true => format!("tcl::{}", name.replace(' ', "::")).into_bytes(),
        false => name.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::{PROCEDURE_ROWS, ROWS};

    #[test]
    fn rows_are_sorted() {
        assert!(ROWS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(PROCEDURE_ROWS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
