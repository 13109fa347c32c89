# Error codes and texts of variables that are not there, or not what they should be.
proc answer script {
    set child [interp create]
    set code [catch {$child eval $script} result options]
    puts "$code <$result>"
    if {$code == 1} {puts "[dict get $options -errorcode]\n[dict get $options -errorinfo]"}
    if {[interp exists $child]} {interp delete $child}
}
foreach script {
    {upvar 0 x y; set y}
    {upvar 0 x y; unset y}
    {trace add variable x write list; unset x}
    {proc f {} {unset nosuch}; f}
    {proc f {} {set x(1)}; f}
    {proc f {} {set x 1; set x(1) 2}; f}
    {proc f {} {set arr($a) abc}; f}
    {proc f {} {incr h($a)}; f}
    {const k 1; unset k}
    {const k 1; set k(1) 2}
    {const k a; dict set k b c}
    {const k {1 2}; lset k 5 1}
    {set k 1; const k 2}
    {set k 1; const k(1) 2}
    {const k 1; incr k}
    {set nosuch::v(1) 2}
    {incr nosuch::v 10}
    {set x 1; incr x(1)}
    {lset nosuch::v 0 1}
    {array set x {}; lpop x}
    {array set x {}; array default set x 4; lpop x(n)}
    {proc f {} {variable nosuch::v 1}; f}
    {proc f {} {array set nosuch::v {a 1}}; f}
    {proc f {} {set x 1; array set x {a 1}}; f}
    {set x 1; array set x(1) {a 1}}
    {variable a(1) 2}
    {set x 5; dict unset x(1) a b}
    {dict unset nosuch::v a b}
    {catch {error a} nosuch::v}
    {upvar 0 arr(z) x; set x(1)}
    {set arr(z) 1; upvar 0 arr(z) x; unset arr; set x 1}
    {set arr(z) 1; upvar 0 arr(z) x; unset arr; set x}
    {set x 1; trace add variable x write {apply {args {return -code 10 no}}}; set x 2}
    {set x 1; trace add variable x read {apply {args {return -code break no}}}; set x}
    {trace add variable x array {apply {args {error no}}}; array names x}
    {proc f {} {set x 1; trace add variable x read {apply {args {error no}}}
set y $x}
f}
    {trace add variable x read {apply {args {error no}}}; lappend x}
    {set x 1; trace add variable x read {apply {args {error no}}}; info exists x}
} {answer $script}
