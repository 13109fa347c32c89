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
#| .const text "foo"
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
#| .command 2 7 source 41 64 line 3
#| .command 2 7 source 48 63 line 3 fused r4
#| .command 3 5 source 59 62 line 3
#| .command 7 12 source 65 87 line 4
#| .command 7 12 source 72 86 line 4 fused r5
#| .command 12 17 source 88 102 line 5
#| .command 17 25 source 103 126 line 6
#| .command 17 25 source 110 125 line 6 fused r8
#| .command 25 29 source 127 142 line 7
#| .command 29 31 source 143 155 line 8
#| .command 31 35 source 156 170 line 9
#| .command 35 44 source 171 204 line 10
#| .command 35 41 source 179 195 line 10
#|    0  lindeximm r2 r0 0                  ; a, l
#|    1  lindex r3 r0 r1                    ; b, l, i
#|    2  move r10 r0                        ; l
#|    3  const r12 c0                       ; "foo"
#|    4  call r11 r12 s0                    ; foo/1
#|    5  lindex r4 r10 r11                  ; c
#|    6  int r10 0
#|    7  move r10 r0                        ; l
#|    8  int r11 1
#|    9  move r12 r1                        ; i
#|   10  lindexmany 2 r5 r10 r11            ; e
#|   11  int r10 0
#|   12  move r10 r0                        ; l
#|   13  checklist r10
#|   14  listelement r6 r10 0               ; p
#|   15  listelement r7 r10 1               ; q
#|   16  int r10 0
#|   17  move r11 r0                        ; l
#|   18  int r12 1
#|   19  checklist r11
#|   20  listelement r13 r11 0
#|   21  storevar r13 r2 r12                ; a
#|   22  listrest r10 r11 1
#|   23  int r11 0
#|   24  move r8 r10                        ; r
#|   25  move r11 r2                        ; a
#|   26  move r12 r3                        ; b
#|   27  list r10 r11 2
#|   28  lappendlist 0 r0 - r10             ; l
#|   29  move r10 r4                        ; c
#|   30  lappend 0 r0 - r10                 ; l
#|   31  move r10 r1                        ; i
#|   32  int r11 0
#|   33  move r12 r2                        ; a
#|   34  lset 0 r0 r10 2                    ; l
#|   35  move r12 r2                        ; a
#|   36  move r13 r3                        ; b
#|   37  list r11 r12 2
#|   38  move r12 r0                        ; l
#|   39  listsplice r11 r12
#|   40  move r10 r11
#|   41  int r11 1
#|   42  const r12 c1                       ; "end-1"
#|   43  lrange r9 r10 r11
#|   44  return r9
