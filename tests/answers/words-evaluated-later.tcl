# Words that are not evaluated, or later than the other words.
proc t s { puts "$s\n   [catch {uplevel #0 $s} r o] $r [string map {\n |} [dict getdef $o -errorinfo -]]" }
foreach op {== != eq ne < <= > >= lt le gt ge in ni + - * / % ** & | ^ << >> && || ! ~ max min} {
t "proc p {} {tcl::mathop::$op \$zz}; p"
t "proc p {} {tcl::mathop::$op \[incr ::count]}; set ::count 0; list \[catch p] \$::count"
t "set ::count 0; tcl::mathop::$op \[incr ::count]; set ::count"
}
t {proc p {} {tcl::mathop::== {*}$zz}; p}
t {proc p {} {namespace path tcl::mathop; < $zz}; p}
t {set b 20; lset b {1+1 -1} [unset ::b]}
t {proc p {} {set b 20; lset b {1+1 -1} [unset b]}; p}
t {proc p {} {set b 20; lset b {1+1 -1} [unset ::b]}; p}
t {set b 20; catch {lset b {1+1 -1} [unset ::b]; set w [expr {[info frame] > 0}]} e o; dict get $o -errorinfo}
t {catch {unset b}; catch {lset b {1+1 -1} [unset ::b]; set w [expr {[info frame] > 0}]} e o; dict get $o -errorinfo}
t {catch {unset b}; catch {lset b 1 [unset ::b]} e o; dict get $o -errorinfo}
t {catch {unset b}; catch {lset b 1 [set ::b]} e o; dict get $o -errorinfo}
t {catch {unset b}; catch {lset b [set ::b]} e o; dict get $o -errorinfo}
t {catch {unset b}; catch {lset b [unset ::b]} e o; dict get $o -errorinfo}
t {catch {unset b}; catch {lset b 1 $zz} e o; dict get $o -errorinfo}
t {catch {unset b}; catch {lset b $zz 1} e o; dict get $o -errorinfo}
t {proc p {} {lassign {1 2 3 4} x m $m; set 2}; p}
t {proc p {} {lassign {1 2 3 4} x m [set m]; set 2}; p}
t {proc p {} {lassign {1 2 3 4} x $x; set 1}; p}
t {proc p {} {lassign $x x $x; set 1}; p}
t {proc p {} {lassign {1 2} x y; lassign [list $y $x] x y a($x); array get a}; p}
t {proc p {} {lassign {1 2 3} x a($x); array get a}; p}
t {proc p {} {array set a {}; lassign {1 2 3} x ::a($x) y; list $y [array get ::a]}; p}
t {unset -nocomplain x m; lassign {1 2 3 4} x m $m}
t {unset -nocomplain x m; if 1 {lassign {1 2 3 4} x m $m}}
t {unset -nocomplain x m; foreach f 1 {lassign {1 2 3 4} x m $m}; list $2}
t {unset -nocomplain x m; foreach f 1 {lassign {1 2 3 4} x y($x); array get y}}
