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
#| .command 0 25 source 0 105 line 1
#| .command 4 19 source 19 87 line 2
#| .command 4 16 source 24 68 line 2
#| .command 4 7 source 31 37 line 2
#| .command 7 11 source 39 52 line 2
#| .command 8 9 source 47 52 line 2
#| .command 17 18 source 72 86 line 2
#| .command 19 22 source 92 103 line 3
#| .command 19 21 source 99 102 line 3
#| .handler 4 11 catch 13 r8 1
#| .handler 19 21 catch 22 r7 0
#| .handler 4 22 loop 23 2
#|    0  move r5 r0                         ; x
#|    1  foreachstart r5 t0
#|    2  foreachnext r5 t0 +20              ; @23
#|    3  foreachvalue 0 r1 r5 t0            ; i
#|    4  const r11 c0                       ; "foo"
#|    5  move r12 r1                        ; i
#|    6  call r11 r11 s0                    ; foo/2
#|    7  jumpfalse r1 @10                   ; i
#|    8  raise 3
#|    9  jump @11
#|   10  const r9 c1                        ; ""
#|   11  int r8 0
#|   12  const r10 c2                       ; "-code 0 -level 0"
#|   13  move r3 r10                        ; options
#|   14  move r2 r9                         ; result
#|   15  move r7 r8
#|   16  jumpfalse r7 @19
#|   17  return r2                          ; result
#|   18  jump @19
#|   19  const r10 c3                       ; "bar"
#|   20  call r10 r10 s1                    ; bar/1
#|   21  int r7 0
#|   22  jump @2
#|   23  int r5 0
#|   24  const r4 c1                        ; ""
#|   25  return r4
