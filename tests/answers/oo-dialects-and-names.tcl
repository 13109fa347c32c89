proc t {s} {puts "--- [string range [string map {\n { | }} $s] 0 150]"; set c [catch {uplevel #0 $s} r o]; puts "$c $r"; if {$c==1} {puts "  code=[dict get $o -errorcode]"; set i [dict get $o -errorinfo]; puts "  info=$i"} }
# definition namespaces, dialects
namespace eval dial {proc hello args {puts "hello $args [uplevel 1 self]"}; namespace path ::oo::define; proc self {} {uplevel 1 ::oo::define::self}}
oo::class create DM {superclass oo::class; definitionnamespace ::dial}
t {DM create X {hello 1 2; method m {} {return m}; superclass oo::object}}
t {[X new] m}
t {oo::define X hello 3}
t {oo::define X hel 4}
t {oo::define X nothing 4}
t {oo::define X {nothing 4}}
t {info class definitionnamespace DM}
t {oo::define DM definitionnamespace {}}
t {oo::define X hello 3}
t {namespace eval dial2 {}; oo::define DM definitionnamespace -instance ::dial2; X create x; info class definitionnamespace DM -instance}
t {oo::objdefine X method zz {} {}}
t {namespace delete dial2; oo::objdefine X method zz {} {}}
# callbacks, links, class variables
oo::class create CV {initialise {variable count 10}; method next_ {} {classvariable count; incr count}; classmethod total {} {variable count; return $count}; method cb {} {callback next_}; self method onlyclass {} {self}}
t {[CV create cv] next_; cv next_; CV total}
t {cv total}
t {{*}[cv cb]}
t {CV onlyclass}
t {cv onlyclass}
oo::class create CV2 {superclass CV}
t {[CV2 new] total}
t {CV2 total}
t {CV2 onlyclass}
t {oo::define CV classmethod total2 {} {self}; list [cv total2] [CV2 total2] [[CV2 new] total2]}
t {oo::define CV classmethod bad}
t {cv bad}
t {oo::copy CV CV3; CV3 total}
t {CV3 create c3; c3 next_}
t {info class superclasses [lindex [info object mixins CV2] 0]}
# export lists and names
oo::class create EX {method Foo {} {}; method bar {} {}; export Foo; unexport bar; method <x> {} {}; method 1 {} {}}
t {info class methods EX}
t {info class methods EX -private}
t {oo::define EX renamemethod Foo Goo; info class methods EX}
t {oo::define EX deletemethod Goo; info class methods EX -private}
t {[EX new] Foo}
# forwards
oo::class create FW {forward a b c; forward app lappend lst; forward self_ self; method see {} {set lst}; variable lst; forward chain my chain2 x; method chain2 {p q {r 5}} {list $p $q $r}; forward nowhere ::no::such}
FW create fw
t {fw app 1 2; catch {fw see} m; set m}
t {fw a}
t {fw chain}
t {fw chain 1}
t {fw chain 1 2 3}
t {fw nowhere 1}
t {fw self_}
# copies with class stuff
oo::class create CP {variable x; constructor {} {set x {1 2}}; method x {} {set x}; method <cloned> from {next $from; lappend x cloned}}
CP create cp
oo::objdefine cp {mixin EX; method own {} {return own}; export own; variable zz; filter flt; method flt args {next {*}$args}}
t {oo::copy cp cp2; list [cp2 x] [cp x] [cp2 own] [info object mixins cp2] [info object filters cp2] [info object variables cp2]}
t {oo::copy cp cp2}
# creation with odd names
t {oo::object create ::a::b::c}
t {oo::object create {a b}; {a b} destroy}
t {oo::class create ::deep::Cls {method m {} {namespace current}}; deep::Cls create ::deep::o; namespace which deep::o}
t {namespace delete deep; info commands ::deep::*}
t {namespace eval nn {oo::object create inner; proc use {} {inner destroy; info commands inner}; use}}
# info object on renamed
t {CP create rn; rename rn rn2; list [info object class rn2] [rn2 x] [info object isa object rn]}
t {info object methods rn2 -all -scope public}
t {info class instances CP}
t {info class instances CP ::rn*}
t {info class call CP <cloned>}
t {self}
t {my x}
