//! Texts that are too long to be made.
//!
//! The text of a value is made when it is asked for, and asking cannot fail. A
//! text beyond the limit is refused instead: it is empty for the one who asks,
//! and the machine, which looks for a refusal after each command and each slow
//! operation, turns it into an exception before a script goes on with it.

use std::cell::Cell;

/// The most bytes that the text of a value has; few in tests, which are to reach it soon.
pub(crate) const TEXT_BYTES_MAX: usize = if cfg!(test) { 1 << 24 } else { 1 << 31 };

thread_local! {
    static REFUSED: Cell<bool> = const { Cell::new(false) };
}

/// Notes that a text was refused.
#[cold]
pub(crate) fn note() {
    REFUSED.with(|refused| refused.set(true));
}

/// Whether a text was refused, which the machine is still to look at.
pub(crate) fn is_noted() -> bool {
    REFUSED.with(Cell::get)
}

/// Whether a text was refused since the last time that this was asked.
#[inline]
pub(crate) fn take() -> bool {
    REFUSED.with(|refused| refused.get() && refused.replace(false))
}

/// Appends `more` to a text that is being made, unless it gets too long.
#[inline]
pub(crate) fn extend(out: &mut Vec<u8>, more: &[u8]) {
    if out.len() + more.len() > TEXT_BYTES_MAX {
        return note();
    }
    out.extend_from_slice(more);
}
