//! `format` and `scan`.

use crate::arith::error::{expected, not_a_number};
use crate::interp::command::Outcome;
use crate::interp::exception::{Exception, Raised};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text::format::{self, Arguments, FormatError};
use crate::text::integer::Integer;
use crate::text::scan::{self, ScanError};
use crate::value::{Num, TextRef, Value};
use tclring_compiler::Mode;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "format",
        usage: "formatString ?arg ...?",
        min: 1,
        max: MANY,
        safe: true,
        help: "Formats values like printf.",
        run: format_command,
    },
    CommandRow {
        name: "scan",
        usage: "string format ?varName ...?",
        min: 2,
        max: MANY,
        safe: true,
        help: "Reads values out of a text like sscanf.",
        run: scan_command,
    },
];

impl From<FormatError> for Exception {
    fn from(error: FormatError) -> Exception {
        Raised::error(error.message()).with_code(error.code())
    }
}

impl From<ScanError> for Exception {
    fn from(error: ScanError) -> Exception {
        Raised::error(error.message()).with_code(&error.code())
    }
}

/// The values of a `format` as its engine asks for them.
struct Words<'a> {
    words: &'a [Value],
    shown: Option<TextRef<'a>>,
    mode: Mode,
}

impl<'a> Arguments for Words<'a> {
    type Error = Exception;

    fn count(&self) -> usize {
        self.words.len()
    }

    fn integer(&mut self, index: usize) -> Result<Integer, Exception> {
        let word = &self.words[index];
        match word.to_num(self.mode) {
            Some(Num::Int(n)) => Ok(Integer::Wide(n)),
            Some(Num::Big(big)) => Ok(Integer::Big(big.number().clone())),
            _ => Err(expected("integer", word)),
        }
    }

    fn double(&mut self, index: usize) -> Result<f64, Exception> {
        let word = &self.words[index];
        match word.to_f64(self.mode) {
            Some(d) if d.is_nan() => Err(not_a_number()),
            Some(d) => Ok(d),
            None => Err(expected("floating-point number", word)),
        }
    }

    fn text(&mut self, index: usize) -> &[u8] {
        let words: &'a [Value] = self.words;
        self.shown.insert(words[index].text())
    }
}

fn format_command(machine: &mut Machine, args: Args) -> Outcome {
    let mut pieces = format::parse(&args[1].text());
    if machine.mode() == Mode::Tcl86 {
        pieces.iter_mut().for_each(format::Piece::widen);
    }
    let mut out = Vec::new();
    let mut words = Words { words: &args[2..], shown: None, mode: machine.mode() };
    format::render(&pieces, &mut words, &mut out)?;
    Ok(Step::Done(Value::text_value(out)))
}

/// A scanned value as a script's value.
fn scanned(value: scan::Value) -> Value {
    match value {
        scan::Value::Integer(Integer::Wide(n)) => Value::int(n),
        scan::Value::Integer(Integer::Big(big)) => Value::big(big),
        scan::Value::Double(d) => Value::double(d),
        scan::Value::Text(text) => Value::text_value(text),
    }
}

fn scan_command(machine: &mut Machine, args: Args) -> Outcome {
    let names = &args[3..];
    let mut parsed = scan::parse(&args[2].text(), names.len())?;
    if machine.mode() == Mode::Tcl86 {
        parsed.widen();
    }
    let outcome = parsed.run(&args[1].text())?;
    if names.is_empty() {
        if outcome.ended {
            return Ok(Step::EMPTY);
        }
        let items = outcome.values.into_iter().map(|value| value.map_or(Value::EMPTY, scanned)).collect();
        return Ok(Step::Done(Value::list(items)));
    }
    let stores: Vec<(Value, Value)> = names
        .iter()
        .zip(outcome.values)
        .filter_map(|(name, value)| Some((name.clone(), scanned(value?))))
        .collect();
    let count = if outcome.ended && stores.is_empty() { -1 } else { stores.len() as i64 };
    store_each(machine, stores.into_iter(), Ok(Value::int(count)))
}

/// Writes all the variables, also those behind one that cannot be written, as the reference does.
fn store_each(
    machine: &mut Machine,
    mut stores: std::vec::IntoIter<(Value, Value)>,
    mut result: Result<Value, Exception>,
) -> Outcome {
    while let Some((name, value)) = stores.next() {
        match machine.write_named(&name, value) {
            Ok(Step::Done(_)) => {}
            // The first failure is the one that is reported.
            Err(exception) => result = result.and(Err(exception)),
            pending => {
                return machine.after(pending, move |machine, outcome| {
                    let result = result.and_then(|value| outcome.map(|_| value));
                    store_each(machine, stores, result)
                });
            }
        }
    }
    result.map(Step::Done)
}
