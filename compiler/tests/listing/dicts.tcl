#! body d k
dict set d a $k 1
dict incr d n
set v [dict get $d a $k]
set e [dict exists $d [foo]]
dict for {a b} $d {puts $a; if {$b} break}
dict lappend d l $v
dict keys $d

#| .context procedure
#| .registers 12
#| .local "d"
#| .local "k"
#| .local "v"
#| .local "e"
#| .local "a"
#| .local "b"
#| .const text "a"
#| .const text "n"
#| .const text "l"
#| .call 1 "foo"
#| .call 2 "puts"
#| .call 2 "::tcl::dict::keys"
#| .assumed "dict"
#| .assumed "::tcl::dict::set"
#| .assumed "::tcl::dict::incr"
#| .assumed "set"
#| .assumed "::tcl::dict::get"
#| .assumed "::tcl::dict::exists"
#| .assumed "::tcl::dict::for"
#| .assumed "if"
#| .assumed "break"
#| .assumed "::tcl::dict::lappend"
#| .assumed "::tcl::dict::keys"
#| .command 0 4 source 0 17 line 1
#| .command 4 7 source 18 31 line 2
#| .command 7 12 source 32 56 line 3
#| .command 7 12 source 39 55 line 3 fused r2
#| .command 12 16 source 57 85 line 4
#| .command 12 16 source 64 84 line 4 fused r3
#| .command 13 14 source 80 83 line 4
#| .command 16 24 source 86 128 line 5
#| .command 20 22 source 105 112 line 5
#| .command 22 23 source 114 127 line 5
#| .command 23 23 source 122 127 line 5
#| .command 24 27 source 129 148 line 6
#| .command 27 29 source 149 161 line 7
#| .handler 20 23 loop 23 17
#|    0  const r7 c0                        ; "a"
#|    1  move r8 r1                         ; k
#|    2  int r9 1
#|    3  dictset 0 r0 r7 2                  ; d
#|    4  const r7 c1                        ; "n"
#|    5  int r8 1
#|    6  dictincr 0 r0 r7                   ; d
#|    7  move r7 r0                         ; d
#|    8  const r8 c0                        ; "a"
#|    9  move r9 r1                         ; k
#|   10  dictget 2 r2 r7 r8                 ; v
#|   11  int r7 0
#|   12  move r7 r0                         ; d
#|   13  call r8 r8 s0                      ; foo/1
#|   14  dictexists 1 r3 r7 r8              ; e
#|   15  int r7 0
#|   16  dictstart r7 r0                    ; d
#|   17  dictnext r7 +5                     ; @23
#|   18  move r4 r8                         ; a
#|   19  move r5 r9                         ; b
#|   20  move r11 r4                        ; a
#|   21  call r11 r10 s1                    ; puts/2
#|   22  jumpfalse r5 @17                   ; b
#|   23  int r7 0
#|   24  const r7 c2                        ; "l"
#|   25  move r8 r2                         ; v
#|   26  dictlappend 0 r0 r7                ; d
#|   27  move r7 r0                         ; d
#|   28  call r6 r6 s2                      ; ::tcl::dict::keys/2
#|   29  return r6
