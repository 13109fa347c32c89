//! The bodies of the fuzz targets on seeded inputs, with a fixed budget.

#![expect(clippy::disallowed_methods, reason = "the seeds are files of the project")]

use tclring_tests::bodies;
use tclring_tests::program::root;
use tclring_tests::seeds::Seeds;

/// How many inputs each body gets.
const INPUTS: u64 = 3_000;

fn check(target: &str, body: fn(&[u8])) {
    let folder = root().join("fuzz/seeds").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("every target has seeds")
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has seeds");
    for path in files {
        let input = std::fs::read(&path).expect("a seed can be read");
        let outcome = std::panic::catch_unwind(|| body(&input));
        assert!(outcome.is_ok(), "{}", path.display());
    }
    for seed in 1..=INPUTS {
        let mut seeds = Seeds::new(seed);
        let input = if seed % 4 == 0 { seeds.bytes(64) } else { seeds.tcl_text(24) };
        let outcome = std::panic::catch_unwind(|| body(&input));
        assert!(outcome.is_ok(), "seed {seed}: {:?}", String::from_utf8_lossy(&input));
    }
}

#[test]
fn parse() {
    check("parse", bodies::parse);
}

#[test]
fn compile_and_verify() {
    check("compile_and_verify", bodies::compile_and_verify);
}

#[test]
fn run_with_fuel() {
    check("run_with_fuel", bodies::run_with_fuel);
}

#[test]
fn generated_script() {
    check("generated_script", bodies::generated_script);
}

#[test]
fn list_round_trip() {
    check("list_round_trip", bodies::list_round_trip);
}

#[test]
fn number_round_trip() {
    check("number_round_trip", bodies::number_round_trip);
}

#[test]
fn regex() {
    check("regex", bodies::regex);
}

#[test]
#[should_panic(expected = "the canary sings")]
fn canary() {
    bodies::canary(b"bug!");
}
