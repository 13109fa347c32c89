proc t s { set c [interp create]; set r {}; catch {$c eval $s} r o; puts "$s\n   $r : [string map {\n |} [dict getdef $o -errorinfo -]]"; interp delete $c }
foreach val {2.5 1 {} NaN true 1e400 99999999999999999999} { foreach i {2.5 {} x NaN true 99999999999999999999} { t "set x [list $val]; incr x [list $i]"; t "set x {a [list $val]}; dict incr x a [list $i]" }}
t {array set h {a 1}; trace add variable h {read write unset array} {apply {args {return -code 2 x}}}; array names h}
t {array set h {a 1}; trace add variable h {read write unset array} {apply {args {return -code 2 x}}}; lsort [array names h]}
t {array set h {a 1}; trace add variable h {read write unset array} {apply {args {return x}}}; lsort [array names h]}
t {array set h {a 1}; trace add variable h {array} {return -code 2 x;#}; lsort [array names h]}
t {array set h {a 1}; trace add variable h {array} {break;#}; lsort [array names h]}
t {array set h {a 1}; trace add variable h {array} {return;#}; lsort [array names h]}
t {array set h {a 1}; trace add variable h {read} {return;#}; set h(a)}
t {array set h {a 1}; trace add variable h {read} {return -code 2 x;#}; set h(a)}
t {array set h {a 1}; trace add variable h {read} {break;#}; set h(a)}
t {array set h {a 1}; trace add variable h {read} {apply {args {return -code 2 x}}}; set h(a)}
t {array set h {a 1}; catch {list}; trace add variable h {read} {apply {args {return -code 2 x}}}; set h(a)}
t {array set h {a 1}; catch {list}; trace add variable h {array} {apply {args {return -code 2 x}}}; array names h}
t {array set h {a 1}; eval {list;list}; trace add variable h {array} {apply {args {return -code 2 x}}}; array names h}
t {array set h {a 1}; eval {list;list}; trace add variable h {array} {apply {args {return -code 2 x}}}; lsort [array names h]}
t {array set h {a 1}; catch [list list [array startsearch h]]; trace add variable h {read write unset array} {apply {args {return -code 2 x}}}; lsort [array names h]}
t {array set h {a 1}; array startsearch h; trace add variable h {read write unset array} {apply {args {return -code 2 x}}}; lsort [array names h]}
