//! Taking a match apart where there are back references.
//!
//! What the automata accept is then too much: a back reference counts as its
//! group's language. So spans are tried in the order of preference, and a chain
//! goes back to its last choice when an element fails. Within a span each tree has
//! one outcome, given the groups outside; there is no going back into a tree that
//! succeeded.

use super::Interrupted;
use super::dissect::{Automata, Span};
use super::fold::folded;
use super::lex::UNBOUNDED;
use super::reader::Reader;
use super::tree::{Element, Forest, Part, Tree, TreeId};
use foldhash::{HashSet, HashSetExt};
use std::ops::Range;
use tclring_compiler::syntax::text::{char_count, decode};

/// See the module.
pub(super) struct Backtracker<'a, 'r, 't> {
    pub(super) forest: &'a Forest,
    pub(super) automata: &'a mut Automata,
    pub(super) reader: &'r mut Reader<'t>,
    pub(super) captures: &'a mut [Span],
    pub(super) nocase: bool,
}

/// A choice of a chain or an iteration.
struct Choice {
    from: usize,
    /// The ends to try, in order.
    ends: Vec<usize>,
    next: usize,
}

/// A repeated part.
struct Turns<'a> {
    part: &'a Part,
    min: usize,
    max: usize,
    shorter: bool,
    groups: Range<usize>,
}

impl Backtracker<'_, '_, '_> {
    /// Whether `tree` matches the span, filling in its groups.
    ///
    /// The recursion is as deep as the pattern is nested, which the parser limits.
    pub(super) fn attempt(&mut self, tree: TreeId, from: usize, to: usize) -> Result<bool, Interrupted> {
        let forest = self.forest;
        self.reader.spend(1)?;
        match &forest.trees[tree] {
            Tree::Leaf => Ok(true),
            Tree::Capture { group, child } => {
                let matched = self.attempt(*child, from, to)?;
                if matched {
                    self.captures[*group] = Some((from, to));
                }
                Ok(matched)
            }
            Tree::Chain { elements, recorder } => self.chain(elements, *recorder, from, to),
            Tree::Alternation(branches) => {
                self.automata.make_room();
                for branch in branches {
                    let dfa = self.automata.forward(branch, self.reader);
                    if dfa.spans(self.reader, from, to)? && self.attempt(branch.child, from, to)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Tree::Iteration { part, min, max, shorter, groups, .. } => {
                if *min == 0 && from == to {
                    return Ok(true);
                }
                let characters = char_count(&self.reader.text[from..to]);
                let min = usize::from(*min).max(1);
                let max = match *max {
                    UNBOUNDED => characters,
                    max => characters.min(usize::from(max)),
                };
                let turns = Turns { part, min, max: max.max(min), shorter: *shorter, groups: groups.clone() };
                self.iteration(&turns, from, to)
            }
            Tree::BackReference { group, min, max } => {
                let bounds = (usize::from(*min), usize::from(*max));
                Ok(self.back_reference(*group, bounds, from, to))
            }
        }
    }

    fn unset(&mut self, groups: &Range<usize>) {
        if groups.start < groups.end {
            self.captures[groups.clone()].fill(None);
        }
    }

    /// The ends of matches of `part` in the order in which they are tried.
    fn choice(&mut self, part: &Part, shorter: bool, from: usize, to: usize) -> Result<Choice, Interrupted> {
        let mut ends = self.automata.forward(part, self.reader).ends(self.reader, from, to)?;
        if !shorter {
            ends.reverse();
        }
        Ok(Choice { from, ends, next: 0 })
    }

    fn chain(
        &mut self,
        elements: &[Element],
        recorder: usize,
        from: usize,
        to: usize,
    ) -> Result<bool, Interrupted> {
        self.automata.make_room();
        let mut marks = Vec::new();
        let dfa = self.automata.recorder(self.forest, recorder, self.reader);
        dfa.record(self.reader, to, from, &mut marks)?;
        let sets = dfa.mark_sets().snapshot();
        let mut choices: Vec<Choice> = Vec::new();
        let mut at = from;
        loop {
            // The elements before `choices.len()` have matched up to `at`.
            let element = &elements[choices.len()];
            if choices.len() + 1 == elements.len() {
                if self.attempt(element.part.child, at, to)? {
                    return Ok(true);
                }
            } else {
                let choice = self.choice(&element.part, element.shorter, at, to)?;
                choices.push(choice);
            }
            loop {
                let level = choices.len();
                let Some(choice) = choices.last_mut() else { return Ok(false) };
                let Some(end) = choice.ends.get(choice.next).copied() else {
                    choices.pop();
                    continue;
                };
                choice.next += 1;
                let (first, start) = (choice.next == 1, choice.from);
                self.reader.spend(1)?;
                if !first {
                    self.unset(&elements[level - 1].groups_from_here);
                }
                let rest_matches =
                    marks[end - from].checked_sub(1).is_some_and(|set| sets.has(set, level as u32));
                if rest_matches && self.attempt(elements[level - 1].part.child, start, end)? {
                    at = end;
                    break;
                }
            }
        }
    }

    fn iteration(&mut self, turns: &Turns<'_>, from: usize, to: usize) -> Result<bool, Interrupted> {
        self.automata.make_room();
        // Numbers of turns and positions from which the end cannot be reached.
        let mut failed: HashSet<(usize, usize)> = HashSet::new();
        let counts = |number: usize| match turns.max {
            max if max >= to - from => number.min(turns.min + 1),
            _ => number,
        };
        let mut choices = vec![self.choice(turns.part, turns.shorter, from, to)?];
        loop {
            let number = choices.len();
            let Some(choice) = choices.last_mut() else { return Ok(false) };
            let start = choice.from;
            let Some(end) = choice.ends.get(choice.next).copied() else {
                failed.insert((counts(number), start));
                choices.pop();
                continue;
            };
            choice.next += 1;
            self.reader.spend(1)?;
            if end == to {
                if number < turns.min {
                    continue;
                }
            } else {
                if number >= turns.max || failed.contains(&(counts(number + 1), end)) {
                    continue;
                }
                // An empty turn is taken only if more turns than characters are missing.
                let missing = turns.min.saturating_sub(number);
                if end == start && missing < char_count(&self.reader.text[end..to]).max(1) {
                    continue;
                }
            }
            self.unset(&turns.groups);
            if !self.attempt(turns.part.child, start, end)? {
                continue;
            }
            if end == to {
                return Ok(true);
            }
            let choice = self.choice(turns.part, turns.shorter, end, to)?;
            choices.push(choice);
        }
    }

    fn back_reference(&self, group: usize, (min, max): (usize, usize), from: usize, to: usize) -> bool {
        let Some((group_from, group_to)) = self.captures[group] else { return false };
        let model = &self.reader.text[group_from..group_to];
        if model.is_empty() {
            return from == to;
        }
        if from == to {
            return min == 0;
        }
        let mut rest = &self.reader.text[from..to];
        let mut turns = 0;
        while !rest.is_empty() {
            let Some(width) = self.same_prefix(rest, model) else { return false };
            rest = &rest[width..];
            turns += 1;
        }
        turns >= min && (turns <= max || max == usize::from(UNBOUNDED))
    }

    /// How many bytes of `text` are alike to `model`.
    fn same_prefix(&self, text: &[u8], model: &[u8]) -> Option<usize> {
        if !self.nocase {
            return text.starts_with(model).then_some(model.len());
        }
        let (mut at, mut model_at) = (0, 0);
        while model_at < model.len() {
            if at >= text.len() {
                return None;
            }
            let (c, width) = decode(text, at);
            let (d, model_width) = decode(model, model_at);
            if c != d && folded(c) != folded(d) {
                return None;
            }
            at += width;
            model_at += model_width;
        }
        Some(at)
    }
}
