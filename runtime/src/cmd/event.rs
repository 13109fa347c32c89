//! The event loop's commands: `after vwait update`.

use std::cell::Cell;
use std::rc::Rc;

use tclring_vm::cmd::choice::choose;
use tclring_vm::cmd::eval::concat;
use tclring_vm::cmd::options::integer;
use tclring_vm::error;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::vars::variable_error;
use tclring_vm::interp::{Args, CommandRow, InterpId, MANY, Machine, Outcome, Step};
use tclring_vm::value::Value;

use super::channel::row;
use super::words::channel;
use crate::event::reactor::reactor;
use crate::event::timers::{Due, Timers};
use crate::event::wait::{Condition, Subject, Vwait, Wait};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    row("after", "option ?arg ...?", 1, MANY, "Runs a script later, or waits.", after),
    row("update", "?idletasks?", 0, 1, "Handles the events that are there.", update),
    row("vwait", "?options? ?varName ...?", 0, MANY, "Handles events until a variable is written.", vwait),
];

const NS_PER_MS: u64 = 1_000_000;

fn after(machine: &mut Machine, mut args: Args) -> Outcome {
    let mode = machine.mode();
    if let Some(ms) = args[1].to_i64(mode) {
        let delay = u64::try_from(ms).unwrap_or(0).saturating_mul(NS_PER_MS);
        let interp = machine.current();
        let reactor = reactor(machine);
        let due = reactor.driver.now().saturating_add(delay);
        if args.len() == 2 {
            return Ok(Step::block(Wait::Sleep(due), |_, outcome| outcome.map(Step::Done)));
        }
        let script = if args.len() == 3 { args.take(2) } else { concat(&args[2..]) };
        let number = reactor.timers.add(interp, script, Due::At(due));
        return Ok(Step::Done(identifier(number)));
    }
    let word = args[1].clone();
    let Ok(option) = choose(&word, &["cancel", "idle", "info"], "argument") else {
        let kind = if word.is_empty() { "ambiguous" } else { "bad" };
        return Err(error!(kind, " argument \"", &word, "\": must be cancel, idle, info, or an integer";
            "TCL", "LOOKUP", "INDEX", "argument", word.text()));
    };
    match option {
        0 if args.len() < 3 => Err(machine.wrong_args(&args, 2, "id|command")),
        0 => cancel(machine, &args),
        1 if args.len() < 3 => Err(machine.wrong_args(&args, 2, "script ?script ...?")),
        1 => {
            let script = if args.len() == 3 { args.take(2) } else { concat(&args[2..]) };
            let interp = machine.current();
            let number = reactor(machine).timers.add(interp, script, Due::Idle);
            Ok(Step::Done(identifier(number)))
        }
        _ if args.len() > 3 => Err(machine.wrong_args(&args, 2, "?id?")),
        _ => info(machine, args.get(2)),
    }
}

fn identifier(number: u64) -> Value {
    Value::text_value(format!("after#{number}").into_bytes())
}

/// The number of the interpreter's callback that `id` names.
fn number_of(timers: &Timers, interp: InterpId, id: &Value) -> Option<u64> {
    let text = id.text();
    let digits = std::str::from_utf8(text.strip_prefix(b"after#")?).ok()?;
    let number: u64 = digits.parse().ok()?;
    timers.afters.get(&number).filter(|after| after.interp == interp).map(|_| number)
}

fn cancel(machine: &mut Machine, args: &[Value]) -> Outcome {
    let interp = machine.current();
    let script = if args.len() == 3 { args[2].clone() } else { concat(&args[2..]) };
    let timers = &mut reactor(machine).timers;
    let mut number = number_of(timers, interp, &script);
    if number.is_none() {
        let text = script.text();
        let mut newest_first = timers.afters.iter().rev();
        number = newest_first
            .find(|(_, after)| after.interp == interp && *after.script.text() == *text)
            .map(|(number, _)| *number);
    }
    if let Some(number) = number {
        timers.remove(number);
    }
    Ok(Step::EMPTY)
}

fn info(machine: &mut Machine, id: Option<&Value>) -> Outcome {
    let interp = machine.current();
    let timers = &reactor(machine).timers;
    let Some(id) = id else {
        let newest_first = timers.afters.iter().rev().filter(|(_, after)| after.interp == interp);
        return Ok(Step::Done(Value::list(newest_first.map(|(number, _)| identifier(*number)).collect())));
    };
    let found = number_of(timers, interp, id).and_then(|number| timers.afters.get(&number));
    match found {
        Some(after) => {
            let kind = if after.due == Due::Idle { "idle" } else { "timer" };
            Ok(Step::Done(Value::list(vec![after.script.clone(), Value::from(kind)])))
        }
        None => Err(error!("event \"", id, "\" doesn't exist"; "TCL", "LOOKUP", "EVENT", id.text())),
    }
}

fn update(machine: &mut Machine, args: Args) -> Outcome {
    let _ = &machine;
    let idle_only = match args.get(1) {
        Some(word) => {
            choose(word, &["idletasks"], "option")?;
            true
        }
        None => false,
    };
    Ok(Step::block(Wait::Update(idle_only), |_, outcome| outcome.map(Step::Done)))
}

const VWAIT_OPTIONS: [&str; 11] = [
    "-all",
    "-extended",
    "-nofileevents",
    "-noidleevents",
    "-notimerevents",
    "-nowindowevents",
    "-readable",
    "-timeout",
    "-variable",
    "-writable",
    "--",
];

fn vwait(machine: &mut Machine, args: Args) -> Outcome {
    let mut wait = Vwait::default();
    let names = if args.len() == 2 && *args[1].text() != *b"--" {
        &args[1..]
    } else {
        options(machine, &mut wait, &args)?
    };
    for name in names {
        let condition = variable_condition(machine, name)?;
        wait.conditions.push(condition);
    }
    Ok(Step::block(Wait::Vwait(Box::new(wait)), |_, outcome| outcome.map(Step::Done)))
}

/// Reads the options: the names of variables that follow them.
fn options<'a>(machine: &mut Machine, wait: &mut Vwait, args: &'a Args) -> Result<&'a [Value], Exception> {
    let mut at = 1;
    while let Some(word) = args.get(at) {
        if !word.text().starts_with(b"-") {
            break;
        }
        let option = choose(word, &VWAIT_OPTIONS, "option")?;
        at += 1;
        match VWAIT_OPTIONS[option] {
            "--" => break,
            "-all" => wait.all = true,
            "-extended" => wait.extended = true,
            "-nofileevents" => wait.kinds.files = false,
            "-noidleevents" => wait.kinds.idle = false,
            "-notimerevents" => wait.kinds.timers = false,
            "-nowindowevents" => {}
            with_value => {
                let Some(value) = args.get(at) else {
                    return Err(
                        error!("argument required for \"", with_value, "\""; "TCL", "EVENT", "ARGUMENT"),
                    );
                };
                at += 1;
                option_with_value(machine, wait, with_value, value)?;
            }
        }
    }
    if wait.deadline_ns.is_some() && !wait.kinds.timers {
        return Err(error!("timer events disabled with timeout specified"; "TCL", "EVENT", "NO_TIME"));
    }
    let waits_for_channel =
        wait.conditions.iter().any(|condition| !matches!(condition.subject, Subject::Variable(..)));
    if waits_for_channel && !wait.kinds.files {
        return Err(
            error!("file events disabled with channel(s) specified"; "TCL", "EVENT", "NO_FILE_EVENT"),
        );
    }
    Ok(&args[at..])
}

fn option_with_value(
    machine: &mut Machine,
    wait: &mut Vwait,
    option: &str,
    value: &Value,
) -> Result<(), Exception> {
    match option {
        "-timeout" => {
            let mode = machine.mode();
            let ms = integer(value, mode)?;
            let Ok(ms) = u64::try_from(ms) else {
                return Err(error!("timeout must be positive"; "TCL", "EVENT", "NEGTIME"));
            };
            let now = reactor(machine).driver.now();
            wait.deadline_ns = Some(now.saturating_add(ms.saturating_mul(NS_PER_MS)));
        }
        "-variable" => {
            let condition = variable_condition(machine, value)?;
            wait.conditions.push(condition);
        }
        _ => {
            let id = channel(machine, value)?;
            let reads = option == "-readable";
            let open = reactor(machine).channels.get(id).map(|channel| (channel.readable, channel.writable));
            let is_open = open.is_some_and(|(readable, writable)| if reads { readable } else { writable });
            if !is_open {
                let way = if reads { "reading" } else { "writing" };
                return Err(error!("channel \"", value, "\" wasn't open for ", way));
            }
            let subject = if reads { Subject::Readable(id) } else { Subject::Writable(id) };
            wait.conditions.push(Condition { subject, name: value.clone(), is_met: false });
        }
    }
    Ok(())
}

/// The condition that a global variable is written or unset.
fn variable_condition(machine: &mut Machine, name: &Value) -> Result<Condition, Exception> {
    let interp = machine.current();
    let vars = machine.global_vars(interp);
    let variable = machine.variable_in(vars, name, "trace")?;
    let cell = match &variable.key {
        None => machine.cell_of(vars, &variable.place),
        Some(key) => {
            let array = machine
                .array_at(&variable.place, true)
                .map_err(|reason| variable_error("trace", &variable.name, Some(key), reason))?;
            array.expect("asked to be made").element_cell(key)
        }
    };
    let subject = Subject::Variable(vec![cell], Rc::new(Cell::new(0)));
    Ok(Condition { subject, name: name.clone(), is_met: false })
}
