# dict map: what its body may do.
proc report {what script} {
    set code [catch {uplevel 1 $script} result options]
    puts "$what: $code [list $result]"
    if {$code == 1} {puts [dict get $options -errorinfo]}
}
proc squares d {dict map {k v} $d {expr {$v * $v}}}
report squares {squares {a 1 b 2 c 3}}
report empty {squares {}}
report odd {squares {a 1 b}}
report spaces {squares {"a b" 2 {} 3 # 4}}
proc breaks d {dict map {k v} $d {if {$v == 2} break; set v}}
report breaks {breaks {a 1 b 2 c 3}}
proc continues d {dict map {k v} $d {if {$v == 2} continue; list $k $v}}
report continues {continues {a 1 b 2 c 3}}
proc returns d {dict map {k v} $d {if {$v == 2} {return early}; set v}}
report returns {returns {a 1 b 2}}
proc renames d {dict map {k v} $d {set k x; set v}}
report renames {renames {a 1 b 2}}
proc fails d {
    dict map {k v} $d {
        set v
        error "at $k"
    }
}
report fails {fails {a 1}}
proc again d {set d [dict map {k v} $d {incr v}]; dict set d z 0; dict incr d a; return $d}
report again {again {a 1 b 2}}
proc twice d {dict map {k v} $d {dict map {k v} [list $k $v x 1] {string cat $k $v}}}
report twice {twice {a 1 b 2}}
proc changes {} {set d {a 1 b 2}; set r [dict map {k v} $d {dict set d $k$k $v; set v}]; list $r $d}
report changes changes
proc same {} {dict map {x x} {a 1 b 2} {set x}}
report same same
report global {dict map {k v} {a 1 b 2} {incr v 10}}
report global {list $k $v}
report {its size} {dict size [squares {a 1 b 2}]}
report duplicates {squares {a 1 b 2 a 3}}
report names {dict map {k} {a 1} {set k}}
report arguments {dict map {k v} {a 1}}
report element {dict map {e(k) e(v)} {a 1} {list $e(k) $e(v)}}
proc linked {} {upvar #0 gk k; dict map {k v} {a 1 b 2} {list $k $v}}
report linked linked
report linked {set gk}
namespace eval ns {report namespace {dict map {::ns::k v} {a 1} {set ::ns::k}}}
puts [dict map {k v} {a 1 b 2} {if {$k eq "b"} break; set v}]
puts [eval {dict map {k v} {a 1 b 2} {if {$k eq "b"} break; set v}}]
proc p {} {dict map {k v} {a 1 b 2} {if {$k eq "b"} break; set v}}
puts [p]
proc p2 {} {dict map {e(k) v} {a 1 b 2} {if {$v eq "2"} break; set v}}
puts [p2]
proc p3 {} {dict map {::k v} {a 1 b 2} {if {$v eq "2"} break; set v}}
puts [p3]
