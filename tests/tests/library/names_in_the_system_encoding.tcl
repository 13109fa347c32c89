fconfigure stdout -encoding utf-8
encoding system iso8859-1
foreach words {
    {open € w} {file exists €} {file mkdir €} {file delete €} {cd €} {source €} {exec echo €} {set env(X) €} {glob €}
} {
    puts [catch $words message]:$message
}
close [open é w]
puts [glob *]
encoding system utf-8
puts [catch {glob *} message]:$message
