//! Arithmetic series: numbers in even steps that are computed when they are asked for.
//!
//! A series is a list to scripts. Only a command that needs all the elements at
//! once makes them; how many there may be is known to nobody before that.

use std::cell::OnceCell;
use std::ops::Range;

use tclring_compiler::syntax::number::format_double;

use super::{Value, refusal};

/// The most elements that are made into a list or a text.
pub(crate) const ELEMENTS_MADE_MAX: usize = 1 << 28;

/// What the numbers are.
#[derive(Clone, Copy, Debug)]
pub enum Terms {
    /// Integers of which all that are counted have 64 bits.
    Integers {
        /// The first.
        start: i64,
        /// What the next is more.
        step: i64,
    },
    /// Floating-point numbers.
    Reals {
        /// The first.
        start: f64,
        /// What the next is more.
        step: f64,
        /// How many decimals they are rounded to, if more than none.
        decimals: i32,
    },
}

/// An arithmetic series.
pub struct SeriesObj {
    terms: Terms,
    count: usize,
    text: OnceCell<Box<[u8]>>,
}

impl SeriesObj {
    /// The first `count` numbers of `terms`.
    pub fn new(terms: Terms, count: usize) -> SeriesObj {
        SeriesObj { terms, count, text: OnceCell::new() }
    }

    /// The number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it has more elements than are made, or gone through, at once.
    pub(crate) fn is_too_long(&self) -> bool {
        self.count > ELEMENTS_MADE_MAX
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The element number `at`.
    pub fn get(&self, at: usize) -> Option<Value> {
        (at < self.count).then(|| self.term(at))
    }

    fn term(&self, at: usize) -> Value {
        match self.terms {
            Terms::Integers { start, step } => Value::int(start.wrapping_add((at as i64).wrapping_mul(step))),
            Terms::Reals { start, step, decimals } => Value::double(real_term(start, step, decimals, at)),
        }
    }

    /// The elements in order.
    pub fn iter(&self) -> impl Iterator<Item = Value> {
        (0..self.count).map(|at| self.term(at))
    }

    /// The series of the elements in `range`, which is within the bounds.
    pub fn slice(&self, range: Range<usize>) -> SeriesObj {
        let terms = match self.terms {
            Terms::Integers { start, step } => {
                Terms::Integers { start: start.wrapping_add((range.start as i64).wrapping_mul(step)), step }
            }
            Terms::Reals { start, step, decimals } => {
                Terms::Reals { start: real_term(start, step, decimals, range.start), step, decimals }
            }
        };
        SeriesObj::new(terms, range.len())
    }

    /// The series from the last element to the first.
    pub fn reversed(&self) -> SeriesObj {
        let last = self.count.saturating_sub(1);
        let terms = match self.slice(last..last).terms {
            Terms::Integers { start, step } => Terms::Integers { start, step: step.wrapping_neg() },
            Terms::Reals { start, step, decimals } => Terms::Reals { start, step: -step, decimals },
        };
        SeriesObj::new(terms, self.count)
    }

    /// The text of the list. A series too long to be written out has an empty one, and its refusal is noted.
    pub fn text(&self) -> &[u8] {
        if self.count > ELEMENTS_MADE_MAX {
            refusal::note();
            return &[];
        }
        self.text.get_or_init(|| {
            let mut out = Vec::with_capacity(self.count * 4);
            for at in 0..self.count {
                if at > 0 {
                    out.push(b' ');
                }
                match self.terms {
                    Terms::Integers { .. } => out.extend_from_slice(&self.term(at).text()),
                    Terms::Reals { start, step, decimals } => {
                        format_double(real_term(start, step, decimals, at), &mut out);
                    }
                }
            }
            out.into_boxed_slice()
        })
    }
}

fn real_term(start: f64, step: f64, decimals: i32, at: usize) -> f64 {
    // The first is exact even where the step is infinite.
    let exact = if at == 0 { start } else { start + at as f64 * step };
    if decimals <= 0 {
        return exact;
    }
    let scale = 10f64.powi(decimals);
    let rounded = (exact * scale).round() / scale;
    if rounded.is_finite() { rounded } else { exact }
}
