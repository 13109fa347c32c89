//! `lsearch`.

use std::borrow::Cow;
use std::cmp::Ordering;

use tclring_compiler::Mode;
use tclring_compiler::syntax::index::Index;

use super::choice::choose;
use super::element_key::{group_offset, read_path, read_stride, real, select, uneven};
use super::list::list_value;
use super::options::integer;
use super::pattern::Searcher;
use crate::error;
use crate::exec::listops::list_of;
use crate::exec::resolve_index;
use crate::interp::command::Outcome;
use crate::interp::exception::Exception;
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::regex::Flags;
use crate::text::compare::{compare_dictionary, compare_nocase, equal_nocase};
use crate::text::glob::Glob;
use crate::value::dict::normal_key;
use crate::value::{Value, View, position_of};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "lsearch",
    usage: "?-option value ...? list pattern",
    min: 2,
    max: MANY,
    safe: true,
    help: "Looks for elements of a list.",
    run: |machine, args| {
        let outcome = lsearch(machine, args);
        machine.unless_out_of_time(outcome)
    },
}];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Exact,
    Glob,
    Regexp,
    Sorted,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ascii,
    Dictionary,
    Integer,
    Real,
}

/// The options.
struct Options {
    style: Style,
    kind: Kind,
    bisect: bool,
    all: bool,
    inline: bool,
    negated: bool,
    nocase: bool,
    decreasing: bool,
    subindices: bool,
    start: Option<Value>,
    stride: usize,
    path: Vec<Index>,
}

const OPTIONS: &[&str] = &[
    "-all",
    "-ascii",
    "-bisect",
    "-decreasing",
    "-dictionary",
    "-exact",
    "-glob",
    "-increasing",
    "-index",
    "-inline",
    "-integer",
    "-nocase",
    "-not",
    "-real",
    "-regexp",
    "-sorted",
    "-start",
    "-stride",
    "-subindices",
];

fn missing(message: &str) -> Exception {
    error!(message; "TCL", "ARGUMENT", "MISSING")
}

fn read_options(words: &[Value], mode: Mode) -> Result<Options, Exception> {
    let mut options = Options {
        style: Style::Glob,
        kind: Kind::Ascii,
        bisect: false,
        all: false,
        inline: false,
        negated: false,
        nocase: false,
        decreasing: false,
        subindices: false,
        start: None,
        stride: 1,
        path: Vec::new(),
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match OPTIONS[choose(word, OPTIONS, "option")?] {
            "-all" => options.all = true,
            "-ascii" => options.kind = Kind::Ascii,
            "-bisect" => (options.style, options.bisect) = (Style::Sorted, true),
            "-decreasing" => options.decreasing = true,
            "-dictionary" => options.kind = Kind::Dictionary,
            "-exact" => options.style = Style::Exact,
            "-glob" => options.style = Style::Glob,
            "-increasing" => options.decreasing = false,
            "-index" => {
                let value = words
                    .next()
                    .ok_or_else(|| missing("\"-index\" option must be followed by list index"))?;
                options.path = read_path(value, mode)?;
            }
            "-inline" => options.inline = true,
            "-integer" => options.kind = Kind::Integer,
            "-nocase" => options.nocase = true,
            "-not" => options.negated = true,
            "-real" => options.kind = Kind::Real,
            "-regexp" => options.style = Style::Regexp,
            "-sorted" => options.style = Style::Sorted,
            "-start" => {
                options.start = Some(words.next().ok_or_else(|| missing("missing starting index"))?.clone())
            }
            "-stride" => {
                let value = words
                    .next()
                    .ok_or_else(|| missing("\"-stride\" option must be followed by stride length"))?;
                options.stride = read_stride(value, 1, "LSEARCH", mode)?;
            }
            _ => options.subindices = true,
        }
    }
    if options.subindices && options.path.is_empty() {
        return Err(error!("-subindices cannot be used without -index option";
            "TCL", "OPERATION", "LSEARCH", "BAD_OPTION_MIX"));
    }
    if options.bisect && (options.all || options.negated) {
        return Err(error!("-bisect is not compatible with -all or -not";
            "TCL", "OPERATION", "LSEARCH", "BAD_OPTION_MIX"));
    }
    Ok(options)
}

/// The pattern, prepared for many comparisons.
enum Pattern {
    /// The value, and its text.
    Text(Value, Vec<u8>),
    TextNocase(Vec<u8>),
    Dictionary(Value),
    Integer(i64),
    Real(f64),
    Glob(Glob),
    Regex(Searcher),
}

impl Pattern {
    fn new(machine: &mut Machine, pattern: Value, options: &Options) -> Result<Pattern, Exception> {
        let mode = machine.mode();
        Ok(match (options.style, options.kind) {
            (Style::Glob, _) if !options.nocase && is_plain(&pattern) => {
                Pattern::Text(normal_key(&pattern), pattern.to_text())
            }
            (Style::Glob, _) => Pattern::Glob(Glob::new(&pattern.text(), options.nocase)),
            (Style::Regexp, _) => {
                let flags = Flags { nocase: options.nocase, ..Flags::default() };
                Pattern::Regex(Searcher::new(machine, &pattern, flags)?)
            }
            (_, Kind::Ascii) if options.nocase => Pattern::TextNocase(pattern.to_text()),
            // A number is compared as one with the elements that are numbers, the text with the others.
            (_, Kind::Ascii) => Pattern::Text(normal_key(&pattern), pattern.to_text()),
            (_, Kind::Dictionary) => Pattern::Dictionary(pattern),
            (_, Kind::Integer) => Pattern::Integer(integer(&pattern, mode)?),
            (_, Kind::Real) => Pattern::Real(real(&pattern, mode)?),
        })
    }

    fn matches(&self, key: &Value, mode: Mode) -> Result<bool, Exception> {
        Ok(match self {
            Pattern::Text(value, _) => value == key,
            // The reference compares only texts that are as long, in bytes.
            Pattern::TextNocase(text) => {
                with_text(key, |key| key.len() == text.len() && equal_nocase(text, key, None))
            }
            Pattern::Glob(glob) => with_text(key, |key| glob.matches(key)),
            Pattern::Regex(regex) => regex.matches(&key.text()),
            Pattern::Integer(n) => match key.as_int() {
                Some(key) => key == *n,
                None => integer(key, mode)? == *n,
            },
            _ => self.compare(key, mode)? == Ordering::Equal,
        })
    }

    /// How the pattern compares with a key.
    fn compare(&self, key: &Value, mode: Mode) -> Result<Ordering, Exception> {
        Ok(match self {
            Pattern::Text(_, text) => text[..].cmp(&key.text()),
            Pattern::TextNocase(text) => compare_nocase(text, &key.text(), None),
            Pattern::Dictionary(text) => compare_dictionary(&text.text(), &key.text()),
            Pattern::Integer(n) => n.cmp(&integer(key, mode)?),
            // NaN was refused.
            Pattern::Real(d) => d.partial_cmp(&real(key, mode)?).unwrap_or(Ordering::Equal),
            Pattern::Glob(_) | Pattern::Regex(_) => unreachable!("only texts and numbers have an order"),
        })
    }
}

/// What `look` says of a value's text.
#[inline]
fn with_text<T>(value: &Value, look: impl FnOnce(&[u8]) -> T) -> T {
    match value.view() {
        View::Text(text) => look(text),
        View::Str(object) => look(object.text()),
        _ => look(&value.text()),
    }
}

/// Whether a glob pattern matches nothing but itself.
fn is_plain(pattern: &Value) -> bool {
    matches!(pattern.view(), View::Int(_)) || !pattern.text().iter().any(|b| b"*?[\\".contains(b))
}

/// A search: the elements in groups, and what is compared of each.
struct Search<'a> {
    items: &'a [Value],
    options: &'a Options,
    path: &'a [Index],
    offset: usize,
    mode: Mode,
}

fn lsearch(machine: &mut Machine, mut args: Args) -> Outcome {
    let mode = machine.mode();
    let (at_list, at_pattern) = (args.len() - 2, args.len() - 1);
    let (list, pattern) = (args.take(at_list), args.take(at_pattern));
    let mut options = read_options(&args[1..at_list], mode)?;
    // A malformed expression is reported before anything else.
    let expression = match options.style {
        Style::Regexp => Some(Pattern::new(machine, pattern.clone(), &options)?),
        _ => None,
    };
    let object = list_of(&list)?;
    let items = object.items();
    if !items.len().is_multiple_of(options.stride) {
        return Err(uneven("LSEARCH"));
    }
    let mut path = std::mem::take(&mut options.path);
    let offset = group_offset(&mut path, options.stride, "LSEARCH")?;
    let mut start = 0;
    if let Some(word) = &options.start {
        start = resolve_index(word, items.len(), mode)?.max(0) as usize;
        if start >= items.len() {
            let nothing = options.all || options.inline;
            return Ok(Step::Done(if nothing { Value::EMPTY } else { Value::int(-1) }));
        }
        start -= start % options.stride;
    }
    let pattern = match expression {
        Some(expression) => expression,
        None => Pattern::new(machine, pattern, &options)?,
    };
    let search = Search { items, options: &options, path: &path, offset, mode };
    if options.all {
        return search.all(&pattern, start).map(Step::Done);
    }
    let found = if options.style == Style::Sorted && !options.negated {
        let found = search.bisect(&pattern, start)?;
        if found.is_none() && options.bisect && !options.inline && options.stride > 1 && !options.subindices {
            // The reference counts back from the first group.
            return Ok(Step::Done(Value::int(-(options.stride as i64))));
        }
        found
    } else {
        search.first(&pattern, start)?
    };
    search.answer(found).map(Step::Done)
}

impl Search<'_> {
    /// What is compared of the group that begins at `at`.
    fn key(&self, at: usize) -> Result<Cow<'_, Value>, Exception> {
        select(&self.items[at + self.offset], self.path)
    }

    fn is_wanted(&self, pattern: &Pattern, at: usize) -> Result<bool, Exception> {
        Ok(pattern.matches(&*self.key(at)?, self.mode)? != self.options.negated)
    }

    fn first(&self, pattern: &Pattern, start: usize) -> Result<Option<usize>, Exception> {
        if let ([], 1, false) = (self.path, self.options.stride, self.options.negated) {
            let items = &self.items[start..];
            match pattern {
                Pattern::Text(value, _) => return Ok(position_of(items, value).map(|at| start + at)),
                Pattern::Integer(number) if items.iter().all(|item| item.as_int().is_some()) => {
                    let same = |item: &Value| item.as_int() == Some(*number);
                    return Ok(items.iter().position(same).map(|at| start + at));
                }
                _ => {}
            }
        }
        if let ([], 1) = (self.path, self.options.stride) {
            for (at, item) in self.items.iter().enumerate().skip(start) {
                if pattern.matches(item, self.mode)? != self.options.negated {
                    return Ok(Some(at));
                }
            }
            return Ok(None);
        }
        for at in (start..self.items.len()).step_by(self.options.stride) {
            if self.is_wanted(pattern, at)? {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    fn all(&self, pattern: &Pattern, start: usize) -> Result<Value, Exception> {
        let mut found = Vec::new();
        for at in (start..self.items.len()).step_by(self.options.stride) {
            if !self.is_wanted(pattern, at)? {
                continue;
            }
            match (self.options.inline, self.options.subindices) {
                (true, true) => found.push(self.key(at)?.into_owned()),
                (true, false) => found.extend_from_slice(&self.items[at..at + self.options.stride]),
                (false, true) => found.push(self.subindices(Some(at))),
                (false, false) => found.push(Value::int(at as i64)),
            }
        }
        Ok(list_value(found))
    }

    /// Searches elements that are sorted: the first equal one, or with `-bisect` the last that is not behind.
    fn bisect(&self, pattern: &Pattern, start: usize) -> Result<Option<usize>, Exception> {
        let stride = self.options.stride;
        let (mut low, mut high) = (start / stride, self.items.len() / stride);
        let mut equal = None;
        while low < high {
            let middle = low + (high - low - 1) / 2;
            let order = pattern.compare(&*self.key(middle * stride)?, self.mode)?;
            let order = if self.options.decreasing { order.reverse() } else { order };
            match order {
                Ordering::Equal if !self.options.bisect => {
                    equal = Some(middle);
                    high = middle;
                }
                Ordering::Equal | Ordering::Greater => low = middle + 1,
                Ordering::Less => high = middle,
            }
        }
        let found = if self.options.bisect { low.checked_sub(1) } else { equal };
        Ok(found.map(|group| group * stride))
    }

    /// The place of a match as indexes: of the element, then along the path.
    fn subindices(&self, found: Option<usize>) -> Value {
        let first = found.map_or(-1, |at| (at + self.offset) as i64);
        let mut indexes = vec![Value::int(first)];
        for step in self.path {
            indexes.push(Value::int(match *step {
                Index::FromStart(position) => position,
                // The reference counts from behind the end of the list that is searched.
                Index::FromEnd(offset) => self.items.len() as i64 + offset,
            }));
        }
        list_value(indexes)
    }

    fn answer(&self, found: Option<usize>) -> Result<Value, Exception> {
        let options = self.options;
        Ok(match (options.inline, found) {
            (false, _) if options.subindices => self.subindices(found),
            (false, _) => Value::int(found.map_or(-1, |at| at as i64)),
            (true, None) => Value::EMPTY,
            (true, Some(at)) if options.subindices => self.key(at)?.into_owned(),
            (true, Some(at)) if options.stride > 1 => {
                list_value(self.items[at..at + options.stride].to_vec())
            }
            (true, Some(at)) => self.items[at].clone(),
        })
    }
}
