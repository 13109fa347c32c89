set if if
foreach words {
    {1<2 {set a 1} elwood {set a 2}}
    {1<2 {set a 1} elseif}
    {1<2 then {set a 1} elsex {set a 2}}
    {1<2 then {set a 1} else {set a 2} b}
    {1<2 then {set a 1} elseif 1}
    {1<2 then {set a 1} elseif x {set b} c}
    {0 a elseif}
    {0 a else}
    {0 a b c}
    {0}
    {}
} {
    puts [catch {$if {*}$words} message]:$message
    puts [catch "if $words" message]:$message
}
puts [catch {if {1+}}]:$::errorInfo
puts [catch {if 3>4 {set a 1} elseif {1>}}]:$::errorInfo
