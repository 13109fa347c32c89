#! expr
$a + [foo] * 0x10 < 5 ? "x$b" : true

#| .context expression
#| .registers 4
#| .const text "foo"
#| .const text "x"
#| .const text "true"
#| .variable "a"
#| .variable "b"
#| .call 1 "foo"
#| .command 1 3 source 6 9 line 1
#|    0  loadvar r1 v0 -                    ; a
#|    1  const r3 c0                        ; "foo"
#|    2  call r2 r3 s0                      ; foo/1
#|    3  int r3 16
#|    4  mul r2 r2 r3
#|    5  add r1 r1 r2
#|    6  jumpnotltimm r1 5 +5               ; @12
#|    7  const r2 c1                        ; "x"
#|    8  loadvar r3 v1 -                    ; b
#|    9  concat r1 r2 2
#|   10  numeric r0 r1
#|   11  return r0
#|   12  const r0 c2                        ; "true"
#|   13  return r0
