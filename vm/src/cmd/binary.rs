//! The ensemble `binary` with its own ensembles `encode` and `decode`.

use std::borrow::Cow;

use tclring_compiler::Mode;
use tclring_compiler::syntax::text::chars;

use super::options::{bytes_of, exactly, int, integer, wrong_usage};
use crate::arith::error::expected;
use crate::exec::listops;
use crate::interp::command::{Outcome, row};
use crate::interp::exception::{Exception, Raised};
use crate::interp::{Args, EnsembleRow, MANY, Machine, Step};
use crate::text::binary::{self, Arguments, BinaryError, UU_LINE_DEFAULT};
use crate::text::integer::Integer;
use crate::value::{Num, Value};

const ENCODE_USAGE: &str = "?-maxlen len? ?-wrapchar char? data";
const DECODE_USAGE: &str = "?options? data";

/// The ensemble of this file.
pub const BINARY: EnsembleRow = EnsembleRow {
    name: "binary",
    rows: &[
        row("binary format", "formatString ?arg ...?", (1, MANY), "Makes bytes of values.", format),
        row("binary scan", "value formatString ?varName ...?", (2, MANY), "Reads values out of bytes.", scan),
    ],
    safe: true,
};

/// `binary encode`.
pub const ENCODE: EnsembleRow = EnsembleRow {
    name: "binary encode",
    rows: &[
        row("binary encode base64", ENCODE_USAGE, (1, MANY), "Writes bytes as base64.", encode_base64),
        row("binary encode hex", "data", (1, 1), "Writes bytes as hexadecimal digits.", encode_hex),
        row(
            "binary encode uuencode",
            ENCODE_USAGE,
            (1, MANY),
            "Writes bytes as uuencoded lines.",
            encode_uuencode,
        ),
    ],
    safe: true,
};

/// `binary decode`.
pub const DECODE: EnsembleRow = EnsembleRow {
    name: "binary decode",
    rows: &[
        row("binary decode base64", DECODE_USAGE, (1, 2), "Reads base64.", |_, a| {
            decode(&a, binary::decode_base64)
        }),
        row("binary decode hex", DECODE_USAGE, (1, 2), "Reads hexadecimal digits.", |_, a| {
            decode(&a, binary::decode_hex)
        }),
        row("binary decode uuencode", DECODE_USAGE, (1, 2), "Reads uuencoded lines.", |_, a| {
            decode(&a, binary::decode_uuencode)
        }),
    ],
    safe: true,
};

impl From<BinaryError> for Exception {
    fn from(error: BinaryError) -> Exception {
        let exception = Raised::error(error.message());
        match error.code() {
            [] => exception,
            code => exception.with_code(code),
        }
    }
}

/// The values of a `binary format` as its engine asks for them.
struct Words<'a> {
    words: &'a [Value],
    mode: Mode,
}

impl Words<'_> {
    fn element(&self, index: usize, element: Option<usize>) -> Result<Value, Exception> {
        let word = &self.words[index];
        match element {
            Some(at) => listops::at(word, at as i64),
            None => Ok(word.clone()),
        }
    }
}

impl Arguments for Words<'_> {
    type Error = Exception;

    fn count(&self) -> usize {
        self.words.len()
    }

    fn bytes(&mut self, index: usize) -> Cow<'_, [u8]> {
        let word = &self.words[index];
        match word.to_bytes() {
            Ok(bytes) => bytes,
            Err(_) => chars(&word.text()).map(|c| c as u8).collect(),
        }
    }

    fn text(&mut self, index: usize) -> Cow<'_, [u8]> {
        Cow::Owned(self.words[index].to_text())
    }

    fn list_length(&mut self, index: usize) -> Result<usize, Exception> {
        listops::length(&self.words[index])
    }

    fn integer(&mut self, index: usize, element: Option<usize>) -> Result<u64, Exception> {
        let value = self.element(index, element)?;
        match value.to_num(self.mode) {
            Some(Num::Int(n)) => Ok(n as u64),
            Some(Num::Big(big)) => Ok(Integer::Big(big.number().clone()).low_bits()),
            Some(Num::Double(_)) | None => Err(expected("integer", &value)),
        }
    }

    fn double(&mut self, index: usize, element: Option<usize>) -> Result<f64, Exception> {
        let value = self.element(index, element)?;
        value.to_f64(self.mode).ok_or_else(|| expected("floating-point number", &value))
    }
}

fn format(machine: &mut Machine, args: Args) -> Outcome {
    let mut words = Words { words: &args[2..], mode: machine.mode() };
    Ok(Step::Done(Value::bytes(binary::format(&args[1].text(), &mut words)?)))
}

fn scanned_integer(integer: Integer) -> Value {
    match integer {
        Integer::Wide(n) => Value::int(n),
        Integer::Big(big) => Value::big(big),
    }
}

/// A scanned value as a script's value.
fn scanned(value: binary::Value<'_>) -> Value {
    match value {
        binary::Value::Bytes(bytes) => Value::bytes(bytes.to_vec()),
        binary::Value::Digits(digits) => Value::from(digits),
        binary::Value::Integer(integer) => scanned_integer(integer),
        binary::Value::Integers(integers) => {
            super::list::list_value(integers.into_iter().map(scanned_integer).collect())
        }
        binary::Value::Double(d) => Value::double(d),
        binary::Value::Doubles(doubles) => {
            super::list::list_value(doubles.into_iter().map(Value::double).collect())
        }
    }
}

fn scan(machine: &mut Machine, args: Args) -> Outcome {
    let names = &args[3..];
    let bytes = bytes_of(&args[1])?;
    let mut stores: Vec<(Value, Value)> = Vec::new();
    let outcome = binary::scan(&bytes, &args[2].text(), names.len(), |at, value| {
        stores.push((names[at].clone(), scanned(value)));
        Ok::<(), Exception>(())
    });
    // What was read before an error is assigned.
    let stored = machine.store_all(stores.into_iter(), Value::EMPTY)?;
    match (outcome, stored) {
        (outcome, Step::Done(_)) => Ok(Step::Done(Value::int(outcome? as i64))),
        (outcome, traced) => machine.after(Ok(traced), move |_, stored| {
            stored?;
            Ok(Step::Done(Value::int(outcome? as i64)))
        }),
    }
}

fn encode_hex(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::text_value(binary::encode_hex(&bytes_of(&args[1])?))))
}

/// Takes an option of `encode` in: its number among `-maxlen` and `-wrapchar`, and its value.
type TakeOption<'a> = &'a mut dyn FnMut(usize, &Value) -> Result<(), Exception>;

/// Reads the options of `encode` one after the other. What is wrong with one comes before what is wrong with the next,
/// or with the data.
fn encode_options(args: &Args, usage: &str, take: TakeOption<'_>) -> Result<(), Exception> {
    if !args.len().is_multiple_of(2) {
        return Err(wrong_usage(usage));
    }
    args[1..args.len() - 1]
        .chunks_exact(2)
        .try_for_each(|pair| take(exactly(&pair[0], &["-maxlen", "-wrapchar"], "option")?, &pair[1]))
}

fn encode_base64(machine: &mut Machine, args: Args) -> Outcome {
    let (mut longest, mut wrap) = (0, b"\n".to_vec());
    let usage = "binary encode base64 ?-maxlen len? ?-wrapchar char? data";
    encode_options(&args, usage, &mut |option, value| {
        match option {
            0 => longest = integer(value, machine.mode())?,
            _ => wrap = value.to_text(),
        }
        binary::encode_base64(b"", longest, &wrap)?;
        Ok(())
    })?;
    let text = binary::encode_base64(&bytes_of(&args[args.len() - 1])?, longest, &wrap)?;
    Ok(Step::Done(Value::text_value(text)))
}

fn encode_uuencode(machine: &mut Machine, args: Args) -> Outcome {
    let (mut longest, mut wrap) = (UU_LINE_DEFAULT, b"\n".to_vec());
    let usage = "binary encode uuencode ?-maxlen len? ?-wrapchar char? data";
    encode_options(&args, usage, &mut |option, value| {
        match option {
            0 => longest = i64::from(int(value, machine.mode())?),
            _ => wrap = value.to_text(),
        }
        binary::encode_uuencode(b"", longest, &wrap)?;
        Ok(())
    })?;
    let text = binary::encode_uuencode(&bytes_of(&args[args.len() - 1])?, longest, &wrap)?;
    Ok(Step::Done(Value::text_value(text)))
}

fn decode(args: &Args, reader: fn(&[u8], bool) -> Result<Vec<u8>, BinaryError>) -> Outcome {
    let strict = args.len() == 3;
    if strict {
        exactly(&args[1], &["-strict"], "option")?;
    }
    Ok(Step::Done(Value::bytes(reader(&args[args.len() - 1].text(), strict)?)))
}

#[cfg(test)]
mod tests {
    use crate::cmd::string_tests::check;

    #[test]
    fn formats_and_scans() {
        check(&[
            ("binary encode hex [binary format a2@1b4 xy 1010]", "7805"),
            ("binary format c x", "error: expected integer but got \"x\""),
            ("list [binary scan abcd ax1a v w] $v $w", "2 a c"),
            ("list [catch {binary scan abc aaa v w}] $v $w", "1 a b"),
            (
                "binary encode hex \u{100}",
                "error: expected code point values below 0xff but value at byte offset 0 was 0x100",
            ),
            ("binary encode base64 -maxlen 4 -wrapchar , abcdefgh", "YWJj,ZGVm,Z2g="),
            ("binary encode base64 -maxlen 9 -maxlen 4 -wrapchar . -wrapchar , abcdefgh", "YWJj,ZGVm,Z2g="),
            ("binary encode foo", "error: unknown subcommand \"foo\": must be base64, hex, or uuencode"),
        ]);
    }
}
