proc show {name script} { set r [catch {uplevel 1 $script} m o]; puts "$name: $r <$m>"; if {$r == 1} { puts "$::errorCode $::errorInfo" } }
proc tr args { puts "trace [lrange $args 0 end]" }
proc p1 {} { set d {a 1 b 2}; dict update d a x b y { incr x; set y hi }; set d }
proc p2 {} { set d {a 1 b 2}; dict update d a x c z { unset x; set z 9 }; list $d [info exists x] }
proc p3 {} { set d {a 1 b 2}; dict update d a x { incr x
   error foo } ; set d }
proc p4 {} { dict update nod a x { incr x }}
proc p5 {} { set d {a 1 b}; dict update d a x { incr x }}
proc p6 {} { set d {a 1}; dict update d a x { set d {q} }; set d}
proc p7 {} { set d {a 1}; dict update d a x { set d {q}
 error xx }; set d}
proc p8 {} { set d {a 1}; dict update d a x { unset d }; info exists d}
proc p9 {} { set d {a 1}; foreach i {1 2 3} {dict update d a x { incr x; if {$i==2} break }}; set d}
proc p10 {} { set d {a 1}; foreach i {1 2 3} {dict update d a x { incr x; if {$i==2} continue; lappend r $i }}; list $d $r}
proc p11 {} { set d {a 1}; dict update d a x { incr x; return $x }}
proc p12 {} { set d {a 1}; dict update d a x { incr x; return -code error foo }}
proc p13 {} { set d {a 1}; trace add variable d {read write unset} tr; trace add variable x {read write unset} tr; dict update d a x zz y { incr x }; set d }
proc p14 {} { set d {a 1}; trace add variable x {read write unset} {apply {args {error tracebad}}}; dict update d a x zz y { incr y }; set d }
proc p15 {} { set d {a 1}; upvar #0 gx x; dict update d a x { incr x }; list $d $::gx }
proc p16 {} { set d {a 1}; array set x {q 1}; dict update d a x { incr x }; list $d }
proc p17 {} { set d {a 1 b 2}; dict update d a x b x { append x z }; list $d }
proc p18 {} { set d {a 1 b 2}; dict update d a d { append d z }; list $d }
proc p19 {} { set d {a 1 b 2}; dict update d a x { array set y {1 2}; unset x; array set x {1 2} }; list $d }
proc p20 {} { const c 5; set d {a 1}; dict update d a c { }; list $d}
proc p21 {} { set d {a 1}; list [dict update d a x { incr x 5 }] $d}
proc p22 {} { set d {a {b 1}}; dict update d a x { dict update x b y { incr y } }; set d}
proc p23 {} { set d {a 1 b 2}; set e $d; dict update d a x { incr x }; list $d $e}
proc p24 {} { set d {  a 1   b 2}; dict update d q x { }; set d}
proc p25 {} { set d {  a 1   b 2}; dict update d a x { }; set d}
proc p26 {} { set d {a 1 a 2}; dict update d a x { }; set d}
proc p27 {} { global g; set g {a 1}; dict update g a x { incr x}; set ::g}
proc p28 {} { set k a; set d {a 1 b 2}; dict update d $k x [string index b 0] y { set x $y }; set d}
proc p29 {} { set d {a 1}; dict update d a x "incr x"; set d}
proc p30 {} { set d {a 1}; dict update d a x {}; set d}
proc p31 {} { set d {a 1}; catch {dict update d a x {error foo bar baz}} m o; list $m $d [dict get $o -errorinfo]}
proc w1 {} { set d {a 1 b 2}; dict with d { incr a; set b hi }; set d }
proc w2 {} { set d {a 1 b 2}; dict with d { unset a; set c 1 }; list $d $b }
proc w3 {} { set d {a 1 b 2}; dict with d { incr a
   error foo } ; set d }
proc w4 {} { dict with nod { incr x }}
proc w5 {} { set d {a 1 b}; dict with d { incr x }}
proc w6 {} { set d {a 1}; dict with d { set d {q} }; set d}
proc w7 {} { set d {a 1}; dict with d { set d {q}
 error xx }; set d}
proc w8 {} { set d {a 1}; dict with d { unset d }; info exists d}
proc w9 {} { set d {a 1}; foreach i {1 2 3} {dict with d { incr a; if {$i==2} break }}; set d}
proc w10 {} { set d {a 1}; foreach i {1 2 3} {dict with d { incr a; if {$i==2} continue; lappend r $i }}; list $d $r}
proc w11 {} { set d {a 1}; dict with d { incr a; return $a }}
proc w12 {} { set d {a {b 1 c 2}}; dict with d a { incr b; unset c }; set d}
proc w13 {} { set d {a {b 1 c 2}}; dict with d a zz { incr b; unset c }; set d}
proc w14 {} { set d {a {b 1 c 2}}; dict with d a b { incr b; unset c }; set d}
proc w16 {} { set d {a 1 d 2}; dict with d { incr a }; list $d }
proc w17 {} { set d {a 1 b(1) 2 ::qq 3}; dict with d { incr a; incr b(1); incr ::qq }; list $d [array get b] $::qq }
proc w18 {} { set d {a 1 b 2 zz 3}; dict with d { incr a }; list $d [lsort [info locals]] $zz }
proc w19 {} { set d {a 1}; dict with d {}; list $d $a }
proc w20 {} { set d {a {b 1}}; dict with d a { set d {x y} }; list $d $b }
proc w21 {} { set d {a {b 1}}; dict with d a { dict set d a c 3; incr b }; list $d $b }
proc w22 {} { set d {a 1 b 2}; set e $d; dict with d { incr a }; list $d $e }
proc w23 {} { set d {  a 1  b 2 }; dict with d { }; list $d }
proc w24 {} { set d {}; dict with d { set r 5 }; list $d }
proc w25 {} { set d {1 2 3 4}; dict with d { incr 1 }; list $d [set 1] [set 3]}
proc w26 {} { set d {a 1}; dict with d { array unset a; unset a; set a(1) 2 }; list $d}
proc w27 {} { set d {a 1}; upvar #0 ga a; dict with d { incr a }; list $d $::ga}
proc w28 {} { const a 4; set d {a 1}; dict with d { }; list $d}
proc w29 {} { set d {b 1 a 1 c 3}; array set a {1 2}; list [catch {dict with d { }} m] $m $d $b [info exists c]}
proc w30 {} { set d {a 1}; dict with d {dict with d {incr a}}; list $d}
proc w31 {} { set d {a 1}; for {set i 0} {$i<5} {incr i} {dict with d {lappend a $i}}; list $d}
proc w32 {} { set d {a 1 b 2}; dict with d { dict set d b 9; incr a }; list $d}
proc w33 {} { set d {a 1 b 2}; dict with d { dict set d c 9; dict unset d b; incr a }; list $d}
foreach i [lsort -dictionary [info procs {[pw][0-9]*}]] { show $i $i; show $i $i }
oo::class create K {variable a b; constructor {} {set a 5}; method m {} {set d {a 1 b 2 z 3}; dict with d {incr a; incr b}; list $d $a $b}; method n {} {list $a $b}}
K create k; puts [k m]; puts [k m]; puts [k n]
proc co {} { set d {a 1 b 2}; dict with d { incr a [yield $a]; incr b [yield $b] }; set d}
coroutine c co; puts [c 4]; puts [c 5]
proc redef {} { set d {a 1}; dict with d { proc dict args {return shadow}; incr a; set r [dict get 1] }; rename dict {}; list $d $r }
proc shadowed {} { set d {a 1}; dict with d { incr a; proc ::dict args {return shadow}; set r [dict get 1] }; list $d $r }
rename dict builtin
proc dict args { uplevel 1 [list builtin {*}$args] }
puts [p1]
puts [w1]
