//! `subst`: substitutions in a text, one after the other.

use std::rc::Rc;

use tclring_compiler::syntax::command::{Part, SyntaxError};
use tclring_compiler::syntax::subst::{SubstFlags, parse_subst};

use super::choice::choose;
use crate::interp::command::Outcome;
use crate::interp::exception::{BREAK, CONTINUE, ERROR, Exception, Raised};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text;
use crate::value::Value;

const USAGE: &str = "?-nobackslashes? ?-nocommands? ?-novariables? string";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "subst",
    usage: USAGE,
    min: 1,
    max: MANY,
    safe: true,
    help: "Substitutes backslashes, commands and variables in a text.",
    run: subst,
}];

fn subst(machine: &mut Machine, args: Args) -> Outcome {
    let mut flags = SubstFlags::ALL;
    let last = args.len() - 1;
    for word in &args[1..last] {
        match choose(word, &["-nobackslashes", "-nocommands", "-novariables"], "option")? {
            0 => flags.backslashes = false,
            1 => flags.commands = false,
            _ => flags.variables = false,
        }
    }
    let source: Rc<[u8]> = Rc::from(&*args[last].text());
    let parsed = parse_subst(&source, flags, machine.mode(), 0);
    let error = parsed.error;
    let parts = Rc::new(parsed.parts);
    let run = Run { source, parts, at: 0, out: Vec::new() };
    run.go_on(machine, Box::new(move |_, outcome| match (outcome, error) {
        (Ok(_), Some(error)) => Err(syntax_exception(&error)),
        (Ok(text), None) => Ok(Step::Done(Value::text_value(text))),
        // `break` ends the substitution with what there is.
        (Err(Stop::Break(text)), _) => Ok(Step::Done(Value::text_value(text))),
        (Err(Stop::Error(exception)), _) => Err(exception),
    }))
}

fn syntax_exception(error: &SyntaxError) -> Exception {
    let mut exception = Raised::error(error.message.clone());
    exception.trace();
    exception
}

/// Why a substitution ended early.
enum Stop {
    Break(Vec<u8>),
    Error(Exception),
}

type Then = Box<dyn FnOnce(&mut Machine, Result<Vec<u8>, Stop>) -> Outcome>;

/// Parts that are being substituted.
struct Run {
    source: Rc<[u8]>,
    parts: Rc<Vec<Part>>,
    at: usize,
    out: Vec<u8>,
}

impl Run {
    fn go_on(mut self, machine: &mut Machine, then: Then) -> Outcome {
        let parts = Rc::clone(&self.parts);
        while let Some(part) = parts.get(self.at) {
            self.at += 1;
            match part {
                Part::Text(text) => self.out.extend_from_slice(text),
                Part::Script { span, .. } => {
                    let script = Value::cacheable(span.of(&self.source).to_vec());
                    return Ok(Step::script_then(script, move |machine, outcome| {
                        self.after_script(machine, outcome, then)
                    }));
                }
                Part::Variable(variable) => {
                    let name = variable.name.clone();
                    let Some(index) = variable.index.clone() else {
                        return self.read(machine, Value::text_value(name), then);
                    };
                    let inner =
                        Run { source: Rc::clone(&self.source), parts: Rc::new(index), at: 0, out: Vec::new() };
                    return inner.go_on(
                        machine,
                        Box::new(move |machine, outcome| match outcome {
                            Ok(key) => self.read(machine, Value::text_value(text![name, "(", key, ")"]), then),
                            Err(Stop::Break(_)) => {
                                let out = self.out;
                                then(machine, Err(Stop::Break(out)))
                            }
                            Err(stop) => then(machine, Err(stop)),
                        }),
                    );
                }
            }
        }
        let out = self.out;
        then(machine, Ok(out))
    }

    fn read(self, machine: &mut Machine, name: Value, then: Then) -> Outcome {
        let mut run = self;
        let outcome = machine.read_named(&name);
        machine.after(outcome, move |machine, outcome| match outcome {
            Ok(value) => {
                run.out.extend_from_slice(&value.text());
                run.go_on(machine, then)
            }
            Err(exception) => then(machine, Err(Stop::Error(exception))),
        })
    }

    fn after_script(mut self, machine: &mut Machine, outcome: Result<Value, Exception>, then: Then) -> Outcome {
        match outcome {
            Ok(value) => self.out.extend_from_slice(&value.text()),
            Err(mut e) if e.code == ERROR || e.uncatchable => {
                // The command inside is in the trace; the one around it is not added.
                e.logged = true;
                return then(machine, Err(Stop::Error(e)));
            }
            Err(e) if e.code == BREAK => {
                let out = self.out;
                return then(machine, Err(Stop::Break(out)));
            }
            Err(e) if e.code == CONTINUE => {}
            Err(e) => self.out.extend_from_slice(&e.result.text()),
        }
        self.go_on(machine, then)
    }
}
