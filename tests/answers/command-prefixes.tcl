# Calls of command prefixes, again and again from one place: what is called changes, the words are told as they were.
proc call {prefix args} {
    set out {}
    foreach x $args { lappend out [{*}$prefix $x] }
    return $out
}
proc tell {args} { list [info level 0] [lindex [info level -1] 0] $args }
proc two {a b} { return "$a-$b:[info level 0]" }
puts [call tell 1 2]
puts [call {tell x} 1 2]
puts [call {two x} 1 2 3]
puts [call {apply {{a b} { list $a $b [info level 0] }} k} 1 2 3]
puts [call [list apply {{a b} { incr a $b; list $a [info level 0] }} 10] 1 2 3]
# The prefix grows while it is used.
proc grow {n} {
    set prefix [list tell]
    set out {}
    for {set i 0} {$i < $n} {incr i} {
        lappend prefix $i
        lappend out [lindex [{*}$prefix end] 2]
    }
    return $out
}
puts [grow 12]
# An element of the prefix is replaced where it stands.
proc replace {} {
    set prefix [list two a]
    set out {}
    foreach word {p q r} {
        lset prefix 1 $word
        lappend out [{*}$prefix z]
    }
    return $out
}
puts [replace]
# The command is another one now, or another number of words is given.
proc again {prefix} {
    set out {}
    foreach x {1 2 3 4} {
        if {$x == 3} { proc two {a b} { return "new $a $b" } }
        if {$x == 4} { rename two {} ; proc two {a} { return "one $a" } }
        lappend out [catch {{*}$prefix $x} message options] $message [dict get $options -errorcode]
    }
    return $out
}
puts [catch {again {two x}} message]:$message
proc two {a b} { return "$a-$b" }
proc safe {prefix} {
    set out {}
    foreach x {1 2 3} { lappend out [catch {{*}$prefix $x} message] $message }
    return $out
}
puts [safe {two x}]
puts [safe {two x y}]
puts [safe {two}]
puts [safe {apply {{a b} {error "bad $a $b"}} x}]
puts [safe {apply {{a b} {error "bad $a $b"}} x}]
proc deep {prefix n} { if {$n == 0} { {*}$prefix bottom } else { deep $prefix [expr {$n - 1}] } }
foreach round {1 2 3} {
    catch {deep {apply {{a b} {error "bad $a $b"}} x} 2} message options
    puts [dict get $options -errorinfo]
    puts [lrange [dict get $options -errorstack] 2 end]
}
# A lambda that calls itself by a prefix, and one that changes its own words.
set fact {{self n} { if {$n < 2} { return 1 } ; expr {$n * [{*}$self $self [expr {$n - 1}]]} }}
puts [apply $fact [list apply $fact] 12]
puts [call {apply {{a b} { set a 5; lappend b 6; upvar 1 prefix p; set p gone; info level 0 }} k} 1]
proc keep {prefix} {
    set out {}
    foreach x {1 2 3} {
        lappend out [{*}$prefix $x]
        append prefix " $x"
    }
    return $out
}
puts [keep {tell y}]
namespace eval other { proc two {a b} { return "other $a $b" } ; proc call {prefix x} { {*}$prefix $x } }
foreach round {1 2} { puts [list [other::call {two a} b] [call {two a} b]] }
namespace eval gone { proc made {x} { return "made $x" } ; proc call {prefix} { {*}$prefix 1 } }
puts [gone::call made]
set run [list apply {x {list [namespace current] $x} ::gone}]
puts [call $run 1 2]
namespace delete gone
puts [catch {call $run 1} message]:$message
trace add execution tell enter {apply {args {puts "enter $args"}}}
puts [call tell 1 2]
trace remove execution tell enter {apply {args {puts "enter $args"}}}
puts [call tell 1 2]
interp alias {} also {} two left
puts [call also 1 2]
coroutine numbers apply {{} { set x [yield]; while 1 { set x [yield [incr x]] } }}
puts [call numbers 1 2 3]
