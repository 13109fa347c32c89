namespace eval ns {}
proc lvl {n} {upvar $n y ::ns::src$n; return ok}
proc foo {} {puts [catch {lvl 1} e]$e; puts [catch {uplevel 0 {lvl 1}} e]$e}
foo
proc foo2 {} {set y 1; puts [catch {lvl 1} e]$e}
foo2
proc foo3 {} {catch {bar} msg; puts $msg}
proc bar {} {baz}
proc baz {} {uplevel 1 {lvl 3}}
foo3
proc bar {} {baz $x}
proc bar {} {lvl 2}
foo3
proc x {} {set n ns::q; upvar 1 zz $n; return ok}
proc foo4 {} {puts [catch {x} e]$e}
foo4
proc foo5 {} {namespace eval ns {puts [catch {upvar 1 v w} e]$e}}
foo5
proc foo6 {} {set v(1) 1; namespace eval ns {puts [catch {upvar 1 v(1) w2} e]$e}}
foo6
proc foo7 {} {apply {{} {upvar 1 yy ::ns::w3}}}
puts [catch foo7 e]$e
proc ctor {type self args} { foreach {a b} $args break; if {[catch {upvar 3 $b ${type}::thesource}]} {return -code error illegal}
 return undefined }
proc l1 {args} {uplevel 1 [list ctor ns s {*}$args]}
proc l2 {args} {l1 {*}$args}
proc l3 {args} {l2 {*}$args}
proc foo {} {catch {l3 x y} msg; puts $msg; catch {l2 x y} msg; puts $msg; catch {l1 x y} msg; puts $msg}
foo
