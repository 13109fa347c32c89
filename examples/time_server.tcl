proc Server {channel clientaddr clientport} {
    puts "Connection from $clientaddr registered"
    puts $channel [clock format [clock seconds]]
    close $channel
}
socket -server Server 9900
vwait forever
