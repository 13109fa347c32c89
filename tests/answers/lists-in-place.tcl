proc show {name script} { set r [catch {uplevel 1 $script} m o]; puts "$name: $r <$m>"; if {$r == 1} { puts "$::errorCode $::errorInfo" } }
proc items n { set l {}; for {set i 0} {$i < $n} {incr i} { lappend l e$i }; return $l }
# Taking elements off lists that are shared, and off parts.
proc a1 {} { set l [items 100]; set m [lrange $l 10 89]; set n [lrange $m 5 end-5]; lappend n x; lset m 0 y; lappend l z; list [llength $l] [lindex $l end] [lindex $m 0] [lindex $m end] [llength $n] [lindex $n 0] [lindex $n end] }
proc a2 {} { set l [items 100]; for {set i 0} {$i < 90} {incr i} { set l [lrange $l 1 end]; lappend l q$i }; list [llength $l] $l }
proc a3 {} { set l [items 100]; for {set i 0} {$i < 300} {incr i} { set l [linsert $l 0 f$i]; }; list [llength $l] [lindex $l 0] [lindex $l end] [lindex $l 150] }
proc a4 {} { set l [items 100]; for {set i 0} {$i < 95} {incr i} { set l [lreplace $l 0 0] }; set l }
proc a5 {} { set l [items 100]; for {set i 0} {$i < 95} {incr i} { set l [lreplace $l[set l {}] 0 0] }; set l }
proc a6 {} { set l [items 100]; for {set i 0} {$i < 95} {incr i} { lpop l 0; lappend l p$i; lpop l end-1 }; set l }
proc a7 {} { set l [items 200]; for {set i 0} {$i < 50} {incr i} { set l [linsert $l 20 a$i b$i]; set l [lreplace $l 10 12 c]; set l [lreplace $l 150 151 x y z]; set l [lreplace $l end-9 end-8] }; set l }
proc a8 {} { set l [items 100]; set m [lrange $l 1 end]; unset l; lset m 3 z; lappend m k; set n [lreplace $m 0 0]; unset m; linsert $n 0 w w w }
proc a9 {} { set l [items 100]; set m $l; ledit l 0 9; ledit m end-9 end a b; ledit l 0 -1 q r; list $l $m }
proc a10 {} { set l [items 64]; set m [list $l [lrange $l 2 end] [lrange $l 0 end-2]]; string length $m }
proc a11 {} { set l [items 100]; set d [lrange $l 0 end-2]; dict set d x y; list [dict size $d] [llength $l] }
proc a12 {} { set l [items 100]; set m [lrange $l 10 end]; list [lsort -decreasing $m] [lsearch $m e50] [lreverse $m] [join $m ,] [concat $m $m] }
proc a13 {} { set l [items 60]; set l [lremove $l 0 5 59 5]; set l [lremove $l 0]; set l [lremove $l]; set l [lremove $l 100]; set l }
# An error leaves the variable as it was.
proc b1 {} { set l {a b c}; lappend l d; list [catch {set l [linsert $l x y]} m] $m $l }
proc b2 {} { set l {a b c}; lappend l d; list [catch {set l [lreplace $l 0 x y]} m] $m $l }
proc b3 {} { set l {a b c}; lappend l d; list [catch {set l [lremove $l 0 x]} m] $m $l }
proc b4 {} { set l {a b c}; lappend l d; set l [linsert $l 1 $l $l]; set l [lreplace $l 1 1 $l]; set l [lreverse $l]; set l }
proc b5 {} { set l {a b c}; lappend l d; trace add variable l write {apply {args {upvar l l; puts "w $l"}}}; set l [linsert $l 1 $l]; lset l 0 0 z; set l }
proc b6 {} { upvar #0 gl l; set l [items 5]; set l [linsert $l 0 x]; set l [lreplace $l 1 1]; set ::gl }
# lset
proc c1 {} { set m {{1 2 3} {4 5 6}}; lset m 1 2 x; lset m end 0 y; lset m 0 end+1 z; lset m {1 1} w; lset m 2 {a b}; set i {0 0}; lset m $i q; lset m {} $m; set m }
proc c2 {} { set m {{1 2 3} {4 5 6}}; set n $m; set k [lindex $m 0]; lset m 0 1 x; list $m $n $k }
proc c3 {} { set m {{1 2 3} {4 5 6}}; list [catch {lset m 1 4 x} e] $e [catch {lset m 3 x} e] $e [catch {lset m 0 a x} e] $e [catch {lset m a 0 x} e] $e [catch {lset m -1 x} e] $e [catch {lset m {0 9} x} e] $e [catch {lset m "\{" x} e] $e $m }
proc c4 {} { set m {{1 2 3} {4 5 6}}; lset m 0 0 $m; lset m 0 0 0 0 9; set m }
proc c5 {} { set m {a {b}}; set x 1; set y 0; lset m $x $y c; lset m $x 1 d; lset m 1 1 0 e; lset m 1 1 1 f; set m }
proc c6 {} { set m "a {b \{} c"; list [catch {lset m 1 0 x} e] $e $m }
proc c7 {} { set m {}; lset m 0 a; lset m end+1 b; lset m end+1 0 c;  set m }
proc c8 {} { set m {a b c}; lset m end z; lset m end-1 y; lset m 0+0 x; list [catch {lset m end-3 q} e] $e $m }
# Joining with nothing keeps what a value is.
proc d1 {} { set l [items 3]; set m $l[set l {}]; set n "[lrange $m 0 end][string range {} 0 0]"; list $m $n $l [string length $m$l] "${l}" }
proc d2 {} { set d {  a 1 }; set e $d[set d {}]; list <$e> [dict get $e a] [string length "$e[set e {}]"] <$e> }
proc d3 {} { foreach i {end end-1 end+1 end--1 end+-1 end-01 end-0x1 {end- 1} {end-1 } end-+1 end-a end-1.0 end1} { lappend r [catch {lindex {a b c} $i} m] $m }; set r }
foreach i [lsort -dictionary [info procs {[a-d][0-9]*}]] { show $i $i; show $i $i }
