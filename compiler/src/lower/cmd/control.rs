//! `expr`, `if`, `break`, `continue`, `return`.

use super::super::script::origin;
use super::super::{Dest, Lower, Scope, is_temporary};
use crate::bytecode::{Context, Def, Op, Small, Use};
use crate::syntax::command::{Command, Word};
use crate::syntax::expr::{Expr, ExprNode};

/// The completion code of `break`.
const BREAK: u8 = 3;

/// The completion code of `continue`.
const CONTINUE: u8 = 4;

impl Lower<'_> {
    /// The expression in a literal word; none if the word is not one or the
    /// expression is malformed.
    pub(in crate::lower) fn expression_word(&mut self, word: &Word) -> Option<Expr> {
        self.parse_expression(origin(word)?)
    }
}

pub(super) fn lower_expr(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let args = &command.words[1..];
    if let [word] = args
        && word.literal().is_some()
    {
        let expr = lower.expression_word(word)?;
        if lower.context == Context::Sourced && runs_scripts(&expr) {
            return None;
        }
        return lower.expression(&expr, dest);
    }
    if args.is_empty() || lower.context == Context::Sourced {
        return None;
    }
    let text = lower.builder.temporary();
    lower.spaced(args, text);
    let dst = Def(dest.register().unwrap_or(text));
    lower.emit(Op::EvalExpr { dst, src: Use(text) });
    Some(())
}

/// A comparison of a single value holds: the reference does not even evaluate the word.
pub(super) fn lower_comparison(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [_, _] = command.words.as_slice() else { return None };
    if let Dest::Register(dst) = dest {
        lower.load_integer(1, dst);
    }
    Some(())
}

/// Whether an expression has something in it that a sourced `expr` would
/// compile: scripts, or variables with computed indexes.
fn runs_scripts(expr: &Expr) -> bool {
    expr.nodes.iter().any(|node| match node {
        ExprNode::Script { .. } | ExprNode::Quoted { .. } | ExprNode::Call { .. } => true,
        ExprNode::Variable(variable) => variable.index.is_some(),
        _ => false,
    })
}

/// A condition with the body that it guards.
type Clause<'a> = (&'a Word, &'a Word);

/// Whether the reference compiles an `if` with these arguments: literal conditions with literal bodies.
pub(in crate::lower) fn is_compiled_if(args: &[Word]) -> bool {
    let Some((clauses, last)) = clauses(args) else { return false };
    let mut bodies = clauses.iter().map(|(_, body)| *body).chain(last);
    bodies.all(|body| origin(body).is_some())
        && clauses.iter().all(|(condition, _)| origin(condition).is_some())
}

/// The clauses of an `if` and its `else` body.
fn clauses(args: &[Word]) -> Option<(Vec<Clause<'_>>, Option<&Word>)> {
    let mut clauses = Vec::new();
    let mut rest = args;
    loop {
        let [condition, tail @ ..] = rest else { return None };
        rest = match tail {
            [word, tail @ ..] if word.literal() == Some(b"then") => tail,
            _ => tail,
        };
        let [body, tail @ ..] = rest else { return None };
        clauses.push((condition, body));
        match tail {
            [] => return Some((clauses, None)),
            [word, tail @ ..] if word.literal() == Some(b"elseif") => rest = tail,
            [word, body] if word.literal() == Some(b"else") => return Some((clauses, Some(body))),
            [body] if body.literal() != Some(b"else") => return Some((clauses, Some(body))),
            _ => return None,
        }
    }
}

pub(super) fn lower_if(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let (clauses, otherwise) = clauses(&command.words[1..])?;
    if clauses.iter().map(|clause| clause.1).chain(otherwise).any(|body| origin(body).is_none()) {
        return None;
    }
    let end = lower.builder.label();
    let mut decided = false;
    for (condition, body) in clauses {
        let expr = lower.expression_word(condition)?;
        let truth = lower.constant_truth(&expr);
        if decided || truth == Some(false) {
            continue;
        }
        if truth == Some(true) {
            decided = true;
            lower.body(body, dest)?;
            continue;
        }
        let next = lower.builder.label();
        lower.condition(&expr, false, next)?;
        lower.body(body, dest)?;
        lower.builder.jump(end);
        lower.builder.bind(next);
    }
    if !decided {
        match otherwise {
            Some(body) => lower.body(body, dest)?,
            None => lower.empty(dest),
        }
    }
    lower.builder.bind(end);
    Some(())
}

pub(super) fn lower_break(lower: &mut Lower<'_>, command: &Command, _dest: Dest) -> Option<()> {
    leave_round(lower, command, BREAK)
}

pub(super) fn lower_continue(lower: &mut Lower<'_>, command: &Command, _dest: Dest) -> Option<()> {
    leave_round(lower, command, CONTINUE)
}

fn leave_round(lower: &mut Lower<'_>, command: &Command, code: u8) -> Option<()> {
    if command.words.len() != 1 {
        return None;
    }
    leave(lower, code);
    Some(())
}

/// Continues what is around the loop that is being lowered.
pub(super) fn raise_continue(lower: &mut Lower<'_>) {
    leave(lower, CONTINUE);
}

fn leave(lower: &mut Lower<'_>, code: u8) {
    match lower.scopes.last() {
        Some(Scope::Loop { on_break, on_continue }) => {
            let label = if code == BREAK { *on_break } else { *on_continue };
            lower.builder.jump(label);
        }
        _ => lower.emit(Op::Raise { code: Small(code) }),
    }
}

/// `return` without options, where nothing in the same code catches it.
pub(super) fn lower_return(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    if lower.context != Context::Procedure || lower.scopes.iter().any(|scope| matches!(scope, Scope::Catch)) {
        return None;
    }
    let value = |lower: &mut Lower<'_>| match dest {
        // Nothing reads it: the frame is left.
        Dest::Register(register) if is_temporary(register) => register,
        _ => lower.builder.temporary(),
    };
    let src = match &command.words[1..] {
        [] => {
            let value = value(lower);
            lower.load_text(b"", value);
            value
        }
        [word] => match lower.local_word(word) {
            Some(local) => local,
            None => {
                let value = value(lower);
                lower.word(word, value);
                value
            }
        },
        _ => return None,
    };
    lower.emit(Op::Return { src: Use(src) });
    Some(())
}
