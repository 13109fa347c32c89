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
#| .command 4 7 source 29 54 line 2
#| .command 4 7 source 36 53 line 2 fused r3
#| .command 5 6 source 48 51 line 2
#| .command 7 17 source 55 115 line 3
#| .command 7 17 source 62 114 line 3 fused r4
#| .command 17 21 source 116 159 line 4
#| .command 18 19 source 149 158 line 4
#| .command 21 22 source 160 177 line 5
#|    0  move r6 r0                         ; x
#|    1  mulimm r7 r1 2                     ; y
#|    2  add r6 r6 r7
#|    3  addimm r2 r6 -1                    ; a
#|    4  move r6 r0                         ; x
#|    5  call r7 r7 s0                      ; foo/1
#|    6  add r3 r6 r7                       ; b
#|    7  jumpnotgtimm r0 0 +5               ; x, @13
#|    8  jumptrue r1 @13                    ; y
#|    9  jumptrue r2 @13                    ; a
#|   10  mathcall 19 r6 r0                  ; sqrt, x
#|   11  numeric r4 r6                      ; c
#|   12  jump @19
#|   13  move r7 r0                         ; x
#|   14  int r8 1
#|   15  call r6 r6 s1                      ; tcl::mathfunc::max/3
#|   16  numeric r4 r6                      ; c
#|   17  jump @19
#|   18  incrlocal r0 -1 -                  ; x
#|   19  jumpnotge r0 r1 +1                 ; x, y, @21
#|   20  jumpstrneconst r2 c0 -3            ; a, "end", @18
#|   21  int r5 1
#|   22  return r5
