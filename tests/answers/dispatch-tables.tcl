# Handlers in a table, called as command prefixes: procedures, ensembles, aliases, coroutines, lambdas, wrong ones.
namespace eval shape {
    proc area {unit kind args} {return "$kind [tcl::mathop::* {*}$args] $unit"}
    proc fail {unit args} {throw [list SHAPE FAIL {*}$args] "no $unit for $args"}
    namespace export *
    namespace ensemble create -parameters unit
}
interp alias {} double {} tcl::mathop::* 2
coroutine counter apply {{} {set n 0; while 1 {lassign [yieldto return -level 0 $n] by; incr n $by}}}
array set table {
    area {shape cm area square} sum {::tcl::mathop::+ 1} length {string length} twice double count counter
    fail {shape cm fail} bad {nosuch command} short {string} half {apply {x {expr {$x / 2}}}} many {apply {{a {b 5} args} {list $a $b $args}}}
    empty {} broken "a \{" quoted {list {a b} "c d"} self {dispatch length}
}
proc dispatch {name args} {tailcall {*}$::table($name) {*}$args}
proc direct {name args} {{*}$::table($name) {*}$args}
foreach call {
    {area 2 3} {area x} {sum 2 3} {sum two} {length abc} {length} {length a b} {twice 4} {twice} {count 1} {count 5} {count x} {count 1}
    {fail a b} {bad 1} {short} {short leng x} {half 9} {half} {half 1 2} {many 1} {many 1 2 3 4} {empty} {empty length abc} {broken 1}
    {quoted e} {self abcd} {nosuch}
} {
    foreach by {dispatch direct} {
        set before [llength [info commands counter]]
        set code [catch {$by {*}$call} result options]
        puts "$by $call: $code <$result> [expr {$code ? [dict get $options -errorcode] : ""}]"
        if {$before && ![llength [info commands counter]]} {
            puts "counter ended"
            coroutine counter apply {{} {set n 100; while 1 {incr n [yield $n]}}}
        }
    }
}
# One place that calls what changes under it: the table, the procedure, the ensemble's map.
proc round {name} {
    set out {}
    foreach step {0 1 2 3 4 5} {
        switch $step {
            1 {set ::table($name) {list replaced}}
            2 {set ::table($name) {shape mm area disc}}
            3 {proc ::shape::area {unit kind args} {return "new $kind $unit $args"}}
            4 {namespace ensemble configure ::shape -map {area {::list mapped}}}
            5 {rename ::shape {}}
        }
        lappend out [catch {{*}$::table($name) 2 3} result options] $result [dict getdef $options -errorcode {}]
    }
    return $out
}
foreach {code result error} [round area] {puts "$code <$result> $error"}
puts [lsort [array names table]]
puts [array names table]
