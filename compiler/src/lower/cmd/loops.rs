//! `while`, `for`, `foreach`, `lmap`.

use super::super::build::{Label, LabelledKind};
use super::super::script::origin;
use super::super::vars::split_element;
use super::super::{Dest, Lower, Scope};
use crate::bytecode::{Aux, Body, Def, Immediate, Immediate32, Near, Op, Small, Use, UseDef, Window};
use crate::syntax::command::{Command, Word};
use crate::syntax::list;

impl Lower<'_> {
    /// A loop's body: `break` and `continue` in it, lexical or raised, go on at
    /// the labels.
    pub(super) fn round(
        &mut self,
        body: &Word,
        dest: Dest,
        on_break: Label,
        on_continue: Label,
    ) -> Option<()> {
        let start = self.builder.here();
        self.scopes.push(Scope::Loop { on_break, on_continue });
        self.body(body, dest)?;
        self.scopes.pop();
        if self.may_raise(start) {
            self.builder.handle(start, LabelledKind::Loop { on_break, on_continue });
        }
        Some(())
    }

    /// The same for a command that the reference does not always compile: errorInfo says `note` for the body then.
    pub(super) fn noted_round(
        &mut self,
        body: &Word,
        dest: Dest,
        on_break: Label,
        on_continue: Label,
        note: Option<&[u8]>,
    ) -> Option<()> {
        let start = self.builder.here();
        let outer = self.is_apart;
        self.is_apart |= note.is_some();
        let round = self.round(body, dest, on_break, on_continue);
        self.is_apart = outer;
        round?;
        if let Some(note) = note {
            let line = self.line(self.span(origin(body)?));
            let (end, command) = (self.builder.here(), self.command as u32);
            self.builder.bodies.push(Body { start, end, command, line, note: note.to_vec() });
        }
        Some(())
    }

    /// Whether an operation since `start` can complete with another code than
    /// ok and error.
    fn may_raise(&self, start: u32) -> bool {
        self.builder.ops[start as usize..].iter().any(|op| {
            matches!(
                op,
                Op::Call { .. }
                    | Op::CallSpread { .. }
                    | Op::CallList { .. }
                    | Op::EvalScript { .. }
                    | Op::EvalExpr { .. }
                    | Op::Raise { .. }
                    | Op::Rethrow { .. }
            )
        })
    }
}

pub(super) fn lower_while(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [_, test, body] = command.words.as_slice() else { return None };
    let expr = lower.expression_word(test)?;
    origin(body)?;
    let (top, check, end) = (lower.builder.label(), lower.builder.label(), lower.builder.label());
    match lower.constant_truth(&expr) {
        Some(false) => {}
        Some(true) => {
            lower.builder.bind(check);
            lower.round(body, Dest::Discard, end, check)?;
            lower.builder.jump(check);
        }
        None => {
            lower.builder.jump(check);
            lower.builder.bind(top);
            lower.round(body, Dest::Discard, end, check)?;
            lower.builder.bind(check);
            lower.condition(&expr, true, top)?;
        }
    }
    lower.builder.bind(end);
    lower.empty(dest);
    Some(())
}

pub(super) fn lower_for(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [_, start, test, next, body] = command.words.as_slice() else { return None };
    let expr = lower.expression_word(test)?;
    origin(body)?;
    origin(next)?;
    let (top, check, end) = (lower.builder.label(), lower.builder.label(), lower.builder.label());
    let step = lower.builder.label();
    lower.body(start, Dest::Discard)?;
    let truth = lower.constant_truth(&expr);
    if truth == Some(false) {
        lower.empty(dest);
        return Some(());
    }
    if truth.is_none() {
        lower.builder.jump(check);
    }
    lower.builder.bind(top);
    lower.round(body, Dest::Discard, end, step)?;
    lower.builder.bind(step);
    let outward = step_script(lower, next, end)?;
    lower.builder.bind(check);
    match truth {
        None => lower.condition(&expr, true, top)?,
        Some(_) => lower.builder.jump(top),
    }
    if let Some(outward) = outward {
        lower.builder.jump(end);
        lower.builder.bind(outward);
        super::control::raise_continue(lower);
    }
    lower.builder.bind(end);
    lower.empty(dest);
    Some(())
}

/// The script between the rounds of a `for`: `break` ends the loop, but
/// `continue` belongs to what is around the loop. Returns the label at which it
/// is raised again, if anything needs it.
fn step_script(lower: &mut Lower<'_>, next: &Word, end: Label) -> Option<Option<Label>> {
    let outward = lower.builder.label();
    let fixups = lower.builder.fixups.len();
    let start = lower.builder.here();
    lower.scopes.push(Scope::Loop { on_break: end, on_continue: outward });
    lower.body(next, Dest::Discard)?;
    lower.scopes.pop();
    let jumps = lower.builder.fixups[fixups..].iter().any(|fixup| fixup.label == outward);
    let raises = lower.may_raise(start);
    if raises {
        lower.builder.handle(start, LabelledKind::Loop { on_break: end, on_continue: outward });
    }
    Some((jumps || raises).then_some(outward))
}

/// The variables of a foreach, group by group, and the lists' words.
struct Heads<'a> {
    command: &'static [u8],
    groups: Vec<u16>,
    variables: Vec<Vec<u8>>,
    lists: Vec<&'a Word>,
    body: &'a Word,
    /// Whether the reference compiles the command.
    is_compiled: bool,
}

impl Heads<'_> {
    /// What errorInfo says for the body.
    fn note<'n>(&self, note: &'n [u8]) -> Option<&'n [u8]> {
        (!self.is_compiled).then_some(note)
    }
}

/// The most variables that the operation can number.
const VARIABLES_MAX: usize = 256;

fn heads<'a>(lower: &Lower<'_>, command: &'a Command, name: &'static [u8]) -> Option<Heads<'a>> {
    let (body, pairs) = command.words[1..].split_last()?;
    if pairs.is_empty() || !pairs.len().is_multiple_of(2) || pairs.len() / 2 > VARIABLES_MAX {
        return None;
    }
    origin(body)?;
    let mut heads = Heads {
        command: name,
        groups: Vec::new(),
        variables: Vec::new(),
        lists: Vec::new(),
        body,
        is_compiled: false,
    };
    for pair in pairs.chunks(2) {
        let names = list::split(pair[0].literal()?).ok()?;
        heads.groups.push(u16::try_from(names.len()).ok().filter(|n| *n > 0)?);
        heads.variables.extend(names.into_iter().map(|name| name.into_owned()));
        heads.lists.push(&pair[1]);
    }
    heads.is_compiled = lower.has_registers(&heads.variables);
    let simple = heads.variables.iter().all(|name| split_element(name).1.is_none());
    (simple && heads.variables.len() <= VARIABLES_MAX).then_some(heads)
}

pub(super) fn lower_foreach(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let heads = heads(lower, command, b"foreach")?;
    let (top, end) = (lower.builder.label(), lower.builder.label());
    let lists = begin_rounds(lower, &heads, top, end)?;
    lower.noted_round(heads.body, Dest::Discard, end, top, heads.note(b"\"foreach\" body"))?;
    lower.builder.jump(top);
    lower.builder.bind(end);
    drop_lists(lower, &heads, lists);
    lower.empty(dest);
    Some(())
}

pub(super) fn lower_lmap(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let heads = heads(lower, command, b"lmap")?;
    let (top, end) = (lower.builder.label(), lower.builder.label());
    let values = lower.builder.temporary();
    let value = lower.builder.temporary();
    lower.emit(Op::List { dst: Def(values), first: Window(value), count: Immediate(0) });
    let lists = begin_rounds(lower, &heads, top, end)?;
    lower.noted_round(heads.body, Dest::Register(value), end, top, heads.note(b"\"lmap\" body"))?;
    lower.emit(Op::ListPush { acc: UseDef(values), src: Use(value) });
    lower.builder.jump(top);
    lower.builder.bind(end);
    drop_lists(lower, &heads, lists);
    if let Dest::Register(dst) = dest {
        lower.emit(Op::Move { dst: Def(dst), src: Use(values) });
    }
    Some(())
}

/// Evaluates the lists and begins a round at `top`, with the variables set;
/// goes on at `end` when there is none left.
fn begin_rounds(lower: &mut Lower<'_>, heads: &Heads<'_>, top: Label, end: Label) -> Option<u16> {
    let shape = lower.builder.foreach_shape(heads.groups.clone())?;
    let base = lower.builder.window(heads.lists.len() + 1);
    for (index, list) in heads.lists.iter().enumerate() {
        lower.word(list, base + index as u16);
    }
    lower.emit(Op::ForeachStart { base: Window(base), shape });
    lower.builder.bind(top);
    lower.builder.emit_to(Op::ForeachNext { base: Window(base), shape, near: Near(0) }, end);
    for (which, name) in heads.variables.iter().enumerate() {
        let start = lower.builder.here();
        round_variable(lower, name, which as u8, base, shape);
        if !heads.is_compiled {
            let note = [b"setting ", heads.command, b" loop variable \"", name.as_slice(), b"\""].concat();
            let (end, command) = (lower.builder.here(), lower.command as u32);
            lower.builder.bodies.push(Body { start, end, command, line: Body::NO_LINE, note });
        }
    }
    Some(base)
}

/// Drops the lists after the last round: they would make the next change of a
/// variable's list in place a copy.
fn drop_lists(lower: &mut Lower<'_>, heads: &Heads<'_>, base: u16) {
    for (index, list) in heads.lists.iter().enumerate() {
        if list.literal().is_none() {
            lower.emit(Op::LoadInt { dst: Def(base + index as u16), value: Immediate32(0) });
        }
    }
}

fn round_variable(lower: &mut Lower<'_>, name: &[u8], which: u8, base: u16, shape: Aux) {
    let temporaries = lower.builder.temporaries();
    let target = lower.literal_target(name);
    let local = target.local();
    let dst = local.unwrap_or_else(|| lower.builder.temporary());
    lower.emit(Op::ForeachValue { which: Small(which), dst: Def(dst), base: Window(base), shape });
    if local.is_none() {
        lower.store_target(target, dst);
    }
    lower.builder.release(temporaries);
}
