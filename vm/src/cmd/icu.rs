//! `tcl::unsupported::icu`: what the reference asks the library ICU for, computed here.
//!
//! The encodings are those of `encoding`, under ICU's names; normal forms come
//! from Unicode's tables. The guess of an encoding is a guess of our own.

use tclring_compiler::syntax::text::{char_count, chars, push_char};
use unicode_normalization::UnicodeNormalization;

use super::choice::choose;
use super::icu_names::NAMES;
use super::options::bytes_of;
use crate::error;
use crate::interp::command::{Outcome, row};
use crate::interp::exception::Exception;
use crate::interp::{Args, EnsembleRow, MANY, Machine, Step};
use crate::text::encoding::{Encoding, Profile};
use crate::value::Value;

const CONVERT_USAGE: &str = "?-profile PROFILE? ICUENCNAME STRING";

/// The ensemble of this file.
pub(super) const ICU: EnsembleRow = EnsembleRow {
    name: "tcl::unsupported::icu",
    rows: &[
        row("icu aliases", "convertername", (1, 1), "Lists ICU's names of an encoding.", aliases),
        row("icu converters", "", (0, 0), "Lists the encodings by ICU's canonical names.", converters),
        row("icu convertfrom", CONVERT_USAGE, (2, MANY), "Converts bytes to text.", convertfrom),
        row("icu convertto", CONVERT_USAGE, (2, MANY), "Converts text to bytes.", convertto),
        row("icu detect", "?bytes ?-all??", (0, 2), "Guesses the encoding of bytes.", detect),
        row("icu icuToTcl", "icuName", (1, 1), "Answers the name of an encoding of ICU.", icu_to_tcl),
        row(
            "icu normalize",
            "?-profile PROFILE? ?-mode MODE? STRING",
            (1, MANY),
            "Answers a text in a normal form of Unicode.",
            normalize,
        ),
        row("icu tclToIcu", "tclName", (1, 1), "Answers ICU's name of an encoding.", tcl_to_icu),
    ],
    safe: false,
};

/// The number of the row that has `name` among ICU's names, in any case.
fn row_of(name: &Value) -> Option<usize> {
    let text = name.text();
    let is = |known: &str| known.as_bytes().eq_ignore_ascii_case(&text);
    // An encoding that is called so itself goes before one that has it for an alias.
    if let Some(found) = NAMES.iter().position(|(own, _, _)| is(own)) {
        return Some(found);
    }
    NAMES
        .iter()
        .position(|(_, _, all)| all.split(' ').any(|known| known.as_bytes().eq_ignore_ascii_case(&text)))
}

fn aliases(_machine: &mut Machine, args: Args) -> Outcome {
    let names = row_of(&args[1]).map_or("", |row| NAMES[row].2);
    Ok(Step::Done(Value::from(names)))
}

fn converters(_machine: &mut Machine, _args: Args) -> Outcome {
    let mut names: Vec<&str> = NAMES.iter().filter_map(|(_, _, all)| all.split(' ').next()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(Step::Done(Value::list(names.into_iter().map(Value::from).collect())))
}

fn icu_to_tcl(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(row_of(&args[1]).map_or(Value::EMPTY, |row| Value::from(NAMES[row].0))))
}

fn tcl_to_icu(_machine: &mut Machine, args: Args) -> Outcome {
    let text = args[1].text();
    let found = NAMES.iter().find(|(name, _, _)| name.as_bytes() == &*text);
    Ok(Step::Done(found.map_or(Value::EMPTY, |(_, preferred, _)| Value::from(*preferred))))
}

/// The profile that an option gives.
fn profile(value: &Value) -> Result<Profile, Exception> {
    match &*value.text() {
        b"strict" => Ok(Profile::Strict),
        b"replace" => Ok(Profile::Replace),
        _ => Err(
            error!("Invalid value \"", value, "\" supplied for option \"-profile\". Must be \"strict\" or \"replace\".";
            "TCL", "ICU", "PROFILE"),
        ),
    }
}

fn missing_value(option: &str) -> Exception {
    error!("Missing value for option ", option, ".")
}

fn icu_error(what: &str, number: u8, name: &str) -> Exception {
    error!(what, " ICU error (", number.to_string(), "): ", name; "TCL", "ICU", name)
}

/// What a conversion is to do: the encoding, whether it marks its byte order, and what becomes of bad input.
struct Conversion {
    encoding: Encoding,
    is_marked: bool,
    profile: Profile,
}

fn conversion(machine: &mut Machine, args: &Args) -> Result<Conversion, Exception> {
    let end = args.len() - 2;
    let mut chosen = Profile::Strict;
    let mut at = 1;
    while at < end {
        let option = choose(&args[at], &["-profile", "-failindex"], "option")?;
        if at + 1 == end {
            return Err(missing_value(["-profile", "-failindex"][option]));
        }
        if option == 1 {
            return Err(error!("Option -failindex not implemented."));
        }
        chosen = profile(&args[at + 1])?;
        at += 2;
    }
    let found = row_of(&args[end]).map(|row| NAMES[row].0);
    let is_marked = matches!(found, Some("ucs-2" | "unicode" | "utf-16" | "utf-32"));
    let name = match found {
        Some("ucs-2" | "unicode") => Some("utf-16"),
        other => other,
    };
    match name.and_then(|name| machine.encodings().find(name)) {
        Some(encoding) => Ok(Conversion { encoding, is_marked, profile: chosen }),
        None => Err(icu_error("Could not get encoding converter.", 4, "U_FILE_ACCESS_ERROR")),
    }
}

fn convertfrom(machine: &mut Machine, args: Args) -> Outcome {
    let found = conversion(machine, &args)?;
    let bytes = bytes_of(&args[args.len() - 1])?;
    if found.encoding.is_utf8() && found.profile == Profile::Replace {
        // One replacement for each longest beginning of a character, as Unicode recommends.
        return Ok(Step::Done(Value::from(String::from_utf8_lossy(&bytes).into_owned())));
    }
    let (text, failed_at) = found.encoding.decode_all(&bytes, found.profile);
    if failed_at.is_some() {
        return Err(icu_error("ICU error while decoding.", 12, "U_ILLEGAL_CHAR_FOUND"));
    }
    let mark = if found.is_marked { text.strip_prefix("\u{feff}".as_bytes()) } else { None };
    Ok(Step::Done(Value::text_of(mark.unwrap_or(&text))))
}

/// What ICU writes in the place of a character that an encoding of bytes lacks.
const SUBSTITUTE: u8 = 0x1A;

fn convertto(machine: &mut Machine, args: Args) -> Outcome {
    let found = conversion(machine, &args)?;
    let text = without_surrogates(&args[args.len() - 1], found.profile)?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest: &[u8] = &text;
    if found.is_marked {
        out.extend(found.encoding.encode_all("\u{feff}".as_bytes(), Profile::Strict).0);
    }
    while !rest.is_empty() {
        let (bytes, failure) = found.encoding.encode_all(rest, Profile::Strict);
        out.extend(bytes);
        let Some(failure) = failure else { break };
        if found.profile == Profile::Strict {
            return Err(icu_error("ICU error while encoding.", 10, "U_INVALID_CHAR_FOUND"));
        }
        out.push(SUBSTITUTE);
        let mut lacking = chars(&rest[failure.at..]);
        lacking.next();
        rest = &rest[failure.at + lacking.offset()..];
    }
    Ok(Step::Done(Value::bytes(out)))
}

/// The text as Unicode allows it: a surrogate is replaced or an error.
fn without_surrogates(value: &Value, profile: Profile) -> Result<Vec<u8>, Exception> {
    let text = value.text();
    let mut out = Vec::with_capacity(text.len());
    for c in chars(&text) {
        if !(0xD800..0xE000).contains(&c) {
            push_char(&mut out, c);
        } else if profile == Profile::Replace {
            push_char(&mut out, 0xFFFD);
        } else {
            let at = char_count(&out).to_string();
            return Err(
                error!("unexpected character at index ", at.as_str(), ": 'U+", format!("{c:06X}"), "'";
                "TCL", "ENCODING", "ILLEGALSEQUENCE", at),
            );
        }
    }
    Ok(out)
}

fn normalize(_machine: &mut Machine, args: Args) -> Outcome {
    let end = args.len() - 1;
    let (mut chosen, mut mode) = (Profile::Strict, 0);
    let mut at = 1;
    while at < end {
        let option = choose(&args[at], &["-profile", "-mode"], "option")?;
        if at + 1 == end {
            return Err(missing_value(["-profile", "-mode"][option]));
        }
        match option {
            0 => chosen = profile(&args[at + 1])?,
            _ => mode = choose(&args[at + 1], &["nfc", "nfd", "nfkc", "nfkd"], "normalization mode")?,
        }
        at += 2;
    }
    let text = without_surrogates(&args[end], chosen)?;
    let text = String::from_utf8_lossy(&text);
    let normal: String = match mode {
        0 => text.nfc().collect(),
        1 => text.nfd().collect(),
        2 => text.nfkc().collect(),
        _ => text.nfkd().collect(),
    };
    Ok(Step::Done(Value::from(normal)))
}

/// The encodings that a guess may name.
const DETECTABLE: &str = "UTF-8 UTF-16BE UTF-16LE UTF-32BE UTF-32LE ISO-8859-1 ISO-8859-2 ISO-8859-5 ISO-8859-6 \
    ISO-8859-7 ISO-8859-8 ISO-8859-9 windows-1251 windows-1256 KOI8-R Shift_JIS GB18030 EUC-JP EUC-KR Big5 \
    ISO-2022-JP ISO-2022-KR";

fn detect(machine: &mut Machine, args: Args) -> Outcome {
    let Some(sample) = args.get(1) else {
        return Ok(Step::Done(Value::from(DETECTABLE)));
    };
    let bytes = bytes_of(sample)?;
    let all = match args.get(2) {
        None => false,
        Some(option) if *option.text() == *b"-all" => true,
        Some(option) => return Err(error!("Invalid option ", option, ", must be \"-all\"")),
    };
    let guesses = guesses(machine, &bytes);
    let shown = if all { guesses.join(" ") } else { guesses.first().copied().unwrap_or("").to_owned() };
    Ok(Step::Done(Value::from(shown)))
}

/// From how many bytes on a text of ASCII has enough words to be told from a short name.
const PROSE_BYTES_MIN: usize = 20;

/// What begins a text in an encoding and nothing else does.
const MARKS: &[(&[u8], &str)] = &[
    (b"\xEF\xBB\xBF", "UTF-8"),
    (b"\xFF\xFE\0\0", "UTF-32LE"),
    (b"\0\0\xFE\xFF", "UTF-32BE"),
    (b"\xFF\xFE", "UTF-16LE"),
    (b"\xFE\xFF", "UTF-16BE"),
];

/// The encodings that `bytes` may be in, the likeliest first.
fn guesses(machine: &mut Machine, bytes: &[u8]) -> Vec<&'static str> {
    let mut found: Vec<&'static str> =
        MARKS.iter().filter(|(mark, _)| bytes.starts_with(mark)).map(|(_, name)| *name).collect();
    for (escape, name) in [(&b"\x1B$B"[..], "ISO-2022-JP"), (b"\x1B$)C", "ISO-2022-KR")] {
        if memchr::memmem::find(bytes, escape).is_some() {
            found.push(name);
        }
    }
    if bytes.is_ascii() {
        let is_prose = bytes.len() >= PROSE_BYTES_MIN && bytes.contains(&b' ');
        let western = ["ISO-8859-1", "ISO-8859-2"];
        found.extend(if is_prose { &western[..] } else { &[] });
        found.push("UTF-8");
        found.extend(["UTF-16BE", "UTF-16LE", "Shift_JIS", "GB18030", "EUC-JP", "EUC-KR", "Big5"]);
        return found;
    }
    // An encoding of several bytes that the text keeps to is likelier than one of bytes, in which all is allowed.
    let strict = [
        ("UTF-8", "utf-8"),
        ("EUC-JP", "euc-jp"),
        ("Shift_JIS", "shiftjis"),
        ("EUC-KR", "euc-kr"),
        ("Big5", "big5"),
        ("GB18030", "cp936"),
    ];
    for (name, encoding) in strict {
        let decoded =
            machine.encodings().find(encoding).map(|known| known.decode_all(bytes, Profile::Strict).1);
        if decoded == Some(None) {
            found.push(name);
        }
    }
    found.extend(["ISO-8859-1", "ISO-8859-2"]);
    let mut seen = Vec::new();
    found.retain(|name| {
        !seen.contains(name) && {
            seen.push(name);
            true
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use crate::cmd::string_tests::check;

    #[test]
    fn names() {
        check(&[
            (
                "lmap e {utf-8 tis-620 shiftjis dummy} {tcl::unsupported::icu tclToIcu $e}",
                "UTF-8 TIS-620 ibm-943_P15A-2003 {}",
            ),
            ("lmap e {UTF-8 ibm-943_P15A-2003 dummy} {tcl::unsupported::icu icuToTcl $e}", "utf-8 cp932 {}"),
            ("lindex [tcl::unsupported::icu aliases utf-8] 0", "UTF-8"),
            ("expr {{US-ASCII} in [tcl::unsupported::icu converters]}", "1"),
            (
                "namespace path tcl::unsupported; icu tclToIcu",
                "error: wrong # args: should be \"icu tclToIcu tclName\"",
            ),
        ]);
    }

    #[test]
    fn conversions() {
        check(&[
            ("tcl::unsupported::icu convertfrom UTF-8 \\xf0\\x9f\\x98\\x80", "\u{1f600}"),
            ("tcl::unsupported::icu convertfrom -profile replace UTF-8 \\xC0\\x80", "\u{fffd}\u{fffd}"),
            (
                "tcl::unsupported::icu convertfrom UTF-8 \\xC0\\x80",
                "error: ICU error while decoding. ICU error (12): U_ILLEGAL_CHAR_FOUND",
            ),
            (
                "tcl::unsupported::icu convertto ISO-8859-2 \\U1F600",
                "error: ICU error while encoding. ICU error (10): U_INVALID_CHAR_FOUND",
            ),
            (
                "binary encode hex [tcl::unsupported::icu convertto -profile replace ISO-8859-2 a\\U1F600b]",
                "611a62",
            ),
            ("binary encode hex [tcl::unsupported::icu convertto UTF-16 a]", "fffe6100"),
            (
                "tcl::unsupported::icu convertto nosuch a",
                "error: Could not get encoding converter. ICU error (4): U_FILE_ACCESS_ERROR",
            ),
            (
                "tcl::unsupported::icu convertto -profile strict ASCII",
                "error: Missing value for option -profile.",
            ),
            (
                "tcl::unsupported::icu convertto -profile tcl8 ASCII a",
                "error: Invalid value \"tcl8\" supplied for option \"-profile\". Must be \"strict\" or \"replace\".",
            ),
        ]);
    }

    #[test]
    fn normal_forms() {
        check(&[
            ("tcl::unsupported::icu normalize \\uFB01e\\u0301", "\u{fb01}\u{e9}"),
            ("tcl::unsupported::icu normalize -mode nfd \\uFB01\\u00e9", "\u{fb01}e\u{301}"),
            ("tcl::unsupported::icu normalize -mode nfkc \\uFB01e\\u0301", "fi\u{e9}"),
            ("tcl::unsupported::icu normalize -mode nfkd \\uFB01\\u00e9", "fie\u{301}"),
            (
                "tcl::unsupported::icu normalize a\\ud800",
                "error: unexpected character at index 1: 'U+00D800'",
            ),
            ("tcl::unsupported::icu normalize -profile replace a\\ud800", "a\u{fffd}"),
            (
                "tcl::unsupported::icu normalize -mode xxx a",
                "error: bad normalization mode \"xxx\": must be nfc, nfd, nfkc, or nfkd",
            ),
        ]);
    }

    #[test]
    fn guesses() {
        check(&[
            ("tcl::unsupported::icu detect abc", "UTF-8"),
            ("tcl::unsupported::icu detect \\xc3\\xa9t\\xc3\\xa9", "UTF-8"),
            ("tcl::unsupported::icu detect \\xff\\xfea\\0b\\0", "UTF-16LE"),
            (
                "tcl::unsupported::icu detect {hello world this is a test of english text} -all",
                "ISO-8859-1 ISO-8859-2 UTF-8 UTF-16BE UTF-16LE Shift_JIS GB18030 EUC-JP EUC-KR Big5",
            ),
            ("tcl::unsupported::icu detect abc -foo", "error: Invalid option -foo, must be \"-all\""),
        ]);
    }
}
