# An HTTP/1.1 server that keeps connections: GET / greets, GET /time tells the time, POST sends back what it gets.
# usage: tclring http-server.tcl ?port?     (prints the port it listens on)

proc accept {channel address port} {
    fconfigure $channel -blocking 0 -translation {crlf binary} -encoding iso8859-1
    coroutine serve.$channel serve $channel
    fileevent $channel readable serve.$channel
}

# Serves one connection: each yield waits for more input.
proc serve channel {
    yield
    while {[set request [line $channel]] ne ""} {
        lassign $request method path version
        set keep [expr {$version eq "HTTP/1.1"}]
        set length 0
        while {[set field [line $channel]] ne ""} {
            regexp -nocase {^content-length:\s*(\d+)} $field -> length
            if {[regexp -nocase {^connection:\s*close} $field]} {set keep 0}
        }
        lassign [answer $method $path [body $channel $length]] status text
        puts -nonewline $channel "HTTP/1.1 $status\r\nContent-Length: [string length $text]\r\n\r\n$text"
        flush $channel
        if {!$keep} break
    }
    close $channel
}

# The next line; empty at the end too.
proc line channel {
    while {[gets $channel line] < 0 && ![eof $channel]} yield
    return $line
}

# The next bytes, as they are.
proc body {channel length} {
    fconfigure $channel -translation binary
    set bytes ""
    while {[string length $bytes] < $length} {
        append bytes [read $channel [expr {$length - [string length $bytes]}]]
        if {[eof $channel]} break
        if {[fblocked $channel]} yield
    }
    fconfigure $channel -translation {crlf binary}
    return $bytes
}

proc answer {method path body} {
    switch -- "$method $path" {
        "GET /"     {return [list "200 OK" "Hello.\n"]}
        "GET /time" {return [list "200 OK" "[clock format [clock seconds]]\n"]}
    }
    if {$method eq "POST"} {return [list "200 OK" $body]}
    return [list "404 Not Found" "There is no $path.\n"]
}

fconfigure stdout -buffering none
puts [lindex [fconfigure [socket -server accept [expr {$argc ? [lindex $argv 0] : 0}]] -sockname] 2]
vwait forever
