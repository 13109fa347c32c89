foreach {name cmd} {
 1 {switch -regexp -- $v {a {} x.* {
   foo bar } default {}}}
 2 {switch -regexp $v {a {} x.* {
   foo bar } default {}}}
 3 {switch -nocase -regexp -- $v {a {} x.* {
   foo bar } default {}}}
 4 {switch -regexp -nocase -- $v {a {} X.* {
   foo bar } default {}}}
 5 {switch -regexp -matchvar m -- $v {a {} x.* {
   foo bar } default {}}}
 6 {switch -regexp -- $v a {} x.* {
   foo bar } default {}}
 7 {switch -regexp -- $v {a {} x( {
   foo bar } default {}}}
 8 {switch -regexp -- $v {a - (x) {
   foo bar } default {}}}
 9 {switch -nocase -- $v {a - X1 {
   foo bar } default {}}}
 10 {switch -glob -nocase -- $v {a - X* {
   foo bar } default {}}}
 11 {switch -exact -nocase -- $v {a - x1 {
   foo bar } default {}}}
 12 {switch -exac -- $v {a - x1 {
   foo bar } default {}}}
 13 {switch -- $v {a - x1 {
   foo bar } default {}}}
 14 {switch -regexp -- $v {{} {
   foo bar } default {}}}
 15 {switch -regexp -- $v {{^x1$} {
   foo bar } default {}}}
 17 {switch -regexp -- $v {default {} x {
   foo bar }}}
 18 {switch -regexp -- [list -x1] {-x {
   foo bar }}}
 19 {switch -regexp -- $v {$q {} x {
   foo bar }}}
 20 {switch -glob -- $v {$q {} x* {
   foo bar }}}
} {
  puts "== $name"
  eval [list proc p v "set y 1\n set z 2\n $cmd"]
  catch {p x1} e
  puts $errorInfo
  if {$name != 7} {
  eval [list proc p v "for {set i 0} {\$i < 3} {incr i} \{\n set z 2\n [string map {{foo bar} {puts $i; if {$i == 1} break else continue}} $cmd]\n\}; return \$i"]
  puts [catch {p x1} e]$e
  }
}
