# Boundaries of words in a text.

# A word is made of these; both can be set before the first use.
if {![info exists ::tcl_wordchars]} {
    set ::tcl_wordchars {\w}
}
if {![info exists ::tcl_nonwordchars]} {
    set ::tcl_nonwordchars {\W}
}

namespace eval ::tcl {
    variable WordBreakRE
    array set WordBreakRE {}

    # Makes the patterns anew; also called as a trace on the two variables.
    proc UpdateWordBreakREs args {
        variable WordBreakRE
        global tcl_wordchars tcl_nonwordchars

        set word $tcl_wordchars
        set other $tcl_nonwordchars
        set WordBreakRE(after) "$word$other|$other$word"
        set WordBreakRE(before) "^.*($word$other|$other$word)"
        set WordBreakRE(end) "$other*$word+$other"
        set WordBreakRE(next) "$word*$other+$word"
        set WordBreakRE(previous) "$other*($word+)$other*\$"
    }

    # An index to search from: what is before the text means its start.
    proc WordIndex index {
        return [expr {$index < 0 ? 0 : $index}]
    }

    UpdateWordBreakREs
    trace add variable ::tcl_wordchars write ::tcl::UpdateWordBreakREs
    trace add variable ::tcl_nonwordchars write ::tcl::UpdateWordBreakREs
}

# The last character of the first match of a kind of boundary from an index on, or -1.
proc ::tcl::WordBoundary {kind str start} {
    variable WordBreakRE

    set found {-1 -1}
    regexp -indices -start [WordIndex $start] -- $WordBreakRE($kind) $str found
    return [lindex $found 1]
}

# The first boundary after an index, or -1.
proc tcl_wordBreakAfter {str start} {
    return [::tcl::WordBoundary after $str $start]
}

# The last boundary before an index, or -1.
proc tcl_wordBreakBefore {str start} {
    variable ::tcl::WordBreakRE

    set found {-1 -1}
    if {$start ne "end" || $str ne ""} {
        regexp -indices -- $WordBreakRE(before) [string range $str 0 [::tcl::WordIndex $start]] found
    }
    return [lindex $found 1]
}

# The first end of a word after an index, or -1.
proc tcl_endOfWord {str start} {
    return [::tcl::WordBoundary end $str $start]
}

# The first start of a word after an index, or -1.
proc tcl_startOfNextWord {str start} {
    return [::tcl::WordBoundary next $str $start]
}

# The last start of a word before an index, or -1.
proc tcl_startOfPreviousWord {str start} {
    variable ::tcl::WordBreakRE

    set word {-1 -1}
    if {$start > 0} {
        set before [string range [string range $str 0 $start] 0 end-1]
        regexp -indices -- $WordBreakRE(previous) $before all word
    }
    return [lindex $word 0]
}
