catch {B destroy}; catch {B0 destroy}
oo::class create B0 {destructor {set ::x 5}; method m {} {my destroy}; method k {} {rename [self] {}}; method l {} {set x 4; my destroy}}
oo::class create B {destructor {set ::x 5}; method m {} {my destroy}; method k {} {rename [self] {}}; method l {} {set x 4; my destroy}}
catch {C destroy}
oo::class create C {superclass B0; destructor {next; set ::y 6}}
catch {D destroy}
oo::class create D {superclass B0; destructor {set ::y 6; next}}
catch {E destroy}
oo::class create E {superclass B0; destructor {}}
oo::class create F {destructor {return foo}}
oo::class create G {destructor {return -code error foo}}
oo::class create H {destructor {return -level 2 foo}}
oo::class create I {destructor {break}}
catch {J destroy}
oo::class create J {superclass B0; constructor {} {error x}}
catch {K destroy}
oo::class create K {superclass B0; constructor {} {my destroy}}
catch {L destroy}
oo::class create L {superclass B0; method m {} {return 9}; filter ff; method ff args {next {*}$args; return 77}}
foreach c {B C D E F G H I L} {
 catch {$c create o; o destroy} m o; puts "$c 1 <$m>"
 catch {$c create o; rename o {}} m o; puts "$c 2 <$m>"
 catch {$c create o; o m} m o; puts "$c 3 <$m>"
 catch {o destroy}
 catch {$c create o; o k} m o; puts "$c 4 <$m>"
 catch {o destroy}
 catch {$c create o; o l} m o; puts "$c 4 <$m>"
 catch {o destroy}
 catch {$c create o; namespace delete [info object namespace o]} m o; puts "$c 5 <$m>"
 catch {$c create o; $c destroy} m o; puts "$c 6 <$m>"
}
catch {J create o} m; puts $m
catch {K create o} m; puts $m
catch {B destroy}; catch {B0 destroy}
oo::class create B0 {destructor {set ::x 5}; method m {} {my destroy}; method k {} {rename [self] {}}; method l {} {set x 4; my destroy}}
oo::class create B {destructor {set ::x 5}; method m {} {my destroy}; method k {} {rename [self] {}}}
B create o; B create o2; oo::define B destructor {set x [self]}
puts [B destroy]
catch {B destroy}; catch {B0 destroy}
oo::class create B0 {destructor {set ::x 5}; method m {} {my destroy}; method k {} {rename [self] {}}; method l {} {set x 4; my destroy}}
oo::class create B {destructor {set ::x 5}; method m {} {my destroy}; method k {} {rename [self] {}}}
interp create i
puts [i eval {oo::class create B {destructor {set ::x 5}}; B create o; proc p {} {o destroy}; p}]
proc p {} {B create o; rename o {}}
puts [p]
proc p {} {B create o; coroutine co eval {yield; o destroy}}
puts [p];puts [co]
puts [eval {B create o; o destroy}]
puts [namespace eval foo {B create o; o destroy}]
puts [namespace eval foo {B create o; namespace delete [namespace current]}]
namespace eval foo {B create o}
puts [namespace delete foo]
catch {o destroy}; B create o
puts [proc o {} {}]
rename o {}; B create o
puts [B destroy]
puts [catch {o} m]$m
