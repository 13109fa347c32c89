# What evaluates scripts decides whether completion codes may leave an interpreter; children without a name.
proc t s { set c [interp create]; puts "$s\n   [catch {$c eval $s} r o] $r [string map {\n |} [dict getdef $o -errorinfo -]]"; interp delete $c }
foreach pre {{} {trace add variable w {unset} {apply {args {lappend ::log gone}}}; set w 1; unset w;} {trace add variable w {unset} {list};  set w 1; unset w;} {trace add variable w {unset} {list a;#}; set w 1; unset w;} {trace add variable w write {list a;#}; set w 1; unset w;} {eval {list a};} {eval list a;} {eval [list list a];} {eval "list a";} {eval list a\;;} {uplevel 0 {list a};} {namespace eval n {list a};} {catch {list a};} {after 0 {list a}; update;} {after 0 list a; update;} {apply {{} {list a}};} {proc p {} {list a}; p;} {oo::class create A {method m {} {}};} {oo::class create A;} {time {list a};} {time [list list a];} {foreach x 1 {list a};} {set b {list a}; foreach x 1 $b;} {lsort -command {string compare} {a b};} {dict for {k v} {a 1} {list a};} {dict map {k v} {a 1} {list a};} {try {list a} on ok {} {list};} {set b {list a}; try $b on ok {} {list};} {subst {[list a]};} {expr {[list 1]};} {set e {[list 1]}; expr $e;} {trace add execution list enter {apply {args {list}}}; list a;} {interp alias {} foo {} list a; foo;} {interp create i; i eval {list a};} {namespace ensemble create -command e -map {a list}; e a;} {namespace ensemble create -command e -map {a list} -unknown {apply {args {return list}}}; e b;} {set b {list a}; if 1 $b;} {while 1 break;} {set b break; while 1 $b;} {switch a {a {list a}};} {set b {a {list a}}; switch a $b;} {regsub -command a a list;} {catch error;} {unknownx 1;} {coroutine c2 list a;} {info commands xx*;} {info functions min;} {clock format 0 -gmt 1;}} {
t "$pre coroutine co apply {{} {yieldto list aaa; yieldto return -code -1 x1y2}}; co"
}
t {interp create {}}
t {interp create {}; interp create {}}
t {interp create -safe {}; interp exists {}}
t {interp create -- {}}
t {interp create {} a}
t {interp create {a {}}}
t {interp create a; interp create {a {}}}
t {interp create {}; interp children}
t {interp create {}; interp delete {}}
t {interp create {}; interp eval {} {set x 1}; set x}
t {interp create {}; {} eval {set y 1}; info exists y}
t {interp create {}; rename {} a; a eval {set y 1}; info exists y}
