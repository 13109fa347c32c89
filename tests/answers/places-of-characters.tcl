# The error code has the place in bytes of the reference's own form, in which NUL takes two.
foreach text [list \u3042 a\u3042 a\x00\u3042 \x00\x00\u3042] {
    foreach encoding {ascii iso8859-1 cp1252} {
        puts "[catch {encoding convertto $encoding $text} message] $message $errorCode"
        puts "[encoding convertto -failindex place $encoding $text] $place"
    }
}
