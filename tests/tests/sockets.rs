//! Sockets and the event loop, as scripts see them, on both drivers: outcomes, and every error.

use tclring_tests::program::{DRIVERS, run_script};

/// Puts around each script: `report` prints how a command ends, names of channels made alike.
const PRELUDE: &str = r#"
proc report args {
    set code [catch {uplevel #0 $args} result options]
    set line [list $code $result]
    if {$code == 1} {lappend line [dict get $options -errorcode]}
    puts [regsub -all {\m(sock|file)[0-9a-f]+\M} $line {\1N}]
}
proc listen {command} {
    set ::listener [socket -server $command -myaddr 127.0.0.1 0]
    set ::port [lindex [fconfigure $::listener -sockname] 2]
}
proc take {channel address port} {set ::peer $channel}
proc join_peer {} {
    set ::client [socket 127.0.0.1 $::port]
    vwait ::peer
}
after 20000 {puts "no end"; exit 3}
"#;

/// Checks what a script prints, on each driver. A script ends with `exit` or by itself.
fn check(script: &str, expected: &str) {
    for driver in DRIVERS {
        let ended = run_script(driver, &format!("{PRELUDE}\n{script}"));
        let wanted: String = expected.trim().lines().map(|line| format!("{}\n", line.trim())).collect();
        assert_eq!(ended.output, wanted, "{driver}: {script}\n{}", ended.errors);
        assert_eq!(ended.errors, "", "{driver}: {script}");
        assert_eq!(ended.status, Some(0), "{driver}: {script}");
    }
}

#[test]
fn connections_that_cannot_be_had() {
    check(
        "report socket 127.0.0.1 1",
        "1 {couldn't open socket: connection refused} {POSIX ECONNREFUSED {connection refused}}",
    );
    check("report socket -async 127.0.0.1 99999", "1 {couldn't open socket: port number too high} NONE");
    check(
        "report socket no.such.host.invalid 80",
        "1 {couldn't open socket: Name or service not known} NONE",
    );
    check(
        "listen take; report socket -server take -myaddr 127.0.0.1 $port",
        "1 {couldn't open socket: address already in use} {POSIX EADDRINUSE {address already in use}}",
    );
    check("report socket -server take 70000", "1 {couldn't open socket: invalid port number} NONE");
    check(
        "report socket localhost nosuchservice",
        "1 {expected integer but got \"nosuchservice\"} {TCL VALUE NUMBER}",
    );
}

#[test]
fn words_of_the_command() {
    check("report socket -server", "1 {no argument given for -server option} NONE");
    check("report socket -async -server x 0", "1 {cannot set -async option for server sockets} NONE");
    check("report socket -server x -myport 5 0", "1 {option -myport is not valid for servers} NONE");
    check(
        "report socket -reuseport 1 localhost 1",
        "1 {options -backlog, -reuseaddr, and -reuseport are only valid for servers} NONE",
    );
}

#[test]
fn a_listener_gives_and_takes_no_input() {
    check(
        "listen take
         report puts $listener x
         report gets $listener
         report fileevent $listener readable x
         report fconfigure $listener -peername
         report fconfigure $listener -error
         report lindex [fconfigure $listener -sockname] 0",
        "1 {channel \"sockN\" wasn't opened for writing} NONE
         1 {channel \"sockN\" wasn't opened for reading} NONE
         1 {channel is not readable} NONE
         1 {can't get peername: transport endpoint is not connected} {POSIX ENOTCONN {transport endpoint is not connected}}
         0 {}
         0 127.0.0.1",
    );
}

#[test]
fn a_closed_listener_leaves_its_port_and_its_connections_alone() {
    check(
        "listen take; join_peer
         close $listener
         report close [socket -server take -myaddr 127.0.0.1 $port]
         puts $peer hello; flush $peer
         report gets $client",
        "0 {}
         0 hello",
    );
}

#[test]
fn an_attempt_in_the_background() {
    check(
        "listen take
         set client [socket -async 127.0.0.1 $port]
         fconfigure $client -blocking 0
         fileevent $client writable {set connected 1; fileevent $client writable {}}
         vwait connected
         report fconfigure $client -connecting
         report fconfigure $client -error
         report lrange [fconfigure $client -peername] 0 1",
        "0 0
         0 {}
         0 {127.0.0.1 localhost}",
    );
    check(
        "set client [socket -async 127.0.0.1 1]
         fconfigure $client -blocking 0
         fileevent $client writable {set done 1; fileevent $client writable {}}
         vwait done
         report gets $client
         report fconfigure $client -error
         report fconfigure $client -error",
        "1 {error reading \"sockN\": transport endpoint is not connected} {POSIX ENOTCONN {transport endpoint is not connected}}
         0 {connection refused}
         0 {}",
    );
    check(
        "set client [socket -async no.such.host.invalid 80]
         fileevent $client writable {set done 1}
         vwait done
         report fconfigure $client -connecting
         report fconfigure $client -error",
        "0 0
         0 {Name or service not known}",
    );
}

#[test]
fn halves_of_a_connection() {
    check(
        "listen take; join_peer
         puts $client all; close $client write
         report read $peer
         report puts $client more
         report close $client write
         puts $peer answer; close $peer
         report gets $client
         report close $client read
         report gets $client",
        "0 {all\n}
         1 {channel \"sockN\" wasn't opened for writing} NONE
         1 {Half-close of write-side not possible, side not opened or already closed} NONE
         0 answer
         0 {}
         1 {can not find channel named \"sockN\"} {TCL LOOKUP CHANNEL sockN}"
            .replace("\\n", "\n")
            .as_str(),
    );
}

#[test]
fn a_peer_that_is_gone() {
    check(
        "listen take; join_peer
         close $peer
         report gets $client
         report eof $client
         puts $client a; flush $client
         after 50
         puts $client b
         report flush $client",
        "0 {}
         0 1
         1 {error flushing \"sockN\": broken pipe} {POSIX EPIPE {broken pipe}}",
    );
}

#[test]
fn input_that_is_not_complete() {
    check(
        "listen take; join_peer
         fconfigure $peer -blocking 0 -translation lf
         report gets $peer line
         report fblocked $peer
         puts -nonewline $client par; flush $client
         fileevent $peer readable {lappend got [gets $peer line] $line}
         after 50 {set x 1}; vwait x
         puts $client tial; flush $client
         after 50 {set x 1}; vwait x
         close $client
         after 50 {set x 1; fileevent $peer readable {}}; vwait x
         report lrange $got 0 3
         report eof $peer",
        "0 -1
         0 1
         0 {-1 {} 8 {partial\r}}
         0 1"
        .replace("\\r", "\r")
        .as_str(),
    );
}

#[test]
fn much_at_once() {
    check(
        "proc echo s {
             puts -nonewline $s [read $s]
             if {[eof $s]} {close $s}
         }
         proc serve {s args} {
             fconfigure $s -blocking 0 -translation binary -buffering none
             fileevent $s readable [list echo $s]
         }
         proc collect {} {
             append ::got [read $::client]
             if {[eof $::client]} {set ::done 1}
         }
         listen serve
         set client [socket 127.0.0.1 $port]
         fconfigure $client -blocking 0 -translation binary
         set all [string repeat 0123456789abcdef 200000]
         fileevent $client readable collect
         puts -nonewline $client $all
         close $client write
         vwait done
         report string equal $got $all",
        "0 1",
    );
}

#[test]
fn copies() {
    check(
        "proc serve {s args} {
             fconfigure $s -blocking 0 -translation binary
             fcopy $s $s -command [list copied $s]
         }
         proc copied {s count args} {puts [list copied $count $args]; close $s}
         listen serve
         set client [socket 127.0.0.1 $port]
         fconfigure $client -translation binary
         proc feed {} {
             puts -nonewline $::client [string repeat x 100000]
             close $::client write
             fileevent $::client readable {append got [read $client]; if {[eof $client]} {set done 1}}
             fconfigure $::client -blocking 0
         }
         feed
         vwait done
         report string length $got",
        "copied 100000 {}
         0 100000",
    );
    check(
        "listen take; join_peer
         fconfigure $client -translation binary; fconfigure $peer -translation binary
         puts -nonewline $client 0123456789; close $client
         set out [open /dev/null wb]
         report fcopy $peer $out -size 4
         report fcopy $peer $out
         report eof $peer",
        "0 4
         0 6
         0 1",
    );
}

#[test]
fn output_goes_out_before_a_long_computation_ends() {
    check(
        "proc work s {
             gets $s
             puts $s working
             set until [expr {[clock milliseconds] + 700}]
             while {[clock milliseconds] < $until} {}
             puts $s done
         }
         if {[llength $argv] == 0} {
             listen take
             set pipe [open |[list [info nameofexecutable] -c {
                 set s [socket 127.0.0.1 [lindex $argv 0]]
                 fconfigure $s -buffering line
                 puts $s go
                 set start [clock milliseconds]
                 gets $s
                 puts [expr {[clock milliseconds] - $start < 400}]
                 gets $s
                 puts [expr {[clock milliseconds] - $start > 600}]
             } $port] r]
             vwait peer
             fconfigure $peer -blocking 0 -buffering line
             fileevent $peer readable {work $peer; set worked 1}
             vwait worked
             after 10 {set x 1}; vwait x
             puts -nonewline [read $pipe]
         }",
        "1
         1
         ",
    );
}

#[test]
fn input_that_was_read_is_no_event() {
    check(
        "listen take; join_peer
         fconfigure $peer -translation auto -blocking 0
         fileevent $peer readable {lappend result readable}
         puts $client one\\ntwo; flush $client
         vwait result
         lappend result [gets $peer] [gets $peer]
         after 100 {lappend result timer}
         vwait result
         report set result",
        "0 {readable one two timer}",
    );
}

#[test]
fn a_full_backlog_loses_nobody() {
    // The queue is full before the event loop accepts anyone: the system lets the others try again a second later.
    check(
        "proc serve {channel address port} {fconfigure $channel -buffering line; puts $channel hello}
         set listener [socket -server serve -myaddr 127.0.0.1 -backlog 1 0]
         set port [lindex [fconfigure $listener -sockname] 2]
         set clients {}
         for {set i 0} {$i < 4} {incr i} {lappend clients [socket -async 127.0.0.1 $port]}
         after 300
         set waiting 0
         foreach client $clients {incr waiting [fconfigure $client -connecting]}
         puts [expr {$waiting > 0 ? {some wait} : {none waits}}]
         proc hear client {
             if {[gets $client line] >= 0} {lappend ::heard $line; fileevent $client readable {}}
         }
         foreach client $clients {fconfigure $client -blocking 0; fileevent $client readable [list hear $client]}
         set heard {}
         while {[llength $heard] < 4} {vwait heard}
         puts $heard
         foreach client $clients {report fconfigure $client -error}",
        "some wait
         hello hello hello hello
         0 {}
         0 {}
         0 {}
         0 {}",
    );
}
