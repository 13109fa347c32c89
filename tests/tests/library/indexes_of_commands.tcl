writeFile a.tcl {
    proc plain {} {}
    set x "[nosuch] $foo"
    namespace eval ::in {
        proc one {} {}
        namespace eval deep {proc two {} {}}
        proc ::top {} {}
        namespace ensemble create
    }
    maker made
}
auto_mkindex_parser::command maker {name} {indexEntry $name}
auto_mkindex . a.tcl
set channel [open tclIndex]
set lines [lsearch -all -inline [split [read $channel] \n] set*]
close $channel
puts [join [lmap line [lsort $lines] {string range $line 15 end}] \n]
