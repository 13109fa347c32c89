# Which evaluations count as levels: those that other interpreters come between, and commands that are not compiled.
proc nested {before after limit changes} {
    interp create child
    if {$changes} {
        after 0 [list apply {limit {interp recursionlimit child $limit}} $limit]
        set body update
    } else {
        interp recursionlimit child $limit
        set body {}
    }
    set inner {set set set; $set x ok}
    for {set i 0} {$i < $after} {incr i} {set inner "eval {$inner}"}
    append body ";$inner"
    for {set i 0} {$i < $before} {incr i} {set body "eval {$body}"}
    set answer [child eval "catch {$body} m; set m"]
    interp delete child
    return [string range $answer 0 7]
}
foreach changes {0 1} {
    foreach before {0 1 2 3} {
        puts [list $changes $before [lmap after {0 1 2 3 4 5} {nested $before $after 5 $changes}]]
    }
}
