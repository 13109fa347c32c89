//! `switch` with its arms in one literal list, or in literal words.

use super::super::build::{Label, LabelledTable};
use super::super::script::origin;
use super::super::{Dest, Lower};
use crate::bytecode::{Def, Op, Small, Target, Use};
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
    /// Where the body stands in the source; none for `-`.
    body: Option<Span>,
}

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
    lower.builder.bind(end);
    Some(())
}

/// Whether the reference compiles a `switch` with these arguments.
pub(in crate::lower) fn is_compiled_switch(lower: &Lower<'_>, args: &[Word]) -> bool {
    match shape(args) {
        Some((_, _, [_, list])) => arms(lower.source, list).is_some(),
        Some((_, _, [_, arms @ ..])) => arms.iter().all(|word| origin(word).is_some()),
        _ => false,
    }
}

/// How the arms match, whether the case does not matter, and the words of the value and the arms.
fn shape(args: &[Word]) -> Option<(Matching, bool, &[Word])> {
    // The reference compiles a switch that has no options, or an end of them.
    if let [value, _] = args {
        let is_option = value.literal().is_some_and(|text| text.starts_with(b"-"));
        return (!is_option).then_some((Matching::Exact, false, args));
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
        let pattern = pattern.ok()?.text.into_owned();
        let body = elements.next()?.ok()?;
        let std::borrow::Cow::Borrowed(text) = body.text else { return None };
        let start = within.start as usize + body.start;
        let span = Span::new(start, start + text.len());
        arms.push(Arm { pattern, body: (text != b"-").then_some(span) });
    }
    (arms.last()?.body.is_some()).then_some(arms)
}

/// The arms that are words of the command.
fn arms_in_words(source: &[u8], words: &[Word]) -> Option<Vec<Arm>> {
    let (pairs, []) = words.as_chunks::<2>() else { return None };
    let arm = |[pattern, body]: &[Word; 2]| {
        let body = origin(body)?;
        let pattern = origin(pattern)?.of(source).to_vec();
        Some(Arm { pattern, body: (body.of(source) != b"-").then_some(body) })
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
