//! `lsort`. With `-command` the merging in [`super::lsort_command`] does it.

use std::borrow::Cow;
use std::cmp::Ordering;

use tclring_compiler::Mode;
use tclring_compiler::syntax::index::Index;

use super::choice::choose;
use super::element_key::{group_offset, read_path, read_stride, real, select, uneven};
use super::list::list_value;
use super::lsort_command;
use super::options::integer;
use crate::error;
use crate::exec::listops::{into_items, list_of};
use crate::interp::command::Outcome;
use crate::interp::exception::Exception;
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text::compare::{compare_dictionary, compare_nocase};
use crate::value::{TextRef, Value, View};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "lsort",
    usage: "?-option value ...? list",
    min: 1,
    max: MANY,
    safe: true,
    help: "Sorts a list.",
    run: lsort,
}];

/// How elements compare.
enum Order {
    Ascii,
    Command(Value),
    Dictionary,
    Integer,
    Real,
}

/// The options.
struct Options {
    order: Order,
    decreasing: bool,
    unique: bool,
    indices: bool,
    nocase: bool,
    stride: usize,
    path: Vec<Index>,
}

const OPTIONS: &[&str] = &[
    "-ascii",
    "-command",
    "-decreasing",
    "-dictionary",
    "-increasing",
    "-index",
    "-indices",
    "-integer",
    "-nocase",
    "-real",
    "-stride",
    "-unique",
];

fn read_options(words: &[Value], mode: Mode) -> Result<Options, Exception> {
    let mut options = Options {
        order: Order::Ascii,
        decreasing: false,
        unique: false,
        indices: false,
        nocase: false,
        stride: 1,
        path: Vec::new(),
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let option = OPTIONS[choose(word, OPTIONS, "option")?];
        let mut value = |what: &str| {
            words.next().ok_or_else(
                || error!("\"", option, "\" option must be followed by ", what; "TCL", "ARGUMENT", "MISSING"),
            )
        };
        match option {
            "-ascii" => options.order = Order::Ascii,
            "-command" => options.order = Order::Command(value("comparison command")?.clone()),
            "-decreasing" => options.decreasing = true,
            "-dictionary" => options.order = Order::Dictionary,
            "-increasing" => options.decreasing = false,
            "-index" => options.path = read_path(value("list index")?, mode)?,
            "-indices" => options.indices = true,
            "-integer" => options.order = Order::Integer,
            "-nocase" => options.nocase = true,
            "-real" => options.order = Order::Real,
            "-stride" => options.stride = read_stride(value("stride length")?, 2, "LSORT", mode)?,
            _ => options.unique = true,
        }
    }
    Ok(options)
}

/// What becomes of the sorted order: the list that it is made of, and how.
pub(super) struct Target {
    list: Value,
    stride: usize,
    indices: bool,
}

fn lsort(machine: &mut Machine, mut args: Args) -> Outcome {
    let mode = machine.mode();
    let last = args.len() - 1;
    let list = args.take(last);
    let Options { order, decreasing, unique, indices, nocase, stride, mut path } =
        read_options(&args[1..last], mode)?;
    let object = list_of(&list)?;
    let prefix = match &order {
        Order::Command(prefix) => Some(list_of(prefix)?.items().to_vec()),
        _ => None,
    };
    let items = object.items();
    if !items.len().is_multiple_of(stride) {
        return Err(uneven("LSORT"));
    }
    let offset = group_offset(&mut path, stride, "LSORT")?;
    if items.is_empty() {
        return Ok(Step::EMPTY);
    }
    check_room(items.len() / stride)?;
    let groups = Groups { items, stride, offset, path: &path };
    let order = match order {
        Order::Command(_) => {
            let keys = groups.keys()?;
            drop(object);
            let prefix = prefix.expect("the prefix of the comparison command was read");
            return lsort_command::start(
                machine,
                prefix,
                keys,
                (decreasing, unique),
                Target { list, stride, indices },
            );
        }
        Order::Integer => by_integer(&groups, decreasing, unique, mode)?,
        Order::Real => by_real(&groups, decreasing, unique, mode)?,
        Order::Dictionary => {
            groups.with_keys(|keys| by_text(keys, decreasing, unique, compare_dictionary))?
        }
        Order::Ascii if nocase => {
            groups.with_keys(|keys| by_text(keys, decreasing, unique, |a, b| compare_nocase(a, b, None)))?
        }
        Order::Ascii => groups.with_keys(|keys| by_bytes(keys, decreasing, unique))?,
    };
    drop(object);
    finish(Target { list, stride, indices }, &order).map(Step::Done)
}

/// How many elements are sorted without asking whether there is memory for it.
const UNASKED_MAX: usize = 1 << 16;

/// An error if there is no memory to sort `count` elements: a key, a number and a place in the result for each.
fn check_room(count: usize) -> Result<(), Exception> {
    let mut room: Vec<[u64; 5]> = Vec::new();
    if count > UNASKED_MAX && room.try_reserve_exact(count).is_err() {
        return Err(error!("no enough memory to proccess sort of ", count, " items"; "TCL", "MEMORY"));
    }
    Ok(())
}

/// The elements to sort: in groups of which one element, or a part of it, is compared.
struct Groups<'a> {
    items: &'a [Value],
    stride: usize,
    offset: usize,
    path: &'a [Index],
}

impl<'a> Groups<'a> {
    fn iter(&self) -> impl Iterator<Item = Result<Cow<'a, Value>, Exception>> {
        let (offset, path) = (self.offset, self.path);
        self.items.chunks_exact(self.stride).map(move |group| select(&group[offset], path))
    }

    /// What is compared of each group.
    fn keys(&self) -> Result<Vec<Value>, Exception> {
        self.iter().map(|key| key.map(Cow::into_owned)).collect()
    }

    fn with_keys<R>(&self, sort: impl FnOnce(&[Value]) -> R) -> Result<R, Exception> {
        if self.stride == 1 && self.path.is_empty() {
            return Ok(sort(self.items));
        }
        Ok(sort(&self.keys()?))
    }
}

/// Sorts entries (a key and a number) without disturbing equal ones; of equal ones `unique` keeps the last.
fn sort_entries<T>(
    mut entries: Vec<(T, u32)>,
    decreasing: bool,
    unique: bool,
    compare: impl Fn(&(T, u32), &(T, u32)) -> Ordering,
) -> Vec<u32> {
    if decreasing {
        entries.sort_by(|a, b| compare(b, a));
    } else {
        entries.sort_by(&compare);
    }
    if unique {
        let mut kept = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            if entries.get(at + 1).is_none_or(|next| compare(entry, next) != Ordering::Equal) {
                kept.push(entry.1);
            }
        }
        return kept;
    }
    entries.into_iter().map(|(_, number)| number).collect()
}

fn by_integer(
    groups: &Groups<'_>,
    decreasing: bool,
    unique: bool,
    mode: Mode,
) -> Result<Vec<u32>, Exception> {
    let mut entries = Vec::with_capacity(groups.items.len() / groups.stride);
    for (number, key) in groups.iter().enumerate() {
        entries.push((integer(&*key?, mode)?, number as u32));
    }
    Ok(sort_entries(entries, decreasing, unique, |a, b| a.0.cmp(&b.0)))
}

fn by_real(groups: &Groups<'_>, decreasing: bool, unique: bool, mode: Mode) -> Result<Vec<u32>, Exception> {
    let mut entries = Vec::with_capacity(groups.items.len() / groups.stride);
    for (number, key) in groups.iter().enumerate() {
        entries.push((real(&*key?, mode)?, number as u32));
    }
    // NaN was refused.
    Ok(sort_entries(entries, decreasing, unique, |a, b| a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal)))
}

fn by_text(
    keys: &[Value],
    decreasing: bool,
    unique: bool,
    compare: fn(&[u8], &[u8]) -> Ordering,
) -> Vec<u32> {
    let entries: Vec<(TextRef<'_>, u32)> =
        (0u32..).zip(keys).map(|(number, key)| (key.text(), number)).collect();
    sort_entries(entries, decreasing, unique, |a, b| compare(&a.0, &b.0))
}

/// The first bytes of a text as a number whose order is theirs.
fn first_bytes(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let count = text.len().min(8);
    bytes[..count].copy_from_slice(&text[..count]);
    u64::from_be_bytes(bytes)
}

/// Sorts by the bytes of the texts, which is by code points; most comparisons need only the first bytes.
fn by_bytes(keys: &[Value], decreasing: bool, unique: bool) -> Vec<u32> {
    // The numbers among the keys have their texts made once.
    let made: Vec<Option<TextRef<'_>>> =
        if keys.iter().any(|key| matches!(key.view(), View::Int(_) | View::Double(_))) {
            keys.iter().map(|key| Some(key.text())).collect()
        } else {
            Vec::new()
        };
    let rest = |a: u32, b: u32| {
        if made.is_empty() {
            return keys[a as usize].text().cmp(&keys[b as usize].text());
        }
        let text = |at: u32| made[at as usize].as_deref().unwrap_or_default();
        text(a).cmp(text(b))
    };
    let entries: Vec<(u64, u32)> =
        (0u32..).zip(keys).map(|(number, key)| (first_bytes(&key.text()), number)).collect();
    sort_entries(entries, decreasing, unique, |a, b| a.0.cmp(&b.0).then_with(|| rest(a.1, b.1)))
}

/// Makes the result of the sorted order of groups.
pub(super) fn finish(target: Target, order: &[u32]) -> Result<Value, Exception> {
    let Target { list, stride, indices } = target;
    if indices {
        let numbers = order.iter().flat_map(|group| (0..stride).map(move |at| *group as usize * stride + at));
        return Ok(list_value(numbers.map(|number| Value::int(number as i64)).collect()));
    }
    let mut items = into_items(list)?;
    let mut sorted = Vec::with_capacity(order.len() * stride);
    for group in order {
        let start = *group as usize * stride;
        sorted.extend(items[start..start + stride].iter_mut().map(Value::take));
    }
    Ok(list_value(sorted))
}
