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
#| .const text "bar"
#| .const text ""
#| .variable "::n::v"
#| .call 1 "bar"
#| .assumed "set"
#| .assumed "incr"
#| .assumed "append"
#| .assumed "unset"
#| .command 0 2 source 0 11 line 1
#| .command 2 4 source 12 24 line 2
#| .command 4 9 source 25 48 line 3
#| .command 4 8 source 37 47 line 3
#| .command 9 12 source 49 58 line 4
#| .command 12 19 source 59 79 line 5
#| .command 15 17 source 75 78 line 5
#| .command 19 22 source 80 88 line 6
#| .command 22 23 source 89 102 line 7
#| .command 22 23 source 96 101 line 7 fused r3
#| .command 23 26 source 103 124 line 8
#|    0  int r5 1
#|    1  storevar r0 r1 r5                  ; x, a
#|    2  loadvar r5 r1 r0                   ; a, x
#|    3  move r2 r5                         ; y
#|    4  const r7 c0                        ; "k"
#|    5  move r8 r2                         ; y
#|    6  concat r6 r7 2
#|    7  loadvar r5 r1 r6                   ; a
#|    8  storevar r5 v0 -                   ; ::n::v
#|    9  int r5 1
#|   10  int r6 1
#|   11  incr 0 r1 r5 r6                    ; a
#|   12  const r7 c1                        ; "foo"
#|   13  move r8 r0                         ; x
#|   14  concat r5 r7 2
#|   15  const r7 c2                        ; "bar"
#|   16  call r6 r7 s0                      ; bar/1
#|   17  append 0 r2 - r5                   ; y
#|   18  append 0 r2 - r6                   ; y
#|   19  move r5 r2                         ; y
#|   20  int r6 1
#|   21  storenamed r6 r5
#|   22  move r3 r2                         ; z, y
#|   23  unset 0 r1 -                       ; a
#|   24  unset 0 r2 -                       ; y
#|   25  const r4 c3                        ; ""
#|   26  return r4
