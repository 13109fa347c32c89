# Modules: packages in single files, looked for along a path of their own.

namespace eval ::tcl::tm {
    # The directories, in the order of the search.
    variable paths {}

    namespace ensemble create -command ::tcl::tm::path -subcommands {add list remove}
}

# Adds directories to the front; all or none. None may be inside another one.
proc ::tcl::tm::add {args} {
    variable paths

    set added $paths
    foreach path $args {
        if {$path in $added} {
            continue
        }
        foreach known $added {
            if {[string match [EscapePattern $path]/* $known]} {
                return -code error "$path is ancestor of existing module path $known."
            }
            if {[string match [EscapePattern $known]/* $path]} {
                return -code error "$path is subdirectory of existing module path $known."
            }
        }
        set added [linsert $added 0 $path]
    }
    set paths $added
    return
}

# The text as a pattern that matches only it.
proc ::tcl::tm::EscapePattern {text} {
    string map {\\ \\\\ * \\* ? \\? [ \\[ ] \\]} $text
}

# Removes directories; those that are not there do not matter.
proc ::tcl::tm::remove {args} {
    variable paths

    foreach path $args {
        set at [lsearch -exact $paths $path]
        if {$at >= 0} {
            set paths [lreplace $paths $at $at]
        }
    }
    return
}

# The directories.
proc ::tcl::tm::list {} {
    variable paths
    return $paths
}

# Adds the directories for this version of the language below each of the roots.
proc ::tcl::tm::roots {paths} {
    lassign [split [package present Tcl] .] major minor
    foreach root $paths {
        set base [file join $root tcl$major]
        for {set n $minor} {$n >= 0} {incr n -1} {
            set path [file join $base $major.$n]
            if {![::tcl::unsupported::issafe]} {
                set path [file normalize $path]
            }
            path add $path
        }
        set path [file join $base site-tcl]
        if {![::tcl::unsupported::issafe]} {
            set path [file normalize $path]
        }
        path add $path
    }
    return
}

# Notes all versions of the module on the path; if none of them satisfies, the next handler is asked.
proc ::tcl::tm::UnknownHandler {original name args} {
    variable paths

    set satisfied 0
    if {[llength $paths] > 0} {
        set below [file dirname [string map {:: /} $name]]
        foreach path $paths {
            if {![::tcl::unsupported::issafe] && ![file exists $path]} {
                continue
            }
            set directory [expr {$below eq "." ? $path : [file join $path $below]}]
            if {![::tcl::unsupported::issafe] && ![file exists $directory]} {
                continue
            }
            set depth [llength [file split $path]]
            # Safe interpreters may look only where their list of directories allows.
            catch {
                foreach file [glob -nocomplain -directory $directory *.tm] {
                    set module [join [lrange [file split $file] $depth end] ::]
                    if {![regexp {^([_[:alpha:]][:_[:alnum:]]*)-([[:digit:]].*)[.]tm$} $module -> package version]} {
                        continue
                    }
                    if {[catch {package vcompare $version 0}]} {
                        continue
                    }
                    # An index of packages may know better.
                    if {[package ifneeded $package $version] eq "" || [::tcl::unsupported::issafe]} {
                        package ifneeded $package $version \
                            "[::list package provide $package $version];[::list source $file]"
                    }
                    if {$package eq $name && [package vsatisfies $version {*}$args]} {
                        set satisfied 1
                    }
                }
            }
        }
    }
    if {!$satisfied && [llength $original] > 0} {
        uplevel 1 $original [::linsert $args 0 $name]
    }
}

# Fills the path from the places of the library, the program and the environment.
proc ::tcl::tm::Defaults {} {
    global env tcl_platform

    lassign [split [package present Tcl] .] major minor
    set program [file normalize [info nameofexecutable]]
    roots [::list \
        [file dirname [info library]] \
        [file join [file dirname [file dirname $program]] lib]]
    for {set n $minor} {$n >= 0} {incr n -1} {
        foreach name [::list TCL$major.${n}_TM_PATH TCL${major}_${n}_TM_PATH] {
            if {![info exists env($name)]} {
                continue
            }
            foreach path [split $env($name) $tcl_platform(pathSeparator)] {
                catch {path add [file normalize [file tildeexpand $path]]}
            }
        }
    }
    return
}

if {![::tcl::unsupported::issafe]} {
    ::tcl::tm::Defaults
}
