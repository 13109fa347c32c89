//! Messages of the options, as the reference prints them.

use super::*;
use tclring_compiler::Mode;

fn run(subcommand: Subcommand, line: &str) -> String {
    let words: Vec<&[u8]> =
        line.split(' ').map(|word| if word == "{}" { b"".as_slice() } else { word.as_bytes() }).collect();
    let mut zones = Zones::new();
    let meaning = Words::parse(subcommand, &words, Mode::Tcl90)
        .and_then(|words| words.meaning(subcommand, 1_000_000_000, &mut zones, &NoZones, Mode::Tcl90));
    match meaning {
        Ok(meaning) => format!("{} {}", meaning.seconds, String::from_utf8_lossy(meaning.timezone)),
        Err(error) => {
            let code: Vec<_> = error.error_code.iter().map(|word| String::from_utf8_lossy(word)).collect();
            format!("{} | {}", String::from_utf8_lossy(&error.message), code.join(" "))
        }
    }
}

fn check(subcommand: Subcommand, cases: &[(&str, &str)]) {
    for (line, expected) in cases {
        assert_eq!(run(subcommand, line), *expected, "{subcommand:?} {line}");
    }
}

#[test]
fn format_options() {
    let usage = "wrong # args: should be \"clock format clockval|now ?-format string? ?-gmt boolean? ?-locale \
                 LOCALE? ?-timezone ZONE?\" | CLOCK wrongNumArgs";
    check(
        Subcommand::Format,
        &[
            ("0 -foo", usage),
            (
                "0 -foo 1",
                "bad option \"-foo\": must be -format, -gmt, -locale, or -timezone | CLOCK badOption -foo",
            ),
            (
                "0 -base 1",
                "bad option \"-base\": must be -format, -gmt, -locale, or -timezone | CLOCK badOption -base",
            ),
            ("0 - 1", "bad option \"-\": must be -format, -gmt, -locale, or -timezone | CLOCK badOption -"),
            ("0 -g 1", "0 :GMT"),
            ("0 -gmt 1 -gmt 0", "bad option \"-gmt\": doubly present | CLOCK badOption -gmt"),
            ("0 -timezone UTC -gmt 0", "cannot use -gmt and -timezone in same call | CLOCK gmtWithTimezone"),
            ("x -gmt y", "bad seconds \"x\": must be now or integer | CLOCK badOption x"),
            ("0 -gmt maybe", "expected boolean value but got \"maybe\" | TCL VALUE NUMBER"),
            ("x -timezone :foo", "time zone \":foo\" not found | CLOCK badTimeZone :foo"),
            ("{}", "bad seconds \"\": must be now or integer | CLOCK badOption "),
            ("now", "1000000000 "),
            ("-now", "1000000000 "),
            ("0x10", "16 "),
            ("67553994410557440", "67553994410557440 "),
            ("67553994410557441", "integer value too large to represent | CLOCK badOption 67553994410557441"),
        ],
    );
}

#[test]
fn scan_options() {
    let options = "must be -base, -format, -gmt, -locale, -timezone or -validate";
    check(
        Subcommand::Scan,
        &[
            ("x -base y -foo 1", &format!("bad option \"-foo\": {options} | CLOCK badOption -foo")),
            ("x -base y -timezone :foo", "time zone \":foo\" not found | CLOCK badTimeZone :foo"),
            ("5 -locale en -base y", "bad seconds \"y\": must be now or integer | CLOCK badOption y"),
            ("5 -locale en", "legacy [clock scan] does not support -locale | CLOCK flagWithLegacyFormat"),
            ("5 -base y -validate z", "expected boolean value but got \"z\" | TCL VALUE NUMBER"),
            ("5 -base now", "1000000000 "),
            ("5 -b 7 -v 0", "7 "),
        ],
    );
}

#[test]
fn add_options() {
    let options = "must be -gmt, -locale, or -timezone";
    let units = "must be years, months, week, weeks, days, weekdays, hours, minutes, or seconds";
    check(
        Subcommand::Add,
        &[
            ("0 x day", &format!("bad option \"x\": {options} | CLOCK badOption x")),
            ("0 1 foo", &format!("bad unit \"foo\": {units} | TCL LOOKUP INDEX unit foo")),
            ("0 1 w", &format!("ambiguous unit \"w\": {units} | TCL LOOKUP INDEX unit w")),
            ("0 1 {}", &format!("ambiguous unit \"\": {units} | TCL LOOKUP INDEX unit ")),
            ("0 1 week -2 d", "0 "),
            ("0 1 foo -timezone :foo", "time zone \":foo\" not found | CLOCK badTimeZone :foo"),
            ("x 1 foo", "bad seconds \"x\": must be now or integer | CLOCK badOption x"),
        ],
    );
}
