//! Running the lazy automata over a text.
//!
//! Each loop has a tight part for ASCII text and transitions that are known and
//! plain, and a general part for one symbol of any kind.

use super::Interrupted;
use super::classes::{NOT_ASCII, Neighbour};
use super::dfa::{DEAD, Dfa, IDLE, MATCH, STATE, UNKNOWN};
use super::prefilter::Prefilter;
use super::reader::Reader;

/// How far a loop runs before it counts its steps.
const STRIDE_BYTES: usize = 16_384;

/// How often a prefilter may disappoint before it is left alone, and what it has
/// to skip on average.
const PREFILTER_TRIES: usize = 24;
const PREFILTER_SKIP_BYTES: usize = 12;

/// How many transitions are computed to find out how a match can go on.
const EXAMINED_MAX: usize = 2000;

impl Dfa {
    /// The transition from `state` by the symbol at `at`, and the symbol's width
    /// (0 at the end of the text).
    fn ahead(&mut self, reader: &mut Reader<'_>, state: u32, at: usize) -> Result<(u32, usize), Interrupted> {
        let (symbol, width) = match at < reader.text.len() {
            true => reader.class_at(at),
            false => (self.edge_symbol(reader.not_bol), 0),
        };
        let entry = self.transitions[state as usize + symbol];
        if entry != UNKNOWN {
            return Ok((entry, width));
        }
        Ok((self.step(reader, state, symbol, at)?, width))
    }

    /// Reads from `from` to `stop` and calls `found` with the ends of matches;
    /// its result says whether to stop.
    #[inline]
    fn run(
        &mut self,
        reader: &mut Reader<'_>,
        from: usize,
        stop: usize,
        found: impl FnMut(usize) -> bool,
    ) -> Result<(), Interrupted> {
        let neighbour = reader.before(from);
        let state = self.start(neighbour);
        self.run_on(reader, state, from, stop, found)
    }

    #[inline]
    fn run_on(
        &mut self,
        reader: &mut Reader<'_>,
        mut state: u32,
        from: usize,
        stop: usize,
        mut found: impl FnMut(usize) -> bool,
    ) -> Result<(), Interrupted> {
        let mut at = from;
        loop {
            let began = at;
            let limit = stop.min(at + STRIDE_BYTES);
            let text = &reader.text[..limit];
            let transitions = self.transitions.as_slice();
            let bytes = &reader.map.bytes;
            while let Some(byte) = text.get(at) {
                let class = bytes[usize::from(*byte)];
                if class == NOT_ASCII {
                    break;
                }
                let entry = transitions[state as usize + usize::from(class)];
                if entry >= DEAD {
                    break;
                }
                if entry & MATCH != 0 && found(at) {
                    return Ok(());
                }
                state = entry & STATE;
                at += 1;
            }
            reader.spend(at - began)?;
            let (entry, width) = self.ahead(reader, state, at)?;
            if entry & MATCH != 0 && found(at) {
                return Ok(());
            }
            if entry & DEAD != 0 || at >= stop {
                return Ok(());
            }
            state = entry & STATE;
            at += width;
        }
    }

    /// The end of the longest match from `from` that ends at most at `stop`.
    pub(super) fn longest(
        &mut self,
        reader: &mut Reader<'_>,
        from: usize,
        stop: usize,
    ) -> Result<Option<usize>, Interrupted> {
        let mut last = None;
        self.run(reader, from, stop, |at| {
            last = Some(at);
            false
        })?;
        Ok(last)
    }

    /// The end of the shortest match from `from` that ends at most at `stop`.
    pub(super) fn shortest(
        &mut self,
        reader: &mut Reader<'_>,
        from: usize,
        stop: usize,
    ) -> Result<Option<usize>, Interrupted> {
        let mut first = None;
        self.run(reader, from, stop, |at| {
            first = Some(at);
            true
        })?;
        Ok(first)
    }

    /// Whether there is a match from `from` that ends at most at `stop`.
    pub(super) fn matches(
        &mut self,
        reader: &mut Reader<'_>,
        from: usize,
        stop: usize,
    ) -> Result<bool, Interrupted> {
        Ok(self.shortest(reader, from, stop)?.is_some())
    }

    /// Whether there is a match from `from` to `stop`.
    pub(super) fn spans(
        &mut self,
        reader: &mut Reader<'_>,
        from: usize,
        stop: usize,
    ) -> Result<bool, Interrupted> {
        let mut spans = false;
        self.run(reader, from, stop, |at| {
            spans = at == stop;
            spans
        })?;
        Ok(spans)
    }

    /// The ends of all matches from `from` up to `stop`, ascending.
    pub(super) fn ends(
        &mut self,
        reader: &mut Reader<'_>,
        from: usize,
        stop: usize,
    ) -> Result<Vec<usize>, Interrupted> {
        let mut ends = Vec::new();
        self.run(reader, from, stop, |at| {
            ends.push(at);
            false
        })?;
        Ok(ends)
    }

    /// The first of the ends of matches from `from` that `wanted` accepts, or the
    /// last if `longest`.
    pub(super) fn end_where(
        &mut self,
        reader: &mut Reader<'_>,
        (from, stop): (usize, usize),
        longest: bool,
        mut wanted: impl FnMut(usize) -> bool,
    ) -> Result<Option<usize>, Interrupted> {
        let mut end = None;
        self.run(reader, from, stop, |at| {
            let good = wanted(at);
            if good {
                end = Some(at);
            }
            good && !longest
        })?;
        Ok(end)
    }

    /// The start of the longest match that ends at `from` and starts at least at
    /// `stop`.
    pub(super) fn backwards(
        &mut self,
        reader: &mut Reader<'_>,
        from: usize,
        stop: usize,
    ) -> Result<Option<usize>, Interrupted> {
        let mut last = None;
        let neighbour = reader.after(from);
        let mut state = self.start(neighbour);
        let mut at = from;
        loop {
            let began = at;
            let limit = stop.max(at.saturating_sub(STRIDE_BYTES));
            while at > limit {
                let class = reader.map.bytes[usize::from(reader.text[at - 1])];
                if class == NOT_ASCII {
                    break;
                }
                let entry = self.transitions[state as usize + usize::from(class)];
                if entry >= DEAD {
                    break;
                }
                if entry & MATCH != 0 {
                    last = Some(at);
                }
                state = entry & STATE;
                at -= 1;
            }
            reader.spend(began - at)?;
            let (entry, _, width) = self.behind(reader, state, at)?;
            if entry & MATCH != 0 {
                last = Some(at);
            }
            if entry & DEAD != 0 || at <= stop {
                return Ok(last);
            }
            state = entry & STATE;
            at -= width;
        }
    }

    /// The transition from `state` by the symbol before `at`, its marks, and the
    /// symbol's width.
    fn behind(
        &mut self,
        reader: &mut Reader<'_>,
        state: u32,
        at: usize,
    ) -> Result<(u32, u32, usize), Interrupted> {
        let (symbol, width) = match at > reader.start {
            true => reader.class_before(at),
            false => (self.edge_symbol(reader.not_bol), 0),
        };
        let entry = self.transitions[state as usize + symbol];
        if entry != UNKNOWN {
            return Ok((entry, self.marks_of(state, symbol), width));
        }
        let entry = self.step(reader, state, symbol, at)?;
        Ok((entry, self.last_marks(), width))
    }

    /// Reads from `from` back to `stop` and records for each position, counted
    /// from `stop`, the set of marks that were reached there, plus 1; 0 where
    /// nothing was.
    pub(super) fn record(
        &mut self,
        reader: &mut Reader<'_>,
        from: usize,
        stop: usize,
        marks: &mut Vec<u32>,
    ) -> Result<(), Interrupted> {
        marks.clear();
        marks.resize(from - stop + 1, 0);
        let neighbour = reader.after(from);
        let mut state = self.start(neighbour);
        let mut at = from;
        loop {
            while at > stop {
                let class = reader.map.bytes[usize::from(reader.text[at - 1])];
                if class == NOT_ASCII {
                    break;
                }
                let entry = self.transitions[state as usize + usize::from(class)];
                if entry >= DEAD {
                    break;
                }
                marks[at - stop] = self.marks_of(state, usize::from(class)) + 1;
                state = entry & STATE;
                at -= 1;
            }
            let (entry, reached, width) = self.behind(reader, state, at)?;
            marks[at - stop] = reached + 1;
            if entry & DEAD != 0 || at <= stop {
                break;
            }
            state = entry & STATE;
            at -= width;
        }
        reader.spend(from - at)
    }

    /// For each class whether a match can go on with it; `None` if conditions
    /// occur or the automaton is too large to tell.
    pub(super) fn continuations(
        &mut self,
        reader: &mut Reader<'_>,
    ) -> Result<Option<Vec<bool>>, Interrupted> {
        let classes = reader.map.count();
        if self.conditional() || classes > EXAMINED_MAX {
            return Ok(None);
        }
        let flushes = self.flushes();
        let mut goes_on = vec![false; classes];
        let mut known = vec![self.start(Neighbour::Other)];
        let mut examined = 0;
        while let Some(state) = known.get(examined).copied() {
            examined += 1;
            if examined * classes > EXAMINED_MAX {
                return Ok(None);
            }
            for (class, goes_on) in goes_on.iter_mut().enumerate() {
                let entry = match self.transitions[state as usize + class] {
                    UNKNOWN => self.step(reader, state, class, reader.start)?,
                    entry => entry,
                };
                if self.flushes() != flushes {
                    return Ok(None);
                }
                if entry & DEAD != 0 {
                    continue;
                }
                *goes_on |= entry & MATCH != 0;
                if !known.contains(&(entry & STATE)) {
                    known.push(entry & STATE);
                }
            }
        }
        Ok(Some(goes_on))
    }

    /// Passes over transitions up to `limit` in which nothing is decided; where
    /// it stopped. `IDLES`: also over those to the idle state.
    #[inline]
    fn skim<const IDLES: bool>(
        &self,
        reader: &Reader<'_>,
        mut state: u32,
        mut at: usize,
        limit: usize,
    ) -> (u32, usize) {
        let text = &reader.text[..limit];
        let transitions = self.transitions.as_slice();
        let bytes = &reader.map.bytes;
        while let Some(byte) = text.get(at) {
            let class = bytes[usize::from(*byte)];
            if class == NOT_ASCII {
                break;
            }
            let entry = transitions[state as usize + usize::from(class)];
            if entry >= if IDLES { MATCH } else { IDLE } {
                break;
            }
            state = if IDLES { entry & STATE } else { entry };
            at += 1;
        }
        (state, at)
    }

    /// Looks for the leftmost match from `from` on: the end of its longest form,
    /// or of any match if `any`.
    pub(super) fn find(
        &mut self,
        reader: &mut Reader<'_>,
        from: usize,
        any: bool,
        prefilter: Option<&Prefilter>,
    ) -> Result<Option<usize>, Interrupted> {
        let neighbour = reader.before(from);
        let mut state = self.start(neighbour);
        let mut at = from;
        let mut filter = prefilter.filter(|_| self.idle().is_some()).map(|filter| Filter {
            filter,
            tries: 0,
            skipped_bytes: 0,
        });
        if let Some(filter) = &mut filter
            && self.idle() == Some(state)
        {
            let Some(candidate) = filter.next(reader.text, at) else { return Ok(None) };
            at = candidate;
        }
        // Entries of the idle state are passed over only when the prefilter is not in use.
        let mut skims = self.idle().is_some() && filter.is_none();
        loop {
            let began = at;
            let limit = reader.text.len().min(at + STRIDE_BYTES);
            (state, at) = match skims {
                true => self.skim::<true>(reader, state, at, limit),
                false => self.skim::<false>(reader, state, at, limit),
            };
            reader.spend(at - began)?;
            let (entry, width) = self.ahead(reader, state, at)?;
            if entry & MATCH != 0 {
                let mut last = at;
                if !any && entry & DEAD == 0 && width != 0 {
                    let stop = reader.text.len();
                    self.run_on(reader, entry & STATE, at + width, stop, |end| {
                        last = end;
                        false
                    })?;
                }
                return Ok(Some(last));
            }
            if entry & DEAD != 0 || width == 0 {
                return Ok(None);
            }
            state = entry & STATE;
            at += width;
            if let Some(active) = &mut filter
                && entry & IDLE != 0
            {
                let Some(candidate) = active.next(reader.text, at) else { return Ok(None) };
                at = candidate;
                if active.disappoints() {
                    filter = None;
                    skims = true;
                }
            }
        }
    }
}

/// A prefilter in use.
struct Filter<'a> {
    filter: &'a Prefilter,
    tries: usize,
    skipped_bytes: usize,
}

impl Filter<'_> {
    fn next(&mut self, text: &[u8], at: usize) -> Option<usize> {
        let candidate = self.filter.find(text, at)?;
        self.tries += 1;
        self.skipped_bytes += candidate - at;
        Some(candidate)
    }

    fn disappoints(&self) -> bool {
        self.tries > PREFILTER_TRIES && self.skipped_bytes < self.tries * PREFILTER_SKIP_BYTES
    }
}
