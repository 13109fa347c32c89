//! `info frame`: where the running code stands.

use std::rc::Rc;

use tclring_compiler::bytecode::{CommandSpan, Context as CodeContext};
use tclring_compiler::syntax::command::{WordBody, parse_script};

use super::options::int;
use crate::error;
use crate::interp::command::Outcome;
use crate::interp::frame::{Context, Frame, FrameKind, Standing};
use crate::interp::{Args, Machine, Step};
use crate::value::{Dict, Place, Value};

pub(super) fn frame(machine: &mut Machine, args: Args) -> Outcome {
    let here = machine.current();
    // The contexts below that of a coroutine come first; code of other interpreters does not show.
    let with_code: Vec<(&Context, usize)> = machine
        .running_contexts()
        .flat_map(|context| (0..context.frames.len()).map(move |at| (context, at)))
        .filter(|(context, at)| {
            let frame = &context.frames[*at];
            frame.interp == here
                && (frame.unit.is_some() && frame.standing != Standing::InLine || list_of(frame).is_some())
        })
        .collect();
    // A command that no script has called stands in code that is told of so.
    let is_precompiled = with_code.is_empty();
    let count = if is_precompiled { 1 } else { with_code.len() as i64 };
    let Some(word) = args.get(1) else {
        return Ok(Step::Done(Value::int(count)));
    };
    let number = i64::from(int(word, machine.mode())?);
    let wanted = if number > 0 { number } else { count.saturating_add(number) };
    if is_precompiled && wanted == 1 {
        let told = vec![Value::from("type"), Value::from("precompiled")];
        return Ok(Step::Done(Value::list(told)));
    }
    let found = usize::try_from(wanted - 1).ok().and_then(|at| with_code.get(at));
    match found {
        Some((context, at)) => Ok(Step::Done(Value::dict(describe(machine, context, *at)))),
        None => Err(error!("bad level \"", word, "\""; "TCL", "LOOKUP", "LEVEL", word.text())),
    }
}

impl Machine {
    /// Whether the word at `place` is one of the command that is being executed, and it is known where that stands.
    pub(crate) fn is_word_of_caller(&self, place: &Place) -> bool {
        let context = self.context();
        let Some(at) = context.frames.iter().rposition(|frame| frame.unit.is_some()) else { return false };
        if !has_word(&context.frames[at], place) {
            return false;
        }
        let begins = |frame: &Frame| frame.unit.is_some() && frame.standing != Standing::InLine;
        let first = context.frames[..=at].iter().rposition(begins).unwrap_or(at);
        place.file.is_none() || place_of(self, context, first).is_some_and(|place| place.file.is_some())
    }
}

/// What is known of the frame with code that has the number `at` in `context`.
fn describe(machine: &Machine, context: &Context, at: usize) -> Dict {
    let mut told = Dict::default();
    tell_place(context, at, place_of(machine, context, at), &mut told);
    let mut tell = |key: &str, value: Value| {
        told.insert(&Value::from(key), value);
    };
    let is_level =
        |frame: &Frame| matches!(frame.kind, FrameKind::Procedure | FrameKind::Namespace | FrameKind::Base);
    let called = context.frames[..=at].iter().rposition(is_level).unwrap_or_default();
    let caller = &context.frames[called];
    if let Some(call) = &caller.method {
        tell("method", call.shown_name());
        let declarer = call.method().declarer;
        let what = if declarer.class().is_some() { "class" } else { "object" };
        let object = machine.oo.objects.get(declarer.id());
        let name = object.map(|object| machine.command_name(object.command)).unwrap_or_default();
        tell(what, Value::text_value(name));
    } else if caller.kind == FrameKind::Procedure {
        if caller.is_lambda() {
            tell("lambda", context.words_of(called).swap_remove(1));
        } else {
            tell("proc", Value::text_value(machine.command_name(caller.command)));
        }
    }
    if let Some(level) = levels_above(machine, context, called) {
        tell("level", Value::int(level));
    }
    told
}

/// Whether the word at `place` is one of the innermost command that the frame is executing.
fn has_word(frame: &Frame, place: &Place) -> bool {
    if frame.unit.as_ref().is_none_or(|unit| unit.identity != place.word.0) {
        return false;
    }
    let (Some(span), Some(unit)) = (command_of(frame), &frame.unit) else { return false };
    let (source, at) = (&unit.code().source, place.word.1);
    if !(span.source.start <= at && at < span.source.end) {
        return false;
    }
    // A word of a command inside of it is none of its own.
    let script = parse_script(source, span.source, unit.mode, 0);
    script.commands.first().is_some_and(|command| {
        let mut own = command.words.iter().filter(|word| matches!(word.body, WordBody::Literal { .. }));
        own.any(|word| word.span.start <= at && at <= word.span.end)
    })
}

/// The place of the code of a frame, if it is known: the code's text is a word of the command that had it run, or for
/// code at another level a word of a command below that.
fn place_of(machine: &Machine, context: &Context, at: usize) -> Option<Rc<Place>> {
    let frame = &context.frames[at];
    let place = frame.unit.as_ref()?.place.as_ref()?;
    let is_named = frame.kind == FrameKind::Procedure && !frame.is_lambda();
    if is_named || place.word.0 == 0 {
        return Some(Rc::clone(place));
    }
    let below = machine.running_contexts().take_while(|other| !std::ptr::eq(*other, context));
    let mut askers: Vec<&Frame> = below.flat_map(|context| context.frames.iter()).collect();
    askers.extend(&context.frames[..at]);
    askers.retain(|frame| frame.unit.is_some());
    // Where words of compiled commands stand is not kept, unless the interpreter was told to.
    let is_kept = |asker: &Frame| {
        asker.unit.as_ref().is_some_and(|unit| unit.code().context == CodeContext::Sourced)
            || machine.interp(asker.interp).debug_frame
    };
    let is_kept_word = || askers.iter().any(|asker| is_kept(asker) && has_word(asker, place));
    let known = match frame.standing {
        Standing::Known => askers.last().is_some_and(|asker| has_word(asker, place)) || is_kept_word(),
        Standing::IfDirect => is_kept_word(),
        Standing::Unknown | Standing::InLine => false,
    };
    known.then(|| Rc::clone(place))
}

/// The list whose elements are the words of the command that runs above the frame.
fn list_of(frame: &Frame) -> Option<&Value> {
    frame.then.as_ref()?.command_list()
}

/// The command that a frame with code is executing.
fn command_of(frame: &Frame) -> Option<&CommandSpan> {
    let pc = frame.pc.saturating_sub(1);
    let code = frame.unit.as_ref()?.code();
    code.commands.iter().rev().find(|span| span.start <= pc && pc < span.end)
}

/// The frames with code of the group that begins with the frame number `at`: it and those in line in it, up to the last
/// one that is executing a command.
fn group_of(context: &Context, at: usize) -> Vec<&Frame> {
    let with_code = context.frames[at + 1..].iter().filter(|frame| frame.unit.is_some());
    let in_line = with_code.take_while(|frame| frame.standing == Standing::InLine);
    let mut group: Vec<&Frame> = std::iter::once(&context.frames[at]).chain(in_line).collect();
    while group.len() > 1 && group.last().is_some_and(|frame| command_of(frame).is_none()) {
        group.pop();
    }
    group
}

/// Tells of `type`, `line`, `file` and `cmd` of the frame number `at`, whose code stands at `place`.
fn tell_place(context: &Context, at: usize, place: Option<Rc<Place>>, told: &mut Dict) {
    let mut tell = |key: &str, value: Value| {
        told.insert(&Value::from(key), value);
    };
    if let Some(list) = list_of(&context.frames[at]) {
        tell("type", Value::from("eval"));
        tell("line", Value::int(1));
        tell("cmd", list.clone());
        return;
    }
    let group = group_of(context, at);
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    let (Some(outer), Some(unit)) = (&first.unit, &last.unit) else { return };
    let span = command_of(last);
    let (line, start) = span.map_or((1, 0), |span| (span.line, span.source.start));
    let joined = unit.place.as_ref().map_or(0, |place| place.joined_before(start));
    let place = if group.len() > 1 { place.and_then(|_| unit.place.clone()) } else { place };
    match place.as_ref().and_then(|place| place.file.as_ref()) {
        Some((name, first)) => {
            tell("type", Value::from("source"));
            tell("line", Value::int(i64::from(first + line - 1 + joined)));
            tell("file", name.clone());
        }
        None => {
            let is_body = first.kind == FrameKind::Procedure;
            tell("type", Value::from(if is_body { "proc" } else { "eval" }));
            let inner = group[1..].iter().filter_map(|frame| frame.unit.as_ref());
            let before: u32 = inner.map(|unit| unit.outer_line.saturating_sub(1)).sum();
            tell("line", Value::int(i64::from(line + outer.line_offset + before + joined)));
        }
    }
    if let Some(span) = span {
        tell("cmd", Value::text_of(span.source.of(&unit.code().source)));
    }
}

/// How many levels the level of the frame number `called` is above that of the asker, if it is on the way from there
/// to the global level.
fn levels_above(machine: &Machine, context: &Context, called: usize) -> Option<i64> {
    let top = machine.context();
    let here = i64::from(top.frames[machine.vars() as usize].level);
    let caller = &context.frames[called];
    if !std::ptr::eq(context, top) {
        return (caller.kind == FrameKind::Base).then_some(here);
    }
    let mut at = machine.vars() as usize;
    while at != called {
        let frame = &top.frames[at];
        if frame.kind == FrameKind::Base || frame.caller_vars as usize >= at {
            return None;
        }
        at = frame.caller_vars as usize;
    }
    Some(here - i64::from(caller.level))
}
