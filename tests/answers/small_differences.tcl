# Frames of lists that are evaluated, hidden commands in errorInfo, namespaces without a name, targets of ensembles,
# scripts of catch that are made when it runs, lines of errors that are raised again.
proc frames {} {
    set level [info frame]
    set told {}
    while {$level > 1} {
        incr level -1
        lappend told [dict get [info frame $level] type] [dict get [info frame $level] cmd]
    }
    return $told
}
set command [list frames]
puts [eval $command]
puts [lindex [eval [list foreach a 1 {set told [frames]}]; set told] 3]
interp create child
child hide lindex
puts [catch {child invokehidden lindex} message]:$errorInfo
child alias there nosuch
proc unknown args {list unknown [namespace current] $args}
namespace eval inner {
    proc unknown args {return inner}
    puts [child eval {there a}]
    puts [catch {namespace eval {} {}} message options]:$message:[dict get $options -errorcode]
}
namespace eval ensemble {
    namespace export a
    proc a {} {return a}
    proc b {} {return ensemble::b}
    namespace ensemble create
}
proc b {} {return b}
namespace ensemble configure ensemble -map {a b}
puts [ensemble a]:[namespace ensemble configure ensemble -map]
proc made {} {
    set n oops

    catch [list error $n] message options
    puts [dict get $options -errorline]:$::errorInfo
}
made
proc again {} {
    catch {
        error first
    }

    error second "as it was"
}
catch again
puts $errorInfo
puts [catch {expr {7 ** 268435456}} message]:$message
