//! Channels and transformations written in Tcl. Every expectation was tried in the reference.

use tclring_tests::program::{DRIVERS, run_script};

/// Checks what a script prints, on each driver.
fn check(script: &str, expected: &str) {
    for driver in DRIVERS {
        let ended = run_script(driver, &format!("after 20000 {{puts \"no end\"; exit 3}}\n{script}"));
        assert_eq!(ended.output, expected, "{driver}: {script}\n{}", ended.errors);
        assert_eq!((ended.errors.as_str(), ended.status), ("", Some(0)), "{driver}: {script}");
    }
}

/// A channel that is a string in memory, and a transformation that moves three letters on.
const HANDLERS: &str = r#"
proc memory {cmd chan args} {
    global data place
    switch $cmd {
        initialize {set data($chan) ""; set place($chan) 0; return {initialize finalize watch read write seek}}
        finalize {unset data($chan); return}
        watch {}
        read {
            set got [string range $data($chan) $place($chan) [expr {$place($chan) + [lindex $args 0] - 1}]]
            incr place($chan) [string length $got]
            return $got
        }
        write {
            set bytes [lindex $args 0]
            set end [expr {$place($chan) + [string length $bytes]}]
            set data($chan) [string range $data($chan) 0 $place($chan)-1]$bytes[string range $data($chan) $end end]
            set place($chan) $end
            return [string length $bytes]
        }
        seek {
            lassign $args offset base
            set bases [list start 0 current $place($chan) end [string length $data($chan)]]
            set place($chan) [expr {$offset + [dict get $bases $base]}]
        }
    }
}
proc turn {cmd handle args} {
    lappend ::log $cmd
    switch $cmd {
        initialize {return {initialize finalize read write drain flush}}
        read - write {string map {a n b o c p n a o b p c} [lindex $args 0]}
        drain {return <}
        flush {return >}
    }
}
"#;

#[test]
fn a_channel_in_memory() {
    let script = r#"
        set c [chan create {read write} memory]
        puts $c one\ntwo\n\u00e4\u00f6\u00fc
        puts [tell $c],[chan pending output $c]
        seek $c 0
        puts [gets $c],[tell $c]
        puts [read $c],[eof $c],[tell $c]
        seek $c -3 end
        puts [gets $c],[chan names rc*]
        lassign [chan pipe] r w
        seek $c 4
        puts [fcopy $c $w -size 3]
        close $w
        puts [read $r]
        close $c
        puts [array size data]"#;
    check(&format!("{HANDLERS}{script}"), "15,15\none,4\ntwo\näöü\n,1,15\nü,rc0\n3\ntwo\n0\n");
}

#[test]
fn transformations() {
    let script = r#"
        set f [file tempfile name]
        chan push $f turn
        puts $f abc
        seek $f 0
        puts [gets $f],[read $f]
        chan pop $f
        seek $f 0
        puts [read $f]
        close $f
        puts $log
        file delete $name"#;
    let log = "initialize write flush read drain flush finalize";
    check(&format!("{HANDLERS}{script}"), &format!("abc,<\nnop\n>\n{log}\n"));
    let background = r#"
        lassign [chan pipe] r w
        set c [chan create {read write} memory]
        fconfigure $c -buffering none
        fcopy $r $c -command {set copied}
        puts $w hello
        close $w
        vwait copied
        puts $copied,$data($c)"#;
    check(&format!("{HANDLERS}{background}"), "6,hello\n\n");
}

#[test]
fn what_handlers_may_not() {
    let script = r#"
        proc t args {puts [list [catch {uplevel #0 $args} message options] $message]}
        proc says value {proc h args [list return $value]}
        says {}
        t chan create read h
        says \{
        t chan create read h
        says {initialize finalize watch bogus}
        t chan create read h
        says {initialize finalize watch}
        t chan create read h
        t chan create {read other} h
        t chan create read nosuch
        says {initialize finalize watch read cget}
        t chan create read h
        says {initialize finalize drain write}
        t chan push stdin h
        t chan postevent stdin read
        proc h {cmd args} {
            if {$cmd eq "initialize"} {return {initialize finalize watch read write}}
            if {$cmd in {read write}} {return -code 5 x}
        }
        set c [chan create {read write} h]
        t read $c
        puts -nonewline $c x
        t flush $c
        t chan postevent $c read
        t chan postevent $c {}
        t seek $c 1
        t close $c"#;
    let expected = r#"1 {chan handler "h" does not support all required methods}
1 chan\ handler\ \"h\ initialize\"\ returned\ non-list:\ \{
1 {chan handler "h initialize" returned bad method "bogus": must be blocking, cget, cgetall, configure, finalize, initialize, read, seek, truncate, watch, or write}
1 {chan handler "h" lacks a "read" method}
1 {bad mode "other": must be read or write}
1 {invalid command name "nosuch"}
1 {chan handler "h" supports "cget" but not "cgetall"}
1 {chan handler "h" supports "drain" but not "read"}
1 {can not find reflected channel named "stdin"}
1 {chan handler returned bad code: 5}
1 {chan handler returned bad code: 5}
1 {tried to post events channel "rc6" is not interested in}
1 {bad event list: is empty}
1 {error during seek on "rc6": invalid argument}
0 {}
"#;
    check(script, expected);
}

#[test]
fn events_of_a_handler() {
    let script = r#"
        proc h {cmd args} {
            puts [list $cmd {*}[lrange $args 1 end]]
            switch $cmd {
                initialize {return {initialize finalize watch read write}}
                read {return abc\n}
                write {return [string length [lindex $args 1]]}
            }
        }
        set c [chan create {read write} h]
        fileevent $c readable {puts EVENT,[gets $c]; fileevent $c readable {}}
        chan postevent $c read
        fconfigure $c -buffersize 10
        puts -nonewline $c [string repeat x 25]
        flush $c
        close $c"#;
    let expected = "initialize {read write}\nwatch read\nread 4096\nEVENT,abc\nwatch {}\nwrite xxxxxxxxxx\n\
                    write xxxxxxxxxx\nwrite xxxxx\nfinalize\n";
    check(script, expected);
}
