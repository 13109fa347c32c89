# Years that are added go on being counted in the era that they began in, until days are added.
foreach seconds {-62135596800 -62167219200 -63000000000} {
    foreach counts {
        {-13 years 1 years} {-1 years 1 days 1 years} {-40 years 480 months} {14 months -2 years} {1 days -1 years}
    } {
        puts [clock format [clock add $seconds {*}$counts -gmt 1] -gmt 1 -format {%Y-%m-%d %EE}]
    }
}
# A day of the year beside a day of a month is compared with the day that is given otherwise, or with that of the base.
foreach base {589032070 2217399711 0} {
    foreach {format text} {
        {%J %d %j %b} {2466252 07 098 Apr} {%s %d %j %b} {2217369600 07 098 Apr} {%d %j %b} {07 097 Apr}
        {%J %d %j %b %Y} {2466252 07 098 Apr 2040} {%d %j %b} {07 098 Apr}
    } {
        puts [catch {clock scan $text -format $format -gmt 1 -base $base} message]:$message
    }
}
