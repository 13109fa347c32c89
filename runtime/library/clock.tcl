# What scripts see of the inside of `clock`, and the texts of locales, which
# come from the message catalogues that belong to the namespace ::tcl::clock.
# The native commands ask for them; what they compute from the answers they keep.

namespace eval ::tcl::clock {}

# The name of the locale that `current` and `system` stand for.
proc ::tcl::clock::GetSystemLocale {} {
    if {[catch {package require msgcat}]} {
        return {}
    }
    return [::msgcat::mclocale]
}

# The name of the time zone that is used when none is given.
proc ::tcl::clock::GetSystemTimeZone {} {
    foreach name {TCL_TZ TZ} {
        if {[info exists ::env($name)]} {
            return $::env($name)
        }
    }
    return :Tcl/Localtime
}

# Whether there is a registry that tells of locales and time zones.
proc ::tcl::clock::_hasRegistry {} {
    return 0
}

# Whether a time zone is known; its name if so.
proc ::tcl::clock::SetupTimeZone {timezone} {
    format 0 -timezone $timezone
    return $timezone
}

# The texts of a locale as a dictionary, without those that are the root
# locale's. The current locale and the variables about errors stay as they are.
proc ::tcl::clock::mcget {locale} {
    variable LibDir
    variable catalogues
    foreach name {::errorInfo ::errorCode} {
        if {[info exists $name]} {
            dict set kept $name [set $name]
        }
    }
    set texts {}
    catch {
        package require msgcat
        if {![info exists catalogues]} {
            set catalogues [file join $LibDir msgs]
            ::msgcat::mcpackageconfig set mcfolder $catalogues
        }
        set previous [::msgcat::mcpackagelocale get]
        ::msgcat::mcpackagelocale set $locale
        foreach key {
            AM BCE CE DATE_FORMAT DATE_TIME_FORMAT DAYS_OF_WEEK_ABBREV DAYS_OF_WEEK_FULL LOCALE_DATE_FORMAT
            LOCALE_DATE_TIME_FORMAT LOCALE_ERAS LOCALE_NUMERALS LOCALE_TIME_FORMAT LOCALE_YEAR_FORMAT MONTHS_ABBREV
            MONTHS_FULL PM TIME_FORMAT TIME_FORMAT_12 TIME_FORMAT_24 TIME_FORMAT_24_SECS
        } {
            if {[::msgcat::mcexists -exactnamespace $key]} {
                dict set texts $key [::msgcat::mc $key]
            }
        }
        ::msgcat::mcpackagelocale set $previous
    }
    if {[info exists kept]} {
        dict for {name value} $kept {
            set $name $value
        }
    }
    return $texts
}
