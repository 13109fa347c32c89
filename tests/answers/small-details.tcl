# Single things that differed from the reference.
proc target {x y} {}
namespace ensemble create -command e2 -map {s2 target}
namespace ensemble create -command e1 -map {s1 e2} -parameters foo
foreach first {s2 s} {catch {e1 $first s1 a} m; puts $m}
# an alias in the place of its target
interp create a
puts [list [catch {interp alias "" a a eval} m] $m [info commands a]]
interp create b; interp create {b c}
puts [list [catch {interp alias "" b {b c} eval} m] $m [info commands b]]
set env(TCL_INTERP_DEBUG_FRAME) 1
interp create d
puts [list [interp debug d] [interp debug {}]]
interp create -safe s
foreach name {tcl:process:list tcl:unsupported:corotype tcl:unsupported:representation tcl:zipfs:find tcl:zipfs:mount} {
    puts [list $name [expr {$name in [interp hidden s]}]]
}
puts [catch {s eval tcl::unsupported::icu} m],$m
foreach name {tcl_patchLevel tcl_version} sub {patchlevel tclversion} {
    set $name other; puts [info $sub]; unset $name; puts [list [catch {info $sub} m o] $m [dict get $o -errorcode]]
}
puts [list [catch {zipfs root x} m] $m]
puts [info cmdtype [zlib stream compress]]
puts [list [info args auto_qualify] [auto_qualify a ::b] [auto_qualify ::a ::]]
# a list to be evaluated stays one
set script [list lindex 5]
puts [list [uplevel 0 $script] [string match {*no string representation} [tcl::unsupported::representation $script]]]
puts [list [catch {uplevel [list 0] {set script}} m] $m [catch {uplevel [list #0]} m] $m]
# a comparison cannot yield
proc compare {a b} {catch yield m; lappend ::seen $m; string compare $a $b}
puts [coroutine c lsort -command compare {b a}]
puts $seen
# what an enter trace has put in the place of its command is called, wherever that was found from
proc ::x {} {return global}
namespace eval aa {proc x {} {return aa}}
interp alias {} y {} x
trace add execution ::x enter {apply {args {rename ::x {}; proc ::x {} {return new}}}}
puts [namespace eval aa y]
rename ::x {}
