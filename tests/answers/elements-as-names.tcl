proc show {s} {set c [catch {uplevel #0 $s} m o]; puts "$m [expr {$c?[dict get $o -errorcode]:{}}]"}
set e 1
show {variable ::e(1)}
show {variable ::e(1) 2}
proc p {} {variable ::e(1)}
show p
proc p {} {global e(1)}
show p
proc p {} {global ::e(1)}
show p
proc p {} {upvar #0 e(1) z}
show p
proc p {} {upvar #0 e2(1) z; info exists ::e2}
show p
proc p {} {upvar #0 e3(1) z(1)}
show p
puts [array exists e3]
proc p {} {upvar #0 e3 z(1)}
show p
proc p {} {namespace upvar :: e4(1) z}
show p
puts [array exists e4]
proc p {} {namespace upvar :: e(1) z}
show p
proc p {} {variable nosuch::e(1)}
show p
trace add variable tr {array read write} {puts}
proc p {} {variable ::tr(1)}
show p
proc show {s} {set c [catch {uplevel #0 $s} m o]; if $c {puts "[dict get $o -errorinfo]\n--[dict get $o -errorcode]"}}
show {namespace eval n {catch {variable a(1) 2} a; puts $a}}
namespace eval n {puts [info exists a],[array exists a],[array size a],[info vars]; puts [catch {set a 1} m]$m}
proc p {} {catch {variable a(1) 2} a; puts $a; puts [info exists ::a],[array exists ::a]}
show p
proc p {} {catch {global b(1)} a; puts $a;puts [info exists ::b],[array exists ::b]}
show p
proc p {} {catch {variable c(1)} c; puts $c;puts [info exists ::c],[array exists ::c]}
show p
namespace eval n2 {catch {variable a(1) 2}; puts [info exists a],[info vars]}
namespace eval n2 {catch {variable a(1)}; puts [info exists a],[array exists a];puts [catch {set a 1} m]$m}
proc p {} {catch {variable d(1)} z; puts [info exists d],[array exists d];puts [catch {set d 1} m]$m}
p
set e 1
namespace eval n3 {catch {variable e(1) 2} m; puts $m; puts [info exists e],[array exists e],[array size e]}
