# Prints a number for each zone and block of instants, made of what `clock format` tells of each instant and of what
# `clock scan` reads back. tests/data/zones.txt has what the reference prints:
#
#     tclsh9.0 tests/zones/zones.tcl > tests/data/zones.txt
#
# The instants lie between 1970 and 2037, where the rules of these zones are settled.

set zones {
    UTC Africa/Cairo Africa/Johannesburg America/Argentina/Buenos_Aires America/Los_Angeles America/New_York
    America/Sao_Paulo America/St_Johns Asia/Hong_Kong Asia/Kathmandu Asia/Kolkata Asia/Tokyo Australia/Adelaide
    Australia/Lord_Howe Europe/Berlin Europe/Dublin Europe/London Europe/Moscow Pacific/Auckland Pacific/Honolulu
}
# The reference's own tables name the time in these otherwise than the system's do.
set unnamed {America/Argentina/Buenos_Aires America/Sao_Paulo Australia/Lord_Howe Europe/Dublin Europe/Moscow}
set blocks 20
set block_size 500
set modulus [expr {(1 << 61) - 1}]

# A number for the offset and name of a zone.
proc number {text} {
    global numbers
    if {![info exists numbers($text)]} {
        set sum 7
        foreach character [split $text ""] {
            set sum [expr {($sum * 131 + [scan $character %c]) % 1000000007}]
        }
        set numbers($text) $sum
    }
    return $numbers($text)
}

proc block {zone seed count} {
    global modulus unnamed
    set hash 1
    set name [expr {$zone in $unnamed ? "" : " %Z"}]
    for {set i 0} {$i < $count} {incr i} {
        set seed [expr {($seed * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF}]
        set instant [expr {($seed >> 20) % 2145916800}]
        set text [clock format $instant -timezone :$zone -format "1%Y%m%d%H%M%S|%z$name|%Y-%m-%d %H:%M:%S %z"]
        lassign [split $text |] local offset told
        # With its offset an instant is told without doubt, now and then is enough.
        set back [expr {$i % 8 ? $instant : [clock scan $told -timezone :$zone -format "%Y-%m-%d %H:%M:%S %z"]}]
        if {$back != $instant} {
            puts "$zone: $told is read as $back, not $instant"
        }
        set hash [expr {($hash * 1000003 + $local + [number $offset]) % $modulus}]
    }
    return $hash
}

foreach zone $zones {
    for {set number 0} {$number < $blocks} {incr number} {
        puts "$zone $number [block $zone [expr {$number + 1}] $block_size]"
    }
}
exit 0
