#! body
global a b
variable v 5
upvar 1 foo bar
upvar #0 $a up
set up [info exists bar]

#| .context procedure
#| .registers 8
#| .local "a"
#| .local "b"
#| .local "v"
#| .local "bar"
#| .local "up"
#| .const text "a"
#| .const text "b"
#| .const text "v"
#| .const text "foo"
#| .const text "#0"
#| .assumed "global"
#| .assumed "variable"
#| .assumed "upvar"
#| .assumed "set"
#| .assumed "info"
#| .assumed "::tcl::info::exists"
#| .command 0 4 source 0 10 line 1
#| .command 4 8 source 11 23 line 2
#| .command 8 11 source 24 39 line 3
#| .command 11 13 source 40 54 line 4
#| .command 13 15 source 55 79 line 5
#| .command 13 14 source 63 78 line 5 fused r4
#|    0  const r6 c0                        ; "a"
#|    1  global r0 r6                       ; a
#|    2  const r6 c1                        ; "b"
#|    3  global r1 r6                       ; b
#|    4  const r6 c2                        ; "v"
#|    5  variable r2 r6                     ; v
#|    6  int r6 5
#|    7  move r2 r6                         ; v
#|    8  int r6 1
#|    9  const r7 c3                        ; "foo"
#|   10  upvar r3 r6 r7                     ; bar
#|   11  const r6 c4                        ; "#0"
#|   12  upvar r4 r6 r0                     ; up, a
#|   13  exists r4 r3 -                     ; up, bar
#|   14  loadraw r5 r4 -                    ; up
#|   15  return r5
