set i [interp create]
$i eval {puts in}
interp delete $i
puts out
