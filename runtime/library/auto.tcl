# Indexes of commands for loading on demand, and looking for libraries.

# Forgets what was found along auto_path and PATH, and the commands loaded from there.
proc auto_reset {} {
    global auto_execs auto_index auto_path

    if {[array exists auto_index]} {
        foreach name [array names auto_index] {
            if {[namespace which -command $name] eq "$name" || [info procs $name] ne ""} {
                if {[info commands $name] ne ""} {
                    rename $name {}
                }
            }
        }
    }
    unset -nocomplain auto_execs auto_index ::tcl::auto_oldpath
    if {[catch {llength $auto_path}]} {
        set auto_path [list [info library]]
    } elseif {[info library] ni $auto_path} {
        lappend auto_path [info library]
    }
    return
}

# Looks for an extension's script library and sources its first script.
proc tcl_findLibrary {basename version patch initScript enVarName varName} {
    upvar #0 $varName library
    global auto_path env tcl_platform

    set errors {}
    if {[info exists library] && $library ne ""} {
        set directories [list $library]
    } else {
        set directories [list \
            //zipfs:/app/${basename}_library \
            //zipfs:/lib/$basename/${basename}_library \
            //zipfs:/lib/$basename]
        if {[info exists env($enVarName)]} {
            lappend directories $env($enVarName)
        }
        foreach dir $auto_path {
            lappend directories [file join $dir $basename$version]
        }
        set parent [file dirname [file dirname [info nameofexecutable]]]
        set above [file dirname $parent]
        lappend directories [file join $parent lib $basename$version]
        lappend directories [file join $above lib $basename$version]
        lappend directories [file join $parent library]
    }
    foreach directory $directories {
        set library $directory
        set file [file join $directory $initScript]
        if {[::tcl::unsupported::issafe] || [file exists $file]} {
            if {![catch {uplevel #0 [list source $file]} message options]} {
                return
            }
            append errors "$file: $message\n"
            append errors [dict get $options -errorinfo]\n
        }
    }
    unset -nocomplain library
    set message "Can't find a usable $initScript in the following directories: \n"
    append message "    $directories\n\n"
    append message "$errors\n\n"
    append message "This probably means that $basename wasn't installed properly.\n"
    error $message
}

# Finds out which commands a script would make, by running it where only those
# commands do something that make others. Other packages register theirs with
# `command`, `hook` and `childhook`.
namespace eval ::auto_mkindex_parser {
    # The interpreter in which scripts run.
    variable parser {}
    # The file that runs, as an index names it.
    variable scriptFile {}
    # The lines of the index.
    variable index {}
    # The namespaces around what runs, the outermost first.
    variable contextStack {}
    # Scripts that prepare an interpreter.
    variable initCommands {}
}

# Has a script run here whenever an interpreter has been made.
proc ::auto_mkindex_parser::hook {cmd} {
    variable initCommands
    lappend initCommands $cmd
    return
}

# The same for a script that runs in the interpreter.
proc ::auto_mkindex_parser::childhook {cmd} {
    hook "\$::auto_mkindex_parser::parser eval [list $cmd]"
}

# Registers a command that makes commands; its body runs here.
proc ::auto_mkindex_parser::command {name arglist body} {
    hook [list ::auto_mkindex_parser::commandInit $name $arglist $body]
}

# Makes such a command in the interpreter that there is now.
proc ::auto_mkindex_parser::commandInit {name arglist body} {
    variable parser
    set handler ::auto_mkindex_parser::_%@fake_[string map {:: _} $name]
    proc $handler $arglist $body
    set namespace [::namespace qualifiers $name]
    if {$namespace ne ""} {
        $parser eval [list _%@namespace eval ::$namespace {}]
    }
    $parser alias $name $handler
    return
}

# A new interpreter. Its own commands have other names, so that scripts do not find them.
proc ::auto_mkindex_parser::init {} {
    variable parser
    variable initCommands
    set parser [interp create -safe]
    foreach name [lsort -decreasing [$parser eval {info commands}]] {
        if {$name ne "rename"} {
            $parser eval [list rename $name _%@$name]
        }
    }
    $parser eval {
        rename rename _%@rename
        _%@proc unknown args {}
    }
    commandInit proc {name args} {
        indexEntry $name
    }
    commandInit namespace {op args} {
        variable parser
        variable contextStack
        if {$op eq "eval"} {
            set name [lindex $args 0]
            lappend contextStack $name
            try {
                $parser eval [list _%@namespace eval $name {*}[lrange $args 1 end]]
            } finally {
                set contextStack [lrange $contextStack 0 end-1]
            }
        } elseif {$op eq "ensemble" && [lindex $args 0] eq "create"} {
            set name [fullname {}]
            if {[dict exists [lrange $args 1 end] -command]} {
                set name [fullname [dict get [lrange $args 1 end] -command]]
            }
            indexEntry ::$name
        }
        return
    }
    commandInit tbcload::bcproc {name args} {
        indexEntry $name
    }
    foreach name {oo::class class} {
        commandInit $name {op name args} {
            if {$op eq "create"} {
                indexEntry $name
            }
        }
    }
    foreach script $initCommands {
        eval $script
    }
}

# Ends what init made.
proc ::auto_mkindex_parser::cleanup {} {
    variable parser
    if {$parser ne ""} {
        interp delete $parser
    }
    set parser {}
}

# The name of a command as an index has it: absolute, but without colons if it is in the global namespace.
proc ::auto_mkindex_parser::fullname {name} {
    variable contextStack
    set full $name
    foreach context [lreverse $contextStack] {
        if {[string match ::* $full]} {
            break
        }
        set full [expr {$full eq "" ? $context : "${context}::$full"}]
    }
    regsub -all {:::*} ::$full :: full
    if {[::namespace qualifiers $full] eq ""} {
        set full [::namespace tail $full]
    }
    return [string map {\uE000 $ \uE001 \[} $full]
}

# Adds the line for a command.
proc ::auto_mkindex_parser::indexEntry {name} {
    variable index
    variable scriptFile
    append index [list set auto_index([fullname $name])]
    append index " \[list source -encoding utf-8 \[file join \$dir [file split $scriptFile]\]\]\n"
    return
}

# The lines of the index for one file.
proc ::auto_mkindex_parser::mkindex {file} {
    variable parser
    variable index {}
    variable scriptFile $file
    variable contextStack {}
    set channel [open $file]
    try {
        fconfigure $channel -encoding utf-8 -eofchar \x1a
        set script [read $channel]
    } finally {
        close $channel
    }
    # No command is there whose result could be wanted, and no variable.
    set script [string map {$ \uE000 \[ \uE001} $script]
    init
    try {
        $parser eval $script
    } finally {
        cleanup
    }
    return $index
}

# Writes the file tclIndex for the scripts in a directory that match the patterns.
proc auto_mkindex {dir args} {
    if {[::tcl::unsupported::issafe]} {
        error "can't generate index within safe interpreter"
    }
    if {$args eq ""} {
        set args *.tcl
    }
    set directory [pwd]
    cd $dir
    try {
        append index "# Tcl autoload index file, version 2.0\n"
        append index "# This file is generated by the \"auto_mkindex\" command\n"
        append index "# and sourced to set up indexing information for one or\n"
        append index "# more commands.  Typically each line is a command that\n"
        append index "# sets an element in the auto_index array, where the\n"
        append index "# element name is the name of a command and the value is\n"
        append index "# a script that loads the command.\n\n"
        foreach file [lsort [glob -- {*}$args]] {
            append index [::auto_mkindex_parser::mkindex $file]
        }
        set channel [open tclIndex w]
        fconfigure $channel -encoding utf-8 -translation lf
        puts -nonewline $channel $index
        close $channel
    } finally {
        cd $directory
    }
}

# Like auto_mkindex, but only looks at lines that begin with "proc".
proc auto_mkindex_old {dir args} {
    if {$args eq ""} {
        set args *.tcl
    }
    set index "# Tcl autoload index file, version 2.0\n"
    append index "# This file is generated by the \"auto_mkindex\" command\n"
    append index "# and sourced to set up indexing information for one or\n"
    append index "# more commands.  Typically each line is a command that\n"
    append index "# sets an element in the auto_index array, where the\n"
    append index "# element name is the name of a command and the value is\n"
    append index "# a script that loads the command.\n\n"
    foreach file [lsort [glob -directory $dir -tails {*}$args]] {
        set channel [open [file join $dir $file]]
        try {
            fconfigure $channel -eofchar \x1a
            while {[gets $channel line] >= 0} {
                if {[regexp {^proc[ \t]+([^ \t]*)} $line -> name]} {
                    set name [lindex [auto_qualify $name ::] 0]
                    append index "set [list auto_index($name)]"
                    append index " \[list source -encoding utf-8 \[file join \$dir [list $file]\]\]\n"
                }
            }
        } finally {
            close $channel
        }
    }
    set channel [open [file join $dir tclIndex] w]
    puts -nonewline $channel $index
    close $channel
}
