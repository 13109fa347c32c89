//! `lseq`: lists of numbers in even steps.

use std::rc::Rc;

use super::choice::choose;
use super::options::{integer, too_large};
use crate::arith;
use crate::error;
use crate::interp::command::Outcome;
use crate::interp::exception::{Exception, Raised};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text;
use crate::value::{Num, SeriesObj, Terms, Value};

const USAGE: &str = "n ??op? n ??by? n??";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "lseq",
    usage: USAGE,
    min: 0,
    max: MANY,
    safe: true,
    help: "Makes a list of numbers in even steps.",
    run: lseq,
}];

const OPERATIONS: &[&str] = &["..", "to", "count", "by"];

/// The most words that `lseq` takes.
const WORDS_MAX: usize = 5;

/// From here on a floating-point number is no integer of 64 bits.
const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// A word between the numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    To,
    Count,
    By,
}

/// A word, read.
#[derive(Clone)]
enum Word {
    Number(Value, Num),
    Operation(Operation),
}

/// Reads the words: each is a number or an operation where one may stand.
fn read_words(machine: &mut Machine, args: &Args) -> Result<Option<Vec<Word>>, Exception> {
    let mode = machine.mode();
    let mut words: Vec<Word> = Vec::with_capacity(WORDS_MAX);
    if args.len() < 2 || args.len() > WORDS_MAX + 1 {
        return Ok(None);
    }
    for (at, arg) in args.iter().enumerate().skip(1) {
        let left = args.len() - at;
        let after_number = matches!(words.last(), Some(Word::Number(..)));
        let numbers = words.iter().filter(|word| matches!(word, Word::Number(..))).count();
        // Two numbers and two more words: an operation has to come.
        let only_operation = after_number && numbers == 2 && left == 2;
        if !only_operation && let Some(number) = arg.to_num(mode) {
            words.push(Word::Number(arg.clone(), number));
            continue;
        }
        if !after_number {
            return Err(arith::error::expected("number", arg));
        }
        match choose(arg, OPERATIONS, "operation") {
            Ok(_) if left == 1 => {
                return Err(error!("missing \"", arg, "\" value."));
            }
            Ok(which) => words.push(Word::Operation(match which {
                0 | 1 => Operation::To,
                2 => Operation::Count,
                _ => Operation::By,
            })),
            Err(e) if only_operation => return Err(e),
            Err(_) => return Err(arith::error::expected("number", arg)),
        }
    }
    Ok(Some(words))
}

type Given = (Value, Num);

/// What was asked for.
struct Series {
    start: Option<Given>,
    end: Option<Given>,
    count: Option<Given>,
    step: Option<Given>,
}

/// Puts the words into their places; `None` if they are in no order that means something.
fn arrange(words: &[Word]) -> Option<Series> {
    use Operation::{By, Count, To};
    use Word::{Number as N, Operation as O};
    let given = |value: &Value, num: &Num| Some((value.clone(), num.clone()));
    let mut series = Series { start: None, end: None, count: None, step: None };
    match words {
        [N(count, n)] => series.count = given(count, n),
        [N(count, n), O(By), N(step, s)] => (series.count, series.step) = (given(count, n), given(step, s)),
        [N(start, a), rest @ ..] => {
            series.start = given(start, a);
            let (limit, rest, counted) = match rest {
                [O(operation @ (To | Count)), N(limit, n), rest @ ..] => {
                    (given(limit, n), rest, *operation == Count)
                }
                [N(limit, n), rest @ ..] => (given(limit, n), rest, false),
                _ => return None,
            };
            if counted {
                series.count = limit;
            } else {
                series.end = limit;
            }
            match rest {
                [] => {}
                [N(step, s)] | [O(By), N(step, s)] => series.step = given(step, s),
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(series)
}

fn lseq(machine: &mut Machine, args: Args) -> Outcome {
    let series = match read_words(machine, &args)? {
        Some(words) => arrange(&words),
        None => None,
    };
    let Some(series) = series else {
        return Err(machine.wrong_args(&args, 1, USAGE));
    };
    let count = series.count.as_ref().map(|given| asked_count(machine, given)).transpose()?;
    let numbers = || [&series.start, &series.end, &series.step].into_iter().flatten();
    if numbers().any(|(_, num)| matches!(num, Num::Big(_))) {
        return Err(too_large());
    }
    let made = if numbers().any(|(_, num)| matches!(num, Num::Double(_))) {
        reals(&series, count)?
    } else {
        integers(machine, &series, count)?
    };
    Ok(Step::Done(Value::from_series_obj(Rc::new(made))))
}

/// The number of elements that was asked for; a floating-point number without a fraction will do.
fn asked_count(machine: &Machine, (value, num): &Given) -> Result<i64, Exception> {
    match num {
        Num::Double(d) if d.fract() == 0.0 && d.abs() < TWO_TO_63 => Ok(*d as i64),
        Num::Double(d) if d.fract() == 0.0 => Err(too_large()),
        Num::Double(_) => Err(error!("expected integer but got \"", value, "\""; "TCL", "VALUE", "INTEGER")),
        _ => integer(value, machine.mode()),
    }
}

fn invalid() -> Exception {
    const MESSAGE: &str = "invalid arithmetic series parameter values";
    error!(MESSAGE; "ARITH", "DOMAIN", MESSAGE)
}

/// How many elements there are; the reference counts with 64 bits, and finds none where they do not suffice.
fn checked(count: i128) -> usize {
    usize::try_from(count as i64).unwrap_or(0)
}

fn integers(machine: &Machine, series: &Series, count: Option<i64>) -> Result<SeriesObj, Exception> {
    let read =
        |given: &Option<Given>| given.as_ref().map(|(value, _)| integer(value, machine.mode())).transpose();
    let start = read(&series.start)?.unwrap_or(0);
    let end = read(&series.end)?;
    let step = read(&series.step)?.unwrap_or(if end.is_some_and(|end| end < start) { -1 } else { 1 });
    let count = match (count.map(i128::from), end) {
        (Some(count), _) => {
            let last = i128::from(start) + i128::from(step) * (count - 1).max(0);
            if i64::try_from(last).is_err() {
                return Err(invalid());
            }
            count
        }
        (None, Some(_)) if step == 0 => 1,
        (None, Some(end)) => {
            // The reference computes with 64 bits here, too: what is too far away is in the other direction then.
            let distance = end.wrapping_sub(start);
            let is_ahead = distance == 0 || (distance < 0) == (step < 0);
            let count = if is_ahead { i128::from(distance) / i128::from(step) + 1 } else { 0 };
            let last = i128::from(start) + i128::from(step) * (count - 1).max(0);
            if count <= i128::from(i64::MAX) && i64::try_from(last).is_err() {
                return Err(invalid());
            }
            count
        }
        (None, None) => unreachable!("a series has an end or a count"),
    };
    // The reference takes the step from the end, and this one has no opposite.
    if step == i64::MIN && (count > 1 || count == 1 && start < 0) {
        return Err(invalid());
    }
    Ok(SeriesObj::new(Terms::Integers { start, step }, checked(count)))
}

/// How many decimals a number was written with; none in exponential notation.
fn decimals((value, num): &Given) -> i32 {
    if !matches!(num, Num::Double(_)) {
        return 0;
    }
    let text = value.text();
    if text.iter().any(|b| matches!(b, b'e' | b'E')) {
        return 0;
    }
    let fraction = text.iter().position(|b| *b == b'.').map_or(0, |at| text.len() - at - 1);
    i32::try_from(fraction).unwrap_or(i32::MAX)
}

fn reals(series: &Series, count: Option<i64>) -> Result<SeriesObj, Exception> {
    let real = |given: &Option<Given>| given.as_ref().map(|(_, num)| num.to_double());
    let start = real(&series.start).unwrap_or(0.0);
    let end = real(&series.end);
    let step = real(&series.step).unwrap_or(if end.is_some_and(|end| end < start) { -1.0 } else { 1.0 });
    let given = [&series.start, &series.end, &series.step];
    let decimals = given.into_iter().flatten().map(decimals).max().unwrap_or(0);
    let scale = 10f64.powi(decimals);
    let count = match (count, end) {
        (Some(count), _) => i128::from(count),
        (None, Some(end)) => steps(start, end, step, scale)?,
        (None, None) => unreachable!("a series has an end or a count"),
    };
    // The reference computes the end that it was not told.
    if (start + step * (count - 1) as f64).is_nan() {
        return Err(arith::error::domain());
    }
    let count = checked(count);
    Ok(SeriesObj::new(Terms::Reals { start, step, decimals }, count))
}

/// How many numbers there are from `start` to `end`.
fn steps(start: f64, end: f64, step: f64, scale: f64) -> Result<i128, Exception> {
    if start.is_infinite() || end.is_infinite() {
        return Err(error!("max length of a Tcl list exceeded"; "TCL", "MEMORY"));
    }
    for bound in [start, end] {
        if bound.is_nan() {
            let what = "non-numeric floating-point value";
            let message = text!["cannot use ", what, " \"NaN\" to estimate length of arith-series"];
            return Err(Raised::error(message).with_code(&["ARITH", "DOMAIN", what]));
        }
    }
    if !step.is_finite() {
        return Err(arith::error::domain());
    }
    if step == 0.0 {
        return Ok(1);
    }
    // In multiples of the last decimal, so that 0.1 fits ten times into 1.
    let (distance, step) =
        if scale > 1.0 { ((end * scale) - (start * scale), step * scale) } else { (end - start, step) };
    if distance.abs() <= TWO_TO_63 && step.abs() < TWO_TO_63 && step.abs() >= 0.5 {
        // As in the reference, a distance of just 2**63 has 64 bits, and is one in the other direction then.
        return Ok(i128::from(distance.round() as i128 as i64) / step.round() as i128 + 1);
    }
    let count = distance / step + 1.0;
    if count >= TWO_TO_63 {
        // The reference's count wraps, and finds no element.
        return Ok(0);
    }
    // A step in the wrong direction: the reference then gives the start alone, but nothing if it is a longer one.
    Ok(if count < 0.0 { 1 } else { count as i128 })
}
