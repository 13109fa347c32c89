//! Register access for the loop: the crate's second home of `unsafe`.
//!
//! The licence for unchecked access is the type `Verified`: the verifier's
//! register rule says that every operand is below the code's register count,
//! and entering a frame makes that many registers at its base.

use tclring_compiler::bytecode::Op;

use crate::value::Value;

/// The registers of the running frame.
///
/// A window is made anew whenever something may have moved or resized the
/// registers of the context: after every call out of the loop.
#[derive(Clone, Copy)]
pub(super) struct Window {
    base: *mut Value,
    count: u32,
}

impl Window {
    /// The window of `count` registers from `base` on.
    ///
    /// # Panics
    /// If the registers do not reach that far: entering the frame failed to make them.
    pub(super) fn new(registers: &mut [Value], base: usize, count: u32) -> Window {
        let window = &mut registers[base..base + count as usize];
        Window { base: window.as_mut_ptr(), count }
    }

    /// The register `register`.
    #[inline(always)]
    pub(super) fn get<'a>(self, register: u16) -> &'a Value {
        debug_assert!(u32::from(register) < self.count, "the verifier checked the register");
        // SAFETY: the verifier's register rule puts the number below the frame's count, the registers exist
        // from `new` on, and the loop drops its window before anything resizes them.
        unsafe { &*self.base.add(usize::from(register)) }
    }

    /// The register `register`, to change.
    #[inline(always)]
    #[allow(clippy::mut_from_ref, reason = "the window stands for the registers; the loop holds one reference at a time")]
    pub(super) fn get_mut<'a>(self, register: u16) -> &'a mut Value {
        debug_assert!(u32::from(register) < self.count, "the verifier checked the register");
        // SAFETY: as for `get`; the loop uses one mutable reference at a time.
        unsafe { &mut *self.base.add(usize::from(register)) }
    }
}

/// The operation at `pc`.
#[inline(always)]
pub(super) fn fetch(ops: &[Op], pc: usize) -> Op {
    debug_assert!(pc < ops.len(), "the verifier checked that control stays inside");
    // SAFETY: the verifier's control rule: targets are inside, and the last operation does not fall through.
    unsafe { *ops.get_unchecked(pc) }
}
