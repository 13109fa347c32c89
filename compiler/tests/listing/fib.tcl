#! body n
if {$n < 2} {return $n}
expr {[fib [expr {$n-1}]] + [fib [expr {$n-2}]]}

#| .context procedure
#| .registers 6
#| .local "n"
#| .const text "fib"
#| .call 2 "fib"
#| .call 2 "fib"
#| .assumed "if"
#| .assumed "return"
#| .assumed "expr"
#| .command 0 2 source 0 23 line 1
#| .command 1 2 source 13 22 line 1
#| .command 2 9 source 24 72 line 2
#| .command 2 5 source 31 48 line 2
#| .command 3 4 source 36 47 line 2
#| .command 5 8 source 53 70 line 2
#| .command 6 7 source 58 69 line 2
#|    0  jumpnotltimm r0 2 +1               ; n, @2
#|    1  return r0                          ; n
#|    2  const r3 c0                        ; "fib"
#|    3  addimm r4 r0 -1                    ; n
#|    4  call r2 r3 s0                      ; fib/2
#|    5  const r4 c0                        ; "fib"
#|    6  addimm r5 r0 -2                    ; n
#|    7  call r3 r4 s1                      ; fib/2
#|    8  add r1 r2 r3
#|    9  return r1
