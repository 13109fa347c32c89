//! What `-about` can tell from a pattern's graph: whether it can match the empty
//! string, and whether it can match at all.

use super::ast::{Ast, NodeId};
use super::classes::{ClassMap, Neighbour};
use super::lex::Assertion;
use super::nfa::{Nfa, State};
use super::notes::{Note, Notes};
use foldhash::{HashSet, HashSetExt};

/// How many combinations of state and neighbours are looked at.
const COMBINATIONS_MAX: usize = 2_000_000;

/// A state of the graph at a position: what is before it, and the neighbours
/// (as bits) that may be behind it; and whether nothing was consumed and no
/// lookahead passed yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    state: u32,
    before: Neighbour,
    after: u8,
    fresh: bool,
}

const BEFORE: [Neighbour; 5] =
    [Neighbour::LineEdge, Neighbour::StartEdge, Neighbour::Newline, Neighbour::Word, Neighbour::Other];
const ANY_AFTER: u8 = 1 << Neighbour::EndEdge as u8
    | 1 << Neighbour::Newline as u8
    | 1 << Neighbour::Word as u8
    | 1 << Neighbour::Other as u8;

/// Adds what the graph of `root` tells to `notes`.
pub(super) fn examine(ast: &Ast, map: &ClassMap, root: NodeId, notes: &mut Notes) {
    let nfa = Nfa::of(ast, root, false);
    let mut seen: HashSet<Place> = HashSet::new();
    let mut open: Vec<Place> = BEFORE
        .iter()
        .map(|before| Place { state: nfa.start, before: *before, after: ANY_AFTER, fresh: true })
        .collect();
    let mut possible = false;
    let mut empty = false;
    while let Some(place) = open.pop() {
        if place.after == 0 || !seen.insert(place) || seen.len() > COMBINATIONS_MAX {
            continue;
        }
        match nfa.states[place.state as usize] {
            State::Stop { .. } => {
                possible = true;
                empty |= place.fresh;
            }
            State::Split { first, second } => {
                open.push(Place { state: first, ..place });
                open.push(Place { state: second, ..place });
            }
            State::Mark { next, .. } => open.push(Place { state: next, ..place }),
            State::Look { next, .. } => open.push(Place { state: next, fresh: false, ..place }),
            State::Assert { assertion, next } => {
                let after = place.after & allowed(assertion, place.before);
                open.push(Place { state: next, after, ..place });
            }
            State::Set { set, next } => {
                let mut reached = 0u8;
                for class in (0..map.count()).filter(|class| map.contains(set, *class)) {
                    let neighbour = map.neighbours[class];
                    if place.after & 1 << neighbour as u8 != 0 && reached & 1 << neighbour as u8 == 0 {
                        reached |= 1 << neighbour as u8;
                        open.push(Place { state: next, before: neighbour, after: ANY_AFTER, fresh: false });
                    }
                }
            }
            State::Fail => {}
        }
    }
    if empty {
        notes.add(Note::EmptyMatch);
    }
    if !possible {
        notes.add(Note::Impossible);
    }
}

/// The neighbours behind a position at which `assertion` holds, as bits.
fn allowed(assertion: Assertion, before: Neighbour) -> u8 {
    let any = |holds: bool| if holds { ANY_AFTER } else { 0 };
    let word = 1 << Neighbour::Word as u8;
    let is_word = before == Neighbour::Word;
    match assertion {
        Assertion::LineStart => any(before == Neighbour::LineEdge),
        Assertion::AnyLineStart => any(matches!(before, Neighbour::LineEdge | Neighbour::Newline)),
        Assertion::TextStart => any(matches!(before, Neighbour::LineEdge | Neighbour::StartEdge)),
        Assertion::TextEnd => 1 << Neighbour::EndEdge as u8,
        Assertion::AnyLineEnd => 1 << Neighbour::EndEdge as u8 | 1 << Neighbour::Newline as u8,
        Assertion::WordStart if is_word => 0,
        Assertion::WordStart => word,
        Assertion::WordEnd if is_word => ANY_AFTER & !word,
        Assertion::WordEnd => 0,
        Assertion::WordEdge if is_word => ANY_AFTER & !word,
        Assertion::WordEdge => word,
        Assertion::NoWordEdge if is_word => word,
        Assertion::NoWordEdge => ANY_AFTER & !word,
    }
}
