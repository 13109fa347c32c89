//! Objects that go while their methods run. The reference ends itself in most of these, so that it has no answers.

use crate::cmd::string_tests::run;

const GONE: &str = "error: this command cannot be called when the object has been deleted";

/// Runs a script behind some classes whose methods destroy their objects.
fn check(cases: &[(&str, &str)]) {
    const CLASSES: &str = "
        oo::class create A {
            method destroy {} {rename [self] {}; next}
            method variable args {[self] destroy; next {*}$args}
            method varname args {[self] destroy; next {*}$args}
            method unknown args {[self] destroy; next {*}$args}
            method eval args {[self] destroy; next {*}$args}
            method <cloned> args {[self] destroy; next {*}$args}
            export eval variable varname
        }
        A create a
        oo::class create M {superclass oo::class; method new args {[self] destroy; next {*}$args}}
        oo::configurable create P {property a -get {[self] destroy; return 1} -set {[self] destroy} b}
    ";
    for (script, expected) in cases {
        assert_eq!(run(&format!("{CLASSES}; {script}")), *expected, "{script}");
    }
}

#[test]
fn objects_that_go_in_their_own_methods() {
    check(&[
        ("a destroy; info commands a", ""),
        ("a eval set x 1", GONE),
        ("a variable x", GONE),
        ("a varname x", GONE),
        ("a anything", GONE),
        ("oo::copy a b", GONE),
        ("M create m {}; m new", GONE),
        (
            "oo::class create c {constructor {} {[self class] destroy}}; c new",
            "error: object deleted in constructor",
        ),
        ("oo::object create o; oo::objdefine o {[self] destroy; method x {} {}}", GONE),
        ("[P new] configure -a", "1"),
        ("[P new] configure -a 1 -b 2", "error: bad property \"-b\": no valid options"),
        ("oo::class create d {destructor {[self] destroy; set ::x 1}}; d create e; e destroy; set x", "1"),
        ("oo::define A superclass oo::class; oo::class destroy; info commands A", ""),
    ]);
}

#[test]
fn what_the_system_stands_on_goes() {
    check(&[
        ("oo::object destroy; info commands ::oo::object", ""),
        ("namespace delete ::oo; catch {A create b} m; set m", "invalid command name \"A\""),
        (
            "namespace delete ::oo::Helpers; oo::class create c {method m {} {self}}; [c new] m",
            "error: invalid command name \"self\"",
        ),
        (
            "namespace delete ::oo::define; oo::class create c {method m {} {}}",
            "error: no definition namespace available",
        ),
    ]);
}

#[test]
fn depth_is_limited() {
    check(&[
        ("oo::define A method r {} {my r}; a r", "error: too many nested evaluations (infinite loop?)"),
        (
            "set s oo::object
            for {set i 0} {$i < 400} {incr i} {
                set s [oo::class create c$i \"superclass $s; method m {} {if {\\[catch {next} x\\]} {set x 0}; incr x}\"]
            }
            set o [$s new]; catch {$o m} x; $o destroy; c0 destroy; list $x [info commands c399]",
            "400 {}",
        ),
    ]);
}
