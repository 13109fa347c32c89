# A limit of time that ends while a command waits: its callback may give more.
proc end_in {ms} {
    set end [expr {[clock milliseconds] + $ms}]
    list -seconds [expr {$end / 1000}] -milliseconds [expr {$end % 1000}]
}
proc limited {what script callback} {
    set ::child [interp create]
    set ::asked 0
    $::child limit time {*}[end_in 30] -granularity 1 -command $callback
    set code [catch {$::child eval $script} result]
    puts "$what: $code [list $result] asked $::asked"
    interp delete $::child
}
proc more {} {incr ::asked; $::child limit time {*}[end_in 10000]}
proc none {} {incr ::asked}
proc ever {} {incr ::asked; $::child limit time -seconds {}}
proc fails {} {incr ::asked; $::child limit time {*}[end_in 10000]; error "in the callback"}
proc background {message options} {puts "background: $message"}
interp bgerror {} background
foreach callback {more none ever fails} {
    limited "after $callback" {after 60; after 10; set done} $callback
    limited "vwait $callback" {after 60 {set done 1}; vwait done; set done} $callback
    update
}
limited "after" {after 60} {}
limited "caught" {catch {after 60}; set x 1} none
