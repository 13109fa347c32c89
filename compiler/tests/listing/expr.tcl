#! expr
$a + [foo] * 0x10 < 5 ? "x$b" : true

#| .context expression
#| .registers 4
#| .const text "x"
#| .const text "true"
#| .const int 16
#| .variable "a"
#| .variable "b"
#| .call 1 "foo"
#| .command 1 2 source 6 9 line 1
#|    0  loadvar r1 v0 -                    ; a
#|    1  call r2 r2 s0                      ; foo/1
#|    2  mulconst r2 r2 c2                  ; 16
#|    3  add r1 r1 r2
#|    4  jumpnotltimm r1 5 +5               ; @10
#|    5  const r2 c0                        ; "x"
#|    6  loadvar r3 v1 -                    ; b
#|    7  concat r1 r2 2
#|    8  numeric r0 r1
#|    9  return r0
#|   10  const r0 c1                        ; "true"
#|   11  return r0
