# The list of commands that were entered.

namespace eval ::tcl {
    variable history
    if {![info exists history]} {
        # nextid: the number of the newest event; keep: how many are kept; oldest: the number of the last one dropped.
        array set history {nextid 0 keep 20 oldest -20}
    }

    namespace ensemble create -command ::tcl::history -map {
        add     ::tcl::HistAdd
        change  ::tcl::HistChange
        clear   ::tcl::HistClear
        event   ::tcl::HistEvent
        info    ::tcl::HistInfo
        keep    ::tcl::HistKeep
        nextid  ::tcl::HistNextID
        redo    ::tcl::HistRedo
    }
}

# Without a subcommand the events are listed.
proc history {args} {
    if {[llength $args] == 0} {
        set args info
    }
    # Errors are the caller's, not those of this procedure.
    tailcall ::tcl::history {*}$args
}

# Adds an event, and runs it if asked.
proc ::tcl::HistAdd {event {exec {}}} {
    variable history

    set length [string length $exec]
    if {$length > 0 && ![string equal -length $length $exec exec]} {
        return -code error "bad argument \"$exec\": should be \"exec\""
    }
    if {$history(keep) > 0 && [string trim $event] ne ""} {
        set history([incr history(nextid)]) $event
        unset -nocomplain history([incr history(oldest)])
    }
    if {$length > 0} {
        tailcall eval $event
    }
    return
}

# Sets or answers how many events are kept.
proc ::tcl::HistKeep {{count {}}} {
    variable history

    if {[llength [info level 0]] == 1} {
        return $history(keep)
    }
    if {![string is integer -strict $count] || $count < 0} {
        return -code error "illegal keep count \"$count\""
    }
    set before $history(oldest)
    set history(oldest) [expr {$history(nextid) - $count}]
    for {} {$before <= $history(oldest)} {incr before} {
        unset -nocomplain history($before)
    }
    set history(keep) $count
}

# Forgets all events.
proc ::tcl::HistClear {} {
    variable history

    set keep $history(keep)
    unset history
    array set history [list nextid 0 keep $keep oldest -$keep]
    return
}

# Lists the newest events with their numbers.
proc ::tcl::HistInfo {{count {}}} {
    variable history

    if {[llength [info level 0]] == 1} {
        set count [expr {$history(keep) + 1}]
    } elseif {![string is integer -strict $count]} {
        return -code error "bad integer \"$count\""
    }
    set lines {}
    for {set i [expr {$history(nextid) - $count + 1}]} {$i <= $history(nextid)} {incr i} {
        if {[info exists history($i)]} {
            lappend lines [format "%6d  %s" $i [string map [list \n \n\t] [string trimright $history($i)]]]
        }
    }
    return [join $lines \n]
}

# Runs an event again, which takes the place of the newest one.
proc ::tcl::HistRedo {{event -1}} {
    set number [HistIndex $event]
    if {$number == [HistIndex 0] && $event != 0} {
        return -code error "cannot redo the current event"
    }
    set command [HistEvent $number]
    HistChange $command 0
    tailcall eval $command
}

# The number of the event that a number or a text means.
proc ::tcl::HistIndex {event} {
    variable history

    if {![string is integer -strict $event]} {
        for {set i [expr {$history(nextid) - 1}]} {[info exists history($i)]} {incr i -1} {
            if {[string match $event* $history($i)] || [string match $event $history($i)]} {
                return $i
            }
        }
        return -code error "no event matches \"$event\""
    }
    set number [expr {$event <= 0 ? $history(nextid) + $event : $event}]
    if {$number <= $history(oldest)} {
        return -code error "event \"$event\" is too far in the past"
    }
    if {$number > $history(nextid)} {
        return -code error "event \"$event\" hasn't occurred yet"
    }
    return $number
}

# The text of an event.
proc ::tcl::HistEvent {{event -1}} {
    variable history

    set number [HistIndex $event]
    if {![info exists history($number)]} {
        return ""
    }
    return [string trimright $history($number) \ \n]
}

# Replaces an event.
proc ::tcl::HistChange {newValue {event 0}} {
    variable history

    set history([HistIndex $event]) $newValue
}

# The number of the next event.
proc ::tcl::HistNextID {} {
    variable history

    return [expr {$history(nextid) + 1}]
}
