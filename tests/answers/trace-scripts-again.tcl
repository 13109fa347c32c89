# Scripts that traces and events make anew each time: what they call may be another thing the next time.
proc seen args {lappend ::log [linsert $args 0 [info level]]}
set log {}
trace add variable v write {seen first}
set v 1
set v 2
proc seen args {lappend ::log other}
set v 3
rename seen {}
puts [catch {set v 4} message]:$message
proc seen args {error "not this time"}
puts [catch {set v 5} message options]:$message
puts [dict get $options -errorinfo]
proc seen args {
    lappend ::log [info frame]
}
set v 6
set v 7
puts $log
namespace eval inner {
    proc seen args {lappend ::log inner}
    proc run {} {set ::v 8; set ::v 9}
    run
}
puts [lrange $log end-1 end]
trace add execution puts enter {seen again}
puts a
puts b
trace remove execution puts enter {seen again}
trace add variable w write "seen x;#"
set w 1
set w 2
trace add variable u write "set q \[list a\nb\]\n"
puts [catch {set u 1} message]:$message
puts [catch {set u 2} message options]:$message
puts [dict get $options -errorinfo]
puts [llength $log]
