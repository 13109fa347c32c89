//! The state graph of a node, read forwards or backwards.
//!
//! States are made from the end: each is built knowing what follows it. A graph
//! for reading backwards is made from the same tree with the pieces of branches
//! in the other order; what an assertion means does not depend on the direction.

use super::ast::{Ast, Kind, NodeId, Piece};
use super::classes::ClassMap;
use super::lex::{Assertion, UNBOUNDED};

/// A state; the numbers are states.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// Consumes a character of the set.
    Set {
        set: u32,
        next: u32,
    },
    Split {
        first: u32,
        second: u32,
    },
    Assert {
        assertion: Assertion,
        next: u32,
    },
    Look {
        number: u32,
        negative: bool,
        next: u32,
    },
    /// Reports that it was reached, and goes on.
    Mark {
        mark: u32,
        next: u32,
    },
    /// Reports that it was reached, and ends.
    Stop {
        mark: u32,
    },
    /// Leads nowhere.
    Fail,
}

/// A state graph.
#[derive(Debug)]
pub(super) struct Nfa {
    pub(super) states: Vec<State>,
    pub(super) start: u32,
    /// An assertion or a lookahead occurs.
    pub(super) conditional: bool,
    /// A lookahead occurs.
    pub(super) has_looks: bool,
}

impl Nfa {
    /// The graph of `node`; its end is mark 0.
    pub(super) fn of(ast: &Ast, node: NodeId, backwards: bool) -> Nfa {
        let mut builder = Builder { ast, states: Vec::new(), backwards };
        let stop = builder.push(State::Stop { mark: 0 });
        let start = builder.node(node, stop);
        builder.finish(start)
    }

    /// The forward graph of `nodes` one after the other.
    pub(super) fn sequence(ast: &Ast, nodes: &[NodeId]) -> Nfa {
        let mut builder = Builder { ast, states: Vec::new(), backwards: false };
        let mut next = builder.push(State::Stop { mark: 0 });
        for node in nodes.iter().rev() {
            next = builder.node(*node, next);
        }
        builder.finish(next)
    }

    /// The backward graph that says where the parts of a sequence can start: mark
    /// `i` is reached where `nodes[i]` and all behind it match up to the end.
    /// The first node is left out, as it starts where it must.
    pub(super) fn tails(ast: &Ast, nodes: &[NodeId]) -> Nfa {
        let mut builder = Builder { ast, states: Vec::new(), backwards: true };
        let mut next = builder.push(State::Stop { mark: 1 });
        for (i, node) in nodes.iter().enumerate().skip(1) {
            if i > 1 {
                next = builder.push(State::Mark { mark: i as u32, next });
            }
            next = builder.node(*node, next);
        }
        builder.finish(next)
    }

    /// The backward graph that says from where `node`, repeated, reaches the
    /// end: mark `k` for k times, mark 0 for any number if `max` is unbounded.
    pub(super) fn repeats(ast: &Ast, node: NodeId, max: u16) -> Nfa {
        let mut builder = Builder { ast, states: Vec::new(), backwards: true };
        if max == UNBOUNDED {
            let again = builder.push(State::Fail);
            let mark = builder.push(State::Mark { mark: 0, next: again });
            let body = builder.node(node, mark);
            builder.states[again as usize] = State::Split { first: body, second: body };
            return builder.finish(mark);
        }
        let mut next = builder.push(State::Stop { mark: u32::from(max) });
        for mark in (0..u32::from(max)).rev() {
            next = builder.node(node, next);
            next = builder.push(State::Mark { mark, next });
        }
        builder.finish(next)
    }
}

/// For each class whether a match of the graph can begin with it, and whether
/// a match can be empty; conditions are taken to hold.
pub(super) fn first_classes(nfa: &Nfa, map: &ClassMap) -> (Vec<bool>, bool) {
    let mut first = vec![false; map.count()];
    let mut empty = false;
    let mut visited = vec![false; nfa.states.len()];
    let mut stack = vec![nfa.start];
    while let Some(at) = stack.pop() {
        if std::mem::replace(&mut visited[at as usize], true) {
            continue;
        }
        match nfa.states[at as usize] {
            State::Set { set, .. } => {
                for (class, begins) in first.iter_mut().enumerate() {
                    *begins |= map.contains(set, class);
                }
            }
            State::Split { first, second } => stack.extend([first, second]),
            State::Assert { next, .. } | State::Look { next, .. } | State::Mark { next, .. } => {
                stack.push(next);
            }
            State::Stop { .. } => empty = true,
            State::Fail => {}
        }
    }
    (first, empty)
}

struct Builder<'a> {
    ast: &'a Ast,
    states: Vec<State>,
    backwards: bool,
}

impl Builder<'_> {
    fn push(&mut self, state: State) -> u32 {
        self.states.push(state);
        self.states.len() as u32 - 1
    }

    fn finish(self, start: u32) -> Nfa {
        let has_looks = self.states.iter().any(|state| matches!(state, State::Look { .. }));
        let conditional = has_looks || self.states.iter().any(|state| matches!(state, State::Assert { .. }));
        Nfa { states: self.states, start, conditional, has_looks }
    }

    /// Adds the states of a node before `next`; the result is its first state.
    ///
    /// The recursion is as deep as the pattern is nested, which the parser limits.
    fn node(&mut self, id: NodeId, next: u32) -> u32 {
        let ast = self.ast;
        match &ast.node(id).kind {
            Kind::Set(set) => self.push(State::Set { set: set.0, next }),
            Kind::Assert(assertion) => self.push(State::Assert { assertion: *assertion, next }),
            Kind::Look { number, negative } => {
                self.push(State::Look { number: *number, negative: *negative, next })
            }
            Kind::Group { body, .. } | Kind::BackReference { body, .. } => self.node(*body, next),
            Kind::Branch(pieces) if self.backwards => {
                pieces.iter().fold(next, |next, piece| self.piece(piece, next))
            }
            Kind::Branch(pieces) => pieces.iter().rev().fold(next, |next, piece| self.piece(piece, next)),
            Kind::Alternation(branches) => {
                let mut entry = None;
                for branch in branches.iter().rev() {
                    let first = self.node(*branch, next);
                    entry = Some(match entry {
                        None => first,
                        Some(second) => self.push(State::Split { first, second }),
                    });
                }
                entry.expect("an alternation has branches")
            }
        }
    }

    fn piece(&mut self, piece: &Piece, next: u32) -> u32 {
        let mut next = next;
        let mut fixed = piece.min;
        match piece.max {
            UNBOUNDED => {
                // The last of the required copies is the one that repeats.
                let again = self.push(State::Fail);
                let body = self.node(piece.atom, again);
                self.states[again as usize] = State::Split { first: body, second: next };
                next = if fixed == 0 { again } else { body };
                fixed = fixed.saturating_sub(1);
            }
            max => {
                let end = next;
                for _ in fixed..max {
                    let first = self.node(piece.atom, next);
                    next = self.push(State::Split { first, second: end });
                }
            }
        }
        for _ in 0..fixed {
            next = self.node(piece.atom, next);
        }
        next
    }
}
