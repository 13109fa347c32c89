# Elements that read as integers keep the way they are written.
set list {1 01 +1 -1 -0 0 00 1.0 1e3 0x10 9223372036854775807 9223372036854775808 -9223372036854775808 { 5} "5 " 1_0 {}}
foreach element $list {
    puts [list $element [string length $element] [catch {expr {$element + 1}} sum] $sum [catch {incr element 2} more] $more]
}
puts [lmap element $list {string cat < $element >}]
puts [lsort $list]
puts [lsort -unique {1 01 1 1.0 +1}]
puts [dict get {1 a 01 b} 01][dict get {1 a 01 b} 1]
array set by {1 one 01 other}
puts "$by(1) $by(01) [lindex {1 01} 1]"
puts [lsearch -exact {01 1 1.0} 1][lsearch -integer {01 1 1.0} 1]
puts [expr {"1" in {01 1.0}}][expr {"01" in {01 1.0}}]
puts [string match 0* [lindex {10 01} 1]]
