//! The ensemble `tcl::process`: the processes that were started, and how they ended.

use tclring_vm::cmd::options::{boolean, integer};
use tclring_vm::exec::listops::list_of;
use tclring_vm::interp::command::Outcome;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, EnsembleRow, MANY, Machine, Native, Step};
use tclring_vm::value::{Dict, Value};

use super::support::index_of;
use crate::host::process::{self, ExitStatus};

const fn row(
    name: &'static str,
    usage: &'static str,
    max: u16,
    help: &'static str,
    run: Native,
) -> CommandRow {
    CommandRow { name, usage, min: 0, max, safe: false, help, run }
}

/// The ensemble.
pub const ENSEMBLE: EnsembleRow = EnsembleRow {
    name: "tcl::process",
    rows: &[
        row(
            "tcl::process autopurge",
            "?flag?",
            1,
            "Whether ended processes are forgotten by themselves.",
            automatic,
        ),
        row("tcl::process list", "", 0, "Lists the processes that are not forgotten.", list),
        row("tcl::process purge", "?pids?", 1, "Forgets processes that have ended.", purge),
        row("tcl::process status", "?switches? ?pids?", MANY, "Tells how processes ended.", status),
    ],
    safe: true,
};

fn automatic(machine: &mut Machine, args: Args) -> Outcome {
    if let Some(word) = args.get(1) {
        process::set_automatic_purge(boolean(word, machine.mode())?);
    }
    Ok(Step::Done(Value::bool(process::purges_automatically())))
}

fn list(_machine: &mut Machine, _args: Args) -> Outcome {
    let pids = process::known_children().into_iter().map(|pid| Value::int(i64::from(pid)));
    Ok(Step::Done(Value::list(pids.collect())))
}

/// The numbers in a list; what no process can have is left out.
fn numbers(machine: &Machine, word: &Value) -> Result<Vec<i32>, Exception> {
    let mut pids = Vec::new();
    for item in list_of(word)?.items() {
        pids.extend(i32::try_from(integer(item, machine.mode())?));
    }
    Ok(pids)
}

fn purge(machine: &mut Machine, args: Args) -> Outcome {
    let pids = args.get(1).map(|word| numbers(machine, word)).transpose()?;
    process::purge(pids.as_deref());
    Ok(Step::EMPTY)
}

fn status(machine: &mut Machine, args: Args) -> Outcome {
    let mut waits = false;
    let mut at = 1;
    while let Some(word) = args.get(at)
        && word.text().starts_with(b"-")
    {
        at += 1;
        if index_of(word, &["-wait", "--"], "switches", false)? == 1 {
            break;
        }
        waits = true;
    }
    if args.len() > at + 1 {
        return Err(machine.wrong_args(&args, 1, "?switches? ?pids?"));
    }
    let known = process::known_children();
    let mut wanted = match args.get(at) {
        Some(word) => numbers(machine, word)?,
        None => known.clone(),
    };
    wanted.retain(|pid| known.contains(pid));
    let mut statuses = Dict::default();
    for pid in wanted {
        let ended = if waits { Some(process::wait(pid)) } else { process::poll(pid) };
        statuses.insert(&Value::int(i64::from(pid)), ended.map_or(Value::EMPTY, |ended| told(pid, ended)));
    }
    Ok(Step::Done(Value::dict(statuses)))
}

/// What is told of a process that ended.
fn told(pid: i32, ended: ExitStatus) -> Value {
    match ended.completion(pid) {
        None => Value::int(0),
        Some(completion) => {
            let code = completion.code.into_iter().map(Value::text_value).collect();
            Value::list(vec![Value::int(1), Value::text_value(completion.message), Value::list(code)])
        }
    }
}
