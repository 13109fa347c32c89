# Calls of methods again and again: what is remembered of them must not outlive what it is about.
oo::class create Counter {
    variable n
    constructor {{start 0}} {set n $start}
    method inc {{by 1}} {incr n $by}
    method add {by} {incr n $by; return $n}
    method both {by} {my add $by; my add $by}
    method shown {} {list value $n}
    method where {} {list [info level] [info level 0] [uplevel 1 {info level}] [namespace current]}
    method outer {name} {upvar 1 $name v; incr v; my deeper $name}
    method deeper {name} {uplevel 2 [list set $name]}
    method last args {tailcall my add 1}
    method part {} {yield $n; yield [my add 1]; return done}
    method deep {} {my deep}
    method words args {info level 0}
}
oo::class create Loud {
    superclass Counter
    method add {by} {next [expr {$by * 2}]}
    method where {} {next}
    method shown {} {lappend list {*}[next] loud}
}
proc exercise {} {
    set objects {}
    foreach start {1 10 100} {
        lappend objects [Counter new $start] [Loud new $start]
    }
    for {set round 0} {$round < 3} {incr round} {
        foreach object $objects {
            $object add 1
            $object both 2
            set x [$object shown]
            lappend result [lindex $x 1] [llength [list [$object shown] [$object inc]]]
        }
    }
    return $result
}
puts [exercise]
puts [exercise]
Counter create c 5
Loud create l 5
proc levels {} {list [c where] [l where]}
puts [string map [list [info object namespace c] C [info object namespace l] L] [levels]]
puts [string map [list [info object namespace c] C] [c where]]
proc caller {} {set v 1; list [c outer v] $v}
puts [caller]
puts [list [c last] [l last 1 2]]
puts [list [c words] [c words {} "a b"]]
coroutine walk c part
puts [list [walk] [walk] [info commands walk]]
puts [list [catch {c deep} message] $message]
# A method is defined anew, hidden, made private, filtered.
proc ask {} {c add 1}
puts [list [ask] [ask]]
oo::define Counter method add {by} {return "new $by"}
puts [list [ask] [ask]]
oo::objdefine c method add {by} {return "own [next $by]"}
puts [list [ask] [ask]]
oo::objdefine c unexport add
puts [list [catch ask message] $message]
oo::objdefine c export add
oo::objdefine c {
    method seen args {return "([next {*}$args])"}
    filter seen
}
puts [list [ask] [ask] [c both 1]]
oo::objdefine c filter -clear
puts [list [ask] [c both 1]]
oo::objdefine c deletemethod add
puts [list [ask] [ask]]
# Commands in the namespace of an object hide others from its methods only.
oo::class create Shadow {
    method set_it {} {set x 1; return $x}
    method hide {} {proc set args {uplevel 1 [list ::set [lindex $args 0] hidden]}}
    method len s {string length $s}
}
Shadow create s1
Shadow create s2
proc shadows {} {list [s1 set_it] [s2 set_it] [s1 len abc]}
puts [shadows]
s1 hide
puts [shadows]
puts [shadows]
s2 destroy
Shadow create s2
puts [shadows]
# Objects come and go by the same name, and so do their commands.
proc again {} {
    for {set i 0} {$i < 3} {incr i} {
        Counter create tmp $i
        lappend result [tmp inc]
        rename tmp other
        lappend result [other inc] [catch {tmp inc} message] $message
        other destroy
        lappend result [catch {other inc} message] $message
    }
    return $result
}
puts [again]
proc tmp args {return "a procedure: $args"}
proc call {} {tmp inc}
puts [call]
rename tmp {}
Counter create tmp 1
puts [call]
proc tmp args {return "a procedure: $args"}
puts [call]
# A trace of steps sees methods as any commands.
proc note {command args} {lappend ::notes $command}
oo::define Counter method traced {} {set a 1; my inc}
proc stepping {} {c traced}
set notes {}
trace add execution stepping enterstep note
stepping
puts $notes
trace remove execution stepping enterstep note
# `my` by another name.
oo::define Counter method rename_my {} {rename my mine; list [mine inc] [catch {my inc} message] $message}
puts [c rename_my]
puts [list [catch {c both 1} message] $message]
# Arguments are counted on the short way, too.
oo::define Counter method two {a b} {list $a $b}
proc two args {l two {*}$args}
foreach words {{1 2} {1} {1 2 3} {}} {
    puts [list [catch {two {*}$words} message] $message]
}
oo::define Loud method two {a} {next $a}
puts [list [catch {l two 1} message options] $message [dict get $options -errorinfo]]
# Variables come and go while methods run.
oo::define Counter method gone {} {unset n; list [info exists n] [catch {set n} message] $message [set n 4] [info exists n]}
puts [l gone]
puts [l gone]
oo::define Counter {
    variable more
    method more {} {lappend more x}
    method unlink {} {namespace delete [namespace current]; list [catch {set n} message] $message}
}
puts [list [l more] [l more]]
puts [l unlink]
puts [info commands l]
