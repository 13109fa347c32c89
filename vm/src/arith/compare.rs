//! The comparison operators: of numbers if both operands are such, else of texts.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed};
use tclring_compiler::Mode;

use super::error;
use super::integer::TWO_TO_63;
use crate::interp::exception::Exception;
use crate::value::{Num, Value, View, position_of};

/// What a comparison asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `==` and `eq`
    Eq,
    /// `!=` and `ne`
    Ne,
    /// `<` and `lt`
    Lt,
    /// `<=` and `le`
    Le,
    /// `>` and `gt`
    Gt,
    /// `>=` and `ge`
    Ge,
}

impl Relation {
    /// Whether operands in this order are so related.
    #[inline]
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Relation::Eq => order.is_eq(),
            Relation::Ne => order.is_ne(),
            Relation::Lt => order.is_lt(),
            Relation::Le => order.is_le(),
            Relation::Gt => order.is_gt(),
            Relation::Ge => order.is_ge(),
        }
    }

    /// Whether two operands are so related.
    #[inline]
    pub fn holds_of<T: PartialOrd>(self, a: T, b: T) -> bool {
        match self {
            Relation::Eq => a == b,
            Relation::Ne => a != b,
            Relation::Lt => a < b,
            Relation::Le => a <= b,
            Relation::Gt => a > b,
            Relation::Ge => a >= b,
        }
    }
}

/// `lhs == rhs`, `lhs < rhs` and so on.
#[inline]
pub fn compare(relation: Relation, lhs: &Value, rhs: &Value, mode: Mode) -> bool {
    if let Some((a, b)) = Value::both_ints(lhs, rhs) {
        return relation.holds_of(a, b);
    }
    compare_general(relation, lhs, rhs, mode)
}

macro_rules! relations {
    ($($name:ident $relation:ident $text:literal;)*) => {$(
        #[doc = concat!("`lhs ", $text, " rhs`.")]
        #[inline]
        pub fn $name(lhs: &Value, rhs: &Value, mode: Mode) -> bool {
            compare(Relation::$relation, lhs, rhs, mode)
        }
    )*};
}

relations! {
    eq Eq "==";
    ne Ne "!=";
    lt Lt "<";
    le Le "<=";
    gt Gt ">";
    ge Ge ">=";
}

#[inline(never)]
fn compare_general(relation: Relation, lhs: &Value, rhs: &Value, mode: Mode) -> bool {
    if let (Some(a), Some(b)) = (lhs.as_double(), rhs.as_double()) {
        return relation.holds_of(a, b);
    }
    match lhs.to_num(mode).and_then(|left| Some((left, rhs.to_num(mode)?))) {
        Some((left, right)) => match compare_numbers(&left, &right) {
            Some(order) => relation.holds(order),
            None => relation == Relation::Ne,
        },
        None => compare_texts(relation, lhs, rhs),
    }
}

/// `lhs eq rhs`, `lhs lt rhs` and so on.
pub fn compare_texts(relation: Relation, lhs: &Value, rhs: &Value) -> bool {
    match relation {
        Relation::Eq => lhs == rhs,
        Relation::Ne => lhs != rhs,
        _ => relation.holds(string_compare(lhs, rhs)),
    }
}

/// The order of the texts by code points.
pub fn string_compare(lhs: &Value, rhs: &Value) -> Ordering {
    if lhs.is_empty() || rhs.is_empty() {
        return rhs.is_empty().cmp(&lhs.is_empty());
    }
    // The order of generalised UTF-8 by bytes is its order by code points.
    lhs.text().cmp(&rhs.text())
}

/// The exact order of two numbers; `None` if one of them is NaN.
pub fn compare_numbers(a: &Num, b: &Num) -> Option<Ordering> {
    match (a, b) {
        (Num::Int(a), Num::Int(b)) => Some(a.cmp(b)),
        (Num::Double(a), Num::Double(b)) => a.partial_cmp(b),
        (Num::Int(n), Num::Double(d)) => int_with_double(*n, *d),
        (Num::Double(d), Num::Int(n)) => int_with_double(*n, *d).map(Ordering::reverse),
        (Num::Big(n), Num::Double(d)) => big_with_double(n.number(), *d),
        (Num::Double(d), Num::Big(n)) => big_with_double(n.number(), *d).map(Ordering::reverse),
        (Num::Big(a), Num::Big(b)) => Some(a.number().cmp(b.number())),
        (Num::Int(_), Num::Big(b)) => Some(sign_order(b.number()).reverse()),
        (Num::Big(a), Num::Int(_)) => Some(sign_order(a.number())),
    }
}

/// How an integer beyond 64 bits compares with one of 64 bits.
fn sign_order(n: &BigInt) -> Ordering {
    if n.is_negative() { Ordering::Less } else { Ordering::Greater }
}

/// The exact order of an integer and a double: a large integer is not rounded to a double first.
///
/// The reference differs for the double 2^63 and the integers just below it: it converts the double
/// to 64 bits, which C leaves undefined, so that on x86-64 2^63 counts as less than these.
pub fn int_with_double(n: i64, d: f64) -> Option<Ordering> {
    if d.is_nan() {
        None
    } else if d >= TWO_TO_63 {
        Some(Ordering::Less)
    } else if d < -TWO_TO_63 {
        Some(Ordering::Greater)
    } else {
        let whole = d.trunc();
        n.cmp(&(whole as i64)).then_with(|| whole.partial_cmp(&d).unwrap_or(Ordering::Equal)).into()
    }
}

fn big_with_double(n: &BigInt, d: f64) -> Option<Ordering> {
    if d.is_nan() {
        return None;
    }
    match BigInt::from_f64(d) {
        // A double with a fraction is far below an integer beyond 64 bits.
        Some(whole) => Some(n.cmp(&whole)),
        None => Some(if d > 0.0 { Ordering::Less } else { Ordering::Greater }),
    }
}

/// `needle in list`.
///
/// # Errors
/// `list` is no list.
pub fn in_list(needle: &Value, list: &Value) -> Result<bool, Exception> {
    if let View::Series(series) = list.view()
        && !series.is_too_long()
    {
        return Ok(series.iter().any(|element| element == *needle));
    }
    let list = list.to_list().map_err(error::not_a_list)?;
    Ok(position_of(list.items(), needle).is_some())
}
