oo::class create DM {superclass oo::class}
DM create X
namespace eval dial2 {}
oo::define DM definitionnamespace -instance ::dial2
puts [info class definitionnamespace DM -instance]
puts [oo::objdefine X {namespace current}]
puts [catch {oo::objdefine X method zz {} {}} m]$m
oo::class create DN
DN create o
oo::define DN definitionnamespace -instance ::dial2
puts [oo::objdefine o {namespace current}]
puts [catch {oo::objdefine o method zz {} {}} m]$m
puts [oo::define X {self {namespace current}}]
puts [catch {oo::objdefine o puts hi} m]$m
proc foo args {return foo$args,[uplevel 1 {namespace current}]}
puts [catch {oo::objdefine o foo hi} m]$m
oo::class create CP {variable x; constructor {} {set x {1 2}}; method x {} {set x}; method <cloned> from {next $from; lappend x cloned; list [namespace which -variable x] [info exists x]}}
CP create cp
puts [oo::copy cp cp2],[cp2 x]
