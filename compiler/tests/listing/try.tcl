#! body
try {
    foo
} on ok {r} {
    bar $r
} trap {A B} {m o} {
    list $m $o
} finally {
    baz
}

#| .context procedure
#| .registers 11
#| .local "r"
#| .local "m"
#| .local "o"
#| .const text "foo"
#| .const text "-code 0 -level 0"
#| .const text "bar"
#| .const text "-errorcode"
#| .const text "A B"
#| .const text "baz"
#| .call 1 "foo"
#| .call 2 "bar"
#| .call 1 "baz"
#| .assumed "try"
#| .assumed "list"
#| .command 0 39 source 0 96 line 1
#| .command 0 2 source 10 13 line 2
#| .command 7 10 source 32 38 line 4
#| .command 25 28 source 64 74 line 6
#| .command 31 33 source 91 94 line 8
#| .handler 0 2 catch 4 r4 1
#| .handler 6 10 catch 12 r4 1
#| .handler 23 28 catch 30 r4 1
#| .handler 31 33 catch 34 r7 1
#|    0  const r7 c0                        ; "foo"
#|    1  call r5 r7 s0                      ; foo/1
#|    2  int r4 0
#|    3  const r6 c1                        ; "-code 0 -level 0"
#|    4  jumpneimm r4 0 +9                  ; @14
#|    5  copy r7 r6
#|    6  move r0 r5                         ; r
#|    7  const r8 c2                        ; "bar"
#|    8  move r9 r0                         ; r
#|    9  call r5 r8 s1                      ; bar/2
#|   10  int r4 0
#|   11  const r6 c1                        ; "-code 0 -level 0"
#|   12  during r4 r7
#|   13  jump @31
#|   14  jumpneimm r4 1 +16                 ; @31
#|   15  const r8 c3                        ; "-errorcode"
#|   16  dictget 1 r7 r6 r8
#|   17  int r8 0
#|   18  int r9 1
#|   19  lrange r7 r7 r8
#|   20  const r8 c4                        ; "A B"
#|   21  jumpstrne r7 r8 +9                 ; @31
#|   22  copy r7 r6
#|   23  move r1 r5                         ; m
#|   24  move r2 r6                         ; o
#|   25  move r9 r1                         ; m
#|   26  move r10 r2                        ; o
#|   27  list r5 r9 2
#|   28  int r4 0
#|   29  const r6 c1                        ; "-code 0 -level 0"
#|   30  during r4 r7
#|   31  const r10 c5                       ; "baz"
#|   32  call r10 r10 s2                    ; baz/1
#|   33  jump @36
#|   34  during r7 r6
#|   35  rethrow r7
#|   36  jumpeqimm r4 0 +1                  ; @38
#|   37  rethrow r4
#|   38  return r5
