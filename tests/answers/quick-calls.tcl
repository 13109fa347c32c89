proc show {name script} { set r [catch {uplevel 1 $script} m o]; puts "$name: $r <$m>"; if {$r == 1} { puts "$::errorCode $::errorInfo" } }
proc d1 {a {b 2} args} { list $a $b $args [info level 0] }
proc d2 {{a 1} {b 2}} { incr a; list $a $b [info level 0] }
proc d3 args { lappend args z; list $args [llength $args] }
proc d4 {{a 1} b} { list $a $b }
proc d5 {a {args x}} { list $a $args }
proc n args {}
proc n2 args {   
}
proc n3 args { # nothing
}
proc all {} {
    foreach i {1 2 3} {
        lappend r [d1 x] [d1 x y] [d1 x y z] [d1 x y z w] [d2] [d2 5] [d2 5 6] [d3] [d3 1] [d3 1 2]
        lappend r [n] [n 1 2] [n2 [incr k]] [n3 $k] [n {*}{1 2 3}]
        set c d1; lappend r [$c 1] [$c {*}{1 2 3}] [::d3 $c]
    }
    set r
}
show all all
foreach i {1 2} {
    foreach s {{d1} {d2 1 2 3} {d4} {d4 1} {d4 1 2} {d5 1} {d5 1 2}} { show $s $s }
    proc w {} { d1 }; show w w
    proc w {} { d2 1 2 3 }; show w w
}
proc calls {} { foreach i {1 2 3 4} { lappend r [n $i] [d2 $i]; if {$i == 2} { proc n args { return redefined }; proc d2 args { return "also $args" } } }; set r }
show calls calls
proc n args {}
proc traced {} { foreach i {1 2 3 4} { n $i; if {$i == 2} { trace add execution n enter {apply {{c op} {puts "$op $c"}}} } } }
show traced traced
trace remove execution n enter {apply {{c op} {puts "$op $c"}}}
proc stepped {} { n 1; d2; n 2 }
trace add execution stepped enterstep {apply {{c op} {puts "$op $c"}}}
show stepped stepped
proc deep {n {x 0}} { if {$n} { deep [expr {$n - 1}] } else { return bottom } }
show deep {deep 200}
interp recursionlimit {} 50
show limit {deep 200}
interp recursionlimit {} 1000
proc loc args { info locals }
show loc {loc 1 2}
proc opt {a {b [x]}} { unset a; list $b [info exists a] }
show opt {list [opt 1] [opt 1] [opt 1 2]}
show find { set l {a b c 1 2.5 {x y} {} end 0x10 010}; set r {}
    foreach e {a c 1 01 2.5 2.50 {x y} {} 0x10 16 nothing A} { lappend r [lsearch $l $e] [lsearch -exact $l $e] [expr {$e in $l}] [lsearch -nocase $l $e] [lsearch -all $l $e] [lsearch -not $l $e] [lsearch -inline $l $e] }
    set r }
show find2 { set l [list 1 [expr {1+1}] [expr {1.5+1}] [list a b] [dict create a b] [string repeat a 30]]
    list [lsearch $l 2] [lsearch $l 2.5] [lsearch $l {a b}] [lsearch $l aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa] [lsearch -start 4 $l {a b}] [lsearch -integer -exact {1 2 3} 3] [lsearch -integer {1 2 3} 3] [lsearch {a* b} a*] [lsearch {a\\ b} {a\\}] [lsearch {{[a]}} {[a]}] }
show find3 { set l {{a 1} {b 2} {c 3}}; list [lsearch -index 0 $l b] [lsearch -index 1 -inline $l 3] [lsearch -index end -all $l *] [lsearch -index {0 0} $l c] [catch {lsearch -index 2 $l x} m] $m [lsearch -index 0 -exact $l zz] }
show reverse { list [string reverse abc] [string reverse {}] [string reverse a\u00e9b] }
proc pairs {} { foreach {a b} {1 2 3 4 5} { lappend r $a $b }; foreach {a b} {} {lappend r no}; foreach {a b c} [lrange {1 2 3 4 5 6 7} 0 end] {lappend r $c}; set r }
show pairs pairs
proc traces_of_builtins {} { foreach i {1 2 3 4} { lreverse $i; if {$i == 2} { trace add execution lreverse enter {apply {{c op} {puts "$op $c"}}} } } }
show traces_of_builtins traces_of_builtins
