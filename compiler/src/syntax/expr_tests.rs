//! Tests of the expression parser: messages as the reference program gives
//! them, and the shape of trees.

use super::expr::{Expr, ExprNode, NodeId, parse_expr};
use crate::Mode;
use crate::source::Span;

fn parse(text: &str, mode: Mode) -> Result<Expr, (String, String)> {
    parse_expr(text.as_bytes(), Span::whole(text.as_bytes()), mode, 0).map_err(|error| {
        let code = error.error_code.map_or_else(|| "NONE".to_owned(), |code| code.join(" "));
        (String::from_utf8_lossy(&error.message).into_owned(), code)
    })
}

/// The tree with every operation in parentheses.
fn shown(expr: &Expr, id: NodeId) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match expr.node(id) {
        ExprNode::Literal { text: literal, .. } => text(literal),
        ExprNode::Quoted { parts, .. } => format!("quoted({})", parts.len()),
        ExprNode::Variable(variable) => format!("${}", text(&variable.name)),
        ExprNode::Script { script, .. } => format!("[{}]", script.commands.len()),
        ExprNode::Unary(op, operand) => format!("({}{})", op.symbol(), shown(expr, *operand)),
        ExprNode::Binary(op, left, right) => {
            format!("({} {} {})", shown(expr, *left), op.symbol(), shown(expr, *right))
        }
        ExprNode::And(left, right) => format!("({} && {})", shown(expr, *left), shown(expr, *right)),
        ExprNode::Or(left, right) => format!("({} || {})", shown(expr, *left), shown(expr, *right)),
        ExprNode::Ternary { condition, then, otherwise } => {
            format!("({} ? {} : {})", shown(expr, *condition), shown(expr, *then), shown(expr, *otherwise))
        }
        ExprNode::Call { name, args, .. } => {
            let args: Vec<String> = args.iter().map(|arg| shown(expr, *arg)).collect();
            format!("{}({})", text(name), args.join(", "))
        }
    }
}

fn check_trees(mode: Mode, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let expr = parse(text, mode).unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
        assert_eq!(shown(&expr, expr.root), *expected, "{text:?}");
    }
}

#[test]
fn trees() {
    check_trees(
        Mode::Tcl90,
        &[
            ("1 + 2 * 3", "(1 + (2 * 3))"),
            ("1 - 2 - 3", "((1 - 2) - 3)"),
            ("2 ** 3 ** 2", "(2 ** (3 ** 2))"),
            ("-2 ** 2", "((-2) ** 2)"),
            ("2 ** -1", "(2 ** (-1))"),
            ("!$a && ~1 || 0", "(((!$a) && (~1)) || 0)"),
            ("1 ? 2 ? 3 : 4 : 5", "(1 ? (2 ? 3 : 4) : 5)"),
            ("0 ? 1 : 0 ? 2 : 3", "(0 ? 1 : (0 ? 2 : 3))"),
            ("1 | 2 ^ 3 & 1", "(1 | (2 ^ (3 & 1)))"),
            ("1 << 2 + 1 < 3 == 4", "(((1 << (2 + 1)) < 3) == 4)"),
            ("2 == 2 eq 1 in 3 ni 4 ne 5", "(((((2 == 2) eq 1) in 3) ni 4) ne 5)"),
            ("1 lt 2 <= 3 ge 4", "(((1 lt 2) <= 3) ge 4)"),
            ("f() + max(1, (2), g (3))", "(f() + max(1, 2, g(3)))"),
            ("sin(0)**2", "(sin(0) ** 2)"),
            ("\"a\" eq {b} # comment\n", "(a eq b)"),
            ("\"a$b\" eq [c; d]", "(quoted(2) eq [2])"),
            ("$a(1) + ${b c}", "($a + $b c)"),
            ("1eq1", "(1 eq 1)"),
            ("0xene 3", "(0xe ne 3)"),
            ("1.5eq2", "(1.5 eq 2)"),
            ("Influence(1)", "Influence(1)"),
            ("1foo()", "1foo()"),
            ("true && of", "(true && of)"),
            ("1 \\\n + 2", "(1 + 2)"),
            ("nan(1) + inf", "(nan(1) + inf)"),
        ],
    );
}

#[test]
fn the_older_release_has_fewer_operators_and_no_comments() {
    check_trees(Mode::Tcl86, &[("1 + 010", "(1 + 010)"), ("1 eq 2 in 3", "((1 eq 2) in 3)")]);
    for (text, expected) in [
        ("1 lt 2", "invalid bareword \"lt\""),
        ("1 # a", "invalid character \"#\""),
        ("08", "invalid bareword \"08\""),
        ("1_0", "invalid bareword \"1_0\""),
    ] {
        let (message, _) = parse(text, Mode::Tcl86).expect_err(text);
        assert_eq!(message.lines().next(), Some(expected), "{text:?}");
    }
}

#[test]
fn deep_nesting_needs_no_native_stack() {
    const DEPTH: usize = 20_000;
    for text in [
        format!("{}1{}", "(".repeat(DEPTH), ")".repeat(DEPTH)),
        format!("{}1", "-".repeat(DEPTH)),
        format!("{}1", "1 ** ".repeat(DEPTH)),
        format!("{}1{}", "abs(".repeat(DEPTH), ")".repeat(DEPTH)),
        format!("{}1{}", "1?".repeat(DEPTH), ":1".repeat(DEPTH)),
    ] {
        parse(&text, Mode::Tcl90).expect("depth is not limited");
    }
    let (message, code) = parse(&"[expr ".repeat(DEPTH), Mode::Tcl90).expect_err("brackets are limited");
    assert_eq!(message, "too many nested compilations (infinite loop?)");
    assert_eq!(code, "TCL LIMIT STACK");
}

#[test]
fn errors_are_as_in_the_reference() {
    for (text, message, code) in ERRORS {
        let found = parse(text, Mode::Tcl90).map(|expr| shown(&expr, expr.root));
        assert_eq!(found, Err((message.to_string(), code.to_string())), "{text:?}");
    }
}

/// Expression, message and errorCode.
#[rustfmt::skip]
const ERRORS: &[(&str, &str, &str)] = &[
    ("1 +", "missing operand at _@_\nin expression \"1 +_@_\"", "TCL PARSE EXPR MISSING"),
    ("* 2", "missing operand at _@_\nin expression \"_@_* 2\"", "TCL PARSE EXPR MISSING"),
    ("1 2", "missing operator at _@_\nin expression \"1 _@_2\"", "TCL PARSE EXPR MISSING"),
    ("(1", "unbalanced open paren\nin expression \"(1\"", "TCL PARSE EXPR UNBALANCED"),
    ("1)", "unbalanced close paren\nin expression \"1)\"", "TCL PARSE EXPR UNBALANCED"),
    ("()", "empty subexpression at _@_\nin expression \"(_@_)\"", "TCL PARSE EXPR EMPTY"),
    ("foo", "invalid bareword \"foo\"\nin expression \"foo\";\nshould be \"$foo\" or \"{foo}\" or \"foo(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("foo bar", "invalid bareword \"foo\"\nin expression \"foo bar\";\nshould be \"$foo\" or \"{foo}\" or \"foo(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("foo(", "unbalanced open paren\nin expression \"foo(\"", "TCL PARSE EXPR UNBALANCED"),
    ("foo(1,)", "missing function argument at _@_\nin expression \"foo(1,_@_)\"", "TCL PARSE EXPR MISSING"),
    ("foo(,1)", "missing function argument at _@_\nin expression \"foo(_@_,1)\"", "TCL PARSE EXPR UNBALANCED"),
    ("foo(1", "unbalanced open paren\nin expression \"foo(1\"", "TCL PARSE EXPR UNBALANCED"),
    ("1,2", "unexpected \",\" outside function argument list\nin expression \"1,2\"", "TCL PARSE EXPR SURPRISE"),
    ("1 ? 2", "missing operator \":\" at _@_\nin expression \"1 ? 2_@_\"", "TCL PARSE EXPR MISSING"),
    ("1 ? 2 :", "missing operand at _@_\nin expression \"1 ? 2 :_@_\"", "TCL PARSE EXPR MISSING"),
    ("1 : 2", "unexpected operator \":\" without preceding \"?\"\nin expression \"1 : 2\"", "TCL PARSE EXPR SURPRISE"),
    ("1 ? 2 : 3 : 4", "unexpected operator \":\" without preceding \"?\"\nin expression \"1 ? 2 : 3 : 4\"", "TCL PARSE EXPR SURPRISE"),
    ("(1 ? 2) : 3", "missing operator \":\" at _@_\nin expression \"(1 ? 2_@_) : 3\"", "TCL PARSE EXPR MISSING"),
    ("1 ? (2 : 3)", "unexpected operator \":\" without preceding \"?\"\nin expression \"1 ? (2 : 3)\"", "TCL PARSE EXPR SURPRISE"),
    ("? 1", "missing operand at _@_\nin expression \"_@_? 1\"", "TCL PARSE EXPR MISSING"),
    ("\"abc", "missing \"\nin expression \"\"abc\"", "TCL PARSE EXPR UNBALANCED"),
    ("{abc", "missing close-brace\nin expression \"{abc\"", "TCL PARSE EXPR UNBALANCED"),
    ("[abc", "missing close-bracket\nin expression \"[abc\"", "TCL PARSE EXPR UNBALANCED"),
    ("$", "invalid character \"$\"\nin expression \"$\"", "TCL PARSE EXPR BADCHAR"),
    ("1 + $", "invalid character \"$\"\nin expression \"1 + $\"", "TCL PARSE EXPR BADCHAR"),
    ("$a(", "missing )\nin expression \"$a(\"", "TCL PARSE EXPR UNBALANCED"),
    ("${a", "missing close-brace for variable name\nin expression \"${a\"", "TCL PARSE EXPR UNBALANCED"),
    ("\"abc\"d", "invalid bareword \"d\"\nin expression \"\"abc\"d\";\nshould be \"$d\" or \"{d}\" or \"d(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("1.2.3", "missing operator at _@_\nin expression \"1.2_@_.3\"", "TCL PARSE EXPR MISSING"),
    ("0x", "invalid bareword \"0x\"\nin expression \"0x\";\nshould be \"$0x\" or \"{0x}\" or \"0x(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("0o8", "invalid bareword \"0o8\"\nin expression \"0o8\";\nshould be \"$0o8\" or \"{0o8}\" or \"0o8(...)\" or ... (invalid octal number?)", "TCL PARSE EXPR BADNUMBER OCTAL"),
    ("0b12", "invalid bareword \"0b12\"\nin expression \"0b12\";\nshould be \"$0b12\" or \"{0b12}\" or \"0b12(...)\" or ... (invalid binary number?)", "TCL PARSE EXPR BADNUMBER BINARY"),
    ("0b1a", "invalid bareword \"0b1a\"\nin expression \"0b1a\";\nshould be \"$0b1a\" or \"{0b1a}\" or \"0b1a(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("0b1_2", "invalid bareword \"0b1_2\"\nin expression \"0b1_2\";\nshould be \"$0b1_2\" or \"{0b1_2}\" or \"0b1_2(...)\" or ... (invalid binary number?)", "TCL PARSE EXPR BADNUMBER BINARY"),
    ("1a", "invalid bareword \"1a\"\nin expression \"1a\";\nshould be \"$1a\" or \"{1a}\" or \"1a(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("@", "invalid character \"@\"\nin expression \"@\"", "TCL PARSE EXPR BADCHAR"),
    ("1 = 2", "incomplete operator \"=\"\nin expression \"1 = 2\"", "TCL PARSE EXPR PARTOP"),
    ("1 & & 2", "missing operand at _@_\nin expression \"1 & _@_& 2\"", "TCL PARSE EXPR MISSING"),
    ("1 ! 2", "missing operator at _@_\nin expression \"1 _@_! 2\"", "TCL PARSE EXPR MISSING"),
    ("eq", "missing operand at _@_\nin expression \"_@_eq\"", "TCL PARSE EXPR MISSING"),
    ("1 eq", "missing operand at _@_\nin expression \"1 eq_@_\"", "TCL PARSE EXPR MISSING"),
    ("1 inn 2", "invalid bareword \"inn\"\nin expression \"1 inn 2\";\nshould be \"$inn\" or \"{inn}\" or \"inn(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("true1", "invalid bareword \"true1\"\nin expression \"true1\";\nshould be \"$true1\" or \"{true1}\" or \"true1(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("foo::bar(1)", "invalid bareword \"foo\"\nin expression \"foo::bar(1)\";\nshould be \"$foo\" or \"{foo}\" or \"foo(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("a::b", "invalid bareword \"a\"\nin expression \"a::b\";\nshould be \"$a\" or \"{a}\" or \"a(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("\\", "invalid character \"\\\"\nin expression \"\\\"", "TCL PARSE EXPR BADCHAR"),
    ("# foo", "empty expression\nin expression \"# foo\"", "TCL PARSE EXPR EMPTY"),
    ("", "empty expression\nin expression \"\"", "TCL PARSE EXPR EMPTY"),
    ("  ", "empty expression\nin expression \"  \"", "TCL PARSE EXPR EMPTY"),
    ("1 + 'a'", "invalid character \"'\"\nin expression \"1 + 'a'\"", "TCL PARSE EXPR BADCHAR"),
    ("1_000_", "invalid bareword \"1_000_\"\nin expression \"1_000_\";\nshould be \"$1_000_\" or \"{1_000_}\" or \"1_000_(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("_foo", "invalid character \"_\"\nin expression \"_foo\"", "TCL PARSE EXPR BADCHAR"),
    ("infx", "invalid bareword \"infx\"\nin expression \"infx\";\nshould be \"$infx\" or \"{infx}\" or \"infx(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("inf(1)", "missing operator at _@_\nin expression \"inf_@_(1)\"", "TCL PARSE EXPR MISSING"),
    ("nan(x)", "missing operator at _@_\nin expression \"nan_@_(x)\"", "TCL PARSE EXPR MISSING"),
    ("1 <> 2", "missing operand at _@_\nin expression \"1 <_@_> 2\"", "TCL PARSE EXPR MISSING"),
    ("1 ; 2", "invalid character \";\"\nin expression \"1 ; 2\"", "TCL PARSE EXPR BADCHAR"),
    ("}", "invalid character \"}\"\nin expression \"}\"", "TCL PARSE EXPR BADCHAR"),
    ("]", "invalid character \"]\"\nin expression \"]\"", "TCL PARSE EXPR BADCHAR"),
    ("\"$a(\"", "invalid character in array index\nin expression \"\"$a(\"\"", "NONE"),
    ("\"[foo\"", "missing close-bracket\nin expression \"\"[foo\"\"", "TCL PARSE EXPR UNBALANCED"),
    ("[a {b}c]", "extra characters after close-brace\nin expression \"[a {b}c]\"", "NONE"),
    ("[a \"b\"c]", "extra characters after close-quote\nin expression \"[a \"b\"c]\"", "NONE"),
    ("max(1,(2,3))", "unexpected \",\" outside function argument list\nin expression \"max(1,(2,3))\"", "TCL PARSE EXPR SURPRISE"),
    ("((1)", "unbalanced open paren\nin expression \"((1)\"", "TCL PARSE EXPR UNBALANCED"),
    ("(,)", "missing operand at _@_\nin expression \"(_@_,)\"", "TCL PARSE EXPR MISSING"),
    ("1 {a}", "missing operator at _@_\nin expression \"1 _@_{a}\"", "TCL PARSE EXPR MISSING"),
    ("1 n 2", "missing operator at _@_\nin expression \"1 _@_n 2\"", "TCL PARSE EXPR MISSING"),
    ("1 and 2", "invalid bareword \"and\"\nin expression \"1 and 2\";\nshould be \"$and\" or \"{and}\" or \"and(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("1==#c", "missing operand at _@_\nin expression \"1==#c_@_\"", "TCL PARSE EXPR MISSING"),
    ("1.5_", "invalid bareword \"5_\"\nin expression \"1.5_\";\nshould be \"$5_\" or \"{5_}\" or \"5_(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("1.25_", "invalid bareword \"5_\"\nin expression \"1.25_\";\nshould be \"$5_\" or \"{5_}\" or \"5_(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    (".5_", "invalid character \".\"\nin expression \".5_\"", "TCL PARSE EXPR BADCHAR"),
    ("éé", "invalid character \"é\"\nin expression \"éé\"", "TCL PARSE EXPR BADCHAR"),
    ("1 + é", "invalid character \"é\"\nin expression \"1 + é\"", "TCL PARSE EXPR BADCHAR"),
    ("{a # {b", "missing close-brace: possible unbalanced brace in comment\nin expression \"{a # {b\"", "TCL PARSE EXPR UNBALANCED"),
    ("1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+foo+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+", "invalid bareword \"foo\"\nin expression \"...1+1+1+1+1+1+1+1+1+1+1+foo+1+1+1+1+1+1+1+1+1+1+1...\";\nshould be \"$foo\" or \"{foo}\" or \"foo(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+", "missing operand at _@_\nin expression \"...1+1+1+1+1+1+1+1+1+1+1+_@_\"", "TCL PARSE EXPR MISSING"),
    ("1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+*3+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+3", "missing operand at _@_\nin expression \"...1+1+1+1+1+1+1+1+1+1+1+_@_*3+1+1+1+1+1+1+1+1+1+1...\"", "TCL PARSE EXPR MISSING"),
    ("1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+@1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+", "invalid character \"@\"\nin expression \"...1+1+1+1+1+1+1+1+1+1+1+@1+1+1+1+1+1+1+1+1+1+1+...\"", "TCL PARSE EXPR BADCHAR"),
    ("1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+(1", "unbalanced open paren\nin expression \"...1+1+1+1+1+1+1+1+1+1+(1\"", "TCL PARSE EXPR UNBALANCED"),
    ("abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij", "invalid bareword \"abcdefghijabcdefghijab...\"\nin expression \"abcdefghijabcdefghijab...\";\nshould be \"$abcdefghijabcdefghijab...\" or \"{abcdefghijabcdefghijab...}\" or \"abcdefghijabcdefghijab...(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij+3", "invalid bareword \"abcdefghijabcdefghijab...\"\nin expression \"...1+1+1+1+1+1+1+1+1+1+1+abcdefghijabcdefghijab...+3\";\nshould be \"$abcdefghijabcdefghijab...\" or \"{abcdefghijabcdefghijab...}\" or \"abcdefghijabcdefghijab...(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1 1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+3", "missing operator at _@_\nin expression \"...1+1+1+1+1+1+1+1+1+1+1 _@_1+1+1+1+1+1+1+1+1+1+1+...\"", "TCL PARSE EXPR MISSING"),
    ("éééééééééééééééééééééééééééééééééééééééé + foo", "invalid character \"é\"\nin expression \"éééééééééééé...\"", "TCL PARSE EXPR BADCHAR"),
    ("1+\"abcéééééééééééééééééééééééééééééééééééééééééééééééééé\"d", "invalid bareword \"d\"\nin expression \"...éééééééééé\"d\";\nshould be \"$d\" or \"{d}\" or \"d(...)\" or ...", "TCL PARSE EXPR BAREWORD"),
    ("\"abcéééééééééééééééééééééééééééééééééééééééééééééééééé", "missing \"\nin expression \"\"abcééééééééé...\"", "TCL PARSE EXPR UNBALANCED"),
    ("1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+\"xxx[foo\"+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1", "missing close-bracket\nin expression \"...1+1+1+1+1+1+1+1+1+\"xxx[foo\"+1+1+1+1+1+1+1+1+1...\"", "TCL PARSE EXPR UNBALANCED"),
    ("1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+[foo {a}b+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1]", "extra characters after close-brace\nin expression \"...1+1+1+1+1+1+1+[foo {a}b+1+1+1+1+1+1+1+1+1+1+...\"", "NONE"),
];
