//! `info`: what an interpreter knows about itself.
//!
//! Facts about the process come from [`ProcessFacts`], which the runtime fills in.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::info_names as names;
use crate::error;
use crate::interp::command::{CommandKind, Outcome, Proc, row};
use crate::interp::exception::Exception;
use crate::interp::{Args, CommandRow, EnsembleRow, Machine, Step, pending};
use crate::oo::Form;
use crate::value::Value;

/// The ensemble of this file.
pub const ENSEMBLE: EnsembleRow = EnsembleRow { name: "info", rows: ROWS, safe: true };

const fn unsafe_row(row: CommandRow) -> CommandRow {
    CommandRow { safe: false, ..row }
}

const ROWS: &[CommandRow] = &[
    row("info args", "procname", (1, 1), "Lists the parameters of a procedure.", args_command),
    row("info body", "procname", (1, 1), "Answers the body of a procedure.", body),
    row("info cmdcount", "", (0, 0), "Answers how many commands have run.", cmdcount),
    unsafe_row(row(
        "info cmdtype",
        "commandName",
        (1, 1),
        "Answers what kind of command a name means.",
        cmdtype,
    )),
    row("info commands", "?pattern?", (0, 1), "Lists commands.", names::commands),
    row("info complete", "command", (1, 1), "Answers whether a script has no open ends.", complete),
    row("info constant", "varName", (1, 1), "Answers whether a variable is a constant.", constant),
    row("info consts", "?pattern?", (0, 1), "Lists constants.", names::consts),
    row("info coroutine", "", (0, 0), "Answers the name of the running coroutine.", coroutine),
    row("info default", "procname arg varname", (3, 3), "Tells about the default of a parameter.", default),
    row("info errorstack", "?interp?", (0, 1), "Answers the calls that led to the last error.", errorstack),
    row("info exists", "varName", (1, 1), "Answers whether a variable has a value.", exists),
    row("info frame", "?number?", (0, 1), "Tells where a frame stands.", super::info_frame::frame),
    row("info functions", "?pattern?", (0, 1), "Lists functions of expressions.", names::functions),
    row("info globals", "?pattern?", (0, 1), "Lists global variables.", names::globals),
    row("info hostname", "", (0, 0), "Answers the name of this machine.", hostname),
    row("info level", "?number?", (0, 1), "Answers a level, or the words that opened it.", level),
    row("info library", "", (0, 0), "Answers where the script library is.", |m, _| library(m)),
    row("info loaded", "?interp? ?prefix?", (0, 2), "Lists loaded libraries.", loaded),
    row("info locals", "?pattern?", (0, 1), "Lists local variables.", names::locals),
    unsafe_row(row(
        "info nameofexecutable",
        "",
        (0, 0),
        "Answers the path of the program.",
        nameofexecutable,
    )),
    row("info patchlevel", "", (0, 0), "Answers the exact version.", |m, _| version(m, "tcl_patchLevel")),
    row("info procs", "?pattern?", (0, 1), "Lists procedures.", names::procs),
    row("info script", "?filename?", (0, 1), "Answers or sets the file being sourced.", script),
    row("info sharedlibextension", "", (0, 0), "Answers the ending of shared libraries.", |_, _| {
        Ok(Step::Done(Value::from(".so")))
    }),
    row("info tclversion", "", (0, 0), "Answers the version.", |m, _| version(m, "tcl_version")),
    row("info vars", "?pattern?", (0, 1), "Lists variables.", names::vars),
];

/// What `info` tells about the process. The runtime sets it in the machine's caches.
#[derive(Default)]
pub struct ProcessFacts {
    /// The path of the program; empty if it is not known.
    pub executable: Value,
    /// Asks for the name of this machine; none answers the empty string.
    pub host_name: Option<fn() -> Vec<u8>>,
}

/// The procedure that a word names, imports followed.
fn procedure(machine: &Machine, name: &Value) -> Result<Rc<Proc>, Exception> {
    let here = machine.namespace_id();
    let found = machine.find_command(&name.text(), here).map(|id| machine.original_command(id));
    match found.and_then(|id| machine.commands.get(id)).map(|command| &command.kind) {
        Some(CommandKind::Proc(procedure)) => Ok(Rc::clone(procedure)),
        _ => Err(error!("\"", name, "\" isn't a procedure"; "TCL", "LOOKUP", "PROCEDURE", name.text())),
    }
}

fn args_command(machine: &mut Machine, args: Args) -> Outcome {
    let procedure = procedure(machine, &args[1])?;
    Ok(Step::Done(Value::list(procedure.params.iter().map(|param| param.name.clone()).collect())))
}

fn body(machine: &mut Machine, args: Args) -> Outcome {
    let procedure = procedure(machine, &args[1])?;
    Ok(Step::Done(Value::text_of(&procedure.body.text())))
}

fn default(machine: &mut Machine, args: Args) -> Outcome {
    let procedure = procedure(machine, &args[1])?;
    let Some(param) = procedure.params.iter().find(|param| param.name == args[2]) else {
        return Err(error!("procedure \"", &args[1], "\" doesn't have an argument \"", &args[2], "\"";
            "TCL", "LOOKUP", "ARGUMENT", args[2].text()));
    };
    let has_default = param.default.is_some();
    let value = param.default.clone().unwrap_or_default();
    machine.write_then(&args[3], value, move |_, _| Ok(Step::Done(Value::bool(has_default))))
}

fn cmdcount(machine: &mut Machine, _args: Args) -> Outcome {
    let here = machine.current();
    // While commands are counted this one is counted already.
    let is_counted = machine.pending.load(Ordering::Relaxed) & pending::COUNT != 0;
    let interp = machine.interp_mut(here);
    interp.command_count += u64::from(!is_counted);
    Ok(Step::Done(Value::int(interp.command_count.cast_signed())))
}

fn cmdtype(machine: &mut Machine, args: Args) -> Outcome {
    let here = machine.namespace_id();
    let Some(id) = machine.find_command(&args[1].text(), here) else {
        return Err(error!("unknown command \"", &args[1], "\""; "TCL", "LOOKUP", "COMMAND", args[1].text()));
    };
    let kind = match &machine.command(id).kind {
        CommandKind::Native(_) => "native",
        CommandKind::Proc(_) => "proc",
        CommandKind::Ensemble(_) => "ensemble",
        CommandKind::Import(_) => "import",
        CommandKind::Alias(_) => "alias",
        CommandKind::Coroutine(_) => "coroutine",
        CommandKind::Child(_) => "interp",
        CommandKind::Object(_, Form::Public) => "object",
        CommandKind::Object(..) => "privateObject",
        CommandKind::Custom(custom) => custom.kind(),
    };
    Ok(Step::Done(Value::from(kind)))
}

fn complete(machine: &mut Machine, args: Args) -> Outcome {
    let complete = machine.is_complete(&args[1].text());
    Ok(Step::Done(Value::bool(complete)))
}

fn constant(machine: &mut Machine, args: Args) -> Outcome {
    let is_const = machine.existing_variable(&args[1]).is_some_and(|variable| {
        matches!(&variable.place, crate::interp::vars::Place::Cell(cell) if cell.is_const())
            && variable.key.is_none()
    });
    Ok(Step::Done(Value::bool(is_const)))
}

fn coroutine(machine: &mut Machine, _args: Args) -> Outcome {
    let running = machine.own_coroutine().and_then(|id| machine.coroutines.get(id));
    let name = running.map(|coroutine| machine.command_name(coroutine.command));
    Ok(Step::Done(name.map_or(Value::EMPTY, Value::text_value)))
}

fn errorstack(machine: &mut Machine, args: Args) -> Outcome {
    let interp = match args.get(1) {
        Some(path) => super::interp::find(machine, path)?,
        None => machine.current(),
    };
    Ok(Step::Done(machine.interp(interp).last_error_stack.clone()))
}

fn exists(machine: &mut Machine, args: Args) -> Outcome {
    match machine.existing_variable(&args[1]) {
        Some(variable) => machine.variable_exists(&variable),
        None => Ok(Step::Done(Value::int(0))),
    }
}

fn hostname(machine: &mut Machine, _args: Args) -> Outcome {
    let ask = machine.caches.get::<ProcessFacts>().host_name;
    Ok(Step::Done(ask.map_or(Value::EMPTY, |ask| Value::text_value(ask()))))
}

fn nameofexecutable(machine: &mut Machine, _args: Args) -> Outcome {
    Ok(Step::Done(machine.caches.get::<ProcessFacts>().executable.clone()))
}

fn loaded(machine: &mut Machine, args: Args) -> Outcome {
    if let Some(path) = args.get(1) {
        super::interp::find(machine, path)?;
    }
    Ok(Step::EMPTY)
}

/// The value of a global variable, or what stands for it.
fn library(machine: &mut Machine) -> Outcome {
    let held = machine.namespace_cell(machine.global(), &Value::from("tcl_library"), false);
    match held.map(|cell| cell.get()).filter(|value| !value.is_unset() && value.array_rc().is_none()) {
        Some(value) => Ok(Step::Done(value)),
        None => {
            Err(error!("no library has been specified for Tcl"; "TCL", "LOOKUP", "VARIABLE", "tcl_library"))
        }
    }
}

/// The value of a variable that tells of a version.
fn version(machine: &mut Machine, variable: &str) -> Outcome {
    machine.read_named(&Value::from(format!("::{variable}"))).map_err(
        |_| error!("can't read \"", variable, "\": no such variable"; "TCL", "LOOKUP", "VARNAME", variable),
    )
}

fn script(machine: &mut Machine, args: Args) -> Outcome {
    let here = machine.current();
    if let Some(name) = args.get(1) {
        machine.interp_mut(here).script_file = name.clone();
    }
    Ok(Step::Done(machine.interp(here).script_file.clone()))
}

fn level(machine: &mut Machine, args: Args) -> Outcome {
    let current = i64::from(machine.context().frames[machine.vars() as usize].level);
    let Some(word) = args.get(1) else {
        return Ok(Step::Done(Value::int(current)));
    };
    let number = i64::from(super::options::int(word, machine.mode())?);
    let wanted = if number > 0 { number } else { current + number };
    let frame = (wanted > 0 && wanted <= current)
        .then(|| machine.frame_at_level(format!("#{wanted}").as_bytes()))
        .flatten();
    let Some(frame) = frame else {
        // The reference compiles it but where it is an element of a list that is evaluated.
        let is_listed = machine.frame().then.as_ref().is_some_and(|then| then.command_list().is_some());
        let kind = if is_listed { "LEVEL" } else { "STACK_LEVEL" };
        return Err(error!("bad level \"", word, "\""; "TCL", "LOOKUP", kind, word.text()));
    };
    let words = machine.context().words_of(frame as usize);
    Ok(Step::Done(Value::list(words)))
}
