//! Tests of the script parser: words, errors and completeness as the reference
//! program shows them.

use super::command::{
    NESTING_MAX, NextCommand, Part, Script, SyntaxError, WordBody, is_complete, parse_command, parse_script,
};
use super::subst::{SubstFlags, parse_subst};
use crate::Mode;
use crate::source::Span;

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn parse(text: &str, mode: Mode) -> Script {
    let script = parse_script(text.as_bytes(), Span::whole(text.as_bytes()), mode, 0);
    let mut one_by_one = Script::default();
    let mut at = 0;
    loop {
        match parse_command(text.as_bytes(), at, mode, 0) {
            NextCommand::Command(command, next) => {
                one_by_one.commands.push(command);
                at = next;
            }
            NextCommand::Error(error) => {
                one_by_one.error = Some(error);
                break;
            }
            NextCommand::End => break,
        }
    }
    assert_eq!(one_by_one, script, "{text:?}");
    script
}

fn shown_parts(parts: &[Part]) -> String {
    let shown = |part: &Part| match part {
        Part::Text(text) => format!("<{}>", lossy(text)),
        Part::Variable(variable) => match &variable.index {
            None => format!("${}", lossy(&variable.name)),
            Some(index) => format!("${}({})", lossy(&variable.name), shown_parts(index)),
        },
        Part::Script { script, .. } => format!("[{}]", shown_script(script)),
    };
    parts.iter().map(shown).collect()
}

/// A script with one line per command, words separated by ` | `.
fn shown_script(script: &Script) -> String {
    let word = |word: &super::command::Word| {
        let body = match &word.body {
            WordBody::Literal { text, .. } => lossy(text),
            WordBody::Parts(parts) => shown_parts(parts),
        };
        if word.expand { format!("*{body}") } else { body }
    };
    let command =
        |command: &super::command::Command| command.words.iter().map(word).collect::<Vec<_>>().join(" | ");
    script.commands.iter().map(command).collect::<Vec<_>>().join(" ; ")
}

fn check(mode: Mode, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let script = parse(text, mode);
        assert_eq!(script.error, None, "{text:?}");
        assert_eq!(shown_script(&script), *expected, "{text:?}");
    }
}

#[test]
fn words() {
    check(
        Mode::Tcl90,
        &[
            ("", ""),
            (" \n;; # comment ; x\n a b;c\n", "a | b ; c"),
            ("a {b c} \"d e\"", "a | b c | d e"),
            ("a {b {c} \\} d}", "a | b {c} \\} d"),
            ("a {b\\\n  c} \"b\\\n  c\" b\\\n  c", "a | b c | b c | b | c"),
            ("a {b\\\\\n  c}", "a | b\\\\\n  c"),
            ("a \\x41\\{b\\ c", "a | A{b c"),
            ("a$b(c$d)[e f; g]h", "<a>$b(<c>$d)[e | f ; g]<h>"),
            ("$ $: $:: ${} ${a b} $(c) $a() $a::b:c", "$ | $: | $:: | $ | $a b | $(<c>) | $a() | $a::b<:c>"),
        ],
    );
    check(
        Mode::Tcl90,
        &[
            ("a {*}$b {*} {*}{c d} {*}\"e\"", "a | *$b | * | *c d | *e"),
            ("# a \\\n b\nc", "c"),
            ("a # b", "a | # | b"),
            ("]a b]", "]a | b]"),
            ("[a;\n# b ]\n]", "[a]"),
            ("a\"b c{d", "a\"b | c{d"),
            ("é ü", "é | ü"),
            ("${a{b}c}", "$a{b}c"),
            ("${a\\}b}", "$a\\}b"),
        ],
    );
    check(Mode::Tcl86, &[("${a{b}c}", "$a{b<c}>"), ("$a(b(c\"d)", "$a(<b(c\"d>)")]);
}

#[test]
fn spans_and_origins() {
    let source = b" foo  {a b} \"c\" d\\ e  ; # x";
    let script = parse_script(source, Span::whole(source), Mode::Tcl90, 0);
    let command = &script.commands[0];
    assert_eq!(command.span.of(source), b"foo  {a b} \"c\" d\\ e  ");
    let expected: [(&[u8], Option<&[u8]>); 4] =
        [(b"foo", Some(b"foo")), (b"{a b}", Some(b"a b")), (b"\"c\"", Some(b"c")), (b"d\\ e", None)];
    for (word, (text, inside)) in command.words.iter().zip(expected) {
        assert_eq!(word.span.of(source), text);
        let WordBody::Literal { origin, .. } = &word.body else { panic!("{text:?} is a literal") };
        assert_eq!(origin.map(|origin| origin.of(source)), inside);
    }
}

#[test]
fn errors() {
    for (text, before, message, shown) in [
        ("set a {b", 0, "missing close-brace", "set a {"),
        ("set a \"b", 0, "missing \"", "set a \""),
        ("set a [b", 0, "missing close-bracket", "set a ["),
        ("set a {b}c  ; foo", 0, "extra characters after close-brace", "set a {b}c"),
        ("set a \"b\"c", 0, "extra characters after close-quote", "set a \"b\"c"),
        ("set a $b(c", 0, "missing )", "set a $b("),
        ("set a ${b", 0, "missing close-brace for variable name", "set a ${"),
        ("set q 1; set a $b(c(d)) ; set z", 1, "invalid character in array index", "set a $b("),
        ("a\nset a [set b {c}d]", 1, "extra characters after close-brace", "set a [set b {c}d"),
        ("set a [set b {c]", 0, "missing close-brace", "set a [set b {"),
        ("list {a}éb", 0, "extra characters after close-brace", "list {a}"),
        ("list a {b}\\n", 0, "extra characters after close-brace", "list a {b}\\"),
        ("list {a\n # {\n}", 0, "missing close-brace: possible unbalanced brace in comment", "list {"),
        ("list [list a]b[list c", 0, "missing close-bracket", "list [list a]b["),
    ] {
        let script = parse(text, Mode::Tcl90);
        let SyntaxError { message: found, start, end, .. } = script.error.expect(text);
        assert_eq!(lossy(&found), message, "{text:?}");
        assert_eq!(&text[start as usize..end as usize], shown, "{text:?}");
        assert_eq!(script.commands.len(), before, "{text:?}");
    }
}

#[test]
fn completeness() {
    let complete = [
        "",
        " ",
        "a b",
        "a {}",
        "a {b}c",
        "a \"b\"c",
        "a {b}c{",
        "a \\",
        "# foo",
        "a {b}c; d {",
        "a [b {c}d",
        "a \\\n\n",
        "a [\\\n]",
        "a [b \\\n]",
        "a b;",
        "a {*}",
        "a $b(c\"d",
        "a {*}{}c",
        "#b\\\nc\nx",
        "#b\\\n\nx\ny",
        "\\\n ",
    ];
    let incomplete = [
        "a {",
        "a [b",
        "a \"b",
        "a \\\n",
        "# foo \\\n",
        "a $b(",
        "a ${b",
        "a [b ]\nfoo {",
        "\\\n",
        "a\n\\\n",
        "a {\\\n",
        "a \"\\\n",
        "a {b}\\\n",
        "a {*}{",
        "#b\\\n\nx",
    ];
    for text in complete {
        assert!(is_complete(text.as_bytes(), Mode::Tcl90), "{text:?}");
    }
    for text in incomplete {
        assert!(!is_complete(text.as_bytes(), Mode::Tcl90), "{text:?}");
    }
}

#[test]
fn subst_keeps_what_precedes_an_error() {
    for (text, parts, message) in [
        ("a]b\"c}d{e$", "<a]b\"c}d{e$>", ""),
        ("$b [L 1] [L 2; L 3", "$b< >[L | 1]< >[L | 2]", "missing close-bracket"),
        ("[L 1; L [L 2; L 3 ]{} }", "[L | 1]", "missing close-bracket"),
        ("[L 1; L {a}b]", "[L | 1]", "extra characters after close-brace"),
        ("a[L 2; break;", "<a>[L | 2 ; break]", "missing close-bracket"),
        ("a$b(x\"y)", "<a>", "invalid character in array index"),
        ("a$a([L 1; L {]", "<a>", "missing close-brace"),
        ("a\\x41\\\n b$c", "<aA b>$c", ""),
    ] {
        let subst = parse_subst(text.as_bytes(), SubstFlags::ALL, Mode::Tcl90, 0);
        assert_eq!(shown_parts(&subst.parts), parts, "{text:?}");
        assert_eq!(subst.error.map_or_else(String::new, |error| lossy(&error.message)), message, "{text:?}");
    }
    let none = SubstFlags { backslashes: false, commands: false, variables: false };
    let subst = parse_subst(b"\\a[b$c", none, Mode::Tcl90, 0);
    assert_eq!(shown_parts(&subst.parts), "<\\a[b$c>");
}

#[test]
fn nesting_is_limited() {
    let limit = NESTING_MAX as usize;
    for (open, close) in [("[a ", "]"), ("$a(", ")"), ("$a([b \"", "\"])")] {
        let levels = open.matches(['[', '(']).count();
        let nested = |depth: usize| format!("x {}{}", open.repeat(depth), close.repeat(depth));
        assert_eq!(parse(&nested(limit / levels), Mode::Tcl90).error, None, "{open}");
        let error = parse(&nested(100_000), Mode::Tcl90).error.expect("nested too deeply");
        assert_eq!(lossy(&error.message), "too many nested compilations (infinite loop?)");
        assert_eq!(error.error_code, Some(&["TCL", "LIMIT", "STACK"][..]));
    }
}
