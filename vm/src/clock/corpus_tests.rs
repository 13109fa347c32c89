//! Random dates, formats, zones and amounts with the answers of the reference.
//!
//! Each line of `testdata/corpus.tsv` has the operation, the time zone, the
//! locale, the format or amounts, the input, the base, whether to validate, and
//! what the reference printed. `\n`, `\t` and `\\` stand for themselves escaped.

use super::*;
use std::cell::RefCell;

const CORPUS: &str = include_str!("testdata/corpus.tsv");

const ZONES: &[(&[u8], &[u8])] = &[
    (b"America/New_York", include_bytes!("testdata/zoneinfo/America/New_York")),
    (b"Asia/Kolkata", include_bytes!("testdata/zoneinfo/Asia/Kolkata")),
    (b"Australia/Lord_Howe", include_bytes!("testdata/zoneinfo/Australia/Lord_Howe")),
    (b"Europe/Berlin", include_bytes!("testdata/zoneinfo/Europe/Berlin")),
    (b"Pacific/Apia", include_bytes!("testdata/zoneinfo/Pacific/Apia")),
];

struct TestZones;

impl ZoneSource for TestZones {
    fn zone(&self, name: &[u8]) -> Option<Vec<u8>> {
        ZONES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| bytes.to_vec())
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'\\' => match bytes.next() {
                Some(b'n') => b'\n',
                Some(b't') => b'\t',
                other => other.unwrap_or(b'\\'),
            },
            byte => byte,
        });
    }
    out
}

fn roman(number: usize) -> Vec<u8> {
    const TENS: [&str; 10] = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"];
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    match number {
        0 => b"?".to_vec(),
        100 => b"c".to_vec(),
        _ => [TENS[number / 10], ONES[number % 10]].concat().into_bytes(),
    }
}

/// A locale with Roman numerals, whose eras are centuries of 36525 days.
fn roman_locale() -> Locale {
    const HUNDREDS: [&str; 10] = ["", "c", "cc", "ccc", "cd", "d", "dc", "dcc", "dccc", "cm"];
    const CENTURY_SECONDS: i64 = 36_525 * 86_400;
    const YEAR_ZERO: i64 = 946_684_800 - 20 * CENTURY_SECONDS;
    let mut locale = Locale::default();
    let texts = [
        ("DATE_FORMAT", "%d.%m.%Y"),
        ("TIME_FORMAT", "%H.%M.%S"),
        ("DATE_TIME_FORMAT", "%x, %X"),
        ("LOCALE_DATE_FORMAT", "%Od of %Om in %EY"),
        ("LOCALE_TIME_FORMAT", "%OH and %OM and %OS"),
        ("LOCALE_DATE_TIME_FORMAT", "%EX on %Ex"),
        ("BCE", "Before"),
        ("CE", "After"),
    ];
    for (key, text) in texts {
        locale.set(key.as_bytes(), Entry::Text(text.as_bytes().to_vec()));
    }
    locale.set(b"LOCALE_NUMERALS", Entry::Words((0..=100).map(roman).collect()));
    let eras = (0..=20).map(|century| Era {
        start: YEAR_ZERO + century as i64 * CENTURY_SECONDS,
        name: [&"m".repeat(century / 10), HUNDREDS[century % 10]].concat().into_bytes(),
        year_offset: century as i64 * 100,
    });
    locale.set(b"LOCALE_ERAS", Entry::Eras(eras.collect()));
    locale
}

fn counts(text: &[u8]) -> Vec<(i64, AddUnit)> {
    let text = String::from_utf8_lossy(text);
    let words: Vec<&str> = text.split(' ').collect();
    words
        .chunks(2)
        .map(|pair| {
            let unit = ADD_UNITS.iter().find(|(name, _)| *name == pair[1]).expect("the unit is known").1;
            (pair[0].parse().expect("the count is a number"), unit)
        })
        .collect()
}

fn number(text: &[u8]) -> i64 {
    String::from_utf8_lossy(text).parse().expect("the field is a number")
}

fn run(fields: &[Vec<u8>], locale: &Locale, zones: &mut Zones) -> Result<Vec<u8>, ClockError> {
    let mut context = command::Context {
        locale,
        timezone: &fields[1],
        zones,
        source: &TestZones,
        settings: Settings::default(),
    };
    let context = &mut context;
    let base = || number(&fields[5]);
    let validate = fields[6] != b"0";
    let seconds = match fields[0].as_slice() {
        b"format" => {
            return command::format(number(&fields[4]), &CompiledFormat::new(&fields[3], locale), context);
        }
        b"scan" => {
            command::scan(&fields[4], &CompiledScan::new(&fields[3], locale), base(), validate, context)?
        }
        b"free" => command::scan_free(&fields[4], base(), validate, context)?,
        b"add" => command::add(number(&fields[4]), &counts(&fields[3]), context)?,
        other => panic!("unknown operation {}", String::from_utf8_lossy(other)),
    };
    Ok(seconds.to_string().into_bytes())
}

thread_local!(static FOUND: RefCell<Zones> = RefCell::new(Zones::new()));

fn check(operation: &str) {
    let roman = roman_locale();
    let plain = Locale::default();
    let mut failures = Vec::new();
    for line in CORPUS.lines().filter(|line| line.starts_with(operation)) {
        let fields: Vec<Vec<u8>> = line.split('\t').map(unescape).collect();
        assert_eq!(fields.len(), 8, "{line}");
        let locale = if fields[2] == b"roman" { &roman } else { &plain };
        let answer = FOUND.with_borrow_mut(|zones| run(&fields, locale, zones)).unwrap_or_else(|error| {
            [b"ERR ", error.message.as_slice(), b" | ", &error.error_code.join(&b' ')].concat()
        });
        if answer != fields[7] {
            failures.push(format!("{line}\n  got: {}", String::from_utf8_lossy(&answer)));
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn format_as_the_reference() {
    check("format");
}

#[test]
fn scan_as_the_reference() {
    check("scan");
}

#[test]
fn free_scan_as_the_reference() {
    check("free");
}

#[test]
fn add_as_the_reference() {
    check("add");
}
