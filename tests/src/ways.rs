//! Odd ways to the same results: a script's outcome with a part of the machinery left out or made difficult.

use tclring_vm::interp::exception::{ERROR, Exception};
use tclring_vm::interp::{Machine, RunEnd, pending};
use tclring_vm::value::{Value, forget};

/// How a script is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As always.
    Usual,
    /// Every command is invoked.
    NotLowered,
    /// Code stays as lowering made it.
    NoPeephole,
    /// Cached interpretations are dropped at random.
    Forgetful(u64),
    /// The machine stops at every call and backward jump.
    Sliced,
}

/// The ways that must come to what the usual one comes to.
pub const ODD_WAYS: [Way; 5] =
    [Way::NotLowered, Way::NoPeephole, Way::Forgetful(1), Way::Forgetful(2), Way::Sliced];

/// How many calls and backward jumps a script may make. A script that is not lowered makes more of them.
const FUEL: u64 = 3_000;
/// How many more.
const FUEL_FACTOR: u64 = 20;

/// What a script comes to at the global level of a new interpreter without I/O: its result, or everything that an
/// exception says. None if it does not end, or waits.
pub fn outcome(script: &[u8], way: Way) -> Option<String> {
    let mut machine = Machine::new();
    machine.lowering = way != Way::NotLowered;
    machine.peephole = way != Way::NoPeephole;
    let seed = match way {
        Way::Forgetful(seed) => seed,
        _ => 0,
    };
    forget::begin(seed);
    let mut left = if way == Way::Usual { FUEL } else { FUEL * FUEL_FACTOR };
    let slice = if way == Way::Sliced { 1 } else { left };
    machine.set_pending(pending::COUNT);
    machine.fuel = Some(slice);
    let mut end = machine.run_script(Value::text_of(script), true);
    loop {
        match end {
            RunEnd::OutOfFuel => {
                left = left.saturating_sub(slice);
                if left == 0 {
                    return None;
                }
                machine.fuel = Some(slice);
                end = machine.run();
            }
            RunEnd::Blocked(_) => return None,
            RunEnd::Exit(status) => return Some(format!("exit {status}")),
            RunEnd::Done(Ok(value)) => return Some(format!("{:?}", value.to_display())),
            RunEnd::Done(Err(mut exception)) => return Some(told(&mut exception)),
        }
    }
}

/// All that an exception tells.
fn told(exception: &mut Exception) -> String {
    if exception.code == ERROR {
        exception.trace();
    }
    format!("{:?} {:?}", exception.result.to_display(), Value::dict(exception.options()).to_display())
}
