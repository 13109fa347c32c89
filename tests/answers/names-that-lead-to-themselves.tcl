proc t {s} {puts "$s -> [catch {uplevel #0 $s} m] [string range $m 0 60]"}
namespace ensemble create -command e -map {x {e x}}
t {e x}
namespace ensemble create -command e3 -map {x e4}
namespace ensemble create -command e4 -parameters a -map {x e3}
t {e3 x x x x x x x}
interp alias {} al {} eval al
t {al}
namespace eval n {namespace unknown {::apply {args {nosuch}}}; proc p {} {nosuch}}
t {n::p}
oo::class create A {method unknown args {my nosuch}}
A create o
t {o foo}
oo::class create B {forward m my m; forward k ::b2 k}
B create b; B create b2
t {b m}
t {b2 k}
oo::objdefine b forward q ::b r
oo::objdefine b forward r ::b q
t {b q}
interp create c
oo::class create F {filter f; method f args {my f}; method m {} {}}
F create ff
t {ff m}
namespace eval around {namespace ensemble create -unknown {apply {args {lrange $args 0 1}}}}
t {around x}
namespace eval back {namespace ensemble create -unknown {apply {{name args} {list back y}}}}
t {back x}
