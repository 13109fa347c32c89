proc show {s} {catch {uplevel #0 $s} m o; puts "[dict get $o -errorinfo]\n--[dict get $o -errorcode]"}
set i 0
foreach body {
 {array set n::arr {a 1}} {array set n::arr {a "x"y}} {array set n::arr {}} {array set n::arr {a}} {array set n::arr $l} {array set n::arr [list]} {array set n::arr {a 1 b}} {array set n::arr {a {}x}} {array set n::arr "a"} {array set $v {a 1}} {array set $v {a "x"y}} {array set "n::arr" {a 1}}
 {array set arr {a "x"y}} {array set arr {a}} {array set arr $l} {set s 1; array set s {a 1}} {set s 1; array set s {a "x"y}} {set s 1; array set s {a}} {set s 1; array set s $l} {set s 1; array set s [list a 1 b 2]} {set s 1; array set s {}} {set s 1; array set s [list]}
 {array set s(a) {a 1}} {array set s(a) $l} {array set s(a) {a "x"y}} {array set ::s(a) {a 1}} {array set n::s(a) {a 1}}
 {set s 1; array set ::g {a 1}} {set s 1; array set ::g $l} {set s 1; array set ::g {}} {set s 1; array set ::g {a "x"y}} {set s 1; array set ::g {a}} 
} { set ::g 1; unset -nocomplain s l v; set v n::arr; set l {a 1 b}; puts "== $body"; proc p$i {} "set l {a 1 b}; set v n::arr\n$body"; show p$i; show $body; show "list \[$body\]"; proc q$i {} "set l {a 1 b}; set v n::arr\ncatch {$body; list a} m;[list catch $body m o]; puts \[dict get \$o -errorinfo\]; info exists arr"; puts [catch q$i m]$m;incr i}
