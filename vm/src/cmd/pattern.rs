//! Regular expressions of commands, compiled once per text.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::exec::too_long;
use crate::interp::exception::{Exception, Raised};
use crate::interp::{Machine, pending};
use crate::regex::{Flags, Regex};
use crate::text;
use crate::value::refusal;
use crate::value::text::Side;
use crate::value::{Value, View};

/// A compiled pattern beside its text.
struct Cached {
    flags: Flags,
    regex: Rc<Regex>,
}

/// The regular expression that `pattern` is, compiled with `flags`; a text on the heap remembers it.
///
/// # Errors
/// `cannot compile regular expression pattern: …`
pub(super) fn regex_of(pattern: &Value, flags: Flags) -> Result<Rc<Regex>, Exception> {
    if let View::Str(object) = pattern.view()
        && let Side::Other(side) = &*object.side()
        && let Some(cached) = side.downcast_ref::<Cached>()
        && cached.flags == flags
    {
        return Ok(Rc::clone(&cached.regex));
    }
    let regex = Regex::compile(&pattern.text(), flags).map_err(|e| {
        Raised::error(text!["cannot compile regular expression pattern: ", e.reason()]).with_code(&[
            "REGEXP",
            e.word(),
            e.reason(),
        ])
    })?;
    let regex = Rc::new(regex);
    if let View::Str(object) = pattern.view() {
        object.set_side(Side::Other(Rc::new(Cached { flags, regex: Rc::clone(&regex) })));
    }
    Ok(regex)
}

/// How many patterns without a side slot of their own are remembered.
const PATTERNS_MAX: usize = 64;

/// Patterns compiled for short texts, newest last.
#[derive(Default)]
struct Recent {
    patterns: Vec<(Vec<u8>, Cached)>,
}

/// Like [`regex_of`], remembering also the patterns of short texts.
///
/// # Errors
/// `cannot compile regular expression pattern: …`
pub(super) fn cached_regex(
    machine: &mut Machine,
    pattern: &Value,
    flags: Flags,
) -> Result<Rc<Regex>, Exception> {
    if matches!(pattern.view(), View::Str(_)) {
        return regex_of(pattern, flags);
    }
    let text = pattern.text();
    let recent = machine.caches.get::<Recent>();
    let found =
        recent.patterns.iter().rposition(|(known, cached)| known[..] == *text && cached.flags == flags);
    if let Some(at) = found {
        return Ok(Rc::clone(&recent.patterns[at].1.regex));
    }
    let regex = regex_of(pattern, flags)?;
    if recent.patterns.len() >= PATTERNS_MAX {
        recent.patterns.remove(0);
    }
    recent.patterns.push((text.to_vec(), Cached { flags, regex: Rc::clone(&regex) }));
    Ok(regex)
}

/// Looks for a match as [`Regex::exec`] does; a cancellation or a limit ends it.
///
/// # Errors
/// What the cancellation or limit raises.
pub(super) fn search(
    machine: &mut Machine,
    regex: &Regex,
    text: &[u8],
    start: usize,
    not_bol: bool,
    captures: &mut [Option<(usize, usize)>],
) -> Result<bool, Exception> {
    loop {
        let mut poll =
            || machine.pending.load(Ordering::Relaxed) & pending::INTERRUPT == 0 && !machine.is_out_of_time();
        if let Ok(found) = regex.exec(text, start, not_bol, captures, &mut poll) {
            return Ok(found);
        }
        if let Some(exception) = machine.interruption().or_else(|| machine.time_error()) {
            return Err(exception);
        }
        // Nothing to raise: the search begins again.
        machine.pending.fetch_and(!pending::INTERRUPT, Ordering::Relaxed);
    }
}

/// How many matches a command finds before it looks whether it is to end.
const MATCHES_PER_POLL: i64 = 1 << 12;

/// Looks from time to time whether a command that has found `count` matches is to end: short searches in a long text
/// poll nothing themselves.
///
/// # Errors
/// What a cancellation or limit raises, or that the result gets too long.
pub(super) fn after_match(machine: &mut Machine, count: i64) -> Result<(), Exception> {
    if count % MATCHES_PER_POLL != 0 {
        return Ok(());
    }
    if refusal::is_noted() {
        return Err(too_long());
    }
    let is_interrupted = machine.pending.load(Ordering::Relaxed) & pending::INTERRUPT != 0;
    let interruption = if is_interrupted { machine.interruption() } else { None };
    match interruption.or_else(|| machine.time_error()) {
        Some(exception) => Err(exception),
        None => Ok(()),
    }
}

/// Whether `pattern` matches `subject`: as a regular expression somewhere in it, or as a glob pattern all of it.
///
/// # Errors
/// The expression is malformed, or the search was ended.
pub(crate) fn is_match(
    machine: &mut Machine,
    pattern: &Value,
    subject: &Value,
    (regexp, nocase): (bool, bool),
) -> Result<bool, Exception> {
    if !regexp {
        return Ok(crate::text::glob::matches(&pattern.text(), &subject.text(), nocase));
    }
    let regex = cached_regex(machine, pattern, Flags { nocase, ..Flags::default() })?;
    search(machine, &regex, &subject.text(), 0, false, &mut [])
}

/// A pattern for many texts, which may come to an end before the last.
pub(super) struct Searcher {
    regex: Rc<Regex>,
    pending: Arc<AtomicU32>,
    /// When the time of the interpreter is over, and what tells the time.
    end: Option<(i64, fn() -> i64)>,
}

impl Searcher {
    /// The pattern in `value`.
    ///
    /// # Errors
    /// It is malformed.
    pub(super) fn new(machine: &mut Machine, value: &Value, flags: Flags) -> Result<Searcher, Exception> {
        let end = machine.end_of_time().and_then(|end| Some((end, machine.wall_clock?)));
        Ok(Searcher {
            regex: cached_regex(machine, value, flags)?,
            pending: Arc::clone(&machine.pending),
            end,
        })
    }

    /// Whether the pattern matches somewhere in `text`. A cancellation or a limit ends the search without a
    /// match; the command that asks is then the last one, and nobody sees its result.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let mut poll = || {
            self.pending.load(Ordering::Relaxed) & pending::INTERRUPT == 0
                && self.end.is_none_or(|(end, clock)| clock() < end)
        };
        self.regex.exec(text, 0, false, &mut [], &mut poll).unwrap_or(false)
    }
}
