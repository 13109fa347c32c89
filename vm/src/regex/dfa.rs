//! Lazy automata over classes of characters.
//!
//! A state is a set of states of the graph, at a position between two characters.
//! Assertions that need the other neighbour, and lookaheads, remain in the set
//! and are decided when the next symbol is known; so is whether the set matches.
//! A match is therefore reported by the transition *behind* it, and there are
//! symbols for the edges of the text.
//!
//! A searching automaton starts anew at each position. Its sets are in groups by
//! where they started, the oldest first, and a group has only what no older one
//! has. When a group matches, younger ones are dropped and no new ones start: the
//! last match reported is then the longest one of the leftmost start.
//!
//! The automaton is bounded: when its states take too much memory all of them are
//! dropped and it is built anew from where it is.

use super::Interrupted;
use super::classes::{ClassMap, Neighbour};
use super::lex::Assertion;
use super::nfa::{Nfa, State};
use super::reader::Reader;
use foldhash::{HashMap, HashMapExt};
use std::rc::Rc;

/// The transition has not been computed, or depends on lookaheads.
pub(super) const UNKNOWN: u32 = 1 << 31;
/// Nothing can match from here on.
pub(super) const DEAD: u32 = 1 << 30;
/// The position before the symbol is the end of a match.
pub(super) const MATCH: u32 = 1 << 29;
/// The state is the one in which nothing has begun.
pub(super) const IDLE: u32 = 1 << 28;
/// The bits of a transition that are the state.
pub(super) const STATE: u32 = IDLE - 1;

/// How much memory the states of one automaton may take.
pub(super) const BYTES_MAX: usize = 384 * 1024;
/// How many states are kept whatever they take.
const STATES_MIN: usize = 8;

/// Between the groups of a set.
const GROUP: u32 = u32::MAX;
/// The header bit of a set that has matched already.
const MATCHED: u32 = 1 << 8;
/// The header of a set that does not depend on the neighbour.
const ANY_NEIGHBOUR: u32 = 7;

/// What an automaton is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Forward,
    Search,
    Backward,
}

/// A lazy automaton; the numbers of its states are offsets in the table.
#[derive(Debug)]
pub(super) struct Dfa {
    nfa: Nfa,
    mode: Mode,
    /// The number of symbols: the classes and two for the edges of the text.
    pub(super) stride: usize,
    pub(super) transitions: Vec<u32>,
    /// For each transition the set of marks that were reached, if recorded.
    marks: Vec<u32>,
    mark_sets: MarkSets,
    /// The set of marks on the transition that was computed last.
    last_marks: u32,
    /// The sets of the states: a header, then groups of graph states.
    sets: Vec<Rc<[u32]>>,
    ids: HashMap<Rc<[u32]>, u32>,
    /// Transitions that depend on lookaheads: state, symbol, answers.
    by_looks: HashMap<(u32, u32, u128), u32>,
    starts: [Option<u32>; Neighbour::COUNT],
    /// Transitions to the state in which nothing has begun are to have [`IDLE`].
    reports_idle: bool,
    /// That state, if it was made and the start has no condition.
    idle: Option<u32>,
    /// A searching automaton can start at the edge of the text only.
    edge_only: bool,
    bytes: usize,
    /// How often all states were dropped.
    flushes: u32,
    closure: Closure,
    key: Vec<u32>,
}

/// Sets of marks by number.
#[derive(Debug, Default)]
pub(super) struct MarkSets {
    recorded: bool,
    sets: Vec<Rc<[u32]>>,
    ids: HashMap<Rc<[u32]>, u32>,
}

impl MarkSets {
    fn id(&mut self, marks: &mut Vec<u32>) -> u32 {
        marks.sort_unstable();
        if let Some(id) = self.ids.get(marks.as_slice()) {
            return *id;
        }
        let set: Rc<[u32]> = marks.as_slice().into();
        let id = self.sets.len() as u32;
        self.sets.push(set.clone());
        self.ids.insert(set, id);
        id
    }

    /// Whether set `id` has `mark`.
    pub(super) fn has(&self, id: u32, mark: u32) -> bool {
        self.sets[id as usize].binary_search(&mark).is_ok()
    }

    /// The sets by number, for use when the automaton may be gone.
    pub(super) fn snapshot(&self) -> MarkSets {
        MarkSets { recorded: true, sets: self.sets.clone(), ids: HashMap::new() }
    }

    /// The smallest mark of set `id`.
    pub(super) fn least(&self, id: u32) -> Option<u32> {
        self.sets[id as usize].first().copied()
    }
}

/// The working memory of walks along empty transitions.
#[derive(Debug, Default)]
struct Closure {
    /// When each graph state was visited.
    visited: Vec<u32>,
    now: u32,
    stack: Vec<u32>,
    /// An assertion or lookahead was met.
    conditional: bool,
}

/// What is known about a position during a walk.
#[derive(Clone, Copy)]
struct Known {
    before: Option<Neighbour>,
    after: Option<Neighbour>,
    /// The answers of the lookaheads as bits by number, if they are known.
    looks: Option<u128>,
}

impl Closure {
    fn renew(&mut self, states: usize) {
        if self.visited.len() < states {
            self.visited.resize(states, 0);
        }
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.visited.fill(0);
            self.now = 1;
        }
    }

    /// Appends what is reached from `from` to `set`: states that consume, marks,
    /// and conditions that cannot be decided yet.
    fn walk(&mut self, nfa: &Nfa, from: u32, known: Known, set: &mut Vec<u32>) {
        self.stack.push(from);
        while let Some(at) = self.stack.pop() {
            let visited = &mut self.visited[at as usize];
            if *visited == self.now {
                continue;
            }
            *visited = self.now;
            match nfa.states[at as usize] {
                State::Set { .. } | State::Stop { .. } => set.push(at),
                State::Mark { next, .. } => {
                    set.push(at);
                    self.stack.push(next);
                }
                State::Split { first, second } => self.stack.extend([second, first]),
                State::Assert { assertion, next } => {
                    self.conditional = true;
                    match decide(assertion, known.before, known.after) {
                        Some(true) => self.stack.push(next),
                        Some(false) => {}
                        None => set.push(at),
                    }
                }
                State::Look { number, negative, next } => {
                    self.conditional = true;
                    match known.looks {
                        Some(answers) if (answers >> number & 1 != 0) != negative => {
                            self.stack.push(next);
                        }
                        Some(_) => {}
                        None => set.push(at),
                    }
                }
                State::Fail => {}
            }
        }
    }

    /// The lookaheads that may be asked behind the conditions of `set`, whatever
    /// the other conditions say.
    fn looks(&mut self, nfa: &Nfa, set: &[u32]) -> Vec<u32> {
        let mut numbers = Vec::new();
        let pending = |at: &&u32| {
            **at != GROUP && matches!(nfa.states[**at as usize], State::Assert { .. } | State::Look { .. })
        };
        self.stack.extend(set[1..].iter().filter(pending));
        while let Some(at) = self.stack.pop() {
            if std::mem::replace(&mut self.visited[at as usize], self.now) == self.now {
                continue;
            }
            match nfa.states[at as usize] {
                State::Look { number, next, .. } => {
                    numbers.push(number);
                    self.stack.push(next);
                }
                State::Assert { next, .. } | State::Mark { next, .. } => self.stack.push(next),
                State::Split { first, second } => self.stack.extend([first, second]),
                State::Set { .. } | State::Stop { .. } | State::Fail => {}
            }
        }
        numbers
    }
}

/// Whether an assertion holds between two neighbours; `None` if it depends on
/// the one that is not known.
fn decide(assertion: Assertion, before: Option<Neighbour>, after: Option<Neighbour>) -> Option<bool> {
    let is_word = |neighbour| neighbour == Neighbour::Word;
    let both = |test: fn(bool, bool) -> bool| match (before.map(is_word), after.map(is_word)) {
        (Some(before), Some(after)) => Some(test(before, after)),
        (Some(before), None) if !test(before, false) && !test(before, true) => Some(false),
        (None, Some(after)) if !test(false, after) && !test(true, after) => Some(false),
        _ => None,
    };
    match assertion {
        Assertion::LineStart => before.map(|n| n == Neighbour::LineEdge),
        Assertion::AnyLineStart => before.map(|n| matches!(n, Neighbour::LineEdge | Neighbour::Newline)),
        Assertion::TextStart => before.map(|n| matches!(n, Neighbour::LineEdge | Neighbour::StartEdge)),
        Assertion::TextEnd => after.map(|n| n == Neighbour::EndEdge),
        Assertion::AnyLineEnd => after.map(|n| matches!(n, Neighbour::EndEdge | Neighbour::Newline)),
        Assertion::WordStart => both(|before, after| !before && after),
        Assertion::WordEnd => both(|before, after| before && !after),
        Assertion::WordEdge => both(|before, after| before != after),
        Assertion::NoWordEdge => both(|before, after| before == after),
    }
}

impl Dfa {
    /// An automaton that matches from a position on.
    pub(super) fn forward(nfa: Nfa, map: &ClassMap) -> Dfa {
        Dfa::new(nfa, Mode::Forward, map)
    }

    /// An automaton that matches from a position back.
    pub(super) fn backward(nfa: Nfa, map: &ClassMap) -> Dfa {
        Dfa::new(nfa, Mode::Backward, map)
    }

    /// An automaton that matches from a position back and records the marks.
    pub(super) fn recorder(nfa: Nfa, map: &ClassMap) -> Dfa {
        let mut dfa = Dfa::new(nfa, Mode::Backward, map);
        dfa.mark_sets.recorded = true;
        dfa
    }

    /// An automaton that looks for a match, see the module, with or without the
    /// help of a prefilter.
    pub(super) fn search(nfa: Nfa, map: &ClassMap, prefiltered: bool) -> Dfa {
        let mut dfa = Dfa::new(nfa, Mode::Search, map);
        dfa.reports_idle = prefiltered;
        let inner = [Neighbour::Newline, Neighbour::Word, Neighbour::Other];
        dfa.edge_only = inner.into_iter().all(|neighbour| {
            dfa.begin(neighbour);
            dfa.key.len() == 1
        });
        dfa
    }

    fn new(nfa: Nfa, mode: Mode, map: &ClassMap) -> Dfa {
        Dfa {
            nfa,
            mode,
            stride: map.count() + 2,
            transitions: Vec::new(),
            marks: Vec::new(),
            mark_sets: MarkSets::default(),
            last_marks: 0,
            sets: Vec::new(),
            ids: HashMap::new(),
            by_looks: HashMap::new(),
            starts: [None; Neighbour::COUNT],
            reports_idle: false,
            idle: None,
            edge_only: false,
            bytes: 0,
            flushes: 0,
            closure: Closure::default(),
            key: Vec::new(),
        }
    }

    /// Whether a match can start at the edge of the text only.
    pub(super) fn edge_only(&self) -> bool {
        self.edge_only
    }

    /// How often all states were dropped.
    pub(super) fn flushes(&self) -> u32 {
        self.flushes
    }

    /// Whether lookaheads or assertions occur.
    pub(super) fn conditional(&self) -> bool {
        self.nfa.conditional
    }

    /// Whether lookaheads occur.
    pub(super) fn has_looks(&self) -> bool {
        self.nfa.has_looks
    }

    /// The recorded sets of marks.
    pub(super) fn mark_sets(&self) -> &MarkSets {
        &self.mark_sets
    }

    /// The set of marks on the transition that was computed last.
    pub(super) fn last_marks(&self) -> u32 {
        self.last_marks
    }

    /// The set of marks on a transition that is in the table, if recorded.
    #[inline]
    pub(super) fn marks_of(&self, state: u32, symbol: usize) -> u32 {
        self.marks.get(state as usize + symbol).copied().unwrap_or(0)
    }

    /// The state in which nothing has begun, if there is one.
    pub(super) fn idle(&self) -> Option<u32> {
        self.idle
    }

    /// The symbol for the edge of the text that a scan runs into.
    pub(super) fn edge_symbol(&self, not_bol: bool) -> usize {
        match self.mode {
            Mode::Backward if not_bol => self.stride - 1,
            _ => self.stride - 2,
        }
    }

    fn neighbour_of(&self, symbol: usize, map: &ClassMap) -> Neighbour {
        match (map.neighbours.get(symbol), self.mode) {
            (Some(neighbour), _) => *neighbour,
            (None, Mode::Backward) if symbol + 1 == self.stride => Neighbour::StartEdge,
            (None, Mode::Backward) => Neighbour::LineEdge,
            (None, _) => Neighbour::EndEdge,
        }
    }

    /// What is known where `memory` is the neighbour that was passed.
    fn known(&self, memory: Neighbour) -> Known {
        match self.mode {
            Mode::Backward => Known { before: None, after: Some(memory), looks: None },
            _ => Known { before: Some(memory), after: None, looks: None },
        }
    }

    /// Puts the set of a start next to `neighbour` in the key; whether the walk
    /// met a condition.
    fn begin(&mut self, neighbour: Neighbour) -> bool {
        let known = self.known(neighbour);
        self.closure.renew(self.nfa.states.len());
        self.closure.conditional = false;
        self.key.clear();
        self.key.push(0);
        let start = self.nfa.start;
        self.closure.walk(&self.nfa, start, known, &mut self.key);
        self.key[1..].sort_unstable();
        self.seal(neighbour, false);
        self.closure.conditional
    }

    /// Makes the header of the key: the neighbour matters only to conditions.
    fn seal(&mut self, neighbour: Neighbour, matched: bool) {
        let pending = self.nfa.conditional
            && self.key[1..].iter().any(|at| {
                *at != GROUP
                    && matches!(self.nfa.states[*at as usize], State::Assert { .. } | State::Look { .. })
            });
        let header = if pending { neighbour as u32 } else { ANY_NEIGHBOUR };
        let matched = matched && self.mode == Mode::Search;
        self.key[0] = header | if matched { MATCHED } else { 0 };
    }

    /// The state of a scan that starts next to `neighbour`.
    #[inline]
    pub(super) fn start(&mut self, neighbour: Neighbour) -> u32 {
        match self.starts[neighbour as usize] {
            Some(state) => state,
            None => self.make_start(neighbour),
        }
    }

    fn make_start(&mut self, neighbour: Neighbour) -> u32 {
        if self.mark_sets.sets.len() > 4096 {
            self.flush();
            self.mark_sets = MarkSets { recorded: true, ..MarkSets::default() };
        }
        let conditional = self.begin(neighbour);
        let state = self.intern();
        self.starts[neighbour as usize] = Some(state);
        if self.reports_idle && !conditional && self.idle.is_none() {
            self.idle = Some(state);
        }
        state
    }

    fn flush(&mut self) {
        self.transitions.clear();
        self.marks.clear();
        self.sets.clear();
        self.ids.clear();
        self.by_looks.clear();
        self.starts = [None; Neighbour::COUNT];
        self.idle = None;
        self.bytes = 0;
        self.flushes = self.flushes.wrapping_add(1);
    }

    /// The state of the key, new if there is none.
    fn intern(&mut self) -> u32 {
        if let Some(state) = self.ids.get(self.key.as_slice()) {
            return *state;
        }
        let set: Rc<[u32]> = self.key.as_slice().into();
        let state = self.transitions.len() as u32;
        let end = self.transitions.len() + self.stride;
        self.transitions.resize(end, UNKNOWN);
        if self.mark_sets.recorded {
            self.marks.resize(end, 0);
        }
        self.bytes += self.stride * 4 + set.len() * 8 + 64;
        self.sets.push(set.clone());
        self.ids.insert(set, state);
        state
    }

    /// Whether there is no room for another state.
    fn is_full(&self, bytes_max: usize) -> bool {
        let full = self.bytes > bytes_max || self.by_looks.len() > bytes_max / 32;
        full && self.sets.len() > STATES_MIN
    }

    /// Computes the transition from `state` at the position `at` by `symbol`;
    /// the states known before may be gone afterwards, but not the result.
    #[cold]
    #[inline(never)]
    pub(super) fn step(
        &mut self,
        reader: &mut Reader<'_>,
        state: u32,
        symbol: usize,
        at: usize,
    ) -> Result<u32, Interrupted> {
        let set = self.sets[state as usize / self.stride].clone();
        let memory = Neighbour::ALL.get((set[0] & 7) as usize).copied();
        reader.spend(set.len() + 8)?;
        let answers = self.answers(reader, &set, at)?;
        if let Some(bits) = answers
            && let Some(entry) = self.by_looks.get(&(state, symbol as u32, bits))
        {
            return Ok(*entry);
        }
        let neighbour = self.neighbour_of(symbol, reader.map);
        let mut groups = self.resolve(&set, memory, neighbour, answers.unwrap_or(0));
        let matched = groups.cut || set[0] & MATCHED != 0;
        let flag = if groups.cut { MATCH } else { 0 };
        if self.mark_sets.recorded {
            self.last_marks = self.mark_sets.id(&mut groups.marks);
        }
        let entry = if self.advance(&groups, symbol, neighbour, matched, reader) {
            if self.is_full(reader.bytes_max) && !self.ids.contains_key(self.key.as_slice()) {
                // The sets are gone, and so is the place for this transition.
                self.flush();
                return Ok(self.intern() | flag);
            }
            let next = self.intern();
            next | flag | if self.idle == Some(next) { IDLE } else { 0 }
        } else {
            DEAD | flag
        };
        if answers.is_none() {
            self.transitions[state as usize + symbol] = entry;
            if self.mark_sets.recorded {
                self.marks[state as usize + symbol] = self.last_marks;
            }
        } else if let Some(bits) = answers
            && !self.mark_sets.recorded
        {
            self.by_looks.insert((state, symbol as u32, bits), entry);
        }
        Ok(entry)
    }

    /// The answers of the lookaheads that matter to `set` at `at`, as bits by
    /// number; `None` if none matters.
    fn answers(
        &mut self,
        reader: &mut Reader<'_>,
        set: &[u32],
        at: usize,
    ) -> Result<Option<u128>, Interrupted> {
        if !self.nfa.has_looks {
            return Ok(None);
        }
        self.closure.renew(self.nfa.states.len());
        let numbers = self.closure.looks(&self.nfa, set);
        if numbers.is_empty() {
            return Ok(None);
        }
        let mut bits = 0;
        for number in numbers {
            bits |= u128::from(reader.look(number, at)?) << number;
        }
        Ok(Some(bits))
    }

    /// Decides the conditions of a set now that both neighbours are known.
    fn resolve(&mut self, set: &[u32], memory: Option<Neighbour>, next: Neighbour, looks: u128) -> Groups {
        let known = match self.mode {
            Mode::Backward => Known { before: Some(next), after: memory, looks: Some(looks) },
            _ => Known { before: memory, after: Some(next), looks: Some(looks) },
        };
        let mut groups = Groups { states: Vec::with_capacity(set.len()), cut: false, marks: Vec::new() };
        self.closure.renew(self.nfa.states.len());
        for at in &set[1..] {
            if *at == GROUP {
                if groups.cut && self.mode == Mode::Search {
                    break;
                }
                groups.states.push(GROUP);
                continue;
            }
            let from = groups.states.len();
            self.closure.walk(&self.nfa, *at, known, &mut groups.states);
            let mut kept = from;
            for i in from..groups.states.len() {
                let state = groups.states[i];
                match self.nfa.states[state as usize] {
                    State::Stop { mark } | State::Mark { mark, .. } => {
                        groups.cut = true;
                        groups.marks.push(mark);
                    }
                    _ => {
                        groups.states[kept] = state;
                        kept += 1;
                    }
                }
            }
            groups.states.truncate(kept);
        }
        groups
    }

    /// Puts the set behind `symbol` in the key; false if it is of no use.
    fn advance(
        &mut self,
        groups: &Groups,
        symbol: usize,
        neighbour: Neighbour,
        matched: bool,
        reader: &Reader<'_>,
    ) -> bool {
        if symbol >= reader.map.count() {
            return false;
        }
        let known = self.known(neighbour);
        self.closure.renew(self.nfa.states.len());
        self.key.clear();
        self.key.push(0);
        let mut from = 1;
        for at in &groups.states {
            if *at == GROUP {
                from = self.end_group(from);
                continue;
            }
            let State::Set { set, next } = self.nfa.states[*at as usize] else { continue };
            if reader.map.contains(set, symbol) {
                self.closure.walk(&self.nfa, next, known, &mut self.key);
            }
        }
        from = self.end_group(from);
        let starts_anew = self.mode == Mode::Search && !matched && !self.edge_only;
        if starts_anew {
            let start = self.nfa.start;
            self.closure.walk(&self.nfa, start, known, &mut self.key);
            self.end_group(from);
        }
        if self.key.last() == Some(&GROUP) {
            self.key.pop();
        }
        self.seal(neighbour, matched);
        self.key.len() > 1 || starts_anew
    }

    /// Ends the group of the key that starts at `from`; where the next starts.
    fn end_group(&mut self, from: usize) -> usize {
        if self.key.len() == from {
            return from;
        }
        self.key[from..].sort_unstable();
        self.key.push(GROUP);
        self.key.len()
    }
}

/// The consuming states of a set by group, conditions decided.
struct Groups {
    states: Vec<u32>,
    /// Something matched; younger groups were cut off.
    cut: bool,
    marks: Vec<u32>,
}
