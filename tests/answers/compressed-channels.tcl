# Compression on channels: copies, -flush, the other direction, what follows the end of a stream, and its errors.
set base [file join [expr {[info exists env(TMPDIR)] ? $env(TMPDIR) : "/tmp"}] tclring-answers-[pid]]
set in [open $base.in wb]; puts -nonewline $in [string repeat x 10000]; close $in
set in [open $base.in rb]
set out [open $base.out wb]
fcopy $in [zlib push gzip $out -header {filename test.input time 0}]
close $in; close $out
puts [file size $base.out]
# -flush makes what was passed on readable at once
proc sizes data {
    global base
    set f [open $base.out w+b]
    zlib push compress $f
    puts -nonewline $f $data
    flush $f
    set sizes [file size $base.out]
    foreach kind {sync full sync} {
        fconfigure $f -flush $kind
        lappend sizes [file size $base.out]
    }
    close $f
    return [lappend sizes [file size $base.out]]
}
puts [sizes qwertyuiop]
puts [sizes {}]
set f [open $base.out w+b]
zlib push compress $f
puts [list [catch {fconfigure $f -flush x} m o] $m]
puts -nonewline $f data
# what goes the other way is passed on as it is
fileevent $f readable {set done 1}
puts [fileevent $f readable]
close $f
# two streams, one after the other, and more
set f [open $base.out wb]
puts -nonewline $f [zlib deflate first][zlib deflate second]rest
close $f
set f [open $base.out rb]
foreach round {1 2} {
    zlib push inflate $f
    puts [list [read $f] [eof $f]]
    chan pop $f
}
puts [read $f]
close $f
foreach {bad how} {
    "\x78\x9c\xff" decompress "\xff\xff\xff" gunzip "\x01\x05\x00\x00\x00" inflate "\x1f\x8b\x09\x00" gunzip
    "\x78\x9d" decompress abc inflate
} {
    set f [open $base.out wb]; puts -nonewline $f [subst $bad]; close $f
    set f [open $base.out rb]; zlib push $how $f
    puts [list $how [catch {read $f} m o] $m [dict getdef $o -errorcode {}]]
    catch {close $f}
}
# malformed text after a carriage return, and a channel that its own handler closes
set f [open $base.out wb]; puts -nonewline $f "aaaa\r\xC0bb\r\n"; close $f
set f [open $base.out]
fconfigure $f -encoding utf-8 -translation crlf
puts [list [catch {read $f 5} m o] [dict get $o -data]]
close $f
proc closing {method chan args} {
    switch -- $method initialize {return {initialize finalize watch read}} read {catch {close $chan}; return a}
}
foreach read {{read $c 1} {gets $c} {read $c}} {
    set c [chan create read closing]
    puts [list [catch $read m o] [string map [list $c CHANNEL] $m] [dict getdef $o -errorcode {}]]
}
proc ending {method chan args} {
    switch -- $method initialize {return {initialize finalize watch read}} read {catch {close $chan}; return {}}
}
set c [chan create read ending]
puts [list [catch {read $c} m] $m]
file delete $base.in $base.out
