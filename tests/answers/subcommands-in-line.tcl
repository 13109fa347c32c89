# Subcommands that are called by the command that implements them: results, numbers of arguments, errorInfo, renaming.
proc t {args body} {
    proc p $args $body
    set code [catch {p 1} result options]
    puts [list $code $result [expr {$code ? [dict get $options -errorcode] : ""}]]
    if {$code} {puts [dict get $options -errorinfo]}
}
foreach script {
    {info level} {info level 0} {info level 0 1} {info level foo} {info args} {info args p} {info args nosuch} {info body}
    {info body p 1} {info commands p} {info commands p 1} {info complete} {info complete "a \{"} {info coroutine} {info coroutine 1}
    {info default p} {info default p x v} {info default p y v} {info globals a b} {info locals} {info locals a b} {info procs p}
    {info procs p q} {info script a b} {info vars x} {info vars x y} {info nosuch} {info lev} {info}
    {binary format} {binary format a} {binary format a3 abc} {binary format nosuch 1} {binary scan} {binary scan abc a3 v} {binary scan abc}
    {binary encode hex abc} {binary nosuch}
    {clock add} {clock add 0 1 day -gmt 1} {clock clicks 1} {clock clicks -foo} {clock format} {clock format 0 -gmt 1} {clock format foo}
    {clock format 0 -foo 1} {clock microseconds 1} {clock milliseconds 1} {clock scan} {clock scan "1 Jan 1970" -gmt 1} {clock scan nosuch}
    {clock seconds 1}
    {encoding convertfrom} {encoding convertfrom utf-8 abc} {encoding convertfrom nosuch abc} {encoding convertto utf-8 é}
    {encoding convertto -profile strict ascii é} {encoding convertto a b c d e f}
    {file dirname} {file dirname a/b} {file dirname a b} {file executable} {file exists} {file exists /nonexistent} {file extension a.b}
    {file extension} {file isdirectory /} {file isdirectory} {file isfile /} {file isfile} {file join} {file join a b /c} {file mtime}
    {file mtime /nonexistent} {file normalize} {file normalize /a/../b} {file readable} {file rootname a.b} {file rootname} {file size}
    {file size /nonexistent} {file split} {file split /a/b} {file tail} {file tail a/b} {file tail a b} {file writable} {file nosuch} {file}
    {namespace current} {namespace current 1} {namespace exists} {namespace exists ::} {namespace origin} {namespace origin nosuch}
    {namespace origin p} {namespace parent} {namespace parent nosuch} {namespace parent a b} {namespace qualifiers} {namespace qualifiers a::b}
    {namespace tail} {namespace tail a::b} {namespace which} {namespace which -foo p} {namespace which -command p} {namespace which p q}
    {namespace nosuch} {namespace}
    {array unset} {array unset q} {array unset q a b} {array size} {array exists q r} {array get} {array names} {array set} {array set q a}
} {
    puts "== $script"
    t x $script
}
# What implements a subcommand is another command now; so is the ensemble; then both are as they were.
proc where {} {list [info level] [file tail a/b] [namespace current]}
puts [where]
rename ::tcl::info::level ::tcl::info::oldlevel
proc ::tcl::info::level args {return "mine $args"}
puts [where]
rename ::tcl::info::level {}
rename ::tcl::info::oldlevel ::tcl::info::level
rename file oldfile
proc file args {return "file $args"}
puts [where]
rename file {}
rename oldfile file
puts [where]
set map [namespace ensemble configure namespace -map]
namespace ensemble configure namespace -map [dict replace $map current ::seconds]
proc seconds args {return "seconds $args"}
puts [where]
namespace ensemble configure namespace -map $map
puts [where]
namespace eval inner {
    proc info args {return "inner info $args"}
    proc where {} {list [info level] [::info level] [file tail a/b] [namespace current]}
    puts [where]
    rename info {}
    puts [where]
}
proc traced args {puts [lindex $args 0]}
trace add execution file enter traced
puts [where]
trace remove execution file enter traced
puts [where]
