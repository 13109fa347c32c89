# The line of an error that no command tells of is the last one that was known: the library that the clock asks for time
# zones and the texts of locales leaves the first line behind.
proc try1 {before body} {
    interp create i
    i eval $before
    i eval [list proc main {} "\n\n\ncatch {\n\nerror x}\n apply {{} {$body;break}}"]; catch {i eval main} m o
    interp delete i
    regexp {line \d+} [dict get $o -errorinfo] l
    puts [list $l $before $body]
}
foreach {p b} {
   {clock format 0 -gmt 1} {clock format 0 -gmt 1}
   {clock format 0 -gmt 1} {clock format 0 -timezone UTC}
   {clock format 0 -gmt 1} {clock format 0 -timezone -05:30}
   {clock format 0 -gmt 1} {clock format 0 -timezone :Europe/Paris}
   {clock format 0 -gmt 1} {clock format 0}
   {clock format 0 -gmt 1} {clock format 0 -locale de -gmt 1}
   {clock format 0 -gmt 1} {clock format 0 -locale de -gmt 1 -format %d}
   {clock format 0 -gmt 1 -locale de} {clock format 0 -locale de -gmt 1 -format %d}
   {clock format 0 -gmt 1} {clock format 0 -format %H -gmt 1}
   {clock format 0 -gmt 1} {clock format 0 -format %h -gmt 1}
   {clock format 0 -gmt 1} {clock scan 2020-01-01 -gmt 1}
   {clock format 0 -gmt 1} {clock scan 2020-01-01 -gmt 1 -format %Y-%m-%d}
   {clock format 0 -gmt 1} {clock add 0 1 day -gmt 1}
   {clock format 0 -gmt 1} {clock add 0 1 day -timezone :America/New_York}
   {clock format 0 -timezone :Europe/Paris} {clock add 0 1 day -timezone :America/New_York}
   {clock format 0 -timezone :Europe/Paris} {clock format 0 -timezone :Europe/Paris}
   {clock format 0 -timezone :Europe/Paris} {catch {clock format 0 -timezone :Europe/Paris -format}}
   {clock add 0 1 day -gmt 1} {clock format 0 -gmt 1}
   {clock add 0 1 day -gmt 1} {clock format 0 -gmt 1 -format %Y}
   {clock add 0 1 day -gmt 1} {clock format 0 -gmt 1 -format %h}
   {clock add 0 1 day -gmt 1} {clock format 0 -gmt 1 -format %c}
   {clock add 0 1 day -gmt 1} {clock scan 2020-01-01 -gmt 1}
   {clock scan 2020-01-01 -gmt 1} {clock add 0 1 day -gmt 1}
   {clock scan 2020-01-01 -gmt 1} {clock format 0 -gmt 1 -format %H}
   {clock scan 2020-01-01 -gmt 1} {clock format 0 -gmt 1 -format %a}
   {} {clock add 0 1 day -timezone -05:00}
   {clock format 0 -gmt 1} {clock add 0 1 day -timezone -05:00}
   {} {catch {clock format 0 -bogus}}
   {} {catch {clock add 0}}
   {} {catch {clock add 0 1}}
   {} {clock add 0}
   {} {catch {clock format x}}
   {} {catch {clock scan x -format %Y}}
   {} {catch {clock scan x -format %Y -gmt 1}}
   {} {catch {clock scan x -bogus 1}}
   {} {clock clicks}
  {clock format 0 -timezone :Europe/Paris} {clock format 0 -gmt 1}
  {clock format 0 -timezone :Europe/Paris} {clock format 0 -timezone Europe/Paris}
  {clock format 0 -timezone :Europe/Paris} {clock add 0 1 day -timezone Europe/Paris}
  {clock format 0 -timezone :Europe/Paris} {clock add 0 1 day}
  {clock format 0} {clock add 0 1 day -gmt 1}
  {clock format 0} {clock add 0 1 day -timezone +0100}
  {clock format 0} {clock add 0 1 day -timezone EST5EDT}
  {clock format 0} {clock add 0 1 day -timezone GMT}
  {clock format 0} {clock add 0 1 day -timezone Z}
  {clock format 0} {clock scan {12:00 EST}}
  {clock format 0} {clock scan {12:00 +0100} -format {%H:%M %z}}
  {clock format 0} {clock scan {12:00 CET} -format {%H:%M %z}}
  {clock format 0} {catch {clock add 0 1 day -timezone :Bogus}}
  {clock add 0 1 day} {clock scan {Jan 1 2020} -format {%b %d %Y}}
  {clock add 0 1 day} {clock scan {1 2020} -format {%d %Y}}
  {clock add 0 1 day} {clock scan {1 2020} -locale en}
  {clock add 0 1 day} {clock add 0 1 day -locale en}
  {clock add 0 1 day} {clock add 0 1 day -locale de}
  {clock add 0 1 day} {clock scan {1 2020} -format {%d %Y} -locale de}
  {clock add 0 1 day} {clock scan 0 -format %s}
} {try1 $p $b}
