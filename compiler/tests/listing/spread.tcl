#! body f args
set r [{*}$f 1 {*}$args]
{*}{}
$f {*}"a b"

#| .context procedure
#| .registers 7
#| .local "f"
#| .local "args"
#| .local "r"
#| .const text "a" at 38 39
#| .const text "b" at 40 41
#| .call 3 spread 0b101 -
#| .call 3 -
#| .assumed "set"
#| .command 0 4 source 0 24 line 1
#| .command 0 4 source 7 23 line 1 fused r2
#| .command 4 8 source 31 42 line 3
#|    0  move r4 r0                         ; f
#|    1  int r5 1
#|    2  move r6 r1                         ; args
#|    3  callspread r2 r4 s0                ; r, ?/3
#|    4  move r3 r0                         ; f
#|    5  const r4 c0                        ; "a"
#|    6  const r5 c1                        ; "b"
#|    7  call r3 r3 s1                      ; ?/3
#|    8  return r3
