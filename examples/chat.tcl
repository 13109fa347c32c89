# A chat: a coroutine for each connection. The first line that a client sends is its name.
#
# usage: tclring chat.tcl ?port?     (prints the port it listens on)

set members [dict create]

proc accept {channel address port} {
    fconfigure $channel -blocking 0 -buffering line -translation {auto lf} -encoding utf-8
    coroutine member.$channel member $channel
    fileevent $channel readable member.$channel
}

proc member channel {
    yield
    puts $channel "Your name?"
    set name [line $channel]
    while {$name eq "" || $name in [dict values $::members]} {
        if {[eof $channel]} {close $channel; return}
        puts $channel "Another name, please."
        set name [line $channel]
    }
    dict set ::members $channel $name
    tell "* $name is here; now we are [dict size $::members]"
    while {[set said [line $channel]] ne "/quit" && ![eof $channel]} {
        switch -- $said {
            ""      {}
            /who    {puts $channel "* [join [lsort [dict values $::members]] {, }]"}
            default {tell "$name: $said"}
        }
    }
    dict unset ::members $channel
    close $channel
    tell "* $name has left"
}

# The next line; empty at the end too.
proc line channel {
    while {[gets $channel line] < 0 && ![eof $channel]} yield
    return $line
}

# Tells everybody.
proc tell text {
    foreach channel [dict keys $::members] {puts $channel $text}
}

set port [expr {$argc > 0 ? [lindex $argv 0] : 0}]
set listener [socket -server accept $port]
puts [lindex [fconfigure $listener -sockname] 2]
flush stdout
vwait forever
