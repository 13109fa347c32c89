//! `interp`, and the commands of child interpreters.

use super::choice::choose;
use super::eval::concat;
use super::{interp_alias as alias, interp_hide as hide, interp_limit as limit};
use crate::exec::listops::list_of;
use crate::exec::outermost::left;
use crate::interp::command::{CommandKind, Outcome};
use crate::interp::exception::{ERROR, Exception, RETURN, Raised};
use crate::interp::life::Task;
use crate::interp::{Args, At, CommandRow, InterpId, MANY, Machine, Step, What, pending};
use crate::value::Value;
use crate::{error, text};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "interp",
    usage: "cmd ?arg ...?",
    min: 1,
    max: MANY,
    safe: true,
    help: "Makes and controls interpreters.",
    run: interp,
}];

/// Something about one interpreter: its number, and the words after its name.
pub(super) struct Call {
    /// The words in front of those, as they were given.
    pub(super) given: Vec<Value>,
    /// The interpreter.
    pub(super) target: InterpId,
    /// The words after the interpreter's path or the subcommand.
    pub(super) words: Vec<Value>,
}

type SubFunction = fn(&mut Machine, Call) -> Outcome;

/// How a subcommand of `interp` names the interpreter that it is about.
#[derive(Clone, Copy, PartialEq)]
enum Path {
    /// It reads its words itself, and children's commands do not have it.
    Own,
    /// The first word, always there.
    Needed,
    /// The first word, the running interpreter without it.
    Optional,
}

/// A subcommand of `interp`, and of a child's command where it has the path in front.
struct Sub {
    name: &'static str,
    path: Path,
    usage: &'static str,
    min: usize,
    max: usize,
    run: SubFunction,
}

const fn sub(
    name: &'static str,
    path: Path,
    usage: &'static str,
    (min, max): (usize, usize),
    run: SubFunction,
) -> Sub {
    Sub { name, path, usage, min, max, run }
}

const ANY: usize = usize::MAX;

/// The subcommands in the order of messages.
const SUBS: &[Sub] = &[
    sub("alias", Path::Own, "childPath childCmd ?parentPath parentCmd? ?arg ...?", (2, ANY), alias::alias),
    sub("aliases", Path::Optional, "", (0, 0), alias::aliases),
    sub("bgerror", Path::Needed, "?cmdPrefix?", (0, 1), bgerror),
    sub("cancel", Path::Own, "?-unwind? ?--? ?path? ?result?", (0, 4), cancel),
    sub("children", Path::Optional, "", (0, 0), children),
    sub("create", Path::Own, "?-safe? ?--? ?path?", (0, ANY), create),
    sub("debug", Path::Needed, "?-frame ?bool??", (0, 2), debug),
    sub("delete", Path::Own, "?path ...?", (0, ANY), delete),
    sub("eval", Path::Needed, "arg ?arg ...?", (1, ANY), eval),
    sub("exists", Path::Own, "?path?", (0, 1), exists),
    sub("expose", Path::Needed, "hiddenCmdName ?cmdName?", (1, 2), hide::expose),
    sub("hide", Path::Needed, "cmdName ?hiddenCmdName?", (1, 2), hide::hide),
    sub("hidden", Path::Optional, "", (0, 0), hide::hidden),
    sub("issafe", Path::Optional, "", (0, 0), issafe),
    sub(
        "invokehidden",
        Path::Needed,
        "?-namespace ns? ?-global? ?--? cmd ?arg ..?",
        (1, ANY),
        hide::invokehidden,
    ),
    sub("limit", Path::Needed, "limitType ?-option value ...?", (1, ANY), limit::limit),
    sub("marktrusted", Path::Needed, "", (0, 0), hide::marktrusted),
    sub("recursionlimit", Path::Needed, "?newlimit?", (0, 1), limit::recursionlimit),
    sub("share", Path::Own, "srcPath channel destPath", (3, 3), |machine, call| {
        give_channel(machine, call, false)
    }),
    sub("target", Path::Own, "path alias", (2, 2), alias::target),
    sub("transfer", Path::Own, "srcPath channel destPath", (3, 3), |machine, call| {
        give_channel(machine, call, true)
    }),
];

/// The subcommands that children's commands have.
fn is_for_children(sub: &Sub) -> bool {
    sub.name == "alias" || sub.path != Path::Own && sub.name != "children"
}

/// Gives a channel of one interpreter to the one at a path; the last argument: the first one loses it.
pub type GiveChannel = fn(&mut Machine, InterpId, &Value, &Value, bool) -> Result<(), Exception>;

/// What the runtime does for interpreters. It sets this in the machine's caches.
#[derive(Default)]
pub struct InterpHooks {
    /// Runs what a new interpreter begins with (the script library), if it is not safe.
    pub initialise: Option<fn(&mut Machine, InterpId) -> Outcome>,
    /// Gives a channel of one interpreter to the one at a path; the last argument: the first one loses it.
    pub give_channel: Option<GiveChannel>,
}

fn interp(machine: &mut Machine, args: Args) -> Outcome {
    let names: Vec<&str> = SUBS.iter().map(|sub| sub.name).collect();
    let old_name = *args[1].text() == *b"slaves";
    let word = if old_name { Value::from("children") } else { args[1].clone() };
    let sub = &SUBS[choose(&word, &names, "option")?];
    let given = args.len() - 2;
    let usage = match sub.path {
        Path::Own => sub.usage.to_owned(),
        Path::Optional => "?path?".to_owned(),
        Path::Needed if sub.usage.is_empty() => "path".to_owned(),
        Path::Needed => format!("path {}", sub.usage),
    };
    let fits = match sub.path {
        Path::Own => sub.min <= given && given <= sub.max,
        Path::Optional => given <= 1,
        Path::Needed => sub.min < given && given - 1 <= sub.max,
    };
    if !fits {
        return Err(machine.wrong_args(&args, 2, &usage));
    }
    let here = machine.current();
    match sub.path {
        Path::Own => {
            (sub.run)(machine, Call { given: args[..2].to_vec(), target: here, words: args.split_off(2) })
        }
        Path::Needed | Path::Optional => {
            if sub.name == "invokehidden" {
                // The words are looked at before the interpreter.
                if hide::hidden_options(&args[3..])?.at + 3 >= args.len() {
                    return Err(machine.wrong_args(&args, 2, &usage));
                }
            }
            let target = match args.get(2) {
                Some(path) => find(machine, path)?,
                None => here,
            };
            let before = args[..args.len().min(3)].to_vec();
            let words = if given == 0 { Vec::new() } else { args.split_off(3) };
            (sub.run)(machine, Call { given: before, target, words })
        }
    }
}

/// Invokes a child interpreter's command.
pub fn invoke_child(machine: &mut Machine, child: InterpId, words: Vec<Value>) -> Outcome {
    if words.len() < 2 {
        return Err(machine.wrong_args(&words, 1, "cmd ?arg ...?"));
    }
    let subs: Vec<&Sub> = SUBS.iter().filter(|sub| is_for_children(sub)).collect();
    let names: Vec<&str> = subs.iter().map(|sub| sub.name).collect();
    let sub = subs[choose(&words[1], &names, "option")?];
    let given = words.len() - 2;
    if sub.name == "alias" {
        if given == 0 {
            return Err(machine.wrong_args(&words, 2, "aliasName ?targetName? ?arg ...?"));
        }
        return alias::of_child(machine, child, &words[2..]);
    }
    if given < sub.min || given > sub.max {
        return Err(machine.wrong_args(&words, 2, sub.usage));
    }
    (sub.run)(machine, Call { given: words[..2].to_vec(), target: child, words: words[2..].to_vec() })
}

/// The interpreter that a path means, seen from the running one.
///
/// # Errors
/// `could not find interpreter "…"`.
pub fn find(machine: &Machine, path: &Value) -> Result<InterpId, Exception> {
    let mut at = machine.current();
    for name in list_of(path)?.items() {
        let child = machine.interp(at).children.get(name).copied().flatten();
        at = child.ok_or_else(
            || error!("could not find interpreter \"", path, "\""; "TCL", "LOOKUP", "INTERP", path.text()),
        )?;
    }
    Ok(at)
}

/// The path from the running interpreter to one below it; none if it is not below it.
pub(super) fn path_to(machine: &Machine, interp: InterpId) -> Option<Value> {
    let mut names = Vec::new();
    let mut at = interp;
    while at != machine.current() {
        let entry = machine.interps.get(at)?;
        names.push(entry.name.clone());
        at = entry.parent?;
    }
    names.reverse();
    Some(Value::list(names))
}

/// The error of what safe interpreters may not do.
pub(super) fn denied(message: &str) -> Exception {
    error!(message; "TCL", "OPERATION", "INTERP", "UNSAFE")
}

/// Runs something in another interpreter (or this one), then comes back; `is_eval`: as a script of its own.
pub(crate) fn run_in(machine: &mut Machine, target: InterpId, what: What, at: At, is_eval: bool) -> Outcome {
    let here = machine.current();
    if machine.interp(target).dying {
        let mut exception = machine.deleted_interp();
        exception.uncatchable = false;
        return Err(exception);
    }
    if target != here
        && is_eval
        && let Some(exception) = machine.cancellation(target)
    {
        // It was cancelled before it ran.
        return Err(crossed(exception));
    }
    let outermost = is_eval && !machine.interp_in_use(target) && target != here;
    if is_eval && target != here {
        machine.interp_mut(target).allows_codes = true;
    }
    // A script's commands count when they run.
    if target != here
        && !is_eval
        && let Some(callback) = machine.count_command(target).map_err(catchable)?
    {
        let step = Ok(callback);
        return machine.after(step, move |machine, outcome| {
            outcome?;
            run_in(machine, target, what, at, is_eval)
        });
    }
    Ok(Step::run(what, at, move |machine, outcome| {
        let came = outcome.map(Step::Done).or_else(|exception| {
            let mut exception = if target == here { exception } else { crossed(exception) };
            if target != here && exception.code == ERROR && machine.interps.get(target).is_some() {
                let is_begun = exception.error_info.is_some();
                machine.publish_error_in(target, &mut exception);
                exception.error_info = exception.error_info.filter(|_| is_begun);
            }
            if target != here {
                machine.tell_of_last_line(target, &mut exception);
            }
            // Where nothing has been told yet, it is not told how far the script had come.
            let is_told = exception.code != RETURN || exception.error_info.is_some();
            let mut left = if outermost { left_interp(exception) } else { Err(exception) };
            if target != here
                && let Err(exception) = &mut left
            {
                exception.append_options();
                if is_eval
                    && is_told
                    && exception.code == ERROR
                    && exception.error_line > 1
                    && !exception.left_out
                {
                    let line = exception.error_line;
                    exception.add_info(&text!["\n    (\"interp eval\" body line ", line, ")"]);
                }
            }
            left
        });
        match machine.interps.get(here) {
            Some(interp) if interp.cancelled.is_some() => match machine.interruption() {
                Some(exception) => Err(exception),
                None => came,
            },
            _ => came,
        }
    }))
}

impl Machine {
    /// A `return` that leaves an interpreter's script tells of no line; the reference shows the last one it knew of.
    fn tell_of_last_line(&self, target: InterpId, exception: &mut Exception) {
        let is_given = |exception: &Exception| {
            exception.other_options.iter().any(|(key, _)| *key.text() == *b"-errorline")
        };
        if exception.code == RETURN
            && !is_given(exception)
            && let Some(interp) = self.interps.get(target)
        {
            exception.error_line = interp.last_error_line;
        }
    }
}

fn catchable(mut exception: Exception) -> Exception {
    exception.uncatchable = false;
    exception
}

/// An exception that comes from another interpreter: it can be caught here, and its trace is begun.
fn crossed(exception: Exception) -> Exception {
    let mut exception = catchable(exception);
    if exception.code == ERROR {
        if list_of(&exception.error_code()).is_err() {
            // Such a code does not get across, and takes the trace with it.
            exception = exception.with_code(&["TCL", "RESULT", "ILLEGAL_ERRORCODE"]);
            exception.error_info = None;
            exception.error_line = 1;
            exception.logged = false;
            return exception;
        }
        exception.trace();
        exception.logged = false;
    }
    exception
}

/// What `return` in a script that is the outermost of its interpreter comes to.
fn left_interp(exception: Exception) -> Outcome {
    let returned = exception.code == RETURN;
    left(exception).map(Step::Done).map_err(|mut exception| {
        if returned && exception.code == ERROR && !exception.result.is_empty() {
            exception.trace();
        }
        exception
    })
}

fn eval(machine: &mut Machine, mut call: Call) -> Outcome {
    let script = if call.words.len() == 1 { call.words.swap_remove(0) } else { concat(&call.words) };
    run_in(machine, call.target, What::Script(script), At::InterpHere(call.target), true)
}

fn bgerror(machine: &mut Machine, call: Call) -> Outcome {
    if let Some(prefix) = call.words.first() {
        if !list_of(prefix).is_ok_and(|list| !list.items().is_empty()) {
            return Err(
                error!("cmdPrefix must be list of length >= 1"; "TCL", "OPERATION", "INTERP", "BGERRORFORMAT"),
            );
        }
        machine.interp_mut(call.target).background_error = Some(prefix.clone());
    }
    let handler = machine.interp(call.target).background_error.clone();
    Ok(Step::Done(handler.unwrap_or_else(|| Value::from("::tcl::Bgerror"))))
}

fn cancel(machine: &mut Machine, call: Call) -> Outcome {
    let mut unwinds = false;
    let mut words = call.words.as_slice();
    while let [first, rest @ ..] = words {
        if !first.text().starts_with(b"-") {
            break;
        }
        words = rest;
        match choose(first, &["-unwind", "--"], "option")? {
            0 => unwinds = true,
            _ => break,
        }
    }
    if words.len() > 2 {
        return Err(
            error!("wrong # args: should be \"interp cancel ?-unwind? ?--? ?path? ?result?\""; "TCL", "WRONGARGS"),
        );
    }
    let target = match words.first() {
        Some(path) => find(machine, path)?,
        None => machine.current(),
    };
    let message = words.get(1).cloned().unwrap_or_default();
    let mut below = vec![target];
    while let Some(interp) = below.pop() {
        below.extend(machine.interp(interp).children.values().flatten());
        machine.interp_mut(interp).cancelled = Some((message.clone(), unwinds));
    }
    machine.set_pending(pending::INTERRUPT);
    match machine.interruption() {
        Some(exception) => Err(exception),
        None => Ok(Step::EMPTY),
    }
}

fn children(machine: &mut Machine, call: Call) -> Outcome {
    Ok(Step::Done(machine.interp(call.target).children.listed_keys()))
}

fn create(machine: &mut Machine, call: Call) -> Outcome {
    let mut safe = machine.interp(call.target).safe;
    let mut path = None;
    let mut options = true;
    for word in call.words {
        let is_option = options && word.text().starts_with(b"-");
        if is_option && choose(&word, &["-safe", "--"], "option")? == 0 {
            safe = true;
        } else if path.is_some() {
            // Not even `--` may follow the path.
            return Err(
                error!("wrong # args: should be \"interp create ?-safe? ?--? ?path?\""; "TCL", "WRONGARGS"),
            );
        } else if is_option {
            options = false;
        } else {
            path = Some(word);
        }
    }
    let path = path.unwrap_or_else(|| unused_name(machine));
    let words = list_of(&path)?;
    // An empty path is the name of a child here, too.
    let unnamed = Value::EMPTY;
    let (name, parents) = words.items().split_last().unwrap_or((&unnamed, &[]));
    let parent = find(machine, &Value::list(parents.to_vec()))?;
    safe |= machine.interp(parent).safe;
    let global = machine.interp(parent).global;
    if machine.interp(parent).children.contains(name) {
        return Err(error!("interpreter named \"", name, "\" already exists, cannot create"));
    }
    let child = machine.new_child(parent, name.clone(), safe);
    let (home, tail) = match crate::interp::namespace::split_qualified(&name.text()) {
        None => (global, name.clone()),
        Some((head, tail)) => (machine.make_namespace(head, global), Value::text_of(tail)),
    };
    let command = machine.create_command(home, tail, CommandKind::Child(child));
    machine.interp_mut(child).command = command;
    let initialise = machine.caches.get::<InterpHooks>().initialise.filter(|_| !safe);
    let outcome = initialise.map_or(Ok(Step::EMPTY), |initialise| initialise(machine, child));
    machine.after(outcome, move |machine, outcome| match outcome {
        Ok(_) => Ok(Step::Done(path)),
        Err(exception) => {
            machine.end_interp(child);
            Err(crossed(exception))
        }
    })
}

fn unused_name(machine: &Machine) -> Value {
    let here = machine.namespace_id();
    let mut number = 0u64;
    loop {
        let name = format!("interp{number}");
        if machine.find_command(name.as_bytes(), here).is_none() {
            return Value::from(name);
        }
        number += 1;
    }
}

impl Machine {
    /// A new interpreter below `parent` with the core commands and what the runtime adds; its command is not made.
    pub fn new_child(&mut self, parent: InterpId, name: Value, safe: bool) -> InterpId {
        let mode = self.interp(parent).mode;
        let limit = self.interp(parent).recursion_limit;
        let child = self.new_interp(Some(parent), name.clone(), mode);
        self.interp_mut(parent).children.insert(&name, Some(child));
        self.interp_mut(child).recursion_limit = limit;
        self.interp_mut(child).safe = safe;
        self.inherit_limits(parent, child);
        crate::cmd::register_core(self, child);
        for hook in self.on_interp_made.clone() {
            hook(self, child);
        }
        if safe {
            hide::make_safe(self, child);
        }
        child
    }
}

fn debug(machine: &mut Machine, call: Call) -> Outcome {
    let frame = machine.interp(call.target).debug_frame;
    let Some(option) = call.words.first() else {
        return Ok(Step::Done(Value::list(vec![Value::from("-frame"), Value::bool(frame)])));
    };
    choose(option, &["-frame"], "debug option")?;
    let on = match call.words.get(1) {
        // What was turned on stays on.
        Some(word) => frame | crate::arith::truth(word, machine.mode())?,
        None => frame,
    };
    machine.interp_mut(call.target).debug_frame = on;
    Ok(Step::Done(Value::bool(on)))
}

fn delete(machine: &mut Machine, call: Call) -> Outcome {
    let mut tasks = Vec::new();
    let mut failed = None;
    for path in &call.words {
        match find(machine, path) {
            Ok(found) if found == machine.current() => {
                failed = Some(
                    error!("cannot delete the current interpreter"; "TCL", "OPERATION", "INTERP", "DELETESELF"),
                );
            }
            Ok(found) => {
                let command = machine.interp(found).command;
                tasks.push(if machine.commands.get(command).is_some() {
                    Task::Command(command)
                } else {
                    Task::Interp(found)
                });
            }
            Err(e) => failed = Some(e),
        }
        if failed.is_some() {
            break;
        }
    }
    let outcome = machine.demolish(tasks);
    match failed {
        None => outcome,
        Some(exception) => machine.after(outcome, move |_, _| Err(exception)),
    }
}

fn exists(machine: &mut Machine, call: Call) -> Outcome {
    let found = call.words.first().is_none_or(|path| find(machine, path).is_ok());
    Ok(Step::Done(Value::bool(found)))
}

fn issafe(machine: &mut Machine, call: Call) -> Outcome {
    Ok(Step::Done(Value::bool(machine.interp(call.target).safe)))
}

fn give_channel(machine: &mut Machine, call: Call, moves: bool) -> Outcome {
    let from = find(machine, &call.words[0])?;
    let channel = &call.words[1];
    match machine.caches.get::<InterpHooks>().give_channel {
        Some(give) => give(machine, from, channel, &call.words[2], moves).map(|()| Step::EMPTY),
        None => Err(Raised::error(crate::text!["can not find channel named \"", channel, "\""])
            .with_code(&[b"TCL".as_slice(), b"LOOKUP", b"CHANNEL", &channel.text()])),
    }
}

/// Makes an alias in the running interpreter for a command of its own.
pub(crate) fn make_alias(machine: &mut Machine, name: &Value, prefix: &[Value]) -> Outcome {
    let here = machine.current();
    super::interp_alias::create(machine, here, name, here, prefix)
}
