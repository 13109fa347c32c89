//! Expressions.
//!
//! The tree is walked with a stack of tasks instead of recursion, since
//! expressions nest as deep as their writer likes. A task that evaluates a node
//! either writes a given register or pushes an [`Operand`]; literals stay
//! unloaded until the operation that wants them.

use super::build::{Label, TEMPORARIES_DEEP};
use super::conversion::Conversions;
use super::operators::{
    binary_operation, folded_operation, fused, fused_immediate, immediate_operation, keeps_writing,
};
use super::words::WINDOW_MAX;
use super::{Dest, Lower};
use crate::bytecode::{
    Constant, Context, Def, Immediate, Immediate32, MATH_FUNCTIONS, NO_REG, Op, Small, Target, Use, Window,
};
use crate::source::Span;
use crate::syntax::command::{NESTING_MESSAGE, SyntaxError};
use crate::syntax::double::canonical_double;
use crate::syntax::expr::{BinaryOp, Expr, ExprNode, LiteralKind, NodeId, UnaryOp, parse_expr};
use crate::syntax::number::{Number, canonical_int, parse_boolean, parse_number};

/// The commands of [`MATH_FUNCTIONS`], in the same order.
pub(super) const MATH_COMMANDS: &[&str] = &[
    "tcl::mathfunc::abs",
    "tcl::mathfunc::acos",
    "tcl::mathfunc::asin",
    "tcl::mathfunc::atan",
    "tcl::mathfunc::bool",
    "tcl::mathfunc::ceil",
    "tcl::mathfunc::cos",
    "tcl::mathfunc::cosh",
    "tcl::mathfunc::double",
    "tcl::mathfunc::entier",
    "tcl::mathfunc::exp",
    "tcl::mathfunc::floor",
    "tcl::mathfunc::int",
    "tcl::mathfunc::isqrt",
    "tcl::mathfunc::log",
    "tcl::mathfunc::log10",
    "tcl::mathfunc::round",
    "tcl::mathfunc::sin",
    "tcl::mathfunc::sinh",
    "tcl::mathfunc::sqrt",
    "tcl::mathfunc::tan",
    "tcl::mathfunc::tanh",
    "tcl::mathfunc::wide",
];

const _: () = assert!(MATH_COMMANDS.len() == MATH_FUNCTIONS.len(), "each math function has its command");

/// A value that an operation will read.
#[derive(Clone, Copy, Debug)]
enum Operand {
    /// A literal of the tree, not loaded yet.
    Literal(NodeId),
    /// A number that was computed now.
    Integer(i64),
    /// A temporary, or a named register that nothing disturbs before the operation.
    Register(u16),
}

#[derive(Clone, Copy, Debug)]
enum Task {
    /// Evaluates a node. `to`: the register that is written; else an operand is
    /// pushed. `pinned`: a variable is copied now. `result`: the value is the
    /// expression's, which is a number if it reads as one.
    Value {
        node: NodeId,
        to: Option<u16>,
        pinned: bool,
        result: bool,
    },
    /// Jumps to the label if the node's truth value is `sense`.
    /// `folded`: it belongs to an operator whose operands are constants.
    Branch {
        node: NodeId,
        sense: bool,
        label: Label,
        folded: bool,
    },
    Unary {
        node: NodeId,
        op: UnaryOp,
        to: Option<u16>,
        base: usize,
    },
    Binary {
        node: NodeId,
        op: BinaryOp,
        to: Option<u16>,
        base: usize,
    },
    CompareBranch {
        op: BinaryOp,
        sense: bool,
        label: Label,
        base: usize,
    },
    Test {
        sense: bool,
        label: Label,
        folded: bool,
        base: usize,
    },
    MathCall {
        function: u8,
        to: Option<u16>,
        base: usize,
        result: bool,
    },
    Call {
        node: NodeId,
        first: u16,
        to: Option<u16>,
        base: usize,
        result: bool,
    },
    Load {
        value: i32,
        to: u16,
    },
    /// Loads a number's text.
    AsWritten {
        node: NodeId,
        to: u16,
    },
    Bind(Label),
    Jump(Label),
    /// The value is in `at`; temporaries above are given back, an operand is
    /// pushed unless a given register was written.
    Settle {
        at: u16,
        given: bool,
        base: usize,
    },
}

impl Lower<'_> {
    /// Parses the expression that stands at `origin`; none if it is malformed.
    pub(super) fn parse_expression(&self, origin: Span) -> Option<Expr> {
        parse_expr(self.source, origin, self.mode, 0).ok()
    }

    /// The value of an expression; declines if it is too large for one frame.
    pub(super) fn expression(&mut self, expr: &Expr, dest: Dest) -> Option<()> {
        let temporaries = self.builder.temporaries();
        let to = dest.register().unwrap_or_else(|| self.builder.temporary());
        let mut walk = Walk::new(self, expr);
        let first = walk.choice(expr.root, to, walk.conversions.result);
        walk.run(first)?;
        self.builder.release(temporaries);
        Some(())
    }

    /// Jumps to `label` if the expression's truth value is `sense`.
    pub(super) fn condition(&mut self, expr: &Expr, sense: bool, label: Label) -> Option<()> {
        let temporaries = self.builder.temporaries();
        Walk::new(self, expr).run(Task::Branch { node: expr.root, sense, label, folded: false })?;
        self.builder.release(temporaries);
        Some(())
    }

    /// The whole source as an expression, into the temporary `result`.
    pub(super) fn whole_expression(&mut self, result: u16) {
        let error = match parse_expr(self.source, Span::new(0, self.source.len()), self.mode, 0) {
            Ok(expr) => {
                if self.attempt(|lower| lower.expression(&expr, Dest::Register(result))).is_some() {
                    return;
                }
                let message = NESTING_MESSAGE.as_bytes().to_vec();
                SyntaxError { message, start: 0, at: 0, end: 0, error_code: None, incomplete: false }
            }
            Err(error) => error,
        };
        self.throw(&error, usize::from(NO_REG));
        self.empty(Dest::Register(result));
    }

    /// The truth value of an expression that is a literal.
    pub(super) fn constant_truth(&self, expr: &Expr) -> Option<bool> {
        literal_truth(expr.node(expr.root), self.mode)
    }
}

fn literal_truth(node: &ExprNode, mode: crate::Mode) -> Option<bool> {
    let ExprNode::Literal { text, .. } = node else { return None };
    match parse_number(text, mode) {
        Some(Number::Int(n)) => Some(n != 0),
        Some(Number::Big(_)) => Some(true),
        Some(Number::Double(d)) if !d.is_nan() => Some(d != 0.0),
        Some(Number::Double(_)) => None,
        None => parse_boolean(text),
    }
}

/// Which nodes are constants: literals, and operators on constants. Empty if
/// there is no such operator.
fn constants(expr: &Expr) -> Vec<bool> {
    let is_literal = |id: &NodeId| matches!(expr.node(*id), ExprNode::Literal { .. });
    let folds =
        expr.nodes.iter().any(|node| operands(node).is_some_and(|ids| ids.iter().flatten().all(is_literal)));
    if !folds {
        return Vec::new();
    }
    let mut constants: Vec<bool> = Vec::with_capacity(expr.nodes.len());
    for node in &expr.nodes {
        let constant = match operands(node) {
            Some(ids) => ids.iter().flatten().all(|id| constants[id.index()]),
            None => matches!(node, ExprNode::Literal { .. }),
        };
        constants.push(constant);
    }
    constants
}

/// The operands of an operator.
fn operands(node: &ExprNode) -> Option<[Option<NodeId>; 3]> {
    Some(match node {
        ExprNode::Unary(_, operand) => [Some(*operand), None, None],
        ExprNode::Binary(_, left, right) | ExprNode::And(left, right) | ExprNode::Or(left, right) => {
            [Some(*left), Some(*right), None]
        }
        ExprNode::Ternary { condition, then, otherwise } => [Some(*condition), Some(*then), Some(*otherwise)],
        _ => return None,
    })
}

/// The walk over one expression.
struct Walk<'w, 'a> {
    lower: &'w mut Lower<'a>,
    expr: &'w Expr,
    tasks: Vec<Task>,
    operands: Vec<Operand>,
    /// Which nodes are constants; empty if no operator has only constant operands.
    constants: Vec<bool>,
    conversions: Conversions,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn new(lower: &'w mut Lower<'a>, expr: &'w Expr) -> Walk<'w, 'a> {
        let folds = !matches!(lower.context, Context::Sourced | Context::Expression);
        let conversions = Conversions::of(expr, folds);
        Walk { lower, expr, tasks: Vec::new(), operands: Vec::new(), constants: constants(expr), conversions }
    }

    fn run(&mut self, first: Task) -> Option<()> {
        self.tasks.push(first);
        while let Some(task) = self.tasks.pop() {
            if self.lower.builder.temporaries() > 2 * TEMPORARIES_DEEP {
                return None;
            }
            self.task(task);
        }
        Some(())
    }

    fn task(&mut self, task: Task) {
        match task {
            Task::Value { node, to, pinned, result } => self.value(node, to, pinned, result),
            Task::Branch { node, sense, label, folded } => self.branch(node, sense, label, folded),
            Task::Unary { node, op, to, base } => self.unary(node, op, to, base),
            Task::Binary { node, op, to, base } => self.binary(node, op, to, base),
            Task::CompareBranch { op, sense, label, base } => self.compare_branch(op, sense, label, base),
            Task::Test { sense, label, folded, base } => {
                let operand = self.pop();
                let cond = Use(self.register(operand, None));
                if folded {
                    self.note_folded();
                }
                let target = Target(0);
                let op = if sense { Op::JumpTrue { cond, target } } else { Op::JumpFalse { cond, target } };
                self.lower.builder.emit_to(op, label);
                self.lower.builder.release(base);
            }
            Task::MathCall { function, to, base, result } => {
                let operand = self.pop();
                let name = MATH_FUNCTIONS[usize::from(function)];
                // What these give may be what they were given, as it was written.
                let passes = matches!(name, "abs" | "entier" | "int" | "round");
                let src = Use(self.register(operand, passes.then_some(BinaryOp::Equal)));
                // The root of a negative number is no number, which as a result is an error.
                let checked = result && (passes || name == "sqrt");
                let raw = checked.then(|| self.lower.builder.temporary());
                let dst = self.result(to, base);
                self.lower.emit(Op::MathCall {
                    function: Small(function),
                    dst: Def(raw.unwrap_or(dst)),
                    src,
                });
                if let Some(raw) = raw {
                    self.lower.emit(Op::Numeric { dst: Def(dst), src: Use(raw) });
                }
            }
            Task::Call { node, first, to, base, result } => self.call(node, first, to, base, result),
            Task::AsWritten { node, to } => {
                let (text, _) = self.literal(node);
                self.lower.load_text(text, to);
            }
            Task::Load { value, to } => {
                self.lower.emit(Op::LoadInt { dst: Def(to), value: Immediate32(value) })
            }
            Task::Bind(label) => self.lower.builder.bind(label),
            Task::Jump(label) => self.lower.builder.jump(label),
            Task::Settle { at, given, base } => {
                self.lower.builder.release(base);
                if !given {
                    let same = self.lower.builder.temporary();
                    assert_eq!(same, at, "the value's temporary is the first one behind the base");
                    self.operands.push(Operand::Register(at));
                }
            }
        }
    }

    /// Puts off tasks, to be done in the order given.
    fn then<const N: usize>(&mut self, tasks: [Task; N]) {
        self.tasks.extend(tasks.into_iter().rev());
    }

    fn pop(&mut self) -> Operand {
        self.operands.pop().expect("a node's operands are evaluated before it")
    }

    /// Gives back the temporaries of the operands and returns the register of
    /// the result, pushed as an operand if it is a fresh temporary.
    fn result(&mut self, to: Option<u16>, base: usize) -> u16 {
        self.lower.builder.release(base);
        to.unwrap_or_else(|| {
            let register = self.lower.builder.temporary();
            self.operands.push(Operand::Register(register));
            register
        })
    }

    // ---- values ----

    fn value(&mut self, node: NodeId, to: Option<u16>, pinned: bool, result: bool) {
        let base = self.lower.builder.temporaries();
        let expr = self.expr;
        match expr.node(node) {
            ExprNode::Literal { .. } => match to {
                Some(to) => self.load_literal(node, to, result),
                None => self.operands.push(Operand::Literal(node)),
            },
            ExprNode::Variable(variable) => match self.lower.plain_local(variable) {
                Some(local) if to.is_none() && !pinned => self.operands.push(Operand::Register(local)),
                Some(local) if to.is_some() && result => {
                    let dst = Def(to.unwrap_or(local));
                    self.lower.emit(Op::Numeric { dst, src: Use(local) });
                }
                _ => self.leaf(to, base, result, |lower, dst| lower.variable(variable, dst)),
            },
            ExprNode::Quoted { parts, .. } => {
                self.leaf(to, base, result, |lower, dst| lower.parts(parts, dst))
            }
            ExprNode::Script { span, script } => {
                self.leaf(to, base, result, |lower, dst| lower.bracketed(*span, script, dst));
            }
            ExprNode::Unary(op, operand) => match self.folded_negation(*op, *operand) {
                Some(n) => self.folded(n, to),
                None => self.then([
                    Task::Value { node: *operand, to: None, pinned: false, result: false },
                    Task::Unary { node, op: *op, to, base },
                ]),
            },
            ExprNode::Binary(op, left, right) => {
                let pinned = !self.is_leaf(*right);
                self.then([
                    Task::Value { node: *left, to: None, pinned, result: false },
                    Task::Value { node: *right, to: None, pinned: false, result: false },
                    Task::Binary { node, op: *op, to, base },
                ]);
            }
            ExprNode::And(..) | ExprNode::Or(..) => self.truth_value(node, to, base),
            ExprNode::Ternary { condition, then, otherwise } => {
                let result = result || self.conversions.converts(node);
                let at = self.destination(to);
                let (no, end) = (self.lower.builder.label(), self.lower.builder.label());
                let folded = self.is_constant(node);
                self.then([
                    Task::Branch { node: *condition, sense: false, label: no, folded },
                    self.choice(*then, at, result),
                    Task::Jump(end),
                    Task::Bind(no),
                    self.choice(*otherwise, at, result),
                    Task::Bind(end),
                    Task::Settle { at, given: to.is_some(), base },
                ]);
            }
            ExprNode::Call { name, args, .. } => self.begin_call(node, name, args, to, base, result),
        }
    }

    /// The expression, one of the values to choose from, or an argument: a number goes on as it was written, unless it is the result.
    fn choice(&self, node: NodeId, to: u16, result: bool) -> Task {
        match self.expr.node(node) {
            ExprNode::Literal { text, kind: LiteralKind::Number, .. }
                if !result && canonical_int(text).is_none() && canonical_double(text).is_none() =>
            {
                Task::AsWritten { node, to }
            }
            _ => Task::Value { node, to: Some(to), pinned: false, result },
        }
    }

    fn destination(&mut self, to: Option<u16>) -> u16 {
        to.unwrap_or_else(|| self.lower.builder.temporary())
    }

    /// A value that `load` puts into the register it is given.
    fn leaf(&mut self, to: Option<u16>, base: usize, result: bool, load: impl FnOnce(&mut Lower<'a>, u16)) {
        match to {
            Some(to) if result => {
                let raw = self.lower.builder.temporary();
                load(self.lower, raw);
                self.lower.emit(Op::Numeric { dst: Def(to), src: Use(raw) });
                self.lower.builder.release(base);
            }
            Some(to) => load(self.lower, to),
            None => {
                let register = self.lower.builder.temporary();
                load(self.lower, register);
                self.operands.push(Operand::Register(register));
            }
        }
    }

    /// `&&` and `||` as a value: 1 or 0.
    fn truth_value(&mut self, node: NodeId, to: Option<u16>, base: usize) {
        let at = self.destination(to);
        let (no, end) = (self.lower.builder.label(), self.lower.builder.label());
        self.then([
            Task::Branch { node, sense: false, label: no, folded: false },
            Task::Load { value: 1, to: at },
            Task::Jump(end),
            Task::Bind(no),
            Task::Load { value: 0, to: at },
            Task::Bind(end),
            Task::Settle { at, given: to.is_some(), base },
        ]);
    }

    /// Whether evaluating a node reads at most a named register, and that not
    /// before the operation.
    fn is_leaf(&mut self, node: NodeId) -> bool {
        match self.expr.node(node) {
            ExprNode::Literal { .. } => true,
            ExprNode::Variable(variable) => self.lower.plain_local(variable).is_some(),
            _ => false,
        }
    }

    fn is_constant(&self, node: NodeId) -> bool {
        self.constants.get(node.index()).copied().unwrap_or(false)
    }

    /// The next operation is one that the reference would have performed early.
    fn note_folded(&mut self) {
        let at = self.lower.builder.here();
        self.lower.builder.folded.push(at);
    }

    // ---- literals ----

    fn literal(&self, node: NodeId) -> (&'w [u8], LiteralKind) {
        match self.expr.node(node) {
            ExprNode::Literal { text, kind, .. } => (text, *kind),
            _ => panic!("only literals are put off as such"),
        }
    }

    fn load_literal(&mut self, node: NodeId, to: u16, result: bool) {
        let (text, kind) = self.literal(node);
        if result || kind == LiteralKind::Number {
            self.load_number(text, to, result);
        } else {
            self.lower.load_text(text, to);
        }
    }

    /// Loads a text that is looked at as a number.
    fn load_number(&mut self, text: &[u8], to: u16, result: bool) {
        match parse_number(text, self.lower.mode) {
            Some(Number::Int(n)) => self.lower.load_integer(n, to),
            Some(Number::Double(d)) if d.is_finite() => {
                let value = self.lower.builder.push_constant(Constant::Double(d));
                self.lower.emit(Op::LoadConst { dst: Def(to), value });
            }
            Some(_) if result => {
                let raw = self.lower.builder.temporary();
                self.lower.load_text(text, raw);
                self.lower.emit(Op::Numeric { dst: Def(to), src: Use(raw) });
            }
            _ => self.lower.load_text(text, to),
        }
    }

    /// The integer that an operand is, if it is known now.
    fn integer(&self, operand: Operand) -> Option<i64> {
        match operand {
            Operand::Integer(n) => Some(n),
            Operand::Literal(node) => {
                let (text, kind) = self.literal(node);
                if kind == LiteralKind::Number { canonical_int(text) } else { None }
            }
            Operand::Register(_) => None,
        }
    }

    fn immediate(&self, operand: Operand) -> Option<i16> {
        self.integer(operand).and_then(|n| i16::try_from(n).ok())
    }

    /// The register of an operand, of `op` if it is a binary operator.
    fn register(&mut self, operand: Operand, op: Option<BinaryOp>) -> u16 {
        let node = match operand {
            Operand::Register(register) => return register,
            Operand::Integer(n) => {
                let register = self.lower.builder.temporary();
                self.lower.load_integer(n, register);
                return register;
            }
            Operand::Literal(node) => node,
        };
        let register = self.lower.builder.temporary();
        let (text, kind) = self.literal(node);
        if kind != LiteralKind::Number || op.is_some_and(|op| keeps_writing(op, text, self.lower.mode)) {
            self.lower.load_text(text, register);
        } else {
            self.load_number(text, register, false);
        }
        register
    }

    fn folded(&mut self, n: i64, to: Option<u16>) {
        match to {
            Some(to) => self.lower.load_integer(n, to),
            None => self.operands.push(Operand::Integer(n)),
        }
    }

    fn folded_negation(&self, op: UnaryOp, operand: NodeId) -> Option<i64> {
        match (op, self.expr.node(operand)) {
            (UnaryOp::Minus, ExprNode::Literal { text, kind: LiteralKind::Number, .. }) => {
                canonical_int(text)?.checked_neg()
            }
            _ => None,
        }
    }

    // ---- operators ----

    fn unary(&mut self, node: NodeId, op: UnaryOp, to: Option<u16>, base: usize) {
        let operand = self.pop();
        // What `~` takes is what the binary operators on bits take.
        let like = (op == UnaryOp::BitNot).then_some(BinaryOp::BitAnd);
        let src = Use(self.register(operand, like));
        if self.is_constant(node) {
            self.note_folded();
        }
        let dst = Def(self.result(to, base));
        self.lower.emit(match op {
            UnaryOp::Plus => Op::Plus { dst, src },
            UnaryOp::Minus => Op::Neg { dst, src },
            UnaryOp::Not => Op::Not { dst, src },
            UnaryOp::BitNot => Op::BitNot { dst, src },
        });
    }

    fn binary(&mut self, node: NodeId, op: BinaryOp, to: Option<u16>, base: usize) {
        let right = self.pop();
        let left = self.pop();
        if let (Some(left), Some(right)) = (self.integer(left), self.integer(right))
            && let Some(n) = folded_operation(op, left, right)
        {
            self.lower.builder.release(base);
            self.folded(n, to);
            return;
        }
        let lhs = Use(self.register(left, Some(op)));
        if let Some(number) = self.immediate(right)
            && let Some(op) = immediate_operation(op, lhs, number)
        {
            if self.is_constant(node) {
                self.note_folded();
            }
            let dst = Def(self.result(to, base));
            self.lower.emit(op(dst));
            return;
        }
        let rhs = Use(self.register(right, Some(op)));
        if self.is_constant(node) {
            self.note_folded();
        }
        let dst = Def(self.result(to, base));
        self.lower.emit(binary_operation(op, dst, lhs, rhs));
    }

    // ---- branches ----

    fn branch(&mut self, node: NodeId, sense: bool, label: Label, folded: bool) {
        let base = self.lower.builder.temporaries();
        match self.expr.node(node) {
            literal @ ExprNode::Literal { .. }
                if let Some(truth) = literal_truth(literal, self.lower.mode) =>
            {
                if truth == sense {
                    self.lower.builder.jump(label);
                }
            }
            ExprNode::Unary(UnaryOp::Not, operand)
                if !matches!(self.expr.node(*operand), ExprNode::Unary(UnaryOp::Not, _))
                    && !self.is_constant(*operand)
                    && self.lower.context != Context::Expression =>
            {
                // The reference turns the branch round, too: there is no error message of `!` then.
                self.then([Task::Branch { node: *operand, sense: !sense, label, folded }]);
            }
            ExprNode::And(left, right) => {
                self.both([*left, *right], false, sense, label, self.is_constant(node))
            }
            ExprNode::Or(left, right) => {
                self.both([*left, *right], true, sense, label, self.is_constant(node))
            }
            ExprNode::Binary(op, left, right) if fused(*op, sense, Use(0), Use(0)).is_some() => {
                let pinned = !self.is_leaf(*right);
                self.then([
                    Task::Value { node: *left, to: None, pinned, result: false },
                    Task::Value { node: *right, to: None, pinned: false, result: false },
                    Task::CompareBranch { op: *op, sense, label, base },
                ]);
            }
            _ => self.then([
                Task::Value { node, to: None, pinned: false, result: false },
                Task::Test { sense, label, folded, base },
            ]),
        }
    }

    /// `&&` (`decides` false) and `||` (`decides` true) as a branch: the left
    /// side alone decides if its truth value is `decides`.
    fn both(&mut self, [left, right]: [NodeId; 2], decides: bool, sense: bool, label: Label, folded: bool) {
        if sense == decides {
            self.then([
                Task::Branch { node: left, sense, label, folded },
                Task::Branch { node: right, sense, label, folded },
            ]);
        } else {
            let skip = self.lower.builder.label();
            self.then([
                Task::Branch { node: left, sense: decides, label: skip, folded },
                Task::Branch { node: right, sense, label, folded },
                Task::Bind(skip),
            ]);
        }
    }

    fn compare_branch(&mut self, op: BinaryOp, sense: bool, label: Label, base: usize) {
        let right = self.pop();
        let left = self.pop();
        let symmetric = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        let (left, right) =
            if symmetric && self.immediate(left).is_some() { (right, left) } else { (left, right) };
        let lhs = Use(self.register(left, Some(op)));
        let jump = match self.immediate(right).and_then(|n| fused_immediate(op, sense, lhs, n)) {
            Some(jump) => jump,
            None => {
                let rhs = Use(self.register(right, Some(op)));
                fused(op, sense, lhs, rhs).expect("the operator has a fused form")
            }
        };
        self.lower.builder.emit_to(jump, label);
        self.lower.builder.release(base);
    }

    // ---- functions ----

    fn begin_call(
        &mut self,
        node: NodeId,
        name: &[u8],
        args: &[NodeId],
        to: Option<u16>,
        base: usize,
        result: bool,
    ) {
        let number = MATH_FUNCTIONS.iter().position(|function| function.as_bytes() == name);
        if let (Some(number), [operand]) = (number, args)
            && self.lower.options.lowering
            && self.lower.standard(MATH_COMMANDS[number])
        {
            self.then([
                Task::Value { node: *operand, to: None, pinned: false, result: false },
                Task::MathCall { function: number as u8, to, base, result },
            ]);
            return;
        }
        let first = self.lower.builder.window(args.len().min(WINDOW_MAX) + 1);
        self.tasks.push(Task::Call { node, first, to, base, result });
        for (index, arg) in args.iter().enumerate().take(WINDOW_MAX).rev() {
            self.tasks.push(self.choice(*arg, first + 1 + index as u16, false));
        }
    }

    fn call(&mut self, node: NodeId, first: u16, to: Option<u16>, base: usize, result: bool) {
        let ExprNode::Call { name, args, .. } = self.expr.node(node) else {
            panic!("a call belongs to a function");
        };
        let command = [b"tcl::mathfunc::", name.as_slice()].concat();
        // No function takes more arguments than a window has room for; the
        // rest is left out, and the function complains about the others.
        let words = args.len().min(WINDOW_MAX) + 1;
        let raw = if result { first } else { to.unwrap_or(first) };
        match self.lower.builder.call_site(Some(&command), words, false, false) {
            Some(site) => self.lower.emit(Op::Call { dst: Def(raw), first: Window(first), site }),
            None => {
                self.lower.load_text(&command, first);
                let (list, count) = (Def(first), Immediate(words as i16));
                self.lower.emit(Op::List { dst: list, first: Window(first), count });
                self.lower.emit(Op::CallList { dst: Def(raw), words: Use(first) });
            }
        }
        self.lower.builder.release(base);
        match to {
            Some(to) if result => self.lower.emit(Op::Numeric { dst: Def(to), src: Use(raw) }),
            Some(_) => {}
            None => {
                let register = self.lower.builder.temporary();
                self.operands.push(Operand::Register(register));
            }
        }
    }
}
