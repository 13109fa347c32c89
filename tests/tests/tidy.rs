//! The rules of the house that a machine can check: dependency direction, size of files and functions, homes of
//! `unsafe`, module comments, and words that do not belong into a finished text.

#![allow(clippy::disallowed_methods, reason = "the tests read and write their own files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Files may be this long; longer ones stand in the ratchet and may only shrink.
const FILE_LINES_MAX: usize = 800;
/// Functions may be this long, tests and tables apart.
const FUNCTION_LINES_MAX: usize = 70;
/// Functions that are one `match` over a table's rows, and may be as long as the table.
const DISPATCHES: [&str; 3] =
    ["compiler/src/bytecode/effects.rs:effects", "vm/src/exec/mod.rs:run", "vm/src/exec/perform.rs:perform"];
/// The only files with `unsafe`.
const UNSAFE_HOMES: [&str; 4] =
    ["vm/src/value/rep.rs", "vm/src/exec/frame.rs", "runtime/src/driver/uring.rs", "runtime/src/host/sys.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package stands in the workspace").to_path_buf()
}

fn rust_files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> =
        ["compiler", "vm", "runtime", "tests", "benches"].iter().map(|dir| root().join(dir)).collect();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).expect("a folder of the project can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file is UTF-8");
                let name = path.strip_prefix(root()).expect("found below the root").display().to_string();
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}

/// Sizes beyond the limits, as `KIND PATH[:FUNCTION] LINES`.
fn oversized() -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (name, text) in rust_files() {
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            found.insert(format!("file {name}"), lines);
        }
        let mut open: Option<(String, usize, usize)> = None;
        for (number, line) in text.lines().enumerate() {
            let trimmed = line.trim_start();
            let indent = line.len() - trimmed.len();
            if open.is_none()
                && !trimmed.starts_with("//")
                && let Some(at) = trimmed.find("fn ")
                && (at == 0
                    || trimmed[..at].split(' ').all(|w| w.is_empty() || w.starts_with("pub") || w == "const"))
            {
                let function: String =
                    trimmed[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                open = Some((function, number, indent));
            }
            if let Some((function, start, level)) = &open
                && indent == *level
                && (trimmed == "}" || trimmed.ends_with(';') && number == *start)
            {
                let length = number - start + 1;
                let place = format!("{name}:{function}");
                if length > FUNCTION_LINES_MAX && !DISPATCHES.contains(&place.as_str()) {
                    found.insert(format!("function {place}"), length);
                }
                open = None;
            }
        }
    }
    found
}

/// Sizes that stood above the limits when the limit came: they may only shrink. `UPDATE=1` rewrites the list.
#[test]
fn sizes_stay_within_their_limits() {
    let path = root().join("tests/ratchet.txt");
    let now = oversized();
    if std::env::var_os("UPDATE").is_some() {
        let mut text = String::new();
        for (what, lines) in &now {
            writeln!(text, "{what} {lines}").expect("a string takes all");
        }
        std::fs::write(&path, text).expect("the ratchet can be written");
        return;
    }
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let allowed: BTreeMap<&str, usize> = text
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(what, lines)| (what, lines.parse().expect("a ratchet's line ends with a number")))
        .collect();
    let grown: Vec<String> = now
        .iter()
        .filter(|(what, lines)| allowed.get(what.as_str()).is_none_or(|max| *lines > max))
        .map(|(what, lines)| format!("{what}: {lines} lines"))
        .collect();
    assert!(grown.is_empty(), "too long (cut it, or UPDATE=1 if the reviewer agrees):\n{}", grown.join("\n"));
}

#[test]
fn unsafe_stays_at_home() {
    for (name, text) in rust_files() {
        if UNSAFE_HOMES.contains(&name.as_str()) || name.starts_with("tests/tests/tidy") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let has = code.contains("unsafe {") || code.contains("unsafe fn") || code.contains("unsafe impl");
            assert!(!has, "{name}:{} has unsafe; its homes are {UNSAFE_HOMES:?}", number + 1);
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (name, text) in rust_files() {
        assert!(text.starts_with("//!"), "{name} begins with a module comment");
    }
}

#[test]
fn crates_use_only_what_is_below_them() {
    let forbidden = [
        ("compiler", &["tclring-vm", "tclring-runtime", "tclring-tests"][..]),
        ("vm", &["tclring-runtime", "tclring-tests"]),
        ("runtime", &["tclring-tests"]),
    ];
    for (package, above) in forbidden {
        let manifest =
            std::fs::read_to_string(root().join(package).join("Cargo.toml")).expect("a crate has a manifest");
        for name in above {
            assert!(!manifest.contains(name), "{package} must not use {name}");
        }
    }
}

#[test]
fn nothing_is_left_over() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("#[ig", "nore]")];
    for (name, text) in rust_files() {
        for word in words {
            for (number, line) in text.lines().enumerate() {
                assert!(!line.contains(word), "{name}:{} has {word}", number + 1);
            }
        }
    }
}
