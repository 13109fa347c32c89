//! Which results of expressions are made numbers: the reference leaves some of them as they are written.
//!
//! It remembers while it compiles whether what it has come to may be no number yet. Operators say no, functions yes, and
//! operands leave it at what it was. In code, constant parts are computed then: what stands in parentheses stays as it is
//! written, and after any of them nothing is converted. Expressions that are texts until they run have no such parts.

use crate::syntax::expr::{Expr, ExprNode, NodeId};

/// What a part of an expression does to the need of a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// It stays what it was before.
    Same,
    /// There is none any more.
    Off,
    /// There is one.
    On,
}

impl Effect {
    /// The effect of this one, then of `next`.
    fn then(self, next: Effect) -> Effect {
        if next == Effect::Same { self } else { next }
    }
}

/// What is converted in an expression.
#[derive(PartialEq, Eq)]
pub(super) struct Conversions {
    /// Whether the result is.
    pub(super) result: bool,
    /// Constant choices outside of parentheses whose values are; empty if there are none.
    choices: Vec<bool>,
}

impl Conversions {
    /// Finds out what is converted in `expr`; `folds`: constant parts are computed.
    pub(super) fn of(expr: &Expr, folds: bool) -> Conversions {
        let is_choice = |node: &ExprNode| matches!(node, ExprNode::Ternary { .. });
        if !expr.nodes.iter().any(is_choice) {
            let is_literal = matches!(expr.node(expr.root), ExprNode::Literal { .. });
            let result = !folds || !is_literal || !expr.enclosed.contains(&expr.root);
            return Conversions { result, choices: Vec::new() };
        }
        let count = expr.nodes.len();
        let mut is_enclosed = vec![false; count];
        expr.enclosed.iter().for_each(|node| is_enclosed[node.index()] = true);
        let (mut is_constant, mut choices) = (vec![false; count], vec![false; count]);
        let (mut folded, mut plain) = (vec![Effect::Same; count], vec![Effect::Same; count]);
        for (at, node) in expr.nodes.iter().enumerate() {
            let all = |ids: &[NodeId]| ids.iter().all(|id| is_constant[id.index()]);
            let (constant, effect, unfolded) = match node {
                ExprNode::Literal { .. } => (true, Effect::Same, Effect::Same),
                ExprNode::Quoted { .. } | ExprNode::Variable(_) | ExprNode::Script { .. } => {
                    (false, Effect::Same, Effect::Same)
                }
                ExprNode::Call { .. } => (false, Effect::On, Effect::On),
                ExprNode::Unary(_, operand) => (all(&[*operand]), Effect::Off, Effect::Off),
                ExprNode::Binary(_, left, right) | ExprNode::And(left, right) | ExprNode::Or(left, right) => {
                    (all(&[*left, *right]), Effect::Off, Effect::Off)
                }
                ExprNode::Ternary { condition, then, otherwise } => {
                    let parts = [*condition, *then, *otherwise];
                    (all(&parts), choice(&folded, parts), choice(&plain, parts))
                }
            };
            let is_bare = matches!(node, ExprNode::Literal { .. }) && !is_enclosed[at];
            is_constant[at] = constant;
            folded[at] = if folds && constant && !is_bare { Effect::Off } else { effect };
            plain[at] = unfolded;
            choices[at] = folds && is_choice(node) && constant && !is_enclosed[at] && unfolded != Effect::Off;
        }
        Conversions { result: folded[expr.root.index()] != Effect::Off, choices }
    }

    /// Whether the node is a constant choice whose value is converted where it stands.
    pub(super) fn converts(&self, node: NodeId) -> bool {
        self.choices.get(node.index()).copied().unwrap_or(false)
    }
}

/// The effect of a choice whose parts have these effects: the condition begins anew, and so does what is chosen second.
fn choice(effects: &[Effect], [condition, then, otherwise]: [NodeId; 3]) -> Effect {
    let of = |node: NodeId| effects[node.index()];
    let is_on =
        [Effect::On.then(of(condition)).then(of(then)), Effect::On.then(of(otherwise))].contains(&Effect::On);
    if is_on { Effect::On } else { Effect::Off }
}
