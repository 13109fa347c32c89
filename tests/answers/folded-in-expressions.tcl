proc show {s} {set c [catch {uplevel #0 $s} m o]; if $c {puts "[dict get $o -errorinfo]\n--[dict get $o -errorcode]"}}
show {expr {1 << -1}}
show {if {[expr {1 << -1}]} then}
show {if {[expr {1 << -1}]} {list}}
show {catch [list if {[expr {1 << -1}]} {list}] m o; return -options $o $m}
show {catch [list if {[expr {1 << -1}] + $a} then] m o; return -options $o $m}
show {catch [list if {max(1,[expr {1 << -1}])} then] m o; return -options $o $m}
show {catch [list if {max(1,2 >=[expr {1 << -1}])} then] m o; return -options $o $m}
show {catch [list if {($c >=[expr {1 << -1}])} then] m o; return -options $o $m}
set c 1; set m 3
show {catch [list if {($c >=[expr {1 << -1}])} then] m o; return -options $o $m}
show {if {($c >=[expr {1 << -1}])} {}}
show {if {($c >=[set m]+[expr {1 << -1}])} {}}
show {if {($c >=[set m]+[expr {1 << -1}])} then}
show {catch {if {($c >=[set m]+[expr {1 << -1}])} then} m o; return -options $o $m}
show {catch {if {([set m]) | (max($c >=[expr {1 << -1}]))} then} m o; return -options $o $m}
show {catch {if {([set m] eq 4) | (max($c >=[expr {1 << -1}]))} then} m o; return -options $o $m}
show {catch {if {([set m] eq 4) | (max($c >=[expr {1 << -1}], "abc" < [llength x]))} then} m o; return -options $o $m}
proc p {} {expr {[expr {1 << -1}]}}
show p
proc p {} {if {[expr {1 << -1}]} then}
show p
proc p {} {if {[expr {1 << -1}]} {}}
show p
show {expr {[expr {[expr {1 << -1}]}]}}
show {expr {[set m] + [expr {[expr {1 << -1}]}]}}
show {expr {max([set m],[expr {1 << -1}])}}
show {expr "1 << -1"}
show {set x "1 << -1"; expr $x}
show {set x {[format %d x]}; expr $x}
show {set x {[throw {} x]}; expr $x}
show {expr 1 << -1}
show {while {[expr {1 << -1}]} then}
show {while {[expr {1 << -1}]} {}}
show {set y {[expr {1 << -1}]}; while $y {}}
show {set y {[expr {1 << -1}]}; if $y {}}
