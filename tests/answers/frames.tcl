# `info frame` in all kinds of scripts; files are shown by their tails.
proc dump {} {
    set n [info frame]
    for {set i 1} {$i < $n} {incr i} {
        set frame [info frame $i]
        if {[dict exists $frame file]} {dict set frame file [file tail [dict get $frame file]]}
        puts "$i $frame"
    }
}
dump
proc p {} {
  dump
  eval {
    dump
  }
  uplevel 1 {
    dump
  }
  set s {
dump}
  uplevel #0 $s
  eval $s
  if 1 $s
  if 1 {
    foreach x 1 { dump }
  }
}
p
namespace eval q {
   dump
   proc z {} { dump }
   z
}
apply {{x} {
   dump
}} 1
apply {{x} {
   catch {dump}
   dump
} ::q} 1
switch a {
  a {
    dump
  }
}
foreach k {1} {
   dump
}
set tv 1
trace add variable tv write {apply {args {
   dump}}}
set tv 2
after 0 {
  dump
  set ok 1
}
vwait ok
set x "[dump
]"
if {[
  dump
 ] eq ""} { dump }
set body { dump }
if 1 $body
while 1 { dump
 break }
try {
  dump
} finally {
  dump
}
dict for {k v} {a 1} {
  dump
}
proc cc {} {
  dict for {k v} {a 1} {
     dump
  }
  namespace eval :: {
    dump
  }
  [lindex dump 0]
  {*}dump
  set x 5;    dump
  foreach a 1 {*}{
  } {
     dump
  }
  tailcall dump
}
cc
set text {
    dump
}
proc made {} $text
made
proc list2 {} {
    foreach {*}{
        x 1 {
            dump
        }
    }
}
list2
