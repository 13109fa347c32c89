//! Tcl's regular expressions.
//!
//! A pattern is read into a tree ([`parse`]), whose languages become state graphs
//! ([`nfa`]) and lazy automata over classes of characters ([`dfa`], [`scan`]), built
//! as texts are matched and kept in the compiled pattern. Searching takes one
//! pass forwards and one backwards; taking the match apart ([`dissect`]) a few
//! passes over it. Only back references need trying ([`backtrack`]).
//!
//! The rules are those of the manual page re_syntax, and where that is silent of
//! the reference program. The time of a match is polynomial but for back
//! references; memory for automata is bounded.

mod ast;
mod backtrack;
mod bracket;
mod classes;
mod dfa;
mod dissect;
mod error;
mod fold;
mod info;
mod lex;
#[cfg(test)]
mod naive;
mod nfa;
mod notes;
mod parse;
mod prefilter;
mod reader;
mod scan;
#[cfg(test)]
mod tests;
mod tree;

pub use error::RegexError;
pub use notes::{Note, Notes};

use ast::{Ast, NodeId, Preference};
use backtrack::Backtracker;
use classes::ClassMap;
use dfa::Dfa;
use dissect::{Automata, Span};
use memchr::memmem;
use nfa::Nfa;
use prefilter::Prefilter;
use reader::{Reader, ReaderCache};
use std::cell::RefCell;
use tclring_compiler::syntax::text::{char_width, previous};
use tree::Forest;

/// The flavour of a pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// ARE, the one of all commands.
    #[default]
    Advanced,
    /// ERE
    Extended,
    /// BRE
    Basic,
    /// No character is special.
    Literal,
}

/// How a pattern is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags {
    /// The flavour, unless the pattern itself asks for another one.
    pub flavour: Flavour,
    /// `-nocase`
    pub nocase: bool,
    /// `-expanded`
    pub expanded: bool,
    /// `-linestop`: `.` and negated sets do not match newlines.
    pub line_stop: bool,
    /// `-lineanchor`: `^` and `$` match at newlines.
    pub line_anchor: bool,
}

/// The caller asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

/// A compiled pattern. It keeps what it learns while it matches, so that
/// compiling once and matching often is fast.
#[derive(Debug)]
pub struct Regex {
    ast: Ast,
    map: ClassMap,
    root: NodeId,
    groups: usize,
    notes: Notes,
    nocase: bool,
    forest: Forest,
    /// A match is the shortest of its start.
    shortest: bool,
    refers_back: bool,
    /// The number of characters of every match, if it is fixed.
    length: Option<u32>,
    /// The text that the pattern is, if it is nothing else.
    literal: Option<Box<memmem::Finder<'static>>>,
    prefilter: Option<Prefilter>,
    /// A string that every match contains.
    required: Option<Box<memmem::Finder<'static>>>,
    /// How much memory the states of one automaton may take.
    bytes_max: usize,
    cache: RefCell<Cache>,
}

/// What is learnt while matching.
#[derive(Debug)]
struct Cache {
    reader: ReaderCache,
    search: Option<Dfa>,
    backward: Option<Dfa>,
    forward: Option<Dfa>,
    automata: Automata,
}

impl Regex {
    /// Compiles `pattern`, a text in generalised UTF-8.
    ///
    /// # Errors
    /// If the pattern is malformed, or needs too many states.
    pub fn compile(pattern: &[u8], flags: Flags) -> Result<Regex, RegexError> {
        Regex::bounded(pattern, flags, dfa::BYTES_MAX)
    }

    /// Compiles `pattern` for automata whose states take about `bytes_max`.
    fn bounded(pattern: &[u8], flags: Flags, bytes_max: usize) -> Result<Regex, RegexError> {
        let parse::Parsed { mut ast, root, groups, notes, flags } = parse::parse(pattern, flags)?;
        let map = ClassMap::new(&ast.sets, ast.asks_lines, ast.asks_words);
        let map = map.ok_or(RegexError::TooManyColors)?;
        let traits = ast.node(root).traits;
        let prefilter = Prefilter::new(&ast, root);
        let required = match prefilter {
            Some(Prefilter::String(_) | Prefilter::Strings(_)) => None,
            _ => prefilter::required(&ast, root),
        };
        let literal = prefilter::literal(&ast, root);
        let forest = Forest::new(&mut ast, root);
        let cache = RefCell::new(Cache::new(&ast, &forest));
        Ok(Regex {
            map,
            root,
            groups,
            notes,
            nocase: flags.nocase,
            shortest: traits.preference == Preference::Shorter,
            refers_back: traits.refers_back,
            length: ast.node(root).length.filter(|_| !traits.refers_back),
            literal: literal.map(|string| Box::new(memmem::Finder::new(&string).into_owned())),
            prefilter,
            required: required.map(|string| Box::new(memmem::Finder::new(&string).into_owned())),
            forest,
            bytes_max,
            cache,
            ast,
        })
    }

    /// The number of capturing groups.
    pub fn group_count(&self) -> usize {
        self.groups
    }

    /// The properties of the pattern that `regexp -about` reports.
    pub fn about(&self) -> Notes {
        let mut notes = self.notes;
        info::examine(&self.ast, &self.map, self.root, &mut notes);
        notes
    }

    /// Looks for the leftmost match in `text` from byte `start` on.
    ///
    /// What is before `start` does not exist for the pattern: `\A` matches there,
    /// and `^` does unless `not_bol`. As many spans as `captures` has elements are
    /// filled in, the first for the whole match, the others for groups; a group
    /// that took no part, or does not exist, becomes `None`. No elements at all is
    /// the fastest. `poll` is called once every few ten thousand steps.
    ///
    /// # Errors
    /// If `poll` returned false.
    ///
    /// # Panics
    /// If `start` is behind the end of `text`.
    pub fn exec(
        &self,
        text: &[u8],
        start: usize,
        not_bol: bool,
        captures: &mut [Span],
        poll: &mut dyn FnMut() -> bool,
    ) -> Result<bool, Interrupted> {
        if let Some(literal) = &self.literal {
            let found = literal.find(&text[start..]).map(|at| start + at);
            captures.fill(None);
            if let (Some(whole), Some(at)) = (captures.first_mut(), found) {
                *whole = Some((at, at + literal.needle().len()));
            }
            return Ok(found.is_some());
        }
        if let Some(required) = &self.required
            && required.find(&text[start..]).is_none()
        {
            return Ok(false);
        }
        // A text may be matched while `poll` runs; it then learns nothing.
        let mut spare;
        let mut kept;
        let cache: &mut Cache = match self.cache.try_borrow_mut() {
            Ok(cache) => {
                kept = cache;
                &mut kept
            }
            Err(_) => {
                spare = Cache::new(&self.ast, &self.forest);
                &mut spare
            }
        };
        let Cache { reader, search, backward, forward, automata } = cache;
        let program = (&self.ast, &self.map, self.bytes_max);
        let mut reader = Reader::new(text, start, not_bol, program, reader, poll);
        let mut automata = Machines { search, backward, forward, automata };
        if self.refers_back {
            return self.exec_backtracking(&mut reader, &mut automata, captures);
        }
        let Some(span) = self.find(&mut reader, &mut automata, start, captures.is_empty())? else {
            return Ok(false);
        };
        let Some(whole) = captures.first_mut() else { return Ok(true) };
        *whole = Some(span);
        if captures.len() > 1 {
            captures[1..].fill(None);
            dissect::dissect(&self.forest, automata.automata, &mut reader, span, captures)?;
        }
        Ok(true)
    }

    /// The span of the leftmost match from `from` on, or just any position if
    /// `any`.
    fn find(
        &self,
        reader: &mut Reader<'_>,
        machines: &mut Machines<'_>,
        from: usize,
        any: bool,
    ) -> Result<Option<(usize, usize)>, Interrupted> {
        let search = machines
            .search
            .get_or_insert_with(|| Dfa::search(self.nfa(false), &self.map, self.prefilter.is_some()));
        let Some(end) = search.find(reader, from, any, self.prefilter.as_ref())? else {
            return Ok(None);
        };
        if any {
            return Ok(Some((end, end)));
        }
        let start = match self.length {
            _ if search.edge_only() => from,
            Some(length) => (0..length)
                .fold(end, |at, _| if at > from { previous(reader.text, at).max(from) } else { from }),
            None => {
                let backward =
                    machines.backward.get_or_insert_with(|| Dfa::backward(self.nfa(true), &self.map));
                let start = backward.backwards(reader, end, from)?;
                // There is one, unless the text is malformed.
                start.unwrap_or(end)
            }
        };
        if !self.shortest {
            return Ok(Some((start, end)));
        }
        let stop = reader.text.len();
        let end = self.forward(machines).shortest(reader, start, stop)?;
        Ok(Some((start, end.unwrap_or(start))))
    }

    fn nfa(&self, backwards: bool) -> Nfa {
        Nfa::of(&self.ast, self.root, backwards)
    }

    fn forward<'a>(&self, machines: &'a mut Machines<'_>) -> &'a mut Dfa {
        machines.forward.get_or_insert_with(|| Dfa::forward(self.nfa(false), &self.map))
    }

    /// Tries the spans that the automata accept in the order of preference.
    fn exec_backtracking(
        &self,
        reader: &mut Reader<'_>,
        machines: &mut Machines<'_>,
        captures: &mut [Span],
    ) -> Result<bool, Interrupted> {
        let mut groups: Vec<Span> = vec![None; self.groups + 1];
        let mut from = reader.start;
        while let Some((start, _)) = self.find(reader, machines, from, false)? {
            let stop = reader.text.len();
            let mut ends = self.forward(machines).ends(reader, start, stop)?;
            if !self.shortest {
                ends.reverse();
            }
            for end in ends {
                groups.fill(None);
                let mut backtracker = Backtracker {
                    forest: &self.forest,
                    automata: machines.automata,
                    reader,
                    captures: &mut groups,
                    nocase: self.nocase,
                };
                if backtracker.attempt(self.forest.root, start, end)? {
                    groups[0] = Some((start, end));
                    for (index, capture) in captures.iter_mut().enumerate() {
                        *capture = groups.get(index).copied().flatten();
                    }
                    return Ok(true);
                }
            }
            let Some(lead) = reader.text.get(start) else { break };
            from = (start + char_width(*lead)).min(reader.text.len());
        }
        Ok(false)
    }
}

/// The automata of a pattern that are in use.
struct Machines<'a> {
    search: &'a mut Option<Dfa>,
    backward: &'a mut Option<Dfa>,
    forward: &'a mut Option<Dfa>,
    automata: &'a mut Automata,
}

impl Cache {
    fn new(ast: &Ast, forest: &Forest) -> Cache {
        Cache {
            reader: ReaderCache::new(ast),
            search: None,
            backward: None,
            forward: None,
            automata: Automata::new(forest),
        }
    }
}
