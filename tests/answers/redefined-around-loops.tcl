proc show {s} {catch {uplevel #0 $s} m o; puts "[dict get $o -errorinfo]\n--"}
show {
proc main {} {
    trace add execution lset {enter leave} list
    lmap a {x10} {subst {a} 0x1f}
}
main
}
trace remove execution lset {enter leave} list
show {
proc main {} {
    trace add execution lset {enter leave} list;trace remove execution lset {enter leave} list
    lmap a {x10} {subst {a} 0x1f}
}
main
}
show {
proc main {} {
    trace add execution lset {enter leave} list;trace remove execution lset {enter leave} list
    set a 1
    lmap a {x10} {subst {a} 0x1f}
}
main
}
show {
proc main {} {
    trace add execution lset {enter leave} list; set y {1 2}; lset y 1 1; trace remove execution lset {enter leave} list
    set a 1
    lmap a {x10} {subst {a} 0x1f}
}
main
}
proc main {} {
    rename lset lsett
    foreach a {x10} {subst {a} 0x1f}
}
puts [catch main m o]; puts [dict get $o -errorinfo]
proc main {} {
    rename append lsett2
    foreach a {x10} {
      subst {a} 0x1f}
}
puts [catch main m o]; puts [dict get $o -errorinfo]
proc main {} {
    rename incr lsett3
    foreach a {x10} {
      error subst {a} 0x1f}
}
puts [catch main m o]; puts [dict get $o -errorinfo]
proc main {} {
    rename linsert lsett4
    foreach a {x10} {
      error b}
}
puts [catch main m o]; puts [dict get $o -errorinfo]
