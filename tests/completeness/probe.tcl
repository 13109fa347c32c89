# Asks the interpreter that runs this which rows of the inventory it has.
#
# usage: probe.tcl INVENTORY PROBES
#
# Every row is answered by the interpreter itself: a command by its existence, a subcommand by its ensemble's map, an
# option by the list that an error message gives or by a call that takes it, a behaviour by its result. One line per
# row goes to the standard output: done or missing, section, command, kind, name.

set listed {}
set templates {}
set probes {}

# The option's name must stand in the error's message. The script runs once per command and kind.
proc listed {command kind script} {
    dict set ::listed [list $command $kind] $script
}

# The script must give 1 for each name of the command and kind; it finds the name in $name.
proc template {command kind script} {
    dict set ::templates [list $command $kind] $script
}

# The script must give 1 for this row.
proc probe {command name script} {
    dict set ::probes [list $command $name] $script
}

# Runs a script that has to fail; the message.
proc message {script} {
    try {
        uplevel #0 $script
    } on error {text} {
        return $text
    }
    return ""
}

proc exists {name} {
    expr {[namespace which -command ::$name] ne "" || [catch {auto_load ::[string trimleft $name :]} found] == 0 && $found}
}

# Whether the ensemble has the subcommand; its path is in the words of the command.
proc in_map {command name} {
    set map {}
    set path [lassign $command top]
    set map [namespace ensemble configure ::$top -map]
    foreach word $path {
        set map [namespace ensemble configure [dict get $map $word] -map]
    }
    dict exists $map $name
}

proc has_word {text word} {
    foreach part [split $text " ,\n\""] {
        if {[string trimright $part .] eq $word} {
            return 1
        }
    }
    return 0
}

# A package, or nothing if it is not there.
proc need {command} {
    foreach {pattern package} {http::* http tcltest::* tcltest msgcat::* msgcat safe::* safe tcl::idna* tcl::idna
            platform::* platform platform::shell::* platform::shell opt::* opt cookiejar* cookiejar dde* dde
            tcl::Opt* opt tcl::OptProc* opt registry* registry} {
        if {[string match $pattern $command]} {
            catch {package require $package}
        }
    }
}

proc answer {command kind name how} {
    global listed templates probes seen
    need $command
    need $name
    set key [list $command $kind]
    if {[dict exists $probes [list $command $name]]} {
        return [uplevel #0 [dict get $probes [list $command $name]]]
    }
    if {[dict exists $templates $key]} {
        return [apply [list name [dict get $templates $key] ::] $name]
    }
    if {[dict exists $listed $key]} {
        if {![info exists seen($key)]} {
            set seen($key) [message [dict get $listed $key]]
        }
        return [has_word $seen($key) $name]
    }
    switch $how {
        "info commands" - auto_index {
            return [exists $name]
        }
        "ensemble map" {
            return [in_map $command $name]
        }
    }
    error "nobody knows how to ask"
}

proc main {inventory} {
    set channel [open $inventory]
    fconfigure $channel -encoding utf-8
    gets $channel
    while {[gets $channel line] >= 0} {
        lassign [split $line \t] section command kind name old new jim molt how page note
        if {$new ne "y" || $section eq "doc-only" || [string match ext:* $section]} {
            continue
        }
        set why ""
        if {[catch {answer $command $kind $name $how} is_there]} {
            set why $is_there
            set is_there 0
        }
        puts [join [list [expr {$is_there == 1 ? "done" : "missing"}] $section $command $kind $name \
                [string map {\n " " \t " "} $why]] \t]
    }
    close $channel
}

source [lindex $argv 1]
main [lindex $argv 0]
exit 0
