#! body x y
set a [expr {$x + $y*2 - 1}]
set b [expr {$x + [foo]}]
set c [expr {$x > 0 && !($y || $a) ? sqrt($x) : max($x, 1)}]
while {$x >= $y && $a ne "end"} {incr x -1}
expr {-5 + 2 * 3}

#| .context procedure
#| .registers 9
#| .local "x"
#| .local "y"
#| .local "a"
#| .local "b"
#| .local "c"
#| .const text "foo"
#| .const text "tcl::mathfunc::max"
#| .const text "end"
#| .call 1 "foo"
#| .call 3 "tcl::mathfunc::max"
#| .assumed "set"
#| .assumed "expr"
#| .assumed "tcl::mathfunc::sqrt"
#| .assumed "while"
#| .assumed "incr"
#| .command 0 4 source 0 28 line 1
#| .command 0 4 source 7 27 line 1 fused r2
#| .command 4 8 source 29 54 line 2
#| .command 4 8 source 36 53 line 2 fused r3
#| .command 5 7 source 48 51 line 2
#| .command 8 18 source 55 115 line 3
#| .command 8 18 source 62 114 line 3 fused r4
#| .command 18 23 source 116 159 line 4
#| .command 19 20 source 149 158 line 4
#| .command 23 24 source 160 177 line 5
#|    0  move r6 r0                         ; x
#|    1  mulimm r7 r1 2                     ; y
#|    2  add r6 r6 r7
#|    3  addimm r2 r6 -1                    ; a
#|    4  move r6 r0                         ; x
#|    5  const r8 c0                        ; "foo"
#|    6  call r7 r8 s0                      ; foo/1
#|    7  add r3 r6 r7                       ; b
#|    8  jumpnotgtimm r0 0 +4               ; x, @13
#|    9  jumptrue r1 @13                    ; y
#|   10  jumptrue r2 @13                    ; a
#|   11  mathcall 19 r4 r0                  ; sqrt, c, x
#|   12  jump @20
#|   13  const r6 c1                        ; "tcl::mathfunc::max"
#|   14  move r7 r0                         ; x
#|   15  int r8 1
#|   16  call r6 r6 s1                      ; tcl::mathfunc::max/3
#|   17  numeric r4 r6                      ; c
#|   18  jump @20
#|   19  incrlocal r0 -1 -                  ; x
#|   20  jumpnotge r0 r1 +2                 ; x, y, @23
#|   21  const r6 c2                        ; "end"
#|   22  jumpstrne r2 r6 -4                 ; a, @19
#|   23  int r5 1
#|   24  return r5
