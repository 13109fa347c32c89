//! `switch` as a command.

use super::choice::choose;
use super::pattern::{cached_regex, search};
use crate::exec::listops::list_of;
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Exception};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::regex::Flags;
use crate::value::Value;
use crate::{error, text};

const USAGE: &str = "?-option ...? string ?pattern body ...? ?default body?";

const LIST_USAGE: &str = "?-option ...? string {?pattern body ...? ?default body?}";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "switch",
    usage: USAGE,
    min: 0,
    max: MANY,
    safe: true,
    help: "Runs the script whose pattern matches a text.",
    run: switch,
}];

const OPTIONS: &[&str] = &["-exact", "-glob", "-indexvar", "-matchvar", "-nocase", "-regexp", "--"];

/// How patterns are matched.
#[derive(Clone, Copy, PartialEq)]
enum How {
    Exact,
    Glob,
    Regexp,
}

struct Options {
    how: How,
    nocase: bool,
    match_variable: Option<Value>,
    index_variable: Option<Value>,
    at: usize,
}

fn restricted(option: &str) -> Exception {
    error!(option, " option requires -regexp option"; "TCL", "OPERATION", "SWITCH", "MODERESTRICTION")
}

fn options(args: &Args) -> Result<Options, Exception> {
    let mut found =
        Options { how: How::Exact, nocase: false, match_variable: None, index_variable: None, at: 1 };
    let mut mode: Option<&str> = None;
    // The last two words are never options.
    while found.at + 2 < args.len() + usize::from(args.len() <= 2) {
        let word = &args[found.at];
        if word.text().first() != Some(&b'-') {
            break;
        }
        let option = OPTIONS[choose(word, OPTIONS, "option")?];
        found.at += 1;
        match option {
            "--" => break,
            "-nocase" => found.nocase = true,
            "-indexvar" | "-matchvar" => {
                if found.at + 2 >= args.len() {
                    return Err(error!("missing variable name argument to ", option, " option";
                        "TCL", "OPERATION", "SWITCH", "NOVAR"));
                }
                let name = Some(args[found.at].clone());
                if option == "-indexvar" {
                    found.index_variable = name
                } else {
                    found.match_variable = name
                }
                found.at += 1;
            }
            _ => {
                if let Some(old) = mode {
                    return Err(error!("bad option \"", word, "\": ", old, " option already found";
                        "TCL", "OPERATION", "SWITCH", "DOUBLEOPT"));
                }
                mode = Some(option);
                found.how = match option {
                    "-glob" => How::Glob,
                    "-regexp" => How::Regexp,
                    _ => How::Exact,
                };
            }
        }
    }
    Ok(found)
}

fn switch(machine: &mut Machine, args: Args) -> Outcome {
    let found = options(&args)?;
    if args.len() < found.at + 2 {
        return Err(machine.wrong_args(&args, 1, USAGE));
    }
    if found.how != How::Regexp {
        if found.index_variable.is_some() {
            return Err(restricted("-indexvar"));
        }
        if found.match_variable.is_some() {
            return Err(restricted("-matchvar"));
        }
    }
    let subject = args[found.at].clone();
    let arms: Vec<Value> = if args.len() == found.at + 2 {
        let list = list_of(&args[found.at + 1])?;
        if list.items().is_empty() {
            return Err(machine.wrong_args(&args, 1, LIST_USAGE));
        }
        list.items().to_vec()
    } else {
        args[found.at + 1..].to_vec()
    };
    let in_list = args.len() == found.at + 2;
    let list = in_list.then(|| args[found.at + 1].clone());
    if !arms.len().is_multiple_of(2) {
        return Err(odd_arms(&arms, in_list));
    }
    if *arms[arms.len() - 1].text() == *b"-" {
        return Err(error!("no body specified for pattern \"", &arms[arms.len() - 2], "\"";
            "TCL", "OPERATION", "SWITCH", "BADARM", "FALLTHROUGH"));
    }
    for at in (0..arms.len()).step_by(2) {
        let is_default = at + 2 == arms.len() && *arms[at].text() == *b"default";
        if is_default {
            return take_default(machine, &found, arms, at, list);
        }
        match matches(machine, &found, &subject, &arms[at])? {
            None => {}
            Some(stores) => {
                let outcome = machine.store_all(stores.into_iter(), Value::EMPTY);
                return machine.after(outcome, move |_, outcome| {
                    outcome?;
                    run_arm(arms, at, list.as_ref())
                });
            }
        }
    }
    Ok(Step::EMPTY)
}

fn odd_arms(arms: &[Value], in_list: bool) -> Exception {
    if in_list && arms.iter().step_by(2).any(|arm| arm.text().first() == Some(&b'#')) {
        return error!("extra switch pattern with no body, this may be due to a comment incorrectly placed ",
            "outside of a switch body - see the \"switch\" documentation";
            "TCL", "OPERATION", "SWITCH", "BADARM", "COMMENT?");
    }
    error!("extra switch pattern with no body"; "TCL", "OPERATION", "SWITCH", "BADARM")
}

fn take_default(
    machine: &mut Machine,
    found: &Options,
    arms: Vec<Value>,
    at: usize,
    list: Option<Value>,
) -> Outcome {
    let mut stores = Vec::new();
    if let Some(name) = &found.index_variable {
        stores.push((name.clone(), Value::EMPTY));
    }
    if let Some(name) = &found.match_variable {
        stores.push((name.clone(), Value::EMPTY));
    }
    let outcome = machine.store_all(stores.into_iter(), Value::EMPTY);
    machine.after(outcome, move |_, outcome| {
        outcome?;
        run_arm(arms, at, list.as_ref())
    })
}

/// Whether a pattern matches: the variables to set then.
fn matches(
    machine: &mut Machine,
    found: &Options,
    subject: &Value,
    pattern: &Value,
) -> Result<Option<Vec<(Value, Value)>>, Exception> {
    let plain = |truth: bool| Ok(truth.then(Vec::new));
    match found.how {
        How::Exact if found.nocase => {
            plain(crate::text::compare::equal_nocase(&subject.text(), &pattern.text(), None))
        }
        How::Exact => plain(subject == pattern),
        How::Glob => plain(crate::text::glob::matches(&pattern.text(), &subject.text(), found.nocase)),
        How::Regexp => {
            let flags = Flags { nocase: found.nocase, ..Flags::default() };
            let regex = cached_regex(machine, pattern, flags)?;
            let wants = found.match_variable.is_some() || found.index_variable.is_some();
            let mut captures = vec![None; if wants { regex.group_count() + 1 } else { 0 }];
            let text = subject.text();
            if !search(machine, &regex, &text, 0, false, &mut captures)? {
                return Ok(None);
            }
            Ok(Some(captured(found, &text, &captures)))
        }
    }
}

fn captured(found: &Options, text: &[u8], captures: &[Option<(usize, usize)>]) -> Vec<(Value, Value)> {
    let char_of = |offset: usize| tclring_compiler::syntax::text::char_count(&text[..offset]) as i64;
    let mut stores = Vec::new();
    if let Some(name) = &found.index_variable {
        let pairs = captures.iter().map(|c| match c {
            Some((from, to)) if *to > 0 => {
                Value::list(vec![Value::int(char_of(*from)), Value::int(char_of(*to) - 1)])
            }
            // An empty match at the beginning counts as none there.
            _ => Value::list(vec![Value::int(-1), Value::int(-1)]),
        });
        stores.push((name.clone(), Value::list(pairs.collect())));
    }
    if let Some(name) = &found.match_variable {
        let texts =
            captures.iter().map(|c| c.map_or(Value::EMPTY, |(from, to)| Value::text_of(&text[from..to])));
        stores.push((name.clone(), Value::list(texts.collect())));
    }
    stores
}

/// Runs the body of the arm at `at`, or the next one that is not `-`; `list` has the arms in it if they are in one word.
fn run_arm(arms: Vec<Value>, at: usize, list: Option<&Value>) -> Outcome {
    let pattern = arms[at].clone();
    let chosen = (at + 1..arms.len()).step_by(2).find(|at| *arms[*at].text() != *b"-");
    let mut body = chosen.map(|at| arms[at].clone()).unwrap_or_default();
    if let (Some(list), Some(at)) = (list, chosen)
        && let Some(placed) = list.placed_element(at)
    {
        body = placed;
    }
    Ok(Step::body_then(body, move |_, outcome| {
        outcome.map(Step::Done).map_err(|mut e| {
            if e.code == ERROR {
                let shown = crate::exec::shorten(&pattern.text(), 50);
                let line = text!["\n    (\"", shown, "\" arm line ", e.error_line, ")"];
                e.add_info(&line);
            }
            e
        })
    }))
}
