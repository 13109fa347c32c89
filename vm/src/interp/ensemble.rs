//! Ensembles: commands whose first argument chooses another command.

use std::cell::RefCell;
use std::rc::Rc;

use super::command::{CommandId, CommandKind, Outcome};
use super::exception::Exception;
use super::namespace::NamespaceId;
use super::step::{At, Run, Step, Then, What};
use super::{EnsembleRow, Machine};
use crate::exec::listops::list_of;
use crate::exec::log_text;
use crate::value::{Dict, OrderedMap, Value};
use crate::{error, text};

/// An ensemble.
pub struct Ensemble {
    /// The namespace whose exported commands are the subcommands unless `map` or `subcommands` say otherwise.
    pub namespace: NamespaceId,
    /// Subcommands to command prefixes; empty for none.
    pub map: Dict,
    /// The names of the subcommands; `None` for what the map or the exports say.
    pub subcommands: Option<Value>,
    /// Formal parameters between the ensemble's name and the subcommand.
    pub parameters: Vec<Value>,
    /// Whether unique prefixes are accepted.
    pub prefixes: bool,
    /// The handler of unknown subcommands; empty for none.
    pub unknown: Value,
    /// The builtin that it is, as long as nobody configured it.
    pub builtin: Option<&'static EnsembleRow>,
    /// The commands that subcommands were found to be, with the machine's epoch of then.
    pub known: RefCell<OrderedMap<(u32, CommandId)>>,
}

impl Ensemble {
    /// Whether it is the builtin `name`, unchanged.
    pub fn is_builtin(&self, name: &str) -> bool {
        self.builtin.is_some_and(|row| row.name == name)
    }

    /// The subcommands with their prefixes, as they stand now.
    pub fn table(&self, machine: &Machine) -> Vec<(Value, Option<Value>)> {
        match &self.subcommands {
            Some(names) => {
                let names = list_of(names).map(|list| list.items().to_vec()).unwrap_or_default();
                names
                    .into_iter()
                    .map(|name| {
                        let target = self.map.get(&name).cloned();
                        (name, target)
                    })
                    .collect()
            }
            None if !self.map.is_empty() => {
                self.map.iter().map(|(name, target)| (name.clone(), Some(target.clone()))).collect()
            }
            None => machine.exported_commands(self.namespace).into_iter().map(|name| (name, None)).collect(),
        }
    }
}

impl Machine {
    /// The names of a namespace's commands that it exports.
    pub fn exported_commands(&self, namespace: NamespaceId) -> Vec<Value> {
        let Some(ns) = self.namespaces.get(namespace) else {
            return Vec::new();
        };
        ns.commands
            .keys()
            .filter(|name| {
                ns.exports.iter().any(|p| crate::text::glob::matches(&p.text(), &name.text(), false))
            })
            .cloned()
            .collect()
    }
}

/// Invokes the subcommand that `words` name.
pub(crate) fn dispatch(
    machine: &mut Machine,
    command: CommandId,
    ensemble: &Rc<RefCell<Ensemble>>,
    words: Vec<Value>,
) -> Outcome {
    let at = 1 + ensemble.borrow().parameters.len();
    if words.len() <= at {
        let usage: String = {
            let e = ensemble.borrow();
            let mut usage = Value::list(e.parameters.clone()).to_display();
            usage.push_str(if usage.is_empty() { "subcommand ?arg ...?" } else { " subcommand ?arg ...?" });
            usage
        };
        return Err(machine.wrong_args(&words, 1, &usage));
    }
    let mut words = words;
    let given_name = words[at].clone();
    let found = find(machine, ensemble, &mut words[at]);
    if found.is_err() {
        machine.rewrite = None;
    }
    let namespace = ensemble.borrow().namespace;
    let Some(prefix) = found? else {
        let outcome = unknown(machine, command, ensemble, words);
        if outcome.is_err() {
            machine.rewrite = None;
        }
        return outcome;
    };
    if let Some(rewrite) = &mut machine.rewrite {
        let given = match at.checked_sub(rewrite.inserted) {
            Some(after) => rewrite.original.get_mut(after + rewrite.removed),
            // It was a parameter of the ensemble around.
            None => {
                rewrite.original.iter_mut().take(rewrite.removed).skip(1).find(|word| **word == given_name)
            }
        };
        if let Some(given) = given {
            *given = words[at].clone();
        }
    }
    invoke_prefix(machine, namespace, prefix, words, at)
}

/// The short way of [`dispatch`] for a subcommand, named in full, that is a native command, if need be in an ensemble
/// in the ensemble: the command and the words to call it with, or the words as they were.
pub(crate) fn native_subcommand(
    machine: &mut Machine,
    ensemble: &Rc<RefCell<Ensemble>>,
    mut words: Vec<Value>,
) -> Result<(CommandId, Vec<Value>), Vec<Value>> {
    if machine.rewrite.is_some() {
        return Err(words);
    }
    let mut ensemble = Rc::clone(ensemble);
    let mut at = 1;
    let (command, target) = loop {
        let found = words.get(at).and_then(|name| known_target(machine, &ensemble.borrow(), name));
        let Some((command, target)) = found else { return Err(words) };
        let Some(entry) = machine.commands.get(command) else { return Err(words) };
        match &entry.kind {
            CommandKind::Native(_) => break (command, target),
            CommandKind::Ensemble(inner) if entry.traces.is_none() && machine.stepping == 0 => {
                ensemble = Rc::clone(inner);
            }
            _ => return Err(words),
        }
        at += 1;
    };
    machine.note_rewrite(&words, at + 1, 1);
    words.drain(..at);
    words[0] = target;
    Ok((command, words))
}

/// The command, and its whole name, that the subcommand `name` is if it stands in the map without further words.
fn known_target(machine: &Machine, ensemble: &Ensemble, name: &Value) -> Option<(CommandId, Value)> {
    if !ensemble.parameters.is_empty() || ensemble.subcommands.is_some() {
        return None;
    }
    let target = list_of(ensemble.map.get(name)?).ok()?;
    // Only a whole name means the same everywhere.
    let [target] = target.items() else { return None };
    if !target.text().starts_with(b"::") {
        return None;
    }
    let known = ensemble.known.borrow().get(name).copied();
    if let Some((epoch, command)) = known
        && epoch == machine.epoch
    {
        return Some((command, target.clone()));
    }
    let command = machine.find_command(&target.text(), machine.namespace_id())?;
    ensemble.known.borrow_mut().insert(name, (machine.epoch, command));
    Some((command, target.clone()))
}

/// Invokes `prefix` in the place of the ensemble's name and the subcommand; `namespace` is the ensemble's.
fn invoke_prefix(
    machine: &mut Machine,
    namespace: NamespaceId,
    prefix: Vec<Value>,
    words: Vec<Value>,
    at: usize,
) -> Outcome {
    let mut full = prefix;
    let inserted = full.len();
    machine.note_rewrite(&words, at + 1, inserted + at - 1);
    let mut words = words.into_iter();
    words.next();
    full.extend(words.by_ref().take(at - 1));
    words.next();
    full.extend(words);
    let at = At::ResolvedIn(namespace);
    Ok(Step::Run(Box::new(Run { what: What::Words(full), at, then: Then::Pass })))
}

/// The command prefix of a subcommand, whose name is completed.
fn find(
    machine: &mut Machine,
    ensemble: &Rc<RefCell<Ensemble>>,
    name: &mut Value,
) -> Result<Option<Vec<Value>>, Exception> {
    let e = ensemble.borrow();
    // The common case: a plain map, the exact name.
    if e.subcommands.is_none()
        && let Some(target) = e.map.get(name)
    {
        return Ok(Some(list_of(target)?.items().to_vec()));
    }
    let table = e.table(machine);
    let text = name.text();
    let exact = table.iter().find(|(n, _)| *n == *name);
    let chosen = match exact {
        Some(found) => Some(found),
        None if e.prefixes => {
            let mut matching = table.iter().filter(|(n, _)| n.text().starts_with(&text));
            match (matching.next(), matching.next()) {
                (Some(only), None) => Some(only),
                _ => None,
            }
        }
        None => None,
    };
    let Some((full, target)) = chosen else {
        return Ok(None);
    };
    // Messages about the number of arguments show the whole name.
    *name = full.clone();
    if let Some(target) = target {
        return Ok(Some(list_of(target)?.items().to_vec()));
    }
    if e.subcommands.is_some() {
        return Ok(Some(vec![full.clone()]));
    }
    let Some(namespace) = machine.namespaces.get(e.namespace) else {
        return Ok(Some(vec![full.clone()]));
    };
    Ok(Some(vec![Value::text_value(text![namespace.prefix_of_targets(), full])]))
}

fn unknown(
    machine: &mut Machine,
    command: CommandId,
    ensemble: &Rc<RefCell<Ensemble>>,
    words: Vec<Value>,
) -> Outcome {
    let handler = ensemble.borrow().unknown.clone();
    if handler.is_empty() {
        return Err(unknown_subcommand(machine, ensemble, &words));
    }
    let mut call = list_of(&handler)?.items().to_vec();
    call.push(Value::text_value(machine.command_name(command)));
    call.extend(words.iter().skip(1).cloned());
    let ensemble = Rc::clone(ensemble);
    let namespace = ensemble.borrow().namespace;
    let shown = Value::list(call.clone());
    Ok(Step::words_then(call, move |machine, outcome| {
        let prefix = match outcome {
            Ok(prefix) => prefix,
            Err(mut e) => {
                if e.code == crate::interp::exception::ERROR {
                    log_text(&mut e, &shown.text());
                    e.add_info(b"\n    (ensemble unknown subcommand handler)");
                } else {
                    let mut bad = error!("unknown subcommand handler returned bad code: ", code_word(e.code);
                        "TCL", "ENSEMBLE", "UNKNOWN_RESULT");
                    bad.add_info(b"\n    result of ensemble unknown subcommand handler: ");
                    bad.add_info(&shown.text());
                    return Err(bad);
                }
                return Err(e);
            }
        };
        if machine.commands.get(command).is_none() {
            let mut e = error!("unknown subcommand handler deleted its ensemble"; "TCL", "ENSEMBLE", "UNKNOWN_DELETED");
            e.add_info(b"\n    (ensemble unknown subcommand handler)");
            return Err(e);
        }
        let list = list_of(&prefix).map_err(|mut e| {
            e.add_info(b"\n    while parsing result of ensemble unknown subcommand handler");
            e
        })?;
        // The handler's level ends with that of the ensemble.
        machine.levels_ahead += 1;
        let at = 1 + ensemble.borrow().parameters.len();
        if words.len() <= at {
            // The handler gave the ensemble more parameters than there are words.
            return dispatch(machine, command, &ensemble, words);
        }
        let mut words = words;
        let prefix = match list.items() {
            [] => match find(machine, &ensemble, &mut words[at])? {
                Some(prefix) => prefix,
                None => return Err(unknown_subcommand(machine, &ensemble, &words)),
            },
            prefix => prefix.to_vec(),
        };
        invoke_prefix(machine, namespace, prefix, words, at)
    }))
}

/// The word for a completion code, its number for the unnamed ones.
pub(crate) fn code_word(code: i64) -> String {
    match code {
        0 => "ok".to_owned(),
        1 => "error".to_owned(),
        2 => "return".to_owned(),
        3 => "break".to_owned(),
        4 => "continue".to_owned(),
        n => n.to_string(),
    }
}

/// The error for a subcommand that there is not.
fn unknown_subcommand(machine: &Machine, ensemble: &Rc<RefCell<Ensemble>>, words: &[Value]) -> Exception {
    let e = ensemble.borrow();
    let name = &words[1 + e.parameters.len()];
    let table = e.table(machine);
    if table.is_empty() {
        let ns = machine.namespaces.get(e.namespace).map(|ns| ns.name.clone()).unwrap_or_default();
        return error!("unknown subcommand \"", name, "\": namespace ", ns, " does not export any commands";
            "TCL", "LOOKUP", "SUBCOMMAND", name.text());
    }
    let mut names: Vec<Vec<u8>> = table.iter().map(|(n, _)| n.to_text()).collect();
    names.sort();
    let kind = if e.prefixes { "unknown or ambiguous subcommand" } else { "unknown subcommand" };
    let shown = match names.as_slice() {
        // The reference has a comma here even between two.
        [first, second] => text![first, ", or ", second],
        _ => alternatives(&names),
    };
    error!(kind, " \"", name, "\": must be ", shown; "TCL", "LOOKUP", "SUBCOMMAND", name.text())
}

/// `a`, `a or b`, `a, b, or c`.
pub fn alternatives<T: AsRef<[u8]>>(names: &[T]) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, name) in names.iter().enumerate() {
        if i > 0 {
            let last = i + 1 == names.len();
            out.extend_from_slice(match (last, names.len()) {
                (true, 2) => b" or ",
                (true, _) => b", or ",
                _ => b", ",
            });
        }
        out.extend_from_slice(name.as_ref());
    }
    out
}

impl Machine {
    /// Registers a builtin ensemble: its rows in `::tcl::NAME`, and the ensemble itself (in `::tcl` if its
    /// name begins so). One whose name has two
    /// words is a subcommand of the ensemble that the first word names and that is registered already.
    pub fn register_ensemble(&mut self, interp: super::InterpId, row: &'static EnsembleRow) {
        let global = self.interp(interp).global;
        let path = match row.name.strip_prefix("tcl::") {
            Some(tail) => format!("::tcl::{tail}"),
            None if row.name.contains("::") => format!("::{}", row.name),
            None => format!("::tcl::{}", row.name.replace(' ', "::")),
        };
        let home = self.make_namespace(path.as_bytes(), global);
        let mut map = Dict::default();
        for sub in row.rows {
            let tail = sub.name.rsplit(' ').next().expect("a name has a last word");
            let name = Value::from(tail);
            self.create_command(home, name.clone(), CommandKind::Native(sub));
            map.insert(&name, Value::text_value(format!("{path}::{tail}").into_bytes()));
        }
        let outer = row.name.split_once(' ');
        let ensemble = Ensemble {
            namespace: home,
            map,
            subcommands: None,
            parameters: Vec::new(),
            prefixes: outer.is_none(),
            unknown: Value::EMPTY,
            builtin: Some(row),
            known: RefCell::default(),
        };
        let kind = CommandKind::Ensemble(Rc::new(RefCell::new(ensemble)));
        let Some((outer, name)) = outer else {
            let (around, name) = match row.name.rsplit_once("::") {
                Some((around, name)) => (self.make_namespace(format!("::{around}").as_bytes(), global), name),
                None => (global, row.name),
            };
            self.create_command(around, Value::from(name), kind);
            return;
        };
        let around = self.make_namespace(format!("::tcl::{outer}").as_bytes(), global);
        self.create_command(around, Value::from(name), kind);
        let outer =
            self.command_in(global, &Value::from(outer)).expect("the outer ensemble is registered first");
        if let CommandKind::Ensemble(outer) = &self.command(outer).kind {
            outer.borrow_mut().map.insert(&Value::from(name), Value::text_value(path.into_bytes()));
        }
    }

    /// Registers builtin commands, the global ones in the order of their names: `info commands` shows the order where
    /// names share a bucket of the reference's hash table.
    pub fn register_commands(&mut self, interp: super::InterpId, tables: &[&'static [super::CommandRow]]) {
        let global = self.interp(interp).global;
        let mut rows: Vec<&'static super::CommandRow> = tables.iter().copied().flatten().collect();
        rows.sort_by_key(|row| if row.name.contains("::") { "" } else { row.name });
        for row in rows {
            let (namespace, name) = match row.name.rsplit_once("::") {
                Some((head, tail)) => (self.make_namespace(format!("::{head}").as_bytes(), global), tail),
                None => (global, row.name),
            };
            self.create_command(namespace, Value::from(name), CommandKind::Native(row));
        }
    }
}
