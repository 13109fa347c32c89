//! `try`.
//!
//! Only where variables have registers: elsewhere the reference does not
//! compile it, and errorInfo has lines for its parts. The outcome of each part
//! (code, result, options) is in three temporaries, which the next part reads.

use super::super::build::LabelledKind;
use super::super::script::origin;
use super::super::{Dest, Lower, Scope};
use crate::bytecode::{Context, Def, Immediate, Immediate32, Near, Op, Small, Use, Window};
use crate::syntax::command::{Command, Word};
use crate::syntax::list;
use crate::syntax::number::canonical_int;

/// The completion codes that have names, by number.
const CODES: &[&[u8]] = &[b"ok", b"error", b"return", b"break", b"continue"];

/// The completion code of an error.
const ERROR: i16 = 1;

/// Which outcomes a clause handles.
enum Outcome {
    Code(i16),
    /// An error whose code begins with the words of a list, given as its
    /// canonical text and their number.
    Trap {
        prefix: Vec<u8>,
        words: i64,
    },
}

struct Clause<'a> {
    outcome: Outcome,
    names: Vec<Vec<u8>>,
    body: &'a Word,
}

struct Parts<'a> {
    body: &'a Word,
    clauses: Vec<Clause<'a>>,
    finally: Option<&'a Word>,
}

pub(super) fn lower_try(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let parts = parts(&command.words[1..])?;
    if !lower.in_procedure() && (lower.context == Context::Sourced || !parts.clauses.is_empty()) {
        return None;
    }
    if !parts.clauses.iter().all(|clause| is_compiled(lower, clause)) {
        return None;
    }
    if parts.clauses.is_empty() && parts.finally.is_none() {
        return lower.body_or_value(parts.body, dest);
    }
    let base = lower.builder.window(3);
    guarded(lower, base, |lower| lower.body_or_value(parts.body, Dest::Register(base + 1)))?;
    let settled = lower.builder.label();
    for clause in &parts.clauses {
        let next = lower.builder.label();
        let temporaries = lower.builder.temporaries();
        matching(lower, &clause.outcome, base, next);
        handler(lower, clause, base, parts.finally.is_some())?;
        lower.builder.release(temporaries);
        lower.builder.jump(settled);
        lower.builder.bind(next);
    }
    lower.builder.bind(settled);
    if let Some(script) = parts.finally {
        finally(lower, script, base)?;
    }
    let ended = lower.builder.label();
    lower.builder.emit_to(Op::JumpEqImm { lhs: Use(base), rhs: Immediate(0), near: Near(0) }, ended);
    lower.emit(Op::Rethrow { base: Window(base) });
    lower.builder.bind(ended);
    if parts.finally.is_some() {
        lower.emit(Op::KeepOptions { src: Use(base + 2) });
    }
    lower.deliver(base + 1, dest);
    Some(())
}

/// The parts of a `try`.
fn parts(args: &[Word]) -> Option<Parts<'_>> {
    let [body, rest @ ..] = args else { return None };
    let (rest, finally) = match rest {
        [rest @ .., word, script] if word.literal() == Some(b"finally") && rest.len() % 4 == 0 => {
            (rest, Some(script))
        }
        _ => (rest, None),
    };
    if let Some(script) = finally {
        origin(script)?;
    }
    if rest.len() % 4 != 0 {
        return None;
    }
    let mut clauses = rest.chunks(4).map(clause).collect::<Option<Vec<_>>>()?;
    let mut shared = None;
    for clause in clauses.iter_mut().rev() {
        // A dash stands for the next clause's body.
        if clause.body.literal() == Some(b"-") {
            clause.body = shared?;
        }
        shared = Some(clause.body);
    }
    Some(Parts { body, clauses, finally })
}

/// Whether the reference compiles a `try` with this clause in a procedure.
fn is_compiled(lower: &Lower<'_>, clause: &Clause<'_>) -> bool {
    lower.has_registers(&clause.names) && !matches!(clause.outcome, Outcome::Trap { words: 0, .. })
}

/// Whether the reference compiles a `try` with these arguments in a procedure.
pub(in crate::lower) fn is_compiled_try(lower: &Lower<'_>, args: &[Word]) -> bool {
    // A clause may have the next one's body.
    let own = |words: &[Word]| {
        let names = words.get(2).and_then(Word::literal).and_then(|names| list::split(names).ok());
        let is_plain = names.is_some_and(|names| names.len() <= 2 && lower.has_registers(&names));
        let is_trap = words[0].literal() == Some(b"trap");
        is_plain
            && !(is_trap
                && words.get(1).and_then(Word::literal).is_none_or(|list| list.trim_ascii().is_empty()))
    };
    let clauses = args.get(1..).unwrap_or_default();
    let (clauses, finally) = match clauses {
        [rest @ .., word, script] if word.literal() == Some(b"finally") && rest.len() % 4 == 0 => {
            (rest, Some(script))
        }
        _ => (clauses, None),
    };
    let mut bodies = clauses.iter().skip(3).step_by(4).chain(finally);
    lower.in_procedure() && clauses.chunks(4).all(own) && bodies.all(|body| origin(body).is_some())
}

fn clause(words: &[Word]) -> Option<Clause<'_>> {
    let [kind, which, names, body] = words else { return None };
    let outcome = match kind.literal()? {
        b"on" => Outcome::Code(completion_code(which.literal()?)?),
        b"trap" => {
            let words = list::split(which.literal()?).ok()?;
            Outcome::Trap { prefix: list::join(&words), words: words.len() as i64 }
        }
        _ => return None,
    };
    let names: Vec<Vec<u8>> =
        list::split(names.literal()?).ok()?.into_iter().map(|name| name.into_owned()).collect();
    origin(body)?;
    (names.len() <= 2).then_some(Clause { outcome, names, body })
}

fn completion_code(text: &[u8]) -> Option<i16> {
    let named = CODES.iter().position(|name| *name == text).map(|code| code as i16);
    named.or_else(|| i16::try_from(canonical_int(text)?).ok())
}

/// Runs a part so that its outcome, whatever it is, ends up in `base`.
pub(super) fn guarded(
    lower: &mut Lower<'_>,
    base: u16,
    part: impl FnOnce(&mut Lower<'_>) -> Option<()>,
) -> Option<()> {
    let after = lower.builder.label();
    let start = lower.builder.here();
    lower.scopes.push(Scope::Catch);
    part(lower)?;
    lower.scopes.pop();
    lower.builder.handle(start, LabelledKind::Catch { target: after, base, wants_options: true });
    lower.emit(Op::LoadInt { dst: Def(base), value: Immediate32(0) });
    lower.emit(Op::LoadOptions { dst: Def(base + 2) });
    lower.builder.bind(after);
    Some(())
}

/// Goes on at `next` unless the outcome in `base` is one that the clause handles.
fn matching(lower: &mut Lower<'_>, outcome: &Outcome, base: u16, next: super::super::build::Label) {
    let near = Near(0);
    let code = match outcome {
        Outcome::Code(code) => *code,
        Outcome::Trap { .. } => ERROR,
    };
    lower.builder.emit_to(Op::JumpNeImm { lhs: Use(base), rhs: Immediate(code), near }, next);
    let Outcome::Trap { prefix, words } = outcome else { return };
    if *words == 0 {
        return;
    }
    let temporaries = lower.builder.temporaries();
    let (code, range) = (lower.builder.temporary(), lower.builder.window(2));
    lower.load_text(b"-errorcode", range);
    lower.emit(Op::DictGet { count: Small(1), dst: Def(code), src: Use(base + 2), first: Window(range) });
    lower.load_integer(0, range);
    lower.load_integer(words - 1, range + 1);
    lower.emit(Op::Lrange { dst: Def(code), src: Use(code), first: Window(range) });
    lower.load_text(prefix, range);
    lower.builder.emit_to(Op::JumpStrNe { lhs: Use(code), rhs: Use(range), near }, next);
    lower.builder.release(temporaries);
}

/// Runs a clause's body; its outcome takes the place of the one it handles.
fn handler(lower: &mut Lower<'_>, clause: &Clause<'_>, base: u16, has_finally: bool) -> Option<()> {
    let during = lower.builder.temporary();
    lower.emit(Op::Copy { dst: Def(during), src: Use(base + 2) });
    if !has_finally {
        // What goes wrong here is not said to have come up during the outcome.
        variables(lower, clause, base)?;
    }
    guarded(lower, base, |lower| {
        if has_finally {
            variables(lower, clause, base)?;
        }
        lower.body(clause.body, Dest::Register(base + 1))
    })?;
    lower.emit(Op::During { base: Window(base), during: Use(during) });
    Some(())
}

/// Stores result and options in the clause's variables.
fn variables(lower: &mut Lower<'_>, clause: &Clause<'_>, base: u16) -> Option<()> {
    for (index, name) in clause.names.iter().enumerate() {
        let target = lower.plain_target(name)?;
        lower.store_target(target, base + 1 + index as u16);
    }
    Some(())
}

/// Runs the last part; only its exceptions count.
fn finally(lower: &mut Lower<'_>, script: &Word, base: u16) -> Option<()> {
    let temporaries = lower.builder.temporaries();
    let raised = lower.builder.window(3);
    let (caught, passed) = (lower.builder.label(), lower.builder.label());
    let start = lower.builder.here();
    lower.scopes.push(Scope::Catch);
    lower.body(script, Dest::Discard)?;
    lower.scopes.pop();
    lower.builder.handle(start, LabelledKind::Catch { target: caught, base: raised, wants_options: true });
    if lower.builder.here() > start {
        lower.builder.jump(passed);
        lower.builder.bind(caught);
        lower.emit(Op::During { base: Window(raised), during: Use(base + 2) });
        lower.emit(Op::Rethrow { base: Window(raised) });
    }
    lower.builder.bind(passed);
    lower.builder.release(temporaries);
    Some(())
}
