proc t {s} {puts "--- [string range [string map {\n { | }} $s] 0 150]"; set c [catch {uplevel #0 $s} r o]; puts "$c $r"; if {$c==1} {puts "  code=[dict get $o -errorcode]"; set i [dict get $o -errorinfo]; puts "  info=$i"} }
t {oo::singleton create S {method m {} {}}}
t {info object mixins S}
t {info object methods S -all}
t {S new} 
t {S new} 
t {info object mixins [S new]}
t {[S new] destroy}
t {oo::copy [S new]}
t {S create x}
t {oo::abstract create Ab}
t {Ab new}
t {Ab create foo}
t {info class mixins oo::configurable}
t {info class constructor oo::configurable}
t {info class call oo::configurable <constructor>}
t {info class methods oo::configurable -private}
t {oo::configurable create Point {property x y; constructor args {my configure -x 0 -y 0 {*}$args}; variable x y}}
t {info object mixins Point}
t {info class mixins Point}
t {info class superclasses Point}
t {info object class Point}
t {info class methods Point -private}
t {info class methodtype Point <ReadProp-x>}
t {info class methodtype Point <WriteProp-x>}
t {info class definition Point <WriteProp-x>}
t {info class properties Point}
t {info class properties Point -writable}
t {info class properties Point -all}
t {Point create p -x 3}
t {p configure}
t {p configure -x}
t {p configure -x 1 -y}
t {p configure -z}
t {p configure -z 1}
t {p configure z 1}
t {p configure {} 1}
t {p configure - 1}
t {p configure -x 9 -y 8}
t {p configure}
t {p cget -x}
t {p <ReadProp-x>}
t {oo::objdefine p export <ReadProp-x> <WriteProp-x>}
t {p <ReadProp-x>}
t {p <ReadProp-x> 1}
t {p <WriteProp-x>}
t {p <WriteProp-x> 1 2}
t {p <WriteProp-x> 77}
t {p configure -x}
t {oo::define Point {property}}
t {oo::define Point {property -x}}
t {oo::define Point {property a -kind}}
t {oo::define Point {property a -kind foo}}
t {oo::define Point {property a -foo x}}
t {oo::define Point {property a -get}}
t {oo::define Point {property a -get {error xx} -set {error yy}}}
t {p configure -a}
t {p configure -a 1}
t {p configure}
t {info class definition Point <ReadProp-a>}
t {info class definition Point <WriteProp-a>}
t {info class methodtype Point <ReadProp-a>}
t {oo::define Point {property ro -kind readable wo -kind writable}}
t {info class properties Point}
t {info class properties Point -writable}
t {p configure -ro 1}
t {p configure -wo}
t {p configure -ro}
t {p configure -wo 4}
t {oo::define Point {property {a b} -kind readable}}
t {oo::define Point {property a::b}}
t {oo::define Point {property a(b)}}
t {oo::define Point {property {}}}
t {oo::define Point {property x(}}
t {oo::objdefine p {property q}}
t {p configure -q}
t {p configure -q 5}
t {p configure -q}
t {info object properties p}
t {info object properties p -all}
t {info object methods p -private}
t {oo::define Point {properties a b}}
t {oo::define Point {property br -get {break}}}
t {p configure -br}
t {oo::define Point {property br -get {return -code continue} -set {return -code 5 foo}}}
t {p configure -br}
t {p configure -br 4}
t {oo::define Point {property br -get {return -level 2 foo}}}
t {p configure -br}
t {oo::define Point {::oo::configuresupport::readableproperties -set}}
t {info class properties Point}
t {oo::define Point {::oo::configuresupport::readableproperties -set b a b c}}
t {info class properties Point}
t {oo::define Point {::oo::configuresupport::readableproperties -set -b}}
t {info class properties Point}
t {oo::class create Bare {self mixin oo::configurable}}
t {oo::copy Point P2}
t {info class properties P2 -writable}
t {p configure -b 1 2}
