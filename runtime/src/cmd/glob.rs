//! `glob`: names of files that match patterns.

use tclring_compiler::Mode;
use tclring_vm::error;
use tclring_vm::exec::listops::list_of;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, MANY, Machine, Outcome, Step};
use tclring_vm::value::Value;

use super::support::{host_exception, index_of, texts};
use crate::host::glob::{self, Base, GlobRequest, GlobTypes};
use crate::host::user::SystemHomes;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "glob",
    usage: "?-option value ...? ?pattern ...?",
    min: 0,
    max: MANY,
    safe: false,
    help: "Answers the names of files that match patterns.",
    run: glob,
}];

const OPTIONS: [&str; 7] = ["-directory", "-join", "-nocomplain", "-path", "-tails", "-types", "--"];

/// The options of an invocation.
#[derive(Default)]
struct Options {
    directory: Option<Vec<u8>>,
    prefix: Option<Vec<u8>>,
    join: bool,
    no_complaint: bool,
    tails: bool,
    types: Option<Value>,
}

fn bad_combination(message: &str) -> Exception {
    error!(message; "TCL", "OPERATION", "GLOB", "BADOPTIONCOMBINATION")
}

/// Reads the options; where the patterns begin comes with them.
fn read_options(args: &Args) -> Result<(Options, usize), Exception> {
    let mut options = Options::default();
    let mut at = 1;
    while let Some(word) = args.get(at) {
        if word.text().first() != Some(&b'-') {
            break;
        }
        let option = index_of(word, &OPTIONS, "option", false)?;
        let value = || {
            let missing =
                || error!("missing argument to \"", OPTIONS[option], "\""; "TCL", "ARGUMENT", "MISSING");
            args.get(at + 1).ok_or_else(missing)
        };
        match option {
            0 => {
                let value = value()?;
                if options.directory.is_some() {
                    return Err(bad_combination("\"-directory\" may only be used once"));
                }
                if options.prefix.is_some() {
                    return Err(bad_combination("\"-directory\" cannot be used with \"-path\""));
                }
                options.directory = Some(value.to_text());
                at += 1;
            }
            1 => options.join = true,
            2 => options.no_complaint = true,
            3 => {
                let value = value()?;
                if options.prefix.is_some() {
                    return Err(bad_combination("\"-path\" may only be used once"));
                }
                if options.directory.is_some() {
                    return Err(bad_combination("\"-path\" cannot be used with \"-dictionary\""));
                }
                options.prefix = Some(value.to_text());
                at += 1;
            }
            4 => options.tails = true,
            5 => {
                let value = value()?;
                if options.types.is_some() {
                    return Err(bad_combination("\"-types\" may only be used once"));
                }
                list_of(value)?;
                options.types = Some(value.clone());
                at += 1;
            }
            _ => {
                at += 1;
                break;
            }
        }
        at += 1;
    }
    if options.tails && options.directory.is_none() && options.prefix.is_none() {
        return Err(bad_combination("\"-tails\" must be used with either \"-directory\" or \"-path\""));
    }
    Ok((options, at))
}

fn glob(machine: &mut Machine, args: Args) -> Outcome {
    let (options, at) = read_options(&args)?;
    let mode = machine.mode();
    let words = &args[at..];
    if words.is_empty() && mode == Mode::Tcl86 {
        return Err(machine.wrong_args(&args, 1, "?-option value ...? ?pattern ...?"));
    }
    let mut patterns = texts(words);
    if options.join && !patterns.is_empty() {
        patterns = vec![glob::join_patterns(&patterns)];
    }
    let types = match &options.types {
        Some(types) => {
            let elements = texts(list_of(types)?.items());
            let as_list = |text: &[u8]| Some(texts(list_of(&Value::text_of(text)).ok()?.items()));
            Some(GlobTypes::parse(&elements, as_list).map_err(host_exception)?)
        }
        None => None,
    };
    let base = match (&options.directory, &options.prefix) {
        (Some(directory), _) => Base::Directory(directory),
        (None, Some(prefix)) => Base::Path(prefix),
        (None, None) => Base::None,
    };
    let request =
        GlobRequest { patterns: &patterns, base, tails: options.tails, types: types.as_ref(), mode };
    let found = glob::glob(&request, &SystemHomes).map_err(host_exception)?;
    if found.is_empty() && mode == Mode::Tcl86 && !options.no_complaint {
        return Err(no_match(words, options.join));
    }
    Ok(Step::Done(Value::list(found.into_iter().map(Value::text_value).collect())))
}

/// What Tcl 8.6 says when nothing matches.
fn no_match(words: &[Value], joined: bool) -> Exception {
    let mut shown = Vec::new();
    let shown_words = if joined { &words[..1] } else { words };
    for (i, word) in shown_words.iter().enumerate() {
        if i > 0 {
            shown.push(b' ');
        }
        shown.extend_from_slice(&word.text());
    }
    let plural = if words.len() == 1 || joined { "" } else { "s" };
    error!("no files matched glob pattern", plural, " \"", shown, "\""; "TCL", "OPERATION", "GLOB", "NOMATCH")
}
