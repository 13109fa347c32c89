#! body x
switch -- $x {
    a {list 1}
    b - c {list 2}
    default {list 3}
}
set y [switch -glob $x {a* {list 1} *b {list 2}}]
return $y

#| .context procedure
#| .registers 7
#| .local "x"
#| .local "y"
#| .const text "-glob"
#| .const text "a* {list 1} *b {list 2}" at 96 119
#| .call 4 "switch"
#| .table 7 "a" 1 "b" 4 "c" 4
#| .assumed "switch"
#| .assumed "list"
#| .assumed "set"
#| .assumed "return"
#| .command 0 9 source 0 71 line 1
#| .command 1 3 source 22 28 line 2
#| .command 4 6 source 41 47 line 3
#| .command 7 9 source 62 68 line 4
#| .command 9 13 source 72 121 line 6
#| .command 9 13 source 79 120 line 6 fused r1
#| .command 13 14 source 122 131 line 7
#|    0  jumptable r0 t0                    ; x
#|    1  int r4 1
#|    2  list r3 r4 1
#|    3  jump @9
#|    4  int r4 2
#|    5  list r3 r4 1
#|    6  jump @9
#|    7  int r4 3
#|    8  list r3 r4 1
#|    9  const r4 c0                        ; "-glob"
#|   10  move r5 r0                         ; x
#|   11  const r6 c1                        ; "a* {list 1} *b {list 2}"
#|   12  call r1 r3 s0                      ; y, switch/4
#|   13  return r1                          ; y
