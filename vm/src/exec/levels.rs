//! Levels of evaluation: which invocations of commands count, and how many may be under way.
//!
//! A level is the invocation of a command, as in the reference: of each that it does not compile into operations. A
//! command that leads to another one (an alias, an import, an ensemble, a method that forwards) is a level beside that.
//! The frame that comes of an invocation counts it; until it is pushed, [`Machine::levels_ahead`] does. Code that is
//! evaluated is no level beside the command that asks for it. Each interpreter counts for itself.

use tclring_compiler::bytecode::{CallSite, Code, Context as CodeContext, Op};

use super::too_deep;
use crate::interp::Machine;
use crate::interp::command::Outcome;
use crate::interp::exception::Exception;
use crate::interp::step::{Step, What};

/// How many frames there may be for each level that evaluations may nest.
const FRAMES_PER_LEVEL_MAX: u64 = 100;

impl Machine {
    /// Takes over the limit of nesting of the running interpreter: its own evaluations count, not those of the
    /// interpreters around it.
    pub fn update_depth_limit(&mut self) {
        let interp = self.interp(self.current());
        let limit = u64::from(interp.base_depth).saturating_add(interp.recursion_limit);
        self.depth_limit = u32::try_from(limit).unwrap_or(u32::MAX);
    }

    /// Counts the invocation of a command as a level of evaluation.
    ///
    /// # Errors
    /// Evaluations are nested as deep as they may be.
    pub(super) fn count_level(&mut self) -> Result<(), Exception> {
        if self.depth + self.levels_ahead >= self.depth_limit {
            return Err(too_deep());
        }
        self.levels_ahead += 1;
        Ok(())
    }

    /// Whether the invocation of the command that runs is one too many.
    pub(crate) fn is_too_deep(&self) -> bool {
        self.depth + self.levels_ahead.max(1) > self.depth_limit
    }

    /// Counts the invocation of a builtin that has something run before it is done, unless it stands in line in the
    /// code of the top frame.
    pub(super) fn count_unless_done(&mut self, outcome: &Outcome) {
        let counts = match outcome {
            Ok(Step::Done(_)) | Err(_) => false,
            // A method is a level even where `next` is compiled.
            Ok(Step::Run(run)) if matches!(run.what, What::Method(_)) => true,
            _ => !self.is_flat_call(),
        };
        self.levels_ahead += u32::from(counts);
    }

    /// Whether there are far more frames than evaluations may nest: code in line may lead to itself without an
    /// invocation.
    pub(super) fn has_too_many_frames(&self) -> bool {
        self.context().frames.len() as u64 / FRAMES_PER_LEVEL_MAX > u64::from(self.depth_limit)
    }

    /// Notes that another interpreter runs now than `before`, whose evaluations were `depth_before` deep.
    pub(super) fn interp_switched(&mut self, before: crate::interp::InterpId, depth_before: u32) {
        if let Some(interp) = self.interps.get_mut(before) {
            interp.own_depth = depth_before.saturating_sub(interp.base_depth);
        }
        let (depth, now) = (self.depth, self.current());
        let interp = self.interp_mut(now);
        interp.base_depth = depth.saturating_sub(interp.own_depth);
        self.update_depth_limit();
    }

    /// Whether the command that runs is called by its name in code that the reference compiles: the reference may have
    /// compiled the call.
    pub(crate) fn is_compiled_call(&self) -> bool {
        self.calls_at(|code, site| code.context != CodeContext::Sourced && site.name.is_some())
    }

    /// Whether code calls the command that runs by its name, as lowered code does what implements a subcommand.
    pub(crate) fn is_named_call(&self) -> bool {
        self.calls_at(|_, site| site.name.is_some())
    }

    /// Whether the reference compiles the call of the command that runs into operations, which are no level of
    /// evaluation.
    pub(crate) fn is_flat_call(&self) -> bool {
        self.calls_at(|_, site| site.flat)
    }

    /// Whether the top frame's code calls a command at a site for which `holds`, and no steps are traced.
    fn calls_at(&self, holds: impl Fn(&Code, &CallSite) -> bool) -> bool {
        let frame = self.frame();
        let Some(unit) = &frame.unit else { return false };
        let Some(Op::Call { site, .. }) = unit.ops.get(frame.pc.saturating_sub(1) as usize) else {
            return false;
        };
        let code = unit.code();
        self.stepping == 0 && holds(code, &code.call_sites[usize::from(site.0)])
    }
}
