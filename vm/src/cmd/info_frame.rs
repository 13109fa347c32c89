//! `info frame`: where the running code stands.

use crate::error;
use crate::interp::command::Outcome;
use crate::interp::{Args, Machine, Step};
use crate::value::Value;

pub(super) fn frame(machine: &mut Machine, args: Args) -> Outcome {
    let count = machine.context().frames.iter().filter(|frame| frame.unit.is_some()).count() as i64;
    let Some(word) = args.get(1) else {
        return Ok(Step::Done(Value::int(count)));
    };
    let Some(_number) = word.to_i64(machine.mode()) else {
        return Err(error!("expected integer but got \"", word, "\""; "TCL", "VALUE", "NUMBER"));
    };
    Err(error!("bad level \"", word, "\""; "TCL", "LOOKUP", "LEVEL", word.text()))
}
