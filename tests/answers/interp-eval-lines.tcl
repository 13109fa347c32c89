interp create i
catch {i eval {error a}}; puts $errorInfo
catch {i eval "\n\nerror a"}; puts $errorInfo
catch {i eval error a}; puts $errorInfo
catch {i eval list a b; i eval error "a b"}; puts $errorInfo
catch {interp eval i {set x; foo}}; puts $errorInfo
catch {interp eval i "set y\n{1/0}"}; puts $errorInfo
catch {i eval "list a\nset y"}; puts $errorInfo
catch {interp eval {} "list a\nset y"}; puts $errorInfo
proc p {} {i eval "list a
   set y"}
catch p; puts $errorInfo
