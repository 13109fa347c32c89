# A copy that a destructor makes of its object has no destructor called.
oo::class create D {destructor {puts x[self]; oo::copy [self] sub}}
D create d1
puts [catch {d1 destroy}]
puts [info class instances D]
oo::class create C {destructor {puts x[self]; if {[incr ::n] < 4} {C create sub}}}
C create c1
puts [catch {c1 destroy}]
puts [info class instances C]
