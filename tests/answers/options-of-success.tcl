# The options of a return that succeeds are kept for a catch or try around it, until a command is called.
proc f {} {return -foo 1 x}
puts [catch f m o],$o
puts [catch {f} m o],$o
puts [catch {f; set a 1} m o],$o
puts [catch {f; f2} m o],[dict keys $o]
proc g {} {set x 1}
puts [catch {f; g} m o],$o
puts [catch {f; string length a} m o],$o
puts [catch {f; lsort {a b}} m o],$o
puts [catch {f; list {a b}} m o],$o
proc h {} {f}
puts [catch {h} m o],$o
proc h2 {} {set x [f]}
puts [catch {h2} m o],$o
proc h3 {} {if {[f] eq "x"} {return y}}
puts [catch {h3} m o],$o
puts [catch {list [f]} m o],$o
puts [catch {set x [f]} m o],$o
puts [catch {eval f} m o],$o
proc h4 {} {catch {return -level 0 -bar 2 x} m o; set o}
puts [h4]
puts [catch {return -level 0 -bar 2 x} m o],$o
proc h5 {} {catch {f} m o; set o}
puts [h5]
proc h6 {} {catch {eval f} m o; set o}
puts [h6]
puts [try {f} on ok {m o} {set o}]
proc h7 {} {try {f} on ok {m o} {set o}}
puts [h7]
puts [catch {f} m o],$o,[catch {set b} m o],[dict keys $o]
puts [catch {uplevel 0 f} m o],$o
puts [catch {apply {{} {return -foo 3}}} m o],$o
puts [catch {namespace eval a {f}} m o],$o
puts [catch {after 0} m o],$o
puts [catch {return -code error -foo 1 x} m o],[dict get $o -foo]
proc k {} {return -code ok -level 1 -foo 2 r}
puts [catch {k} m o],$o
proc k2 {} {return -level 2 -foo 2 r}
proc k3 {} {k2; return w}
puts [catch {k3} m o],$o
puts [catch {return -level 0 -options {-foo 1 -level 0}} m o],$o
puts [list [catch { return -level 0 -options {-options {-foo 1} -options {-bar 2}} } -> foo] $foo]
puts [list [catch { return -level 0 -options {-x 1 -options {-foo 1} -y 2 -options {-bar 2}} } -> foo] $foo]
puts [list [catch { return -level 0 -options {-x 1 -options {-x 5 -foo 1} -y 2 -x 3 -options {-bar 2}} } -> foo] $foo]
puts [list [catch { return -level 0 -options [list -options {-foo 1} -options {-bar 2}] } -> foo] $foo]
puts [list [catch { return -level 0 -options [dict create -options {-foo 1} -bar 2] } -> foo] $foo]
puts [list [catch { return -level 0 -options [dict create -a 1 -options {-foo 1 -a 2} -bar 2] } -> foo] $foo]
puts [list [catch { return -level 0 -options [dict create -options {-foo 1 -a 2} -bar 2 -a 3] } -> foo] $foo]
puts [list [catch { return -level 0 -options {-foo 1 -foo 2} } -> foo] $foo]
puts [list [catch { return -code error -options {-options {-foo 1} -options {-bar 2}} } -> foo] $foo]
proc p {} {return -options {-options {-foo 1} -options {-bar 2}}}
puts [list [catch p -> foo] $foo]
# finally and handlers keep them
proc f1 {} {try {f} finally {set a 1}}
puts [list [catch f1 m o] $o]
proc f2 {} {try {f} finally {string length [lsort {b a}]}}
puts [list [catch f2 m o] $o]
proc f3 {} {try {f} on error {} {}}
puts [list [catch f3 m o] $o]
proc f4 {} {try {error x} on error {} {f}}
puts [list [catch f4 m o] $o]
set s {return -level 0 -bar soom x}
puts [list [catch {try $s finally {}} m o] $o]
# the order of what catch tells
catch {expr {1/0}} m o; puts [dict keys $o]
set x 0
catch {expr {1/$x}} m o; puts [dict keys $o]
catch "set a \"b\"c" m o; puts [dict keys $o]
catch {expr {1 +}} m o; puts [dict keys $o]
proc g args {return {*}$args}
foreach a {{-errorinfo I -code error -level 2} {-code error -errorinfo I -errorcode Q -level 2} {-code error -level 2}} {
    puts [list $a [catch {g {*}$a} m o] $o]
}
set auto_index(::xxx) {proc ::xxx {} { return -code error -level 2 xxx }}
catch {::xxx} m o; puts $o
catch {::xxx} m o; puts $o
