//! Tests of `string`, `format` and `scan` as scripts see them.

use crate::interp::{Machine, RunEnd};
use crate::value::Value;

/// The result of a script, or the error's message after `error: `.
pub(crate) fn run(script: &str) -> String {
    let mut machine = Machine::new();
    match machine.run_script(Value::from(script), true) {
        RunEnd::Done(Ok(value)) => value.to_display(),
        RunEnd::Done(Err(exception)) => format!("error: {}", exception.result.to_display()),
        _ => "ended oddly".to_owned(),
    }
}

/// Checks pairs of a script and its result.
pub(crate) fn check(cases: &[(&str, &str)]) {
    for (script, expected) in cases {
        assert_eq!(run(script), *expected, "{script}");
    }
}

#[test]
fn places_and_ranges() {
    check(&[
        ("string first a abca end", "3"),
        ("string last aa aaa 1", "0"),
        ("string replace abc 3 3 X", "abc"),
        ("string replace {} -1 0 X", "X"),
        ("string insert abc end X", "abcX"),
        ("string toupper abcd 1 end-1", "aBCd"),
        ("string wordstart {ab cd} 99", "3"),
        ("string reverse a\u{e9}b", "b\u{e9}a"),
    ]);
}

#[test]
fn classes() {
    check(&[
        ("list [string is integer -failindex i 12_3_] $i", "0 3"),
        ("list [string is double -failindex i 1.5e+] $i", "0 3"),
        ("list [string is list -failindex i \"a b \\{c\"] $i", "0 4"),
        ("list [string is dict -failindex i a] $i", "0 -1"),
        (
            "string is a x",
            "error: ambiguous class \"a\": must be alnum, alpha, ascii, control, boolean, dict, digit, \
            double, entier, false, graph, integer, list, lower, print, punct, space, true, upper, wideinteger, \
            wordchar, or xdigit",
        ),
    ]);
}

#[test]
fn roots_of_negative_numbers() {
    const DOMAIN: &str = "error: domain error: argument not in valid range";
    check(&[
        ("expr {sqrt(-1)}", DOMAIN),
        ("expr {isnan(sqrt(-1))}", "1"),
        ("tcl::mathfunc::sqrt -1", "-NaN"),
        ("set c 1; catch {set c [expr {sqrt(-1)}]}; set c", "1"),
        ("proc p {} {set c 1; catch {set c [expr {sqrt(-1)}]}; set c}; p", "1"),
    ]);
}

#[test]
fn options_stand_where_they_are_given() {
    check(&[
        ("set r return; catch {$r -level 0 -options {-options {-code break} -code continue}}", "4"),
        ("set r return; catch {$r -level 0 -options {-code continue -options {-code break}}}", "3"),
        ("return -options {-options a}", "error: bad -options value: expected dictionary but got \"a\""),
        (
            "catch {expr {\"abcdefghijklmnopqrstuvwxyz\"@0}} m o; lindex [split [dict get $o -errorinfo] \\n] 2",
            "    (parsing expression \"\"abcdefghijklmnopqrstu...\")",
        ),
    ]);
}

#[test]
fn elements_of_what_is_no_array() {
    check(&[
        ("set a 1; incr a(x)", "error: can't read \"a(x)\": variable isn't array"),
        ("proc p {} {set a 1; incr a(x)}; p", "error: can't read \"a(x)\": variable isn't array"),
        ("set a 1; append a(x) y", "error: can't set \"a(x)\": variable isn't array"),
        ("array set a {}; incr a(x)", "1"),
    ]);
}

#[test]
fn clauses_that_are_not_taken() {
    check(&[
        ("set i if; $i 1 a b c", "error: wrong # args: extra words after \"else\" clause in \"if\" command"),
        ("set i if; $i 1 {set x 1} elseif", "error: wrong # args: no expression after \"elseif\" argument"),
        (
            "set i if; $i 1 {set x 1} elseif 0 then",
            "error: wrong # args: no script following \"then\" argument",
        ),
        ("set i if; $i 1 {set x 1} else", "error: wrong # args: no script following \"else\" argument"),
        ("set i if; $i 1 {set x 1} elseif 0 b else c", "1"),
    ]);
}

#[test]
fn sizes_are_limited() {
    check(&[
        ("string repeat x 3000000000000", "error: string size overflow: unable to alloc 3000000000000 bytes"),
        ("string length [string repeat abc 1000]", "3000"),
    ]);
}

#[test]
fn format_and_scan() {
    check(&[
        ("format {%5.2f|%-4s|%04x} 1.005 ab 255", " 1.00|ab  |00ff"),
        ("format {%*7d|%7*d|%**d} 5 8 5 8 5 9 8", "    8|      8|    8"),
        ("format {%*7.3d} 5 8", "error: bad field specifier \".\""),
        ("format %d a", "error: expected integer but got \"a\""),
        ("list [scan {12 x} {%d %s} a b] $a $b", "2 12 x"),
        ("scan {} %d x", "-1"),
        ("set s 5; list [catch {scan {1 2} {%d %d} s(x) y}] $y", "1 2"),
    ]);
}

#[test]
fn representations() {
    let kind = |script: &str| format!("lindex [tcl::unsupported::representation {script}] 3");
    for script in
        ["[lrange [lseq 10] 3 4]", "[lreverse [lseq 10]]", "[concat [lseq 4]]", "[lassign [lseq 9] a b]"]
    {
        check(&[(&kind(script), "arithseries")]);
    }
    check(&[
        (
            "set a [list x y]; list [expr {$a eq {}}] [expr {$a > {}}] \
            [string match {*no string rep*} [tcl::unsupported::representation $a]]",
            "0 1 1",
        ),
        (
            "proc p {} {set r [lseq 9]; set q [lassign $r a b]; lindex [tcl::unsupported::representation $q] 3}; p",
            "arithseries",
        ),
    ]);
}
