//! Tests of the encodings.

use super::*;
use tclring_compiler::syntax::text::{chars, from_chars};

fn find(name: &str) -> Encoding {
    builtin(name).expect("a built-in name")
}

fn unhex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    let byte =
        |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16).expect("digits");
    pairs.map(byte).collect()
}

/// The code points that all of `bytes` decodes to, and the failing index.
fn decoded(encoding: &Encoding, bytes: &[u8], profile: Profile) -> (Vec<u32>, Option<usize>) {
    let (text, failed) = encoding.decode_all(bytes, profile);
    (chars(&text).collect(), failed)
}

/// The same, with the input in pieces and the output a few characters at a time.
fn decoded_in_pieces(
    encoding: &Encoding,
    bytes: &[u8],
    profile: Profile,
    piece: usize,
    limit: usize,
) -> (Vec<u32>, Option<usize>) {
    let (mut state, mut out, mut at, mut end) = (State::default(), Vec::new(), 0, 0);
    let failed = loop {
        let at_end = end == bytes.len();
        let step = encoding.decode(&mut state, &bytes[at..end], at_end, profile, limit, &mut out);
        assert!(step.chars <= limit);
        match step.stop {
            Stop::Invalid(index) => break Some(at + index),
            Stop::Done | Stop::Incomplete if at_end => break None,
            Stop::Done | Stop::Incomplete => end = bytes.len().min(end + piece),
            Stop::Limit => {}
        }
        at += step.consumed;
    };
    (chars(&out).collect(), failed)
}

#[test]
fn decoding() {
    let check = |name: &str, digits: &str, failing: Option<usize>, tcl8: &[u32], replace: &[u32]| {
        let (encoding, bytes) = (find(name), unhex(digits));
        assert_eq!(decoded(&encoding, &bytes, Profile::Strict).1, failing, "{name} {digits}");
        assert_eq!(decoded(&encoding, &bytes, Profile::Tcl8), (tcl8.to_vec(), None), "{name} {digits}");
        assert_eq!(decoded(&encoding, &bytes, Profile::Replace), (replace.to_vec(), None), "{name} {digits}");
        for (_, profile) in Profile::ALL {
            let whole = decoded(&encoding, &bytes, profile);
            for (piece, limit) in [(1, usize::MAX), (1, 1), (2, 2), (3, usize::MAX)] {
                assert_eq!(
                    decoded_in_pieces(&encoding, &bytes, profile, piece, limit),
                    whole,
                    "{name} {digits}"
                );
            }
        }
    };
    let r = 0xFFFD;
    check(
        "utf-8",
        "41c3a9e282acf09f988200",
        None,
        &[0x41, 0xE9, 0x20AC, 0x1F602, 0],
        &[0x41, 0xE9, 0x20AC, 0x1F602, 0],
    );
    check("utf-8", "4180", Some(1), &[0x41, 0x20AC], &[0x41, r]);
    check("utf-8", "c080", Some(0), &[0], &[r]);
    check("utf-8", "eda080edb080", Some(0), &[0xD800, 0xDC00], &[r, r]);
    check("utf-8", "e28241", Some(0), &[0xE2, 0x201A, 0x41], &[r, r, 0x41]);
    check("utf-8", "41f09f98", Some(1), &[0x41, 0xF0, 0x178, 0x2DC], &[0x41, r, r, r]);
    check("utf-8", "f4908080", Some(0), &[0xF4, 0x90, 0x20AC, 0x20AC], &[r, r, r, r]);
    check("utf-8", "eda041", Some(0), &[0xED, 0xA0, 0x41], &[r, r, 0x41]);
    check("cesu-8", "eda0bdedb882", None, &[0x1F602], &[0x1F602]);
    check("cesu-8", "eda0bd41", Some(3), &[0xD83D, 0x41], &[r, 0x41]);
    check("cesu-8", "f09f9882", Some(0), &[0x1F602], &[r]);
    check("utf-16le", "3dd802de4100", None, &[0x1F602, 0x41], &[0x1F602, 0x41]);
    check("utf-16le", "3dd84100", Some(0), &[0xD83D, 0x41], &[r, 0x41]);
    check("utf-16be", "00410042dc", Some(4), &[0x41, 0x42, r], &[0x41, 0x42, r]);
    check("utf-32be", "0000d80000110000", Some(0), &[0xD800, r], &[r, r]);
    check("utf-32le", "410000004200", Some(4), &[0x41, r], &[0x41, r]);
    check("iso8859-1", "4180ff", None, &[0x41, 0x80, 0xFF], &[0x41, 0x80, 0xFF]);
    check("ascii", "4180ff", Some(1), &[0x41, 0x20AC, 0xFF], &[0x41, r, r]);
    check("cp1252", "8081", Some(1), &[0x20AC, 0x81], &[0x20AC, r]);
    check("symbol", "4180", Some(1), &[0x391, 0x20AC], &[0x391, r]);
    check("shiftjis", "82a0a18100", Some(4), &[0x3042, 0xFF61, 0x81, 0], &[0x3042, 0xFF61, r, 0]);
    check("shiftjis", "8160", None, &[0x301C], &[0x301C]);
    check("euc-jp", "8ea18fa1a1", Some(2), &[0xFF61, 0x8F, 0x3000], &[0xFF61, r, 0x3000]);
    check("euc-kr", "b0a1b0", Some(2), &[0xAC00, 0xB0], &[0xAC00, r]);
    check("big5", "a145f9d6", Some(3), &[0x2022, 0xF9, 0xD6], &[0x2022, r, r]);
    check("gb2312", "b0a1a1aa80", None, &[0x554A, 0x2015, 0x80], &[0x554A, 0x2015, 0x80]);
    check("jis0208", "302130", Some(2), &[0x4E9C, 0x30], &[0x4E9C, r]);
    check("iso2022-jp", "411b244224221b284241", None, &[0x41, 0x3042, 0x41], &[0x41, 0x3042, 0x41]);
    check("iso2022-jp", "1b24430e21", Some(0), &[r, 0x21], &[r, 0x21]);
    check("iso2022-kr", "1b2429430e30210f41", None, &[0xAC00, 0x41], &[0xAC00, 0x41]);
}

#[test]
fn encoding() {
    let check = |name: &str, codes: &[u32], failing: Option<usize>, tcl8: &str, replace: &str| {
        let (encoding, text) = (find(name), from_chars(codes.iter().copied()));
        let at = encoding.encode_all(&text, Profile::Strict).1.map(|failure| failure.at);
        assert_eq!(at, failing, "{name} {codes:X?}");
        assert_eq!(encoding.encode_all(&text, Profile::Tcl8), (unhex(tcl8), None), "{name} {codes:X?}");
        assert_eq!(encoding.encode_all(&text, Profile::Replace), (unhex(replace), None), "{name} {codes:X?}");
    };
    check("utf-8", &[0x41, 0xD800, 0x42], Some(1), "41eda08042", "41efbfbd42");
    check("cesu-8", &[0x1F602, 0xD83D], None, "eda0bdedb882eda0bd", "eda0bdedb882eda0bd");
    check("utf-16be", &[0x1F602, 0xDC00], Some(4), "d83dde02dc00", "d83dde02fffd");
    check("ucs-2be", &[0x41, 0xD800, 0x1F602], Some(1), "0041d800fffd", "0041d800fffd");
    check("utf-32be", &[0xD800], Some(0), "0000d800", "0000fffd");
    check("iso8859-1", &[0x41, 0xE9, 0x3042], Some(3), "41e93f", "41e93f");
    check("ebcdic", &[0x3042], Some(0), "6f", "6f");
    check("symbol", &[0x3B1, 0x41, 0x20AC], Some(3), "61413f", "61413f");
    check("shiftjis", &[0xFF5E, 0x301C, 0xFF71, 0x5C], None, "81608160b15c", "81608160b15c");
    check("jis0208", &[0x3042, 0xAC00], Some(3), "24222129", "24222129");
    check(
        "iso2022-jp",
        &[0x41, 0x3042, 0xE9, 0x42],
        None,
        "411b244224221b2428442b311b284242",
        "411b244224221b2428442b311b284242",
    );
    check("iso2022-kr", &[0x3042, 0xFF71, 0x41], Some(3), "1b2429430e2a22233f0f41", "1b2429430e2a22233f0f41");
}

#[test]
fn messages() {
    assert_eq!(decode_error_message(b"a\x80", 1), "unexpected byte sequence starting at index 1: '\\x80'");
    let text = "\0é€".as_bytes();
    let failure = find("iso8859-1").encode_all(text, Profile::Strict).1.expect("it lacks the character");
    assert_eq!(encode_error_message(text, failure), "unexpected character at index 2: 'U+0020AC'");
    assert_eq!(encode_failure_index(text, failure), 4);
}

#[test]
fn every_table_decodes_what_it_encodes() {
    for name in builtin_names().filter(|name| !name.starts_with("iso2022")) {
        let encoding = find(name);
        for c in (1..0xD800).chain(0xE000..0x10000) {
            let text = from_chars([c]);
            let (bytes, failed) = encoding.encode_all(&text, Profile::Strict);
            if failed.is_none() {
                assert_eq!(encoding.decode_all(&bytes, Profile::Strict).1, None, "{name} {c:X}");
            }
        }
    }
}

#[test]
fn files() {
    let row = |offset: usize| {
        (0..256).map(|i| format!("{:04X}", if i == 0 { 0 } else { i + offset })).collect::<String>()
    };
    let lines = |cells: &str| {
        cells.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line) + "\n").collect::<String>()
    };
    let content =
        format!("# a comment\nM\n003F 0 2\n00\n{}81\n{}R\n0041 20AC\n", lines(&row(0)), lines(&row(0x4E00)));
    let parsed = parse_file("mine", content.as_bytes(), &mut |_| None).expect("the form is right");
    assert_eq!(parsed.name(), "mine");
    assert_eq!(decoded(&parsed, b"A\x81B", Profile::Strict), (vec![0x41, 0x4E42], None));
    assert_eq!(parsed.encode_all("€\u{4E42}".as_bytes(), Profile::Strict), (b"A\x81B".to_vec(), None));
    let content = b"E\nname x\ninit \\x1b!\nfinal {}\nascii \\x0f\nmine \\x0e\n";
    let escape = parse_file("x", content, &mut |name| {
        if name == "mine" { Some(parsed.clone()) } else { builtin(name) }
    });
    let escape = escape.expect("the form is right");
    assert_eq!(
        escape.encode_all("a\u{4E42}".as_bytes(), Profile::Strict),
        (b"\x1b!a\x0e\x81B\x0f".to_vec(), None)
    );
    for bad in ["", "X\n", "S\n003F 0 1\n00\n12", "S\n003F 0 9999\n", "E\nnone {}\n"] {
        assert!(parse_file("bad", bad.as_bytes(), &mut |_| None).is_err(), "{bad}");
    }
}
