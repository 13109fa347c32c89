# Classes, objects, methods, next, constructors and destructors.
proc try_it script {
    set code [catch {uplevel #0 $script} result options]
    puts "$script -> $code $result"
    if {$code == 1} {
        puts [dict get $options -errorcode]
        puts [dict get $options -errorinfo]
    }
}
oo::class create Account {
    variable balance
    constructor {amount} {set balance $amount}
    destructor {puts "[self] goes with $balance"}
    method deposit {{by 1}} {incr balance $by}
    method fail {} {error "no such thing"}
    method chain {} {self call}
    method Hidden args {return "hidden: $args"}
    method see args {my Hidden {*}$args}
    forward size string length
}
oo::class create Savings {
    superclass Account
    constructor args {
        puts "making [self] of [info object class [self]]"
        next {*}$args
    }
    method deposit args {
        puts "[self method] of [self class], next [self next]"
        next {*}$args
    }
}
set s [Savings create s 10]
foreach script {
    {s deposit} {s deposit 5} {s deposit 1 2} {s fail} {s Hidden} {s see 1 2} {s nothing} {s} {s chain}
    {s size abc} {s size} {Savings create s 1} {Savings create t} {Savings new 1 2} {info object namespace s}
    {info object call s deposit} {s destroy} {s deposit} {Account create a 3; rename a ""} {Account destroy}
    {info commands Savings}
} {
    try_it $script
}
