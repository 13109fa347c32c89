//! `time` and `timerate`: how long scripts take. The clock is the runtime's.

use super::options::integer;
use crate::arith::error::expected;
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

/// A `time` under way.
struct Timed {
    script: Value,
    left: i64,
    count: i64,
    started: i64,
}

fn time(machine: &mut Machine, mut args: Args) -> Outcome {
    let count = match args.get(2) {
        Some(word) => {
            let count = integer(word, machine.mode())?;
            if !(i64::from(i32::MIN)..=i64::from(u32::MAX)).contains(&count) {
                const MESSAGE: &str = "integer value too large to represent";
                return Err(error!(MESSAGE; "ARITH", "IOVERFLOW", MESSAGE));
            }
            count
        }
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

/// The overhead of one iteration in microseconds that `timerate -calibrate` found.
#[derive(Default)]
struct Calibrated {
    overhead_us: f64,
}

/// How long `timerate` measures unless it is told, in milliseconds.
const MEASURE_MS: i64 = 1000;
/// How long `timerate -calibrate` measures unless it is told, in milliseconds.
const CALIBRATE_MS: i64 = 10_000;

/// A `timerate` under way.
struct Rated {
    script: Value,
    limit_us: i64,
    count_max: i64,
    count: i64,
    started: i64,
    overhead_us: f64,
    calibrates: bool,
}

fn timerate(machine: &mut Machine, args: Args) -> Outcome {
    let mut at = 1;
    let mut calibrates = false;
    let mut overhead_us = machine.caches.get::<Calibrated>().overhead_us;
    // The last word is never an option.
    while at + 1 < args.len() {
        match &*args[at].text() {
            b"-direct" => {}
            b"-calibrate" => calibrates = true,
            b"-overhead" => {
                at += 1;
                let value = &args[at];
                overhead_us =
                    value.to_f64(machine.mode()).ok_or_else(|| expected("floating-point number", value))?;
            }
            b"--" => {
                at += 1;
                break;
            }
            _ => break,
        }
        at += 1;
    }
    if !(1..=3).contains(&(args.len() - at.min(args.len()))) {
        return Err(machine.wrong_args(&args, 1, TIMERATE_USAGE));
    }
    let mode = machine.mode();
    let usual = if calibrates { CALIBRATE_MS } else { MEASURE_MS };
    let milliseconds = args.get(at + 1).map_or(Ok(usual), |word| integer(word, mode))?;
    let count_max = args.get(at + 2).map_or(Ok(i64::MAX), |word| integer(word, mode))?;
    let state = Rated {
        script: args[at].clone(),
        limit_us: milliseconds.saturating_mul(1000),
        count_max,
        count: 0,
        started: now(machine),
        overhead_us: if calibrates { 0.0 } else { overhead_us },
        calibrates,
    };
    if count_max <= 0 {
        return Ok(Step::Done(state.report(machine)));
    }
    Ok(Box::new(state).again())
}

impl Rated {
    /// Runs the script once more: it runs at least once, whatever the time.
    fn again(mut self: Box<Self>) -> Step {
        self.count += 1;
        Step::run_with(What::Script(self.script.clone()), At::Here, self)
    }

    fn go_on(self: Box<Self>, machine: &mut Machine) -> Outcome {
        let stands_still = machine.wall_clock.is_none();
        if self.count >= self.count_max || stands_still || now(machine) - self.started >= self.limit_us {
            return Ok(Step::Done(self.report(machine)));
        }
        Ok(self.again())
    }

    fn report(&self, machine: &mut Machine) -> Value {
        if self.count == 0 {
            return Value::from("0 \u{b5}s/# 0 # 0 #/sec 0 net-ms");
        }
        let elapsed = (now(machine) - self.started).max(0) as f64;
        let net = (elapsed - self.overhead_us * self.count as f64).trunc().max(0.0);
        let each = net / self.count as f64;
        // The time of nothing is shown as the smallest there is.
        let net = net.max(1.0);
        let rate = self.count as f64 * 1_000_000.0 / net;
        let (each_shown, rate_shown) = (each_text(each), rate_text(rate));
        if self.calibrates {
            machine.caches.get::<Calibrated>().overhead_us = each;
            let overhead = Value::double(each).to_display();
            return Value::from(format!(
                "{overhead} \u{b5}s/#-overhead {each_shown} \u{b5}s/# {} # {rate_shown} #/sec",
                self.count
            ));
        }
        let net_ms = net / 1000.0;
        Value::from(format!("{each_shown} \u{b5}s/# {} # {rate_shown} #/sec {net_ms:.3} net-ms", self.count))
    }
}

/// Microseconds per iteration with the digits that the reference shows.
fn each_text(each: f64) -> String {
    match each {
        0.0..10.0 => format!("{each:.6}"),
        10.0..100.0 => format!("{each:.4}"),
        100.0..1000.0 => format!("{each:.3}"),
        1000.0..10_000.0 => format!("{each:.2}"),
        10_000.0..1_000_000.0 => format!("{each:.1}"),
        _ => format!("{}", each as i64),
    }
}

/// Iterations per second with the digits that the reference shows.
fn rate_text(rate: f64) -> String {
    match rate {
        0.0..100.0 => format!("{rate:.3}"),
        100.0..1000.0 => format!("{rate:.2}"),
        1000.0..100_000.0 => format!("{rate:.1}"),
        _ => format!("{}", rate as i64),
    }
}

impl Continuation for Rated {
    fn resume(self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        match outcome {
            Err(e) if e.code == BREAK => Ok(Step::Done(self.report(machine))),
            Err(e) if e.code != CONTINUE => Err(e),
            _ => self.go_on(machine),
        }
    }
}
