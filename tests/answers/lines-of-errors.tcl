# What errorInfo says of commands that the reference compiles in some places only.
proc answer script {
    set child [interp create]
    set code [catch {$child eval $script} result options]
    puts "$code <$result>"
    if {$code == 1} {puts "[dict get $options -errorcode]\n[dict get $options -errorinfo]"}
    if {[interp exists $child]} {interp delete $child}
}
foreach script {
    {foreach x {1} {catch {error inside} m o}; dict get $o -errorinfo}
    {proc f {x} {catch $x m o; dict get $o -errorinfo}; f {error foo}}
    {proc f {} {catch [list lindex x x] m o; dict get $o -errorinfo}; f}
    {set x {error foo}; catch $x; set ::errorInfo}
    {set z 1
set y [try {error foo}]}
    {set x {error foo}; try $x}
    {proc f {} {set x {error foo}; try $x finally {set b 1}}; f}
    {proc f {} {try {error a} on error {a b c} {error x}}; f}
    {proc f {} {
try {error a} on error {m(1)} {error x}}; f}
    {proc f {} {try {error a} trap {} {} {error x}}; f}
    {proc f {} {foreach arr(a) {1 2} {error x}}; f}
    {proc f {} {foreach ::b {1 2} {error x}}; f}
    {proc f {} {lmap arr(a) {1 2} {error x}}; f}
    {proc f {} {dict map {::a b} {1 2} {error x}}; f}
    {dict for}
    {proc f a {expr {!$a || 1}}; f xy}
    {proc f a {if {!$a} {}}; f xy}
    {expr {!"abc" && 1}}
    {proc f {} {dict incr a b 0x1f; set a}; f}
    {proc f {} {lappend r [while (1 {set b}]}; f}
    {switch -nocase -- A {b {} default {error x}}}
    {switch -glob -- A \* {} default {error x}}
    {set x 1
rename lmap foo
lindex a b}
    {interp create i; i hide nosuch}
    {interp create i; interp invokehidden i nosuch a}
    {interp create i; interp hide i set; interp invokehidden i set nosuch}
    {interp create i; interp cancel i; i eval {set a}}
    {interp create i; i limit commands -value 0; i eval {set a 1; set b 2}}
    {return -code error -errorinfo "some\ninfo" x}
    {coroutine co apply {{} {yield 1; set x [yield 2]}}; coroinject co apply {args {error injected}}; co 5}
    {namespace ensemble create -command e -map {one list} -unknown {apply {{e args} {rename $e {}}}}; e two}
    {return -level 9223372036854775807 x}
    {return -options {a b c} x}
    {interp recursionlimit {} 0o17}
    {proc n::p {{} x} {}}
    {namespace eval n {}; proc n::p {{} x} {}}
    {set x {a b}; lpop x end+1 y}
    {time {error no} 4294967296}
    {clock format x -gmt x}
} {answer $script}
