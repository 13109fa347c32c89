//! Regular expressions: `regexp` and `regsub`.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use tclring_compiler::syntax::text::char_width;

use super::choice::choose;
use super::pattern::cached_regex;
use crate::error;
use crate::exec::listops::list_of;
use crate::exec::resolve_index;
use crate::interp::command::Outcome;
use crate::interp::exception::Exception;
use crate::interp::frame::Continuation;
use crate::interp::{Args, At, CommandRow, MANY, Machine, Step, What, pending};
use crate::regex::{Flags, Regex};
use crate::value::{StrObj, Value};

const REGEXP_USAGE: &str = "?-option ...? exp string ?matchVar? ?subMatchVar ...?";
const REGSUB_USAGE: &str = "?-option ...? exp string subSpec ?varName?";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "regexp",
        usage: REGEXP_USAGE,
        min: 0,
        max: MANY,
        safe: true,
        help: "Matches a text with a regular expression.",
        run: regexp,
    },
    CommandRow {
        name: "regsub",
        usage: REGSUB_USAGE,
        min: 0,
        max: MANY,
        safe: true,
        help: "Replaces what a regular expression matches.",
        run: regsub,
    },
];

const REGEXP_OPTIONS: &[&str] = &[
    "-all", "-about", "-indices", "-inline", "-expanded", "-line", "-linestop", "-lineanchor", "-nocase", "-start", "--",
];
const REGSUB_OPTIONS: &[&str] =
    &["-all", "-command", "-expanded", "-line", "-linestop", "-lineanchor", "-nocase", "-start", "--"];

/// What options asked for.
#[derive(Default)]
struct Options {
    flags: Flags,
    all: bool,
    about: bool,
    indices: bool,
    inline: bool,
    command: bool,
    start: Option<Value>,
    /// The first word after the options.
    at: usize,
}

fn options(machine: &mut Machine, args: &Args, table: &[&str], usage: &str) -> Result<Options, Exception> {
    let mut found = Options { at: 1, ..Options::default() };
    while let Some(word) = args.get(found.at) {
        if word.text().first() != Some(&b'-') {
            break;
        }
        let option = table[choose(word, table, "option")?];
        found.at += 1;
        match option {
            "-all" => found.all = true,
            "-about" => found.about = true,
            "-indices" => found.indices = true,
            "-inline" => found.inline = true,
            "-command" => found.command = true,
            "-expanded" => found.flags.expanded = true,
            "-line" => (found.flags.line_stop, found.flags.line_anchor) = (true, true),
            "-linestop" => found.flags.line_stop = true,
            "-lineanchor" => found.flags.line_anchor = true,
            "-nocase" => found.flags.nocase = true,
            "-start" => {
                let Some(index) = args.get(found.at) else {
                    return Err(machine.wrong_args(args, 1, usage));
                };
                resolve_index(index, 0, machine.mode())?;
                found.start = Some(index.clone());
                found.at += 1;
            }
            _ => break,
        }
    }
    Ok(found)
}

/// A text that is being searched, with the character number of the place last asked for.
struct Subject {
    text: StrObj,
}

impl Subject {
    fn new(value: &Value) -> Subject {
        Subject { text: StrObj::new(value.to_text()) }
    }

    fn bytes(&self) -> &[u8] {
        self.text.text()
    }

    /// The character number of a byte offset.
    fn char_of(&self, offset: usize) -> i64 {
        if self.text.is_ascii() {
            return offset as i64;
        }
        tclring_compiler::syntax::text::char_count(&self.bytes()[..offset]) as i64
    }

    /// Whether `^` does not match at `offset`.
    fn is_inside(&self, offset: usize) -> bool {
        offset > 0 && self.bytes()[offset - 1] != b'\n'
    }

    /// The offset of the character after the one at `offset`.
    fn after(&self, offset: usize) -> usize {
        offset + self.bytes().get(offset).map_or(1, |lead| char_width(*lead))
    }

    /// The byte offset where the search starts, and how far beyond the end the start lies in characters.
    fn start(&self, options: &Options, machine: &Machine) -> Result<usize, Exception> {
        let Some(index) = &options.start else {
            return Ok(0);
        };
        let count = self.text.char_count();
        let at = resolve_index(index, count, machine.mode())?.max(0);
        Ok(self.text.offset_of(usize::try_from(at).unwrap_or(usize::MAX).min(count)))
    }
}

/// Matches, looking now and then whether to go on.
fn exec(
    machine: &Machine,
    regex: &Regex,
    subject: &Subject,
    at: usize,
    captures: &mut [Option<(usize, usize)>],
) -> Result<bool, Exception> {
    let flag = Rc::new(machine.pending.clone());
    let mut go_on = || flag.load(Ordering::Relaxed) & pending::INTERRUPT == 0;
    regex
        .exec(subject.bytes(), at, subject.is_inside(at), captures, &mut go_on)
        .map_err(|_| error!("regular expression match was interrupted"))
}

fn regexp(machine: &mut Machine, args: Args) -> Outcome {
    let found = options(machine, &args, REGEXP_OPTIONS, REGEXP_USAGE)?;
    if found.about {
        let Some(pattern) = args.get(found.at) else {
            return Err(machine.wrong_args(&args, 1, REGEXP_USAGE));
        };
        let regex = cached_regex(machine, pattern, found.flags)?;
        let words = regex.about().words().into_iter().map(Value::from).collect();
        return Ok(Step::Done(Value::list(vec![Value::int(regex.group_count() as i64), Value::list(words)])));
    }
    if args.len() < found.at + 2 {
        return Err(machine.wrong_args(&args, 1, REGEXP_USAGE));
    }
    let names = &args[found.at + 2..];
    if found.inline && !names.is_empty() {
        return Err(error!("regexp match variables not allowed when using -inline";
            "TCL", "OPERATION", "REGEXP", "MIX_VAR_INLINE"));
    }
    let regex = cached_regex(machine, &args[found.at], found.flags)?;
    let subject = Subject::new(&args[found.at + 1]);
    let start = subject.start(&found, machine)?;
    let wanted = if found.inline { regex.group_count() + 1 } else { names.len().max(usize::from(found.all)) };
    let mut captures = vec![None; wanted.min(regex.group_count() + 1)];
    if !found.all && !found.inline {
        return regexp_once(machine, &regex, &subject, start, captures, names, found.indices);
    }
    let mut at = start;
    let mut matches = 0;
    let mut items = Vec::new();
    let mut last: Option<Vec<Option<(usize, usize)>>> = None;
    while exec(machine, &regex, &subject, at, &mut captures)? {
        matches += 1;
        let (from, to) = captures[0].expect("a match has its whole");
        if found.inline {
            items.extend(captures.iter().map(|c| shown(&subject, *c, found.indices)));
        }
        if !names.is_empty() {
            last = Some(captures.clone());
        }
        if !found.all {
            break;
        }
        at = if to == from { subject.after(to) } else { to };
        if at >= subject.bytes().len() {
            break;
        }
    }
    if found.inline {
        return Ok(Step::Done(Value::list(items)));
    }
    let Some(last) = last else {
        return Ok(Step::Done(Value::int(matches)));
    };
    let stores = stores(&subject, &last, names, found.indices);
    machine.store_all(stores.into_iter(), Value::int(matches))
}

fn regexp_once(
    machine: &mut Machine,
    regex: &Regex,
    subject: &Subject,
    start: usize,
    mut captures: Vec<Option<(usize, usize)>>,
    names: &[Value],
    indices: bool,
) -> Outcome {
    if !exec(machine, regex, subject, start, &mut captures)? {
        return Ok(Step::Done(Value::int(0)));
    }
    if names.is_empty() {
        return Ok(Step::Done(Value::int(1)));
    }
    let stores = stores(subject, &captures, names, indices);
    machine.store_all(stores.into_iter(), Value::int(1))
}

fn stores(
    subject: &Subject,
    captures: &[Option<(usize, usize)>],
    names: &[Value],
    indices: bool,
) -> Vec<(Value, Value)> {
    names
        .iter()
        .enumerate()
        .map(|(i, name)| (name.clone(), shown(subject, captures.get(i).copied().flatten(), indices)))
        .collect()
}

/// A capture as a command gives it.
fn shown(subject: &Subject, capture: Option<(usize, usize)>, indices: bool) -> Value {
    match (capture, indices) {
        (Some((from, to)), true) => {
            Value::list(vec![Value::int(subject.char_of(from)), Value::int(subject.char_of(to) - 1)])
        }
        (None, true) => Value::list(vec![Value::int(-1), Value::int(-1)]),
        (Some((from, to)), false) => Value::text_of(&subject.bytes()[from..to]),
        (None, false) => Value::EMPTY,
    }
}

/// A `regsub` under way.
struct Substitution {
    regex: Rc<Regex>,
    subject: Subject,
    captures: Vec<Option<(usize, usize)>>,
    all: bool,
    replacement: Replacement,
    variable: Option<Value>,
    original: Value,
    out: Vec<u8>,
    /// Where the next search starts, and up to where the text has been copied.
    at: usize,
    copied: usize,
    matches: i64,
}

enum Replacement {
    /// Texts and numbers of groups.
    Pieces(Vec<Piece>),
    /// A command prefix.
    Command(Vec<Value>),
}

enum Piece {
    Text(Vec<u8>),
    Group(usize),
}

fn regsub(machine: &mut Machine, args: Args) -> Outcome {
    let found = options(machine, &args, REGSUB_OPTIONS, REGSUB_USAGE)?;
    let given = args.len() - found.at.min(args.len());
    if !(3..=4).contains(&given) {
        return Err(machine.wrong_args(&args, 1, REGSUB_USAGE));
    }
    let replacement = if found.command {
        let prefix = list_of(&args[found.at + 2])?;
        if prefix.items().is_empty() {
            return Err(error!("command prefix must be a list of at least one element";
                "TCL", "OPERATION", "REGSUB", "CMDEMPTY"));
        }
        Replacement::Command(prefix.items().to_vec())
    } else {
        Replacement::Pieces(pieces_of(&args[found.at + 2].text()))
    };
    let regex = cached_regex(machine, &args[found.at], found.flags)?;
    let original = args[found.at + 1].clone();
    let subject = Subject::new(&original);
    let at = subject.start(&found, machine)?;
    let captures = vec![None; regex.group_count() + 1];
    let state = Substitution {
        regex,
        captures,
        all: found.all,
        replacement,
        variable: args.get(found.at + 3).cloned(),
        original,
        out: Vec::with_capacity(subject.bytes().len()),
        subject,
        at,
        copied: 0,
        matches: 0,
    };
    Box::new(state).go_on(machine)
}

/// The parts of a replacement text: `&`, `\0` to `\9`, `\&`, `\\`.
fn pieces_of(spec: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = Vec::new();
    let mut at = 0;
    while at < spec.len() {
        let group = match (spec[at], spec.get(at + 1)) {
            (b'&', _) => Some((0, 1)),
            (b'\\', Some(digit @ b'0'..=b'9')) => Some((usize::from(digit - b'0'), 2)),
            (b'\\', Some(quoted @ (b'&' | b'\\'))) => {
                text.push(*quoted);
                at += 2;
                continue;
            }
            _ => None,
        };
        match group {
            Some((number, width)) => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(Piece::Group(number));
                at += width;
            }
            None => {
                text.push(spec[at]);
                at += 1;
            }
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

impl Substitution {
    fn go_on(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        loop {
            let length = self.subject.bytes().len();
            if self.at > length || (self.matches > 0 && !self.all) {
                return self.finish(machine);
            }
            let found = exec(machine, &self.regex, &self.subject, self.at, &mut self.captures)?;
            if !found {
                return self.finish(machine);
            }
            self.matches += 1;
            let (from, _) = self.captures[0].expect("a match has its whole");
            let copied = self.copied;
            self.out.extend_from_slice(&self.subject.bytes()[copied..from]);
            if let Replacement::Command(prefix) = &self.replacement {
                let mut words = prefix.clone();
                words.extend(self.captures.iter().map(|c| shown(&self.subject, *c, false)));
                return Ok(Step::run_with(What::Words(words), At::Here, self));
            }
            self.replace();
            self.pass_match();
        }
    }

    fn replace(&mut self) {
        let Replacement::Pieces(pieces) = &self.replacement else {
            return;
        };
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.out.extend_from_slice(text),
                Piece::Group(number) => {
                    if let Some(Some((from, to))) = self.captures.get(*number) {
                        self.out.extend_from_slice(&self.subject.bytes()[*from..*to]);
                    }
                }
            }
        }
    }

    /// Goes on behind the match; behind an empty one the next character is copied.
    fn pass_match(&mut self) {
        let (from, to) = self.captures[0].expect("a match has its whole");
        self.copied = to;
        self.at = to;
        if from == to {
            let next = self.subject.after(to);
            if to < self.subject.bytes().len() {
                self.out.extend_from_slice(&self.subject.bytes()[to..next]);
                self.copied = next;
            }
            self.at = next;
        } else if to == self.subject.bytes().len() {
            // Nothing is left to match but the empty end, which belongs to this match.
            self.at = to + 1;
        }
    }

    fn finish(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        let copied = self.copied.min(self.subject.bytes().len());
        let result = if self.matches == 0 {
            self.original.clone()
        } else {
            self.out.extend_from_slice(&self.subject.bytes()[copied..]);
            Value::text_value(std::mem::take(&mut self.out))
        };
        match self.variable.take() {
            None => Ok(Step::Done(result)),
            Some(name) => machine.store_all(vec![(name, result)].into_iter(), Value::int(self.matches)),
        }
    }
}

impl Continuation for Substitution {
    fn resume(mut self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        let value = outcome.map_err(|mut e| {
            if e.code == crate::interp::exception::ERROR {
                e.add_info(b"\n    (-command substitution computation script)");
            }
            e
        })?;
        self.out.extend_from_slice(&value.text());
        self.pass_match();
        self.go_on(machine)
    }
}
