# Prints the elements of an array, sorted by name.
proc parray {a {pattern *}} {
    upvar 1 $a array

    if {![array exists array]} {
        return -code error "\"$a\" isn't an array"
    }
    set names [lsort [array names array $pattern]]
    set width 0
    foreach name $names {
        set width [expr {max($width, [string length $name])}]
    }
    incr width [expr {[string length $a] + 2}]
    foreach name $names {
        puts stdout [format "%-*s = %s" $width [format %s(%s) $a $name] $array($name)]
    }
}
