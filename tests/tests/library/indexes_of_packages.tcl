writeFile a.tcl {
    package require nosuch
    package provide a 1.0
    namespace eval a {proc x {} {}; proc y {} {}; namespace export x}
    namespace import a::x
    proc global {} {}
}
pkg_mkIndex -lazy . a.tcl
proc lines {} {
    set channel [open pkgIndex.tcl]
    puts [join [lsearch -all -inline [split [read $channel] \n] package*] \n]
    close $channel
}
lines
pkg_mkIndex . *.tcl
lines
puts [catch {pkg_mkIndex . no*} message]:$message
foreach words {
    {-name a -version 1 -source b.tcl -load c.so} {-name a -version 1 -source {b {c d}}} {-foo bar -a b -c d}
    {-name a -version 1 -version 2}
} {
    puts [catch {pkg::create {*}$words} message]:$message
}
package provide t 1.5
foreach words {{-exact t 2.4} {-exact zz 2.4} {zz 1 2}} {
    puts [catch {package present {*}$words} message]:$message
}
