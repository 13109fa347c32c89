# Numbers of searches after loops that were left before their end.
proc t {script} {
    interp create child
    child eval {array set h {a 1 b 2}}
    puts "$script\n  [catch {child eval $script} result] $result"
    interp delete child
}
t {catch {array for {k x} h {unset h(a)}}; array startsearch h}
t {catch {array for {k x} h {error a}}; array startsearch h}
t {array for {k x} h {break}; array startsearch h}
t {array for {k x} h {}; array startsearch h}
t {catch {array for {k x} h {set h(c) 1}}; array startsearch h}
t {catch {array for {k x} h {array startsearch h; error a}}; array startsearch h}
t {catch {array for {k x} h {array startsearch h; break}}; array startsearch h}
t {catch {array for {k x} h {lappend l [array startsearch h]; lappend l [array startsearch h];}}; lappend l [array startsearch h]}
t {catch {array for {k x} h {unset h(b)}}; array startsearch h}
t {catch {array for {k x} h {unset h(b)}}; catch {array for {k x} h {set h(b) 1}}; array startsearch h}
t {catch {array for {k x} h {unset h(b)}}; array startsearch h; array startsearch h}
t {catch {array for {k h(b)} h {}}; array startsearch h}
t {catch {array for {k h(c)} h {}} e; list $e [array startsearch h]}
t {catch {array for {k h} h {}} e; list $e [array startsearch h]}
t {catch {array for {k x} h {if {[incr i] == 2} {unset h(b)}}} e; list $e [array startsearch h]}
t {catch {array for {k x} h {if {[incr i] == 2} {unset h(a)}}} e; list $e [array startsearch h]}
t {catch {array for {k x} h {set ::x [array startsearch h];unset h(a)}} e; list $e [catch {array nextelement h $::x} e] $e [array startsearch h]}
t {array for {k x} h {array set h {a 3}}; array startsearch h}
t {catch {array for {k x} h {return}}; array startsearch h}
t {catch {array for {k x} h {continue}}; array startsearch h}
t {proc p {} {array set h {a 1 b 2}; catch {array for {k x} h {unset h(a)}}; array startsearch h}; p}
t {proc p {} {array set h {a 1 b 2}; catch {array for {k x} h {unset h(a)}}; catch {array for {k x} h {unset h(b)}}; array startsearch h}; p}
t {catch {array for {k x} h {unset h(a)}}; set s [array startsearch h]; array donesearch h $s; array startsearch h}
t {catch {array for {k x} h {unset h(a)}}; set h(j) 1; array startsearch h}
t {catch {array for {k x} h {unset h(a)}}; unset h(b); array startsearch h}
t {catch {array for {k x} h {unset h(a)}}; array donesearch h s-1-h}
t {catch {array for {k x} h {unset h(a)}}; array nextelement h s-1-h}
t {catch {array for {k x} h {unset h(a)}}; array anymore h s-1-h}
t {catch {array for {k x} h {unset h(a)}}; array get h; array startsearch h}
t {catch {array for {k x} h {unset h(a)}}; unset h; array set h {a 1};  array startsearch h}
t {array for {k x} h {array donesearch h s-1-h} }
t {array for {k x} h {array anymore h s-1-h} }
t {array for {k x} h {puts [array nextelement h s-1-h]} }
