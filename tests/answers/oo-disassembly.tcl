oo::class create A {forward f x; constructor {} {}}
oo::object create o
oo::objdefine o forward g x
foreach s {{method A f} {method A zz} {objmethod o g} {objmethod o zz} {constructor A} {constructor o} {constructor zz} {destructor A} {destructor oo::class} {constructor oo::class} {objmethod zz z} {method o z}} {puts "$s: [catch {tcl::unsupported::disassemble {*}$s} m o] $m | [dict get $o -errorcode]"}
catch {oo::object create x ::oo}
