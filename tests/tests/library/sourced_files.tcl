# A file that a script sources is compiled as a whole: what errorInfo and errorLine tell of its compiled commands.
proc file_of {name text} {
    set file [open $name w]
    puts -nonewline $file $text
    close $file
}
proc show {name} {
    puts "$name: [catch {source $name} message] $message"
    puts $::errorInfo
}
file_of if "set x 1\nif 1 {\n\n    error foo\n}\n"
file_of while "set x 1\nwhile 1 {\n\n    error foo\n}\n"
file_of foreach "set x 1\nforeach x 1 {\n\n    error foo\n}\n"
file_of options "\nif {\[catch {error foo} message options\]} {\n    return -options \$options \$message\n}\n"
file_of return "\nif 1 {\n\n    return -code error -errorinfo info message\n}\n"
file_of bad "puts before\nset x \{a\n"
file_of break "break\n"
file_of nested "source if\n"
foreach name {if while foreach options return bad break nested} {show $name}
proc inside name {source $name}
foreach name {if while foreach options return break nested} {
    puts "$name: [catch {inside $name} message] $message"
    puts $errorInfo
}
file_of level "return -code break\n"
while 1 {source level; puts {not reached}}
file_of waits "yield 1\nyield 2\nset ::end 3\n"
coroutine waiting source waits
puts [waiting][waiting]$end
