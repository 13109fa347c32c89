//! Control: `if`, `break`, `continue`, `return`, `error`, `throw`, `catch`.

use std::sync::atomic::Ordering;

use crate::error;
use crate::exec::listops::{dict_of, list_of};
use crate::interp::command::Outcome;
use crate::interp::exception::{BREAK, CONTINUE, ERROR, Exception, OK, RETURN, Raised};
use crate::interp::{Args, At, CommandRow, MANY, Machine, Step, What, pending};
use crate::value::{Dict, Value, View};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "if",
        usage: "expr1 ?then? body1 elseif expr2 ?then? body2 elseif ... ?else? ?bodyN?",
        min: 0,
        max: MANY,
        safe: true,
        help: "Runs the script that belongs to the first true expression.",
        run: if_command,
    },
    CommandRow {
        name: "break",
        usage: "",
        min: 0,
        max: 0,
        safe: true,
        help: "Ends the loop around it.",
        run: |_, _| Err(Raised::new(BREAK, Value::EMPTY)),
    },
    CommandRow {
        name: "continue",
        usage: "",
        min: 0,
        max: 0,
        safe: true,
        help: "Goes on with the next round of the loop around it.",
        run: |_, _| Err(Raised::new(CONTINUE, Value::EMPTY)),
    },
    CommandRow {
        name: "return",
        usage: "?-option value ...? ?result?",
        min: 0,
        max: MANY,
        safe: true,
        help: "Ends a procedure or script with a result or another completion.",
        run: return_command,
    },
    CommandRow {
        name: "error",
        usage: "message ?errorInfo? ?errorCode?",
        min: 1,
        max: 3,
        safe: true,
        help: "Raises an error.",
        run: error_command,
    },
    CommandRow {
        name: "throw",
        usage: "type message",
        min: 2,
        max: 2,
        safe: true,
        help: "Raises an error with an error code.",
        run: throw_command,
    },
    CommandRow {
        name: "catch",
        usage: "script ?resultVarName? ?optionVarName?",
        min: 1,
        max: 3,
        safe: true,
        help: "Runs a script and answers its completion code.",
        run: catch_command,
    },
];

fn if_command(machine: &mut Machine, args: Args) -> Outcome {
    if_from(machine, args, 1)
}

fn if_wrong(text: &[&[u8]]) -> Exception {
    Raised::error(text.concat()).with_code(&["TCL", "WRONGARGS"])
}

/// Goes on with the expression at word `at`; the word before it is `if` or `elseif`.
fn if_from(_machine: &mut Machine, args: Args, at: usize) -> Outcome {
    let condition = if_condition(&args, at)?.clone();
    Ok(Step::run(What::Expr(condition), At::Here, move |machine, outcome| {
        let value = outcome?;
        let mode = machine.mode();
        let truth = crate::arith::truth(&value, mode)?;
        if_branch(machine, args, at + 1, truth)
    }))
}

/// Whether a word of an `if` is a keyword. A list gets no text by that, and is run as the command that it is.
fn is_keyword(word: &Value, keyword: &[u8]) -> bool {
    match word.view() {
        View::List(list) if list.made_text().is_none() => {
            matches!(list.items(), [only] if *only.text() == *keyword)
        }
        _ => *word.text() == *keyword,
    }
}

/// The expression at word `at`.
fn if_condition(args: &Args, at: usize) -> Result<&Value, Exception> {
    args.get(at).ok_or_else(|| {
        let before = if at == 1 { b"if".to_vec() } else { args[at - 1].to_text() };
        if_wrong(&[b"wrong # args: no expression after \"", &before, b"\" argument"])
    })
}

/// Takes or skips the script at word `at`, which may be preceded by `then`.
fn if_branch(machine: &mut Machine, args: Args, mut at: usize, truth: bool) -> Outcome {
    let script = args[if_script(&args, &mut at)?].clone();
    if truth {
        // The clauses after the one that is taken are looked at all the same: their words may be wrong.
        while args.get(at).is_some_and(|word| is_keyword(word, b"elseif")) {
            let _condition = if_condition(&args, at + 1)?;
            at += 2;
            if_script(&args, &mut at)?;
        }
        if_otherwise(&args, at)?;
        return Ok(Step::body(script));
    }
    if args.get(at).is_some_and(|word| is_keyword(word, b"elseif")) {
        return if_from(machine, args, at + 1);
    }
    Ok(match if_otherwise(&args, at)? {
        Some(script) => Step::body(script.clone()),
        None => Step::EMPTY,
    })
}

/// Where the script at word `at` stands, which may be preceded by `then`; `at` becomes the word after it.
fn if_script(args: &Args, at: &mut usize) -> Result<usize, Exception> {
    if args.get(*at).is_some_and(|word| is_keyword(word, b"then")) {
        *at += 1;
    }
    if *at >= args.len() {
        let before = args[*at - 1].to_text();
        return Err(if_wrong(&[b"wrong # args: no script following \"", &before, b"\" argument"]));
    }
    *at += 1;
    Ok(*at - 1)
}

/// The script after the last clause, with or without `else`.
fn if_otherwise(args: &Args, at: usize) -> Result<Option<&Value>, Exception> {
    let Some(word) = args.get(at) else {
        return Ok(None);
    };
    let last = if is_keyword(word, b"else") { at + 1 } else { at };
    let Some(script) = args.get(last) else {
        return Err(if_wrong(&[b"wrong # args: no script following \"else\" argument"]));
    };
    if args.len() > last + 1 {
        return Err(if_wrong(&[b"wrong # args: extra words after \"else\" clause in \"if\" command"]));
    }
    Ok(Some(script))
}

fn return_command(machine: &mut Machine, args: Args) -> Outcome {
    let explicit = args.len().is_multiple_of(2);
    let (result, options) = if explicit {
        (args[args.len() - 1].clone(), &args[1..args.len() - 1])
    } else {
        (Value::EMPTY, &args[1..])
    };
    let merged = merge_options(options, explicit)?;
    if merged.is_plain_success() {
        machine.keep_options(&merged.other);
    }
    raise_with(result, merged).map(Step::Done)
}

/// Return options, read.
#[derive(Default)]
struct ReturnOptions {
    code: i64,
    level: Option<i64>,
    error_code: Option<Value>,
    error_info: Option<Vec<u8>>,
    error_line: Option<i64>,
    error_stack: Option<Vec<Value>>,
    other: Vec<(Value, Value)>,
}

impl ReturnOptions {
    /// Whether nothing is raised by them.
    fn is_plain_success(&self) -> bool {
        self.code == OK && self.level == Some(0)
    }
}

/// The number of a completion code word.
pub fn completion_code(word: &Value) -> Result<i64, Exception> {
    match &*word.text() {
        b"ok" => Ok(OK),
        b"error" => Ok(ERROR),
        b"return" => Ok(RETURN),
        b"break" => Ok(BREAK),
        b"continue" => Ok(CONTINUE),
        _ => match word.to_i64(tclring_compiler::Mode::Tcl90) {
            Some(n) if i32::try_from(n).is_ok() || u32::try_from(n).is_ok() => Ok(i64::from(n as i32)),
            _ => Err(error!("bad completion code \"", word,
                "\": must be ok, error, return, break, continue, or an integer"; "TCL", "RESULT", "ILLEGAL_CODE")),
        },
    }
}

const NO_DICTIONARY: &str = "bad -options value: expected dictionary";

/// The names and values of the dictionary that is the value of `-options`: those that it has twice, too.
fn option_words(value: &Value, complaint: &str) -> Result<Vec<Value>, Exception> {
    let words = match value.view() {
        View::Dict(dict) => return Ok(dict.map().iter().flat_map(|(k, v)| [k.clone(), v.clone()]).collect()),
        _ => list_of(value).ok().map(|list| list.items().to_vec()),
    };
    words.filter(|words| words.len() % 2 == 0).ok_or_else(|| {
        error!(complaint, " but got \"", value, "\"";
            "TCL", "RESULT", "ILLEGAL_OPTIONS")
    })
}

fn merge_options(words: &[Value], has_result: bool) -> Result<ReturnOptions, Exception> {
    let mut pairs = Dict::default();
    for pair in words.chunks_exact(2) {
        if *pair[0].text() != *b"-options" {
            pairs.insert(&pair[0], pair[1].clone());
            continue;
        }
        // -options may contain -options again, whose entries stand where it stands.
        // The reference has a way of its own for these options alone, with a result.
        let complaint = if words.len() == 2 && has_result { "expected dict" } else { NO_DICTIONARY };
        let mut open = vec![option_words(&pair[1], complaint)?.into_iter()];
        while let Some(words) = open.last_mut() {
            let (Some(key), Some(value)) = (words.next(), words.next()) else {
                open.pop();
                continue;
            };
            if *key.text() == *b"-options" {
                open.push(option_words(&value, NO_DICTIONARY)?.into_iter());
            } else {
                pairs.insert(&key, value);
            }
        }
    }
    read_options(&pairs)
}

fn read_options(pairs: &Dict) -> Result<ReturnOptions, Exception> {
    let mut options = ReturnOptions::default();
    for (key, value) in pairs.iter() {
        match &*key.text() {
            b"-code" => options.code = completion_code(value)?,
            b"-level" => match value.to_i64(tclring_compiler::Mode::Tcl90) {
                Some(n) if (0..=i64::from(i32::MAX)).contains(&n) => options.level = Some(n),
                _ => {
                    return Err(
                        error!("bad -level value: expected non-negative integer but got \"", value, "\"";
                        "TCL", "RESULT", "ILLEGAL_LEVEL"),
                    );
                }
            },
            b"-errorcode" => {
                check_error_code(value)?;
                options.error_code = Some(value.clone());
                options.other.push((key.clone(), value.clone()));
            }
            b"-errorinfo" => {
                options.error_info = Some(value.to_text());
                options.other.push((key.clone(), value.clone()));
            }
            b"-errorline" => {
                options.error_line = value.as_int();
                options.other.push((key.clone(), value.clone()));
            }
            b"-errorstack" => {
                let Ok(list) = list_of(value) else {
                    return Err(error!("bad -errorstack value: expected a list but got \"", value, "\"";
                        "TCL", "RESULT", "NONLIST_ERRORSTACK"));
                };
                if list.items().len() % 2 != 0 {
                    return Err(error!("forbidden odd-sized list for -errorstack: \"", value, "\"";
                        "TCL", "RESULT", "ODDSIZEDLIST_ERRORSTACK"));
                }
                options.error_stack = Some(list.items().to_vec());
                options.other.push((key.clone(), value.clone()));
            }
            _ => options.other.push((key.clone(), value.clone())),
        }
    }
    Ok(options)
}

/// An error code is a list.
fn check_error_code(code: &Value) -> Result<(), Exception> {
    if list_of(code).is_err() {
        return Err(error!("bad -errorcode value: expected a list but got \"", code, "\"";
            "TCL", "RESULT", "ILLEGAL_ERRORCODE"));
    }
    Ok(())
}

/// The completion that a result and options describe.
fn raise_with(result: Value, options: ReturnOptions) -> Result<Value, Exception> {
    let level = options.level.unwrap_or(1);
    let (code, level) = if options.code == RETURN { (OK, level + 1) } else { (options.code, level) };
    if level == 0 && code == OK {
        return Ok(result);
    }
    let mut raised = Raised::new(if level > 0 { RETURN } else { code }, result);
    raised.level = level;
    raised.return_code = code;
    raised.other_options = options.other;
    if code == ERROR || raised.code == RETURN {
        raised.error_code = options.error_code;
        if code == ERROR {
            raised.error_code.get_or_insert_with(|| Value::from("NONE"));
        }
        if let Some(info) = options.error_info.filter(|info| !info.is_empty()) {
            raised.error_info = Some(info);
            raised.logged = true;
        }
        if let Some(stack) = options.error_stack {
            raised.error_stack = stack;
        }
        if let Some(line) = options.error_line {
            raised.error_line = line;
        }
    }
    Err(raised)
}

/// The exception that `result` and a return options dictionary describe; `None` for plain success.
pub fn exception_of(
    _machine: &mut Machine,
    result: Value,
    options: &Value,
) -> Result<Option<Exception>, Exception> {
    let dict = dict_of(options)?;
    match raise_with(result, read_options(dict.map())?) {
        Ok(_) => Ok(None),
        Err(exception) => Ok(Some(exception)),
    }
}

fn error_command(machine: &mut Machine, mut args: Args) -> Outcome {
    let mut raised = Raised::error(args.take(1));
    let options = [(2, "-errorinfo"), (3, "-errorcode")];
    let given = options.iter().filter_map(|(at, key)| Some((Value::from(*key), args.get(*at)?.clone())));
    raised.other_options = given.collect();
    if let Some(info) = args.get(2)
        && !info.is_empty()
    {
        // The line of the error before it stays; a script of its own begins with the first.
        raised.error_line = machine.interp(machine.current()).last_error_line;
        raised.error_info = Some(info.to_text());
        raised.logged = true;
    }
    if let Some(code) = args.get(3) {
        if !machine.is_compiled_call() {
            check_error_code(code)?;
        }
        raised.error_code = Some(code.clone());
    }
    Err(raised)
}

fn throw_command(_machine: &mut Machine, mut args: Args) -> Outcome {
    if list_of(&args[1])?.items().is_empty() {
        return Err(error!("type must be non-empty list"; "TCL", "OPERATION", "THROW", "BADEXCEPTION"));
    }
    let mut raised = Raised::error(args.take(2));
    raised.other_options.push((Value::from("-errorcode"), args[1].clone()));
    raised.error_code = Some(args.take(1));
    Err(raised)
}

fn catch_command(_machine: &mut Machine, mut args: Args) -> Outcome {
    let script = args.take(1);
    Ok(Step::body_then(script, move |machine, outcome| {
        let outcome = outcome.map_err(|exception| machine.tell_of_made_script(exception, args.len() > 2));
        let trace = match &outcome {
            // So has one that `return` only prepares.
            Err(exception) => exception.error_info.clone(),
            Ok(_) => None,
        };
        let (code, result, options) = machine.caught(outcome)?;
        let mut stores = Vec::new();
        if let Some(name) = args.get(2) {
            stores.push((name.clone(), result));
        }
        if let Some(name) = args.get(3) {
            stores.push((name.clone(), options));
        }
        let outcome = machine.store_all(stores.into_iter(), Value::int(code));
        machine.after(outcome, move |_, outcome| match outcome {
            Ok(code) => Ok(Step::Done(code)),
            Err(mut refusal) => {
                // The reference goes on with the trace of the caught error.
                refusal.error_info = trace.or(refusal.error_info);
                Err(refusal)
            }
        })
    }))
}

impl Machine {
    /// Keeps the options of a `return` that succeeds, for a `catch` around it.
    pub(crate) fn keep_options(&mut self, other: &[(Value, Value)]) {
        if other.is_empty() {
            return;
        }
        let mut options = Dict::default();
        for (key, value) in other {
            options.insert(key, value.clone());
        }
        options.insert(&Value::from("-code"), Value::int(OK));
        options.insert(&Value::from("-level"), Value::int(0));
        self.kept_options = Value::dict(options);
        self.set_pending(pending::OPTIONS);
    }

    /// Keeps the options of a success again that [`Machine::options_of_success`] gave.
    pub(crate) fn restore_options(&mut self, options: &Value) {
        if !options.is_identical(&self.plain_options) {
            self.kept_options = options.clone();
            self.set_pending(pending::OPTIONS);
        }
    }

    /// Forgets the options of a `return` that succeeded.
    pub(crate) fn forget_options(&mut self) {
        self.pending.fetch_and(!pending::OPTIONS, Ordering::Relaxed);
        self.kept_options = Value::EMPTY;
    }

    /// The return options of what has just succeeded.
    pub(crate) fn options_of_success(&mut self) -> Value {
        if self.pending.load(Ordering::Relaxed) & pending::OPTIONS == 0 {
            return self.plain_options.clone();
        }
        let kept = self.kept_options.clone();
        self.forget_options();
        kept
    }

    /// What `catch` makes of an outcome: code, result, options. What cannot be caught is an error again.
    pub fn caught(&mut self, outcome: Result<Value, Exception>) -> Result<(i64, Value, Value), Exception> {
        match outcome {
            Ok(value) => {
                let options = self.options_of_success();
                Ok((OK, value, options))
            }
            Err(exception) if exception.uncatchable => Err(exception),
            Err(mut exception) => {
                self.note_caught(&mut exception);
                Ok((exception.code, exception.result.clone(), Value::dict(exception.options())))
            }
        }
    }
}
