# The arms of a switch as words of the command.
proc report {what script} {
    set code [catch {uplevel 1 $script} result options]
    puts "$what: $code [list $result]"
    if {$code == 1} {puts [dict get $options -errorinfo]}
}
proc number n {switch -- $n 1 {return one} 2 - 3 {return few} default {return many}}
foreach n {1 2 3 4 {}} {report $n [list number $n]}
proc without n {switch -- $n a {set x A} b {set x B}}
foreach n {a b c} {report $n [list without $n]}
proc kind n {switch -glob -nocase -- $n a* {list A $n} *z {list Z $n} default {}}
foreach n {Abc xyZ other} {report $n [list kind $n]}
proc match n {switch -regexp -- $n {^\d+$} {list digits} {^\w+$} {list word}}
foreach n {12 ab -} {report $n [list match $n]}
proc default_first n {switch -- $n default {list d} x {list x}}
foreach n {default x y} {report $n [list default_first $n]}
proc odd n {switch -- $n a {list A} b}
report odd {odd a}
report odd {odd b}
proc last n {switch -- $n a {list A} b -}
report last {last a}
report last {last b}
proc fails n {
    switch -- $n a {
        error inside
    } b {
        set nothing
    } default {
        switch -- $n c {error deeper}
    }
}
foreach n {a b c d} {report $n [list fails $n]}
proc computed n {set p b; switch -- $n $p {list P} default {list D}}
foreach n {b c} {report $n [list computed $n]}
proc looped l {
    set r {}
    foreach n $l {switch -- $n skip continue stop break default {lappend r $n}}
    return $r
}
report looped {looped {a skip b stop c}}
proc quoted n {switch -- $n "a b" {list spaces} {c d} "list braces" "" {list empty} default {list other}}
foreach n {{a b} {c d} {} x} {report $n [list quoted $n]}
report option {switch -exact a a {list found} default {list not}}
report value {set v -glob; switch $v -- {list a} default {list b}}
