//! The operators `+ - * / % ** << >> & | ^` on two values.
//!
//! Integers of 64 bits that stay such take [`small`]; the rest is exact arithmetic
//! on big integers or on doubles.

use std::borrow::Cow;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Signed;
use tclring_compiler::Mode;

use super::error::{self, Position};
use super::integer::{self, SHIFT_MAX};
use crate::interp::exception::Exception;
use crate::value::{Num, Value};

/// An arithmetic operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`, which rounds integers down.
    Div,
    /// `%`, whose result has the sign of the divisor.
    Mod,
    /// `**`
    Pow,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
}

impl BinaryOp {
    /// The operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Mod => "%",
            BinaryOp::Pow => "**",
            BinaryOp::Shl => "<<",
            BinaryOp::Shr => ">>",
            BinaryOp::BitAnd => "&",
            BinaryOp::BitOr => "|",
            BinaryOp::BitXor => "^",
        }
    }

    /// Whether doubles are operands.
    fn takes_doubles(self) -> bool {
        matches!(self, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Pow)
    }
}

/// `lhs op rhs`.
///
/// # Errors
/// Operands that are no numbers, or no integers where such are needed; divisions by zero;
/// results that are not a number or too large to represent.
#[inline]
pub fn binary(op: BinaryOp, lhs: &Value, rhs: &Value, mode: Mode) -> Result<Value, Exception> {
    if let Some((a, b)) = Value::both_ints(lhs, rhs)
        && let Some(result) = small(op, a, b)
    {
        return Ok(Value::int(result));
    }
    general(op, lhs, rhs, mode)
}

/// `a op b` if the result is an integer of 64 bits that is quickly found.
#[inline]
pub fn small(op: BinaryOp, a: i64, b: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::Div => {
            let quotient = a.checked_div(b)?;
            Some(if (a ^ b) < 0 && quotient * b != a { quotient - 1 } else { quotient })
        }
        BinaryOp::Mod => {
            let rest = a.checked_rem(b)?;
            Some(if rest != 0 && (rest ^ b) < 0 { rest + b } else { rest })
        }
        BinaryOp::Pow => a.checked_pow(u32::try_from(b).ok().filter(|exponent| *exponent < 64)?),
        BinaryOp::Shl => {
            let shift = u32::try_from(b).ok().filter(|shift| *shift < 63)?;
            let shifted = a << shift;
            (shifted >> shift == a).then_some(shifted)
        }
        BinaryOp::Shr => (b >= 0).then(|| a >> b.min(63)),
        BinaryOp::BitAnd => Some(a & b),
        BinaryOp::BitOr => Some(a | b),
        BinaryOp::BitXor => Some(a ^ b),
    }
}

#[inline(never)]
fn general(op: BinaryOp, lhs: &Value, rhs: &Value, mode: Mode) -> Result<Value, Exception> {
    let left = operand(op, lhs, Position::Left, mode)?;
    let right = operand(op, rhs, Position::Right, mode)?;
    match (&left, &right) {
        (Num::Double(_), _) | (_, Num::Double(_)) => doubles(op, left.to_double(), right.to_double()),
        (Num::Int(a), Num::Int(b)) => match small(op, *a, *b) {
            // The reference gives the operand itself back, with its text.
            Some(_) if op == BinaryOp::Pow && *b == 1 => Ok(lhs.clone()),
            Some(result) => Ok(Value::int(result)),
            None => integers(op, lhs, &left, &right),
        },
        _ => integers(op, lhs, &left, &right),
    }
}

/// An operand as a number that the operator takes.
fn operand(op: BinaryOp, value: &Value, position: Position, mode: Mode) -> Result<Num, Exception> {
    let num = value.to_num(mode);
    let bad = |num| Err(error::bad_operand(value, num, error::Place { position, op: op.symbol(), mode }));
    match num {
        Some(Num::Double(d)) if d.is_nan() || !op.takes_doubles() => bad(num.as_ref()),
        Some(num) => Ok(num),
        None => bad(None),
    }
}

fn doubles(op: BinaryOp, a: f64, b: f64) -> Result<Value, Exception> {
    let result = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        BinaryOp::Pow if a == 0.0 && b < 0.0 => return Err(error::zero_to_negative_power()),
        BinaryOp::Pow => a.powf(b),
        _ => unreachable!("the operands of this operator were checked to be integers"),
    };
    if result.is_nan() { Err(error::domain()) } else { Ok(Value::double(result)) }
}

/// An integer as a big one, borrowed if it is held as such.
fn big(num: &Num) -> Cow<'_, BigInt> {
    match num {
        Num::Int(n) => Cow::Owned(BigInt::from(*n)),
        Num::Big(object) => Cow::Borrowed(object.number()),
        Num::Double(_) => unreachable!("doubles went another way"),
    }
}

fn is_negative(num: &Num) -> bool {
    match num {
        Num::Int(n) => *n < 0,
        Num::Big(object) => object.number().is_negative(),
        Num::Double(d) => *d < 0.0,
    }
}

/// What [`small`] left: large operands, large results and errors.
fn integers(op: BinaryOp, lhs: &Value, left: &Num, right: &Num) -> Result<Value, Exception> {
    let (a, b) = match op {
        BinaryOp::Shl | BinaryOp::Shr if is_negative(right) => return Err(error::negative_shift()),
        BinaryOp::Shl => return shift_left(left, right),
        BinaryOp::Shr => return Ok(shift_right(left, right)),
        BinaryOp::Pow if matches!(right, Num::Int(1)) => return Ok(lhs.clone()),
        BinaryOp::Pow => return integer::power(left, right),
        BinaryOp::Div | BinaryOp::Mod if matches!(right, Num::Int(0)) => return Err(error::divide_by_zero()),
        // Between zero and the divisor: the reference gives the operand itself back, with its text.
        BinaryOp::Mod if is_small_rest(left, right) => return Ok(lhs.clone()),
        _ => (big(left), big(right)),
    };
    let (a, b) = (a.as_ref(), b.as_ref());
    Ok(Value::big(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a.div_floor(b),
        BinaryOp::Mod => a.mod_floor(b),
        BinaryOp::BitAnd => a & b,
        BinaryOp::BitOr => a | b,
        BinaryOp::BitXor => a ^ b,
        BinaryOp::Pow | BinaryOp::Shl | BinaryOp::Shr => unreachable!("these returned above"),
    }))
}

fn is_small_rest(left: &Num, right: &Num) -> bool {
    matches!((left, right), (Num::Int(n), Num::Big(_)) if *n != 0 && is_negative(right) == (*n < 0))
}

fn shift_left(left: &Num, right: &Num) -> Result<Value, Exception> {
    match (left, right) {
        (Num::Int(0), _) => Ok(Value::int(0)),
        (_, Num::Int(shift)) if *shift <= SHIFT_MAX => Ok(Value::big(big(left).into_owned() << *shift)),
        _ => Err(error::shift_too_large()),
    }
}

fn shift_right(left: &Num, right: &Num) -> Value {
    match right {
        Num::Int(shift) if *shift <= SHIFT_MAX => Value::big(big(left).as_ref() >> *shift),
        _ => Value::int(if is_negative(left) { -1 } else { 0 }),
    }
}
