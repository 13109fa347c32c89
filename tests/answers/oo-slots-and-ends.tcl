proc t {s} {puts "--- [string range [string map {\n { | }} $s] 0 150]"; set c [catch {uplevel #0 $s} r o]; puts "$c $r"; if {$c==1} {puts "  code=[dict get $o -errorcode]"; set i [dict get $o -errorinfo]; puts "  info=$i"} }
# user-defined slots
oo::class create MySlot {superclass oo::Slot; method Get {} {return $::slotvalue}; method Set lst {set ::slotvalue $lst}}
set slotvalue {}
MySlot create myslot
t {myslot a b c}
t {set slotvalue}
t {myslot -append d}
t {myslot -set x y}
t {myslot -prepend q}
t {myslot -remove x}
t {myslot -appendifnew q r r}
t {set slotvalue}
t {myslot -clear}
t {myslot}
t {set slotvalue}
t {myslot -bogus}
t {[oo::Slot create raw] a}
t {raw -set a}
t {raw -clear}
oo::define MySlot method Resolve x {string toupper $x}
t {myslot a b; set slotvalue}
oo::objdefine myslot forward --default-operation my -set
t {myslot z; set slotvalue}
oo::define MySlot method Resolve x {error "cannot resolve $x"}
t {myslot z}
t {myslot destroy}
t {set slotvalue}
t {rename myslot {}}
# unknown
oo::class create U {method unknown args {return "unknown: $args"}}
t {[U create u] foo bar}
t {u}
oo::define U method unknown {{m none} args} {if {$m eq "x"} {next $m {*}$args} else {return "u $m $args [self call]"}}
t {u}
t {u y 1}
t {u x 1}
t {u eval 1}
# metaclasses
oo::class create Meta {superclass oo::class; constructor {script args} {puts "meta [self] $args"; next $script}; method extra {} {return extra}; self method make args {my new {method m {} {return m}} {*}$args}}
t {Meta create Inst {method a {} {return a}} 1 2}
t {Inst extra}
t {[Inst new] a}
t {namespace tail [info object class [Meta make x]]}
t {Meta new}
t {Meta create I2}
# destructor order
oo::class create D1 {destructor {puts "D1 [self]"; catch {next} m; puts $m}}
oo::class create D2 {superclass D1; destructor {puts "D2 [self]"; next; puts "after"}}
t {D2 create d2; d2 destroy}
t {D2 create d2; rename d2 {}}
t {D2 create d2; namespace delete [info object namespace d2]}
t {D2 create d2a; D2 create d2b; D1 destroy}
t {info commands d2a}
t {info commands D2}
# errors in destructor via rename go to bgerror
proc bgerror msg {puts "bgerror: $msg"; puts $::errorInfo}
oo::class create E1 {destructor {error oops}}
t {E1 create e1; rename e1 {}}
update
t {E1 create e1; E1 destroy}
update
t {E1 create e1}
oo::class create E1 {destructor {my nothing}}
t {E1 create e1; e1 destroy}
# traces on object commands
oo::object create tr
proc tracer args {puts "trace $args [info object isa object tr]"}
trace add command tr {rename delete} tracer
t {rename tr tr2}
t {tr2 destroy}
# mixins
oo::class create M1 {method m {} {list M1 {*}[next]}}
oo::class create M2 {method m {} {list M2 {*}[next]}}
oo::class create B0 {method m {} {list B0}}
oo::class create B1 {superclass B0; mixin M1; method m {} {list B1 {*}[next]}}
B1 create b1
oo::objdefine b1 {mixin M2; method m {} {list obj {*}[next]}}
t {b1 m}
t {info object call b1 m}
t {oo::define B0 mixin M2; b1 m}
t {oo::define M2 superclass M1; b1 m}
t {info object call b1 m}
t {info class call B1 m}
t {M1 destroy; info commands b1}
# private
oo::class create P {private method p {} {return P.p}; method callp {} {my p}; method other o {$o p}; private variable v; method setv x {set v $x}; method getv {} {list $v [info vars] [my varname v]}}
oo::class create Q {superclass P; method p {} {return Q.p}; method callq {} {my p}; variable v; method getq {} {info exists v}}
Q create q; P create pp
t {q callp}
t {q callq}
t {q p}
t {pp p}
t {pp other q}
t {q other pp}
t {q setv 1; string map [list [info object namespace q] NS [info object creationid P] ID] [q getv]}
t {q getq}
t {info object vars q}
t {oo::define P {private {method p2 {} {self call}}}; oo::define P method c2 {} {my p2}; q c2}
# self in filters
oo::class create F {filter fl; method fl args {list [self filter] [self target] [next {*}$args]}; method foo {} {list [self method] [catch {self filter} m] $m [self caller]}}
t {[F create f] foo}
t {f bar}
oo::objdefine f filter fo; oo::objdefine f method fo args {list [self filter] [self next] [next {*}$args]}
t {f foo}
t {info object call f foo}
# frames
oo::class create G {method up {} {uplevel 1 {set x 5}}; method lvl {} {info level}; method vars {} {set a 1; my variable b; info locals}; method frame {} {dict keys [info frame 0]}}
G create g
proc useg {} {set x 1; g up; return $x}
t {useg}
t {g lvl}
t {g vars}
t {g frame}
t {oo::define G method tc {} {tailcall return -level 0 [self method]}; g tc}
t {oo::define G method ret {} {return -code return 5}; proc rr {} {g ret; return no}; rr}
t {oo::define G method brk {} {return -code break}; foreach x {1 2 3} {if {$x==2} {g brk}}; set x}
t {oo::define G method ev {} {eval {error inner}}; g ev}
t {oo::define G method wh {} {
  set i 0
  while {$i < 3} {
    if {[incr i] == 2} {error "at $i"}
  }
}
g wh}
t {oo::define G self method cls {} {error cls}; G cls}
t {oo::define G constructor {{x y z}} {}}
t {oo::objdefine g method a {b b} {set b}; g a 1 2}
t {oo::define G method args args {set args}; g args 1 2 3}
t {g m}
t {oo::define G {method opt {a {b 5} args} {list $a $b $args}}; list [g opt 1] [g opt 1 2] [g opt 1 2 3]}
t {g opt}
t {coroutine co g yy}
t {oo::define G method yy {} {yield [self]; yield [self caller]}; coroutine co g yy}
t {co}
t {co}
