proc t {s} {puts "--- $s"; set c [catch {uplevel #0 $s} r o]; puts "$c $r [dict getdef $o -errorcode {}]"}
oo::class create A {variable a; private variable b}; A create o
foreach w {-private -bogus {} -p} {
 foreach n {A nosuch o} { t [list info class variables $n $w]; t [list info object variables $n $w]}
}
t {dict keys [dict get [namespace ensemble configure string] -map]}
interp create i
foreach n {i nosuch} {
t "interp invokehidden $n -global -bogus list 1"
t "interp invokehidden $n -global"
t "interp invokehidden $n -namespace"
t "interp invokehidden $n -namespace x"
t "interp invokehidden $n --"
t "interp invokehidden $n -- -bogus"
t "interp invokehidden $n"
}
t {i invokehidden -bogus}
t {info frame 9223372036854775807}
t {array set h(b) {a 1 b}}; t {array exists h}
t {array default set h2(b) 1}; t {array exists h2}
proc p {} {catch {array set h(b) {a 1 b}}; list [array exists h] [catch {set h(1)} m] $m}
t p
t {catch {coroutine co i eval {yield 1}} m; set m}
i eval {proc g {} {yield 1}}
t {coroutine co2 i eval {coroutine ci g}}
i alias yy yield
t {coroutine co3 i eval {yy 5}}
t {i eval {coroutine co4 yy 5}}
i alias info2 info coroutine
t {i eval {coroutine co4 info2}}
t {coroutine co5 i eval {info coroutine}}
t {coroutine co6 i eval {info2}}
t {coroutine co7 i eval {yieldto list}}
t {coroutine co8 apply {{} {yield 1; i eval {proc h {} {yield 1}; h}}}; co8}
t {coroutine co9 apply {{} {yield 1; i eval {coroutine c g; c}; yield 3}}; co9}
oo::class create A2 {}
oo::class create C {method variable args {}; method eval {} {}}
C create o2; oo::objdefine o2 mixin A2
t {o2 m}
t {info object methods o2 -all}
oo::class create E {unexport foo}; oo::class create F {method foo {} {}}
F create f; oo::objdefine f mixin E
t {f m}
t {f foo}
t {info object methods f -all}
oo::define F mixin E; oo::objdefine f mixin
t {f m}
t {f foo}
t {info object methods f -all}
namespace eval n {variable v}
foreach s {{namespace exists {}} {namespace parent {}} {namespace inscope {} {namespace current}} {namespace upvar {} v w}} {
 t $s; t [list namespace eval n $s]
}
foreach v {0x10 -0x10 +5 " 4 " 0x99999999999999999999 -0} {
 foreach f {abs int entier round} { t "expr {${f}({$v})}"; t "tcl::mathfunc::$f {$v}" }
}
oo::configurable create Pa {property a -get {return 1}}; Pa create a
t {a configure -x 1}; t {a configure 6}
oo::configurable create Pb; Pb create b
t {b configure -x}; t {b configure -x 1}
oo::class create D {method m {} {[self] destroy; callback m}; method n {} {[self] destroy; mymethod m a}; method q {} {rename my {}; link m}}
foreach m {m n q} {catch {d destroy}; D create d; t "d $m"}
