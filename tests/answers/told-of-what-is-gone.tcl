# What is told of code that is not reached, of methods whose objects are gone, of variables that try cannot set; series with
# bounds and steps of any size.
proc t s { set c [interp create]; set r {}; catch {$c eval $s} r o; puts "$s\n   [regsub -all {Obj\d+} "$r : [string map {\n |} [dict getdef $o -errorinfo -]]" Obj]"; interp delete $c }
t "proc main {} {\n set a 1\n break\n\n set a \$arr(b\n}\nmain"
t "proc main {} {\n set a 1\n list break\n\n set a \$arr(b\n}\nmain"
t "proc main {} {\n set a 1\n continue\n\n set a \[b\n}\nmain"
t "proc main {} {\n set a 1\n eval break\n\n set a \[b\n}\nmain"
t "proc main {} {\n set a 1\n if 1 {break}\n\n set a \[b\n}\nmain"
t "proc main {} {\n set a 1\n if 1 {break}\n\n set a \$\{b\n}\ncatch main; main"
t "proc main {} {\n set a 1\ntcl::prefix match -error {a b c} {apple banana apricot} {}\n}\n main"
t "proc main {} {\n set a 1\ntcl::prefix match -error {-a b} {apple banana apricot} {}\n}\n main"
t "proc main {} {\n set a 1\ntcl::prefix match -error {-errorcode b} {apple banana apricot} {}\n}\n main"
t "proc main {} {\n set a 1\ntcl::prefix match -error {-level 0} {apple banana apricot} {}\n}\n main"
t "proc main {} {\n set a 1\ntcl::prefix match -error {-level 1} {apple banana apricot} {}\n}\n main"
t "proc main {} {\n set a 1\ntcl::prefix match -error {-level 2} {apple banana apricot} {}\n}\n main"
t "proc main {} {\n set a 1\ntcl::prefix match -error {-errorinfo hallo} {apple banana apricot} {}\n}\n main"
t "proc main {} {\n set a 1\ntcl::prefix match {apple banana apricot} {}\n}\n main"
t {oo::class create A {self method m2 args {[self] destroy; nosuch }}; A m2}
t {oo::class create A {method m2 args {[self] destroy; nosuch }}; A create o; o m2}
t {oo::class create A {method m2 args {[self] destroy; nosuch }}; oo::class create B {superclass A; method m2 args {next}}; B create o; o m2}
t {oo::object create o; oo::objdefine o method m2 args {[self] destroy; nosuch }; o m2}
t {oo::object create o; oo::objdefine o method m2 args {rename [self] {}; nosuch }; o m2}
t {oo::object create o; oo::objdefine o method m2 args {rename [self] p; nosuch }; o m2}
t {oo::object create o; oo::objdefine o method m2 args {rename o {}; list [self] [self object] [self method] [self class]}; o m2}
t {oo::class create A {self method m2 args {A destroy; list [catch {self class} e] $e}; method m args {A destroy; nosuch}}; A create o; puts [catch {o m} e o]$e[dict get $o -errorinfo]; A m2}
t {oo::class create A {destructor {nosuch}}; A create o; A destroy}
t {oo::class create A {constructor {} {my destroy; nosuch}}; A create o}
t {oo::class create A {constructor {} {A destroy; nosuch}}; A create o}
t {lseq 1e3 123456789.125 -9223372036854775808}
t {lseq 1e3 123456789.125 -9223372036854775807}
t {lseq 1e3 123456789.125 -922337203685477580}
t {lseq 1e3 123456789.125 -1e19}
t {lseq 1e3 123456789.125 -1}
t {lseq 1e3 123456789.125 -1e17}
t {lseq 1e3 1e4 -1e18}
t {lseq 1 1e4 -9e18}
t {lseq 1 1e4 -9.3e18}
t {lseq 1 1e4 9.3e18}
t {lseq 1.5 4 -9.3e18}
t {lseq NaN to Inf by 1}
t {lseq Inf to NaN by 1}
t {lseq NaN to 1}
t {lseq NaN to -Inf}
t {set a 1; foreach a(1) {1 a 2 b 3 c} {incr ::c}}
t {proc p {} {set a 1; try {foreach a(1) {1 a 2 b 3 c} {incr ::c}} on error {a b c} {list}}; p}
t {proc p {} {array set a {x 1}; try {error 1} on error {a b c} {list}}; p}
t {proc p {} {try {foreach a(1) {1 a 2 b 3 c} {incr ::c}; nosuch;break} on error {a b c} {list}; list}; p}
t {proc p {} {catch {try {foreach a(1) {1 a 2 b 3 c} {incr ::c}; nosuch;break} on error {a b c} {list}; list} e o; dict get $o -errorinfo}; p}
t {proc p {} {catch {try {set a(1) 2; nosuch} on error {a b} {list}; list} e o; dict get $o -errorinfo}; p}
t {proc p {} {catch {try {set a(1) 2; nosuch} on error {a b} {list}} e o; dict get $o -errorinfo}; p}
t {proc p {} {try {set a(1) 2; nosuch} on error {a b} {list}}; p}
t {try {set a(1) 2; nosuch} on error {a b} {list}}
foreach s {{1 2 -1e-1} {1 2 -0.1} {1 2 -1e-5} {1.5 2 -1e-5} {1 2.5 -1e-5} {1 2 -1e-20} {5 1 1e-1} {5 1 1e-20} {5 1e0 1e-30} {5 1 4e-1} {5 1 6e-1} {1 5 -4e-1} {1 5 -6e-1} {1 5 -1e30} {1 5 1e30} {1e20 1 1} {1 1e20 -1} {1 1e20 -1e5} {1 1e18 -1e-5} {1 1e300 -1e-300} {1 1e-300 1e300}} { t "lseq $s" ; t "llength \[lseq $s\]"}
proc p {} {catch {try {foreach a(1) {1 a 2 b 3 c} {incr ::c}; nosuch;break} on error {a b c} {list}; list} e o; dict get $o -errorinfo}; puts [p]
proc p {} {catch {try {foreach a(1) {1 a 2 b 3 c} {incr ::c}; nosuch} on error {a b c} {list}; list} e o; dict get $o -errorinfo}; puts [p]
proc p {} {catch {try {set a(1) 1; nosuch} on error {a b c} {list}; list} e o; dict get $o -errorinfo}; puts [p]
proc p {} {catch {try {set a(1) 1; nosuch} on error {a b} {list}; list} e o; dict get $o -errorinfo}; puts [p]
proc p {} {set a(1) 2; catch {try {break} on break {a b c} {list}; list} e o; dict get $o -errorinfo}; puts [p]
proc p {} {set a(1) 2; catch {try {break} on break {a b} {list}; list} e o; dict get $o -errorinfo}; puts [p]
catch {try {set a(1) 1; nosuch} on error {a b c} {list}; list} e o; puts [dict get $o -errorinfo]
catch {try {set a(1) 1; nosuch} on error {a b} {list}; list} e o; puts [dict get $o -errorinfo]
