#! body d
dict update d a x b y {incr x}
dict with d k {foo $a}

#| .context procedure
#| .registers 13
#| .local "d"
#| .local "x"
#| .local "y"
#| .local "a"
#| .const text "a"
#| .const text "b"
#| .const text "k"
#| .call 2 "foo"
#| .assumed "dict"
#| .assumed "::tcl::dict::update"
#| .assumed "incr"
#| .assumed "::tcl::dict::with"
#| .command 0 17 source 0 30 line 1
#| .command 7 8 source 23 29 line 1
#| .command 17 29 source 31 53 line 2
#| .command 19 21 source 46 52 line 2
#| .handler 7 8 catch 10 r10 1
#| .handler 19 21 catch 23 r8 1
#|    0  const r6 c0                        ; "a"
#|    1  const r8 c1                        ; "b"
#|    2  move r5 r0                         ; d
#|    3  checkdict r5
#|    4  dictbind r1 r5 r6                  ; x
#|    5  dictbind r2 r5 r8                  ; y
#|    6  int r5 0
#|    7  incrlocal r1 1 r11                 ; x
#|    8  int r10 0
#|    9  options r12
#|   10  dictheld r5 r0                     ; d
#|   11  jumpeqimm r5 0 +3                  ; @15
#|   12  loadifset r7 r1                    ; x
#|   13  loadifset r9 r2                    ; y
#|   14  dictmerge r0 r6 2                  ; d
#|   15  jumpeqimm r10 0 +1                 ; @17
#|   16  rethrow r10
#|   17  const r7 c2                        ; "k"
#|   18  dictexpand 1 r6 r0 r7              ; d
#|   19  move r12 r3                        ; a
#|   20  call r9 r11 s0                     ; foo/2
#|   21  int r8 0
#|   22  options r10
#|   23  dictheld r5 r0                     ; d
#|   24  jumpeqimm r5 0 +1                  ; @26
#|   25  dictcollect 1 r0 r6 r7             ; d
#|   26  jumpeqimm r8 0 +1                  ; @28
#|   27  rethrow r8
#|   28  return r9
