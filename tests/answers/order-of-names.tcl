# Names come in the order of the reference's tables.
namespace eval foo {
  foreach n {alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron} {
    variable $n 1
    proc p$n {} {}
    namespace eval n$n {}
  }
}
puts [info vars foo::*]
puts [info commands foo::*]
puts [info procs foo::p*a]
puts [namespace children foo]
namespace eval foo {puts [info vars *a]; puts [info vars alpha]; puts [info vars ::nosuch]}
proc q {a b} {
  set z 1; set y 2; global auto_path; upvar 0 zz www; set www 1
  foreach n {alpha beta gamma delta} {set $n 1}
  unset delta; set omega 1
  puts [info locals]; puts [info vars]
}
q 1 2
foreach i {a b c d e g h} {interp create i$i; interp alias {} al$i {} set}
puts [interp children]
puts [interp aliases]
puts [array names tcl_platform]
puts [info commands ::tcl::mathfunc::*]
