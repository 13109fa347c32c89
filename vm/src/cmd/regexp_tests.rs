//! Tests of `regexp`, `regsub`, `switch`, `try` and `subst` as scripts see them.

use super::string_tests::check;

#[test]
fn matches_and_places() {
    check(&[
        ("regexp -all -inline {x*} axb", "{} x {}"),
        ("regexp -all -inline -indices {a(b)?} abaa", "{0 1} {1 1} {2 2} {-1 -1} {3 3} {-1 -1}"),
        ("regexp -start end -inline . abc", ""),
        ("regexp -start 99 -indices {} abc x; set x", "99 98"),
        ("regexp -all -inline -indices \u{e9} \u{e9}a\u{e9}", "{0 0} {2 2}"),
        ("regexp -about {(a)\\1}", "1 {REG_UBACKREF REG_UNONPOSIX}"),
        (
            "regexp -l a a",
            "error: bad option \"-l\": must be -all, -about, -indices, -inline, -expanded, -line, \
            -linestop, -lineanchor, -nocase, -start, or --",
        ),
    ]);
}

#[test]
fn substitutions() {
    check(&[
        ("regsub -all {} abc -", "-a-b-c"),
        ("regsub -all x* abc -", "-a-b-c-"),
        ("regsub -all {x*} axb -", "-a--b-"),
        ("regsub -start 99 {} abc x", "abc"),
        ("regsub (n)(a) banana {\\2\\1\\3\\\\&\\&}", "baan\\na&na"),
        ("regsub -all -command (n)(a) banana list", "bana n ana n a"),
        ("regsub -command a banana {}", "error: command prefix must be a list of at least one element"),
        ("list [regsub x abc y v] $v", "0 abc"),
    ]);
}

#[test]
fn a_substitution_has_no_depth() {
    check(&[
        ("set b(1) x; set a 1; string length [subst [string repeat {$b($a)} 100000]]", "100000"),
        ("set b(1) x; subst {a $b([continue])c}", "a c"),
        ("set b(1) x; subst {a $b([return q])c}", "a qc"),
        ("subst {a [break] b}", "a "),
    ]);
}

#[test]
fn handlers_fall_through_to_variables_and_script() {
    check(&[
        ("try {set a 5} on ok v - on break w {list $w [info exists v]}", "5 0"),
        ("catch {try {set a 5} finally {error x}} m o; dict get $o -during", "-code 0 -level 0"),
        (
            "switch a {}",
            "error: wrong # args: should be \"switch ?-option ...? string \
            {?pattern body ...? ?default body?}\"",
        ),
    ]);
}

#[test]
fn traces_run_between_the_variables_of_a_match() {
    check(&[
        (
            "trace add variable a write {set line {}; append log a;#}; set line {k v}; \
            list [regexp {(\\w+) (\\w+)} $line -> a b] $a $b $line $log",
            "1 k v {} a",
        ),
        (
            "regexp {(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)} abcdefghijk x 1 2 3 4 5 6 7 8 9 10 11 12; \
            list $x $1 $10 $11 $12",
            "abcdefghijk a j k {}",
        ),
    ]);
}
