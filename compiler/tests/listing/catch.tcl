#! body x
foreach i $x {
    if {[catch {foo $i; if {$i} break} result options]} {return $result}
    catch {bar}
}

#| .context procedure
#| .registers 13
#| .local "x"
#| .local "i"
#| .local "result"
#| .local "options"
#| .const text "foo"
#| .const text ""
#| .const text "-code 0 -level 0"
#| .const text "bar"
#| .call 2 "foo"
#| .call 1 "bar"
#| .foreach 1
#| .assumed "foreach"
#| .assumed "if"
#| .assumed "catch"
#| .assumed "break"
#| .assumed "return"
#| .command 0 23 source 0 105 line 1
#| .command 4 17 source 19 87 line 2
#| .command 4 15 source 24 68 line 2
#| .command 4 7 source 31 37 line 2
#| .command 7 10 source 39 52 line 2
#| .command 8 9 source 47 52 line 2
#| .command 16 17 source 72 86 line 2
#| .command 17 20 source 92 103 line 3
#| .command 17 19 source 99 102 line 3
#| .handler 4 10 catch 12 r8 1
#| .handler 17 19 catch 20 r7 0
#| .handler 4 20 loop 21 2
#|    0  move r5 r0                         ; x
#|    1  foreachstart r5 t0
#|    2  foreachnext r5 t0 +18              ; @21
#|    3  foreachvalue 0 r1 r5 t0            ; i
#|    4  const r11 c0                       ; "foo"
#|    5  move r12 r1                        ; i
#|    6  call r11 r11 s0                    ; foo/2
#|    7  jumpfalse r1 @9                    ; i
#|    8  raise 3
#|    9  const r9 c1                        ; ""
#|   10  int r8 0
#|   11  const r10 c2                       ; "-code 0 -level 0"
#|   12  move r3 r10                        ; options
#|   13  move r2 r9                         ; result
#|   14  move r7 r8
#|   15  jumpfalse r7 @17
#|   16  return r2                          ; result
#|   17  const r10 c3                       ; "bar"
#|   18  call r10 r10 s1                    ; bar/1
#|   19  int r7 0
#|   20  jump @2
#|   21  int r5 0
#|   22  const r4 c1                        ; ""
#|   23  return r4
