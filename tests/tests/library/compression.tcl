foreach {make read} {compress decompress deflate inflate gzip gunzip} {
    puts [list [zlib $read [zlib $make abcdefghijklm]] [catch {zlib $read xyz} message] $message $errorCode]
    set one [zlib stream $make]
    set other [zlib stream $read]
    $one put abc
    $one put -finalize def
    $other put [$one get]
    puts [list [$other get] [$one checksum] [$other checksum] [$other eof]]
    $one close
    rename $other {}
    set f [zlib push $make [open x.$make wb]]
    puts -nonewline $f [string repeat "some text " 1000]
    close $f
    set f [zlib push $read [open x.$make rb]]
    puts [string length [read $f]]
    close $f
}
puts [zlib gunzip [zlib gzip abc -header {comment c filename f os 3 time 100 type text crc 1}] -headerVar header]
puts $header
puts [list [zlib crc32 abc] [zlib crc32 c [zlib crc32 ab]] [zlib adler32 abc]]
foreach words {
    {zlib foo} {zlib compress abc 10} {zlib compress abc x} {zlib compress \u20ac} {zlib decompress {}}
    {zlib decompress [zlib compress abc] 10} {zlib gzip abc -foo x} {zlib gzip abc -header {time x}}
    {zlib stream foo} {zlib stream compress -level 10} {zlib stream gunzip -header x}
    {zlib push foo stdout} {zlib push gzip foo} {zlib push gunzip stdout} {zlib push gzip stdin}
    {zlib push gzip stdout -level}
} {
    puts "[catch $words message]:$message $errorCode"
}
set one [zlib stream compress]
puts [catch {$one put -finalize -flush x} message]:$message
$one put -dictionary some -finalize "some text"
catch {zlib decompress [set stored [$one get]]} message
puts $message,$errorCode
set other [zlib stream decompress -dictionary some]
$other put $stored
puts [$other get]
set f [zlib push gzip [open x wb] -header {comment hi}]
puts -nonewline $f hello
close $f
set f [zlib push gunzip [open x rb]]
puts [list [read $f] [dict get [fconfigure $f -header] comment] [fconfigure $f -checksum]]
close $f
set f [zlib push compress [open x wb] -dictionary hello]
puts [list [dict get [fconfigure $f] -dictionary] [catch {fconfigure $f -header}]]
puts -nonewline $f hello
close $f
set f [zlib push decompress [open x rb]]
fconfigure $f -dictionary hello
puts [read $f]
close $f
puts [catch {zlib gzip x -header [list comment [string repeat A 500]]} message]:$message
