//! `switch` with its arms in one literal list, or in literal words.

use std::borrow::Cow;

use super::super::build::{Label, LabelledTable};
use super::super::script::origin;
use super::super::{Dest, Lower};
use crate::bytecode::{Body, Def, Op, Small, Target, Use};
use crate::source::Span;
use crate::syntax::command::{Command, Word};
use crate::syntax::list;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Matching {
    Exact,
    Glob,
    Regexp,
}

struct Arm {
    pattern: Vec<u8>,
    /// Whether the pattern is written as it is, without backslashes that are substituted.
    is_plain: bool,
    /// Where the body stands in the source; none for `-`.
    body: Option<Span>,
}

/// How many patterns may lead to one body that is lowered for each of them.
const SHARERS_MAX: usize = 4;
/// How much of a pattern errorInfo shows.
const PATTERN_SHOWN_MAX: usize = 50;

pub(super) fn lower_switch(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let (matching, nocase, rest) = shape(&command.words[1..])?;
    let (value, words) = rest.split_first()?;
    let mut arms = match words {
        [list] => arms(lower.source, list)?,
        words => arms_in_words(lower.source, words)?,
    };
    let default = arms.pop_if(|arm| arm.pattern == b"default");
    let labels: Vec<Label> = arms.iter().map(|_| lower.builder.label()).collect();
    let (otherwise, end) = (lower.builder.label(), lower.builder.label());
    match matching {
        Matching::Exact => by_table(lower, value, &arms, &labels, otherwise)?,
        _ => by_pattern(lower, (matching, nocase), value, &arms, &labels, otherwise),
    }
    if arms.iter().chain(&default).all(|arm| arm.is_plain) {
        for (arm, label) in arms.iter().zip(labels) {
            lower.builder.bind(label);
            if let Some(body) = arm.body {
                lower.body_at(body, dest)?;
                lower.builder.jump(end);
            }
        }
        // An arm that falls through to the default stands right before it.
        lower.builder.bind(otherwise);
        match default.and_then(|arm| arm.body) {
            Some(body) => lower.body_at(body, dest)?,
            None => lower.empty(dest),
        }
    } else {
        for (at, label) in labels.into_iter().enumerate() {
            lower.builder.bind(label);
            let sharers = arms[at..].iter().chain(&default).position(|arm| arm.body.is_some())?;
            let body = arms[at..].iter().chain(&default).find_map(|arm| arm.body)?;
            if sharers >= SHARERS_MAX {
                return None;
            }
            noted_body(lower, &arms[at], body, dest)?;
            lower.builder.jump(end);
        }
        lower.builder.bind(otherwise);
        match default.and_then(|arm| arm.body.map(|body| (arm, body))) {
            Some((arm, body)) => noted_body(lower, &arm, body, dest)?,
            None => lower.empty(dest),
        }
    }
    lower.builder.bind(end);
    Some(())
}

/// Lowers the body of an arm of a switch that the reference does not compile: errorInfo tells of the arm.
fn noted_body(lower: &mut Lower<'_>, arm: &Arm, body: Span, dest: Dest) -> Option<()> {
    let start = lower.builder.here();
    let outer = std::mem::replace(&mut lower.is_apart, true);
    let lowered = lower.body_at(body, dest);
    lower.is_apart = outer;
    lowered?;
    let mut shown = arm.pattern.as_slice();
    if shown.len() > PATTERN_SHOWN_MAX {
        let mut end = PATTERN_SHOWN_MAX;
        while end > 0 && shown[end] & 0xC0 == 0x80 {
            end -= 1;
        }
        shown = &shown[..end];
    }
    let dots: &[u8] = if shown.len() < arm.pattern.len() { b"..." } else { b"" };
    let note = [b"\"".as_slice(), shown, dots, b"\" arm"].concat();
    let line = lower.line(lower.span(body));
    let (end, command) = (lower.builder.here(), lower.command as u32);
    lower.builder.bodies.push(Body { start, end, command, line, note });
    Some(())
}

/// Whether the reference compiles a `switch` with these arguments.
pub(in crate::lower) fn is_compiled_switch(lower: &Lower<'_>, args: &[Word]) -> bool {
    match shape(args) {
        Some((_, _, [_, list])) => {
            arms(lower.source, list).is_some_and(|arms| arms.iter().all(|arm| arm.is_plain))
        }
        Some((_, _, [_, arms @ ..])) => arms.iter().all(|word| origin(word).is_some()),
        _ => false,
    }
}

/// How the arms match, whether the case does not matter, and the words of the value and the arms.
fn shape(args: &[Word]) -> Option<(Matching, bool, &[Word])> {
    // The reference compiles a switch that has no options, or an end of them.
    if args.len() == 2 {
        return Some((Matching::Exact, false, args));
    }
    let (mut matching, mut nocase) = (None, false);
    let mut words = args.iter().enumerate();
    let rest = loop {
        let (at, option) = words.next()?;
        let option = option.literal()?;
        let is = |whole: &[u8]| option.len() > 1 && whole.starts_with(option);
        let mode = match option {
            b"--" => break &args[at + 1..],
            _ if is(b"-exact") => Matching::Exact,
            _ if is(b"-glob") => Matching::Glob,
            _ if is(b"-regexp") => Matching::Regexp,
            _ if is(b"-nocase") => {
                nocase = true;
                continue;
            }
            _ => return None,
        };
        if matching.replace(mode).is_some() {
            return None;
        }
    };
    let matching = matching.unwrap_or(Matching::Exact);
    (!(nocase && matching == Matching::Exact)).then_some((matching, nocase, rest))
}

fn arms(source: &[u8], word: &Word) -> Option<Vec<Arm>> {
    let within = origin(word)?;
    let mut elements = list::elements(within.of(source));
    let mut arms = Vec::new();
    while let Some(pattern) = elements.next() {
        let pattern = pattern.ok()?.text;
        let is_plain = matches!(pattern, Cow::Borrowed(_));
        let body = elements.next()?.ok()?;
        let Cow::Borrowed(text) = body.text else { return None };
        let start = within.start as usize + body.start;
        let span = Span::new(start, start + text.len());
        arms.push(Arm { pattern: pattern.into_owned(), is_plain, body: (text != b"-").then_some(span) });
    }
    (arms.last()?.body.is_some()).then_some(arms)
}

/// The arms that are words of the command.
fn arms_in_words(source: &[u8], words: &[Word]) -> Option<Vec<Arm>> {
    let (pairs, []) = words.as_chunks::<2>() else { return None };
    let arm = |[pattern, body]: &[Word; 2]| {
        let body = origin(body)?;
        let pattern = origin(pattern)?.of(source).to_vec();
        Some(Arm { pattern, is_plain: true, body: (body.of(source) != b"-").then_some(body) })
    };
    let arms: Vec<Arm> = pairs.iter().map(arm).collect::<Option<_>>()?;
    (arms.last()?.body.is_some()).then_some(arms)
}

fn by_table(
    lower: &mut Lower<'_>,
    value: &Word,
    arms: &[Arm],
    labels: &[Label],
    otherwise: Label,
) -> Option<()> {
    let temporaries = lower.builder.temporaries();
    let src = Use(lower.operand(value, true));
    let arms = arms.iter().zip(labels).map(|(arm, label)| (arm.pattern.clone(), *label)).collect();
    let table = lower.builder.jump_table(LabelledTable { arms, default: otherwise })?;
    lower.emit(Op::JumpTable { src, table });
    lower.builder.release(temporaries);
    Some(())
}

fn by_pattern(
    lower: &mut Lower<'_>,
    (matching, nocase): (Matching, bool),
    value: &Word,
    arms: &[Arm],
    labels: &[Label],
    otherwise: Label,
) {
    let temporaries = lower.builder.temporaries();
    // One read of the variable, whatever the number of patterns.
    let text = lower.operand(value, false);
    let pattern = lower.builder.temporary();
    let nocase = Small(u8::from(nocase));
    for (arm, label) in arms.iter().zip(labels) {
        lower.load_text(&arm.pattern, pattern);
        let (dst, src, pattern) = (Def(pattern), Use(text), Use(pattern));
        lower.emit(match matching {
            Matching::Regexp => Op::RegexpMatch { nocase, dst, pattern, src },
            _ => Op::StrMatch { nocase, dst, pattern, src },
        });
        lower.builder.emit_to(Op::JumpTrue { cond: pattern, target: Target(0) }, *label);
    }
    lower.builder.jump(otherwise);
    lower.builder.release(temporaries);
}
