//! Loops as commands: `while`, `for`, `foreach`, `lmap`.
//!
//! Compiled code has its own loops; these run where the reference invokes the
//! command, and say so in errorInfo.

use std::rc::Rc;

use crate::exec::listops::{self, list_of};
use crate::interp::command::Outcome;
use crate::interp::exception::{BREAK, CONTINUE, ERROR, Exception};
use crate::interp::frame::Continuation;
use crate::interp::{Args, At, CommandRow, MANY, Machine, Step, What};
use crate::value::{ListObj, Value, View};
use crate::{error, text};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "while",
        usage: "test command",
        min: 2,
        max: 2,
        safe: true,
        help: "Runs a script as long as an expression is true.",
        run: while_command,
    },
    CommandRow {
        name: "for",
        usage: "start test next command",
        min: 4,
        max: 4,
        safe: true,
        help: "Runs a script with a start, a test and a step.",
        run: for_command,
    },
    CommandRow {
        name: "foreach",
        usage: "varList list ?varList list ...? command",
        min: 3,
        max: MANY,
        safe: true,
        help: "Runs a script for the elements of lists.",
        run: |machine, args| foreach_command(machine, args, false),
    },
    CommandRow {
        name: "lmap",
        usage: "varList list ?varList list ...? command",
        min: 3,
        max: MANY,
        safe: true,
        help: "Runs a script for the elements of lists and answers the list of its results.",
        run: |machine, args| foreach_command(machine, args, true),
    },
];

/// What a loop waits for.
enum Phase {
    Start,
    Test,
    Body,
    Next,
}

/// A `while` or `for` under way.
struct Loop {
    name: &'static str,
    test: Value,
    body: Value,
    next: Option<Value>,
    phase: Phase,
}

fn while_command(_machine: &mut Machine, mut args: Args) -> Outcome {
    let state = Box::new(Loop {
        name: "while",
        test: args.take(1),
        body: args.take(2),
        next: None,
        phase: Phase::Next,
    });
    state.test()
}

fn for_command(_machine: &mut Machine, mut args: Args) -> Outcome {
    let start = args.take(1);
    let state = Box::new(Loop {
        name: "for",
        test: args.take(2),
        next: Some(args.take(3)),
        body: args.take(4),
        phase: Phase::Start,
    });
    Ok(Step::run_with(What::Body(start), At::Here, state))
}

impl Loop {
    fn test(mut self: Box<Self>) -> Outcome {
        self.phase = Phase::Test;
        Ok(Step::run_with(What::Expr(self.test.clone()), At::Here, self))
    }

    fn next(mut self: Box<Self>) -> Outcome {
        match self.next.clone() {
            None => self.test(),
            Some(next) => {
                self.phase = Phase::Next;
                Ok(Step::run_with(What::Body(next), At::Here, self))
            }
        }
    }
}

/// Adds a line about a body to the error's trace.
pub(crate) fn body_line(mut e: Exception, name: &[u8]) -> Exception {
    if e.code == ERROR {
        let line = text!["\n    (\"", name, "\" body line ", e.error_line, ")"];
        e.add_info(&line);
    }
    e
}

impl Continuation for Loop {
    fn resume(mut self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        match self.phase {
            Phase::Start => match outcome {
                Ok(_) => self.test(),
                Err(mut e) => {
                    if e.code == ERROR {
                        e.add_info(b"\n    (\"for\" initial command)");
                    }
                    Err(e)
                }
            },
            Phase::Test => {
                let value = outcome?;
                let mode = machine.mode();
                if !crate::arith::truth(&value, mode)? {
                    return Ok(Step::EMPTY);
                }
                self.phase = Phase::Body;
                Ok(Step::run_with(What::Body(self.body.clone()), At::Here, self))
            }
            Phase::Body => match outcome {
                Ok(_) => self.next(),
                Err(e) if e.code == CONTINUE => self.next(),
                Err(e) if e.code == BREAK => Ok(Step::EMPTY),
                Err(e) => Err(body_line(e, self.name.as_bytes())),
            },
            Phase::Next => match outcome {
                Ok(_) => self.test(),
                Err(e) if e.code == BREAK && self.next.is_some() => Ok(Step::EMPTY),
                Err(mut e) => {
                    if e.code == ERROR {
                        e.add_info(b"\n    (\"for\" loop-end command)");
                    }
                    Err(e)
                }
            },
        }
    }
}

/// A `foreach` or `lmap` under way.
struct Foreach {
    groups: Vec<(Rc<ListObj>, Value)>,
    rounds: usize,
    round: usize,
    body: Value,
    collected: Option<Vec<Value>>,
    name: &'static str,
}

fn foreach_command(machine: &mut Machine, mut args: Args, collects: bool) -> Outcome {
    let name = if collects { "lmap" } else { "foreach" };
    if !args.len().is_multiple_of(2) {
        return Err(machine.wrong_args(&args, 1, "varList list ?varList list ...? command"));
    }
    let last = args.len() - 1;
    let body = args.take(last);
    let mut groups = Vec::new();
    let mut rounds = 0;
    for pair in args[1..last].chunks_exact(2) {
        let variables = list_of(&pair[0])?;
        if variables.items().is_empty() {
            return Err(error!(name, " varlist is empty"; "TCL", "OPERATION",
                if collects { "LMAP" } else { "FOREACH" }, "NEEDVARS"));
        }
        let is_series = matches!(pair[1].view(), View::Series(_));
        let list = if is_series { pair[1].clone() } else { Value::from_list_obj(list_of(&pair[1])?) };
        rounds = rounds.max(listops::length(&list)?.div_ceil(variables.items().len()));
        groups.push((variables, list));
    }
    let collected = collects.then(Vec::new);
    Box::new(Foreach { groups, rounds, round: 0, body, collected, name }).round(machine)
}

impl Foreach {
    fn round(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        if self.round >= self.rounds {
            return Ok(Step::Done(self.collected.take().map_or(Value::EMPTY, Value::list)));
        }
        let mut stores = Vec::new();
        for (variables, list) in &self.groups {
            let start = self.round * variables.items().len();
            for (i, variable) in variables.items().iter().enumerate() {
                stores.push((variable.clone(), listops::at(list, (start + i) as i64)?));
            }
        }
        self.round += 1;
        let stored = set_variables(machine, self.name, stores.into_iter());
        machine.after(stored, move |_, outcome| {
            outcome?;
            Ok(Step::run_with(What::Body(self.body.clone()), At::Here, self))
        })
    }
}

/// Sets the variables of a round; an error says which one it was.
fn set_variables(
    machine: &mut Machine,
    command: &'static str,
    mut stores: std::vec::IntoIter<(Value, Value)>,
) -> Outcome {
    while let Some((name, value)) = stores.next() {
        let written = machine.write_named(&name, value);
        if matches!(written, Ok(Step::Done(_))) {
            continue;
        }
        return machine.after(written, move |machine, outcome| {
            outcome.map_err(|mut e| {
                if e.code == ERROR && !machine.stands_in_line() {
                    let line = text!["\n    (setting ", command, " loop variable \"", &name, "\")"];
                    e.add_info(&line);
                }
                e
            })?;
            set_variables(machine, command, stores)
        });
    }
    Ok(Step::EMPTY)
}

impl Continuation for Foreach {
    fn resume(mut self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        match outcome {
            Ok(value) => {
                if let Some(collected) = &mut self.collected {
                    collected.push(value);
                }
                self.round(machine)
            }
            Err(e) if e.code == CONTINUE => self.round(machine),
            Err(e) if e.code == BREAK => {
                Ok(Step::Done(self.collected.take().map_or(Value::EMPTY, Value::list)))
            }
            Err(e) => Err(body_line(e, self.name.as_bytes())),
        }
    }
}
