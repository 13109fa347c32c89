# What a try that fails again says it happened during.
proc show {s} {catch {uplevel 1 $s} m o; puts [lsort [dict keys $o]]; while {[dict exists $o -during]} {set o [dict get $o -during]; puts "   during [lindex [dict keys $o] end]"}; puts "  $m [dict get $o -code]"}
proc bar {} {error a b {C D}}
proc p1 {} {try {foo} on error {m o} {bar} finally {baz}}
proc p2 {} {try {set a 5} on ok v - on break w {list $w [info exists v]}}
proc p3 {} {try {bar} on error {m o} {foo}}
proc p4 {} {try {bar} on error {m o} {foo} finally {set x 1}}
proc p5 {} {try {bar} finally {foo}}
proc p6 {} {try {bar} on ok m {foo} finally {baz}}
proc p7 {} {try {set x 1} on ok m {foo} finally {baz}}
proc p8 {} {try {foo} on error m - on ok {m} {bar}}
foreach p {p1 p2 p3 p4 p5 p6 p7 p8} {puts $p; show $p; show [info body $p]}
