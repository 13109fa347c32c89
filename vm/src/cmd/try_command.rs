//! `try` as a command.

use crate::exec::listops::list_of;
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Exception, OK};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::value::Value;
use crate::{error, text};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "try",
    usage: "body ?handler ...? ?finally script?",
    min: 1,
    max: MANY,
    safe: true,
    help: "Runs a script, handlers for how it ends, and a last script whatever happens.",
    run: try_command,
}];

/// What a handler waits for.
enum Pattern {
    Code(i64),
    ErrorCode(Vec<Value>),
}

struct Handler {
    pattern: Pattern,
    kind: &'static str,
    variables: Vec<Value>,
    /// None for `-`: the next handler's.
    script: Option<Value>,
}

/// A `try` under way.
struct Try {
    handlers: Vec<Handler>,
    finally: Option<Value>,
}

fn try_command(_machine: &mut Machine, args: Args) -> Outcome {
    let body = args[1].clone();
    let state = parse(&args)?;
    Ok(Step::body_then(body, move |machine, outcome| {
        let outcome = add_line(outcome, "\"try\" body");
        state.handle(machine, outcome)
    }))
}

fn add_line(outcome: Result<Value, Exception>, what: &str) -> Result<Value, Exception> {
    outcome.map_err(|mut e| {
        if e.code == ERROR {
            let line = text!["\n    (", what, " line ", e.error_line, ")"];
            e.add_info(&line);
        }
        e
    })
}

fn clause_wrong(clause: &str, usage: &str, word: &str) -> Exception {
    error!("wrong # args to ", clause, " clause: must be \"... ", clause, " ", usage, "\"";
        "TCL", "OPERATION", "TRY", word, "ARGUMENT")
}

fn parse(args: &Args) -> Result<Try, Exception> {
    let mut found = Try { handlers: Vec::new(), finally: None };
    let mut at = 2;
    while at < args.len() {
        match super::choice::choose(&args[at], &["finally", "on", "trap"], "handler type")? {
            0 => {
                if at + 2 < args.len() {
                    return Err(
                        error!("finally clause must be last"; "TCL", "OPERATION", "TRY", "FINALLY", "NONTERMINAL"),
                    );
                }
                let Some(script) = args.get(at + 1) else {
                    return Err(clause_wrong("finally", "script", "FINALLY"));
                };
                found.finally = Some(script.clone());
                at += 2;
            }
            kind => {
                let is_on = kind == 1;
                if at + 3 >= args.len() {
                    return Err(if is_on {
                        clause_wrong("on", "code variableList script", "ON")
                    } else {
                        clause_wrong("trap", "pattern variableList script", "TRAP")
                    });
                }
                found.handlers.push(handler(&args[at + 1], &args[at + 2], &args[at + 3], is_on)?);
                at += 4;
            }
        }
    }
    if found.handlers.last().is_some_and(|handler| handler.script.is_none()) {
        return Err(error!("last non-finally clause must not have a body of \"-\"";
            "TCL", "OPERATION", "TRY", "BADFALLTHROUGH"));
    }
    Ok(found)
}

fn handler(pattern: &Value, variables: &Value, script: &Value, is_on: bool) -> Result<Handler, Exception> {
    let pattern = if is_on {
        Pattern::Code(super::control::completion_code(pattern)?)
    } else {
        match list_of(pattern) {
            Ok(list) => Pattern::ErrorCode(list.items().to_vec()),
            Err(_) => {
                return Err(error!("bad prefix '", pattern, "': must be a list";
                    "TCL", "OPERATION", "TRY", "TRAP", "EXNFORMAT"));
            }
        }
    };
    let variables = list_of(variables)?.items().to_vec();
    let script = (*script.text() != *b"-").then(|| script.clone());
    Ok(Handler { pattern, kind: if is_on { "on" } else { "trap" }, variables, script })
}

impl Try {
    fn handle(self, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        if let Err(e) = &outcome
            && e.uncatchable
        {
            return outcome.map(Step::Done);
        }
        let Some(at) = self.handlers.iter().position(|handler| handler.accepts(&outcome)) else {
            return self.finish(machine, outcome);
        };
        let chosen =
            self.handlers[at..].iter().find(|h| h.script.is_some()).expect("the last one has a script");
        // The one with a script also says which variables are set, unless the reference compiles the command.
        let setting = if machine.stands_in_line() { &self.handlers[at] } else { chosen };
        let (kind, variables) = (chosen.kind, setting.variables.clone());
        let script = chosen.script.clone().expect("looked for just now");
        let before = machine.caught(outcome)?;
        let mut stores = Vec::new();
        if let Some(name) = variables.first() {
            stores.push((name.clone(), before.1.clone()));
        }
        if let Some(name) = variables.get(1) {
            stores.push((name.clone(), before.2.clone()));
        }
        let stored = machine.store_all(stores.into_iter(), Value::EMPTY);
        machine.after(stored, move |machine, stored| {
            if let Err(e) = stored {
                return self.finish(machine, Err(during(e, &before.2)));
            }
            Ok(Step::body_then(script, move |machine, outcome| {
                let what = format!("\"try ... {kind}\" handler");
                let outcome = add_line(outcome, &what).map_err(|e| during(e, &before.2));
                self.finish(machine, outcome)
            }))
        })
    }

    fn finish(self, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        let Some(script) = self.finally else {
            // Without any clause it is the body's own.
            return if self.handlers.is_empty() { passed(outcome) } else { settled(outcome) };
        };
        let options = machine.options_of_success();
        Ok(Step::body_then(script, move |machine, last| match last {
            Ok(_) => {
                if outcome.is_ok() {
                    machine.restore_options(&options);
                }
                settled(outcome)
            }
            Err(e) => {
                let e = add_line(Err(e), "\"try ... finally\" body").expect_err("it was an exception");
                match machine.caught(outcome) {
                    Ok((_, _, options)) => settled(Err(during(e, &options))),
                    Err(uncatchable) => Err(uncatchable),
                }
            }
        }))
    }
}

/// An outcome that is raised again by its options.
fn settled(outcome: Result<Value, Exception>) -> Outcome {
    passed(outcome.map_err(|mut e| {
        e.settle_options();
        e
    }))
}

/// The reference does not log the `try` command itself again.
fn passed(outcome: Result<Value, Exception>) -> Outcome {
    outcome.map(Step::Done).map_err(|mut e| {
        if e.code == ERROR {
            e.trace();
            e.logged = true;
            e.left_out |= !e.in_line;
        }
        e
    })
}

/// Notes the exception that was being handled.
fn during(mut e: Exception, options: &Value) -> Exception {
    if e.code == ERROR {
        e.other_options.push((Value::from("-during"), options.clone()));
    }
    e
}

impl Handler {
    fn accepts(&self, outcome: &Result<Value, Exception>) -> bool {
        match (&self.pattern, outcome) {
            (Pattern::Code(code), Ok(_)) => *code == OK,
            (Pattern::Code(code), Err(e)) => *code == e.code,
            (Pattern::ErrorCode(_), Ok(_)) => false,
            (Pattern::ErrorCode(pattern), Err(e)) => {
                e.code == ERROR
                    && list_of(&e.error_code()).is_ok_and(|list| list.items().starts_with(pattern))
            }
        }
    }
}
