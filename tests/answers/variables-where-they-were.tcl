# Code that has found a variable looks for it in the same place again: what moves, goes and comes back is found.
proc report {what script} {
    set code [catch {uplevel 1 $script} result]
    puts "$what: $code [list $result]"
}

# An absolute name, while the variable goes and the namespace is made anew.
namespace eval ::store {variable count 0; variable first 1; variable second 2}
proc bump {} {incr ::store::count}
report bump bump
report bump bump
namespace eval ::store {unset first}
report {after another went} bump
unset ::store::count
report {after it went} {set ::store::count}
report {made by incr} bump
namespace delete ::store
report {without its namespace} bump
namespace eval ::store {variable second 2; variable count 10}
report {in a new namespace} bump
namespace eval ::store {unset count; array set count {a 1}}
report {as an array} bump
proc element {} {incr ::store::count(a)}
report element element
report element element

# The same name in another interpreter, and under a trace.
interp create child
child eval {set ::total 5; proc add {} {incr ::total}}
set ::total 100
proc add {} {incr ::total}
report {here} add
report {there} {child eval add}
report {here again} add
trace add variable ::total write {apply {{name key op} {puts "$op $name is [set ::$name]"}}}
report {traced} add
trace remove variable ::total write {apply {{name key op} {puts "$op $name is [set ::$name]"}}}
report {not traced} add
interp delete child

# A link by an absolute name.
proc linked {} {upvar #0 total ::other; incr ::other}
report {linked} linked
set ::total 0
report {linked} linked
namespace eval ::store {variable alias; upvar #0 ::total alias}
proc by_alias {} {incr ::store::alias}
report {alias} by_alias
report {alias} {by_alias; set ::total}

# Variables that only scripts name: each call has them in its own order.
set body {incr beta}
proc order {which} {
    if {$which} {eval {set alpha 1; set beta 10}} else {eval {set beta 20; set alpha 2}}
    eval $::body
    eval $::body
    eval {set result "$alpha $beta"}
    set result
}
report order {order 1}
report order {order 0}
report order {order 1}
proc gone {} {
    eval $::body
    eval $::body
    eval {unset beta}
    set after [eval $::body]
    eval {set gamma 5; unset beta; set delta 6}
    list $after [eval $::body] [eval {set gamma}] [lsort [info locals]]
}
report gone gone
report gone gone
proc linked_later {} {
    eval $::body
    set seen [eval {set beta}]
    eval {unset beta; upvar #0 total beta}
    eval $::body
    list $seen $::total
}
report {linked later} linked_later
report {linked later} linked_later

# One script at several levels.
proc outer {} {set beta 100; inner; eval $::body}
proc inner {} {eval {set other 1}; eval $::body; uplevel 1 $::body}
report levels outer
report levels outer
set beta 7
report global {eval $body}
report global {eval $body}
namespace eval ::store {variable beta 70}
report namespace {namespace eval ::store $body}
report namespace {namespace eval ::store $body}
report global {eval $body}
