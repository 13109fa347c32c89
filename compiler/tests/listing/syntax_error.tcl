#! body
puts a
if {$b} {puts "x"y}

#| .context procedure
#| .registers 4
#| .local "b"
#| .const text "a"
#| .const text "extra characters after close-quote"
#| .const text "NONE"
#| .const text ""
#| .call 2 "puts"
#| .assumed "if"
#| .command 0 2 source 0 6 line 1
#| .command 2 5 source 7 26 line 2
#| .command 3 3 source 16 25 line 2
#|    0  const r3 c0                        ; "a"
#|    1  call r3 r2 s0                      ; puts/2
#|    2  jumpfalse r0 @4                    ; b
#|    3  throw c1 c2 t2                     ; "extra characters after close-quote", "NONE"
#|    4  const r1 c3                        ; ""
#|    5  return r1
