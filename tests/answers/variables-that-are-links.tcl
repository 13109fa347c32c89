# Links to what has no value are variables.
namespace eval N {upvar 1 outer o; puts [info vars]; puts [info exists o]; set a 1; puts [info vars]}
namespace eval N2 {upvar #0 nosuch o; puts [info vars]; puts [info vars ::N2::*]; puts [info vars o]; puts [info vars ::N2::o]}
proc p {} {upvar 1 nosuch o; global nosuch2; variable nosuch3; puts [info vars]; puts [info locals]; puts [info vars o*]; puts [info vars o]}
p
upvar #0 nosuch4 oo; puts [info vars oo*]; puts [info globals oo*]; puts [info vars oo]
namespace eval N3 {variable v; global G2; namespace upvar ::N2 zz yy; puts [lsort [info vars]]; puts [info vars ::N3::*]; puts [info vars yy]}
