# Traces that unset, rename or remove what they watch.
proc note args {lappend ::seen $args}
set seen {}
trace add variable x read note
puts [catch {set x(2)} message]:$message:$seen
unset -nocomplain x
set x(0) 18
trace add variable x(1) unset note
proc p {} {global x; unset -nocomplain x(1)}
p
puts $seen
set seen {}
unset -nocomplain y
set y 1234
trace add variable y read {note third}
trace add variable y read {unset ::y ;#}
trace add variable y read {note first}
trace add variable y unset {note gone}
puts [catch {set y} message]:$message:$seen
set seen {}
set z scalar
trace add variable z array note
puts [catch {array set z {a 1}} message]:$message:$seen
set w(bar) 0
trace add variable w read {set w(foo) 1 ;#}
trace add variable w read {unset -nocomplain w;#}
puts [catch {array get w} message]:$message
set v(0) 1234
proc again args {unset ::v; set ::v(0) xyzzy}
trace add variable v(0) read again
puts [catch {set v(0)} message]:$message:[set v(0)]
foreach {type ops} {variable r variable a command d execution e} {
    puts [catch {trace add $type note $ops note} message]:$message
}
trace add variable ::errorInfo write note
catch {set nosuch}
trace remove variable ::errorInfo write note
puts $seen
proc old {} {}
proc drop {command from to op} {
    puts "$command $from $to $op [info commands old] [info commands new]"
    trace remove command $command {*}[lindex [trace info command $command] 0]
}
trace add command old {rename delete} {drop old}
rename old new
puts [trace info command new]
trace add command new rename {apply {{from to op} {rename $from ""}}}
rename new newer
puts [info commands new]:[info commands newer]
proc one {} {}
trace add command one rename {apply {{from to op} {rename $from three}}}
rename one two
puts [info commands one]:[info commands two]:[info commands three]
