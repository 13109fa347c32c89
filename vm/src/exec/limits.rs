//! What calls and backward jumps look at: limits, cancellation, fuel, what the runtime wants.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Flow;
use crate::arith::BinaryOp;
use crate::arith::patience::{self, Patience};
use crate::interp::exception::Exception;
use crate::interp::{Machine, RunEnd, pending};
use crate::value::Value;

/// The exponents up to this one are small: such powers take no time.
const EXPONENT_SMALL: i64 = 4096;

impl Machine {
    /// Says what ends the computation of a power, if it is one that may take long: while what is returned is kept.
    #[inline]
    pub(crate) fn have_patience(&self, op: BinaryOp, exponent: &Value) -> Option<patience::Scope> {
        let is_long =
            op == BinaryOp::Pow && exponent.as_int().is_none_or(|exponent| exponent > EXPONENT_SMALL);
        is_long.then(|| self.set_patience())
    }

    #[cold]
    fn set_patience(&self) -> patience::Scope {
        let end = self.end_of_time().and_then(|end| Some((end, self.wall_clock?)));
        // What is pending already was looked at by the command, and is meant for another interpreter.
        let bits = pending::INTERRUPT & !self.pending.load(Ordering::Relaxed);
        patience::set(Patience { pending: Arc::clone(&self.pending), bits, end })
    }

    /// What an exception is: one that says that a computation was ended becomes what ended it.
    pub(crate) fn what_ended(&mut self, exception: Exception) -> Exception {
        if !patience::take_ended() {
            return exception;
        }
        self.interruption().or_else(|| self.time_error()).unwrap_or(exception)
    }

    /// Whether a call has to look at limits first.
    #[inline(always)]
    pub(super) fn is_held_up(&self) -> bool {
        self.depth >= self.depth_limit || self.pending.load(Ordering::Relaxed) != 0
    }

    /// Looks at limits, cancellation, fuel and what the runtime wants, on a backward jump.
    #[cold]
    pub(super) fn look_at_pending(&mut self) -> Option<Flow> {
        if let Some(fuel) = &mut self.fuel {
            if *fuel == 0 {
                // What is behind the jump goes on at once when there is fuel: a limit on commands is looked at now.
                let flow = if self.counts_exactly() { self.service_pending(false) } else { None };
                return Some(flow.unwrap_or(Flow::End(RunEnd::OutOfFuel)));
            }
            *fuel -= 1;
        }
        self.service_pending(false)
    }

    /// Looks at the pending flag before a call.
    #[cold]
    pub(super) fn look_at_pending_call(&mut self) -> Option<Flow> {
        if let Some(fuel) = &mut self.fuel {
            if *fuel == 0 {
                // The call is made again when there is fuel.
                self.frame_mut().pc -= 1;
                return Some(Flow::End(RunEnd::OutOfFuel));
            }
            *fuel -= 1;
        }
        self.service_pending(true)
    }

    /// `at_call`: the operation is a call, to be made again if scripts have to run first.
    fn service_pending(&mut self, at_call: bool) -> Option<Flow> {
        let bits = self.pending.load(Ordering::Relaxed);
        if crate::value::forget::now() {
            self.epoch = self.epoch.wrapping_add(1);
            self.core_epoch = self.core_epoch.wrapping_add(1);
        }
        if bits & pending::RUNTIME != 0 {
            self.pending.fetch_and(!pending::RUNTIME, Ordering::Relaxed);
            if let Some(service) = self.on_pending {
                service(self);
            }
        }
        if bits & pending::OPTIONS != 0 {
            self.forget_options();
        }
        if bits & pending::INTERRUPT != 0
            && let Some(exception) = self.interruption()
        {
            return Some(self.raise(exception));
        }
        if bits & pending::COUNT != 0 {
            let here = self.current();
            match self.count_command(here) {
                Ok(None) => {}
                Ok(Some(callback)) => {
                    if at_call {
                        self.frame_mut().pc -= 1;
                    }
                    return Some(self.settle(Ok(callback), crate::interp::frame::DISCARD));
                }
                Err(exception) => return Some(self.raise(exception)),
            }
        }
        None
    }
}
