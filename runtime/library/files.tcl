# Whole files at once.

# Reads a file, as text or as bytes.
proc readFile {filename {mode text}} {
    set mode [::tcl::FileMode $mode]
    set channel [open $filename [dict get {text r binary rb} $mode]]
    try {
        return [read $channel]
    } finally {
        close $channel
    }
}

# Writes a file, as text or as bytes.
proc writeFile {args} {
    switch -- [llength $args] {
        2 {
            lassign $args filename data
            set mode text
        }
        3 {lassign $args filename mode data}
        default {
            return -code error -errorcode {TCL WRONGARGS} \
                "wrong # args: should be \"[lindex [info level 0] 0] filename ?mode? data\""
        }
    }
    set mode [::tcl::FileMode $mode]
    set channel [open $filename [dict get {text w binary wb} $mode]]
    try {
        puts -nonewline $channel $data
    } finally {
        close $channel
    }
}

# The mode, or an error of the caller.
proc ::tcl::FileMode {mode} {
    if {$mode ni {binary text}} {
        return -code error -level 2 -errorcode [list TCL LOOKUP MODE $mode] \
            "bad mode \"$mode\": must be binary or text"
    }
    return $mode
}

# Runs a script for each line of a file.
proc foreachLine {varName filename body} {
    upvar 1 $varName line
    set channel [open $filename r]
    try {
        while {[gets $channel line] >= 0} {
            uplevel 1 $body
        }
    } on return {message options} {
        dict incr options -level
        return -options $options $message
    } finally {
        close $channel
    }
}
