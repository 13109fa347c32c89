//! Namespaces as scripts handle them: the `namespace` ensemble.

use crate::error;
use crate::exec::listops::list_of;
use crate::exec::outermost::end_return;
use crate::interp::command::{CommandKind, Outcome, row};
use crate::interp::exception::{ERROR, Exception};
use crate::interp::life::Task;
use crate::interp::namespace::{NamespaceId, split_qualified};
use crate::interp::var::VarCell;
use crate::interp::vars::{NO_NAMESPACE, split_element, variable_error};
use crate::interp::{Args, At, CommandRow, EnsembleRow, MANY, Machine, Step, What};
use crate::text;
use crate::text::glob;
use crate::value::Value;

use super::eval::concat;

/// The ensemble of this file.
pub const ENSEMBLE: EnsembleRow = EnsembleRow { name: "namespace", rows: ROWS, safe: true };

const ROWS: &[CommandRow] = &[
    row("namespace children", "?name? ?pattern?", (0, 2), "Lists the namespaces inside one.", children),
    row("namespace code", "arg", (1, 1), "Makes a script that runs in this namespace from anywhere.", code),
    row("namespace current", "", (0, 0), "Answers the current namespace.", current),
    row("namespace delete", "?name name...?", (0, MANY), "Deletes namespaces.", delete),
    row(
        "namespace ensemble",
        "subcommand ?arg ...?",
        (1, MANY),
        "Makes and configures ensembles.",
        super::ensemble_cmd::ensemble,
    ),
    row("namespace eval", "name arg ?arg...?", (2, MANY), "Evaluates a script in a namespace.", eval),
    row("namespace exists", "name", (1, 1), "Answers whether there is a namespace.", exists),
    row(
        "namespace export",
        "?-clear? ?pattern pattern...?",
        (0, MANY),
        "Says which commands may be imported.",
        export,
    ),
    row("namespace forget", "?pattern pattern...?", (0, MANY), "Removes imported commands.", forget),
    row("namespace import", "?-force? ?pattern pattern...?", (0, MANY), "Imports commands.", import),
    row(
        "namespace inscope",
        "name arg ?arg...?",
        (2, MANY),
        "Evaluates a script with arguments in a namespace.",
        inscope,
    ),
    row("namespace origin", "name", (1, 1), "Answers the whole name of what a command stands for.", origin),
    row("namespace parent", "?name?", (0, 1), "Answers the namespace around one.", parent),
    row("namespace path", "?pathList?", (0, 1), "Says where else commands are looked for.", path),
    row(
        "namespace qualifiers",
        "string",
        (1, 1),
        "Answers the part of a name before the last ::.",
        qualifiers,
    ),
    row("namespace tail", "string", (1, 1), "Answers the part of a name after the last ::.", tail),
    row("namespace unknown", "?script?", (0, 1), "Says what handles unknown commands.", unknown),
    row("namespace upvar", "ns ?otherVar myVar ...?", (1, MANY), "Links to variables of a namespace.", upvar),
    row(
        "namespace which",
        "?-command? ?-variable? name",
        (1, 2),
        "Answers the whole name of what a name means.",
        which,
    ),
];

/// The namespace that a word names inside the current one.
///
/// # Errors
/// `namespace "…" not found in "…"`.
pub(super) fn named(machine: &Machine, name: &Value) -> Result<NamespaceId, Exception> {
    let here = machine.namespace_id();
    let text = name.text();
    living(machine, &text).ok_or_else(|| {
        let place = if text.starts_with(b"::") {
            text![]
        } else {
            text![" in \"", &machine.namespace(here).name, "\""]
        };
        error!("namespace \"", name, "\" not found", place; "TCL", "LOOKUP", "NAMESPACE", text)
    })
}

/// The namespace with a name, unless it is being deleted.
fn living(machine: &Machine, name: &[u8]) -> Option<NamespaceId> {
    let found = machine.find_namespace(name, machine.namespace_id())?;
    (!machine.namespace(found).dying || found == machine.namespace_id()).then_some(found)
}

/// The whole name of something called `tail` in a namespace.
fn whole_name(machine: &Machine, namespace: NamespaceId, tail: &Value) -> Value {
    let ns = machine.namespace(namespace);
    let prefix = if ns.is_global() { Vec::new() } else { ns.name.to_text() };
    Value::text_value(text![prefix, "::", tail])
}

fn children(machine: &mut Machine, args: Args) -> Outcome {
    let namespace = match args.get(1) {
        Some(name) => named(machine, name)?,
        None => machine.namespace_id(),
    };
    let pattern = args.get(2).map(|pattern| {
        let absolute = pattern.text().starts_with(b"::");
        if absolute { pattern.clone() } else { whole_name(machine, namespace, pattern) }
    });
    let inside = machine.namespace(namespace).children.table_order(|_, _| true);
    let names: Vec<Value> = inside
        .into_iter()
        .filter_map(|(_, child)| Some(machine.namespace((*child)?).name.clone()))
        .filter(|name| pattern.as_ref().is_none_or(|p| glob::matches(&p.text(), &name.text(), false)))
        .collect();
    Ok(Step::Done(Value::list(names)))
}

fn code(machine: &mut Machine, mut args: Args) -> Outcome {
    if args[1].text().starts_with(b"::namespace inscope ") {
        return Ok(Step::Done(args.take(1)));
    }
    let here = machine.namespace(machine.namespace_id()).name.clone();
    let words = vec![Value::from("::namespace"), Value::from("inscope"), here, args.take(1)];
    Ok(Step::Done(Value::list(words)))
}

fn current(machine: &mut Machine, _args: Args) -> Outcome {
    Ok(Step::Done(machine.namespace(machine.namespace_id()).name.clone()))
}

fn delete(machine: &mut Machine, args: Args) -> Outcome {
    let here = machine.namespace_id();
    let mut found = Vec::new();
    for name in &args[1..] {
        match machine.find_namespace(&name.text(), here) {
            Some(id) if !machine.namespace(id).killed => found.push(Task::Namespace(id)),
            _ => {
                return Err(error!("unknown namespace \"", name, "\" in namespace delete command";
                    "TCL", "LOOKUP", "NAMESPACE", name.text()));
            }
        }
    }
    machine.demolish(found)
}

/// Runs a script at a new level in a namespace; `verb` is for errorInfo.
fn eval_in(
    machine: &mut Machine,
    namespace: NamespaceId,
    script: Value,
    words: Vec<Value>,
    verb: &'static str,
) -> Step {
    let name = machine.namespace(namespace).name.clone();
    machine.level_words = Some(words.into());
    let outermost = machine.outermost_calls("namespace");
    Step::run(What::Script(script), At::Namespace(namespace), move |_, outcome| {
        let outcome = outcome.map_err(|mut e| {
            if e.code == ERROR {
                let shown = crate::exec::shorten(&name.text(), 200);
                let line =
                    text!["\n    (in namespace ", verb, " \"", shown, "\" script line ", e.error_line, ")"];
                e.add_info(&line);
            }
            e
        });
        let outcome = match outermost {
            Some(outermost) => outcome.or_else(|exception| end_return(exception, outermost)),
            None => outcome,
        };
        outcome.map(Step::Done)
    })
}

/// The words of an invocation of a subcommand as the script wrote them.
fn level_words(machine: &mut Machine, args: &Args) -> Vec<Value> {
    match machine.rewrite.take() {
        Some(rewrite) if args.len() >= rewrite.inserted => {
            let mut words = rewrite.original[..rewrite.removed.min(rewrite.original.len())].to_vec();
            words.extend_from_slice(&args[rewrite.inserted..]);
            words
        }
        _ => {
            let mut words = vec![Value::from("namespace")];
            let tail = tail_of(&args[0].text()).to_vec();
            words.push(Value::text_value(tail));
            words.extend_from_slice(&args[1..]);
            words
        }
    }
}

fn eval(machine: &mut Machine, args: Args) -> Outcome {
    let words = level_words(machine, &args);
    let here = machine.namespace_id();
    if args[1].is_empty() && !machine.namespace(here).is_global() {
        return Err(error!("can't create namespace \"\": only global namespace can have empty name";
            "TCL", "OPERATION", "NAMESPACE", "CREATEGLOBAL"));
    }
    let namespace = machine.make_namespace(&args[1].text(), here);
    let script = if args.len() == 3 { args[2].clone() } else { concat(&args[2..]) };
    Ok(eval_in(machine, namespace, script, words, "eval"))
}

fn inscope(machine: &mut Machine, args: Args) -> Outcome {
    let words = level_words(machine, &args);
    let namespace = named(machine, &args[1])?;
    let script = if args.len() == 3 {
        args[2].clone()
    } else {
        concat(&[args[2].clone(), Value::list(args[3..].to_vec())])
    };
    Ok(eval_in(machine, namespace, script, words, "inscope"))
}

fn exists(machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::bool(living(machine, &args[1].text()).is_some())))
}

fn export(machine: &mut Machine, args: Args) -> Outcome {
    let here = machine.namespace_id();
    if args.len() == 1 {
        return Ok(Step::Done(Value::list(machine.namespace(here).exports.clone())));
    }
    let mut at = 1;
    if *args[1].text() == *b"-clear" {
        machine.namespace_mut(here).exports.clear();
        at = 2;
    }
    for pattern in &args[at..] {
        if split_qualified(&pattern.text()).is_some() {
            return Err(
                error!("invalid export pattern \"", pattern, "\": pattern can't specify a namespace";
                "TCL", "EXPORT", "INVALID"),
            );
        }
        let exports = &mut machine.namespace_mut(here).exports;
        if !exports.contains(pattern) {
            exports.push(pattern.clone());
        }
    }
    machine.all_names_changed();
    Ok(Step::EMPTY)
}

/// The namespace and simple pattern of a pattern for commands, as seen from the current namespace.
fn split_pattern(machine: &Machine, pattern: &Value) -> Option<(NamespaceId, Value, bool)> {
    let here = machine.namespace_id();
    match split_qualified(&pattern.text()) {
        None => Some((here, pattern.clone(), true)),
        Some((head, tail)) => Some((machine.find_namespace(head, here)?, Value::text_of(tail), false)),
    }
}

fn is_import(machine: &Machine, command: crate::interp::command::CommandId) -> bool {
    matches!(machine.commands.get(command).map(|c| &c.kind), Some(CommandKind::Import(_)))
}

fn forget(machine: &mut Machine, args: Args) -> Outcome {
    let here = machine.namespace_id();
    let mut tasks = Vec::new();
    for pattern in &args[1..] {
        let Some((source, simple, unqualified)) = split_pattern(machine, pattern) else {
            return Err(error!("unknown namespace in namespace forget pattern \"", pattern, "\"";
                "TCL", "LOOKUP", "NAMESPACE", pattern.text()));
        };
        for (name, id) in machine.namespace(here).commands.iter() {
            let Some(id) = id.filter(|id| is_import(machine, *id)) else {
                continue;
            };
            let matching = if unqualified {
                glob::matches(&simple.text(), &name.text(), false)
            } else {
                origin_matches(machine, id, source, &simple)
            };
            if matching {
                tasks.push(Task::Command(id));
            }
        }
    }
    machine.demolish(tasks)
}

/// Whether what an import stands for, or the first link of its chain, is a command of `source` that the pattern means.
fn origin_matches(
    machine: &Machine,
    import: crate::interp::command::CommandId,
    source: NamespaceId,
    pattern: &Value,
) -> bool {
    let CommandKind::Import(first) = machine.command(import).kind else {
        return false;
    };
    [machine.original_command(import), first].into_iter().any(|id| {
        machine.commands.get(id).is_some_and(|command| {
            command.namespace == source && glob::matches(&pattern.text(), &command.name.text(), false)
        })
    })
}

fn import(machine: &mut Machine, args: Args) -> Outcome {
    let here = machine.namespace_id();
    if args.len() == 1 {
        let imported = |_: &Value, id: &Option<_>| id.is_some_and(|id| is_import(machine, id));
        let commands = machine.namespace(here).commands.table_order(imported);
        return Ok(Step::Done(Value::list(commands.into_iter().map(|(name, _)| name.clone()).collect())));
    }
    let force = *args[1].text() == *b"-force";
    import_next(machine, args.split_off(1 + usize::from(force)).into_iter(), force)
}

/// Imports what the patterns say one by one; `auto_import` may load commands first.
fn import_next(machine: &mut Machine, mut patterns: std::vec::IntoIter<Value>, force: bool) -> Outcome {
    let Some(pattern) = patterns.next() else {
        return Ok(Step::EMPTY);
    };
    let global = machine.global();
    if machine.command_in(global, &Value::from("auto_import")).is_none() {
        import_pattern(machine, &pattern, force)?;
        return import_next(machine, patterns, force);
    }
    let words = vec![Value::from("auto_import"), pattern.clone()];
    Ok(Step::run(What::Words(words), At::Global, move |machine, outcome| {
        outcome?;
        let interp = machine.current();
        machine.interp_mut(interp).note_script();
        import_pattern(machine, &pattern, force)?;
        import_next(machine, patterns, force)
    }))
}

fn import_pattern(machine: &mut Machine, pattern: &Value, force: bool) -> Result<(), Exception> {
    let here = machine.namespace_id();
    if pattern.is_empty() {
        return Err(error!("empty import pattern"; "TCL", "IMPORT", "EMPTY"));
    }
    let Some((source, simple, unqualified)) = split_pattern(machine, pattern) else {
        return Err(error!("unknown namespace in import pattern \"", pattern, "\"";
            "TCL", "LOOKUP", "NAMESPACE", pattern.text()));
    };
    if source == here {
        if unqualified {
            return Err(
                error!("no namespace specified in import pattern \"", pattern, "\""; "TCL", "IMPORT", "ORIGIN"),
            );
        }
        let own = &machine.namespace(source).tail;
        return Err(
            error!("import pattern \"", pattern, "\" tries to import from namespace \"", own, "\" into itself";
            "TCL", "IMPORT", "SELF"),
        );
    }
    let names: Vec<Value> = machine
        .exported_commands(source)
        .into_iter()
        .filter(|name| glob::matches(&simple.text(), &name.text(), false))
        .collect();
    for name in names {
        import_one(machine, (here, source), &name, pattern, force)?;
    }
    Ok(())
}

fn import_one(
    machine: &mut Machine,
    (here, source): (NamespaceId, NamespaceId),
    name: &Value,
    pattern: &Value,
    force: bool,
) -> Result<(), Exception> {
    let Some(target) = machine.command_in(source, name) else {
        return Ok(());
    };
    let existing = machine.command_in(here, name);
    if let Some(existing) = existing {
        if !force {
            let same = matches!(machine.command(existing).kind, CommandKind::Import(from) if from == target);
            let message = text!["can't import command \"", name, "\": already exists"];
            return if same { Ok(()) } else { Err(error!(message; "TCL", "IMPORT", "OVERWRITE")) };
        }
        let mut link = target;
        while let CommandKind::Import(from) = machine.command(link).kind {
            if from == existing || link == existing {
                let whole = whole_name(machine, here, name);
                return Err(
                    error!("import pattern \"", pattern, "\" would create a loop containing command \"", whole, "\"";
                    "TCL", "IMPORT", "LOOP"),
                );
            }
            link = from;
        }
    }
    // By its whole name: that of a namespace that was deleted while it is in use means another one.
    let home = match machine.namespace(here) {
        ended if ended.detached => {
            let (whole, global) = (ended.name.to_text(), machine.global());
            machine.make_namespace(&whole, global)
        }
        _ => here,
    };
    let import = machine.create_command(home, name.clone(), CommandKind::Import(target));
    if let Some(target) = machine.commands.get_mut(target) {
        target.imports.push(import);
    }
    Ok(())
}

fn origin(machine: &mut Machine, args: Args) -> Outcome {
    let here = machine.namespace_id();
    let Some(found) = machine.find_command(&args[1].text(), here) else {
        return Err(machine.invalid_command(&args[1]));
    };
    let original = machine.original_command(found);
    Ok(Step::Done(Value::text_value(machine.command_name(original))))
}

fn parent(machine: &mut Machine, args: Args) -> Outcome {
    let namespace = match args.get(1) {
        Some(name) => named(machine, name)?,
        None => machine.namespace_id(),
    };
    let around = machine.namespace(namespace).parent;
    Ok(Step::Done(around.map_or(Value::EMPTY, |around| machine.namespace(around).name.clone())))
}

fn path(machine: &mut Machine, args: Args) -> Outcome {
    let here = machine.namespace_id();
    let Some(list) = args.get(1) else {
        let names = machine.namespace(here).path.iter().filter_map(|id| machine.namespaces.get(*id));
        return Ok(Step::Done(Value::list(names.filter(|ns| !ns.dying).map(|ns| ns.name.clone()).collect())));
    };
    let list = list_of(list)?;
    let found = list.items().iter().map(|name| named(machine, name)).collect::<Result<Vec<_>, _>>()?;
    let home = machine.interp(machine.current()).objects.home;
    machine.oo.home_is_in_paths |= found.contains(&home);
    let namespace = machine.namespace_mut(here);
    namespace.path = found;
    namespace.ordinary.set(0);
    machine.all_names_changed();
    Ok(Step::EMPTY)
}

fn qualifiers(_machine: &mut Machine, args: Args) -> Outcome {
    let text = args[1].text();
    Ok(Step::Done(match memchr::memmem::rfind(&text, b"::") {
        None => Value::EMPTY,
        Some(at) => {
            let end = text[..at].iter().rposition(|b| *b != b':').map_or(0, |last| last + 1);
            Value::text_of(&text[..end])
        }
    }))
}

pub(super) fn tail_of(text: &[u8]) -> &[u8] {
    memchr::memmem::rfind(text, b"::").map_or(text, |at| &text[at + 2..])
}

fn tail(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::text_of(tail_of(&args[1].text()))))
}

fn unknown(machine: &mut Machine, mut args: Args) -> Outcome {
    let here = machine.namespace_id();
    if args.len() == 1 {
        let ns = machine.namespace(here);
        let default = if ns.is_global() { Value::from("::unknown") } else { Value::EMPTY };
        return Ok(Step::Done(ns.unknown.clone().unwrap_or(default)));
    }
    let handler = args.take(1);
    let empty = list_of(&handler)?.items().is_empty();
    machine.namespace_mut(here).unknown = (!empty).then(|| handler.clone());
    Ok(Step::Done(handler))
}

impl Machine {
    /// The cell of the variable (or element) called `name` in a namespace, made if need be.
    ///
    /// # Errors
    /// `can't access "…": …`.
    pub fn cell_in_namespace(
        &mut self,
        namespace: NamespaceId,
        name: &Value,
    ) -> Result<std::rc::Rc<VarCell>, Exception> {
        let whole = name.text();
        let (base, key) = match split_element(&whole) {
            Some((base, key)) => (Value::text_of(base), Some(Value::text_of(key))),
            None => (name.clone(), None),
        };
        let fail = |reason: &str| variable_error("access", &base, key.as_ref(), reason);
        let (home, simple) = match split_qualified(&base.text()) {
            None => (Some(namespace), base.clone()),
            Some((head, tail)) => (self.find_namespace(head, namespace), Value::text_of(tail)),
        };
        let cell = home
            .and_then(|home| self.namespace_cell(home, &simple, true))
            .ok_or_else(|| fail(NO_NAMESPACE))?;
        match &key {
            None => Ok(cell),
            Some(key) => {
                let place = crate::interp::vars::Place::Cell(cell);
                let array = self.array_at(&place, true).map_err(fail)?.expect("asked to be made");
                Ok(array.element_cell(key))
            }
        }
    }
}

fn upvar(machine: &mut Machine, args: Args) -> Outcome {
    if !args.len().is_multiple_of(2) {
        // Steps that are traced make the reference forget what it was called as.
        let is_forgotten = machine.rewrite.take().is_none() && machine.stepping > 0;
        let name = if is_forgotten { args[0].clone() } else { Value::from("namespace upvar") };
        return Err(
            error!("wrong # args: should be \"", name, " ns ?otherVar myVar ...?\""; "TCL", "WRONGARGS"),
        );
    }
    let namespace = named(machine, &args[1])?;
    let vars = machine.vars();
    for pair in args[2..].chunks_exact(2) {
        let cell = machine.cell_in_namespace(namespace, &pair[0])?;
        machine.link(vars, &pair[1], cell)?;
    }
    Ok(Step::EMPTY)
}

fn which(machine: &mut Machine, args: Args) -> Outcome {
    let wrong = || error!("wrong # args: should be \"namespace which ?-command? ?-variable? name\""; "TCL", "WRONGARGS");
    let mut variable = false;
    if args.len() == 3 {
        // The option may be shortened; anything else is reported as a wrong number of arguments.
        variable =
            super::choice::choose(&args[1], &["-command", "-variable"], "option").map_err(|_| wrong())? == 1;
    }
    let name = &args[args.len() - 1];
    let here = machine.namespace_id();
    let found = if variable {
        let (home, simple) = match split_qualified(&name.text()) {
            None => (Some(here), name.clone()),
            Some((head, tail)) => (machine.find_namespace(head, here), Value::text_of(tail)),
        };
        home.filter(|home| machine.namespace_cell(*home, &simple, false).is_some())
            .map(|home| whole_name(machine, home, &simple))
    } else {
        machine.find_command(&name.text(), here).map(|id| Value::text_value(machine.command_name(id)))
    };
    Ok(Step::Done(found.unwrap_or_default()))
}
