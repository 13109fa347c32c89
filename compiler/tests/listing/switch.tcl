#! body x
switch -- $x {
    a {list 1}
    b - c {list 2}
    default {list 3}
}
set y [switch -glob $x {a* {list 1} *b {list 2}}]
return $y

#| .context procedure
#| .registers 6
#| .local "x"
#| .local "y"
#| .const text "a*"
#| .const text "*b"
#| .const text ""
#| .table 7 "a" 1 "b" 4 "c" 4
#| .assumed "switch"
#| .assumed "list"
#| .assumed "set"
#| .assumed "return"
#| .command 0 9 source 0 71 line 1
#| .command 1 3 source 22 28 line 2
#| .command 4 6 source 41 47 line 3
#| .command 7 9 source 62 68 line 4
#| .command 9 25 source 72 121 line 6
#| .command 9 25 source 79 120 line 6 fused r1
#| .command 17 19 source 100 106 line 6
#| .command 20 22 source 112 118 line 6
#| .command 25 26 source 122 131 line 7
#|    0  jumptable r0 t0                    ; x
#|    1  int r4 1
#|    2  list r3 r4 1
#|    3  jump @9
#|    4  int r4 2
#|    5  list r3 r4 1
#|    6  jump @9
#|    7  int r4 3
#|    8  list r3 r4 1
#|    9  move r4 r0                         ; x
#|   10  const r5 c0                        ; "a*"
#|   11  strmatch 0 r5 r5 r4
#|   12  jumptrue r5 @17
#|   13  const r5 c1                        ; "*b"
#|   14  strmatch 0 r5 r5 r4
#|   15  jumptrue r5 @20
#|   16  jump @23
#|   17  int r5 1
#|   18  list r3 r5 1
#|   19  jump @24
#|   20  int r5 2
#|   21  list r3 r5 1
#|   22  jump @24
#|   23  const r3 c2                        ; ""
#|   24  move r1 r3                         ; y
#|   25  return r1                          ; y
