foreach body {{catch [list dict incr v 1 NaN] m} {catch {dict incr v 1 NaN} m} {catch {dict incr v 1 x} m} {catch {dict incr v 1 1.5} m} {catch {dict incr v 1 {a b}} m} {catch {dict append v} m} {catch {dict lappend v} m} {catch {dict unset v a b} m} {catch {dict set v a} m} {set v {a b}; catch {dict incr v a} m} {set v {a "\{"}; catch {dict lappend v a x} m} {catch {dict incr v a 99999999999999999999} m} {catch {dict update v a b {error x}} m} {catch {dict with v {error x}} m}} {
proc p {} "$body; list \$m \[info exists v\] \[catch {set v} m\] \$m"
puts "$body [p]"
unset -nocomplain v
puts "$body [eval $body; list $m [info exists v] [catch {set v} m] $m]"
}
