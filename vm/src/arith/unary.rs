//! The operators `- + ~ !` on one value, results of `expr`, and truth.

use num_bigint::BigInt;
use tclring_compiler::Mode;

use super::error::{self, Place, Position};
use crate::interp::exception::Exception;
use crate::value::{Num, Value};

/// The only operand of `op`.
fn only(op: &str, mode: Mode) -> Place<'_> {
    Place { position: Position::Only, op, mode }
}

/// An operand that is a number other than NaN.
fn number(op: &str, value: &Value, mode: Mode) -> Result<Num, Exception> {
    match value.to_num(mode) {
        Some(Num::Double(d)) if d.is_nan() => {
            Err(error::bad_operand(value, Some(&Num::Double(d)), only(op, mode)))
        }
        Some(num) => Ok(num),
        None => Err(error::bad_operand(value, None, only(op, mode))),
    }
}

/// `-value`.
///
/// # Errors
/// The value is no number.
#[inline]
pub fn neg(value: &Value, mode: Mode) -> Result<Value, Exception> {
    if let Some(negated) = value.as_int().and_then(i64::checked_neg) {
        return Ok(Value::int(negated));
    }
    neg_general(value, mode)
}

#[inline(never)]
fn neg_general(value: &Value, mode: Mode) -> Result<Value, Exception> {
    Ok(match number("-", value, mode)? {
        Num::Int(n) => n.checked_neg().map_or_else(|| Value::big(-BigInt::from(n)), Value::int),
        Num::Big(object) => Value::big(-object.number()),
        Num::Double(d) => Value::double(-d),
    })
}

/// `+value`: the value as a pure number.
///
/// # Errors
/// The value is no number.
pub fn plus(value: &Value, mode: Mode) -> Result<Value, Exception> {
    number("+", value, mode).map(Num::into_value)
}

/// `~value`.
///
/// # Errors
/// The value is no integer.
pub fn bitnot(value: &Value, mode: Mode) -> Result<Value, Exception> {
    match number("~", value, mode)? {
        Num::Int(n) => Ok(Value::int(!n)),
        Num::Big(object) => Ok(Value::big(!object.number())),
        num @ Num::Double(_) => Err(error::bad_operand(value, Some(&num), only("~", mode))),
    }
}

/// `!value`.
///
/// # Errors
/// The value is neither a number nor a boolean word.
#[inline]
pub fn not(value: &Value, mode: Mode) -> Result<Value, Exception> {
    if let Some(n) = value.as_int() {
        return Ok(Value::bool(n == 0));
    }
    match value.to_bool(mode) {
        Some(truth) => Ok(Value::bool(!truth)),
        None => Err(error::bad_operand(value, value.to_num(mode).as_ref(), only("!", mode))),
    }
}

/// The value as a pure number if its text is one, else as it is.
#[inline]
pub fn numeric(value: &Value, mode: Mode) -> Value {
    if let Some(n) = value.as_int() {
        return Value::int(n);
    }
    value.to_num(mode).map_or_else(|| value.clone(), Num::into_value)
}

/// The result of an `expr` whose last step gave `value`: [`numeric`], but for NaN.
///
/// # Errors
/// The value is NaN.
#[inline]
pub fn expr_result(value: &Value, mode: Mode) -> Result<Value, Exception> {
    let result = numeric(value, mode);
    if result.as_double().is_some_and(f64::is_nan) { Err(error::domain()) } else { Ok(result) }
}

/// Whether a condition holds.
///
/// # Errors
/// The value is neither a number nor a boolean word.
#[inline]
pub fn truth(value: &Value, mode: Mode) -> Result<bool, Exception> {
    if let Some(n) = value.as_int() {
        return Ok(n != 0);
    }
    value.to_bool(mode).ok_or_else(|| no_truth(value, mode))
}

#[cold]
fn no_truth(value: &Value, mode: Mode) -> Exception {
    match value.to_num(mode) {
        Some(_) => error::not_a_number(),
        None => error::expected("boolean value", value),
    }
}
