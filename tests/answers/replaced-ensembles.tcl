namespace eval a {}
proc tr {args} {puts "trace $args [info commands fido]"}
namespace eval a {namespace ensemble create -command ::fido}
trace add command fido {rename delete} tr
namespace eval b {namespace ensemble create -command ::fido}
puts [info commands fido]
trace add command fido {rename delete} tr
proc fido {} {}
puts [info commands fido]
trace add command fido {rename delete} tr
interp alias {} fido {} set
puts [info commands fido]
# the trace deletes the namespace
namespace eval c {namespace ensemble create -command ::fido}
trace add command fido {delete} {apply {args {puts "gone $args"; namespace delete c}}}
namespace eval d {namespace ensemble create -command ::fido}
puts [info commands fido]
trace add command fido {delete} {apply {args {puts "gone $args"; catch {rename fido ""} e; puts $e}}}
namespace eval d {namespace ensemble create -command ::fido}
puts [info commands fido]
