# The older rules, by the first requirement; the answers are those of 8.6.
package require Tcl 8.5
foreach e {{1 + ""} {"" + 1} {1 + "a"} {-"a"} {~1.5} {1.5 % 2} {1 << 1.5} {!"a"} {!""} {1.0 & 2} {+""}
    {1 + "08"} {1 + "0x"} {1 + "09x"} {"018" * 2} {"0o8" + 1} {"0b2" + 1} {1 + " "} {"a b" + 1} {NaN + 1}
    {1 + "-08"} {"8 " + "a "}} {
    puts "$e: [catch {expr $e} m] $m $errorCode"
}
