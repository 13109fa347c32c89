package require Tcl 8.5
set path /tmp/tclring_old_[pid]
set f [open $path w+]
fconfigure $f -translation binary
puts -nonewline $f \u20ac\xe9\n
seek $f 0
binary scan [read $f] cu* bytes
puts $bytes
foreach encoding {binary identity {}} {
    puts [catch {fconfigure $f -encoding $encoding}]
}
puts [catch {fconfigure $f -eofchar {{} {}}}]
puts [catch {fconfigure $f -eofchar "\x1a {}"}]
close $f
set f [open $path wb+]
puts -nonewline $f "a\xff\xe9b"
seek $f 0
fconfigure $f -encoding utf-8
puts [string length [read $f]]
fconfigure $f -encoding iso8859-2
seek $f 0
puts -nonewline $f \u20ac
close $f
set f [open $path rb]
puts [read $f 1]
close $f
puts [scan [encoding convertfrom utf-8 a\xff] %c%c]
puts [encoding convertto iso8859-1 \u20ac]
set f [open $path wb]
puts $f "set x \"a\xff\""
close $f
source $path
puts [string length $x]
file delete $path
