//! Unwinding: an exception goes down the chain of frames until somebody handles it.
//!
//! errorInfo grows here, from the side tables of the code: the normal path
//! records nothing.

use tclring_compiler::bytecode::{Body, Code, CommandSpan, Context as CodeContext, HandlerKind, Op};
use tclring_compiler::syntax::command::{self, WordBody};

use super::tracing::{cell_traces, trace_script};
use super::unit::Unit;
use crate::interp::command::Outcome;
use crate::interp::exception::{BREAK, CONTINUE, ERROR, Exception, OK, RETURN, Raised};
use crate::interp::frame::{DISCARD, Frame, FrameKind, Standing};
use crate::interp::life::Task;
use crate::interp::namespace::NamespaceId;
use crate::interp::trace::ops;
use crate::interp::var::VarCell;
use crate::interp::{InterpId, Machine};
use crate::text;
use crate::value::Value;

/// What came of unwinding one frame.
pub(super) enum Unwound {
    /// A handler in the top frame goes on.
    Handled,
    /// The frame is gone; this goes on below it.
    On(Outcome, u32),
    /// The outermost barrier (or the bottom) is reached.
    Out(Exception),
}

/// How much of a command's text is shown.
const COMMAND_SHOWN_MAX: usize = 150;
/// How much of a malformed expression is shown.
const EXPRESSION_SHOWN_MAX: usize = 24;
/// How much is shown of a longer one.
const EXPRESSION_START: usize = 22;
/// How much of a procedure's name is shown.
const NAME_SHOWN_MAX: usize = 60;

impl Machine {
    /// Lets the exception pass the top frame.
    pub(super) fn unwind(&mut self, mut exception: Exception) -> Unwound {
        self.levels_ahead = 0;
        let top = self.frame();
        if top.then.is_some() {
            let levels = top.levels;
            let (then, result_at) = self.pop_frame();
            let then = then.expect("the frame has a continuation");
            // The command goes on.
            self.levels_ahead = levels;
            let outcome = then.resume(self, Err(exception));
            return Unwound::On(outcome, result_at);
        }
        let Some(unit) = top.unit.clone() else {
            return self.unwind_bottom(exception);
        };
        let (pc, standing) = (top.pc.saturating_sub(1), top.standing);
        if exception.in_line {
            // What the command in line had to say is left out, and so is the command unless it is malformed inside.
            exception.in_line = false;
            exception.logged = !std::mem::take(&mut exception.is_malformed);
        } else {
            exception.counted = false;
        }
        if self.handle_here(&unit, pc, &mut exception) {
            return Unwound::Handled;
        }
        let is_logged = self.log_command(&unit, pc, None, &mut exception);
        self.note_evaluated_end(&unit, pc, &mut exception);
        let is_malformed = matches!(unit.ops.get(pc as usize), Some(Op::Throw { .. }));
        if (is_logged || is_malformed) && exception.code == ERROR && standing == Standing::InLine {
            exception.in_line = true;
            exception.is_malformed = !is_logged;
        }
        if self.frame().kind == FrameKind::Procedure {
            exception = match self.end_procedure(exception) {
                Ok(value) => {
                    let (outcome, at) = self.end_frame(Ok(value));
                    return Unwound::On(outcome, at);
                }
                Err(exception) => exception,
            };
        }
        let (outcome, at) = self.end_frame(Err(exception));
        Unwound::On(outcome, at)
    }

    fn unwind_bottom(&mut self, exception: Exception) -> Unwound {
        match self.frame().kind {
            FrameKind::Base if self.context().coroutine.is_some() => {
                let id = self.context().coroutine.expect("checked just now");
                let at = self.finish_coroutine_with(id);
                Unwound::On(Err(exception), at)
            }
            FrameKind::Barrier => {
                self.pop_frame();
                Unwound::Out(exception)
            }
            _ => Unwound::Out(exception),
        }
    }

    /// Whether a handler range of the top frame's code handles the exception; then the frame goes on there.
    fn handle_here(&mut self, unit: &Unit, pc: u32, exception: &mut Exception) -> bool {
        if exception.uncatchable {
            return false;
        }
        for handler in &unit.code().handlers {
            if pc < handler.start || pc >= handler.end {
                continue;
            }
            let target = match handler.kind {
                HandlerKind::Loop { on_break, .. } if exception.code == BREAK => on_break,
                HandlerKind::Loop { on_continue, .. } if exception.code == CONTINUE => on_continue,
                HandlerKind::Loop { .. } => continue,
                HandlerKind::Catch { target, base, wants_options } => {
                    self.catch_into(unit, (pc, handler.end), exception, base, wants_options);
                    target
                }
            };
            self.frame_mut().pc = target;
            return true;
        }
        false
    }

    fn catch_into(
        &mut self,
        unit: &Unit,
        (pc, end): (u32, u32),
        exception: &mut Exception,
        base: u16,
        wants_options: bool,
    ) {
        self.log_command(unit, pc, Some(end), exception);
        // An error that has no trace yet gets one when its options are asked for; the reference has taken the result away
        // by then.
        if wants_options && exception.code == ERROR {
            exception.error_info.get_or_insert_default();
        }
        if exception.code != ERROR || exception.error_info.is_some() {
            self.note_caught(exception);
        }
        let options = if wants_options { Value::dict(exception.options()) } else { Value::EMPTY };
        let first = (self.frame().base + u32::from(base)) as usize;
        let registers = &mut self.context_mut().registers;
        registers[first] = Value::int(exception.code);
        registers[first + 1] = exception.result.clone();
        registers[first + 2] = options;
    }

    /// Whether one of the commands that are being run, or a command around them in the same text, has one of `names`.
    pub fn runs_inside(&self, names: &[&[u8]]) -> bool {
        let named = |text: &[u8]| {
            let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
            let name = text[..end].strip_prefix(b"::").unwrap_or(&text[..end]);
            names.contains(&name)
        };
        self.contexts().flat_map(|context| context.frames.iter()).any(|frame| {
            let Some(unit) = &frame.unit else { return false };
            let (code, pc) = (unit.code(), frame.pc.saturating_sub(1));
            let mut around = code.commands.iter().filter(|span| span.start <= pc && pc < span.end);
            around.any(|span| named(span.source.of(&code.source)))
        })
    }

    /// Keeps what scripts can ask about the exception that was caught.
    pub(crate) fn note_caught(&mut self, exception: &mut Exception) {
        if exception.code == ERROR {
            self.publish_error(exception);
        } else if !exception.error_stack.is_empty() {
            let here = self.current();
            self.interp_mut(here).last_error_stack = Value::list(exception.error_stack.clone());
        }
    }

    /// Puts the error's trace and code where scripts look for them: `::errorInfo`, `::errorCode`.
    pub fn publish_error(&mut self, exception: &mut Exception) {
        self.publish_error_in(self.current(), exception);
    }

    /// Puts them into the variables of the interpreter `here`.
    pub(crate) fn publish_error_in(&mut self, here: InterpId, exception: &mut Exception) {
        let global = self.interp(here).global;
        let info = Value::text_of(exception.trace());
        let code = exception.error_code();
        for (name, value) in [("errorInfo", info), ("errorCode", code)] {
            let cell = self.namespace_cell(global, &Value::from(name), true);
            if let Some(cell) = cell
                && !cell.is_const()
                && cell.array().is_none()
            {
                cell.set(value);
                if cell.is_traced() {
                    self.tell_written(here, &cell, &text!["::", name]);
                }
            }
        }
        self.interp_mut(here).last_error_stack = Value::list(exception.error_stack.clone());
    }

    /// Has the write traces of one of the variables of errors run as soon as may be.
    #[cold]
    fn tell_written(&mut self, here: InterpId, cell: &VarCell, name: &[u8]) {
        for trace in cell_traces(cell, ops::WRITE) {
            let script = trace_script(&trace, &Value::text_of(name), None, "write");
            self.endings.push(Task::Script(here, trace, script));
        }
    }

    /// Adds the command that the exception came from to the error's trace, and the bodies that are left: those that end
    /// at the operation `until`, if the exception goes no further. Answers whether there is such a command.
    fn log_command(&mut self, unit: &Unit, pc: u32, until: Option<u32>, exception: &mut Exception) -> bool {
        if exception.code != ERROR {
            return false;
        }
        let code = unit.code();
        if let Some(Op::EvalCommand { .. }) = code.ops.get(pc as usize) {
            // The command was logged where it was evaluated, with a line of its own.
            exception.logged = false;
            exception.counted = false;
            for body in code
                .bodies
                .iter()
                .filter(|body| body.start <= pc && pc < body.end && until.is_none_or(|end| body.end <= end))
            {
                self.log_body(unit, body, exception);
            }
            return true;
        }
        if let Some(Op::Throw { command, .. }) = code.ops.get(pc as usize) {
            exception.is_compiled_in |=
                code.context != CodeContext::Sourced && exception.error_info.is_none();
            self.log_malformed(unit, usize::from(command.0), exception);
        }
        let mut around: Vec<(usize, &CommandSpan)> =
            code.commands.iter().enumerate().filter(|(_, span)| span.start <= pc && pc < span.end).collect();
        while let Some((_, span)) = around.last()
            && let Some(register) = span.fused
            && failed_to_write(unit, register, exception)
        {
            around.pop();
        }
        let is_compiled = match code.context {
            CodeContext::Script | CodeContext::Procedure => true,
            CodeContext::Expression => self.frame().standing == Standing::InLine || !around.is_empty(),
            CodeContext::Sourced => false,
        };
        if is_compiled && code.folded.binary_search(&pc).is_ok() {
            // The reference met it while compiling, when no command was executing.
            exception.is_compiled_in |= exception.error_info.is_none();
            exception.trace();
        }
        if around.is_empty() {
            exception.logged = false;
            return false;
        }
        if code.context == CodeContext::Sourced {
            for (_, span) in around.into_iter().rev() {
                self.log_span(unit, span, exception);
            }
            return true;
        }
        let is_left =
            |body: &&Body| body.start <= pc && pc < body.end && until.is_none_or(|end| body.end <= end);
        let mut bodies = code.bodies.iter().filter(is_left).peekable();
        exception.logged |= unit.guarded && exception.error_info.is_none() && follows_evaluation(code, pc);
        if let Some((index, span)) = around.last()
            && bodies.peek().is_none_or(|body| *index > body.command as usize)
        {
            self.log_span(unit, span, exception);
        }
        for body in bodies {
            self.log_body(unit, body, exception);
        }
        true
    }

    /// Adds a body to the error's trace, and the command that it is a body of.
    fn log_body(&mut self, unit: &Unit, body: &Body, exception: &mut Exception) {
        if body.line == Body::NO_LINE {
            exception.add_info(&text!["\n    (", &body.note, ")"]);
        } else {
            // A line that is not the one of a command of this code counts where it came from.
            let before =
                if exception.counted { i64::from(body.line) + self.lines_before(unit) - 1 } else { 0 };
            let line = exception.error_line - before;
            exception.add_info(&text!["\n    (", &body.note, " line ", line, ")"]);
        }
        self.log_span(unit, &unit.code().commands[body.command as usize], exception);
    }

    /// Adds the `catch` that the top frame calls to the trace of an error of its script, if the reference has compiled the
    /// call and the script is made when it runs. It does not if the `catch` `stores` outside of procedures.
    pub(crate) fn tell_of_made_script(&mut self, mut exception: Exception, stores: bool) -> Exception {
        let frame = self.frame();
        if exception.code == ERROR
            && calls_apart(frame)
            && let Some(unit) = frame.unit.clone()
            && !self.stands_in_line()
            && (!stores || unit.code().context == CodeContext::Procedure)
        {
            let pc = frame.pc.saturating_sub(1);
            self.log_command(&unit, pc, Some(0), &mut exception);
        }
        exception
    }

    /// How many lines come before the code of the top frame in the script or file whose lines count.
    fn lines_before(&self, unit: &Unit) -> i64 {
        let mut before = i64::from(unit.line_offset);
        let mut with_code =
            self.context().frames.iter().rev().filter(|frame| frame.unit.is_some()).peekable();
        while let Some(frame) = with_code.next()
            && frame.standing == Standing::InLine
            && !with_code.peek().is_some_and(|around| calls_apart(around))
        {
            let outer_line = frame.unit.as_ref().map_or(0, |unit| unit.outer_line);
            before += i64::from(outer_line.saturating_sub(1));
        }
        before
    }

    /// Adds a command to the error's trace, unless whoever raised the error has done so.
    fn log_span(&mut self, unit: &Unit, span: &CommandSpan, exception: &mut Exception) {
        let text = span.source.of(&unit.code().source);
        if !exception.logged {
            exception.error_line = i64::from(span.line) + self.lines_before(unit);
            let here = self.current();
            let place = (unit.identity, span.start);
            let interp = self.interp_mut(here);
            interp.last_error_line = exception.error_line;
            interp.last_error_place = place;
            self.extend_error_stack(exception, text);
            log_text(exception, text);
            exception.left_out = false;
            exception.counted = true;
        }
        exception.logged = false;
    }

    /// Adds a malformed command or expression to the trace of the error that says so.
    fn log_malformed(&mut self, unit: &Unit, command: usize, exception: &mut Exception) {
        let code = unit.code();
        match code.commands.get(command) {
            Some(span) => self.log_span(unit, span, exception),
            None => {
                let is_short = code.source.len() <= EXPRESSION_SHOWN_MAX;
                let shown =
                    shorten(&code.source, if is_short { EXPRESSION_SHOWN_MAX } else { EXPRESSION_START });
                exception.add_info(&text!["\n    (parsing expression \"", shown, "\")"]);
            }
        }
    }

    /// Keeps what scripts can ask about the malformed commands of code: the reference raises their errors when it compiles
    /// the code, and once more when it gets there.
    pub(super) fn note_malformed(&mut self, unit: &Unit, namespace: NamespaceId) {
        let code = unit.code();
        let interp = self.namespace(namespace).interp;
        for op in &code.ops {
            let Op::Throw { message, command, .. } = op else { continue };
            let Some(span) = code.commands.get(usize::from(command.0)) else { continue };
            let mut exception = Raised::error(unit.constants[usize::from(message.0)].clone());
            log_text(&mut exception, span.source.of(&code.source));
            self.publish_error_in(interp, &mut exception);
            self.interp_mut(interp).last_error_line = line_in_body(unit, span);
        }
    }

    /// Adds what the top frame was called with to `-errorstack`, or how far up the level is whose variables it sees.
    fn extend_error_stack(&mut self, exception: &mut Exception, command: &[u8]) {
        let stack = &mut exception.error_stack;
        if stack.is_empty() {
            stack.push(Value::from("INNER"));
            stack.push(crate::exec::compile::words_of_command(command));
        }
        let frames = &self.context().frames;
        let is_level = |frame: &Frame| {
            matches!(frame.kind, FrameKind::Procedure | FrameKind::Namespace | FrameKind::Base)
        };
        let called = frames.iter().rposition(is_level).unwrap_or_default();
        let seen = self.frame().vars as usize;
        let words = self.context().words_of(called);
        // Of a level that nothing was called for, as that of another interpreter, nothing is told.
        if words.is_empty() && frames[called].kind != FrameKind::Base {
            return;
        }
        if seen != called {
            let up =
                i64::from(frames[called].level) - frames.get(seen).map_or(0, |frame| i64::from(frame.level));
            stack.push(Value::from("UP"));
            stack.push(Value::int(up));
        } else if frames[called].kind != FrameKind::Base {
            stack.push(Value::from("CALL"));
            stack.push(Value::list(words));
        }
    }

    /// What an exception becomes at the end of a procedure.
    fn end_procedure(&mut self, mut exception: Exception) -> Result<Value, Exception> {
        match exception.code {
            RETURN => {
                if exception.level == 1 && exception.return_code == OK && !exception.uncatchable {
                    self.keep_options(&exception.other_options);
                }
                super::outermost::left(exception)
            }
            BREAK | CONTINUE => {
                let word = if exception.code == BREAK { "break" } else { "continue" };
                let mut error = Raised::error(text!["invoked \"", word, "\" outside of a loop"])
                    .with_code(&["TCL", "RESULT", "UNEXPECTED"]);
                // The reference knows of no line here and shows the last one that it knew of.
                error.error_line = self.last_known_line();
                self.add_procedure_line(&mut error);
                // The reference takes the call of the procedure for one that it has told of.
                error.logged = exception.logged;
                Err(error)
            }
            ERROR => {
                self.add_procedure_line(&mut exception);
                Err(exception)
            }
            _ => Err(exception),
        }
    }

    /// Notes of a `break` or `continue` that it leaves a command that guarded code has evaluated from its text, if nothing
    /// has been called since: the mark that the reference makes with such a command is still there.
    fn note_evaluated_end(&self, unit: &Unit, pc: u32, exception: &mut Exception) {
        if !matches!(exception.code, BREAK | CONTINUE) {
            return;
        }
        let code = unit.code();
        exception.logged = match code.ops.get(pc as usize) {
            Some(Op::Raise { .. }) if unit.guarded => follows_evaluation(code, pc),
            Some(Op::Raise { .. }) => code.context == CodeContext::Script && calls_nothing_before(code, pc),
            Some(Op::EvalCommand { .. }) => exception.logged,
            _ => false,
        };
    }

    /// The line of the last error of the running interpreter, unless another script has been begun since then.
    fn last_known_line(&self) -> i64 {
        let interp = self.interp(self.current());
        let mut below = self.context().frames.iter().rev().skip(1);
        let around = below.find_map(|frame| Some((frame.unit.as_ref()?, frame.pc.saturating_sub(1))));
        let Some((unit, pc)) = around else { return interp.last_error_line };
        let (failed_in, failed_at) = interp.last_error_place;
        let is_inside = |body: &&Body, at: u32| body.start <= at && at < body.end;
        let mut bodies = unit.code().bodies.iter().filter(|body| body.line != Body::NO_LINE);
        let is_begun_since = bodies
            .any(|body| is_inside(&body, pc) && !(failed_in == unit.identity && is_inside(&body, failed_at)));
        if is_begun_since { 1 } else { interp.last_error_line }
    }

    fn add_procedure_line(&mut self, exception: &mut Exception) {
        let method = self.method_title();
        let frame = self.frame();
        let words = self.context().words_of(self.context().frames.len() - 1);
        let title = match words.get(1) {
            _ if method.is_some() => method,
            Some(term) if frame.is_lambda() => {
                Some(text!["lambda term \"", shorten(&term.text(), NAME_SHOWN_MAX), "\""])
            }
            _ => None,
        };
        let line = match title {
            Some(title) => text!["\n    (", title, " line ", exception.error_line, ")"],
            None => {
                let name = words.first().map(Value::to_text).unwrap_or_default();
                text![
                    "\n    (procedure \"",
                    shorten(&name, NAME_SHOWN_MAX),
                    "\" line ",
                    exception.error_line,
                    ")"
                ]
            }
        };
        exception.add_info(&line);
        exception.logged = false;
    }

    fn finish_coroutine_with(&mut self, id: crate::interp::arena::Id<crate::interp::Coroutine>) -> u32 {
        let context = self.pop_context();
        self.depth = context.depth_before;
        if let Some(coroutine) = self.coroutines.remove(id) {
            self.forget_command(coroutine.command);
        }
        let _ = DISCARD;
        context.resume_at
    }
}

/// Whether the operation at `pc` of guarded code is no call, and what the code has done last before was to evaluate a
/// command from its text: the reference takes an error there for one that it has told of.
fn follows_evaluation(code: &Code, pc: u32) -> bool {
    let mut at = 0;
    let mut is_evaluated = false;
    while at < pc {
        match (code.ops.get(at as usize), code.ops.get(at as usize + 1)) {
            (Some(Op::EvalCommand { command, .. }), Some(Op::Jump { target })) if target.0 <= pc => {
                // The reference calls what has a body that is evaluated as a script of its own.
                is_evaluated = !code.bodies.iter().any(|body| body.command == u32::from(command.0));
                at = target.0;
                continue;
            }
            (Some(op), _) => is_evaluated &= !is_call(op),
            _ => return false,
        }
        at += 1;
    }
    is_evaluated && !code.ops.get(pc as usize).is_some_and(is_call)
}

/// The line of a malformed command in the innermost body that it stands in.
fn line_in_body(unit: &Unit, span: &CommandSpan) -> i64 {
    let code = unit.code();
    let is_around =
        |other: &&CommandSpan| other.source.start < span.source.start && span.source.end <= other.source.end;
    let around = code.commands.iter().filter(is_around).max_by_key(|other| other.source.start);
    let Some(around) = around else { return i64::from(span.line) };
    let script = command::parse_script(&code.source, around.source, unit.mode, 0);
    let words = script.commands.first().map(|command| command.words.as_slice()).unwrap_or_default();
    let body = words.iter().find_map(|word| match &word.body {
        WordBody::Literal { origin: Some(origin), .. } if origin.start <= span.source.start => {
            (span.source.end <= origin.end).then_some(origin)
        }
        _ => None,
    });
    let Some(body) = body else { return i64::from(span.line) };
    let before = &code.source[body.start as usize..span.source.start as usize];
    1 + memchr::memchr_iter(b'\n', before).count() as i64
}

/// Whether the code does no call before `pc`.
fn calls_nothing_before(code: &Code, pc: u32) -> bool {
    !code.ops[..pc as usize].iter().any(is_call)
}

fn is_call(op: &Op) -> bool {
    matches!(op, Op::Call { .. } | Op::CallSpread { .. } | Op::CallList { .. })
}

/// Whether the frame's operation is the call of a command the lines of whose body count apart.
pub(super) fn calls_apart(frame: &Frame) -> bool {
    let Some(unit) = &frame.unit else { return false };
    match unit.ops.get(frame.pc.saturating_sub(1) as usize) {
        Some(Op::Call { site, .. }) => unit.code().call_sites[usize::from(site.0)].apart,
        _ => false,
    }
}

/// Whether the exception says that the variable in a named register cannot be written.
fn failed_to_write(unit: &Unit, register: u16, exception: &Raised) -> bool {
    let Some(name) = unit.local_names.get(usize::from(register)) else { return false };
    exception.error_info.is_none() && exception.result.text().starts_with(&text!["can't set \"", name, "\":"])
}

/// Adds the text of a command to an error's trace.
pub(crate) fn log_text(exception: &mut Raised, command: &[u8]) {
    let begun = exception.error_info.is_some();
    let lead = if begun { "\n    invoked from within\n\"" } else { "\n    while executing\n\"" };
    let line = text![lead, shorten(command, COMMAND_SHOWN_MAX), "\""];
    exception.add_info(&line);
}

/// The first `limit` bytes of a text at most, with dots if there is more.
pub fn shorten(text: &[u8], limit: usize) -> Vec<u8> {
    if text.len() <= limit {
        return text.to_vec();
    }
    let mut end = limit;
    while end > 0 && text[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    text![&text[..end], "..."]
}
