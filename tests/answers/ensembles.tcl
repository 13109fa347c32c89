# Unknown handlers, parameters, subcommands without a map.
namespace eval ns {
    namespace export x*
    proc x1 {args} {list 1 $args}
    proc magic {ensemble subcommand args} {
        namespace ensemble configure $ensemble -parameters {p1 p2 p3 p4 p5}
        list
    }
    namespace ensemble create -unknown ::ns::magic
}
puts [catch {ns x2 x1} message]:$message
puts [catch {ns a1 a2 a3 a4 a5 x1} message]:$message
namespace eval failing {
    proc magic args {error foobar}
    namespace ensemble create -unknown ::failing::magic
}
puts [catch {failing spong}]:$::errorInfo
proc ::failing::magic args {return -code break}
puts [catch {failing spong}]:$::errorInfo
namespace ensemble create -command part -subcommands {partcget partconfigure}
puts [catch {part partcon} message]:$message
proc target {x y} {}
namespace ensemble create -command e2 -map {s2 target}
namespace ensemble create -command e1 -map {s1 e2}
set s s
foreach call {{e1 s1 s2 a} {e1 $s s2 a} {e1 s1 $s a} {e1 $s $s a}} {
    puts [catch $call message]:$message
}
namespace ensemble create -command e3 -parameters {{a b}} -map {x target}
puts [catch e3 message]:$message
interp alias {} run {} if 1
namespace eval x {run {proc set args {return mine}; set a}; puts [set a]}
puts [info commands ::x::set]
