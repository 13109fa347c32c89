proc t {s} {puts "--- [string range [string map {\n { | }} $s] 0 250]"; set c [catch {uplevel #0 $s} r o]; puts "$c $r"; if {$c==1} {puts "  code=[dict get $o -errorcode]"; set i [dict get $o -errorinfo]; puts "  info=$i"} }
proc p {} {variable n::v}
t p
proc p {} {variable n::v 3}
t p
proc p {} {variable n::v 3 a 4}
t p
proc p {} {variable n::v 3 a(1) 4}
t p
proc p {} {variable n::v 3 a::b(1) 4}
t p
proc p {} {variable a(1) 4}
t p
proc p {} {variable n::v(1) 4}
t p
proc p {} {variable {*}{n::v 3}}
t p
proc p {} {catch {variable n::v 3} m; set m}
t p
proc p {} {eval {variable n::v 3}}
t p
proc p {} {namespace eval zz {variable n::v 3}}
t p
t {variable n::v}
t {variable n::v 3 n::w(1) 4}
t {namespace eval zz {variable n::v 3}}
t {eval variable n::v 3}
t p
t p
t p
t p
t p
t p
proc p {} {variable nosuch::v 1 c [error x]}
puts [catch p m]$m
proc p {} {set m 1; variable nosuch::v $m c [error x]}
puts [catch p m]$m
proc p {} {variable c 4 nosuch::v 1 d [error x]}
puts [catch p m]$m,$c
proc p {} {variable x 4 y [error x]}
puts [catch p m]$m,[info exists x]
proc p {{v 1} args} {
    set a -1; set b 1.5; lappend c 1 2 3; dict set m a 1
    array set h {a 1 b 2}; variable nosuch::v $m c [trace info command p]; 
}
puts [catch p m]$m
namespace eval n {variable v 3; variable arr; array set arr {a 1}}
proc p {} {variable n::v; variable ::n::arr; incr v; list $v $arr(a) [info locals] [lsort [info vars]]}
puts [p]
proc p {} {variable n::v 7 ::n::w 8; list $v $w $n::v}
puts [p]
proc p {} {variable n:::v; set v}
puts [p]
proc p {} {variable n::; set {}}
puts [catch p m]$m
proc p {} {variable ::; set {}}
puts [catch p m]$m
proc p {} {variable n::v(1); set v}
puts [catch p m]$m
proc p {} {set v 1; variable n::v; set v}
puts [catch p m]$m
proc p {v} {variable n::v; set v}
puts [catch {p 1} m]$m
proc p {} {upvar 1 b v; variable n::v 9; set v}
puts [catch {p} m]$m
proc p {} {variable n::v:x 9; set x}
puts [catch {p} m]$m
proc p {} {variable n:: 9; info locals}
puts [catch {p} m]$m
namespace eval k {proc p {} {variable n::v 9; variable ::n::v 4; set v}; proc q {} {variable k::n::v}}
puts [catch {k::p} m]$m
puts [catch {k::q} m]$m
