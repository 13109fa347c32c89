//! Expressions: the text of `expr` as a tree in an arena.
//!
//! An operator-precedence parser with an explicit stack, so that nesting of
//! parentheses and operators is bounded by memory only. The tree is flat
//! storage: dropping it does not recurse over operators either.

use super::command::{Part, Script, SyntaxError, Variable, WordBody};
use super::expr_error::{Place, at_mark, bareword_hint};
use super::expr_lexer::{Lexeme, blanks_width, lexeme};
use super::number::{Base, digits_end, parse_boolean};
use super::parser::Parser;
use crate::Mode;
use crate::source::{Span, offset};

/// The position of a node in [`Expr::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The position as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A parsed expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// The nodes. Operands stand before their operators, so one pass over the
    /// vector meets every node after its operands.
    pub nodes: Vec<ExprNode>,
    /// The nodes that stand in parentheses of their own.
    pub enclosed: Vec<NodeId>,
    /// The node of the whole expression: the last one.
    pub root: NodeId,
}

impl Expr {
    /// The node of an id.
    pub fn node(&self, id: NodeId) -> &ExprNode {
        &self.nodes[id.index()]
    }
}

/// A node of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprNode {
    /// A text that is known now.
    Literal {
        /// A number or boolean as written, or the substituted text of a braced
        /// or quoted operand.
        text: Vec<u8>,
        /// The operand as written, delimiters included.
        span: Span,
        /// How it was written.
        kind: LiteralKind,
    },
    /// A quoted operand with substitutions.
    Quoted {
        /// The operand as written, quotes included.
        span: Span,
        /// The pieces.
        parts: Vec<Part>,
    },
    /// A variable.
    Variable(Variable),
    /// A script in brackets.
    Script {
        /// The text inside the brackets.
        span: Span,
        /// The parsed text.
        script: Script,
    },
    /// An operator with one operand.
    Unary(UnaryOp, NodeId),
    /// An operator that evaluates both operands.
    Binary(BinaryOp, NodeId, NodeId),
    /// `left && right`.
    And(NodeId, NodeId),
    /// `left || right`.
    Or(NodeId, NodeId),
    /// `condition ? then : otherwise`.
    Ternary {
        /// The condition.
        condition: NodeId,
        /// The value if the condition holds.
        then: NodeId,
        /// The value if it does not.
        otherwise: NodeId,
    },
    /// A function call.
    Call {
        /// The function's name as written, without `tcl::mathfunc`.
        name: Vec<u8>,
        /// The name's place.
        span: Span,
        /// The arguments.
        args: Vec<NodeId>,
    },
}

/// How a literal operand was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LiteralKind {
    /// A bare number.
    Number,
    /// A bare boolean word.
    Boolean,
    /// A word in braces.
    Braced,
    /// A word in quotes.
    Quoted,
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `!`
    Not,
    /// `~`
    BitNot,
}

impl UnaryOp {
    /// The operator as written.
    pub fn symbol(self) -> &'static str {
        match self {
            UnaryOp::Plus => "+",
            UnaryOp::Minus => "-",
            UnaryOp::Not => "!",
            UnaryOp::BitNot => "~",
        }
    }
}

macro_rules! binary_operators {
    ($($name:ident $symbol:literal $precedence:ident,)*) => {
        /// An operator that evaluates both operands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum BinaryOp {
            $(#[doc = concat!("`", $symbol, "`")] $name,)*
        }

        impl BinaryOp {
            /// Every operator.
            pub const ALL: &[BinaryOp] = &[$(BinaryOp::$name),*];

            /// The operator as written.
            pub fn symbol(self) -> &'static str {
                match self { $(BinaryOp::$name => $symbol,)* }
            }

            fn precedence(self) -> Precedence {
                match self { $(BinaryOp::$name => Precedence::$precedence,)* }
            }
        }
    };
}

binary_operators! {
    Power "**" Power,
    Multiply "*" Multiply,
    Divide "/" Multiply,
    Remainder "%" Multiply,
    Add "+" Add,
    Subtract "-" Add,
    ShiftLeft "<<" Shift,
    ShiftRight ">>" Shift,
    Less "<" Compare,
    Greater ">" Compare,
    LessOrEqual "<=" Compare,
    GreaterOrEqual ">=" Compare,
    StringLess "lt" Compare,
    StringGreater "gt" Compare,
    StringLessOrEqual "le" Compare,
    StringGreaterOrEqual "ge" Compare,
    Equal "==" Equal,
    NotEqual "!=" Equal,
    StringEqual "eq" Equal,
    StringNotEqual "ne" Equal,
    In "in" Equal,
    NotIn "ni" Equal,
    BitAnd "&" BitAnd,
    BitXor "^" BitXor,
    BitOr "|" BitOr,
}

/// How tightly a lexeme binds, loosest first. The order of the first five
/// decides which of several messages a malformed expression gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    End,
    Start,
    CloseParen,
    OpenParen,
    Comma,
    Conditional,
    Or,
    And,
    BitOr,
    BitXor,
    BitAnd,
    Equal,
    Compare,
    Shift,
    Add,
    Multiply,
    Power,
    Unary,
}

/// Parses the expression in `range` of `source`; spans are offsets in
/// `source`. `depth` counts the brackets around it.
pub fn parse_expr(source: &[u8], range: Span, mode: Mode, depth: u32) -> Result<Expr, SyntaxError> {
    let mut parser = ExprParser {
        source: &source[..range.end as usize],
        start: range.start as usize,
        mode,
        depth,
        at: range.start as usize,
        width: 0,
        nodes: Vec::new(),
        enclosed: Vec::new(),
        pending: vec![Pending::Start],
        complete: Complete::Nothing,
    };
    let root = parser.run()?;
    Ok(Expr { nodes: parser.nodes, enclosed: parser.enclosed, root })
}

/// An operator that still lacks its last operand.
enum Pending {
    Start,
    Paren,
    /// A function's name and parenthesis.
    Call {
        name: Vec<u8>,
        span: Span,
    },
    /// The arguments before a comma.
    Comma(Vec<NodeId>),
    Unary(UnaryOp),
    Binary(BinaryOp, NodeId),
    And(NodeId),
    Or(NodeId),
    /// The condition before `?`.
    Question(NodeId),
    /// The value before `:`.
    Colon(NodeId),
}

impl Pending {
    fn precedence(&self) -> Precedence {
        match self {
            Pending::Start => Precedence::Start,
            Pending::Paren | Pending::Call { .. } => Precedence::OpenParen,
            Pending::Comma(_) => Precedence::Comma,
            Pending::Unary(_) => Precedence::Unary,
            Pending::Binary(op, _) => op.precedence(),
            Pending::And(_) => Precedence::And,
            Pending::Or(_) => Precedence::Or,
            Pending::Question(_) | Pending::Colon(_) => Precedence::Conditional,
        }
    }
}

/// The operand that ends at the cursor.
enum Complete {
    /// An operator came last.
    Nothing,
    Node(NodeId),
    /// Both sides of a `:`, which only a `?` can take.
    Arms(NodeId, NodeId),
    /// Several arguments, which only a function can take.
    Args(Vec<NodeId>),
}

struct ExprParser<'a> {
    source: &'a [u8],
    start: usize,
    mode: Mode,
    depth: u32,
    /// The lexeme that is looked at, and its width.
    at: usize,
    width: usize,
    nodes: Vec<ExprNode>,
    enclosed: Vec<NodeId>,
    pending: Vec<Pending>,
    complete: Complete,
}

impl ExprParser<'_> {
    fn run(&mut self) -> Result<NodeId, SyntaxError> {
        loop {
            self.at += blanks_width(self.source, self.at);
            let (lexeme, width) = lexeme(self.source, self.at, self.mode);
            self.width = width;
            match lexeme {
                Lexeme::Comment => {}
                Lexeme::Invalid => return Err(self.wrong_lexeme("invalid character", BADCHAR)),
                Lexeme::Incomplete => return Err(self.wrong_lexeme("incomplete operator", PARTOP)),
                Lexeme::Bareword => self.bareword()?,
                Lexeme::Plus | Lexeme::Minus if matches!(self.complete, Complete::Nothing) => {
                    self.pending.push(Pending::Unary(if lexeme == Lexeme::Plus {
                        UnaryOp::Plus
                    } else {
                        UnaryOp::Minus
                    }));
                }
                _ if lexeme.follows_operand() => {
                    self.after_operand(lexeme)?;
                    if let (Lexeme::End, Complete::Node(root)) = (lexeme, &self.complete) {
                        return Ok(*root);
                    }
                }
                _ => {
                    self.expect_operator_before()?;
                    self.before_operand(lexeme)?;
                }
            }
            self.at += self.width;
        }
    }

    // Errors.

    fn place(&self) -> Place<'_> {
        Place {
            source: self.source,
            start: self.start,
            end: self.source.len(),
            at: self.at,
            width: self.width,
        }
    }

    fn marked(&self, message: &str, code: &'static [&'static str]) -> SyntaxError {
        self.place().error(&at_mark(message), true, b"", Some(code))
    }

    fn plain(&self, message: &str, code: &'static [&'static str]) -> SyntaxError {
        self.place().error(message.as_bytes(), false, b"", Some(code))
    }

    fn wrong_lexeme(&self, message: &str, code: &'static [&'static str]) -> SyntaxError {
        let place = self.place();
        let mut text = format!("{message} \"").into_bytes();
        text.extend_from_slice(&place.shown());
        text.push(b'"');
        place.error(&text, false, b"", Some(code))
    }

    fn wrong_bareword(&self) -> SyntaxError {
        let place = self.place();
        let shown = place.shown();
        let mut message = b"invalid bareword \"".to_vec();
        message.extend_from_slice(&shown);
        message.push(b'"');
        let mut hint = bareword_hint(&shown);
        let kind = number_meant(&self.source[self.at..self.at + self.width], self.mode);
        let code = match kind {
            Some("binary") => BADNUMBER_BINARY,
            Some(_) => BADNUMBER_OCTAL,
            None => BAREWORD,
        };
        if let Some(kind) = kind {
            hint.extend_from_slice(format!(" (invalid {kind} number?)").as_bytes());
        }
        place.error(&message, false, &hint, Some(code))
    }

    /// An error inside an operand: a bracket, quote, brace or variable.
    fn operand_error(&self, error: SyntaxError) -> SyntaxError {
        if error.error_code.is_some() {
            return error;
        }
        let at = error.at as usize;
        // An opening delimiter counts as looked at, anything else does not.
        let place = Place { at, width: usize::from(error.incomplete), ..self.place() };
        let code: Option<&'static [&'static str]> = error.incomplete.then_some(UNBALANCED);
        place.error(&error.message, false, b"", code)
    }

    fn expect_operator_before(&self) -> Result<(), SyntaxError> {
        match self.complete {
            Complete::Nothing => Ok(()),
            _ => Err(self.marked("missing operator", MISSING)),
        }
    }

    // Operands.

    fn push_node(&mut self, node: ExprNode) -> NodeId {
        self.nodes.push(node);
        NodeId(offset(self.nodes.len() - 1))
    }

    fn push_operand(&mut self, node: ExprNode) {
        let id = self.push_node(node);
        self.complete = Complete::Node(id);
    }

    fn lexeme_span(&self) -> Span {
        Span::new(self.at, self.at + self.width)
    }

    fn push_literal(&mut self, kind: LiteralKind) {
        let span = self.lexeme_span();
        self.push_operand(ExprNode::Literal { text: span.of(self.source).to_vec(), span, kind });
    }

    /// The first byte from `at` on that belongs to no blank and no comment.
    fn behind_blanks_and_comments(&self, mut at: usize) -> usize {
        loop {
            at += blanks_width(self.source, at);
            match lexeme(self.source, at, self.mode) {
                (Lexeme::Comment, width) => at += width,
                _ => return at,
            }
        }
    }

    fn bareword(&mut self) -> Result<(), SyntaxError> {
        let end = self.at + self.width;
        let paren = self.behind_blanks_and_comments(end);
        if self.source.get(paren) == Some(&b'(') {
            self.expect_operator_before()?;
            let span = self.lexeme_span();
            self.pending.push(Pending::Call { name: span.of(self.source).to_vec(), span });
            self.width = paren + 1 - self.at;
            return Ok(());
        }
        match parse_boolean(&self.source[self.at..end]) {
            Some(_) => {
                self.expect_operator_before()?;
                self.push_literal(LiteralKind::Boolean);
                Ok(())
            }
            None => Err(self.wrong_bareword()),
        }
    }

    fn before_operand(&mut self, lexeme: Lexeme) -> Result<(), SyntaxError> {
        match lexeme {
            Lexeme::OpenParen => self.pending.push(Pending::Paren),
            Lexeme::Not => self.pending.push(Pending::Unary(UnaryOp::Not)),
            Lexeme::BitNot => self.pending.push(Pending::Unary(UnaryOp::BitNot)),
            Lexeme::Number => self.push_literal(LiteralKind::Number),
            Lexeme::Quoted | Lexeme::Braced | Lexeme::Variable | Lexeme::Script => {
                return self.delimited(lexeme);
            }
            _ => unreachable!("every other lexeme follows an operand or has been dealt with"),
        }
        Ok(())
    }

    /// An operand that the script parser reads.
    fn delimited(&mut self, lexeme: Lexeme) -> Result<(), SyntaxError> {
        let mut parser = Parser::new(self.source, self.source.len(), self.mode, self.depth);
        parser.at = self.at;
        let mut parts = Vec::new();
        let read = match lexeme {
            Lexeme::Quoted => parser.quoted_word().map(Some),
            Lexeme::Braced => parser.braced().map(Some),
            Lexeme::Variable if !parser.starts_variable() => {
                return Err(self.wrong_lexeme("invalid character", BADCHAR));
            }
            Lexeme::Variable => parser.variable(&mut parts).map(|()| None),
            _ => parser.bracketed(&mut parts).map(|()| None),
        };
        let end = parser.at;
        let word = read.map_err(|error| self.operand_error(*error))?;
        self.width = end - self.at;
        let span = self.lexeme_span();
        let node = match (word, parts.pop()) {
            (Some(WordBody::Literal { text, braced, .. }), _) => {
                let kind = if braced { LiteralKind::Braced } else { LiteralKind::Quoted };
                ExprNode::Literal { text, span, kind }
            }
            (Some(WordBody::Parts(parts)), _) => ExprNode::Quoted { span, parts },
            (None, Some(Part::Variable(variable))) => ExprNode::Variable(variable),
            (None, Some(Part::Script { span, script })) => ExprNode::Script { span, script },
            _ => unreachable!("a variable or a script was parsed"),
        };
        self.push_operand(node);
        Ok(())
    }

    // Operators with an operand before them.

    fn after_operand(&mut self, lexeme: Lexeme) -> Result<(), SyntaxError> {
        if matches!(self.complete, Complete::Nothing) {
            return self.without_operand(lexeme);
        }
        let precedence = lexeme_precedence(lexeme);
        while self.must_reduce(lexeme, precedence) {
            self.check_reduction(lexeme)?;
            if matches!(self.top(), Pending::Start) {
                return Ok(());
            }
            if self.reduce() {
                // A closing parenthesis closes one only.
                return Ok(());
            }
        }
        match lexeme {
            Lexeme::CloseParen => return Err(self.plain("unbalanced close paren", UNBALANCED)),
            Lexeme::Comma if !matches!(self.top(), Pending::Call { .. }) => {
                return Err(self.plain("unexpected \",\" outside function argument list", SURPRISE));
            }
            _ => {}
        }
        let pending = match (lexeme, std::mem::replace(&mut self.complete, Complete::Nothing)) {
            (Lexeme::Comma, Complete::Node(node)) => Pending::Comma(vec![node]),
            (Lexeme::Comma, Complete::Args(args)) => Pending::Comma(args),
            (_, Complete::Node(node)) => pending_operator(lexeme, node),
            _ => return Err(self.plain(SURPRISING_COLON, SURPRISE)),
        };
        self.pending.push(pending);
        Ok(())
    }

    fn top(&self) -> &Pending {
        self.pending.last().expect("the start stays on the stack")
    }

    /// Whether the pending operator takes the complete operand before the
    /// lexeme does.
    fn must_reduce(&self, lexeme: Lexeme, precedence: Precedence) -> bool {
        let top = self.top();
        if top.precedence() != precedence {
            return top.precedence() > precedence;
        }
        match top {
            Pending::Binary(BinaryOp::Power, _) => false,
            // "?" and ":" bind equally and are linked in sensible pairs.
            Pending::Question(_) => matches!(self.complete, Complete::Arms(..)),
            Pending::Colon(_) => lexeme != Lexeme::Question,
            _ => true,
        }
    }

    fn check_reduction(&self, lexeme: Lexeme) -> Result<(), SyntaxError> {
        let arms = matches!(self.complete, Complete::Arms(..));
        match self.top() {
            Pending::Paren | Pending::Call { .. } if lexeme != Lexeme::CloseParen => {
                Err(self.plain("unbalanced open paren", UNBALANCED))
            }
            Pending::Question(_) if !arms => Err(self.marked("missing operator \":\"", MISSING)),
            Pending::Question(_) => Ok(()),
            _ if arms => Err(self.plain(SURPRISING_COLON, SURPRISE)),
            _ => Ok(()),
        }
    }

    /// Gives the complete operand to the pending operator. Answers whether
    /// that was a parenthesis.
    fn reduce(&mut self) -> bool {
        let top = self.pending.pop().expect("the start stays on the stack");
        let complete = std::mem::replace(&mut self.complete, Complete::Nothing);
        let node = match (top, complete) {
            (Pending::Paren, complete) => {
                if let Complete::Node(node) = complete {
                    self.enclosed.push(node);
                }
                self.complete = complete;
                return true;
            }
            (Pending::Call { name, span }, complete) => {
                let args = match complete {
                    Complete::Node(node) => vec![node],
                    Complete::Args(args) => args,
                    _ => Vec::new(),
                };
                self.push_operand(ExprNode::Call { name, span, args });
                return true;
            }
            (Pending::Comma(mut args), Complete::Node(node)) => {
                args.push(node);
                self.complete = Complete::Args(args);
                return false;
            }
            (Pending::Colon(then), Complete::Node(otherwise)) => {
                self.complete = Complete::Arms(then, otherwise);
                return false;
            }
            (Pending::Question(condition), Complete::Arms(then, otherwise)) => {
                ExprNode::Ternary { condition, then, otherwise }
            }
            (Pending::Unary(op), Complete::Node(node)) => ExprNode::Unary(op, node),
            (Pending::Binary(op, left), Complete::Node(right)) => ExprNode::Binary(op, left, right),
            (Pending::And(left), Complete::Node(right)) => ExprNode::And(left, right),
            (Pending::Or(left), Complete::Node(right)) => ExprNode::Or(left, right),
            _ => unreachable!("the checks before a reduction let only fitting operands through"),
        };
        self.push_operand(node);
        false
    }

    /// A lexeme that must follow an operand follows none.
    fn without_operand(&mut self, lexeme: Lexeme) -> Result<(), SyntaxError> {
        let ends = top_exceeds(self.top(), lexeme);
        let error = match (self.top(), lexeme) {
            (Pending::Call { .. }, Lexeme::CloseParen) => {
                self.reduce();
                return Ok(());
            }
            (Pending::Paren, Lexeme::CloseParen) => self.marked("empty subexpression", EMPTY),
            (Pending::Paren | Pending::Call { .. }, _) if ends => {
                self.plain("unbalanced open paren", UNBALANCED)
            }
            (Pending::Comma(_), _) if ends => self.marked("missing function argument", MISSING),
            (Pending::Start, _) if ends => self.plain("empty expression", EMPTY),
            (_, Lexeme::CloseParen) if !ends => self.plain("unbalanced close paren", UNBALANCED),
            // The reference gives this case another code than the one above.
            (Pending::Call { .. }, Lexeme::Comma) => self.marked("missing function argument", UNBALANCED),
            _ => self.marked("missing operand", MISSING),
        };
        Err(error)
    }
}

fn top_exceeds(top: &Pending, lexeme: Lexeme) -> bool {
    top.precedence() > lexeme_precedence(lexeme)
}

fn lexeme_precedence(lexeme: Lexeme) -> Precedence {
    match lexeme {
        Lexeme::End => Precedence::End,
        Lexeme::CloseParen => Precedence::CloseParen,
        Lexeme::Comma => Precedence::Comma,
        Lexeme::Question | Lexeme::Colon => Precedence::Conditional,
        Lexeme::And => Precedence::And,
        Lexeme::Or => Precedence::Or,
        Lexeme::Plus | Lexeme::Minus => Precedence::Add,
        Lexeme::Binary(op) => op.precedence(),
        _ => unreachable!("only lexemes behind an operand have a precedence"),
    }
}

fn pending_operator(lexeme: Lexeme, left: NodeId) -> Pending {
    match lexeme {
        Lexeme::Question => Pending::Question(left),
        Lexeme::Colon => Pending::Colon(left),
        Lexeme::And => Pending::And(left),
        Lexeme::Or => Pending::Or(left),
        Lexeme::Plus => Pending::Binary(BinaryOp::Add, left),
        Lexeme::Minus => Pending::Binary(BinaryOp::Subtract, left),
        Lexeme::Binary(op) => Pending::Binary(op, left),
        _ => unreachable!("the other lexemes open no operator"),
    }
}

/// Which kind of number a bareword looks like that is none.
fn number_meant(word: &[u8], mode: Mode) -> Option<&'static str> {
    let (kind, base) = match word.get(..2)? {
        b"0b" => ("binary", Base::Binary),
        b"0o" => ("octal", Base::Octal),
        [b'0', b'0'..=b'9'] if mode == Mode::Tcl86 => return Some("octal"),
        _ => return None,
    };
    let digits = digits_end(word, 2, base, mode == Mode::Tcl90);
    (digits == 2 || !word.get(digits).is_some_and(u8::is_ascii_alphabetic)).then_some(kind)
}

const SURPRISING_COLON: &str = "unexpected operator \":\" without preceding \"?\"";
const MISSING: &[&str] = &["TCL", "PARSE", "EXPR", "MISSING"];
const UNBALANCED: &[&str] = &["TCL", "PARSE", "EXPR", "UNBALANCED"];
const EMPTY: &[&str] = &["TCL", "PARSE", "EXPR", "EMPTY"];
const SURPRISE: &[&str] = &["TCL", "PARSE", "EXPR", "SURPRISE"];
const BADCHAR: &[&str] = &["TCL", "PARSE", "EXPR", "BADCHAR"];
const PARTOP: &[&str] = &["TCL", "PARSE", "EXPR", "PARTOP"];
const BAREWORD: &[&str] = &["TCL", "PARSE", "EXPR", "BAREWORD"];
const BADNUMBER_BINARY: &[&str] = &["TCL", "PARSE", "EXPR", "BADNUMBER", "BINARY"];
const BADNUMBER_OCTAL: &[&str] = &["TCL", "PARSE", "EXPR", "BADNUMBER", "OCTAL"];
