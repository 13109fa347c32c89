//! What is done again and again to something that grows takes a time in proportion to its size: nothing copies the whole
//! for each change.

use tclring_tests::program::{DRIVERS, run_script};

/// How many times as long eight times as much may take. In proportion it is 8, with a copy for each change 64.
const TIMES_MAX: f64 = 32.0;

/// Each body runs once with `n` of 2000 and once with 16000; the least of three times counts. Prints what takes too long.
fn check(bodies: &[&str]) {
    let mut script = format!("set most {TIMES_MAX}\n");
    script.push_str(
        "proc took {n} {
             set least {}
             foreach i {1 2 3} {lappend least [lindex [time {work $n}] 0]}
             tcl::mathfunc::min {*}$least
         }
         proc check {body} {
             proc work n $body
             set times [expr {[took 16000] / double([took 2000])}]
             if {$times > $::most} {puts \"$times times: $body\"}
         }\n",
    );
    for body in bodies {
        script.push_str(&format!("check {{{body}}}\n"));
    }
    let ended = run_script(DRIVERS[0], &script);
    assert_eq!(ended.errors, "");
    assert_eq!(ended.output, "");
    assert_eq!(ended.status, Some(0));
}

#[test]
fn changes_in_place() {
    check(&[
        "set v {}; for {set i 0} {$i < $n} {incr i} {append v abc}",
        "set v {}; for {set i 0} {$i < $n} {incr i} {lappend v $i}; for {set i 0} {$i < $n} {incr i} {lset v $i x}",
        "set v {}; for {set i 0} {$i < $n} {incr i} {dict set v $i a 1}; for {set i 0} {$i < $n} {incr i} {dict set v $i b 2}",
        "set v {}; for {set i 0} {$i < $n} {incr i} {dict set v $i a 1}; dict for {key d} $v {dict set v $key a 2}",
        "set v {}; for {set i 0} {$i < $n} {incr i} {dict lappend v k $i; dict append v t $i; dict incr v n}",
        "set v {}; for {set i 0} {$i < $n} {incr i} {dict set v $i 1}; for {set i 0} {$i < $n} {incr i} {dict unset v $i}",
        "set v {}; for {set i 0} {$i < $n} {incr i} {dict set v $i 1; dict update v $i w {incr w}}",
        "for {set i 0} {$i < $n} {incr i} {lappend v(k) $i; append v(t) $i; dict set v(d) $i a 1}",
        "upvar 0 v w; set w {}; for {set i 0} {$i < $n} {incr i} {lappend v $i; lset w end x}",
        "set ::v {}; for {set i 0} {$i < $n} {incr i} {lappend ::v $i; dict set ::d $i a 1}; unset ::v ::d",
        "set name v; for {set i 0} {$i < $n} {incr i} {lappend $name $i; dict set ::$name $i a 1}; unset ::v",
    ]);
}

#[test]
fn calls_and_events() {
    check(&[
        "for {set i 0} {$i < $n} {incr i} {after 100000 $i}; foreach id [after info] {after cancel $id}",
        "for {set i 0} {$i < $n} {incr i} {proc p$i {} {}}; for {set i 0} {$i < $n} {incr i} {rename p$i {}}",
        "for {set i 0} {$i < $n} {incr i} {namespace eval n$i {}}; for {set i 0} {$i < $n} {incr i} {namespace delete n$i}",
        "set text [string repeat {a b } $n]; regsub -all {a} $text c text; split $text; string map {c d} $text",
        "for {set i 0} {$i < $n} {incr i} {append text \"set v {a $i}; if 1 {set w {b $i}}\\n\"}; eval $text",
        "set list [lrepeat $n x]; while {[llength $list]} {lpop list}; set list [lrepeat $n x]; foreach x $list {lappend out $x}",
    ]);
}

/// What stands behind each object that ends is not kept on the native stack.
#[test]
fn objects_without_an_end() {
    let script = "
        set child [interp create]
        interp limit $child time -seconds [expr {[clock seconds] + 1}]
        catch {
            $child eval {
                oo::class create C {
                    destructor {C create sub}
                }
                C create c
                c destroy
            }
        }
        interp delete $child
        puts [interp exists $child]
        oo::class create Many {
            destructor {incr ::gone}
        }
        for {set i 0} {$i < 50000} {incr i} {Many new}
        Many destroy
        puts $gone";
    let ended = run_script(DRIVERS[0], script);
    assert_eq!(ended.errors, "");
    assert_eq!(ended.output, "0\n50000\n");
    assert_eq!(ended.status, Some(0));
}
