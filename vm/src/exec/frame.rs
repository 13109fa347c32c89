//! Register access for the loop: the crate's second home of `unsafe`.
//!
//! The licence for unchecked access is the type `Verified`: the verifier's
//! register rule says that every operand is below the code's register count,
//! and entering a frame makes that many registers at its base.

use std::rc::Rc;

use tclring_compiler::bytecode::Op;

use super::unit::Unit;
use crate::interp::frame::Frame;
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

/// Where the loop is in the operations of the running frame.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    next: *const Op,
}

impl Cursor {
    /// At the operation number `pc`.
    ///
    /// # Panics
    /// If there is no such operation.
    pub(super) fn new(ops: &[Op], pc: usize) -> Cursor {
        Cursor { next: &raw const ops[pc] }
    }

    /// The next operation; the cursor goes on to the one after it.
    #[inline(always)]
    pub(super) fn fetch(&mut self) -> Op {
        // SAFETY: the verifier's control rule: targets are inside, and the last operation does not fall through.
        let op = unsafe { *self.next };
        self.next = self.next.wrapping_add(1);
        op
    }

    /// The number of the next operation.
    #[inline(always)]
    pub(super) fn position(self, ops: &[Op]) -> usize {
        (self.next.addr() - ops.as_ptr().addr()) / size_of::<Op>()
    }

    /// Goes to the operation number `target`; whether that is backwards.
    #[inline(always)]
    pub(super) fn jump(&mut self, ops: &[Op], target: u32) -> bool {
        let target = ops.as_ptr().wrapping_add(target as usize);
        let backwards = target < self.next;
        self.next = target;
        backwards
    }

    /// Goes `distance` operations on from the next one; whether that is backwards.
    #[inline(always)]
    pub(super) fn jump_near(&mut self, distance: i16) -> bool {
        self.next = self.next.wrapping_offset(isize::from(distance));
        distance < 0
    }
}

/// The unit that a frame runs, for as long as the loop runs that frame.
#[inline(always)]
pub(super) fn running_unit<'a>(frame: &Frame) -> Option<&'a Unit> {
    let unit: *const Unit = Rc::as_ptr(frame.unit.as_ref()?);
    // SAFETY: the frame owns a count of the unit while it is on the chain, and the loop gives the reference up
    // before it runs another frame or after it has popped this one.
    Some(unsafe { &*unit })
}

/// Another count of the unit that a call cache points to.
#[inline(always)]
pub(super) fn cached_unit<'a>(unit: *const Unit) -> (&'a Unit, Rc<Unit>) {
    // SAFETY: the machine's epoch is the cache's, so the procedure still holds the unit it held when the cache
    // was filled; the pointer came from that count.
    unsafe { Rc::increment_strong_count(unit) };
    // SAFETY: the count made just now is the one that the result owns.
    let owned = unsafe { Rc::from_raw(unit) };
    // SAFETY: the frame that takes `owned` keeps the unit alive while the loop runs that frame.
    (unsafe { &*unit }, owned)
}
