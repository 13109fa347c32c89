# Numbers as they are written in an expression: what messages show, and what comparisons see.
proc t {body} {proc p {x} $body; list [catch {p abc} result] $result}
foreach body {
    {expr {1.50 & 2}} {expr {2 & 1.50}} {expr {1.50 % 2}} {expr {0x10 << 1.0}} {expr {1e3 | 1}} {expr {0xff & 0x0f}} {expr {0b11 ^ 0o7}}
    {expr {0x10 < $x}} {expr {$x > 1.50}} {expr {$x == 0x10}} {expr {0x10 eq 16}} {expr {0x10 in {16 0x10}}} {expr {1.50 == 1.5}}
    {expr {$x & 0xff}} {expr {$x & 1.50}} {expr {0xff + $x}} {expr {1.50 + $x}} {expr {~1.50}} {expr {!0x0}} {expr {-0x10}} {expr {0x10 + 1.50}}
} {
    puts [t $body]
}
