//! Evaluation: `eval`, `uplevel`, `expr`, `apply`, `tailcall`, coroutines.

use std::rc::Rc;

use crate::exec::listops::list_of;
use crate::interp::command::{CommandKind, Lambda, Outcome, Proc, row};
use crate::interp::exception::Exception;
use crate::interp::frame::FrameKind;
use crate::interp::namespace::NamespaceId;
use crate::interp::{Args, At, CommandRow, Coroutine, CoroutineState, MANY, Machine, Run, Step, Then, What};
use crate::value::{Num, Side, Value, View};
use crate::{error, text};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    row("eval", "arg ?arg ...?", (1, MANY), "Evaluates its arguments as a script.", eval),
    row("uplevel", "?level? command ?arg ...?", (1, MANY), "Evaluates a script at another level.", uplevel),
    row("expr", "arg ?arg ...?", (1, MANY), "Evaluates an expression.", expr),
    row("apply", "lambdaExpr ?arg ...?", (1, MANY), "Applies an anonymous procedure.", apply),
    row(
        "tailcall",
        "?command? ?arg ...?",
        (0, MANY),
        "Replaces the running procedure by a command.",
        tailcall,
    ),
    row("coroutine", "name cmd ?arg ...?", (2, MANY), "Makes a coroutine and runs it.", coroutine),
    row("yield", "?returnValue?", (0, 1), "Suspends the running coroutine.", yield_command),
    row(
        "yieldto",
        "command ?arg ...?",
        (1, MANY),
        "Suspends the running coroutine in favour of a command.",
        yieldto,
    ),
    row(
        "coroinject",
        "coroName cmd ?arg1 arg2 ...?",
        (2, MANY),
        "Runs a command in a coroutine when it is resumed.",
        coroinject,
    ),
    row(
        "coroprobe",
        "coroName cmd ?arg1 arg2 ...?",
        (2, MANY),
        "Runs a command in a suspended coroutine now.",
        coroprobe,
    ),
    CommandRow {
        safe: false,
        ..row("tcl::unsupported::corotype", "coroName", (1, 1), "Says what suspended a coroutine.", corotype)
    },
];

/// Joins words as `concat` does: trimmed, with single blanks between.
pub fn concat(words: &[Value]) -> Value {
    if let [only] = words {
        return only.clone();
    }
    let pure = |word: &Value| matches!(word.view(), View::List(list) if list.made_text().is_none());
    if !words.is_empty() && words.iter().all(|w| pure(w) || w.is_empty()) {
        let mut items = Vec::new();
        for word in words.iter().filter(|w| !w.is_empty()) {
            items.extend_from_slice(word.list_rc().expect("checked to be a list").items());
        }
        return if items.is_empty() { Value::EMPTY } else { Value::list(items) };
    }
    Value::text_value(concat_text(words))
}

fn concat_text(words: &[Value]) -> Vec<u8> {
    const BLANKS: &[u8] = b" \t\n\x0b\x0c\r";
    let mut out = Vec::new();
    for word in words {
        let text = word.text();
        let start = text.iter().position(|b| !BLANKS.contains(b)).unwrap_or(text.len());
        let mut end = text.len();
        while end > start && BLANKS.contains(&text[end - 1]) {
            // A blank after a backslash belongs to it.
            let backslashes = text[start..end - 1].iter().rev().take_while(|b| **b == b'\\').count();
            if backslashes % 2 == 1 {
                break;
            }
            end -= 1;
        }
        if start == end {
            continue;
        }
        if !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(&text[start..end]);
    }
    out
}

/// Adds a line about a body that `name` ran to the error's trace.
fn add_body_line(outcome: Result<Value, Exception>, name: &str) -> Outcome {
    match outcome {
        Ok(value) => Ok(Step::Done(value)),
        Err(e) => Err(super::loops::body_line(e, name.as_bytes())),
    }
}

fn eval(_machine: &mut Machine, mut args: Args) -> Outcome {
    let script = if args.len() == 2 { args.take(1) } else { concat(&args[1..]) };
    Ok(Step::script_then(script, |_, outcome| add_body_line(outcome, "eval")))
}

/// Whether a word looks like a level: `#…` or a number.
pub(super) fn looks_like_level(word: &Value, mode: tclring_compiler::Mode) -> bool {
    word.text().first() == Some(&b'#') || matches!(word.to_num(mode), Some(Num::Int(_) | Num::Big(_)))
}

fn uplevel(machine: &mut Machine, mut args: Args) -> Outcome {
    const USAGE: &str = "?level? command ?arg ...?";
    let mode = machine.mode();
    // The text of a list that is all there is to evaluate is not made: no level is made of more than one word.
    let is_script = args.len() == 2
        && matches!(args[1].view(), View::List(list) if list.made_text().is_none() && list.items().len() > 1);
    let first_is_level = !is_script && looks_like_level(&args[1], mode);
    let (level, at) = if first_is_level { (args[1].clone(), 2) } else { (Value::int(1), 1) };
    let Some(frame) = machine.frame_at_level(&level.text()) else {
        return Err(error!("bad level \"", &level, "\""; "TCL", "LOOKUP", "LEVEL", level.text()));
    };
    if args.len() <= at {
        return Err(machine.wrong_args(&args, 1, USAGE));
    }
    let script = if args.len() == at + 1 { args.take(at) } else { concat(&args[at..]) };
    Ok(Step::run(What::Script(script), At::Vars(frame), |_, outcome| add_body_line(outcome, "uplevel")))
}

fn expr(machine: &mut Machine, mut args: Args) -> Outcome {
    let text = match args.len() {
        2 => args.take(1),
        // The compiled form puts the words together as they are.
        _ if machine.is_compiled_call() => Value::text_value(joined(&args[1..])),
        _ => concat(&args[1..]),
    };
    Ok(Step::Run(Box::new(Run { what: What::Expr(text), at: At::Here, then: Then::Pass })))
}

/// The words with single blanks between.
fn joined(words: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, word) in words.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(&word.text());
    }
    out
}

/// The lambda in `term`, if it was applied before.
fn known_lambda(term: &Value) -> Option<Rc<Lambda>> {
    let View::Str(object) = term.view() else { return None };
    match &*object.side() {
        Side::Lambda(lambda) => Some(Rc::clone(lambda)),
        _ => None,
    }
}

/// The namespace that the body of a lambda runs in.
fn namespace_of(lambda: &Lambda, machine: &Machine) -> Result<NamespaceId, Exception> {
    let Some(name) = &lambda.namespace else { return Ok(machine.global()) };
    let name = name.to_text();
    let absolute = if name.starts_with(b"::") { name } else { text!["::", &*name] };
    let here = machine.namespace_id();
    match machine.find_namespace(&absolute, machine.global()) {
        Some(found) if found == here || !machine.namespace(found).dying => Ok(found),
        _ => Err(machine.unknown_namespace(&Value::text_value(absolute))),
    }
}

fn apply(machine: &mut Machine, args: Args) -> Outcome {
    let lambda = lambda_of(&args[1])?;
    let namespace = namespace_of(&lambda, machine)?;
    // The lambda's invocation begins with the lambda.
    match &mut machine.rewrite {
        Some(rewrite) => rewrite.inserted = rewrite.inserted.saturating_sub(1),
        None => machine.note_rewrite(&args[..1], 1, 0),
    }
    let what = What::Lambda(Rc::clone(&lambda.procedure), args.into_vec(), namespace);
    Ok(Step::Run(Box::new(Run { what, at: At::Here, then: Then::Pass })))
}

/// The procedure that a lambda is, and its namespace.
pub(super) fn lambda_parts(
    machine: &mut Machine,
    term: &Value,
) -> Result<(Rc<Proc>, NamespaceId), Exception> {
    let lambda = lambda_of(term)?;
    let namespace = namespace_of(&lambda, machine)?;
    Ok((Rc::clone(&lambda.procedure), namespace))
}

fn lambda_of(term: &Value) -> Result<Rc<Lambda>, Exception> {
    if let Some(lambda) = known_lambda(term) {
        return Ok(lambda);
    }
    let bad = || error!("can't interpret \"", term, "\" as a lambda expression"; "TCL", "VALUE", "LAMBDA");
    let parts = list_of(term).map_err(|_| bad())?;
    let mut parts = parts.items().to_vec();
    term.place_elements(&mut parts);
    let (params, body, namespace) = match parts.as_slice() {
        [params, body] => (params, body, None),
        [params, body, namespace] => (params, body, Some(namespace.clone())),
        _ => return Err(bad()),
    };
    let procedure = super::proc::make_proc(params, body).map_err(|mut e| {
        let line = text!["\n    (parsing lambda expression \"", term, "\")"];
        e.add_info(&line);
        e
    })?;
    let lambda = Rc::new(Lambda { procedure: Rc::new(procedure), namespace });
    if let View::Str(object) = term.view() {
        object.set_side(Side::Lambda(Rc::clone(&lambda)));
    }
    Ok(lambda)
}

fn tailcall(machine: &mut Machine, args: Args) -> Outcome {
    let vars = machine.vars() as usize;
    let frames = &machine.context().frames;
    let crosses = frames[vars..].iter().any(|frame| frame.kind == FrameKind::Barrier);
    if frames[vars].kind != FrameKind::Procedure || crosses {
        return Err(
            error!("tailcall can only be called from a proc, lambda or method"; "TCL", "TAILCALL", "ILLEGAL"),
        );
    }
    let namespace = machine.namespace_id();
    let words = args.split_off(1);
    let frame = &mut machine.context_mut().frames[vars];
    if words.is_empty() {
        frame.extra().tail_call = None;
    } else {
        frame.extra().tail_call = Some((words, namespace));
    }
    let mut raised = crate::interp::exception::Raised::new(crate::interp::exception::RETURN, Value::EMPTY);
    raised.level = 1;
    Err(raised)
}

fn coroutine(machine: &mut Machine, args: Args) -> Outcome {
    let name = args[1].clone();
    let here = machine.namespace_id();
    let place = machine.place_for(&name.text(), here);
    let Some((namespace, tail)) = place else {
        return Err(
            error!("can't create procedure \"", &name, "\": unknown namespace"; "TCL", "LOOKUP", "NAMESPACE"),
        );
    };
    let interp = machine.current();
    let id = machine.coroutines.insert(Coroutine {
        command: Machine::no_command(),
        context: None,
        state: CoroutineState::Running,
        injected: Vec::new(),
        depth: 0,
    });
    let command = machine.create_command(namespace, tail, CommandKind::Coroutine(id));
    machine.coroutines.get_mut(id).expect("just made").command = command;
    let context = machine.base_context(interp, Some(id));
    let words = args.split_off(2);
    machine.coroutines.get_mut(id).expect("just made").context = Some(Box::new(context));
    // It is entered like any resumption: the first thing it does is to run its command.
    let outermost = machine.outermost();
    machine.begin_coroutine(id, words, here, outermost)
}

fn yield_command(machine: &mut Machine, mut args: Args) -> Outcome {
    let _ = machine;
    let value = if args.len() > 1 { args.take(1) } else { Value::EMPTY };
    Ok(Step::Yield(value))
}

fn yieldto(machine: &mut Machine, args: Args) -> Outcome {
    let namespace = machine.namespace_id();
    if machine.own_coroutine().is_none() {
        return Err(error!("yieldto can only be called in a coroutine"; "TCL", "COROUTINE", "ILLEGAL_YIELD"));
    }
    if machine.namespaces.get(namespace).is_none_or(|ns| ns.dying) {
        return Err(error!("yieldto called in deleted namespace"; "TCL", "COROUTINE", "YIELDTO_IN_DELETED"));
    }
    let words = args.split_off(1);
    Ok(Step::YieldTo(Box::new((words, namespace))))
}

/// The coroutine that a word names, suspended.
fn suspended(
    machine: &Machine,
    name: &Value,
    verb: &str,
) -> Result<crate::interp::arena::Id<Coroutine>, Exception> {
    let here = machine.namespace_id();
    let found = machine.find_command(&name.text(), here).map(|c| machine.original_command(c));
    let id = match found.and_then(|c| machine.commands.get(c)).map(|c| &c.kind) {
        Some(CommandKind::Coroutine(id)) => *id,
        _ => {
            return Err(
                error!("can only ", verb, " command into a coroutine"; "TCL", "LOOKUP", "COROUTINE", name.text()),
            );
        }
    };
    match machine.coroutines.get(id) {
        Some(coroutine) if coroutine.context.is_some() => Ok(id),
        _ => Err(
            error!("can only ", verb, " command into a suspended coroutine"; "TCL", "COROUTINE", "ACTIVE"),
        ),
    }
}

fn corotype(machine: &mut Machine, args: Args) -> Outcome {
    let found =
        machine.find_command(&args[1].text(), machine.namespace_id()).map(|c| machine.original_command(c));
    let state = match found.and_then(|c| machine.commands.get(c)).map(|c| &c.kind) {
        Some(CommandKind::Coroutine(id)) => machine.coroutines.get(*id).map(|coroutine| coroutine.state),
        _ => None,
    };
    match state {
        Some(state) => Ok(Step::Done(Value::from(state.name()))),
        None => Err(
            error!("can only get coroutine type of a coroutine"; "TCL", "LOOKUP", "COROUTINE", args[1].text()),
        ),
    }
}

fn coroinject(machine: &mut Machine, args: Args) -> Outcome {
    let id = suspended(machine, &args[1], "inject a")?;
    let words = args.split_off(2);
    machine.coroutines.get_mut(id).expect("found just now").injected.push(words);
    Ok(Step::EMPTY)
}

fn coroprobe(machine: &mut Machine, args: Args) -> Outcome {
    let id = suspended(machine, &args[1], "inject a probe")?;
    let words = args.split_off(2);
    machine.probe_coroutine(id, words)
}
