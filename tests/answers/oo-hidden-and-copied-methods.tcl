# Methods hidden and shown by classes, mixins and objects; copies of private ones; names of properties; class methods
# of the classes that everything begins with; words of series.
proc t s { set c [interp create]; set r {}; puts "$s\n   [catch {$c eval $s} r] [regsub {Obj\d+} $r Obj]"; interp delete $c }
t {oo::class create B {method m {} {list B}}; oo::class create A {mixin B; unexport m}; A create o; list [catch {o m} e] $e [catch {o zz} e] $e [info object methods o -all]}
t {oo::class create B {method m {} {list B}}; oo::class create A {unexport m; mixin B}; A create o; list [catch {o m} e] $e [catch {o zz} e] $e}
t {oo::class create B {method m {} {list B}}; oo::class create A {superclass B; unexport m}; A create o; list [catch {o m} e] $e [catch {o zz} e] $e}
t {oo::class create B {method m {} {list B}}; oo::class create A {method m {} {list A}; mixin B; unexport m}; A create o; list [catch {o m} e] $e [catch {o zz} e] $e}
t {oo::class create B {method m {} {list B}}; oo::class create A {}; A create o; oo::objdefine o {mixin B; unexport m}; list [catch {o m} e] $e [catch {o zz} e] $e}
t {oo::class create B {method m {} {list B}; unexport m}; oo::class create A {mixin B; export m}; A create o; list [catch {o m} e] $e [catch {o zz} e] $e}
t {oo::class create B {method m {} {list B}; unexport m}; oo::class create A {mixin B; method m {} {next}}; A create o; list [catch {o m} e] $e [catch {o zz} e] $e}
t {oo::class create B {method m {} {list B}; export m}; oo::class create A {mixin B; method m {} {next}; unexport m}; A create o; list [catch {o m} e] $e [catch {o zz} e] $e}
t {oo::class create B {method m {} {list B}; export m}; oo::class create A {mixin B; unexport m}; oo::class create C {superclass A; method m {} {list C}};  C create o; list [catch {o m} e] $e [catch {o zz} e] $e}
t {oo::class create C {method m {} {list C}}; oo::class create B {superclass C}; oo::class create A {mixin B; unexport m};  A create o; list [catch {o m} e] $e [catch {o zz} e] $e}
t {oo::define oo::object classmethod m args {list 1}}
t {oo::define oo::class classmethod m args {list 1}; list [catch {oo::class m} e] $e [catch {oo::object m} e] $e}
t {oo::define oo::object {classmethod m args {list 1}}}
t {oo::define oo::object classmethod m}
t {oo::define oo::object classmethod m args {list 1}; oo::object create o}
t {catch {oo::define oo::object classmethod m args {list 1}}; list [catch {oo::object create o} e] $e [info commands o] [catch {oo::object m} e] $e [catch {oo::class create X} e] $e [info class methods oo::object -all]}
t {oo::class create A; oo::define A classmethod m args {list 1}; A m}
t {oo::define oo::configurable classmethod m args {list 1}; oo::configurable m}
t {oo::define oo::object initialise {variable a 1}}
t {info class superclasses oo::configurable}
t {oo::configurable create A {
    constructor args {my configure {*}$args}
    ::oo::configuresupport::readableproperties -set b c
}
A create o}
t {oo::configurable create A {
    constructor args {my configure {*}$args}
    ::oo::configuresupport::readableproperties -set b c -d
}
A create o -d}
t {oo::configurable create A {
    ::oo::configuresupport::readableproperties -set b c -d
}
[A create o] configure b}
t {oo::configurable create A {
    ::oo::configuresupport::readableproperties -set b c -d bar {}
}
[A create o] configure -b}
t {oo::configurable create A {
    ::oo::configuresupport::readableproperties -set b c -d bar {}
}
[A create o] configure {}}
t {oo::configurable create A {
    ::oo::configuresupport::readableproperties -set b c -d bar {}
}
[A create o] configure ba}
t {oo::configurable create A {
    ::oo::configuresupport::writableproperties -set b c -d bar {}
}
[A create o] configure b 1}
t {oo::configurable create A {
    ::oo::configuresupport::writableproperties -set b c -d bar {}
}
[A create o] configure -d 1}
t {lseq 1 2 b}
t {lseq 1 2 by}
t {lseq 1 t}
t {lseq 1 .}
t {lseq 1 c}
t {lseq 1 count}
t {lseq 1 to 2 b}
t {lseq 1 to 2 t}
t {oo::class create A {method q {} {}; method m {} {}; method Zz {} {}; method b {} {}}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods A] [info class methods D]}
t {oo::class create A {method m {} {}; method q {} {}; method Zz {} {}; method b {} {}}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods A] [info class methods D]}
t {oo::class create A {method m {} {}; method q {} {}; private method a {} {}; method Zz {} {}; method b {} {}}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods A] [info class methods D]}
t {oo::class create A {method ab {} {}; private method cd {} {}; private method m {} {}; method q {} {}; private method a {} {}; method Zz {} {}; method b {} {}}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods A] [info class methods D]}
t {oo::class create A {private method m {} {}; private method q {} {}}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods A] [info class methods D]}
t {oo::class create A {private method q {} {}; private method m {} {}}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods A] [info class methods D]}
t {oo::class create A {private method q {} {}; method m {} {}}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods A] [info class methods D]}
t {oo::class create A {method q {} {}; private method m {} {}}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods A] [info class methods D]}
t {oo::class create A {private forward m string cat}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods D -scope private]}
t {oo::class create A {private method m {} {}}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods D -scope private]}
t {oo::class create A {method m {} {}; private forward m string cat}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods D -scope private]}
t {oo::class create A {filter f; private forward m string cat}; oo::copy A D; list [info class methods A -private] [info class methods D -private] [info class methods D -scope private]}
t {oo::class create B {method m {} {list B.m}}; oo::class create A {superclass B; private forward m string cat; method q {} {my m}}; oo::copy A D; D create o; list [info class methods A -private] [info class methods D -private] [info class methods D -scope private] [catch {o m} e] $e [o q]}
t {oo::class create B {method m {} {list B.m}}; oo::class create A {superclass B; private method m {} {list A}; method q {} {my m}}; oo::copy A D; D create o; list [info class methods A -private] [info class methods D -private] [info class methods D -scope private] [catch {o m} e] $e [o q]}
t {oo::class create B {method m {} {list B.m}}; oo::class create A {superclass B; method m {} {list A.m}; private method m {} {list A}; method q {} {my m}}; oo::copy A D; D create o; list [info class methods A -private] [info class methods D -private] [info class methods D -scope private] [catch {o m} e] $e [o q]}
t {oo::class create B {method m {} {list B.m}; method f {} {next}}; oo::class create A {superclass B; filter f; method m {} {list A.m}; private method m {} {list A}; method q {} {my m}}; oo::copy A D; D create o; list [info class methods A -private] [info class methods D -private] [info class methods D -scope private] [catch {o m} e] $e [o q]}
t {oo::class create B {method m {} {list B.m}; method f {} {next}}; oo::class create A {superclass B; filter f; method m {} {list A.m}; private method m {} {list A}; method q {} {my m}};  A create o; list [info class methods A -private] [catch {o m} e] $e [o q]}
t {oo::class create B {method m {} {list B.m}; method f {} {next}}; oo::class create A {superclass B; method m {} {list A.m}; private method m {} {list A}; method q {} {my m}};  A create o; list [info class methods A -private] [catch {o m} e] $e [o q]}
t {oo::class create B {method m {} {list B.m}; method f {} {next}}; oo::class create A {superclass B; private method m {} {list A}; method q {} {my m}};  A create o; list [info class methods A -private] [catch {o m} e] $e [o q]}
t {oo::object create o; oo::objdefine o private method m {} {list a}; oo::objdefine o method q {} {my m}; oo::copy o p; list [info object methods p -private] [info object methods p -scope private] [catch {p m} e] $e [p q]}
t {oo::class create B {method m {} {list B}}; oo::class create A {method m {} {list A}; mixin B; unexport m}; A create o; list [catch {o m} e] $e [catch {o m} e] $e}
t {oo::class create B {method m {} {list B}}; oo::class create A {mixin B; method m {} {list A}; unexport m}; A create o; list [catch {o m} e] $e [catch {o m} e] $e}
t {oo::class create B {method m {} {list B}}; oo::class create A {mixin B; method m {} {list A}; unexport m}; A create o; catch {o eval my m};list [catch {o m} e] $e [catch {o m} e] $e}
t {oo::class create B {method m {} {list B}}; oo::class create A {mixin B; method m {} {list A}; unexport m}; A create o;  oo::objdefine o mixin B; list [catch {o m} e] $e [catch {o m} e] $e}
t {oo::class create B {method m {} {list B}}; oo::class create C; oo::class create A {mixin B; method m {} {list A}; unexport m}; A create o;  oo::objdefine o mixin C; list [catch {o m} e] $e [catch {o m} e] $e}
t {oo::class create B {method m {} {list B}}; oo::class create C; oo::class create A {superclass C; mixin B; method m {} {list A}; unexport m}; A create o;   list [catch {o m} e] $e [catch {o m} e] $e}
t {oo::class create B {method m {} {list B [next]}}; oo::class create C; oo::class create A {superclass C; mixin B; method m {} {list A}; unexport m}; A create o;   list [catch {o m} e] $e [catch {o m} e] $e}
t {oo::class create B {method m {} {list B [next]}}; oo::class create C; oo::class create A {superclass C; mixin B; method m {} {list A}; unexport m}; A create o;  oo::objdefine o mixin C; list [catch {o m} e] $e [catch {o m} e] $e}
t {oo::class create B {method m {} {list B}}; oo::class create A {method m {} {list A}; mixin B; unexport m}; A create o; list [catch {o zz} e] $e [catch {o m} e] $e}
proc decl {who what} {
    switch $what { - {return {}} m {return "method m {} {list $who}"} u {return "unexport m"} e {return "export m"} mu {return "method m {} {list $who}; unexport m"} }
}
foreach b {m mu} { foreach p {- m u e mu} { foreach a {- m u e mu} {
  interp create c
  c eval [list oo::class create B [decl B $b]]
  c eval [list oo::class create P "mixin B; [decl P $p]"]
  c eval [list oo::class create A "superclass P;  [decl A $a]"]
  c eval {A create o}
  c eval {catch {o zz} e; catch {o m} f}
  set e [c eval set e]
  puts "B $b P $p A $a: [expr {[string match {*or m} $e] ? {shown} : {-}}] [string range [c eval set f] 0 9] [c eval {info object methods o -all}] [c eval {info class methods A -all}]"
  interp delete c
}}}
puts "mixin of mixin"
foreach b {m mu} { foreach p {- m u e mu} { foreach a {- m u e mu} {
  interp create c
  c eval [list oo::class create B [decl B $b]]
  c eval [list oo::class create P "mixin B; [decl P $p]"]
  c eval [list oo::class create A "mixin P;  [decl A $a]"]
  c eval {A create o}
  c eval {catch {o zz} e; catch {o m} f}
  set e [c eval set e]
  puts "B $b P $p A $a: [expr {[string match {*or m} $e] ? {shown} : {-}}] [string range [c eval set f] 0 9] [c eval {info object methods o -all}] [c eval {info class methods A -all}]"
  interp delete c
}}}
