proc t {s} {puts "--- [string range [string map {\n { | }} $s] 0 250]"; set c [catch {uplevel #0 $s} r o]; puts "$c $r"; if {$c==1} {puts "  code=[dict get $o -errorcode]"; set i [dict get $o -errorinfo]; puts "  info=$i"} }
t {oo::class create A {e}}
t {oo::class create A {meth a}}
t {oo::class create A {self {meth a}}}
t {oo::class create A {private {meth a}}}
t {oo::class create A {private meth a}}
t {oo::class create A {self meth a}}
t {oo::object create o; oo::objdefine o {meth a b}}
t {oo::objdefine o meth a b}
foreach h {next nextto self callback mymethod classvariable link} {
t "::oo::Helpers::$h"
t "::oo::Helpers::$h a"
t "::oo::Helpers::$h a b"
t "oo::class create H {method m args {$h {*}\$args}}; H create hh; hh m"
t "hh m"
t "hh m a"
t "hh m a b"
t "H destroy"
}
t {oo::class create A {
    mixin oo::class
    method eval x {return $a}
}
A create o Inf}
t {A create o Inf x}
t {A create p}
t {p create p 2 3}
unset -nocomplain a; set a 1
namespace eval foo {set a 2; variable a; set q 3}
puts "$a [info vars foo::*]"
catch {A destroy}
oo::class create A {method f {} {}}
catch {o destroy}; A create o
set ns [info object namespace o]
namespace eval $ns {set a 2; set b 1; variable v 2}
puts "[info exists ${ns}::a] [info exists ${ns}::b] [set ${ns}::b] $a [lsort [info vars ${ns}::*]]"
namespace eval $ns {puts [info vars]; puts [info exists b]; set b 4; puts $b}
puts "[info exists ${ns}::a] [info exists ${ns}::b] [set ${ns}::b] $a [lsort [info vars ${ns}::*]] [info exists b]"
puts [info object vars o]
oo::objdefine o {method g {} {variable b; puts [info vars]; puts $b; my variable a; set a 3}}
o g
puts [info object vars o]
puts [info vars ${ns}::*]
set ${ns}::zz 1
puts [info object vars o]
namespace eval $ns {upvar 0 zz yy; set yy 3; lappend ll 1; incr ii}
puts [info object vars o]
namespace eval $ns {unset b; set b 3; array set arr {a 1}}
puts [info object vars o]
catch {A destroy}
oo::class create A {variable a b; constructor {} {set a 1}; method f {} {set b 2}; method g {} {my variable q; set q 1}; method h {} {variable r; set r 1}; method k {} {upvar 0 [my varname s] t; set t 1}; method l {} {my eval {set u 1}}; method m {} {namespace upvar [self namespace] w w; set w 1}; method n {} {unset b; set b 3} ; method vs {} {array set a {x 1}}; method z {} {unset a; array set a {1 2}}}
catch {o destroy}; A create o
puts [info object vars o]
foreach m {f g h k l m n z} {o $m; puts "$m [info object vars o]"}
oo::copy o o2
puts [lsort [info object vars o2]]
oo::define A variable u w
puts [lsort [info object vars o2]]
oo::define A method y {} {set u 5; set w 6}
o2 y
puts [lsort [info object vars o2]]
oo::objdefine o2 variable zz
oo::objdefine o2 method yy {} {set zz 6}
o2 yy
puts [lsort [info object vars o2]]
catch {C destroy}
oo::configurable create C {property x y; constructor args {my configure {*}$args}}
C create c -x 1
puts [info object vars c]
c configure -y 3
puts [info object vars c]
catch {A destroy}
oo::class create A {variable a b; method a {} {set a 1}; method b {} {set b 2}; method n {} {unset b; set b 3}; method u {} {unset -nocomplain b}; method e {} {info exists b}}
catch {o destroy}; A create o
set ns [info object namespace o]
set ${ns}::b 1
puts "1 [info object vars o]"
o b
puts "2 [info object vars o]"
o n
puts "3 [info object vars o]"
o b
puts "4 [info object vars o]"
o u
puts "5 [info object vars o] [info vars ${ns}::*]"
o e
puts "6 [info object vars o] [info vars ${ns}::*]"
set ${ns}::b 1
puts "7 [info object vars o] [info vars ${ns}::*]"
o a
puts "8 [info object vars o] [info vars ${ns}::*]"
unset ${ns}::a
puts "9 [info object vars o] [info vars ${ns}::*]"
set ${ns}::a 1
puts "10 [info object vars o] [info vars ${ns}::*]"
catch {o2 destroy}; A create o2
set ns [info object namespace o2]
puts "11 [info object vars o2] [info vars ${ns}::*]"
o2 e
puts "12 [info object vars o2] [info vars ${ns}::*]"
oo::objdefine o2 method x {} {eval {set a 1}}
o2 x
puts "13 [info object vars o2] [info vars ${ns}::*]"
oo::define A method x {} {eval {set a 1; info vars}}
puts [o2 x]
oo::objdefine o2 deletemethod x
puts [o2 x]
puts "14 [info object vars o2] [info vars ${ns}::*]"
A create o3
set ns [info object namespace o3]
puts [o3 x]
puts "15 [info object vars o3] [info vars ${ns}::*]"
