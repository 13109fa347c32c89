# Changes of variables in place, calls of words that are spread, lambdas, coroutines: what has a short way and what has not.
proc t1 {} { set l {1 2 3}; lset l 1 $l; return $l }
puts [t1]
proc t2 {} { set l {1 2 3}; upvar 0 l m; lset l 0 $m; lset m 2 9; return $l/$m }
puts [t2]
proc t3 {} { catch {lset l $i 3} m; puts $m; set i 0; catch {lset l $i 3} m; puts $m; set l {a b}; catch {lset l 5 3} m; puts $m; catch {lset l $i $v} m; puts $m; puts $::errorInfo; lset l end 7; lset l {1 0} 8; lset l {} 9; set l}
puts [t3]
proc t4 {} { catch {incr x $y} m; puts $m; set y 3; incr x $y; puts $x; set y 1.5; catch {incr x $y} m; puts $m; set y 0x10; puts [incr x $y]; set y 9223372036854775807; puts [incr x $y]; incr x $x; puts $x; set a(1) 2; catch {incr a $y} m; puts $m; incr a(1) $y; puts $a(1)}
t4
proc tr {args} { puts "trace $args" }
proc t5 {} { set i 1; set l {1 2 3}; trace add variable i read tr; trace add variable l {read write} tr; lset l $i $i; incr l2 $i; puts $l2; trace add variable l2 write tr; puts [incr l2 $i] ; lset l 0 5; lset l $i 6; puts $l}
t5
set g {1 2 3}; set k 2
lset g $k 0; incr k $k; puts "$g $k"
proc t6 {} { global g k; lset g 0 $k; incr k $k; puts "$g $k"; lset g 1 z; puts $g}
t6
namespace eval q { variable v 4; proc f {} { variable v; incr v $v; set v } ; puts [f]; set w 2; incr w $v; puts $w}
proc gen {} { set x [yield a]; while 1 { set x [yield $x] } }
coroutine c gen; puts [c 1][c 2][c]; puts [catch {c 1 2} m] ; puts $m
proc gg {} {upvar 1 zz y; yield; set y [yield 1]; set q(1) [yield 2]; lappend r [yield 3]; list $y $q(1) $r}
coroutine d gg; puts [d a]; puts [d b] ;puts [d c]; puts [d e]; puts [catch {d} m]
proc va {a {b 2} args} {list $a $b $args}
set L {1 2 3 4}
puts [va {*}$L]; puts [va {*}{1}]; puts [catch {va {*}{}} m]; puts $m
proc sp {args} { set c va; $c {*}$args x {*}{} y }
puts [sp 1 2]; puts [sp]
foreach n {va list string} { puts [catch {$n {*}{length} abc} m]$m }
proc deep {n f} { if {$n} {{*}$f [incr n -1] $f} else {info level} }
puts [deep 20 deep]
set lam {{n self} {if {$n} {apply $self [expr {$n-1}] $self} else {info level}}}
puts [apply $lam 30 $lam]
puts [catch {apply {x {error boo}} 1}]; puts $errorInfo
proc lp {} { foreach i {1 2 3} { {*}[list set a$i $i] ; if {$i==2} {{*}break} } ; info locals }
puts [lp]
namespace eval nn { proc w {} {return nn::w}; proc r {} { set f {x {list [w] [namespace current] $x} ::nn}; list [apply $f 1] [apply $f 2] [{*}[list apply $f] 3] } }
puts [nn::r]
proc rep {} { set f {x {expr {$x+1}}}; set r {}; foreach i {1 2 3} { lappend r [apply $f $i]; if {$i==2} { rename ::apply ::oapply; proc ::apply {f x} {return "mine $x"} } } ; rename ::apply {}; rename ::oapply ::apply; set r }
puts [rep]
puts [llength [list {*}[lrepeat 500 x] {*}[lrepeat 300 y]]]
proc many {args} {llength $args}
puts [many {*}[lrepeat 500 x] z {*}[lrepeat 300 y]]
puts [catch {many {*}"a \{" z} m]$m
