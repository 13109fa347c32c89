# Series whose distance or last number does not fit into 64 bits.
proc show args { puts "$args -> [catch {llength [{*}$args]} r] [string range $r 0 60]" }
set M -9223372036854775808; set X 9223372036854775807
set vals [list $M [expr {$M+1}] [expr {$M/2}] -10 -1 0 1 2 3 10 [expr {$X/2+1}] [expr {$X-7}] $X]
foreach s $vals { foreach e $vals { foreach b $vals {
  # The reference is ended by dividing the smallest number by -1.
  if {$b != -1} {show lseq $s to $e by $b}
}}}
