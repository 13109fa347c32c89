namespace eval n1 {
proc t {} { 
  proc set args {error boo}
  set x 1
}
catch t
puts $::errorInfo
}
namespace eval n2 {
proc lp {} {
  foreach a {1 2} {
     proc incr args {error boo2}
     if {$a} {
       incr x; list a
       incr y
     }
  }
}
catch lp
puts $::errorInfo
proc lp2 {} {
  foreach a {1 2} {
     proc append args {uplevel 1 {info locals}}
     set z [append x y]
     set q [lindex [append x y] 0]
  }
  list $z $q
}
puts [lp2]
proc lp3 {} {
  for {set i 0} {$i < 10} {::incr i} {
     proc continue args {return -code break ok}
     if {$i == 3} continue
  }
  return $i
}
puts [lp3]
proc lp4 {} {
  for {set i 0} {$i < 10} {::append i 1} {
     proc break args {return -code continue ok}
     if {$i == 3} break
  }
  return $i
}
puts [catch lp4 m]:$m
proc ret {} { proc return args {uplevel 1 {set x 5}}; return 6; list $x }
puts [ret]
proc ct {} { set a [catch {proc lindex args {error e1}; lindex {a b} 0} m]; list $a $m $::errorInfo}
puts [ct]
proc sw {} { switch a { a {proc llength args {::return 77}; llength {a b c}} b {} } }
puts [sw]
proc ex {} { expr {[proc lrange args {::return 9}; lrange a b c] + [lrange d 0 1]} }
puts [ex]
proc e2 {} { set x [if 1 {proc list args {::return mylist}; list 1}]; ::list $x [list 2]}
puts [e2]
proc e3 {} { rename e3 {}; set x 5; ::return [list $x [namespace current]]}
puts [e3]
coroutine c apply {{} { yield; while 1 { set v [dict get {a 1} a]; yield $v }} ::n2}
c
puts [c]
namespace eval ::n2 {proc dict args {::return fake}}
puts [c]
puts [c]
}
proc deep {n} { if {$n} {set r [deep [expr {$n-1}]]; set y [incr r]; return $y}; rename incr oldincr; proc incr {v} {upvar 1 $v x; set x [expr {$x+100}]}; return 0 }
puts [deep 5]
rename incr {}; rename oldincr incr
puts [deep 5]
