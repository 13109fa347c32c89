# The line of a malformed command counts in the innermost body that it stands in: it stays the line of the last error.
foreach x {{catch {foo{{a 1} {b 2}}}} {catch {
  foo {b}2}} {if 1 {
 
  catch {
    foo {b}2}}} {foreach y 1 {
 
  catch {
    foo {b}2}}}  {set x [
   list {b}2]} {catch {set x [
   list {b}2]}} {
   if 1 {list x
      list {b}2}} {if {[
       list {b}2]} {}} {while 1 {
       foo {b}2
}} {catch {list
  while 1 {list
       foo {b}2
}}} {catch {list
  uplevel 1 {list
       foo {b}2
}}} {expr {[list
   foo {b}2]}} {set x "[list
   foo {b}2]"} {catch {
   set x "[list
   foo {b}2]"}}} {
    interp create c
    catch {interp eval c "\n\nproc main {} {

  apply {{a b} {error {} \$a}} a b;$x
}
main"} m o; regexp {line \d} [dict get $o -errorinfo] l; puts [list $l $x]
    interp delete c
}
# Looking for what to import begins scripts of its own the first time.
interp create c
c eval {proc main {} {
    catch {



error a}
    if 1 {auto_import foo::*; break}
}}
catch {c eval main} m o; puts [dict get $o -errorinfo]
catch {c eval main} m o; puts [dict get $o -errorinfo]
c eval {proc main {} {
    catch {



error a}
    if 1 {auto_load_index; break}
}}
catch {c eval main} m o; puts [dict get $o -errorinfo]
c eval {proc main {} {
    catch {



error a}
    if 1 {auto_qualify foo::* ::; break}
}}
catch {c eval main} m o; puts [dict get $o -errorinfo]
