//! Subcommands of `string` that have operations, and `regexp` without variables.

use super::super::words::WINDOW_MAX;
use super::super::{Dest, Lower};
use crate::bytecode::{Context, Def, Op, Small, Use, Window};
use crate::syntax::command::{Command, Word};

pub(super) fn lower_length(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [text] = args else { return None };
    let [src] = lower.operands([text]);
    let dst = Def(lower.destination(dest));
    lower.emit(Op::StrLen { dst, src: Use(src) });
    Some(())
}

pub(super) fn lower_index(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [text, index] = args else { return None };
    let [src, at] = lower.operands([text, index]);
    let dst = Def(lower.destination(dest));
    lower.emit(Op::StrIndex { dst, src: Use(src), index: Use(at) });
    lower.drop_copies(&[text], &[src], dst);
    Some(())
}

pub(super) fn lower_range(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [text, range @ ..] = args else { return None };
    if range.len() != 2 {
        return None;
    }
    let src = lower.operand_before(text, range);
    let first = lower.word_window(range);
    let dst = Def(lower.destination(dest));
    lower.emit(Op::StrRange { dst, src: Use(src), first: Window(first) });
    lower.drop_copies(&[text], &[src], dst);
    Some(())
}

pub(super) fn lower_equal(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let [left, right] = args else { return None };
    let [lhs, rhs] = lower.operands([left, right]);
    let dst = Def(lower.destination(dest));
    lower.emit(Op::StrEq { dst, lhs: Use(lhs), rhs: Use(rhs) });
    Some(())
}

pub(super) fn lower_match(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    let (nocase, pattern, text) = match args {
        [pattern, text] => (0, pattern, text),
        [option, pattern, text] if option.literal() == Some(b"-nocase") => (1, pattern, text),
        _ => return None,
    };
    let [pattern, src] = lower.operands([pattern, text]);
    let dst = Def(lower.destination(dest));
    lower.emit(Op::StrMatch { nocase: Small(nocase), dst, pattern: Use(pattern), src: Use(src) });
    Some(())
}

pub(super) fn lower_cat(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    if args.is_empty() || args.len() > WINDOW_MAX {
        return None;
    }
    let dst = lower.destination(dest);
    lower.join(args.len(), dst, |lower, index, register| lower.word(&args[index], register));
    Some(())
}

/// The classes of `string is`.
const CLASSES: [&str; 22] = [
    "alnum",
    "alpha",
    "ascii",
    "boolean",
    "control",
    "dict",
    "digit",
    "double",
    "entier",
    "false",
    "graph",
    "integer",
    "list",
    "lower",
    "print",
    "punct",
    "space",
    "true",
    "upper",
    "wideinteger",
    "wordchar",
    "xdigit",
];

/// Whether the arguments of a `string is` begin with a class that there is not: the reference looks at it while it
/// compiles, before anything is substituted.
pub(in crate::lower) fn has_unknown_class(args: &[Word]) -> bool {
    let (2..=5, Some(class)) = (args.len(), args.first().and_then(Word::literal)) else { return false };
    let mut known = CLASSES.iter().filter(|known| !class.is_empty() && known.as_bytes().starts_with(class));
    !known.next().is_some_and(|first| first.as_bytes() == class || known.next().is_none())
}

/// `string is` with a class that there is not.
pub(in crate::lower) fn lower_is(lower: &mut Lower<'_>, args: &[Word], dest: Dest) -> Option<()> {
    if !has_unknown_class(args) || lower.context == Context::Sourced || !lower.options.in_line {
        return None;
    }
    lower.call_named("::tcl::string::is", &[args[0].clone(), args[0].clone()], dest)?;
    lower.builder.folded.push(lower.builder.here() - 1);
    Some(())
}

pub(in crate::lower) fn lower_regexp(lower: &mut Lower<'_>, command: &Command, dest: Dest) -> Option<()> {
    let [options @ .., pattern, text] = &command.words[1..] else { return None };
    let (mut nocase, mut ended) = (false, false);
    for option in options {
        match option.literal()? {
            _ if ended => return None,
            b"-nocase" => nocase = true,
            b"--" => ended = true,
            _ => return None,
        }
    }
    // Compiled, a computed expression is never an option; called, it may be one.
    let may_be_option = match pattern.literal() {
        Some(literal) => literal.starts_with(b"-"),
        None => lower.context == Context::Sourced,
    };
    if may_be_option && !ended {
        return None;
    }
    let [pattern, src] = lower.operands([pattern, text]);
    let dst = Def(lower.destination(dest));
    let nocase = Small(u8::from(nocase));
    lower.emit(Op::RegexpMatch { nocase, dst, pattern: Use(pattern), src: Use(src) });
    Some(())
}
