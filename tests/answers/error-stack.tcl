puts [catch {if 1<2 {set a 1} elwood {set a 2}} m]:$m
set z if
puts [catch {$z 1<2 {set a 1} elseif} m]:$m
puts [catch {$z 1<2 then {set a 1} elsex {set a 2}} m]:$m
puts [catch {$z 1<2 then {set a 1} else {set a 2} b} m]:$m
puts [catch {$z 1<2 then {set a 1} elseif 1 } m]:$m
puts [catch {$z 1<2 then {set a 1} elseif x {set b} c} m]:$m
puts [catch {if {1+}} m]:$::errorInfo
puts [catch {if 3>4 {set a 1} elseif {1>}} m]:$::errorInfo
namespace eval ns {
    namespace export x*
    proc x1 {args} {list 1 $args}
    proc Magic {ensemble subcmd args} {
        namespace ensemble configure $ensemble -parameters {p1 p2 p3 p4 p5}
        list
    }
    namespace ensemble create -unknown ::ns::Magic
}
puts [catch {ns x2 x1} msg]:$msg
proc f x {g $x$x}
proc g x {error G:$x}
catch {f 12}
puts [lrange [info errorstack] 2 end]
proc h x {uplevel 1 {f 3}}
catch {h 1} a b ; puts [lrange [dict get $b -errorstack] 2 end]
proc h x {return [namespace eval q {f 3}]}
catch {h 1} a b ; puts [lrange [dict get $b -errorstack] 2 end]
catch {apply {x {eval {incr x f}}} 3} a b ; puts [lrange [dict get $b -errorstack] 2 end]
catch {apply {x {set y; incr x f}} 3} a b ; puts [lrange [dict get $b -errorstack] 2 end]
proc foo args {}
proc goo {} foo
trace add execution foo enter {error bar;#}
catch goo m d
puts [lrange [dict get $d -errorstack] 2 end]
trace remove execution foo enter {error bar;#}
proc p1 {} {expr {[foo]+"a"}}
catch p1 m d
puts [lrange [dict get $d -errorstack] 2 end]
catch {expr {1+"a"}} m d
puts [lrange [dict get $d -errorstack] 2 end]
catch {string index a b c} m d
puts [lrange [dict get $d -errorstack] 2 end]
catch {lindex {a b} foo} m d
puts [lrange [dict get $d -errorstack] 2 end]
catch {foo bar baz[]; nosuch $d b} m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t {} {uplevel #0 {uplevel #0 {t2 a}}}
proc t2 {a} {uplevel 1 {uplevel 1 {error "[info level]"}}}
catch t m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t3 {} {set l {a b}; lset l 10 5}
catch t3 m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t4 {} {dict get {a b} c}
catch t4 m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t5 {} {set n(1) 1; set n}
catch t5 m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t6 {} {return -code error foo}
catch t6 m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t7 {} {lassign a} 
catch {t7 3} m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t8 {} {throw {A B} msg} 
catch {t8} m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t9 {} {foreach {} {a b} {}} 
catch {t9} m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t10 {} {foreach a {a b} {incr a}} 
catch {t10} m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t11 {} {regexp {(} b} 
catch {t11} m d
puts [lrange [dict get $d -errorstack] 2 end]
proc t12 {} {set a [list 1 2]; append a x; set b 1; return [string repeat $a $a]} 
catch {t12} m d
puts [lrange [dict get $d -errorstack] 2 end]
