# How the interpreter is asked about the rows of the inventory that an existing command or an ensemble's map does not
# answer. Names are facts; every script here was tried in the reference, which has all of them.

set bad "\u0001"
set here [pwd]
set file [file join [expr {[info exists env(TMPDIR)] ? $env(TMPDIR) : "/tmp"}] tclring-probe-[pid]]

# Writes the probe's file, runs a script, and removes the file.
proc with_file {text script} {
    set channel [open $::file w]
    puts -nonewline $channel $text
    close $channel
    try {
        uplevel 1 $script
    } finally {
        file delete -force $::file
    }
}

# Runs a script with a channel in the variable of this name.
proc with_channel {name opening script} {
    upvar 1 $name channel
    set channel [uplevel 1 $opening]
    try {
        uplevel 1 $script
    } finally {
        catch {close $channel}
    }
}

# ---- lists in error messages

listed "<child interp>" subcommand {interp create probe_child; try {probe_child $bad} finally {interp delete probe_child}}
listed after subcommand {after $bad}
listed "array default" subcommand {array default $bad a}
listed "array names" option {array set probe_array {}; array names probe_array $bad a}
listed "binary decode base64" option {binary decode base64 $bad a}
listed "binary decode hex" option {binary decode hex $bad a}
listed "binary decode uuencode" option {binary decode uuencode $bad a}
listed "binary encode base64" option {binary encode base64 $bad 1 a}
listed "binary encode uuencode" option {binary encode uuencode $bad 1 a}
listed "chan copy" option {chan copy stdin stdout $bad 1}
listed "chan create" option {chan create $bad list}
listed "chan event" subcommand {chan event stdin $bad}
listed "chan pending" option {chan pending $bad stdin}
listed "chan seek" option {chan seek stdin 0 $bad}
listed seek option {seek stdin 0 $bad}
listed "clock add" option {clock add 0 1 day $bad 1}
listed "clock add units" value {clock add 0 1 $bad -gmt 1}
listed "clock clicks" option {clock clicks $bad}
listed "clock format" option {clock format 0 $bad 1}
listed "clock scan" option {clock scan 0 $bad 1}
listed close option {close stdin $bad}
listed "dict filter" option {dict filter {a 1} $bad}
listed "encoding -profile" value {encoding convertfrom -profile $bad utf-8 a}
listed "encoding convertfrom" option {encoding convertfrom $bad x utf-8 a}
listed "encoding convertto" option {encoding convertto $bad x utf-8 a}
listed exec option {exec -$bad}
listed "fconfigure (any channel)" option {
    with_file "" {with_channel c {open $::file} {fconfigure $c $bad}}
}
listed "fconfigure (file)" option {
    with_file "" {with_channel c {open $::file} {fconfigure $c $bad}}
}
listed "fconfigure (pipe)" option {
    with_channel c {lindex [chan pipe] 0} {fconfigure $c $bad}
}
proc server {} {
    socket -server list -myaddr 127.0.0.1 0
}
listed "fconfigure (server socket)" option {with_channel c server {fconfigure $c $bad}}
listed "fconfigure (server socket, -myaddr)" option {with_channel c server {fconfigure $c $bad}}
listed "fconfigure (client socket)" option {
    with_channel c server {
        with_channel d {socket 127.0.0.1 [lindex [fconfigure $c -sockname] 2]} {fconfigure $d $bad}
    }
}
listed "fconfigure (tty/serial)" option {with_channel c {open /dev/ptmx r+} {fconfigure $c $bad}}
listed "fconfigure (zlib transform)" option {
    with_file "" {with_channel c {open $::file} {zlib push gunzip $c; fconfigure $c $bad}}
}
listed "fconfigure -buffering" value {fconfigure stdin -buffering $bad}
listed "fconfigure -profile" value {fconfigure stdin -profile $bad}
listed "fconfigure -translation" value {fconfigure stdin -translation $bad}
listed fcopy option {fcopy stdin stdout $bad 1}
listed "file attributes (unix)" option {file attributes / $bad}
listed "file attributes (zipfs)" option {file attributes [zipfs root] $bad}
listed "file copy" option {file copy -$bad a b}
listed "file delete" option {file delete -$bad a}
listed "file rename" option {file rename -$bad a b}
listed "file link" option {file link -$bad a b}
listed fileevent subcommand {fileevent stdin $bad}
listed glob option {glob -$bad a}
listed "http::config" option {http::config -nosuch}
listed "info object isa" subcommand {info object isa $bad oo::object}
listed interp subcommand {interp $bad}
listed "interp cancel" option {interp cancel -$bad}
listed "interp create" option {interp create -$bad}
listed "interp debug" option {interp debug {} $bad}
listed "interp invokehidden" option {interp invokehidden {} -$bad list}
listed "interp limit" value {interp limit {} $bad}
listed "interp limit commands" option {interp create probe_child; try {interp limit probe_child commands $bad 1} finally {interp delete probe_child}}
listed "interp limit time" option {interp create probe_child; try {interp limit probe_child time $bad 1} finally {interp delete probe_child}}
listed load option {load -$bad x}
listed unload option {unload -$bad x}
listed lsearch option {lsearch $bad {} a}
listed lsort option {lsort $bad {}}
listed "namespace ensemble" subcommand {namespace ensemble $bad}
listed "namespace ensemble configure" option {namespace ensemble configure dict $bad}
listed "namespace ensemble create" option {namespace ensemble create $bad a}
listed "oo slot" subcommand {oo::define oo::object variable -$bad}
listed "oo::class (methods)" subcommand {oo::class create probe_class; try {probe_class $bad} finally {probe_class destroy}}
listed "oo::object (methods)" subcommand {set o [oo::object new]; try {$o $bad} finally {$o destroy}}
listed package subcommand {package $bad}
listed "package prefer" option {package prefer $bad}
listed regexp option {regexp -$bad a b}
listed regsub option {regsub -$bad a b c}
listed "return" option {return -code $bad}
listed self subcommand {
    oo::object create probe_object
    oo::objdefine probe_object method m {} {self $::bad}
    try {probe_object m} finally {probe_object destroy}
}
listed socket option {socket -$bad 1 2}
listed "string compare" option {string compare -$bad a b}
listed "string equal" option {string equal -$bad a b}
listed "string is" option {string is alpha -$bad a}
listed "string is" value {string is $bad a}
listed "string map" option {string map -$bad a b}
listed "string match" option {string match -$bad a b}
listed subst option {subst -$bad a}
listed switch option {switch -$bad a b}
listed "tcl::prefix match" option {tcl::prefix match -$bad a b}
listed "tcltest::configure" option {tcltest::configure -nosuch 1}
listed "tcltest::test" option {tcltest::test a b -nosuch 1}
listed trace subcommand {trace $bad}
listed "trace add" subcommand {trace add $bad a b c}
listed "trace add command" option {trace add command list $bad list}
listed "trace add execution" option {trace add execution list $bad list}
listed "trace add variable" option {trace add variable probe_variable $bad list}
listed update option {update $bad}
listed vwait option {vwait -$bad x}
listed "zlib gunzip" option {zlib gunzip [zlib gzip a] -$bad 1}
listed "zlib gzip" option {zlib gzip a -$bad 1}
listed "zlib push" value {zlib push $bad stdin}
listed "zlib push gunzip" option {zlib push gunzip stdin -$bad 1}
listed "zlib stream" subcommand {zlib stream $bad}
listed "zlib stream deflate" option {zlib stream deflate -$bad 1}
listed "zlib stream gzip" option {zlib stream gzip -$bad 1}
listed "zlib stream inflate" option {zlib stream inflate -$bad 1}
proc with_stream {script} {
    set stream [zlib stream compress]
    try {
        uplevel 1 $script
    } finally {
        $stream close
    }
}
listed "<zlib stream>" subcommand {with_stream {set s [zlib stream compress]; $s $::bad}}
listed "<zlib stream> add" option {set s [zlib stream compress]; $s add -$bad x}
listed "<zlib stream> put" option {set s [zlib stream compress]; $s put -$bad x}

# ---- calls that take the option

template "open (access flags)" value {
    set access [expr {$name in {RDONLY WRONLY RDWR} ? $name : [list RDWR $name]}]
    with_file "" {
        if {"EXCL" in $access} {
            file delete $::file
            lappend access CREAT
        }
        close [open $::file $access]
    }
    return 1
}
template "open (mode letters)" value {
    set access [expr {$name in {RDONLY WRONLY RDWR} ? $name : [list RDWR $name]}]
    with_file "" {
        if {"EXCL" in $access} {
            file delete $::file
            lappend access CREAT
        }
        close [open $::file $access]
    }
    return 1
}
template "configurable property" option {
    oo::configurable create probe_class
    try {
        set words [dict get {-get {return 1} -set {} -kind readable} $name]
        oo::define probe_class property p $name $words
        return 1
    } finally {
        probe_class destroy
    }
}
template "configurable property -kind" value {
    oo::configurable create probe_class
    try {
        oo::define probe_class property p -kind $name
        return 1
    } finally {
        probe_class destroy
    }
}
template source option {
    with_file "set probe_sourced 1" {source $name utf-8 $::file}
    return 1
}
template try option {
    dict get {
        finally {try {list} finally {set ::probe_try 1}; set ::probe_try}
        on {try {error x} on error {} {list 1}}
        trap {try {throw {A B} x} trap A {} {list 1}}
    } $name
    eval [dict get {
        finally {try {list} finally {set ::probe_try 1}; set ::probe_try}
        on {try {error x} on error {} {list 1}}
        trap {try {throw {A B} x} trap A {} {list 1}}
    } $name]
}
template tcl_platform variable {info exists ::tcl_platform($name)}
template "(global variables)" variable {info exists ::$name}
template "(encodings)" encoding {expr {$name in [encoding names] && [string is list [encoding convertto $name ""]]}}
template "binary format" specifier {
    set value [expr {$name in {f d r R q Q} ? 1.0 : 1}]
    set text [expr {$name in {x X @} ? [binary format a${name}1 a] : [binary format $name $value]}]
    string is list [binary encode hex $text]
}
probe "binary scan" "u (unsigned flag)" {binary scan \xFF cu n; expr {$n == 255}}
template format specifier {
    if {$name eq "%%"} {
        return [expr {[format %%] eq "%"}]
    }
    set text [format $name 65]
    expr {$text ne "" && $text ne $name}
}
template scan specifier {
    set value [dict get {%d 12 %i 12 %o 17 %x 1f %X 1F %u 12 %b 101 %c A %s ab %e 1.5 %f 1.5 %g 1.5 %n ""} $name]
    expr {[scan $value $name found] >= 0 && [info exists found]}
}
template "clock format" specifier {
    set text [clock format 1000000000 -gmt 1 -format $name]
    expr {$name eq "%%" ? $text eq "%" : $text ne $name}
}
template "package require" package {string is list [package require $name]}
template "oo::define" subcommand {
    oo::class create probe_class {method old {} {}}
    try {
        oo::define probe_class {*}[dict get {
            classmethod {classmethod m {} {}} constructor {constructor {} {}}
            definitionnamespace {definitionnamespace -class ::} deletemethod {deletemethod old}
            destructor {destructor {}} export {export old} filter {filter old} forward {forward f list}
            initialise {initialise {}} initialize {initialize {}} method {method m {} {}} mixin {mixin oo::object}
            private {private {method m {} {}}} renamemethod {renamemethod old new} self {self method m {} {}}
            superclass {superclass oo::object} unexport {unexport old} variable {variable v}
        } $name]
        return 1
    } finally {
        probe_class destroy
    }
}
template "oo::objdefine" subcommand {
    oo::class create probe_class {method kept {} {}}
    set object [probe_class new]
    try {
        oo::objdefine $object method old {} {}
        oo::objdefine $object {*}[dict get {
            class {class oo::object} deletemethod {deletemethod old} export {export old} filter {filter old}
            forward {forward f list} method {method m {} {}} mixin {mixin oo::object}
            private {private {method m {} {}}} renamemethod {renamemethod old new} self {self} unexport {unexport old}
            variable {variable v}
        } $name]
        return 1
    } finally {
        catch {$object destroy}
        probe_class destroy
    }
}
template "http::geturl" option {
    # A bad value of a known option is told, and an unknown option is told otherwise.
    set text [message [list http::geturl http://127.0.0.1:1/ -nosuch 1]]
    has_word $text $name
}
template "zlib push gzip" option {
    with_file "" {
        with_channel c {open $::file w} {zlib push gzip $c $name [expr {$name eq "-level" ? 3 : ""}]}
    }
    return 1
}
template "zlib push compress" option {
    with_file "" {with_channel c {open $::file w} {zlib push compress $c $name abc}}
    return 1
}
template "zlib push decompress" option {
    with_file "" {with_channel c {open $::file} {zlib push decompress $c $name 10}}
    return 1
}
template unset option {unset $name probe_nothing_or; return 1}
probe unset -- {set v 1; unset -- v; expr {![info exists v]}}
probe unset -nocomplain {unset -nocomplain nosuch; expr 1}
template timerate option {
    switch -glob $name {
        -calibrate {set script {timerate -calibrate {} 1}}
        -direct {set script {timerate -direct {set x 1} 1}}
        -overhead {set script {timerate -overhead 0.1 {set x 1} 1}}
        default {set script {timerate {set x 1} 1 1}}
    }
    eval $script
    return 1
}
template "return / options dict" option {
    switch -glob $name {
        -level {expr {[catch {return -level 0 5} v] == 0 && $v == 5}}
        -errorinfo {catch {return -level 0 -code error -errorinfo i x} m o; expr {[dict get $o -errorinfo] eq "i"}}
        -errorcode {catch {return -level 0 -code error -errorcode i x} m o; expr {[dict get $o -errorcode] eq "i"}}
        -errorstack {catch {error x} m o; dict exists $o -errorstack}
        -options {catch {return -options {-level 0 -code 7} x} m o; expr {[dict get $o -code] == 7}}
        -errorline* {catch {error x} m o; dict exists $o -errorline}
        -during* {catch {try {error a} finally {error b}} m o; dict exists $o -during}
        custom* {catch {return -level 0 -code 7 -foo bar x} m o; expr {[dict get $o -foo] eq "bar"}}
    }
}
probe "namespace export" -clear {namespace eval probe_ns {namespace export a; namespace export -clear b; expr {[namespace export] eq "b"}}}
probe "namespace which" -command {expr {[namespace which -command set] eq "::set"}}
probe "namespace which" -variable {expr {[namespace which -variable env] eq "::env"}}
probe "namespace import" -force {
    namespace eval probe_ns {proc p {} {}; namespace export p}
    namespace eval probe_to {proc p {} {}; namespace import -force ::probe_ns::p; namespace origin p}
    expr {[namespace eval probe_to {namespace origin p}] eq "::probe_ns::p"}
}
probe read -nonewline {with_file "a\n" {with_channel c {open $::file} {expr {[read -nonewline $c] eq "a"}}}}

# ---- syntax and behaviour of the language

set L "(syntax/behaviour)"
probe $L "{*} expansion" {expr {[list {*}{a b} c] eq "a b c"}}
probe $L "\\uHHHH" {expr {[scan "\u00e9" %c] == 233}}
probe $L "\\UHHHHHHHH" {expr {[scan "\U0001F602" %c] == 0x1F602}}
probe $L "emoji string length 1" {expr {[string length \U0001F602] == 1}}
probe $L "\\xHH (2 digits max)" {expr {"\x412" eq "A2"}}
probe $L "\${name}" {set {a b} 1; expr {"${a b}" eq "1"}}
probe $L "\$::ns::var" {namespace eval probe_ns {variable v 4}; expr {$::probe_ns::v == 4}}
probe $L "\$a(i)" {array set probe_a {i 3}; expr {$probe_a(i) == 3}}
probe $L "\$arr(\$i,\$j)" {set i 1; set j 2; set probe_a(1,2) x; expr {$probe_a($i,$j) eq "x"}}
probe $L "nested proc default args" {proc p {a {b {c d}}} {list $a $b}; expr {[p 1] eq "1 {c d}"}}
probe $L args {proc p {a args} {list $a $args}; expr {[p 1 2 3] eq "1 {2 3}"}}
probe $L "-errorcode in return opts" {catch {throw {A B} m} m o; expr {[dict get $o -errorcode] eq "A B"}}
probe $L -errorstack {proc p x {error $x}; catch {p 1} m o; string match "INNER *CALL {p 1}*" [dict get $o -errorstack]}
probe $L -errorinfo {catch {error x} m o; expr {[dict get $o -errorinfo] eq "x\n    while executing\n\"error x\""}}
probe $L "errorInfo global" {catch {error y}; expr {[lindex [split $::errorInfo \n] 0] eq "y"}}
probe $L "NUL in strings" {expr {[string length a\0b] == 3}}
probe $L "negative string index end+1" {expr {[string index abc end+1] eq "" && [string index abc -1] eq ""}}
probe $L "index arithmetic M+N" {expr {[lindex {a b c d} 1+1] eq "c"}}
probe $L "nested lindex" {expr {[lindex {a {b c}} 1 1] eq "c"}}
probe $L "lset nested" {set l {a {b c}}; lset l 1 0 x; expr {$l eq "a {x c}"}}
probe $L "upvar #0" {proc p {} {upvar #0 probe_global v; set v 9}; p; expr {$::probe_global == 9}}
probe $L "apply lambda" {expr {[apply {x {expr {$x * 2}}} 4] == 8}}
probe $L "apply with namespace" {expr {[apply {{} {namespace current} ::probe_ns}] eq "::probe_ns"}}
probe $L "namespace path" {
    namespace eval probe_p {proc only {} {return found}}
    namespace eval probe_q {namespace path ::probe_p; only}
    expr {[namespace eval probe_q {only}] eq "found"}
}
probe $L tailcall {proc p n {if {$n == 0} {return end}; tailcall p [incr n -1]}; expr {[p 5000] eq "end"}}
probe $L "try/on/trap/finally" {
    set log {}
    try {throw {A B} x} trap {A} m {lappend log trap $m} finally {lappend log finally}
    try {break} on break {} {lappend log break}
    expr {$log eq "trap x finally break"}
}
probe $L coroutine {
    coroutine probe_c apply {{} {yield; yield 1; return 2}}
    expr {[list [probe_c] [probe_c]] eq "1 2" && [namespace which probe_c] eq ""}
}
probe $L "deep recursion 900" {proc p n {if {$n} {p [incr n -1]} else {return deep}}; expr {[p 900] eq "deep"}}
probe $L "deep recursion 100000 (interp recursionlimit)" {
    interp recursionlimit {} 200000
    proc p n {if {$n} {p [incr n -1]} else {return deep}}
    set result [p 100000]
    interp recursionlimit {} 1000
    expr {$result eq "deep"}
}
probe $L "traces on variables" {
    set probe_log {}
    trace add variable probe_v {write read unset} {apply {{a b op} {lappend ::probe_log $op}}}
    set probe_v 1; set probe_v; unset probe_v
    expr {$probe_log eq "write read unset"}
}
probe $L "array traces" {
    set probe_log {}
    array set probe_b {x 1}
    trace add variable probe_b array {apply {{a b op} {lappend ::probe_log $op}}}
    array names probe_b
    expr {$probe_log eq "array"}
}
probe $L "unknown handler" {
    rename ::unknown ::probe_unknown
    proc ::unknown {args} {return "asked $args"}
    set result [probe_no_such 1]
    rename ::unknown ""
    rename ::probe_unknown ::unknown
    expr {$result eq "asked probe_no_such 1"}
}
probe $L "namespace unknown" {
    namespace eval probe_u {namespace unknown {apply {args {return "ns $args"}}}}
    expr {[namespace eval probe_u {nosuch 1}] eq "ns nosuch 1"}
}
probe $L "dict preserves order" {expr {[dict keys {z 1 a 2 m 3}] eq "z a m"}}
probe $L "source -encoding" {
    set channel [open $::file wb]
    puts -nonewline $channel "set probe_text \xE9"
    close $channel
    source -encoding iso8859-1 $::file
    file delete $::file
    expr {$probe_text eq "\u00e9"}
}
probe $L lmap {expr {[lmap x {1 2} {expr {$x + 1}}] eq "2 3"}}
probe $L "regexp ARE \\d \\w \\m \\M" {expr {[regexp -inline {\m\w+\d\M} "ab a1"] eq "a1"}}
probe $L "regexp lookahead (?=)" {expr {[regexp -inline {a(?=b)} "ac ab"] eq "a"}}
probe $L "regexp non-greedy" {expr {[regexp -inline {a+?} aaa] eq "a"}}
probe $L "regexp back-reference" {expr {[regexp {^(a|b)\1$} bb] && ![regexp {^(a|b)\1$} ab]}}
probe $L "regexp embedded options (?i)" {regexp {(?i)abc} ABC}
probe $L "regexp (?x) expanded" {regexp {(?x) a b # comment} ab}
probe $L "regexp \[\[:alpha:\]\]" {expr {[regexp -inline {[[:alpha:]]+} 1ab2] eq "ab"}}
probe $L "regexp POSIX leftmost-longest" {expr {[regexp -inline {a|ab} ab] eq "ab"}}
probe $L "regexp {a{2,3}}" {expr {[regexp -inline {a{2,3}} aaaa] eq "aaa"}}
probe $L "format %*d" {expr {[format %*d 5 1] eq "    1"}}
probe $L "format XPG %1\$s" {expr {[format {%2$s %1$s} a b] eq "b a"}}
probe $L "format %lld / %b" {expr {[format %lld%b 12345678901234567890 5] eq "12345678901234567890101"}}
probe $L "format %a hexfloat" {expr {[format %a 1.0] eq "0x1p+0"}}
probe $L "scan %\[a-z\]" {scan abc1 {%[a-z]} v; expr {$v eq "abc"}}
probe $L "scan inline" {expr {[scan "1 2" "%d %d"] eq "1 2"}}
probe $L "clock format %Y in UTC" {expr {[clock format 0 -format %Y -gmt 1] eq "1970"}}
probe $L "clock scan free-form" {expr {[clock scan "2001-09-09 01:46:40" -gmt 1] == 1000000000}}
probe $L "clock -timezone :Europe/Paris" {expr {[clock format 0 -format %H -timezone :Europe/Paris] eq "01"}}
probe $L "clock -locale" {expr {[clock format 0 -gmt 1 -format %B -locale de] eq "Januar"}}
probe $L "exec | pipeline" {expr {[exec echo abc | tr a-z A-Z] eq "ABC"}}
probe $L "exec 2>@1" {expr {[exec sh -c "echo e >&2" 2>@1] eq "e"}}
probe $L "exec < file" {with_file "in" {expr {[exec cat < $::file] eq "in"}}}
probe $L "exec << value" {expr {[exec cat << text] eq "text"}}
probe $L "exec > file >> file 2> file >& file" {
    with_file "" {
        exec echo a > $::file
        exec echo b >> $::file
        set first [exec cat $::file]
        exec sh -c "echo c >&2" 2> $::file
        set second [exec cat $::file]
        exec sh -c "echo d; echo e >&2" >& $::file
        expr {[list $first $second [exec cat $::file]] eq "{a\nb} c {d\ne}"}
    }
}
probe $L "exec |&" {expr {[exec sh -c "echo e >&2" |& cat] eq "e"}}
probe $L "exec >@ chan" {
    with_file "" {
        with_channel c {open $::file w} {exec echo a >@ $c}
        expr {[exec cat $::file] eq "a"}
    }
}
probe $L "exec & (background)" {string is integer -strict [exec true &]}
probe $L "open |cmd" {with_channel c {open "|echo hi"} {expr {[gets $c] eq "hi"}}}
probe $L "env array" {set ::env(PROBE) x; expr {[exec sh -c {echo $PROBE}] eq "x"}}
probe $L argv0 {expr {[file tail $::argv0] eq "probe.tcl"}}
probe $L auto_path {llength $::auto_path; expr 1}
probe $L tcl_platform {expr {$::tcl_platform(platform) eq "unix"}}
probe $L tcl_version {expr {$::tcl_version eq "9.0"}}
probe $L tcl_interactive {expr {$::tcl_interactive == 0}}
probe $L tcl_library {info exists ::tcl_library}

probe expr ** {expr {2**10 == 1024}}
probe expr "lt/gt/le/ge string compare" {expr {"a" lt "b" && "b" gt "a" && "a" le "a" && "b" ge "a"}}
probe expr in/ni {expr {"a" in {a b} && "c" ni {a b}}}
probe expr eq/ne {expr {"a" eq "a" && "a" ne "b"}}
probe expr ternary {expr {(0 ? 0 : 1) == 1}}
probe expr "<< >>" {expr {1 << 70 >> 69 == 2}}
probe expr bignum {expr {99999999999999999999 + 1 == 100000000000000000000}}
probe expr "wide int 64" {expr {9223372036854775807 - 1 == 9223372036854775806}}
probe expr "comments in expr (#)" {expr {1 # one
    + 1 == 2}}
probe expr "0o octal" {expr {0o17 == 15}}
probe expr "0b binary" {expr {0b101 == 5}}
probe expr "0x hex" {expr {0x1F == 31}}
probe expr "0d decimal prefix" {expr {0d19 == 19}}
probe expr "leading-zero decimal (010==10)" {expr {010 == 10}}
probe expr "digit separator 1_000" {expr {1_000 == 1000}}
probe expr "Inf/NaN literals" {expr {Inf > 1e308 && NaN != NaN}}
probe expr "boolean words" {expr {yes && !off}}
probe expr "array element in expr" {set probe_e(k) 4; expr {$probe_e(k) == 4}}
probe expr "nested cmd" {expr {[llength {a b}] == 2}}
probe expr "function call user tcl::mathfunc" {proc ::tcl::mathfunc::probe x {expr {$x + 1}}; expr {probe(1) == 2}}

# ---- channels and events

# Waits for a variable, but not for ever.
proc wait {name} {
    set timer [after 5000 [list set $name late]]
    uplevel #0 [list vwait $name]
    after cancel $timer
    expr {[set ::$name] ne "late"}
}
proc echo_server {args} {
    socket -server {apply {{c a p} {set ::probe_accepted $c}}} {*}$args 0
}
proc port {server} {
    lindex [fconfigure $server -sockname] 2
}
probe "socket (server)" "-server callback + ephemeral port 0" {
    with_channel s {echo_server} {
        with_channel c {socket 127.0.0.1 [port $s]} {
            wait probe_accepted
            puts $probe_accepted hello
            close $probe_accepted
            expr {[gets $c] eq "hello"}
        }
    }
}
probe "socket (server)" "-myaddr 127.0.0.1" {
    with_channel s {echo_server -myaddr 127.0.0.1} {expr {[lindex [fconfigure $s -sockname] 0] eq "127.0.0.1"}}
}
probe "socket (server)" "-reuseport yes" {
    with_channel s {echo_server -reuseport yes} {
        with_channel t {socket -server list -reuseport yes [port $s]} {expr 1}
    }
}
probe "socket (server)" "-reuseaddr no" {with_channel s {echo_server -reuseaddr no} {expr 1}}
probe "socket (server)" "-backlog 128" {with_channel s {echo_server -backlog 128} {expr 1}}
probe "socket (client)" "-async + writable event" {
    with_channel s {echo_server} {
        with_channel c {socket -async 127.0.0.1 [port $s]} {
            fileevent $c writable {set probe_writable 1}
            wait probe_writable
        }
    }
}
probe "socket (client)" -myaddr/-myport {
    with_channel s {echo_server} {
        with_channel c {socket -myaddr 127.0.0.1 -myport 0 127.0.0.1 [port $s]} {
            expr {[lindex [fconfigure $c -sockname] 0] eq "127.0.0.1"}
        }
    }
}
probe "socket (client)" "IPv6 ::1" {
    # A machine without IPv6 says so, in these words.
    try {
        with_channel s {socket -server list -myaddr ::1 0} {
            with_channel c {socket ::1 [port $s]} {expr 1}
        }
    } on error text {
        string match "couldn't open socket: cannot assign requested address*" $text
    }
}
probe "fconfigure (client socket)" "-error value after refused async connect" {
    with_channel s {echo_server -myaddr 127.0.0.1} {set port [port $s]}
    with_channel c {socket -async 127.0.0.1 $port} {
        fileevent $c writable {set probe_refused 1}
        wait probe_refused
        expr {[fconfigure $c -error] eq "connection refused"}
    }
}
probe "fconfigure (client socket)" -connecting {
    with_channel s {echo_server} {
        with_channel c {socket 127.0.0.1 [port $s]} {expr {[fconfigure $c -connecting] == 0}}
    }
}
probe "fconfigure (client socket)" "-keepalive settable" {
    with_channel s {echo_server} {
        with_channel c {socket 127.0.0.1 [port $s]} {fconfigure $c -keepalive 1; fconfigure $c -keepalive}
    }
}
probe "fconfigure (client socket)" "-nodelay settable" {
    with_channel s {echo_server} {
        with_channel c {socket 127.0.0.1 [port $s]} {fconfigure $c -nodelay 1; fconfigure $c -nodelay}
    }
}
probe "chan close" "half-close (write)" {
    with_channel c {open "|cat" r+} {puts $c x; chan close $c write; expr {[gets $c] eq "x"}}
}
probe fcopy "-command async callback" {
    with_file "abc" {
        with_channel c {open $::file} {
            with_channel d {open /dev/null w} {
                fcopy $c $d -command {apply {args {set ::probe_copied $args}}}
                wait probe_copied
                expr {$probe_copied == 3}
            }
        }
    }
}
probe "chan push" "script transform (transchan)" {
    proc probe_transform {command id args} {
        switch $command {
            initialize {return {initialize finalize read write}}
            write - read {return [string toupper [lindex $args 0]]}
        }
    }
    with_file "" {
        with_channel c {open $::file w} {chan push $c probe_transform; puts -nonewline $c abc}
        expr {[exec cat $::file] eq "ABC"}
    }
}
probe "chan create" "reflected channel (refchan)" {
    proc probe_channel {command id args} {
        switch $command {
            initialize {return {initialize finalize watch read}}
            read {return [string repeat x [lindex $args 0]]}
        }
    }
    with_channel c {chan create read probe_channel} {expr {[read $c 3] eq "xxx"}}
}
probe vwait "multi-variable / -timeout" {
    after 1 {set probe_one 1}
    vwait -timeout 5000 probe_one probe_two
    expr {[vwait -timeout 1 probe_never] == -1}
}
probe vwait "nested vwait" {
    after 1 {vwait probe_inner; set probe_outer 1}
    after 5 {set probe_inner 1}
    wait probe_outer
}
probe after "after cancel by script" {
    after 1 {set probe_cancelled 1}
    after cancel {set probe_cancelled 1}
    after 5 {set probe_later 1}
    wait probe_later
    expr {![info exists probe_cancelled]}
}
probe after "after idle" {after idle {set probe_idle 1}; update; info exists probe_idle}
probe "(event loop)" "bgerror / interp bgerror" {
    interp bgerror {} {apply {{message options} {set ::probe_background $message}}}
    after 0 {error background}
    wait probe_background
    interp bgerror {} ::tcl::Bgerror
    expr {$probe_background eq "background"}
}
probe socket "> 1024 file descriptors in event loop (ulimit permitting)" {
    set open {}
    catch {
        while {[llength $open] < 1100} {
            lappend open {*}[chan pipe]
        }
    }
    # A system that permits fewer shows nothing.
    set last [lindex $open end]
    set before [lindex $open end-1]
    fileevent $before readable {set probe_many [gets [lindex $open end-1]]}
    puts $last x
    flush $last
    set result [wait probe_many]
    foreach channel $open {
        close $channel
    }
    set result
}

# ---- interpreters

probe "interp limit" "time limit aborts infinite loop" {
    interp create probe_child
    interp limit probe_child time -seconds [clock seconds] -milliseconds 100
    set failed [catch {interp eval probe_child {while 1 {}}} text]
    interp delete probe_child
    expr {$failed && $text eq "time limit exceeded"}
}
probe "interp limit" "command limit aborts infinite loop" {
    interp create probe_child
    interp limit probe_child command -value 1000
    set failed [catch {interp eval probe_child {while 1 {list}}} text]
    interp delete probe_child
    expr {$failed && $text eq "command count limit exceeded"}
}
probe "interp cancel" "interp cancel -unwind from timer inside vwait" {
    interp create probe_child
    after 10 {interp cancel -unwind probe_child}
    set failed [catch {interp eval probe_child {vwait -timeout 5000 forever}} text]
    interp delete probe_child
    expr {$failed && $text eq "eval unwound"}
}
probe interp "safe interp hides exec/open/socket" {
    interp create -safe probe_child
    set hidden [interp hidden probe_child]
    interp delete probe_child
    expr {"exec" in $hidden && "open" in $hidden && "socket" in $hidden}
}
probe interp "alias across interps" {
    interp create probe_child
    interp alias probe_child twice {} apply {x {expr {$x * 2}}}
    set result [interp eval probe_child {twice 4}]
    interp delete probe_child
    expr {$result == 8}
}
probe "interp share" "share channel" {
    with_file "abc" {
        interp create probe_child
        with_channel c {open $::file} {
            interp share {} $c probe_child
            set result [interp eval probe_child [list read $c]]
            interp eval probe_child [list close $c]
        }
        interp delete probe_child
    }
    expr {$result eq "abc"}
}

# ---- archives

probe zipfs "mount zip / zipfs mkimg single-file executables" {
    file mkdir $::file.d
    set channel [open $::file.d/a.txt w]
    puts -nonewline $channel inside
    close $channel
    zipfs mkzip $::file.zip $::file.d $::file.d
    zipfs mount $::file.zip probe
    set channel [open [zipfs root]probe/a.txt]
    set text [read $channel]
    close $channel
    zipfs unmount probe
    file delete -force $::file.d $::file.zip
    expr {$text eq "inside"}
}
probe zipfs "zipfs root //zipfs:/" {expr {[zipfs root] eq "//zipfs:/"}}

# ---- encodings, modules

probe (behaviour) "invalid utf-8 in read raises error (strict)" {
    set channel [open $::file wb]
    puts -nonewline $channel \xFF
    close $channel
    with_channel c {open $::file} {
        fconfigure $c -encoding utf-8 -profile strict
        set failed [catch {read $c} text options]
    }
    file delete $::file
    expr {$failed && [lrange [dict get $options -errorcode] 0 1] eq "POSIX EILSEQ"}
}
probe (behaviour) "puts byte > 255 to binary channel raises error" {
    with_file "" {with_channel c {open $::file wb} {catch {puts $c \u0100; flush $c}}}
}
probe (behaviour) "-eofchar \\x1a in source" {
    with_file "set probe_eof 1\x1a set probe_eof 2" {source $::file}
    expr {$probe_eof == 1}
}
probe "package require" "tm modules (.tm)" {
    file mkdir $::file.d
    set channel [open $::file.d/probemodule-1.5.tm w]
    puts $channel "set probe_module loaded"
    close $channel
    tcl::tm::path add $::file.d
    set version [package require probemodule]
    file delete -force $::file.d
    expr {[list $version $probe_module] eq "1.5 loaded"}
}
