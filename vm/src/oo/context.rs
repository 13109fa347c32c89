//! What methods ask about the call they are in, and how they go on to the next one: `self`, `next`, `nextto`,
//! `callback`, `classvariable`, `link`.

use std::rc::Rc;

use super::call::{Invocation, nothing_next};
use super::chain::Link;
use super::method::MethodCall;
use super::object::ObjectId;
use crate::cmd::choice::choose;
use crate::error;
use crate::exec::listops::list_of;
use crate::interp::command::{Outcome, row};
use crate::interp::exception::Exception;
use crate::interp::namespace::split_qualified;
use crate::interp::vars::split_element;
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text;
use crate::value::Value;

/// The commands that only methods see.
pub(super) const ROWS: &[CommandRow] = &[
    row("oo::Helpers::callback", "method ?...?", (0, MANY), "Makes a script that calls a method.", callback),
    row("oo::Helpers::mymethod", "method ?...?", (0, MANY), "Makes a script that calls a method.", callback),
    row(
        "oo::Helpers::classvariable",
        "name ...",
        (0, MANY),
        "Links to variables of the class.",
        class_variable,
    ),
    row("oo::Helpers::link", "?...?", (0, MANY), "Makes commands of methods.", link),
    row("oo::Helpers::next", "?arg ...?", (0, MANY), "Calls the next method of the chain.", next),
    row("oo::Helpers::nextto", "class ?arg...?", (0, MANY), "Calls the method of a class.", next_to),
    row("oo::Helpers::self", "subcommand", (0, MANY), "Tells of the call that runs.", self_command),
];

/// The call of the method that the running code is in.
///
/// # Errors
/// It is in none.
fn call_at_hand(machine: &Machine, command: &Value) -> Result<Rc<MethodCall>, Exception> {
    machine.method_call().cloned().ok_or_else(
        || error!(command, " may only be called from inside a method"; "TCL", "OO", "CONTEXT_REQUIRED"),
    )
}

/// Calls a method in the place of the one that runs.
fn go_on(machine: &Machine, call: Rc<MethodCall>, words: Vec<Value>, skip: usize) -> Outcome {
    let caller = machine.context().frames[machine.vars() as usize].caller_vars;
    Ok(Invocation { call, words, skip, caller: Some(caller) }.step())
}

fn next(machine: &mut Machine, args: Args) -> Outcome {
    let call = call_at_hand(machine, &Value::from("next"))?;
    match call.next() {
        Some(next) => go_on(machine, next, args.into_vec(), 1),
        None if machine.interp(machine.current()).dying => Ok(Step::EMPTY),
        None => Err(nothing_next(&call)),
    }
}

fn next_to(machine: &mut Machine, args: Args) -> Outcome {
    let Some(name) = args.get(1).cloned() else {
        call_at_hand(machine, &args[0])?;
        return Err(machine.wrong_args(&args, 1, "class ?arg...?"));
    };
    // The reference compiles it if there is a class.
    let call = call_at_hand(machine, &Value::from("nextto"))?;
    let id = machine.object_named(&name)?;
    if machine.oo.object(id).class.is_none() {
        return Err(error!("\"", &name, "\" is not a class"; "TCL", "OO", "CLASS_REQUIRED"));
    }
    let links = &call.chain.links;
    let is_wanted = |link: &Link| !link.is_filter && link.method.declarer.class() == Some(id);
    let start = call.index + 1;
    if let Some(at) = links[start..].iter().position(is_wanted) {
        let next = call.at(start + at);
        return go_on(machine, next, args.into_vec(), 2);
    }
    let what = call.chain.kind.word();
    if links[..start].iter().any(is_wanted) {
        return Err(error!(what, " implementation by \"", &name, "\" not reachable from here";
            "TCL", "OO", "CLASS_NOT_REACHABLE"));
    }
    Err(error!(what, " has no non-filter implementation by \"", &name, "\""; "TCL", "OO", "CLASS_NOT_THERE"))
}

const QUESTIONS: &[&str] =
    &["call", "caller", "class", "filter", "method", "namespace", "next", "object", "target"];

fn self_command(machine: &mut Machine, args: Args) -> Outcome {
    // The reference compiles it if there is no question.
    let command = if args.len() == 1 { Value::from("self") } else { args[0].clone() };
    let call = call_at_hand(machine, &command)?;
    let question = match args.len() {
        1 => "object",
        2 => QUESTIONS[choose(&args[1], QUESTIONS, "subcommand")?],
        _ => return Err(machine.wrong_args(&args, 1, "subcommand")),
    };
    let unmatched = |message: &str| error!(message; "TCL", "OO", "UNMATCHED_CONTEXT");
    let answer = match question {
        "object" => machine.object_name(call.object),
        "namespace" => {
            let namespace = machine.oo.objects.get(call.object).map(|object| object.namespace);
            namespace.and_then(|ns| machine.namespaces.get(ns)).map(|ns| ns.name.clone()).unwrap_or_default()
        }
        "class" => match call.method().declarer.class() {
            Some(class) => machine.object_name(class),
            None => return Err(unmatched("method not defined by a class")),
        },
        "method" => call.shown_name(),
        "filter" => {
            let link = call.link();
            if !link.is_filter {
                return Err(unmatched("not inside a filtering context"));
            }
            let (declarer, kind) = match link.filter_class {
                Some(class) => (class, "class"),
                None => (call.object, "object"),
            };
            let name = machine.object_name(declarer);
            Value::list(vec![name, Value::from(kind), link.method.name.clone()])
        }
        "caller" => caller(machine)?,
        "next" => match call.next() {
            Some(next) => {
                let declarer = machine.object_name(next.method().declarer.id());
                Value::list(vec![declarer, next.shown_name()])
            }
            None => Value::EMPTY,
        },
        "target" => {
            if !call.link().is_filter {
                return Err(unmatched("not inside a filtering context"));
            }
            let target = call.chain.links[call.index..].iter().find(|link| !link.is_filter);
            match target {
                Some(link) => {
                    let declarer = machine.object_name(link.method.declarer.id());
                    Value::list(vec![declarer, link.method.name.clone()])
                }
                None => Value::EMPTY,
            }
        }
        _ => {
            let chain = machine.shown_chain(&call.chain);
            Value::list(vec![chain, Value::int(call.index as i64)])
        }
    };
    Ok(Step::Done(answer))
}

fn caller(machine: &mut Machine) -> Result<Value, Exception> {
    let frames = &machine.context().frames;
    let vars = frames[machine.vars() as usize].caller_vars;
    let Some(call) = frames[vars as usize].method.clone() else {
        return Err(error!("caller is not an object"; "TCL", "OO", "CONTEXT_REQUIRED"));
    };
    let declarer = machine.object_name(call.method().declarer.id());
    let object = machine.object_name(call.object);
    Ok(Value::list(vec![declarer, object, call.shown_name()]))
}

fn callback(machine: &mut Machine, args: Args) -> Outcome {
    let call = call_at_hand(machine, &args[0])?;
    if args.len() < 2 {
        return Err(machine.wrong_args(&args, 1, "method ..."));
    }
    let my = my_name(machine, call.object);
    if my.is_empty() {
        return Err(error!("no possible safe callback without my"; "TCL", "OO", "NO_MY"));
    }
    let mut words = vec![my];
    words.extend(args.split_off(1));
    Ok(Step::Done(Value::list(words)))
}

/// The whole name of an object's `my`.
fn my_name(machine: &Machine, object: ObjectId) -> Value {
    let my = machine.oo.objects.get(object).map(|object| object.my);
    Value::text_value(my.map(|my| machine.command_name(my)).unwrap_or_default())
}

fn class_variable(machine: &mut Machine, args: Args) -> Outcome {
    if args.len() < 2 {
        return Err(machine.wrong_args(&args, 1, "name ..."));
    }
    let call = call_at_hand(machine, &args[0])?;
    let Some(class) = call.method().declarer.class() else {
        return Err(error!("method not defined by a class"; "TCL", "OO", "UNMATCHED_CONTEXT"));
    };
    let Some(namespace) = machine.oo.objects.get(class).map(|object| object.namespace) else {
        return Err(error!("method not defined by a class"; "TCL", "OO", "UNMATCHED_CONTEXT"));
    };
    for name in &args[1..] {
        let problem = if split_element(&name.text()).is_some() {
            "can't create a scalar variable that looks like an array element"
        } else if split_qualified(&name.text()).is_some() {
            "can't create a local variable with a namespace separator in it"
        } else {
            continue;
        };
        return Err(error!("bad variable name \"", name, "\": ", problem; "TCL", "UPVAR", "LOCAL_ELEMENT"));
    }
    let vars = machine.vars();
    for name in &args[1..] {
        if let Some(cell) = machine.namespace_cell(namespace, name, true) {
            machine.link(vars, name, cell)?;
        }
    }
    Ok(Step::EMPTY)
}

fn link(machine: &mut Machine, args: Args) -> Outcome {
    let call = call_at_hand(machine, &args[0])?;
    let mut links = Vec::new();
    for word in &args[1..] {
        let pair = list_of(word)?;
        links.push(match pair.items() {
            [only] => (only.clone(), only.clone()),
            [name, method] => (name.clone(), method.clone()),
            _ => {
                return Err(error!("bad link description; must only have one or two elements";
                    "TCL", "OO", "CMDLINK_FORMAT"));
            }
        });
    }
    link_all(machine, call.object, links.into_iter(), Value::EMPTY)
}

/// Makes the commands that are left; the outcome is what the last one came to.
fn link_all(
    machine: &mut Machine,
    object: ObjectId,
    mut left: std::vec::IntoIter<(Value, Value)>,
    last: Value,
) -> Outcome {
    let Some((name, method)) = left.next() else { return Ok(Step::Done(last)) };
    let namespace =
        machine.oo.objects.get(object).and_then(|object| machine.namespaces.get(object.namespace));
    let whole = match namespace {
        Some(namespace) if !name.text().starts_with(b"::") => {
            Value::text_value(text![&namespace.name, "::", &name])
        }
        _ => name,
    };
    let prefix = [my_name(machine, object), method];
    if prefix[0].is_empty() {
        return Err(error!("cannot link to non-existent callback handle"; "TCL", "OO", "MY_GONE"));
    }
    let made = crate::cmd::interp::make_alias(machine, &whole, &prefix);
    machine.after(made, move |machine, outcome| {
        let name = outcome?;
        if let Some(known) = machine.oo.objects.get_mut(object) {
            known.linked.push(whole);
        }
        link_all(machine, object, left, name)
    })
}
