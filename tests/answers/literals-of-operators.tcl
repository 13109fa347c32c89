# Numbers as they are written in an expression: what messages show, and what comparisons see.
proc t {body} {proc p {x} $body; list [catch {p abc} result] $result}
foreach body {
    {expr {1.50 & 2}} {expr {2 & 1.50}} {expr {1.50 % 2}} {expr {0x10 << 1.0}} {expr {1e3 | 1}} {expr {0xff & 0x0f}} {expr {0b11 ^ 0o7}}
    {expr {0x10 < $x}} {expr {$x > 1.50}} {expr {$x == 0x10}} {expr {0x10 eq 16}} {expr {0x10 in {16 0x10}}} {expr {1.50 == 1.5}}
    {expr {$x & 0xff}} {expr {$x & 1.50}} {expr {0xff + $x}} {expr {1.50 + $x}} {expr {~1.50}} {expr {!0x0}} {expr {-0x10}} {expr {0x10 + 1.50}}
} {
    puts [t $body]
}
# Arguments of functions are as they are written, too.
proc tcl::mathfunc::same {x args} {return $x}
foreach body {
    {expr {abs(5.) << 1}} {expr {abs(5.) eq {5.}}} {expr {abs(0x10) eq {0x10}}} {expr {abs(-5.) eq {5.0}}} {expr {abs(5.)}}
    {expr {max(5., 4) << 1}} {expr {min(6.50) in 6.50}} {expr {same(0x10) eq {0x10}}} {expr {same(1e3)}} {expr {same(1.0, 2) eq {1.0}}}
    {expr {same(007) eq {007}}} {expr {[same 0x10] eq {0x10}}} {expr {same({0x10}) eq {0x10}}} {expr {"[expr {same(0x10)}]"}}
} {
    puts [t $body]
}
foreach body {
    {expr {int(0x10) eq "0x10"}} {expr {int($y) eq "0x10"}} {expr {entier($y) eq {0x10}}} {expr {round($y) eq {0x10}}} {expr {abs($y) eq {0x10}}}
    {expr {wide($y) eq {0x10}}} {expr {int($y)}} {expr {round($y)}} {expr {int($y) ? int($y) : 1}} {expr {int($y) | 1.50}} {expr {abs($z) & 1}}
} {
    puts [t "set y 0x10; set z { 5. }; $body"]
}
