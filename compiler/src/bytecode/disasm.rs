//! The listing of code, and the reference page of the operations.
//!
//! A listing holds everything that a code holds: [`super::asm`] reads it back.
//! One line per table entry, then one per operation:
//!
//! ```text
//! .context procedure
//! .mode 9.0
//! .source "incr x"
//! .registers 2
//! .local "x"
//! .command 0 1 source 0 6 line 1
//!    0  incrlocal r0 1 r1                    ; x
//!    1  return r1
//! ```
//!
//! What follows a semicolon behind an operation is for the reader only.

use std::fmt::Write;

use super::ops::ROWS;
use super::{Code, Constant, Context, HandlerKind, Kind, NO_REG, Op, Place};
use crate::Mode;

/// The column at which the notes on operations begin.
const NOTES_COLUMN: usize = 40;

/// The listing of `code`.
pub fn disassemble(code: &Code) -> String {
    let mut out = String::new();
    let context = match code.context {
        Context::Sourced => "sourced",
        Context::Script => "script",
        Context::Procedure => "procedure",
        Context::Expression => "expression",
    };
    let mode = match code.mode {
        Mode::Tcl90 => "9.0",
        Mode::Tcl86 => "8.6",
    };
    line(&mut out, format_args!(".context {context}"));
    if code.in_procedure && code.context != Context::Procedure {
        line(&mut out, format_args!(".inline"));
    }
    line(&mut out, format_args!(".mode {mode}"));
    line(&mut out, format_args!(".source {}", quoted(&code.source)));
    line(&mut out, format_args!(".registers {}", code.registers));
    for name in &code.locals {
        line(&mut out, format_args!(".local {}", quoted(name)));
    }
    for constant in &code.constants {
        line(&mut out, format_args!(".const {}", constant_text(constant)));
    }
    tables(&mut out, code);
    for (at, op) in code.ops.iter().enumerate() {
        operation(&mut out, code, at, *op);
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("a string takes every text");
}

fn constant_text(constant: &Constant) -> String {
    match constant {
        Constant::Text { text, origin: None } => format!("text {}", quoted(text)),
        Constant::Text { text, origin: Some(at) } => {
            format!("text {} at {} {}", quoted(text), at.start, at.end)
        }
        Constant::Int(n) => format!("int {n}"),
        // The bits, so that every number, infinities included, reads back as it was.
        Constant::Double(d) => format!("double {:#018x} {d:?}", d.to_bits()),
    }
}

fn tables(out: &mut String, code: &Code) {
    for site in &code.variable_sites {
        line(out, format_args!(".variable {}", quoted(&site.name)));
    }
    for site in &code.call_sites {
        let name = site.name.as_ref().map_or("-".to_owned(), |name| quoted(name));
        let quiet = if site.quiet { "quiet " } else { "" };
        let flat = if site.flat { "flat " } else { "" };
        let apart = if site.apart { "apart " } else { "" };
        let spread = if site.spread == 0 { String::new() } else { format!("spread {:#b} ", site.spread) };
        line(out, format_args!(".call {} {quiet}{flat}{apart}{spread}{name}", site.words));
    }
    for shape in &code.foreach_shapes {
        let groups: Vec<String> = shape.groups.iter().map(u16::to_string).collect();
        line(out, format_args!(".foreach {}", groups.join(" ")));
    }
    for table in &code.jump_tables {
        let arms: Vec<String> =
            table.arms.iter().map(|(text, to)| format!(" {} {to}", quoted(text))).collect();
        line(out, format_args!(".table {}{}", table.default, arms.concat()));
    }
    for name in &code.assumed {
        line(out, format_args!(".assumed {}", quoted(name.as_bytes())));
    }
    for span in &code.commands {
        let fused = span.fused.map_or(String::new(), |register| format!(" fused r{register}"));
        let (start, end) = (span.source.start, span.source.end);
        let text =
            format!(".command {} {} source {start} {end} line {}{fused}", span.start, span.end, span.line);
        line(out, format_args!("{text}"));
    }
    for body in &code.bodies {
        let (start, end, command, line_at) = (body.start, body.end, body.command, body.line);
        line(
            out,
            format_args!(".body {start} {end} command {command} line {line_at} {}", quoted(&body.note)),
        );
    }
    for at in &code.folded {
        line(out, format_args!(".folded {at}"));
    }
    for handler in &code.handlers {
        let kind = match handler.kind {
            HandlerKind::Loop { on_break, on_continue } => format!("loop {on_break} {on_continue}"),
            HandlerKind::Catch { target, base, wants_options } => {
                format!("catch {target} r{base} {}", u8::from(wants_options))
            }
        };
        line(out, format_args!(".handler {} {} {kind}", handler.start, handler.end));
    }
}

fn operation(out: &mut String, code: &Code, at: usize, op: Op) {
    let mut text = format!("{at:4}  {}", op.name());
    let mut notes: Vec<String> = Vec::new();
    op.operands(|_, kind, number| {
        text.push(' ');
        text.push_str(&operand(kind, number));
        notes.extend(note(code, op, at, kind, number));
    });
    if !notes.is_empty() {
        while text.len() < NOTES_COLUMN {
            text.push(' ');
        }
        text.push_str(" ; ");
        text.push_str(&notes.join(", "));
    }
    line(out, format_args!("{text}"));
}

/// An operand as the listing shows it.
fn operand(kind: Kind, number: i64) -> String {
    match kind {
        Kind::Def | Kind::Use | Kind::UseDef | Kind::Window => format!("r{number}"),
        Kind::OptionalUse | Kind::OptionalDef if number == i64::from(NO_REG) => "-".to_owned(),
        Kind::OptionalUse | Kind::OptionalDef => format!("r{number}"),
        Kind::Place => match Place(u16::try_from(number).unwrap_or(NO_REG)).as_site() {
            Some(site) => format!("v{site}"),
            None => format!("r{number}"),
        },
        Kind::Const => format!("c{number}"),
        Kind::Site => format!("s{number}"),
        Kind::Aux => format!("t{number}"),
        Kind::Target => format!("@{number}"),
        Kind::Near => format!("{number:+}"),
        Kind::Immediate | Kind::Small => number.to_string(),
    }
}

/// What an operand means in this code.
fn note(code: &Code, op: Op, at: usize, kind: Kind, number: i64) -> Option<String> {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    match kind {
        Kind::Def | Kind::Use | Kind::OptionalUse | Kind::OptionalDef => {
            code.locals.get(index).map(|n| shown(n))
        }
        Kind::Place => match Place(u16::try_from(number).ok()?).as_site() {
            Some(site) => code.variable_sites.get(usize::from(site)).map(|site| shown(&site.name)),
            None => code.locals.get(index).map(|name| shown(name)),
        },
        Kind::Const => code.constants.get(index).map(|constant| match constant {
            Constant::Text { text, .. } => quoted(text),
            Constant::Int(n) => n.to_string(),
            Constant::Double(d) => format!("{d:?}"),
        }),
        Kind::Site => code.call_sites.get(index).map(|site| match &site.name {
            Some(name) => format!("{}/{}", shown(name), site.words),
            None => format!("?/{}", site.words),
        }),
        Kind::Near => Some(format!("@{}", at as i64 + 1 + number)),
        Kind::Small if matches!(op, Op::MathCall { .. }) => {
            super::MATH_FUNCTIONS.get(index).map(|name| (*name).to_owned())
        }
        _ => None,
    }
}

/// A name in a note, cut if it is long.
fn shown(name: &[u8]) -> String {
    const SHOWN_MAX: usize = 30;
    let quoted = quoted(name);
    let plain = &quoted[1..quoted.len() - 1];
    plain.chars().take(SHOWN_MAX).collect()
}

/// A text in quotes. Bytes outside printable ASCII, quotes and backslashes are
/// written as `\xNN`, a newline as `\n`.
pub(super) fn quoted(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for byte in text {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'"' | b'\\' | 0..0x20 | 0x7F.. => {
                write!(out, "\\x{byte:02x}").expect("a string takes every text")
            }
            _ => out.push(char::from(*byte)),
        }
    }
    out.push('"');
    out
}

/// The reference page of the operations, in Markdown.
pub fn opcodes_page() -> String {
    let mut out = String::from(
        "# Operations\n\nGenerated from the table in `compiler/src/bytecode/ops.rs`; do not edit.\n\n\
         Operands are named with their kinds. `dst = …` writes a register; a register that is a named\n\
         variable is read and written as the variable, with its traces.\n\n\
         | operation | operands | meaning |\n|---|---|---|\n",
    );
    for (name, doc, operands) in ROWS {
        let operands: Vec<String> = operands.iter().map(|(name, kind)| format!("{name}: {kind:?}")).collect();
        let doc = doc.trim().replace('|', "\\|");
        line(&mut out, format_args!("| `{name}` | {} | {doc} |", operands.join(", ")));
    }
    out
}
