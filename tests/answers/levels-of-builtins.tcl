# Which calls of builtins are levels of evaluation: those that fail at the limit. A digit tells of each form of arguments,
# in a procedure and in a script.
set forms {{} a {a b} {a b c} {a b c d} {1 2 3} {x 0 end} {$b} {a $b} {$b a} {$b $b} {a $b a} {a a $b} {{*}$l} {{*}a} {-all a $b c}
    {-nocase a $b} {object a} {namespace}}
proc is_level {command forms} {
    interp create i
    set prepared "set a 1; set l {1 2}; set d {a 1}; set b c"
    set answer {}
    foreach form $forms {
        i eval "proc t {} {$prepared; try {$command $form} on ok r {}}"
        i eval "proc s {} {eval {$prepared; try {$command $form} finally {}}}"
        foreach {limit script} {1 t 2 s} {
            catch {i eval $script}
            interp recursionlimit i $limit
            catch {i eval $script} message
            interp recursionlimit i 1000
            append answer [string match "too many nested*" $message]
        }
    }
    interp delete i
    return $answer
}
set ensembles {
    array {exists get set size unset}
    dict {create exists get getdef getwithdefault info keys merge remove replace size values}
    info {args body cmdcount commands complete coroutine default exists frame globals level locals object procs vars}
    namespace {code current eval exists origin parent qualifiers tail upvar which}
    string {cat compare equal first index insert is last length map match range repeat replace reverse tolower totitle
        toupper trim trimleft trimright wordend wordstart}
}
set commands {apply break catch concat const continue error eval expr format global if incr join lappend lassign
    lindex linsert list llength lrepeat lreplace lreverse lsearch lset lsort regexp regsub return scan set split
    subst tailcall throw unset uplevel variable yield yieldto}
foreach {ensemble names} $ensembles {
    foreach name $names {lappend commands "$ensemble $name"}
}
foreach command $commands {
    puts "$command [is_level $command $forms]"
}
