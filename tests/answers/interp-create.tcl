foreach w {{a -safe} {-safe a} {-safe -- -b} {-- -c} {-d} {a b} {-safe -safe e} {f --} {-s g} {h -sa} {-x}  {i -safe j}} { puts [catch {interp create {*}$w} m]:$m }
