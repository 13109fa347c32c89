# The smallest cases of scripts by tests/data/script-grammar.txt that had other answers than the reference's. Each runs in
# an interpreter of its own.
proc case {script} {
    set child [interp create]
    set code [catch {$child eval $script} result options]
    puts "-- $script\n$code <$result>"
    if {$code == 1} {puts "[dict get $options -errorcode]\n[dict get $options -errorinfo]"}
    interp delete $child
}

# What `return` ends in the outermost script of an interpreter.
case {namespace eval n {return -code error a}}
case {namespace eval n {return a}; list b}
case {namespace eval n {return -level 2 -code error a}; list b}
case {catch {namespace eval n {return -code error a}}}
case {catch {namespace eval n {return -code error a}} m}
case {foreach x 1 {namespace eval n {return a}; list b}; list c}
case {::tcl::namespace::eval n {return a}; list b}
case {dict filter {a 1} script {k v} {return a}; list b}
case {namespace inscope :: {return a}; list b}
case {coroutine co return -code error a}
case {coroutine co eval {yield; return -code error a}; co}
case {coroutine co apply {{} {yieldto list a; yieldto return -code 4 b}}; co; co}
case {namespace eval n {}; coroutine co apply {{} {yieldto list a; yieldto return -code 4 b}}; co; co}
case {eval {}; coroutine co return -code 2 a}
case {while 1 {coroutine co apply {{} {yieldto list a; yieldto return -code break b}}; co; list c}}
case {proc p {} {tailcall return a}; p; list b}
case {proc p {} {tailcall return a}; proc main {} {p; list b}; main}
case {proc p {} {tailcall return -code error a}; p}
case {trace add variable v write {return x;#}; set v 1; list b}
case {trace add variable v write {return -code error x;#}; set v 1; list b}
case {namespace eval n {}; trace add variable v write {break;#}; set v 1}
case {proc p {} {trace add variable v write {return x;#}; set v 1; list b}; p}

# Which commands the reference compiles, and what it says of their bodies.
case {switch -9 {a 1 b - default {set b}}}
case {proc main {} {
switch -- [set x a] {\a 1 b - \\ - a {
 try {set b} on error {m} {list $b}}}
}
main}
case {for {set i 0} {$i < 3} {incr i} {list a
list a\
    b
nosuch}}
case {proc main {} {
catch $a n::v
}
catch main
proc main {} {
set a nosuch
catch $a n::v
}
main}
case {switch -- 1 {} {} default { "abc",
}}
case {if 1 { "abc",
}}
case {proc main {} {try {} trap TCL m $b finally nosuch}; main}
case {proc main {} {set b {}; try {} trap TCL m $b finally nosuch}; main}
case {proc main {} {try $v on error m - on error {} {}}; main}
case {set m "a b";proc main {} {dict update ::m k w {nosuch}}; main}
case {subst {[list] [nosuch]}}
case {proc p x {tailcall $x};coroutine co p 1e3}
case {lsort -command {apply {{a b} {tailcall nosuch}}} {a a}}
case {catch {return -code error -errorinfo "some\ninfo" "a"} nosuch::v}
case {proc p {} {list [catch [list info level 5] m o] [dict get $o -errorcode]}; list [p] [catch [list info level 5] m o] [dict get $o -errorcode]}
case {proc p {} {set x 1; catch [list array set x {a 1}] m; set m}; p}

# What comes after commands are defined anew or steps are traced while code runs.
case {proc pe {x} {set x}
trace add execution pe {enterstep leavestep} {apply {args {}}}; pe 1
namespace origin p}
case {proc pe {x} {set x}
trace add execution pe {enterstep leavestep} {apply {args {}}}; pe 1
lappend y [regexp -start]}
case {trace add execution list enter {apply {args {}}}; list a; foo $nosuch}
case {trace add execution list enter {apply {args {}}}; proc p {} {}; list a; p; foo $nosuch}
case {proc pe x {namespace upvar n v}; trace add execution pe enterstep {apply {args {}}}; pe 1}
case {proc main {} {
    trace add execution main enterstep {lappend ::log}
    list a
}
trace add execution main enterstep {lappend ::log}
main
main
set log}

# Lines of errors that no command has.
case {proc main {} {set b 1
catch {

error x} m
uplevel {};break}
main}
case {proc main {} {set b 1
catch {

error x} m
break}
main}
case {list a
error x info}
case {error x info
list "a"b}
case {set ::errorInfo
list "a"b}

# Variables.
case {proc main {} {info exists h($a)}; main}
case {proc main {} {unset -nocomplain h($a) h}; main}
case {proc main {} {incr h($a) $c}; main}
case {proc main {} {set h($a) $c}; main}
case {lassign a nosuch::v h($a)}
case {catch {incr h(a) abc}; catch {const k(a) 1}; list [array exists h] [array exists k]}
case {set a 1
upvar 0 a w; set w 1; unset w
upvar 0 a w}
case {namespace eval n {set v 1}; proc main {} {namespace upvar n v n::v}; main}
case {upvar 0 arr(b) w; set w 3; upvar 0 arr(k) w; set w}
case {namespace eval n {upvar x c b}}
case {uplevel 18446744073709551616 a}
case {info level 18446744073709551616}
case {info level 2147483648}
case {proc p {x b} {lappend x $b}; p "\{" a}
case {set m {a  "b"}; dict update m k w {}; dict append m a; set m}
case {proc p {} {dict incr ::m k 0x5; set ::m}; p}

# Orders in which words are looked at.
case {list {*}{{}x y} $m}
case {list {*}{{}x y} {*}{a "x"y}}
case {binary encode uuencode -wrapchar a -maxlen 0 b}
case {binary encode uuencode -maxlen 4294967296 b}
case {interp create i; interp limit i time -milliseconds {}}
case {interp create i; interp limit i time -milliseconds 1 -seconds {}}
case {interp create i; interp limit i commands -granularity 4294967296}
case {format %*d 99999999999 x}
case {format {%*d %d} -9223372036854775808 2}

# Errors and their options.
case {error a {} "\{"}
case {eval [list error a b "\{"]}
case {catch {error a b c} m o; catch {return -options $o $m} m o; dict keys $o}
case {catch {try {error a} finally {set x 1}} m o; dict keys $o}
case {catch {try {error a} on error {} {error b}} m o; dict keys $o}
case {catch {throw A b} m o; dict keys $o}
case {namespace ensemble create -command e -map {add ::tcl::mathop::+}; e add x1y2 1}
case {namespace ensemble create -command e -map {add ::tcl::mathop::+}; e add 1 2 x1y2}
case {eval [list array default exists arr x]}
case {array default exists arr x}
case {encoding convertfrom -profile replace -failindex c -failindex x utf-32}
case {set a {}; eval [list expr $a | 1]}
case {expr {((1 ? 5. : 2) << 1)}}
case {expr {(1 ? 5. : 2) eq "5."}}

# Others.
case {proc p {} {incr ::n; p}; catch p; set n}
case {proc p {} {incr ::n; eval p}; catch p; set n}
case {regsub -all -nocase {} abc x}
case {namespace eval n {interp alias {} n::p {} n::p}; namespace which n::n::p}
case {set v 1; if $v {nosuch}}
case {set x 1; if {$x} {nosuch} elseif {1 +} {}}
case {trace add execution lset enter {apply {args {}}}
set ::notes}
case {trace add execution list enter {apply {args {}}}; lmap ::x a {set ::notes}}
case {expr {max("abc", (1 && 1) ? ([list] in "") : ((1) in (1)))}}
case {interp create i; i limit time -granularity 1 x}
case {interp create i; i invokehidden --}
case {interp create i; interp invokehidden i --}
case {set m {}; dict with m {variable m a b c; nosuch}}
case {try {binary decode {}} on error {} incr}
case {array set a(1) x}
case {lsort -command {a "x"y} {"quoted"x y}}
case {catch {nosuch} m o; dict keys $o}
case {trace add variable v write {}; set v 1}
case {catch {dict unset h(a) k}; catch {incr k(a) b}; list [array exists h] [array exists k]}
