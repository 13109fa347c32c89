proc show {s} {set c [catch {uplevel #0 $s} m o]; puts "$m\n[expr {$c?[dict get $o -errorinfo]:{}}]"}
show {open nosuch/file {1.5 1 -3}}
show {open nosuch/file -0.5}
show {open nosuch/file {RDONLY "\{"}}
show {open nosuch/file {RDONLY WRONLY}}
show {open nosuch/file {CREAT}}
show {open nosuch/file "a \{"}
show {open nosuch/file r+x}
show {open nosuch/file {}}
show {expr {5. << 1}}
show {expr {1 << 5.}}
show {set x 5.; expr {$x << 1}}
show {expr {~5e0}}
show {expr {5e0 % 2}}
show {expr {1.50 & 1}}
show {tcl::mathop::<< 5. 1}
proc p {} {expr {5. << 1}}
show p
proc p x {expr {$x & 1.50}}
show {p 1}
show {proc p2 {} {string is bogus $v}; p2}
show {string is al abc $v}
show {string is bogus [error x]}
show {string is $zz abc}
show {string is bogus}
show {string is al}
show {string is bogus a b c d}
show {string is int -bogus $v}
show {string is int -strict}
proc p {} {string is bogus}
show p
proc p {} {string is al $v}
show p
proc p {} {catch {string is al $v} m; set m}
show p
