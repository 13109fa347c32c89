#! body f args
set r [{*}$f 1 {*}$args]
{*}{}
$f {*}"a b"

#| .context procedure
#| .registers 7
#| .local "f"
#| .local "args"
#| .local "r"
#| .const text ""
#| .const text "a" at 38 39
#| .const text "b" at 40 41
#| .call 3 spread 0b101 -
#| .call 1 spread 0b1 -
#| .call 3 -
#| .assumed "set"
#| .command 0 6 source 0 24 line 1
#| .command 0 6 source 7 23 line 1 fused r2
#| .command 6 9 source 25 30 line 2
#| .command 9 13 source 31 42 line 3
#|    0  move r4 r0                         ; f
#|    1  checklist r4
#|    2  int r5 1
#|    3  move r6 r1                         ; args
#|    4  checklist r6
#|    5  callspread r2 r4 s0                ; r, ?/3
#|    6  const r4 c0                        ; ""
#|    7  checklist r4
#|    8  callspread r4 r4 s1                ; ?/1
#|    9  move r4 r0                         ; f
#|   10  const r5 c1                        ; "a"
#|   11  const r6 c2                        ; "b"
#|   12  call r3 r4 s2                      ; ?/3
#|   13  return r3
