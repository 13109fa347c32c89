proc n args {}
foreach body {
 {set z [catch [list foreach v {a} {error x}] m o]}
 {catch [list foreach v {a} {error x}] m o}
 {catch [list error x] m o}
 {set y x;catch [list error $y] m o}
 {set y x;n [catch [list error $y] m o]}
 {set y x;n [catch [list foreach v $y {error x}] m o]}
 {n [catch [list error x] m o]}
 {n [catch {error x} m o]}
 {n [catch "error x" m o]}
 {set y x;n [catch "error $y" m o]}
 {set y "error x";n [catch $y m o]}
 {set y "error x";catch $y m o}
 {set y "error x";try $y on error {m o} {}}
 {set y "error x";try [list error x] on error {m o} {}}
} {
  puts "== $body"
  proc main {} "rename lset lsett; rename lsett lset; $body; puts \[dict get \$o -errorinfo\]"
  main
  proc main {} "$body; puts \[dict get \$o -errorinfo\]"
  main
}
foreach body {
 {catch [list error x] m o}
 {set y x;catch [list error $y] m o}
 {set y x;catch [list foreach v $y {error x}] m o}
} {
  puts "== $body"
  rename lset lsett; rename lsett lset; eval "$body; puts \[dict get \$o -errorinfo\]"
  eval "rename lset lsett; rename lsett lset; $body; puts \[dict get \$o -errorinfo\]"
}
