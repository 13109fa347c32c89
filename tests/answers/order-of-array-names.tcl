# the order of array names
proc show {} { global a; puts [array names a]; puts [array get a]; array for {k v} a {puts -nonewline "$k "}; puts "" }
foreach n {3 11 12 13 47 48 49 200} {
    unset -nocomplain a
    for {set i 0} {$i < $n} {incr i} {set a(key$i) $i}
    show
}
# removed elements
unset -nocomplain a
for {set i 0} {$i < 60} {incr i} {set a($i) $i}
for {set i 0} {$i < 60} {incr i 2} {unset a($i)}
show
for {set i 0} {$i < 8} {incr i 2} {set a($i) again}
show
for {set i 0} {$i < 58} {incr i} {unset -nocomplain a($i)}
show
set a(new) 1; set a(other) 2; set a() 3; set a(\0x) 4; set a(\u00e9) 5
show
expr {srand(7)}
unset a
for {set i 0} {$i < 3000} {incr i} {
   set k [expr {int(rand()*400)}]
   if {rand() < 0.45} {unset -nocomplain a($k)} else {set a($k) $i}
   if {$i % 500 == 1} show
}
array set b {one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12 thirteen 13}
puts [array names b]
puts [array names b *e*]; puts [array names b -regexp {^t}]; puts [array get b t*]
set s [array startsearch b]; while {[array anymore b $s]} {puts -nonewline "[array nextelement b $s] "}; array donesearch b $s; puts ""
proc p {} {
  upvar 0 c(linked) x
  foreach k {a b c d e f g h i j k} {set c($k) 1}
  puts [array names c]
  set x 1
  puts [array names c]
  foreach k {a e i} {trace add variable c($k) unset {apply {args {puts $args}}}}
  unset c
}
p
