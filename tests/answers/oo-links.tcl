proc a {} {return A}
puts [catch {rename a ::} m]$m
puts [info commands ::]
puts [catch {{}} m]$m
namespace eval ns {}
proc b {} {return B}
puts [catch {rename b ns::} m]$m
puts [catch {ns::} m]$m
puts [info commands ns::*]
proc c {} {return B}
puts [catch {rename c {}} m]$m
oo::class create L {method foo {} {return hi}; constructor {} {link foo {::ext foo}}}
L create l
puts [interp aliases]
puts [info cmdtype ext],[info cmdtype [info object namespace l]::foo]
puts [interp alias {} ext]
puts [trace info command [info object namespace l]::my]
rename ext ext2
l destroy
puts [info commands ext2]
puts [info cmdtype L]
L create l
puts [info cmdtype [info object namespace l]::my]
oo::objdefine l method v {} {my variable vv; set vv 5; namespace eval foo {namespace upvar :: tcl_platform q}; my varname vv}
puts [l v]
oo::objdefine l export varname eval
l eval {namespace upvar :: tcl_platform(os) yy tcl_platform zz}
l eval {namespace eval sub {variable ww 1}}
l eval {upvar #0 ::oo::version ver}
puts [l varname yy],[l varname zz],[l varname sub::ww],[l varname ver]
