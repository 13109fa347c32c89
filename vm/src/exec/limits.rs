//! What calls and backward jumps look at: limits, cancellation, fuel, what the runtime wants.

use std::sync::atomic::Ordering;

use super::Flow;
use crate::interp::{Machine, RunEnd, pending};

impl Machine {
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
                return Some(Flow::End(RunEnd::OutOfFuel));
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
