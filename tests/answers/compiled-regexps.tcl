proc p {re s} {regexp $re $s}
puts [catch {p -foo x-foo} m]$m
puts [catch {p -- x} m]$m
puts [catch {p -nocase x} m]$m
proc p {re s} {regexp -- $re $s}
puts [catch {p -foo x-foo} m]$m
puts [catch {p (foo x-foo} m]$m
puts $errorInfo
proc p {re s} {set a 1
 if {[regexp {(} $s]} {set b 1}}
puts [catch {p -foo x-foo} m]$m
puts $errorInfo
proc p {re s} {regexp -nocase {^A.c$} $s}
puts [p x abC][p x abd]
proc p {re s} {regexp -nocase -- $re $s}
puts [p ABC xabcx][p "" ""][p "^$" "a"]
proc p {re s} {regexp -nocase $re $s}
puts [catch {p -foo x} m]$m
proc p {re s} {regexp -all $re $s}
puts [p a banana]
proc p {re s} {regexp $re $s all; set all}
puts [p a.a banana]
proc p {re s} {regexp $re}
puts [catch {p a banana} m]$m
proc p {re s} {regexp -- $re}
puts [catch {p a banana} m]$m
proc p {s} {list [regexp a $s] [regexp {^b} $s] [regexp {n$} $s] [regexp {[0-9]+} $s] [regexp \\d $s] [regexp (?i)B $s]}
puts [p banana]
puts [list [regexp a b] [regexp a a] [regexp -- -a x-a]]
proc p {} {regexp a $nosuch}
puts [catch p m]$m$errorInfo
proc p {} {regexp $nosuch [error inner]}
puts [catch p m]$m
proc p {a} {regexp $a [set a x]}
puts [p y]
trace add execution regexp enter {apply {args {puts [lindex $args 0]}}}
proc q {} {regexp a abc}
q
trace remove execution regexp enter {apply {args {puts [lindex $args 0]}}}
rename regexp old_regexp
proc regexp args {return mine}
puts [q]
rename regexp {}; rename old_regexp regexp
puts [q]
