interp create -safe x
puts [x eval {lsort [info vars]}]
puts [x eval {info commands *auto*}]
foreach name {file encoding open clock unknown} {
    puts [list $name [x eval [list info commands $name]] [expr {$name in [interp hidden x]}]]
}
puts [interp aliases x]
puts [x eval {clock format 0 -gmt 1 -format %Y}]
