//! How a match is taken apart: the places where submatches are chosen.
//!
//! Only nodes with capturing groups or back references below them have a place
//! here; the rest of a pattern is of interest for its language alone. A branch
//! is a chain of elements: its messy pieces and the runs of simple ones between
//! them. A repeated group with at least one turn is the language of all turns
//! but the last, then the last one, since only its captures are kept.

use super::ast::{Ast, Kind, NodeId, Piece, Preference};
use std::ops::Range;

/// The index of a tree in a [`Forest`].
pub(super) type TreeId = usize;

/// The tree without anything to choose.
pub(super) const LEAF: TreeId = 0;

/// A language that is matched forwards, by number of its automaton.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) node: NodeId,
    pub(super) automaton: usize,
    /// The number of characters, if it is fixed.
    pub(super) length: Option<u32>,
    pub(super) child: TreeId,
}

/// An element of a chain.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) part: Part,
    /// The element takes as little as it can.
    pub(super) shorter: bool,
    /// The capturing groups in this element and those behind it.
    pub(super) groups_from_here: Range<usize>,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    Leaf,
    Capture {
        group: usize,
        child: TreeId,
    },
    /// Elements one after the other, and the number of the automaton that
    /// records where each can start.
    Chain {
        elements: Vec<Element>,
        recorder: usize,
    },
    Alternation(Vec<Part>),
    Iteration {
        part: Part,
        min: u16,
        max: u16,
        shorter: bool,
        recorder: usize,
        groups: Range<usize>,
    },
    BackReference {
        group: usize,
        min: u16,
        max: u16,
    },
}

/// What a recording automaton is for.
#[derive(Clone, Debug)]
pub(super) enum Recorder {
    Tails(Vec<NodeId>),
    Repeats { node: NodeId, max: u16 },
}

/// All trees of a pattern.
#[derive(Debug)]
pub(super) struct Forest {
    pub(super) trees: Vec<Tree>,
    pub(super) root: TreeId,
    /// The nodes of the forward automata by number.
    pub(super) parts: Vec<NodeId>,
    pub(super) recorders: Vec<Recorder>,
}

impl Forest {
    /// The trees of the pattern `root`; nodes for parts of branches are added
    /// to `ast`.
    pub(super) fn new(ast: &mut Ast, root: NodeId) -> Forest {
        let forest = Forest { trees: vec![Tree::Leaf], root: LEAF, parts: Vec::new(), recorders: Vec::new() };
        let mut planter = Planter { ast, forest };
        let (root, _) = planter.node(root);
        Forest { root, ..planter.forest }
    }
}

struct Planter<'a> {
    ast: &'a mut Ast,
    forest: Forest,
}

/// No groups.
const NO_GROUPS: Range<usize> = Range { start: usize::MAX, end: 0 };

fn join(a: Range<usize>, b: Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}

impl Planter<'_> {
    fn plant(&mut self, tree: Tree) -> TreeId {
        self.forest.trees.push(tree);
        self.forest.trees.len() - 1
    }

    fn part(&mut self, node: NodeId, child: TreeId) -> Part {
        self.forest.parts.push(node);
        let length = self.ast.node(node).length;
        Part { node, automaton: self.forest.parts.len() - 1, length, child }
    }

    fn recorder(&mut self, recorder: Recorder) -> usize {
        self.forest.recorders.push(recorder);
        self.forest.recorders.len() - 1
    }

    /// The tree of a node and the groups in it. The recursion is as deep as the
    /// pattern is nested, which the parser limits.
    fn node(&mut self, id: NodeId) -> (TreeId, Range<usize>) {
        let node = self.ast.node(id);
        if !node.traits.captures && !node.traits.refers_back {
            return (LEAF, NO_GROUPS);
        }
        match node.kind.clone() {
            Kind::Group { index, body } => {
                let (child, groups) = self.node(body);
                (self.plant(Tree::Capture { group: index, child }), join(index..index + 1, groups))
            }
            Kind::BackReference { group, .. } => {
                (self.plant(Tree::BackReference { group, min: 1, max: 1 }), NO_GROUPS)
            }
            Kind::Alternation(branches) => {
                let mut groups = NO_GROUPS;
                let mut parts = Vec::new();
                for branch in branches {
                    let (child, below) = self.node(branch);
                    groups = join(groups, below);
                    parts.push(self.part(branch, child));
                }
                (self.plant(Tree::Alternation(parts)), groups)
            }
            Kind::Branch(pieces) => self.branch(&pieces),
            Kind::Set(_) | Kind::Assert(_) | Kind::Look { .. } => (LEAF, NO_GROUPS),
        }
    }

    fn branch(&mut self, pieces: &[Piece]) -> (TreeId, Range<usize>) {
        let (segments, tail) = self.ast.segments(pieces);
        let mut elements = Vec::new();
        for (run, messy) in segments {
            self.simple_run(&pieces[run..messy], &mut elements);
            let element = self.messy(&pieces[messy]);
            elements.push(element);
        }
        self.simple_run(&pieces[tail..], &mut elements);
        self.chain(elements)
    }

    fn simple_run(&mut self, run: &[Piece], elements: &mut Vec<Element>) {
        if run.is_empty() {
            return;
        }
        let node = self.ast.add(Kind::Branch(run.to_vec()));
        let shorter = self.ast.node(node).traits.preference == Preference::Shorter;
        let part = self.part(node, LEAF);
        elements.push(Element { part, shorter, groups_from_here: NO_GROUPS });
    }

    /// Elements with the groups of their own to a chain of them.
    fn chain(&mut self, mut elements: Vec<Element>) -> (TreeId, Range<usize>) {
        let mut groups = NO_GROUPS;
        for element in elements.iter_mut().rev() {
            groups = join(groups, element.groups_from_here.clone());
            element.groups_from_here = groups.clone();
        }
        if let [single] = elements.as_slice() {
            return (single.part.child, groups);
        }
        let nodes = elements.iter().map(|element| element.part.node).collect();
        let recorder = self.recorder(Recorder::Tails(nodes));
        (self.plant(Tree::Chain { elements, recorder }), groups)
    }

    fn messy(&mut self, piece: &Piece) -> Element {
        let atom = self.ast.node(piece.atom).clone();
        if piece.min == 1 && piece.max == 1 {
            let (child, groups) = self.node(piece.atom);
            let part = self.part(piece.atom, child);
            let shorter = atom.traits.preference == Preference::Shorter;
            return Element { part, shorter, groups_from_here: groups };
        }
        let node = self.ast.add(Kind::Branch(vec![*piece]));
        let shorter = self.ast.piece_traits(piece).preference == Preference::Shorter;
        let (child, groups) = if let Kind::BackReference { group, .. } = atom.kind {
            let tree = Tree::BackReference { group, min: piece.min, max: piece.max };
            (self.plant(tree), NO_GROUPS)
        } else if !atom.traits.captures && !atom.traits.refers_back {
            (LEAF, NO_GROUPS)
        } else if piece.min > 0 && !atom.traits.refers_back {
            self.turns(piece, shorter)
        } else {
            self.iteration(piece)
        };
        let part = self.part(node, child);
        Element { part, shorter, groups_from_here: groups }
    }

    /// At least one turn: all but the last, and the last.
    fn turns(&mut self, piece: &Piece, shorter: bool) -> (TreeId, Range<usize>) {
        let max = match piece.max {
            super::lex::UNBOUNDED => piece.max,
            max => max - 1,
        };
        let others = Piece { min: piece.min - 1, max, ..*piece };
        let others = self.ast.add(Kind::Branch(vec![others]));
        let others = self.part(others, LEAF);
        let (child, groups) = self.node(piece.atom);
        let last = self.part(piece.atom, child);
        self.chain(vec![
            Element { part: others, shorter, groups_from_here: NO_GROUPS },
            Element { part: last, shorter: false, groups_from_here: groups },
        ])
    }

    fn iteration(&mut self, piece: &Piece) -> (TreeId, Range<usize>) {
        let (child, groups) = self.node(piece.atom);
        let part = self.part(piece.atom, child);
        let shorter = self.ast.node(piece.atom).traits.preference == Preference::Shorter;
        let recorder = self.recorder(Recorder::Repeats { node: piece.atom, max: piece.max });
        let tree = Tree::Iteration {
            part,
            min: piece.min,
            max: piece.max,
            shorter,
            recorder,
            groups: groups.clone(),
        };
        (self.plant(tree), groups)
    }
}
