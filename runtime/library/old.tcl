# What Tcl 8.6 has and 9.0 has no more.

# The subcommands that ensembles have no more: the words that stand for one.
proc ::tcl::OldSubcommand {ensemble subcommand args} {
    if {$ensemble eq "::string" && $subcommand eq "bytelength"} {
        return ::tcl::StringByteLength
    }
    return {}
}

# How many bytes a string has in UTF-8.
proc ::tcl::StringByteLength {string} {
    return [string length [encoding convertto utf-8 $string]]
}

# Runs the script whose patterns match the string; `default` matches if nothing else does.
proc case {string args} {
    if {[lindex $args 0] eq "in"} {
        set args [lrange $args 1 end]
    }
    if {[llength $args] == 1} {
        set args [lindex $args 0]
    }
    if {[llength $args] % 2 == 1} {
        return -code error "extra case pattern with no body"
    }
    set otherwise {}
    foreach {patterns body} $args {
        if {$patterns eq "default"} {
            set otherwise $body
            continue
        }
        foreach pattern $patterns {
            if {[string match $pattern $string]} {
                tailcall eval $body
            }
        }
    }
    tailcall eval $otherwise
}
