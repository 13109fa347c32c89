//! The subcommands of `info` that list names: commands, procedures, variables, functions.

use crate::interp::command::{CommandId, CommandKind, Outcome};
use crate::interp::frame::FrameKind;
use crate::interp::namespace::{NamespaceId, split_qualified};
use crate::interp::var::VarCell;
use crate::interp::{Args, Machine, Step};
use crate::text;
use crate::text::glob::{self, Glob};
use crate::value::{OrderedMap, Value};

/// A pattern for names: the namespace it is about if it names one, and the simple pattern, as a word and made ready.
struct Pattern {
    namespace: Option<NamespaceId>,
    simple: Option<(Value, Glob)>,
}

impl Pattern {
    /// The pattern in a word, if there is one. `None` if its namespace does not exist.
    fn new(machine: &Machine, word: Option<&Value>) -> Option<Pattern> {
        let Some(word) = word else {
            return Some(Pattern { namespace: None, simple: None });
        };
        match split_qualified(&word.text()) {
            None => Some(Pattern::simple(Some(word))),
            Some((head, tail)) => {
                let namespace = machine.find_namespace(head, machine.namespace_id())?;
                Some(Pattern { namespace: Some(namespace), ..Pattern::simple(Some(&Value::text_of(tail))) })
            }
        }
    }

    /// The pattern in a word, if there is one, that names no namespace.
    fn simple(word: Option<&Value>) -> Pattern {
        let simple = word.map(|word| (word.clone(), Glob::new(&word.text(), false)));
        Pattern { namespace: None, simple }
    }

    fn matches(&self, name: &Value) -> bool {
        self.simple.as_ref().is_none_or(|(_, glob)| glob.matches(&name.text()))
    }

    /// The entries of a table that match; one look is enough for a pattern without magic.
    fn found<'a, V>(&self, table: &'a OrderedMap<V>) -> Vec<(&'a Value, &'a V)> {
        match &self.simple {
            Some((name, _)) if !glob::has_magic(&name.text()) => {
                table.position(name).and_then(|at| table.at(at)).into_iter().collect()
            }
            _ => table.table_order(|name, _| self.matches(name)),
        }
    }

    /// The name as it is shown: whole if the pattern names a namespace.
    fn shown(&self, machine: &Machine, name: &Value) -> Value {
        match self.namespace {
            None => name.clone(),
            Some(id) => {
                let ns = machine.namespace(id);
                let prefix = if ns.is_global() { Vec::new() } else { ns.name.to_text() };
                Value::text_value(text![prefix, "::", name])
            }
        }
    }
}

/// Names without repetitions, in order.
#[derive(Default)]
struct Names {
    list: Vec<Value>,
    /// The names of `list`, as far as they were needed.
    seen: OrderedMap<()>,
}

impl Names {
    fn add(&mut self, name: Value) {
        for known in &self.list[self.seen.len()..] {
            self.seen.insert(known, ());
        }
        if self.seen.insert(&name, ()).is_none() {
            self.list.push(name);
        }
    }

    /// Adds the names of a table, which are different from one another.
    fn add_table(&mut self, names: impl Iterator<Item = Value>) {
        if self.list.is_empty() {
            self.list.extend(names);
        } else {
            names.for_each(|name| self.add(name));
        }
    }

    fn done(self) -> Outcome {
        Ok(Step::Done(Value::list(self.list)))
    }
}

fn commands_in(
    machine: &Machine,
    namespace: NamespaceId,
    pattern: &Pattern,
    names: &mut Names,
    wanted: impl Fn(CommandId) -> bool,
) {
    let Some(ns) = machine.namespaces.get(namespace) else {
        return;
    };
    let found = pattern.found(&ns.commands).into_iter();
    let wanted = found.filter(|(_, id)| id.is_some_and(&wanted));
    names.add_table(wanted.map(|(name, _)| pattern.shown(machine, name)));
}

pub(super) fn commands(machine: &mut Machine, args: Args) -> Outcome {
    let mut names = Names::default();
    let Some(pattern) = Pattern::new(machine, args.get(1)) else {
        return names.done();
    };
    if let Some(namespace) = pattern.namespace {
        commands_in(machine, namespace, &pattern, &mut names, |_| true);
        return names.done();
    }
    let here = machine.namespace_id();
    let mut places = vec![here];
    places.extend_from_slice(&machine.namespace(here).path);
    places.push(machine.global());
    places.dedup();
    for namespace in places {
        commands_in(machine, namespace, &pattern, &mut names, |_| true);
    }
    names.done()
}

pub(super) fn procs(machine: &mut Machine, args: Args) -> Outcome {
    let mut names = Names::default();
    if let Some(pattern) = Pattern::new(machine, args.get(1)) {
        let namespace = pattern.namespace.unwrap_or_else(|| machine.namespace_id());
        let is_proc = |id: CommandId| {
            let original = machine.commands.get(machine.original_command(id));
            original.is_some_and(|command| matches!(command.kind, CommandKind::Proc(_)))
        };
        commands_in(machine, namespace, &pattern, &mut names, is_proc);
    }
    names.done()
}

pub(super) fn functions(machine: &mut Machine, args: Args) -> Outcome {
    let mut names = Names::default();
    let pattern = Pattern::simple(args.get(1));
    let here = machine.namespace_id();
    let interp = machine.current();
    machine.interp_mut(interp).note_script();
    for namespace in [machine.global(), here] {
        if let Some(home) = machine.find_namespace(b"tcl::mathfunc", namespace) {
            commands_in(machine, home, &pattern, &mut names, |_| true);
        }
    }
    names.done()
}

/// Adds the variables of a namespace for which `wanted` holds, and those that are links even to what has no value unless
/// only constants are wanted.
fn variables_in(
    machine: &Machine,
    namespace: NamespaceId,
    pattern: &Pattern,
    names: &mut Names,
    (which, wanted): (Which, impl Fn(&VarCell) -> bool),
) {
    let ns = machine.namespace(namespace);
    let is_link = |name: &Value| which != Which::Constants && ns.links.contains(name);
    let found = pattern.found(&ns.variables).into_iter();
    let wanted =
        found.filter(|(name, link)| link.cell_rc().is_some_and(|cell| wanted(&cell) || is_link(name)));
    names.add_table(wanted.map(|(name, _)| pattern.shown(machine, name)));
}

fn has_value(cell: &VarCell) -> bool {
    cell.tag() != crate::value::Tag::Unset
}

/// Which variables of a procedure are listed.
#[derive(Clone, Copy, PartialEq)]
enum Which {
    Own,
    All,
    Constants,
}

/// Adds the variables of the procedure whose frame is `vars`.
fn local_variables(machine: &Machine, vars: u32, pattern: &Pattern, names: &mut Names, which: Which) {
    let frame = &machine.context().frames[vars as usize];
    let extra = frame.extra.as_deref();
    let unit = frame.unit.as_ref().expect("a procedure's frame has code");
    for (register, name) in unit.local_names.iter().enumerate() {
        if !pattern.matches(name) {
            continue;
        }
        let held = &machine.context().registers[frame.base as usize + register];
        let listed = match held.cell_rc() {
            None => which != Which::Constants && !held.is_unset(),
            Some(cell) => {
                let own = extra.is_some_and(|extra| extra.owned.contains(&(register as u16)));
                match which {
                    Which::Own => own && has_value(&cell),
                    Which::All => !own || has_value(&cell),
                    Which::Constants => cell.is_const(),
                }
            }
        };
        if listed {
            names.add(name.clone());
        }
    }
    if which != Which::Own {
        let declared = machine.declared_names(vars, which == Which::Constants);
        declared.into_iter().filter(|name| pattern.matches(name)).for_each(|name| names.add(name));
    }
    let Some(extra) = extra else {
        return;
    };
    for (name, link) in pattern.found(&extra.variables) {
        let own = !extra.links.contains(name);
        let Some(cell) = link.cell_rc() else { continue };
        let listed = match which {
            Which::Own => own && has_value(&cell),
            Which::All => !own || has_value(&cell),
            Which::Constants => cell.is_const(),
        };
        if listed {
            names.add(name.clone());
        }
    }
}

/// Whether the running code has a procedure's variables.
fn in_procedure(machine: &Machine) -> bool {
    machine.context().frames[machine.vars() as usize].kind == FrameKind::Procedure
}

fn list_variables(machine: &mut Machine, args: &Args, which: Which, wanted: fn(&VarCell) -> bool) -> Outcome {
    let mut names = Names::default();
    let Some(pattern) = Pattern::new(machine, args.get(1)) else {
        return names.done();
    };
    if pattern.namespace.is_none() && in_procedure(machine) {
        local_variables(machine, machine.vars(), &pattern, &mut names, which);
        return names.done();
    }
    let here = machine.namespace_id();
    variables_in(machine, pattern.namespace.unwrap_or(here), &pattern, &mut names, (which, wanted));
    if pattern.namespace.is_none() && machine.mode() == tclring_compiler::Mode::Tcl86 {
        variables_in(machine, machine.global(), &pattern, &mut names, (which, wanted));
    }
    names.done()
}

pub(super) fn vars(machine: &mut Machine, args: Args) -> Outcome {
    list_variables(machine, &args, Which::All, |cell| has_value(cell) || cell.is_declared())
}

pub(super) fn consts(machine: &mut Machine, args: Args) -> Outcome {
    list_variables(machine, &args, Which::Constants, VarCell::is_const)
}

pub(super) fn locals(machine: &mut Machine, args: Args) -> Outcome {
    let mut names = Names::default();
    if in_procedure(machine) {
        let pattern = Pattern::simple(args.get(1));
        local_variables(machine, machine.vars(), &pattern, &mut names, Which::Own);
    }
    names.done()
}

pub(super) fn globals(machine: &mut Machine, args: Args) -> Outcome {
    let mut names = Names::default();
    let simple = args.get(1).map(|pattern| {
        // Leading colons say what is meant anyway.
        let text = pattern.text();
        let colons =
            if text.starts_with(b"::") { text.iter().take_while(|b| **b == b':').count() } else { 0 };
        Value::text_of(&text[colons..])
    });
    let pattern = Pattern::simple(simple.as_ref());
    variables_in(machine, machine.global(), &pattern, &mut names, (Which::All, has_value));
    names.done()
}
