# Sends every byte back.
#
# usage: tclring binary-echo.tcl ?port?     (prints the port it listens on)

proc accept {channel address port} {
    fconfigure $channel -blocking 0 -translation binary -buffering none
    fileevent $channel readable [list echo $channel]
}

proc echo channel {
    puts -nonewline $channel [read $channel]
    if {[eof $channel]} {close $channel}
}

set port [expr {$argc > 0 ? [lindex $argv 0] : 0}]
set listener [socket -server accept $port]
puts [lindex [fconfigure $listener -sockname] 2]
flush stdout
vwait forever
