//! The verifier rejects what breaks a rule, and says which.

use tclring_compiler::bytecode::asm::assemble;
use tclring_compiler::bytecode::{Rule, verify};

/// `head` holds table lines, `ops` operations without addresses.
fn check(head: &str, ops: &[&str], expected: Option<Rule>) {
    let numbered: String = ops.iter().enumerate().map(|(at, op)| format!("{at} {op}\n")).collect();
    let listing = format!(".context script\n.mode 9.0\n.source \"a b\"\n{head}\n{numbered}");
    let code = assemble(&listing).expect("the listing is of the right form");
    let broken = verify(code).err().map(|error| error.rule);
    assert_eq!(broken, expected, "{listing}");
}

#[test]
fn sane_code_is_accepted() {
    check(".registers 1", &["int r0 1", "return r0"], None);
    check(".registers 1", &["throw c0 c0 t65535", "int r0 1", "return r0"], Some(Rule::V3));
    check(".registers 2\n.local \"a\"", &["addimm r1 r0 1", "jumpltimm r0 5 -2", "return r1"], None);
    check(".registers 4\n.call 2 \"a\"", &["int r1 1", "int r2 2", "call r0 r1 s0", "return r0"], None);
    let handler = ".registers 4\n.call 1 \"a\"\n.handler 1 2 catch 3 r1 0";
    check(handler, &["int r0 1", "call r3 r0 s0", "int r2 1", "return r2"], None);
}

#[test]
fn each_rule_is_enforced() {
    let one = ".registers 1";
    check(one, &["int r1 1", "return r0"], Some(Rule::V1));
    check(".registers 40000", &["int r1 1", "return r0"], Some(Rule::V1));
    check(one, &["loadvar r0 v0 -", "return r0"], Some(Rule::V2));
    check(one, &["loadvar r0 r0 -", "return r0"], Some(Rule::V2));
    check(one, &["const r0 c0", "return r0"], Some(Rule::V3));
    check(one, &["call r0 r0 s0", "return r0"], Some(Rule::V4));
    check(".registers 1\n.foreach 0", &["int r0 1", "return r0"], Some(Rule::V4));
    check(one, &["jump @2", "return r0"], Some(Rule::V5));
    check(one, &["int r0 1", "jumpltimm r0 1 +5", "return r0"], Some(Rule::V5));
    check(one, &["int r0 1", "jumpltimm r0 1 -3", "return r0"], Some(Rule::V5));
    check(one, &["int r0 1"], Some(Rule::V6));
    check("", &[], Some(Rule::V6));
    check(".registers 2", &["int r0 1", "int r1 1", "list r0 r1 2", "return r0"], Some(Rule::V7));
    check(".registers 2\n.local \"a\"", &["int r1 1", "list r1 r0 2", "return r1"], Some(Rule::V7));
    check(".registers 2\n.local \"a\"", &["int r1 1", "listpush r0 r1", "return r1"], Some(Rule::V8));
    check(one, &["int r0 1", "unset 2 r0 -", "return r0"], Some(Rule::V2));
    check(".registers 1\n.local \"a\"", &["unset 2 r0 -", "return r0"], Some(Rule::V12));
    check(one, &["int r0 1", "modimm r0 r0 0", "return r0"], Some(Rule::V12));
    check(one, &["raise 1"], Some(Rule::V12));
    check(".registers 1\n.command 0 3 source 0 3 line 1", &["int r0 1", "return r0"], Some(Rule::V11));
    check(".registers 1\n.command 0 2 source 0 4 line 1", &["int r0 1", "return r0"], Some(Rule::V11));
}

#[test]
fn temporaries_are_written_before_they_are_read() {
    let two = ".registers 2";
    check(two, &["return r0"], Some(Rule::V9));
    check(two, &["int r0 1", "move r1 r0", "return r0"], Some(Rule::V9));
    // One of two paths writes.
    check(two, &["int r0 1", "jumptrue r0 @3", "int r1 1", "return r1"], Some(Rule::V9));
    check(two, &["int r0 1", "jumptrue r0 @4", "int r1 1", "jump @5", "int r1 2", "return r1"], None);
    // A loop takes what it reads.
    check(two, &["int r0 1", "int r1 1", "move r0 r1", "jumptrue r0 @2", "return r0"], Some(Rule::V9));
    // What a caught operation would have written.
    let caught = ".registers 5\n.call 1 \"a\"\n.handler 1 2 catch 2 r2 0";
    check(caught, &["int r0 1", "call r1 r0 s0", "return r1"], Some(Rule::V9));
    check(caught, &["int r0 1", "call r1 r0 s0", "return r0"], Some(Rule::V9));
    // The key of a dict that has no more entries.
    let dict = ".registers 4\n.const text \"\"";
    check(dict, &["const r0 c0", "dictstart r1 r0", "dictnext r1 +0", "return r2"], Some(Rule::V9));
    check(dict, &["const r0 c0", "dictstart r1 r0", "dictnext r1 +1", "return r2", "return r0"], None);
}

#[test]
fn handlers_are_nested() {
    let ops = ["int r3 1", "nop", "nop", "nop", "return r3"];
    let head = |handlers: &str| format!(".registers 4\n{handlers}");
    check(&head(".handler 2 3 loop 4 4\n.handler 1 4 loop 4 4"), &ops, None);
    check(&head(".handler 1 2 loop 4 4\n.handler 2 4 loop 4 4"), &ops, None);
    check(&head(".handler 0 1 loop 4 4"), &ops, Some(Rule::V9));
    check(&head(".handler 1 4 loop 4 4\n.handler 2 3 loop 4 4"), &ops, Some(Rule::V10));
    check(&head(".handler 1 3 loop 4 4\n.handler 2 4 loop 4 4"), &ops, Some(Rule::V10));
    check(&head(".handler 1 9 loop 4 4"), &ops, Some(Rule::V10));
    check(&head(".handler 1 2 loop 9 4"), &ops, Some(Rule::V10));
    check(&head(".handler 1 2 catch 4 r2 0"), &ops, Some(Rule::V10));
}

#[test]
fn odd_listings_are_refused() {
    for listing in [
        "1 nop",
        "0 nosuch",
        "0 int r0",
        "0 int r0 1 2",
        ".const text \"a",
        ".context x",
        "0 int c0 1",
        ".foreach x",
        ".assumed \"nosuch\"",
        "0 int r70000 1",
        ".handler 0 1 x",
    ] {
        assert!(assemble(listing).is_err(), "{listing}");
    }
}
