//! The words that dates are written with.

use super::super::reading::Meridian;

/// A unit of time that counts are given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds(i64),
    Days(i64),
    Months(i64),
}

/// What a word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Meridian(Meridian),
    /// A month, 1 to 12.
    Month(i64),
    /// A day of the week, 0 (Sunday) to 6.
    Day(i64),
    /// A zone, in minutes west of Greenwich.
    Zone(i64),
    /// A zone in summer time, with the standard time's minutes west.
    SummerZone(i64),
    /// `dst` behind a zone.
    Daylight,
    Unit(Unit),
    /// A relative date or time by itself, such as `tomorrow`.
    Relative(Unit),
    /// A number, `last` being -1.
    Number(i64),
    Next,
    Ago,
    Epoch,
    StarDate,
}

/// Months and days, which may be cut to three letters, with or without a period.
const NAMES: &[(&str, Word)] = &[
    ("january", Word::Month(1)),
    ("february", Word::Month(2)),
    ("march", Word::Month(3)),
    ("april", Word::Month(4)),
    ("may", Word::Month(5)),
    ("june", Word::Month(6)),
    ("july", Word::Month(7)),
    ("august", Word::Month(8)),
    ("september", Word::Month(9)),
    ("sept", Word::Month(9)),
    ("october", Word::Month(10)),
    ("november", Word::Month(11)),
    ("december", Word::Month(12)),
    ("sunday", Word::Day(0)),
    ("monday", Word::Day(1)),
    ("tuesday", Word::Day(2)),
    ("tues", Word::Day(2)),
    ("wednesday", Word::Day(3)),
    ("wednes", Word::Day(3)),
    ("thursday", Word::Day(4)),
    ("thur", Word::Day(4)),
    ("thurs", Word::Day(4)),
    ("friday", Word::Day(5)),
    ("saturday", Word::Day(6)),
];

/// Units; an `s` behind is ignored.
const UNITS: &[(&str, Unit)] = &[
    ("year", Unit::Months(12)),
    ("month", Unit::Months(1)),
    ("fortnight", Unit::Days(14)),
    ("week", Unit::Days(7)),
    ("day", Unit::Days(1)),
    ("hour", Unit::Seconds(3600)),
    ("minute", Unit::Seconds(60)),
    ("min", Unit::Seconds(60)),
    ("second", Unit::Seconds(1)),
    ("sec", Unit::Seconds(1)),
];

/// Other words; an `s` behind is ignored here, too.
const OTHERS: &[(&str, Word)] = &[
    ("tomorrow", Word::Relative(Unit::Days(1))),
    ("yesterday", Word::Relative(Unit::Days(-1))),
    ("today", Word::Relative(Unit::Days(0))),
    ("now", Word::Relative(Unit::Seconds(0))),
    ("last", Word::Number(-1)),
    ("next", Word::Next),
    ("ago", Word::Ago),
    ("epoch", Word::Epoch),
    ("stardate", Word::StarDate),
];

/// Time zones by their hours west of Greenwich; half hours are dropped, as in
/// the reference.
const ZONES: &[(&str, i64)] = &[
    ("gmt", 0),
    ("ut", 0),
    ("utc", 0),
    ("uct", 0),
    ("wet", 0),
    ("wat", 1),
    ("at", 2),
    ("nft", 3),
    ("nst", 3),
    ("ast", 4),
    ("est", 5),
    ("cst", 6),
    ("mst", 7),
    ("pst", 8),
    ("yst", 9),
    ("akst", 9),
    ("hst", 10),
    ("cat", 10),
    ("ahst", 10),
    ("nt", 11),
    ("idlw", 12),
    ("cet", -1),
    ("met", -1),
    ("mewt", -1),
    ("swt", -1),
    ("fwt", -1),
    ("eet", -2),
    ("bt", -3),
    ("it", -3),
    ("zp4", -4),
    ("zp5", -5),
    ("ist", -5),
    ("zp6", -6),
    ("wast", -7),
    ("jt", -7),
    ("cct", -8),
    ("jst", -9),
    ("kst", -9),
    ("cast", -9),
    ("east", -10),
    ("gst", -10),
    ("nzt", -12),
    ("nzst", -12),
    ("idle", -12),
];

/// Zones that are summer time, by the hours of their standard time.
const SUMMER_ZONES: &[(&str, i64)] = &[
    ("bst", 0),
    ("ndt", 3),
    ("adt", 4),
    ("edt", 5),
    ("cdt", 6),
    ("mdt", 7),
    ("pdt", 8),
    ("ydt", 9),
    ("akdt", 9),
    ("hdt", 10),
    ("cest", -1),
    ("mest", -1),
    ("sst", -1),
    ("fst", -1),
    ("wadt", -7),
    ("jdt", -9),
    ("kdt", -9),
    ("cadt", -9),
    ("eadt", -10),
    ("nzdt", -12),
];

/// What `word` means. It consists of letters and periods.
pub(super) fn look_up(word: &[u8]) -> Option<Word> {
    let lower = word.to_ascii_lowercase();
    match lower.as_slice() {
        b"am" | b"a.m." => return Some(Word::Meridian(Meridian::Am)),
        b"pm" | b"p.m." => return Some(Word::Meridian(Meridian::Pm)),
        _ => {}
    }
    // Three letters with a period behind them count as the three letters.
    let short = match lower.as_slice() {
        [a, b, c, b'.'] => vec![*a, *b, *c],
        _ => lower,
    };
    name(&short)
        .or_else(|| zone(&short))
        .or_else(|| (short == b"dst").then_some(Word::Daylight))
        .or_else(|| counted(&short))
        .or_else(|| counted(short.strip_suffix(b"s")?))
        .or_else(|| military_zone(&short))
        .or_else(|| military_zone(short.strip_suffix(b"s")?))
        .or_else(|| {
            let letters: Vec<u8> = short.iter().copied().filter(|&b| b != b'.').collect();
            if letters.len() < short.len() { zone(&letters) } else { None }
        })
}

fn find<T: Copy>(table: &[(&str, T)], word: &[u8]) -> Option<T> {
    table.iter().find(|(known, _)| known.as_bytes() == word).map(|&(_, value)| value)
}

fn name(word: &[u8]) -> Option<Word> {
    if word.len() == 3 {
        return NAMES.iter().find(|(known, _)| known.as_bytes().starts_with(word)).map(|&(_, value)| value);
    }
    find(NAMES, word)
}

fn zone(word: &[u8]) -> Option<Word> {
    find(ZONES, word)
        .map(|hours| Word::Zone(hours * 60))
        .or_else(|| find(SUMMER_ZONES, word).map(|hours| Word::SummerZone(hours * 60)))
}

fn counted(word: &[u8]) -> Option<Word> {
    find(UNITS, word).map(Word::Unit).or_else(|| find(OTHERS, word))
}

/// The zones of one letter: A to M east, N to Y west, without J.
fn military_zone(word: &[u8]) -> Option<Word> {
    let &[letter] = word else { return None };
    let hours = match letter {
        b'a'..=b'i' => -i64::from(letter - b'a' + 1),
        b'k'..=b'm' => -i64::from(letter - b'a'),
        b'n'..=b'y' => i64::from(letter - b'n' + 1),
        b'z' => 0,
        _ => return None,
    };
    Some(Word::Zone(hours * 60))
}
