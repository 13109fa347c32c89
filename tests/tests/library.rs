//! Packages, indexes, and what the script library does: scripts with the output that the reference gives.
//!
//! A script runs in a directory of its own, which is the variable `here`.

#![expect(clippy::disallowed_methods, reason = "tests run the program and read their own files")]

use tclring_tests::program::{root, run_script};

fn check(name: &str) {
    let folder = root().join("tests/tests/library");
    let read = |ending: &str| {
        std::fs::read_to_string(folder.join(format!("{name}.{ending}"))).expect("the case is there")
    };
    let script = read("tcl");
    let whole = format!("set here [file tempdir]; cd $here\n{script}\ncd /; file delete -force $here");
    let ended = run_script("epoll", &whole);
    assert_eq!(ended.output, read("out"), "{name}\n{}", ended.errors);
}

/// Checks a script that asks for Tcl 8.6, with the output that 8.6 gives.
fn check_old(name: &str) {
    let folder = root().join("tests/tests/old");
    let read = |ending: &str| {
        std::fs::read_to_string(folder.join(format!("{name}.{ending}"))).expect("the case is there")
    };
    let ended = run_script("epoll", &read("tcl"));
    assert_eq!(ended.output, read("out"), "{name}\n{}", ended.errors);
}

#[test]
fn scripts_for_older_versions() {
    for name in ["values", "channels"] {
        check_old(name);
    }
}

#[test]
fn cases() {
    for name in [
        "words_of_load",
        "zone_tables",
        "sourced_files",
        "indexes_of_commands",
        "indexes_of_packages",
        "standard_streams_outlive_interpreters",
        "closed_streams_of_interpreters",
        "names_in_the_system_encoding",
        "archives",
        "safe_interpreters",
        "subprocesses",
        "compression",
        "commands_found_late",
    ] {
        check(name);
    }
}
