//! `string is`: the classes of texts, and the place of the first character that does not belong.

use tclring_compiler::Mode;
use tclring_compiler::syntax::number::{Number, NumberRules, is_blank, parse_boolean, parse_prefix};
use tclring_compiler::syntax::text::char_count;

use super::choice::choose;
use crate::error;
use crate::interp::command::Outcome;
use crate::interp::{Args, Machine, Step};
use crate::text::class::Class;
use crate::value::{Value, View};

/// The words after `string is`.
pub(super) const USAGE: &str = "class ?-strict? ?-failindex var? str";

/// A class of `string is`.
#[derive(Clone, Copy)]
enum Kind {
    /// Every character belongs to a class.
    Chars(Class),
    /// A boolean word, or those that mean this.
    Boolean(Option<bool>),
    /// Key and value pairs.
    Dict,
    /// A number.
    Double,
    /// An integer of any size.
    Entier,
    /// An integer of any size; of 32 bits in Tcl 8.6.
    Integer,
    /// A list.
    List,
    /// An integer of 64 bits.
    Wide,
}

/// The classes in the order of the error message.
const KINDS: &[(&str, Kind)] = &[
    ("alnum", Kind::Chars(Class::Alnum)),
    ("alpha", Kind::Chars(Class::Alpha)),
    ("ascii", Kind::Chars(Class::Ascii)),
    ("control", Kind::Chars(Class::Control)),
    ("boolean", Kind::Boolean(None)),
    ("dict", Kind::Dict),
    ("digit", Kind::Chars(Class::Digit)),
    ("double", Kind::Double),
    ("entier", Kind::Entier),
    ("false", Kind::Boolean(Some(false))),
    ("graph", Kind::Chars(Class::Graph)),
    ("integer", Kind::Integer),
    ("list", Kind::List),
    ("lower", Kind::Chars(Class::Lower)),
    ("print", Kind::Chars(Class::Print)),
    ("punct", Kind::Chars(Class::Punct)),
    ("space", Kind::Chars(Class::Space)),
    ("true", Kind::Boolean(Some(true))),
    ("upper", Kind::Chars(Class::Upper)),
    ("wideinteger", Kind::Wide),
    ("wordchar", Kind::Chars(Class::Wordchar)),
    ("xdigit", Kind::Chars(Class::Xdigit)),
];

pub(super) fn is(machine: &mut Machine, args: Args) -> Outcome {
    let names: [&str; KINDS.len()] = std::array::from_fn(|number| KINDS[number].0);
    let (name, kind) = KINDS[choose(&args[1], &names, "class")?];
    let subject = &args[args.len() - 1];
    let mut strict = false;
    let mut fail_name = None;
    let mut at = 2;
    while at < args.len() - 1 {
        match choose(&args[at], &["-strict", "-failindex"], "option")? {
            0 => strict = true,
            _ => {
                at += 1;
                if at >= args.len() - 1 {
                    return Err(error!("wrong # args: should be \"string is ", name,
                        " ?-strict? ?-failindex var? str\""; "TCL", "WRONGARGS"));
                }
                fail_name = Some(args[at].clone());
            }
        }
        at += 1;
    }
    let Err(failed_at) = test(kind, subject, strict, machine.mode()) else {
        return Ok(Step::Done(Value::int(1)));
    };
    match fail_name {
        None => Ok(Step::Done(Value::int(0))),
        Some(name) => machine.write_then(&name, Value::int(failed_at), |_, _| Ok(Step::Done(Value::int(0)))),
    }
}

/// Whether the value belongs to the class; if not, the number of the character that shows it,
/// or -1 where that cannot be said.
fn test(kind: Kind, value: &Value, strict: bool, mode: Mode) -> Result<(), i64> {
    if value.is_empty() && !matches!(kind, Kind::List | Kind::Dict) {
        return if strict { Err(0) } else { Ok(()) };
    }
    match kind {
        Kind::Chars(class) => match class.first_outside(&value.text()) {
            None => Ok(()),
            Some(at) => Err(at as i64),
        },
        Kind::Boolean(wanted) => match parse_boolean(&value.text()) {
            Some(truth) if wanted.is_none_or(|wanted| wanted == truth) => Ok(()),
            _ => Err(0),
        },
        Kind::List => is_list(value),
        Kind::Dict => match value.to_dict() {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(-1),
            Err(_) => is_list(value),
        },
        Kind::Double => match value.view() {
            View::Int(_) | View::Double(_) | View::Big(_) => Ok(()),
            _ => is_number(&value.text(), false, mode).map(|_| ()),
        },
        Kind::Integer | Kind::Wide if mode == Mode::Tcl86 => {
            is_old_integer(value, matches!(kind, Kind::Wide))
        }
        Kind::Entier | Kind::Integer | Kind::Wide => {
            let wide = matches!(kind, Kind::Wide);
            match value.view() {
                View::Int(_) => Ok(()),
                View::Big(_) => {
                    if wide {
                        Err(-1)
                    } else {
                        Ok(())
                    }
                }
                _ => match is_number(&value.text(), true, mode)? {
                    Number::Big(_) if wide => Err(-1),
                    _ => Ok(()),
                },
            }
        }
    }
}

/// Whether a value is what Tcl 8.6 calls an integer or a wide integer: one of 32 or 64 bits, with or without a sign.
fn is_old_integer(value: &Value, wide: bool) -> Result<(), i64> {
    let number = is_number(&value.text(), true, Mode::Tcl86)?;
    let magnitude = match &number {
        Number::Int(number) => Some(number.unsigned_abs()),
        Number::Big(number) => u64::try_from(number.magnitude()).ok(),
        Number::Double(_) => None,
    };
    let limit = if wide { u64::MAX } else { u64::from(u32::MAX) };
    if magnitude.is_some_and(|magnitude| magnitude <= limit) { Ok(()) } else { Err(-1) }
}

fn is_list(value: &Value) -> Result<(), i64> {
    if value.to_list().is_ok() {
        return Ok(());
    }
    let text = value.text();
    let mut elements = tclring_compiler::syntax::list::elements(&text);
    let mut before = 0;
    while let Some(Ok(_)) = elements.next() {
        before = elements.offset();
    }
    let blanks = text[before..].iter().take_while(|b| is_blank(**b)).count();
    Err(char_count(&text[..before + blanks]) as i64)
}

/// The number in the whole text, or how far it reaches.
fn is_number(text: &[u8], integer_only: bool, mode: Mode) -> Result<Number, i64> {
    let rules = NumberRules { integer_only, ..NumberRules::of(mode) };
    let start = text.iter().take_while(|b| is_blank(**b)).count();
    let Some((number, used)) = parse_prefix(&text[start..], rules) else {
        return Err(0);
    };
    let mut end = start + used;
    if rules.underscores && text.get(end) == Some(&b'_') && text[end - 1].is_ascii_hexdigit() {
        // The digit before a stray underscore was not yet accepted.
        end -= 1;
        if text[..end].last() != Some(&b'_') {
            end = parse_prefix(&text[start..end], rules).map_or(0, |(_, used)| start + used);
        }
        return Err(end as i64);
    }
    end += text[end..].iter().take_while(|b| is_blank(**b)).count();
    if end == text.len() { Ok(number) } else { Err(end as i64) }
}
