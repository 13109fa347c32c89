# What every interpreter has from the start: loading commands on demand, and
# looking for packages. The rest of the library is in the files beside this one
# and is read when one of its commands is first needed.

namespace eval ::tcl::Pkg {}
namespace eval ::tcl::tm {}

package unknown {::tcl::tm::UnknownHandler ::tclPkgUnknown}

# Writes a line for developers; where it goes does not matter to the caller.
proc tclLog {string} {
    catch {puts stderr $string}
}

# Sources a file without counting it to the package that is being loaded.
proc ::tcl::Pkg::source {filename} {
    uplevel 1 [list ::source -nopkg $filename]
}

# Loads a command that does not exist and runs it. A procedure, so that scripts can look at it and wrap it.
proc unknown args {
    tailcall ::tcl::Unknown [uplevel 1 {::namespace current}] {*}$args
}

# The qualified names that a command may have that is asked for from a namespace.
proc auto_qualify {cmd namespace} {
    return [::tcl::AutoQualify $cmd $namespace]
}

# Tries to define the command; 1 if it is there afterwards.
proc auto_load {cmd {namespace {}}} {
    global auto_index auto_path

    if {$namespace eq ""} {
        set namespace [uplevel 1 [list ::namespace current]]
    }
    set candidates [auto_qualify $cmd $namespace]
    # Indexes that were made by hand may name the command as it was called.
    lappend candidates $cmd
    for {set round 0} {$round < 2} {incr round} {
        foreach name $candidates {
            if {$round > 0 || ![::tcl::unsupported::library $name]} {
                if {![info exists auto_index($name)]} {
                    continue
                }
                namespace eval :: $auto_index($name)
            }
            if {[namespace which -command $name] ne ""} {
                return 1
            }
        }
        if {![info exists auto_path] || ($round == 0 && ![auto_load_index])} {
            break
        }
    }
    return 0
}

# Reads the indexes of all directories in auto_path; 0 if that was done before.
proc auto_load_index {} {
    variable ::tcl::auto_oldpath
    global auto_index auto_path

    if {[info exists auto_oldpath] && $auto_oldpath eq $auto_path} {
        return 0
    }
    set auto_oldpath $auto_path
    # A directory's entries replace those of the directories after it.
    foreach dir [lreverse $auto_path] {
        if {[::tcl::unsupported::issafe]} {
            catch {source [file join $dir tclIndex]}
            continue
        }
        eval [::tcl::ReadIndex $dir]
    }
    return 1
}

# The script that the index of one directory is, in which $dir means it; an empty one if there is no index.
proc ::tcl::ReadIndex {dir} {
    set path [file join $dir tclIndex]
    if {![file readable $path] || [file isdirectory $path]} {
        return
    }
    set channel [open $path]
    try {
        fconfigure $channel -eofchar \x1a
        set kind [gets $channel]
        if {$kind eq "# Tcl autoload index file, version 2.0"} {
            return [read $channel]
        }
        if {$kind ne "# Tcl autoload index file: each line identifies a Tcl"} {
            error "$path isn't a proper Tcl index file"
        }
        set script {}
        while {[gets $channel line] >= 0} {
            if {[string index $line 0] ne "#" && [llength $line] == 2} {
                lassign $line name file
                append script [list set auto_index($name) [list source [file join $dir $file]]] \n
            }
        }
        return $script
    } finally {
        close $channel
    }
}

# Loads what `namespace import` would not find yet.
proc auto_import {pattern} {
    global auto_index

    if {![string match *::* $pattern]} {
        return
    }
    set namespace [uplevel 1 [list ::namespace current]]
    auto_load_index
    foreach wanted [auto_qualify $pattern $namespace] {
        set home [namespace qualifiers $wanted]
        foreach name [array names auto_index $wanted] {
            if {[namespace which -command $name] eq "" && [namespace qualifiers $name] eq $home} {
                namespace eval :: $auto_index($name)
            }
        }
    }
}

# The words that run a program, found along PATH; none if there is no such program.
proc auto_execok {name} {
    global auto_execs env

    if {[info exists auto_execs($name)]} {
        return $auto_execs($name)
    }
    set auto_execs($name) ""
    if {[llength [file split $name]] != 1} {
        if {[file executable $name] && ![file isdirectory $name]} {
            set auto_execs($name) [list $name]
        }
        return $auto_execs($name)
    }
    if {![info exists env(PATH)]} {
        return ""
    }
    foreach dir [split $env(PATH) :] {
        if {$dir eq ""} {
            set dir .
        }
        set file [file join $dir $name]
        if {[file executable $file] && ![file isdirectory $file]} {
            set auto_execs($name) [list $file]
            break
        }
    }
    return $auto_execs($name)
}

# What an unknown command means at the prompt: a program, an old command line, or an abbreviation.
proc ::tcl::UnknownAtPrompt {name words} {
    global auto_noexec

    if {![info exists auto_noexec]} {
        set program [auto_execok $name]
        if {$program ne ""} {
            set redirect {}
            if {[namespace which -command console] eq ""} {
                set redirect ">&@stdout <@stdin"
            }
            return [list 1 "::exec $redirect $program [lrange $words 1 end]"]
        }
    }
    if {$name eq "!!"} {
        set again [history event]
    } elseif {[regexp {^!(.+)$} $name -> event]} {
        set again [history event $event]
    } elseif {[regexp {^\^([^^]*)\^([^^]*)\^?$} $name -> old new]} {
        set again [history event -1]
        # What is no pattern changes nothing.
        catch {regsub -all -- $old $again $new again}
    }
    if {[info exists again]} {
        tclLog $again
        # The history has what is run, not what was typed for it.
        history change $again 0
        return [list 1 $again]
    }
    set escaped [string map {\\ \\\\ * \\* ? \\? [ \\[ ] \\]} $name]
    set known [lsort [uplevel #0 [list info commands $escaped*]]]
    if {[string match ::* $name] && ![string match *::* $escaped]} {
        set known {}
    }
    if {[llength $known] == 1} {
        return [list 1 [lreplace $words 0 0 [lindex $known 0]]]
    } elseif {[llength $known] > 1 && $name ne ""} {
        return [list 0 "ambiguous command name \"$name\": $known"]
    } elseif {[llength $known] > 1} {
        return [list 0 "empty command name \"\""]
    }
    return {}
}
