# What a script found in one interpreter does not hold in another: variables, commands, subcommands, functions, traces.
interp create a
interp create b
foreach child {a b} {
    $child eval [list set ::v "v of $child"]
    $child eval [list array set ::arr [list k "element of $child"]]
    $child eval [list namespace eval n [list variable w "w of $child"]]
    $child eval [list proc ::own {} [list return "own of $child"]]
}
a eval {
    proc incr {name} {upvar 1 $name x; set x "incr of a"}
    rename lindex old_lindex
    proc lindex args {return "lindex of a"}
    proc ::tcl::mathfunc::double {x} {return "double of a"}
    proc ::tcl::mathfunc::mine {x} {return "mine of a"}
    namespace ensemble configure string -map [dict replace [namespace ensemble configure string -map] length ::own]
    trace add variable ::traced write {apply {args {set ::v "traced in a"}}}
}
b eval {
    proc ::tcl::mathfunc::mine {x} {return "mine of b"}
}
proc try-in {child script} {
    puts "$child: [catch {$child eval $script} message] $message"
}
set scripts {
    {set ::v} {set ::arr(k)} {set ::n::w} {::own} {own} {set v} {lindex {x y} 1} {expr {double(3)}} {expr {mine(3)}}
    {set i 5; incr i; set i} {string length abc} {set ::traced 1; set ::v}
    {foreach ::v {x y} {lappend ::all $::v}; set ::all} {proc p {} {return $::v[own]}; p}
    {apply {{} {return $::v[own][lindex {a b} 1]}}} {append ::v +} {lappend ::list $::v} {info exists ::only}
    {set ::only 1; info exists ::only} {unset ::v; info exists ::v} {namespace eval n {set w}} {set i 1; while {$i < 3} {incr i; if {$i ne 2} break}; set i}
    {dict set ::d k $::arr(k)} {upvar #0 arr q; set q(k)} {set ::v again; set ::v} {info commands lindex}
}
foreach script $scripts {
    foreach child {a b a b} {try-in $child $script}
}
proc words {child args} {puts [catch {$child eval {*}$args} message]:$message}
foreach child {a b a b} {
    words $child set ::v
    words $child set ::arr(k)
    words $child lindex {p q} 1
    words $child own
}
interp delete a
interp create a
a eval {set ::v new; proc own {} {return new}}
foreach child {a b} {
    words $child set ::v
    words $child own
    words $child lindex {p q} 1
}
