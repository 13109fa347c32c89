set c [interp create]
catch {$c eval {proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe a
set b 1
lindex a b c d
list {*}$zz}} m o
puts [dict get $o -errorinfo]
catch {$c eval {
proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe a
proc r {x {y 2} args} {set b}
regexp -indices {[[:alpha:]]*} $b n::v v}} m o
puts [dict get $o -errorinfo]
catch {$c eval {
regexp -indices {[[:alpha:]]*} $b n::v v}} m o
puts [dict get $o -errorinfo]
catch {eval {
proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe a; set b 1
regexp -indices {[[:alpha:]]*} $b n::v v}} m o
puts [dict get $o -errorinfo]
catch {eval {
proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe a
list
lindex a b}} m o
puts [dict get $o -errorinfo]
proc main {} {
proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe a
list
lindex a b}
catch main m o
puts [dict get $o -errorinfo]
catch {$c eval {
proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe a
proc r {x {y 2} args} {set b}
foo}} m o
puts [dict get $o -errorinfo]
catch {$c eval {
proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe a
regexp -indices {[[:alpha:]]*} b n::v v}} m o
puts [dict get $o -errorinfo]
