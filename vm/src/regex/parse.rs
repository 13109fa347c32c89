//! From tokens to the tree of a pattern.
//!
//! The parser looks at one token and reads the next as soon as it has accepted
//! that one, in the order of the reference, so that of two errors the same one
//! is found.

use super::ast::{Ast, Kind, NodeId, Piece, Preference};
use super::bracket::{self, Member};
use super::classes::CharSet;
use super::error::RegexError;
use super::lex::{Lexer, Token, UNBOUNDED};
use super::notes::{Note, Notes};
use super::{Flags, Flavour};

/// How deeply parentheses may be nested.
const NESTING_MAX: usize = 1000;

/// How many states a pattern may need.
const STATES_MAX: u32 = 100_000;

/// How many lookahead constraints a pattern may have: their answers are bits of
/// a `u128`.
const LOOKS_MAX: u32 = 128;

/// The largest number of a bound.
const BOUND_MAX: u16 = 255;

/// A pattern that was read.
pub(super) struct Parsed {
    pub(super) ast: Ast,
    pub(super) root: NodeId,
    pub(super) groups: usize,
    pub(super) notes: Notes,
    pub(super) flags: Flags,
}

/// Reads `pattern`.
pub(super) fn parse(pattern: &[u8], flags: Flags) -> Result<Parsed, RegexError> {
    let lexer = Lexer::new(pattern, flags)?;
    let mut parser = Parser { lexer, token: Token::End, ast: Ast::default(), groups: Vec::new(), nesting: 0 };
    parser.advance()?;
    let root = parser.alternation(Token::End, false)?;
    let Parser { lexer, mut ast, groups, .. } = parser;
    let states =
        ast.looks.iter().fold(ast.node(root).size, |sum, look| sum.saturating_add(ast.node(*look).size));
    if states > STATES_MAX {
        return Err(RegexError::OutOfMemory);
    }
    let mut notes = lexer.notes;
    if ast.node(root).traits.preference == Preference::Shorter {
        notes.add(Note::Shortest);
    }
    ast.nodes.shrink_to_fit();
    Ok(Parsed { ast, root, groups: groups.len(), notes, flags: lexer.flags })
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    ast: Ast,
    /// The bodies of the capturing groups, `None` for one that is open or was
    /// taken out by `{0}`.
    groups: Vec<Option<NodeId>>,
    nesting: usize,
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<(), RegexError> {
        self.token = self.lexer.next()?;
        Ok(())
    }

    /// Branches up to `stop`, which is left for the caller.
    fn alternation(&mut self, stop: Token, in_look: bool) -> Result<NodeId, RegexError> {
        let mut branches = Vec::new();
        loop {
            branches.push(self.branch(stop, in_look)?);
            if self.token != Token::Or {
                break;
            }
            self.advance()?;
        }
        if self.token != stop {
            return Err(RegexError::Parentheses);
        }
        Ok(match branches.as_slice() {
            [single] => *single,
            _ => self.ast.add(Kind::Alternation(branches)),
        })
    }

    fn branch(&mut self, stop: Token, in_look: bool) -> Result<NodeId, RegexError> {
        let mut pieces = Vec::new();
        let mut has_content = false;
        while self.token != Token::Or && self.token != stop && self.token != Token::End {
            has_content = true;
            pieces.extend(self.piece(in_look)?);
        }
        if !has_content {
            self.lexer.notes.add(Note::Unspecified);
        }
        Ok(match pieces.as_slice() {
            [Piece { atom, min: 1, max: 1, preference: Preference::None }] => *atom,
            _ => self.ast.add(Kind::Branch(pieces)),
        })
    }

    /// A constraint or a quantified atom; `None` for an atom that `{0}` took out.
    fn piece(&mut self, in_look: bool) -> Result<Option<Piece>, RegexError> {
        let mut group = None;
        let atom = match self.token {
            Token::Assert(assertion) => {
                if assertion.asks_words() {
                    self.lexer.notes.add(Note::Locale);
                }
                let atom = self.ast.add(Kind::Assert(assertion));
                self.advance()?;
                return Ok(Some(Piece::once(atom)));
            }
            Token::OpenLook { negative } => {
                let body = self.nested(true)?;
                let number = self.ast.looks.len() as u32;
                if number >= LOOKS_MAX {
                    return Err(RegexError::TooComplex);
                }
                self.ast.looks.push(body);
                return Ok(Some(Piece::once(self.ast.add(Kind::Look { number, negative }))));
            }
            Token::Open { captures } if captures && !in_look => {
                let index = self.groups.len() + 1;
                self.groups.push(None);
                self.lexer.groups_opened = index;
                let body = self.nested(false)?;
                self.groups[index - 1] = Some(body);
                group = Some(index);
                self.ast.add(Kind::Group { index, body })
            }
            // Only the outermost level of a lookahead is special to the reference.
            Token::Open { .. } => self.nested(false)?,
            Token::BackReference(number) => {
                let body = match in_look {
                    true => None,
                    false => number.checked_sub(1).and_then(|i| self.groups.get(i).copied().flatten()),
                };
                let body = body.ok_or(RegexError::BadBackReference)?;
                self.advance()?;
                self.ast.add(Kind::BackReference { group: number, body })
            }
            _ => self.character()?,
        };
        let piece = self.quantified(atom)?;
        if piece.max == 0 {
            if let Some(index) = group {
                self.groups[index - 1] = None;
            }
            return Ok(None);
        }
        Ok(Some(piece))
    }

    /// What stands in parentheses; the opening token is the current one.
    fn nested(&mut self, in_look: bool) -> Result<NodeId, RegexError> {
        self.nesting += 1;
        if self.nesting > NESTING_MAX {
            return Err(RegexError::TooComplex);
        }
        self.advance()?;
        let body = self.alternation(Token::Close, in_look)?;
        self.advance()?;
        self.nesting -= 1;
        if self.ast.node(body).size > STATES_MAX {
            return Err(RegexError::OutOfMemory);
        }
        Ok(body)
    }

    /// An atom that matches one character.
    fn character(&mut self) -> Result<NodeId, RegexError> {
        let flags = self.lexer.flags;
        let set = match self.token {
            Token::Char(c) => {
                self.advance()?;
                CharSet::character(c, flags.nocase)
            }
            Token::Any => {
                self.advance()?;
                let mut set = CharSet::default();
                set.negate(flags.line_stop);
                set
            }
            Token::Class { class, negated } => {
                self.advance()?;
                self.lexer.notes.add(Note::Locale);
                let mut set = CharSet::default();
                set.add_class(class, flags.nocase);
                if negated {
                    set.negate(flags.line_stop);
                }
                set
            }
            Token::OpenBracket { negated } => self.bracket(negated)?,
            Token::Close if flags.flavour == Flavour::Extended => {
                self.lexer.notes.add(Note::ParenthesisBotch);
                self.advance()?;
                CharSet::character(u32::from(')'), flags.nocase)
            }
            Token::Close => return Err(RegexError::Parentheses),
            _ => return Err(RegexError::BadQuantifier),
        };
        let set = self.ast.set(set);
        Ok(self.ast.add(Kind::Set(set)))
    }

    fn bracket(&mut self, negated: bool) -> Result<CharSet, RegexError> {
        let flags = self.lexer.flags;
        let mut set = CharSet::default();
        self.advance()?;
        while self.token != Token::CloseBracket {
            match self.bracket_member()? {
                Member::Class(class) => set.add_class(class, flags.nocase),
                Member::Blank => {
                    set.add_range(0x09, 0x09, false);
                    set.add_range(0x20, 0x20, false);
                }
                Member::Range(first, last) => set.add_range(first, last, flags.nocase),
            }
        }
        self.advance()?;
        set.finish();
        if negated {
            set.negate(flags.line_stop);
        }
        Ok(set)
    }

    fn bracket_member(&mut self) -> Result<Member, RegexError> {
        let first = match self.token {
            Token::Char(c) => {
                self.advance()?;
                c
            }
            Token::Element => self.element(b".]")?,
            Token::Equivalence => {
                let c = self.element(b"=]")?;
                return Ok(Member::Range(c, c));
            }
            Token::ClassName => {
                let name = self.lexer.name(b":]")?;
                self.advance()?;
                return bracket::class(name).ok_or(RegexError::BadClass);
            }
            Token::Class { class, .. } => {
                self.lexer.notes.add(Note::Locale);
                self.advance()?;
                return Ok(Member::Class(class));
            }
            _ => return Err(RegexError::BadRange),
        };
        if self.token != Token::Dash {
            return Ok(Member::Range(first, first));
        }
        self.advance()?;
        let last = match self.token {
            Token::Char(c) => {
                self.advance()?;
                c
            }
            Token::Dash => {
                self.advance()?;
                u32::from('-')
            }
            Token::Element => self.element(b".]")?,
            _ => return Err(RegexError::BadRange),
        };
        if first > last {
            return Err(RegexError::BadRange);
        }
        if first != last {
            self.lexer.notes.add(Note::Unportable);
        }
        Ok(Member::Range(first, last))
    }

    /// The character that stands in `[. .]` or `[= =]`, the current token.
    fn element(&mut self, end: &[u8]) -> Result<u32, RegexError> {
        let name = self.lexer.name(end)?;
        self.advance()?;
        if let Some(c) = bracket::only_character(name) {
            return Ok(c);
        }
        self.lexer.notes.add(Note::Locale);
        bracket::element(name).ok_or(RegexError::BadCollatingElement)
    }

    fn quantified(&mut self, atom: NodeId) -> Result<Piece, RegexError> {
        let preference = |greedy| if greedy { Preference::Longer } else { Preference::Shorter };
        match self.token {
            Token::Quantifier { min, max, greedy } => {
                self.advance()?;
                Ok(Piece { atom, min, max, preference: preference(greedy) })
            }
            Token::OpenBound => {
                self.advance()?;
                let min = self.bound_number()?;
                let mut exact = true;
                let mut max = min;
                if self.token == Token::Comma {
                    self.advance()?;
                    exact = false;
                    max = match self.token {
                        Token::Number(_) => self.bound_number()?,
                        _ => UNBOUNDED,
                    };
                    if min > max {
                        return Err(RegexError::BadBound);
                    }
                }
                let Token::CloseBound { greedy } = self.token else { return Err(RegexError::BadBound) };
                self.advance()?;
                let preference = if exact { Preference::None } else { preference(greedy) };
                Ok(Piece { atom, min, max, preference })
            }
            _ => Ok(Piece::once(atom)),
        }
    }

    fn bound_number(&mut self) -> Result<u16, RegexError> {
        let mut number = 0;
        while let Token::Number(digit) = self.token {
            if number >= BOUND_MAX {
                break;
            }
            number = number * 10 + digit;
            self.advance()?;
        }
        match self.token {
            Token::Number(_) => Err(RegexError::BadBound),
            _ if number > BOUND_MAX => Err(RegexError::BadBound),
            _ => Ok(number),
        }
    }
}
