# What is told of a wrong number of arguments of subcommands: when steps are traced, by other names, and by their own.
foreach c {{clock format} {clock format 1 -bogus} {clock scan} {clock scan a -b} {clock add} {clock clicks 1 2 3} {clock seconds 1} {clock milliseconds 1} {clock add 1 2 -x} {clock format 1 -x 2} {clock add 1 -a} {clock format 1 2 3 4} {clock} {clock microseconds 3}} {
    proc pe {x} "$c; set x"
    catch {pe 1} a; puts "$a|$errorCode"
    trace add execution pe {enterstep leavestep} {apply {args {set ::x 1}}}
    catch {pe 1} a; puts "$a|$errorCode"
    rename pe {}
    interp alias {} cl {} {*}$c
    catch {cl} a; puts "$a|$errorCode"
    catch {eval [string map {clock c2} $c]} a; puts "$a|$errorCode"
    
}
foreach c {{string length} {array size} {clock seconds 1} {clock clicks 1 2 3} {info exists} {dict get} {namespace current 1} {encoding names 1} {chan close} {file exists} {binary scan}} {
    interp alias {} cl {} {*}$c
    catch {cl} a; puts "$a|$errorCode"
    catch {cl 1 2 3 4} a; puts "$a|$errorCode"
    catch {{*}$c} a; puts "$a|$errorCode"
    proc pe {} $c
    catch {pe} a; puts "$a|$errorCode"
    namespace ensemble create -command e -map [list x $c]
    catch {e x} a; puts "$a|$errorCode"
    catch {[lindex $c 0]} a; puts "$a|$errorCode"
    catch {::tcl::[lindex $c 0]::[lindex $c 1] 1 2 3 4 5} a; puts "$a|$errorCode"
}
