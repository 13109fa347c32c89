set l [list Abc abC \u00c4x \u212a k K 5 0x5 {} {a b} [list A b]]
foreach p {abc \u00e4X k \u212a 5 {} {A B} A* *B \u00c4* zz} { puts [list $p [lsearch -nocase -all $l $p] [lsearch -nocase -exact -all $l $p] [lsearch -glob -all $l $p] [lsearch -not -glob $l $p] [lsearch -nocase -exact $l $p] [lsearch -glob $l $p] [lsearch -start 3 -glob $l $p] [lsearch -nocase -sorted $l $p]] }
puts [catch {lsearch -integer -exact {1 x 3} 3} m] ; puts $m; puts [lsearch -real -exact {1 2.0 3} 2]; puts [lsearch -dictionary -exact {a A b} A]; puts [lsearch -regexp {abc xbz} {^x}]
