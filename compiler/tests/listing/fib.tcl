#! body n
if {$n < 2} {return $n}
expr {[fib [expr {$n-1}]] + [fib [expr {$n-2}]]}

#| .context procedure
#| .registers 5
#| .local "n"
#| .call 2 "fib"
#| .call 2 "fib"
#| .assumed "if"
#| .assumed "return"
#| .assumed "expr"
#| .command 0 2 source 0 23 line 1
#| .command 1 2 source 13 22 line 1
#| .command 2 7 source 24 72 line 2
#| .command 2 4 source 31 48 line 2
#| .command 2 3 source 36 47 line 2
#| .command 4 6 source 53 70 line 2
#| .command 4 5 source 58 69 line 2
#|    0  jumpnotltimm r0 2 +1               ; n, @2
#|    1  return r0                          ; n
#|    2  addimm r3 r0 -1                    ; n
#|    3  call r2 r2 s0                      ; fib/2
#|    4  addimm r4 r0 -2                    ; n
#|    5  call r3 r3 s1                      ; fib/2
#|    6  add r1 r2 r3
#|    7  return r1
