# What the reference looks up from another namespace than that where it runs: commands in the place of others, those of
# coroutines, the subcommands of ensembles; and what can be done in a namespace that was deleted while it is in use.
proc t {script} {
    interp create child
    child eval {rename unknown {}}
    puts "$script\n  [catch {child eval $script} result] $result"
    interp delete child
}
t {namespace eval n {proc p {} {namespace delete ::n; proc p {x} {tailcall q $x}; p 1}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; proc p {x} {tailcall q $x}; p 1}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; tailcall q 1}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; tailcall q 1}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; tailcall list 1}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; tailcall list 1; error b}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; tailcall list 1; error b}; list [p]}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; tailcall}; list [p]}}
t {proc q x {list $x}; namespace eval n {proc p {} {tailcall namespace delete ::n;}; list [p]}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; proc p {x} {tailcall q $x}; list [p 1] a}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; proc p {x} {tailcall list $x}; list [p 1] a}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; proc p {x} {tailcall list $x}; list [catch {p 1} e] $e}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; uplevel 1 {tailcall list 1}; list a}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; oo::class create X}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; oo::object create X}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; coroutine c yieldto list 2}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; namespace export *; namespace eval n {namespace export *; namespace ensemble create}; n p 3}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval n {namespace export *; namespace ensemble create}}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval n {namespace export *; proc zz x {list $x}; namespace ensemble create}; n zz 1}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval n {namespace export *; proc zz x {list $x}; namespace ensemble create}; list [namespace children] [namespace exists n] [info commands n] [info commands n::*]}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval n {namespace export *; proc zz x {list $x}; namespace ensemble create -map {a zz}}; n a 2}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc zz x {list $x}; namespace export *; namespace ensemble create; n zz 2}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc zz x {list $x}; namespace export *; namespace ensemble create -subcommands zz; n zz 2}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc zz x {list $x}; namespace export *; namespace ensemble create -subcommands list; n list 2}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc zz x {list $x}; namespace export *; namespace ensemble create; namespace ensemble configure n}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc zz x {list $x}; namespace export *; namespace ensemble create; namespace ensemble configure n -map {a zz}; n a 2}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc zz x {list $x}; namespace export *; namespace ensemble create -command ::f -map {a ::list}}; p}; f a 2}
t {namespace eval n {proc p {} {namespace ensemble create -command ::f -map {a ::list};namespace delete ::n; f a 4}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc p x {list $x}; p 1}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; proc foo x {tailcall q $x}; foo 1}; p}}
t {proc q x {list $x}; namespace eval n {proc p {} {namespace delete ::n; proc foo x {tailcall q $x}; list [foo 1] a}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo x {tailcall}; foo 1}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo x {namespace current}; foo 1}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc p x {namespace current}; p 1}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc p x {namespace current}; info commands p}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc p x {namespace current}; list [info commands p] [info body p] [info args p] [namespace which p] [catch {p 1} e] $e}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc p x {namespace current}; eval {p 1}}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc p x {list $x}; list [p 1]}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; rename p q; q}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; p}; p}}
t {namespace eval n {proc r x {list a}; proc p {} {namespace delete ::n; proc r x {list $x}; r 1}; p}}
t {namespace eval n {proc r x {list a}; proc p {} {namespace delete ::n; r 1}; p}}
t {namespace eval n {proc r x {list a}; proc p {} {r 1; namespace delete ::n; proc r x {list $x}; r 1}; p}}
t {namespace eval n {proc r x {list a}; proc p {} {r 1; namespace delete ::n; proc r x {list $x}; list [r 1]}; p}}
t {namespace eval n {proc r x {list a}; proc p {} {r 1; namespace delete ::n; list [r 1]}; p}}
t {namespace eval n {proc r x {list a}; proc p {} {namespace delete ::n; proc r x {list $x};r 1; r 1}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc p x {list $x}; eval {p 1}}; namespace eval :: ::n::p}}
t {namespace eval n {proc p {} {namespace delete ::n; proc p x {list $x}; p 1}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; coroutine c namespace current}; p}}
t {namespace eval n {proc p {} {coroutine c namespace current}; p}}
t {namespace eval n {proc p {} {proc q {} {namespace delete ::n; yieldto list 1}; coroutine c q}; p}}
t {namespace eval n {proc p {} {proc q {} {yieldto list [namespace delete ::n] 2}; coroutine c q}; p}}
t {namespace eval n {proc p {} {proc q {} {yieldto list [namespace delete ::n] 2}; coroutine ::c q}; p}}
t {namespace eval n {proc p {} {proc q {} {namespace delete ::n;yieldto list  2}; coroutine ::c q}; p}}
t {namespace eval n {proc p {} {coroutine ::c apply {{} {namespace delete ::n;yieldto list  2} ::n}}; p}}
t {namespace eval n {proc p {} {coroutine ::c yieldto list [namespace delete ::n]}; p}}
t {namespace eval n {proc p {} {coroutine ::c eval {yieldto list [namespace delete ::n]}}; p}}
t {namespace eval n {proc p {} {coroutine c eval {yieldto list [namespace delete ::n]}}; p}}
t {namespace ensemble create; namespace export x; }
t {namespace ensemble create -map {a list}; {} a 1 }
t {namespace ensemble create -map {a list}; list [info commands {}] }
t {namespace eval n {proc zz x {list $x}; namespace ensemble create -subcommands {zz list yy}}; proc yy x {list Y}; namespace eval m {proc yy x {list M}; list [n zz 1] [n list 1] [n yy 1]}}
t {namespace eval n {namespace ensemble create -subcommands {zz list yy}}; namespace eval m {proc yy x {list M}; list [catch {n zz 1}] [n list 1] [n yy 1]}}
t {namespace eval n {proc zz {} {list [namespace current]};proc p {} {namespace delete ::n; proc zz {} {list [namespace current]}; proc yy {} {return Y}; namespace ensemble create -command ::e -subcommands {zz yy}; uplevel #0 {proc yy x {list a}};list [catch {namespace eval :: {e zz}} e] $e [catch {namespace eval :: {e yy}} e] $e}}; n::p}
t {namespace eval n {proc zz x {list $x}; namespace ensemble create -subcommands {zz list yy}}; proc yy x {list Y}; namespace eval m {proc yy x {list M}; list [n zz 1] [n list 1] [n yy 1]}}
t {namespace eval n {namespace ensemble create -subcommands {zz list yy}}; namespace eval m {proc yy x {list M}; list [catch {n zz 1}] [n list 1] [n yy 1]}}
t {namespace eval n {proc zz {} {list [namespace current]};proc p {} {namespace delete ::n; proc zz {} {list [namespace current]}; proc yy {} {return Y}; namespace ensemble create -command ::e -subcommands {zz yy}; uplevel #0 {proc yy x {list a}};list [catch {namespace eval :: {e zz}} e] $e [catch {namespace eval :: {e yy}} e] $e}}; n::p}
t {namespace eval n {variable v 1; coroutine c set v}}
t {namespace eval n {proc foo {} {return hi}; coroutine c eval foo}}
t {namespace eval n {proc foo {} {return hi}; coroutine c foo}}
t {namespace eval n {proc foo {} {return hi}; coroutine c set ::x:y 2; proc set args {return X}; coroutine d set ::x 2}}
t {namespace eval n {proc foo {} {return hi}; coroutine c uplevel 0 {variable x 3; info level}; info vars ::x}}
t {namespace eval n {proc foo {} {return hi}; coroutine c apply {{} {namespace current}}}}
t {namespace eval n {proc foo {} {uplevel 1 namespace current}; coroutine c foo}}
t {namespace eval n {proc foo {} {upvar 1 v v; set v}; variable v 1; coroutine c foo}}
t {namespace eval n {proc foo {} {yield; uplevel 1 namespace current}; coroutine c foo; c}}
t {namespace eval n {proc foo {} {yield; uplevel 1 namespace current}; namespace eval m {proc bar x {coroutine $x ::n::foo}; bar zz; zz}}}
t {namespace eval n {proc foo {} {yield; uplevel 1 namespace current}; namespace eval m {proc bar x {coroutine $x ::n::foo}; bar zz; coroinject zz namespace current; zz}}}
t {namespace eval n {proc foo {} {yield; uplevel 1 namespace current}; namespace eval m {proc bar x {coroutine $x ::n::foo}; bar zz; coroprobe zz namespace current}}}
t {namespace eval n {proc foo {} {yield; uplevel 1 namespace current}; namespace eval m {proc bar x {coroutine $x ::n::foo}; bar zz; coroprobe zz uplevel 1 namespace current}}}
t {namespace eval n {proc foo {} {yield; tailcall namespace current}; namespace eval m {proc bar x {coroutine $x ::n::foo}; bar zz; zz}}}
t {namespace eval n {proc foo {} {yieldto namespace current}; namespace eval m {proc bar x {coroutine $x ::n::foo}; bar zz}}}
t {namespace eval n {namespace eval m {proc bar x {coroutine $x yieldto namespace current}; bar zz}}}
t {namespace eval n {namespace eval m {proc bar x {coroutine $x apply {{} {yieldto namespace current}}}; bar zz}}}
t {namespace eval n {namespace eval m {proc qq {} {list mm}; proc bar x {coroutine $x yieldto qq}; bar zz}}}
t {namespace eval n {namespace eval m {proc qq {} {list mm}; proc bar x {coroutine $x eval {list [catch qq]}}; bar zz}}}
t {namespace eval n {namespace eval m {proc qq {} {list mm}; proc bar x {coroutine $x nosuch 2}; bar zz}}}
t {namespace eval n {namespace unknown {apply {args {list U $args [namespace current]}}};coroutine x nosuch 2}}
t {namespace eval n {namespace unknown {apply {args {list U $args [namespace current]}}};coroutine x eval {nosuch 2}}}
t {namespace eval n {namespace unknown {apply {args {list U $args [namespace current]}}};namespace eval n {coroutine x namespace inscope ::n {nosuch 2}}}}
t {namespace eval n {coroutine x info coroutine}}
t {namespace eval n {coroutine x namespace which x}}
t {namespace eval n {coroutine x rename x y; info commands y}}
t {namespace eval n {coroutine x rename x y; info commands ::y}}
t {namespace eval n {interp alias {} foo {} namespace current; coroutine x foo}}
t {namespace eval n {interp alias {} ::foo {} namespace current; coroutine x foo}}
t {namespace eval n {namespace ensemble create -map {a {namespace current}} -command z; coroutine x z a}}
t {namespace eval n {namespace ensemble create -map {a {::namespace current}} -command z; coroutine x z a}}
t {namespace eval n {proc zz x {info level 0}; namespace ensemble create -subcommands {zz list yy}}; n zz 1}
t {namespace eval n {proc zz x {info level 0}; namespace ensemble create -subcommands {zz list yy}}; n zz}
t {namespace eval n {proc zz x {info level 0}; namespace export zz; namespace ensemble create}; n zz 1}
t {namespace eval n {proc zz x {info level 0}; namespace export zz; namespace ensemble create}; n zz}
t {namespace eval n {namespace eval m {proc zz x {info level 0}}; namespace path ::n::m; namespace export zz; namespace ensemble create -subcommands zz}; n zz 1}
t {namespace eval n {proc zz x {info level 0};  namespace ensemble create -subcommands zz -map {yy ::list}}; n zz 1}
t {namespace eval n {namespace ensemble create -subcommands zz -map {yy ::list}}; n yy 1}
t {namespace eval n {namespace ensemble create -subcommands zz -map {yy ::list}}; n zz 1}
t {namespace eval n {namespace ensemble create -subcommands zz -map {yy ::list}}; proc zz x {info level 0}; n zz 1}
t {namespace eval n {namespace ensemble create -subcommands {zz ::list a::zz}}; proc zz x {info level 0}; namespace eval a {proc zz x {info level 0}}; list [n ::list 1] [n zz 1] [n a::zz 2]}
t {namespace eval n {namespace ensemble create -subcommands {zz ::list a::zz};namespace eval a {proc zz x {list n [info level 0]}} }; proc zz x {info level 0}; namespace eval a {proc zz x {info level 0}}; list [n ::list 1] [n zz 1] [n a::zz 2]}
t {namespace eval n {namespace ensemble create -subcommands {zz {}}; proc {} {} {info level 0}}; n {}}
t {namespace eval n {namespace unknown {::list N};namespace ensemble create -subcommands {zz {}}}; n zz 1}
t {namespace eval n {namespace unknown {::list N};namespace ensemble create -subcommands {zz {}}}; namespace eval m {namespace unknown {::list M}; n zz 1}}
t {namespace eval n {namespace unknown {::list N}};interp alias {} a {} nosuch;  namespace eval n {a 1}}
t {namespace eval n {namespace unknown {::list N};interp alias {} a {} nosuch;  namespace eval :: {n::a 1}}}
t {namespace eval n {namespace unknown {::list N};interp alias {} a {} nosuch;  proc nosuch x {list foo}; n::a 1}}
t {namespace eval n {namespace unknown {::list N};proc p x {tailcall nosuch $x}}; namespace eval m {namespace unknown {::list M}; n::p 1}}
t {namespace eval n {namespace unknown {::list N};proc p x {tailcall nosuch $x}}; n::p 1}
t {namespace eval n {proc p x {tailcall namespace current}}; namespace eval m {n::p 1}}
t {namespace eval n {proc p x {tailcall variable x 1}}; namespace eval m {n::p 1}; list [info vars n::*] [info vars m::*]}
t {namespace eval n {proc p x {tailcall proc foo {} {list}}}; namespace eval m {n::p 1}; list [info procs n::*] [info procs m::*]}
t {namespace eval n {proc p x {tailcall apply {{} {namespace current}}}}; namespace eval m {n::p 1}}
t {namespace eval n {proc p x {tailcall namespace which p}}; namespace eval m {n::p 1}}
t {namespace eval n {proc q x {list N $x}; proc p x {tailcall eval {q 1}}}; namespace eval m {proc q x {list M $x}; n::p 1}}
t {namespace eval n {proc q x {list N $x}; proc p x {tailcall if 1 {q 1}}}; namespace eval m {proc q x {list M $x}; n::p 1}}
t {namespace eval n {proc q x {list N $x}; proc p x {tailcall q $x}}; namespace eval m {proc q x {list M $x}; n::p 1}}
t {namespace eval n {proc q x {list N $x}; proc p x {tailcall rename q qq}}; namespace eval m {proc q x {list M $x}; n::p 1; list [info commands qq]}}
t {namespace eval n {proc q x {list N $x}; proc p x {tailcall uplevel 1 namespace current}}; namespace eval m {proc q x {n::p 1}; q 2}}
t {namespace eval n {proc q x {list N $x}; proc p x {tailcall uplevel 0 {namespace current}}}; namespace eval m {proc q x {n::p 1}; q 2}}
t {namespace eval n {proc q x {yieldto uplevel 0 {namespace current}}}; namespace eval m {proc q x {coroutine c ::n::q 1}; q 2}}
t {namespace eval n {proc q x {yieldto uplevel 0 {info level 0}}}; namespace eval m {proc q x {coroutine c ::n::q 1}; q 2}}
t {namespace eval n {namespace ensemble create -subcommands {}; namespace ensemble create -command foo -map {a {bar x}}; proc bar args {uplevel 1 namespace current}}; namespace eval m {n::foo a 2}}
t {namespace eval n {namespace ensemble create -map {x ::list} -unknown {apply {args {return zz}}}; proc zz args {list N $args}}; namespace eval m {proc zz args {list M $args}; n foo}}
t {namespace eval n {namespace ensemble create -map {x ::list} -unknown ::un;  proc zz args {list N $args}}; proc un args {return zz};  namespace eval m {proc zz args {list M $args}; n foo}}
t {namespace eval n {namespace ensemble create -map {x ::list} -unknown ::un;  }; proc un args {return zz};  namespace eval m {proc zz args {list M $args}; n foo}}
t {namespace eval n {namespace ensemble create -map {x ::list} -unknown un;  proc un args {return zz};proc zz args {list N $args}};   namespace eval m {proc zz args {list M $args}; n foo}}
t {namespace eval n {namespace ensemble create -map {x ::list} -unknown un;  proc zz args {list N $args}};   namespace eval m {proc un args {return zz};proc zz args {list M $args}; n foo}}
t {namespace eval n {namespace ensemble create -map {x ::list} -unknown {namespace current}};   namespace eval m {n foo}}
t {namespace eval n {namespace ensemble create -map {x ::list} -unknown {::list uplevel}};   namespace eval m {n foo}}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo {} {list a}; puts [info commands ::n::*][info commands foo]; proc foo {} {list b}; puts [info commands foo]; proc foo {} {list c}; puts [info commands foo]; proc foo {} {list d}; puts [info commands foo];foo}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo {} {list a}; interp alias {} foo {} list; info commands foo}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; interp alias {} foo {} list; info commands foo}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; interp alias {} foo {} list; interp aliases}}; n::p}
t {namespace eval n {proc p {} {interp alias {} ::n::foo {} list; namespace delete ::n;interp alias {} foo {} list 2; info commands foo}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo {} {list a}; coroutine foo ::list a; info commands foo}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo {} {list a}; rename p foo}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; namespace ensemble create -command foo; set x [info commands foo]; namespace ensemble create -command foo; list $x [info commands foo]}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo {} {list a}; oo::object create foo; info commands foo}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo {} {list a}; interp create foo; info commands foo}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo {} {list a}; rename foo {}; proc foo {} {list b}; info commands foo}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; proc foo {} {list a}; proc foo {} {list b}; proc foo {} {list b}; info commands foo}}; n::p}
t {namespace eval n {proc foo {} {list a}; proc p {} {namespace eval :: {namespace delete ::n}; proc foo {} {list b};foo}}; n::p}
t {namespace eval n {namespace eval m {proc foo {} {list a}; proc p {} {namespace delete ::n; proc foo {} {list b};foo}}; m::p}}
t {namespace eval n {namespace eval m {proc foo {} {list a}; proc p {} {namespace delete ::n; proc foo {} {list b};proc foo {} {list c}; list [foo] [namespace current] [namespace parent]}}}; n::m::p}
t {namespace eval n {proc foo {} {list a}; proc p {} {namespace delete ::n; namespace eval m {proc foo {} {list b};foo; proc foo {} {list c}; foo}}}; n::p}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval ::m {proc p1 {} {}; proc p2 {} {}; namespace export p*}; namespace import ::m::*; list [info commands p?] [namespace exists ::n] [info commands ::n::*]}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval ::m {proc p1 {} {list 1}; proc p2 {} {}; namespace export p*}; namespace import ::m::*; list [namespace import] [catch ::n::p1 e] $e [namespace origin ::n::p1] [namespace eval ::n {namespace import}]}; p}; list [namespace exists n] [info commands n::*]}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval ::m {proc p1 {} {list 1}; proc p2 {} {}; namespace export p*}; namespace import ::m::*}; p}; list [namespace exists n] [info commands n::*]}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval ::m {proc p1 {} {list 1}; proc p2 {} {}; namespace export p*}; namespace import ::m::*; namespace forget ::m::p1; list [info commands ::n::*]}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval ::m {proc p1 {} {list 1}; proc p2 {} {}; namespace export p*}; namespace import ::m::*; namespace import ::m::*; list [info commands ::n::*]}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval ::m {proc p1 {} {list 1}; namespace export p*}; proc p1 {} {list 2}; namespace import ::m::*; list [info commands ::n::*] [p1]}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval ::m {proc p1 {} {list 1}; namespace export p*}; proc p1 {} {list 2}; namespace import -force ::m::*; list [info commands ::n::*] [p1]}; p}}
t {namespace eval n {proc p {} {namespace delete ::n; namespace eval n {proc p1 {} {}; proc p2 {} {}; namespace export p*}; namespace import -force n::*; namespace forget n::p1; list [lsort [info commands p?]] [lsort [info commands ::n::*]]}; p}}
