//! Echo programs in Tcl over the simulated network: whatever order and pieces things come in, every byte arrives in
//! order, and a seed gives the same run again.

use tclring_runtime::driver::{Sim, SimOptions};
use tclring_runtime::world::{End, World};
use tclring_vm::value::Value;

/// How many seeds are tried on a network without resets, and on one with. Without optimisation it is a part of them.
const SEEDS: u64 = if cfg!(debug_assertions) { 1_000 } else { 10_000 };
const SEEDS_WITH_RESETS: u64 = 500;

/// The program: some clients send numbered lines in random pieces at random times, by lines or as they are, and a
/// server sends them back. The result is what went wrong.
const PROGRAM: &str = r#"
expr {srand($seed)}
proc pick {from to} {expr {$from + int(rand() * ($to - $from + 1))}}
proc choose list {lindex $list [pick 0 [expr {[llength $list] - 1}]]}

set listener [socket -server accept -myaddr 127.0.0.1 0]
set port [lindex [fconfigure $listener -sockname] 2]
set wrong {}
set open 0
set log {}

proc accept {s address port} {
    fconfigure $s -blocking 0 -translation lf -buffering [choose {none line full}] -buffersize [pick 10 5000]
    fileevent $s readable [list [choose {echo_some echo_line echo_lines}] $s]
}
proc echo_some s {
    puts -nonewline $s [read $s [pick 1 3000]]
    finish $s
}
proc echo_line s {
    if {[gets $s line] >= 0} {puts $s $line}
    finish $s
}
proc echo_lines s {
    while {[gets $s line] >= 0} {puts $s $line}
    finish $s
}
proc finish s {
    if {[eof $s]} {close $s} else {flush $s}
}

proc client {} {
    global port open sent got left
    incr open
    set s [socket {*}[choose {-async {}}] 127.0.0.1 $port]
    set sent($s) ""
    set got($s) ""
    set left($s) [pick 1 6]
    fconfigure $s -blocking 0 -translation lf -buffering [choose {none line full}]
    fileevent $s readable [list collect $s]
    fileevent $s writable [list begin $s]
}
proc begin s {
    fileevent $s writable {}
    send $s
}
proc send s {
    global sent left
    if {![info exists left($s)]} return
    set text ""
    for {set lines [pick 1 8]} {$lines > 0} {incr lines -1} {
        append text [string repeat [choose {a é . line}] [pick 0 90]] \n
    }
    puts -nonewline $s $text
    append sent($s) $text
    if {[incr left($s) -1] > 0} {
        after [pick 0 4] [list send $s]
    } else {
        flush $s
        catch {chan close $s write}
    }
}
proc starts {text start} {string equal -length [string length $start] $start $text}
proc collect s {
    global sent got left open log wrong exact
    if {[catch {append got($s) [read $s]} message] || [eof $s]} {
        if {$exact ? $got($s) ne $sent($s) : ![starts $sent($s) [string trimright $got($s) \n]]} {
            lappend wrong "sent [string length $sent($s)], got [string length $got($s)]"
        }
        lappend log [string length $got($s)]
        catch {close $s}
        unset left($s)
        incr open -1
    }
}
set clients [pick 1 4]
for {set i 0} {$i < $clients} {incr i} {
    after [pick 0 3] client
}
after 4 {set started 1}
vwait started
while {$open > 0} {vwait open}
close $listener
list $wrong $log
"#;

/// What a run came to: what went wrong, and what the clients got, in the order of their ends.
fn run(options: SimOptions, exact: bool) -> String {
    let seed = options.seed;
    let mut world = World::with_driver(Box::new(Sim::new(options)));
    world.set_global("seed", Value::int(seed as i64 + 1));
    world.set_global("exact", Value::bool(exact));
    match world.run(PROGRAM.into(), false) {
        End::Done(Ok(value)) => value.to_display(),
        End::Done(Err(mut error)) => {
            panic!("seed {seed}: {}", String::from_utf8_lossy(error.trace()))
        }
        End::Exit(status) => panic!("seed {seed}: the program exits with {status}"),
    }
}

/// Runs a share of the seeds.
fn check(seeds: impl Iterator<Item = u64>) {
    for seed in seeds {
        let mut options = SimOptions { resets_per_million: 0, ..SimOptions::stormy(seed) };
        options.refusals_per_million = 0;
        options.accept_failures_per_million = 0;
        let outcome = run(options.clone(), true);
        assert!(outcome.starts_with("{} "), "seed {seed}: {outcome}");
        if seed % 500 == 0 {
            assert_eq!(run(options, true), outcome, "seed {seed} gives the same run again");
        }
    }
}

#[test]
fn every_byte_comes_back_in_order_even_seeds() {
    check((0..SEEDS).step_by(2));
}

#[test]
fn every_byte_comes_back_in_order_odd_seeds() {
    check((1..SEEDS).step_by(2));
}

#[test]
fn what_comes_back_before_a_reset_is_right() {
    for seed in 0..SEEDS_WITH_RESETS {
        let options = SimOptions {
            refusals_per_million: 0,
            accept_failures_per_million: 0,
            ..SimOptions::stormy(seed)
        };
        let outcome = run(options, false);
        assert!(outcome.starts_with("{} "), "seed {seed}: {outcome}");
    }
}
