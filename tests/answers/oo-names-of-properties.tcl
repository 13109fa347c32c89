proc t {s} {puts "--- $s"; set c [catch {uplevel #0 $s} r o]; puts "$c $r"}
t {oo::configurable create A}
foreach p {{a(1) -x} {a(1)} {a(1) -kind} {a -kind} {a -kind x} {a(1) -kind x} {a b(1) -x} {a b(1) -k} {-a} {-a -x 1} {a -get} {a -get x b(1)} {a -bogus x} {a -k readable} {a -kind readable -get} {{} -x} {n::x -x} {{a b} -x} {a -kind r} {a -kind readwrite b -kind} {a -get x -get y} {a - x}} {
 t "oo::define A property $p"
 t "oo::define A {property $p}"
}
t {info class properties A -all}
oo::class create B; oo::object create p
foreach w {o p nosuch list A} {
 t "oo::objdefine o class $w"
 t "oo::objdefine o {class $w}"
}
