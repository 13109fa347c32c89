proc n {message options} {puts [list $message [dict get $options -errorinfo]]}
proc main {x} {
    catch {proc pe {x} {foreach y {1 2} {incr x}; set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe 1; set ::log; regsub -all x $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe 1; set ::log; regsub -all x $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe 1; set z 1; regsub -all x $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe 1; regsub -all x $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe 1; set ::log; n $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe 1; set ::log; n $h} m o
    n $m $o
}
main 1
proc main {x} {
    catch {proc pe {x} {set x}; trace add execution pe {enterstep leavestep} {lappend ::log}; pe 1; set ::log; set h} m o
    n $m $o
}
main 1
set ::zz 1
proc main {x} {
    catch {rename lset lsett; rename lsett lset; set ::zz; n $h} m o
    n $m $o
}
main 1
proc main {x} {
    catch {rename lset lsett; rename lsett lset; set ::zz;n $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {rename lset lsett; rename lsett lset; set q 1;n $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {rename lset lsett; rename lsett lset; set q 1;n $q $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {rename lset lsett; rename lsett lset; set q 1;n [set q] $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {rename lset lsett; rename lsett lset; set q 1;n [list] $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    catch {rename lset lsett; rename lsett lset; set h 1;n [list] $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    set h(b) 1
    catch {rename lset lsett; rename lsett lset; set z 1;n [list] $h(a)} m o
    n $m $o
}
main 1
proc main {x} {
    set ::errorInfo before
    catch {rename lset lsett; rename lsett lset; set z 1;n [list] $h(a)} m
    puts $::errorInfo,$::errorCode
}
main 1
proc main {x} {
}
main 1
