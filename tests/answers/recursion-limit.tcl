# No brackets around the calls: the reference counts those of commands that it does not compile as a level each.
interp recursionlimit {} 50
proc p {} {incr ::i; p}
proc show {} {puts [list $::code $::msg $::i]}
set i 0
catch p msg; set code 1; show
set i 0
catch {eval p} msg; show
proc q {} {incr ::i; eval q}
set i 0
catch {q} msg; show
proc q {} {incr ::i; uplevel 1 q}
set i 0
catch {q} msg; show
proc q {} {incr ::i; catch q m; set m}
set i 0
catch {q} msg; show
interp create c
c eval {
interp recursionlimit {} 50
proc p {} {incr ::i; p}
set i 0
list [catch p msg] $msg $i
}
puts [c eval {set i}]
puts [c eval {set i 0; catch p; set i}]
proc r {} {c eval {set i 0; catch p; set i}}
puts [r]
