# Sends every line back.
#
# usage: tclring line-echo.tcl ?port?     (prints the port it listens on)

proc accept {channel address port} {
    fconfigure $channel -blocking 0 -buffering line -translation lf
    fileevent $channel readable [list echo $channel]
}

proc echo channel {
    if {[gets $channel line] >= 0} {
        puts $channel $line
    } elseif {[eof $channel]} {
        close $channel
    }
}

set port [expr {$argc > 0 ? [lindex $argv 0] : 0}]
set listener [socket -server accept $port]
puts [lindex [fconfigure $listener -sockname] 2]
flush stdout
vwait forever
