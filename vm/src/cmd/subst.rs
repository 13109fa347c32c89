//! `subst`: substitutions in a text, one after the other.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use tclring_compiler::Mode;
use tclring_compiler::source::Span;
use tclring_compiler::syntax::command::{Part, SyntaxError};
use tclring_compiler::syntax::subst::{SubstFlags, parse_subst};

use super::choice::choose;
use crate::interp::command::Outcome;
use crate::interp::exception::{BREAK, CONTINUE, ERROR, Exception, Raised};
use crate::interp::frame::Continuation;
use crate::interp::{Args, At, CommandRow, MANY, Machine, Step, What};
use crate::text;
use crate::value::{Side, Value, View, refusal};

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
    let value = args[last].clone();
    let template = template_of(&value, flags, machine.mode());
    let text = Level { parts: Rc::clone(&template.parts), at: 0, out: Vec::new() };
    Box::new(Substitution { value, template, text, indexes: Vec::new() }).go_on(machine)
}

/// A text as it was parsed, kept beside it. Its scripts are values, which keep their code.
struct Template {
    flags: SubstFlags,
    mode: Mode,
    source: Vec<u8>,
    parts: Rc<Vec<Part>>,
    /// What is wrong behind the parts.
    error: Option<SyntaxError>,
    /// The scripts by where they begin.
    scripts: RefCell<BTreeMap<u32, Value>>,
}

fn template_of(value: &Value, flags: SubstFlags, mode: Mode) -> Rc<Template> {
    if let View::Str(object) = value.view()
        && let Side::Other(side) = &*object.side()
        && let Ok(template) = Rc::clone(side).downcast::<Template>()
        && template.flags == flags
        && template.mode == mode
    {
        return template;
    }
    let source = value.to_text();
    let parsed = parse_subst(&source, flags, mode, 0);
    let template = Rc::new(Template {
        flags,
        mode,
        source,
        parts: Rc::new(parsed.parts),
        error: parsed.error,
        scripts: RefCell::default(),
    });
    if let View::Str(object) = value.view() {
        object.set_side(Side::Other(Rc::clone(&template) as Rc<dyn Any>));
    }
    template
}

impl Template {
    /// The script at `span` of the text that `value` is.
    fn script(&self, value: &Value, span: Span) -> Value {
        let make = || Value::cacheable(span.of(&self.source).to_vec()).placed_in(value, span.start as usize);
        self.scripts.borrow_mut().entry(span.start).or_insert_with(make).clone()
    }
}

/// A sequence of parts that is being substituted.
struct Level {
    parts: Rc<Vec<Part>>,
    at: usize,
    out: Vec<u8>,
}

/// A substitution under way.
struct Substitution {
    value: Value,
    template: Rc<Template>,
    /// The text itself.
    text: Level,
    /// The array elements whose index is being substituted, the innermost last, with the arrays' names.
    indexes: Vec<(Vec<u8>, Level)>,
}

/// What the next part asks for.
enum Next {
    /// The value of a variable.
    Read(Value),
    /// The result of a script.
    Run(Value),
    /// The text is complete.
    End,
}

impl Substitution {
    fn level(&mut self) -> &mut Level {
        match self.indexes.last_mut() {
            Some((_, level)) => level,
            None => &mut self.text,
        }
    }

    fn go_on(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        loop {
            match self.next() {
                Next::Read(name) => match machine.read_named(&name)? {
                    Step::Done(value) => refusal::extend(&mut self.level().out, &value.text()),
                    traced => {
                        return machine.after(Ok(traced), move |machine, outcome| {
                            let value = outcome?;
                            refusal::extend(&mut self.level().out, &value.text());
                            self.go_on(machine)
                        });
                    }
                },
                Next::Run(script) => return Ok(Step::run_with(What::Body(script), At::Here, self)),
                Next::End => {
                    return match &self.template.error {
                        Some(error) => Err(syntax_exception(error)),
                        None => Ok(Step::Done(Value::text_value(self.text.out))),
                    };
                }
            }
        }
    }

    /// Goes through the parts up to one that is a variable or a script.
    fn next(&mut self) -> Next {
        loop {
            let level = self.level();
            let parts = Rc::clone(&level.parts);
            let Some(part) = parts.get(level.at) else {
                let Some((name, index)) = self.indexes.pop() else {
                    return Next::End;
                };
                return Next::Read(Value::text_value(text![name, "(", index.out, ")"]));
            };
            level.at += 1;
            match part {
                Part::Text(text) => refusal::extend(&mut level.out, text),
                Part::Script { span, .. } => return Next::Run(self.template.script(&self.value, *span)),
                Part::Variable(variable) => match &variable.index {
                    None => return Next::Read(Value::text_of(&variable.name)),
                    Some(index) => {
                        let level = Level { parts: Rc::new(index.clone()), at: 0, out: Vec::new() };
                        self.indexes.push((variable.name.clone(), level));
                    }
                },
            }
        }
    }
}

impl Continuation for Substitution {
    fn resume(mut self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        match outcome {
            Ok(value) => refusal::extend(&mut self.level().out, &value.text()),
            Err(e) if e.code == ERROR || e.uncatchable => return Err(e),
            // `break` ends the substitution with what there is.
            Err(e) if e.code == BREAK => return Ok(Step::Done(Value::text_value(self.text.out))),
            Err(e) => {
                // Inside an index this ends the element, whose place the result takes.
                self.indexes.clear();
                if e.code != CONTINUE {
                    self.text.out.extend_from_slice(&e.result.text());
                }
            }
        }
        self.go_on(machine)
    }
}

fn syntax_exception(error: &SyntaxError) -> Exception {
    let mut exception = Raised::error(error.message.clone());
    exception.trace();
    exception
}
