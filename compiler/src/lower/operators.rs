//! Operators of expressions as operations.

use crate::Mode;
use crate::bytecode::{Def, Immediate, Near, Op, Use};
use crate::syntax::double::canonical_double;
use crate::syntax::expr::BinaryOp;
use crate::syntax::number::{Number, parse_number};

/// Integer arithmetic whose outcome is certain now.
pub(super) fn folded_operation(op: BinaryOp, left: i64, right: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Subtract => left.checked_sub(right),
        BinaryOp::Multiply => left.checked_mul(right),
        _ => None,
    }
}

/// Whether a number counts as it is written where it is an operand of `op`: what compares may compare texts, and the
/// message about a fraction where an integer is wanted shows it.
pub(super) fn keeps_writing(op: BinaryOp, number: &[u8], mode: Mode) -> bool {
    use BinaryOp::*;
    let matters = match op {
        Equal | NotEqual | Less | Greater | LessOrEqual | GreaterOrEqual | StringLess | StringGreater
        | StringLessOrEqual | StringGreaterOrEqual | StringEqual | StringNotEqual | In | NotIn => true,
        Remainder | ShiftLeft | ShiftRight | BitAnd | BitXor | BitOr => {
            matches!(parse_number(number, mode), Some(Number::Double(_)))
        }
        _ => false,
    };
    matters && canonical_double(number).is_none()
}

pub(super) fn immediate_operation(op: BinaryOp, lhs: Use, number: i16) -> Option<impl FnOnce(Def) -> Op> {
    let form: fn(Def, Use, Immediate) -> Op = match op {
        BinaryOp::Add if number >= 0 => |dst, lhs, rhs| Op::AddImm { dst, lhs, rhs },
        // A negative number tells the machine that it was a subtraction.
        BinaryOp::Subtract if number > 0 => |dst, lhs, rhs| Op::AddImm { dst, lhs, rhs: Immediate(-rhs.0) },
        BinaryOp::Multiply => |dst, lhs, rhs| Op::MulImm { dst, lhs, rhs },
        BinaryOp::Remainder if number != 0 => |dst, lhs, rhs| Op::ModImm { dst, lhs, rhs },
        _ => return None,
    };
    Some(move |dst| form(dst, lhs, Immediate(number)))
}

pub(super) fn binary_operation(op: BinaryOp, dst: Def, lhs: Use, rhs: Use) -> Op {
    macro_rules! table {
        ($($from:ident => $to:ident),* $(,)?) => {
            match op { $(BinaryOp::$from => Op::$to { dst, lhs, rhs },)* }
        };
    }
    table! {
        Power => Pow, Multiply => Mul, Divide => Div, Remainder => Mod, Add => Add, Subtract => Sub,
        ShiftLeft => Shl, ShiftRight => Shr, Less => Lt, Greater => Gt, LessOrEqual => Le, GreaterOrEqual => Ge,
        StringLess => StrLt, StringGreater => StrGt, StringLessOrEqual => StrLe, StringGreaterOrEqual => StrGe,
        Equal => Eq, NotEqual => Ne, StringEqual => StrEq, StringNotEqual => StrNe, In => In, NotIn => NotIn,
        BitAnd => BitAnd, BitXor => BitXor, BitOr => BitOr,
    }
}

/// The jump that is taken if the comparison's outcome is `sense`.
pub(super) fn fused(op: BinaryOp, sense: bool, lhs: Use, rhs: Use) -> Option<Op> {
    let near = Near(0);
    Some(match (op, sense) {
        (BinaryOp::Equal, true) | (BinaryOp::NotEqual, false) => Op::JumpEq { lhs, rhs, near },
        (BinaryOp::Equal, false) | (BinaryOp::NotEqual, true) => Op::JumpNe { lhs, rhs, near },
        (BinaryOp::Less, true) => Op::JumpLt { lhs, rhs, near },
        (BinaryOp::Less, false) => Op::JumpNotLt { lhs, rhs, near },
        (BinaryOp::LessOrEqual, true) => Op::JumpLe { lhs, rhs, near },
        (BinaryOp::LessOrEqual, false) => Op::JumpNotLe { lhs, rhs, near },
        (BinaryOp::Greater, true) => Op::JumpGt { lhs, rhs, near },
        (BinaryOp::Greater, false) => Op::JumpNotGt { lhs, rhs, near },
        (BinaryOp::GreaterOrEqual, true) => Op::JumpGe { lhs, rhs, near },
        (BinaryOp::GreaterOrEqual, false) => Op::JumpNotGe { lhs, rhs, near },
        (BinaryOp::StringEqual, true) | (BinaryOp::StringNotEqual, false) => Op::JumpStrEq { lhs, rhs, near },
        (BinaryOp::StringEqual, false) | (BinaryOp::StringNotEqual, true) => Op::JumpStrNe { lhs, rhs, near },
        _ => return None,
    })
}

/// The same with a number on the right.
pub(super) fn fused_immediate(op: BinaryOp, sense: bool, lhs: Use, number: i16) -> Option<Op> {
    let (rhs, near) = (Immediate(number), Near(0));
    Some(match (op, sense) {
        (BinaryOp::Equal, true) | (BinaryOp::NotEqual, false) => Op::JumpEqImm { lhs, rhs, near },
        (BinaryOp::Equal, false) | (BinaryOp::NotEqual, true) => Op::JumpNeImm { lhs, rhs, near },
        (BinaryOp::Less, true) => Op::JumpLtImm { lhs, rhs, near },
        (BinaryOp::Less, false) => Op::JumpNotLtImm { lhs, rhs, near },
        (BinaryOp::LessOrEqual, true) => Op::JumpLeImm { lhs, rhs, near },
        (BinaryOp::LessOrEqual, false) => Op::JumpNotLeImm { lhs, rhs, near },
        (BinaryOp::Greater, true) => Op::JumpGtImm { lhs, rhs, near },
        (BinaryOp::Greater, false) => Op::JumpNotGtImm { lhs, rhs, near },
        (BinaryOp::GreaterOrEqual, true) => Op::JumpGeImm { lhs, rhs, near },
        (BinaryOp::GreaterOrEqual, false) => Op::JumpNotGeImm { lhs, rhs, near },
        _ => return None,
    })
}
