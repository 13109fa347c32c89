//! What lowering makes keeps every rule of the verifier.

use tclring_compiler::Mode;
use tclring_compiler::bytecode::asm::assemble;
use tclring_compiler::bytecode::disasm::disassemble;
use tclring_compiler::bytecode::{Code, Context, verify};
use tclring_compiler::lower::{AllStandard, Options, compile_body, compile_expr, compile_script};

fn each_option(compile: impl Fn(Options) -> Code) {
    for (lowering, peephole) in [(true, true), (true, false), (false, true), (false, false)] {
        let code = compile(Options { lowering, peephole, ..Options::default() });
        if code.source.len() < 1000 {
            assert_eq!(assemble(&disassemble(&code)).as_ref(), Ok(&code), "the listing reads back");
        }
        if let Err(error) = verify(code.clone()) {
            panic!("{error}\n{:#?}\n{}", code.ops, String::from_utf8_lossy(&code.source));
        }
    }
}

fn check(source: &str) {
    each_option(|options| {
        compile_body(source.as_bytes(), &[b"p".to_vec()], Mode::Tcl90, &AllStandard, options)
    });
    each_option(|options| {
        compile_script(source.as_bytes(), Mode::Tcl90, Context::Script, &AllStandard, options)
    });
}

fn check_expr(source: &str) {
    each_option(|options| compile_expr(source.as_bytes(), Mode::Tcl90, &AllStandard, options));
}

#[test]
fn scripts_of_all_shapes() {
    for source in [
        "",
        "set x 5",
        "set x $y; set a($x) [set b]; set $x 1; set ${x}(2)",
        "incr i; incr a(1) $x; set y [incr i 100000]; incr i -5",
        "set x [expr {$a + $b * 2}]; set y [expr {$a && [foo] || !$c ? $x : \"a$y\"}]",
        "while {$i < 10} {incr i; if {$i == 5} break; if {$i eq {x}} continue; puts $i}",
        "for {set i 0} {$i < [llength $l]} {incr i} {foo $i}",
        "for {set i 0} {1} {foo; continue} {bar; break}",
        "foreach {a b} $l c {1 2 3} {puts $a$b$c; break}",
        "set r [lmap x {1 2 3} {if {$x == 2} continue; expr {$x * 2}}]",
        "lmap x {1 2 3} {foo $x; break}",
        "if 0 {a} elseif {$x} {b} else {c}",
        "if {$x} then {return $x}; return; foo",
        "foo {*}$args a {*}{b c}; {*}$x",
        "set x [foo \"a b\"",
        "puts a; puts \"x\"y",
        "expr 1 + $x; expr {[foo]} ; expr {max(1,$x) + sin($x) + nosuch()}",
        "set x [break]; foo [continue] [return 5]",
        "set l [if {$x} {foo} else {bar}]; set l [while 1 {break}]; set l []",
        "while {[break]} {}; while 1 {foo; continue}; while 0 {}",
        "append x a $b [c]; set y [append a($i) b]; lappend l {*}$x y; lappend l; lappend l $a; set z [lappend l 1 2]",
        "set z [lassign $l a b(1) ::c d($e)]; lassign $l; lassign {a {b} a; lset l 1 $i [foo]; set q [lset l 1 2]; lset l 1",
        "list; set x [list]; set x [list a {*}$b]; set x [list a $b]; list a; llength $x; set n [llength [foo]]",
        "lindex $l; lindex $l 0; lindex $l end; lindex $l $i [foo]; set x [lindex $l [foo]]; lrange $l [foo] end",
        "global a b; global ::x; variable v 5 w; variable; upvar 1 a b c d; upvar a b; upvar $x a b; upvar #0 $n m",
        "unset a b(1); unset -nocomplain -- $x; unset; unset -foo; info exists a; info exists a($i); info level",
        "set x [catch {foo} r o]; catch {}; catch {return 5}; catch {break} ; catch $x r; catch {foo} r(1); while 1 {catch break}",
        "switch $x {a {b} c - d {e} default {f}}; switch $x {}; switch -glob -- $x {a* - b {c}}; switch -regexp $x {a b}; switch a b c",
        "set r [switch $x {a {b} default {c}}]; switch $x {a}; switch $x {a -}; while 1 {switch $x {a break b continue}}",
        "dict get $d a b; dict get $d; dict exists $d [foo] b; dict set d a b c; set e [dict set d a 1]; dict set d(1) a b",
        "dict unset d a; dict incr d a; dict incr d a $x; dict incr d a foo; dict append d a b c; dict lappend d a b",
        "dict for {k v} $d {foo; break}; dict for {k v} [foo] {continue}; dict for k $d {}; dict map {k v} $d {foo}; dict nosuch",
        "string length a; string index $s [foo]; string range $s $a $b; string equal $a $b; string match -nocase $a $b; string cat a $b",
        "string trim $x; string is integer $x; string nosuch; string; array get a; array set b {1 2}; array names a {*}$x",
        "set r [try {foo; return 5} on error {m o} {bar} trap {A B} {} {break} finally {baz}]; try {a} finally {}; try {a}",
        "try {a} on ok {} {b}; try {} on 7 {a b} {c}; try {a} on error {} - on ok {} {b}; try {a} on $x {} {}; try {a} trap {} m {}",
        "while 1 {try {break} finally {continue}; try {foo} on break {} {break}}",
        "for {set i 0} {$i < 3} {if {$x} break; if {$y} continue; foo} {bar}",
        "foreach a $x {for {set i 0} {$i < 3} {continue} {bar}}; foreach {} $x {}; foreach a(1) $x {}; foreach $a $x {}",
    ] {
        check(source);
    }
}

#[test]
fn expressions_of_all_shapes() {
    for source in [
        "1",
        "0x10",
        "1.5",
        "$x",
        "$a(1) + $b([foo $x])",
        "-5",
        "- $x",
        "!$x && !($a < $b)",
        "$a ? $b : $c ? 1 : 2",
        "\"a$b\" eq {c}",
        "true",
        "abc",
        "1 +",
        "2 * 3 + 4",
        "$x < 10 || $x > 20.5 || $x in {1 2}",
        "NaN",
        "max()",
        "($a && $b) + ($c || $d)",
        "~$x ** 2 << 3 % 4",
        "($x ? 1 : 0) ? [foo] : \"x\"",
    ] {
        check_expr(source);
    }
}

#[test]
fn nothing_is_refused_for_size() {
    let words = " $x".repeat(70_000);
    check(&format!("list{words}"));
    let commands: String = (0..70_000).map(|n| format!("foo $v{n} x{n}\n")).collect();
    check(&commands);
    check(&format!("while {{$i < 10}} {{{commands}}}"));
    check(&"foo [".repeat(900));
    check(&format!("{}{}", "foo [".repeat(900), "]".repeat(900)));
    check(&format!("{}{}", "if 1 {".repeat(2000), "}".repeat(2000)));
    check_expr(&format!("{}1{}", "(".repeat(20_000), ")".repeat(20_000)));
    check_expr("1+$x+".repeat(50_000).trim_end_matches('+'));
    check_expr(&format!("{}1{}", "$x+(".repeat(50_000), ")".repeat(50_000)));
    check_expr(&format!("{}1", "!".repeat(50_000)));
    check_expr(&format!("{}1", "$x ? 2 : ".repeat(50_000)));
    check(&format!("puts {}", "a$x".repeat(50_000)));
}
