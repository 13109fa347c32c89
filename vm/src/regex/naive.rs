//! A matcher that follows the rules word by word, without automata, for
//! comparison: languages by sets of ends, submatches by trying.
//!
//! It shares the parser with the engine, and where a branch is cut; nothing else.

use super::ast::{Ast, Kind, NodeId, Piece, Preference, SetId};
use super::classes::{ClassMap, NOT_ASCII, Neighbour};
use super::fold::folded;
use super::lex::{Assertion, UNBOUNDED};
use super::{Flags, parse};
use std::collections::{BTreeSet, HashMap};
use tclring_compiler::syntax::text::chars;

type Captures = Vec<Option<(usize, usize)>>;

/// The match of `pattern` in `text`, positions in characters; `None` if the
/// pattern is malformed.
pub(super) fn naive(pattern: &[u8], flags: Flags, text: &[u8], not_bol: bool) -> Option<Option<Captures>> {
    let parsed = parse::parse(pattern, flags).ok()?;
    let map = ClassMap::new(&parsed.ast.sets, parsed.ast.asks_lines, parsed.ast.asks_words)?;
    let mut naive = Naive {
        ast: &parsed.ast,
        map,
        text: chars(text).collect(),
        not_bol,
        nocase: parsed.flags.nocase,
        ends: HashMap::new(),
        captures: vec![None; parsed.groups + 1],
    };
    let shortest = parsed.ast.node(parsed.root).traits.preference == Preference::Shorter;
    for start in 0..=naive.text.len() {
        for end in ordered(&naive.ends(parsed.root, start), shortest, usize::MAX) {
            naive.captures.fill(None);
            if naive.take_apart(parsed.root, start, end) {
                naive.captures[0] = Some((start, end));
                return Some(Some(naive.captures));
            }
        }
    }
    Some(None)
}

/// The ends up to `to` in the order in which they are tried.
fn ordered(ends: &BTreeSet<usize>, shortest: bool, to: usize) -> Vec<usize> {
    let ends = ends.range(..=to).copied();
    if shortest { ends.collect() } else { ends.rev().collect() }
}

struct Naive<'a> {
    ast: &'a Ast,
    map: ClassMap,
    text: Vec<u32>,
    not_bol: bool,
    nocase: bool,
    ends: HashMap<(NodeId, usize), BTreeSet<usize>>,
    captures: Captures,
}

impl Naive<'_> {
    fn class(&self, c: u32) -> usize {
        match self.map.bytes.get(c as usize) {
            Some(class) if *class != NOT_ASCII => usize::from(*class),
            _ => usize::from(self.map.upper_class(c)),
        }
    }

    fn has(&self, set: SetId, at: usize) -> bool {
        self.text.get(at).is_some_and(|c| self.map.contains(set.0, self.class(*c)))
    }

    fn holds(&self, assertion: Assertion, at: usize) -> bool {
        let newline = u32::from('\n');
        let word = |c: &u32| self.map.neighbours[self.class(*c)] == Neighbour::Word;
        let before = at.checked_sub(1).map(|i| &self.text[i]);
        let after = self.text.get(at);
        let (word_before, word_after) = (before.is_some_and(word), after.is_some_and(word));
        match assertion {
            Assertion::LineStart => before.is_none() && !self.not_bol,
            Assertion::AnyLineStart => {
                before.is_none() && !self.not_bol || before.is_some_and(|c| *c == newline)
            }
            Assertion::TextStart => before.is_none(),
            Assertion::TextEnd => after.is_none(),
            Assertion::AnyLineEnd => after.is_none_or(|c| *c == newline),
            Assertion::WordStart => !word_before && word_after,
            Assertion::WordEnd => word_before && !word_after,
            Assertion::WordEdge => word_before != word_after,
            Assertion::NoWordEdge => word_before == word_after,
        }
    }

    /// The ends of all matches of the language of `id` from `at`.
    fn ends(&mut self, id: NodeId, at: usize) -> BTreeSet<usize> {
        if let Some(known) = self.ends.get(&(id, at)) {
            return known.clone();
        }
        let ast = self.ast;
        let ends: BTreeSet<usize> = match &ast.node(id).kind {
            Kind::Set(set) => self.has(*set, at).then_some(at + 1).into_iter().collect(),
            Kind::Assert(assertion) => self.holds(*assertion, at).then_some(at).into_iter().collect(),
            Kind::Look { number, negative } => {
                let found = !self.ends(ast.looks[*number as usize], at).is_empty();
                (found != *negative).then_some(at).into_iter().collect()
            }
            Kind::Group { body, .. } | Kind::BackReference { body, .. } => self.ends(*body, at),
            Kind::Branch(pieces) => self.run_ends(pieces, at),
            Kind::Alternation(branches) => {
                branches.iter().flat_map(|branch| self.ends(*branch, at)).collect()
            }
        };
        self.ends.insert((id, at), ends.clone());
        ends
    }

    fn run_ends(&mut self, pieces: &[Piece], at: usize) -> BTreeSet<usize> {
        let mut ends = BTreeSet::from([at]);
        for piece in pieces {
            ends = ends.into_iter().flat_map(|at| self.piece_ends(piece, at)).collect();
        }
        ends
    }

    fn piece_ends(&mut self, piece: &Piece, at: usize) -> BTreeSet<usize> {
        let mut now = BTreeSet::from([at]);
        for _ in 0..piece.min {
            now = now.into_iter().flat_map(|at| self.ends(piece.atom, at)).collect();
        }
        let mut all = now.clone();
        let mut turns = piece.min;
        while turns < piece.max && !now.is_empty() {
            now = now.into_iter().flat_map(|at| self.ends(piece.atom, at)).collect();
            now.retain(|at| all.insert(*at));
            turns += u16::from(piece.max != UNBOUNDED);
        }
        all
    }

    fn unset(&mut self, id: NodeId) {
        let ast = self.ast;
        match &ast.node(id).kind {
            Kind::Group { index, body } => {
                self.captures[*index] = None;
                self.unset(*body);
            }
            Kind::Branch(pieces) => pieces.iter().for_each(|piece| self.unset(piece.atom)),
            Kind::Alternation(branches) => branches.iter().for_each(|branch| self.unset(*branch)),
            _ => {}
        }
    }

    fn take_apart(&mut self, id: NodeId, from: usize, to: usize) -> bool {
        let ast = self.ast;
        match &ast.node(id).kind {
            Kind::Group { index, body } => {
                let matched = self.take_apart(*body, from, to);
                if matched {
                    self.captures[*index] = Some((from, to));
                }
                matched
            }
            Kind::BackReference { group, .. } => self.refers(*group, 1, 1, from, to),
            Kind::Branch(pieces) => self.branch(pieces, from, to),
            Kind::Alternation(branches) => branches
                .iter()
                .any(|branch| self.ends(*branch, from).contains(&to) && self.take_apart(*branch, from, to)),
            Kind::Set(_) | Kind::Assert(_) | Kind::Look { .. } => true,
        }
    }

    /// A run of simple pieces, then its messy piece and the rest.
    fn branch(&mut self, pieces: &[Piece], from: usize, to: usize) -> bool {
        let (segments, _) = self.ast.segments(pieces);
        let Some((_, messy)) = segments.first().copied() else {
            return self.run_ends(pieces, from).contains(&to);
        };
        let traits = pieces[..messy].iter().map(|piece| self.ast.piece_traits(piece).preference);
        let shorter = traits.into_iter().find(|p| *p != Preference::None) == Some(Preference::Shorter);
        for (i, middle) in
            ordered(&self.run_ends(&pieces[..messy], from), shorter, to).into_iter().enumerate()
        {
            if i > 0 {
                pieces[messy..].iter().for_each(|piece| self.unset(piece.atom));
            }
            if self.run_ends(&pieces[messy..], middle).contains(&to)
                && self.messy_first(&pieces[messy], &pieces[messy + 1..], middle, to)
            {
                return true;
            }
        }
        false
    }

    fn messy_first(&mut self, messy: &Piece, rest: &[Piece], from: usize, to: usize) -> bool {
        let once = messy.min == 1 && messy.max == 1;
        let preference = match once {
            true => self.ast.node(messy.atom).traits.preference,
            false => self.ast.piece_traits(messy).preference,
        };
        let shorter = preference == Preference::Shorter;
        if rest.is_empty() {
            return self.piece(messy, from, to);
        }
        for (i, middle) in ordered(&self.piece_ends(messy, from), shorter, to).into_iter().enumerate() {
            if i > 0 {
                self.unset(messy.atom);
                rest.iter().for_each(|piece| self.unset(piece.atom));
            }
            if self.run_ends(rest, middle).contains(&to)
                && self.piece(messy, from, middle)
                && self.branch(rest, middle, to)
            {
                return true;
            }
        }
        false
    }

    fn piece(&mut self, piece: &Piece, from: usize, to: usize) -> bool {
        let atom = self.ast.node(piece.atom);
        if let Kind::BackReference { group, .. } = atom.kind {
            return self.refers(group, usize::from(piece.min), usize::from(piece.max), from, to);
        }
        if piece.min == 1 && piece.max == 1 {
            return self.take_apart(piece.atom, from, to);
        }
        if piece.min == 0 || atom.traits.refers_back {
            return piece.min == 0 && from == to || self.turns(piece, 1, from, to);
        }
        let max = if piece.max == UNBOUNDED { UNBOUNDED } else { piece.max - 1 };
        let others = Piece { min: piece.min - 1, max, ..*piece };
        let shorter = self.ast.piece_traits(piece).preference == Preference::Shorter;
        ordered(&self.piece_ends(&others, from), shorter, to).into_iter().any(|middle| {
            self.ends(piece.atom, middle).contains(&to) && self.take_apart(piece.atom, middle, to)
        })
    }

    /// The turns of an iteration from the `number`th on.
    fn turns(&mut self, piece: &Piece, number: usize, from: usize, to: usize) -> bool {
        let shorter = self.ast.node(piece.atom).traits.preference == Preference::Shorter;
        let min = usize::from(piece.min).max(1);
        let max = if piece.max == UNBOUNDED { usize::MAX } else { usize::from(piece.max) };
        for end in ordered(&self.ends(piece.atom, from), shorter, to).into_iter() {
            let taken = if end == to {
                number >= min
            } else {
                number < max && (end > from || number < min && min - number >= to - end)
            };
            if !taken {
                continue;
            }
            self.unset(piece.atom);
            if self.take_apart(piece.atom, from, end) && (end == to || self.turns(piece, number + 1, end, to))
            {
                return true;
            }
        }
        false
    }

    fn refers(&self, group: usize, min: usize, max: usize, from: usize, to: usize) -> bool {
        let Some((start, end)) = self.captures[group] else { return false };
        let fold = |c: &u32| if self.nocase { folded(*c) } else { *c };
        let model: Vec<u32> = self.text[start..end].iter().map(fold).collect();
        let text: Vec<u32> = self.text[from..to].iter().map(fold).collect();
        if model.is_empty() || text.is_empty() {
            return text.is_empty() && (model.is_empty() || min == 0);
        }
        let turns = text.len() / model.len();
        text.len().is_multiple_of(model.len())
            && turns >= min
            && turns <= max
            && text.chunks(model.len()).all(|chunk| chunk == model)
    }
}
