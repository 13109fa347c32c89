# What has short ways: searches in lists, the other way round, names of files, many channels.
set list {1 2 3 01 1.0 0x1 {} abc {1 2} 12345678901234567890 -5 1_0}
lappend list [expr {2+3}] [expr {0.5}] [list a b] [binary format a3 xyz]
foreach pattern {1 01 5 -5 0.5 abc {} {1 2} {a b} xyz 12345678901234567890 nothing} {
    puts [list $pattern [lsearch -exact $list $pattern] [lsearch -all -exact $list $pattern] \
        [lsearch -exact -start 3 $list $pattern] [lsearch -not -exact $list $pattern]]
}
puts [lsearch -exact $list [expr {4+1}]]
puts [lsearch -integer {3 0x10 16 7} 16]
puts [catch {lsearch -integer {3 x} 16} message]$message
puts [lsearch -regexp {ab cd 5 6} {^[0-9]$}]
puts [catch {lsearch -regexp {a b} {(}} message]$message
puts [catch {lsearch -regexp "a \{" {(}} message]$message
puts [string reverse a\u00e9\u20ac\U1f602b\ud83d][string reverse \u00e9\u00e8][string reverse \U1f602\U1f603x]
foreach text {1.5 -0.0 1. .5 00.25 123456789012.345 999999999999999.9 0.1 1.e2 1.2.3 1.5x} {
    puts [list $text [string is double -strict $text] [catch {expr {$text + 0}} result] $result]
}
foreach name {a a/ a//b /a // / ./a a/. a/.. ~a ./~a {}} {
    puts [list $name [file nativename $name] [file exists $name]]
}
set name [file tempfile path]
for {set i 0} {$i < 300} {incr i} {
    lappend channels [set channel [open $path]]
    fconfigure $channel -translation binary
    if {$i % 3} {
        close [lindex $channels end]
        set channels [lrange $channels 0 end-1]
    }
}
puts [llength $channels]
foreach channel $channels {close $channel}
close $name
file delete $path
# Subcommands that are replaced, or called by a namespace's own name.
rename ::tcl::file::tail ::tcl::file::tail_before
proc ::tcl::file::tail {args} {return "mine $args"}
puts [file tail a/b]
rename ::tcl::file::tail {}
puts [catch {file tail a/b} message]$message
rename ::tcl::file::tail_before ::tcl::file::tail
puts [file tail a/b]
puts [catch {file tail} message]$message
puts [catch {file tail a b} message]$message
puts [catch {file ta a b} message]$message
namespace eval ns {
    proc first {args} {return "first $args"}
    proc second {args} {return "second $args"}
    namespace export first second
    namespace ensemble create -map {one first two second three ::llength four {::lindex {a b c}}}
}
puts [ns one 1][ns two 2][ns three {1 2 3}][ns four 1]
puts [catch {ns three} message]$message
namespace ensemble configure ns -map {one ::llength three first}
puts [ns one {1 2}][ns three x]
interp alias {} count {} ns one
puts [count {1 2 3}]
puts [catch {count} message]$message
puts [catch {pkg_mkIndex [file dirname $path] *.nosuch *.such} message]$message
# Elements are set together if nobody watches.
array set plain {a 1 b 2 a 3}
puts [array get plain]
upvar 0 plain(b) linked
array set plain {b 5 c 6}
puts [list $linked [lsort [array names plain]]]
trace add variable watched write {apply {{name key op} {puts "$name $key $op"}}}
puts [catch {array set watched {x 1 y 2}} message]$message
set scalar 1
puts [catch {array set scalar {x 1}} message]$message
puts [catch {array set plain {x 1 y}} message]$message
array set plain {}
set search [array startsearch plain]
array set plain {a 4}
puts [catch {array nextelement plain $search} message]
array set plain {new 4}
puts [catch {array nextelement plain $search} message]$message
puts [catch {array set nosuch::plain {a b}} message]$message
puts [catch {array set plain(a) {a b}} message]$message
trace add variable plain array {apply {args {puts array}}}
array set plain {z 1}
array set plain {}
