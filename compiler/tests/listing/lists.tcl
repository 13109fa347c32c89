#! body l i
set a [lindex $l 0]
set b [lindex $l $i]
set c [lindex $l [foo]]
set e [lindex $l 1 $i]
lassign $l p q
set r [lassign $l a(1)]
lappend l $a $b
lappend l $c
lset l $i 0 $a
lrange [list $a $b {*}$l] 1 end-1

#| .context procedure
#| .registers 14
#| .local "l"
#| .local "i"
#| .local "a"
#| .local "b"
#| .local "c"
#| .local "e"
#| .local "p"
#| .local "q"
#| .local "r"
#| .const text "end-1"
#| .call 1 "foo"
#| .assumed "set"
#| .assumed "lindex"
#| .assumed "lassign"
#| .assumed "lappend"
#| .assumed "lset"
#| .assumed "lrange"
#| .assumed "list"
#| .command 0 1 source 0 19 line 1
#| .command 0 1 source 7 18 line 1 fused r2
#| .command 1 2 source 20 40 line 2
#| .command 1 2 source 27 39 line 2 fused r3
#| .command 2 6 source 41 64 line 3
#| .command 2 6 source 48 63 line 3 fused r4
#| .command 3 4 source 59 62 line 3
#| .command 6 11 source 65 87 line 4
#| .command 6 11 source 72 86 line 4 fused r5
#| .command 11 16 source 88 102 line 5
#| .command 16 24 source 103 126 line 6
#| .command 16 24 source 110 125 line 6 fused r8
#| .command 24 28 source 127 142 line 7
#| .command 28 30 source 143 155 line 8
#| .command 30 34 source 156 170 line 9
#| .command 34 43 source 171 204 line 10
#| .command 34 40 source 179 195 line 10
#|    0  lindeximm r2 r0 0                  ; a, l
#|    1  lindex r3 r0 r1                    ; b, l, i
#|    2  move r10 r0                        ; l
#|    3  call r11 r11 s0                    ; foo/1
#|    4  lindex r4 r10 r11                  ; c
#|    5  int r10 0
#|    6  move r10 r0                        ; l
#|    7  int r11 1
#|    8  move r12 r1                        ; i
#|    9  lindexmany 2 r5 r10 r11            ; e
#|   10  int r10 0
#|   11  move r10 r0                        ; l
#|   12  checklist r10
#|   13  listelement r6 r10 0               ; p
#|   14  listelement r7 r10 1               ; q
#|   15  int r10 0
#|   16  move r11 r0                        ; l
#|   17  int r13 1
#|   18  checklist r11
#|   19  listelement r12 r11 0
#|   20  storevar r12 r2 r13                ; a
#|   21  listrest r10 r11 1
#|   22  int r11 0
#|   23  move r8 r10                        ; r
#|   24  move r11 r2                        ; a
#|   25  move r12 r3                        ; b
#|   26  list r10 r11 2
#|   27  lappendlist 0 r0 - r10             ; l
#|   28  move r10 r4                        ; c
#|   29  lappend 0 r0 - r10                 ; l
#|   30  move r10 r1                        ; i
#|   31  int r11 0
#|   32  move r12 r2                        ; a
#|   33  lset 0 r0 r10 2                    ; l
#|   34  move r12 r2                        ; a
#|   35  move r13 r3                        ; b
#|   36  list r11 r12 2
#|   37  move r12 r0                        ; l
#|   38  listsplice r11 r12
#|   39  move r10 r11
#|   40  int r11 1
#|   41  const r12 c0                       ; "end-1"
#|   42  lrange r9 r10 r11
#|   43  return r9
