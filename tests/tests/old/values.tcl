package require Tcl 8.5
# What follows from the version that the script asks for.
puts [list [info exists tcl_precision] $tcl_version [package vsatisfies [package provide Tcl] 8.6] $tcl_platform(threaded)]
puts [list [expr {010}] [expr 0o10] [lindex {a b c d e f g h i} 010] [catch {expr {08}}] [format %d 010]]
puts [list [file split a/~b] [file pathtype ~] [file join a ~b] [string equal [file normalize ~] $env(HOME)]]
foreach command {cd open source exec {file normalize}} {
    puts [catch {{*}$command ~nosuchuser/x} message]:$message
}
puts [list [format %x -1] [format %d 4294967296] [scan 4294967296 %d] [scan ffffffff %x]]
foreach class {integer wideinteger entier} {
    puts [lmap number {4294967295 4294967296 18446744073709551615 18446744073709551616} {string is $class $number}]
}
puts [list [expr {int(1e20)}] [expr {entier(1e20)}]]
puts [list [string bytelength \u20ac] [catch {string nosuch}]]
trace variable x w list
puts [trace vinfo x]
trace vdelete x w list
puts [case b in {a c} {set y 1} {b d} {set y 2} default {set y 3}]
puts [case z in {a c} {set y 1} default {set y 3}]
puts [clock scan 2024-02-30 -format %Y-%m-%d -gmt 1]
interp create child
puts [list [child eval {expr 010}] [interp slaves] [child eval {set tcl_version}]]
