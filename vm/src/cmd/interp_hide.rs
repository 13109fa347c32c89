//! Hidden commands, and what makes an interpreter safe.

use std::rc::Rc;

use super::choice::choose;
use super::interp::{Call, denied, run_in};
use crate::error;
use crate::interp::command::{Alias, Args, CommandId, CommandKind, CustomCommand, Outcome};
use crate::interp::exception::Exception;
use crate::interp::namespace::split_qualified;
use crate::interp::{At, InterpId, Machine, Step, What};
use crate::value::Value;

/// What stands in the place of a hidden subcommand of an ensemble.
struct Forbidden {
    ensemble: String,
    subcommand: String,
}

impl CustomCommand for Forbidden {
    fn invoke(self: Rc<Self>, _machine: &mut Machine, _args: Args) -> Outcome {
        Err(
            error!("not allowed to invoke subcommand ", self.subcommand.clone(), " of ", self.ensemble.clone();
            "TCL", "SAFE", "SUBCOMMAND"),
        )
    }
}

/// Variables that tell a safe interpreter too much.
const UNSAFE_VARIABLES: &[&str] = &[
    "env",
    "tcl_library",
    "tclDefaultLibrary",
    "tcl_pkgPath",
    "auto_path",
    "argv",
    "argv0",
    "argc",
    "tcl_rcFileName",
];

/// What of `tcl_platform` tells too much.
const UNSAFE_PLATFORM: &[&str] = &["os", "osVersion", "machine", "user"];

/// What the names of commands begin with that are no part of the language.
const UNSUPPORTED: &str = "tcl::unsupported::";

/// A command that the reference does not have.
const OWN: &str = "tcl::unsupported::io";

/// Hides what safe interpreters do not have.
pub(super) fn make_safe(machine: &mut Machine, interp: InterpId) {
    let global = machine.interp(interp).global;
    let ours: Vec<CommandId> = machine
        .commands
        .ids()
        .filter(|id| {
            machine.namespaces.get(machine.command(*id).namespace).is_some_and(|ns| ns.interp == interp)
        })
        .collect();
    let mut forgotten = Vec::new();
    for id in ours {
        let command = machine.command(id);
        match &command.kind {
            CommandKind::Native(row) if !row.safe => {
                let in_global = command.namespace == global;
                let name = row.name;
                match name.split_once(' ') {
                    Some((ensemble, subcommand)) => hide_subcommand(machine, id, ensemble, subcommand),
                    None if name == OWN => forgotten.push(id),
                    None if in_global => machine.hide_command(id, &Value::from(name)),
                    None => {
                        let token = format!("tcl:{}", name.trim_start_matches("tcl::").replace("::", ":"));
                        machine.hide_command(id, &Value::from(token));
                    }
                }
            }
            CommandKind::Ensemble(ensemble) => {
                let builtin = ensemble.borrow().builtin;
                if let Some(row) = builtin.filter(|row| !row.safe) {
                    if row.name.starts_with(UNSUPPORTED) {
                        // The reference has it only where it is asked for.
                        forgotten.push(id);
                        continue;
                    }
                    machine.hide_command(id, &Value::from(row.name));
                }
            }
            _ => {}
        }
    }
    for id in forgotten {
        machine.forget_command(id);
    }
    share_clock(machine, interp);
    for name in UNSAFE_VARIABLES {
        machine.namespace_mut(global).variables.remove(&Value::from(*name));
    }
    if let Some(array) =
        machine.namespace_cell(global, &Value::from("tcl_platform"), false).and_then(|cell| cell.array())
    {
        for key in UNSAFE_PLATFORM {
            array.elements().borrow_mut().remove(&Value::from(*key));
        }
    }
    let namespace = machine.namespace_mut(global);
    namespace.variable_epoch = namespace.variable_epoch.wrapping_add(1);
}

/// The clock of a safe interpreter is its parent's: time zones are read from files.
fn share_clock(machine: &mut Machine, interp: InterpId) {
    let name = Value::from("clock");
    let global = machine.interp(interp).global;
    let Some(parent) = machine.interp(interp).parent else {
        return;
    };
    if machine.command_in(global, &name).is_none() {
        return;
    }
    let alias =
        Alias { token: name.clone().into(), target: parent, source: interp, prefix: vec![name.clone()] };
    let id = machine.create_command(global, name.clone(), CommandKind::Alias(Rc::new(alias)));
    machine.interp_mut(interp).aliases.insert(&name, Some(id));
}

fn hide_subcommand(machine: &mut Machine, id: CommandId, ensemble: &str, subcommand: &str) {
    let command = machine.command(id);
    let (namespace, name) = (command.namespace, command.name.clone());
    let ensemble_name = ensemble.strip_prefix("tcl::").unwrap_or(ensemble);
    machine.hide_command(id, &Value::from(format!("tcl:{ensemble_name}:{subcommand}")));
    let stand_in = Forbidden { ensemble: ensemble.to_owned(), subcommand: subcommand.to_owned() };
    machine.create_command(namespace, name, CommandKind::Custom(Rc::new(stand_in)));
}

impl Machine {
    /// Moves a command out of its namespace, under a token of its interpreter.
    pub fn hide_command(&mut self, id: CommandId, token: &Value) {
        let Some(command) = self.commands.get(id) else {
            return;
        };
        let (name, namespace) = (command.name.clone(), command.namespace);
        let Some(interp) = self.namespaces.get(namespace).map(|ns| ns.interp) else {
            return;
        };
        self.namespace_mut(namespace).commands.remove(&name);
        self.names_changed(&name, namespace);
        let global = self.interp(interp).global;
        let command = self.commands.get_mut(id).expect("looked at just now");
        command.hidden = true;
        command.name = token.clone();
        command.namespace = global;
        self.interp_mut(interp).hidden.insert(token, Some(id));
    }
}

fn check_token(token: &Value) -> Result<(), Exception> {
    match split_qualified(&token.text()) {
        None => Ok(()),
        Some(_) => Err(error!("cannot use namespace qualifiers in hidden command token (rename)";
            "TCL", "VALUE", "HIDDENTOKEN")),
    }
}

/// `interp hide path cmdName ?hiddenCmdName?`
pub(super) fn hide(machine: &mut Machine, call: Call) -> Outcome {
    hide_in(machine, &call).map_err(|e| moved(machine, &call, e))
}

/// The error as it comes from the interpreter that was called: its trace has begun there.
fn moved(machine: &Machine, call: &Call, mut e: Exception) -> Exception {
    if call.target != machine.current() {
        e.trace();
    }
    e
}

fn hide_in(machine: &mut Machine, call: &Call) -> Outcome {
    if machine.interp(machine.current()).safe {
        return Err(denied("permission denied: safe interpreter cannot hide commands"));
    }
    let name = &call.words[0];
    let token = call.words.get(1).unwrap_or(name);
    check_token(token)?;
    let global = machine.interp(call.target).global;
    let Some(id) = machine.find_command(&name.text(), global) else {
        return Err(error!("unknown command \"", name, "\""; "TCL", "LOOKUP", "COMMAND", name.text()));
    };
    if machine.command(id).namespace != global {
        return Err(
            error!("can only hide global namespace commands (use rename then hide)"; "TCL", "HIDE", "NON_GLOBAL"),
        );
    }
    if machine.interp(call.target).hidden.contains(token) {
        return Err(
            error!("hidden command named \"", token, "\" already exists"; "TCL", "HIDE", "ALREADY_HIDDEN"),
        );
    }
    machine.hide_command(id, token);
    Ok(Step::EMPTY)
}

/// `interp expose path hiddenCmdName ?cmdName?`
pub(super) fn expose(machine: &mut Machine, call: Call) -> Outcome {
    expose_in(machine, &call).map_err(|e| moved(machine, &call, e))
}

fn expose_in(machine: &mut Machine, call: &Call) -> Outcome {
    if machine.interp(machine.current()).safe {
        return Err(denied("permission denied: safe interpreter cannot expose commands"));
    }
    let token = &call.words[0];
    let name = call.words.get(1).unwrap_or(token);
    if split_qualified(&name.text()).is_some() {
        return Err(
            error!("cannot expose to a namespace (use expose to toplevel, then rename)"; "TCL", "EXPOSE", "NON_GLOBAL"),
        );
    }
    let Some(id) = machine.interp(call.target).hidden.get(token).copied().flatten() else {
        return Err(
            error!("unknown hidden command \"", token, "\""; "TCL", "LOOKUP", "HIDDENTOKEN", token.text()),
        );
    };
    let global = machine.interp(call.target).global;
    if machine.command_in(global, name).is_some() {
        return Err(
            error!("exposed command \"", name, "\" already exists"; "TCL", "EXPOSE", "COMMAND_EXISTS"),
        );
    }
    machine.interp_mut(call.target).hidden.remove(token);
    let command = machine.commands.get_mut(id).expect("hidden commands live");
    command.hidden = false;
    command.name = name.clone();
    machine.namespace_mut(global).commands.insert(name, Some(id));
    machine.names_changed(name, global);
    Ok(Step::EMPTY)
}

/// `interp hidden ?path?`
pub(super) fn hidden(machine: &mut Machine, call: Call) -> Outcome {
    Ok(Step::Done(machine.interp(call.target).hidden.listed_keys()))
}

/// `interp marktrusted path`
pub(super) fn marktrusted(machine: &mut Machine, call: Call) -> Outcome {
    if machine.interp(machine.current()).safe {
        return Err(denied("permission denied: safe interpreter cannot mark trusted"));
    }
    machine.interp_mut(call.target).safe = false;
    Ok(Step::EMPTY)
}

/// What comes before a hidden command that is to be invoked.
pub(super) struct HiddenOptions {
    /// Whether it is invoked at the global level.
    global: bool,
    /// The namespace it is invoked in.
    namespace: Option<Value>,
    /// Where the command's name is.
    pub at: usize,
}

/// Reads the options of `invokehidden`.
///
/// # Errors
/// There is no such option.
pub(super) fn hidden_options(words: &[Value]) -> Result<HiddenOptions, Exception> {
    let mut options = HiddenOptions { global: false, namespace: None, at: 0 };
    while let Some(word) = words.get(options.at).filter(|word| word.text().starts_with(b"-")) {
        options.at += 1;
        match choose(word, &["-global", "-namespace", "--"], "option")? {
            0 => options.global = true,
            1 => {
                // The last word is no namespace: the command is missing then.
                options.namespace = words.get(options.at).cloned();
                options.at += 1;
            }
            _ => break,
        }
    }
    Ok(options)
}

/// `interp invokehidden path ?-namespace ns? ?-global? ?--? cmd ?arg ..?`
pub(super) fn invokehidden(machine: &mut Machine, call: Call) -> Outcome {
    let HiddenOptions { global, namespace, at } = hidden_options(&call.words)?;
    let Some(token) = call.words.get(at) else {
        const USAGE: &str = "?-namespace ns? ?-global? ?--? cmd ?arg ..?";
        let by_command = call.given.len() == 2;
        let shown =
            if by_command { call.given } else { vec![Value::text_of(b"interp"), call.given[1].clone()] };
        let usage = if by_command { USAGE.to_owned() } else { format!("path {USAGE}") };
        return Err(machine.wrong_args(&shown, 2, &usage));
    };
    if machine.interp(machine.current()).safe {
        return Err(denied("not allowed to invoke hidden commands from safe interpreter"));
    }
    let place = match namespace {
        _ if global => At::Interp(call.target),
        Some(name) => {
            let home = machine.interp(call.target).global;
            At::Namespace(machine.make_namespace(&name.text(), home))
        }
        None => At::InterpHere(call.target),
    };
    let Some(id) = machine.interp(call.target).hidden.get(token).copied().flatten() else {
        let e = error!("invalid hidden command name \"", token, "\""; "TCL", "LOOKUP", "HIDDENTOKEN", token.text());
        return Err(moved(machine, &call, e));
    };
    let words = call.words[at..].to_vec();
    let shown = Value::list(words.clone());
    if call.target == machine.current() {
        // What is hidden is called by a level of its own.
        machine.levels_ahead += 1;
    }
    let outcome = run_in(machine, call.target, What::Command(id, words), place, false);
    machine.after(outcome, move |_, outcome| {
        let value = outcome.map_err(|mut e| {
            if e.error_info.as_deref() == Some(&*e.result.text()) {
                // Nothing has been said of it there.
                e.error_info = None;
            }
            e.log_command(&shown.text());
            e.logged = false;
            e
        })?;
        Ok(Step::Done(value))
    })
}
