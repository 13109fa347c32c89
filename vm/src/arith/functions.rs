//! The math functions, `tcl::mathfunc`.

use std::cmp::Ordering;
use std::num::FpCategory;

use tclring_compiler::Mode;

use super::compare::compare_numbers;
use super::integer::{self, Toward};
use super::{error, random, unary};
use crate::interp::exception::Exception;
use crate::text;
use crate::value::{Num, Value};

/// A row of [`MATH`].
pub struct MathFunction {
    /// Its name without namespace.
    pub name: &'static str,
    /// The fewest arguments it takes.
    pub arguments_min: usize,
    /// The most arguments it takes; `None` for any number.
    pub arguments_max: Option<usize>,
    call: Call,
}

/// How a function is computed.
#[derive(Clone, Copy)]
enum Call {
    /// From one double; NaN as a result is an error.
    Double(fn(f64) -> f64),
    /// From two doubles; NaN as a result is an error.
    Doubles(fn(f64, f64) -> f64),
    /// From one value.
    Value(fn(&Value, Mode) -> Result<Value, Exception>),
    /// From all arguments.
    Values(fn(&[Value], Mode) -> Result<Value, Exception>),
    /// The next random number.
    Rand,
    /// Seeds the random numbers.
    Srand,
}

const fn row(name: &'static str, arguments: usize, call: Call) -> MathFunction {
    MathFunction { name, arguments_min: arguments, arguments_max: Some(arguments), call }
}

const fn variadic(name: &'static str, call: Call) -> MathFunction {
    MathFunction { name, arguments_min: 1, arguments_max: None, call }
}

/// The math functions. The first ones are those of the compiler's `MATH_FUNCTIONS`, in its order.
pub const MATH: &[MathFunction] = &[
    row("abs", 1, Call::Value(abs)),
    row("acos", 1, Call::Double(f64::acos)),
    row("asin", 1, Call::Double(f64::asin)),
    row("atan", 1, Call::Double(f64::atan)),
    row("bool", 1, Call::Value(|value, mode| unary::truth(value, mode).map(Value::bool))),
    row("ceil", 1, Call::Value(|value, mode| toward(value, Toward::Ceiling, mode))),
    row("cos", 1, Call::Double(f64::cos)),
    row("cosh", 1, Call::Double(f64::cosh)),
    row("double", 1, Call::Double(|d| d)),
    row("entier", 1, Call::Value(entier)),
    row("exp", 1, Call::Double(f64::exp)),
    row("floor", 1, Call::Value(|value, mode| toward(value, Toward::Floor, mode))),
    row("int", 1, Call::Value(int)),
    row("isqrt", 1, Call::Value(isqrt)),
    row("log", 1, Call::Double(f64::ln)),
    row("log10", 1, Call::Double(f64::log10)),
    row("round", 1, Call::Value(round)),
    row("sin", 1, Call::Double(f64::sin)),
    row("sinh", 1, Call::Double(f64::sinh)),
    row("sqrt", 1, Call::Value(sqrt)),
    row("tan", 1, Call::Double(f64::tan)),
    row("tanh", 1, Call::Double(f64::tanh)),
    row("wide", 1, Call::Value(wide)),
    row("atan2", 2, Call::Doubles(f64::atan2)),
    row("fmod", 2, Call::Doubles(|a, b| a % b)),
    row("hypot", 2, Call::Doubles(f64::hypot)),
    row("isfinite", 1, Call::Value(|value, mode| test(value, f64::is_finite, mode))),
    row("isinf", 1, Call::Value(|value, mode| test(value, f64::is_infinite, mode))),
    row("isnan", 1, Call::Value(|value, mode| test(value, f64::is_nan, mode))),
    row("isnormal", 1, Call::Value(|value, mode| test(value, f64::is_normal, mode))),
    row("issubnormal", 1, Call::Value(|value, mode| test(value, f64::is_subnormal, mode))),
    row("isunordered", 2, Call::Values(isunordered)),
    variadic("max", Call::Values(|args, mode| extreme(args, Ordering::Greater, mode))),
    variadic("min", Call::Values(|args, mode| extreme(args, Ordering::Less, mode))),
    row("pow", 2, Call::Doubles(f64::powf)),
    row("rand", 0, Call::Rand),
    row("srand", 1, Call::Srand),
];

/// The number of the function `name` in [`MATH`].
pub fn function_number(name: &[u8]) -> Option<usize> {
    MATH.iter().position(|function| function.name.as_bytes() == name)
}

/// The error of a call with too few (or else too many) arguments; `name` is the function as called.
#[cold]
pub fn wrong_arguments(name: &[u8], too_few: bool) -> Exception {
    let what = if too_few { "not enough" } else { "too many" };
    crate::error![what, " arguments for math function \"", name, "\""; "TCL", "WRONGARGS"]
}

/// Calls a function; `random` is the state of the interpreter's generator.
///
/// # Errors
/// A wrong number of arguments, arguments that are no numbers, and results that are none.
///
/// # Side effects
/// `rand` and `srand` change `random`.
pub fn call(
    function: &MathFunction,
    args: &[Value],
    mode: Mode,
    random: &mut Option<i64>,
) -> Result<Value, Exception> {
    if args.len() < function.arguments_min {
        return Err(wrong_arguments(function.name.as_bytes(), true));
    }
    if function.arguments_max.is_some_and(|max| args.len() > max) {
        return Err(wrong_arguments(function.name.as_bytes(), false));
    }
    match (function.call, args) {
        (Call::Values(compute), _) => compute(args, mode),
        (Call::Doubles(compute), [first, second]) => {
            let first = double(first, mode)?;
            checked(compute(first, double(second, mode)?))
        }
        (Call::Rand, _) => Ok(Value::double(random::rand(random))),
        (Call::Srand, [seed]) => random::srand(random, seed, mode).map(Value::double),
        (_, [arg]) => call_of_one(function, arg, mode),
        _ => unreachable!("the number of arguments was checked"),
    }
}

/// Calls the function `name` if it needs no random numbers.
///
/// # Errors
/// As [`call`]; also for an unknown function.
pub fn call_function(name: &str, args: &[Value], mode: Mode) -> Result<Value, Exception> {
    match function_number(name.as_bytes()) {
        Some(number) => call(&MATH[number], args, mode, &mut None),
        None => Err(crate::error![
            "invalid command name \"tcl::mathfunc::", name, "\"";
            "TCL", "LOOKUP", "COMMAND", text!["tcl::mathfunc::", name]
        ]),
    }
}

/// Calls one of the functions of the compiler's `MATH_FUNCTIONS`, which take one argument.
///
/// # Errors
/// The argument is no number, or the result is none.
///
/// # Panics
/// For a function that takes another number of arguments: a bug.
pub fn call_of_one(function: &MathFunction, arg: &Value, mode: Mode) -> Result<Value, Exception> {
    match function.call {
        Call::Double(compute) => checked(compute(double(arg, mode)?)),
        Call::Value(compute) => compute(arg, mode),
        Call::Values(_) | Call::Doubles(_) | Call::Rand | Call::Srand => {
            unreachable!("the compiler calls so only functions of one argument")
        }
    }
}

fn checked(result: f64) -> Result<Value, Exception> {
    if result.is_nan() { Err(error::domain()) } else { Ok(Value::double(result)) }
}

/// An argument as a double other than NaN.
#[inline]
fn double(value: &Value, mode: Mode) -> Result<f64, Exception> {
    let d = value.to_f64(mode).ok_or_else(|| error::expected("floating-point number", value))?;
    if d.is_nan() { Err(error::not_a_number()) } else { Ok(d) }
}

/// An argument as a number, NaN included.
fn any_number(value: &Value, mode: Mode) -> Result<Num, Exception> {
    value.to_num(mode).ok_or_else(|| error::expected("number", value))
}

/// An argument as a number other than NaN.
fn number(value: &Value, mode: Mode) -> Result<Num, Exception> {
    match any_number(value, mode)? {
        Num::Double(d) if d.is_nan() => Err(error::not_a_number()),
        num => Ok(num),
    }
}

/// What needs no change stays as it is written.
fn abs(value: &Value, mode: Mode) -> Result<Value, Exception> {
    let negative = match number(value, mode)? {
        Num::Int(0) => return Ok(if value.text().contains(&b'-') { Value::int(0) } else { value.clone() }),
        Num::Int(n) => n < 0,
        Num::Big(object) if object.number().sign() == num_bigint::Sign::Minus => true,
        Num::Big(_) => false,
        Num::Double(d) => d.is_sign_negative(),
    };
    if negative { unary::neg(value, mode) } else { Ok(value.clone()) }
}

/// `ceil` and `floor`; integers beyond 53 bits are rounded in that direction, too.
fn toward(value: &Value, direction: Toward, mode: Mode) -> Result<Value, Exception> {
    let d = double(value, mode)?;
    Ok(Value::double(match (any_number(value, mode)?, direction) {
        (Num::Double(_), Toward::Ceiling) => d.ceil(),
        (Num::Double(_), Toward::Floor) => d.floor(),
        (num, _) => integer::to_double_toward(&num, direction),
    }))
}

/// `int` and `entier`. An integer stays as it is written.
fn entier(value: &Value, mode: Mode) -> Result<Value, Exception> {
    match number(value, mode)? {
        Num::Double(d) => integer::of_double(d).ok_or_else(error::integer_too_large),
        _ => Ok(value.clone()),
    }
}

/// The integer part; in Tcl 8.6 its lowest 64 bits.
fn int(value: &Value, mode: Mode) -> Result<Value, Exception> {
    if mode == Mode::Tcl86 { wide(value, mode) } else { entier(value, mode) }
}

/// The lowest 64 bits of the integer part.
fn wide(value: &Value, mode: Mode) -> Result<Value, Exception> {
    let num = match number(value, mode)? {
        Num::Double(d) => number(&integer::of_double(d).ok_or_else(error::integer_too_large)?, mode)?,
        num => num,
    };
    Ok(match num {
        Num::Int(n) => Value::int(n),
        Num::Big(object) => Value::int(integer::low_bits(object.number())),
        Num::Double(_) => unreachable!("the integer part is an integer"),
    })
}

/// Halves are rounded away from zero. An integer stays as it is written.
fn round(value: &Value, mode: Mode) -> Result<Value, Exception> {
    match number(value, mode)? {
        Num::Double(d) => integer::of_double(d.round()).ok_or_else(error::integer_too_large),
        _ => Ok(value.clone()),
    }
}

fn isqrt(value: &Value, mode: Mode) -> Result<Value, Exception> {
    let num = match number(value, mode)? {
        Num::Double(d) if d < 0.0 => return Err(error::negative_root()),
        Num::Double(d) => number(&integer::of_double(d).ok_or_else(error::integer_too_large)?, mode)?,
        num => num,
    };
    match num {
        Num::Int(n) => n.checked_isqrt().map(Value::int).ok_or_else(error::negative_root),
        Num::Big(object) if object.number().sign() == num_bigint::Sign::Minus => Err(error::negative_root()),
        Num::Big(object) => Ok(Value::big(object.number().sqrt())),
        Num::Double(_) => unreachable!("the integer part is an integer"),
    }
}

/// The root of a negative number is a NaN that only the use of it refuses.
fn sqrt(value: &Value, mode: Mode) -> Result<Value, Exception> {
    let d = double(value, mode)?;
    if d < 0.0 {
        return Ok(Value::double(-f64::NAN.abs()));
    }
    if d.is_infinite()
        && let Some(Num::Big(object)) = value.to_num(mode)
    {
        return Ok(Value::double(integer::root_to_double(object.number())));
    }
    Ok(Value::double(d.sqrt()))
}

fn test(value: &Value, holds: fn(f64) -> bool, mode: Mode) -> Result<Value, Exception> {
    Ok(Value::bool(holds(any_number(value, mode)?.to_double())))
}

fn isunordered(args: &[Value], mode: Mode) -> Result<Value, Exception> {
    let mut unordered = false;
    for arg in args {
        unordered |= any_number(arg, mode)?.to_double().is_nan();
    }
    Ok(Value::bool(unordered))
}

/// `max` and `min`: the argument itself, as it is written; the first of equal ones.
fn extreme(args: &[Value], wanted: Ordering, mode: Mode) -> Result<Value, Exception> {
    let mut best: Option<(&Value, Num)> = None;
    for arg in args {
        let num = number(arg, mode)?;
        if best.as_ref().is_none_or(|(_, best)| compare_numbers(&num, best) == Some(wanted)) {
            best = Some((arg, num));
        }
    }
    match best {
        Some((value, _)) => Ok(value.clone()),
        None => unreachable!("the number of arguments was checked"),
    }
}

/// The word that `fpclassify` has for a number.
///
/// # Errors
/// The value is no number.
pub fn fpclassify(value: &Value, mode: Mode) -> Result<&'static str, Exception> {
    Ok(match any_number(value, mode)?.to_double().classify() {
        FpCategory::Nan => "nan",
        FpCategory::Infinite => "infinite",
        FpCategory::Zero => "zero",
        FpCategory::Subnormal => "subnormal",
        FpCategory::Normal => "normal",
    })
}
