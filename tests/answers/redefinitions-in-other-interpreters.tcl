# What is redefined in another interpreter leaves the code that runs here as it is.
proc run {} {
interp create a
a eval {
    proc incr {name} {return 1}
    rename lindex old_lindex
    proc lindex args {return "lindex of a"}
}
foreach child {a b} {
    foreach x {1 2} {
    error here}
}
}
catch run m o
puts $::errorInfo
proc run2 {} {
interp create c
c eval {
    proc ::tcl::mathfunc::double {x} {return 1}
    namespace ensemble configure string -map [dict replace [namespace ensemble configure string -map] length ::own]
}
foreach child {a b} {
    error here
}
}
catch run2 m o
puts $::errorInfo
proc run3 {} {
    proc ::tcl::mathfunc::double {x} {return 1}
foreach child {a b} {
    error here
}
}
catch run3 m o
puts $::errorInfo
