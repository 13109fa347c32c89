//! Tests that what would need too much memory, time or stack ends in a result or an exception.

use std::sync::atomic::{AtomicI64, Ordering};

use super::string_tests::check;
use crate::interp::{Machine, RunEnd};
use crate::value::Value;

const TOO_LONG: &str = "error: max size for a Tcl value exceeded";
const TEN_BILLION: &str = "error: list creation failed: unable to alloc 80000000040 bytes";

#[test]
fn counts_are_limited() {
    check(&[
        ("string repeat x 10000000000", "error: string size overflow: unable to alloc 10000000000 bytes"),
        ("string repeat x 99999999999999999999", "error: integer value too large to represent"),
        ("lrepeat 1000000000 x", "error: list creation failed: unable to alloc 8000000040 bytes"),
        ("lrepeat 100000 {*}[lrepeat 100000 x]", TEN_BILLION),
        ("format %1000000000d 1", TOO_LONG),
        ("format %.1000000000f 1", TOO_LONG),
        ("binary format x10000000000", TOO_LONG),
        ("binary format a10000000000 x", TOO_LONG),
        ("expr {2**10000000000}", "error: exponent too large"),
        ("expr {1 << 10000000000}", "error: integer value too large to represent"),
    ]);
}

#[test]
fn products_are_limited() {
    const SETUP: &str = "set a [string repeat x 100000]; ";
    for script in [
        "string map [list x $a] $a",
        "regsub -all x $a $a",
        "regsub -all (x) $a \\\\1$a",
        "regsub -all -command x $a {apply {x {global a; set a}}}",
        "join [lrepeat 100000 x] $a",
        "string length [lrepeat 1000 $a]",
        "string length [dict create k [lrepeat 1000 $a]]",
        "concat {*}[lrepeat 1000 \"$a \"]",
        "subst [string repeat {$a} 1000]",
        "append v {*}[lrepeat 1000 $a]",
        "while 1 {append a $a}",
        "while 1 {set a $a$a}",
        "proc p a {while 1 {append a $a}}; p $a",
        "proc p a {while 1 {set a $a$a}}; p $a",
        "set b [binary format c 200]; while 1 {append b $b}",
        "while 1 {set a [string cat $a $a {}]; string length [list $a $a]}",
    ] {
        check(&[(&[SETUP, script].concat(), TOO_LONG)]);
    }
    // The value is as it was, and goes on being used.
    check(&[("set a abcdefgh; catch {while 1 {append a $a}}; string length $a", "16777216")]);
}

#[test]
fn series_are_not_made() {
    check(&[
        ("llength [lseq 10000000000]", "10000000000"),
        ("llength [lseq 0 1e12 0.5]", "2000000000001"),
        ("lindex [lseq 10000000000] end", "9999999999"),
        ("lindex [lseq 0 count 10000000000000 by 0.1] 12345678901", "1234567890.1"),
        ("lrange [lreverse [lseq 10000000000]] 1 2", "9999999998 9999999997"),
        (
            "lrange [lseq 1e100 count 5 by 1e90] 1 3",
            "1.0000000001e+100 1.0000000002000001e+100 1.0000000003000002e+100",
        ),
        ("lmap i [lseq 10000000000] {if {$i > 3} break; set i}", "0 1 2 3"),
        ("set c lmap; $c {i j} [lseq 10000000000] {if {$i > 3} break; list $j}", "1 3"),
        ("llength [lassign [lseq 10000000000] a b]; set b", "1"),
        ("set s 0; foreach i [lseq 10000000000] {incr s $i; if {$i > 99} break}; set s", "5050"),
        ("lseq 0 1e300", ""),
        ("lseq 1 5 Inf", "error: domain error: argument not in valid range"),
        ("lsort [lseq 10000000000]", TEN_BILLION),
        ("linsert [lseq 10000000000] 0 a", TEN_BILLION),
        ("list {*}[lseq 10000000000]", TEN_BILLION),
        ("set x [lseq 10000000000]; lappend x a", TEN_BILLION),
        ("dict get [lseq 10000000000] 4", TEN_BILLION),
        ("string length [lseq 10000000000]", TOO_LONG),
        ("concat [lseq 10000000000] a", TOO_LONG),
        ("expr {[lseq 10000000000] + 1}", TOO_LONG),
        (
            "set x [lseq 10000000000]; catch {expr {$x + 1}} m; list $m [string length abc]",
            "{max size for a Tcl value exceeded} 3",
        ),
    ]);
}

#[test]
fn texts_that_are_too_long_are_refused_where_they_are_asked_for() {
    for command in [
        "string cat a$s",
        "set x a$s",
        "string index $s 3",
        "string range $s 3 5",
        "string match a* $s",
        "string equal $s a",
        "expr {$s eq {a}}",
        "expr {$s < 3}",
        "incr s",
        "switch -- a$s {a b}",
        "regexp a $s",
        "lindex {a b} $s",
        "dict get {a 1} $s",
        "set y($s) 1",
        "global $s",
        "variable $s",
        "format %s $s",
        "string map {a b} $s",
        "expr {max($s, 1)}",
        "expr {!$s}",
        "apply [list x $s] 1",
    ] {
        let script = format!(
            "proc t {{}} {{set s [lseq 0 count 3000000000]; array set y {{a 1}}; catch {{{command}}} m; \
                string length abc}}; t"
        );
        check(&[(&script, "3")]);
    }
    check(&[("expr {{a} in [lseq 10000000000]}", TEN_BILLION)]);
}

#[test]
fn depth_is_not_the_native_stack() {
    const NESTED: &str = "set l a; for {set i 0} {$i < 100000} {incr i} {set l [list $l]}; \
        set k a; for {set i 0} {$i < 100000} {incr i} {set k [list $k b]}; set path [lrepeat 100000 0]; ";
    let nested = |script: &str, expected: &str| check(&[(&[NESTED, script].concat(), expected)]);
    nested("lindex $l $path", "a");
    nested("lindex $k {*}$path", "a");
    nested("string length $k", "399999");
    nested("expr {$l eq $k}", "0");
    nested("llength [lsort [list $k $l $k]]", "3");
    nested("lset k {*}$path c; lindex $k $path", "c");
    nested("lpop k {*}$path; lindex $k $path", "b");
    nested("lsort -index $path [list $k $k]; lsearch -index $path [list $k] a", "0");
    nested("set k [lreplace $k 0 0]; set l {}", "");
    check(&[
        ("lindex a [lrepeat 1000000 0]", "a"),
        (
            "set d x; for {set i 0} {$i < 100000} {incr i} {set d [dict create a $d]}; string length $d",
            "399999",
        ),
        ("dict set d {*}[lrepeat 100000 a] x; dict get $d {*}[lrepeat 100000 a]", "x"),
        ("llength [string repeat \\{ 100000][string repeat \\} 100000]", "1"),
        ("string is list [string repeat \\{ 100000]", "0"),
        ("expr [string repeat ( 10000]1[string repeat ) 10000]", "1"),
        ("expr [string repeat - 10000]1", "1"),
        ("expr [string repeat 1?1: 10000]1", "1"),
    ]);
}

#[test]
fn patterns_take_no_longer_than_texts() {
    check(&[
        ("string match *a*a*a*a*b [string repeat a 100000]", "0"),
        ("string match [string repeat *a 1000]b [string repeat a 100000]", "0"),
        ("regexp (a*)*b [string repeat a 10000]", "0"),
        ("regexp {(a|aa)+$} [string repeat a 10000]b", "0"),
        ("regexp {(x+x+)+y} [string repeat x 10000]", "0"),
        ("regexp {^(a?){30}a{30}$} [string repeat a 30] -> b; set b", ""),
        ("regexp {(.*)(.*)(.*)(.*)(.*)[^x]} [string repeat x 1000] -> a b c d e", "0"),
        ("regexp {(a{255}){255}} a", "error: cannot compile regular expression pattern: out of memory"),
        (
            "regexp [string repeat ( 100000] a",
            "error: cannot compile regular expression pattern: regular expression is too complex",
        ),
    ]);
}

/// A clock of which each look takes a hundredth of a second.
fn clock_us() -> i64 {
    static NOW: AtomicI64 = AtomicI64::new(0);
    NOW.fetch_add(10_000, Ordering::Relaxed)
}

#[test]
fn the_limit_of_time_ends_a_match() {
    const HARD: &str = "{^(a*)(a*)(a*)(a*)b\\1c\\2c\\3\\4$}";
    const LONG: &str = "[string repeat a 3000]b[string repeat a 2000]cac";
    for script in [
        format!("regexp {HARD} {LONG}"),
        format!("regsub -all {HARD} {LONG} x"),
        format!("switch -regexp {LONG} {HARD} {{}}"),
        format!("lsearch -regexp [list {LONG}] {HARD}; set x 1"),
        format!("set a({LONG}) 1; array names a -regexp {HARD}; set x 1"),
        "regexp -all -inline {.} [string repeat a 2000000]".to_owned(),
        "regsub -all {.} [string repeat a 2000000] &&".to_owned(),
        "lsort -command {string compare} [lreverse [lseq 10000]]".to_owned(),
    ] {
        let mut machine = Machine::new();
        machine.wall_clock = Some(clock_us);
        let end = clock_us() / 1_000_000 + 2;
        let script = format!("interp create i; interp limit i time -seconds {end}; i eval {{{script}}}");
        let RunEnd::Done(outcome) = machine.run_script(Value::from(script.as_str()), true) else {
            panic!("the script ends");
        };
        let shown = outcome.unwrap_or_else(|exception| exception.result).to_display();
        assert_eq!(shown, "time limit exceeded", "{script}");
    }
}
