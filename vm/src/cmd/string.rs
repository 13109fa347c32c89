//! The ensemble `string`.

use std::cmp::Ordering;
use std::rc::Rc;

use tclring_compiler::syntax::text::char_count;

use super::options::{dashed, integer, wrong_usage};
use super::string_is;
use crate::error;
use crate::exec::listops::list_of;
use crate::exec::{resolve_index, string_index, string_range};
use crate::interp::command::{Outcome, row};
use crate::interp::exception::Exception;
use crate::interp::{Args, CommandRow, EnsembleRow, MANY, Machine, Step};
use crate::text::map::StringMap;
use crate::text::{case, class, compare, glob, search};
use crate::value::refusal::TEXT_BYTES_MAX;
use crate::value::{Side, Value, View};

const COMPARE_USAGE: &str = "?-nocase? ?-length int? string1 string2";
const RANGE_USAGE: &str = "string ?first? ?last?";

/// The ensemble of this file.
pub const STRING: EnsembleRow = EnsembleRow { name: "string", rows: ROWS, safe: true };

const ROWS: &[CommandRow] = &[
    row("string cat", "?string ...?", (0, MANY), "Joins texts without anything between them.", cat),
    row(
        "string compare",
        COMPARE_USAGE,
        (2, 5),
        "Compares two texts by code points: -1, 0 or 1.",
        compare_command,
    ),
    row("string equal", COMPARE_USAGE, (2, 5), "Says whether two texts are equal.", equal_command),
    row(
        "string first",
        "needleString haystackString ?startIndex?",
        (2, 3),
        "Finds the first occurrence of a text.",
        first,
    ),
    row("string index", "string charIndex", (2, 2), "Answers one character.", index),
    row("string insert", "string index insertString", (3, 3), "Inserts a text into another.", insert),
    row("string is", string_is::USAGE, (2, 5), "Says whether a text belongs to a class.", string_is::is),
    row(
        "string last",
        "needleString haystackString ?lastIndex?",
        (2, 3),
        "Finds the last occurrence of a text.",
        last,
    ),
    row("string length", "string", (1, 1), "Counts the characters.", length),
    row("string map", "?-nocase? charMap string", (2, 3), "Replaces texts by others.", map),
    row(
        "string match",
        "?-nocase? pattern string",
        (2, 3),
        "Matches a text with a glob pattern.",
        match_command,
    ),
    row("string range", "string first last", (3, 3), "Answers the characters of a range.", range),
    row("string repeat", "string count", (2, 2), "Repeats a text.", repeat),
    row(
        "string replace",
        "string first last ?string?",
        (3, 4),
        "Replaces the characters of a range.",
        replace,
    ),
    row("string reverse", "string", (1, 1), "Reverses the order of the characters.", reverse),
    row("string tolower", RANGE_USAGE, (1, 3), "Converts to lower case.", |m, a| convert(m, &a, case::lower)),
    row("string toupper", RANGE_USAGE, (1, 3), "Converts to upper case.", |m, a| convert(m, &a, case::upper)),
    row("string totitle", RANGE_USAGE, (1, 3), "Converts to title case.", |m, a| convert(m, &a, case::title)),
    row("string trim", "string ?chars?", (1, 2), "Removes characters from both ends.", |_, a| {
        trim(a, true, true)
    }),
    row("string trimleft", "string ?chars?", (1, 2), "Removes characters from the start.", |_, a| {
        trim(a, true, false)
    }),
    row("string trimright", "string ?chars?", (1, 2), "Removes characters from the end.", |_, a| {
        trim(a, false, true)
    }),
    row(
        "string wordend",
        "string index",
        (2, 2),
        "Answers the place behind the word around a character.",
        wordend,
    ),
    row(
        "string wordstart",
        "string index",
        (2, 2),
        "Answers the place of the word around a character.",
        wordstart,
    ),
];

/// The number of the character at byte `at` of `value`'s text.
fn char_at(value: &Value, at: usize) -> i64 {
    let ascii = matches!(value.view(), View::Str(object) if object.is_ascii());
    let number = if ascii { at } else { char_count(&value.text()[..at]) };
    number as i64
}

fn cat(_machine: &mut Machine, mut args: Args) -> Outcome {
    if args.len() == 2 {
        return Ok(Step::Done(args.take(1)));
    }
    let words = &args[1..];
    if !words.is_empty() && words.iter().all(|word| matches!(word.view(), View::Bytes(_))) {
        let bytes =
            words.iter().filter_map(Value::bytes_rc).flat_map(|object| object.bytes().to_vec()).collect();
        return Ok(Step::Done(Value::bytes(bytes)));
    }
    let total: usize = words.iter().map(|word| word.text().len()).sum();
    if total > TEXT_BYTES_MAX {
        return Err(too_long(total as u128));
    }
    let mut out = Vec::with_capacity(total);
    words.iter().for_each(|word| out.extend_from_slice(&word.text()));
    Ok(Step::Done(Value::text_value(out)))
}

/// The options before the two texts of `compare` and `equal`.
#[derive(Default)]
struct Comparing {
    nocase: bool,
    limit: Option<usize>,
}

fn comparing(machine: &Machine, args: &Args, shown: &str) -> Result<Comparing, Exception> {
    let mut options = Comparing::default();
    let end = args.len() - 2;
    let mut at = 1;
    while at < end {
        match dashed(&args[at], &["-nocase", "-length"])? {
            0 => options.nocase = true,
            _ => {
                at += 1;
                if at >= end {
                    return Err(wrong_usage(shown));
                }
                options.limit = usize::try_from(integer(&args[at], machine.mode())?).ok();
            }
        }
        at += 1;
    }
    Ok(options)
}

fn compare_command(machine: &mut Machine, args: Args) -> Outcome {
    let options = comparing(machine, &args, "string compare ?-nocase? ?-length int? string1 string2")?;
    let (left, right) = (&args[args.len() - 2], &args[args.len() - 1]);
    let order = match (left.view(), right.view()) {
        (View::Bytes(a), View::Bytes(b)) if !options.nocase => {
            let limit = options.limit.unwrap_or(usize::MAX);
            let (a, b) = (a.bytes(), b.bytes());
            a[..a.len().min(limit)].cmp(&b[..b.len().min(limit)])
        }
        _ if options.nocase => compare::compare_nocase(&left.text(), &right.text(), options.limit),
        _ => compare::compare(&left.text(), &right.text(), options.limit),
    };
    Ok(Step::Done(Value::int(order as i64)))
}

fn equal_command(machine: &mut Machine, args: Args) -> Outcome {
    let options = comparing(machine, &args, "string equal ?-nocase? ?-length int? string1 string2")?;
    let (left, right) = (&args[args.len() - 2], &args[args.len() - 1]);
    let equal = match (options.nocase, options.limit) {
        (false, None) => left == right,
        (false, limit) => compare::compare(&left.text(), &right.text(), limit) == Ordering::Equal,
        (true, limit) => compare::equal_nocase(&left.text(), &right.text(), limit),
    };
    Ok(Step::Done(Value::bool(equal)))
}

fn first(machine: &mut Machine, args: Args) -> Outcome {
    let (needle, haystack) = (&args[1], &args[2]);
    let start = match args.get(3) {
        Some(start) => resolve_index(start, haystack.char_count(), machine.mode())?.max(0),
        None => 0,
    };
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    if let (View::Bytes(needle), View::Bytes(haystack)) = (needle.view(), haystack.view()) {
        let found = search::first(needle.bytes(), haystack.bytes(), start.min(haystack.bytes().len()));
        return Ok(Step::Done(Value::int(found.map_or(-1, |at| at as i64))));
    }
    let from = if start == 0 { 0 } else { haystack.char_offset(start) };
    let found = search::first(&needle.text(), &haystack.text(), from);
    Ok(Step::Done(Value::int(found.map_or(-1, |at| char_at(haystack, at)))))
}

fn last(machine: &mut Machine, args: Args) -> Outcome {
    let (needle, haystack) = (&args[1], &args[2]);
    let until = match args.get(3) {
        Some(last) => {
            let last = resolve_index(last, haystack.char_count(), machine.mode())?;
            haystack.char_offset(usize::try_from(last.saturating_add(1)).unwrap_or(0))
        }
        None => usize::MAX,
    };
    let found = search::last(&needle.text(), &haystack.text(), until);
    Ok(Step::Done(Value::int(found.map_or(-1, |at| char_at(haystack, at)))))
}

fn index(machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(string_index(&args[1], &args[2], machine.mode())?))
}

fn insert(machine: &mut Machine, mut args: Args) -> Outcome {
    let mut target = args.take(1);
    let count = target.char_count();
    // `end` is the place behind the last character here.
    let at = resolve_index(&args[2], count + 1, machine.mode())?.clamp(0, count as i64);
    let offset = target.char_offset(at as usize);
    let more = args[3].text();
    if at as usize == count
        && let Some(object) = target.as_appendable()
    {
        object.append(&more);
        return Ok(Step::Done(target));
    }
    let text = target.text();
    Ok(Step::Done(Value::text_value([&text[..offset], &more, &text[offset..]].concat())))
}

fn length(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(Value::int(args[1].char_count() as i64)))
}

/// A mapping as the text of its list remembers it.
struct Prepared {
    nocase: bool,
    map: StringMap,
}

fn map(_machine: &mut Machine, args: Args) -> Outcome {
    let nocase = args.len() == 4;
    if nocase {
        dashed(&args[1], &["-nocase"])?;
    }
    let (pairs, subject) = (&args[args.len() - 2], &args[args.len() - 1]);
    let prepared = prepare_map(pairs, nocase)?;
    let mapped = prepared.map.apply(&subject.text());
    Ok(Step::Done(mapped.map_or_else(|| subject.clone(), Value::text_value)))
}

fn prepare_map(pairs: &Value, nocase: bool) -> Result<Rc<Prepared>, Exception> {
    if let View::Str(object) = pairs.view()
        && let Side::Other(side) = &*object.side()
        && let Ok(prepared) = Rc::clone(side).downcast::<Prepared>()
        && prepared.nocase == nocase
    {
        return Ok(prepared);
    }
    let list = list_of(pairs)?;
    if list.items().len() % 2 != 0 {
        return Err(error!("char map list unbalanced"; "TCL", "OPERATION", "MAP", "UNBALANCED"));
    }
    let texts: Vec<_> = list.items().iter().map(Value::text).collect();
    let map = StringMap::new(texts.chunks_exact(2).map(|pair| (&*pair[0], &*pair[1])), nocase);
    let prepared = Rc::new(Prepared { nocase, map });
    if let View::Str(object) = pairs.view() {
        object.set_side(Side::Other(Rc::clone(&prepared) as Rc<dyn std::any::Any>));
    }
    Ok(prepared)
}

fn match_command(_machine: &mut Machine, args: Args) -> Outcome {
    let nocase = args.len() == 4;
    if nocase {
        dashed(&args[1], &["-nocase"])?;
    }
    let (pattern, subject) = (&args[args.len() - 2], &args[args.len() - 1]);
    Ok(Step::Done(Value::bool(glob::matches(&pattern.text(), &subject.text(), nocase))))
}

fn range(machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(string_range(&args[1], &args[2], &args[3], machine.mode())?))
}

/// The error for a text of `bytes` bytes, which is more than there may be.
#[cold]
pub(crate) fn too_long(bytes: u128) -> Exception {
    error!("string size overflow: unable to alloc ", (bytes as i64), " bytes"; "TCL", "MEMORY")
}

fn repeat(machine: &mut Machine, mut args: Args) -> Outcome {
    let count = integer(&args[2], machine.mode())?;
    let unit = args.take(1);
    if count == 1 || unit.is_empty() {
        return Ok(Step::Done(unit));
    }
    if count < 1 {
        return Ok(Step::EMPTY);
    }
    let total = unit.char_count() as u128 * count as u128;
    if let View::Bytes(object) = unit.view() {
        return Ok(Step::Done(Value::bytes(repeated(object.bytes(), count, total)?)));
    }
    let text = unit.text();
    Ok(Step::Done(Value::text_value(repeated(&text, count, total)?)))
}

/// `unit` repeated, of which the error message says that it has `shown` bytes.
fn repeated(unit: &[u8], count: i64, shown: u128) -> Result<Vec<u8>, Exception> {
    let bytes = unit.len() as u128 * count as u128;
    let mut out = Vec::new();
    if bytes > TEXT_BYTES_MAX as u128 || out.try_reserve_exact(bytes as usize).is_err() {
        return Err(too_long(shown));
    }
    let bytes = bytes as usize;
    out.extend_from_slice(unit);
    while out.len() < bytes {
        // Doubling copies few long pieces instead of many short ones.
        let more = out.len().min(bytes - out.len());
        out.extend_from_within(..more);
    }
    Ok(out)
}

fn replace(machine: &mut Machine, mut args: Args) -> Outcome {
    let mode = machine.mode();
    let target = args.take(1);
    let count = target.char_count();
    let first = resolve_index(&args[2], count, mode)?;
    let last = resolve_index(&args[3], count, mode)?;
    if last < 0 || last < first || first >= count as i64 {
        return Ok(Step::Done(target));
    }
    let start = target.char_offset(first.max(0) as usize);
    let end = target.char_offset(last.saturating_add(1).min(count as i64) as usize);
    let text = target.text();
    let more = args.get(4).map(Value::text);
    let more = more.as_deref().unwrap_or_default();
    Ok(Step::Done(Value::text_value([&text[..start], more, &text[end..]].concat())))
}

fn reverse(_machine: &mut Machine, args: Args) -> Outcome {
    if let View::Bytes(object) = args[1].view() {
        return Ok(Step::Done(Value::bytes(object.bytes().iter().rev().copied().collect())));
    }
    let text = args[1].text();
    if text.is_ascii() {
        let mut bytes = text.to_vec();
        bytes.reverse();
        return Ok(Step::Done(Value::ascii(&bytes)));
    }
    // The bytes the other way round, and then those of each character again.
    let mut out: Vec<u8> = text.iter().rev().copied().collect();
    let mut at = 0;
    while let Some(byte) = out.get(at) {
        match byte {
            0x80..=0xBF => {
                let start = at;
                while matches!(out.get(at), Some(0x80..=0xBF)) {
                    at += 1;
                }
                at = out.len().min(at + 1);
                out[start..at].reverse();
            }
            _ => at += 1,
        }
    }
    Ok(Step::Done(Value::text_value(out)))
}

/// Converts the case of all characters or those of a range.
fn convert(machine: &mut Machine, args: &Args, conversion: fn(&[u8]) -> Vec<u8>) -> Outcome {
    let subject = &args[1];
    let Some(first) = args.get(2) else {
        return Ok(Step::Done(Value::text_value(conversion(&subject.text()))));
    };
    let mode = machine.mode();
    let count = subject.char_count();
    let first = resolve_index(first, count, mode)?.max(0);
    let last = match args.get(3) {
        Some(last) => resolve_index(last, count, mode)?.min(count as i64 - 1),
        None => first.min(count as i64 - 1),
    };
    if last < first {
        return Ok(Step::Done(subject.clone()));
    }
    let (start, end) = (subject.char_offset(first as usize), subject.char_offset(last as usize + 1));
    let text = subject.text();
    let middle = conversion(&text[start..end]);
    Ok(Step::Done(Value::text_value([&text[..start], &middle, &text[end..]].concat())))
}

fn trim(mut args: Args, left: bool, right: bool) -> Outcome {
    let subject = args.take(1);
    let text = subject.text();
    let set = args.get(2).map(Value::text);
    let kept = class::trim(&text, set.as_deref(), left, right);
    if kept.len() == text.len() {
        return Ok(Step::Done(subject));
    }
    Ok(Step::Done(Value::text_of(&text[kept])))
}

fn wordend(machine: &mut Machine, args: Args) -> Outcome {
    let subject = &args[1];
    let at = resolve_index(&args[2], subject.char_count(), machine.mode())?.max(0);
    let offset = subject.char_offset(at as usize);
    let end = class::word_end(&subject.text(), offset);
    Ok(Step::Done(Value::int(char_at(subject, end))))
}

fn wordstart(machine: &mut Machine, args: Args) -> Outcome {
    let subject = &args[1];
    let at = resolve_index(&args[2], subject.char_count(), machine.mode())?.max(0);
    let offset = subject.char_offset(at as usize);
    let start = class::word_start(&subject.text(), offset);
    Ok(Step::Done(Value::int(char_at(subject, start))))
}
