puts [catch {string is wideinteger -nocase; {*}{}} m]$m
puts [catch {set x 5; {*}{}} m]$m
set e {}
puts [catch {set x 5; {*}$e} m]$m
puts [catch {set x 5; {*}[list]} m]$m
puts [eval {set x 5; {*}{}}]
puts [eval {set x 5; {*}$e}]
puts [eval {set x 5; {*}{} {*}$e}]
proc p {} {set x 5; {*}{}}
puts [p]
proc p {} {set x 5; {*}[list]}
puts [p]
puts [subst {a[set x 5; {*}{}]b}]
puts "a[set x 5; {*}{}]b[{*}{}]c[{*}$e]d"
puts [expr {[set x 5; {*}{}] + 1}]
puts [catch {expr {[set x 5; {*}$e] + 1}} m]$m
puts [if 1 {set x 5; {*}{}}]
puts [lmap a {1 2} {set a; {*}{}}]
proc p {} {if 1 {set x 5; {*}{}}}
puts [p]
proc p {} {eval {set x 5; {*}{}}}
puts [p]
puts [namespace eval n {set x 5; {*}{}}]
puts [uplevel 0 {set x 5; {*}{}}]
puts [uplevel #0 {set x 5; {*}{}
}]
interp create c; puts [c eval {set x 5; {*}{}}]
puts [eval "set x 5;" "{*}{}"]
puts [eval {{*}{}}]
puts [eval {set x 5; {*}{}; {*}{}}]
puts [eval {set x 5; {*}{}; {*}[list]}]
set c {set x 5; {*}{}
# end
}
puts [eval $c]
puts [if {$c ne ""} $c]
