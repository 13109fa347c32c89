//! One execution's view of the text: classes of characters, neighbours of
//! positions, lookahead, and the budget after which the caller is asked whether
//! to go on.

use super::Interrupted;
use super::ast::Ast;
use super::classes::{ClassMap, NOT_ASCII, Neighbour};
use super::dfa::Dfa;
use super::nfa::Nfa;
use foldhash::{HashMap, HashMapExt};
use tclring_compiler::syntax::text::{decode, previous};

/// How many steps are made before the caller is asked.
const BUDGET: usize = 32_768;

/// How many classes of characters above ASCII are remembered.
const RECENT: usize = 256;

/// What is kept between executions for reading texts.
#[derive(Debug)]
pub(super) struct ReaderCache {
    /// Characters above ASCII with their classes, by the low bits.
    recent: Vec<(u32, u16)>,
    /// The automata of the lookahead constraints, each absent while it runs.
    looks: Vec<Option<Box<Dfa>>>,
    /// Answers of lookahead constraints that contain others, by number and
    /// position, so that nesting does not multiply the work.
    answers: HashMap<(u32, usize), bool>,
}

impl ReaderCache {
    pub(super) fn new(ast: &Ast) -> ReaderCache {
        ReaderCache {
            recent: Vec::new(),
            looks: ast.looks.iter().map(|_| None).collect(),
            answers: HashMap::new(),
        }
    }
}

/// See the module.
pub(super) struct Reader<'a> {
    pub(super) text: &'a [u8],
    /// Where the text starts as far as the pattern can see.
    pub(super) start: usize,
    /// The start is not the start of a line.
    pub(super) not_bol: bool,
    pub(super) ast: &'a Ast,
    pub(super) map: &'a ClassMap,
    /// How much memory the states of an automaton may take.
    pub(super) bytes_max: usize,
    cache: &'a mut ReaderCache,
    budget: usize,
    poll: &'a mut dyn FnMut() -> bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        text: &'a [u8],
        start: usize,
        not_bol: bool,
        (ast, map, bytes_max): (&'a Ast, &'a ClassMap, usize),
        cache: &'a mut ReaderCache,
        poll: &'a mut dyn FnMut() -> bool,
    ) -> Reader<'a> {
        if !cache.answers.is_empty() {
            cache.answers.clear();
        }
        Reader { text, start, not_bol, ast, map, bytes_max, cache, budget: BUDGET, poll }
    }

    /// Counts `steps` and asks the caller once in a while.
    #[inline]
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Interrupted> {
        if steps < self.budget {
            self.budget -= steps;
            return Ok(());
        }
        self.budget = BUDGET;
        if (self.poll)() { Ok(()) } else { Err(Interrupted) }
    }

    /// The class and width of the character at `at`, which is not the end.
    #[inline]
    pub(super) fn class_at(&mut self, at: usize) -> (usize, usize) {
        let class = self.map.bytes[usize::from(self.text[at])];
        if class != NOT_ASCII {
            return (usize::from(class), 1);
        }
        let (c, width) = decode(self.text, at);
        (self.upper_class(c), width)
    }

    /// The class and width of the character before `at`, which is not the start.
    #[inline]
    pub(super) fn class_before(&mut self, at: usize) -> (usize, usize) {
        let class = self.map.bytes[usize::from(self.text[at - 1])];
        if class != NOT_ASCII {
            return (usize::from(class), 1);
        }
        let from = previous(self.text, at);
        let (c, width) = decode(self.text, from);
        if from + width == at {
            return (self.upper_class(c), width);
        }
        // A malformed sequence: the byte is a character of its own, as `decode` has it.
        (self.upper_class(u32::from(self.text[at - 1])), 1)
    }

    fn upper_class(&mut self, c: u32) -> usize {
        if self.cache.recent.is_empty() {
            self.cache.recent = vec![(0, 0); RECENT];
        }
        let slot = &mut self.cache.recent[c as usize % RECENT];
        if slot.0 != c {
            *slot = (c, self.map.upper_class(c));
        }
        usize::from(slot.1)
    }

    /// What is before `at`.
    pub(super) fn before(&mut self, at: usize) -> Neighbour {
        if at <= self.start {
            return if self.not_bol { Neighbour::StartEdge } else { Neighbour::LineEdge };
        }
        let class = self.class_before(at).0;
        self.map.neighbours[class]
    }

    /// What is behind `at`.
    pub(super) fn after(&mut self, at: usize) -> Neighbour {
        if at >= self.text.len() {
            return Neighbour::EndEdge;
        }
        let class = self.class_at(at).0;
        self.map.neighbours[class]
    }

    /// Whether the body of lookahead `number` matches at `at`.
    pub(super) fn look(&mut self, number: u32, at: usize) -> Result<bool, Interrupted> {
        if let Some(answer) = self.cache.answers.get(&(number, at)) {
            return Ok(*answer);
        }
        let known = self.cache.looks[number as usize].take();
        let mut dfa = known.unwrap_or_else(|| {
            let nfa = Nfa::of(self.ast, self.ast.looks[number as usize], false);
            Box::new(Dfa::forward(nfa, self.map))
        });
        let found = dfa.matches(self, at, self.text.len());
        let nested = dfa.has_looks();
        self.cache.looks[number as usize] = Some(dfa);
        let found = found?;
        if nested {
            self.cache.answers.insert((number, at), found);
        }
        Ok(found)
    }
}
