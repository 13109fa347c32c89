catch {interp delete i}; interp create i
catch {i eval {return -code error -errorcode {A B} -foo bar x}} m o; puts [dict remove $o -errorstack -during]
catch {i eval {return -code 5 -foo bar x}} m o; puts [dict remove $o -errorstack -during]
catch {i eval {return -code return -foo bar x}} m o; puts [dict remove $o -errorstack -during]
catch {i eval {break}} m o; puts [dict remove $o -errorstack -during]
catch {i eval {try {error a} finally {error b}}} m o; puts [dict remove $o -errorstack -during]
i alias foo error y
catch {i eval foo} m o; puts [dict remove $o -errorstack -during]
catch {interp eval i foo} m o; puts [dict remove $o -errorstack -during]
puts [i eval {catch foo m o; dict remove $o -errorstack}]
interp create {i j}
catch {i eval {j eval {error x y {z}}}} m o; puts [dict remove $o -errorstack -during]
puts [i eval {catch {j eval {error x y {z}}} m o; dict remove $o -errorstack}]
rename lmap lm
puts [interp create -safe -safe -safe i3]
catch {interp create -safe -- -safe i4 i5} m; puts $m
catch {interp create a b c d} m; puts $m
catch {interp create -safe -- -safe -safe} m; puts $m
catch {interp create -- -- --} m; puts $m
catch {interp create x -- --} m; puts $m
catch {interp create y -safe -safe} m; puts $m
catch {interp create z --} m; puts $m
proc t {s} {puts "--- $s"; set c [catch {uplevel #0 $s} r o]; puts "$c $r"}
catch {interp delete i}; interp create i
t {i eval {set a 1
return -code error foo; lsearch "a}}
t {i eval {set a 1
catch {error x}; return -code error foo; lsearch "a}}
t {i eval {set a 1
return -code error foo; lsearch a}}
