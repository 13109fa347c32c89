proc f {a a {b 3} args} {list $a $b $args}
puts [f 1 2]
puts [f 1 2 3 4]
proc g {args args} {set args}
puts [g 1 2]
puts [info args g]
