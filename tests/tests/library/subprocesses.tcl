foreach words {
    {tcl::process} {tcl::process foo} {tcl::process list x} {tcl::process status x} {tcl::process status 1}
    {tcl::process status -foo x} {tcl::process status -- -wait} {tcl::process purge 1 2} {tcl::process autopurge}
    {tcl::process autopurge x} {tcl::process autopurge 0}
} {
    puts [catch $words message]:$message
}
set p [exec sleep 0.1 &]
puts [list [expr {[tcl::process list] eq $p}] [expr {[tcl::process status] eq [list $p {}]}]]
puts [string map [list $p P] [tcl::process status -wait $p]]
tcl::process purge
puts [tcl::process list]
foreach script {{exit 3} {kill -9 $$}} {
    set p [exec sh -c $script &]
    puts [string map [list $p P] [tcl::process status -wait $p]]
}
puts [llength [tcl::process list]]
tcl::process purge [list $p]
puts [llength [tcl::process list]]
set f [open |cat]
puts [expr {[pid $f] in [tcl::process list]}]
close $f
tcl::process purge
puts [tcl::process list]
