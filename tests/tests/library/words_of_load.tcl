foreach words {
    {load} {load a b c d} {load a b foobar} {load -global {}} {load {} Unknown} {load -abc foo}
    {load -global} {load /nosuch/x.so} {load /nosuch/1.so} {unload {} Unknown} {unload -nocomplain foo}
    {unload -nocomplain} {unload /nosuch/x.so}
} {
    puts [catch $words message]:$message
}
