proc note args {}
set n 0
foreach body {
 {
    catch {lset w {0 1}}
    break
 } {
    catch {lset w {0 1}} m o
    break
 } {
    catch {lset w {0 1}} m o
    note
    break
 } {
    catch {lset w {0 1}} m o
    note [catch [list list]]
    break
 } {
    catch {lset w {0 1}} m o
    note [catch [list lsort {}]]
    break
 } {
    catch {lset w {0 1}} m o
    catch [list lsort {}] m o
    break
 } {
    catch {lset w {0 1}} m o
    catch {note} m o
    break
 } {
    catch {lset w {0 1}} m o
    eval {note}
    break
 } {
    catch {lset w {0 1}} m o
    eval [list note]
    break
 } {
    catch {lset w {0 1}} m o
    eval "list"
    break
 } {
    catch {lset w {0 1}} m o
    uplevel 1 {list}
    break
 } {
    catch {lset w {0 1}} m o
    uplevel 1 [list list]
    break
 } {
    catch {lset w {0 1}} m o
    lsort -command {apply {{a b} {return 1}}} {1 2 3}
    break
 } {
    catch {lset w {0 1}} m o
    expr "1+1"
    break
 } {
    catch {lset w {0 1}} m o
    subst {[list a]}
    break
 } {
    catch {lset w {0 1}} m o
    namespace eval :: {list}
    break
 } {
    catch {lset w {0 1}} m o
    apply {{} {list}}
    break
 } {
    catch {lset w {0 1}} m o
    set x [list a]
    catch $x
    break
 } {
    catch {lset w {0 1}} m o
    set x "list a"
    catch $x
    break
 }
} { proc p {} $body; catch p m o; puts "[incr n] [lindex [split [dict get $o -errorinfo] \n] 1]" }
proc note args {}
set n 0
foreach body {
 {
    catch {lset w {0 1}} m o
    catch [list list]
    break
 } {
    catch {lset w {0 1}} m o
    set y 1
    catch [list list $y]
    break
 } {
    catch {lset w {0 1}} m o
    set y [list list a]
    catch $y
    break
 } {
    catch {lset w {0 1}} m o
    set y [list list a]
    catch $y m
    break
 } {
    catch {lset w {0 1}} m o
    set y [list list a]
    catch $y m o
    break
 } {
    catch {lset w {0 1}} m o
    eval [list list]
    break
 } {
    catch {lset w {0 1}} m o
    eval [list note]
    break
 } {
    catch {lset w {0 1}} m o
    catch [list note]
    break
 } {
    catch {lset w {0 1}} m o
    set y note
    catch [list $y]
    break
 } {
    catch {lset w {0 1}} m o
    if 1 [list note]
    break
 } {
    catch {lset w {0 1}} m o
    set y note
    if 1 [list $y]
    break
 } {
    catch {lset w {0 1}} m o
    set y note
    foreach z 1 [list $y]
    break
 } {
    catch {lset w {0 1}} m o
    set y note
    try [list $y] finally {}
    break
 } {
    catch {lset w {0 1}} m o
    try [list note] finally {}
    break
 } {
    catch {lset w {0 1}} m o
    uplevel 0 [list note]
    break
 } {
    catch {lset w {0 1}} m o
    uplevel 0 [list note a]
    break
 }
} { proc p {} $body; catch p m o; puts "[incr n] [lindex [split [dict get $o -errorinfo] \n] 1]" }
