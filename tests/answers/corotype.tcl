puts [catch {tcl::unsupported::corotype nosuch} m o]:$m:[dict get $o -errorcode]
puts [catch {tcl::unsupported::corotype} m o]:$m:[dict get $o -errorcode]
proc notc {} {}
puts [catch {tcl::unsupported::corotype notc} m o]:$m:[dict get $o -errorcode]
