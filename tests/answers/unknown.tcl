puts [catch {nosuch a b} m o]:$m
puts $::errorInfo
puts [dict get $o -errorcode]
proc p {} {nosuch 1}
catch p; puts $::errorInfo
catch {eval [list nosuch 3]}; puts $::errorInfo
namespace eval n {catch {nosuch a} m o; puts [dict get $o -errorinfo]}
puts [info args unknown]
rename unknown unknown.old
proc unknown args {uplevel 1 [list unknown.old {*}$args]}
catch {nosuch a b} m o; puts [dict get $o -errorinfo]
rename unknown {}
catch {nosuch a b} m o; puts [dict get $o -errorinfo]
proc unknown args {return [list unknown $args]}
puts [nosuch 1 2]
rename unknown {}
rename unknown.old unknown
set i [interp create]
$i eval {
	proc foobar {} {
	    set while while
	    $while {1} {
	    }
	}
}
$i limit time -seconds [expr {[clock seconds]}] -milliseconds 0
puts [catch {$i eval foobar} m]:$m
interp delete $i
interp alias {} unknown {} notaknownproc
puts [catch { unknown } msg]:$msg
