//! Numbers beyond 64 bits, and reading values as numbers.

use std::cell::OnceCell;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use tclring_compiler::Mode;
use tclring_compiler::syntax::number::{self, Number};

use super::text::Side;
use super::{Value, View};

/// An integer beyond 64 bits, with its text once asked for.
pub struct BigObj {
    number: BigInt,
    text: OnceCell<Box<[u8]>>,
}

impl BigObj {
    /// The integer.
    pub fn number(&self) -> &BigInt {
        &self.number
    }

    /// Its decimal text.
    pub fn text(&self) -> &[u8] {
        self.text.get_or_init(|| self.number.to_string().into_bytes().into_boxed_slice())
    }
}

/// A value read as a number.
#[derive(Clone)]
pub enum Num {
    /// An integer of 64 bits.
    Int(i64),
    /// An integer beyond 64 bits.
    Big(Rc<BigObj>),
    /// A floating-point number.
    Double(f64),
}

impl Num {
    /// The number as a double, rounded.
    pub fn to_double(&self) -> f64 {
        match self {
            Num::Int(n) => *n as f64,
            Num::Big(b) => big_to_double(b.number()),
            Num::Double(d) => *d,
        }
    }

    /// The integer as a big one, if it is an integer.
    pub fn to_big(&self) -> Option<BigInt> {
        match self {
            Num::Int(n) => Some(BigInt::from(*n)),
            Num::Big(b) => Some(b.number().clone()),
            Num::Double(_) => None,
        }
    }

    /// The number as a value.
    pub fn into_value(self) -> Value {
        match self {
            Num::Int(n) => Value::int(n),
            Num::Big(b) => Value::from_big_obj(b),
            Num::Double(d) => Value::double(d),
        }
    }
}

/// `n` as a double, infinite when it is too large.
pub fn big_to_double(n: &BigInt) -> f64 {
    n.to_f64().unwrap_or(if n.sign() == num_bigint::Sign::Minus { f64::NEG_INFINITY } else { f64::INFINITY })
}

impl Value {
    /// The integer `n`, in 64 bits if it fits.
    pub fn big(n: BigInt) -> Value {
        match n.to_i64() {
            Some(small) => Value::int(small),
            None => Value::from_big_obj(Rc::new(BigObj { number: n, text: OnceCell::new() })),
        }
    }

    /// The value as a number, if its text reads as one (`NaN` included).
    pub fn to_num(&self, mode: Mode) -> Option<Num> {
        match self.view() {
            View::Int(n) => Some(Num::Int(n)),
            View::Double(d) => Some(Num::Double(d)),
            View::Big(_) => self.big_rc().map(Num::Big),
            View::Text(text) => number::parse_number(text, mode).map(Num::from_number),
            View::Str(object) => {
                if let Side::Value(side) = &*object.side() {
                    match side.view() {
                        View::Int(n) if mode == Mode::Tcl90 => return Some(Num::Int(n)),
                        View::Double(d) => return Some(Num::Double(d)),
                        View::Big(_) if mode == Mode::Tcl90 => return side.big_rc().map(Num::Big),
                        _ => {}
                    }
                }
                if !may_be_number(object.text()) {
                    return None;
                }
                let num = Num::from_number(number::parse_number(object.text(), mode)?);
                if mode == Mode::Tcl90 {
                    object.set_side(Side::Value(num.clone().into_value()));
                }
                Some(num)
            }
            // Several elements are no number, whose text need not be made to see it.
            View::Series(series) if series.len() > 1 => None,
            View::List(list) if list.items().len() > 1 => None,
            View::Bytes(_) | View::List(_) | View::Dict(_) | View::Series(_) => {
                let text = self.text();
                if !may_be_number(&text) {
                    return None;
                }
                number::parse_number(&text, mode).map(Num::from_number)
            }
            View::Unset | View::Link(_) | View::Array(_) => None,
        }
    }

    /// The value as an integer of 64 bits.
    pub fn to_i64(&self, mode: Mode) -> Option<i64> {
        match self.to_num(mode)? {
            Num::Int(n) => Some(n),
            Num::Big(_) | Num::Double(_) => None,
        }
    }

    /// The value as a double (not NaN-checked).
    pub fn to_f64(&self, mode: Mode) -> Option<f64> {
        self.to_num(mode).map(|n| n.to_double())
    }

    /// The value as a truth value: a number (not NaN) or a boolean word.
    pub fn to_bool(&self, mode: Mode) -> Option<bool> {
        if let Some(n) = self.as_int() {
            return Some(n != 0);
        }
        if let Some(word) = number::parse_boolean(&self.text()) {
            return Some(word);
        }
        match self.to_num(mode)? {
            Num::Int(n) => Some(n != 0),
            Num::Big(_) => Some(true),
            Num::Double(d) => (!d.is_nan()).then_some(d != 0.0),
        }
    }
}

impl Num {
    /// The number as the syntax rules read it.
    pub fn from_number(number: Number) -> Num {
        match number {
            Number::Int(n) => Num::Int(n),
            Number::Double(d) => Num::Double(d),
            Number::Big(b) => Num::Big(Rc::new(BigObj { number: b, text: OnceCell::new() })),
        }
    }
}

/// A quick look at the first characters: whether `text` can be a number at all.
fn may_be_number(text: &[u8]) -> bool {
    text.iter()
        .find(|b| !b.is_ascii_whitespace() && **b != 0x0B)
        .is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'i' | b'I' | b'n' | b'N'))
}
