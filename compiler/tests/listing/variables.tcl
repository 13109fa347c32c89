#! body x
set a(1) $x
set y $a($x)
set ::n::v [set a(k$y)]
incr a(1)
append y foo$x [bar]
set $y 1
set z [set y]
unset -nocomplain a y

#| .context procedure
#| .registers 9
#| .local "x"
#| .local "a"
#| .local "y"
#| .local "z"
#| .const text "k"
#| .const text "foo"
#| .const text ""
#| .variable "::n::v"
#| .call 1 "bar"
#| .assumed "set"
#| .assumed "incr"
#| .assumed "append"
#| .assumed "unset"
#| .command 0 2 source 0 11 line 1
#| .command 2 3 source 12 24 line 2
#| .command 3 8 source 25 48 line 3
#| .command 3 7 source 37 47 line 3
#| .command 8 11 source 49 58 line 4
#| .command 11 17 source 59 79 line 5
#| .command 14 15 source 75 78 line 5
#| .command 17 20 source 80 88 line 6
#| .command 20 21 source 89 102 line 7
#| .command 20 21 source 96 101 line 7 fused r3
#| .command 21 24 source 103 124 line 8
#|    0  int r5 1
#|    1  storevar r0 r1 r5                  ; x, a
#|    2  loadvar r2 r1 r0                   ; y, a, x
#|    3  const r7 c0                        ; "k"
#|    4  move r8 r2                         ; y
#|    5  concat r6 r7 2
#|    6  loadvar r5 r1 r6                   ; a
#|    7  storevar r5 v0 -                   ; ::n::v
#|    8  int r5 1
#|    9  int r6 1
#|   10  incr 0 r1 r5 r6                    ; a
#|   11  const r7 c1                        ; "foo"
#|   12  move r8 r0                         ; x
#|   13  concat r5 r7 2
#|   14  call r6 r6 s0                      ; bar/1
#|   15  append 0 r2 - r5                   ; y
#|   16  append 0 r2 - r6                   ; y
#|   17  move r5 r2                         ; y
#|   18  int r6 1
#|   19  storenamed r6 r5
#|   20  move r3 r2                         ; z, y
#|   21  unset 0 r1 -                       ; a
#|   22  unset 0 r2 -                       ; y
#|   23  const r4 c2                        ; ""
#|   24  return r4
