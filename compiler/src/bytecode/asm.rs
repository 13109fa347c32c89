//! The assembler: reads the listing form of [`super::disasm`] back.
//!
//! The result is not trusted: it goes through the verifier before it runs.

use super::operand::{NO_REG, Place};
use super::ops::ROWS;
use super::{
    Body, CallSite, Code, CommandSpan, Constant, Context, ForeachShape, Handler, HandlerKind, JumpTable,
    Kind, Op, VariableSite,
};
use crate::Mode;
use crate::source::Span;

/// What is wrong with a listing, and in which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssembleError {
    /// The line, counted from 1.
    pub line: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl std::fmt::Display for AssembleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: expected {}", self.line, self.expected)
    }
}

impl std::error::Error for AssembleError {}

/// Reads a listing.
///
/// # Errors
/// The first line that is not of the listing form.
pub fn assemble(listing: &str) -> Result<Code, AssembleError> {
    let mut code = Code {
        ops: Vec::new(),
        constants: Vec::new(),
        locals: Vec::new(),
        registers: 0,
        variable_sites: Vec::new(),
        call_sites: Vec::new(),
        commands: Vec::new(),
        bodies: Vec::new(),
        folded: Vec::new(),
        handlers: Vec::new(),
        foreach_shapes: Vec::new(),
        jump_tables: Vec::new(),
        source: Vec::new(),
        context: Context::Script,
        in_procedure: false,
        mode: Mode::Tcl90,
        assumed: Vec::new(),
    };
    for (index, text) in listing.lines().enumerate() {
        let mut line = Line { rest: text };
        line.read(&mut code).map_err(|expected| AssembleError { line: index + 1, expected })?;
    }
    Ok(code)
}

/// What a line lacks.
type Expected = &'static str;

/// The unread part of a line.
struct Line<'a> {
    rest: &'a str,
}

impl<'a> Line<'a> {
    fn read(&mut self, code: &mut Code) -> Result<(), Expected> {
        let Some(first) = self.next() else { return Ok(()) };
        match first {
            ".context" => {
                code.context = self.context()?;
                code.in_procedure |= code.context == Context::Procedure;
            }
            ".inline" => code.in_procedure = true,
            ".mode" => code.mode = self.mode()?,
            ".source" => code.source = self.text()?,
            ".registers" => code.registers = self.number()?,
            ".local" => code.locals.push(self.text()?),
            ".const" => code.constants.push(self.constant()?),
            ".variable" => code.variable_sites.push(VariableSite { name: self.text()? }),
            ".call" => code.call_sites.push(self.call_site()?),
            ".foreach" => code.foreach_shapes.push(self.shape()?),
            ".table" => code.jump_tables.push(self.table()?),
            ".assumed" => code.assumed.push(self.assumed()?),
            ".command" => code.commands.push(self.command()?),
            ".folded" => code.folded.push(self.number()?),
            ".body" => code.bodies.push(self.body()?),
            ".handler" => code.handlers.push(self.handler()?),
            _ => return self.operation(first, code),
        }
        if self.next().is_some() { Err("the end of the line") } else { Ok(()) }
    }

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest.trim_start();
        let end = text.find(' ').unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn number<T: std::str::FromStr>(&mut self) -> Result<T, Expected> {
        self.next().and_then(|word| word.parse().ok()).ok_or("a number")
    }

    fn keyword(&mut self, keyword: &'static str) -> Result<(), Expected> {
        if self.next() == Some(keyword) { Ok(()) } else { Err(keyword) }
    }

    fn register(&mut self) -> Result<u16, Expected> {
        self.next().and_then(|word| word.strip_prefix('r')?.parse().ok()).ok_or("a register")
    }

    /// A text in quotes.
    fn text(&mut self) -> Result<Vec<u8>, Expected> {
        let mut rest = self.rest.trim_start().strip_prefix('"').ok_or("a text in quotes")?;
        let mut text = Vec::new();
        loop {
            let special = rest.find(['"', '\\']).ok_or("a closing quote")?;
            text.extend_from_slice(&rest.as_bytes()[..special]);
            if rest.as_bytes()[special] == b'"' {
                self.rest = &rest[special + 1..];
                return Ok(text);
            }
            rest = &rest[special + 1..];
            if let Some(tail) = rest.strip_prefix('n') {
                text.push(b'\n');
                rest = tail;
                continue;
            }
            let digits = rest.strip_prefix('x').and_then(|tail| tail.get(..2)).ok_or("\\n or \\xNN")?;
            text.push(u8::from_str_radix(digits, 16).map_err(|_| "two hexadecimal digits")?);
            rest = &rest[3..];
        }
    }

    fn context(&mut self) -> Result<Context, Expected> {
        Ok(match self.next() {
            Some("sourced") => Context::Sourced,
            Some("script") => Context::Script,
            Some("procedure") => Context::Procedure,
            Some("expression") => Context::Expression,
            _ => return Err("a context"),
        })
    }

    fn mode(&mut self) -> Result<Mode, Expected> {
        match self.next() {
            Some("9.0") => Ok(Mode::Tcl90),
            Some("8.6") => Ok(Mode::Tcl86),
            _ => Err("9.0 or 8.6"),
        }
    }

    fn span(&mut self) -> Result<Span, Expected> {
        Ok(Span { start: self.number()?, end: self.number()? })
    }

    fn constant(&mut self) -> Result<Constant, Expected> {
        match self.next() {
            Some("text") => {
                let text = self.text()?;
                let origin = match self.next() {
                    None => None,
                    Some("at") => Some(self.span()?),
                    Some(_) => return Err("at"),
                };
                Ok(Constant::Text { text, origin })
            }
            Some("int") => Ok(Constant::Int(self.number()?)),
            Some("double") => {
                let bits = self.next().and_then(|word| word.strip_prefix("0x")).ok_or("bits")?;
                self.rest = "";
                let bits = u64::from_str_radix(bits, 16).map_err(|_| "bits")?;
                Ok(Constant::Double(f64::from_bits(bits)))
            }
            _ => Err("text, int or double"),
        }
    }

    /// Reads `word` if it is next; whether it is.
    fn has(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn call_site(&mut self) -> Result<CallSite, Expected> {
        let words = self.number()?;
        let quiet = self.has("quiet ");
        let flat = self.has("flat ");
        let apart = self.has("apart ");
        let mut spread = 0;
        if let Some(rest) = self.rest.trim_start().strip_prefix("spread ") {
            self.rest = rest;
            let bits = self.next().and_then(|word| word.strip_prefix("0b")).ok_or("bits")?;
            spread = u64::from_str_radix(bits, 2).map_err(|_| "bits")?;
        }
        if self.rest.trim() == "-" {
            self.rest = "";
            return Ok(CallSite { name: None, words, spread, quiet, flat, apart });
        }
        Ok(CallSite { name: Some(self.text()?), words, spread, quiet, flat, apart })
    }

    fn shape(&mut self) -> Result<ForeachShape, Expected> {
        let mut groups = Vec::new();
        while !self.rest.trim().is_empty() {
            groups.push(self.number()?);
        }
        Ok(ForeachShape { groups })
    }

    fn table(&mut self) -> Result<JumpTable, Expected> {
        let default = self.number()?;
        let mut arms = Vec::new();
        while !self.rest.trim().is_empty() {
            arms.push((self.text()?, self.number()?));
        }
        Ok(JumpTable { arms, default })
    }

    fn assumed(&mut self) -> Result<&'static str, Expected> {
        let name = self.text()?;
        // A code holds these names for the life of the program, so it can only
        // hold those that the compiler knows.
        crate::lower::lowered_names()
            .find(|known| known.as_bytes() == name)
            .ok_or("the name of a command that is lowered")
    }

    fn command(&mut self) -> Result<CommandSpan, Expected> {
        let (start, end) = (self.number()?, self.number()?);
        self.keyword("source")?;
        let source = self.span()?;
        self.keyword("line")?;
        let line = self.number()?;
        let fused = match self.next() {
            None => None,
            Some("fused") => Some(self.register()?),
            Some(_) => return Err("fused"),
        };
        Ok(CommandSpan { start, end, source, line, fused })
    }

    fn body(&mut self) -> Result<Body, Expected> {
        let (start, end) = (self.number()?, self.number()?);
        self.keyword("command")?;
        let command = self.number()?;
        self.keyword("line")?;
        Ok(Body { start, end, command, line: self.number()?, note: self.text()? })
    }

    fn handler(&mut self) -> Result<Handler, Expected> {
        let (start, end) = (self.number()?, self.number()?);
        let kind = match self.next() {
            Some("loop") => HandlerKind::Loop { on_break: self.number()?, on_continue: self.number()? },
            Some("catch") => HandlerKind::Catch {
                target: self.number()?,
                base: self.register()?,
                wants_options: self.number::<u8>()? != 0,
            },
            _ => return Err("loop or catch"),
        };
        Ok(Handler { start, end, kind })
    }

    fn operation(&mut self, address: &str, code: &mut Code) -> Result<(), Expected> {
        if address.parse() != Ok(code.ops.len()) {
            return Err("the next address");
        }
        let name = self.next().ok_or("an operation")?;
        let row = ROWS.iter().find(|row| row.0 == name).ok_or("the name of an operation")?;
        let mut numbers = Vec::with_capacity(row.2.len());
        for (_, kind) in row.2 {
            let word = self.next().ok_or("an operand")?;
            numbers.push(operand(*kind, word).ok_or("an operand of the right kind")?);
        }
        if self.next().is_some_and(|word| word != ";") {
            return Err("the end of the operands");
        }
        code.ops.push(Op::from_parts(name, &numbers).ok_or("operands that fit")?);
        Ok(())
    }
}

fn operand(kind: Kind, word: &str) -> Option<i64> {
    let prefixed = |prefix| word.strip_prefix(prefix).and_then(|digits| digits.parse().ok());
    match kind {
        Kind::Def | Kind::Use | Kind::UseDef | Kind::Window => prefixed("r"),
        Kind::OptionalUse | Kind::OptionalDef if word == "-" => Some(i64::from(NO_REG)),
        Kind::OptionalUse | Kind::OptionalDef => prefixed("r"),
        Kind::Place => prefixed("r").or_else(|| Some(prefixed("v")? | i64::from(Place::SITE))),
        Kind::Const => prefixed("c"),
        Kind::Site => prefixed("s"),
        Kind::Aux => prefixed("t"),
        Kind::Target => prefixed("@"),
        Kind::Near => word.strip_prefix('+').unwrap_or(word).parse().ok(),
        Kind::Immediate | Kind::Small => word.parse().ok(),
    }
}
