//! The verifier: numbered rules that make a [`Code`] safe to run.
//!
//! The machine reads registers, constants and side tables without asking
//! whether they are there; that is licensed by the type [`Verified`], which
//! only the verifier and the compiler's own builder make. The rules:
//!
//! * **V1** Every register operand is below the frame's number of registers,
//!   which is at most [`REGISTERS_MAX`]; the named registers are among them.
//! * **V2** A place is a named register or a variable site of the code.
//! * **V3** A constant operand is an index into the constants.
//! * **V4** A site or side-table operand is an index into its table, and the
//!   entries of the tables are sane: a call has at least one word, a group of a
//!   foreach at least one variable, and a site spreads words if its operation
//!   does.
//! * **V5** Every target is the address of an operation.
//! * **V6** The last operation does not fall through.
//! * **V7** A window lies wholly inside the temporaries.
//! * **V8** A register that is read and written by one operation is a temporary;
//!   a link is made in a named register.
//! * **V9** A temporary is written before it is read on every path, the paths
//!   from an exception to its handler included.
//! * **V10** Handlers cover ranges of operations; two of them are disjoint or
//!   nested, the inner one first; their targets are operations and their
//!   temporaries are temporaries.
//! * **V11** Command spans and bodies lie inside the operations and the source;
//!   bodies name commands.
//! * **V12** Flags are 0 or 1 and small numbers are in their range.

use super::effects::{Effects, effects};
use super::{Code, HandlerKind, Kind, MATH_FUNCTIONS, NO_REG, Op, Place, REGISTERS_MAX};

/// Code that keeps every rule of the verifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified(Code);

impl Verified {
    /// The code.
    pub fn code(&self) -> &Code {
        &self.0
    }

    /// Gives the code back; to run it again it must be verified again.
    pub fn into_code(self) -> Code {
        self.0
    }

    /// Takes code that the compiler's builder has just made, which keeps the
    /// rules by construction. Debug builds verify it all the same.
    ///
    /// # Panics
    /// In debug builds, if the code breaks a rule: a bug of the compiler.
    pub fn trusted(code: Code) -> Verified {
        if cfg!(debug_assertions) {
            match verify(code) {
                Ok(verified) => verified,
                Err(error) => panic!("the builder made code that breaks a rule: {error}"),
            }
        } else {
            Verified(code)
        }
    }
}

/// The numbered rules; see the module's comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Register operands are in range.
    V1,
    /// Places are in range.
    V2,
    /// Constants are in range.
    V3,
    /// Sites and side tables are in range.
    V4,
    /// Targets are operations.
    V5,
    /// The last operation ends the frame or jumps.
    V6,
    /// Windows are inside the temporaries.
    V7,
    /// Registers that are read and written are temporaries.
    V8,
    /// Temporaries are written before they are read.
    V9,
    /// Handlers are nested and in range.
    V10,
    /// Command spans and bodies are in range.
    V11,
    /// Flags and small numbers are in range.
    V12,
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// Which rule is broken.
    pub rule: Rule,
    /// The address of the operation, if it is one that breaks it.
    pub at: Option<usize>,
    /// What is wrong, in words.
    pub what: String,
}

impl std::fmt::Display for VerifyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.rule)?;
        if let Some(at) = self.at {
            write!(f, " at {at}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for VerifyError {}

/// Checks every rule and makes the code runnable.
///
/// # Errors
/// The first broken rule that was found.
pub fn verify(code: Code) -> Result<Verified, VerifyError> {
    let checker = Checker { code: &code };
    checker.tables()?;
    for at in 0..code.ops.len() {
        checker.operation(at)?;
    }
    checker.handlers()?;
    super::dataflow::check(&code)?;
    Ok(Verified(code))
}

pub(super) fn broken<T>(rule: Rule, at: Option<usize>, what: impl Into<String>) -> Result<T, VerifyError> {
    Err(VerifyError { rule, at, what: what.into() })
}

struct Checker<'a> {
    code: &'a Code,
}

impl Checker<'_> {
    fn tables(&self) -> Result<(), VerifyError> {
        let code = self.code;
        if code.registers as usize > REGISTERS_MAX || code.locals.len() > code.registers as usize {
            return broken(Rule::V1, None, "the number of registers is out of range");
        }
        if code.ops.len() > i32::MAX as usize {
            return broken(Rule::V5, None, "there are more operations than addresses");
        }
        if !code.ops.last().is_some_and(|op| op.ends_block()) {
            return broken(Rule::V6, code.ops.len().checked_sub(1), "the last operation falls through");
        }
        if let Some(index) = code.call_sites.iter().position(|site| site.words == 0) {
            return broken(Rule::V4, None, format!("call site {index} has no words"));
        }
        let sane = |groups: &[u16]| !groups.is_empty() && groups.iter().all(|n| *n > 0);
        if let Some(index) = code.foreach_shapes.iter().position(|shape| !sane(&shape.groups)) {
            return broken(Rule::V4, None, format!("foreach shape {index} has an empty group"));
        }
        for (index, table) in code.jump_tables.iter().enumerate() {
            let targets = table.arms.iter().map(|arm| arm.1).chain([table.default]);
            if targets.into_iter().any(|target| target as usize >= code.ops.len()) {
                return broken(Rule::V5, None, format!("jump table {index} leaves the code"));
            }
        }
        self.spans()
    }

    fn spans(&self) -> Result<(), VerifyError> {
        let (ops, source) = (self.code.ops.len(), self.code.source.len());
        for (index, span) in self.code.commands.iter().enumerate() {
            let sane = span.start <= span.end
                && span.end as usize <= ops
                && span.source.start <= span.source.end
                && span.source.end as usize <= source;
            if !sane {
                return broken(Rule::V11, None, format!("command {index} is out of range"));
            }
        }
        for (index, body) in self.code.bodies.iter().enumerate() {
            let sane = body.start <= body.end && body.end as usize <= ops;
            if !sane || body.command as usize >= self.code.commands.len() {
                return broken(Rule::V11, None, format!("body {index} is out of range"));
            }
        }
        Ok(())
    }

    fn operation(&self, at: usize) -> Result<(), VerifyError> {
        let op = self.code.ops[at];
        let mut result = Ok(());
        op.operands(|name, kind, number| {
            if result.is_ok() {
                result = self.operand(at, op, name, kind, number);
            }
        });
        result?;
        self.numbers(at, op)?;
        let effects = effects(op, self.code);
        let temporaries = self.code.locals.len()..self.code.registers as usize;
        for (first, count) in effects.windows() {
            let first = usize::from(first);
            if first < temporaries.start || first + count as usize > temporaries.end {
                return broken(
                    Rule::V7,
                    Some(at),
                    format!("the window r{first}+{count} leaves the temporaries"),
                );
            }
        }
        Ok(())
    }

    fn operand(&self, at: usize, op: Op, name: &str, kind: Kind, number: i64) -> Result<(), VerifyError> {
        let code = self.code;
        let within = |len: usize| usize::try_from(number).is_ok_and(|n| n < len);
        let (rule, fits) = match kind {
            Kind::Def | Kind::Use | Kind::Window => (Rule::V1, within(code.registers as usize)),
            Kind::OptionalDef | Kind::OptionalUse => {
                (Rule::V1, number == i64::from(NO_REG) || within(code.registers as usize))
            }
            Kind::UseDef => (Rule::V8, within(code.registers as usize) && !within(code.locals.len())),
            Kind::Place => (Rule::V2, self.place_fits(number)),
            Kind::Const => (Rule::V3, within(code.constants.len())),
            Kind::Site => (Rule::V4, within(code.call_sites.len())),
            Kind::Aux => (Rule::V4, self.aux_fits(op, number)),
            Kind::Target => (Rule::V5, within(code.ops.len())),
            Kind::Near => {
                (Rule::V5, usize::try_from(at as i64 + 1 + number).is_ok_and(|n| n < code.ops.len()))
            }
            Kind::Immediate | Kind::Small => (Rule::V12, true),
        };
        if fits {
            Ok(())
        } else {
            broken(rule, Some(at), format!("the operand {name} of {} is {number}", op.name()))
        }
    }

    fn place_fits(&self, number: i64) -> bool {
        let Ok(number) = u16::try_from(number) else { return false };
        let place = Place(number);
        match place.as_site() {
            Some(site) => usize::from(site) < self.code.variable_sites.len(),
            None => usize::from(number) < self.code.locals.len(),
        }
    }

    fn aux_fits(&self, op: Op, number: i64) -> bool {
        let len = match op {
            Op::JumpTable { .. } => self.code.jump_tables.len(),
            // The largest number says that the command is found by address.
            Op::Throw { .. } if number == i64::from(NO_REG) => return true,
            Op::Throw { .. } | Op::EvalCommand { .. } => self.code.commands.len(),
            _ => self.code.foreach_shapes.len(),
        };
        usize::try_from(number).is_ok_and(|n| n < len)
    }

    fn numbers(&self, at: usize, op: Op) -> Result<(), VerifyError> {
        let locals = self.code.locals.len();
        let sane = match op {
            Op::Unset { complain: flag, .. }
            | Op::Incr { want: flag, .. }
            | Op::Append { want: flag, .. }
            | Op::Lappend { want: flag, .. }
            | Op::LappendList { want: flag, .. }
            | Op::DictIncr { want: flag, .. }
            | Op::DictAppend { want: flag, .. }
            | Op::DictLappend { want: flag, .. }
            | Op::RegexpMatch { nocase: flag, .. }
            | Op::StrMatch { nocase: flag, .. } => flag.0 <= 1,
            Op::Lset { want, count, .. } => want.0 <= 1 && count.0 >= 0,
            Op::DictSet { want, count, .. } | Op::DictUnset { want, count, .. } => {
                want.0 <= 1 && count.0 >= 1
            }
            Op::MathCall { function, .. } => usize::from(function.0) < MATH_FUNCTIONS.len(),
            Op::ModImm { rhs, .. } => rhs.0 != 0,
            Op::Raise { code } => (2..=4).contains(&code.0),
            Op::Concat { count, .. } | Op::List { count, .. } => count.0 >= 0,
            Op::LindexImm { index, .. } => index.0 >= 0,
            Op::ListElement { at, .. } | Op::ListRest { at, .. } => at.0 >= 0,
            Op::LindexMany { count, .. } | Op::DictGet { count, .. } | Op::DictExists { count, .. } => {
                count.0 >= 1
            }
            Op::IncrLocal { local, .. } => usize::from(local.0) < locals,
            Op::Call { site, .. } => self.code.call_sites[usize::from(site.0)].spread == 0,
            Op::CallSpread { site, .. } => {
                let site = &self.code.call_sites[usize::from(site.0)];
                let spread_end = u64::BITS - site.spread.leading_zeros();
                site.name.is_none() && (1..=site.words).contains(&spread_end)
            }
            Op::LinkGlobal { local, .. } | Op::LinkVariable { local, .. } | Op::LinkUpvar { local, .. } => {
                local.as_local().is_some()
            }
            Op::ForeachValue { which, shape, .. } => {
                let groups = &self.code.foreach_shapes[usize::from(shape.0)].groups;
                u32::from(which.0) < groups.iter().map(|n| u32::from(*n)).sum()
            }
            _ => true,
        };
        if sane {
            Ok(())
        } else {
            broken(Rule::V12, Some(at), format!("a number of {} is out of range", op.name()))
        }
    }

    fn handlers(&self) -> Result<(), VerifyError> {
        let ops = self.code.ops.len() as u32;
        let temporaries = self.code.locals.len() as u32..self.code.registers;
        for (index, handler) in self.code.handlers.iter().enumerate() {
            let sane = match handler.kind {
                HandlerKind::Loop { on_break, on_continue } => on_break < ops && on_continue < ops,
                HandlerKind::Catch { target, base, .. } => {
                    let base = u32::from(base);
                    target < ops && base >= temporaries.start && base + 3 <= temporaries.end
                }
            };
            if !sane || handler.start > handler.end || handler.end > ops {
                return broken(Rule::V10, None, format!("handler {index} is out of range"));
            }
        }
        self.nesting()
    }

    /// Two handlers are disjoint or the earlier one is inside the later one.
    fn nesting(&self) -> Result<(), VerifyError> {
        // Outermost first and by start: a stack then holds the chain of the
        // ranges that are open, and a range must end inside the innermost one.
        let handlers = &self.code.handlers;
        let mut order: Vec<usize> =
            (0..handlers.len()).filter(|i| handlers[*i].start < handlers[*i].end).collect();
        order.sort_by_key(|i| {
            (handlers[*i].start, std::cmp::Reverse(handlers[*i].end), std::cmp::Reverse(*i))
        });
        let mut open: Vec<usize> = Vec::new();
        for index in order {
            while open.last().is_some_and(|outer| handlers[*outer].end <= handlers[index].start) {
                open.pop();
            }
            if let Some(outer) = open.last().copied()
                && (handlers[index].end > handlers[outer].end || index > outer)
            {
                return broken(
                    Rule::V10,
                    None,
                    format!("handlers {index} and {outer} are not nested, inner first"),
                );
            }
            open.push(index);
        }
        Ok(())
    }
}

/// How many variables a foreach shape has lists for: its window is one longer.
pub(super) fn foreach_window(code: &Code, shape: u16) -> u32 {
    code.foreach_shapes.get(usize::from(shape)).map_or(0, |shape| shape.groups.len() as u32 + 1)
}

impl Effects {
    fn windows(&self) -> impl Iterator<Item = (u16, u32)> + '_ {
        self.window_list.into_iter()
    }
}
