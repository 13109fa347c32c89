//! The operators as commands, `tcl::mathop`.

use tclring_compiler::Mode;

use super::binary::{BinaryOp, binary};
use super::compare::{Relation, compare, compare_texts, in_list};
use super::unary;
use crate::interp::exception::Exception;
use crate::value::Value;

/// A row of [`OPERATORS`].
pub struct Operator {
    /// Its name without namespace.
    pub name: &'static str,
    /// Its arguments as the message of a wrong number of them shows them.
    pub usage: &'static str,
    /// The fewest arguments it takes.
    pub arguments_min: usize,
    /// The most arguments it takes; `None` for any number.
    pub arguments_max: Option<usize>,
    kind: Kind,
}

/// How a command came to be called. Results are the same but for the sign of zeros; the operand
/// that an error blames is not, in the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By its name at run time.
    Called,
    /// Named by a constant word, where the reference compiles the operator in place.
    Compiled,
}

#[derive(Clone, Copy)]
enum Kind {
    /// `!`
    Not,
    /// `~`
    BitNot,
    /// An operator whose operands can be exchanged, with the result for none.
    Fold(BinaryOp, i64),
    /// `-`
    Subtract,
    /// `/`
    Divide,
    /// `**`
    Power,
    /// An operator with two operands.
    Two(BinaryOp),
    /// A comparison of neighbours.
    Chain(Relation),
    /// A comparison of the texts of neighbours.
    TextChain(Relation),
    /// `in`, or else `ni`.
    In(bool),
}

const fn any(name: &'static str, kind: Kind) -> Operator {
    Operator { name, usage: "?value ...?", arguments_min: 0, arguments_max: None, kind }
}

const fn some(name: &'static str, kind: Kind) -> Operator {
    Operator { name, usage: "value ?value ...?", arguments_min: 1, arguments_max: None, kind }
}

const fn one(name: &'static str, usage: &'static str, kind: Kind) -> Operator {
    Operator { name, usage, arguments_min: 1, arguments_max: Some(1), kind }
}

const fn two(name: &'static str, usage: &'static str, kind: Kind) -> Operator {
    Operator { name, usage, arguments_min: 2, arguments_max: Some(2), kind }
}

/// The operator commands.
pub const OPERATORS: &[Operator] = &[
    one("!", "boolean", Kind::Not),
    one("~", "integer", Kind::BitNot),
    any("+", Kind::Fold(BinaryOp::Add, 0)),
    any("*", Kind::Fold(BinaryOp::Mul, 1)),
    any("&", Kind::Fold(BinaryOp::BitAnd, -1)),
    any("|", Kind::Fold(BinaryOp::BitOr, 0)),
    any("^", Kind::Fold(BinaryOp::BitXor, 0)),
    any("**", Kind::Power),
    some("-", Kind::Subtract),
    some("/", Kind::Divide),
    two("%", "integer integer", Kind::Two(BinaryOp::Mod)),
    two("<<", "integer shift", Kind::Two(BinaryOp::Shl)),
    two(">>", "integer shift", Kind::Two(BinaryOp::Shr)),
    any("==", Kind::Chain(Relation::Eq)),
    two("!=", "value value", Kind::Chain(Relation::Ne)),
    any("<", Kind::Chain(Relation::Lt)),
    any("<=", Kind::Chain(Relation::Le)),
    any(">", Kind::Chain(Relation::Gt)),
    any(">=", Kind::Chain(Relation::Ge)),
    any("eq", Kind::TextChain(Relation::Eq)),
    two("ne", "value value", Kind::TextChain(Relation::Ne)),
    any("lt", Kind::TextChain(Relation::Lt)),
    any("le", Kind::TextChain(Relation::Le)),
    any("gt", Kind::TextChain(Relation::Gt)),
    any("ge", Kind::TextChain(Relation::Ge)),
    two("in", "value list", Kind::In(true)),
    two("ni", "value list", Kind::In(false)),
];

/// The row of the operator `name`.
pub fn operator(name: &[u8]) -> Option<&'static Operator> {
    OPERATORS.iter().find(|operator| operator.name.as_bytes() == name)
}

/// Applies an operator command to its arguments.
///
/// # Errors
/// A wrong number of arguments, and the errors of the operator.
pub fn apply(operator: &Operator, args: &[Value], form: Form, mode: Mode) -> Result<Value, Exception> {
    match (operator.kind, args) {
        (Kind::Not, [arg]) => unary::not(arg, mode),
        (Kind::BitNot, [arg]) => unary::bitnot(arg, mode),
        (Kind::Fold(op, identity), _) => fold(op, &Value::int(identity), args, form, mode),
        (Kind::Subtract, [arg]) if form == Form::Compiled => unary::neg(arg, mode),
        (Kind::Subtract, [arg]) => binary(BinaryOp::Sub, &Value::int(0), arg, mode),
        (Kind::Subtract, [first, rest @ ..]) => reduce(BinaryOp::Sub, first, rest, mode),
        (Kind::Divide, [arg]) => binary(BinaryOp::Div, &Value::double(1.0), arg, mode),
        (Kind::Divide, [first, rest @ ..]) => reduce(BinaryOp::Div, first, rest, mode),
        (Kind::Power, _) => power(args, mode),
        (Kind::Two(op), [lhs, rhs]) => binary(op, lhs, rhs, mode),
        (Kind::Chain(Relation::Ne), [lhs, rhs]) => Ok(Value::bool(compare(Relation::Ne, lhs, rhs, mode))),
        (Kind::TextChain(Relation::Ne), [lhs, rhs]) => Ok(Value::bool(compare_texts(Relation::Ne, lhs, rhs))),
        (Kind::Chain(Relation::Ne) | Kind::TextChain(Relation::Ne), _) => Err(wrong_arguments(operator)),
        (Kind::Chain(relation), _) => {
            Ok(Value::bool(args.windows(2).all(|pair| compare(relation, &pair[0], &pair[1], mode))))
        }
        (Kind::TextChain(relation), _) => {
            Ok(Value::bool(args.windows(2).all(|pair| compare_texts(relation, &pair[0], &pair[1]))))
        }
        (Kind::In(wanted), [needle, list]) => Ok(Value::bool(in_list(needle, list)? == wanted)),
        _ => Err(wrong_arguments(operator)),
    }
}

#[cold]
fn wrong_arguments(operator: &Operator) -> Exception {
    crate::error![
        "wrong # args: should be \"::tcl::mathop::", operator.name, " ", operator.usage, "\"";
        "TCL", "WRONGARGS"
    ]
}

/// From left to right.
fn reduce(op: BinaryOp, first: &Value, rest: &[Value], mode: Mode) -> Result<Value, Exception> {
    let mut result = first.clone();
    for arg in rest {
        result = binary(op, &result, arg, mode)?;
    }
    Ok(result)
}

fn fold(op: BinaryOp, identity: &Value, args: &[Value], form: Form, mode: Mode) -> Result<Value, Exception> {
    match (args, form) {
        ([], _) => Ok(identity.clone()),
        ([arg], Form::Called) => binary(op, identity, arg, mode),
        ([arg], Form::Compiled) => binary(op, arg, identity, mode),
        ([first, rest @ ..], Form::Called) => reduce(op, first, rest, mode),
        ([lhs, rhs], Form::Compiled) => binary(op, lhs, rhs, mode),
        ([first, rest @ ..], Form::Compiled) => {
            let mut result = first.clone();
            for arg in rest {
                result = binary(op, arg, &result, mode)?;
            }
            Ok(result)
        }
    }
}

/// From right to left.
fn power(args: &[Value], mode: Mode) -> Result<Value, Exception> {
    let Some((last, before)) = args.split_last() else {
        return Ok(Value::int(1));
    };
    if before.is_empty() {
        return binary(BinaryOp::Pow, last, &Value::int(1), mode);
    }
    let mut result = last.clone();
    for arg in before.iter().rev() {
        result = binary(BinaryOp::Pow, arg, &result, mode)?;
    }
    Ok(result)
}
