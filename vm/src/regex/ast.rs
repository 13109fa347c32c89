//! What a pattern says: a tree of nodes in one vector, with the properties of
//! each node that decide which submatch is taken.

use super::classes::CharSet;
use super::lex::{Assertion, UNBOUNDED};
use foldhash::HashMap;

/// The index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct NodeId(pub(super) u32);

/// The index of a set of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SetId(pub(super) u32);

/// How long a match a node would like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preference {
    None,
    Longer,
    Shorter,
}

/// The preference of a node and what occurs in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traits {
    pub(super) preference: Preference,
    /// Both preferences occur in the node.
    pub(super) mixed: bool,
    /// A capturing group occurs in the node.
    pub(super) captures: bool,
    /// A back reference occurs in the node.
    pub(super) refers_back: bool,
}

impl Traits {
    /// The traits of a node without any.
    pub(super) const PLAIN: Traits =
        Traits { preference: Preference::None, mixed: false, captures: false, refers_back: false };

    /// Nothing but a preference.
    pub(super) fn prefers(preference: Preference) -> Traits {
        Traits { preference, ..Traits::PLAIN }
    }

    /// The traits of a node that has `self` and then `other` in it: the first
    /// preference counts.
    pub(super) fn then(self, other: Traits) -> Traits {
        let clash = self.preference != Preference::None
            && other.preference != Preference::None
            && self.preference != other.preference;
        Traits {
            preference: match self.preference {
                Preference::None => other.preference,
                own => own,
            },
            mixed: self.mixed || other.mixed || clash,
            captures: self.captures || other.captures,
            refers_back: self.refers_back || other.refers_back,
        }
    }

    /// Whether where the parts of the node match makes a difference beyond the
    /// language of the node.
    pub(super) fn messy(self) -> bool {
        self.mixed || self.captures || self.refers_back
    }
}

/// A quantified atom of a branch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) atom: NodeId,
    pub(super) min: u16,
    /// [`UNBOUNDED`] for no limit.
    pub(super) max: u16,
    /// The preference that the quantifier asks for.
    pub(super) preference: Preference,
}

impl Piece {
    /// The atom once, as without a quantifier.
    pub(super) fn once(atom: NodeId) -> Piece {
        Piece { atom, min: 1, max: 1, preference: Preference::None }
    }
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// One character of a set.
    Set(SetId),
    Assert(Assertion),
    /// A lookahead constraint, numbered in the order of their ends.
    Look {
        number: u32,
        negative: bool,
    },
    /// A capturing group.
    Group {
        index: usize,
        body: NodeId,
    },
    BackReference {
        group: usize,
        body: NodeId,
    },
    /// Pieces one after the other.
    Branch(Vec<Piece>),
    /// Two or more branches.
    Alternation(Vec<NodeId>),
}

/// A node with what is known about it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) traits: Traits,
    /// About how many states the node makes.
    pub(super) size: u32,
    /// The number of characters of every match, if it is the same for all.
    pub(super) length: Option<u32>,
    /// An assertion or lookahead occurs in the node.
    pub(super) conditional: bool,
}

/// All nodes of a pattern, its sets and its lookaheads.
#[derive(Debug, Default)]
pub(super) struct Ast {
    pub(super) nodes: Vec<Node>,
    pub(super) sets: Vec<CharSet>,
    set_ids: HashMap<CharSet, SetId>,
    /// The bodies of the lookahead constraints by number.
    pub(super) looks: Vec<NodeId>,
    /// An assertion that asks for newlines occurs.
    pub(super) asks_lines: bool,
    /// An assertion that asks for words occurs.
    pub(super) asks_words: bool,
}

impl Ast {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Adds a set, or finds an equal one.
    pub(super) fn set(&mut self, set: CharSet) -> SetId {
        let next = SetId(self.sets.len() as u32);
        let id = *self.set_ids.entry(set.clone()).or_insert(next);
        if id == next {
            self.sets.push(set);
        }
        id
    }

    /// Adds a node and finds out its properties.
    pub(super) fn add(&mut self, kind: Kind) -> NodeId {
        let node = match &kind {
            Kind::Set(_) => self.leaf(1, Some(1), false),
            Kind::Assert(assertion) => {
                self.asks_lines |= assertion.asks_lines();
                self.asks_words |= assertion.asks_words();
                self.leaf(1, Some(0), true)
            }
            Kind::Look { .. } => self.leaf(1, Some(0), true),
            Kind::Group { body, .. } => {
                let mut node = self.node(*body).clone();
                node.traits.captures = true;
                node
            }
            Kind::BackReference { body, .. } => {
                let body = self.node(*body);
                let mut node = self.leaf(body.size, None, body.conditional);
                node.traits.refers_back = true;
                node
            }
            Kind::Branch(pieces) => self.branch_node(pieces),
            Kind::Alternation(branches) => self.alternation_node(branches),
        };
        self.nodes.push(Node { kind, ..node });
        NodeId(self.nodes.len() as u32 - 1)
    }

    fn leaf(&self, size: u32, length: Option<u32>, conditional: bool) -> Node {
        Node { kind: Kind::Branch(Vec::new()), traits: Traits::PLAIN, size, length, conditional }
    }

    fn branch_node(&self, pieces: &[Piece]) -> Node {
        let mut node = self.leaf(0, Some(0), false);
        for piece in pieces {
            let atom = self.node(piece.atom);
            let copies = match piece.max {
                UNBOUNDED => piece.min.max(1),
                max => max,
            };
            node.size =
                node.size.saturating_add(atom.size.saturating_add(1).saturating_mul(u32::from(copies)));
            node.length = match (node.length, atom.length) {
                (Some(before), Some(0)) => Some(before),
                (Some(before), Some(one)) if piece.min == piece.max => {
                    before.checked_add(one.saturating_mul(u32::from(piece.min)))
                }
                _ => None,
            };
            node.conditional |= atom.conditional;
        }
        node.traits = self.branch_traits(pieces);
        node
    }

    /// The traits of a branch: of its parts from the right, each part being
    /// a run of simple pieces and the messy piece behind it.
    fn branch_traits(&self, pieces: &[Piece]) -> Traits {
        let (segments, tail) = self.segments(pieces);
        let mut traits = self.run_traits(&pieces[tail..]);
        for (run, messy) in segments.into_iter().rev() {
            let quantified = self.piece_traits(&pieces[messy]);
            traits = self.run_traits(&pieces[run..messy]).then(quantified.then(traits));
        }
        traits
    }

    fn run_traits(&self, run: &[Piece]) -> Traits {
        run.iter().fold(Traits::PLAIN, |before, piece| before.then(self.piece_traits(piece)))
    }

    /// The traits of a piece: its quantifier's preference, then its atom.
    pub(super) fn piece_traits(&self, piece: &Piece) -> Traits {
        Traits::prefers(piece.preference).then(self.node(piece.atom).traits)
    }

    /// Cuts a branch at its messy pieces: for each of them where the run of
    /// simple pieces before it starts and where the messy piece is; and where
    /// the last run starts.
    pub(super) fn segments(&self, pieces: &[Piece]) -> (Vec<(usize, usize)>, usize) {
        let mut segments = Vec::new();
        let mut run = 0;
        let mut before = Traits::PLAIN;
        for (i, piece) in pieces.iter().enumerate() {
            let with = before.then(self.piece_traits(piece));
            if with.messy() {
                segments.push((run, i));
                run = i + 1;
                before = Traits::PLAIN;
            } else {
                before = with;
            }
        }
        (segments, run)
    }

    fn alternation_node(&self, branches: &[NodeId]) -> Node {
        let mut node = self.leaf(0, self.node(branches[0]).length, false);
        node.traits.preference = Preference::Longer;
        for id in branches {
            let branch = self.node(*id);
            node.size = node.size.saturating_add(branch.size).saturating_add(1);
            if branch.length != node.length {
                node.length = None;
            }
            node.conditional |= branch.conditional;
            node.traits = node.traits.then(branch.traits);
        }
        node
    }
}
