//! `info frame`: where the running code stands.

use crate::error;
use crate::interp::command::Outcome;
use crate::interp::frame::{Frame, FrameKind};
use crate::interp::{Args, Machine, Step};
use crate::value::{Dict, Value};

pub(super) fn frame(machine: &mut Machine, args: Args) -> Outcome {
    let frames = &machine.context().frames;
    let with_code: Vec<usize> = (0..frames.len()).filter(|at| frames[*at].unit.is_some()).collect();
    let count = with_code.len() as i64;
    let Some(word) = args.get(1) else {
        return Ok(Step::Done(Value::int(count)));
    };
    let Some(number) = word.to_i64(machine.mode()) else {
        return Err(error!("expected integer but got \"", word, "\""; "TCL", "VALUE", "NUMBER"));
    };
    let wanted = if number > 0 { number } else { count.saturating_add(number) };
    let found = usize::try_from(wanted - 1).ok().and_then(|at| with_code.get(at));
    match found {
        Some(at) => Ok(Step::Done(Value::dict(describe(machine, &machine.context().frames[*at])))),
        None => Err(error!("bad level \"", word, "\""; "TCL", "LOOKUP", "LEVEL", word.text())),
    }
}

/// What is known of a frame with code.
fn describe(machine: &Machine, frame: &Frame) -> Dict {
    let mut told = Dict::default();
    let mut tell = |key: &str, value: Value| {
        told.insert(&Value::from(key), value);
    };
    let is_procedure = frame.kind == FrameKind::Procedure;
    tell("type", Value::from(if is_procedure { "proc" } else { "eval" }));
    if let Some(unit) = &frame.unit {
        let code = unit.code();
        let pc = frame.pc.saturating_sub(1);
        let span = code.commands.iter().rev().find(|span| span.start <= pc && pc < span.end);
        if let Some(span) = span {
            tell("line", Value::int(i64::from(span.line + unit.line_offset)));
            tell("cmd", Value::text_of(span.source.of(&code.source)));
        }
    }
    let frames = &machine.context().frames;
    let vars = &frames[frame.vars as usize];
    if vars.kind == FrameKind::Procedure {
        let name = machine.command_name(vars.command);
        if vars.lambda {
            tell("lambda", machine.frame_words(frame.vars as usize).get(1).cloned().unwrap_or_default());
        } else {
            tell("proc", Value::text_value(name));
        }
    }
    let here = i64::from(frames[machine.vars() as usize].level);
    tell("level", Value::int(here - i64::from(vars.level)));
    told
}
