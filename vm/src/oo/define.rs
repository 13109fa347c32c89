//! `oo::define` and `oo::objdefine`: scripts and commands in a namespace whose commands define.
//!
//! What is being defined is noted in the frame of the namespace's level. Names of classes in a definition mean what
//! they mean outside of it.

use super::object::{ObjectId, no_object};
use crate::cmd::choice::choose;
use crate::error;
use crate::exec::shorten;
use crate::interp::command::{CommandId, Outcome, row};
use crate::interp::exception::{ERROR, Exception};
use crate::interp::namespace::NamespaceId;
use crate::interp::step::{At, What};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text;
use crate::value::Value;

/// What a level of a definition namespace defines.
#[derive(Clone, Copy)]
pub struct Definition {
    /// The object.
    pub(crate) object: ObjectId,
    /// Whether what is defined is private.
    pub(crate) is_private: bool,
}

/// The commands that open definitions.
pub(super) const ROWS: &[CommandRow] = &[
    row(
        "oo::define",
        "className arg ?arg ...?",
        (2, MANY),
        "Defines what instances of a class have.",
        define,
    ),
    row(
        "oo::objdefine",
        "objectName arg ?arg ...?",
        (2, MANY),
        "Defines what an object has of its own.",
        define_object,
    ),
    row(
        "oo::UnknownDefinition",
        "",
        (0, MANY),
        "Finds a definition command by the beginning of its name.",
        unknown,
    ),
    row("oo::DelegateName", "class", (1, 1), "Names the class that has the class methods.", delegate_name),
];

const CLASS_OR_INSTANCE: &[&str] = &["-class", "-instance"];

fn define(machine: &mut Machine, args: Args) -> Outcome {
    let id = machine.object_named(&args[1])?;
    if machine.oo.object(id).class.is_none() {
        return Err(error!(&args[1], " does not refer to a class"; "TCL", "LOOKUP", "CLASS", args[1].text()));
    }
    let definition = Definition { object: id, is_private: false };
    machine.define_in(definition, Subject::Class, args.into_vec(), 2)
}

fn define_object(machine: &mut Machine, args: Args) -> Outcome {
    let id = machine.object_named(&args[1])?;
    let definition = Definition { object: id, is_private: false };
    machine.define_in(definition, Subject::Object, args.into_vec(), 2)
}

/// What a definition is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// What instances of a class have.
    Class,
    /// What an object has of its own.
    Object,
    /// The same, of a class, inside a definition of the class.
    ClassObject,
}

impl Subject {
    fn word(self) -> &'static str {
        match self {
            Subject::Class => "class",
            Subject::Object => "object",
            Subject::ClassObject => "class object",
        }
    }
}

impl Machine {
    /// Runs what the words from `first` on say in the dialect of an object: a script, or a command.
    pub(super) fn define_in(
        &mut self,
        definition: Definition,
        subject: Subject,
        words: Vec<Value>,
        first: usize,
    ) -> Outcome {
        let dialect = self.dialect(definition.object, subject == Subject::Class)?;
        if let [script] = &words[first..] {
            let name = self.object_name(definition.object);
            let script = script.clone();
            self.oo.next_definition = Some(definition);
            self.level_words = Some(words.into());
            return Ok(Step::run(What::Script(script), At::Namespace(dialect), move |machine, outcome| {
                tell_of_script(machine, outcome, definition.object, &name, subject.word())
            }));
        }
        let what = self.definition_command(&words, first, dialect)?;
        self.oo.next_definition = Some(definition);
        self.level_words = Some(words.into());
        Ok(Step::run(what, At::Namespace(dialect), |_, outcome| outcome.map(Step::Done)))
    }

    /// The command that the words from `first` on make in a dialect.
    fn definition_command(
        &mut self,
        words: &[Value],
        first: usize,
        dialect: NamespaceId,
    ) -> Result<What, Exception> {
        let found = self.definition_named(&words[first], dialect).map(|(_, command)| command);
        let mut called = words[first..].to_vec();
        let command = match found {
            Some(command) => {
                called[0] = Value::text_value(self.command_name(command));
                command
            }
            // What else it may be is looked up as at the global level.
            None => match self.find_command(&called[0].text(), self.global()) {
                Some(command) => command,
                None => return Err(self.invalid_command(&called[0])),
            },
        };
        self.note_rewrite(words, first + 1, 1);
        Ok(What::Command(command, called))
    }

    /// The command of a dialect that has a name, or the only one whose name begins so.
    fn definition_named(&self, name: &Value, dialect: NamespaceId) -> Option<(Value, CommandId)> {
        if let Some(found) = self.command_in(dialect, name) {
            return Some((name.clone(), found));
        }
        let text = name.text();
        let commands = &self.namespace(dialect).commands;
        let mut found = commands.iter().filter(|(known, id)| id.is_some() && known.text().starts_with(&text));
        match (found.next(), found.next()) {
            (Some((known, id)), None) => id.map(|id| (known.clone(), id)),
            _ => None,
        }
    }

    /// The namespace in which an object is defined: what its class or a superclass of that says.
    ///
    /// # Errors
    /// Nothing says so.
    fn dialect(&mut self, id: ObjectId, for_class: bool) -> Result<NamespaceId, Exception> {
        for class in self.oo.dialect_classes(id) {
            let Some(class) = self.oo.class_if_any(class) else { continue };
            let name = if for_class { &class.class_dialect } else { &class.object_dialect };
            if let Some(name) = name
                && let Some(found) = self.find_namespace(&name.text(), self.global())
            {
                return Ok(found);
            }
        }
        Err(error!("no definition namespace available"; "TCL", "OO", "MONKEY_BUSINESS"))
    }

    /// What is being defined where the code runs.
    ///
    /// # Errors
    /// Nothing is, or it is gone.
    pub(crate) fn definition(&self) -> Result<Definition, Exception> {
        let vars = self.vars();
        let extra = self.context().frames[vars as usize].extra.as_ref();
        let Some(definition) = extra.and_then(|extra| extra.definition) else {
            return Err(
                error!("this command may only be called from within the context of an ::oo::define or ::oo::objdefine command";
                "TCL", "OO", "MONKEY_BUSINESS"),
            );
        };
        match self.oo.objects.get(definition.object) {
            Some(object) if !object.is_ending => Ok(definition),
            _ => Err(error!("this command cannot be called when the object has been deleted";
                "TCL", "OO", "MONKEY_BUSINESS")),
        }
    }

    /// The class that is being defined where the code runs.
    ///
    /// # Errors
    /// None is.
    pub(crate) fn class_definition(&self) -> Result<Definition, Exception> {
        let definition = self.definition()?;
        match self.oo.object(definition.object).class {
            Some(_) => Ok(definition),
            None => Err(error!("attempt to misuse API"; "TCL", "OO", "MONKEY_BUSINESS")),
        }
    }

    /// The namespace that names are resolved in outside of the definition.
    fn outside(&self) -> NamespaceId {
        let frames = &self.context().frames;
        let mut at = self.vars() as usize;
        loop {
            let frame = &frames[at];
            let defines = frame.extra.as_ref().is_some_and(|extra| extra.definition.is_some());
            if !defines || frame.caller_vars as usize >= at {
                return frame.namespace;
            }
            at = frame.caller_vars as usize;
        }
    }

    /// The object that a word in a definition names.
    ///
    /// # Errors
    /// It names none.
    pub(crate) fn object_named_outside(&self, name: &Value) -> Result<ObjectId, Exception> {
        let found = self.find_command(&name.text(), self.outside());
        found.and_then(|command| self.object_of_command(command)).ok_or_else(|| no_object(name))
    }

    /// The class that a word in a definition names; `refusal` says what is wrong with an object that is none.
    ///
    /// # Errors
    /// It names none.
    pub(crate) fn class_named_outside(&self, name: &Value, refusal: &str) -> Result<ObjectId, Exception> {
        let id = self.object_named_outside(name)?;
        match self.oo.object(id).class {
            Some(_) => Ok(id),
            None => Err(error!(refusal; "TCL", "LOOKUP", "CLASS", name.text())),
        }
    }
}

/// Adds what was being defined to the trace of an error.
fn tell_of_script(
    machine: &mut Machine,
    outcome: Result<Value, Exception>,
    id: ObjectId,
    name: &Value,
    subject: &str,
) -> Outcome {
    outcome.map(Step::Done).map_err(|mut e| {
        if e.code == ERROR {
            let now = machine.object_name(id);
            let name = if now.is_empty() { name.clone() } else { now };
            let shown = shorten(&name.text(), NAME_SHOWN_MAX);
            let line = text![
                "\n    (in definition script for ",
                subject,
                " \"",
                shown,
                "\" line ",
                e.error_line,
                ")"
            ];
            e.add_info(&line);
        }
        e
    })
}

/// How much of an object's name errors show.
const NAME_SHOWN_MAX: usize = 30;

/// `oo::define` inside a definition: what the class has of its own.
pub(super) fn self_command(machine: &mut Machine, args: Args) -> Outcome {
    let definition = machine.class_definition()?;
    if args.len() < 2 {
        return Ok(Step::Done(machine.object_name(definition.object)));
    }
    machine.define_in(definition, Subject::ClassObject, args.into_vec(), 1)
}

/// `self` in the definition of an object.
pub(super) fn object_self(machine: &mut Machine, _args: Args) -> Outcome {
    let definition = machine.definition()?;
    Ok(Step::Done(machine.object_name(definition.object)))
}

fn private(machine: &mut Machine, args: Args, subject: Subject) -> Outcome {
    let definition = machine.definition()?;
    if args.len() < 2 {
        return Ok(Step::Done(Value::bool(definition.is_private)));
    }
    let frame = machine.vars();
    let was_private = definition.is_private;
    let name = machine.object_name(definition.object);
    let mut words = args.into_vec();
    let is_script = words.len() == 2;
    let what = if is_script {
        What::Script(words.swap_remove(1))
    } else {
        let dialect = machine.namespace_id();
        machine.definition_command(&words, 1, dialect)?
    };
    set_private(machine, frame, true);
    Ok(Step::run(what, At::Here, move |machine, outcome| {
        set_private(machine, frame, was_private);
        if is_script {
            return tell_of_script(machine, outcome, definition.object, &name, subject.word());
        }
        outcome.map(Step::Done)
    }))
}

fn set_private(machine: &mut Machine, frame: u32, is_private: bool) {
    if let Some(frame) = machine.context_mut().frames.get_mut(frame as usize)
        && let Some(extra) = &mut frame.extra
        && let Some(definition) = &mut extra.definition
    {
        definition.is_private = is_private;
    }
}

/// `private` in the definition of a class.
pub(super) fn class_private(machine: &mut Machine, args: Args) -> Outcome {
    private(machine, args, Subject::Class)
}

/// `private` in the definition of an object.
pub(super) fn object_private(machine: &mut Machine, args: Args) -> Outcome {
    private(machine, args, Subject::Object)
}

/// What handles unknown commands in dialects: the beginning of a command's name will do.
fn unknown(machine: &mut Machine, args: Args) -> Outcome {
    let Some(name) = args.get(1).cloned() else {
        return Err(error!("bad call of unknown handler"; "TCL", "OO", "BAD_UNKNOWN"));
    };
    machine.definition()?;
    let here = machine.namespace_id();
    let is_simple = crate::interp::namespace::split_qualified(&name.text()).is_none();
    let found = is_simple.then(|| machine.definition_named(&name, here)).flatten().map(|(name, _)| name);
    if found.is_none() {
        return Err(error!("invalid command name \"", &name, "\""; "TCL", "LOOKUP", "COMMAND", name.text()));
    }
    // It is executed like a command that is written so.
    let mut words = args.split_off(1);
    words[0] = found.unwrap_or(name);
    Ok(Step::script(Value::list(words)))
}

fn delegate_name(machine: &mut Machine, args: Args) -> Outcome {
    let id = super::tell_object::class_of_word(machine, &args[1])?;
    Ok(Step::Done(machine.delegate_name(id)))
}

/// `definitionnamespace ?kind? namespace`
pub(super) fn definition_namespace(machine: &mut Machine, args: Args) -> Outcome {
    let definition = machine.class_definition()?;
    if machine.oo.object(definition.object).is_root {
        return Err(error!("may not modify the definition namespace of the root classes";
            "TCL", "OO", "MONKEY_BUSINESS"));
    }
    let kind = if args.len() == 3 { choose(&args[1], CLASS_OR_INSTANCE, "kind")? } else { 0 };
    let name = &args[args.len() - 1];
    let dialect = if name.is_empty() {
        None
    } else {
        let outside = machine.outside();
        let Some(found) = machine.find_namespace(&name.text(), outside) else {
            let place = match name.text().starts_with(b"::") {
                true => text![],
                false => text![" in \"", &machine.namespace(outside).name, "\""],
            };
            return Err(error!("namespace \"", name, "\" not found", place;
                "TCL", "LOOKUP", "NAMESPACE", name.text()));
        };
        Some(machine.namespace(found).name.clone())
    };
    if let Some(class) = machine.oo.class_mut(definition.object) {
        *(if kind == 0 { &mut class.class_dialect } else { &mut class.object_dialect }) = dialect;
    }
    Ok(Step::EMPTY)
}
