#! script
set x 5
while {$x > 0} {incr x -1; puts $x}
foreach y {1 2} {set z($y) $x}
return 5

#| .context script
#| .registers 5
#| .const text "1 2" at 55 58
#| .variable "x"
#| .variable "y"
#| .variable "z"
#| .call 2 "puts"
#| .call 2 flat "return"
#| .foreach 1
#| .assumed "set"
#| .assumed "while"
#| .assumed "incr"
#| .assumed "foreach"
#| .assumed "return"
#| .command 0 2 source 0 7 line 1
#| .command 2 9 source 8 43 line 2
#| .command 3 5 source 24 33 line 2
#| .command 5 7 source 35 42 line 2
#| .command 9 17 source 44 74 line 3
#| .command 13 16 source 61 73 line 3
#| .command 17 19 source 75 83 line 4
#| .body 12 13 command 4 line 4294967295 "setting foreach loop variable \x22y\x22"
#| .body 13 16 command 4 line 3 "\x22foreach\x22 body"
#| .handler 3 7 loop 9 7
#|    0  int r1 5
#|    1  storevar r1 v0 -                   ; x
#|    2  jump @7
#|    3  int r1 -1
#|    4  incr 0 v0 - r1                     ; x
#|    5  loadvar r2 v0 -                    ; x
#|    6  call r2 r1 s0                      ; puts/2
#|    7  loadvar r1 v0 -                    ; x
#|    8  jumpgtimm r1 0 -6                  ; @3
#|    9  const r1 c0                        ; "1 2"
#|   10  foreachstart r1 t0
#|   11  foreacheach r3 r1 +5               ; @17
#|   12  storevar r3 v1 -                   ; y
#|   13  loadvar r3 v1 -                    ; y
#|   14  loadvar r4 v0 -                    ; x
#|   15  storevar r4 v2 r3                  ; z
#|   16  jump @11
#|   17  int r1 5
#|   18  call r0 r0 s1                      ; return/2
#|   19  return r0
