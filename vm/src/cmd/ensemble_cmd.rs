//! `namespace ensemble`: making, configuring and asking about ensembles.

use std::cell::RefCell;
use std::rc::Rc;

use super::choice::choose;
use crate::error;
use crate::exec::listops::{dict_of, list_of};
use crate::interp::command::{CommandId, CommandKind, Outcome};
use crate::interp::ensemble::Ensemble;
use crate::interp::exception::Exception;
use crate::interp::namespace::NamespaceId;
use crate::interp::{Args, Machine, Step};
use crate::text;
use crate::value::{Dict, Value};

const CREATE_OPTIONS: &[&str] = &["-command", "-map", "-parameters", "-prefixes", "-subcommands", "-unknown"];
const CONFIGURE_OPTIONS: &[&str] =
    &["-map", "-namespace", "-parameters", "-prefixes", "-subcommands", "-unknown"];

/// `namespace ensemble subcommand ?arg ...?`
pub(super) fn ensemble(machine: &mut Machine, args: Args) -> Outcome {
    match choose(&args[1], &["configure", "create", "exists"], "subcommand")? {
        0 => configure(machine, &args),
        1 => create(machine, &args),
        _ => exists(machine, &args),
    }
}

fn wrong(machine: &mut Machine, usage: &str) -> Exception {
    machine.rewrite = None;
    error!("wrong # args: should be \"namespace ensemble ", usage, "\""; "TCL", "WRONGARGS")
}

/// Options as they are given, checked, to be applied together.
#[derive(Default)]
struct Settings {
    map: Option<Dict>,
    subcommands: Option<Value>,
    parameters: Option<Vec<Value>>,
    prefixes: Option<bool>,
    unknown: Option<Value>,
}

impl Settings {
    fn read(
        &mut self,
        machine: &Machine,
        namespace: NamespaceId,
        option: &str,
        value: &Value,
    ) -> Result<(), Exception> {
        match option {
            "-map" => self.map = Some(absolute_map(machine, namespace, value)?),
            "-subcommands" => {
                list_of(value)?;
                self.subcommands = Some(value.clone());
            }
            "-parameters" => self.parameters = Some(list_of(value)?.items().to_vec()),
            "-prefixes" => self.prefixes = Some(crate::arith::truth(value, machine.mode())?),
            _ => {
                list_of(value)?;
                self.unknown = Some(value.clone());
            }
        }
        Ok(())
    }

    fn apply(self, ensemble: &mut Ensemble) {
        if let Some(map) = self.map {
            ensemble.map = map;
        }
        if let Some(names) = self.subcommands {
            ensemble.subcommands = (!list_is_empty(&names)).then_some(names);
        }
        if let Some(parameters) = self.parameters {
            ensemble.parameters = parameters;
        }
        if let Some(prefixes) = self.prefixes {
            ensemble.prefixes = prefixes;
        }
        if let Some(unknown) = self.unknown {
            ensemble.unknown = if list_is_empty(&unknown) { Value::EMPTY } else { unknown };
        }
    }
}

fn list_is_empty(value: &Value) -> bool {
    list_of(value).is_ok_and(|list| list.items().is_empty())
}

/// The map with the first word of every target made absolute.
fn absolute_map(machine: &Machine, namespace: NamespaceId, value: &Value) -> Result<Dict, Exception> {
    let mut map = Dict::default();
    for (name, target) in dict_of(value)?.map().iter() {
        let words = list_of(target)?;
        let Some(first) = words.items().first() else {
            return Err(error!("ensemble subcommand implementations must be non-empty lists";
                "TCL", "ENSEMBLE", "EMPTY_TARGET"));
        };
        if first.text().starts_with(b"::") {
            map.insert(name, target.clone());
            continue;
        }
        let prefix = machine.namespace(namespace).prefix_of_targets();
        let mut words = words.items().to_vec();
        words[0] = Value::text_value(text![prefix, first]);
        map.insert(name, Value::list(words));
    }
    Ok(map)
}

fn create(machine: &mut Machine, args: &Args) -> Outcome {
    if !args.len().is_multiple_of(2) {
        return Err(wrong(machine, "create ?option value ...?"));
    }
    let here = machine.namespace_id();
    let mut settings = Settings::default();
    let mut name = None;
    for pair in args[2..].chunks_exact(2) {
        match CREATE_OPTIONS[choose(&pair[0], CREATE_OPTIONS, "option")?] {
            "-command" => name = Some(pair[1].clone()),
            option => settings.read(machine, here, option, &pair[1])?,
        }
    }
    let mut ensemble = Ensemble {
        namespace: here,
        map: Dict::default(),
        subcommands: None,
        parameters: Vec::new(),
        prefixes: true,
        unknown: Value::EMPTY,
        builtin: None,
        known: RefCell::default(),
    };
    settings.apply(&mut ensemble);
    let (home, tail) = match name {
        None => {
            let namespace = machine.namespace(here);
            (namespace.parent.unwrap_or(here), namespace.tail.clone())
        }
        Some(name) => match crate::interp::namespace::split_qualified(&name.text()) {
            None => (here, name.clone()),
            Some((head, tail)) => (machine.make_namespace(head, here), Value::text_of(tail)),
        },
    };
    machine.replacing_then(home, &tail.clone(), move |machine| {
        let ensemble = CommandKind::Ensemble(Rc::new(RefCell::new(ensemble)));
        let command = machine.create_command(home, tail, ensemble);
        if let Some(namespace) = machine.namespaces.get_mut(here) {
            namespace.attached.push(command);
        }
        Ok(Step::Done(Value::text_value(machine.command_name(command))))
    })
}

/// The ensemble that a word names, imports followed.
fn find(machine: &Machine, name: &Value) -> Result<(CommandId, Rc<RefCell<Ensemble>>), Exception> {
    let here = machine.namespace_id();
    let Some(found) = machine.find_command(&name.text(), here) else {
        return Err(error!("unknown command \"", name, "\""; "TCL", "LOOKUP", "COMMAND", name.text()));
    };
    let command = machine.original_command(found);
    match machine.commands.get(command).map(|c| &c.kind) {
        Some(CommandKind::Ensemble(ensemble)) => Ok((command, Rc::clone(ensemble))),
        _ => {
            Err(error!("\"", name, "\" is not an ensemble command"; "TCL", "LOOKUP", "ENSEMBLE", name.text()))
        }
    }
}

fn exists(machine: &mut Machine, args: &Args) -> Outcome {
    if args.len() != 3 {
        return Err(wrong(machine, "exists cmdname"));
    }
    Ok(Step::Done(Value::bool(find(machine, &args[2]).is_ok())))
}

fn option_value(machine: &Machine, ensemble: &Ensemble, option: &str) -> Value {
    match option {
        "-map" => Value::dict(ensemble.map.clone()),
        "-namespace" => machine.namespaces.get(ensemble.namespace).map_or(Value::EMPTY, |ns| ns.name.clone()),
        "-parameters" => Value::list(ensemble.parameters.clone()),
        "-prefixes" => Value::bool(ensemble.prefixes),
        "-subcommands" => ensemble.subcommands.clone().unwrap_or_default(),
        _ => ensemble.unknown.clone(),
    }
}

fn configure(machine: &mut Machine, args: &Args) -> Outcome {
    if args.len() < 3 || (args.len() != 4 && args.len().is_multiple_of(2)) {
        return Err(wrong(machine, "configure cmdname ?-option value ...? ?arg ...?"));
    }
    let (_, ensemble) = find(machine, &args[2])?;
    if args.len() == 4 {
        let option = CONFIGURE_OPTIONS[choose(&args[3], CONFIGURE_OPTIONS, "option")?];
        return Ok(Step::Done(option_value(machine, &ensemble.borrow(), option)));
    }
    if args.len() == 3 {
        let mut all = Vec::new();
        for option in CONFIGURE_OPTIONS {
            all.push(Value::from(*option));
            all.push(option_value(machine, &ensemble.borrow(), option));
        }
        return Ok(Step::Done(Value::list(all)));
    }
    // Targets are looked up from where they are configured.
    let namespace = machine.namespace_id();
    let mut settings = Settings::default();
    for pair in args[3..].chunks_exact(2) {
        match CONFIGURE_OPTIONS[choose(&pair[0], CONFIGURE_OPTIONS, "option")?] {
            "-namespace" => {
                return Err(error!("option -namespace is read-only"; "TCL", "ENSEMBLE", "READ_ONLY"));
            }
            option => settings.read(machine, namespace, option, &pair[1])?,
        }
    }
    let mut changed = ensemble.borrow_mut();
    settings.apply(&mut changed);
    changed.builtin = None;
    drop(changed);
    machine.all_names_changed();
    Ok(Step::EMPTY)
}
