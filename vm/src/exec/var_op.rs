//! The changes of variables in place.

use num_bigint::BigInt;

use super::{access, listops};
use crate::error;
use crate::interp::exception::Exception;
use crate::value::Value;
use crate::value::number::Num;

/// A change of a variable in place.
#[derive(Clone)]
pub enum VarOp {
    /// Add an integer.
    Incr(Value),
    /// Append texts.
    Append(Vec<Value>),
    /// Append elements.
    Lappend(Vec<Value>),
    /// Append an element as the reference's compiled `lappend` does, which fires no read traces.
    LappendOne(Value),
    /// Change an element along index words.
    Lset(Vec<Value>, Value),
    /// Set a key along a path.
    DictSet(Vec<Value>, Value),
    /// Unset a key along a path.
    DictUnset(Vec<Value>),
    /// Add to a key's value.
    DictIncr(Value, Value),
    /// Append texts to a key's value.
    DictAppend(Value, Vec<Value>),
    /// Append elements to a key's value.
    DictLappend(Value, Vec<Value>),
}

impl VarOp {
    /// Whether read traces fire before the change.
    pub(super) fn reads(&self) -> bool {
        match self {
            VarOp::Append(_) | VarOp::LappendOne(_) => false,
            // Without elements the variable has been read already.
            VarOp::Lappend(more) => !more.is_empty(),
            _ => true,
        }
    }

    /// Whether an element's array is made before the read traces fire, and so whether they fire.
    pub(super) fn makes_array_first(&self) -> bool {
        matches!(self, VarOp::Lappend(_) | VarOp::Incr(_))
    }

    /// Whether a variable without a value is an error.
    pub(super) fn needs_value(&self) -> bool {
        matches!(self, VarOp::Lset(..))
    }

    /// Whether the variable holds a dictionary.
    pub(super) fn is_of_dict(&self) -> bool {
        !matches!(
            self,
            VarOp::Incr(_) | VarOp::Append(_) | VarOp::Lappend(_) | VarOp::LappendOne(_) | VarOp::Lset(..)
        )
    }

    /// Changes `slot`; on an error it is as it was.
    pub(crate) fn apply(
        self,
        machine_mode: tclring_compiler::Mode,
        slot: &mut Value,
    ) -> Result<(), Exception> {
        match self {
            VarOp::Incr(by) => incr_value(slot, &by, machine_mode),
            VarOp::Append(more) => {
                access::append_to(slot, &more);
                Ok(())
            }
            VarOp::Lappend(more) => access::lappend_to(slot, more),
            VarOp::LappendOne(more) => access::lappend_to(slot, vec![more]),
            VarOp::Lset(path, value) => crate::cmd::lset::set_in(slot, &path, value, machine_mode),
            VarOp::DictSet(path, value) => crate::cmd::dict_path::set_in(slot, &path, value),
            VarOp::DictUnset(path) => crate::cmd::dict_path::unset_in(slot, &path),
            VarOp::DictIncr(key, by) => {
                let known = known_in(slot, &key)?;
                let is_new = known.is_none();
                let mut value = known.unwrap_or(Value::int(0));
                // Of a new value the reference says that it is no number, whatever it is.
                incr_value(&mut value, &by, machine_mode)
                    .map_err(|e| if is_new { e.with_code(&["TCL", "VALUE", "NUMBER"]) } else { e })?;
                // A new value is the increment as it was written.
                access::dict_in(slot)?.insert(&key, if is_new { by.clone() } else { value });
                Ok(())
            }
            VarOp::DictAppend(key, more) => {
                if more.is_empty() && !slot.is_unset() && listops::dict_of(slot)?.map().get(&key).is_some() {
                    return Ok(());
                }
                let dict = access::dict_in(slot)?;
                access::append_to(dict.get_or_insert_with(&key, || Value::EMPTY), &more);
                Ok(())
            }
            VarOp::DictLappend(key, more) => {
                if !more.is_empty()
                    && let Some(known) = known_in(slot, &key)?
                {
                    listops::list_of(&known)?;
                }
                let dict = access::dict_in(slot)?;
                if more.is_empty() {
                    // What is there need not be a list then.
                    dict.get_or_insert_with(&key, || Value::EMPTY);
                    return Ok(());
                }
                access::lappend_to(dict.get_or_insert_with(&key, || Value::EMPTY), more)
            }
        }
    }
}

/// The value under a key of the dictionary in `slot`, if there is one.
fn known_in(slot: &Value, key: &Value) -> Result<Option<Value>, Exception> {
    Ok(if slot.is_unset() { None } else { listops::dict_of(slot)?.map().get(key).cloned() })
}

/// Adds the integer `by` to `slot`, which is 0 if unset.
pub(crate) fn incr_value(
    slot: &mut Value,
    by: &Value,
    mode: tclring_compiler::Mode,
) -> Result<(), Exception> {
    let small = |value: &Value| match value.to_num(mode) {
        Some(Num::Int(n)) => Some(n),
        _ => None,
    };
    let old = if slot.is_unset() { Some(0) } else { small(slot) };
    if let (Some(old), Some(step)) = (old, small(by))
        && let Some(sum) = old.checked_add(step)
    {
        *slot = Value::int(sum);
        return Ok(());
    }
    let step = integer(by, mode).map_err(|mut e| {
        e.add_info(b"\n    (reading increment)");
        e
    });
    let old = if slot.is_unset() { Ok(BigInt::from(0)) } else { integer(slot, mode) };
    // What is no number at all is complained of before a number that is no integer.
    let (old, step) = match (old, step) {
        (Err(_), Err(e)) if slot.to_num(mode).is_some() && by.to_num(mode).is_none() => return Err(e),
        (old, step) => (old?, step?),
    };
    *slot = Value::big(old + step);
    Ok(())
}

/// The integer in `value`, of any size.
pub(crate) fn integer(value: &Value, mode: tclring_compiler::Mode) -> Result<BigInt, Exception> {
    match value.to_num(mode).and_then(|n| n.to_big()) {
        Some(n) => Ok(n),
        None if value.to_num(mode).is_some() => {
            Err(error!("expected integer but got \"", value, "\""; "TCL", "VALUE", "INTEGER"))
        }
        None => Err(crate::arith::error::expected("integer", value)),
    }
}
