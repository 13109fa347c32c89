# Standard channels have the system encoding that there is at their first use, and may be connections.
encoding system iso2022-jp
puts [fconfigure stdout -encoding]
encoding system utf-8
puts [list [fconfigure stdout -encoding] [fconfigure stderr -encoding]]
# files in archives may become as large as a variable says
set base [file join [expr {[info exists env(TMPDIR)] ? $env(TMPDIR) : "/tmp"}] tclring-standard-[pid]]
file mkdir $base.d
set f [open $base.d/test w]; puts $f hello; close $f
zipfs mkzip $base.zip $base.d $base.d
zipfs mount $base.zip limited
set ::tcl::zipfs::wrmax 10
set f [open //zipfs:/limited/test w]
puts $f [string repeat x 11]
puts [list [catch {flush $f} m o] [string map [list $f CHANNEL] $m] [dict getdef $o -errorcode {}]]
puts [list [catch {close $f} m o] $m]
set f [open //zipfs:/limited/test w]
puts $f [string repeat x 11]
puts [list [catch {close $f} m o] $m [dict getdef $o -errorcode {}]]
zipfs unmount limited
file delete -force $base.zip $base.d
