interp create i
proc show {} {puts [interp eval i {set ::errorInfo}]; puts ---}
set b {
try {
  error body
} finally {
  set x 1
}}
set h {
try {
  error body
} on error {m} {
  set x 1
  error handler
}}
set f {
try {
  set x 1
} finally {
  set y 1
  error final
}}
set g {
try {
  error body
} finally {
  set y 1
  error final
}}
set hf {
try {
  error body
} on error {} {
  error handler
} finally {
  set y 1
  error final
}}
foreach s [list $b $h $f $g $hf] {
  catch {i eval $s}; show
  catch {i eval [list proc p {} $s]; i eval p}; show
  catch {i eval [list eval $s]}; show
  catch {i eval [list namespace eval q $s]}; show
}
