set arg c
foreach again {1 2} {
    catch {parray a b $arg}
    puts $errorInfo
}
rename parray {}
proc f {} {parray nosuch}
foreach again {1 2} {
    catch {f}
    puts $errorInfo
}
puts [catch {nosuch a b} message]:$message
puts $errorInfo
