//! The bodies of the fuzz targets on seeded inputs, with a fixed budget.

use tclring_tests::bodies;
use tclring_tests::seeds::Seeds;

/// How many inputs each body gets.
const INPUTS: u64 = 3_000;

fn check(body: fn(&[u8])) {
    for seed in 1..=INPUTS {
        let mut seeds = Seeds::new(seed);
        let input = if seed % 4 == 0 { seeds.bytes(64) } else { seeds.tcl_text(24) };
        let outcome = std::panic::catch_unwind(|| body(&input));
        assert!(outcome.is_ok(), "seed {seed}: {:?}", String::from_utf8_lossy(&input));
    }
}

#[test]
fn parse() {
    check(bodies::parse);
}

#[test]
fn compile_and_verify() {
    check(bodies::compile_and_verify);
}

#[test]
fn run_with_fuel() {
    check(bodies::run_with_fuel);
}

#[test]
fn list_round_trip() {
    check(bodies::list_round_trip);
}

#[test]
fn number_round_trip() {
    check(bodies::number_round_trip);
}

#[test]
fn regex() {
    check(bodies::regex);
}

#[test]
#[should_panic(expected = "the canary sings")]
fn canary() {
    bodies::canary(b"bug!");
}
