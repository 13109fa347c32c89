//! Tests of `glob`; every expectation is the reference's, sorted.

#![allow(clippy::disallowed_methods, reason = "the tests read and write their own files")]

use std::os::unix::fs::{PermissionsExt, symlink};

use rustix::fs::FileType;
use tclring_compiler::Mode::Tcl90;

use super::*;
use crate::host::test_directory::TestDirectory;
use crate::host::user::SystemHomes;

fn fresh() -> TestDirectory {
    let directory = TestDirectory::new();
    let at = |name: &str| directory.path().join(name);
    for made in ["d/sub", "e", ".hd/q", "d/.dh", "d2/sub"] {
        std::fs::create_dir_all(at(made)).unwrap();
    }
    let files = ["a.c", "b.c", ".hid", "a,b", "a b", "x[1]", "x{y}", "x*y", "~t"];
    for file in files.into_iter().chain(["d/f.c", "d/.h.c", "d/sub/deep", "d2/sub/deep"]) {
        std::fs::write(at(file), "").unwrap();
    }
    for (link, target) in [("l", "a.c"), ("ld", "d"), ("dang", "nosuch")] {
        symlink(target, at(link)).unwrap();
    }
    let pipe = rustix::fs::Mode::from_raw_mode(0o644);
    rustix::fs::mknodat(rustix::fs::CWD, at("p"), FileType::Fifo, pipe, 0).unwrap();
    for (file, bits) in [("b.c", 0o400), ("a.c", 0o755)] {
        std::fs::set_permissions(at(file), std::fs::Permissions::from_mode(bits)).unwrap();
    }
    directory
}

fn run(directory: &TestDirectory, base: Base<'_>, tails: bool, types: &str, patterns: &[&str]) -> String {
    let elements: Vec<Vec<u8>> = types.split_whitespace().map(|word| word.as_bytes().to_vec()).collect();
    let types = match GlobTypes::parse(&elements, |_| None) {
        Ok(types) => types,
        Err(error) => return error.to_string(),
    };
    let patterns: Vec<Vec<u8>> = patterns.iter().map(|pattern| pattern.as_bytes().to_vec()).collect();
    let types = (!elements.is_empty()).then_some(&types);
    let request = GlobRequest { patterns: &patterns, base, tails, types, mode: Tcl90 };
    match glob(&request, &SystemHomes) {
        Ok(names) => {
            let mut names: Vec<String> =
                names.into_iter().map(|name| String::from_utf8(name).unwrap()).collect();
            names.sort();
            directory.shorten(&names.join("|"))
        }
        Err(error) => directory.shorten(&error.to_string()),
    }
}

/// Patterns below the test's directory, as if it were the working directory.
#[test]
fn patterns() {
    let directory = fresh();
    for (pattern, expected) in [
        ("*", "a b|a,b|a.c|b.c|d|d2|dang|e|l|ld|p|x*y|x[1]|x{y}|~t"),
        (".*", ".|..|.hd|.hid"),
        ("{*,.*}", ".|..|.hd|.hid|a b|a,b|a.c|b.c|d|d2|dang|e|l|ld|p|x*y|x[1]|x{y}|~t"),
        ("nosuch", ""),
        ("{a,b}.c", "a.c|b.c"),
        ("{a,a}.c", "a.c|a.c"),
        ("{a,nosuch}.c", "a.c"),
        ("{d,d2}/*", "d/f.c|d/sub|d2/sub"),
        ("d{,2}/sub/*", "d/sub/deep|d2/sub/deep"),
        ("{a,{b,c}}.c", "a.c|b.c"),
        ("*{/sub}", "d/sub|d2/sub|ld/sub"),
        ("{d/,}f.c", "d/f.c"),
        ("x\\[1\\]", "x[1]"),
        ("x\\{y\\}", "x{y}"),
        ("x\\**", "x*y"),
        ("x[[]*", "x[1]"),
        ("[!a].c", "a.c"),
        ("[^a].c", "a.c"),
        ("[ab].c", "a.c|b.c"),
        ("[a,b].c", "a.c|b.c"),
        ("[a", ""),
        ("{a\\,b}", "a,b"),
        ("*/", "d/|d2/|e/|ld/"),
        ("d*//", "d/|d2/"),
        ("d//", "d/"),
        ("l/", "l/"),
        ("a.c/", "a.c/"),
        ("a.*/", ""),
        ("a.c/.", ""),
        ("l/*", ""),
        ("d//f.c", "d/f.c"),
        ("./d*", "./d|./d2|./dang"),
        ("d/../d*", "d/../d|d/../d2|d/../dang"),
        ("nosuch/../d", ""),
        ("*/..", "d/..|d2/..|e/..|ld/.."),
        ("*/.h*", "d/.h.c|ld/.h.c"),
        ("d/\\.h*", "d/.h.c"),
        ("[.]h*", ""),
        ("?hid", ""),
        ("{.,}h*", ".hd|.hid"),
        (".\\hid", ".hid"),
        ("*/*/*", "d/sub/deep|d2/sub/deep|ld/sub/deep"),
        ("dang", "dang"),
        ("\\d/*", "d/f.c|d/sub"),
        ("d\\/f.c", "d/f.c"),
        ("d\\/*", "d/f.c|d/sub"),
        ("d[/]f.c", ""),
        ("d/{}", "d/"),
        ("d/{}f.c", "d/f.c"),
        ("{a", "unmatched open-brace in file name"),
        ("a}", "unmatched close-brace in file name"),
        ("{{a,b}", "unmatched open-brace in file name"),
        ("{a,b}}", "unmatched close-brace in file name"),
        ("a\\}", ""),
    ] {
        let base = directory.name("");
        assert_eq!(
            run(&directory, Base::Directory(base.as_bytes()), false, "", &[pattern]),
            expected,
            "{pattern}"
        );
        let anchored = format!("{base}{pattern}");
        assert_eq!(run(&directory, Base::None, false, "", &[&anchored]), expected, "{pattern}");
    }
}

#[test]
fn bases() {
    let directory = fresh();
    for (base, tails, pattern, expected) in [
        ("-dir d", false, "*", "d/f.c|d/sub"),
        ("-dir d", true, "*", "f.c|sub"),
        ("-dir d//", false, "*", "d//f.c|d//sub"),
        ("-dir d//", true, "*", "f.c|sub"),
        ("-dir d", false, "/*", "d/f.c|d/sub"),
        ("-dir d", false, "", "d"),
        ("-dir d", true, "", ""),
        ("-dir d", false, "..", "d/.."),
        ("-dir d", true, "sub/", "sub/"),
        ("-dir d", true, "*/*", "sub/deep"),
        ("-dir nosuch", false, "*", ""),
        ("-dir a.c", false, "*", ""),
        ("-path a", false, "*", "a b|a,b|a.c"),
        ("-path a.", false, "c", "a.c"),
        ("-path d/f", true, "*", "f.c"),
        ("-path d/", true, "*", "f.c|sub"),
        ("-path d//s", false, "*", "d/sub"),
        ("-path x[", false, "*", "x[1]"),
        ("-path x{", false, "*", "x{y}"),
        ("-path d", true, "/*", "d/f.c|d/sub"),
        ("-path d", false, "{,2}/*", "d/f.c|d/sub|d2/sub"),
        ("-path .h", false, "*", ".hd|.hid"),
        ("-path d/sub", true, "/*", "sub/deep"),
        ("-path d", false, "", "d"),
    ] {
        let (option, name) = base.split_once(' ').unwrap();
        let place = directory.name(name);
        let place = place.as_bytes();
        let start = if option == "-dir" { Base::Directory(place) } else { Base::Path(place) };
        assert_eq!(run(&directory, start, tails, "", &[pattern]), expected, "{base} {pattern}");
    }
    assert_eq!(run(&directory, Base::Path(b""), false, "", &[""]), "");
    assert_eq!(run(&directory, Base::None, false, "", &["", "{}", "{,}"]), ".|.|.|.");
    assert_eq!(run(&directory, Base::None, false, "", &["/", "//", "/.", "//tmp", "//tm*"]), "/|/|/.");
    assert_eq!(join_patterns(&[b"a".to_vec(), b"*".to_vec()]), b"a/*");
}

#[test]
fn types() {
    let directory = fresh();
    for (types, pattern, expected) in [
        ("l", "*", "dang|l|ld"),
        ("f", "*", "a b|a,b|a.c|b.c|l|x*y|x[1]|x{y}|~t"),
        ("d", "*", "d|d2|e|ld"),
        ("d l", "*", "d|d2|dang|e|l|ld"),
        ("p", "*", "p"),
        ("b c s", "*", ""),
        ("x", "*", "a.c|d|d2|e|l|ld"),
        ("f x", "*", "a.c|l"),
        ("readonly", "*", "b.c"),
        ("hidden", "*", ".|..|.hd|.hid"),
        ("hidden", ".*", ".|..|.hd|.hid"),
        ("hidden f", "*", ".hid"),
        ("hidden", "d/f.c", ""),
        ("hidden", ".hd/", ".hd/"),
        ("hidden", "d/.h.c", "d/.h.c"),
        ("d", "*/*", "d/sub|d2/sub|ld/sub"),
        ("f", "*/", ""),
        ("f", "dang", ""),
        ("l", "dang", "dang"),
        ("l r", "dang", ""),
        ("TEXT f", "a.*", "a.c"),
        ("q", "*", "bad argument to \"-types\": q"),
        ("f q", "*", "bad argument to \"-types\": q"),
        ("TEXT ABCD", "*", "only one MacOS type or creator argument to \"-types\" allowed"),
        ("macintosh type TEXT", "*", "only one MacOS type or creator argument to \"-types\" allowed"),
    ] {
        let base = directory.name("");
        let found = run(&directory, Base::Directory(base.as_bytes()), false, types, &[pattern]);
        assert_eq!(found, expected, "{types} {pattern}");
    }
}

#[test]
fn malformed_names() {
    use std::os::unix::ffi::OsStrExt;
    let directory = TestDirectory::new();
    std::fs::write(directory.path().join(std::ffi::OsStr::from_bytes(b"a\xFF")), "").unwrap();
    let base = directory.name("");
    assert_eq!(
        run(&directory, Base::Directory(base.as_bytes()), false, "", &["*"]),
        "unexpected byte sequence starting at index 1: '\\xFF'"
    );
    assert_eq!(run(&directory, Base::Directory(b"/nosuch"), false, "", &["*"]), "");
}

#[test]
fn deep_patterns() {
    let directory = fresh();
    let nested = format!("{}a.c{}", "{".repeat(20_000), "}".repeat(20_000));
    let base = directory.name("");
    assert_eq!(run(&directory, Base::Directory(base.as_bytes()), false, "", &[&nested]), "a.c");
}
