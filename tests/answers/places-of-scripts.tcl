# What is known of where scripts and bodies stand that are words of other commands.
set body {
    set d [dict remove $d cmd level proc]
    if {[dict exists $d file]} {dict set d file [file tail [dict get $d file]]}
    return $d
}
proc r d $body
proc direct {} {uplevel #0 {set ::res [info frame 0]}}
direct; puts d1=[r $res]
proc direct {} {uplevel 1 {set ::res [info frame 0]}}
direct; puts d2=[r $res]
uplevel #0 {set ::res [info frame 0]}; puts d3=[r $res]
eval {set ::res [info frame 0]}; puts d4=[r $res]
proc through {s} {uplevel 1 $s}
through {set ::res [info frame 0]}; puts d5=[r $res]
interp create sub
sub eval [list proc r d $body]
puts s1=[sub eval {r [info frame 0]}]
puts s2=[sub eval {uplevel #0 {set ::res [info frame 0]}; r $res}]
puts s3=[sub eval {eval {set ::res [info frame 0]}; r $res}]
puts s4=[sub eval {proc direct {} {uplevel #0 {set ::res [info frame 0]}}; direct; r $res}]
puts s5=[sub eval {proc direct {} {uplevel 1 {set ::res [info frame 0]}}; direct; r $res}]
puts s6=[sub eval {proc through {s} {uplevel 1 $s}; through {set ::res [info frame 0]}; r $res}]
puts s7=[sub eval {namespace eval foo {set ::res [info frame 0]}; r $res}]
puts s8=[sub eval {if 1 {set ::res [info frame 0]}; r $res}]
puts s9=[sub eval {catch {set ::res [info frame 0]}; r $res}]
puts s10=[sub eval {proc q {} {info frame 0}; r [q]}]
puts s11=[sub eval {uplevel 0 {set ::res [info frame 0]}; r $res}]
set b {
    proc dynamic {} {info frame 0}
}
eval $b
puts e1=[r [dynamic]]
proc mk {} {proc dynamic {} {info frame 0}}
mk
puts e2=[r [dynamic]]
foreach x 1 {proc dynamic {} {info frame 0}}
puts e3=[r [dynamic]]
proc mk s {eval $s}
mk {proc dynamic {} {info frame 0}}
puts e4=[r [dynamic]]
proc mk s {uplevel 1 $s}
mk {proc dynamic {} {info frame 0}}
puts e5=[r [dynamic]]
namespace eval zz {proc dynamic {} {info frame 0}}
puts e6=[r [zz::dynamic]]
after 1 {proc dynamic {} {info frame 0}; set done 1}; vwait done
puts e7=[r [dynamic]]
set bb {info frame 0}
proc dynamic {} $bb
puts e8=[r [dynamic]]
switch -exact -- a [list a {proc dynamic {} {info frame 0}}]
puts e9=[r [dynamic]]
switch -exact -- a {a {proc dynamic {} {info frame 0}}}
puts e10=[r [dynamic]]
apply {{} {proc dynamic {} {info frame 0}}}
puts e11=[r [dynamic]]
oo::class create C {method m {} {info frame 0}}
puts e12=[r [[C new] m]]
eval {eval {proc dynamic {} {info frame 0}}}
puts e14=[r [dynamic]]
eval [list proc dynamic {} {info frame 0}]
puts e15=[r [dynamic]]
{*}{proc dynamic {} {info frame 0}}
puts e16=[r [dynamic]]
interp create child
child hide info
puts [list [child invokehidden info frame] \
	[child invokehidden info frame 0] \
	[child invokehidden info frame 1] \
	[catch {child invokehidden info frame -1} msg] $msg \
	[catch {child invokehidden info frame 2} msg] $msg]
set b {
    foo {
	proc dynamic {} {info frame 0}
    }
}
switch -exact -- foo $b
puts f1=[r [dynamic]]
proc inner {} {through {set ::res [info frame 0]}}
inner; puts f2=[r $res]
interp create deb; interp debug deb -frame 1
deb eval [list proc r d $body]
puts g1=[deb eval {r [info frame 0]}]
puts g2=[deb eval {uplevel #0 {set ::res [info frame 0]}; r $res}]
puts g3=[deb eval {proc direct {} {uplevel #0 {set ::res [info frame 0]}}; direct; r $res}]
puts g4=[deb eval {proc through {s} {uplevel 1 $s}; through {set ::res [info frame 0]}; r $res}]
puts g5=[deb eval {proc inner {} {through {set ::res [info frame 0]}}; inner; r $res}]
puts g6=[deb eval {proc through2 {s} {through $s}; through2 {set ::res [info frame 0]}; r $res}]
