//! `unknown`, which is asked about commands that do not exist, and the names that it looks for.

use tclring_vm::error;
use tclring_vm::exec::listops::list_of;
use tclring_vm::interp::exception::{ERROR, Exception, RETURN};
use tclring_vm::interp::{Args, At, CommandRow, MANY, Machine, Outcome, Step, What};
use tclring_vm::text;
use tclring_vm::value::Value;

use super::support::global_value;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "tcl::Unknown",
    usage: "namespace ?arg ...?",
    min: 1,
    max: MANY,
    safe: true,
    help: "Loads a command that does not exist and runs it.",
    run: unknown,
}];

/// What belongs to the script library, which safe interpreters begin without.
pub const LIBRARY_ROWS: &[CommandRow] = &[CommandRow {
    name: "tcl::AutoQualify",
    usage: "cmd namespace",
    min: 2,
    max: 2,
    safe: true,
    help: "Answers the qualified names that a command may have.",
    run: auto_qualify,
}];

/// The commands of an interpreter that are being loaded.
#[derive(Default)]
struct Pending(Vec<Value>);

fn pending(machine: &mut Machine) -> &mut Pending {
    let interp = machine.current();
    if machine.part::<Pending>(interp).is_none() {
        machine.interp_mut(interp).parts.push(Box::new(Pending::default()));
    }
    machine.part::<Pending>(interp).expect("it was made just now")
}

fn unknown(machine: &mut Machine, args: Args) -> Outcome {
    let asked_from = args[1].clone();
    let words = args.split_off(2);
    let Some(name) = words.first().cloned() else { return Err(error!("invalid command name \"\"")) };
    if global_value(machine, "auto_noload", None).is_some() {
        return at_prompt(machine, words);
    }
    if pending(machine).0.contains(&name) {
        return Err(error!("self-referential recursion in \"unknown\" for command \"", &name, "\""));
    }
    pending(machine).0.push(name.clone());
    let load = vec![Value::from("::auto_load"), name.clone(), asked_from.clone()];
    Ok(Step::words_then(load, move |machine, outcome| {
        pending(machine).0.retain(|waiting| *waiting != name);
        match outcome {
            Ok(loaded) if loaded.to_bool(machine.mode()) == Some(true) => {
                let global = machine.global();
                let namespace = machine.find_namespace(&asked_from.text(), global).unwrap_or(global);
                let at = At::ResolvedIn(namespace);
                // As if the command had been there: the trace goes on where it was called.
                Ok(Step::run(What::Words(words), at, |_, outcome| {
                    Ok(Step::Done(outcome.map_err(|mut exception| {
                        exception.logged |= exception.code == ERROR;
                        // The reference's library raises it by its options.
                        let key = Value::from("-errorcode");
                        if exception.error_code.is_some()
                            && exception.code == RETURN
                            && !exception.other_options.iter().any(|(given, _)| *given == key)
                        {
                            exception.other_options.insert(0, (key, Value::EMPTY));
                        }
                        exception
                    })?))
                }))
            }
            Ok(_) => at_prompt(machine, words),
            Err(mut exception) => {
                if exception.code == ERROR {
                    exception.add_info(&text!["\n    (autoloading \"", &name, "\")"]);
                }
                Err(exception)
            }
        }
    }))
}

/// What an unknown command means when somebody typed it; the error otherwise.
fn at_prompt(machine: &mut Machine, words: Vec<Value>) -> Outcome {
    let interactive = global_value(machine, "tcl_interactive", None)
        .is_some_and(|truth| truth.to_bool(machine.mode()) == Some(true));
    let interp = machine.current();
    let at_top = machine.context().frames[machine.vars() as usize].level == 0;
    if !interactive || !at_top || !machine.interp(interp).script_file.is_empty() {
        return Err(no_command(&words));
    }
    let ask = vec![Value::from("::tcl::UnknownAtPrompt"), words[0].clone(), Value::list(words.clone())];
    Ok(Step::words_then(ask, move |_, outcome| {
        let answer = outcome?;
        match list_of(&answer)?.items() {
            [found, script] if *found.text() == *b"1" => Ok(Step::script(script.clone())),
            [_, message] => Err(error!(message; "TCL", "LOOKUP", "COMMAND", words[0].text())),
            _ => Err(no_command(&words)),
        }
    }))
}

fn no_command(words: &[Value]) -> Exception {
    let mut exception =
        error!("invalid command name \"", &words[0], "\""; "TCL", "LOOKUP", "COMMAND", words[0].text());
    // The reference's library raises it with this option.
    exception.other_options.push((Value::from("-errorcode"), Value::EMPTY));
    // The trace begins with the command that is missing, not with the one that looked for it.
    exception.logged = true;
    exception
}

/// The name with single separators, and how many separators it has.
fn collapse(name: &[u8]) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    let mut count = 0;
    let mut rest = name;
    while let Some((&byte, after)) = rest.split_first() {
        if rest.starts_with(b"::") {
            let colons = rest.iter().take_while(|b| **b == b':').count();
            out.extend_from_slice(b"::");
            count += 1;
            rest = &rest[colons..];
        } else {
            out.push(byte);
            rest = after;
        }
    }
    (out, count)
}

fn auto_qualify(_machine: &mut Machine, args: Args) -> Outcome {
    let (name, separators) = collapse(&args[1].text());
    let namespace = args[2].text();
    let global = *namespace == *b"::";
    let names = if name.starts_with(b"::") {
        // Commands of the global namespace are called without separators.
        vec![if separators > 1 { name } else { name[2..].to_vec() }]
    } else {
        match (separators, global) {
            (0, true) => vec![name],
            (0, false) => vec![text![&*namespace, "::", &name], name],
            (_, true) => vec![text!["::", name]],
            (_, false) => vec![text![&*namespace, "::", &name], text!["::", &name]],
        }
    };
    Ok(Step::Done(Value::list(names.into_iter().map(Value::text_value).collect())))
}
