#! body
puts a
if {$b} {puts "x"y}

#| .context procedure
#| .registers 4
#| .local "b"
#| .const text "puts"
#| .const text "a"
#| .const text "extra characters after close-quote"
#| .const text "NONE"
#| .const text ""
#| .call 2 "puts"
#| .assumed "if"
#| .command 0 3 source 0 6 line 1
#| .command 3 6 source 7 26 line 2
#| .command 4 4 source 16 25 line 2
#|    0  const r2 c0                        ; "puts"
#|    1  const r3 c1                        ; "a"
#|    2  call r2 r2 s0                      ; puts/2
#|    3  jumpfalse r0 @5                    ; b
#|    4  throw c2 c3 t2                     ; "extra characters after close-quote", "NONE"
#|    5  const r1 c4                        ; ""
#|    6  return r1
