//! Limits of interpreters: commands, time, nesting.

use std::sync::atomic::Ordering;

use super::choice::choose;
use super::interp::{Call, denied};
use crate::error;
use crate::interp::command::Outcome;
use crate::interp::exception::{Exception, Raised};
use crate::interp::step::{At, Run, Then, What};
use crate::interp::{InterpId, Machine, Step, pending};
use crate::value::Value;

fn bad_value(message: &str) -> Exception {
    error!(message; "TCL", "OPERATION", "INTERP", "BADVALUE")
}

fn bad_usage(message: &str) -> Exception {
    error!(message; "TCL", "OPERATION", "INTERP", "BADUSAGE")
}

/// `interp recursionlimit path ?newlimit?`
pub(super) fn recursionlimit(machine: &mut Machine, call: Call) -> Outcome {
    let Some(word) = call.words.first() else {
        return Ok(Step::Done(Value::int(machine.interp(call.target).recursion_limit.cast_signed())));
    };
    if machine.interp(machine.current()).safe {
        return Err(denied("permission denied: safe interpreters cannot change recursion limit"));
    }
    let limit = super::options::integer(word, machine.mode())?;
    if limit <= 0 {
        return Err(error!("recursion limit must be > 0"; "TCL", "OPERATION", "INTERP", "BADLIMIT"));
    }
    machine.interp_mut(call.target).recursion_limit = limit.unsigned_abs();
    machine.update_depth_limit();
    if call.target == machine.current() && machine.is_too_deep() {
        return Err(error!("falling back due to new recursion limit"; "TCL", "RECURSION"));
    }
    Ok(Step::Done(word.clone()))
}

/// `interp limit path limitType ?-option value ...?`
pub(super) fn limit(machine: &mut Machine, call: Call) -> Outcome {
    let kind = choose(&call.words[0], &["commands", "time"], "limit type")?;
    let options = &call.words[1..];
    if call.target == machine.current() {
        return Err(
            error!("limits on current interpreter inaccessible"; "TCL", "OPERATION", "INTERP", "SELF"),
        );
    }
    if options.len() > 1 && !options.len().is_multiple_of(2) {
        let shown = [call.given.as_slice(), &call.words[..1]].concat();
        return Err(machine.wrong_args(&shown, shown.len(), "?-option value ...?"));
    }
    let outcome =
        if kind == 0 { commands(machine, call.target, options) } else { time(machine, call.target, options) };
    refresh(machine);
    outcome
}

/// Commands are counted while any interpreter has a limit, and while there is fuel to be used up.
fn refresh(machine: &mut Machine) {
    let limited = machine.interps.ids().any(|id| {
        let limits = &machine.interp(id).limits;
        limits.commands.is_some() || limits.time.is_some()
    });
    if limited {
        machine.set_pending(pending::COUNT);
    } else if machine.fuel.is_none() {
        machine.pending.fetch_and(!pending::COUNT, std::sync::atomic::Ordering::Relaxed);
    }
}

/// One option's value, or all of them with their names.
fn tell(options: &[Value], table: &[&str], values: &[Value]) -> Option<Outcome> {
    match options {
        [] => {
            let pairs =
                table.iter().zip(values).flat_map(|(name, value)| [Value::from(*name), value.clone()]);
            Some(Ok(Step::Done(Value::list(pairs.collect()))))
        }
        [option] => Some(choose(option, table, "option").map(|at| Step::Done(values[at].clone()))),
        _ => None,
    }
}

fn granularity(machine: &Machine, word: &Value) -> Result<u32, Exception> {
    match super::options::int(word, machine.mode())? {
        n if n < 1 => Err(bad_value("granularity must be at least 1")),
        n => Ok(n.unsigned_abs()),
    }
}

fn callback_of(machine: &Machine, callback: &Option<(InterpId, Value)>) -> Value {
    let own = callback.as_ref().filter(|(interp, _)| *interp == machine.current());
    own.map_or(Value::EMPTY, |(_, script)| script.clone())
}

fn commands(machine: &mut Machine, interp: InterpId, options: &[Value]) -> Outcome {
    const OPTIONS: &[&str] = &["-command", "-granularity", "-value"];
    let limits = machine.interp(interp).limits.clone();
    let values = [
        callback_of(machine, &limits.command_callback),
        Value::int(i64::from(limits.command_granularity)),
        limits.commands.map_or(Value::EMPTY, |n| Value::int(n.cast_signed())),
    ];
    if let Some(outcome) = tell(options, OPTIONS, &values) {
        return outcome;
    }
    let here = machine.current();
    let mut changed = limits;
    for pair in options.chunks_exact(2) {
        let value = &pair[1];
        match choose(&pair[0], OPTIONS, "option")? {
            0 => changed.command_callback = (!value.is_empty()).then(|| (here, value.clone())),
            1 => changed.command_granularity = granularity(machine, value)?,
            _ if value.is_empty() => changed.commands = None,
            _ => match super::options::integer(value, machine.mode())? {
                n if n < 0 => return Err(bad_value("command limit value must be at least 0")),
                n => changed.commands = Some(n.unsigned_abs()),
            },
        }
    }
    machine.interp_mut(interp).limits = changed;
    Ok(Step::EMPTY)
}

fn time(machine: &mut Machine, interp: InterpId, options: &[Value]) -> Outcome {
    const OPTIONS: &[&str] = &["-command", "-granularity", "-milliseconds", "-seconds"];
    let limits = machine.interp(interp).limits.clone();
    let values = [
        callback_of(machine, &limits.time_callback),
        Value::int(i64::from(limits.time_granularity)),
        limits.time.map_or(Value::EMPTY, |t| Value::int(t.rem_euclid(1_000_000) / 1000)),
        limits.time.map_or(Value::EMPTY, |t| Value::int(t.div_euclid(1_000_000))),
    ];
    if let Some(outcome) = tell(options, OPTIONS, &values) {
        return outcome;
    }
    let here = machine.current();
    let mut changed = limits;
    let (mut seconds, mut milliseconds) = (None, None);
    for pair in options.chunks_exact(2) {
        let value = &pair[1];
        match choose(&pair[0], OPTIONS, "option")? {
            0 => changed.time_callback = (!value.is_empty()).then(|| (here, value.clone())),
            1 => changed.time_granularity = granularity(machine, value)?,
            2 => milliseconds = Some(time_part(machine, value, "milliseconds must be non-negative")?),
            _ => seconds = Some(time_part(machine, value, "seconds must be non-negative")?),
        }
    }
    let had = changed.time;
    changed.time = match (seconds, milliseconds) {
        (None, None) => had,
        (Some(None), Some(Some(_))) => {
            return Err(bad_usage("may only set -milliseconds if -seconds is not also being reset"));
        }
        (None | Some(Some(_)), Some(None)) => {
            return Err(bad_usage("may only reset -milliseconds if -seconds is also being reset"));
        }
        (Some(None), _) => None,
        (given, fraction) => {
            let seconds = given.flatten().unwrap_or_else(|| had.map_or(0, |t| t.div_euclid(1_000_000)));
            let fraction =
                fraction.flatten().unwrap_or_else(|| had.map_or(0, |t| t.rem_euclid(1_000_000) / 1000));
            Some(seconds.saturating_mul(1_000_000).saturating_add(fraction.saturating_mul(1000)))
        }
    };
    machine.interp_mut(interp).limits = changed;
    Ok(Step::EMPTY)
}

/// A number of seconds or milliseconds; nothing for the empty string.
fn time_part(machine: &Machine, word: &Value, negative: &str) -> Result<Option<i64>, Exception> {
    if word.is_empty() {
        return Ok(None);
    }
    match super::options::integer(word, machine.mode())? {
        n if n < 0 => Err(bad_value(negative)),
        n => Ok(Some(n)),
    }
}

impl Machine {
    /// Gives a new interpreter the limits of the one that makes it; of commands, it may run none then.
    pub(crate) fn inherit_limits(&mut self, parent: InterpId, child: InterpId) {
        let from = self.interp(parent).limits.clone();
        let limits = &mut self.interp_mut(child).limits;
        if from.commands.is_some() {
            limits.commands = Some(0);
            limits.command_granularity = from.command_granularity;
        }
        if from.time.is_some() {
            limits.time = from.time;
            limits.time_granularity = from.time_granularity;
        }
    }

    /// Whether the running interpreter has a limit on commands: then all of them must be seen.
    pub(crate) fn counts_exactly(&self) -> bool {
        self.interp(self.current()).limits.commands.is_some()
    }

    /// The moment (wall clock, microseconds) at which the first of the interpreters on the chain runs out of time.
    /// Whoever waits must not wait longer.
    pub fn time_limit(&self) -> Option<i64> {
        let chain = self.context().frames.iter().map(|frame| frame.interp);
        chain.filter_map(|interp| self.interps.get(interp)?.limits.time).min()
    }

    /// What ends a loop of a command that evaluates a script or an expression without commands again and again: a
    /// cancellation, or the limit of time unless it has a callback.
    pub(crate) fn round_interruption(&mut self) -> Option<Exception> {
        if self.pending.load(Ordering::Relaxed) & pending::INTERRUPT != 0
            && let Some(exception) = self.interruption()
        {
            return Some(exception);
        }
        let (here, clock) = (self.current(), self.wall_clock);
        let limits = &mut self.interp_mut(here).limits;
        if limits.time.is_none() || limits.time_callback.is_some() {
            return None;
        }
        limits.ticker = limits.ticker.wrapping_add(1);
        matches!(passed(0, limits, clock, false), Some(Passed::Time)).then(|| limit_error(Passed::Time))
    }

    /// Whether the time of the interpreters that run is over.
    pub(crate) fn is_out_of_time(&self) -> bool {
        self.time_error().is_some()
    }

    /// What a command that searched has come to, unless its search ended because the time was over.
    pub(crate) fn unless_out_of_time(&self, outcome: Outcome) -> Outcome {
        let is_counted = self.pending.load(Ordering::Relaxed) & pending::COUNT != 0;
        match if is_counted { self.time_error() } else { None } {
            Some(exception) => Err(exception),
            None => outcome,
        }
    }

    /// When the time of the interpreters that run is over for good: a callback may give more, and is asked later.
    pub(crate) fn end_of_time(&self) -> Option<i64> {
        let chain = self.context().frames.iter().filter_map(|frame| self.interps.get(frame.interp));
        let ends = chain.map(|interp| &interp.limits).filter(|limits| limits.time_callback.is_none());
        ends.filter_map(|limits| limits.time).min()
    }

    /// The error of a command that runs when the time is over.
    pub(crate) fn time_error(&self) -> Option<Exception> {
        (self.wall_clock?() >= self.end_of_time()?).then(|| limit_error(Passed::Time))
    }

    /// Counts a command of an interpreter and looks at its limits: a script to run before it goes on, or the error.
    pub(crate) fn count_command(&mut self, id: InterpId) -> Result<Option<Step>, Exception> {
        let clock = self.wall_clock;
        let interp = self.interp_mut(id);
        interp.command_count += 1;
        let limits = &mut interp.limits;
        if limits.commands.is_none() && limits.time.is_none() {
            return Ok(None);
        }
        limits.ticker = limits.ticker.wrapping_add(1);
        match passed(interp.command_count, &mut interp.limits, clock, false) {
            None => Ok(None),
            Some(which) => self.limit_passed(id, which),
        }
    }

    fn limit_passed(&mut self, id: InterpId, which: Passed) -> Result<Option<Step>, Exception> {
        let limits = &self.interp(id).limits;
        let callback = match which {
            Passed::Commands => limits.command_callback.clone(),
            Passed::Time => limits.time_callback.clone(),
        };
        let Some((home, script)) =
            callback.filter(|(home, _)| self.interps.get(*home).is_some_and(|h| !h.dying))
        else {
            return Err(limit_error(which));
        };
        let again = move |machine: &mut Machine, _outcome: Result<Value, Exception>| -> Outcome {
            let clock = machine.wall_clock;
            let Some(interp) = machine.interps.get_mut(id) else {
                return Ok(Step::EMPTY);
            };
            // The command is made again and counted then.
            interp.command_count -= 1;
            match passed(interp.command_count + 1, &mut interp.limits, clock, true) {
                None => Ok(Step::EMPTY),
                Some(which) => Err(limit_error(which)),
            }
        };
        let run =
            Run { what: What::Script(script), at: At::Interp(home), then: Then::Barrier(Box::new(again)) };
        Ok(Some(Step::Run(Box::new(run))))
    }
}

/// Which limit was passed.
#[derive(Clone, Copy)]
enum Passed {
    Commands,
    Time,
}

fn passed(
    count: u64,
    limits: &mut crate::interp::Limits,
    clock: Option<fn() -> i64>,
    whatever_the_ticker: bool,
) -> Option<Passed> {
    let ticks = |granularity: u32| whatever_the_ticker || limits.ticker.is_multiple_of(granularity.max(1));
    if limits.commands.is_some_and(|most| count > most) && ticks(limits.command_granularity) {
        return Some(Passed::Commands);
    }
    let end = limits.time.filter(|_| ticks(limits.time_granularity))?;
    (clock?() >= end).then_some(Passed::Time)
}

fn limit_error(which: Passed) -> Exception {
    let (message, word) = match which {
        Passed::Commands => ("command count limit exceeded", "COMMANDS"),
        Passed::Time => ("time limit exceeded", "TIME"),
    };
    let mut exception = Raised::error(message).with_code(&["TCL", "LIMIT", word]);
    exception.uncatchable = true;
    exception
}
