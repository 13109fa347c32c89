# What errorInfo tells of commands that the reference evaluates from their text, since steps were traced or a command was
# redefined while the code around them ran.
proc show {name script} {
    interp create c
    catch {interp eval c $script} m o; puts "== $name\n[dict get $o -errorinfo]"
    interp delete c
}
show a {apply {{} {try {proc pe {x} {set x}; trace add execution pe {enterstep} {apply {args {lappend ::log $args}}}; pe 7;break}}}}
show b {apply {{} {proc pe {x} {set x}; trace add execution pe {enterstep} {apply {args {lappend ::log $args}}}; pe 7;break}}}
show c {apply {{} {try {proc pe {x} {set x}; trace add execution pe {enterstep} list; pe 7;break}}}}
show d {apply {{} {try {proc pe {x} {set x}; trace add execution pe {leavestep} list; pe 7;break}}}}
show e {apply {{} {try {proc pe {x} {set x}; trace add execution pe {leave} list; pe 7;break}}}}
show f {apply {{} {try {proc pe {x} {set x}; trace add execution pe {leavestep} list; pe 7};break}}}
show g {apply {{} {if 1 {proc pe {x} {set x}; trace add execution pe {leavestep} list; pe 7;break}}}}
show h {apply {{} {try {proc pe {x} {set x}; trace add execution pe {leavestep} list; pe 7;error x}}}}
show i {proc b {} {try {proc pe {x} {set x}; trace add execution pe {leavestep} list; pe 7;break}}; b}
show j {proc b {} {try {proc pe {x} {set x}; trace add execution pe {leavestep} list; pe 7;break}}; proc c {} b; c}
show l {proc b {} {try {proc pe {x} {set x}; trace add execution pe {leavestep} list; pe 7;break} on error {} {} }; proc c {} b; c}
show m {proc b {} {try {return -code break};list}; proc c {} b; c}
show n {proc b {} {try {proc set args {}; break};list}; proc c {} b; c}
show o {proc b {} {try {proc pe {x} {set x}; trace add execution pe {leavestep} list; pe 7;break} on error {} {} }; proc c {} {
  b}; c}
show a {
proc main {} {
    list
    list a [if {1} {namespace eval n {proc p1 {} {}}; namespace import -force n::*; list;break} else {list
    list}]
}
main
}
show b {
proc main {} {
    list
    if {1} {list;break}
}
main
}
show c {
proc main {} {
    catch {error a}
    list a [if {1} {list;break} else {list
    list}]
}
main
}
show d {
proc main {} {
    catch {error a}
    catch {lassign {a b c} {a b} c; proc p {n::x} {
    unset h(a)
interp create -safe i; i eval {interp expose {} set}
}}
    list a [if {1} {list;break} else {list
    list}]
}
main
}
show e {
proc main {} {
    catch {error a}
    proc set args {}
    if 1 {list; break}
}
main
}
show f {
proc main {} {
    catch {error a}
    if 1 {proc set args {}; list; break}
}
main
}
show g {
proc main {} {
    catch {error a}
    if 1 {namespace eval n {proc p args {}}; namespace import -force n::*; break}
}
main
}
show h {
proc main {} {
    catch {error a}
    if 1 {namespace eval n {proc p args {}}; break}
}
main
}
show a {
proc main {} {
    catch {error a}
    catch {
    proc pe {x} {lsearch -subindices -index 1-x {{a 1} {b 2} {c 1}} {%d}
string cat
dict append h(k) x äöü}; trace add execution pe {enterstep leavestep} {apply {args {lappend ::log [lindex $args 0]; uplevel 1 {set stepped 1}}}}; pe {$a}
    string is double äöü
    }
    lindex $a
}
main
}
show b {
proc main {} {
    catch {
    proc pe {x} {list}; trace add execution pe {enterstep leavestep} {apply {args {list}}}; pe {$a}
    }

    lindex $a
}
main
}
show c {
proc main {} {
    proc pe {x} {list}; trace add execution pe {enterstep leavestep} {apply {args {list}}}; pe {$a}

    set b $a
}
main
}
show d {
proc main {} {
    proc pe {x} {list}; trace add execution pe {enterstep leavestep} {apply {args {list}}}; pe {$a}

    lsearch $a
}
main
}
show e {
proc main {} {
    proc pe {x} {list}; trace add execution pe {enterstep leavestep} {apply {args {list}}}; pe {$a}

    catch {set b $a}
    error x
}
main
}
show f {
proc main {} {
    catch {
    proc pe {x} {lsearch -subindices -index 1-x {{a 1} {b 2} {c 1}} {%d}
string cat}; trace add execution pe {enterstep leavestep} {apply {args {list}}}; pe {$a}
    }

    lindex $a
}
main
}
show a {
proc main {{v 1} args} {
    if {"10" || [incr c] && [namespace path] || NaN} {binary format @* {Hello World}
proc pe {x} {list; set x}; trace add execution pe {enterstep leavestep} {apply {args {error traced}}}; pe 7}; list
}
main
}
show b {
proc main {{v 1} args} {
    if {1} {binary format @* {Hello World}
proc pe {x} {list; set x}; trace add execution pe {enterstep leavestep} {apply {args {error traced}}}; pe 7}; list
}
main
}
show c {
proc main {{v 1} args} {
    if {1} {list
proc pe {x} {list; set x}; trace add execution pe {enterstep leavestep} {apply {args {error traced}}}; pe 7}; list
}
main
}
show d {
proc main {{v 1} args} {
    if {1} {binary format @* Hell
proc pe {x} {list; set x}; trace add execution pe {enterstep leavestep} {apply {args {error traced}}}; pe 7}; list
}
main
}
show a {
proc main {{v 1} args} {
    if {1 || NaN} {list
proc pe {x} {error a}; proc list args {}; pe 7}; list
}
main
}
show b {
proc main {{v 1} args} {
    if {1 || NaN} {list
proc pe {x} {error a};  pe 7}; list
}
main
}
show c {
proc main {{v 1} args} {
    if {$v || NaN} {list
proc pe {x} {list; set x}; trace add execution pe {enterstep leavestep} {apply {args {error traced}}}; pe 7}; list
}
main
}
show d {
proc main {{v 1} args} {
    if {$v || NaN} {list
proc pe {x} {list; set x}; trace add execution pe {enterstep} {apply {args {list}}}; pe 7; error a}; list
}
main
}
show e {
proc main {{v 1} args} {
    if {$v || NaN} {list
proc pe {x} {error y}; trace add execution pe {enterstep} {apply {args {list}}}; pe 7}; list
}
main
}
