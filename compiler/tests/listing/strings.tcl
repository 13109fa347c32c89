#! body s
set n [string length $s]
set t [string index $s end]
if {[string equal $s abc] || ![string match a* $s]} {puts [string trim $s]}
string range $s 1 $n

#| .context procedure
#| .registers 7
#| .local "s"
#| .local "n"
#| .local "t"
#| .const text "end"
#| .const text "abc"
#| .const text "a*"
#| .call 2 "puts"
#| .call 2 flat "::tcl::string::trim"
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
#| .command 3 10 source 53 128 line 3
#| .command 3 4 source 58 77 line 3
#| .command 4 6 source 84 102 line 3
#| .command 7 10 source 106 127 line 3
#| .command 7 9 source 112 126 line 3
#| .command 10 15 source 129 149 line 4
#|    0  strlen r1 r0                       ; n, s
#|    1  const r4 c0                        ; "end"
#|    2  strindex r2 r0 r4                  ; t, s
#|    3  jumpstreqconst r0 c1 +3            ; s, "abc", @7
#|    4  const r5 c2                        ; "a*"
#|    5  strmatch 0 r4 r5 r0                ; s
#|    6  jumptrue r4 @10
#|    7  move r6 r0                         ; s
#|    8  call r5 r5 s1                      ; ::tcl::string::trim/2
#|    9  call r5 r4 s0                      ; puts/2
#|   10  move r4 r0                         ; s
#|   11  int r5 1
#|   12  move r6 r1                         ; n
#|   13  strrange r3 r4 r5
#|   14  int r4 0
#|   15  return r3
