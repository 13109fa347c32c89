#! body s
set n [string length $s]
set t [string index $s end]
if {[string equal $s abc] || ![string match a* $s]} {puts [string trim $s]}
string range $s 1 $n

#| .context procedure
#| .registers 8
#| .local "s"
#| .local "n"
#| .local "t"
#| .const text "end"
#| .const text "abc"
#| .const text "a*"
#| .const text "puts"
#| .const text "::tcl::string::trim"
#| .call 2 "puts"
#| .call 2 "::tcl::string::trim"
#| .assumed "set"
#| .assumed "string"
#| .assumed "::tcl::string::length"
#| .assumed "::tcl::string::index"
#| .assumed "if"
#| .assumed "::tcl::string::equal"
#| .assumed "::tcl::string::match"
#| .assumed "::tcl::string::trim"
#| .assumed "::tcl::string::range"
#| .command 0 1 source 0 24 line 1
#| .command 0 1 source 7 23 line 1 fused r1
#| .command 1 3 source 25 52 line 2
#| .command 1 3 source 32 51 line 2 fused r2
#| .command 3 16 source 53 128 line 3
#| .command 3 5 source 58 77 line 3
#| .command 6 8 source 84 102 line 3
#| .command 10 15 source 106 127 line 3
#| .command 11 14 source 112 126 line 3
#| .command 16 21 source 129 149 line 4
#|    0  strlen r1 r0                       ; n, s
#|    1  const r4 c0                        ; "end"
#|    2  strindex r2 r0 r4                  ; t, s
#|    3  const r5 c1                        ; "abc"
#|    4  streq r4 r0 r5                     ; s
#|    5  jumptrue r4 @10
#|    6  const r5 c2                        ; "a*"
#|    7  strmatch 0 r4 r5 r0                ; s
#|    8  not r4 r4
#|    9  jumpfalse r4 @16
#|   10  const r4 c3                        ; "puts"
#|   11  const r6 c4                        ; "::tcl::string::trim"
#|   12  move r7 r0                         ; s
#|   13  call r5 r6 s1                      ; ::tcl::string::trim/2
#|   14  call r4 r4 s0                      ; puts/2
#|   15  jump @16
#|   16  move r4 r0                         ; s
#|   17  int r5 1
#|   18  move r6 r1                         ; n
#|   19  strrange r3 r4 r5
#|   20  int r4 0
#|   21  return r3
