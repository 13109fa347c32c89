//! `switch` with its arms in one literal list, matching exactly or by glob.

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
}

struct Arm {
    pattern: Vec<u8>,
    /// Where the body stands in the source; none for `-`.
    body: Option<Span>,
}

pub(super) fn lower_switch(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let (matching, value, list) = shape(&command.words[1..])?;
    let mut arms = arms(lower.source, list)?;
    let default = arms.pop_if(|arm| arm.pattern == b"default");
    let labels: Vec<Label> = arms.iter().map(|_| lower.builder.label()).collect();
    let (otherwise, end) = (lower.builder.label(), lower.builder.label());
    match matching {
        Matching::Exact => by_table(lower, value, &arms, &labels, otherwise)?,
        Matching::Glob => by_pattern(lower, value, &arms, &labels, otherwise),
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

/// How the arms match, the value's word and the list of arms.
fn shape(args: &[Word]) -> Option<(Matching, &Word, &Word)> {
    let [options @ .., value, list] = args else { return None };
    // The reference compiles a switch that has no options, or an end of them.
    let matching = match options {
        [] if value.literal().is_some_and(|text| text.starts_with(b"-")) => return None,
        [] => Matching::Exact,
        [end] if end.literal() == Some(b"--") => Matching::Exact,
        [option, end] if end.literal() == Some(b"--") => match option.literal()? {
            b"-exact" => Matching::Exact,
            b"-glob" => Matching::Glob,
            _ => return None,
        },
        _ => return None,
    };
    Some((matching, value, list))
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

fn by_pattern(lower: &mut Lower<'_>, value: &Word, arms: &[Arm], labels: &[Label], otherwise: Label) {
    let temporaries = lower.builder.temporaries();
    // One read of the variable, whatever the number of patterns.
    let text = lower.operand(value, false);
    let pattern = lower.builder.temporary();
    for (arm, label) in arms.iter().zip(labels) {
        lower.load_text(&arm.pattern, pattern);
        let (dst, src) = (Def(pattern), Use(text));
        lower.emit(Op::StrMatch { nocase: Small(0), dst, pattern: Use(pattern), src });
        lower.builder.emit_to(Op::JumpTrue { cond: Use(pattern), target: Target(0) }, *label);
    }
    lower.builder.jump(otherwise);
    lower.builder.release(temporaries);
}
