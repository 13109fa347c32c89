# Which operand the message blames depends on how the words of an operator's command are known.
foreach op {* + - / ** % & | ^ << >> ~ !} {
  foreach w {x {x 2} {2 x} {2 x 3} {2 3 x}} {
    set r {}
    proc a {} "tcl::mathop::$op $w"
    proc b {} "tcl::mathop::$op {*}{$w}"
    proc c {} "set l {$w}; tcl::mathop::$op {*}\$l"
    proc d {} "set c tcl::mathop::$op; \$c $w"
    proc e {} "set c tcl::mathop::$op; set l {$w}; \$c {*}\$l"
    foreach f {a b c d e} { catch $f m; lappend r [regexp -inline {left|right|wrong|as operand} $m] }
    puts "$op $w: $r"
  }
}
