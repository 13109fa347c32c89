# What errors tell of commands that are compiled in line, and of those that are not: lines, codes, traces.
proc show body {
    proc run {} $body
    catch {run} message options
    puts "$message / [dict get $options -errorcode] / [dict get $options -errorline]\n[dict get $options -errorinfo]\n"
}
proc line {} {dict get [info frame -1] line}
show {
    try {a} finally {}
}
show {
    try {foo} on error {m o} {
        bar
    } finally {baz}
}
show {
    catch {

        error x} m o
    return -code error [dict get $o -errorline]
}
show {
    if {[error x]} {}
}
show {if {1 + (1e400 << -7)} {}}
show {eval {expr {1 + (1e400 << -7)}}}
show {while {1 +} {}}
show {set n x; set $n; set x}
show {if 1 {puts $x}}
show {foreach a 1 {lset x 0 1}}
show {unset x}
show {
    for {set i 0} {$i < [llength $l]} {incr i} {foo $i}
}
show {
    while 1 {
        foreach a 1 {
            dict for {a b} {c d} {

                if 1 {error x}
            }
        }
    }
}
show {
    switch a {
        b {}
        a {

            error x
        }
    }
}
show {
    set a(0) 44
    lmap a {1 2 3} {}
}
show {
    eval {

        foreach a 1 {
            foreach b 1 {

                try {
                    set a
                } on error m {
                    list
                } finally {


                    expr {abc == 1}
                }
            }
        }
    }
}
eval {
    foreach a 1 {catch {
        error x} m o; puts [dict get $o -errorline]:$errorInfo}
}
show {
    foreach a 1 {
        if {[line] == 3} {
            catch {
                puts [line]:[dict get [info frame 0] cmd]
            } m
            ::tcl::dict::for {k v} {a {b c}} {
                dict update v b c {
                    error [expr {[line]}]
                }
            }
        }
    }
}
# Commands in an interpreter that is gone, an absolute value as it was written, an element that another one replaced.
interp create child
interp alias child suicide {} interp delete child
puts [catch {child eval {suicide; set a 5}} message]:$message
set y 0x123
puts [expr {abs($y)}]
proc again args {
    unset ::b(0)
    set ::b(0) new
}
set b(0) old
trace add variable b(0) write again
puts [catch {set b(0) now} message]:$message:$b(0)
trace add variable ::errorInfo write {apply {args {puts told:$args}}}
catch {set nosuch}
puts after
