//! Taking a match apart where there are no back references.
//!
//! It cannot fail, since the automaton of the whole has accepted the span (only
//! in a malformed text, whose characters depend on the direction, may a part not
//! match; it is then given what is left). So there is no backtracking: each element of a chain takes the longest (or
//! shortest) span behind which the rest can match, which one pass backwards has
//! recorded. Mostly not even that pass is needed: where the rest cannot begin
//! with a character by which the element could go on, there is one way only.

use super::Interrupted;
use super::dfa::Dfa;
use super::lex::UNBOUNDED;
use super::nfa::{self, Nfa};
use super::reader::Reader;
use super::tree::{Element, Forest, LEAF, Part, Recorder, Tree, TreeId};
use tclring_compiler::syntax::text::{char_width, previous};

/// The span of a group, if it took part.
pub(super) type Span = Option<(usize, usize)>;

/// How often an element is taken apart the slow way before it is examined
/// whether there is one way only.
const EXAMINE_AFTER: u8 = 3;

/// How many elements are looked at for what can be behind an element.
const NEAR_ELEMENTS: usize = 6;

/// How many states the graphs of one pattern's parts may have together before
/// all of them are dropped.
const GRAPH_STATES_MAX: usize = 1_000_000;

/// Whether the end of an element is where it cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exclusive {
    Unknown { uses: u8 },
    Yes,
    No,
}

/// The automata for taking matches apart, built when they are needed.
#[derive(Debug)]
pub(super) struct Automata {
    forward: Vec<Option<Box<Dfa>>>,
    recorders: Vec<Option<Box<Dfa>>>,
    exclusive: Vec<Exclusive>,
    /// Recorded marks by position.
    marks: Vec<u32>,
    work: Vec<(TreeId, usize, usize)>,
    /// How many states the graphs have.
    graph_states: usize,
}

impl Automata {
    pub(super) fn new(forest: &Forest) -> Automata {
        Automata {
            forward: forest.parts.iter().map(|_| None).collect(),
            recorders: forest.recorders.iter().map(|_| None).collect(),
            exclusive: vec![Exclusive::Unknown { uses: 0 }; forest.parts.len()],
            marks: Vec::new(),
            work: Vec::new(),
            graph_states: 0,
        }
    }

    /// Drops the automata if they have become too large. No result of theirs may
    /// be in use.
    pub(super) fn make_room(&mut self) {
        if self.graph_states > GRAPH_STATES_MAX {
            self.graph_states = 0;
            self.forward.fill_with(|| None);
            self.recorders.fill_with(|| None);
        }
    }

    /// The automaton of a part.
    pub(super) fn forward(&mut self, part: &Part, reader: &Reader<'_>) -> &mut Dfa {
        self.forward[part.automaton]
            .get_or_insert_with(|| Box::new(Dfa::forward(Nfa::of(reader.ast, part.node, false), reader.map)))
    }

    /// The recording automaton with the number `index`.
    pub(super) fn recorder(&mut self, forest: &Forest, index: usize, reader: &Reader<'_>) -> &mut Dfa {
        self.recorders[index].get_or_insert_with(|| {
            let nfa = match &forest.recorders[index] {
                Recorder::Tails(nodes) => Nfa::tails(reader.ast, nodes),
                Recorder::Repeats { node, max } => Nfa::repeats(reader.ast, *node, *max),
            };
            self.graph_states += nfa.states.len();
            Box::new(Dfa::recorder(nfa, reader.map))
        })
    }
}

/// Fills in the groups of a match of the whole pattern from `from` to `to`.
pub(super) fn dissect(
    forest: &Forest,
    automata: &mut Automata,
    reader: &mut Reader<'_>,
    span: (usize, usize),
    captures: &mut [Span],
) -> Result<(), Interrupted> {
    let mut dissector = Dissector { forest, automata, reader, captures };
    dissector.automata.work.clear();
    dissector.enter(forest.root, span.0, span.1);
    while let Some((tree, from, to)) = dissector.automata.work.pop() {
        dissector.automata.make_room();
        match &forest.trees[tree] {
            Tree::Chain { elements, recorder } => dissector.chain(elements, *recorder, from, to)?,
            Tree::Alternation(branches) => dissector.alternation(branches, from, to)?,
            Tree::Iteration { part, max, shorter, recorder, .. } => {
                dissector.iteration(part, *max, *shorter, *recorder, (from, to))?;
            }
            Tree::Leaf | Tree::Capture { .. } | Tree::BackReference { .. } => {}
        }
    }
    Ok(())
}

struct Dissector<'a, 'r, 't> {
    forest: &'a Forest,
    automata: &'a mut Automata,
    reader: &'r mut Reader<'t>,
    captures: &'a mut [Span],
}

impl Dissector<'_, '_, '_> {
    /// Notes captures of `tree` on a span and what is left to do below it.
    fn enter(&mut self, tree: TreeId, from: usize, to: usize) {
        let mut tree = tree;
        while let Tree::Capture { group, child } = &self.forest.trees[tree] {
            if let Some(capture) = self.captures.get_mut(*group) {
                *capture = Some((from, to));
            }
            tree = *child;
        }
        if tree != LEAF {
            self.automata.work.push((tree, from, to));
        }
    }

    fn chain(
        &mut self,
        elements: &[Element],
        recorder: usize,
        from: usize,
        to: usize,
    ) -> Result<(), Interrupted> {
        // What is left: the elements from `low` to `high`, on the span from `at` to `end`.
        let (mut low, mut high) = (0, elements.len());
        let (mut at, mut end) = (from, to);
        // Where the marks start that have been recorded.
        let mut recorded = None;
        while high - low > 1 {
            let first = &elements[low];
            let last = &elements[high - 1];
            if let (None, Some(length)) = (first.part.length, last.part.length) {
                let middle = back_by(self.reader.text, end, length).max(at);
                self.enter(last.part.child, middle, end);
                end = middle;
                high -= 1;
                continue;
            }
            let middle = if let Some(length) = first.part.length {
                forward_by(self.reader.text, at, length).min(end)
            } else if self.exclusive(&elements[low..])? {
                let dfa = self.automata.forward(&first.part, self.reader);
                dfa.longest(self.reader, at, end)?.unwrap_or(end)
            } else {
                if recorded.is_none() {
                    self.record(recorder, at, to)?;
                }
                let base = *recorded.get_or_insert(at);
                let mark = low as u32 + 1;
                self.end_before(first, mark, recorder, base, (at, end))?.unwrap_or(end)
            };
            self.enter(first.part.child, at, middle);
            at = middle;
            low += 1;
        }
        self.enter(elements[low].part.child, at, end);
        Ok(())
    }

    /// Records from `to` back to `from` where the elements of a chain or the
    /// turns of an iteration can start.
    fn record(&mut self, recorder: usize, from: usize, to: usize) -> Result<(), Interrupted> {
        let mut marks = std::mem::take(&mut self.automata.marks);
        let dfa = self.automata.recorder(self.forest, recorder, self.reader);
        let done = dfa.record(self.reader, to, from, &mut marks);
        self.automata.marks = marks;
        done
    }

    /// Where `element` ends so that the rest, whose mark is `mark`, can match.
    fn end_before(
        &mut self,
        element: &Element,
        mark: u32,
        recorder: usize,
        base: usize,
        span: (usize, usize),
    ) -> Result<Option<usize>, Interrupted> {
        self.automata.forward(&element.part, self.reader);
        let Automata { forward, recorders, marks, .. } = &mut *self.automata;
        let dfa = forward[element.part.automaton].as_mut().expect("it was just made");
        let sets = recorders[recorder].as_ref().expect("it has recorded").mark_sets();
        dfa.end_where(self.reader, span, !element.shorter, |at| {
            marks[at - base].checked_sub(1).is_some_and(|set| sets.has(set, mark))
        })
    }

    /// Whether the first of `elements` ends where it cannot go on.
    fn exclusive(&mut self, elements: &[Element]) -> Result<bool, Interrupted> {
        let part = &elements[0].part;
        match self.automata.exclusive[part.automaton] {
            Exclusive::Yes => return Ok(true),
            Exclusive::No => return Ok(false),
            Exclusive::Unknown { uses } if uses < EXAMINE_AFTER => {
                self.automata.exclusive[part.automaton] = Exclusive::Unknown { uses: uses + 1 };
                return Ok(false);
            }
            Exclusive::Unknown { .. } => {}
        }
        let dfa = self.automata.forward(part, self.reader);
        let exclusive = match dfa.continuations(self.reader)? {
            None => false,
            Some(continuations) => {
                let rest = &elements[1..];
                let near = &rest[..rest.len().min(NEAR_ELEMENTS)];
                let nodes: Vec<_> = near.iter().map(|element| element.part.node).collect();
                let nfa = Nfa::sequence(self.reader.ast, &nodes);
                let (first, empty) = nfa::first_classes(&nfa, self.reader.map);
                let all_seen = !empty || near.len() == rest.len();
                all_seen && !continuations.iter().zip(&first).any(|(goes_on, begins)| *goes_on && *begins)
            }
        };
        self.automata.exclusive[part.automaton] = if exclusive { Exclusive::Yes } else { Exclusive::No };
        Ok(exclusive)
    }

    /// The first branch that matches the span.
    fn alternation(&mut self, branches: &[Part], from: usize, to: usize) -> Result<(), Interrupted> {
        let Some((last, others)) = branches.split_last() else { return Ok(()) };
        for branch in others {
            let dfa = self.automata.forward(branch, self.reader);
            if dfa.spans(self.reader, from, to)? {
                self.enter(branch.child, from, to);
                return Ok(());
            }
        }
        self.enter(last.child, from, to);
        Ok(())
    }

    /// Turns from the left, none of them empty; the last one has the captures.
    fn iteration(
        &mut self,
        part: &Part,
        max: u16,
        shorter: bool,
        recorder: usize,
        (from, to): (usize, usize),
    ) -> Result<(), Interrupted> {
        if from == to {
            return Ok(());
        }
        self.record(recorder, from, to)?;
        self.automata.forward(part, self.reader);
        let Automata { forward, recorders, marks, .. } = &mut *self.automata;
        let dfa = forward[part.automaton].as_mut().expect("it was just made");
        let sets = recorders[recorder].as_ref().expect("it has recorded").mark_sets();
        let mut at = from;
        let mut left = u32::from(max);
        let end = loop {
            left = left.saturating_sub(1);
            let end = dfa.end_where(self.reader, (at, to), !shorter, |end| {
                let turns = marks[end - from].checked_sub(1).and_then(|set| sets.least(set));
                end > at && turns.is_some_and(|turns| max == UNBOUNDED || turns <= left)
            })?;
            let end = end.unwrap_or(to);
            if end == to {
                break end;
            }
            at = end;
        };
        self.enter(part.child, at, end);
        Ok(())
    }
}

/// The position `count` characters behind `at`.
fn forward_by(text: &[u8], at: usize, count: u32) -> usize {
    (0..count).fold(at, |at, _| text.get(at).map_or(at, |lead| at + char_width(*lead)))
}

/// The position `count` characters before `at`.
fn back_by(text: &[u8], at: usize, count: u32) -> usize {
    (0..count).fold(at, |at, _| if at > 0 { previous(text, at) } else { 0 })
}
