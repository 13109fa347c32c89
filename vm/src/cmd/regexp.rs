//! `regexp` and `regsub`.

use std::rc::Rc;

use smallvec::SmallVec;
use tclring_compiler::syntax::text::{char_count, char_width};

use super::options::exactly;
use super::pattern::{after_match, cached_regex, search};
use crate::error;
use crate::exec::listops::list_of;
use crate::exec::{log_text, resolve_index};
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Exception};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::regex::{Flags, Regex};
use crate::value::{Value, View, refusal};

const REGEXP_USAGE: &str = "?-option ...? exp string ?matchVar? ?subMatchVar ...?";
const REGSUB_USAGE: &str = "?-option ...? exp string subSpec ?varName?";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "regexp",
        usage: REGEXP_USAGE,
        min: 2,
        max: MANY,
        safe: true,
        help: "Matches a text with a regular expression.",
        run: regexp,
    },
    CommandRow {
        name: "regsub",
        usage: REGSUB_USAGE,
        min: 3,
        max: MANY,
        safe: true,
        help: "Replaces what matches a regular expression.",
        run: regsub,
    },
];

const REGEXP_OPTIONS: &[&str] = &[
    "-all",
    "-about",
    "-indices",
    "-inline",
    "-expanded",
    "-line",
    "-linestop",
    "-lineanchor",
    "-nocase",
    "-start",
    "--",
];
const REGSUB_OPTIONS: &[&str] =
    &["-all", "-command", "-expanded", "-line", "-linestop", "-lineanchor", "-nocase", "-start", "--"];

/// The span of a match or group in bytes.
type Span = Option<(usize, usize)>;

/// The options of both commands.
#[derive(Default)]
struct Options {
    all: bool,
    about: bool,
    indices: bool,
    inline: bool,
    command: bool,
    flags: Flags,
    start: Option<Value>,
    /// The number of the first word behind the options.
    words: usize,
}

impl Options {
    /// Whether one match from the start is looked for.
    fn is_simple(&self) -> bool {
        !(self.all || self.indices || self.inline || self.start.is_some())
    }

    /// Reads the options. If `-start` lacks its value, no word is left.
    fn read(args: &Args, table: &[&str], machine: &Machine) -> Result<Options, Exception> {
        let mut options = Options::default();
        let mut at = 1;
        while at < args.len() && args[at].text().first() == Some(&b'-') {
            // The reference's compiler takes beginnings of this one.
            let abbreviated = args[at].text().starts_with(b"-n") && b"-nocase".starts_with(&args[at].text());
            let chosen = if abbreviated { "-nocase" } else { table[exactly(&args[at], table, "option")?] };
            at += 1;
            match chosen {
                "-all" => options.all = true,
                "-about" => options.about = true,
                "-indices" => options.indices = true,
                "-inline" => options.inline = true,
                "-command" => options.command = true,
                "-expanded" => options.flags.expanded = true,
                "-line" => {
                    options.flags.line_stop = true;
                    options.flags.line_anchor = true;
                }
                "-linestop" => options.flags.line_stop = true,
                "-lineanchor" => options.flags.line_anchor = true,
                "-nocase" => options.flags.nocase = true,
                "-start" => {
                    let Some(start) = args.get(at) else { break };
                    resolve_index(start, 1, machine.mode())?;
                    options.start = Some(start.clone());
                    at += 1;
                }
                _ => break,
            }
        }
        options.words = at;
        Ok(options)
    }
}

/// A text that is searched from a moving place on.
struct Subject {
    value: Value,
    ascii: bool,
    chars: usize,
    /// The place in characters; it may lie behind the end.
    offset: usize,
    /// The same in bytes, at most the text's length.
    byte: usize,
}

impl Subject {
    fn new(value: Value, start: Option<&Value>, machine: &Machine) -> Result<Subject, Exception> {
        let chars = value.char_count();
        let offset = match start {
            // `end` is the place behind the last character here.
            Some(start) => resolve_index(start, chars.saturating_add(1), machine.mode())?.max(0) as usize,
            None => 0,
        };
        let byte = if offset == 0 { 0 } else { value.char_offset(offset) };
        let ascii = match value.view() {
            View::Str(object) => object.is_ascii(),
            _ => value.text().len() == chars,
        };
        Ok(Subject { value, ascii, chars, offset, byte })
    }

    /// Whether the place is behind something other than the end of a line.
    fn not_at_line_start(&self, text: &[u8]) -> bool {
        self.offset > 0 && (self.offset > self.chars || text[self.byte - 1] != b'\n')
    }

    /// The number of characters in a range of the text.
    fn count(&self, text: &[u8], from: usize, to: usize) -> usize {
        if self.ascii { to - from } else { char_count(&text[from..to]) }
    }

    /// The first and the last character of a span as `-indices` reports them.
    fn indices(&self, text: &[u8], span: Span) -> Value {
        let Some((start, end)) = span else {
            return Value::list(vec![Value::int(-1), Value::int(-1)]);
        };
        let place = |byte: usize| {
            if byte >= self.byte {
                (self.offset + self.count(text, self.byte, byte)) as i64
            } else {
                self.count(text, 0, byte) as i64
            }
        };
        Value::list(vec![Value::int(place(start)), Value::int(place(end) - 1)])
    }

    /// Moves behind a match, and one character further if it is empty.
    fn pass(&mut self, text: &[u8], (start, end): (usize, usize)) {
        self.offset += self.count(text, self.byte, end);
        self.byte = end;
        if start == end {
            self.offset += 1;
            self.byte += text.get(end).map_or(0, |lead| char_width(*lead).min(text.len() - end));
        }
    }
}

fn part(text: &[u8], span: Span) -> Value {
    span.map_or(Value::EMPTY, |(start, end)| Value::text_of(&text[start..end]))
}

fn regexp(machine: &mut Machine, args: Args) -> Outcome {
    let options = Options::read(&args, REGEXP_OPTIONS, machine)?;
    if args.len() < options.words + if options.about { 1 } else { 2 } {
        return Err(machine.wrong_args(&args, 1, REGEXP_USAGE));
    }
    let words = &args[options.words..];
    if options.inline && words.len() != 2 {
        return Err(error!("regexp match variables not allowed when using -inline";
            "TCL", "OPERATION", "REGEXP", "MIX_VAR_INLINE"));
    }
    if options.about {
        return Ok(Step::Done(about(&*cached_regex(machine, &words[0], options.flags)?)));
    }
    if options.is_simple() {
        return first_match(machine, words, options.flags);
    }
    let subject = Subject::new(words[1].clone(), options.start.as_ref(), machine)?;
    let regex = cached_regex(machine, &words[0], options.flags)?;
    let names: SmallVec<[Value; 8]> = words[2..].iter().cloned().collect();
    let groups = regex.group_count() + 1;
    let wanted = match (options.inline, options.all) {
        (true, _) => groups,
        (false, true) => names.len().clamp(1, groups),
        (false, false) => names.len().min(groups),
    };
    let captures = SmallVec::from_elem(None, wanted);
    Matching { options, subject, regex, names, captures, count: 0, collected: Vec::new() }.go_on(machine)
}

fn about(regex: &Regex) -> Value {
    let words = regex.about().words().into_iter().map(Value::from).collect();
    Value::list(vec![Value::int(regex.group_count() as i64), super::list::list_value(words)])
}

/// `regexp` for one match from the start of the text: pattern, text, names of variables.
fn first_match(machine: &mut Machine, words: &[Value], flags: Flags) -> Outcome {
    let regex = cached_regex(machine, &words[0], flags)?;
    let (names, text) = (&words[2..], words[1].text());
    let mut room = [None; FEW_SPANS];
    let mut more;
    let captures = match names.len().min(regex.group_count() + 1) {
        few @ ..=FEW_SPANS => &mut room[..few],
        many => {
            more = vec![None; many];
            &mut more[..]
        }
    };
    if !search(machine, &regex, &text, 0, false, captures)? {
        return Ok(Step::Done(Value::int(0)));
    }
    let value = |number: usize| part(&text, captures.get(number).copied().flatten());
    for (number, name) in names.iter().enumerate() {
        let written = machine.write_named(name, value(number))?;
        if !matches!(written, Step::Done(_)) {
            // A trace runs, and the text may be gone when it ends.
            let rest = names.iter().enumerate().skip(number + 1);
            let rest: Vec<_> = rest.map(|(number, name)| (name.clone(), value(number))).collect();
            return machine.after(Ok(written), move |machine, outcome| {
                outcome?;
                machine.store_all(rest.into_iter(), Value::int(1))
            });
        }
    }
    Ok(Step::Done(Value::int(1)))
}

/// How many spans are kept without asking for memory.
const FEW_SPANS: usize = 10;

/// A `regexp` under way.
struct Matching {
    options: Options,
    subject: Subject,
    regex: Rc<Regex>,
    names: SmallVec<[Value; 8]>,
    captures: SmallVec<[Span; 10]>,
    /// How many matches were found.
    count: i64,
    /// For `-inline`.
    collected: Vec<Value>,
}

impl Matching {
    fn go_on(mut self, machine: &mut Machine) -> Outcome {
        loop {
            let value = self.subject.value.clone();
            let text = value.text();
            let not_bol = self.subject.not_at_line_start(&text);
            if !search(machine, &self.regex, &text, self.subject.byte, not_bol, &mut self.captures)? {
                return Ok(Step::Done(self.result()));
            }
            self.count += 1;
            after_match(machine, self.count)?;
            let show = |this: &Matching, span| {
                if this.options.indices { this.subject.indices(&text, span) } else { part(&text, span) }
            };
            if self.options.inline {
                let found: SmallVec<[Value; 10]> =
                    self.captures.iter().map(|span| show(&self, *span)).collect();
                self.collected.extend(found);
            }
            let stores: Vec<(Value, Value)> = (0..self.names.len())
                .map(|number| {
                    let span = self.captures.get(number).copied().flatten();
                    (self.names[number].clone(), show(&self, span))
                })
                .collect();
            let mut done = !self.options.all;
            if self.options.all {
                let whole = self.captures[0].expect("a match has a span");
                self.subject.pass(&text, whole);
                done = self.subject.offset >= self.subject.chars;
            }
            if stores.is_empty() {
                if done {
                    return Ok(Step::Done(self.result()));
                }
                continue;
            }
            if done {
                return machine.store_all(stores.into_iter(), self.result());
            }
            match machine.store_all(stores.into_iter(), Value::EMPTY)? {
                Step::Done(_) => {}
                pending => {
                    return machine.after(Ok(pending), move |machine, outcome| {
                        outcome?;
                        self.go_on(machine)
                    });
                }
            }
        }
    }

    fn result(&mut self) -> Value {
        if self.options.inline {
            return super::list::list_value(std::mem::take(&mut self.collected));
        }
        Value::int(self.count)
    }
}

/// A part of a substitution.
enum Piece {
    Literal(Vec<u8>),
    Group(usize),
}

/// The parts of what `regsub` puts in the place of a match.
fn pieces_of(spec: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = Vec::new();
    let mut at = 0;
    while at < spec.len() {
        let group = match (spec[at], spec.get(at + 1)) {
            (b'&', _) => Some(0),
            (b'\\', Some(digit @ b'0'..=b'9')) => {
                at += 1;
                Some(usize::from(digit - b'0'))
            }
            (b'\\', Some(escaped @ (b'\\' | b'&'))) => {
                at += 1;
                literal.push(*escaped);
                None
            }
            (byte, _) => {
                literal.push(byte);
                None
            }
        };
        at += 1;
        if let Some(group) = group {
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Group(group));
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    pieces
}

/// What takes the place of a match.
enum Replacement {
    Pieces(Vec<Piece>),
    Command(Vec<Value>),
}

fn regsub(machine: &mut Machine, args: Args) -> Outcome {
    let options = Options::read(&args, REGSUB_OPTIONS, machine)?;
    if !(3..=4).contains(&(args.len() - options.words)) {
        return Err(machine.wrong_args(&args, 1, REGSUB_USAGE));
    }
    let words = &args[options.words..];
    let name = words.get(3).cloned();
    let subject = Subject::new(words[1].clone(), options.start.as_ref(), machine)?;
    let is_plain = !options.flags.nocase || words[0].is_empty();
    if options.all && subject.offset == 0 && !options.command && is_plain {
        let (pattern, spec) = (words[0].text(), words[2].text());
        if !spec.iter().any(|b| b"&\\".contains(b)) && !pattern.iter().any(|b| b"*+?{}()[].\\|^$".contains(b))
        {
            let (count, result) = replace_plain(&pattern, &words[1], &spec);
            return finish(machine, name, count, result);
        }
    }
    let regex = cached_regex(machine, &words[0], options.flags)?;
    let replacement = if options.command {
        let prefix = list_of(&words[2])?.items().to_vec();
        if prefix.is_empty() {
            return Err(error!("command prefix must be a list of at least one element";
                "TCL", "OPERATION", "REGSUB", "CMDEMPTY"));
        }
        Replacement::Command(prefix)
    } else {
        Replacement::Pieces(pieces_of(&words[2].text()))
    };
    let wanted = match &replacement {
        Replacement::Command(_) => regex.group_count() + 1,
        Replacement::Pieces(pieces) => {
            let highest =
                pieces.iter().map(|piece| if let Piece::Group(group) = piece { *group } else { 0 }).max();
            highest.unwrap_or(0).min(regex.group_count()) + 1
        }
    };
    let captures = SmallVec::from_elem(None, wanted);
    let state = Substituting {
        all: options.all,
        subject,
        regex,
        name,
        captures,
        count: 0,
        out: Vec::new(),
        replacement,
    };
    Box::new(state).go_on(machine)
}

/// `regsub -all` of a plain text by a plain text. An empty pattern matches before each character.
fn replace_plain(pattern: &[u8], subject: &Value, spec: &[u8]) -> (i64, Value) {
    let text = subject.text();
    let mut count = 0;
    let mut out = Vec::new();
    if pattern.is_empty() {
        let mut at = 0;
        while at < text.len() {
            let end = (at + char_width(text[at])).min(text.len());
            refusal::extend(&mut out, spec);
            refusal::extend(&mut out, &text[at..end]);
            at = end;
            count += 1;
        }
        return (count, Value::text_value(out));
    }
    let mut copied = 0;
    for at in memchr::memmem::find_iter(&text, pattern) {
        refusal::extend(&mut out, &text[copied..at]);
        refusal::extend(&mut out, spec);
        copied = at + pattern.len();
        count += 1;
    }
    if count == 0 {
        return (0, subject.clone());
    }
    refusal::extend(&mut out, &text[copied..]);
    (count, Value::text_value(out))
}

/// The result of `regsub`: the text, or its number of matches when the text goes into a variable.
fn finish(machine: &mut Machine, name: Option<Value>, count: i64, result: Value) -> Outcome {
    match name {
        Some(name) => machine.write_then(&name, result, move |_, _| Ok(Step::Done(Value::int(count)))),
        None => Ok(Step::Done(result)),
    }
}

/// A `regsub` under way.
struct Substituting {
    all: bool,
    subject: Subject,
    regex: Rc<Regex>,
    name: Option<Value>,
    captures: SmallVec<[Span; 10]>,
    count: i64,
    out: Vec<u8>,
    replacement: Replacement,
}

impl Substituting {
    fn go_on(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        let value = self.subject.value.clone();
        let text = value.text();
        while self.subject.offset <= self.subject.chars {
            let not_bol = self.subject.not_at_line_start(&text);
            let from = self.subject.byte;
            if !search(machine, &self.regex, &text, from, not_bol, &mut self.captures)? {
                break;
            }
            if self.count == 0 {
                refusal::extend(&mut self.out, &text[..from]);
            }
            self.count += 1;
            after_match(machine, self.count)?;
            let (start, end) = self.captures[0].expect("a match has a span");
            refusal::extend(&mut self.out, &text[from..start]);
            if matches!(self.replacement, Replacement::Command(_)) {
                let words = self.command_words();
                return Ok(Step::words_then(words, move |machine, outcome| self.computed(machine, outcome)));
            }
            self.put_pieces(&text);
            self.pass(&text, (start, end));
            if !self.all {
                break;
            }
        }
        self.end(machine)
    }

    /// The command that computes what takes the place of the match found last.
    fn command_words(&self) -> Vec<Value> {
        let text = self.subject.value.text();
        let Replacement::Command(prefix) = &self.replacement else { return Vec::new() };
        prefix.iter().cloned().chain(self.captures.iter().map(|span| part(&text, *span))).collect()
    }

    fn put_pieces(&mut self, text: &[u8]) {
        let Replacement::Pieces(pieces) = &self.replacement else { return };
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => refusal::extend(&mut self.out, literal),
                Piece::Group(group) => {
                    if let Some((start, end)) = self.captures.get(*group).copied().flatten() {
                        refusal::extend(&mut self.out, &text[start..end]);
                    }
                }
            }
        }
    }

    /// Goes behind a match. The character that an empty match passes is copied.
    fn pass(&mut self, text: &[u8], span: (usize, usize)) {
        self.subject.pass(text, span);
        refusal::extend(&mut self.out, &text[span.1..self.subject.byte]);
    }

    fn computed(mut self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        let computed = outcome.map_err(|mut e| {
            if e.code == ERROR {
                if !e.logged {
                    let words = self.command_words();
                    e.error_line = 1;
                    log_text(&mut e, &Value::list(words).text());
                }
                e.add_info(b"\n    (-command substitution computation script)");
            }
            e
        })?;
        refusal::extend(&mut self.out, &computed.text());
        let value = self.subject.value.clone();
        let span = self.captures[0].expect("a match has a span");
        self.pass(&value.text(), span);
        if self.all { self.go_on(machine) } else { self.end(machine) }
    }

    fn end(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        if self.count == 0 {
            let unchanged = std::mem::take(&mut self.subject.value);
            return finish(machine, self.name.take(), 0, unchanged);
        }
        refusal::extend(&mut self.out, &self.subject.value.text()[self.subject.byte..]);
        let result = Value::text_value(std::mem::take(&mut self.out));
        finish(machine, self.name.take(), self.count, result)
    }
}
