#! body l
set r {}
foreach {a b} $l c $l {
    lappend r $a
    if {$b eq ""} break
    foo $c
}
set r

#| .context procedure
#| .registers 11
#| .local "l"
#| .local "r"
#| .local "a"
#| .local "b"
#| .local "c"
#| .const text "" at 7 7
#| .const text ""
#| .call 2 "foo"
#| .foreach 2 1
#| .assumed "set"
#| .assumed "foreach"
#| .assumed "lappend"
#| .assumed "if"
#| .assumed "break"
#| .command 0 1 source 0 8 line 1
#| .command 1 16 source 9 86 line 2
#| .command 8 10 source 37 49 line 3
#| .command 10 11 source 54 73 line 4
#| .command 11 11 source 68 73 line 4
#| .command 11 13 source 78 84 line 5
#| .command 16 17 source 87 92 line 7
#| .handler 8 13 loop 14 4
#|    0  const r1 c0                        ; r, ""
#|    1  move r6 r0                         ; l
#|    2  move r7 r0                         ; l
#|    3  foreachstart r6 t0
#|    4  foreachnext r6 t0 +9               ; @14
#|    5  foreachvalue 0 r2 r6 t0            ; a
#|    6  foreachvalue 1 r3 r6 t0            ; b
#|    7  foreachvalue 2 r4 r6 t0            ; c
#|    8  move r9 r2                         ; a
#|    9  lappend 0 r1 - r9                  ; r
#|   10  jumpstreqconst r3 c1 +3            ; b, "", @14
#|   11  move r10 r4                        ; c
#|   12  call r10 r9 s0                     ; foo/2
#|   13  jump @4
#|   14  int r6 0
#|   15  int r7 0
#|   16  return r1                          ; r
