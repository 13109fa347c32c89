proc t {s} {catch {uplevel #0 $s} m o; puts "$s -> [string range $m 0 100] | [dict get $o -code]"}
foreach s {
{lseq -2147483649 count 1 by -9223372036854775808} {lseq 0 count 1 by -9223372036854775808} {lseq 0 count 1 by -9223372036854775807} {lseq 5 count 1 by 9223372036854775807} {lseq 5 count 1 by 9223372036854775802} {lseq 0 count 0 by -9223372036854775808} {lseq 0 count 2 by -9223372036854775808} {lseq 1 count 2 by -9223372036854775808} {lseq -1 count 1 by -9223372036854775808} {lseq -2 count 1 by -9223372036854775807} {lseq -2 count 0 by -9223372036854775807} {lseq 9223372036854775807 count 1} {lseq 9223372036854775807 count 1 by 2} {lseq 9223372036854775807 count 1 by -2}
{lseq -9223372036854775808 count 1 by -1} {lseq 0 by -9223372036854775808} {lseq 1 by -9223372036854775808} {lseq 5 to 5 by -9223372036854775808} {lseq 5 to 4 by -9223372036854775808} {lseq 0 -9223372036854775808 -9223372036854775808}
{interp exists {}} {interp create x; interp create x} {interp create {x y}} {interp create {nosuch y}} {interp create "\{"}
{binary format S* {a {b c} {}}} {switch -matchvar a b {c d}} {switch -indexvar a -- b {c d}}
} {t $s}
