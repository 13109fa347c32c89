# A small program: counts in ::variables, arms in words, mapped dictionaries, calls within calls, a stack of a class.
set ::count 0
array set ::stat {}
namespace eval ::cfg {variable level 3; variable names {}}
proc tally {word} {
    incr ::count
    incr ::stat([string length $word])
    lappend ::cfg::names $word
    switch -- $word the - a {return article} fox {return noun} default {return [string toupper $word 0 0]}
}
foreach w {the quick brown fox a lazy dog {}} {puts [list $w [catch {tally $w} m o] $m [dict get $o -code]]}
puts "$::count [lsort [array names ::stat]] $::cfg::names"
proc scaled {d by} {dict map {k v} $d {if {![string is integer -strict $v]} continue; expr {$v * $by}}}
puts [scaled {a 1 b x c 3} 2]
puts [catch {scaled {a 1 b} 2} m o]; puts [list $m [dict get $o -errorcode]]; puts [dict get $o -errorinfo]
proc bad {} {set ::nosuch::x 1}
puts [catch bad m o]; puts [list $m [dict get $o -errorcode]]; puts [dict get $o -errorinfo]
proc bad2 {} {incr ::count x}
puts [catch bad2 m o]; puts [list $m [dict get $o -errorcode]]; puts [dict get $o -errorinfo]
proc bad3 {} {lappend ::stat 1}
puts [catch bad3 m o]; puts [list $m [dict get $o -errorcode]]; puts [dict get $o -errorinfo]
proc bad4 {} {return $::stat(none)}
puts [catch bad4 m o]; puts [list $m [dict get $o -errorcode]]; puts [dict get $o -errorinfo]
# result of a call takes the place of its first word
proc idt {x} {return $x}
proc nest {a b} {list [idt [idt $a]] [idt [string repeat $b 3]] [idt [list $a $b]] [info level 0] [idt [info level 0]]}
puts [nest 1 {x y}]
proc swaps {} {set l {1 2 3}; for {set i 0} {$i < 3} {incr i} {idt [lset l $i [idt [list $i [lindex $l $i]]]]; idt $l}; set l}
puts [swaps]
proc cleared {} {set x [idt [idt {}]]; set y [idt [string range abcdef 1 3]][idt z]; return [idt $x$y]}
puts [cleared]
# compare constants in odd writing
proc cmp {c} {list [expr {$c < 0x80}] [expr {$c == 1e1}] [expr {$c eq 0x10}] [expr {$c in {0x10 16 10.0}}] [expr {$c >= 007}]}
foreach c {16 0x10 10 10.0 abc {} 007 7} {puts [list $c [catch {cmp $c} m] $m]}
oo::class create Stack {
    variable items
    constructor {args} {set items $args}
    method push {x} {lappend items $x; return [self]}
    method pop {} {
        if {![llength $items]} {return -code error -errorcode {STACK EMPTY} "empty stack [namespace tail [self]]"}
        set top [lindex $items end]; set items [lrange $items 0 end-1]; return $top
    }
    method each {var body} {upvar 1 $var v; foreach v $items {uplevel 1 $body}}
    forward size my Count
    method Count {} {llength $items}
}
Stack create s 1 2
[s push 3] push {4 5}
s each e {lappend seen "<$e>"}
puts "$seen [s size] [s pop] [s pop] [s pop] [s pop]"
puts [catch {s pop} m o]; puts [list $m [dict get $o -errorcode]]; puts [dict get $o -errorinfo]
puts [catch {s peek} m o]; puts [list $m [dict get $o -errorcode]]
puts [catch {s each} m o]; puts [list $m [dict get $o -errorcode]]
oo::objdefine s method each {var body} {next $var $body; incr ::count 100}
s push q; s each e {if {$e eq "q"} {puts seen-q}}
puts $::count
try {s destroy; s pop} trap {TCL LOOKUP COMMAND} {m o} {puts [list $m [dict get $o -errorcode]]}
