# The search for a package has opened files here before.
catch {package require nosuch}
set i [interp create]
$i eval {foreach name {stdin stdout stderr} {close $name}}
puts [catch {$i eval {puts x}} message]:$message
interp delete $i
puts [lsort [chan names std*]]
