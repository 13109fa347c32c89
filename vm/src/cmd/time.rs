//! `time` and `timerate`: how long scripts take. The clock is the runtime's.

use crate::error;
use crate::interp::command::Outcome;
use crate::interp::exception::{BREAK, CONTINUE, Exception};
use crate::interp::frame::Continuation;
use crate::interp::{Args, At, CommandRow, MANY, Machine, Step, What};
use crate::value::Value;

const TIMERATE_USAGE: &str = "?-direct? ?-calibrate? ?-overhead double? command ?time ?max-count??";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "time",
        usage: "command ?count?",
        min: 1,
        max: 2,
        safe: true,
        help: "Runs a script some times and answers how long one run takes.",
        run: time,
    },
    CommandRow {
        name: "timerate",
        usage: TIMERATE_USAGE,
        min: 0,
        max: MANY,
        safe: true,
        help: "Runs a script for some time and answers how fast it is.",
        run: timerate,
    },
];

/// Microseconds by the runtime's clock; it stands still without one.
fn now(machine: &Machine) -> i64 {
    machine.wall_clock.map_or(0, |clock| clock())
}

fn integer(machine: &Machine, value: &Value) -> Result<i64, Exception> {
    value
        .to_i64(machine.mode())
        .ok_or_else(|| error!("expected integer but got \"", value, "\""; "TCL", "VALUE", "NUMBER"))
}

/// A `time` under way.
struct Timed {
    script: Value,
    left: i64,
    count: i64,
    started: i64,
}

fn time(machine: &mut Machine, mut args: Args) -> Outcome {
    let count = match args.get(2) {
        Some(word) => integer(machine, word)?,
        None => 1,
    };
    let started = now(machine);
    Box::new(Timed { script: args.take(1), left: count, count, started }).go_on(machine)
}

impl Timed {
    fn go_on(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        if self.left > 0 {
            self.left -= 1;
            return Ok(Step::run_with(What::Script(self.script.clone()), At::Here, self));
        }
        let total = now(machine) - self.started;
        let each = if self.count <= 1 {
            if self.count <= 0 { Value::int(0) } else { Value::int(total) }
        } else {
            Value::double(total as f64 / self.count as f64)
        };
        Ok(Step::Done(Value::list(vec![
            each,
            Value::from("microseconds"),
            Value::from("per"),
            Value::from("iteration"),
        ])))
    }
}

impl Continuation for Timed {
    fn resume(self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        outcome?;
        self.go_on(machine)
    }
}

/// A `timerate` under way.
struct Rated {
    script: Value,
    limit_us: i64,
    count_max: i64,
    count: i64,
    started: i64,
    overhead_us: f64,
}

fn timerate(machine: &mut Machine, args: Args) -> Outcome {
    let mut at = 1;
    let mut overhead_us = 0.0;
    while let Some(word) = args.get(at) {
        match &*word.text() {
            b"-direct" | b"-calibrate" => at += 1,
            b"--" => {
                at += 1;
                break;
            }
            b"-overhead" => {
                let Some(value) = args.get(at + 1) else {
                    return Err(machine.wrong_args(&args, 1, TIMERATE_USAGE));
                };
                overhead_us = value.to_f64(machine.mode()).ok_or_else(|| {
                    error!("expected floating-point number but got \"", value, "\""; "TCL", "VALUE", "NUMBER")
                })?;
                at += 2;
            }
            _ => break,
        }
    }
    if !(1..=3).contains(&(args.len() - at.min(args.len()))) {
        return Err(machine.wrong_args(&args, 1, TIMERATE_USAGE));
    }
    let milliseconds = args.get(at + 1).map_or(Ok(1000), |word| integer(machine, word))?;
    let count_max = args.get(at + 2).map_or(Ok(i64::MAX), |word| integer(machine, word))?;
    let started = now(machine);
    let state = Rated {
        script: args[at].clone(),
        limit_us: milliseconds.saturating_mul(1000),
        count_max,
        count: 0,
        started,
        overhead_us,
    };
    Box::new(state).go_on(machine)
}

impl Rated {
    fn go_on(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        let elapsed = now(machine) - self.started;
        let stands_still = machine.wall_clock.is_none() && self.count > 0;
        if self.count >= self.count_max || (elapsed >= self.limit_us && self.count > 0) || stands_still {
            return Ok(Step::Done(self.report(elapsed)));
        }
        if self.count_max <= 0 || self.limit_us <= 0 {
            return Ok(Step::Done(self.report(0)));
        }
        self.count += 1;
        Ok(Step::run_with(What::Script(self.script.clone()), At::Here, self))
    }

    fn report(&self, elapsed: i64) -> Value {
        let net = (elapsed as f64 - self.overhead_us * self.count as f64).max(0.0);
        let count = self.count.max(1) as f64;
        let per_second = if net > 0.0 { self.count as f64 * 1_000_000.0 / net } else { 0.0 };
        let text = format!(
            "{} \u{b5}s/# {} # {} #/sec {} net-ms",
            short(net / count),
            self.count,
            short(per_second),
            short(net / 1000.0),
        );
        Value::from(text)
    }
}

/// A number with about six digits.
fn short(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let digits = (5 - number.abs().log10().floor() as i32).clamp(0, 6) as usize;
    let text = format!("{number:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

impl Continuation for Rated {
    fn resume(self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        match outcome {
            Err(e) if e.code == BREAK => {
                let elapsed = now(machine) - self.started;
                Ok(Step::Done(self.report(elapsed)))
            }
            Err(e) if e.code != CONTINUE => Err(e),
            _ => self.go_on(machine),
        }
    }
}
