# Which read traces lappend, append and incr fire, and what a read finds whose trace has unset the array.
proc foo {args} {lappend ::result $args}
proc show s {set ::result {}; uplevel 1 $s; puts [list $s $::result]}
trace add variable a read foo
show {lappend a(b) a}
show {lappend a(b) a}
show {append a(b) a}
show {lappend a(c)}
show {catch {incr a(d)}}
show {incr a(d)}
show {append a(e) x}
show {lappend a(f) x y}
unset a
trace add variable a read foo
proc p {} {global a; show {uplevel 1 {}};  lappend a(d) x; lappend a(d) y; lappend a(q) {*}{a b}}
p; puts $::result
set ::result {}
proc p2 {} {trace add variable b read foo; lappend b(d) x; lappend b(d) y; puts $::result}
p2
set ::result {}
proc p3 {} {trace add variable b read foo; lappend b x; lappend b y; puts $::result}
p3
trace add variable s read foo
show {lappend s x}
show {lappend s x}
trace add variable arr(x) read foo
show {lappend arr(x) x}
show {lappend arr(x) x}
show {lappend arr(x)}
show {lappend arr(y)}
unset s
trace add variable s read foo
show {lappend s}
show {lappend s}
show {dict lappend s a b}
show {dict set s a b}
show {lset s 0 a}
unset s
trace add variable s read foo
show {dict lappend s a b}
proc gone {name args} {global y; unset y}
proc again {name args} {global y; catch {unset y}; catch {set y(0) new}}
foreach handler {gone again} {
    unset -nocomplain y
    set y(0) 1
    trace add variable y(0) read $handler
    puts [list [catch {set y(0)} m] $m [catch {set y(0)} m] $m [info exists y]]
}
unset -nocomplain y
set y(0) 1
trace add variable y(0) read {apply {args {unset ::y; set ::y(1) 2}}}
puts [list [catch {set y(0)} m] $m]
