interp recursionlimit {} 50
proc p {} {incr ::i; p}
set i 0
puts [list [catch p msg] $msg $i]
set i 0
puts [list [catch {eval p} msg] $msg $i]
proc q {} {incr ::i; eval q}
set i 0
puts [list [catch {q} msg] $msg $i]
proc q {} {incr ::i; uplevel 1 q}
set i 0
puts [list [catch {q} msg] $msg $i]
proc q {} {incr ::i; catch q m; set m}
set i 0
puts [list [catch {q} msg] $msg $i]
interp create c
c eval {
interp recursionlimit {} 50
proc p {} {incr ::i; p}
set i 0
list [catch p msg] $msg $i
}
puts [c eval {set i}]
proc r {} {c eval {set i 0; catch p; set i}}
interp recursionlimit {} 50
interp recursionlimit {} 50
