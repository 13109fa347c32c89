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
#| .registers 12
#| .local "r"
#| .local "m"
#| .local "o"
#| .const text "-errorcode"
#| .const text "A B"
#| .call 1 "foo"
#| .call 2 "bar"
#| .call 1 "baz"
#| .assumed "try"
#| .assumed "list"
#| .command 0 36 source 0 96 line 1
#| .command 0 1 source 10 13 line 2
#| .command 6 8 source 32 38 line 4
#| .command 22 25 source 64 74 line 6
#| .command 28 29 source 91 94 line 8
#| .handler 0 1 catch 3 r4 1
#| .handler 5 8 catch 10 r4 1
#| .handler 20 25 catch 27 r4 1
#| .handler 28 29 catch 30 r7 1
#|    0  call r5 r7 s0                      ; foo/1
#|    1  int r4 0
#|    2  options r6
#|    3  jumpneimm r4 0 +8                  ; @12
#|    4  copy r7 r6
#|    5  move r0 r5                         ; r
#|    6  move r9 r0                         ; r
#|    7  call r5 r8 s1                      ; bar/2
#|    8  int r4 0
#|    9  options r6
#|   10  during r4 r7
#|   11  jump @28
#|   12  jumpneimm r4 1 +15                 ; @28
#|   13  const r8 c0                        ; "-errorcode"
#|   14  dictget 1 r7 r6 r8
#|   15  int r8 0
#|   16  int r9 1
#|   17  lrange r7 r7 r8
#|   18  jumpstrneconst r7 c1 +9            ; "A B", @28
#|   19  copy r7 r6
#|   20  move r1 r5                         ; m
#|   21  move r2 r6                         ; o
#|   22  move r9 r1                         ; m
#|   23  move r10 r2                        ; o
#|   24  list r5 r9 2
#|   25  int r4 0
#|   26  options r6
#|   27  during r4 r7
#|   28  call r11 r10 s2                    ; baz/1
#|   29  jump @32
#|   30  during r7 r6
#|   31  rethrow r7
#|   32  jumpeqimm r4 0 +1                  ; @34
#|   33  rethrow r4
#|   34  keepoptions r6
#|   35  return r5
