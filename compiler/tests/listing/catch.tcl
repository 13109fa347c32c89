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
#| .const text ""
#| .call 2 "foo"
#| .call 1 "bar"
#| .foreach 1
#| .assumed "foreach"
#| .assumed "if"
#| .assumed "catch"
#| .assumed "break"
#| .assumed "return"
#| .command 0 20 source 0 105 line 1
#| .command 3 15 source 19 87 line 2
#| .command 3 13 source 24 68 line 2
#| .command 3 5 source 31 37 line 2
#| .command 5 8 source 39 52 line 2
#| .command 6 7 source 47 52 line 2
#| .command 14 15 source 72 86 line 2
#| .command 15 17 source 92 103 line 3
#| .command 15 16 source 99 102 line 3
#| .handler 3 8 catch 10 r8 1
#| .handler 15 16 catch 17 r7 0
#| .handler 3 17 loop 18 2
#|    0  move r5 r0                         ; x
#|    1  foreachstart r5 t0
#|    2  foreacheach r1 r5 +15              ; i, @18
#|    3  move r12 r1                        ; i
#|    4  call r12 r11 s0                    ; foo/2
#|    5  jumpfalse r1 @7                    ; i
#|    6  raise 3
#|    7  const r9 c0                        ; ""
#|    8  int r8 0
#|    9  options r10
#|   10  move r3 r10                        ; options
#|   11  move r2 r9                         ; result
#|   12  move r7 r8
#|   13  jumpfalse r7 @15
#|   14  return r2                          ; result
#|   15  call r11 r10 s1                    ; bar/1
#|   16  int r7 0
#|   17  jump @2
#|   18  int r5 0
#|   19  const r4 c0                        ; ""
#|   20  return r4
