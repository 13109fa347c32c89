# An idiom of many programs: a command wrapped at run time by rename and interp alias, inside code that is running;
# a memoising proc that redefines itself; a DSL in a namespace that shadows core commands; defer by unset trace.
proc defer script {
    upvar 1 __defer v
    set v 1
    trace add variable v unset [list apply {{script args} {uplevel 1 $script}} $script]
}
proc work {} {
    defer {lappend ::log closed}
    defer {lappend ::log flushed}
    lappend ::log working
    error "work failed" "" {APP FAIL}
}
set log {}
puts [list [catch work m o] $m [dict get $o -errorcode] $log]
puts [dict get $o -errorinfo]
# memo by self-redefinition while it runs
proc config {} {
    proc config {} [list return [list loaded once]]
    incr ::loads
    set x [config]
    return "first $x"
}
puts [list [config] [config] $loads]
# wrap a core command for a while, from inside a loop
proc trace_puts {on} {
    if {$on} {
        rename ::set ::_set
        proc ::set {name args} {
            ::incr ::sets
            ::uplevel 1 [::list ::_set $name {*}$args]
        }
    } else {
        rename ::set {}
        rename ::_set ::set
    }
}
proc loop {} {
    set out {}
    foreach i {1 2 3 4} {
        if {$i == 2} {trace_puts 1}
        set y [expr {$i * 2}]
        lappend out $y
        if {$i == 3} {trace_puts 0}
        set z $y
    }
    list $out $z $::sets
}
puts [loop]
puts [catch {loop2} m]:$m
# a DSL that shadows core commands
namespace eval dsl {
    proc if {cond then args} {::lappend ::dsl "if $cond"; ::if {[::uplevel 1 [::list expr $cond]]} {::uplevel 1 $then}}
    proc return {v} {::lappend ::dsl "return $v"; ::return -code return $v}
    proc run {a} {
        if {$a > 1} {return big}
        if {$a > 1 &&} {return never}
    }
}
puts [list [catch {dsl::run 2} m] $m $dsl]
puts [list [catch {dsl::run 0} m o] $m [dict get $o -errorcode]]
puts $::errorInfo
# a dispatcher by {*} of literal and computed words
proc dispatch {cmd args} {
    switch -- $cmd {
        add {tailcall ::tcl::mathop::+ {*}$args}
        cat {return [string cat {*}{a b} {*}$args]}
        default {return -code error -errorcode [list APP NOSUCH $cmd] "no such command \"$cmd\""}
    }
}
puts [dispatch add 1 2 3][dispatch cat x y]
puts [list [catch {dispatch nope} m o] $m [dict get $o -errorcode] [dict get $o -errorinfo]]
puts [list [catch {dispatch add 1 x} m o] $m [dict get $o -errorcode]]
puts [dict get $o -errorinfo]
# coroutine generator over a command that is redefined between yields
coroutine gen apply {{} {yield; foreach i {a b c} {yield [string toupper $i]}}}
puts [gen]
rename ::string ::_string
proc ::string {sub args} {return "<[::_string $sub {*}$args]>"}
puts [gen]
rename ::string {}
rename ::_string ::string
puts [gen]
puts [catch {gen; gen} m]:$m
puts [list [catch {try {error a b {X Y}} trap {X} {msg opts} {error "$msg again"} finally {lappend ::log fin}} m o] $m [dict get $o -errorcode] [dict get [dict get $o -during] -errorcode] [lindex $log end]]
puts [list [catch {lmap x {1 2 3} {if {$x == 2} continue; if {$x == 3} {error at$x}; set x}} m o] $m]
puts [dict get $o -errorinfo]
