proc t {s} {catch {uplevel #0 $s} m o; puts "$s -> $m | [dict get $o -code] [expr {[dict exists $o -errorcode]?[dict get $o -errorcode]:{}}]"}
interp create i
foreach s {
 {interp transfer i {} {i j}} {interp transfer i stdi "\{"} {interp transfer "\{" stdi {}} {interp transfer nosuch stdi {}}
 {interp transfer {} nosuch i} {interp transfer {} {} i} {interp transfer {} stdout nosuch} {interp share {} stdout "\{"}
 {interp share {} stdout i} {interp share i nosuch nosuch} {binary encode base64 -maxlen -5 €} {binary encode base64 -maxlen -5 -bogus x €}
} {t $s}
