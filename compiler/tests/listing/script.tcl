#! script
set x 5
while {$x > 0} {incr x -1; puts $x}
foreach y {1 2} {set z($y) $x}
return 5

#| .context script
#| .registers 5
#| .const text "puts"
#| .const text "1 2" at 55 58
#| .const text "return"
#| .variable "x"
#| .variable "y"
#| .variable "z"
#| .call 2 "puts"
#| .call 2 "return"
#| .foreach 1
#| .assumed "set"
#| .assumed "while"
#| .assumed "incr"
#| .assumed "foreach"
#| .assumed "return"
#| .command 0 2 source 0 7 line 1
#| .command 2 10 source 8 43 line 2
#| .command 3 5 source 24 33 line 2
#| .command 5 8 source 35 42 line 2
#| .command 10 19 source 44 74 line 3
#| .command 15 18 source 61 73 line 3
#| .command 19 22 source 75 83 line 4
#| .body 13 15 command 4 line 4294967295 "setting foreach loop variable \x22y\x22"
#| .body 15 18 command 4 line 3 "\x22foreach\x22 body"
#| .handler 3 8 loop 10 8
#|    0  int r1 5
#|    1  storevar r1 v0 -                   ; x
#|    2  jump @8
#|    3  int r1 -1
#|    4  incr 0 v0 - r1                     ; x
#|    5  const r1 c0                        ; "puts"
#|    6  loadvar r2 v0 -                    ; x
#|    7  call r1 r1 s0                      ; puts/2
#|    8  loadvar r1 v0 -                    ; x
#|    9  jumpgtimm r1 0 -7                  ; @3
#|   10  const r1 c1                        ; "1 2"
#|   11  foreachstart r1 t0
#|   12  foreachnext r1 t0 +6               ; @19
#|   13  foreachvalue 0 r3 r1 t0
#|   14  storevar r3 v1 -                   ; y
#|   15  loadvar r3 v1 -                    ; y
#|   16  loadvar r4 v0 -                    ; x
#|   17  storevar r4 v2 r3                  ; z
#|   18  jump @12
#|   19  const r1 c2                        ; "return"
#|   20  int r2 5
#|   21  call r0 r1 s1                      ; return/2
#|   22  return r0
