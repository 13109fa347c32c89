//! The errors of arithmetic: operands that are no numbers, and results that are none.

use tclring_compiler::Mode;
use tclring_compiler::syntax::list::ListError;
use tclring_compiler::syntax::number::is_blank;
use tclring_compiler::syntax::text::char_width;

use crate::error;
use crate::interp::exception::{Exception, Raised};
use crate::text;
use crate::value::{Num, Value, View};

/// Where an operand stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The only operand.
    Only,
    /// Before the operator.
    Left,
    /// Behind the operator.
    Right,
}

impl Position {
    fn words(self) -> &'static str {
        match self {
            Position::Only => "operand",
            Position::Left => "left operand",
            Position::Right => "right operand",
        }
    }
}

/// How many bytes of a text are quoted by [`expected`].
const QUOTED_BYTES_MAX: usize = 50;

/// Where an operand that does not fit stands, and what an operand is by the rules that hold.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// Where the operand stands.
    pub position: Position,
    /// The operator.
    pub op: &'a str,
    /// The rules.
    pub mode: Mode,
}

/// `cannot use … as left operand of "+"`, where `num` is the operand read as a number.
#[cold]
pub fn bad_operand(operand: &Value, num: Option<&Num>, place: Place<'_>) -> Exception {
    let Place { position, op, mode } = place;
    let what = match num {
        Some(Num::Double(d)) if d.is_nan() => "non-numeric floating-point value",
        Some(_) => "floating-point value",
        None if mode == Mode::Tcl86 && operand.is_empty() => "empty string",
        None if mode == Mode::Tcl86 && looks_octal(&operand.text()) => "invalid octal number",
        None if mode == Mode::Tcl90 && reads_as_list(operand) => {
            return error!["cannot use a list as ", position.words(), " of \"", op, "\""; "ARITH", "DOMAIN", "list"];
        }
        None => "non-numeric string",
    };
    if mode == Mode::Tcl86 {
        return error!["can't use ", what, " as operand of \"", op, "\""; "ARITH", "DOMAIN", what];
    }
    error![
        "cannot use ", what, " \"", operand, "\" as ", position.words(), " of \"", op, "\"";
        "ARITH", "DOMAIN", what
    ]
}

/// Whether a text that is no number consists of digits behind a zero, as if it were octal.
fn looks_octal(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let Some(digits) = text.strip_prefix(b"0") else { return false };
    let digits = match digits {
        [b'o' | b'O', digits @ ..] => digits,
        _ => digits,
    };
    digits.iter().all(u8::is_ascii_digit)
}

/// `expected KIND but got …`, where `kind` is such as `number`.
#[cold]
pub fn expected(kind: &str, value: &Value) -> Exception {
    let message = if matches!(value.view(), View::Dict(_)) || reads_as_list(value) {
        text!["expected ", kind, " but got a list"]
    } else {
        text!["expected ", kind, " but got \"", quoted(&value.text()), "\""]
    };
    Raised::error(message).with_code(&["TCL", "VALUE", "NUMBER"])
}

/// The whole characters within the first [`QUOTED_BYTES_MAX`] bytes of `text`.
fn quoted(text: &[u8]) -> &[u8] {
    if text.len() <= QUOTED_BYTES_MAX {
        return text;
    }
    let mut end = 0;
    while end + char_width(text[end]) <= QUOTED_BYTES_MAX {
        end += char_width(text[end]);
    }
    &text[..end]
}

/// Whether a value that is no number looks like a list: blanks inside, and well-formed.
fn reads_as_list(value: &Value) -> bool {
    let blank_inside = {
        let text = value.text();
        let mut words = text.split(|b| is_blank(*b)).filter(|word| !word.is_empty());
        words.next().is_some() && words.next().is_some()
    };
    blank_inside && value.to_list().is_ok()
}

/// The error of a division by an integer zero.
#[cold]
pub fn divide_by_zero() -> Exception {
    error!["divide by zero"; "ARITH", "DIVZERO", "divide by zero"]
}

/// The error of a result that is not a number.
#[cold]
pub fn domain() -> Exception {
    const MESSAGE: &str = "domain error: argument not in valid range";
    error![MESSAGE; "ARITH", "DOMAIN", MESSAGE]
}

/// The error of an integer root of a negative number.
#[cold]
pub fn negative_root() -> Exception {
    error!["square root of negative argument"; "ARITH", "DOMAIN", "domain error: argument not in valid range"]
}

/// The error of zero to a negative power.
#[cold]
pub fn zero_to_negative_power() -> Exception {
    const MESSAGE: &str = "exponentiation of zero by negative power";
    error![MESSAGE; "ARITH", "DOMAIN", MESSAGE]
}

/// The error of a computation that was ended; the machine says what ended it instead.
#[cold]
pub fn interrupted() -> Exception {
    error!["computation interrupted"]
}

/// The error of a power whose result would not fit in memory.
#[cold]
pub fn exponent_too_large() -> Exception {
    error!["exponent too large"]
}

/// The error of a shift by less than nothing.
#[cold]
pub fn negative_shift() -> Exception {
    error!["negative shift argument"]
}

/// The error of a shift whose result would not fit in memory.
#[cold]
pub fn shift_too_large() -> Exception {
    error!["integer value too large to represent"]
}

/// The error of an infinity that is wanted as an integer.
#[cold]
pub fn integer_too_large() -> Exception {
    const MESSAGE: &str = "integer value too large to represent";
    error![MESSAGE; "ARITH", "IOVERFLOW", MESSAGE]
}

/// The error of NaN as an argument.
#[cold]
pub fn not_a_number() -> Exception {
    error!["floating point value is Not a Number"; "TCL", "VALUE", "DOUBLE", "NAN"]
}

/// The error of a text that is no list.
#[cold]
pub fn not_a_list(error: ListError) -> Exception {
    Raised::error(error.message).with_code(error.error_code)
}
