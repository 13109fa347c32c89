#! body n
set s 0
for {set i 0} {$i < $n} {incr i} {
    incr s $i
    if {$i % 3 == 0} continue
    set s [expr {($s * 3 + $i) % 1000}]
}
return $s

#| .context procedure
#| .registers 5
#| .local "n"
#| .local "s"
#| .local "i"
#| .assumed "set"
#| .assumed "for"
#| .assumed "incr"
#| .assumed "if"
#| .assumed "continue"
#| .assumed "expr"
#| .assumed "return"
#| .command 0 1 source 0 7 line 1
#| .command 1 11 source 8 128 line 2
#| .command 1 2 source 13 20 line 2
#| .command 3 4 source 47 56 line 3
#| .command 4 6 source 61 86 line 4
#| .command 6 6 source 78 86 line 4
#| .command 6 9 source 91 126 line 5
#| .command 6 9 source 98 125 line 5 fused r1
#| .command 9 10 source 33 39 line 2
#| .command 11 12 source 129 138 line 7
#|    0  int r1 0                           ; s
#|    1  int r2 0                           ; i
#|    2  jump @10
#|    3  incrby r1 r2 -                     ; s, i
#|    4  modimm r4 r2 3                     ; i
#|    5  jumpeqimm r4 0 +3                  ; @9
#|    6  mulimm r4 r1 3                     ; s
#|    7  add r4 r4 r2                       ; i
#|    8  modimm r1 r4 1000                  ; s
#|    9  incrlocal r2 1 -                   ; i
#|   10  jumplt r2 r0 -8                    ; i, n, @3
#|   11  return r1                          ; s
