//! What must be in a text for a pattern to match, looked for with fast string
//! searches before an automaton is run.

use super::ast::{Ast, Kind, NodeId, Piece, SetId};
use aho_corasick::packed;
use memchr::{memchr, memchr2, memchr3, memmem};
use tclring_compiler::syntax::text::push_char;

/// How many strings a prefilter may look for at once.
const STRINGS_MAX: usize = 32;
/// How long those strings are made.
const STRING_BYTES_MAX: usize = 8;
/// How many characters of a set are tried one by one.
const SET_MAX: usize = 4;

/// A search for the places where a match can start.
#[derive(Debug)]
pub(super) enum Prefilter {
    One(u8),
    Two(u8, u8),
    Three(u8, u8, u8),
    String(Box<memmem::Finder<'static>>),
    Strings(Box<packed::Searcher>),
}

impl Prefilter {
    /// The prefilter for matches of `node`, if there is a good one.
    pub(super) fn new(ast: &Ast, node: NodeId) -> Option<Prefilter> {
        let strings = prefixes(ast, node)?;
        if let [single] = strings.as_slice()
            && single.len() > 1
        {
            return Some(Prefilter::String(Box::new(memmem::Finder::new(single).into_owned())));
        }
        if strings.iter().all(|string| string.len() > 1)
            && let Some(searcher) = packed::Searcher::new(strings.iter())
        {
            return Some(Prefilter::Strings(Box::new(searcher)));
        }
        let mut first: Vec<u8> = strings.iter().map(|string| string[0]).collect();
        first.sort_unstable();
        first.dedup();
        match *first.as_slice() {
            [a] => Some(Prefilter::One(a)),
            [a, b] => Some(Prefilter::Two(a, b)),
            [a, b, c] => Some(Prefilter::Three(a, b, c)),
            _ => None,
        }
    }

    /// The first place from `from` on where a match can start.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = &text[from..];
        let found = match self {
            Prefilter::One(a) => memchr(*a, rest),
            Prefilter::Two(a, b) => memchr2(*a, *b, rest),
            Prefilter::Three(a, b, c) => memchr3(*a, *b, *c, rest),
            Prefilter::String(finder) => finder.find(rest),
            Prefilter::Strings(searcher) => searcher.find(rest).map(|found| found.start()),
        };
        found.map(|at| from + at)
    }
}

/// Strings, none empty, with one of which every match of `node` starts.
fn prefixes(ast: &Ast, node: NodeId) -> Option<Vec<Vec<u8>>> {
    let mut open = Prefixes { strings: vec![Vec::new()], complete: true };
    open.append(ast, node, &mut 0);
    open.strings.sort_unstable();
    open.strings.dedup();
    (!open.strings.iter().any(Vec::is_empty)).then_some(open.strings)
}

/// How many nodes are looked at for prefixes.
const NODES_MAX: usize = 200;

#[derive(Clone)]
struct Prefixes {
    strings: Vec<Vec<u8>>,
    /// The strings are all that was read so far, so that more can be appended.
    complete: bool,
}

impl Prefixes {
    /// Appends what `node` starts with.
    fn append(&mut self, ast: &Ast, node: NodeId, visited: &mut usize) {
        *visited += 1;
        if *visited > NODES_MAX || self.strings.iter().any(|string| string.len() >= STRING_BYTES_MAX) {
            self.complete = false;
        }
        if !self.complete {
            return;
        }
        match &ast.node(node).kind {
            Kind::Set(set) => match ast.sets[set.0 as usize].few(SET_MAX) {
                Some(chars) if self.strings.len() * chars.len() <= STRINGS_MAX => self.cross(&chars),
                _ => self.complete = false,
            },
            Kind::Assert(_) | Kind::Look { .. } => {}
            Kind::Group { body, .. } => self.append(ast, *body, visited),
            Kind::BackReference { .. } => self.complete = false,
            Kind::Branch(pieces) => {
                for piece in pieces {
                    self.append_piece(ast, piece, visited);
                }
            }
            Kind::Alternation(branches) => self.append_any(ast, branches, visited),
        }
    }

    fn append_piece(&mut self, ast: &Ast, piece: &Piece, visited: &mut usize) {
        if piece.min == 0 {
            self.complete = false;
            return;
        }
        self.append(ast, piece.atom, visited);
        if piece.max > 1 {
            self.complete = false;
        }
    }

    fn append_any(&mut self, ast: &Ast, branches: &[NodeId], visited: &mut usize) {
        let mut all = Prefixes { strings: Vec::new(), complete: true };
        for branch in branches {
            let mut one = self.clone();
            one.append(ast, *branch, visited);
            all.complete &= one.complete;
            all.strings.append(&mut one.strings);
        }
        if all.strings.len() > STRINGS_MAX {
            self.complete = false;
        } else {
            *self = all;
        }
    }

    fn cross(&mut self, chars: &[u32]) {
        let before = std::mem::take(&mut self.strings);
        for string in &before {
            for c in chars {
                let mut longer = string.clone();
                push_char(&mut longer, *c);
                self.strings.push(longer);
            }
        }
        if self.strings.is_empty() {
            // A set without characters: nothing can match, and nothing is known.
            self.strings = before;
            self.complete = false;
        }
    }
}

/// The text that `node` is, if it is a sequence of single characters.
pub(super) fn literal(ast: &Ast, node: NodeId) -> Option<Vec<u8>> {
    let single = |set: SetId| match ast.sets[set.0 as usize].few(1).as_deref() {
        Some([c]) => Some(*c),
        _ => None,
    };
    let mut text = Vec::new();
    match &ast.node(node).kind {
        Kind::Set(set) => push_char(&mut text, single(*set)?),
        Kind::Branch(pieces) => {
            for piece in pieces {
                match &ast.node(piece.atom).kind {
                    Kind::Set(set) if piece.min == piece.max => {
                        let c = single(*set)?;
                        (0..piece.min).for_each(|_| push_char(&mut text, c));
                    }
                    _ => return None,
                }
            }
        }
        _ => return None,
    }
    Some(text)
}

/// A string that is in every match of `node`, at least two bytes long.
pub(super) fn required(ast: &Ast, node: NodeId) -> Option<Vec<u8>> {
    let mut longest = Vec::new();
    let mut current = Vec::new();
    let mut visited = 0;
    collect(ast, node, &mut current, &mut longest, &mut visited);
    keep(&mut current, &mut longest);
    (longest.len() > 1).then_some(longest)
}

fn keep(current: &mut Vec<u8>, longest: &mut Vec<u8>) {
    if current.len() > longest.len() {
        std::mem::swap(current, longest);
    }
    current.clear();
}

fn collect(ast: &Ast, node: NodeId, current: &mut Vec<u8>, longest: &mut Vec<u8>, visited: &mut usize) {
    *visited += 1;
    if *visited > NODES_MAX {
        return keep(current, longest);
    }
    match &ast.node(node).kind {
        Kind::Set(set) => match ast.sets[set.0 as usize].few(1).as_deref() {
            Some([c]) => push_char(current, *c),
            _ => keep(current, longest),
        },
        Kind::Assert(_) | Kind::Look { .. } => {}
        Kind::Group { body, .. } => collect(ast, *body, current, longest, visited),
        Kind::Branch(pieces) => {
            for piece in pieces {
                if piece.min > 0 && *visited < NODES_MAX {
                    collect(ast, piece.atom, current, longest, visited);
                }
                if piece.min != 1 || piece.max != 1 {
                    keep(current, longest);
                }
            }
        }
        Kind::BackReference { .. } | Kind::Alternation(_) => keep(current, longest),
    }
}
