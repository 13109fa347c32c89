//! The event loop without sockets: timers, idle callbacks, waits, background errors, pipes; on both drivers.

use tclring_tests::program::{DRIVERS, run_script};

/// Checks what a script prints and complains of, on each driver.
fn check(script: &str, expected: &str, complaints: &str) {
    for driver in DRIVERS {
        let ended = run_script(driver, &format!("after 20000 {{puts {{no end}}; exit 3}}\n{script}"));
        let lines =
            |text: &str| text.trim().lines().map(|line| format!("{}\n", line.trim())).collect::<String>();
        assert_eq!(lines(&ended.output), lines(expected), "{driver}: {script}\n{}", ended.errors);
        assert_eq!(lines(&ended.errors), lines(complaints), "{driver}: {script}");
    }
}

#[test]
fn the_order_of_timers_and_idle_callbacks() {
    check(
        "after 500 {puts second}
         after idle {puts idle}
         after 0 {puts first; after 0 {puts fourth}; after idle {puts later}}
         after 501 {set x 1}
         vwait x",
        "first\nfourth\nidle\nlater\nsecond",
        "",
    );
    check("after idle {puts a; after idle {puts b}}; update idletasks; puts c", "a\nb\nc", "");
    check("after idle {puts a}; after 0 {puts b}; update; puts c", "b\na\nc", "");
}

#[test]
fn callbacks_can_be_taken_back() {
    check(
        "after 1 {puts no}
         set id [after 1 puts also no]
         after cancel {puts no}
         after cancel $id
         puts [llength [after info]]
         puts \"[catch {after info $id} message]: $message\"
         set id [after 1000 a b {c  d}]
         puts [after info $id]",
        "1\n1: event \"after#2\" doesn't exist\n{a b c  d} timer",
        "",
    );
}

/// Cancellations and limits of time end a wait, with the messages of the reference.
#[test]
fn waits_can_be_ended() {
    check(
        "interp create child
         interp limit child time -seconds [clock seconds] -milliseconds 100
         puts [catch {interp eval child {vwait x}} text]$text
         interp limit child time -seconds {}
         after 10 {interp cancel child}
         puts [catch {interp eval child {vwait x}} text]$text
         after 10 {interp cancel -unwind child}
         puts [catch {interp eval child {catch {vwait x}}} text]$text
         after 10 {interp cancel child}
         puts [catch {interp eval child {catch {vwait x} y; set y}} text]$text",
        "1limit exceeded\n1eval canceled\n1eval unwound\n0eval canceled",
        "",
    );
}

#[test]
fn waits_end_last_in_first_out() {
    check(
        "after 10 {puts [list inner starts]; vwait b; puts [list inner ends]}
         after 20 {set a 1; puts {a is set}}
         after 40 {set b 1; puts {b is set}}
         vwait a
         puts {outer ends}",
        "inner starts\na is set\nb is set\ninner ends\nouter ends",
        "",
    );
}

#[test]
fn what_a_wait_sees() {
    check("array set a {k 1}; after 1 {set a(k) 2}; vwait a(k); puts ok", "ok", "");
    check("after 1 {set a(new) 2}; vwait a; puts ok", "ok", "");
    check("set a 1; after 1 {unset a}; vwait a; puts [info exists a]", "0", "");
    check("namespace eval n {}; after 1 {set n::v 1}; vwait n::v; puts ok", "ok", "");
    check("proc p {} {after 1 {set v 1}; set v 0; vwait v; puts $v$::v}; p", "01", "");
    check(
        "puts \"[catch {vwait nosuch::v} message]: $message\"",
        "1: can't trace \"nosuch::v\": parent namespace doesn't exist",
        "",
    );
}

#[test]
fn options_of_a_wait() {
    check("puts [vwait -timeout 5 x]", "-1", "");
    check("after 1 {set a 1; set b 2}; puts [vwait -all -extended a b]", "variable a variable b", "");
    check("puts [vwait -extended -writable stdout x]", "writable stdout", "");
    check(
        "puts \"[catch {vwait -nofileevents -notimerevents -noidleevents -nowindowevents x} message]: $message\"",
        "1: can't wait: would block forever",
        "",
    );
    check("puts \"[catch {vwait -timeout -1 x} message]: $message\"", "1: timeout must be positive", "");
}

#[test]
fn errors_in_the_background() {
    check(
        "after 1 {error foo}; after 10 {set x 1}; vwait x; update",
        "",
        "foo\nwhile executing\n\"error foo\"\n(\"after\" script)",
    );
    check(
        "proc bgerror message {puts \"told: $message $::errorCode\"}
         after 1 {error foo {} {A B}}; after 10 {set x 1}; vwait x; update",
        "told: foo A B",
        "",
    );
    check(
        "proc bgerror message {puts $message; return -code break}
         after 1 {error one}; after 1 {error two}; after 10 {set x 1}; vwait x; update",
        "one",
        "",
    );
    check(
        "after 1 break; after 10 {set x 1}; vwait x; update",
        "",
        "invoked \"break\" outside of a loop\n(\"after\" script)",
    );
}

#[test]
fn pipes_and_pipelines() {
    check(
        "lassign [chan pipe] in out
         fconfigure $in -blocking 0
         fileevent $in readable {lappend got [gets $in]; if {[eof $in]} {set x 1}}
         puts $out one; flush $out
         after 5 {puts $out two; close $out}
         vwait x
         puts $got",
        "one two {}",
        "",
    );
    check(
        "set p [open {|sh -c {echo out; echo err >&2; exit 3}} r]
         puts \"[read $p][catch {close $p} message options]: $message [lrange [dict get $options -errorcode] 0 0]\"",
        "out\n1: err CHILDSTATUS",
        "",
    );
    check(
        "set p [open |cat r+]; puts $p hello; close $p write; puts [read -nonewline $p]; close $p",
        "hello",
        "",
    );
    check(
        "puts \"[catch {exec sh -c {echo a; exit 2}} message]: $message\"",
        "1: a\nchild process exited abnormally",
        "",
    );
    check("puts [exec cat << {some text} | tr a-z A-Z]", "SOME TEXT", "");
}

#[test]
fn waits_inside_of_other_things() {
    check(
        "coroutine c apply {{} {after 5 {set ::x 1}; vwait ::x; puts in; yield; puts again}}; c",
        "in\nagain",
        "",
    );
    check(
        "trace add variable v write {apply {args {after 5 {set ::x 1}; vwait ::x; puts traced}}}; set v 1; puts set",
        "traced\nset",
        "",
    );
    check(
        "puts [lsort -command {apply {{a b} {after 1 {set ::x 1}; vwait ::x; expr {$a - $b}}}} {3 1 2}]",
        "1 2 3",
        "",
    );
}

#[test]
fn the_driver_can_be_asked() {
    for driver in DRIVERS {
        let ended = run_script(driver, "puts [dict get [tcl::unsupported::io] driver]");
        assert_eq!(ended.output, format!("{driver}\n"));
    }
}

#[test]
fn channels_of_several_interpreters() {
    check(
        "interp create a
         set f [open /dev/null w]
         puts [catch {interp share {} nosuch a} message],$message
         interp share {} $f a
         puts [string map [list $f FILE] [lsort [a eval {chan names}]]]
         interp transfer {} $f a
         puts [catch {puts $f x} message],[string map [list $f F] $message]
         a eval [list close $f]",
        "1,can not find channel named \"nosuch\"\nFILE stderr stdin stdout\n1,can not find channel named \"F\"",
        "",
    );
    check(
        "interp create a
         eof stdin; a eval {close stdin}
         puts [a eval {catch {eof stdin} message; set message}],[eof stdin],[lsort [chan names]]",
        "can not find channel named \"stdin\",0,stderr stdin stdout",
        "",
    );
}

#[test]
fn what_ends_with_an_interpreter() {
    check(
        "interp create a
         a eval {after 1 {puts no}; after idle {puts no}; socket -server x -myaddr 127.0.0.1 0; after 0 error}
         interp delete a
         after 20 {set x 1}
         vwait x",
        "",
        "",
    );
}

#[test]
fn the_handler_of_background_errors_of_an_interpreter() {
    check(
        "proc told {message options} {puts $message,[dict get $options -code]}
         interp bgerror {} told
         after 0 {error bar}
         after 1 {expr 1/0}
         after 20 {set x 1}
         vwait x",
        "bar,1\ndivide by zero,1",
        "",
    );
    check(
        "interp create -safe s
         interp alias s told {} puts
         s eval {proc bgerror m {told $m}}
         s hide bgerror
         s eval {after 0 {error foo}}
         update",
        "foo",
        "",
    );
}

#[test]
fn files_and_sockets_take_turns() {
    check(
        "socket -server accept -myaddr 127.0.0.1 [set p 0]
         proc accept {s args} {puts $s a; close $s}
         set l [socket -server accept -myaddr 127.0.0.1 0]
         set s [socket 127.0.0.1 [lindex [fconfigure $l -sockname] 2]]
         set f [open /dev/null w]
         fileevent $s readable {set z 1}
         vwait z
         fileevent $f writable {incr x; if {$y >= 3} {set z 2}}
         fileevent $s readable {incr y; if {$x >= 3} {set z 2}}
         set x [set y 0]
         vwait z
         puts $x,$y",
        "3,3",
        "",
    );
}

#[test]
fn children_and_how_they_ended() {
    check(
        "tcl::process autopurge 0
         set pid [exec sh -c {exit 3} &]
         set all [tcl::process status -wait]
         puts [string map [list $pid PID] $all],[dict exists $all $pid],[expr {$pid in [tcl::process list]}]
         tcl::process purge
         puts <[tcl::process list]>
         puts [catch {tcl::process status x} message],$message",
        "PID {1 {child process exited abnormally} {CHILDSTATUS PID 3}},1,1\n<>\n1,expected integer but got \"x\"",
        "",
    );
}
