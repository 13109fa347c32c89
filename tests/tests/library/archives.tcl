file mkdir in/deep
writeFile in/top "one\n"
writeFile in/deep/two [string repeat "two two\n" 100]
zipfs mkzip a.zip in in
puts [zipfs mount a.zip /m/n]
puts [lsort [zipfs list]]
puts [lsort [zipfs find //zipfs:/]]
foreach path {/ /m /m/n /m/n/top /m/n/deep /m/n/none} {
    set path //zipfs:$path
    puts [list [file exists $path] [file isdirectory $path] [file isfile $path] [file writable $path] [zipfs exists $path]]
}
puts [lrange [zipfs info //zipfs:/m/n/deep/two] 1 1]
puts [lsort [glob //zipfs:/m/*/*]]
puts [glob -directory //zipfs:/m/n -types d -tails *]
puts [readFile //zipfs:/m/n/top]
set here [pwd]
cd //zipfs:/m/n/deep
puts [list [pwd] [file normalize ../x] [glob *] [string length [readFile two]]]
cd $here
set f [open //zipfs:/m/n/top r+]
gets $f
puts -nonewline $f "more\n"
seek $f 0
puts [read $f]
puts [catch {zipfs unmount m/n} message]:$message
close $f
puts [file size //zipfs:/m/n/top]
foreach words {
    {open //zipfs:/m/n/none} {open //zipfs:/m/n/none w} {open //zipfs:/m/n/deep w} {file delete //zipfs:/m/n/top}
    {file mkdir //zipfs:/m/n/new} {file mtime //zipfs:/m/n/top 1} {file link //zipfs:/m/n/top}
    {file copy in/top //zipfs:/m/n/new} {cd //zipfs:/m/n/top} {zipfs mount a.zip //host/x}
    {zipfs info nothing} {zipfs lmkzip b.zip {a b c}} {zipfs lmkzip b.zip {}} {file attributes //zipfs:/m/n/top -crc 1}
    {zipfs mountdata x x} {zipfs mountdata [string repeat x 100] x}
} {
    puts "[catch $words message]:$message $errorCode"
}
file copy //zipfs:/m/n out
puts [list [readFile out/top] [string length [readFile out/deep/two]]]
puts [zipfs unmount m/n],[zipfs mount],[file exists //zipfs:/m]
zipfs lmkzip secret.zip {in/top one in/deep/two two} password
zipfs mount secret.zip s
puts [catch {open //zipfs:/s/two} message]:$message
zipfs unmount s
zipfs mount secret.zip s password
puts [string length [readFile //zipfs:/s/two]]
zipfs unmount s
zipfs lmkimg image {in/top one} {} in/top
zipfs mount image i
puts [list [readFile //zipfs:/i/one] [lindex [zipfs info //zipfs:/i] 3]]
puts [list [zipfs canonical a] [zipfs canonical x ../y] [zipfs canonical //zipfs:/a/../b] [zipfs root]]
