# Starts each example server and checks what it answers.
#
# usage: tclring check.tcl ?program?     (program runs the servers; this one by default)

set program [expr {$argc > 0 ? $argv : [info nameofexecutable]}]
set folder [file dirname [file normalize [info script]]]
after 30000 {puts stderr "no answer in 30 seconds"; exit 2}

# Starts a server: the pipeline that it is, and its port.
proc start name {
    set pipe [open |[list {*}$::program [file join $::folder $name]] r]
    gets $pipe port
    return [list $pipe $port]
}

proc stop pipe {
    exec kill {*}[pid $pipe]
    catch {close $pipe}
}

proc expect {what got wanted} {
    if {$got ne $wanted} {
        puts stderr "$what: got \"$got\", wanted \"$wanted\""
        exit 1
    }
}

proc talk {port args} {
    set channel [socket localhost $port]
    fconfigure $channel -buffering line {*}$args
    return $channel
}

proc check_line-echo port {
    set channel [talk $port -translation lf]
    foreach line {one "two words" "" äöü€} {
        puts $channel $line
        expect "a line" [gets $channel] $line
    }
    for {set i 0} {$i < 1000} {incr i} {puts $channel "line $i"}
    for {set i 0} {$i < 1000} {incr i} {expect "line $i" [gets $channel] "line $i"}
    close $channel write
    expect "the end" [read $channel] ""
    close $channel
}

proc check_binary-echo port {
    set channel [talk $port -translation binary -buffering full]
    set all ""
    for {set i 0} {$i < 256} {incr i} {append all [format %c $i]}
    set all [string repeat $all 400]
    puts -nonewline $channel $all
    flush $channel
    expect "all bytes" [read $channel [string length $all]] $all
    close $channel write
    expect "the end" [read $channel] ""
    close $channel
}

proc check_http-server port {
    set channel [talk $port -translation {crlf binary} -encoding iso8859-1]
    for {set i 0} {$i < 3} {incr i} {
        puts -nonewline $channel "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        puts -nonewline $channel "POST /x HTTP/1.1\r\nContent-Length: 6\r\n\r\nab\0\r\n\xff"
    }
    flush $channel
    for {set i 0} {$i < 3} {incr i} {
        expect "the status" [gets $channel] "HTTP/1.1 200 OK"
        expect "the length" [gets $channel] "Content-Length: 7"
        expect "the end of the header" [gets $channel] ""
        expect "the greeting" [read $channel 7] "Hello.\n"
        expect "the status" [gets $channel] "HTTP/1.1 200 OK"
        expect "the length" [gets $channel] "Content-Length: 6"
        expect "the end of the header" [gets $channel] ""
        fconfigure $channel -translation binary
        expect "what was posted" [read $channel 6] "ab\0\r\n\xff"
        fconfigure $channel -translation {crlf binary}
    }
    puts -nonewline $channel "GET /nosuch HTTP/1.1\r\nConnection: close\r\n\r\n"
    flush $channel
    expect "the status" [gets $channel] "HTTP/1.1 404 Not Found"
    read $channel
    expect "the end" [eof $channel] 1
    close $channel
}

proc check_chat port {
    foreach name {Ann Bob} {
        set $name [talk $port -encoding utf-8]
        puts [set $name] $name
        expect "the question" [gets [set $name]] "Your name?"
    }
    expect "the first" [gets $Ann] "* Ann is here; now we are 1"
    expect "the second" [gets $Ann] "* Bob is here; now we are 2"
    expect "the second" [gets $Bob] "* Bob is here; now we are 2"
    puts $Bob "grüß dich"
    expect "what Bob says" [gets $Ann] "Bob: grüß dich"
    puts $Ann /who
    expect "who is here" [gets $Ann] "* Ann, Bob"
    puts $Bob /quit
    expect "the farewell" [gets $Ann] "* Bob has left"
    close $Ann
    close $Bob
}

foreach name {line-echo binary-echo http-server chat} {
    lassign [start $name.tcl] pipe port
    check_$name $port
    stop $pipe
    puts "$name ok"
}
exit 0
