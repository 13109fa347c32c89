# The lines that are told of a return that makes an error of a script that another interpreter evaluates.
proc t s { set c [interp create]; catch {$c eval $s} r o; puts "$s\n   [string map {\n |} [dict getdef $o -errorinfo -]]"; interp delete $c }
t {catch {

error a}
return -code error -errorinfo "some\ninfo" x}
t {catch {apply {{} {


error a}}}
return -code error -errorinfo "some\ninfo" x}
t {catch {apply {{} {


error a}}}
set a [list 2]
return -code error -errorinfo "some\ninfo" x}
t {catch {apply {{} {


error a}}}
apply {{} {list a}}
return -code error -errorinfo "some\ninfo" x}
t {catch {apply {{} {


error a}}}
eval {list a}
return -code error -errorinfo "some\ninfo" x}
t {catch {apply {{} {


error a}}}
eval "list a"
lappend ::notes [return -code error -errorinfo "some\ninfo" x]}
t {

oo::class create A {
method m
}
}
t {catch {
oo::class create A {

method m
}
}

lappend ::notes [return -code error -errorinfo "some\ninfo" x]}
t {catch {
oo::class create A {

method m
}
}
oo::class create A {
method m {} {}

}
lappend ::notes [return -code error -errorinfo "some\ninfo" x]}
t {set a 1
oo::class create A {
method m {} {}

}
lappend ::notes [return -code error -errorinfo "some\ninfo" x]}
t {set a 1
catch {
set b}
lappend ::notes [return -code error -errorinfo "some\ninfo" x]}
t {set a 1
catch {
nosuch}
lappend ::notes [return -code error -errorinfo "some\ninfo" x]}
t {set a 1
catch {
nosuch}
return -code error -errorinfo "some\ninfo" x}
t {set a 1
catch {

lseq x to to to}
return -code error -errorinfo "some\ninfo" x}
t {set a 1
interp create i
catch {interp eval i {

lseq x to to to}}
return -code error -errorinfo "some\ninfo" x}
t {set a 1
if {[catch {
lseq x to to to}]} {
return -code error -errorinfo "some\ninfo" x}}
t {set a 1
catch { namespace eval n {

lseq x to to to}}
return -code error -errorinfo "some\ninfo" x}
t {catch {

error a}
return -code error x}
t {catch {

error a}
return -code error -errorline 7 x}
t {catch {

error a}
return -code error -errorline 1 x}
t {catch {

error a} m o
return -options $o $m}
t {catch {

error a}
catch {error c}
return -code error x}
t {catch {

error a}
catch {
return -code error c} m o
return -options $o $m}
t {proc p {} {
catch {
error a}
return -code error -level 2 x}
p}
t {proc p {} {

catch {
error a}
return -code error x}
set c 1
p}
t {proc p {} {

catch {
error a}
return -code error -errorinfo hallo x}
set c 1
p}
