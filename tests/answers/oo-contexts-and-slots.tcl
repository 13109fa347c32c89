puts [info class forward oo::Slot --default-operation]
foreach i [info class instances oo::Slot] {puts "$i [info object methods $i -private]:  [lmap m [info object methods $i -private] {list $m [info object methodtype $i $m]}] [catch {info object forward $i --default-operation} r]$r"}
proc t {s} {puts "--- [string range [string map {\n { | }} $s] 0 150]"; set c [catch {uplevel #0 $s} r o]; puts "$c $r"; if {$c==1} {puts "  code=[dict get $o -errorcode]\n  info=[dict get $o -errorinfo]"} }
oo::class create A {method m {x} {error boo} ; constructor {a} {set a} ; method s args {self {*}$args} ; method cb args {callback {*}$args}; method lk args {link {*}$args}; method cv args {classvariable {*}$args} ; method nt args {nextto {*}$args}; method nx args {next {*}$args}}
A create a 1
t {A createWithNamespace}
t {oo::class new}
t {oo::class create}
t {oo::class create x y z}
t {oo::class create x {foo}}
t {info object class x}
t {a s}
t {a s call}
t {a s caller}
t {a s class}
t {a s filter}
t {a s method}
t {a s namespace}
t {a s next}
t {a s target}
t {a s foo}
t {a s foo bar}
t {a cb}
t {a cb x y}
t {a lk}
t {a lk x}
t {a lk {}}
t {a lk {x y z}}
t {a cv}
t {a cv x::y}
t {a cv x(y)}
t {a cv x}
t {a nt}
t {a nt x}
t {a nt a}
t {a nt A}
t {a nt oo::object}
t {a nx}
oo::objdefine a export eval varname variable unknown
t {a eval}
t {a eval error foo}
t {a eval {error foo}}
t {a varname}
t {a varname x}
t {a varname ::x}
t {a varname x::y}
t {a varname x(1)}
t {a variable}
t {a variable x::y}
t {a variable x(1)}
t {a variable x}
t {a unknown}
t {a unknown 1 2}
t {a eval my xx}
oo::class create B {superclass A; constructor {} {error ctor}; destructor {error dtor}}
t {B create b}
oo::class create C {destructor {error dtor2}}
C create c
t {c destroy}
t {info commands c}
t {oo::class create D {constructor {} {my destroy}}; D new}
t {oo::class create D2 {constructor {} {break}}; D2 new}
t {oo::class create D3 {constructor {} {return -code 7 foo}}; D3 new}
t {D createWithNamespace}
oo::objdefine D export createWithNamespace
t {D createWithNamespace x}
t {D createWithNamespace {} x}
t {D createWithNamespace x {}}
t {oo::object createWithNamespace x ::}
oo::objdefine oo::object export createWithNamespace
t {oo::objdefine a {class oo::class}}
t {info object isa class a}
t {oo::objdefine a class A}
t {oo::define A {
   private {
   error foo
   }
}}
t {oo::objdefine a private}
t {oo::objdefine a {renamemethod foo bar}}
t {oo::objdefine a {renamemethod foo}}
t {oo::objdefine a {deletemethod foo}}
t {oo::objdefine a {method foo {x y} {}}}
t {oo::objdefine a {renamemethod foo foo}}
t {oo::objdefine a {method bar {x y} {}}}
t {oo::objdefine a {renamemethod foo bar}}
t {oo::objdefine a {mixin A A}}
t {oo::objdefine a {mixin nosuch}}
t {oo::objdefine a {filter x x}}
t {oo::objdefine a {variable x x y}}
t {info object variables a}
t {oo::objdefine oo::class class oo::object}
t {oo::objdefine oo::object class oo::object}
t {oo::define A definitionnamespace -class ::oo}
t {oo::define oo::class definitionnamespace -class ::oo}
t {oo::objdefine A class A}
t {oo::define A {self {error bar}}}
t {oo::define A {self error bar}}
t {oo::objdefine a {self error bar}}
t {oo::define A {superclass -append}}
t {oo::define A {superclass -clear x}}
t {oo::define A {mixin -set {}}}
t {oo::define A {superclass {}}}
t {info class super A}
t {oo::define A {superclass}}
t {oo::define A {variable -foo}}
t {oo::define A {variable -set}}
t {oo::define A {filter foo -append}}
t {oo::define A {filter -append foo bar}}
t {oo::define A {filter -remove foo }}
t {info class filters A}
t {oo::define::superclass}
t {oo::define::superclass a}
t {oo::define::superclass -foo}
t {oo::define::superclass -set x}
t {oo::define::superclass Get}
t {oo::define::method x y z}
t {oo::define A {superclass destroy}}
t {::oo::define::superclass destroy}
t {oo::define A {uplevel 1 {::oo::define::method x y z}}}
