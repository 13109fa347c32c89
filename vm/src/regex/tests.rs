//! The engine against the reference's answers.

use super::{Flags, Regex};

fn check_error(pattern: &str, word: &str, reason: &str) {
    let error = Regex::compile(pattern.as_bytes(), Flags::default()).expect_err(pattern);
    assert_eq!((error.word(), error.reason()), (word, reason), "{pattern}");
}

#[test]
fn malformed_patterns() {
    let cases = [
        ("***?", "REG_BADPAT", "invalid regexp (reg version 0.8)"),
        ("[[.foo.]]", "REG_ECOLLATE", "invalid collating element"),
        ("[[:foo:]]", "REG_ECTYPE", "invalid character class"),
        ("a\\", "REG_EESCAPE", "invalid escape \\ sequence"),
        ("[a\\D]", "REG_EESCAPE", "invalid escape \\ sequence"),
        ("(a)\\2", "REG_ESUBREG", "invalid backreference number"),
        ("a[b", "REG_EBRACK", "brackets [] not balanced"),
        ("a(b", "REG_EPAREN", "parentheses () not balanced"),
        ("a)b", "REG_EPAREN", "parentheses () not balanced"),
        ("a{1", "REG_EBRACE", "braces {} not balanced"),
        ("a{2,1}", "REG_BADBR", "invalid repetition count(s)"),
        ("a{256}", "REG_BADBR", "invalid repetition count(s)"),
        ("[b-a]", "REG_ERANGE", "invalid character range"),
        ("(?:(?:x{255}){255}){255}", "REG_ESPACE", "out of memory"),
        ("*", "REG_BADRPT", "invalid quantifier operand"),
        ("a**", "REG_BADRPT", "invalid quantifier operand"),
        ("(?z)a", "REG_BADOPT", "invalid embedded option"),
    ];
    for (pattern, word, reason) in cases {
        check_error(pattern, word, reason);
    }
    check_error(&"(".repeat(100_000), "REG_ETOOBIG", "regular expression is too complex");
}
