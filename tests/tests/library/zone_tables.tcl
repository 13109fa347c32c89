proc table {name content} {
    global here
    file mkdir [file dirname $here/$name]
    set file [open $here/$name w]
    puts $file "# a table\n$content"
    close $file
}
table Moon/Base {set TZData(:Moon/Base) {
    {-9223372036854775808 1234 0 LMT}
    {100000 3600 0 +0100}
    {200000 7200 1 +0200}
}}
table Moon/Camp {if {![info exists TZData(Moon/Base)]} {
    LoadTimeZoneFile Moon/Base
}
set TZData(:Moon/Camp) $TZData(:Moon/Base)}
catch {clock format 0 -timezone :No/Such}
set ::tcl::clock::DataDir $here
foreach zone {:Moon/Base :Moon/Camp Moon/Base} {
    foreach seconds {0 99999 100000 150000 200000 10000000000} {
        puts [clock format $seconds -timezone $zone -format {%Y-%m-%d %T %z %Z}]
    }
}
puts [clock scan {1970-01-03 12:00:00} -format {%Y-%m-%d %T} -timezone :Moon/Base]
puts [catch {clock format 0 -timezone :Moon/Dune} message]:$message
