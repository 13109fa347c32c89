#! sourced
set x [expr {$y + 1}]
puts "a $x"
while {$x} {
  puts $x
}
set z [if 1 {foo}]

#| .context sourced
#| .registers 3
#| .variable "x"
#| .variable "y"
#| .assumed "set"
#| .assumed "expr"
#| .command 0 4 source 0 21 line 1
#| .command 0 2 source 7 20 line 1
#|    0  loadvar r2 v1 -                    ; y
#|    1  addimm r1 r2 1
#|    2  storevar r1 v0 -                   ; x
#|    3  loadraw r0 v0 -                    ; x
#|    4  return r0
#| .context sourced
#| .registers 4
#| .const text "a "
#| .variable "x"
#| .call 2 "puts"
#| .command 0 4 source 0 11 line 1
#|    0  const r2 c0                        ; "a "
#|    1  loadvar r3 v0 -                    ; x
#|    2  concat r1 r2 2
#|    3  call r0 r0 s0                      ; puts/2
#|    4  return r0
#| .context sourced
#| .registers 3
#| .const text "$x" at 7 9
#| .const text "\n  puts $x\n" at 12 23
#| .call 3 "while"
#| .command 0 3 source 0 24 line 1
#|    0  const r1 c0                        ; "$x"
#|    1  const r2 c1                        ; "\n  puts $x\n"
#|    2  call r0 r0 s0                      ; while/3
#|    3  return r0
#| .context sourced
#| .registers 4
#| .const text "foo" at 13 16
#| .variable "z"
#| .call 3 "if"
#| .assumed "set"
#| .command 0 5 source 0 18 line 1
#| .command 0 3 source 7 17 line 1
#|    0  int r2 1
#|    1  const r3 c0                        ; "foo"
#|    2  call r1 r1 s0                      ; if/3
#|    3  storevar r1 v0 -                   ; z
#|    4  loadraw r0 v0 -                    ; z
#|    5  return r0
