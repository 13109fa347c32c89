# Switches, loops over several lists and dictionaries, joined texts, lists and maps in place, with links and traces.
proc a {x} { switch $x {a {set r 1} bb {set r 2} "x y" {set r 3} default {set r d}}; switch -- $x {a {lappend r a} b {lappend r b}}; set r }
foreach v {a bb {x y} q {} 1} { puts [a $v] }
proc b {} { foreach {x y} {1 2 3 4 5} {u v w} {a b} { append r "<$x,$y,$u,$v,$w>" }; foreach {x y} {} {}; return $r }
puts [b]
proc c {} { set d {a 1 b 2 c 3}; dict for {k v} $d { append r $k=$v\; ; if {$k eq "b"} continue; dict set d z$k 9 }; list $r $d [info exists d] [info exists dd] [info exists d(a)] }
puts [c]
proc d {} { set x(1) 2; set x(a) 3; upvar 0 x y; list [info exists x] [info exists x(1)] [info exists x(2)] [info exists y(a)] [info exists y(b)] [array exists x] }
puts [d]
proc tr args { puts "tr $args"; upvar x x; set x(9) 1; return }
proc e {} { trace add variable x read tr; list [info exists x(9)] [info exists x(9)] }
puts [e]
proc f {n} { set s ""; for {set i 0} {$i<$n} {incr i} { set s "$s$i,"; set t "$i-$s"; set u "$t$t" }; string length $u }
puts [f 100]
proc g {} { upvar #0 gl gl; set gl "a"; set gl "$gl$gl b"; set l [list $gl $gl]; upvar 0 gl q; set q [list $gl $q]; set q "$q $gl"; return $gl }
puts [g]
proc h {} { set l {}; foreach x [lseq 5] {lappend l $x; lappend l $l}; lappend l; list [lindex $l 3] [lindex $l -1] [lindex $l 99] [lindex $l end] [lindex $l 1 0] [catch {lindex $l a} m] $m }
puts [h]
proc i {} { lappend u a; lappend u b; set s {x y}; set t $s; lappend s z; set bad "\x7b"; list $u $s $t [catch {lappend bad 3} m] $m }
puts [i]
proc wt args { puts "wt $args" }
proc j {} { set l 1; trace add variable l write wt; lappend l 2; set l "$l 3"; set l [list $l 4]; foreach {l k} {1 2 3} {}; set k }
puts [j]
set text ""; foreach {k v} {1 2 3 4} { append text "$k$v;" }; puts $text
foreach x {1 2} y {a b c} { puts "$x$y" }
puts [{*}list {*}[list a b] {*}[list {*}{c d}]]
array set arr {a 1 2 b "x y" c}; foreach k [lsort [array names arr]] { puts "$k $arr($k)" }
set dd [dict create]; for {set i 0} {$i < 20} {incr i} { dict set dd k$i $i; dict set dd $i x; if {$i % 3 == 0} { dict unset dd k[expr {$i/2}] } }; puts $dd; puts [dict size $dd]
proc rm {} { for {set i 0} {$i < 40} {incr i} { set a($i) $i; set a(k$i) $i }; for {set i 39} {$i > 3} {incr i -1} { unset a($i); if {$i & 1} {unset a(k$i)} }; for {set i 0} {$i<9} {incr i} {set a(z$i) 1}; list [array size a] [lsort [array names a]] [info exists a(k7)] [info exists a(k8)] [info exists a(zz)]}
puts [rm]
