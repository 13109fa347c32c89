proc t {s} {puts "--- [string range [string map {\n { | }} $s] 0 150]"; set c [catch {uplevel #0 $s} r o]; puts "$c $r"; if {$c==1} {puts "  code=[dict get $o -errorcode]"; set i [dict get $o -errorinfo]; puts "  info=$i"} }
oo::class create A
t {oo::define A set x 1}
t {info vars ::oo::define::*}
t {oo::define A namespace current}
t {oo::define A {set xx 1}}
t {info vars ::oo::define::*}
t {oo::define A {info level 0}}
t {oo::define A info level 0}
t {oo::define A {private {info level 0}}}
t {oo::define A {self {info level 0}}}
t {oo::define A {self info level 0}}
t {oo::define A {info level}}
oo::configurable create Point {property x -get {return -code break}}
Point create p
t {p configure -x}
t {info class forward A zz}
t {oo::copy}
t {oo::copy x}
t {oo::copy A A}
t {oo::copy A B ::oo}
t {oo::copy A B C D}
t {oo::class create Z {variable v; constructor {} {set v 1; proc foo {} {}; variable arr; set arr(1) 2; variable nt}; method m {} {set v}; self method cm {} {}}}
t {Z create z1}
t {oo::copy z1 z2}
t {z2 m}
t {info object vars z2}
t {info procs [info object namespace z2]::*}
t {oo::copy z1 {} ::foons}
t {oo::copy z1 z3 ::foons2}
t {info object namespace z3}
t {oo::copy Z Z2}
t {info class methods Z2}
t {info object methods Z2}
t {info object mixins Z2}
t {info class constructor Z2}
t {info class super Z2}
t {info commands ::oo::Obj*::*delegate}
t {oo::define Z method <cloned> x {error $x}}
t {oo::copy z1 z9}
t {info commands z9}
t {oo::copy oo::object foo}
t {oo::copy oo::class foo}
t {info class methods foo}
t {oo::singleton create Sing ; set x [Sing new]; Sing destroy; info commands $x}
t {oo::InfoObject}
t {oo::InfoObject class}
t {info object class p x y}
t {rename ::oo::copy ""}
t {oo::DelegateName}
t {oo::DelegateName A}
t {oo::DelegateName p}
t {oo::UnknownDefinition}
t {oo::UnknownDefinition x y}
t {oo::define A sup oo::object}
t {oo::define A {sup oo::object}}
t {oo::define A {m}}
t {oo::define A m}
t {oo::define A {de}}
t {package require tcl::oo}
t {package present TclOO}
t {oo::class create D {constructor {} {error $::errorCode}}}
t {D new}
t {oo::class create E {filter f; method f args {error infilter}; method m {} {}}}
t {[E new] m}
t {E create e}
t {oo::objdefine e {filter g; method g args {next {*}$args}; method h {} {error h}}}
t {e h}
t {oo::objdefine e method h2 {} {next}}
t {oo::define E deletemethod f}
t {e h2}
t {oo::define E {constructor {x} {}}}
t {E create e9 1 2}
t {oo::define E {destructor {error d}}}
t {rename e ""}
t {oo::define E {method unk {} {my notthere}}}
t {E create ee 1; ee unk}
t {oo::define E {method lp {} {foreach x 1 {error a}; while 1 {error b}}}}
t {ee lp}
